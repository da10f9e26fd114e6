//! `--watch`: checks again whenever a source or a `pipec.toml` changes.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use notify::{Event, EventKind, RecursiveMode, Watcher as _};

use super::super::failure::Failure;
use super::super::terminal::Terminal;
use crate::project;

/// Editors write a file in several steps: so long nothing may happen before it is read.
const REST: Duration = Duration::from_millis(60);

/// Folders that matter, and whether what lies below them does too.
pub(super) type Folders = BTreeMap<PathBuf, Depth>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Depth {
    Alone,
    All,
}

/// Calls `check`, which gives the folders that matter, for ever: at once, and then after each change.
pub(super) fn watch(
    terminal: Terminal,
    mut check: impl FnMut() -> Folders,
) -> Result<std::convert::Infallible, Failure> {
    let failure = || Failure::new("can't watch files");
    let (sender, changes) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(sender).map_err(|error| failure().because_of(&error))?;
    let mut watched = Folders::new();
    loop {
        for (folder, depth) in check() {
            if watched.get(&folder).is_none_or(|known| *known < depth) {
                let mode = match depth {
                    Depth::Alone => RecursiveMode::NonRecursive,
                    Depth::All => RecursiveMode::Recursive,
                };
                // A folder that is gone by now can't change.
                let _ = watcher.watch(&folder, mode);
                watched.insert(folder, depth);
            }
        }
        terminal.print_error("watching for changes; Ctrl-C ends\n");
        wait(&changes).ok_or_else(|| failure().because("the operating system stopped telling of changes"))?;
    }
}

/// Until something that matters has changed, and has come to rest.
fn wait(changes: &Receiver<notify::Result<Event>>) -> Option<()> {
    while !matters(&changes.recv().ok()?) {}
    while changes.recv_timeout(REST).is_ok() {}
    Some(())
}

fn matters(change: &notify::Result<Event>) -> bool {
    let Ok(event) = change else { return true };
    !matches!(event.kind, EventKind::Access(_)) && event.paths.iter().any(|path| is_input(path))
}

fn is_input(path: &Path) -> bool {
    path.extension() == Some(OsStr::new("pipe")) || path.file_name() == Some(OsStr::new(project::FILE_NAME))
}
