//! What can be wrong with declarations: their names, their parts, the way they refer to one another.

use crate::diagnostics::{Diagnostic, Fix, codes};
use crate::resolve::{self, suggest};
use crate::source::Span;
use crate::syntax::ast;

/// `A → B → A`.
pub(crate) fn round(names: &[(String, Span)]) -> String {
    let mut text = String::new();
    for (name, _) in names {
        text.push_str(name);
        text.push_str(" → ");
    }
    text.push_str(names.first().map_or("", |(name, _)| name));
    text
}

/// With a label at each further member of a cycle.
fn with_members(mut diagnostic: Diagnostic, names: &[(String, Span)], verb: &str) -> Diagnostic {
    for (index, (_, span)) in names.iter().enumerate().skip(1) {
        let next = &names[(index + 1) % names.len()].0;
        diagnostic = diagnostic.with_label(*span, format!("{verb} `{next}`"));
    }
    diagnostic
}

pub(crate) fn type_cycle(names: &[(String, Span)]) -> Diagnostic {
    let (first, span) = &names[0];
    let next = &names.get(1).unwrap_or(&names[0]).0;
    let diagnostic = Diagnostic::error(
        codes::TYPE_CYCLE,
        format!("the type `{first}` contains itself: {}", round(names)),
        *span,
        format!("contains `{next}`"),
    )
    .with_help("break the circle: keep one of them by a name or a number instead of by its value");
    with_members(diagnostic, names, "contains")
}

pub(crate) fn constant_cycle(names: &[(String, Span)]) -> Diagnostic {
    let (first, span) = &names[0];
    let next = &names.get(1).unwrap_or(&names[0]).0;
    let diagnostic = Diagnostic::error(
        codes::CONSTANT_CYCLE,
        format!("`{first}` depends on itself: {}", round(names)),
        *span,
        format!("depends on `{next}`"),
    );
    with_members(diagnostic, names, "depends on")
}

pub(crate) fn pipeline_cycle(names: &[(String, Span)], calls: &[Span]) -> Diagnostic {
    let (first, span) = &names[0];
    let mut diagnostic = Diagnostic::error(
        codes::PIPELINE_CYCLE,
        format!("the pipeline `{first}` calls itself: {}", round(names)),
        *span,
        "would never end",
    )
    .with_note("every program ends, so pipelines can't call each other in a circle")
    .with_help("for rounds until something is good enough there is `repeat`");
    for (index, call) in calls.iter().enumerate() {
        let next = &names[(index + 1) % names.len()].0;
        diagnostic = diagnostic.with_label(*call, format!("calls `{next}` here"));
    }
    diagnostic
}

pub(crate) fn part_twice(word: &str, name: &ast::Name, first: Span) -> Diagnostic {
    Diagnostic::error(
        codes::DECLARED_TWICE,
        format!("the {word} `{}` is declared twice", name.value),
        name.span,
        "declared again here",
    )
    .with_label(first, "declared first here")
}

pub(crate) fn outside_name_twice(word: &str, outside: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(
        codes::OUTSIDE_NAME_TWICE,
        format!("two of these have the outside name \"{outside}\""),
        span,
        format!("a second {word} that the world would call \"{outside}\""),
    )
    .with_label(first, "the first one")
    .with_note("in JSON, in tables and as text they couldn't be told apart")
}

pub(crate) fn bad_outside_name(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::OUTSIDE_NAME_TWICE,
        "an outside name has at least one character, and none of them is U+0000",
        span,
        "",
    )
}

pub(crate) fn enum_without_variants(name: &ast::Name) -> Diagnostic {
    Diagnostic::error(
        codes::MALFORMED_DECLARATION,
        format!("the enum `{}` has no variants", name.value),
        name.span,
        "no value could ever be one",
    )
    .with_help(format!("name at least one: `enum {} {{ first }}`", name.value))
}

pub(crate) fn distinct_optional(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::MALFORMED_TYPE,
        "a `distinct` type can't be optional itself",
        span,
        "take the `?` away here",
    )
    .with_help("write the `?` where the type is used")
}

pub(crate) fn format_setting_twice(key: &ast::Name) -> Diagnostic {
    Diagnostic::error(
        codes::DECLARED_TWICE,
        format!("`{}` is given twice", key.value),
        key.span,
        "given again here",
    )
}

