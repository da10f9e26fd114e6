//! What pipec has to say about a program: findings with codes, labels across files, notes, help and fixes.

pub mod codes;
pub mod fixes;
pub mod levels;
pub(crate) mod printable;
pub mod render;

use crate::source::Span;
use printable::in_line;

/// A finding. Made by a function named after the fact, beside the pass that says it. Its texts stand on one line each.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    pub code: Code,
    pub severity: Severity,
    /// One sentence: what is wrong.
    pub message: String,
    /// The first is the place itself; the others show where its parts come from.
    pub labels: Vec<Label>,
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
    pub fixes: Vec<Fix>,
}

/// `E0301`, `W0401`: a row of the code table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(pub &'static str);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

/// A change of the text that mends the finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    pub title: String,
    pub edits: Vec<Edit>,
    pub applicability: Applicability,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    pub span: Span,
    pub replacement: String,
}

/// Whether a fix may be applied without being looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applicability {
    Safe,
    Unsafe,
}

impl Code {
    /// Only lints have levels; errors are errors.
    pub fn is_lint(self) -> bool {
        codes::find(self.0).is_some_and(|row| row.level.is_some())
    }

    /// Where its page can be read.
    pub fn url(self) -> String {
        format!("{}/blob/main/src/diagnostics/explanations/{}.md", env!("CARGO_PKG_REPOSITORY"), self.0)
    }
}

impl Diagnostic {
    /// An error at `span`; `label` says what is wrong right there, and may be empty.
    pub fn error(code: Code, message: impl Into<String>, span: Span, label: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, Severity::Error, message.into(), span, label.into())
    }

    /// A warning at `span`.
    pub fn warning(
        code: Code,
        message: impl Into<String>,
        span: Span,
        label: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(code, Severity::Warning, message.into(), span, label.into())
    }

    fn new(code: Code, severity: Severity, message: String, span: Span, text: String) -> Diagnostic {
        let (message, text) = (in_line(message), in_line(text));
        let labels = vec![Label { span, text }];
        Diagnostic { code, severity, message, labels, notes: Vec::new(), help: None, fixes: Vec::new() }
    }

    /// The place of the finding.
    pub fn span(&self) -> Span {
        self.labels[0].span
    }

    pub fn with_label(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { span, text: in_line(text) });
        self
    }

    pub fn with_note(mut self, note: impl Into<String>) -> Diagnostic {
        self.notes.push(in_line(note));
        self
    }

    pub fn with_help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(in_line(help));
        self
    }

    pub fn with_fix(mut self, fix: Fix) -> Diagnostic {
        self.fixes.push(Fix { title: in_line(fix.title), ..fix });
        self
    }
}

impl Fix {
    /// One replacement that may be applied without being looked at.
    pub fn safe(title: impl Into<String>, span: Span, replacement: impl Into<String>) -> Fix {
        let edits = vec![Edit { span, replacement: replacement.into() }];
        Fix { title: title.into(), edits, applicability: Applicability::Safe }
    }

    /// `x` → `name(x)`, which may not be what is meant.
    pub fn call_around(name: &str, span: Span) -> Fix {
        let insert = |at, replacement| Edit { span: Span { start: at, end: at, ..span }, replacement };
        Fix {
            title: format!("write `{name}(…)`"),
            edits: vec![insert(span.start, format!("{name}(")), insert(span.end, ")".to_owned())],
            applicability: Applicability::Unsafe,
        }
    }
}
