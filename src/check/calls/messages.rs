//! What can be wrong with calls and what stands around them.

use super::super::expressions::messages::{described, listed, plural, with_article, with_suggestion};
use crate::check::context::{Checker, Scope};
use crate::check::expressions::written;
use crate::check::foreign;
use crate::check::library;
use crate::check::messages::{a, to_be_given};
use crate::diagnostics::{Applicability, Diagnostic, Edit, Fix, codes};
use crate::hir::{self, Definition, LocalId, LocalKind};
use crate::source::Span;
use crate::syntax::ast;

// What is called

pub(super) fn only_names_are_called(span: Span) -> Diagnostic {
    Diagnostic::error(codes::NOT_CALLABLE, "only what has a name is called", span, "can't be called")
        .with_help("call a task, a pipeline, a type or a function: `fit(…)`, `features.build(…)`")
}

/// `xs.len()`
pub(super) fn method_call(name: &ast::Name) -> Diagnostic {
    let text = &name.value;
    let finding = Diagnostic::error(
        codes::NOT_CALLABLE,
        "no value has something to call behind a dot",
        name.span,
        "not a field that can be called",
    );
    match (library::function(text), foreign::function(text)) {
        (Some(function), _) => {
            finding.with_help(format!("the value is an argument of the function: `{}`", function.signature))
        }
        (None, Some(foreign)) => finding.with_help(foreign.instead),
        (None, None) => finding.with_help("what isn't a function of the library is done by a task"),
    }
}

pub(super) fn local_is_called(local: &hir::Local, word: &str, span: Span) -> Diagnostic {
    let name = &local.name;
    Diagnostic::error(
        codes::NOT_CALLABLE,
        format!("`{name}` is a name of this pipeline, not a task, pipeline or function"),
        span,
        "can't be called",
    )
    .with_label(local.span, with_article(word))
}

pub(super) fn not_callable(name: &str, definition: &Definition, span: Span) -> Diagnostic {
    let what = described(definition);
    let diagnostic = Diagnostic::error(
        codes::NOT_CALLABLE,
        format!("`{name}` is {what}, which can't be called"),
        span,
        format!("{what}, not a task, pipeline or function"),
    );
    if matches!(definition, Definition::Record(_)) {
        return diagnostic.with_help(format!(
            "a record is written in braces: `{{ field: value }}` where {} is expected",
            a(name)
        ));
    }
    if matches!(definition, Definition::Enum(_)) {
        return diagnostic.with_help(format!("name one of its variants: `{name}.…`"));
    }
    diagnostic
}

pub(super) fn type_takes_one(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::NOT_CALLABLE,
        format!("`{name}(…)` makes {} of one value", a(name)),
        span,
        "not one value",
    )
}

pub(super) fn type_of_no_values(name: &str, shown: &str, span: Span, declared: Span) -> Diagnostic {
    Diagnostic::error(
        codes::NOT_CALLABLE,
        format!("`{name}(…)` can't make {}: it stands for `{shown}`, which isn't a value", a(name)),
        span,
        "not a type of values",
    )
    .with_label(declared, "declared here")
    .with_note("an artifact gets such a type from a task that declares it as its output, or as `file(…)` or `dir(…)`")
}

// Where a call may stand

fn fix_by_binding(diagnostic: Diagnostic, call: &ast::Call) -> Diagnostic {
    let name = written(&call.callee).unwrap_or_else(|| "f".to_owned());
    diagnostic.with_help(format!(
        "bind it first, on a line of its own: `result = {name}(…)`, and use `result` here"
    ))
}

pub(super) fn call_in_text(call: &ast::Call, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        codes::CALL_NOT_EVALUATED,
        "a call can't stand inside of `\"${…}\"`",
        span,
        "runs a step",
    );
    fix_by_binding(diagnostic, call)
}

pub(super) fn call_in_settings(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::CALL_NOT_EVALUATED,
        "a call can't stand in the settings of another",
        span,
        "runs a step",
    )
    .with_help("bind it first, on a line of its own, and use the name here")
}

pub(super) fn call_in_until(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::CALL_NOT_EVALUATED,
        "what stands behind `until` only looks at the state",
        span,
        "runs a step",
    )
    .with_help("call it in the body of the `repeat`, and put what `until` needs into the state")
}

