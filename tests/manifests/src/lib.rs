//! Reads Argo manifests back and says what is wrong with them: what an API server would refuse, what Argo's lint would,
//! and what only a run would show. It knows the fields that pipec means to emit, and no others.
//!
//! It never changes anything, and it trusts nothing that the backend knows: everything is resolved anew from the text.

#[cfg(test)]
mod calibration;
mod dag;
mod depends;
mod expression;
mod fields;
mod manifest;
mod names;
mod quantities;
mod references;
mod restricted;
mod scope;
mod template;
mod values;
mod workflow;

use std::fmt;

pub use restricted::restricted;

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// `WorkflowTemplate fault / template main / task fetch`
    pub place: String,
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.message)
    }
}

/// All faults of a stream of YAML documents.
pub fn check(yaml: &str) -> Vec<Fault> {
    let documents = match serde_saphyr::from_multiple::<serde_json::Value>(yaml) {
        Ok(documents) => documents,
        Err(error) => {
            return vec![Fault { place: "the stream".to_owned(), message: format!("no YAML: {error}") }];
        }
    };
    let mut report = Report::default();
    let manifests: Vec<manifest::Manifest> = documents
        .into_iter()
        .filter(|document| !document.is_null())
        .filter_map(|document| report.read(document))
        .collect();
    workflow::check_all(&manifests, &mut report);
    report.faults
}

/// Faults, and the place that is being looked at.
#[derive(Default)]
struct Report {
    place: Vec<String>,
    faults: Vec<Fault>,
}

impl Report {
    fn fault(&mut self, message: impl Into<String>) {
        self.faults.push(Fault { place: self.place.join(" / "), message: message.into() });
    }

    /// Looks at a part, named in the place of every fault in it.
    fn within<T>(&mut self, part: impl Into<String>, look: impl FnOnce(&mut Report) -> T) -> T {
        self.place.push(part.into());
        let result = look(self);
        self.place.pop();
        result
    }

    fn read(&mut self, document: serde_json::Value) -> Option<manifest::Manifest> {
        let text = |value: &serde_json::Value| value.as_str().unwrap_or("?").to_owned();
        let place = format!("{} {}", text(&document["kind"]), text(&document["metadata"]["name"]));
        self.within(place, |report| match manifest::Manifest::read(document) {
            Ok(manifest) => Some(manifest),
            Err(error) => {
                report.fault(error);
                None
            }
        })
    }
}
