//! The texts of a compilation, and lines and columns in them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::{FileId, Span};

/// All files of a compilation, by `FileId`.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

/// A file with its text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    path: PathBuf,
    name: String,
    text: Arc<str>,
    /// Where each line starts.
    lines: Vec<u32>,
    /// How many characters begin before each block of bytes; made when a place far along a line is asked for.
    blocks: OnceLock<Vec<u32>>,
}

/// Bytes in a block: so many are counted to find a column.
const BLOCK: usize = 1024;

/// A line and a column, both from 1; columns count Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

impl SourceMap {
    /// Adds a file. `path` is where it was read from; `name` is what people and output see, relative to the project's root
    /// with `/` between parts.
    ///
    /// # Panics
    /// On a text of 4 GiB or more: the loader refuses these.
    pub fn add(&mut self, path: PathBuf, name: String, text: Arc<str>) -> FileId {
        let starts =
            text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| offset(at + 1));
        let lines = std::iter::once(0).chain(starts).collect();
        self.files.push(SourceFile { path, name, text, lines, blocks: OnceLock::new() });
        FileId(offset(self.files.len() - 1))
    }

    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    pub fn files(&self) -> impl ExactSizeIterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId(offset(index)), file))
    }

    /// The file that was read from a path.
    pub fn find(&self, path: &Path) -> Option<FileId> {
        self.files.iter().position(|file| file.path == path).map(|index| FileId(offset(index)))
    }

    pub fn text(&self, span: Span) -> &str {
        &self.file(span.file).text[span.start as usize..span.end as usize]
    }

    /// Where a span starts.
    pub fn position(&self, span: Span) -> Position {
        self.file(span.file).position(span.start)
    }
}

impl SourceFile {
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    pub fn line_count(&self) -> u32 {
        offset(self.lines.len())
    }

    /// The bytes of a line (from 0), its end included.
    pub fn line(&self, line: u32) -> &str {
        let start = self.lines[line as usize] as usize;
        let end = self.lines.get(line as usize + 1).map_or(self.text.len(), |end| *end as usize);
        &self.text[start..end]
    }

    pub fn position(&self, at: u32) -> Position {
        let (line, before) = self.split(at);
        let column = if before.len() <= BLOCK {
            offset(before.chars().count())
        } else {
            let start = self.lines[line as usize] as usize;
            self.characters_before(start + before.len()) - self.characters_before(start)
        };
        Position { line: line + 1, column: column + 1 }
    }

    fn characters_before(&self, at: usize) -> u32 {
        let bytes = self.text.as_bytes();
        let blocks = self.blocks.get_or_init(|| {
            let mut sum = 0;
            let ends = bytes.chunks(BLOCK).map(|block| {
                sum += beginnings(block);
                sum
            });
            std::iter::once(0).chain(ends).collect()
        });
        let block = at / BLOCK;
        blocks[block] + beginnings(&bytes[block * BLOCK..at])
    }

    /// Line and column from 0, in UTF-16 code units, as editors count.
    pub fn utf16(&self, at: u32) -> (u32, u32) {
        let (line, before) = self.split(at);
        (line, offset(before.encode_utf16().count()))
    }

    /// Line and column from 0, in bytes.
    pub fn utf8(&self, at: u32) -> (u32, u32) {
        let (line, before) = self.split(at);
        (line, offset(before.len()))
    }

    /// The offset of a line and a column in UTF-16 code units; what lies behind a line's end is its end.
    pub fn from_utf16(&self, line: u32, column: u32) -> u32 {
        self.offset_in_line(line, column, |c| offset(c.len_utf16()))
    }

    /// The offset of a line and a column in bytes.
    pub fn from_utf8(&self, line: u32, column: u32) -> u32 {
        self.offset_in_line(line, column, |c| offset(c.len_utf8()))
    }

    fn offset_in_line(&self, line: u32, column: u32, width: impl Fn(char) -> u32) -> u32 {
        let Some(start) = self.lines.get(line as usize).copied() else { return offset(self.text.len()) };
        let mut rest = column;
        let mut at = start;
        for c in self.line(line).trim_end_matches(['\n', '\r']).chars() {
            if rest < width(c) {
                break;
            }
            rest -= width(c);
            at += offset(c.len_utf8());
        }
        at
    }

    /// The line (from 0) that an offset is in, and the text between the line's start and the offset.
    fn split(&self, at: u32) -> (u32, &str) {
        let line = self.lines.partition_point(|start| *start <= at).saturating_sub(1);
        let end = (at as usize).min(self.text.len());
        (offset(line), &self.text[self.lines[line] as usize..end])
    }
}

/// How many characters begin in some bytes of UTF-8.
fn beginnings(bytes: &[u8]) -> u32 {
    offset(bytes.iter().filter(|byte| !matches!(byte, 0x80..=0xbf)).count())
}

fn offset(number: usize) -> u32 {
    u32::try_from(number).unwrap_or_else(|_| panic!("a source of 4 GiB or more was let in"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_columns_as_each_side_does() {
        let mut map = SourceMap::default();
        let text = "a\nä😀b\r\n";
        let id = map.add(PathBuf::from("x.pipe"), "x.pipe".to_owned(), Arc::from(text));
        let file = map.file(id);
        let b = text.find('b').unwrap() as u32;
        assert_eq!(file.position(b), Position { line: 2, column: 3 });
        assert_eq!(file.utf16(b), (1, 3));
        assert_eq!(file.utf8(b), (1, 6));
        assert_eq!(file.from_utf16(1, 3), b);
        assert_eq!(file.from_utf8(1, 6), b);
        assert_eq!(file.from_utf16(1, 99), b + 1);
        assert_eq!(file.from_utf16(99, 0), text.len() as u32);
        assert_eq!(file.position(text.len() as u32), Position { line: 3, column: 1 });
    }

    #[test]
    fn columns_far_along_a_line_are_counted_as_near_ones() {
        let mut map = SourceMap::default();
        let text = format!("short\n{}\nä\n{}", "aä😀€".repeat(700), "€".repeat(BLOCK));
        let id = map.add(PathBuf::from("x.pipe"), "x.pipe".to_owned(), Arc::from(text.as_str()));
        for (line, content) in text.lines().enumerate() {
            let start = map.file(id).lines[line];
            for (column, (at, _)) in content.char_indices().enumerate() {
                let position = Position { line: offset(line) + 1, column: offset(column) + 1 };
                assert_eq!(map.file(id).position(start + offset(at)), position);
            }
        }
    }
}