pub(super) fn call_not_always_evaluated(
    call: &ast::Call,
    operator: &str,
    span: Span,
    whole: Span,
) -> Diagnostic {
    let name = written(&call.callee).unwrap_or_else(|| "f".to_owned());
    let help = match operator {
        "and" => format!("say so with an `if`: `if a {{ {name}(…) }} else {{ false }}`"),
        "or" => format!("say so with an `if`: `if a {{ true }} else {{ {name}(…) }}`"),
        _ => format!("say so with an `if`: `if a != null {{ a }} else {{ {name}(…) }}`"),
    };
    Diagnostic::error(
        codes::CALL_NOT_EVALUATED,
        format!("a call can't stand to the right of `{operator}`, where it may not be needed"),
        span,
        "runs a step, or not",
    )
    .with_label(whole, format!("the left side decides whether the right side of `{operator}` is looked at"))
    .with_note("a step that may or may not run is seen in the graph: an `if` shows it")
    .with_help(help)
}

pub(super) fn call_in_constant(span: Span) -> Diagnostic {
    Diagnostic::error(codes::NOT_CONSTANT, "a constant can't run a step", span, "runs a step")
        .with_note("constants are known before anything runs")
}

pub(super) fn call_in_task(span: Span) -> Diagnostic {
    Diagnostic::error(codes::CALL_NOT_EVALUATED, "a task can't run another step", span, "runs a step")
        .with_help("call both in a pipeline, and give the one's output to the other as an input")
}

pub(super) fn call_in_launch(span: Span) -> Diagnostic {
    Diagnostic::error(codes::CALL_NOT_EVALUATED, "a launch's argument can't run a step", span, "runs a step")
        .with_help("call it in the pipeline that is launched")
}

// Arguments

pub(super) fn positional_after_named(span: Span, first_named: Option<Span>) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        codes::TOO_MANY_ARGUMENTS,
        "arguments without a name come first",
        span,
        "without a name, after one that has one",
    );
    let diagnostic = match first_named {
        Some(first) => diagnostic.with_label(first, "the first with a name"),
        None => diagnostic,
    };
    diagnostic.with_help("write its name before it, or move it to the front")
}

pub(super) fn argument_twice(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(
        codes::ARGUMENT_TWICE,
        format!("the argument `{name}` is given twice"),
        span,
        "given again here",
    )
    .with_label(first, "given first here")
}

pub(super) fn too_many_arguments(
    name: &str,
    declared: Span,
    count: usize,
    first: Span,
    surplus: usize,
) -> Diagnostic {
    let takes = match count {
        0 => "takes no arguments".to_owned(),
        count => format!("takes {count} {}", plural(count, "argument")),
    };
    let label = if surplus == 1 {
        "one too many".to_owned()
    } else {
        format!("this and {} more are too many", surplus - 1)
    };
    Diagnostic::error(codes::TOO_MANY_ARGUMENTS, format!("`{name}` {takes}"), first, label)
        .with_label(declared, "declared here")
}

pub(super) fn unknown_argument(
    name: &ast::Name,
    title: &str,
    declared: Span,
    parameters: &[hir::Parameter],
    given: &[Option<Span>],
) -> Diagnostic {
    let text = &name.value;
    let all = parameters.iter().map(|parameter| parameter.name.as_str());
    let open = parameters
        .iter()
        .zip(given)
        .filter(|(_, given)| given.is_none())
        .map(|(parameter, _)| parameter.name.as_str());
    let takes = if parameters.is_empty() {
        "it has no inputs".to_owned()
    } else {
        format!("its inputs are {}", listed(all))
    };
    let diagnostic = Diagnostic::error(
        codes::UNKNOWN_ARGUMENT,
        format!("`{title}` has no input `{text}`"),
        name.span,
        "no such input",
    )
    .with_label(declared, takes);
    with_suggestion(diagnostic, text, name.span, open)
}

