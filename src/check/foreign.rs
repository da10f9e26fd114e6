//! Words of other languages and systems, and what takes their place here: functions, types, settings, literals.

use crate::resolve::suggest;

/// A word that means something elsewhere.
pub(crate) struct Foreign {
    names: &'static [&'static str],
    /// What is written in its place, where that is one word.
    pub(super) word: Option<&'static str>,
    /// What to do, in full.
    pub(super) instead: &'static str,
}

/// What to write instead of a function that is none here.
pub(super) fn function(name: &str) -> Option<&'static Foreign> {
    FUNCTIONS.iter().find(|row| row.names.contains(&name))
}

/// What to write instead of a type that is none here.
pub(super) fn ty(name: &str) -> Option<&'static Foreign> {
    TYPES.iter().find(|row| row.names.contains(&name))
}

/// What to write instead of a setting that tasks don't have.
pub(super) fn setting(name: &str) -> Option<&'static Foreign> {
    SETTINGS.iter().find(|row| row.names.contains(&name))
}

/// What to do instead of a word that is a statement elsewhere.
pub(super) fn statement(name: &str) -> Option<&'static Foreign> {
    STATEMENTS.iter().find(|row| row.names.contains(&name))
}

/// The literal that a name is elsewhere.
pub(super) fn literal(name: &str) -> Option<&'static str> {
    match name {
        "None" | "nil" | "Null" | "NULL" | "undefined" => Some("null"),
        "True" | "TRUE" => Some("true"),
        "False" | "FALSE" => Some("false"),
        _ => None,
    }
}

/// The row, unless the name is one slip away from one that is known here.
pub(super) fn unless_slip<'a>(
    row: Option<&'static Foreign>,
    name: &str,
    known: impl Iterator<Item = &'a str>,
) -> Option<&'static Foreign> {
    row.filter(|_| suggest::nearest_within(1, name, known).is_none())
}

const fn word(names: &'static [&'static str], word: &'static str, instead: &'static str) -> Foreign {
    Foreign { names, word: Some(word), instead }
}

const fn phrase(names: &'static [&'static str], instead: &'static str) -> Foreign {
    Foreign { names, word: None, instead }
}

const STATEMENTS: &[Foreign] = &[
    phrase(
        &["break", "continue"],
        "a loop runs its body for every item, side by side: what doesn't apply to an item stands in an `if`",
    ),
    phrase(&["pass"], "nothing needs to stand in empty braces"),
    phrase(&["self", "this"], "a task sees its inputs, a pipeline its bindings: by their names alone"),
];

const TYPES: &[Foreign] = &[
    word(&["str", "String", "text", "Text", "varchar", "char"], "string", "write `string`"),
    word(
        &[
            "integer", "Integer", "Int", "long", "Long", "int32", "int64", "i32", "i64", "uint", "number",
            "Number",
        ],
        "int",
        "write `int`; it has 64 bits",
    ),
    word(
        &["double", "Double", "Float", "float32", "float64", "f32", "f64", "real"],
        "float",
        "write `float`; it has 64 bits",
    ),
    word(&["boolean", "Boolean", "Bool"], "bool", "write `bool`"),
    word(
        &["Any", "any", "object", "Object"],
        "json",
        "write `json`, which nothing checks; or declare a `record`",
    ),
    word(
        &["Path", "path", "File", "Artifact", "artifact", "Model", "Dataset", "bytes", "Bytes", "FlyteFile"],
        "file",
        "what travels as a file is a `file`, with its format if that is known: `file<parquet>`",
    ),
    word(
        &["Dir", "directory", "Directory", "folder", "Folder", "FlyteDirectory"],
        "dir",
        "write `dir`, or `dir<format>`",
    ),
    phrase(
        &["DataFrame", "dataframe", "StructuredDataset", "csv"],
        "a table says what a row is: `table<Row, csv>`",
    ),
    phrase(
        &["list", "List", "array", "Array", "Vec", "Sequence", "tuple", "Tuple", "set", "Set"],
        "a list is written `[T]`: `[int]`",
    ),
    phrase(
        &["dict", "Dict", "Map", "mapping", "Mapping", "hash", "HashMap", "struct"],
        "names that are known make a record, `{ depth: int }`; names that aren't make a `map<T>`",
    ),
    phrase(
        &["Optional", "Option", "Maybe", "Nullable"],
        "what may be missing has a `?` behind its type: `int?`",
    ),
    phrase(&["Union", "Literal", "Enum"], "one of several is an enum: `enum Mode { fast, slow }`"),
    phrase(&["void", "None", "Void", "unit", "Unit"], "what gives nothing has no `->`"),
    phrase(
        &["datetime", "DateTime", "timestamp", "date", "time", "timedelta"],
        "times are `Timestamp`, days are `Date`, and how long something takes is a `duration`",
    ),
];

