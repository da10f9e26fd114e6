//! What was asked of a loader and what it answered, so that one can tell later whether it would answer the same.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Entry, LoadError, Loader};

/// Answers by path; `None` where there was none.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    texts: BTreeMap<PathBuf, Option<Arc<str>>>,
    bytes: BTreeMap<PathBuf, Option<Vec<u8>>>,
    entries: BTreeMap<PathBuf, Option<Entry>>,
    names: BTreeMap<PathBuf, Option<Vec<String>>>,
}

impl Answers {
    /// Whether the loader still gives all of these.
    pub fn are_those_of(&self, loader: &dyn Loader) -> bool {
        self.texts.iter().all(|(path, text)| loader.text(path).ok() == *text)
            && self.bytes.iter().all(|(path, bytes)| loader.bytes(path).ok() == *bytes)
            && self.entries.iter().all(|(path, entry)| loader.entry(path) == *entry)
            && self.names.iter().all(|(path, names)| loader.names(path).ok() == *names)
    }
}

/// A loader that remembers.
#[derive(Debug)]
pub struct Recording<'a> {
    loader: &'a dyn Loader,
    answers: RefCell<Answers>,
}

impl<'a> Recording<'a> {
    pub fn new(loader: &'a dyn Loader) -> Recording<'a> {
        Recording { loader, answers: RefCell::default() }
    }

    pub fn into_answers(self) -> Answers {
        self.answers.into_inner()
    }
}

impl Loader for Recording<'_> {
    fn text(&self, path: &Path) -> Result<Arc<str>, LoadError> {
        let text = self.loader.text(path);
        self.answers.borrow_mut().texts.insert(path.to_owned(), text.as_ref().ok().cloned());
        text
    }

    fn bytes(&self, path: &Path) -> io::Result<Vec<u8>> {
        let bytes = self.loader.bytes(path);
        self.answers.borrow_mut().bytes.insert(path.to_owned(), bytes.as_ref().ok().cloned());
        bytes
    }

    fn entry(&self, path: &Path) -> Option<Entry> {
        let entry = self.loader.entry(path);
        self.answers.borrow_mut().entries.insert(path.to_owned(), entry);
        entry
    }

    fn names(&self, directory: &Path) -> io::Result<Vec<String>> {
        let names = self.loader.names(directory);
        self.answers.borrow_mut().names.insert(directory.to_owned(), names.as_ref().ok().cloned());
        names
    }
}
