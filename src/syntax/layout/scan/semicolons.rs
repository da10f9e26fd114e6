//! `;`, which nothing has: taken for what separates in its place.

use super::super::span;
use super::{Kind, Open, Previous, Progress, Scanner, lexemes};
use crate::diagnostics::Edit;

impl Scanner<'_> {
    pub(super) fn semicolon(&mut self, progress: &mut Progress) {
        let at = progress.position;
        let behind = lexemes::skip_blanks(self.bytes, at + 1);
        let right = self.in_place_of_semicolon(progress, behind);
        let end = if right.starts_with('\n') { behind } else { at + 1 };
        self.semicolons.push(Edit { span: span(self.file, at..end), replacement: right });
        progress.position = at + 1;
        if progress.brackets.innermost().is_some_and(|open| open.kind != Kind::Brace) {
            self.masked[at] = b',';
            progress.previous = Previous::Opener;
        } else {
            self.masked[at] = b' ';
            progress.line_end.get_or_insert(at);
        }
    }

    /// Whether a `;` was the last token.
    pub(super) fn follows_semicolon(&self, progress: &Progress) -> bool {
        progress.line_end.is_some_and(|at| self.bytes[at] == b';')
    }

    /// Nothing at the end of a line or of what brackets hold; a comma before what has a name; else a line end.
    fn in_place_of_semicolon(&self, progress: &Progress, behind: usize) -> String {
        let innermost = progress.brackets.innermost();
        if matches!(
            self.bytes.get(behind),
            None | Some(b'\n' | b'\r' | b'/' | b'#' | b';' | b')' | b']' | b'}')
        ) {
            return String::new();
        }
        let takes_commas =
            |open: &Open| open.kind != Kind::Brace || open.of_enum || self.begins_named(behind);
        if innermost.is_some_and(takes_commas) {
            return ",".to_owned();
        }
        let opened_here = innermost.is_some_and(|open| open.line == progress.line);
        let indentation = progress.indentation + if opened_here { 2 } else { 0 };
        format!("\n{}", " ".repeat(indentation))
    }

    /// Whether `name: …` or `name as "…"` stands at `at`.
    fn begins_named(&self, at: usize) -> bool {
        let end = lexemes::word_end(self.bytes, at);
        let next = lexemes::skip_blanks(self.bytes, end);
        end > at && (self.bytes.get(next) == Some(&b':') || self.bytes[next..].starts_with(b"as \""))
    }
}
