//! What a task doesn't use, and what it doesn't say.

use std::collections::HashSet;

use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{self, ExprKind, LocalId, LocalKind, TaskProgram};

pub(super) fn look(task: &hir::Task, found: &mut Vec<Diagnostic>) {
    if let Some(TaskProgram::Command { arguments, .. }) = &task.program {
        unused_inputs(task, arguments, found);
    }
    let has = |name: &str| task.settings.iter().any(|setting| setting.name == name);
    if !has("resources") {
        let message = format!("the task `{}` doesn't say what it needs", task.name);
        found.push(
            Diagnostic::warning(codes::NO_RESOURCES, message, task.span, "has no `resources`")
                .with_help("write for example `resources: { cpu: 1, memory: 512Mi }`"),
        );
    }
    if !has("timeout") {
        let message = format!("the task `{}` may run for ever", task.name);
        found.push(
            Diagnostic::warning(codes::NO_TIMEOUT, message, task.span, "has no `timeout`")
                .with_help("write for example `timeout: 1h`: the longest time of one attempt"),
        );
    }
}

/// Inputs that an argument vector doesn't name, though it names others, or outputs. One that names none at all is of a
/// program that reads its environment.
fn unused_inputs(task: &hir::Task, arguments: &[hir::Expr], found: &mut Vec<Diagnostic>) {
    let mut used = HashSet::new();
    arguments.iter().for_each(|argument| locals_of(argument, &mut used));
    if used.is_empty() {
        return;
    }
    task.settings.iter().for_each(|setting| locals_of(&setting.value, &mut used));
    for (index, local) in (0u32..).zip(&task.locals) {
        let is_unused = local.kind == LocalKind::Parameter && !used.contains(&LocalId(index));
        if is_unused && !local.name.starts_with('_') {
            let message = format!("the input `{}` is never used", local.name);
            found.push(
                Diagnostic::warning(codes::UNUSED, message, local.span, "not among the program's arguments")
                    .with_help("hand it to the program, or take it away"),
            );
        }
    }
}

fn locals_of(expr: &hir::Expr, used: &mut HashSet<LocalId>) {
    hir::for_each_expr(expr, &mut |part| {
        if let ExprKind::Local(local) = part.kind {
            used.insert(local);
        }
    });
}
