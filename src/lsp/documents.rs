//! The files that are open in the editor, and what the passes have made of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::compiler::{self, Checked};
use crate::project::{self, Settings};
use crate::source::{Disk, Overlay};

/// Open files by path.
#[derive(Debug)]
pub(super) struct Documents {
    overlay: Overlay<Disk>,
    checked: BTreeMap<PathBuf, Known>,
}

/// What the passes have made of a file, and the settings that they were given.
#[derive(Debug)]
struct Known {
    checked: Checked,
    settings: Settings,
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

    /// Checks what has changed: a file keeps what it has while its settings and all that it was made of are as they were.
    pub(super) fn check(&mut self) {
        for path in self.overlay.texts.keys() {
            let settings = settings_of(path);
            let known = self.checked.get(path);
            if known
                .is_some_and(|known| known.settings == settings && known.checked.is_current(&self.overlay))
            {
                continue;
            }
            let profile = settings.profile(None);
            if let Ok(checked) = compiler::check_for(profile, path, &self.overlay, &settings.lints) {
                self.checked.insert(path.clone(), Known { checked, settings });
            }
        }
    }

    /// What is known of an open file.
    pub(super) fn checked(&self, path: &Path) -> Option<&Checked> {
        self.checked.get(path).map(|known| &known.checked)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (&PathBuf, &Checked)> {
        self.checked.iter().map(|(path, known)| (path, &known.checked))
    }
}

/// A `pipec.toml` that can't be used is for `pipec check` to report.
fn settings_of(path: &Path) -> Settings {
    project::find(path.parent().unwrap_or(path)).map(|found| found.settings).unwrap_or_default()
}
