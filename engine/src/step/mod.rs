//! One attempt of one step: a fresh directory, an environment that is exactly what is written, the program as a process,
//! and its outputs read and checked.

mod bindings;
mod environment;
mod log;
mod outputs;
mod process;
mod program;
mod python;
pub(crate) mod retry;
mod scope;
pub(crate) mod settings;
pub(crate) mod stop;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use pipec_ir::{Program, Task, Value};

use crate::artifacts::captured::{Captured, deliver};
use crate::artifacts::own::make_removable;
use crate::error::io_message;
use crate::facts::RunFacts;
use crate::secrets::Secrets;
use bindings::{Bindings, Presenter, path_text};
use environment::{Environment, too_large};
use outputs::{OutputReader, output_places};
use process::{Ended, STARTING, signal_name};
use program::Invocation;
use stop::{StopReason, StopSwitch};

pub(crate) use python::PRELUDE;
pub(crate) use scope::TaskScope;

/// What all attempts of a run share.
#[derive(Debug)]
pub(crate) struct StepContext<'a> {
    pub(crate) program: &'a Program,
    pub(crate) facts: RunFacts,
    pub(crate) captured: Captured<'a>,
    pub(crate) secrets: Secrets,
    /// PATH and what `pass_env` names.
    pub(crate) inherited: Vec<(std::ffi::OsString, std::ffi::OsString)>,
    /// The file with the prelude of python blocks.
    pub(crate) prelude: PathBuf,
}

/// One attempt.
#[derive(Debug)]
pub(crate) struct Attempt<'a> {
    pub(crate) task: &'a Task,
    /// From 1.
    pub(crate) number: u32,
    pub(crate) arguments: Arc<Vec<(String, Value)>>,
    /// Doesn't exist yet.
    pub(crate) directory: PathBuf,
    pub(crate) timeout: Option<Duration>,
    pub(crate) stop: Arc<StopSwitch>,
}

/// Why an attempt failed, and whether it is worth another one.
#[derive(Debug)]
pub(crate) enum Cause {
    /// The program ended with this status; 128 and the number of a signal.
    Status(i32),
    TimedOut,
    Cancelled,
    /// Another attempt would fail the same way: a wrong output, a fault, a program that isn't there.
    Final,
}

#[derive(Debug)]
pub(crate) struct AttemptFailure {
    pub(crate) cause: Cause,
    pub(crate) message: String,
    pub(crate) last_lines: Vec<String>,
    pub(crate) log: Option<PathBuf>,
}

impl AttemptFailure {
    fn before_start(message: String) -> AttemptFailure {
        AttemptFailure { cause: Cause::Final, message, last_lines: Vec::new(), log: None }
    }
}

/// The directories of one attempt.
struct Directories {
    work: PathBuf,
    inputs: PathBuf,
    outputs: PathBuf,
    stdout: PathBuf,
    stderr: PathBuf,
}

/// Runs the attempt to its end; `started` is called when the program has started.
pub(crate) fn run(
    context: &StepContext<'_>,
    attempt: &Attempt<'_>,
    started: impl FnOnce(),
) -> Result<Vec<(String, Value)>, AttemptFailure> {
    let directories = prepare(context, attempt).map_err(AttemptFailure::before_start)?;
    // Outside of the run's directory, so that the paths of sockets stay short.
    let private = tempfile::Builder::new().prefix("pipec-").tempdir().map_err(|error| {
        AttemptFailure::before_start(io_message("make a directory in", std::env::temp_dir(), &error))
    })?;
    let places = output_places(&attempt.task.results, &directories.outputs, &context.program.formats);
    let places = places.into_iter().map(|(name, place)| Ok((name, path_text(&place)?)));
    let places: Vec<(String, String)> =
        places.collect::<Result<_, String>>().map_err(AttemptFailure::before_start)?;

    let (invocation, environment) = present(context, attempt, &directories, &places, private.path())
        .map_err(AttemptFailure::before_start)?;
    let ended = start(&invocation, &environment, attempt, &directories, started);
    let _ = make_removable(private.path());
    drop(private);
    let ended = ended?;
    let result = match failure_of(ended, attempt) {
        Some((cause, message)) => Err((cause, message)),
        None => OutputReader {
            task: attempt.task,
            types: &context.program.types,
            places: &places,
            python_result: invocation.python_result,
            stdout: &directories.stdout,
        }
        .read()
        .map_err(|message| (Cause::Final, message)),
    };
    match result {
        Ok(outputs) => {
            // What stays after a failure is for whoever looks for its reason.
            let _ = make_removable(&directories.work);
            let _ = fs::remove_dir_all(&directories.work);
            Ok(outputs)
        }
        Err((cause, message)) => Err(with_log(cause, message, &directories, &context.secrets)),
    }
}

