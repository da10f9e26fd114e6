//! Source files: their texts, places in them, and where they come from. The only way from a pass to a file.

mod loader;
mod map;
mod project;
mod recording;
mod span;

pub(crate) use loader::read_file;
pub use loader::{Disk, Entry, LoadError, Loader, MAX_SOURCE, Memory, Overlay};
pub use map::{Position, SourceFile, SourceMap};
pub use project::{Project, normalized};
pub use recording::{Answers, Recording};
pub use span::{FileId, Span, Spanned};
