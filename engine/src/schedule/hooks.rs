//! `on success`, `on failure` and `on exit`: they run when their pipeline's call ends, one after another, and don't change
//! how it ends.

use std::collections::VecDeque;
use std::rc::Rc;

use pipec_ir::{Hook, HookEvent, Pipeline};

use super::Scheduler;
use super::stopping::Stopping;
use super::unit::{Ending, Outcome, Role, UnitId};
use crate::facts::milliseconds_since;
use crate::observer::Event;
use crate::places::place;
use crate::report::{Failure, RunStatus};

impl<'a> Scheduler<'a, '_> {
    pub(super) fn begin_hooks(&mut self, id: UnitId, outcome: Outcome) {
        let status = match outcome {
            Outcome::Value(_) => RunStatus::Succeeded,
            Outcome::Failed => RunStatus::Failed,
            Outcome::Stopped if self.stopping == Some(Stopping::Deadline) => RunStatus::Failed,
            Outcome::Stopped => RunStatus::Cancelled,
        };
        let deadline = (self.stopping == Some(Stopping::Deadline)).then(|| self.deadline_failure());
        let unit = self.unit_mut(id);
        let failures = unit.failures.iter().cloned().chain(deadline).collect();
        let Some(call) = &mut unit.call else { return };
        call.outcome = Some(outcome);
        call.hooks = hooks_for(call.pipeline, status);
        if !call.hooks.is_empty() {
            let duration_ms = milliseconds_since(call.started);
            unit.ending = Some(Rc::new(Ending { status, started: call.started, duration_ms, failures }));
        }
        self.next_hook(id);
    }

    /// Starts the pipeline's next hook; after the last one the call has ended.
    pub(super) fn next_hook(&mut self, id: UnitId) {
        loop {
            let unit = self.unit_mut(id);
            let Some(call) = &mut unit.call else { return };
            let Some((hook, name)) = call.hooks.pop_front() else {
                let outcome = call.outcome.clone().unwrap_or(Outcome::Stopped);
                self.deliver(id, outcome);
                return;
            };
            if !self.may_run(hook.event) {
                continue;
            }
            let path = self.unit(id).path_of(&name);
            match self.region_inputs(id, &hook.body) {
                Ok(inputs) => {
                    let opened = self.open_unit(Role::Hook(id), &hook.body.body, inputs, Vec::new(), path);
                    self.unit_mut(opened).hook = Some(hook.event);
                    return;
                }
                Err(fault) => {
                    let failure = Failure {
                        step: path,
                        message: fault.message,
                        place: place(self.program, fault.span.or(hook.span)),
                        attempt: None,
                        last_lines: Vec::new(),
                        log: None,
                    };
                    self.observer.event(&Event::Failed { failure: &failure });
                    self.hook_failures.push(failure);
                }
            }
        }
    }
}

/// What runs after such an end, in order, each with its name: `on-failure`, `on-failure-2`.
fn hooks_for(pipeline: &Pipeline, status: RunStatus) -> VecDeque<(&Hook, String)> {
    let first = match status {
        RunStatus::Succeeded => Some(HookEvent::Success),
        RunStatus::Failed => Some(HookEvent::Failure),
        RunStatus::Cancelled => None,
    };
    let mut hooks = VecDeque::new();
    for event in first.into_iter().chain([HookEvent::Exit]) {
        for (count, hook) in (1..).zip(pipeline.hooks.iter().filter(|hook| hook.event == event)) {
            let name = match event {
                HookEvent::Success => "on-success",
                HookEvent::Failure => "on-failure",
                HookEvent::Exit => "on-exit",
            };
            hooks.push_back((hook, if count == 1 { name.to_owned() } else { format!("{name}-{count}") }));
        }
    }
    hooks
}
