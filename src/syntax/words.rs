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
pub(crate) const SETTINGS: [&str; 12] = [
    "run",
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

/// The word that begins an item and is most likely meant.
pub(super) fn misspelt_item(word: &str) -> Option<&'static str> {
    ITEMS.into_iter().find(|item| is_near(word, item))
}

/// Whether one letter was left out, added, exchanged, or two were swapped.
fn is_near(word: &str, item: &str) -> bool {
    let (word, item) = (word.as_bytes(), item.as_bytes());
    if word.len() < 3 || word.len().abs_diff(item.len()) > 1 || word == item {
        return false;
    }
    let start = word.iter().zip(item).take_while(|(a, b)| a == b).count();
    let (a, b) = (&word[start..], &item[start..]);
    let rest = |text: &[u8], skip: usize| text.get(skip..).map(<[u8]>::to_vec);
    let exchanged = rest(a, 1) == rest(b, 1);
    let swapped = a.len() > 1 && b.len() > 1 && a[0] == b[1] && a[1] == b[0] && rest(a, 2) == rest(b, 2);
    exchanged || swapped || rest(a, 1).as_deref() == Some(b) || rest(b, 1).as_deref() == Some(a)
}
