//! Why a run could not start, or could not go on: the world is wrong, not a step.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Nothing has run, except where `kind` says that the machine failed under the run.
#[derive(Debug)]
pub enum RunError {
    /// The request or the program can't be run here. All reasons at once.
    Refused(Vec<Refusal>),
    /// A file or directory of the run itself could not be written or read.
    Machine { attempted: String, source: io::Error },
}

/// One reason why a run is refused before it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub message: String,
    /// How to go on.
    pub help: Option<String>,
    /// `flow.pipe:3:5`.
    pub place: Option<String>,
}

impl Refusal {
    pub(crate) fn new(message: impl Into<String>) -> Refusal {
        Refusal { message: message.into(), help: None, place: None }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Refusal {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn at(mut self, place: Option<String>) -> Refusal {
        self.place = place;
        self
    }
}

impl RunError {
    pub(crate) fn machine(attempted: impl Into<String>, path: &Path, source: io::Error) -> RunError {
        RunError::Machine { attempted: format!("{} {}", attempted.into(), path.display()), source }
    }
}

impl From<Refusal> for RunError {
    fn from(refusal: Refusal) -> RunError {
        RunError::Refused(vec![refusal])
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(out, "{place}: ")?;
        }
        out.write_str(&self.message)?;
        self.help.as_ref().map_or(Ok(()), |help| write!(out, "\n  help: {help}"))
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunError::Refused(refusals) => {
                for (index, refusal) in refusals.iter().enumerate() {
                    if index > 0 {
                        out.write_str("\n")?;
                    }
                    write!(out, "{refusal}")?;
                }
                Ok(())
            }
            RunError::Machine { attempted, source } => write!(out, "could not {attempted}: {source}"),
        }
    }
}

impl std::error::Error for RunError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            RunError::Refused(_) => None,
            RunError::Machine { source, .. } => Some(source),
        }
    }
}

/// An IO error with the path that it is about, for what happens inside one step.
pub(crate) fn io_message(attempted: &str, path: impl Into<PathBuf>, error: &io::Error) -> String {
    format!("could not {attempted} {}: {error}", path.into().display())
}
