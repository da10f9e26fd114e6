//! What is due at a certain time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::{Duration, Instant};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timer {
    /// An attempt has run long enough.
    Timeout(u64),
    /// An attempt that was asked to end hasn't.
    Kill(u64),
    /// Something in `Scheduler::waiting` is over.
    Over(u64),
    /// The run has taken long enough.
    Deadline,
}

#[derive(Debug, Default)]
pub(super) struct Timers {
    heap: BinaryHeap<Reverse<(Instant, Timer)>>,
}

impl Timers {
    /// A time that no clock reaches never comes.
    pub(super) fn add_after(&mut self, duration: Duration, timer: Timer) {
        if let Some(at) = Instant::now().checked_add(duration) {
            self.heap.push(Reverse((at, timer)));
        }
    }

    pub(super) fn next(&self) -> Option<Instant> {
        self.heap.peek().map(|Reverse((at, _))| *at)
    }

    pub(super) fn take_due(&mut self, now: Instant) -> Option<Timer> {
        if self.next()? > now {
            return None;
        }
        self.heap.pop().map(|Reverse((_, timer))| timer)
    }
}
