//! Results that are kept, though what they are made from may change: a cached task gets an artifact without a pin.

use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{self, Artifact, Callee, Expr, ExprKind as K};
use crate::source::Span;
use pipec_ir::value::Value;

/// Defaults of a cached task's inputs.
pub(super) fn look_at_task(program: &hir::Program, task: &hir::Task, found: &mut Vec<Diagnostic>) {
    let Some(cached) = cached(&task.settings) else { return };
    for default in task.parameters.iter().filter_map(|parameter| parameter.default.as_ref()) {
        look_at(program, default, &task.name, cached, found);
    }
}

/// Arguments of a cached task's call, also those that come from a default of the pipeline's.
pub(super) fn look_at_call(
    program: &hir::Program,
    pipeline: &hir::Pipeline,
    expr: &Expr,
    found: &mut Vec<Diagnostic>,
) {
    let K::Call(call) = &expr.kind else { return };
    let Callee::Task(id) = call.callee else { return };
    let task = &program.tasks[id.index()];
    let changed = call.settings.iter().find(|setting| setting.name == "cache");
    let settings = changed.map_or(task.settings.as_slice(), std::slice::from_ref);
    let Some(cached) = cached(settings) else { return };
    for argument in &call.arguments {
        let value = default_behind(pipeline, &argument.value).unwrap_or(&argument.value);
        look_at(program, value, &task.name, cached, found);
    }
}

fn default_behind<'a>(pipeline: &'a hir::Pipeline, value: &Expr) -> Option<&'a Expr> {
    if let K::Widen(of) = &value.kind {
        return default_behind(pipeline, of);
    }
    let K::Local(local) = &value.kind else { return None };
    pipeline.parameters.iter().find(|parameter| parameter.local == *local)?.default.as_ref()
}

/// Where it is said that results are kept.
fn cached(settings: &[hir::Setting]) -> Option<Span> {
    let is_on = |setting: &&hir::Setting| {
        setting.name == "cache" && matches!(setting.value.kind, K::Literal(Value::Bool(true)))
    };
    settings.iter().find(is_on).map(|setting| setting.span)
}

fn look_at(program: &hir::Program, value: &Expr, task: &str, cached: Span, found: &mut Vec<Diagnostic>) {
    hir::for_each_expr(value, &mut |part| {
        let constant =
            if let K::Constant(id) = &part.kind { program.constants.get(id.index()) } else { None };
        let artifact = constant.map_or(part, |constant| &constant.value);
        if let K::Artifact(constant) = &artifact.kind
            && let Artifact::Uri { uri, sha256: None, version: None } = &**constant
        {
            found.push(without_pin(uri, part.span, task, cached));
        }
    });
}

fn without_pin(uri: &str, span: Span, task: &str, cached: Span) -> Diagnostic {
    Diagnostic::warning(
        codes::LOOSE_CACHE,
        format!("`{task}` keeps its results, but \"{uri}\" may be another tomorrow"),
        span,
        "has no pin",
    )
    .with_label(cached, "kept here")
    .with_note("a cached step that gets it is run every time, since nothing tells whether it is the same")
    .with_help("pin it: `file(\"…\", sha256: \"…\")` or `version: \"…\"`")
}
