//! `// pipec: allow(W0201, W0601) reason`: what a comment asks of pipec.

use crate::diagnostics::levels::{self, NoLint};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::Comment;

use super::messages;

/// What a comment to pipec begins with.
const ADDRESS: &str = "pipec:";
const ALLOW: &str = "allow";

/// A comment that allows lints.
#[derive(Debug)]
pub(super) struct Allow {
    /// The whole comment.
    pub(super) span: Span,
    pub(super) lints: Vec<(Code, Span)>,
}

/// Parts of a comment's text, with their places.
struct Reader<'a> {
    rest: &'a str,
    at: u32,
    comment: &'a Comment,
}

/// What a comment allows; `None` if it doesn't speak to pipec, or can't be followed.
pub(super) fn read(comment: &Comment, findings: &mut Vec<Diagnostic>) -> Option<Allow> {
    let text = comment.text.trim_start().strip_prefix(ADDRESS)?;
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let mut reader = Reader { rest: text, at: comment.span.end.saturating_sub(end), comment };
    let (word, place) = reader.word();
    if word != ALLOW {
        findings.push(messages::unknown_request(word, place));
        return None;
    }
    let Some(list) = reader.parentheses() else {
        findings.push(messages::no_codes(place));
        return None;
    };
    Some(Allow { span: comment.span, lints: codes(list, findings) })
}

fn codes(mut list: Reader, findings: &mut Vec<Diagnostic>) -> Vec<(Code, Span)> {
    let mut lints: Vec<(Code, Span)> = Vec::new();
    let whole = list.all();
    loop {
        let (word, place) = list.word();
        if word.is_empty() {
            findings.push(messages::no_codes(whole));
        } else {
            match levels::lint(word) {
                Ok(lint) => lints.push((lint, place)),
                Err(NoLint::Error) => findings.push(messages::error_allowed(word, place)),
                Err(NoLint::Unknown { near }) => findings.push(messages::unknown_lint(word, near, place)),
            }
        }
        if !list.comma() {
            return lints;
        }
    }
}

impl<'a> Reader<'a> {
    fn skip(&mut self, bytes: usize) -> &'a str {
        let (skipped, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        self.at += u32::try_from(bytes).unwrap_or(u32::MAX);
        skipped
    }

    fn skip_blanks(&mut self) {
        self.skip(self.rest.len() - self.rest.trim_start().len());
    }

    /// Up to a blank, a comma or a parenthesis; may be empty.
    fn word(&mut self) -> (&'a str, Span) {
        self.skip_blanks();
        let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')');
        let start = self.at;
        let word = self.skip(self.rest.find(is_end).unwrap_or(self.rest.len()));
        (word, Span { start, end: self.at, ..self.comment.span })
    }

    fn comma(&mut self) -> bool {
        self.skip_blanks();
        let is_there = self.rest.starts_with(',');
        self.skip(usize::from(is_there));
        is_there && !self.rest.trim().is_empty()
    }

    fn parentheses(&mut self) -> Option<Reader<'a>> {
        self.skip_blanks();
        let inner = self.rest.strip_prefix('(')?;
        let rest = &inner[..inner.find(')')?];
        Some(Reader { rest, at: self.at + 1, comment: self.comment })
    }

    fn all(&self) -> Span {
        let end = self.at + u32::try_from(self.rest.len()).unwrap_or(u32::MAX);
        Span { start: self.at, end, ..self.comment.span }
    }
}
