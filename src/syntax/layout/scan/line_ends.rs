//! Which line ends separate: by the innermost bracket, and by what stands before and behind.

use super::super::SEAM_DISTANCE;
use super::{Kind, Previous, Progress, Scanner, lexemes};

impl Scanner<'_> {
    /// Puts a line feed back where the line end between the last token and the one at `at` separates.
    pub(super) fn decide_line_end(&mut self, progress: &mut Progress, at: usize) {
        let Some(line_end) = progress.line_end.take() else { return };
        let innermost = progress.brackets.innermost();
        let separates = match innermost.map(|open| open.kind) {
            Some(Kind::Parenthesis | Kind::Square) => false,
            Some(Kind::Brace) | None => {
                let of_enum = innermost.is_some_and(|open| open.of_enum);
                !self.goes_on_after(progress, at, of_enum) && !self.goes_on_with(at, of_enum)
            }
        };
        if separates {
            self.masked[line_end] = b'\n';
            progress.previous = Previous::Opener;
            progress.angles = 0;
            self.seam(progress, line_end, at);
        }
    }

    /// Notes a line feed between statements. Behind `>` and before `{` it may belong to one.
    fn seam(&self, progress: &mut Progress, line_end: usize, at: usize) {
        let ([outermost], Some(body)) = (&progress.brackets.open[..], &mut progress.body) else { return };
        let last = body.seams.last().copied().unwrap_or(body.open);
        if outermost.at != body.open || line_end - last < SEAM_DISTANCE || self.bytes[at] == b'{' {
            return;
        }
        let before = self.masked[..line_end].iter().rfind(|byte| **byte != b' ');
        if before != Some(&b'>') {
            body.seams.push(line_end);
        }
    }

    fn goes_on_after(&self, progress: &Progress, at: usize, of_enum: bool) -> bool {
        match progress.previous {
            Previous::Opener => true,
            Previous::Dot => !self.begins_another(progress, at),
            Previous::Operator => {
                let is_variant = of_enum && !progress.last_words[1].is_empty();
                !is_variant && !self.begins_another(progress, at)
            }
            Previous::Word | Previous::Other => false,
        }
    }

    /// Whether `name = …`, `name: …`, `return …` or `on failure { … }` stands at `at`, though the line before ends in an
    /// operator: then what is missing is the operand. `x:` and `T = value` on the next line are one binding.
    pub(super) fn begins_another(&self, progress: &Progress, at: usize) -> bool {
        if !self.bytes[at].is_ascii_lowercase() {
            return false;
        }
        let end = lexemes::word_end(self.bytes, at);
        let next = lexemes::skip_blanks(self.bytes, end);
        match self.bytes.get(next) {
            _ if self.begins_return_or_hook(progress, at) => true,
            Some(b':') => true,
            Some(b'=') => {
                progress.last_sign != b':' && !matches!(self.bytes.get(next + 1), Some(b'=' | b'>'))
            }
            Some(_) | None => false,
        }
    }

    /// Words that begin a statement and no operand. Behind a dot, any word may be the name of a field.
    fn begins_return_or_hook(&self, progress: &Progress, at: usize) -> bool {
        let end = lexemes::word_end(self.bytes, at);
        match &self.bytes[at..end] {
            b"return" => {
                let next = self.bytes.get(lexemes::skip_blanks(self.bytes, end)).copied().unwrap_or(b'\n');
                !matches!(progress.previous, Previous::Dot) || lexemes::is_word(next) || next == b'"'
            }
            b"on" => {
                let event = lexemes::skip_blanks(self.bytes, end);
                let event_end = lexemes::word_end(self.bytes, event);
                event > end
                    && event_end > event
                    && self.bytes.get(lexemes::skip_blanks(self.bytes, event_end)) == Some(&b'{')
            }
            _ => false,
        }
    }

    /// Whether what stands at `at` can't begin a statement, field, setting, arm or variant.
    fn goes_on_with(&self, at: usize, of_enum: bool) -> bool {
        let next = self.bytes.get(at + 1).copied().unwrap_or(b' ');
        match self.bytes[at] {
            b')' | b']' | b'}' | b',' | b'.' | b'?' | b'+' | b'*' | b'/' | b'=' | b'<' | b'>' | b'%'
            | b':' => true,
            b'&' | b'|' => true,
            b'!' => next == b'=',
            b'-' => next == b'>',
            b'a' | b'o' | b'd' | b'm' | b'w' | b'e' if !of_enum => {
                let end = lexemes::word_end(self.bytes, at);
                matches!(
                    &self.bytes[at..end],
                    b"and" | b"or" | b"div" | b"mod" | b"with" | b"after" | b"else"
                ) && !self.names_something(end)
            }
            _ => false,
        }
    }

    /// Whether the word that ends at `end` is a name: `word:`, `word = …`, `word as "…"`.
    fn names_something(&self, end: usize) -> bool {
        let next = lexemes::skip_blanks(self.bytes, end);
        match self.bytes.get(next) {
            Some(b':') => true,
            Some(b'=') => !matches!(self.bytes.get(next + 1), Some(b'=' | b'>')),
            Some(b'a') => {
                let word = lexemes::word_end(self.bytes, next);
                &self.bytes[next..word] == b"as"
                    && self.bytes.get(lexemes::skip_blanks(self.bytes, word)) == Some(&b'"')
            }
            Some(_) | None => false,
        }
    }
}
