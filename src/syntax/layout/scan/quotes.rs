//! Strings and raw blocks, closed and not.

use super::{
    BROKEN_STRING, MAX_NESTING, Previous, Progress, Scanned, Scanner, StringEnd, errors, lexemes, span,
};

impl Scanner<'_> {
    /// A string or a raw block.
    pub(super) fn quoted(&mut self, progress: &mut Progress, scanned: &mut Scanned) {
        let at = progress.position;
        progress.previous = Previous::Other;
        let quotes = lexemes::opening_quotes(self.bytes, at);
        if quotes >= 3 {
            let indentation = progress.indentation;
            match lexemes::raw_end(self.bytes, at) {
                Some(end)
                    if quotes == 3
                        && let Some(real) = lexemes::end_by_indentation(self.bytes, at, indentation)
                        && real > end =>
                {
                    self.quotes_in_raw(progress, end, real);
                }
                Some(end) => {
                    progress.line += memchr::memchr_iter(b'\n', &self.bytes[at..end]).count();
                    progress.position = end;
                    if self.bytes[at..end].contains(&b'\n') {
                        progress.line_start = lexemes::line_start(self.bytes, end);
                        progress.indentation =
                            lexemes::skip_blanks(self.bytes, progress.line_start) - progress.line_start;
                    }
                }
                None => self.unclosed_raw(progress, quotes),
            }
            return;
        }
        match lexemes::string_end(self.bytes, at) {
            StringEnd::Closed { end, nesting } => {
                progress.position = end;
                if nesting + progress.brackets.open.len() > MAX_NESTING {
                    scanned.too_deep = Some(at);
                }
            }
            StringEnd::Open => {
                let (end, several_lines) = match self.end_on_a_later_line(at) {
                    Some(end) => (end, true),
                    None => (self.likely_string_end(at), false),
                };
                self.masked[at..end].fill(BROKEN_STRING);
                let line = lexemes::line_start(self.bytes, at)..lexemes::line_end(self.bytes, end);
                self.broken_lines.push(line);
                let place = span(self.file, at..end);
                self.layout.diagnostics.push(if several_lines {
                    errors::line_end_in_string(place)
                } else {
                    errors::unclosed_string(place)
                });
                progress.line += memchr::memchr_iter(b'\n', &self.bytes[at..end]).count();
                progress.line_start = lexemes::line_start(self.bytes, end);
                progress.position = end;
            }
        }
    }

    /// Where a string ends that was written over several lines: the next line with quotes has one too many.
    fn end_on_a_later_line(&self, at: usize) -> Option<usize> {
        const LINES: usize = 20;
        let mut start = lexemes::line_end(self.bytes, at) + 1;
        for _ in 0..LINES {
            let line = self.bytes.get(start..lexemes::line_end(self.bytes, start.min(self.bytes.len())))?;
            let first = lexemes::skip_blanks(line, 0);
            let word = lexemes::word_end(line, first);
            let sign = line.get(lexemes::skip_blanks(line, word));
            if matches!(sign, Some(b':' | b'=')) || self.certainly_begins_item(start) {
                return None;
            }
            let quotes = memchr::memchr_iter(b'"', line).count();
            if quotes > 0 {
                let found = memchr::memchr(b'"', line)?;
                return (quotes % 2 == 1).then_some(start + found + 1);
            }
            start += line.len() + 1;
        }
        None
    }

    /// A string without an end goes on to the brackets and commas that end its line.
    fn likely_string_end(&self, at: usize) -> usize {
        let line = &self.source[at..lexemes::line_end(self.bytes, at)];
        let text = line.trim_end_matches([')', ']', '}', '{', ',', ' ', '\t', '\r']);
        at + text.len().max(1)
    }

    /// A block whose text holds three quotes, as Python docstrings do: it goes on to its `real` end.
    fn quotes_in_raw(&mut self, progress: &mut Progress, inner: usize, real: usize) {
        let at = progress.position;
        self.layout.diagnostics.push(errors::quotes_in_raw_block(
            span(self.file, at..at + 3),
            span(self.file, inner - 3..inner),
            span(self.file, real - 3..real),
        ));
        progress.line += memchr::memchr_iter(b'\n', &self.bytes[at..real]).count();
        self.masked[at..real].fill(BROKEN_STRING);
        progress.position = real;
        progress.line_start = lexemes::line_start(self.bytes, real);
    }

    fn unclosed_raw(&mut self, progress: &mut Progress, quotes: usize) {
        let at = progress.position;
        let end = self.next_certain_item(at);
        self.masked[at..end].fill(BROKEN_STRING);
        self.layout.diagnostics.push(errors::unclosed_raw(span(self.file, at..at + quotes), quotes));
        progress.line += memchr::memchr_iter(b'\n', &self.bytes[at..end]).count();
        progress.position = end;
        progress.line_start = lexemes::line_start(self.bytes, end);
    }
}