fn prepare(context: &StepContext<'_>, attempt: &Attempt<'_>) -> Result<Directories, String> {
    let inside = |name: &str| attempt.directory.join(name);
    let directories = Directories {
        work: inside("work"),
        inputs: inside("inputs"),
        outputs: inside("outputs"),
        stdout: inside("stdout"),
        stderr: inside("stderr"),
    };
    for directory in [&directories.work, &directories.inputs, &directories.outputs] {
        fs::create_dir_all(directory).map_err(|error| io_message("make", directory, &error))?;
    }
    let _shared = STARTING.read().unwrap_or_else(PoisonError::into_inner);
    deliver(context.program, &attempt.task.files, &directories.work)?;
    Ok(directories)
}

/// The program and its whole environment.
fn present(
    context: &StepContext<'_>,
    attempt: &Attempt<'_>,
    directories: &Directories,
    places: &[(String, String)],
    private: &Path,
) -> Result<(Invocation, Environment), String> {
    let program = context.program;
    let presenter =
        Presenter { directory: &directories.inputs, types: &program.types, formats: &program.formats };
    let Bindings { variables, presented } = presenter.bind(attempt.task, &attempt.arguments)?;
    let scope =
        TaskScope { inputs: &presented, outputs: places, facts: &context.facts, captured: &context.captured };
    let invocation = program::invocation(context, attempt, &presenter, places, &scope)?;
    let environment = environment::environment(context, attempt, variables, places, private, &scope)?;
    Ok((invocation, environment))
}

fn start(
    invocation: &Invocation,
    environment: &Environment,
    attempt: &Attempt<'_>,
    directories: &Directories,
    started: impl FnOnce(),
) -> Result<Ended, AttemptFailure> {
    let log = |path: &PathBuf| {
        File::create(path).map_err(|error| AttemptFailure::before_start(io_message("write", path, &error)))
    };
    let program = process::Program {
        arguments: &invocation.arguments,
        environment: &environment.variables,
        directory: &directories.work,
        stdout: log(&directories.stdout)?,
        stderr: log(&directories.stderr)?,
    };
    process::run(program, &attempt.stop, started)
        .map_err(|error| AttemptFailure::before_start(start_message(&error, invocation, environment)))
}

/// Why a program could not be started.
fn start_message(error: &io::Error, invocation: &Invocation, environment: &Environment) -> String {
    let name = invocation.arguments.first().map(|name| name.to_string_lossy()).unwrap_or_default();
    let kind = error.kind();
    if kind == io::ErrorKind::NotFound && name.contains('/') {
        format!("the program {name} isn't there; what a step brings along is named by its `files`")
    } else if kind == io::ErrorKind::NotFound {
        format!("the program `{name}` isn't installed here: PATH has no such program")
    } else if kind == io::ErrorKind::PermissionDenied {
        format!("the program {name} isn't executable")
    } else if kind == io::ErrorKind::ArgumentListTooLong {
        too_large(environment, &invocation.arguments)
    } else {
        format!("the program {name} could not be started: {error}")
    }
}

/// What is wrong with how a program ended; nothing if it succeeded.
fn failure_of(ended: Ended, attempt: &Attempt<'_>) -> Option<(Cause, String)> {
    match (attempt.stop.reason(), ended) {
        (Some(StopReason::Cancelled), _) => {
            Some((Cause::Cancelled, "stopped: the run was cancelled".to_owned()))
        }
        (Some(StopReason::TimedOut), _) => {
            let timeout = attempt.timeout.unwrap_or_default().as_millis();
            let timeout = pipec_ir::duration::duration_text(i64::try_from(timeout).unwrap_or(i64::MAX));
            Some((Cause::TimedOut, format!("stopped: it ran longer than its timeout of {timeout}")))
        }
        (None, Ended::Status(0)) => None,
        (None, Ended::Status(status)) => Some((Cause::Status(status), format!("exit status {status}"))),
        (None, Ended::Signal(signal)) => {
            let name = signal_name(signal).map_or_else(String::new, |name| format!(" ({name})"));
            let hint = if signal == 9 { "; often this means that the machine ran out of memory" } else { "" };
            Some((Cause::Status(128 + signal), format!("killed by signal {signal}{name}{hint}")))
        }
    }
}

fn with_log(cause: Cause, message: String, directories: &Directories, secrets: &Secrets) -> AttemptFailure {
    let secrets = secrets.values();
    for log in [&directories.stderr, &directories.stdout] {
        let last_lines = log::last_lines(log, &secrets);
        if !last_lines.is_empty() {
            return AttemptFailure { cause, message, last_lines, log: Some(log.clone()) };
        }
    }
    AttemptFailure { cause, message, last_lines: Vec::new(), log: Some(directories.stderr.clone()) }
}

/// The prelude's file, written once for a run.
pub(crate) fn write_prelude(directory: &Path) -> io::Result<PathBuf> {
    let path = directory.join("prelude.py");
    fs::write(&path, PRELUDE)?;
    Ok(path)
}
