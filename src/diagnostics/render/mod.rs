//! How findings are shown: one file per form. What they say and in which order they come is the same in each.

mod github;
mod gitlab;
mod json;
mod junit;
mod sarif;
mod text;

use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

use foldhash::HashSet;

use super::{Diagnostic, Severity};
use crate::source::{SourceFile, SourceMap, Span};

pub use github::github;
pub use gitlab::gitlab;
pub use json::{json, json_schema};
pub use junit::junit;
pub use sarif::sarif;
pub use text::{full, short};

/// A diagnostic, and the texts that its places refer to.
#[derive(Clone, Copy, Debug)]
pub struct Finding<'a> {
    pub sources: &'a SourceMap,
    pub diagnostic: &'a Diagnostic,
}

/// How many errors and warnings, and in how many files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub errors: usize,
    pub warnings: usize,
    pub files: usize,
}

/// In order of file name and position, each finding once: programs may share files.
pub fn ordered<'a>(mut findings: Vec<Finding<'a>>) -> Vec<Finding<'a>> {
    findings.sort_by_key(|finding| {
        let Span { start, end, .. } = finding.diagnostic.span();
        (finding.file().path().to_owned(), start, end)
    });
    let mut seen = HashSet::default();
    findings.retain(|finding| {
        let diagnostic = finding.diagnostic;
        let Span { start, end, .. } = diagnostic.span();
        seen.insert((finding.file().path(), start, end, diagnostic.code, &diagnostic.message))
    });
    findings
}

impl Counts {
    pub fn of(findings: &[Finding]) -> Counts {
        let errors = findings.iter().filter(|finding| finding.diagnostic.severity == Severity::Error).count();
        let files: HashSet<&Path> = findings.iter().map(|finding| finding.file().path()).collect();
        Counts { errors, warnings: findings.len() - errors, files: files.len() }
    }

    /// `2 errors and 1 warning in 1 file`
    pub fn summary(self) -> String {
        let counted = |number: usize, word: &str| {
            let plural = if number == 1 { "" } else { "s" };
            format!("{number} {word}{plural}")
        };
        let kinds = [(self.errors, "error"), (self.warnings, "warning")];
        let kinds: Vec<String> = kinds
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, word)| counted(*number, word))
            .collect();
        format!("{} in {}", kinds.join(" and "), counted(self.files, "file"))
    }
}

impl<'a> Finding<'a> {
    fn file(&self) -> &'a SourceFile {
        self.sources.file(self.diagnostic.span().file)
    }
}

/// All that a finding says, for who shows one text.
pub(crate) fn whole_text(diagnostic: &Diagnostic) -> String {
    let label = diagnostic.labels[0].text.as_str();
    let mut lines = vec![diagnostic.message.clone()];
    lines.extend((!label.is_empty()).then(|| label.to_owned()));
    lines.extend(diagnostic.notes.iter().map(|note| format!("note: {note}")));
    lines.extend(diagnostic.help.iter().map(|help| format!("help: {help}")));
    lines.join("\n")
}

/// What people see as a file's name: its path from the folder they are in, `/` between parts.
fn shown_name<'a>(file: &'a SourceFile, folder: &Path) -> Cow<'a, str> {
    if !file.path().is_absolute() || !folder.is_absolute() {
        return Cow::Borrowed(file.name());
    }
    let mut rest = file.path().components().peekable();
    let mut from = folder.components().peekable();
    while rest.peek().is_some() && rest.peek() == from.peek() {
        rest.next();
        from.next();
    }
    let up = from.map(|_| Component::ParentDir);
    let path: PathBuf = up.chain(rest).collect();
    let parts: Vec<Cow<str>> = path.iter().map(|part| part.to_string_lossy()).collect();
    Cow::Owned(parts.join("/"))
}

#[cfg(test)]
mod tests;
