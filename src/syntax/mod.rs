//! text → AST, never fails.
//!
//! `layout` scans for comments, brackets and line ends; the grammar (`grammar/*.pest`) reads what it leaves, one item
//! at a time; `build` makes the tree of that. A mistake costs the statement, setting or field that it stands in, and
//! never what stands around it.

pub mod ast;
pub mod words;

mod build;
mod errors;
mod explain;
mod grammar;
mod layout;

use crate::diagnostics::Diagnostic;
use crate::source::FileId;

pub use layout::MAX_NESTING;

#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    pub file: ast::File,
    /// In order of place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses any text. Time and memory grow with its length, and recursion is bounded.
pub fn parse(file: FileId, text: &str) -> Parsed {
    let layout = layout::layout(file, text);
    let mut parsed = build::file(file, text, layout);
    parsed.diagnostics.sort_by_key(|diagnostic| diagnostic.span());
    parsed
}
