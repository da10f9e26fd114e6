//! Where texts come from: the disk, an editor's unsaved buffers, memory.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A source of more bytes than this is refused.
pub const MAX_SOURCE: usize = 64 << 20;

/// Reads files.
pub trait Loader: fmt::Debug {
    /// A source's text.
    ///
    /// # Errors
    /// When it isn't there, can't be read, is no UTF-8 or is too large.
    fn text(&self, path: &Path) -> Result<Arc<str>, LoadError>;

    /// A file's content.
    ///
    /// # Errors
    /// When it isn't there or can't be read.
    fn bytes(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// What is at a path; `None` if nothing is.
    fn entry(&self, path: &Path) -> Option<Entry>;

    /// The names in a directory, sorted.
    ///
    /// # Errors
    /// When it isn't there or can't be read.
    fn names(&self, directory: &Path) -> io::Result<Vec<String>>;
}

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    File { is_executable: bool },
    Directory,
}

/// Why there is no text.
#[derive(Debug)]
pub enum LoadError {
    Missing,
    IsDirectory,
    /// A named pipe, a device or a socket, which may never end.
    IsNoFile,
    Unreadable(io::Error),
    /// The first byte that is no UTF-8.
    NotUtf8 {
        at: usize,
    },
    TooLarge {
        bytes: u64,
    },
}

impl fmt::Display for LoadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::Missing => write!(formatter, "there is no such file"),
            LoadError::IsDirectory => write!(formatter, "it is a directory"),
            LoadError::IsNoFile => write!(formatter, "{NO_FILE}"),
            LoadError::Unreadable(cause) => write!(formatter, "it can't be read: {cause}"),
            LoadError::NotUtf8 { at } => {
                write!(formatter, "it is no UTF-8 text: byte {at} is where it stops being one")
            }
            LoadError::TooLarge { bytes } => {
                write!(formatter, "it has {} MiB; a source has at most {}", bytes >> 20, MAX_SOURCE >> 20)
            }
        }
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            LoadError::Unreadable(cause) => Some(cause),
            LoadError::Missing
            | LoadError::IsDirectory
            | LoadError::IsNoFile
            | LoadError::NotUtf8 { .. }
            | LoadError::TooLarge { .. } => None,
        }
    }
}

const NO_FILE: &str = "it is a named pipe, a device or a socket, and only files are read";

/// The content of a file. What isn't one may have no end, or make whoever opens it wait.
///
/// # Errors
/// When it isn't there, can't be read or is no file.
pub(crate) fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_dir() && !is_readable(path, &metadata) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, NO_FILE));
    }
    std::fs::read(path)
}

/// A file, or a stream that this process was given: `/dev/stdin`, and `<(…)` of a shell.
fn is_readable(path: &Path, metadata: &std::fs::Metadata) -> bool {
    let is_given =
        path == Path::new("/dev/stdin") || path.starts_with("/dev/fd") || path.starts_with("/proc/self/fd");
    metadata.is_file() || is_given
}

/// The file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Loader for Disk {
    fn text(&self, path: &Path) -> Result<Arc<str>, LoadError> {
        let metadata = std::fs::metadata(path).map_err(|cause| {
            let is_missing = matches!(cause.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory);
            if is_missing { LoadError::Missing } else { LoadError::Unreadable(cause) }
        })?;
        if metadata.is_dir() {
            return Err(LoadError::IsDirectory);
        }
        if !is_readable(path, &metadata) {
            return Err(LoadError::IsNoFile);
        }
        if metadata.len() > MAX_SOURCE as u64 {
            return Err(LoadError::TooLarge { bytes: metadata.len() });
        }
        decode(std::fs::read(path).map_err(LoadError::Unreadable)?)
    }

    fn bytes(&self, path: &Path) -> io::Result<Vec<u8>> {
        read_file(path)
    }

    fn entry(&self, path: &Path) -> Option<Entry> {
        let metadata = std::fs::metadata(path).ok()?;
        Some(if metadata.is_dir() {
            Entry::Directory
        } else {
            Entry::File { is_executable: is_executable(&metadata) }
        })
    }

    fn names(&self, directory: &Path) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(directory)? {
            let name = entry?.file_name();
            names.push(name.into_string().map_err(|name| {
                io::Error::new(io::ErrorKind::InvalidData, format!("the name {name:?} is no UTF-8"))
            })?);
        }
        names.sort();
        Ok(names)
    }
}

#[cfg(unix)]
fn is_executable(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &std::fs::Metadata) -> bool {
    false
}

/// The text of bytes.
///
/// # Errors
/// When they are no UTF-8 or too many.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<Arc<str>, LoadError> {
    if bytes.len() > MAX_SOURCE {
        return Err(LoadError::TooLarge { bytes: bytes.len() as u64 });
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Arc::from(text)),
        Err(error) => Err(LoadError::NotUtf8 { at: error.utf8_error().valid_up_to() }),
    }
}

/// Texts by path, and nothing else.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    pub files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Loader for Memory {
    fn text(&self, path: &Path) -> Result<Arc<str>, LoadError> {
        match self.entry(path) {
            None => Err(LoadError::Missing),
            Some(Entry::Directory) => Err(LoadError::IsDirectory),
            Some(Entry::File { .. }) => decode(self.files[path].clone()),
        }
    }

    fn bytes(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.files.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn entry(&self, path: &Path) -> Option<Entry> {
        if self.files.contains_key(path) {
            return Some(Entry::File { is_executable: false });
        }
        self.files.keys().any(|file| file.starts_with(path)).then_some(Entry::Directory)
    }

    fn names(&self, directory: &Path) -> io::Result<Vec<String>> {
        let inside = self.files.keys().filter_map(|file| file.strip_prefix(directory).ok());
        let mut names: Vec<String> = inside
            .filter_map(|path| path.components().next())
            .map(|component| component.as_os_str().to_string_lossy().into_owned())
            .collect();
        names.dedup();
        if names.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(names) }
    }
}

/// Unsaved texts over another loader.
#[derive(Debug)]
pub struct Overlay<L> {
    pub texts: BTreeMap<PathBuf, Arc<str>>,
    pub below: L,
}

impl<L: Loader> Loader for Overlay<L> {
    fn text(&self, path: &Path) -> Result<Arc<str>, LoadError> {
        match self.texts.get(path) {
            Some(text) => Ok(text.clone()),
            None => self.below.text(path),
        }
    }

    fn bytes(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.texts.get(path) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => self.below.bytes(path),
        }
    }

    fn entry(&self, path: &Path) -> Option<Entry> {
        let unsaved = self.texts.contains_key(path).then_some(Entry::File { is_executable: false });
        self.below.entry(path).or(unsaved)
    }

    fn names(&self, directory: &Path) -> io::Result<Vec<String>> {
        self.below.names(directory)
    }
}
