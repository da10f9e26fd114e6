//! Argument vectors: what they don't name, the program isn't told.

use pipec_ir::value::Value;

use super::interface::Interface;
use super::messages;
use super::reading::mentions;
use crate::diagnostics::Diagnostic;
use crate::hir::{Expr, ExprKind, Task, TaskProgram};
use crate::source::Span;

/// What a task's argument vector leaves out.
pub(super) fn findings(task: &Task, run: Span, interface: &Interface) -> Vec<Diagnostic> {
    let Some(TaskProgram::Command { arguments, .. }) = &task.program else { return Vec::new() };
    let mut texts = Vec::new();
    arguments.iter().for_each(|argument| texts_of(argument, &mut texts));
    if reads_environment(task, &texts) {
        return Vec::new();
    }
    let is_written = |name: &str| {
        texts.iter().any(|text| mentions(text, &format!("${name}")) || text.contains(&format!("${{{name}")))
    };
    let inputs: Vec<_> = interface.unused_inputs().filter(|(name, _)| !is_written(name)).collect();
    let names_none = inputs.len() == interface.inputs.len() && inputs.len() > 1;
    let mut found = Vec::new();
    if names_none {
        found.push(messages::vector_without_inputs(run, &inputs));
    } else {
        found.extend(inputs.iter().map(|(name, span)| messages::input_not_in_vector(name, *span, run)));
    }
    let outputs = interface.unused_outputs().filter(|output| !is_written(&output.name));
    found.extend(outputs.map(|output| messages::output_not_in_vector(&output.name, output.span, run)));
    found
}

/// Texts that are written in an argument.
fn texts_of<'t>(argument: &'t Expr, texts: &mut Vec<&'t str>) {
    if let ExprKind::Literal(Value::String(text)) = &argument.kind {
        texts.push(text);
    } else if let ExprKind::Interpolate(parts) = &argument.kind {
        parts.iter().for_each(|part| texts_of(part, texts));
    }
}

/// Whether the program surely is, or is a part of, what may look into the environment by itself: a program among
/// `files`, or one whose business that is.
fn reads_environment(task: &Task, texts: &[&str]) -> bool {
    let is_file = |text: &&str| {
        let path = text.strip_prefix("./").unwrap_or(text);
        task.files.iter().any(|file| {
            file.place == "." || path == file.place || path.starts_with(&format!("{}/", file.place))
        })
    };
    texts.iter().any(is_file)
        || texts.first().is_some_and(|program| matches!(*program, "env" | "printenv"))
        || texts.contains(&"-m")
}
