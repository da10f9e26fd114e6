//! What can be wrong with declarations and types, and with a value's type at its place.

use super::context::Checker;
use super::convert::Expectation;
use crate::diagnostics::{Diagnostic, Fix, codes};
use crate::hir::Expr;
use crate::resolve::suggest;
use crate::source::Span;
use crate::types::{Mismatch, Type};

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
        Some(near) => diagnostic.with_help(format!("did you mean `{near}`?")).with_fix(Fix::safe(
            format!("write `{near}`"),
            span,
            near,
        )),
        None => diagnostic,
    }
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

pub(crate) fn mismatch(
    checker: &Checker,
    value: &Expr,
    from: &Type,
    to: &Type,
    why: &Expectation,
    _mismatch: &Mismatch,
) -> Diagnostic {
    let (from, to) = (checker.show(from), checker.show(to));
    let diagnostic = Diagnostic::error(
        codes::TYPE_MISMATCH,
        format!("{} needs a `{to}`, and this is a `{from}`", why.what),
        value.span,
        format!("this is a `{from}`"),
    );
    with_declaration(diagnostic, why)
}

pub(crate) fn not_narrow_enough(
    checker: &Checker,
    value: &Expr,
    from: &Type,
    to: &Type,
    why: &Expectation,
) -> Diagnostic {
    let (from, to) = (checker.show(from), checker.show(to));
    let diagnostic = Diagnostic::error(
        codes::TYPE_MISMATCH,
        format!("{} needs a `{to}`, and not every `{from}` is one", why.what),
        value.span,
        format!("this is a `{from}`"),
    );
    with_declaration(diagnostic, why)
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
