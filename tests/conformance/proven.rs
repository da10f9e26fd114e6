//! The evidence: which emitted text passed on which version of Argo, and when. A real controller can't be part of CI, so
//! the runner writes down what it saw, and the tests count what still holds. Only what is emitted now counts.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::case::Case;

/// The versions that the suite is for, the default of `pipec compile` first.
pub(crate) const VERSIONS: [&str; 2] = ["4.1.2", "3.7.18"];

/// The target of `programs/pipec.toml` for a version.
pub(crate) fn target(version: &str) -> &'static str {
    match version {
        "4.1.2" => "argo",
        "3.7.18" => "argo-3.7",
        _ => panic!("the suite knows Argo {}; not {version}", VERSIONS.join(" and ")),
    }
}

/// `proven.json`: by program, then by version.
#[derive(Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Evidence(BTreeMap<String, BTreeMap<String, Passed>>);

#[derive(Serialize, Deserialize)]
struct Passed {
    /// Of the YAML, the inputs and what was expected.
    sha256: String,
    /// The day.
    on: String,
}

fn file() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance/proven.json"))
}

impl Evidence {
    pub(crate) fn read() -> Evidence {
        match fs::read_to_string(file()) {
            Ok(text) => serde_json::from_str(&text).unwrap(),
            Err(_) => Evidence::default(),
        }
    }

    pub(crate) fn holds(&self, case: &Case, version: &str, yaml: &str) -> bool {
        let passed = self.0.get(&case.name).and_then(|versions| versions.get(version));
        passed.is_some_and(|passed| passed.sha256 == case.digest(yaml))
    }

    pub(crate) fn passed(&mut self, case: &Case, version: &str, yaml: &str, on: String) {
        let passed = Passed { sha256: case.digest(yaml), on };
        self.0.entry(case.name.clone()).or_default().insert(version.to_owned(), passed);
        self.write();
    }

    pub(crate) fn failed(&mut self, case: &Case, version: &str) {
        if let Some(versions) = self.0.get_mut(&case.name) {
            versions.remove(version);
        }
        self.write();
    }

    fn write(&self) {
        fs::write(file(), serde_json::to_string_pretty(self).unwrap() + "\n").unwrap();
    }
}

/// How many programs are proven as they are emitted today, by version.
#[derive(Default)]
pub(crate) struct Tally(BTreeMap<String, Count>);

#[derive(Default)]
struct Count {
    proven: usize,
    unproven: Vec<String>,
    refused: Vec<String>,
}

impl Tally {
    pub(crate) fn count(&mut self, version: &str, case: &Case, yaml: Option<&str>, evidence: &Evidence) {
        let count = self.0.entry(version.to_owned()).or_default();
        match yaml {
            None => count.refused.push(case.name.clone()),
            Some(yaml) if evidence.holds(case, version, yaml) => count.proven += 1,
            Some(_) => count.unproven.push(case.name.clone()),
        }
    }

    /// One line for each version.
    pub(crate) fn lines(&self) -> Vec<String> {
        let line = |version: &&str| {
            let count = &self.0[*version];
            let all = count.proven + count.unproven.len();
            let refused = match count.refused.len() {
                0 => String::new(),
                number => format!("; {number} more are refused when compiled"),
            };
            format!(
                "{} of {all} programs proven on a real Argo {version} as they are emitted today{refused}",
                count.proven
            )
        };
        VERSIONS.iter().map(line).collect()
    }

    /// `docs/quality.md`.
    pub(crate) fn page(&self) -> String {
        let mut page = "# Quality

Written by `UPDATE_EXPECTED=1 cargo test --test conformance`; a test fails where it isn't true.

## Conformance

The programs of `tests/conformance/programs` run under `pipec run`, as local scripts and on Argo, with the same outputs. Each
test run compares the first two. A real Argo isn't part of it: `tests/conformance/proven.json` says what passed there,
and only what is emitted today, byte for byte, counts.

"
        .to_owned();
        for line in self.lines() {
            page += &format!("- {line}\n");
        }
        for version in VERSIONS {
            let count = &self.0[version];
            for (names, what) in [(&count.unproven, "Not proven"), (&count.refused, "Refused")] {
                let mut names = names.clone();
                names.sort();
                if !names.is_empty() {
                    page += &format!("\n{what} on {version}:\n");
                    names.iter().for_each(|name| page += &format!("- {name}\n"));
                }
            }
        }
        page
    }
}
