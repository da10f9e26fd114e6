//! What can be wrong with expressions.

mod artifacts;
mod fields;
mod functions;
mod literals;
mod names;
mod operators;

use super::sources::Source;
use crate::diagnostics::{Applicability, Diagnostic, Edit, Fix, codes};
use crate::resolve::suggest;
use crate::source::Span;

pub(in crate::check) use artifacts::*;
pub(in crate::check) use fields::*;
pub(in crate::check) use functions::*;
pub(in crate::check) use literals::*;
pub(in crate::check) use names::*;
pub(in crate::check) use operators::*;

pub(in crate::check) fn with_source(diagnostic: Diagnostic, source: Source) -> Diagnostic {
    match source {
        Some((span, text)) => diagnostic.with_label(span, text),
        None => diagnostic,
    }
}

/// "Did you mean", with the fix.
pub(in crate::check) fn with_suggestion<'a>(
    diagnostic: Diagnostic,
    name: &str,
    span: Span,
    known: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    match suggest::nearest(name, known) {
        Some(near) => diagnostic.with_help(format!("did you mean `{near}`?")).with_fix(suggest::fix(
            name,
            near,
            format!("write `{near}`"),
            span,
        )),
        None => diagnostic,
    }
}

/// `a`, `b` and `c`
pub(in crate::check) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

fn insertion(title: impl Into<String>, at: Span, text: impl Into<String>) -> Fix {
    Fix::safe(title, Span { start: at.end, ..at }, text)
}

fn unsafe_fix(title: impl Into<String>, span: Span, replacement: impl Into<String>) -> Fix {
    Fix {
        title: title.into(),
        edits: vec![Edit { span, replacement: replacement.into() }],
        applicability: Applicability::Unsafe,
    }
}

pub(in crate::check) fn no_value(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::NO_VALUE,
        format!("{what} must have a value, and this has none"),
        span,
        "has no value",
    )
    .with_note(
        "a call of something without outputs, `approve` and `sleep` have no value; `try` of them is a bool",
    )
}

pub(in crate::check) fn plural(count: usize, word: &str) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}

pub(in crate::check) fn insert_after(title: &str, at: Span, text: &str) -> Fix {
    insertion(title, at, text)
}

/// `an input`, `a binding`
pub(in crate::check) fn with_article(word: &str) -> String {
    let vowel = word.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {word}", if vowel { "an" } else { "a" })
}
