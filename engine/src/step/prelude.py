"""Runs a pipec step's python block.

Called as `python3 prelude.py JOB`. JOB is a JSON file: the block's text, its place in the source, the inputs, and what
the block has to assign. The values that it assigned are written to the JSON file that JOB names.
"""

import datetime
import json
import linecache
import numbers
import pathlib
import sys
import traceback
import types


def bound(node):
    """An input as a Python value."""
    (kind, value), = node.items()
    if kind == "json":
        return value
    if kind == "path":
        return pathlib.Path(value)
    if kind == "duration":
        return datetime.timedelta(milliseconds=value)
    if kind == "list":
        return [bound(item) for item in value]
    return {key: bound(item) for key, item in value}


def duration_text(duration):
    milliseconds, rest = divmod(duration, datetime.timedelta(milliseconds=1))
    if rest:
        raise ValueError(f"{duration!r} is no whole number of milliseconds")
    return f"{milliseconds // 1000}s" if milliseconds % 1000 == 0 else f"{milliseconds}ms"


def text_of(value):
    """A string that has a text in UTF-8."""
    for character in value:
        if "\ud800" <= character <= "\udfff":
            raise ValueError(f"it holds half of a surrogate pair (U+{ord(character):04X}), which is no text in UTF-8")
    return str(value)


def plain(value):
    """An assigned value as JSON knows it. Scalars of numpy and its like are taken as numbers."""
    if value is None or isinstance(value, (bool, str)):
        return text_of(value) if isinstance(value, str) else value
    if isinstance(value, datetime.timedelta):
        return duration_text(value)
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"the key {key!r} is {named(key)}, but keys are strings")
        return {text_of(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        value = value.item()
        if value is None or isinstance(value, (bool, str, datetime.timedelta)):
            return plain(value)
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        number = float(value)
        if number != number or number in (float("inf"), float("-inf")):
            raise ValueError(f"{number!r} is no finite number")
        return number
    hint = ": use its .tolist()" if hasattr(value, "tolist") else ""
    raise TypeError(f"it is {named(value)}, which no output can hold{hint}")


def named(value):
    kind = type(value)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return f"a value of Python's type {name}"


def show(error):
    """The traceback without the lines of this file."""
    inner = error.__traceback__
    while inner is not None and inner.tb_frame.f_code.co_filename == __file__:
        inner = inner.tb_next
    traceback.print_exception(type(error), error.with_traceback(inner), inner)


def run(job, module):
    """Runs the block; a call of `exit` ends it with this status."""
    name = job["file"]
    # The text stands at its line in the source, so that tracebacks name that.
    text = "\n" * (job["line"] - 1) + job["text"] + "\n"
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    try:
        exec(compile(text, name, "exec"), module.__dict__)
    except SystemExit as end:
        if end.code not in (None, 0):
            raise
    except BaseException as error:
        show(error)
        sys.exit(1)


def collect(job, module, artifacts):
    """The assigned outputs as JSON, and what is wrong with them."""
    values, faults = {}, {}
    for name in job["outputs"]:
        if name in module.__dict__:
            try:
                values[name] = plain(module.__dict__[name])
            except (TypeError, ValueError) as error:
                faults[name] = str(error)
            except RecursionError:
                faults[name] = "it is nested too deeply, or contains itself"
    for name, place in artifacts.items():
        if module.__dict__.get(name) != place:
            faults[name] = (
                f"the block assigned to `{name}`, which is the path to write to; "
                f"write the file with {name}.write_text(…) or open({name}, \"w\")"
            )
    return {"values": values, "faults": faults}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        job = json.load(file)
    sys.argv = [job["file"]]
    sys.path[0] = ""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    artifacts = {name: pathlib.Path(place) for name, place in job["artifacts"].items()}
    module.__dict__.update({name: bound(node) for name, node in job["inputs"].items()})
    module.__dict__.update(artifacts)
    run(job, module)
    result = json.dumps(collect(job, module, artifacts), ensure_ascii=True)
    sys.stdout.flush()
    with open(job["result"], "w", encoding="utf-8") as file:
        file.write(result)


main()
