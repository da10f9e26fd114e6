//! Findings about whole shapes of other languages that the grammar stumbles over somewhere inside.

use crate::diagnostics::{Applicability, Diagnostic, Edit, Fix, codes};
use crate::source::Span;
use crate::syntax::explain::{Failure, length};
use crate::syntax::grammar::Rule;

/// The shape that a text without sense seems to be.
pub(crate) fn shape(failure: &Failure<'_>) -> Option<Diagnostic> {
    try_block(failure)
        .or_else(|| comprehension(failure))
        .or_else(|| field_behind_return(failure))
        .or_else(|| two_colons(failure))
        .or_else(|| text_without_quotes(failure))
        .or_else(|| outputs_without_parentheses(failure))
        .or_else(|| path_without_quotes(failure))
        .or_else(|| misplaced_type_parameters(failure))
        .or_else(|| brackets_of_a_type(failure))
        .or_else(|| name_with_hyphens(failure))
        .or_else(|| type_arguments(failure))
        .or_else(|| slice(failure))
        .or_else(|| limit_behind_a_loop(failure))
        .or_else(|| record_with_its_name(failure))
        .or_else(|| words_behind_a_call(failure))
}

fn foreign(message: impl Into<String>, place: Span) -> Diagnostic {
    Diagnostic::error(codes::FOREIGN_SYNTAX, message, place, "")
}

fn replaced(finding: Diagnostic, title: String, place: Span, right: String) -> Diagnostic {
    let edits = vec![Edit { span: place, replacement: right }];
    finding.with_fix(Fix { title, edits, applicability: Applicability::Unsafe })
}

/// `try { … }`
fn try_block(failure: &Failure<'_>) -> Option<Diagnostic> {
    let start = failure.before.find("try")?;
    let begins = failure.before[..start].trim_end();
    let behind = failure.before[start + 3..].trim_start();
    let is_block = behind.starts_with('{') || (behind.is_empty() && failure.found == "{");
    if !is_block || !(begins.is_empty() || begins.ends_with('=')) {
        return None;
    }
    let at = failure.whole.start + length(&failure.before[..start]);
    let word = Span { start: at, end: at + 3, ..failure.whole };
    Some(foreign("`try` stands before one call, not before a block", word).with_help(
        "`x = try fit(n)` is what the call gives, or `null` where it failed; `x ?? …` says what comes in its place",
    ))
}

/// `[f(x) for x in xs]`
fn comprehension(failure: &Failure<'_>) -> Option<Diagnostic> {
    let inside = &failure.before[failure.before.rfind('[')? + 1..];
    let (item, list) = inside.split_once(" for ")?;
    if failure.found != "]" || item.trim().is_empty() {
        return None;
    }
    Some(
        foreign("a loop that makes a list is no list with a `for` in it", failure.found_span)
            .with_help(format!("write `for {} {{ {} }}`: its value is the list", list.trim(), item.trim())),
    )
}

/// `return name: x`
fn field_behind_return(failure: &Failure<'_>) -> Option<Diagnostic> {
    let field = failure.before.strip_prefix("return ")?.trim();
    if failure.found != ":" || failure.rule != Rule::strict_statement || !is_word(field) {
        return None;
    }
    let start = failure.whole.start + length(failure.before) - length(field);
    let place = Span { start, end: failure.whole.start + length(failure.text), ..failure.whole };
    let finding = Diagnostic::error(codes::MISSING_SIGN, "outputs with names stand in braces", place, "");
    let right = format!("{{ {} }}", failure.text[(start - failure.whole.start) as usize..].trim());
    let title = format!("write `return {right}`");
    Some(replaced(finding, title, place, right))
}

