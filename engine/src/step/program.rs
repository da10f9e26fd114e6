//! A task's program as arguments for the operating system: a script for its interpreter, or the argument vector.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use pipec_ir::text::plain_text;
use pipec_ir::{Expr, Interpreter, Run, Span, Value, evaluate};

use super::bindings::Presenter;
use super::python::Block;
use super::{Attempt, StepContext, TaskScope};
use crate::error::io_message;

#[derive(Debug)]
pub(super) struct Invocation {
    /// The program first.
    pub(super) arguments: Vec<OsString>,
    /// Where the prelude of a python block writes what the block assigned.
    pub(super) python_result: Option<PathBuf>,
}

/// An error is a sentence.
pub(super) fn invocation(
    context: &StepContext<'_>,
    attempt: &Attempt<'_>,
    presenter: &Presenter<'_>,
    places: &[(String, String)],
    scope: &TaskScope<'_>,
) -> Result<Invocation, String> {
    match &attempt.task.run {
        Run::Command(elements) => {
            let arguments = elements.iter().map(|element| argument(context, element, scope));
            Ok(Invocation { arguments: arguments.collect::<Result<_, _>>()?, python_result: None })
        }
        Run::Script { interpreter: Interpreter::Bash, text, .. } => shell("bash", text, attempt),
        Run::Script { interpreter: Interpreter::Sh, text, .. } => shell("sh", text, attempt),
        Run::Script { interpreter: Interpreter::Python, text, span } => {
            python(context, attempt, presenter, places, text, *span)
        }
    }
}

/// One argument, whatever the value contains.
fn argument(context: &StepContext<'_>, element: &Expr, scope: &TaskScope<'_>) -> Result<OsString, String> {
    let types = &context.program.types;
    let value =
        evaluate(element, types, scope).map_err(|fault| format!("an argument of the program: {fault}"))?;
    if let Value::Artifact(artifact) = &value {
        return Ok(OsString::from(&artifact.place));
    }
    plain_text(&value, &element.ty, types)
        .map(OsString::from)
        .ok_or_else(|| format!("an argument of the program is {}", value.kind_name()))
}

fn shell(interpreter: &str, text: &str, attempt: &Attempt<'_>) -> Result<Invocation, String> {
    let script = attempt.directory.join("program.sh");
    fs::write(&script, format!("{text}\n")).map_err(|error| io_message("write", &script, &error))?;
    Ok(Invocation {
        arguments: vec![OsString::from(interpreter), script.into_os_string()],
        python_result: None,
    })
}

fn python(
    context: &StepContext<'_>,
    attempt: &Attempt<'_>,
    presenter: &Presenter<'_>,
    places: &[(String, String)],
    text: &str,
    span: Option<Span>,
) -> Result<Invocation, String> {
    let job_file = attempt.directory.join("python-job.json");
    let result_file = attempt.directory.join("python-result.json");
    let block = Block {
        text,
        span,
        sources: &context.program.sources,
        task: attempt.task,
        arguments: &attempt.arguments,
        outputs: places,
    };
    let job = block.job(presenter, &result_file)?;
    fs::write(&job_file, job.to_string()).map_err(|error| io_message("write", &job_file, &error))?;
    let prelude = context.prelude.clone().into_os_string();
    Ok(Invocation {
        arguments: vec![OsString::from("python3"), prelude, job_file.into_os_string()],
        python_result: Some(result_file),
    })
}
