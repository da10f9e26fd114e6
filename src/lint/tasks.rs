//! What a task doesn't say.

use crate::diagnostics::{Diagnostic, codes};
use crate::hir;

pub(super) fn look(task: &hir::Task, found: &mut Vec<Diagnostic>) {
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
