# pipec: runs one python step. Usage: python3 step.py TEXT, or python3 step.py @FILE.
#
# PIPEC_IDENTITY is what stands between an artifact's key and its digest, if anyone asks for that.
# PIPEC_SPEC says what the inputs and outputs are. Each input arrives as wire text in the variable of its name.
# Exit status 86 is a fault of the contract (an output that is missing or not of its type): never tried again.
import base64, datetime, hashlib, json, linecache, math, os, pathlib, re, shutil, sys, traceback, urllib.parse

CONTRACT = 86
BASE = pathlib.Path(os.environ.pop("PIPEC_BASE", "/tmp/pipec"))
PLAIN = re.compile(r"[A-Za-z0-9 ./:@,+%~^*()!?;#|-][A-Za-z0-9 ._/:@,+%~^*()!?;#|=-]*")
SAFE = 2**53 - 1
UNITS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
IDENTITY = os.environ.pop("PIPEC_IDENTITY", "")
spec = json.loads(os.environ.pop("PIPEC_SPEC"))


def end(status, message):
    print(f"pipec: task {spec['task']}: {message}", file=sys.stderr, flush=True)
    try:
        pathlib.Path("/dev/termination-log").write_text(f"pipec: task {spec['task']}: {message}")
    except OSError:
        pass
    sys.stdout.flush()
    os._exit(status)


class Wrong(Exception):
    pass


# --- Wire text ------------------------------------------------------------------------------------------------------


def decode(wire):
    if "{{" in wire:
        end(CONTRACT, f"what arrived isn't a value but an unresolved template: {wire}")
    return base64.b64decode(wire[1:], validate=True).decode() if wire.startswith("=") else wire


def encode_base64(text):
    return "=" + base64.b64encode(text.encode()).decode()


def encode(text):
    return text if PLAIN.fullmatch(text) and text != "null" else encode_base64(text)


# --- Canonical JSON -------------------------------------------------------------------------------------------------


def number_text(value):
    if isinstance(value, int):
        return str(value)
    if value == 0:
        return "0"
    sign, digits, exponent = "-" if value < 0 else "", *re.fullmatch(r"([\d.]+)e?(.*)", f"{abs(value)!r}").groups()
    whole, _, fraction = digits.partition(".")
    if fraction == "0":
        fraction = ""
    point = len(whole) + int(exponent or 0)
    digits = (whole + fraction).lstrip("0")
    point -= len(whole + fraction) - len(digits)
    digits = digits.rstrip("0")
    count = len(digits)
    if count <= point <= 21:
        return sign + digits + "0" * (point - count)
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    return sign + digits[0] + ("." + digits[1:] if count > 1 else "") + f"e{point - 1:+d}"


def json_string(text):
    escaped = json.dumps(text, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        escaped = escaped.replace(character, f"\\u{ord(character):04x}")
    return escaped


def canonical(value):
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, str):
        return json_string(value)
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return "{" + ",".join(f"{json_string(key)}:{canonical(value[key])}" for key in sorted(value)) + "}"


# --- Inputs ---------------------------------------------------------------------------------------------------------


def milliseconds(text):
    match = re.fullmatch(r"(-?[0-9]+)(ms|s|m|h|d)", text)
    if not match or abs(int(match[1]) * UNITS[match[2]]) > SAFE:
        raise Wrong("a duration such as 500ms, 30s, 5m, 2h or 1d")
    return int(match[1]) * UNITS[match[2]]


def item_paths(keys, path):
    """A list of artifacts, whose places below `path` are their indices, or a map of them."""
    if isinstance(keys, list):
        return [None if key is None else item_paths(key, path / str(index)) for index, key in enumerate(keys)]
    if isinstance(keys, dict):
        return {name: None if key is None else item_paths(key, path / file_name(name)) for name, key in keys.items()}
    return path


def file_name(key):
    name = urllib.parse.quote(key, safe="-._~")
    name = "%2E" + name[1:] if name.startswith(".") else name
    if not 0 < len(name) <= 255:
        end(CONTRACT, f"the key {key!r} can't be a file name: it is {'too long' if name else 'empty'}")
    return name


def inside(value, ty):
    """JSON as Python has it: ints that travel as strings are ints again."""
    kind = ty["type"]
    if value is None:
        return None
    if kind == "optional":
        return inside(value, ty["of"])
    if kind == "int":
        return int(value)
    if kind == "float":
        return float(value)
    if kind == "list":
        return [inside(item, ty["item"]) for item in value]
    if kind == "map":
        return {key: inside(item, ty["value"]) for key, item in value.items()}
    if kind == "record":
        return {field["name"]: inside(value.get(field["name"]), field["of"]) for field in ty["fields"]}
    if kind == "enum" and isinstance(value, dict):
        (name, fields), = value.items()
        declared = {field["name"]: field["of"] for field in ty["variants"][name]}
        return {name: {key: inside(item, declared[key]) for key, item in fields.items()}}
    return value


