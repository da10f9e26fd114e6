//! `--fix`, `--unsafe-fixes`, `--diff`: applies fixes until nothing changes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::super::failure::Failure;
use super::super::input::shown;
use super::super::terminal::Terminal;
use super::super::{Status, write};
use super::session::Session;
use crate::diagnostics::fixes::{self, Applied, Willing};
use crate::source::Loader as _;

/// So many times is what a fix leaves looked at again.
const MAX_ROUNDS: usize = 64;

#[derive(Args, Debug)]
pub(super) struct Fixing {
    /// Apply fixes that needn't be looked at
    #[arg(long)]
    fix: bool,
    /// Show what --fix would change, and change nothing; the exit status is 1 if that is anything
    #[arg(long, conflicts_with_all = ["fix", "output", "statistics"])]
    pub(super) diff: bool,
    /// Let --fix and --diff also apply fixes that may change what a program means
    #[arg(long)]
    unsafe_fixes: bool,
}

/// What has been changed, in memory so far.
pub(super) struct Fixed {
    /// Texts before and after, by path.
    texts: BTreeMap<PathBuf, (Arc<str>, Arc<str>)>,
    applied: Vec<Applied>,
}

impl Fixing {
    pub(super) fn is_asked_for(&self) -> bool {
        self.fix || self.diff
    }

    pub(super) fn refuse_stdin(&self) -> Result<(), Failure> {
        if !self.is_asked_for() {
            return Ok(());
        }
        Err(Failure::new("can't fix standard input")
            .because("there is no file to write to")
            .help("give the name of a file"))
    }

    /// Fixes what the session has found, and checks again, until nothing changes.
    pub(super) fn run(&self, session: &mut Session, files: &[PathBuf]) -> Fixed {
        let willing = if self.unsafe_fixes { Willing::Unsafe } else { Willing::Safe };
        let mut fixed = Fixed { texts: BTreeMap::new(), applied: Vec::new() };
        let mut seen = BTreeSet::new();
        for _ in 0..MAX_ROUNDS {
            let round = fixes::apply(&session.findings(), willing);
            // A fix that brings an earlier text back would go round for ever.
            if round.texts.is_empty() || !seen.insert(round.texts.clone()) {
                break;
            }
            for (path, text) in round.texts {
                let text: Arc<str> = Arc::from(text);
                let Ok(before) = session.loader.text(&path) else { continue };
                fixed.texts.entry(path.clone()).or_insert_with(|| (before, text.clone())).1 = text.clone();
                session.loader.texts.insert(path, text);
            }
            fixed.applied.extend(round.applied);
            session.check(files, &mut Vec::new());
        }
        fixed
    }
}

impl Fixed {
    /// Writes the files, and says what was done.
    pub(super) fn write(&self, terminal: Terminal) -> Result<(), Failure> {
        for (path, (_, after)) in &self.texts {
            write::file(path, after.as_bytes())?;
        }
        let mut lines: Vec<String> = self.applied.iter().map(line).collect();
        if !lines.is_empty() {
            let (fixes, files) = (self.applied.len(), self.texts.len());
            lines.push(format!(
                "applied {} in {}\n",
                counted(fixes, "fix", "fixes"),
                counted(files, "file", "files")
            ));
        }
        terminal.print_error(&lines.concat());
        Ok(())
    }

    pub(super) fn print_diff(&self, terminal: Terminal) -> Result<Status, Failure> {
        let diffs = self.texts.iter().map(|(path, (before, after))| {
            let name = shown(path);
            let diff = similar::TextDiff::from_lines(&**before, &**after);
            diff.unified_diff().header(&name, &name).to_string()
        });
        terminal.print(&diffs.collect::<String>())?;
        Ok(if self.texts.is_empty() { Status::Fine } else { Status::Findings })
    }
}

/// `main.pipe:3:5: W0201: remove `x =``
fn line(applied: &Applied) -> String {
    let Applied { path, position, code, title } = applied;
    format!("{}:{}:{}: {}: {title}\n", shown(path), position.line, position.column, code.0)
}

fn counted(number: usize, one: &str, several: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { several })
}
