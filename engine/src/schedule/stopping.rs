//! What doesn't start, or is ended, because something failed, someone cancelled, or time is over.

use std::time::Duration;

use pipec_ir::HookEvent;
use pipec_ir::duration::duration_text;

use super::Scheduler;
use super::gates::Waiting;
use super::timers::Timer;
use super::unit::NodeRef;
use super::unit::{Role, UnitId};
use super::units::NodeEnd;
use crate::observer::Event;
use crate::report::Failure;
use crate::step::stop::StopReason;

/// How long a program may take to end when it is asked to.
const GRACE: Duration = Duration::from_secs(2);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stopping {
    /// Only `on exit` hooks run.
    Cancelled,
    /// The launch's deadline: a failure of the run.
    Deadline,
    /// Cancelled twice: nothing runs.
    Forced,
}

impl Scheduler<'_, '_> {
    /// The unit's failure is one of all units around it, up to a `try`: they start nothing new.
    pub(super) fn mark_failed(&mut self, id: UnitId) {
        let mut next = Some(id);
        while let Some(id) = next {
            let unit = self.unit_mut(id);
            unit.has_failed = true;
            next = match unit.role {
                Role::Run | Role::Try(_) | Role::Hook(_) => None,
                Role::Call(node) | Role::Body(node) | Role::Item(node, _) => Some(node.unit),
            };
            if self.job.request.keep_going {
                return;
            }
        }
        self.must_sweep = true;
    }

    /// Whether the unit, or one around it, has failed, so that nothing in it starts any more.
    pub(super) fn is_blocked(&self, id: UnitId) -> bool {
        if self.job.request.keep_going {
            return false;
        }
        let mut next = Some(id);
        while let Some(id) = next {
            let unit = self.unit(id);
            if unit.has_failed {
                return true;
            }
            next = if matches!(unit.role, Role::Hook(_)) { None } else { unit.role.parent() };
        }
        false
    }

    /// Whether the run is being stopped, and the unit is none that still runs.
    pub(super) fn is_stopped(&self, id: UnitId) -> bool {
        let hook = self.unit(id).hook;
        match self.stopping {
            None => false,
            Some(_) => hook.is_none_or(|event| !self.may_run(event)),
        }
    }

    pub(super) fn may_run(&self, hook: HookEvent) -> bool {
        match self.stopping {
            None | Some(Stopping::Deadline) => true,
            Some(Stopping::Cancelled) => hook == HookEvent::Exit,
            Some(Stopping::Forced) => false,
        }
    }

    pub(super) fn cancel(&mut self, requests: usize) {
        let stopping = if requests > 1 { Stopping::Forced } else { Stopping::Cancelled };
        if self.stopping.is_none() {
            self.observer.event(&Event::Cancelling);
        }
        if self.stopping != Some(Stopping::Forced) {
            self.stop(stopping);
        }
    }

    pub(super) fn stop(&mut self, stopping: Stopping) {
        self.stopping = Some(stopping);
        self.must_sweep = true;
        let mut tickets: Vec<u64> = self.running.keys().copied().collect();
        tickets.retain(|ticket| {
            self.running.get(ticket).is_some_and(|running| self.is_stopped(running.step.node.unit))
        });
        for ticket in tickets {
            self.stop_attempt(ticket, StopReason::Cancelled);
        }
    }

    pub(super) fn stop_attempt(&mut self, ticket: u64, reason: StopReason) {
        if let Some(running) = self.running.get(&ticket) {
            running.stop.stop(reason);
            self.timers.add_after(GRACE, Timer::Kill(ticket));
        }
    }

    /// Ends everything in the queues that is not wanted any more.
    pub(super) fn sweep(&mut self) {
        for step in std::mem::take(&mut self.ready) {
            if self.is_unwanted(step.node) {
                self.end_unwanted(step.node, step.failure);
            } else {
                self.ready.push_back(step);
            }
        }
        let mut waiting: Vec<u64> = self.waiting.keys().copied().collect();
        waiting.sort_unstable();
        for id in waiting {
            let is_unwanted = self.waiting.get(&id).is_some_and(|waiting| self.is_unwanted(waiting.node()));
            match is_unwanted.then(|| self.waiting.remove(&id)).flatten() {
                Some(Waiting::Retry(step)) => self.end_unwanted(step.node, step.failure),
                Some(Waiting::Sleep(node) | Waiting::Approval(node)) => self.end_node(node, NodeEnd::Stopped),
                None => {}
            }
        }
        for node in std::mem::take(&mut self.open_maps) {
            if !self.units.contains_key(&node.unit) {
                continue;
            }
            if self.is_unwanted(node) {
                self.go_on_with_map(node);
            } else {
                self.open_maps.push(node);
            }
        }
    }

    fn is_unwanted(&self, node: NodeRef) -> bool {
        self.is_stopped(node.unit) || self.is_blocked(node.unit)
    }

    /// A step that isn't tried again has failed the way it did last time.
    fn end_unwanted(&mut self, node: NodeRef, failure: Option<Failure>) {
        match failure {
            Some(failure) if !self.is_stopped(node.unit) => {
                self.counts.failed += 1;
                self.fail_with(node, failure);
            }
            Some(_) | None => self.end_node(node, NodeEnd::Stopped),
        }
    }

    pub(super) fn ring(&mut self, timer: Timer) {
        match timer {
            Timer::Timeout(ticket) => self.stop_attempt(ticket, StopReason::TimedOut),
            Timer::Kill(ticket) => {
                if let Some(running) = self.running.get(&ticket) {
                    running.stop.kill();
                }
            }
            Timer::Over(id) => self.wait_is_over(id),
            Timer::Deadline if self.stopping.is_none() && self.end.is_none() => self.stop(Stopping::Deadline),
            Timer::Deadline => {}
        }
    }

    pub(super) fn deadline_failure(&self) -> Failure {
        let deadline = self.job.entry.launch.and_then(|launch| launch.deadline_ms).unwrap_or_default();
        let deadline = duration_text(i64::try_from(deadline).unwrap_or(i64::MAX));
        Failure {
            step: self.job.entry.name.to_owned(),
            message: format!("the run took longer than its deadline of {deadline}"),
            place: None,
            attempt: None,
            last_lines: Vec::new(),
            log: None,
        }
    }
}