pub(super) fn missing_arguments(
    checker: &Checker<'_>,
    scope: &Scope,
    title: &str,
    call: &ast::Call,
    missing: &[&hir::Parameter],
    displaced: Option<&ast::Argument>,
) -> Diagnostic {
    let names = listed(missing.iter().map(|parameter| parameter.name.as_str()));
    let word = if missing.len() == 1 { "the argument" } else { "the arguments" };
    let (place, label) = match (displaced, missing) {
        (Some(argument), [first, ..]) => (argument.span, format!("`{}` is missing before this", first.name)),
        (_, _) => (call.callee.span.to(call.arguments_span), "missing here".to_owned()),
    };
    let mut diagnostic = Diagnostic::error(
        codes::MISSING_ARGUMENT,
        format!("{word} {names} of `{title}` must be given"),
        place,
        label,
    );
    for parameter in missing {
        let ty = a(&checker.show(&parameter.ty));
        diagnostic = diagnostic
            .with_label(parameter.span, format!("`{}` is {ty}, and has no default", parameter.name));
    }
    let fix = match (displaced, missing) {
        (Some(argument), [only]) => insertion(checker, scope, only, argument),
        (Some(_), _) => None,
        (None, _) => same_names(scope, missing).map(|text| argument_fix(call, &text)),
    };
    match (fix, displaced) {
        (Some(fix), _) => diagnostic.with_fix(fix),
        (None, Some(_)) => diagnostic,
        (None, None) => {
            let given = to_be_given(missing.iter().map(|parameter| parameter.name.as_str()));
            diagnostic.with_help(format!("add `{given}`, or give it a default where it is declared"))
        }
    }
}

/// The only name at hand that can be the missing argument, put before the one at its place.
fn insertion(
    checker: &Checker<'_>,
    scope: &Scope,
    missing: &hir::Parameter,
    before: &ast::Argument,
) -> Option<Fix> {
    let fits = |local: &LocalId| {
        let ty = scope.local(*local).ty.as_ref();
        ty.is_some_and(|ty| checker.always_becomes(ty, &missing.ty))
    };
    let mut fitting = scope.visible.iter().filter(|(_, local)| fits(local)).map(|(name, _)| name);
    let same = scope.find(&missing.name).filter(fits).map(|_| &missing.name);
    let name = match same {
        Some(same) => same,
        None => fitting.next().filter(|_| fitting.next().is_none())?,
    };
    let at = Span { end: before.span.start, ..before.span };
    Some(Fix {
        title: format!("put `{name}` there"),
        edits: vec![Edit { span: at, replacement: format!("{name}, ") }],
        applicability: Applicability::Unsafe,
    })
}

/// `rows: rows`, where the names at hand are those that are missing.
fn same_names(scope: &Scope, missing: &[&hir::Parameter]) -> Option<String> {
    let mut text = Vec::with_capacity(missing.len());
    for parameter in missing {
        let local = scope.find(&parameter.name)?;
        if scope.local(local).ty.as_ref() != Some(&parameter.ty) {
            return None;
        }
        text.push(format!("{0}: {0}", parameter.name));
    }
    Some(text.join(", "))
}

fn argument_fix(call: &ast::Call, text: &str) -> Fix {
    let parentheses = call.arguments_span;
    let (at, text) = match call.arguments.last() {
        Some(last) => (last.span.end, format!(", {text}")),
        None => (parentheses.start + 1, text.to_owned()),
    };
    Fix {
        title: format!("add `{}`", text.trim_start_matches(", ")),
        edits: vec![Edit { span: Span { start: at, end: at, ..parentheses }, replacement: text }],
        applicability: Applicability::Unsafe,
    }
}

/// Two arguments that stand in each other's place.
pub(super) fn swapped(
    checker: &Checker<'_>,
    title: &str,
    first: (&ast::Argument, &hir::Parameter),
    second: (&ast::Argument, &hir::Parameter),
) -> Diagnostic {
    let ((first, first_input), (second, second_input)) = (first, second);
    let declared = |input: &hir::Parameter| {
        format!("`{title}` declares `{}` as `{}`", input.name, checker.show(&input.ty))
    };
    let diagnostic = Diagnostic::error(
        codes::TYPE_MISMATCH,
        format!(
            "the arguments `{}` and `{}` of `{title}` stand in each other's place",
            first_input.name, second_input.name
        ),
        first.span,
        format!("this fits `{}`", second_input.name),
    )
    .with_label(second.span, format!("and this `{}`", first_input.name))
    .with_label(first_input.ty_span, declared(first_input))
    .with_label(second_input.ty_span, declared(second_input));
    let (Some(left), Some(right)) = (written(&first.value), written(&second.value)) else {
        return diagnostic;
    };
    diagnostic.with_fix(Fix {
        title: "swap them".to_owned(),
        edits: vec![
            Edit { span: first.span, replacement: right },
            Edit { span: second.span, replacement: left },
        ],
        applicability: Applicability::Unsafe,
    })
}

