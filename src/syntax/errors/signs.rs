//! Findings about signs and brackets of other languages, which the grammar stumbles over in the middle.

use crate::diagnostics::{Applicability, Diagnostic, Edit, Fix, codes};
use crate::source::Span;
use crate::syntax::explain::{Failure, length};
use crate::syntax::grammar::Rule;

pub(crate) fn sign(failure: &Failure<'_>) -> Option<Diagnostic> {
    range(failure)
        .or_else(|| three_signs(failure))
        .or_else(|| backticks(failure))
        .or_else(|| two_braces(failure))
        .or_else(|| dollar(failure))
        .or_else(|| function_as_value(failure))
        .or_else(|| tuple(failure))
}

fn foreign(message: impl Into<String>, place: Span) -> Diagnostic {
    Diagnostic::error(codes::FOREIGN_SYNTAX, message, place, "")
}

/// `0..10`, `1..=n`
fn range(failure: &Failure<'_>) -> Option<Diagnostic> {
    let before = failure.before.strip_suffix('.')?;
    let is_value = !matches!(failure.rule, Rule::strict_field);
    if failure.found != "." || !failure.is_joined() || !is_value {
        return None;
    }
    let first = &before[before.rfind([' ', '(', '[', '=']).map_or(0, |at| at + 1)..];
    let behind = behind(failure);
    let (sign, rest) = match behind.as_bytes().first() {
        Some(b'=' | b'<') => behind.split_at(1),
        Some(_) | None => ("", behind),
    };
    let rest = rest.trim_start_matches(' ');
    let last = &rest[..rest.find([' ', ')', ']', ',', '\n']).unwrap_or(rest.len())];
    let place = Span {
        start: failure.found_span.start - 1,
        end: failure.found_span.end + length(sign),
        ..failure.found_span
    };
    let finding = foreign("numbers in a row are a list of `range`; dots stand in types only", place);
    Some(match (first, last, sign) {
        ("", _, _) | (_, "", _) => finding.with_help("`range(0, 10)` are the numbers from 0 to 9"),
        (first, last, "=") => {
            finding.with_help(format!("`range({first}, {last} + 1)`: the end doesn't belong to it"))
        }
        (first, last, _) => {
            finding.with_help(format!("`range({first}, {last})`: the end doesn't belong to it"))
        }
    })
}

/// `===`, `!==`
fn three_signs(failure: &Failure<'_>) -> Option<Diagnostic> {
    let right = ["==", "!="].into_iter().find(|sign| failure.before.ends_with(sign))?;
    let here = failure.found_span;
    (failure.found == "=" && failure.is_joined()).then(|| {
        let place = Span { start: here.start - 2, ..here };
        foreign(format!("`{right}=` is written `{right}`"), place).with_fix(Fix::safe(
            format!("write `{right}`"),
            place,
            right,
        ))
    })
}

/// `` `text` ``
fn backticks(failure: &Failure<'_>) -> Option<Diagnostic> {
    if failure.found != "`" {
        return None;
    }
    let here = failure.found_span;
    let finding = foreign("strings stand in double quotes", here);
    let inner = behind(failure).split(['`', '\n']).next().unwrap_or_default();
    let end = here.end + length(inner);
    if inner.contains(['"', '\\']) || !behind(failure)[inner.len()..].starts_with('`') {
        return Some(finding);
    }
    let edit = |span| Edit { span, replacement: "\"".to_owned() };
    Some(finding.with_fix(Fix {
        title: "write double quotes".to_owned(),
        edits: vec![edit(here), edit(Span { start: end, end: end + 1, ..here })],
        applicability: Applicability::Safe,
    }))
}

/// `{{x}}`
fn two_braces(failure: &Failure<'_>) -> Option<Diagnostic> {
    let before = failure.before.strip_suffix('{')?;
    let is_value = before.trim_end().ends_with(['(', '[', ',', '=', ':']);
    (failure.found == "{" && failure.is_joined() && is_value).then(|| {
        foreign("a value is named without braces", failure.found_span)
            .with_help("`f(x)`; inside of a string, `\"${x}\"` puts it in")
    })
}

/// `$x`, `${x}`
fn dollar(failure: &Failure<'_>) -> Option<Diagnostic> {
    if failure.found != "$" {
        return None;
    }
    let here = failure.found_span;
    if behind(failure).starts_with('{') {
        return Some(
            foreign("`${…}` stands inside of a string only", here)
                .with_help("elsewhere a value is named as it is: `f(x)`"),
        );
    }
    let finding = foreign("a name is written without `$`", here);
    let is_name = behind(failure).starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    Some(if is_name { finding.with_fix(Fix::safe("remove the `$`", here, "")) } else { finding })
}

/// `x => f(x)`
fn function_as_value(failure: &Failure<'_>) -> Option<Diagnostic> {
    let is_value = matches!(failure.rule, Rule::strict_statement | Rule::strict_setting | Rule::strict_field);
    let is_function = failure.found == "=>" || (failure.found == ">" && failure.last() == "=");
    (is_function && is_value).then(|| {
        foreign("there are no functions as values", failure.found_span).with_help(
            "what is done for each item stands in a loop, whose value is a list: `for x in xs { f(x) }`",
        )
    })
}

/// `(a, b)`
fn tuple(failure: &Failure<'_>) -> Option<Diagnostic> {
    let before = &failure.before[..opening(failure.before)?];
    let is_call =
        before.ends_with(|last: char| last.is_ascii_alphanumeric() || matches!(last, '_' | ')' | ']'));
    let is_value = failure.rule == Rule::strict_statement;
    (failure.found == "," && is_value && !is_call).then(|| {
        foreign("parentheses hold one value", failure.found_span).with_help(
            "what belongs together is a record, `{ a: x, b: y }`, or a list, `[x, y]`; a pipeline returns named outputs as `{ a: x, b: y }`",
        )
    })
}

/// Where the parenthesis stands that is open at the end of a text.
fn opening(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate().rev() {
        match byte {
            b')' | b']' | b'}' => depth += 1,
            b'(' if depth == 0 => return Some(at),
            b'[' | b'{' if depth == 0 => return None,
            b'(' | b'[' | b'{' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// What follows what was found.
fn behind<'t>(failure: &Failure<'t>) -> &'t str {
    &failure.text[(failure.found_span.end - failure.whole.start) as usize..]
}
