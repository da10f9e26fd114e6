//! What the text looks like before any grammar: comments, brackets, strings, line ends and where items begin.
//!
//! One linear scan. It gives the text that the grammar reads: of the same length, with comments, tabs and the line
//! ends that separate nothing turned into spaces, so that a line feed always separates. Brackets without a partner
//! and strings without an end are reported here, and replaced by bytes that the grammar takes for mistakes; what is
//! left is balanced and nested at most [`MAX_NESTING`] deep, which bounds every later recursion.

mod brackets;
mod lexemes;
mod scan;

use std::ops::Range;

use crate::diagnostics::Diagnostic;
use crate::source::{FileId, Span};
use crate::syntax::ast::{Comment, Doc};

/// How deep brackets may nest. No program needs more, and each level costs every pass a few stack frames.
pub const MAX_NESTING: usize = 64;

/// Bytes that are worth a call of the grammar's parser.
const SEAM_DISTANCE: usize = 4096;

/// Stands for a bracket without a partner.
pub(super) const STRAY_BRACKET: u8 = 1;
/// Stands for each byte of a string that isn't closed.
pub(super) const BROKEN_STRING: u8 = 2;

#[derive(Debug, Default)]
pub(super) struct Layout {
    /// What the grammar reads.
    pub(super) text: String,
    /// One item each, in order.
    pub(super) pieces: Vec<Piece>,
    pub(super) comments: Vec<Comment>,
    /// Runs of `///` lines, in order.
    pub(super) docs: Vec<Doc>,
    /// `//!` lines.
    pub(super) file_doc: Option<Doc>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// A part of the text with one item, perhaps with junk behind it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    pub(super) range: Range<usize>,
    /// Too deeply nested for the grammar; reported.
    pub(super) too_deep: bool,
    /// Where mistakes are consequences of one that is reported already. In order, and apart from each other.
    pub(super) silent: Vec<Range<usize>>,
    pub(super) body: Option<Body>,
}

/// The outermost braces that make a piece long: the first ones with a seam, or else the last.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Body {
    pub(super) open: usize,
    /// None where they are never closed.
    pub(super) close: Option<usize>,
    /// Some of the line feeds that separate statements, at least [`SEAM_DISTANCE`] from each other.
    pub(super) seams: Vec<usize>,
}

/// Scans a text of less than 4 GiB.
pub(super) fn layout(file: FileId, text: &str) -> Layout {
    scan::Scanner::new(file, text).run()
}

fn span(file: FileId, range: Range<usize>) -> Span {
    Span::new(file, offset(range.start), offset(range.end))
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).expect("a source file is smaller than 4 GiB")
}
