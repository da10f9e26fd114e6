//! pipec is wrong: a panic becomes one report at the edge.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Mutex;

use super::failure::Failure;

const ISSUES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/issues");

/// What the last panic said, and where.
static LAST_PANIC: Mutex<Option<String>> = Mutex::new(None);

/// Keeps panics quiet until somebody reports them with [`catch`].
pub(crate) fn record_panics() {
    panic::set_hook(Box::new(|info| {
        let payload = info.payload();
        let message = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "a panic without a message".to_owned());
        let place = info.location().map(|place| format!(" ({}:{})", place.file(), place.line()));
        if let Ok(mut last) = LAST_PANIC.lock() {
            *last = Some(message + place.as_deref().unwrap_or_default());
        }
    }));
}

/// What `work` gives, or what the panic said.
pub(crate) fn catch<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|_| {
        let recorded = LAST_PANIC.lock().ok().and_then(|mut last| last.take());
        recorded.unwrap_or_else(|| "a panic without a message".to_owned())
    })
}

/// The report of a panic.
pub(crate) fn report(message: &str) -> Failure {
    Failure::new("this is a bug in pipec").because(message).help(format!(
        "please report it at {ISSUES}, with this message and, if you can, the program that caused it"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_report() {
        record_panics();
        let message = catch(|| panic!("a step without a task")).unwrap_err();
        let text = report(&message).render(false);
        assert!(text.starts_with("pipec: this is a bug in pipec\n"), "{text}");
        assert!(text.contains("a step without a task (src/cli/bug.rs:"), "{text}");
        assert!(text.contains("/issues, with this message"), "{text}");
    }
}