/// `Loss::hinge`
fn two_colons(failure: &Failure<'_>) -> Option<Diagnostic> {
    let is_value = !matches!(failure.rule, Rule::strict_setting | Rule::strict_field);
    let (owner, start) = match failure.found {
        "::" => (failure.before, failure.found_span.start),
        ":" if is_value => (failure.before.strip_suffix(':')?, failure.found_span.start - 1),
        _ => return None,
    };
    if !failure.is_joined() || !owner.ends_with(is_word_end) {
        return None;
    }
    let place = Span { start, ..failure.found_span };
    let finding = foreign("a part of something is named with a `.`", place);
    Some(finding.with_fix(Fix::safe("write `.`", place, ".")))
}

/// `image: python:3.12`
fn text_without_quotes(failure: &Failure<'_>) -> Option<Diagnostic> {
    if failure.rule != Rule::strict_setting || !matches!(failure.found, ":" | "/" | "@" | "-") {
        return None;
    }
    let line = failure.text.lines().next().unwrap_or_default();
    let (name, value) = line.split_once(':')?;
    let (name, text) = (name.trim(), value.trim().trim_end_matches(','));
    if !is_word(name) || text.is_empty() || text.contains(['"', '{', '[', ' ']) {
        return None;
    }
    let start = failure.whole.start + length(&line[..line.len() - value.trim_start().len()]);
    let place = Span { start, end: start + length(text), ..failure.whole };
    let finding = Diagnostic::error(
        codes::MISSING_SIGN,
        format!("the text behind `{name}:` has no quotes"),
        place,
        "a text stands in double quotes",
    );
    Some(finding.with_fix(Fix::safe("add the quotes", place, format!("\"{text}\""))))
}

/// `-> score: float`
fn outputs_without_parentheses(failure: &Failure<'_>) -> Option<Diagnostic> {
    let (_, results) = failure.before.rsplit_once("->")?;
    if failure.found != ":" || failure.rule != Rule::strict_item || !is_word(results.trim()) {
        return None;
    }
    let name = results.trim();
    Some(
        Diagnostic::error(
            codes::MISSING_SIGN,
            "outputs with names stand in parentheses",
            failure.last_span(),
            "`(` is expected before this",
        )
        .with_help(format!("write `-> ({name}: …)`")),
    )
}

/// `use ./x.pipe as x`
fn path_without_quotes(failure: &Failure<'_>) -> Option<Diagnostic> {
    let rest = &failure.text[(failure.found_span.start - failure.whole.start) as usize..];
    let path = rest.split([' ', '{', '\n']).next().unwrap_or_default();
    if failure.before != "use" || !path.contains(['.', '/']) || path.contains(['"', '\'']) {
        return None;
    }
    let place = Span { end: failure.found_span.start + length(path), ..failure.found_span };
    let begins =
        if path.starts_with("./") || path.starts_with("../") || path.starts_with("std/") { "" } else { "./" };
    let right = format!("\"{begins}{path}\"");
    let finding =
        Diagnostic::error(codes::UNEXPECTED, "a `use` names a file, by its path in quotes", place, "");
    Some(finding.with_fix(Fix::safe(format!("write `{right}`"), place, right)))
}

/// `enum E<T> { … }`
fn misplaced_type_parameters(failure: &Failure<'_>) -> Option<Diagnostic> {
    let keyword = failure.before.split(' ').next().unwrap_or_default();
    let has_none = matches!(keyword, "enum" | "type" | "const" | "format" | "launch");
    (failure.found == "<" && failure.rule == Rule::strict_item && has_none).then(|| {
        Diagnostic::error(
            codes::UNEXPECTED,
            "only tasks, pipelines and records have type parameters",
            failure.found_span,
            "",
        )
    })
}

