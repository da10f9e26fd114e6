//! What is known of a run from its start: its id, its name, and the instant that it is for.

use std::hash::{BuildHasher, Hasher, RandomState};

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil::Date};
use pipec_ir::{RunField, Value};

use crate::error::Refusal;

#[derive(Clone, Debug)]
pub(crate) struct RunFacts {
    /// Unique; sorts by the time of the start.
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) started: Timestamp,
    pub(crate) scheduled: Timestamp,
    zone: TimeZone,
}

impl RunFacts {
    /// `at` is RFC 3339, or a day in the launch's time zone.
    pub(crate) fn new(name: &str, at: Option<&str>, timezone: Option<&str>) -> Result<RunFacts, Refusal> {
        let started = Timestamp::now();
        let zone = match timezone {
            None => TimeZone::UTC,
            Some(zone) => TimeZone::get(zone).map_err(|_| {
                Refusal::new(format!("there is no time zone {zone:?}"))
                    .help("name one of the IANA database, such as \"Europe/Berlin\"")
            })?,
        };
        let scheduled = match at {
            None => started,
            Some(text) => parse_instant(text, &zone).ok_or_else(|| {
                Refusal::new(format!("{text:?} is no instant that a run can be for"))
                    .help("write one such as 2026-11-24T03:00:00Z, or a day such as 2026-11-24")
            })?,
        };
        let scheduled = Timestamp::from_second(scheduled.as_second()).unwrap_or(scheduled);
        Ok(RunFacts { id: unique_id(started), name: name.to_owned(), started, scheduled, zone })
    }

    pub(crate) fn value(&self, field: RunField) -> Option<Value> {
        match field {
            RunField::Id => Some(Value::string(&self.id)),
            RunField::Name => Some(Value::string(&self.name)),
            RunField::Scheduled => Some(Value::String(rfc3339(self.scheduled))),
            RunField::Day => {
                Some(Value::String(self.scheduled.to_zoned(self.zone.clone()).date().to_string()))
            }
            RunField::Status | RunField::Started | RunField::Duration | RunField::Failures => None,
        }
    }
}

/// In UTC, with whole seconds and `Z`.
pub(crate) fn rfc3339(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn parse_instant(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    let day: Date = text.parse().ok()?;
    if text.len() != "2026-11-24".len() {
        return None;
    }
    day.to_zoned(zone.clone()).ok().map(|start| start.timestamp())
}

fn unique_id(started: Timestamp) -> String {
    let milliseconds = started.as_millisecond().rem_euclid(1_000);
    // The standard library's hasher is seeded at random.
    let random = RandomState::new().build_hasher().finish() & 0xffff;
    format!("{}-{milliseconds:03}-{random:04x}", started.strftime("%Y%m%d-%H%M%S"))
}

/// A duration since an instant, in whole milliseconds.
pub(crate) fn milliseconds_since(start: Timestamp) -> u64 {
    u64::try_from(Timestamp::now().as_millisecond() - start.as_millisecond()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(at: &str, zone: Option<&str>) -> [String; 2] {
        let facts = RunFacts::new("nightly", Some(at), zone).unwrap();
        [RunField::Scheduled, RunField::Day].map(|field| match facts.value(field) {
            Some(Value::String(text)) => text,
            other => format!("{other:?}"),
        })
    }

    #[test]
    fn the_day_is_the_one_in_the_launches_zone() {
        assert_eq!(facts("2026-11-23T23:30:00.5Z", None), ["2026-11-23T23:30:00Z", "2026-11-23"]);
        assert_eq!(
            facts("2026-11-23T23:30:00Z", Some("Europe/Berlin")),
            ["2026-11-23T23:30:00Z", "2026-11-24"]
        );
        assert_eq!(facts("2026-11-24", Some("Europe/Berlin")), ["2026-11-23T23:00:00Z", "2026-11-24"]);
        assert_eq!(facts("2026-11-24T01:00:00+02:00", None), ["2026-11-23T23:00:00Z", "2026-11-23"]);
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in ["", "tomorrow", "2026-02-30", "2026-11-24T03:00:00", "20261124"] {
            assert!(RunFacts::new("nightly", Some(text), None).is_err(), "{text}");
        }
        assert!(RunFacts::new("nightly", None, Some("Europe/Atlantis")).is_err());
    }
}