pub(crate) fn unknown_format_setting(key: &ast::Name) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        codes::MALFORMED_DECLARATION,
        format!("a format has no `{}`", key.value),
        key.span,
        "not known",
    );
    match suggest::nearest(&key.value, ["extension", "media_type", "tabular"].into_iter()) {
        Some(near) => diagnostic.with_help(format!("did you mean `{near}`?")),
        None => diagnostic.with_help("a format has `extension`, `media_type` and `tabular`"),
    }
}

pub(crate) fn bad_extension(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::MALFORMED_DECLARATION,
        "an extension is a string that begins with a dot",
        span,
        "no extension",
    )
    .with_help("write `\".csv\"` or `\".tar.gz\"`, for example")
}

pub(crate) fn bad_media_type(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::MALFORMED_DECLARATION,
        "a media type is a string such as \"text/csv\"",
        span,
        "no media type",
    )
}

pub(crate) fn bad_tabular(span: Span) -> Diagnostic {
    Diagnostic::error(codes::MALFORMED_DECLARATION, "`tabular` is `true` or `false`", span, "neither")
}

pub(crate) fn unused_import(name: &ast::Name, import: &ast::Use, whole: Span) -> Diagnostic {
    let message = format!("the import `{}` is never used", name.value);
    Diagnostic::warning(codes::UNUSED, message, name.span, "not used")
        .with_help("take it away")
        .with_fix(Fix::safe("take it away", removed_name(name, import, whole), ""))
}

/// A name of a list with a comma, or the whole import.
fn removed_name(name: &ast::Name, import: &ast::Use, whole: Span) -> Span {
    let names = resolve::imported(import);
    let at = names.iter().position(|other| other.span == name.span).unwrap_or(0);
    match (names.get(at + 1), at.checked_sub(1)) {
        (Some(next), _) => Span { end: next.span.start, ..name.span },
        (None, Some(before)) => Span { start: names[before].span.end, ..name.span },
        (None, None) => whole,
    }
}

/// An input that hides a constant or an import.
pub(crate) fn hides(name: &ast::Name, what: &str, first: Span) -> Diagnostic {
    Diagnostic::error(
        codes::HIDES,
        format!("`{}` would hide {what} of this name", name.value),
        name.span,
        "hides it",
    )
    .with_label(first, "declared here")
    .with_help("give one of them another name")
}

pub(crate) fn idle_type_parameter(name: &str, record: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(
        codes::UNUSED,
        format!("no field of `{record}` mentions the type parameter `{name}`"),
        span,
        "never used",
    )
    .with_help("leave it away, or let a field be of a type with it")
}

pub(crate) fn untold_type_parameter(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::TYPE_NOT_INFERRED,
        format!("no input mentions the type parameter `{name}`, so that no call can tell what it is"),
        span,
        "never told",
    )
    .with_note("type parameters are inferred from a call's arguments")
    .with_help(format!(
        "let an input be of a type with `{name}` in it, or write the type that is meant instead"
    ))
}

pub(crate) fn default_uses_input(name: &ast::Name, other: &ast::Name, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::NOT_CONSTANT,
        format!(
            "the default of `{}` is made of the input `{}`, and a default is constant",
            name.value, other.value
        ),
        span,
        "depends on a call",
    )
    .with_label(other.span, "another input")
    .with_help(format!("let callers give `{}`, or keep what both are made of in a `const`", name.value))
}

pub(crate) fn one_variable(
    variable: &str,
    what: &str,
    span: Span,
    other: &str,
    other_span: Span,
) -> Diagnostic {
    Diagnostic::error(
        codes::VARIABLE_TWICE,
        format!("the program would find both {what} and {other} in the variable `${variable}`"),
        span,
        what,
    )
    .with_label(other_span, other)
    .with_help("give one of them another name")
}

pub(crate) fn no_variable_name(name: &str, why: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::NO_VARIABLE_NAME,
        format!("nothing that a program sees can be called `{name}`"),
        span,
        why.to_owned(),
    )
    .with_help("give it another name")
}

pub(crate) fn too_many_variables(name: &str, limit: usize, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::TYPE_TOO_LARGE,
        format!("the input `{name}` would give the program more than {limit} variables"),
        span,
        "a record with too many fields in it",
    )
    .with_help("pass it as a `file<json>`")
}