/// `int[]`, `List[int]`
fn brackets_of_a_type(failure: &Failure<'_>) -> Option<Diagnostic> {
    if failure.found != "[" || !matches!(failure.rule, Rule::strict_field | Rule::strict_item) {
        return None;
    }
    let inside = &failure.text[(failure.found_span.end - failure.whole.start) as usize..];
    let item = inside.split(']').next().unwrap_or_default().trim();
    let name = failure.last();
    if !is_word(name) {
        return None;
    }
    let help = match (name, item) {
        (name, "") => format!("a list of them is written `[{name}]`"),
        ("List" | "list" | "Array" | "array" | "Sequence" | "tuple" | "Tuple", item) => {
            format!("a list is written `[{item}]`")
        }
        ("Optional" | "Option", item) => format!("what may be missing is written `{item}?`"),
        ("Dict" | "dict" | "Map" | "map", item) => {
            let value = item.rsplit(',').next().unwrap_or(item).trim();
            format!("a map is written `map<{value}>`; its keys are texts")
        }
        (name, item) => format!("the types that a type is made of stand in `<…>`: `{name}<{item}>`"),
    };
    Some(foreign("no type has brackets behind its name", failure.found_span).with_help(help))
}

/// `task fit-model(…)`
fn name_with_hyphens(failure: &Failure<'_>) -> Option<Diagnostic> {
    let rest = &failure.text[(failure.found_span.start - failure.whole.start) as usize..];
    if failure.found != "-" || failure.rule != Rule::strict_item || !failure.is_joined() {
        return None;
    }
    let is_part = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-');
    let end = rest.find(|character| !is_part(character)).unwrap_or(rest.len());
    let name = format!("{}{}", failure.last(), &rest[..end]);
    let place = Span {
        start: failure.last_span().start,
        end: failure.found_span.start + length(&rest[..end]),
        ..failure.whole
    };
    let right = name.replace('-', "_");
    let finding = Diagnostic::error(
        codes::BAD_NAME,
        format!("`{name}` is no name: its words are joined by `_`"),
        place,
        "",
    );
    let title = format!("call it `{right}`");
    Some(replaced(finding, title, place, right))
}

/// `xs[1:]`
fn slice(failure: &Failure<'_>) -> Option<Diagnostic> {
    let opening = failure.before.rfind('[')?;
    let is_index =
        failure.before[..opening].ends_with(is_word_end) && !failure.before[opening..].contains([']', ',']);
    (failure.found == ":" && is_index).then(|| {
        foreign("no part of a list is taken by `a:b`", failure.found_span)
            .with_help("name one item, `xs[0]`; or walk some: `for i in range(1, len(xs)) { f(xs[i]) }`")
    })
}

/// `for x in xs { … } limit 2`
fn limit_behind_a_loop(failure: &Failure<'_>) -> Option<Diagnostic> {
    let is_loop = failure.before.trim_start().starts_with("for ") || failure.before.contains("= for ");
    (failure.found == "limit" && failure.before.ends_with('}') && is_loop).then(|| {
        foreign("the limit of a loop stands before its body", failure.found_span)
            .with_help("`for x in xs limit 2 { … }`")
    })
}

/// `Params { depth: 3 }`
fn record_with_its_name(failure: &Failure<'_>) -> Option<Diagnostic> {
    let name = failure.last();
    let is_type = name.starts_with(|first: char| first.is_ascii_uppercase()) && is_word(name);
    let is_value = matches!(failure.rule, Rule::strict_statement | Rule::strict_setting | Rule::strict_arm);
    (failure.found == "{" && is_type && is_value)
        .then(|| record_name(failure.last_span(), failure.found_span))
}

/// The name before the braces of a record.
pub(crate) fn record_name(name: Span, braces: Span) -> Diagnostic {
    let extra = Span { end: braces.start, ..name };
    foreign("a record is written without the name of its type", name)
        .with_help("braces alone: what they make is told by their place, or by `x: Name = { … }`")
        .with_fix(Fix::safe("remove the name", extra, ""))
}

