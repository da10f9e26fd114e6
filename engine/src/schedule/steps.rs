//! Steps: calls of tasks, with their attempts.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::Scope;
use std::time::{Duration, Instant};

use pipec_ir::{Results, Task, Value};
use sha2::{Digest, Sha256};

use super::gates::Waiting;
use super::timers::Timer;
use super::unit::NodeRef;
use super::units::{ExpressionFault, NodeEnd};
use super::{Message, Scheduler};
use crate::artifacts::identity::hex;
use crate::observer::Event;
use crate::places::place;
use crate::report::Failure;
use crate::step::retry::wait_before_next;
use crate::step::settings::{CheckedSettings, check_settings};
use crate::step::stop::{StopReason, StopSwitch};
use crate::step::{self, Attempt, AttemptFailure, Cause};

/// A step that waits for a free place, or between two attempts.
#[derive(Debug)]
pub(super) struct Step<'a> {
    pub(super) node: NodeRef,
    /// `fits[3]/fit`.
    pub(super) name: String,
    pub(super) task: &'a Task,
    pub(super) arguments: Arc<Vec<(String, Value)>>,
    pub(super) timeout: Option<Duration>,
    /// The next attempt, from 1.
    pub(super) attempt: u32,
    /// Of the attempt before.
    pub(super) failure: Option<Failure>,
}

#[derive(Debug)]
pub(super) struct RunningStep<'a> {
    pub(super) step: Step<'a>,
    pub(super) stop: Arc<StopSwitch>,
    started: Instant,
}

/// A longer name isn't made into a path, whose length is limited.
const MAX_PATH_BYTES: usize = 400;

impl<'a> Scheduler<'a, '_> {
    /// The timeout; a fault if a setting makes no sense.
    pub(super) fn check_settings(
        &self,
        task: &'a Task,
        arguments: &[(String, Value)],
    ) -> Result<Option<Duration>, ExpressionFault> {
        match check_settings(self.context, task, arguments) {
            Ok(CheckedSettings { timeout }) => Ok(timeout),
            Err(fault) => Err(ExpressionFault { message: fault.message, span: fault.span }),
        }
    }

    pub(super) fn start_attempt<'scope>(&mut self, step: Step<'a>, threads: &'scope Scope<'scope, 'a>)
    where
        'a: 'scope,
    {
        let ticket = self.new_id();
        let stop = Arc::new(StopSwitch::default());
        self.observer.event(&Event::StepStarted { step: &step.name, attempt: step.attempt });
        let attempt = Attempt {
            task: step.task,
            number: step.attempt,
            arguments: step.arguments.clone(),
            directory: self.directory(&step.name).join(format!("attempt-{}", step.attempt)),
            timeout: step.timeout,
            stop: stop.clone(),
        };
        self.running.insert(ticket, RunningStep { step, stop, started: Instant::now() });
        let context = self.context;
        let messages = self.messages.clone();
        threads.spawn(move || {
            let started = || {
                let _ = messages.send(Message::Started(ticket));
            };
            let message = match catch_unwind(AssertUnwindSafe(|| step::run(context, &attempt, started))) {
                Ok(result) => Message::Ended(ticket, result),
                Err(panic) => Message::Panicked(panic),
            };
            let _ = messages.send(message);
        });
    }

    /// `fits[3]/fit` is kept in `fits/3/fit`.
    fn directory(&self, name: &str) -> PathBuf {
        if name.len() > MAX_PATH_BYTES {
            let digest = hex(&Sha256::digest(name));
            return self.job.directory.join("long-names").join(digest);
        }
        self.job.directory.join(name.replace('[', "/").replace(']', ""))
    }

    pub(super) fn attempt_started(&mut self, ticket: u64) {
        if let Some(timeout) = self.running.get(&ticket).and_then(|running| running.step.timeout) {
            self.timers.add_after(timeout, Timer::Timeout(ticket));
        }
    }

    pub(super) fn attempt_ended(
        &mut self,
        ticket: u64,
        result: Result<Vec<(String, Value)>, AttemptFailure>,
    ) {
        let Some(RunningStep { step, stop, started }) = self.running.remove(&ticket) else { return };
        match result {
            Ok(outputs) => {
                self.counts.succeeded += 1;
                self.observer.event(&Event::StepSucceeded { step: &step.name, duration: started.elapsed() });
                let value = match step.task.results {
                    Results::None => None,
                    Results::Single(_) => outputs.into_iter().next().map(|(_, value)| Arc::new(value)),
                    Results::Named(_) => Some(Arc::new(Value::Record(outputs))),
                };
                self.end_node(step.node, NodeEnd::Value(value));
            }
            Err(_) if stop.reason() == Some(StopReason::Cancelled) => {
                self.counts.cancelled += 1;
                self.end_node(step.node, NodeEnd::Stopped);
            }
            Err(failure) => self.attempt_failed(step, failure),
        }
    }

    fn attempt_failed(&mut self, mut step: Step<'a>, failed: AttemptFailure) {
        let retry = step.task.settings.retry.as_ref();
        let wait = retry.and_then(|retry| wait_before_next(retry, step.attempt, &failed.cause));
        let failure = self.failure(&step, failed);
        let is_wanted = !self.is_stopped(step.node.unit) && !self.is_blocked(step.node.unit);
        match wait {
            Some(wait) if is_wanted => {
                self.counts.retries += 1;
                self.observer.event(&Event::StepRetried { failure: &failure, wait });
                step.attempt += 1;
                step.failure = Some(failure);
                self.wait_for(Waiting::Retry(step), Some(wait));
            }
            Some(_) | None => {
                self.counts.failed += 1;
                self.fail_with(step.node, failure);
            }
        }
    }

    fn failure(&self, step: &Step<'a>, failed: AttemptFailure) -> Failure {
        let AttemptFailure { cause, message, last_lines, log } = failed;
        let attempts = step.task.settings.retry.as_ref().map_or(1, |retry| retry.limit.saturating_add(1));
        let message = match cause {
            Cause::Status(_) | Cause::TimedOut if attempts > 1 => {
                format!("{message} (attempt {} of {attempts})", step.attempt)
            }
            Cause::Status(_) | Cause::TimedOut | Cause::Cancelled | Cause::Final => message,
        };
        let span = self.unit(step.node.unit).body.nodes[step.node.position].span;
        Failure {
            step: step.name.clone(),
            message,
            place: place(self.program, span.or(step.task.span)),
            attempt: Some(step.attempt),
            last_lines,
            log,
        }
    }
}