def read_input(text, ty):
    kind = ty["type"]
    if kind == "optional":
        return None if text == "null" else read_input(text, ty["of"])
    text = decode(text)
    if kind == "bool":
        return text == "true"
    if kind == "int":
        return int(text)
    if kind == "float":
        return float(text)
    if kind == "duration":
        return datetime.timedelta(milliseconds=milliseconds(text))
    if kind in ("string", "quantity"):
        return text
    if kind == "enum" and not text.startswith("{"):
        return text
    return inside(json.loads(text), ty)


# --- Outputs: what the program assigned, checked and in canonical form ----------------------------------------------


def shown(value):
    text = repr(value)
    return text if len(text) <= 200 else text[:200] + "…"


def whole(value):
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if hasattr(value, "__index__") and not isinstance(value, bool):
        return value.__index__()
    raise Wrong("an int")


def check_range(value, ty, what):
    low, high = ty.get("min"), ty.get("max")
    if isinstance(low, dict):
        if value < low["value"] or value == low["value"] and not low["inclusive"]:
            raise Wrong(f"{what} above {low['value']}")
    elif low is not None and value < low:
        raise Wrong(f"{what} of at least {low}")
    if isinstance(high, dict):
        if value > high["value"] or value == high["value"] and not high["inclusive"]:
            raise Wrong(f"{what} below {high['value']}")
    elif high is not None and value > high:
        raise Wrong(f"{what} of at most {high}")
    return value


def check_fields(value, declared):
    if not isinstance(value, dict):
        raise Wrong("a dict")
    unknown = sorted(set(map(str, value)) - {field["name"] for field in declared})
    if unknown:
        raise Wrong(f"a record without the field {unknown[0]}")
    result = {}
    for field in declared:
        name = field["name"]
        if name in value:
            result[name] = checked(value[name], field["of"], f".{name}")
        elif "default" in field:
            result[name] = field["default"]
        elif field["of"]["type"] == "optional":
            result[name] = None
        else:
            raise Wrong(f"a record with the field {name}")
    return result


def checked(value, ty, place=""):
    try:
        return check(value, ty)
    except Wrong as wrong:
        if len(wrong.args) == 1:
            raise Wrong(wrong.args[0], place, value)
        raise Wrong(wrong.args[0], place + wrong.args[1], wrong.args[2])


def check(value, ty):
    kind = ty["type"]
    if kind == "optional":
        return None if value is None else check(value, ty["of"])
    if kind == "bool":
        if isinstance(value, bool) or type(value).__name__ in ("bool_", "bool"):
            return bool(value)
        raise Wrong("True or False")
    if kind == "int":
        number = check_range(whole(value), {"min": -(2**63), "max": 2**63 - 1}, "an int")
        check_range(number, ty, "an int")
        return str(number) if abs(number) > SAFE else number
    if kind == "float":
        if isinstance(value, (bool, str, bytes)) or not hasattr(value, "__float__"):
            raise Wrong("a float")
        number = float(value) + 0.0
        if not math.isfinite(number):
            raise Wrong("a finite float")
        return check_range(number, ty, "a float")
    if kind == "string":
        if not isinstance(value, str) or "\0" in value:
            raise Wrong("a str")
        if "pattern" in ty and not re.fullmatch(ty["pattern"], value, re.ASCII):
            raise Wrong(f"a str that matches /{ty['pattern']}/")
        return value
    if kind == "duration":
        if isinstance(value, datetime.timedelta):
            count = value // datetime.timedelta(milliseconds=1)
        elif isinstance(value, str):
            count = milliseconds(value)
        else:
            raise Wrong("a timedelta")
        return f"{count // 1000}s" if count % 1000 == 0 else f"{count}ms"
    if kind == "quantity":
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]+([.][0-9]+)?([eE][0-9]+|m|k|[MGTPE]|[KMGTPE]i)?", value):
            raise Wrong("a quantity such as 500m or 8Gi")
        return value
    if kind == "enum":
        names = ty["variants"]
        if isinstance(value, str) and names.get(value) == []:
            return value
        if isinstance(value, dict) and len(value) == 1:
            (name, fields), = value.items()
            if names.get(name):
                return {name: check_fields(fields, names[name])}
        raise Wrong("one of " + ", ".join(names))
    if kind == "record":
        return check_fields(value, ty["fields"])
    if kind == "list":
        if isinstance(value, (str, bytes, dict)) or not hasattr(value, "__iter__"):
            raise Wrong("a list")
        return [checked(item, ty["item"], f"[{index}]") for index, item in enumerate(value)]
    if kind == "map":
        if not isinstance(value, dict) or not all(isinstance(key, str) and "\0" not in key for key in value):
            raise Wrong("a dict with str keys")
        return {key: checked(item, ty["value"], f"[{key!r}]") for key, item in value.items()}
    return check_json(value)


