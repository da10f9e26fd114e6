//! Findings about intervals and patterns of types that are written as elsewhere.

use crate::diagnostics::{Diagnostic, Fix, codes};
use crate::source::Span;
use crate::syntax::explain::{Failure, length};

/// What stands behind `in` or `matching` and makes no sense there.
pub(crate) fn refinement(failure: &Failure<'_>) -> Option<Diagnostic> {
    let rest = &failure.text[(failure.found_span.start - failure.whole.start) as usize..];
    match failure.last() {
        word @ ("in" | "matching") if is_behind_type(failure.before, word) => {
            behind_word(word, rest, failure.found_span)
        }
        "/" if failure.found_is_word() && failure.is_joined() && failure.before.contains(" matching ") => {
            Some(flags(failure.found_span))
        }
        _ => None,
    }
}

/// The same, where it is all that follows a type.
pub(crate) fn behind_type(before: &str, failure: &Failure<'_>) -> Option<Diagnostic> {
    let rest = &failure.text[(failure.found_span.end - failure.whole.start) as usize..];
    let blanks = rest.len() - rest.trim_start_matches(' ').len();
    match failure.found {
        word @ ("in" | "matching") => {
            let start = failure.found_span.end + length(&rest[..blanks]);
            behind_word(word, &rest[blanks..], Span { start, end: start + 1, ..failure.found_span })
        }
        _ if failure.found_is_word() && before.ends_with('/') && before.contains(" matching ") => {
            Some(flags(failure.found_span))
        }
        _ => None,
    }
}

fn is_behind_type(before: &str, word: &str) -> bool {
    let ty = before[..before.len() - word.len()].trim_end();
    ty.ends_with("int") || ty.ends_with("float") || ty.ends_with("string") || word == "matching"
}

/// `rest` begins at `place`.
fn behind_word(word: &str, rest: &str, place: Span) -> Option<Diagnostic> {
    if word == "in" {
        return Some(
            Diagnostic::error(codes::UNEXPECTED, "an interval is written with dots", place, "")
                .with_help("`int in 0..=10` holds its end, `int in 0..<10` doesn't, `int in 0..` has none"),
        );
    }
    let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let finding = Diagnostic::error(codes::UNEXPECTED, "a pattern stands between slashes", place, "")
        .with_help("`string matching /[a-z]+/`");
    let inner = rest[1..].split(quote).next().unwrap_or_default();
    if inner.contains(['\\', '/', '\n']) || rest.len() < inner.len() + 2 {
        return Some(finding);
    }
    let whole = Span { end: place.start + length(inner) + 2, ..place };
    let right = format!("/{inner}/");
    Some(finding.with_fix(Fix::safe(format!("write `{right}`"), whole, right)))
}

/// `/a+/i`
fn flags(place: Span) -> Diagnostic {
    Diagnostic::error(codes::UNEXPECTED, "a pattern has no flags", place, "")
        .with_help("say what is meant in the pattern itself: `/[aA]+/` for both cases")
}