// What stands around a call

pub(super) fn try_of_no_call(whole: Span, inner: Span) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_SURROUNDINGS,
        "`try` stands before a call of a task or a pipeline, or before `approve` or `sleep`",
        inner,
        "not such a call",
    )
    .with_label(whole, "tried here")
}

pub(super) fn with_of_no_task(span: Span, pipeline: Option<(&str, Span)>) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        codes::WRONG_SURROUNDINGS,
        "`with` changes settings of a task's call",
        span,
        "not behind a call of a task",
    );
    match pipeline {
        Some((name, declared)) => diagnostic
            .with_label(declared, format!("`{name}` is a pipeline: its tasks have settings, it has none"))
            .with_help(
                "write `with` behind the call of the task, or make what differs an input of the pipeline",
            ),
        None => diagnostic,
    }
}

pub(super) fn with_twice(span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(codes::WRONG_SURROUNDINGS, "a call has one `with`", span, "the second one")
        .with_label(first, "the first one")
        .with_help("put all settings into one pair of braces")
}

pub(super) fn after_of_no_step(name: Span, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_SURROUNDINGS,
        "`after` stands behind a call, a branch, a loop or a gate",
        span,
        "starts nothing that could wait",
    )
    .with_label(name, "what it would wait for")
}

pub(super) fn nothing_to_wait_for(name: &ast::Name, local: &hir::Local, word: &str) -> Diagnostic {
    let label = match local.kind {
        LocalKind::Parameter => "an input: it is there from the start".to_owned(),
        LocalKind::Output
        | LocalKind::Binding
        | LocalKind::LoopItem
        | LocalKind::LoopIndex
        | LocalKind::State
        | LocalKind::MatchField => format!("{}: it is there when the block starts", with_article(word)),
    };
    Diagnostic::error(
        codes::WRONG_AFTER,
        format!("there is nothing to wait for: `{}` is no step", name.value),
        name.span,
        "not a step",
    )
    .with_label(local.span, label)
    .with_help("name the binding of a step: `a = f(…)`, then `g(…) after a`")
}

pub(super) fn waits_twice(name: &ast::Name) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_AFTER,
        format!("`{}` is named twice", name.value),
        name.span,
        "named before",
    )
}

pub(super) fn gate_takes(word: &str, span: Span) -> Diagnostic {
    let help = match word {
        "approve" => "write `approve(\"Ship it?\")` or `approve(\"Ship it?\", timeout: 2d)`",
        _ => "write `sleep(10m)`",
    };
    Diagnostic::error(
        codes::WRONG_SURROUNDINGS,
        format!("`{word}` doesn't take these arguments"),
        span,
        "not what it takes",
    )
    .with_help(help)
}

pub(super) fn nothing_waits(word: &str, span: Span) -> Diagnostic {
    let help = match word {
        "approve" => {
            "bind it and wait for it: `ok = approve(…)`, then `deploy(…) after ok`; or ask with `ok = try approve(…)` and `if ok { … }`"
        }
        _ => "bind it and wait for it: `pause = sleep(…)`, then `poll(…) after pause`",
    };
    Diagnostic::error(
        codes::NOTHING_WAITS,
        format!("nothing waits for this `{word}`"),
        span,
        "holds nothing back",
    )
    .with_note("order comes from data and from `after`, not from the order of lines")
    .with_help(help)
}

pub(super) fn no_time_to_answer(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_AMOUNT,
        "the timeout of `approve` is longer than nothing",
        span,
        "no time at all",
    )
    .with_help("say how long to wait for the answer, such as `timeout: 2d`; without one it has no end")
}

pub(super) fn negative_sleep(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_AMOUNT,
        "`sleep` can't take less than no time",
        span,
        "a negative duration",
    )
}
