//! What can be wrong with calls of the library.

use super::super::sources::Source;
use super::super::type_of;
use super::{plural, with_source};
use crate::check::context::Checker;
use crate::check::library::LibraryFunction;
use crate::check::messages::a;
use crate::diagnostics::{Diagnostic, Fix, codes};
use crate::hir;
use crate::source::Span;
use crate::syntax::ast;
use crate::types::Type;

pub(in crate::check) fn zip_outside_of_for(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_FUNCTION_ARGUMENT,
        "`zip` stands only in the head of a `for`",
        span,
        "not in the head of a `for`",
    )
    .with_help("walk the lists side by side: `for a, b in zip(as, bs) { … }`")
}

pub(in crate::check) fn function_takes_no_names(
    function: &LibraryFunction,
    argument: &ast::Argument,
) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_FUNCTION_ARGUMENT,
        format!("the arguments of `{}` have no names", function.name),
        argument.span,
        "written with a name",
    )
    .with_note(format!("it is called as `{}`", function.signature))
}

pub(in crate::check) fn wrong_number_of_arguments(
    function: &LibraryFunction,
    count: usize,
    span: Span,
) -> Diagnostic {
    let least = function.arguments.least;
    let wanted = match function.arguments.most {
        Some(most) if most == least => format!("{least} {}", plural(least, "argument")),
        Some(most) => format!("{least} to {most} arguments"),
        None => format!("at least {least} {}", plural(least, "argument")),
    };
    Diagnostic::error(
        codes::WRONG_FUNCTION_ARGUMENT,
        format!("`{}` takes {wanted}, and this gives {count}", function.name),
        span,
        format!("{count} {}", plural(count, "argument")),
    )
    .with_note(format!("it is called as `{}`", function.signature))
}

pub(in crate::check) fn wrong_argument(
    checker: &Checker<'_>,
    function: &LibraryFunction,
    value: &hir::Expr,
    needed: &str,
    source: Source,
) -> Diagnostic {
    let ty = type_of(value);
    let shown = a(&checker.show(&ty));
    let code =
        if matches!(ty, Type::Optional(_)) { codes::MAY_BE_NULL } else { codes::WRONG_FUNCTION_ARGUMENT };
    let diagnostic = Diagnostic::error(
        code,
        format!("`{}` needs {needed}, and this is {shown}", function.name),
        value.span,
        format!("this is {shown}"),
    );
    let diagnostic = with_source(diagnostic, source);
    if matches!(ty, Type::Optional(_)) {
        return diagnostic.with_help(
            "it may be null: say what is taken instead with `??`, or look first with `if … != null { … }`",
        );
    }
    diagnostic.with_note(format!("it is called as `{}`", function.signature))
}

pub(in crate::check) fn compact_first(function: &LibraryFunction, list: &hir::Expr) -> Diagnostic {
    let name = function.name;
    Diagnostic::error(
        codes::MAY_BE_NULL,
        format!("items of this list may be null, and `{name}` needs them all"),
        list.span,
        "some may be null",
    )
    .with_help(format!("leave the nulls out: `{name}(compact(…))`"))
    .with_fix(Fix::call_around("compact", list.span))
}
