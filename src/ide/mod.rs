//! An editor's questions, in an editor's words: files, offsets, names. It knows no protocol, and answers from what the
//! passes have left, also where a file has mistakes.

mod definitions;
mod hover;
mod signatures;

pub use definitions::definition;
pub use hover::{Hover, hover};

use crate::hir::{self, Reference};
use crate::source::FileId;

/// The name at an offset.
fn reference_at(program: &hir::Program, file: FileId, offset: u32) -> Option<&Reference> {
    let references = &program.references;
    let after =
        references.partition_point(|reference| (reference.span.file, reference.span.start) <= (file, offset));
    // Names don't overlap: only the last that starts at or before the offset can hold it.
    references[..after]
        .iter()
        .rev()
        .take(2)
        .find(|reference| reference.span.file == file && reference.span.contains(offset))
}
