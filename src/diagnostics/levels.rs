//! How loud a lint is: what the code table, `[lints]`, `--allow`, `--warn` and `--deny` say about a warning's code.

use std::collections::BTreeMap;

use super::{Code, Diagnostic, Severity, codes};
use crate::resolve::suggest::nearest;

/// What becomes of a lint's findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Nothing.
    Allow,
    /// A warning.
    Warn,
    /// An error.
    Deny,
}

/// The levels of all lints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    /// Where they differ from the table's.
    changed: BTreeMap<&'static str, Level>,
}

/// Why a word is no lint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoLint {
    /// An error, which has no level.
    Error,
    /// No code at all; the lint that may have been meant.
    Unknown { near: Option<&'static str> },
}

impl Level {
    pub fn parse(word: &str) -> Option<Level> {
        let levels = [Level::Allow, Level::Warn, Level::Deny];
        levels.into_iter().find(|level| level.word() == word)
    }

    /// As `pipec.toml` writes it.
    pub fn word(self) -> &'static str {
        match self {
            Level::Allow => "allow",
            Level::Warn => "warn",
            Level::Deny => "deny",
        }
    }
}

impl Levels {
    pub fn set(&mut self, lint: Code, level: Level) {
        self.changed.insert(lint.0, level);
    }

    /// These levels where they say something, else those of `self`.
    pub fn and(&self, louder: &Levels) -> Levels {
        let mut changed = self.changed.clone();
        changed.extend(&louder.changed);
        Levels { changed }
    }

    /// `None` for an error.
    pub fn of(&self, code: Code) -> Option<Level> {
        self.changed.get(code.0).copied().or_else(|| codes::find(code.0)?.level)
    }

    /// Findings as loud as the levels say.
    pub fn apply(&self, diagnostics: &mut Vec<Diagnostic>) {
        diagnostics.retain_mut(|diagnostic| {
            match self.of(diagnostic.code) {
                Some(Level::Allow) => return false,
                Some(Level::Deny) => diagnostic.severity = Severity::Error,
                Some(Level::Warn) | None => {}
            }
            true
        });
    }
}

/// All that have a level, in order of code.
pub fn lints() -> impl Iterator<Item = Code> {
    codes::TABLE.iter().filter(|row| row.level.is_some()).map(|row| row.code)
}

/// The lint of a code as a user typed it, in any case.
///
/// # Errors
/// When it is none.
pub fn lint(word: &str) -> Result<Code, NoLint> {
    match codes::find(word) {
        Some(row) if row.level.is_some() => Ok(row.code),
        Some(_) => Err(NoLint::Error),
        None => Err(NoLint::Unknown { near: nearest(word, lints().map(|code| code.0)) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Span};

    #[test]
    fn a_lint_is_dropped_kept_or_raised() {
        let place = Span::new(FileId(0), 0, 1);
        let warning = |code| Diagnostic::warning(code, "", place, "");
        let mut diagnostics: Vec<_> =
            [codes::UNUSED, codes::NEVER_NULL, codes::NO_EFFECT, codes::LOOSE_IMAGE].map(warning).to_vec();
        let mut levels = Levels::default();
        levels.set(codes::UNUSED, Level::Allow);
        levels.set(codes::NEVER_NULL, Level::Deny);
        levels.set(codes::NO_EFFECT, Level::Warn);
        levels.apply(&mut diagnostics);
        let left: Vec<_> = diagnostics.iter().map(|finding| (finding.code, finding.severity)).collect();
        let expected = [
            (codes::NEVER_NULL, Severity::Error),
            (codes::NO_EFFECT, Severity::Warning),
            (codes::LOOSE_IMAGE, Severity::Warning),
        ];
        assert_eq!(left, expected);
    }

    #[test]
    fn a_word_is_a_lint_an_error_or_a_slip() {
        assert_eq!(lint("w0201"), Ok(codes::UNUSED));
        assert_eq!(lint("E0301"), Err(NoLint::Error));
        assert_eq!(lint("W020"), Err(NoLint::Unknown { near: Some("W0201") }));
    }
}
