//! What a target can't do, as findings.

use super::super::failure::Failure;
use super::super::{compile, refusals};
use crate::compiler::{Checked, NoProgram};
use crate::diagnostics::Severity;
use crate::lower::NoEntry;
use crate::project;
use crate::source::{FileId, Loader, Span};

/// Adds what a target can't do to the findings of a program without errors.
pub(super) fn check_target(
    checked: &mut Checked,
    target: &project::Target,
    loader: &dyn Loader,
    attempt: &str,
) -> Result<(), Failure> {
    if checked.has_errors() {
        return Ok(());
    }
    let mut entries: Vec<Option<String>> = vec![None];
    let mut found = Vec::new();
    while let Some(entry) = entries.pop() {
        let program = match checked.ir(entry.as_deref(), loader) {
            Ok(program) => program,
            Err(NoProgram::NoEntry(NoEntry::Several(names))) => {
                entries.extend(names.into_iter().rev().map(Some));
                continue;
            }
            Err(
                NoProgram::Errors
                | NoProgram::NoEntry(NoEntry::Empty | NoEntry::Generic(_) | NoEntry::Unknown { .. }),
            ) => continue,
            Err(NoProgram::Capture(errors)) => {
                return Err(errors.iter().fold(Failure::new(attempt), |failure, error| {
                    failure.because(format!("can't read `{}`", error.path)).because_io(&error.cause)
                }));
            }
        };
        let (said, severity) = match compile::compile_for(target, &program) {
            Ok(compiled) => (compiled.warnings, Severity::Warning),
            Err(refusals) => (refusals, Severity::Error),
        };
        let file = checked.entry_file();
        found.extend(said.iter().map(|refusal| {
            refusals::diagnostic(refusal, severity, &program, &checked.sources)
                .unwrap_or_else(|| refusals::diagnostic_at(refusal, severity, start_of(file)))
        }));
    }
    checked.diagnostics.extend(found);
    Ok(())
}

fn start_of(file: FileId) -> Span {
    Span::new(file, 0, 0)
}
