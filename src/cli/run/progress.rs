//! What a run is doing, on standard error: plain lines, and at a terminal a line below them that moves.

use std::io::{self, BufRead as _, IsTerminal as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use pipec_engine::{Answer, Event, Failure, Observer};

use crate::cli::input::shown;
use crate::cli::terminal::Terminal;
use crate::diagnostics::printable::in_lines;

/// How many running steps the moving line names.
const NAMED: usize = 4;

#[derive(Debug)]
pub(super) struct Progress {
    terminal: Terminal,
    bar: Option<ProgressBar>,
    running: Vec<String>,
    succeeded: usize,
    /// One question at a time.
    questions: Arc<Mutex<()>>,
}

impl Progress {
    pub(super) fn new(terminal: Terminal) -> Progress {
        let bar = io::stderr().is_terminal().then(moving_line);
        Progress { terminal, bar, running: Vec::new(), succeeded: 0, questions: Arc::default() }
    }

    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn line(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.println(line),
            None => self.terminal.print_error(&format!("{line}\n")),
        }
    }

    fn started(&mut self, step: &str) {
        if !self.running.iter().any(|running| running == step) {
            self.running.push(step.to_owned());
        }
    }

    fn ended(&mut self, step: &str) {
        self.running.retain(|running| running != step);
    }

    fn show(&self) {
        let Some(bar) = &self.bar else { return };
        let named: Vec<&str> = self.running.iter().take(NAMED).map(String::as_str).collect();
        let more = self.running.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        bar.set_message(format!("{} done, running: {}{more}", self.succeeded, named.join(", ")));
    }

    /// Failures of a step that is tried again, in a line; all of it is shown at the end if it stays so.
    fn failed(&mut self, failure: &Failure) {
        self.ended(&failure.step);
        self.line(&format!("  {}: {}", failure.step, in_lines(&*failure.message)));
    }
}

fn moving_line() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

impl Observer for Progress {
    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::RunStarted { run_id, directory } => {
                self.line(&format!("run {run_id} in {}", place(directory)))
            }
            Event::StepStarted { step, attempt } => {
                self.started(step);
                if self.bar.is_none() && *attempt == 1 {
                    self.line(&format!("  {step}: started"));
                }
            }
            Event::StepSucceeded { step, duration } => {
                self.ended(step);
                self.succeeded += 1;
                self.line(&format!("  {step}: done in {}", seconds(*duration)));
            }
            Event::StepRetried { failure, wait } => {
                self.failed(failure);
                let after = if wait.is_zero() { String::new() } else { format!(" in {}", seconds(*wait)) };
                self.line(&format!("  {}: trying again{after}", failure.step));
            }
            Event::Failed { failure } => self.failed(failure),
            Event::Skipped { step } => self.line(&format!("  {step}: not taken")),
            Event::Sleeping { step, duration } => {
                self.line(&format!("  {step}: sleeping for {}", seconds(*duration)));
            }
            Event::Answered { step, approved } => {
                self.line(&format!("  {step}: {}", if *approved { "approved" } else { "refused" }));
            }
            Event::Cancelling => self.line("stopping all steps; once more to stop at once"),
        }
        self.show();
    }

    fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    fn ask(&mut self, step: &str, question: &str, answer: Answer) {
        let (terminal, turn) = (self.terminal, Arc::clone(&self.questions));
        let text = format!("{step}: {question} [y/N] ");
        // A run that ends before the answer doesn't wait for this thread.
        std::thread::spawn(move || {
            let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
            terminal.print_error(&text);
            let mut line = String::new();
            let is_read = io::stdin().lock().read_line(&mut line).is_ok();
            answer.give(is_read && matches!(line.trim(), "y" | "Y" | "yes"));
        });
    }
}

fn place(directory: &Path) -> String {
    shown(directory)
}

/// `0.4 s`, `12 s`, `3 min 5 s`
pub(super) fn seconds(duration: Duration) -> String {
    let whole = duration.as_secs();
    match whole {
        0..10 => format!("{:.1} s", duration.as_secs_f64()),
        10..120 => format!("{whole} s"),
        _ => format!("{} min {} s", whole / 60, whole % 60),
    }
}
