//! How loud a lint is: what `[lints]`, `--allow`, `--warn` and `--deny` say about a warning's code.

use std::collections::BTreeMap;

use super::{Code, Diagnostic, Severity};

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

impl Level {
    pub fn parse(word: &str) -> Option<Level> {
        let levels = [("allow", Level::Allow), ("warn", Level::Warn), ("deny", Level::Deny)];
        levels.iter().find(|(name, _)| *name == word).map(|(_, level)| *level)
    }
}

impl Code {
    /// Only lints have levels; errors are errors.
    pub fn is_lint(self) -> bool {
        self.0.starts_with('W')
    }
}

/// Findings as loud as the levels say; those without one stay as they are.
pub fn apply(diagnostics: &mut Vec<Diagnostic>, levels: &BTreeMap<&'static str, Level>) {
    diagnostics.retain_mut(|diagnostic| {
        match levels.get(diagnostic.code.0) {
            Some(Level::Allow) => return false,
            Some(Level::Deny) => diagnostic.severity = Severity::Error,
            Some(Level::Warn) | None => {}
        }
        true
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Span};

    #[test]
    fn a_lint_is_dropped_kept_or_raised() {
        let place = Span::new(FileId(0), 0, 1);
        let warning = |code| Diagnostic::warning(Code(code), "", place, "");
        let mut diagnostics = vec![warning("W0101"), warning("W0102"), warning("W0103"), warning("W0104")];
        let levels = [("W0101", Level::Allow), ("W0102", Level::Deny), ("W0103", Level::Warn)];
        apply(&mut diagnostics, &levels.into_iter().collect());
        let left: Vec<_> = diagnostics.iter().map(|finding| (finding.code.0, finding.severity)).collect();
        let expected =
            [("W0102", Severity::Error), ("W0103", Severity::Warning), ("W0104", Severity::Warning)];
        assert_eq!(left, expected);
    }
}
