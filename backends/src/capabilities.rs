//! What each backend can express: one table, read by the checks, the messages and the README.

/// A backend of this crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Backend {
    Argo,
    Local,
}

/// How far a backend expresses a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    Yes,
    /// Yes, but for what the note says.
    Part(&'static str),
    /// The message to the user says why.
    No(&'static str),
}

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capability {
    pub feature: &'static str,
    pub argo: Support,
    pub local: Support,
}

impl Capability {
    pub fn of(&self, backend: Backend) -> Support {
        match backend {
            Backend::Argo => self.argo,
            Backend::Local => self.local,
        }
    }
}

/// In the order of the README's table.
pub const CAPABILITIES: &[Capability] = &[
    row("tasks, calls, pipelines, `if`, `match`, `for`, `repeat`, `try`", Support::Yes, Support::Yes),
    row(
        "`on success`, `on failure`, `on exit`",
        Support::Part("a run that was stopped counts as failed; `run.failures` of a whole run only"),
        Support::Yes,
    ),
    row(
        "volumes, secrets mounted as files",
        Support::Yes,
        Support::No("a process sees this machine's files"),
    ),
    row("deadline of a launch", Support::Yes, Support::No("a script has no deadline for a whole run")),
    row("secrets as inputs of the entry", Support::Yes, Support::No("not on a command line")),
    row(
        "constant artifacts by URI",
        Support::Part("`https`, and what lies in the artifact repository"),
        Support::Part("files of this machine"),
    ),
];

const fn row(feature: &'static str, argo: Support, local: Support) -> Capability {
    Capability { feature, argo, local }
}

/// The table as the README shows it.
pub fn markdown() -> String {
    let cell = |support: Support| match support {
        Support::Yes => "yes".to_owned(),
        Support::Part(note) => format!("in part: {note}"),
        Support::No(reason) => format!("no: {reason}"),
    };
    let mut table = String::from("| feature | argo | local |\n|---|---|---|\n");
    for capability in CAPABILITIES {
        let (argo, local) = (cell(capability.argo), cell(capability.local));
        table.push_str(&format!("| {} | {argo} | {local} |\n", capability.feature));
    }
    table
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_readme_shows_the_table() {
        let readme = include_str!("../README.md");
        assert!(readme.contains(&super::markdown()), "the README lacks this table:\n{}", super::markdown());
    }
}
