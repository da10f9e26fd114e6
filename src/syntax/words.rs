//! The words with a meaning of their own: which are reserved as names, and which begin an item.

/// Words that no binding, input or declaration may have as its name. Sorted.
pub const RESERVED: [&str; 29] = [
    "after", "and", "approve", "distinct", "div", "else", "enum", "false", "for", "format", "if", "in",
    "launch", "match", "mod", "not", "null", "or", "pipeline", "record", "return", "run", "sleep", "task",
    "true", "try", "type", "use", "with",
];

/// Words that begin an item at the top level.
pub(super) const ITEMS: [&str; 10] =
    ["use", "const", "type", "record", "enum", "format", "task", "pipeline", "launch", "language"];

/// Words that begin a declaration in other languages. They get a message of their own.
pub(super) const FOREIGN_ITEMS: [&str; 20] = [
    "def",
    "fn",
    "func",
    "function",
    "fun",
    "let",
    "var",
    "val",
    "import",
    "from",
    "struct",
    "class",
    "interface",
    "workflow",
    "step",
    "export",
    "pub",
    "async",
    "schedule",
    "module",
];

/// Settings that people write into pipelines. Some of the settings that there are.
pub(crate) const SETTINGS: [&str; 11] = [
    "schedule",
    "timezone",
    "overlap",
    "image",
    "resources",
    "retry",
    "timeout",
    "env",
    "secrets",
    "volumes",
    "node_selector",
];

/// Whether the word can't be the name of a binding, an input or a declaration.
pub fn is_reserved(word: &str) -> bool {
    RESERVED.binary_search(&word).is_ok()
}
