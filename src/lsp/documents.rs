//! The files that are open in the editor, and what the passes have made of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::compiler::{self, Checked};
use crate::project;
use crate::source::{Disk, Overlay};

/// Open files by path.
#[derive(Debug)]
pub(super) struct Documents {
    overlay: Overlay<Disk>,
    checked: BTreeMap<PathBuf, Checked>,
}

impl Documents {
    pub(super) fn new() -> Documents {
        Documents { overlay: Overlay { texts: BTreeMap::new(), below: Disk }, checked: BTreeMap::new() }
    }

    pub(super) fn set(&mut self, path: PathBuf, text: String) {
        self.overlay.texts.insert(path, Arc::from(text));
    }

    pub(super) fn close(&mut self, path: &Path) {
        self.overlay.texts.remove(path);
        self.checked.remove(path);
    }

    pub(super) fn text(&self, path: &Path) -> Option<&Arc<str>> {
        self.overlay.texts.get(path)
    }

    /// Checks what has changed: a file whose own text and imports are as they were keeps what it has.
    pub(super) fn check(&mut self) {
        for path in self.overlay.texts.keys() {
            let is_current = self.checked.get(path).is_some_and(|checked| checked.is_current(&self.overlay));
            if is_current {
                continue;
            }
            // A `pipec.toml` that can't be used is for `pipec check` to report.
            let folder = path.parent().unwrap_or(path);
            let settings = project::find(folder).map(|found| found.settings).unwrap_or_default();
            let profile = settings.profile(None);
            if let Ok(checked) = compiler::check_for(profile, path, &self.overlay, &settings.lints) {
                self.checked.insert(path.clone(), checked);
            }
        }
    }

    /// What is known of an open file.
    pub(super) fn checked(&self, path: &Path) -> Option<&Checked> {
        self.checked.get(path)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (&PathBuf, &Checked)> {
        self.checked.iter()
    }
}
