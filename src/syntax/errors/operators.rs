//! Findings about operators that are words in other languages: `x in xs`, `x not in xs`, `x is null`.

use crate::diagnostics::{Diagnostic, Fix, codes};
use crate::source::Span;
use crate::syntax::explain::{Failure, length};

/// Behind an operand.
pub(crate) fn foreign_operator(failure: &Failure<'_>) -> Option<Diagnostic> {
    let behind = Rest::of(failure);
    match failure.found {
        "in" => Some(membership(failure, "in", "", &behind)),
        "not" => Some(membership(failure, "not in", "not ", &behind.after("in")?)),
        "?" => Some(
            Diagnostic::error(
                codes::FOREIGN_SYNTAX,
                "there is no `a ? b : c`; `if` is an expression",
                failure.found_span,
                "",
            )
            .with_help("`if a { b } else { c }`"),
        ),
        "is" => Some(match behind.after("not") {
            Some(negated) => identity(failure, "is not", "!=", &negated),
            None => identity(failure, "is", "==", &behind),
        }),
        _ => None,
    }
}

/// `x in xs`
fn membership(failure: &Failure<'_>, words: &str, not: &str, behind: &Rest<'_>) -> Diagnostic {
    let place = failure.found_span.to(behind.before);
    let finding = Diagnostic::error(
        codes::FOREIGN_SYNTAX,
        format!("there is no operator `{words}`: whether a list holds a value says `contains`"),
        place,
        "",
    );
    let (item, list) = (operand_before(failure), behind.operand());
    match (item, list) {
        (Some((item, start)), Some(list)) => {
            let right = format!("{not}contains({}, {item})", list.0);
            finding.with_fix(Fix::safe(format!("write `{right}`"), start.to(list.1), right))
        }
        (Some(_) | None, Some(_) | None) => finding.with_help(format!("`{not}contains(list, item)`")),
    }
}

/// `x is null`
fn identity(failure: &Failure<'_>, words: &str, sign: &str, behind: &Rest<'_>) -> Diagnostic {
    let place = failure.found_span.to(behind.before);
    let finding =
        Diagnostic::error(codes::FOREIGN_SYNTAX, format!("`{words}` is written `{sign}`"), place, "");
    let nothing = ["None", "nil", "undefined"].iter().find_map(|word| behind.after(word));
    match nothing {
        Some(end) => {
            let right = format!("{sign} null");
            finding.with_fix(Fix::safe(format!("write `{right}`"), place.to(end.before), right))
        }
        None => finding.with_fix(Fix::safe(format!("write `{sign}`"), place, sign)),
    }
}

/// The name, the field or the literal right before, if it is all that the operator would apply to.
fn operand_before<'t>(failure: &Failure<'t>) -> Option<(&'t str, Span)> {
    let before = failure.before;
    let start = before.rfind([' ', '(', '[', '{', ',']).map_or(0, |at| at + 1);
    let text = &before[start..];
    let is_apart =
        matches!(before[..start].trim_end().chars().last(), None | Some('=' | '(' | ',' | '[' | '{'))
            || ["if", "and", "or", "not", "return", "until"]
                .iter()
                .any(|word| before[..start].trim_end().ends_with(word));
    let behind = failure.behind();
    let place = Span { start: behind.start - length(text), ..behind };
    (is_apart && is_simple(text)).then_some((text, place))
}

/// What follows a word.
struct Rest<'t> {
    text: &'t str,
    /// Right before it.
    before: Span,
}

impl<'t> Rest<'t> {
    fn of(failure: &Failure<'t>) -> Rest<'t> {
        let start = (failure.found_span.end - failure.whole.start) as usize;
        let before = Span { start: failure.found_span.end, ..failure.found_span };
        Rest { text: &failure.text[start..], before }
    }

    /// What follows `word`, if that comes next.
    fn after(&self, word: &str) -> Option<Rest<'t>> {
        let blanks = self.text.len() - self.text.trim_start_matches(' ').len();
        let text = self.text[blanks..].strip_prefix(word)?;
        let ends = !text.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_');
        let end = self.before.end + length(&self.text[..blanks]) + length(word);
        ends.then_some(Rest { text, before: Span { start: end, end, ..self.before } })
    }

    /// The name, the field or the flat list that comes next.
    fn operand(&self) -> Option<(&'t str, Span)> {
        let trimmed = self.text.trim_start_matches(' ');
        let blanks = self.text.len() - trimmed.len();
        let end = if trimmed.starts_with('[') {
            trimmed.find(']').map(|at| at + 1)?
        } else {
            trimmed.find([' ', '\n', ',', ')', ']', '}', '{']).unwrap_or(trimmed.len())
        };
        let text = &trimmed[..end];
        let is_list = text.starts_with('[') && !text[1..].contains('[');
        let start = self.before.end + length(&self.text[..blanks]);
        let place = Span { start, end: start + length(text), ..self.before };
        (is_list || is_simple(text)).then_some((text, place))
    }
}

fn is_simple(text: &str) -> bool {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let is_word = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.".contains(&byte));
    !text.is_empty() && is_word(inner.unwrap_or(text))
}
