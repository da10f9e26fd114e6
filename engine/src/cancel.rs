//! Cancelling a run from outside, such as from the handler of Ctrl-C.

use std::sync::{Arc, Mutex, PoisonError};

/// A handle that may be cloned into a signal handler's thread. The first request stops all programs and runs `on exit`
/// hooks; a second one stops these, too.
#[derive(Clone, Default)]
pub struct Cancel {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    requests: usize,
    wake: Option<Box<dyn Fn(usize) + Send>>,
}

impl Cancel {
    pub fn new() -> Cancel {
        Cancel::default()
    }

    pub fn request(&self) {
        let mut shared = self.lock();
        shared.requests += 1;
        if let Some(wake) = &shared.wake {
            wake(shared.requests);
        }
    }

    /// From now on `wake` is called with the number of requests so far; at once if there were any.
    pub(crate) fn connect(&self, wake: impl Fn(usize) + Send + 'static) {
        let mut shared = self.lock();
        if shared.requests > 0 {
            wake(shared.requests);
        }
        shared.wake = Some(Box::new(wake));
    }

    pub(crate) fn disconnect(&self) {
        self.lock().wake = None;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Cancel {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Cancel({} requests)", self.lock().requests)
    }
}
