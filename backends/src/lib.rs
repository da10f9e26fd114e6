//! IR → files. Reads nothing but the IR and the target's settings, and writes nothing: the caller does.
//!
//! A program that `pipec_ir` validates never makes a backend panic: it gives files, or refusals that name the place.

pub mod argo;
pub mod capabilities;
pub mod local;
pub mod names;
mod yaml;

use pipec_ir::Span;

/// A file to be written, relative to the output directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// `/` between parts, never absolute, never `..`.
    pub path: String,
    pub content: Vec<u8>,
    pub executable: bool,
}

impl OutputFile {
    /// A text file that isn't executable.
    pub fn text(path: impl Into<String>, content: impl Into<String>) -> OutputFile {
        OutputFile { path: path.into(), content: content.into().into_bytes(), executable: false }
    }
}

/// What a program becomes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compiled {
    pub files: Vec<OutputFile>,
    pub warnings: Vec<Warning>,
}

/// Something that works, and that its author should know; it is said as a refusal is.
pub type Warning = Refusal;

/// Something that a target can't do, or that needs a decision first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// One sentence, without a full stop.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
    /// Where in the program: `pipeline churn, node fits`.
    pub node: Option<String>,
    pub span: Option<Span>,
}

impl Refusal {
    pub fn new(message: impl Into<String>) -> Refusal {
        Refusal { message: message.into(), help: None, node: None, span: None }
    }

    pub fn help(mut self, help: impl Into<String>) -> Refusal {
        self.help = Some(help.into());
        self
    }

    /// Says where in the source, unless something closer to the fault has said so already.
    pub fn spanned(mut self, span: Option<Span>) -> Refusal {
        self.span = self.span.or(span);
        self
    }

    /// Says where, unless something closer to the fault has said so already.
    pub fn at(mut self, node: impl Into<String>, span: Option<Span>) -> Refusal {
        self.node.get_or_insert_with(|| node.into());
        self.span = self.span.or(span);
        self
    }
}
