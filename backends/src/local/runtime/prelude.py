"""Runs a step's python block: inputs are variables, value outputs are what the block assigns.

Called as `python3 prelude.py INTERFACE INPUTS ENDED`. INTERFACE is a JSON file that names the block, its place in the source,
and the types of its inputs and outputs. Values arrive in the environment, artifacts in the directory INPUTS; what was
assigned is written to the paths that are in the environment, too. The file ENDED is made once that is done.
"""

import datetime
import json
import linecache
import math
import numbers
import os
import pathlib
import sys
import traceback
import types

INTERFACE, INPUTS, ENDED = map(pathlib.Path, sys.argv[1:])
DESCRIPTION = json.loads(INTERFACE.read_text(encoding="utf-8"))
NAMED = DESCRIPTION["types"]


def holds_artifacts(ty, seen=()):
    kind = ty["type"]
    if kind in ("file", "dir", "table"):
        return True
    if kind in ("list", "map", "optional"):
        return holds_artifacts(ty.get("item") or ty.get("value") or ty.get("of"), seen)
    if kind == "record" and ty["name"] not in seen:
        return any(holds_artifacts(field["ty"], (*seen, ty["name"])) for field in NAMED[ty["name"]]["fields"])
    return False


def is_pure(ty):
    """An artifact, or lists, maps and optionals of one."""
    while ty["type"] in ("list", "map", "optional"):
        ty = ty.get("item") or ty.get("value") or ty.get("of")
    return ty["type"] in ("file", "dir", "table")


def milliseconds(text):
    return int(text[:-2]) if text.endswith("ms") else int(text[:-1]) * 1000


def encoded(key):
    plain = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_~."
    name = "".join(chr(byte) if byte in plain else f"%{byte:02X}" for byte in key.encode())
    return "%2E" + name[1:] if name.startswith(".") else name


def structured(value, ty):
    """A part of canonical JSON without artifacts: ints beyond 2**53 are strings there."""
    kind = ty["type"]
    if value is None:
        return None
    if kind == "optional":
        return structured(value, ty["of"])
    if kind == "int":
        return int(value)
    if kind == "float":
        return float(value)
    if kind == "list":
        return [structured(item, ty["item"]) for item in value]
    if kind == "map":
        return {key: structured(item, ty["value"]) for key, item in value.items()}
    if kind == "record":
        return fields(value, NAMED[ty["name"]]["fields"])
    if kind == "enum" and isinstance(value, dict):
        (name, content), = value.items()
        variant, = (variant for variant in NAMED[ty["name"]]["variants"] if variant["json_name"] == name)
        return {name: fields(content, variant["fields"])}
    return value


def fields(value, declared):
    return {field["json_name"]: structured(value[field["json_name"]], field["ty"]) for field in declared}


def entries(path):
    """The names of a map's entries, also of those that are null."""
    absent = INPUTS / ".absent" / path.relative_to(INPUTS) / ".names"
    missing = absent.read_text().splitlines() if absent.exists() else []
    return [name for name in os.listdir(path) if name != ".count"] + missing


def laid_out(path, ty):
    """Artifacts in a directory as paths."""
    kind = ty["type"]
    if kind == "optional":
        return laid_out(path, ty["of"]) if os.path.lexists(path) else None
    if kind == "list":
        count = int((path / ".count").read_text())
        return [laid_out(path / str(index), ty["item"]) for index in range(count)]
    if kind == "map":
        import urllib.parse

        names = {urllib.parse.unquote(name): name for name in entries(path)}
        return {key: laid_out(path / name, ty["value"]) for key, name in sorted(names.items())}
    return path


def mixed(value, ty, name, suffix):
    """Records with artifacts: the value part, with paths from the directories of their columns."""
    kind = ty["type"]
    if not holds_artifacts(ty):
        return structured(value, ty)
    if is_pure(ty):
        place = os.environ.get(name)
        return None if place is None else laid_out(pathlib.Path(place + suffix), ty)
    if value is None:
        return None
    if kind == "optional":
        return mixed(value, ty["of"], name, suffix)
    if kind == "list":
        return [mixed(item, ty["item"], name, f"{suffix}/{index}") for index, item in enumerate(value)]
    if kind == "map":
        return {key: mixed(item, ty["value"], name, f"{suffix}/{encoded(key)}") for key, item in value.items()}
    return {
        field["json_name"]: mixed(value.get(field["json_name"]), field["ty"], f"{name}_{field['name']}", suffix)
        for field in NAMED[ty["name"]]["fields"]
    }


