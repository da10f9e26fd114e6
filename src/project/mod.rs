//! `pipec.toml`: what a project says about itself, its targets and its lints. The command line and the language server
//! read the same file the same way.

mod argo;
mod names;
pub mod profile;
mod reader;
mod schema;
mod settings;

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;

use crate::diagnostics::levels::Levels;

pub use profile::Profile;
pub use schema::schema;

/// The file's name.
pub const FILE_NAME: &str = "pipec.toml";

/// What the file says; without one, nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    pub name: Option<String>,
    /// A key of `targets`, or the name of a backend.
    pub default_target: Option<String>,
    /// `[target.NAME]`, in source order.
    pub targets: IndexMap<String, Target>,
    /// What each of the targets has.
    pub profiles: IndexMap<String, Profile>,
    /// `[lints]`
    pub lints: Levels,
}

impl Settings {
    /// What the target of that name has; without a name, the project's default, or its only one.
    pub fn profile(&self, target: Option<&str>) -> Option<&Profile> {
        match target.or(self.default_target.as_deref()) {
            Some(name) => self.profiles.get(name),
            None if self.profiles.len() == 1 => self.profiles.values().next(),
            None => None,
        }
    }
}

/// `[target.NAME]`: a backend and what it should know.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    Argo(Box<pipec_backends::argo::Target>),
    Local(LocalTarget),
}

/// This machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocalTarget {
    /// Variables of the caller's environment that steps get too.
    pub pass_env: Vec<String>,
}

/// A project: its settings, and where they come from.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The folder of `pipec.toml`; without one that of the file that was asked about.
    pub root: PathBuf,
    pub settings: Settings,
}

/// Why a `pipec.toml` can't be used.
#[derive(Debug)]
pub enum Error {
    Unreadable { path: PathBuf, cause: io::Error },
    Wrong { path: PathBuf, text: String, problems: Vec<Problem> },
}

/// Something wrong in the text of a `pipec.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub message: String,
    /// Bytes of the text.
    pub range: Range<usize>,
    pub label: String,
    pub help: Option<String>,
}

/// The project of the files in `folder`, which is absolute: the nearest `pipec.toml` upwards says.
///
/// # Errors
/// When there is one that can't be read or isn't right.
pub fn find(folder: &Path) -> Result<Found, Error> {
    for root in folder.ancestors() {
        let path = root.join(FILE_NAME);
        match crate::source::read_file(&path) {
            Ok(bytes) => {
                let settings = from_bytes(bytes, &path)?;
                return Ok(Found { root: root.to_owned(), settings });
            }
            Err(cause) if is_absent(&cause) => {}
            Err(cause) => return Err(Error::Unreadable { path, cause }),
        }
    }
    Ok(Found { root: folder.to_owned(), settings: Settings::default() })
}

fn is_absent(cause: &io::Error) -> bool {
    matches!(cause.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn from_bytes(bytes: Vec<u8>, path: &Path) -> Result<Settings, Error> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let text = format!("it is no UTF-8 text: byte {at} is where it stops being one");
        Error::Unreadable { path: path.to_owned(), cause: io::Error::new(io::ErrorKind::InvalidData, text) }
    })?;
    parse(&text).map_err(|problems| Error::Wrong { path: path.to_owned(), text, problems })
}

/// Settings from the text of a `pipec.toml`.
///
/// # Errors
/// All that is wrong with it, in order of place.
pub fn parse(text: &str) -> Result<Settings, Vec<Problem>> {
    let mut problems = Vec::new();
    let settings = settings::read(text, &mut problems);
    problems.sort_by_key(|problem| problem.range.start);
    if problems.is_empty() { Ok(settings) } else { Err(problems) }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Unreadable { path, .. } => write!(f, "can't read `{}`", path.display()),
            Error::Wrong { path, problems, .. } => {
                let first = problems.first().map_or("it is wrong", |problem| &problem.message);
                write!(f, "`{}`: {first}", path.display())
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Unreadable { cause, .. } => Some(cause),
            Error::Wrong { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests;
