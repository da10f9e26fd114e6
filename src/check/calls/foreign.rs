//! Functions of other languages and systems, and what takes their place.

/// What to write instead of a function that is none here.
pub(super) fn function(name: &str) -> Option<&'static str> {
    FUNCTIONS.iter().find(|(names, _)| names.contains(&name)).map(|(_, instead)| *instead)
}

const FUNCTIONS: [(&[&str], &str); 14] = [
    (
        &["map", "foreach", "for_each", "map_task", "fan_out", "with_items", "with_param"],
        "a step for each item is a loop: `ys = for x in xs { f(x) }`; its value is the list of what they give",
    ),
    (
        &["filter", "where"],
        "a loop whose items may be `null`, and `compact`: `compact(for x in xs { if … { f(x) } else { null } })`",
    ),
    (
        &["reduce", "fold", "accumulate"],
        "rounds over a state are `repeat`; `sum`, `min`, `max` and `join` fold a list",
    ),
    (&["length", "size", "count", "strlen"], "the length is `len(x)`"),
    (&["append", "push", "extend"], "a longer list is a new one: `concat(xs, [x])`"),
    (
        &["str", "string", "format", "sprintf", "repr"],
        "a text with values in it is `\"…${x}…\"`; a value alone is `to_string(x)`",
    ),
    (
        &["int", "float", "number", "parse_int", "parse_float", "bool"],
        "no text is read as a number here: declare the input, or the output of the task that makes it, as one",
    ),
    (
        &["sort", "sorted", "reverse", "reversed", "unique", "set"],
        "a list is put into order by a task: `-> [string]`, with a block that does it",
    ),
    (
        &["print", "echo", "log", "println"],
        "a step writes to its own log; what a pipeline gives is its outputs",
    ),
    (
        &["open", "read", "read_file", "read_text", "load"],
        "a file is read by a task that takes it as an input; a constant one is `file(\"path\")`",
    ),
    (
        &["env", "getenv", "environ"],
        "no program sees the compiler's environment: make it an input, or a secret",
    ),
    (
        &["fail", "error", "raise", "throw", "assert", "exit", "panic"],
        "a step fails by its exit status; what may be wrong before is a narrower type of an input",
    ),
    (
        &["parallel", "gather", "all", "any", "wait", "join_all", "sequence", "chain"],
        "steps that don't need each other run side by side; `after` puts one behind another",
    ),
    (
        &["now", "today", "date", "datetime", "time", "uuid", "random"],
        "a run that is repeated gives the same: `run.day`, `run.scheduled` and `run.id` tell one run from another",
    ),
];
