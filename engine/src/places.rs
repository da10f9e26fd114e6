//! Places in the source for messages.

use pipec_ir::{Program, Span};

/// `flow.pipe:3:5`.
pub(crate) fn place(program: &Program, span: Option<Span>) -> Option<String> {
    let span = span?;
    let file = program.sources.get(usize::try_from(span.file).ok()?)?;
    Some(format!("{file}:{}:{}", span.line, span.column))
}
