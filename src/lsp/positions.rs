//! Offsets ↔ the protocol's lines and characters.

use gen_lsp_types::{ClientCapabilities, Position, PositionEncodingKind, Range};

use crate::source::{SourceFile, SourceMap, Span};

/// What the client counts characters in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf16,
}

impl Encoding {
    /// UTF-16 unless the client offers better: some take nothing else.
    pub(super) fn of(capabilities: &ClientCapabilities) -> Encoding {
        let general = capabilities.general.as_ref();
        let offered = general.and_then(|general| general.position_encodings.as_deref()).unwrap_or_default();
        if offered.contains(&PositionEncodingKind::UTF8) { Encoding::Utf8 } else { Encoding::Utf16 }
    }

    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    pub(super) fn offset(self, file: &SourceFile, position: Position) -> u32 {
        match self {
            Encoding::Utf8 => file.from_utf8(position.line, position.character),
            Encoding::Utf16 => file.from_utf16(position.line, position.character),
        }
    }

    pub(super) fn range(self, sources: &SourceMap, span: Span) -> Range {
        let file = sources.file(span.file);
        Range { start: self.position(file, span.start), end: self.position(file, span.end) }
    }

    fn position(self, file: &SourceFile, offset: u32) -> Position {
        let (line, character) = match self {
            Encoding::Utf8 => file.utf8(offset),
            Encoding::Utf16 => file.utf16(offset),
        };
        Position { line, character }
    }
}
