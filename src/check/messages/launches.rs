//! What can be wrong with launches.

use super::{a, to_be_given};
use crate::check::context::Checker;
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::Parameter;
use crate::resolve::suggest;
use crate::source::Span;
use crate::syntax::ast;

pub(crate) fn launch_name_too_long(name: &ast::Name, limit: usize) -> Diagnostic {
    Diagnostic::error(
        codes::BAD_LAUNCH_NAME,
        format!("the name of a launch has at most {limit} characters"),
        name.span,
        format!("{} characters", name.value.len()),
    )
    .with_note("people look for it on the target, so it isn't shortened")
}

pub(crate) fn launch_name_with_edges(name: &ast::Name) -> Diagnostic {
    Diagnostic::error(
        codes::BAD_LAUNCH_NAME,
        "the name of a launch begins and ends with a letter or a digit",
        name.span,
        "",
    )
    .with_note("people look for it on the target, where names can't begin or end otherwise")
}

pub(crate) fn launches_no_pipeline(name: &str, word: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_KIND_OF_NAME,
        format!("`{name}` is {word}, and only a pipeline can be launched"),
        span,
        "no pipeline",
    )
}

pub(crate) fn unknown_argument(name: &ast::Name, pipeline: &str, near: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        codes::UNKNOWN_ARGUMENT,
        format!("the pipeline `{pipeline}` has no input `{}`", name.value),
        name.span,
        "not an input",
    );
    match near {
        Some(near) => diagnostic.with_help(format!("did you mean `{near}`?")).with_fix(suggest::fix(
            &name.value,
            near,
            format!("write `{near}`"),
            name.span,
        )),
        None => diagnostic,
    }
}

pub(crate) fn positional_after_named(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::TOO_MANY_ARGUMENTS,
        "an argument without a name stands before those with one",
        span,
        "after a named one",
    )
    .with_help("give it its name: `name: value`")
}

pub(crate) fn too_many_arguments(pipeline: &str, count: usize, span: Span) -> Diagnostic {
    let inputs = if count == 1 { "one input".to_owned() } else { format!("{count} inputs") };
    Diagnostic::error(
        codes::TOO_MANY_ARGUMENTS,
        format!("the pipeline `{pipeline}` has {inputs}, and this is one argument too many"),
        span,
        "for no input",
    )
}

pub(crate) fn argument_twice(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(
        codes::ARGUMENT_TWICE,
        format!("the argument `{name}` is given twice"),
        span,
        "given again here",
    )
    .with_label(first, "given first here")
}

pub(crate) fn missing_arguments(
    checker: &Checker,
    pipeline: &str,
    missing: &[&Parameter],
    span: Span,
) -> Diagnostic {
    let names: Vec<String> = missing.iter().map(|parameter| format!("`{}`", parameter.name)).collect();
    let (noun, verb) = if names.len() == 1 { ("input", "isn't") } else { ("inputs", "aren't") };
    let mut diagnostic = Diagnostic::error(
        codes::MISSING_ARGUMENT,
        format!("the {noun} {} of `{pipeline}` {verb} given", names.join(", ")),
        span,
        "nobody is there to ask when it runs",
    );
    for parameter in missing {
        let ty = a(&checker.show(&parameter.ty));
        diagnostic = diagnostic
            .with_label(parameter.span, format!("`{}` is {ty}, and has no default", parameter.name));
    }
    let names = missing.iter().map(|parameter| parameter.name.as_str());
    diagnostic.with_help(format!("add `{}`", to_be_given(names)))
}

pub(crate) fn overlap_without_schedule(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::BAD_SCHEDULE,
        "`overlap` says what happens when a scheduled run meets another, and there is no `schedule`",
        span,
        "without a schedule",
    )
    .with_help("add a `schedule`, or leave `overlap` away")
}
