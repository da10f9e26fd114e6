//! A project's files by their project paths: relative to its root, with `/` between parts and without `.` and `..`.

use std::io;
use std::path::{Component, Path, PathBuf};

use super::{Entry, Loader};

/// A project's root, and how to read below it.
#[derive(Debug)]
pub struct Project<'a> {
    root: PathBuf,
    loader: &'a dyn Loader,
}

impl<'a> Project<'a> {
    /// `root` is absolute: the folder of `pipec.toml`, or without one that of the compiled file.
    pub fn new(root: &Path, loader: &'a dyn Loader) -> Project<'a> {
        Project { root: normalized(root), loader }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn loader(&self) -> &'a dyn Loader {
        self.loader
    }

    /// The project path of an absolute path; `None` if it leads out of the project.
    pub fn path_of(&self, path: &Path) -> Option<String> {
        let path = normalized(path);
        let relative = path.strip_prefix(&self.root).ok()?;
        let parts: Vec<&str> = relative.iter().map(|part| part.to_str()).collect::<Option<_>>()?;
        Some(parts.join("/"))
    }

    /// The absolute path of a project path.
    pub fn absolute(&self, path: &str) -> PathBuf {
        normalized(&self.root.join(path))
    }

    pub fn entry(&self, path: &str) -> Option<Entry> {
        self.loader.entry(&self.absolute(path))
    }

    /// # Errors
    /// When the file isn't there or can't be read.
    pub fn bytes(&self, path: &str) -> io::Result<Vec<u8>> {
        self.loader.bytes(&self.absolute(path))
    }

    /// The files of a directory and all below it, relative to it, sorted, without dotfiles.
    ///
    /// # Errors
    /// When the directory isn't there or can't be read.
    pub fn files_below(&self, path: &str) -> io::Result<Vec<String>> {
        let directory = self.absolute(path);
        let mut files = Vec::new();
        let mut open = vec![String::new()];
        while let Some(prefix) = open.pop() {
            for name in self.loader.names(&directory.join(&prefix))? {
                let relative = format!("{prefix}{name}");
                if name.starts_with('.') {
                    continue;
                }
                match self.loader.entry(&directory.join(&relative)) {
                    Some(Entry::Directory) => open.push(format!("{relative}/")),
                    Some(Entry::File { .. }) => files.push(relative),
                    None => {}
                }
            }
        }
        files.sort();
        Ok(files)
    }
}

/// The path without `.` and `..`, by its text alone: links aren't followed.
pub fn normalized(path: &Path) -> PathBuf {
    let mut parts = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop();
            }
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => parts.push(part),
        }
    }
    parts
}
