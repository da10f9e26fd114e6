//! What can be wrong with declarations and types, and with a value's type at its place.

mod advice;
pub(crate) mod declarations;
pub(crate) mod launches;
mod mismatch;
pub(crate) mod types;

use super::context::Checker;
use super::convert::Expectation;
use super::foreign::Foreign;
use crate::diagnostics::{Diagnostic, Fix, codes};
use crate::hir::Expr;
use crate::resolve::suggest;
use crate::source::Span;
use crate::types::Type;

pub(crate) use mismatch::mismatch;

/// `` `int` `` with its article.
pub(crate) fn a(shown: &str) -> String {
    let vowel = shown.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']);
    format!("{} `{shown}`", if vowel { "an" } else { "a" })
}

/// Something that the language has and this version doesn't do.
pub(crate) fn not_supported_yet(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::NOT_SUPPORTED_YET,
        format!("{what} is not supported yet"),
        span,
        "this version can't do this",
    )
    .with_note("it is part of the language, and a later version will do it")
}

/// A name that means nothing here. `what` is what was looked for: `type`, `task`, `name` …
pub(crate) fn unknown_name<'a>(
    what: &str,
    name: &str,
    span: Span,
    known: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        codes::UNKNOWN_NAME,
        format!("there is no {what} called `{name}`"),
        span,
        "not declared anywhere",
    );
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

/// A name that means something in another language.
pub(crate) fn foreign_word(what: &str, name: &str, span: Span, foreign: &Foreign) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        codes::UNKNOWN_NAME,
        format!("there is no {what} called `{name}`"),
        span,
        "not declared anywhere",
    )
    .with_help(foreign.instead);
    match foreign.word {
        Some(word) => diagnostic.with_fix(suggest::replace(word, span)),
        None => diagnostic,
    }
}

pub(crate) fn unknown_bound(bound: &crate::syntax::ast::Name) -> Diagnostic {
    Diagnostic::error(
        codes::MALFORMED_DECLARATION,
        format!("a type parameter is bounded by `value` or `artifact`, not by `{}`", bound.value),
        bound.span,
        "no bound",
    )
}

pub(crate) fn has_no_value(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::NO_VALUE,
        format!("{what} needs a value, and this has none"),
        span,
        "has no value",
    )
}

/// `null` or an empty list where nothing says of what type.
pub(crate) fn type_unknown(what: &str, ty: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::TYPE_UNKNOWN,
        format!("the type of {what} can't be told from its value"),
        span,
        format!("only known to be `{ty}`"),
    )
    .with_help("write the type behind the name: `name: [int] = []`, for example")
}

pub(crate) fn no_value(span: Span, why: &Expectation, to: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        codes::NO_VALUE,
        format!("{} needs a value of type `{to}`, and this has none", why.what),
        span,
        "has no value",
    );
    with_declaration(diagnostic, why)
}

pub(crate) fn constant_fault(fault: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::CONSTANT_FAULT,
        format!("this can't be computed: {fault}"),
        span,
        "every run would fail here",
    )
}

pub(crate) fn constant_too_large(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::CONSTANT_FAULT,
        format!(
            "this constant is larger than {} bytes, which is the most that a value may have",
            pipec_ir::MAX_VALUE_BYTES
        ),
        span,
        "too large for a value",
    )
    .with_help("keep it in a file: `file(\"./large.json\")`")
}

pub(crate) fn outside_refinement(
    checker: &Checker,
    span: Span,
    part: &(String, Type),
    to: &Type,
    why: &Expectation,
) -> Diagnostic {
    let (value, needed) = (&part.0, checker.show(&part.1));
    let diagnostic = Diagnostic::error(
        codes::OUTSIDE_REFINEMENT,
        format!("{} needs {}, and {value} is outside of it", why.what, checker.show_with_name(to, span)),
        span,
        format!("{value} is no `{needed}`"),
    );
    let diagnostic = match refinement(checker, &part.1) {
        Some(text) if text != needed => diagnostic.with_note(format!("`{needed}` is `{text}`")),
        Some(_) | None => diagnostic,
    };
    with_declaration(diagnostic, why)
}

/// What a type stands for, without its `distinct` name.
fn refinement(checker: &Checker, ty: &Type) -> Option<String> {
    let Type::Distinct(id) = ty else { return None };
    Some(checker.show(&checker.program.distincts[id.index()].of))
}

/// A value that may be outside of an interval or a pattern.
pub(crate) fn not_narrow_enough(
    checker: &Checker,
    value: &Expr,
    from: &Type,
    to: &Type,
    why: &Expectation,
) -> Diagnostic {
    let name = checker.alias_of(to, value.span);
    let may_be_null = matches!(from, Type::Optional(_));
    let (from, to) = (checker.show(from), checker.show_with_name(to, value.span));
    let diagnostic = Diagnostic::error(
        codes::TYPE_MISMATCH,
        format!("{} needs {to}, and not every `{from}` is one", why.what),
        value.span,
        format!("this is {}", a(&from)),
    );
    let diagnostic = with_declaration(diagnostic, why);
    let Some(name) = name else {
        return diagnostic.with_help(
            "give the type a name (`type Name = …`) and write `Name(…)`: it is checked when the run gets there, and \
             fails there if it doesn't fit",
        );
    };
    if may_be_null {
        return diagnostic.with_help(format!(
            "write `if x != null {{ {name}(x) }}`: it is checked when the run gets there, and fails there if it \
             doesn't fit"
        ));
    }
    diagnostic
        .with_help(format!(
            "write `{name}(…)`: it is checked when the run gets there, and fails there if it doesn't fit"
        ))
        .with_fix(Fix::call_around(&name, value.span))
}

/// `a: …, b: …`: how what isn't there is written.
pub(crate) fn to_be_given<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let given: Vec<String> = names.map(|name| format!("{name}: …")).collect();
    given.join(", ")
}

fn with_declaration(diagnostic: Diagnostic, why: &Expectation) -> Diagnostic {
    let diagnostic = match &why.source {
        Some(label) => diagnostic.with_label(label.span, label.text.clone()),
        None => diagnostic,
    };
    match &why.declared {
        Some(label) => diagnostic.with_label(label.span, label.text.clone()),
        None => diagnostic,
    }
}
