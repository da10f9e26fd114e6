//! How a run ended: its outputs on standard output, all else on standard error.

use std::time::Duration;

use pipec_engine::{Failure as StepFailure, RunReport, RunStatus};
use serde_json::Value as Json;

use super::progress::seconds;
use crate::cli::failure::Failure;
use crate::cli::input::shown;
use crate::cli::terminal::Terminal;
use crate::diagnostics::printable::in_lines;

pub(super) fn print(report: &RunReport, as_json: bool, terminal: Terminal) -> Result<(), Failure> {
    let mut said = String::new();
    for failure in &report.failures {
        said.push_str(&step_failure("failed", failure));
    }
    for failure in &report.hook_failures {
        said.push_str(&step_failure("failed in a hook, which doesn't change the outcome", failure));
    }
    for note in &report.notes {
        said.push_str(&format!("note: {note}\n"));
    }
    said.push_str(&summary(report));
    terminal.print_error(&said);
    if report.status != RunStatus::Succeeded {
        return Ok(());
    }
    terminal.print(&if as_json {
        format!("{}\n", pipec_ir::canonical_json(&report.outputs_json()))
    } else {
        list(report)
    })
}

fn step_failure(how: &str, failure: &StepFailure) -> String {
    let mut text = format!("{} {how}: {}\n", failure.step, in_lines(&*failure.message));
    if let Some(place) = &failure.place {
        text.push_str(&format!("  at {place}\n"));
    }
    if !failure.last_lines.is_empty() {
        text.push_str("  the last it said:\n");
        text.extend(failure.last_lines.iter().map(|line| format!("  │ {}\n", in_lines(&**line))));
    }
    if let Some(log) = &failure.log {
        text.push_str(&format!("  all of it: {}\n", shown(log)));
    }
    text
}

/// `succeeded: 6 steps in 2.1 s; logs and artifacts are in .pipec/runs/…`
fn summary(report: &RunReport) -> String {
    let status = match report.status {
        RunStatus::Succeeded => "succeeded",
        RunStatus::Failed => "failed",
        RunStatus::Cancelled => "cancelled",
    };
    let counts = &report.counts;
    let mut parts =
        vec![format!("{} {}", counts.succeeded, if counts.succeeded == 1 { "step" } else { "steps" })];
    let others =
        [(counts.failed, "failed"), (counts.cancelled, "cancelled"), (counts.retries, "tried again")];
    parts
        .extend(others.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")));
    let time = seconds(Duration::from_millis(report.duration_ms));
    format!(
        "{status}: {} in {time}; logs and artifacts are in {}\n",
        parts.join(", "),
        shown(&report.directory)
    )
}

/// The outputs for a person: a line each, text as it is.
fn list(report: &RunReport) -> String {
    let width = report.outputs.iter().map(|output| output.name.chars().count()).max().unwrap_or(0);
    let line = |name: &str, value: &Json| match value.as_str().filter(|text| !text.contains('\n')) {
        Some(text) => format!("{name:<width$}  {text}\n"),
        None => format!("{name:<width$}  {value}\n"),
    };
    report.outputs.iter().map(|output| line(&output.name, &output.value)).collect()
}
