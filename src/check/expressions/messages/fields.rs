//! What can be wrong with fields and elements.

use super::super::sources::Source;
use super::super::type_of;
use super::{listed, unsafe_fix, with_source, with_suggestion};
use crate::check::context::{Checker, Scope};
use crate::check::messages::a;
use crate::diagnostics::{Diagnostic, codes};
use crate::hir;
use crate::source::Span;
use crate::syntax::ast;
use crate::types::Type;

pub(in crate::check) fn never_null(of: &hir::Expr, operator: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::warning(
        codes::NEVER_NULL,
        format!("this is never null, so `{operator}` does nothing"),
        span,
        format!("`{operator}` is for what may be null"),
    )
    .with_label(of.span, "never null");
    if operator == "?." {
        return diagnostic.with_help("write `.`");
    }
    diagnostic.with_help("leave it away, with what follows it")
}

pub(in crate::check) fn no_item_before_the_first(number: i64, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::CONSTANT_FAULT,
        format!("no list has an item {number}, so every run would fail here"),
        span,
        "items are counted from 0",
    )
    .with_help("the last item is `xs[len(xs) - 1]`; `get(xs, i)` is `null` where there is none")
}

pub(in crate::check) fn optional_list(
    checker: &Checker<'_>,
    of: &hir::Expr,
    name: &ast::Name,
    source: Source,
) -> Diagnostic {
    let shown = a(&checker.show(&type_of(of)));
    let diagnostic = Diagnostic::error(
        codes::MAY_BE_NULL,
        format!("this list may be null, so `.{}` can't be taken of its items", name.value),
        of.span,
        format!("this is {shown}"),
    );
    with_source(diagnostic, source).with_help(format!("write `(… ?? []).{}`", name.value))
}

pub(in crate::check) fn field_of_what_may_be_null(
    checker: &Checker<'_>,
    of: &hir::Expr,
    dot: Span,
    name: &ast::Name,
    source: Source,
) -> Diagnostic {
    let shown = a(&checker.show(&type_of(of)));
    let diagnostic = Diagnostic::error(
        codes::MAY_BE_NULL,
        format!("this may be null, so `.{}` can't be taken of it", name.value),
        of.span,
        format!("this is {shown}"),
    );
    with_source(diagnostic, source)
        .with_help(format!(
            "`?.{}` is null where this is; or look first, with `if … != null {{ … }}`",
            name.value
        ))
        .with_fix(unsafe_fix("write `?.`", dot, "?."))
}

pub(in crate::check) fn column_of_what_may_be_null(
    checker: &Checker<'_>,
    of: &hir::Expr,
    dot: Span,
    name: &ast::Name,
    source: Source,
) -> Diagnostic {
    let shown = a(&checker.show(&type_of(of)));
    let diagnostic = Diagnostic::error(
        codes::MAY_BE_NULL,
        format!("items of this list may be null, so `.{}` can't be taken of them", name.value),
        of.span,
        format!("this is {shown}"),
    );
    with_source(diagnostic, source)
        .with_help(format!(
            "`?.{}` keeps the nulls and their positions; `compact(…).{}` leaves them out",
            name.value, name.value
        ))
        .with_fix(unsafe_fix("write `?.`", dot, "?."))
}

pub(in crate::check) fn field_of_nested_lists(
    checker: &Checker<'_>,
    of: &hir::Expr,
    name: &ast::Name,
) -> Diagnostic {
    let shown = a(&checker.show(&type_of(of)));
    Diagnostic::error(
        codes::NO_SUCH_FIELD,
        format!("`.{}` can't be taken of a list of lists", name.value),
        of.span,
        format!("this is {shown}"),
    )
    .with_help(format!("make it one list first: `flatten(…).{}`", name.value))
}

pub(in crate::check) fn no_such_field(
    checker: &Checker<'_>,
    scope: &Scope,
    of: &hir::Expr,
    ty: &Type,
    name: &ast::Name,
) -> Diagnostic {
    let text = &name.value;
    let shown = checker.show(ty);
    let known: Vec<&str> = match ty {
        Type::Record(id) => {
            checker.program.records[id.index()].fields.iter().map(|field| field.name.as_str()).collect()
        }
        Type::Anonymous(fields) => fields.iter().map(|field| field.name.as_str()).collect(),
        Type::Error
        | Type::Null
        | Type::Bool
        | Type::Int(_)
        | Type::Float(_)
        | Type::String(_)
        | Type::Duration
        | Type::Quantity
        | Type::Json
        | Type::Secret
        | Type::Enum(_)
        | Type::List(_)
        | Type::Map(_)
        | Type::Optional(_)
        | Type::File(_)
        | Type::Dir(_)
        | Type::Table { .. }
        | Type::Distinct(_)
        | Type::Parameter(_)
        | Type::Timestamp
        | Type::Date
        | Type::Decimal => {
            return fieldless(checker, scope, of, ty, name);
        }
    };
    let diagnostic = Diagnostic::error(
        codes::NO_SUCH_FIELD,
        format!("there is no `{text}` in `{shown}`"),
        name.span,
        "no such field",
    );
    let diagnostic = match checker.source_of(scope, of) {
        Some((span, label)) if span != of.span => diagnostic.with_label(span, label),
        Some(_) | None => diagnostic,
    };
    let diagnostic = if known.is_empty() {
        diagnostic
    } else {
        diagnostic.with_note(format!("it has {}", listed(known.iter().copied())))
    };
    with_suggestion(diagnostic, text, name.span, known.into_iter())
}

fn fieldless(
    checker: &Checker<'_>,
    scope: &Scope,
    of: &hir::Expr,
    ty: &Type,
    name: &ast::Name,
) -> Diagnostic {
    let text = &name.value;
    let shown = a(&checker.show(ty));
    let diagnostic = Diagnostic::error(
        codes::NO_SUCH_FIELD,
        format!("{shown} has no fields, so `.{text}` can't be taken of it"),
        name.span,
        "no such field",
    );
    let diagnostic = with_source(diagnostic, checker.source_of(scope, of));
    if matches!(text.as_str(), "length" | "size" | "count" | "len") {
        return diagnostic.with_help("the length of a list, a map or a string is `len(x)`");
    }
    if matches!(ty, Type::Map(_)) {
        return diagnostic.with_help(format!(
            "an element of a map is `m[\"{text}\"]`, or `get(m, \"{text}\")` if it may be missing"
        ));
    }
    if matches!(ty, Type::Table { .. }) {
        return diagnostic.with_help("a table is a file: its rows are read by a task");
    }
    if matches!(ty, Type::Json) {
        return diagnostic.with_help("what is inside of `json` is not typed: let a task give it as a record");
    }
    diagnostic
}

pub(in crate::check) fn no_elements(
    checker: &Checker<'_>,
    of: &hir::Expr,
    ty: &Type,
    source: Source,
) -> Diagnostic {
    let shown = a(&checker.show(&type_of(of)));
    if let Type::Optional(inner) = ty
        && matches!(inner.base(&checker.program), Type::List(_) | Type::Map(_))
    {
        let diagnostic = Diagnostic::error(
            codes::MAY_BE_NULL,
            "this may be null, so no element can be taken of it",
            of.span,
            format!("this is {shown}"),
        );
        return with_source(diagnostic, source)
            .with_help("look first, with `if … != null { … }`, or say what is taken instead with `??`");
    }
    let diagnostic = Diagnostic::error(
        codes::NO_SUCH_FIELD,
        format!("{shown} has no elements"),
        of.span,
        "neither a list nor a map",
    );
    with_source(diagnostic, source)
}
