//! What can be wrong with names.

use super::{listed, with_suggestion};
use crate::check::library::LibraryFunction;
use crate::diagnostics::{Diagnostic, Fix, codes};
use crate::hir::{self, Definition, LocalKind};
use crate::source::Span;
use crate::syntax::ast;

fn kind_of_definition(definition: &Definition) -> &'static str {
    match definition {
        Definition::Module(_) => "an imported file",
        Definition::Record(_) => "a record type",
        Definition::Enum(_) => "an enum",
        Definition::TypeAlias(_) => "a type",
        Definition::Format(_) => "a format",
        Definition::Constant(_) => "a constant",
        Definition::Task(_) => "a task",
        Definition::Pipeline(_) => "a pipeline",
        Definition::Launch(_) => "a launch",
        Definition::Field(..) => "a field",
        Definition::Variant(..) => "a variant",
        Definition::TaskParameter(..) | Definition::PipelineParameter(..) => "an input",
        Definition::TaskResult(..) | Definition::PipelineResult(..) => "an output",
        Definition::Local(..) => "a binding",
        Definition::Function(_) => "a function",
        Definition::BuiltInType(_) => "a built-in type",
        Definition::Setting(_) => "a setting",
    }
}

pub(in crate::check) fn described(definition: &Definition) -> &'static str {
    kind_of_definition(definition)
}

/// `None`, `True`
pub(in crate::check) fn foreign_literal(name: &str, literal: &str, span: Span) -> Diagnostic {
    Diagnostic::error(codes::UNKNOWN_NAME, format!("`{name}` is written `{literal}`"), span, "")
        .with_fix(Fix::safe(format!("write `{literal}`"), span, literal))
}

pub(in crate::check) fn variant_without_enum(enumeration: &str, name: &str, span: Span) -> Diagnostic {
    let right = format!("{enumeration}.{name}");
    Diagnostic::error(
        codes::UNKNOWN_NAME,
        format!("there is no name called `{name}`: a variant is written with its enum"),
        span,
        format!("`{right}`?"),
    )
    .with_fix(Fix::safe(format!("write `{right}`"), span, right))
}

pub(in crate::check) fn not_a_value(name: &str, definition: &Definition, span: Span) -> Diagnostic {
    let what = kind_of_definition(definition);
    let diagnostic = Diagnostic::error(
        codes::WRONG_KIND_OF_NAME,
        format!("`{name}` is {what}, and a value is due here"),
        span,
        format!("{what}, not a value"),
    );
    if matches!(definition, Definition::Task(_) | Definition::Pipeline(_)) {
        return diagnostic.with_help(format!("call it: `{name}(…)`"));
    }
    if matches!(definition, Definition::Enum(_)) {
        return diagnostic.with_help(format!("name one of its variants: `{name}.…`"));
    }
    if matches!(definition, Definition::Record(_)) {
        return diagnostic.with_help("a record is written in braces: `{ field: value }`");
    }
    if matches!(definition, Definition::Module(_)) {
        return diagnostic.with_help(format!("name something that it declares: `{name}.…`"));
    }
    diagnostic
}

pub(in crate::check) fn run_is_no_value(span: Span) -> Diagnostic {
    Diagnostic::error(codes::WRONG_KIND_OF_NAME, "`run` alone is no value", span, "name one of its fields")
        .with_help("`run.id`, `run.name`, `run.scheduled` and `run.day` are known everywhere")
}

pub(in crate::check) fn name_of_an_ended_block(local: &hir::Local, span: Span) -> Diagnostic {
    let name = &local.name;
    let (message, help) = match local.kind {
        LocalKind::LoopItem | LocalKind::LoopIndex => (
            format!("`{name}` is the variable of a loop that has ended"),
            "the loop's value is the list of its bodies' values: bind it, as in `all = for …`, and use that",
        ),
        LocalKind::Parameter
        | LocalKind::Output
        | LocalKind::Binding
        | LocalKind::State
        | LocalKind::MatchField => (
            format!("`{name}` is bound inside of a block, and can't be seen outside of it"),
            "make it the block's value: its last expression; then bind the whole, as in `x = if … { … }`",
        ),
    };
    Diagnostic::error(codes::NOT_VISIBLE, message, span, "not visible here")
        .with_label(local.span, "bound here, inside of a block")
        .with_help(help)
}

pub(in crate::check) fn nest_the_loops(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::NOT_VISIBLE,
        format!("`{name}` belongs to the same `for`, so its other lists can't use it"),
        span,
        "not visible in the head of its own loop",
    )
    .with_help("nest the loops: `for a in as { for b in a.bs { … } }`")
}

pub(in crate::check) fn binding_in_hook(name: &str, span: Span, bound: Span) -> Diagnostic {
    Diagnostic::error(codes::NOT_VISIBLE, format!("a hook can't see `{name}`"), span, "not visible in a hook")
        .with_label(bound, "bound by the pipeline's own steps")
        .with_note(
            "a hook also runs when the steps before it didn't: it sees the pipeline's inputs and `run`",
        )
        .with_help("call it as the last statement of the pipeline instead, where all that succeeded is there")
}

pub(in crate::check) fn bound_further_down(name: &str, span: Span, bound: Span) -> Diagnostic {
    Diagnostic::error(
        codes::NOT_VISIBLE,
        format!("`{name}` is used before it is bound"),
        span,
        "not bound yet",
    )
    .with_label(bound, "bound only here")
    .with_help("move the binding up; nothing can wait for itself or for what comes after it")
}

pub(in crate::check) fn function_is_no_value(function: &LibraryFunction, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_KIND_OF_NAME,
        format!("`{}` is a function, and a value is due here", function.name),
        span,
        "a function",
    )
    .with_help(format!("call it: `{}`", function.signature))
}

pub(in crate::check) fn unknown_run_field<'a>(
    name: &ast::Name,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let text = &name.value;
    let diagnostic = Diagnostic::error(
        codes::NO_SUCH_FIELD,
        format!("`run` has no `{text}`"),
        name.span,
        "not known of a run",
    )
    .with_note(format!("it has {}", listed(known.clone())));
    with_suggestion(diagnostic, text, name.span, known)
}

pub(in crate::check) fn run_in_constant(field: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::RUN_NOT_KNOWN,
        format!("`run.{field}` is not constant"),
        span,
        "known only when the pipeline runs",
    )
    .with_help("use it in the pipeline's body, or as an argument of a launch")
}

pub(in crate::check) fn run_in_task(field: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::RUN_NOT_KNOWN,
        format!("a task doesn't know `run.{field}`"),
        span,
        "not an input of the task",
    )
    .with_help(
        "make it an input of the task, and give it at the call; the run's id is `$PIPEC_RUN` in every step",
    )
}

pub(in crate::check) fn run_only_in_hooks(field: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::RUN_NOT_KNOWN,
        format!("`run.{field}` is known only when the run ends"),
        span,
        "not known yet",
    )
    .with_help("use it in a hook: `on success`, `on failure` or `on exit`")
}
