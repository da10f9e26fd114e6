//! Argument vectors: what they don't name, the program isn't told.

use foldhash::HashSet;
use pipec_ir::value::Value;

use super::interface::Interface;
use super::messages;
use super::reading::mentions;
use super::tags::tags;
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
    let mut found = foreign_tags(arguments, interface);
    let tagged: HashSet<&str> = texts.iter().flat_map(|text| tags(text)).map(|tag| tag.name).collect();
    let is_written = |name: &str| {
        let is_in = |text: &&str| mentions(text, &format!("${name}")) || text.contains(&format!("${{{name}"));
        tagged.contains(name) || texts.iter().any(is_in)
    };
    let inputs: Vec<_> = interface.unused_inputs().filter(|(name, _)| !is_written(name)).collect();
    let names_none = inputs.len() == interface.inputs.len() && inputs.len() > 1;
    if names_none {
        found.push(messages::vector_without_inputs(run, &inputs));
    } else {
        found.extend(inputs.iter().map(|(name, span)| messages::input_not_in_vector(name, *span, run)));
    }
    let outputs = interface.unused_outputs().filter(|output| !is_written(&output.name));
    found.extend(outputs.map(|output| messages::output_not_in_vector(&output.name, output.span, run)));
    found
}

/// Tags of other systems that name an input or an output of the task.
fn foreign_tags(arguments: &[Expr], interface: &Interface) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for argument in arguments {
        let mut texts = Vec::new();
        texts_of(argument, &mut texts);
        for text in texts {
            let known = tags(text).filter(|tag| interface.variables.contains_key(tag.name));
            found.extend(
                known.map(|tag| messages::foreign_tag_in_vector(&text[tag.place], tag.name, argument.span)),
            );
        }
    }
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