const SETTINGS: &[Foreign] = &[
    word(
        &["command", "cmd", "args", "script", "source", "code", "exec", "shell", "entrypoint", "program"],
        "run",
        "a task's program is its `run`: a block, `run: bash \"\"\"…\"\"\"`, or a list of arguments, `run: [\"program\", input]`",
    ),
    word(
        &["container"],
        "run",
        "a task's image is `image: \"…\"`, and its program `run: bash \"\"\"…\"\"\"` or `run: [\"program\", input]`",
    ),
    word(&["environment", "envs", "env_vars", "variables"], "env", "write `env: { NAME: \"value\" }`"),
    word(&["base_image", "container_image", "docker_image"], "image", "write `image: \"…\"`"),
    phrase(
        &[
            "cpu",
            "cpus",
            "memory",
            "mem",
            "gpu",
            "gpus",
            "ephemeral_storage",
            "requests",
            "limits",
            "accelerator",
        ],
        "what a step needs stands in one setting: `resources: { cpu: 2, memory: 4Gi, gpu: 1 }`",
    ),
    phrase(
        &["retries", "max_retries", "retry_strategy", "retryStrategy", "attempts", "retry_limit", "backoff"],
        "how often a step is tried again is written `retry: { limit: 3, backoff: 10s }`",
    ),
    phrase(
        &["timeout_seconds", "active_deadline_seconds", "activeDeadlineSeconds", "deadline", "max_duration"],
        "how long an attempt may take is written `timeout: 10m`",
    ),
    phrase(
        &["nodeSelector", "node_selectors", "node", "nodes"],
        "where a step runs is written `node_selector: { key: \"value\" }`",
    ),
    phrase(
        &["inputs", "input", "parameters", "params", "arguments"],
        "inputs stand in parentheses behind the task's name: `task fit(depth: int) { … }`",
    ),
    phrase(
        &["outputs", "output", "results", "returns"],
        "outputs stand behind `->`: `task fit() -> (model: file, auc: float) { … }`",
    ),
    phrase(
        &["depends", "depends_on", "dependencies", "needs", "after", "requires"],
        "who uses a step's output waits for it; where nothing is used, the call says so: `b() after a`",
    ),
    phrase(
        &["when", "if", "condition", "unless"],
        "whether a step runs is decided where it is called: `if big { fit() }`",
    ),
    phrase(
        &["with_items", "withItems", "with_param", "foreach", "loop", "parallelism"],
        "a step for each item is a loop where it is called: `for x in xs limit 4 { fit(x) }`",
    ),
    phrase(
        &["description", "doc", "docs", "title", "display_name"],
        "what a task is for stands before it: `/// Fits a model.`",
    ),
    phrase(
        &["packages", "packages_to_install", "requirements", "pip", "conda"],
        "what a program needs is a part of its image",
    ),
    phrase(
        &["on_exit", "on_failure", "on_success", "hooks"],
        "what runs at the end stands in the pipeline: `on failure { … }`",
    ),
];

const FUNCTIONS: &[Foreign] = &[
    phrase(
        &["map", "foreach", "for_each", "map_task", "fan_out", "with_items", "with_param"],
        "a step for each item is a loop: `ys = for x in xs { f(x) }`; its value is the list of what they give",
    ),
    phrase(
        &["filter", "where"],
        "a loop whose items may be `null`, and `compact`: `compact(for x in xs { if … { f(x) } else { null } })`",
    ),
    phrase(
        &["reduce", "fold", "accumulate"],
        "rounds over a state are `repeat`; `sum`, `min`, `max` and `join` fold a list",
    ),
    phrase(
        &["find", "index_of", "indexOf", "find_index", "argmax", "argmin", "max_by", "min_by"],
        "what fits is picked by a loop: `get(compact(for x in xs { if x.score == best { x } else { null } }), 0)`",
    ),
    phrase(&["length", "size", "count", "strlen"], "the length is `len(x)`"),
    phrase(&["append", "push", "extend"], "a longer list is a new one: `concat(xs, [x])`"),
    phrase(
        &["str", "string", "format", "sprintf", "repr"],
        "a text with values in it is `\"…${x}…\"`; a value alone is `to_string(x)`",
    ),
    phrase(
        &["int", "float", "number", "parse_int", "parse_float", "bool"],
        "no text is read as a number here: declare the input, or the output of the task that makes it, as one",
    ),
    phrase(
        &["sort", "sorted", "reverse", "reversed", "unique", "set"],
        "a list is put into order by a task: `-> [string]`, with a block that does it",
    ),
    phrase(
        &["print", "echo", "log", "println"],
        "a step writes to its own log; what a pipeline gives is its outputs",
    ),
    phrase(
        &["open", "read", "read_file", "read_text", "load"],
        "a file is read by a task that takes it as an input; a constant one is `file(\"path\")`",
    ),
    phrase(
        &["env", "getenv", "environ"],
        "no program sees the compiler's environment: make it an input, or a secret",
    ),
    phrase(
        &["fail", "error", "raise", "throw", "assert", "exit", "panic"],
        "a step fails by its exit status; what may be wrong before is a narrower type of an input",
    ),
    phrase(
        &["parallel", "gather", "all", "any", "wait", "join_all", "sequence", "chain"],
        "steps that don't need each other run side by side; `after` puts one behind another",
    ),
    phrase(
        &["now", "today", "date", "datetime", "time", "uuid", "random"],
        "a run that is repeated gives the same: `run.day`, `run.scheduled` and `run.id` tell one run from another",
    ),
];
