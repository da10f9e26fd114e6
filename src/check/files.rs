//! What the checker asks about files that a program names. It reads none of them.

/// The project's files. Paths are relative to its root, with `/` between parts.
pub trait ProjectFiles {
    fn look(&self, path: &str) -> FileKind;
}

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    File,
    Directory,
    Missing,
}
