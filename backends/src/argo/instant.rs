//! The instant and the day that a run is for, as expressions of Argo.

/// The instant that a run is for: what a person says, else its schedule's, else its creation.
macro_rules! instant {
    () => {
        "date(workflow.parameters['run-scheduled'] != '' ? workflow.parameters['run-scheduled'] : \
         (get(workflow, 'scheduledTime') ?? workflow.creationTimestamp.RFC3339))"
    };
}

/// RFC 3339, UTC, whole seconds.
pub(crate) const SCHEDULED: &str = concat!(instant!(), ".UTC().Format('2006-01-02T15:04:05Z')");

/// Its day in the launch's time zone.
pub(crate) const DAY: &str =
    concat!(instant!(), ".In(timezone(workflow.parameters['run-timezone'])).Format('2006-01-02')");
