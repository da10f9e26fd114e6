//! Runs an IR on this machine: steps are processes, as many at a time as there are cores.
//!
//! [`run`] first checks everything that can be known before a run ([`preflight`](self)), reads the entry's values, and
//! then hands the graph to the scheduler. A step's side of the contract (its directory, its environment, its outputs) is
//! kept by `step` and `artifacts`; what an expression means is `pipec_ir::eval`'s business alone.
//!
//! In reading order: `request` (what is asked for), `preflight`, `inputs`, `schedule`, `step`, `artifacts`, `report` (what
//! comes of it), and `observer` (who watches).

mod artifacts;
mod cancel;
mod error;
mod facts;
mod inputs;
mod observer;
mod places;
mod preflight;
mod report;
mod request;
mod schedule;
mod secrets;
mod step;
mod suggestions;

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use pipec_ir::{Program, Value, to_json};

pub use cancel::Cancel;
pub use error::{Refusal, RunError};
pub use observer::{Answer, Event, Observer, Silent};
pub use report::{Counts, Failure, RunOutput, RunReport, RunStatus};
pub use request::{Approvals, RunRequest};

use artifacts::captured::Captured;
use facts::{RunFacts, milliseconds_since};
use inputs::{Entry, entry_arguments};
use schedule::{End, Finished, Job};
use step::{StepContext, write_prelude};

/// Runs the program's entry to its end. An `Err` means that nothing of it has run; a run that failed is a report.
pub fn run(
    program: &Program,
    request: &RunRequest,
    cancel: &Cancel,
    observer: &mut dyn Observer,
) -> Result<RunReport, RunError> {
    pipec_ir::validate(program).map_err(invalid)?;
    let entry = Entry::find(program, request.entry.as_deref())?;
    let ready = preflight::check(program, entry, request, observer.can_ask()).map_err(RunError::Refused)?;
    let timezone = entry.launch.and_then(|launch| launch.timezone.as_deref());
    let name = entry.launch.map_or(entry.pipeline.name.as_str(), |_| entry.name);
    let facts = RunFacts::new(name, request.at.as_deref(), timezone)?;

    let directory = make_directory(&request.state_directory, &facts.id)?;
    let captured = Captured::new(program, directory.join("captured"));
    let arguments = entry_arguments(program, entry, request, &facts, &captured).map_err(|refusals| {
        remove_directory(&directory);
        RunError::Refused(refusals)
    })?;
    let prelude =
        write_prelude(&directory).map_err(|error| RunError::machine("write a file in", &directory, error))?;
    let inherited = inherited(request);
    let context = StepContext { program, facts, captured, secrets: ready.secrets, inherited, prelude };

    observer.event(&Event::RunStarted { run_id: &context.facts.id, directory: &directory });
    let steps = directory.join("steps");
    let job = Job { program, entry, request, context: &context, directory: &steps };
    let finished = schedule::run(job, arguments, cancel, observer);
    Ok(report(program, entry, &context.facts, directory, finished, ready.notes))
}

fn invalid(found: Vec<pipec_ir::Invalid>) -> RunError {
    RunError::Refused(
        found.iter().map(|invalid| Refusal::new(format!("invalid program: {invalid}"))).collect(),
    )
}

/// A directory for this run alone.
fn make_directory(state: &Path, id: &str) -> Result<PathBuf, RunError> {
    let directory = state.join("runs").join(id);
    if directory.to_str().is_none() {
        return Err(Refusal::new(format!("the path {} isn't UTF-8", directory.display())).into());
    }
    let parent = state.join("runs");
    fs::create_dir_all(&parent).map_err(|error| RunError::machine("make the directory", &parent, error))?;
    fs::create_dir(&directory).map_err(|error| RunError::machine("make the directory", &directory, error))?;
    Ok(directory)
}

fn remove_directory(directory: &Path) {
    let _ = artifacts::own::make_removable(directory);
    let _ = fs::remove_dir_all(directory);
}

/// PATH, and what the request passes on.
fn inherited(request: &RunRequest) -> Vec<(OsString, OsString)> {
    let mut variables = vec![(OsString::from("PATH"), search_path(request))];
    for name in &request.pass_env {
        if let Some(value) = request.environment.get(OsStr::new(name)) {
            variables.push((OsString::from(name), value.clone()));
        }
    }
    variables
}

fn search_path(request: &RunRequest) -> OsString {
    let path = request.environment.get(OsStr::new("PATH")).cloned();
    path.unwrap_or_else(|| OsString::from("/usr/local/bin:/usr/bin:/bin"))
}

fn report(
    program: &Program,
    entry: Entry<'_>,
    facts: &RunFacts,
    directory: PathBuf,
    finished: Finished,
    notes: Vec<String>,
) -> RunReport {
    let Finished { end, failures, caught, hook_failures, counts } = finished;
    let (status, outputs) = match end {
        End::Succeeded(value) => (RunStatus::Succeeded, run_outputs(program, entry, value.as_deref())),
        End::Failed => (RunStatus::Failed, Vec::new()),
        End::Cancelled => (RunStatus::Cancelled, Vec::new()),
    };
    RunReport {
        run_id: facts.id.clone(),
        name: facts.name.clone(),
        status,
        directory,
        duration_ms: milliseconds_since(facts.started),
        outputs,
        failures,
        caught,
        hook_failures,
        counts,
        notes,
    }
}

fn run_outputs(program: &Program, entry: Entry<'_>, value: Option<&Value>) -> Vec<RunOutput> {
    let results = &entry.pipeline.results;
    let output = |position: usize| match (results, value) {
        (pipec_ir::Results::Named(_), Some(Value::Record(fields))) => {
            fields.get(position).map(|(_, value)| value)
        }
        (_, value) => value,
    };
    let outputs = results.outputs().iter().enumerate().map(|(position, declared)| RunOutput {
        name: declared.name.clone(),
        value: to_json(output(position).unwrap_or(&Value::Null), &declared.ty, &program.types),
    });
    outputs.collect()
}
