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
pub const CAPABILITIES: &[Capability] = &[];
