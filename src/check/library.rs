//! The library's functions as a table: what the checker, the completion, the hover and the reference read.

/// A function of the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LibraryFunction {
    pub name: &'static str,
    /// How it is called, as a reader of the reference sees it.
    pub signature: &'static str,
    /// One sentence.
    pub doc: &'static str,
    pub rule: Rule,
    pub arguments: Arity,
}

/// How many arguments a function takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arity {
    pub least: usize,
    /// `None`: any number.
    pub most: Option<usize>,
}

/// How a function's arguments and result are typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    Len,
    Range,
    Enumerate,
    Min,
    Max,
    Sum,
    Join,
    Contains,
    Keys,
    Values,
    Get,
    Compact,
    Flatten,
    Concat,
    ToMap,
    AddDays,
    ToString,
    Abs,
    Round,
    /// Only in the head of a `for`.
    Zip,
    /// Constant artifacts and secrets.
    File,
    Dir,
    Secret,
}

const fn exactly(count: usize) -> Arity {
    Arity { least: count, most: Some(count) }
}

const fn at_least(count: usize) -> Arity {
    Arity { least: count, most: None }
}

const fn between(least: usize, most: usize) -> Arity {
    Arity { least, most: Some(most) }
}

const fn row(
    name: &'static str,
    arguments: Arity,
    rule: Rule,
    signature: &'static str,
    doc: &'static str,
) -> LibraryFunction {
    LibraryFunction { name, signature, doc, rule, arguments }
}

/// In order of name.
pub const LIBRARY: &[LibraryFunction] = &[
    row("abs", exactly(1), Rule::Abs, "abs(x: int | float) -> the same", "The number without its sign."),
    row(
        "add_days",
        exactly(2),
        Rule::AddDays,
        "add_days(day: Date, days: int) -> Date",
        "The day so many days later, or earlier if negative.",
    ),
    row(
        "compact",
        exactly(1),
        Rule::Compact,
        "compact(items: [T?]) -> [T]",
        "The items that aren't `null`, in their order.",
    ),
    row(
        "concat",
        at_least(1),
        Rule::Concat,
        "concat(a: [T], b: [T], …) -> [T]",
        "The lists one after another, as one list.",
    ),
    row(
        "contains",
        exactly(2),
        Rule::Contains,
        "contains(items: [T], item: T) -> bool",
        "Whether the list has an item that is equal.",
    ),
    row(
        "dir",
        exactly(1),
        Rule::Dir,
        "dir(place: string, sha256: string?, version: string?) -> dir",
        "A constant directory: a path beside the source file, captured when compiled, or a URI.",
    ),
    row(
        "enumerate",
        exactly(1),
        Rule::Enumerate,
        "enumerate(items: [T]) -> [{ index: int, item: T }]",
        "The items with their positions, from 0.",
    ),
    row(
        "file",
        exactly(1),
        Rule::File,
        "file(place: string, sha256: string?, version: string?) -> file",
        "A constant file: a path beside the source file, captured when compiled, or a URI.",
    ),
    row(
        "flatten",
        exactly(1),
        Rule::Flatten,
        "flatten(lists: [[T]]) -> [T]",
        "The items of all lists, one after another.",
    ),
    row(
        "get",
        exactly(2),
        Rule::Get,
        "get(items: [T] | map<T>, index: int | string) -> T?",
        "The element, or `null` where there is none.",
    ),
    row(
        "join",
        exactly(2),
        Rule::Join,
        "join(texts: [string], separator: string) -> string",
        "The texts as one, with the separator between them.",
    ),
    row("keys", exactly(1), Rule::Keys, "keys(map: map<T>) -> [string]", "The map's keys, sorted."),
    row(
        "len",
        exactly(1),
        Rule::Len,
        "len(x: [T] | map<T> | string) -> int",
        "How many items a list or map has, or how many characters (code points) a string.",
    ),
    row(
        "max",
        at_least(1),
        Rule::Max,
        "max(a: T, b: T, …) -> T, max(items: [T]) -> T?",
        "The greatest of several numbers, strings or durations; of an empty list `null`.",
    ),
    row(
        "min",
        at_least(1),
        Rule::Min,
        "min(a: T, b: T, …) -> T, min(items: [T]) -> T?",
        "The least of several numbers, strings or durations; of an empty list `null`.",
    ),
    row(
        "range",
        between(1, 2),
        Rule::Range,
        "range(end: int) -> [int], range(start: int, end: int) -> [int]",
        "The integers from `start` (or 0) up to, but without, `end`; at most 100,000.",
    ),
    row(
        "round",
        exactly(1),
        Rule::Round,
        "round(x: float) -> int",
        "The nearest integer; halves go away from zero.",
    ),
    row(
        "secret",
        between(1, 1),
        Rule::Secret,
        "secret(name: string, key: string) -> secret",
        "A reference to a secret, for `env`, `secrets` and parameters of type `secret`.",
    ),
    row(
        "sum",
        exactly(1),
        Rule::Sum,
        "sum(items: [int] | [float] | [duration]) -> the items' type",
        "All items added up, from the left; 0 for an empty list.",
    ),
    row(
        "to_map",
        exactly(2),
        Rule::ToMap,
        "to_map(keys: [string], values: [T]) -> map<T>",
        "A map of the keys and values at equal positions; no key may come twice.",
    ),
    row(
        "to_string",
        exactly(1),
        Rule::ToString,
        "to_string(x: string | int | float | bool | enum | duration | quantity) -> string",
        "The text that `\"${x}\"` gives.",
    ),
    row("values", exactly(1), Rule::Values, "values(map: map<T>) -> [T]", "The map's values, sorted by key."),
    row(
        "zip",
        between(2, 8),
        Rule::Zip,
        "for a, b in zip(as: [A], bs: [B]) { … }",
        "Walks lists of equal length side by side; it stands only in the head of a `for`.",
    ),
];

/// The library's function of that name.
pub fn function(name: &str) -> Option<&'static LibraryFunction> {
    let index = LIBRARY.binary_search_by(|row| row.name.cmp(name)).ok()?;
    Some(&LIBRARY[index])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_and_signatures_begin_with_the_name() {
        for pair in LIBRARY.windows(2) {
            assert!(pair[0].name < pair[1].name, "{} stands before {}", pair[0].name, pair[1].name);
        }
        for row in LIBRARY {
            assert!(row.signature.contains(&format!("{}(", row.name)), "signature of {}", row.name);
            assert_eq!(function(row.name), Some(row));
        }
    }
}