def check_json(value):
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, dict):
        return {str(key): check_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [check_json(item) for item in value]
    if hasattr(value, "__float__"):
        number = float(value) + 0.0
        if math.isfinite(number):
            return number
    raise Wrong("what JSON can hold")


def wire(value, ty):
    if value is None and ty["type"] == "optional":
        return "null"
    of = ty["of"] if ty["type"] == "optional" else ty
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif of["type"] in ("int", "float"):
        text = value if isinstance(value, str) else number_text(value)
    elif isinstance(value, str) and of["type"] != "json":
        text = value
    else:
        text = canonical(value)
        check_size(text)
        return text if of.get("plain") else encode_base64(text)
    check_size(canonical(value))
    return encode(text)


def check_size(text):
    if len(text.encode()) > 90_000:
        raise Wrong("at most 90000 bytes; make it a file", "", text)


def name_order(name):
    digits = name.split(".", 1)[0]
    return (0, int(digits), b"") if digits.isascii() and digits.isdigit() else (1, 0, os.fsencode(name))


def item_keys(name, path, key, layout):
    """The keys of what a program wrote as an artifact, or as lists (`l`) and maps (`m`) of artifacts."""
    if not layout:
        return key + identity(path)
    if not path.is_dir():
        end(CONTRACT, f"output {name} must be a directory, and {path.name} is a file")
    names = sorted((entry for entry in os.listdir(path) if not entry.startswith(".")), key=name_order)
    if layout[0] == "l":
        places = {index: str(index) for index in range(len(names))}
    else:
        places = {entry: file_name(urllib.parse.unquote(entry, errors="strict")) for entry in names}
        if len(set(places.values())) < len(names):
            end(CONTRACT, f"output {name}: two files stand for one key")
    for index, entry in enumerate(names):
        os.rename(path / entry, path / f".pipec-{index}")
    for index, place in enumerate(places.values()):
        os.rename(path / f".pipec-{index}", path / place)
    keys = {place: item_keys(name, path / place, f"{key}/{place}", layout[1:]) for place in places.values()}
    return list(keys.values()) if layout[0] == "l" else {urllib.parse.unquote(place): at for place, at in keys.items()}


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def file_digest(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def tree(path, prefix=""):
    """The content of a directory as lines, in the order of a shell: what each entry is, its digest, its path."""
    for name in sorted(os.listdir(path), key=lambda name: (name.startswith("."), os.fsencode(name))):
        entry, place = os.path.join(path, name), prefix + name
        if os.path.islink(entry):
            yield f"link {sha256(os.fsencode(os.readlink(entry)) + bytes([10]))} {place}"
        elif os.path.isdir(entry):
            yield from tree(entry, place + "/")
        else:
            yield f"file {file_digest(entry)} {place}"


def identity(path):
    if not IDENTITY:
        return ""
    if not path.is_dir():
        return IDENTITY + file_digest(path)
    return IDENTITY + sha256(b"".join(os.fsencode(line) + bytes([10]) for line in tree(path)))


# --- The step -------------------------------------------------------------------------------------------------------


def prepare():
    shutil.rmtree(BASE, ignore_errors=True)
    for name in ("work", "home", "tmp", "out", "in", "result"):
        (BASE / name).mkdir(parents=True)
    if files := os.environ.pop("PIPEC_FILES", ""):
        shutil.copytree(files, BASE / "work", dirs_exist_ok=True, ignore=shutil.ignore_patterns("..*"))
    defaults = {"HOME": str(BASE / "home"), "TMPDIR": str(BASE / "tmp"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    kept = os.environ.pop("PIPEC_KEEP", "").split()
    os.environ.update({name: value for name, value in defaults.items() if name not in kept})


def inputs():
    variables = {}
    for entry in spec["inputs"]:
        name, path = entry["name"], entry.get("path")
        text = os.environ.get(name, "null")
        if path is None:
            variables[name] = read_input(text, entry["of"])
            for part in entry.get("artifacts", []):
                put_artifact(variables[name], part)
            if text == "null":
                os.environ.pop(name, None)
            else:
                os.environ[name] = decode(text)
        else:
            variables[name] = artifact_input(name, text, path, entry.get("list", False))
    for name in spec.get("fields", []):
        text = os.environ.get(name, "null")
        if text == "null":
            os.environ.pop(name, None)
        else:
            os.environ[name] = decode(text)
    return variables


def artifact_input(name, text, path, is_list):
    if text == "null":
        os.environ.pop(name, None)
        return None
    if is_list:
        return list_input(name, json.loads(decode(text)), pathlib.Path(path))
    os.environ[name] = path
    return pathlib.Path(path)


def put_artifact(value, part):
    """An artifact field of a record, or of each record of a list."""
    found = artifact_input(part["variable"], os.environ.get(part["variable"], "null"), part["path"], part["list"])
    if part["each"]:
        for index, item in enumerate(value or []):
            put_at(item, part["at"], found[index])
    else:
        put_at(value, part["at"], found)


def put_at(record, names, found):
    for name in names[:-1]:
        record = record and record[name]
    if record is not None:
        record[names[-1]] = found


def list_input(name, keys, path):
    if not path.is_dir() or not os.access(path, os.W_OK):
        path = BASE / "in" / name
        path.mkdir()
    count_items(keys, path)
    os.environ[name] = str(path)
    return item_paths(keys, path)


def count_items(keys, path):
    path.mkdir(exist_ok=True)
    (path / ".count").write_text(f"{len(keys)}\n")
    for index, key in enumerate([keys[name] for name in sorted(keys)] if isinstance(keys, dict) else keys):
        if isinstance(key, (list, dict)):
            count_items(key, path / str(index))
    # The list may be the beginning of a longer one.
    index = len(keys)
    while (path / str(index)).exists():
        remove(path / str(index))
        index += 1
    if isinstance(keys, dict):
        name_entries(sorted(keys), path)


def name_entries(names, path):
    """What lies in the order of a map's keys gets their names."""
    there = [index for index in range(len(names)) if (path / str(index)).exists()]
    for index in there:
        (path / str(index)).rename(path / f".entry-{index}")
    for index in there:
        (path / f".entry-{index}").rename(path / file_name(names[index]))


def remove(path):
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def run(variables):
    text = sys.argv[1]
    if text.startswith("@"):
        text = pathlib.Path(text[1:]).read_text()
    source = spec.get("source", "program")
    lines = "\n" * (spec.get("line", 1) - 1) + text
    linecache.cache[source] = (len(lines), None, lines.splitlines(True), source)
    namespace = {"__name__": "__main__", "__builtins__": __builtins__, **variables}
    os.chdir(BASE / "work")
    sys.path[0] = os.getcwd()
    sys.argv[:] = [source]
    try:
        exec(compile(lines, source, "exec"), namespace)
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
        if isinstance(ended.code, str):
            print(ended.code, file=sys.stderr)
        if status:
            end(1 if status == CONTRACT else status & 255, f"the program ended with status {status}")
    except BaseException as error:
        frames = error.__traceback__.tb_next
        traceback.print_exception(type(error), error, frames)
        end(1, traceback.format_exception_only(type(error), error)[-1].strip())
    return namespace


def outputs(namespace, paths):
    for entry in spec["outputs"]:
        name, result = entry["name"], BASE / "result" / entry["name"]
        if name in paths:
            if namespace.get(name) is not paths[name]:
                end(CONTRACT, f"output {name} is a path to write to; the program assigned something else to it")
            artifact_output(entry, paths[name], result)
            continue
        optional = entry["of"]["type"] == "optional"
        if name not in namespace and not optional:
            end(CONTRACT, f"output {name} is missing: the program should have assigned the variable {name}")
        try:
            value = checked(namespace.get(name), entry["of"])
            result.write_text(wire(value, entry["of"]))
        except Wrong as wrong:
            place = f"{name}{wrong.args[1] if len(wrong.args) > 1 else ''}"
            found = wrong.args[2] if len(wrong.args) > 2 else namespace.get(name)
            end(CONTRACT, f"output {place} must be {wrong.args[0]}, not {shown(found)}")


def artifact_output(entry, path, result):
    name, key = entry["name"], os.environ.get(f"PIPEC_KEY_{entry['name']}", "")
    if not path.exists():
        if entry.get("optional"):
            result.write_text("null")
            return
        end(CONTRACT, f"output {name} is missing: the program should have written to the path {name}")
    if entry["artifact"] == "file" and not path.is_file():
        end(CONTRACT, f"output {name} must be a file")
    if entry["artifact"] != "file" and not path.is_dir():
        end(CONTRACT, f"output {name} must be a directory")
    layout = entry.get("layout", "")
    keys = item_keys(name, path, key, layout)
    text = canonical(keys) if layout else keys
    result.write_text(encode_base64(text) if "m" in layout else text)


prepare()
variables = inputs()
paths = {entry["name"]: pathlib.Path(entry["path"]) for entry in spec["outputs"] if "path" in entry}
for name, path in paths.items():
    os.environ[name] = str(path)
outputs(run({**variables, **paths}), paths)
