//! Who watches a run: a terminal, a log, a test. Calls come from one thread, in the order in which things happen, and
//! should return soon: the run waits for them.

use std::path::Path;
use std::time::Duration;

use crate::report::Failure;

pub trait Observer {
    fn event(&mut self, event: &Event<'_>);

    /// Whether someone is there to answer `approve(…)`. Without it, a run that would ask is refused at its start.
    fn can_ask(&self) -> bool {
        false
    }

    /// Puts a question to a person, and returns at once: the answer may be given from any thread, at any time. An answer
    /// that is dropped is a refusal; one that comes too late is ignored.
    fn ask(&mut self, step: &str, question: &str, answer: Answer) {
        let _ = (step, question);
        drop(answer);
    }
}

/// What happens in a run.
#[derive(Clone, Debug)]
pub enum Event<'a> {
    RunStarted {
        run_id: &'a str,
        directory: &'a Path,
    },
    /// An attempt starts; `attempt` counts from 1.
    StepStarted {
        step: &'a str,
        attempt: u32,
    },
    StepSucceeded {
        step: &'a str,
        duration: Duration,
    },
    /// An attempt failed and another follows.
    StepRetried {
        failure: &'a Failure,
        wait: Duration,
    },
    /// A step or an expression failed for good. A `try` around it may still make it a `null`.
    Failed {
        failure: &'a Failure,
    },
    /// A branch that isn't taken.
    Skipped {
        step: &'a str,
    },
    /// A `sleep` begins.
    Sleeping {
        step: &'a str,
        duration: Duration,
    },
    /// An `approve` was answered.
    Answered {
        step: &'a str,
        approved: bool,
    },
    /// The run was cancelled: programs are being stopped.
    Cancelling,
}

/// The way back for the answer to one question.
pub struct Answer {
    give: Option<Box<dyn FnOnce(bool) + Send>>,
}

impl Answer {
    pub(crate) fn new(give: impl FnOnce(bool) + Send + 'static) -> Answer {
        Answer { give: Some(Box::new(give)) }
    }

    pub fn give(mut self, approved: bool) {
        if let Some(give) = self.give.take() {
            give(approved);
        }
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        if let Some(give) = self.give.take() {
            give(false);
        }
    }
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Answer")
    }
}

/// Watches nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {
    fn event(&mut self, _: &Event<'_>) {}
}
