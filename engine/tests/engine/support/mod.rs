//! Programs built by hand, and runs of them in directories of their own.
//!
//! Types are written as in the language (`[file<csv>]?`), expressions as calls of small functions.

#![allow(
    unreachable_pub,
    dead_code,
    reason = "a test program has no outside; its parts are for tests to come"
)]

pub mod build;
pub mod hostile;
pub mod types;

use std::fs;
use std::path::{Path, PathBuf};

use pipec_engine::{Answer, Cancel, Event, Observer, RunError, RunReport, RunRequest};
use pipec_ir::Program;
use serde_json::Value as Json;
use tempfile::TempDir;

/// A directory for one test's runs.
pub struct Bench {
    directory: TempDir,
    pub request: RunRequest,
}

/// What an observer saw, a line for each event.
#[derive(Default)]
pub struct Seen {
    pub lines: Vec<String>,
    /// What questions get as their answer; none: nobody is there.
    pub answer: Option<bool>,
    /// Called for each line.
    pub on_line: Option<OnLine>,
}

type OnLine = Box<dyn FnMut(&str)>;

impl Bench {
    pub fn new() -> Bench {
        let directory = TempDir::new().unwrap();
        let mut request = RunRequest::new(directory.path().to_owned());
        request.jobs = 4;
        Bench { directory, request }
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    pub fn give(mut self, name: &str, text: &str) -> Bench {
        self.request.arguments.push((name.to_owned(), text.to_owned()));
        self
    }

    pub fn environment(mut self, name: &str, value: &str) -> Bench {
        self.request.environment.insert(name.into(), value.into());
        self
    }

    pub fn try_run(&self, program: &Program, seen: &mut Seen) -> Result<RunReport, RunError> {
        pipec_engine::run(program, &self.request, &Cancel::new(), seen)
    }

    pub fn report(&self, program: &Program) -> RunReport {
        match self.try_run(program, &mut Seen::default()) {
            Ok(report) => report,
            Err(error) => panic!("the run was refused: {error}"),
        }
    }

    /// The outputs of a run that succeeds.
    pub fn outputs(&self, program: &Program) -> Json {
        let report = self.report(program);
        assert!(report.failures.is_empty(), "{}", failures(&report));
        assert_eq!(report.exit_status(), 0);
        report.outputs_json()
    }

    /// The failures of a run that fails, a line for each.
    pub fn failures(&self, program: &Program) -> String {
        let report = self.report(program);
        assert_eq!(report.exit_status(), 1, "{}", report.outputs_json());
        failures(&report)
    }

    /// Why a run is refused.
    pub fn refusal(&self, program: &Program) -> String {
        match self.try_run(program, &mut Seen::default()) {
            Ok(report) => panic!("the run was not refused: {report:?}"),
            Err(error) => self.without_paths(&error.to_string()),
        }
    }

    /// A text without the names that differ from run to run.
    pub fn without_paths(&self, text: &str) -> String {
        text.replace(&self.path().display().to_string(), "DIR")
    }
}

impl Drop for Bench {
    /// What steps made is read-only, directories too.
    fn drop(&mut self) {
        let _ = std::process::Command::new("chmod").arg("-R").arg("u+w").arg(self.path()).status();
    }
}

/// `step: message`, and the last lines of the log indented.
pub fn failures(report: &RunReport) -> String {
    let mut text = String::new();
    for failure in &report.failures {
        text.push_str(&format!("{}: {}\n", failure.step, failure.message));
        for line in &failure.last_lines {
            text.push_str(&format!("  | {line}\n"));
        }
    }
    text
}

impl Observer for Seen {
    fn event(&mut self, event: &Event<'_>) {
        let line = match event {
            Event::RunStarted { .. } => return,
            Event::StepStarted { step, attempt } => format!("{step} started ({attempt})"),
            Event::StepSucceeded { step, .. } => format!("{step} succeeded"),
            Event::StepRetried { failure, .. } => format!("{} retried: {}", failure.step, failure.message),
            Event::Failed { failure } => format!("{} failed: {}", failure.step, failure.message),
            Event::Skipped { step } => format!("{step} skipped"),
            Event::Sleeping { step, .. } => format!("{step} sleeps"),
            Event::Answered { step, approved } => format!("{step} answered: {approved}"),
            Event::Cancelling => "cancelling".to_owned(),
        };
        if let Some(on_line) = &mut self.on_line {
            on_line(&line);
        }
        self.lines.push(line);
    }

    fn can_ask(&self) -> bool {
        self.answer.is_some()
    }

    fn ask(&mut self, step: &str, question: &str, answer: Answer) {
        self.lines.push(format!("{step} asks: {question}"));
        if let Some(approved) = self.answer {
            std::thread::spawn(move || answer.give(approved));
        }
    }
}