/// `id<int>(3)`
pub(crate) fn type_arguments_of_call(arguments: Span) -> Diagnostic {
    let finding = foreign(
        "what type parameters stand for is told by a call's arguments, and never written",
        arguments,
    )
    .with_help(
        "call it without the `<…>`; a literal that says too little can be bound first: `none: [int] = []`",
    );
    replaced(finding, "remove the `<…>`".to_owned(), arguments, String::new())
}

/// `f<int>()`, `f<int>(x: 3)`: what isn't taken for comparisons.
fn type_arguments(failure: &Failure<'_>) -> Option<Diagnostic> {
    let (close, open) = failure.before.match_indices(">(").find_map(|(close, _)| {
        let open = failure.before[..close].rfind(|character: char| !is_of_types(character))?;
        let is_called = failure.before[..open].ends_with(is_word_end);
        (is_called && failure.before[open..].starts_with('<')).then_some((close, open))
    })?;
    let at = |index: usize| failure.whole.start + length(&failure.before[..index]);
    Some(type_arguments_of_call(Span { start: at(open), end: at(close + 1), ..failure.whole }))
}

fn is_of_types(character: char) -> bool {
    is_word_end(character) || matches!(character, '[' | '?' | ',' | ' ' | '.')
}

/// Where a block holds fields.
#[derive(Clone, Copy)]
pub(crate) struct RecordBlock {
    pub(crate) span: Span,
    pub(crate) is_arm: bool,
    pub(crate) is_closed: bool,
    /// They may have been meant for steps.
    pub(crate) has_calls: bool,
}

impl RecordBlock {
    fn edits(self) -> [Edit; 2] {
        let edit = |at: u32, text: &str| Edit {
            span: Span { start: at, end: at, ..self.span },
            replacement: text.to_owned(),
        };
        match self.is_arm {
            true => [edit(self.span.start, "("), edit(self.span.end, ")")],
            false => [edit(self.span.start + 1, " {"), edit(self.span.end - 1, "} ")],
        }
    }
}

/// `if c { n: 1 } else { n: 2 }`
pub(crate) fn records_for_blocks(blocks: &[RecordBlock]) -> Diagnostic {
    let first = blocks[0];
    let right = if first.is_arm { "({ name: value })" } else { "{ { name: value } }" };
    let finding = Diagnostic::error(
        codes::WRONG_SIGN,
        format!("these braces hold statements; a record in their place is written `{right}`"),
        Span { end: first.span.start + 1, ..first.span },
        "begins a block",
    )
    .with_help("a binding is written with `=`, if these are to be steps with names");
    let finding = match blocks.len() - 1 {
        0 => finding,
        more => finding.with_note(format!("{more} more in this declaration")),
    };
    if blocks.iter().any(|block| !block.is_closed) {
        return finding;
    }
    let mut edits: Vec<Edit> = blocks.iter().flat_map(|block| block.edits()).collect();
    edits.sort_by_key(|edit| edit.span);
    let title = "write a record".to_owned();
    let applicability = match blocks.iter().any(|block| block.has_calls) {
        true => Applicability::Unsafe,
        false => Applicability::Safe,
    };
    finding.with_fix(Fix { title, edits, applicability })
}

/// `fit(n) depends a`, `fit(n) when n > 3`
fn words_behind_a_call(failure: &Failure<'_>) -> Option<Diagnostic> {
    if failure.rule != Rule::strict_statement || !failure.before.ends_with(')') {
        return None;
    }
    let here = failure.found_span;
    match failure.found {
        word @ ("depends" | "depends_on" | "needs" | "requires") => {
            Some(foreign(format!("`{word}` is written `after`"), here).with_fix(Fix::safe(
                "write `after`",
                here,
                "after",
            )))
        }
        word @ ("when" | "if" | "unless" | "where") => Some(
            foreign(format!("no `{word}` stands behind a call"), here)
                .with_help("whether it runs is said before it: `if n > 3 { fit(n) }`"),
        ),
        _ => None,
    }
}

fn is_word_end(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | ']' | ')')
}

fn is_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
