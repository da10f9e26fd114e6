//! Stopping a program that runs, from another thread. A program is the leader of a process group of its own, and all of
//! the group is signalled.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::process::{Pid, Signal, kill_process_group};

/// Why a program was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StopReason {
    TimedOut,
    Cancelled,
}

/// Shared by the thread that waits for one program and the one that may stop it.
#[derive(Debug, Default)]
pub(crate) struct StopSwitch {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Set from the program's start until it is waited for, so that its number can't be another process's.
    group: Option<Pid>,
    reason: Option<StopReason>,
}

impl StopSwitch {
    /// Asks the program to end. The first reason counts; a program that hasn't started yet is killed when it does.
    pub(crate) fn stop(&self, reason: StopReason) {
        let mut state = self.lock();
        state.reason.get_or_insert(reason);
        signal(state.group, Signal::TERM);
    }

    /// Ends a program that was asked to.
    pub(crate) fn kill(&self) {
        signal(self.lock().group, Signal::KILL);
    }

    pub(crate) fn reason(&self) -> Option<StopReason> {
        self.lock().reason
    }

    pub(super) fn attach(&self, leader: Pid) {
        let mut state = self.lock();
        state.group = Some(leader);
        if state.reason.is_some() {
            signal(state.group, Signal::KILL);
        }
    }

    /// To be called when the leader has ended and before it is waited for: ends what it left running.
    pub(super) fn release(&self) {
        let mut state = self.lock();
        signal(state.group.take(), Signal::KILL);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A group that is gone needs no signal.
fn signal(group: Option<Pid>, signal: Signal) {
    if let Some(group) = group {
        let _ = kill_process_group(group, signal);
    }
}
