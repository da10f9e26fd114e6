//! A value that doesn't fit its type: where inside the value, what was found, what was expected.

use std::fmt;

use serde_json::Value as Json;

/// Says itself in one sentence: `at [2].depth: expected an int in 1..=16, found the number 17`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Where inside the value, such as `[2].depth`; empty for the whole value. Fields by outside name.
    pub path: String,
    pub found: String,
    pub expected: String,
}

impl Mismatch {
    pub fn new(found: impl Into<String>, expected: impl Into<String>) -> Mismatch {
        Mismatch { path: String::new(), found: found.into(), expected: expected.into() }
    }

    /// The same mismatch, seen from the record or map around the value.
    pub fn in_field(mut self, name: &str) -> Mismatch {
        let is_word = !name.is_empty()
            && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_');
        let step = if is_word { format!(".{name}") } else { format!("[{}]", Json::from(name)) };
        self.path.insert_str(0, &step);
        self
    }

    /// The same mismatch, seen from the list around the value.
    pub fn in_item(mut self, index: usize) -> Mismatch {
        self.path.insert_str(0, &format!("[{index}]"));
        self
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mismatch { path, found, expected } = self;
        if !path.is_empty() {
            write!(out, "at {}: ", path.strip_prefix('.').unwrap_or(path))?;
        }
        write!(out, "expected {expected}, found {found}")
    }
}

impl std::error::Error for Mismatch {}

/// How much of a found text a message shows.
const SHOWN_CHARACTERS: usize = 60;

/// A found JSON value in plain words.
pub fn describe_json(json: &Json) -> String {
    match json {
        Json::Null => "null".to_owned(),
        Json::Bool(value) => value.to_string(),
        Json::Number(number) => format!("the number {number}"),
        Json::String(text) => describe_text(text),
        Json::Array(items) if items.len() == 1 => "a list of 1 item".to_owned(),
        Json::Array(items) => format!("a list of {} items", items.len()),
        Json::Object(fields) if fields.is_empty() => "an object without fields".to_owned(),
        Json::Object(fields) => {
            let names: Vec<&str> = fields.keys().take(4).map(String::as_str).collect();
            let more = if fields.len() > names.len() { ", …" } else { "" };
            format!("an object with {}{more}", names.join(", "))
        }
    }
}

/// A found text in quotes, shortened where it is long.
pub fn describe_text(text: &str) -> String {
    if text.is_empty() {
        return "empty text".to_owned();
    }
    let mut shown: String = text.chars().take(SHOWN_CHARACTERS).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("the text {}", Json::from(shown))
}

/// `an int`, `a string`.
pub fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}
