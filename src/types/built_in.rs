//! The built-in types: one table that the checker, completion, hover and the reference read.

/// A built-in type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuiltIn {
    pub name: &'static str,
    /// What stands between `<` and `>`, as a reader is told; empty where nothing does.
    pub arguments: &'static str,
    pub doc: &'static str,
}

const fn row(name: &'static str, arguments: &'static str, doc: &'static str) -> BuiltIn {
    BuiltIn { name, arguments, doc }
}

pub const BUILT_IN: &[BuiltIn] = &[
    row("bool", "", "`true` or `false`."),
    row("int", "", "A whole number of 64 bits, exact everywhere. `int in 1..=16` is an interval of it."),
    row("float", "", "A finite IEEE double. `float in 0.0..<1.0` is an interval of it."),
    row("string", "", "Any Unicode text without U+0000. `string matching /re/` is text that matches wholly."),
    row("duration", "", "A span of time in whole milliseconds: `500ms`, `30s`, `5m`, `2h`, `1d`."),
    row("quantity", "", "An amount of cores or bytes: `500m`, `8Gi`, `2`."),
    row("json", "", "Any value. Nothing but `json` takes it back."),
    row("secret", "", "A reference to a secret, never its content."),
    row("map", "T", "Values by string keys."),
    row("file", "F", "A file of format F; without one, any file."),
    row("dir", "F", "A directory of files of format F; without one, any directory."),
    row(
        "table",
        "R, F",
        "A file of rows with at least the columns of the record R, in the tabular format F.",
    ),
    row("timestamp", "", "An instant, as a column of a table only."),
    row("date", "", "A day, as a column of a table only."),
    row("decimal", "", "An exact decimal number, as a column of a table only."),
];