def bind(name, ty, variables):
    """An input, and each field of a record, as variables."""
    while ty["type"] == "optional":
        ty = ty["of"]
    kind, text = ty["type"], os.environ.get(name)
    if kind == "secret":
        return
    if kind == "record":
        for field in NAMED[ty["name"]]["fields"]:
            bind(f"{name}_{field['name']}", field["ty"], variables)
    if text is None:
        variables[name] = None
    elif is_pure(ty):
        variables[name] = laid_out(pathlib.Path(text), ty)
    elif kind in ("list", "map", "record"):
        variables[name] = mixed(json.loads(text), ty, name, "")
    elif kind == "json":
        variables[name] = json.loads(text)
    elif kind == "enum":
        is_plain = not text.startswith("{") or any(v["json_name"] == text for v in NAMED[ty["name"]]["variants"])
        variables[name] = text if is_plain else structured(json.loads(text), ty)
    elif kind == "bool":
        variables[name] = text == "true"
    elif kind == "int":
        variables[name] = int(text)
    elif kind == "float":
        variables[name] = float(text)
    elif kind == "duration":
        variables[name] = datetime.timedelta(milliseconds=milliseconds(text))
    else:
        variables[name] = text


def text_of(value):
    """A string that has a text in UTF-8."""
    for character in value:
        if "\ud800" <= character <= "\udfff":
            raise ValueError(f"it holds half of a surrogate pair (U+{ord(character):04X}), which is no text in UTF-8")
    return str(value)


def plain(value):
    """An assigned value as JSON knows it. Scalars of numpy and its like are taken as numbers."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return text_of(value)
    if isinstance(value, datetime.timedelta):
        count, rest = divmod(value, datetime.timedelta(milliseconds=1))
        if rest:
            raise ValueError(f"{value!r} is no whole number of milliseconds")
        return f"{count // 1000}s" if count % 1000 == 0 else f"{count}ms"
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"the key {key!r} is no string")
        return {text_of(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        item = value.item()
        if not isinstance(item, (numbers.Integral, numbers.Real)) or isinstance(item, bool):
            return plain(item)
        value = item
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        if not math.isfinite(value):
            raise ValueError(f"{float(value)!r} is no finite number")
        return float(value)
    hint = ": use its .tolist()" if hasattr(value, "tolist") else ""
    raise TypeError(f"it is a value of Python's type {type(value).__qualname__}, which no output can hold{hint}")


def written(value, ty):
    """The text of an output; None where it is to stay unwritten."""
    value = plain(value)
    kind = ty["type"]
    if kind == "optional":
        return None if value is None else written(value, ty["of"])
    if kind in ("list", "map", "record", "json") or (kind == "enum" and isinstance(value, dict)):
        return json.dumps(value, ensure_ascii=False)
    expected = {"bool": bool, "int": (int, str), "float": (int, float), "quantity": (str, int, float)}.get(kind, str)
    fits = isinstance(value, expected) and (kind == "bool" or not isinstance(value, bool))
    if kind == "int" and isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value, fits = int(value), True
    if kind == "int" and isinstance(value, str):
        fits = value.lstrip("-").isdecimal() and not -(2**53) < int(value) < 2**53
    if not fits:
        raise TypeError(f"expected a value of type {kind}, found {json.dumps(value, ensure_ascii=False)}")
    if kind == "string" and "\0" in value:
        raise ValueError("it holds the character U+0000, which no variable can hold")
    return json.dumps(value) if not isinstance(value, str) else value


def run(variables):
    name, text = DESCRIPTION["file"], (INTERFACE.parent / DESCRIPTION["program"]).read_text(encoding="utf-8")
    # The text stands at its line in the source, so that tracebacks name that.
    text = "\n" * (DESCRIPTION["line"] - 1) + text + "\n"
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    try:
        exec(compile(text, name, "exec"), variables)
    except SystemExit as end:
        if end.code not in (None, 0):
            raise
    except BaseException as error:
        inner = error.__traceback__
        while inner is not None and inner.tb_frame.f_code.co_filename == __file__:
            inner = inner.tb_next
        traceback.print_exception(type(error), error.with_traceback(inner), inner)
        sys.exit(1)


def main():
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    sys.path[0] = ""
    sys.argv = [DESCRIPTION["file"]]
    variables = module.__dict__
    for parameter in DESCRIPTION["inputs"]:
        bind(parameter["name"], parameter["ty"], variables)
    artifacts = [output for output in DESCRIPTION["outputs"] if holds_artifacts(output["ty"])]
    places = {output["name"]: os.environ[output["name"]] for output in DESCRIPTION["outputs"]}
    for output in artifacts:
        variables[output["name"]] = pathlib.Path(places[output["name"]])
    run(variables)
    sys.stdout.flush()
    for output in DESCRIPTION["outputs"]:
        name, ty = output["name"], output["ty"]
        fault = None
        if output in artifacts:
            if variables.get(name) != pathlib.Path(places[name]):
                fault = f"the block assigned to it, but it is the path to write to: {name}.write_text(…)"
        elif name in variables:
            try:
                text = written(variables[name], ty)
                if text is not None:
                    with open(places[name], "w", encoding="utf-8", newline="") as file:
                        file.write(text + "\n")
            except (TypeError, ValueError, RecursionError) as error:
                fault = str(error)
        if fault:
            with open(places[name] + ".fault", "w", encoding="utf-8") as file:
                file.write(fault)
    ENDED.touch()


main()
