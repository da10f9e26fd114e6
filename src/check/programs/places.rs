//! From a place in a block's text to its place in the file: the block's indentation is gone, and line ends are LF.

use super::reading::Place;
use crate::source::Span;
use crate::syntax::ast::RawBlock;

pub(super) struct Places<'a> {
    block: &'a RawBlock,
    /// Where each line of the text begins.
    lines: Vec<usize>,
}

impl<'a> Places<'a> {
    pub(super) fn of(block: &'a RawBlock) -> Places<'a> {
        let ends = block.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Places { block, lines: std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect() }
    }

    /// On one line: what goes on behind its end is left out.
    pub(super) fn span(&self, place: &Place) -> Span {
        let line = self.lines.partition_point(|start| *start <= place.start).saturating_sub(1);
        let line_end = self.lines.get(line + 1).map_or(self.block.text.len(), |next| next - 1);
        let start = self.offset(line, place.start);
        let end = self.offset(line, place.end.min(line_end).max(place.start));
        Span::new(self.block.span.file, start, end)
    }

    fn offset(&self, line: usize, at: usize) -> u32 {
        let within = u32::try_from(at - self.lines[line]).unwrap_or(0);
        self.block.line_starts.get(line).copied().unwrap_or(self.block.span.start) + within
    }
}
