//! Source files: their texts, places in them, and where they come from.

mod span;

pub use span::{FileId, Span, Spanned};
