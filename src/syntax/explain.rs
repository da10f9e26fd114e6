//! Why a text makes no sense: the text alone is parsed again with the strict rules, and where they got furthest is
//! what the message is about.

use std::ops::Range;

use crate::diagnostics::Diagnostic;
use crate::source::{FileId, Span, Spanned};
use crate::syntax::ast::Name;
use crate::syntax::errors;
use crate::syntax::grammar::Rule;

pub(super) fn piece(file: FileId, text: &str, range: Range<usize>) -> Diagnostic {
    junk(file, text, range, Rule::piece)
}

pub(super) fn junk(file: FileId, text: &str, range: Range<usize>, _context: Rule) -> Diagnostic {
    let found = text[range.clone()].trim();
    let start = range.start + text[range.clone()].find(found).unwrap_or(0);
    let offset = |at: usize| u32::try_from(at).expect("a source file is smaller than 4 GiB");
    let first = found.lines().next().unwrap_or("").split(' ').next().unwrap_or("");
    errors::unexpected(
        Span::new(file, offset(start), offset(start + first.len())),
        &format!("`{first}`"),
        "not expected here",
    )
}

/// The name that an unreadable item would declare.
pub(super) fn declared_name(file: FileId, text: &str, range: Range<usize>) -> Option<Name> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let bytes = &text.as_bytes()[..range.end];
    let keyword = range.start + bytes[range.start..].iter().position(is_word)?;
    let keyword_end = keyword + bytes[keyword..].iter().take_while(|byte| is_word(byte)).count();
    let name = keyword_end + bytes[keyword_end..].iter().position(|byte| *byte != b' ')?;
    let length = bytes[name..].iter().take_while(|byte| is_word(byte)).count();
    let offset = |at: usize| u32::try_from(at).expect("a source file is smaller than 4 GiB");
    let span = Span::new(file, offset(name), offset(name + length));
    (length > 0).then(|| Spanned::new(text[name..name + length].to_owned(), span))
}
