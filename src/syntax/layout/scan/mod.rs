//! The scan itself: token by token, only as closely as brackets, line ends and items need it.

mod line_ends;
mod quotes;
mod semicolons;

use std::ops::Range;

use super::brackets::{Brackets, Close, Kind, Open, Stray};
use super::lexemes::{self, StringEnd};
use super::{BROKEN_STRING, Body, Layout, MAX_NESTING, Piece, STRAY_BRACKET, span};
use crate::diagnostics::Edit;
use crate::source::{FileId, Spanned};
use crate::syntax::ast::Comment;
use crate::syntax::errors;
use crate::syntax::words;

/// How many brackets without a partner are reported in one item: what follows is guesswork.
const MAX_STRAYS: usize = 5;

pub(super) struct Scanner<'a> {
    file: FileId,
    source: &'a str,
    bytes: &'a [u8],
    /// What becomes the layout's text.
    masked: Vec<u8>,
    layout: Layout,
    /// Where the last run of documentation lines ends, and whether more lines join it.
    doc_lines: Vec<Range<usize>>,
    /// Up to here brackets are closed with care.
    careful_until: usize,
    semicolons: Vec<Edit>,
    hash_comments: Vec<usize>,
    /// Lines with strings that aren't closed: what else is wrong there follows from that.
    broken_lines: Vec<Range<usize>>,
    /// Behind this there is no `*/`.
    no_comment_end_behind: Option<usize>,
}

/// The last token, as far as line ends care.
#[derive(Clone, Copy)]
enum Previous {
    /// Nothing, an opening bracket or a comma: no line end after it separates.
    Opener,
    /// An operator or a word that needs an operand.
    Operator,
    Dot,
    Word,
    Other,
}

/// What a scan of one piece keeps in mind.
struct Progress {
    position: usize,
    line: usize,
    line_start: usize,
    /// Of the current line.
    indentation: usize,
    brackets: Brackets,
    previous: Previous,
    /// The last two words, if nothing else came since.
    last_words: [Range<usize>; 2],
    /// The first line end since the last token.
    line_end: Option<usize>,
    has_token: bool,
    /// `<` of type arguments that are open.
    angles: usize,
    /// The last operator's first character.
    last_sign: u8,
    body: Option<Body>,
}

/// How strictly a scan takes brackets.
#[derive(Clone, Copy)]
enum Mode<'s> {
    /// Stops caring as soon as something doesn't fit.
    Trusting,
    /// Finds out which brackets have no partner.
    Careful,
    /// Knows which have none, and where the piece ends.
    Known(&'s [Stray], usize),
}

struct Scanned {
    end: usize,
    balanced: bool,
    too_deep: Option<usize>,
    strays: Vec<Stray>,
    has_token: bool,
    body: Option<Body>,
}

/// How much has been said, to go back to.
struct Mark {
    comments: usize,
    docs: usize,
    diagnostics: usize,
    semicolons: usize,
    hash_comments: usize,
    broken_lines: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(file: FileId, source: &'a str) -> Scanner<'a> {
        Scanner {
            file,
            source,
            bytes: source.as_bytes(),
            masked: source.as_bytes().to_vec(),
            layout: Layout::default(),
            doc_lines: Vec::new(),
            careful_until: 0,
            semicolons: Vec::new(),
            hash_comments: Vec::new(),
            broken_lines: Vec::new(),
            no_comment_end_behind: None,
        }
    }

    pub(super) fn run(mut self) -> Layout {
        let mut start = 0;
        if self.source.starts_with('\u{feff}') {
            self.masked[..3].fill(b' ');
            start = 3;
        }
        let nul_characters: Vec<usize> = memchr::memchr_iter(0, self.bytes).collect();
        while start < self.bytes.len() {
            start = self.piece(start);
        }
        self.nul_characters(&nul_characters);
        self.flush_docs();
        self.say_habits();
        self.layout.text = String::from_utf8(self.masked).expect("only whole characters are replaced");
        self.layout
    }

    /// Scans one piece, and gives where the next one begins.
    fn piece(&mut self, start: usize) -> usize {
        let mark = self.mark();
        let careful = start < self.careful_until;
        let mode = if careful { Mode::Careful } else { Mode::Trusting };
        let mut scanned = self.scan(start, mode);
        let mut silent = Vec::new();
        if scanned.too_deep.is_none() && !scanned.balanced {
            if !careful {
                self.careful_until = scanned.end;
                self.go_back(&mark, start..scanned.end);
                scanned = self.scan(start, Mode::Careful);
            }
            if scanned.too_deep.is_none() {
                let strays = std::mem::take(&mut scanned.strays);
                self.go_back(&mark, start..scanned.end);
                scanned = self.scan(start, Mode::Known(&strays, scanned.end));
                silent = self.report_strays(&mark, &strays, scanned.end);
            }
        }
        if let Some(at) = scanned.too_deep {
            self.layout.diagnostics.truncate(mark.diagnostics);
            self.layout.diagnostics.push(errors::too_deep(span(self.file, at..at + 1), MAX_NESTING));
        }
        if scanned.has_token {
            silent.extend_from_slice(&self.broken_lines[mark.broken_lines..]);
            let silent = merged(silent);
            let range = start..scanned.end;
            let too_deep = scanned.too_deep.is_some();
            self.layout.pieces.push(Piece { range, too_deep, silent, body: scanned.body });
        }
        scanned.end
    }

    fn mark(&mut self) -> Mark {
        Mark {
            comments: self.layout.comments.len(),
            docs: self.doc_lines.len(),
            diagnostics: self.layout.diagnostics.len(),
            semicolons: self.semicolons.len(),
            hash_comments: self.hash_comments.len(),
            broken_lines: self.broken_lines.len(),
        }
    }

    fn go_back(&mut self, mark: &Mark, range: Range<usize>) {
        self.layout.comments.truncate(mark.comments);
        self.doc_lines.truncate(mark.docs);
        self.layout.diagnostics.truncate(mark.diagnostics);
        self.semicolons.truncate(mark.semicolons);
        self.hash_comments.truncate(mark.hash_comments);
        self.broken_lines.truncate(mark.broken_lines);
        self.masked[range.clone()].copy_from_slice(&self.bytes[range]);
    }

    /// Reports brackets without a partner, and gives the ranges in which what else is wrong is a consequence.
    fn report_strays(&mut self, mark: &Mark, strays: &[Stray], end: usize) -> Vec<Range<usize>> {
        let whole = strays.iter().map(|stray| stray.at()..end).take(1).collect();
        // A string without an end swallows brackets: it is the cause.
        if self.layout.diagnostics.len() > mark.diagnostics {
            return whole;
        }
        let mut silent = Vec::new();
        let mut strays = strays.iter().peekable();
        let already = self.layout.diagnostics.len();
        while let Some(stray) = strays.next() {
            if self.layout.diagnostics.len() - already == MAX_STRAYS {
                silent.push(stray.at()..end);
                break;
            }
            let place = |at: usize| span(self.file, at..at + 1);
            match stray {
                Stray::Unclosed { open, noticed, at_end } => {
                    let mut finding = errors::unclosed_bracket(
                        place(open.at),
                        span(self.file, noticed.clone()),
                        open.kind.opening(),
                        open.kind.closing(),
                    );
                    while let Some(Stray::Unclosed { open: next, .. }) = strays.next_if(|next| {
                        matches!(next, Stray::Unclosed { open: next, noticed: other, .. }
                            if next.line == open.line && other == noticed)
                    }) {
                        finding = finding.with_label(place(next.at), "nor is this one");
                    }
                    self.layout.diagnostics.push(finding);
                    if !at_end {
                        silent.push(self.statement_around(open.at, end));
                    }
                }
                Stray::Unopened { close } => {
                    self.layout.diagnostics.push(errors::unopened_bracket(
                        place(close.at),
                        close.kind.opening(),
                        close.kind.closing(),
                    ));
                    silent.push(self.statement_around(close.at, end));
                }
                Stray::Mismatched { open, close } => {
                    self.layout.diagnostics.push(errors::mismatched_brackets(
                        place(open.at),
                        place(close.at),
                        open.kind.closing(),
                    ));
                    silent.push(self.statement_around(open.at, end));
                }
                Stray::Partner { .. } => {}
            }
        }
        silent
    }

    /// The line of `at` and the deeper indented ones after it.
    fn statement_around(&self, at: usize, end: usize) -> Range<usize> {
        let start = lexemes::line_start(self.bytes, at);
        let indentation = |line: usize| lexemes::skip_blanks(self.bytes, line) - line;
        let own = indentation(start);
        let mut next = lexemes::line_end(self.bytes, at) + 1;
        while next < end {
            let line_end = lexemes::line_end(self.bytes, next);
            let first = lexemes::skip_blanks(self.bytes, next);
            let is_closer = matches!(self.bytes.get(first), Some(b')' | b']' | b'}'));
            if first < line_end && indentation(next) <= own && !is_closer {
                break;
            }
            next = line_end + 1;
        }
        start..next.min(end)
    }

    fn scan(&mut self, start: usize, mode: Mode<'_>) -> Scanned {
        let line_start = lexemes::line_start(self.bytes, start);
        let mut progress = Progress {
            position: start,
            line: 0,
            line_start,
            indentation: start - line_start,
            brackets: Brackets::default(),
            previous: Previous::Opener,
            last_words: [0..0, 0..0],
            line_end: None,
            has_token: false,
            angles: 0,
            last_sign: b' ',
            body: None,
        };
        let mut scanned = Scanned {
            end: start,
            balanced: true,
            too_deep: None,
            strays: Vec::new(),
            has_token: false,
            body: None,
        };
        loop {
            self.skip_between_tokens(&mut progress);
            let at = progress.position;
            scanned.end = at;
            let Some(&byte) = self.bytes.get(at) else { break };
            if let Mode::Known(_, end) = mode
                && at >= end
            {
                break;
            }
            let first_on_line = lexemes::skip_blanks(self.bytes, progress.line_start) == at;
            if first_on_line {
                progress.indentation = at - progress.line_start;
            }
            if progress.has_token
                && (first_on_line || self.follows_semicolon(&progress))
                && self.begins_piece(&progress, at, &scanned)
            {
                break;
            }
            if progress.line_end.is_some() {
                self.decide_line_end(&mut progress, at);
            }
            progress.has_token = true;
            self.token(&mut progress, byte, first_on_line, mode, &mut scanned);
            if progress.brackets.open.len() + progress.angles > MAX_NESTING {
                scanned.too_deep = Some(at);
            }
            if scanned.too_deep.is_some() {
                scanned.end = self.next_certain_item(at);
                break;
            }
        }
        let end = scanned.end;
        if !progress.brackets.open.is_empty() {
            scanned.balanced = false;
            let last = self.last_token_before(end, start);
            progress.brackets.finish(last);
        }
        scanned.strays = progress.brackets.strays;
        scanned.strays.sort_by_key(Stray::at);
        scanned.balanced &= scanned.strays.is_empty();
        scanned.has_token = progress.has_token;
        scanned.body = progress.body;
        scanned
    }

    /// The last byte that the grammar sees before `end`.
    fn last_token_before(&self, end: usize, start: usize) -> Range<usize> {
        let found = self.masked[start..end].iter().rposition(|byte| !matches!(byte, b' ' | b'\n'));
        let mut at = found.map_or(start, |found| start + found);
        while !self.source.is_char_boundary(at) {
            at -= 1;
        }
        at..self.source[at..].chars().next().map_or(at, |last| at + last.len_utf8())
    }

    /// Blanks, line ends, comments and documentation.
    fn skip_between_tokens(&mut self, progress: &mut Progress) {
        while let Some(&byte) = self.bytes.get(progress.position) {
            let at = progress.position;
            match byte {
                b' ' => progress.position += 1,
                b'\t' | b'\r' | 0x0c => {
                    self.masked[at] = b' ';
                    progress.position += 1;
                }
                b'\n' => {
                    self.masked[at] = b' ';
                    progress.line_end.get_or_insert(at);
                    progress.line += 1;
                    progress.line_start = at + 1;
                    progress.position += 1;
                }
                b'/' if self.bytes.get(at + 1) == Some(&b'/') => self.comment(progress),
                b'/' if self.bytes.get(at + 1) == Some(&b'*') => self.block_comment(progress),
                0 => progress.position += 1,
                byte if byte < b' ' || byte == 0x7f => {
                    self.layout
                        .diagnostics
                        .push(errors::control_character(span(self.file, at..at + 1), byte));
                    self.masked[at] = b' ';
                    progress.position += 1;
                }
                b'#' => {
                    self.hash_comments.push(at);
                    self.comment(progress);
                }
                _ => return,
            }
        }
    }

    fn comment(&mut self, progress: &mut Progress) {
        let start = progress.position;
        let end = lexemes::line_end(self.bytes, start);
        self.masked[start..end].fill(b' ');
        progress.position = end;
        let line = self.source[start..end].trim_end_matches('\r');
        let range = start..start + line.len();
        let slashes = line.bytes().take_while(|byte| *byte == b'/').count();
        if slashes == 3 || (slashes == 2 && line[2..].starts_with('!')) {
            self.doc_lines.push(range);
            return;
        }
        let text = line.trim_start_matches(['/', '#']);
        let text = text.strip_prefix(' ').unwrap_or(text).to_owned();
        self.layout.comments.push(Comment { span: span(self.file, range), text });
    }

    /// Whether the token at `at`, the first of its line, begins a new item.
    fn begins_piece(&self, progress: &Progress, at: usize, scanned: &Scanned) -> bool {
        if progress.brackets.open.is_empty() && scanned.balanced {
            self.begins_item(at)
        } else {
            progress.indentation == 0 && self.certainly_begins_item(at)
        }
    }

    fn begins_item(&self, at: usize) -> bool {
        let end = lexemes::word_end(self.bytes, at);
        let word = &self.source[at..end];
        let next = lexemes::skip_blanks(self.bytes, end);
        let followed = self
            .bytes
            .get(next)
            .is_some_and(|byte| next > end && (lexemes::is_word(*byte) || *byte == b'"' || *byte == b'{'));
        followed
            && (words::ITEMS.contains(&word)
                || words::FOREIGN_ITEMS.contains(&word)
                || (words::misspelt_item(word).is_some() && self.is_declared(next)))
    }

    /// What can only be an item, even if brackets before it are open.
    fn certainly_begins_item(&self, at: usize) -> bool {
        let end = lexemes::word_end(self.bytes, at);
        let word = &self.source[at..end];
        if !words::ITEMS.contains(&word) {
            return false;
        }
        let name = lexemes::skip_blanks(self.bytes, end);
        if word == "use" {
            return self.bytes.get(name) == Some(&b'"');
        }
        name > end && self.is_declared(name)
    }

    /// Whether a name stands at `at`, with what follows the name of an item.
    fn is_declared(&self, at: usize) -> bool {
        let end = lexemes::word_end(self.bytes, at);
        let next = lexemes::skip_blanks(self.bytes, end);
        end > at && matches!(self.bytes.get(next), Some(b'(' | b'{' | b'=' | b'<' | b':'))
    }

    /// The next line that certainly begins an item.
    fn next_certain_item(&self, at: usize) -> usize {
        let mut line = lexemes::line_end(self.bytes, at) + 1;
        while line < self.bytes.len() && !self.certainly_begins_item(line) {
            line = lexemes::line_end(self.bytes, line) + 1;
        }
        line.min(self.bytes.len())
    }

    fn token(
        &mut self,
        progress: &mut Progress,
        byte: u8,
        first_on_line: bool,
        mode: Mode<'_>,
        scanned: &mut Scanned,
    ) {
        let at = progress.position;
        let next = self.bytes.get(at + 1).copied().unwrap_or(b' ');
        match byte {
            b'(' | b'[' | b'{' => {
                self.open(progress, at, mode);
                progress.last_words = [0..0, 0..0];
                return;
            }
            b')' | b']' | b'}' => {
                self.close(progress, at, first_on_line, mode, scanned);
            }
            b'"' => self.quoted(progress, scanned),
            b'\'' => {
                progress.position = lexemes::single_quoted_end(self.bytes, at).unwrap_or(at + 1);
                progress.previous = Previous::Other;
            }
            b'`' => {
                progress.position = lexemes::backtick_end(self.bytes, at).unwrap_or(at + 1);
                progress.previous = Previous::Other;
            }
            b'/' if self.is_word(&progress.last_words[1], "matching") => {
                progress.position = lexemes::regular_expression_end(self.bytes, at).unwrap_or(at + 1);
                progress.previous = Previous::Other;
            }
            b';' => self.semicolon(progress),
            byte if lexemes::is_word(byte) => {
                self.word(progress);
                return;
            }
            _ => self.operator(progress, byte, next),
        }
        progress.last_words = [0..0, 0..0];
    }

    fn is_word(&self, range: &Range<usize>, word: &str) -> bool {
        &self.source[range.clone()] == word
    }

    fn word(&mut self, progress: &mut Progress) {
        let at = progress.position;
        let end = lexemes::word_end(self.bytes, at);
        let is_field = matches!(progress.previous, Previous::Dot);
        let needs_operand = !is_field
            && matches!(
                &self.bytes[at..end],
                b"and"
                    | b"or"
                    | b"not"
                    | b"div"
                    | b"mod"
                    | b"in"
                    | b"after"
                    | b"with"
                    | b"try"
                    | b"matching"
                    | b"distinct"
                    | b"if"
                    | b"match"
                    | b"for"
            );
        progress.previous = if needs_operand { Previous::Operator } else { Previous::Word };
        let [_, last] = &progress.last_words;
        progress.last_words = [last.clone(), at..end];
        progress.position = end;
        if !self.bytes[at].is_ascii() || !self.bytes[at..end].is_ascii() {
            self.odd_blanks(at..end);
        }
    }

    fn open(&mut self, progress: &mut Progress, at: usize, mode: Mode<'_>) {
        progress.position = at + 1;
        if let Mode::Known(strays, _) = mode
            && let Ok(found) = strays.binary_search_by_key(&at, Stray::at)
            && !matches!(strays[found], Stray::Unclosed { at_end: true, .. })
        {
            self.masked[at] = STRAY_BRACKET;
            progress.previous = Previous::Other;
            return;
        }
        let of_enum = self.is_word(&progress.last_words[0], "enum");
        if progress.brackets.open.is_empty()
            && progress.body.as_ref().is_none_or(|body| body.seams.is_empty())
        {
            progress.body = Some(Body { open: at, close: None, seams: Vec::new() });
        }
        progress.brackets.open.push(Open {
            at,
            kind: Kind::of(self.bytes[at]),
            indentation: progress.indentation,
            line: progress.line,
            of_enum,
        });
        progress.previous = Previous::Opener;
    }

    fn close(
        &mut self,
        progress: &mut Progress,
        at: usize,
        first_on_line: bool,
        mode: Mode<'_>,
        scanned: &mut Scanned,
    ) {
        progress.position = at + 1;
        progress.previous = Previous::Other;
        let close = Close {
            at,
            kind: Kind::of(self.bytes[at]),
            indentation: progress.indentation,
            line: progress.line,
            first_on_line,
        };
        match mode {
            Mode::Trusting => scanned.balanced &= progress.brackets.close(close),
            Mode::Careful => progress.brackets.close_with_care(close),
            Mode::Known(strays, _) if strays.binary_search_by_key(&at, Stray::at).is_ok() => {
                self.masked[at] = STRAY_BRACKET;
            }
            Mode::Known(..) => {
                progress.brackets.close(close);
            }
        }
        if progress.brackets.open.is_empty()
            && let Some(body) = &mut progress.body
        {
            body.close.get_or_insert(at);
        }
    }

    fn block_comment(&mut self, progress: &mut Progress) {
        let at = progress.position;
        let length = match self.no_comment_end_behind {
            Some(from) if from <= at => None,
            Some(_) | None => memchr::memmem::find(&self.bytes[at..], b"*/").map(|found| found + 2),
        };
        if length.is_none() {
            self.no_comment_end_behind = Some(self.no_comment_end_behind.map_or(at, |from| from.min(at)));
        }
        let end = length.map_or_else(|| lexemes::line_end(self.bytes, at), |length| at + length);
        let text = &self.source[at..end];
        self.masked[at..end].fill(b' ');
        self.layout.diagnostics.push(errors::block_comment(span(self.file, at..end), text));
        progress.position = end;
        progress.line += memchr::memchr_iter(b'\n', text.as_bytes()).count();
        progress.line_start = lexemes::line_start(self.bytes, end);
    }

    fn operator(&mut self, progress: &mut Progress, byte: u8, next: u8) {
        let at = progress.position;
        let before = if at == 0 { b' ' } else { self.bytes[at - 1] };
        progress.position = at + 1;
        progress.last_sign = byte;
        progress.previous = match byte {
            b',' => Previous::Opener,
            b'.' if next == b'.' => {
                progress.position = at + 2;
                if matches!(self.bytes.get(at + 2), Some(b'=' | b'<')) {
                    progress.position = at + 3;
                    Previous::Operator
                } else {
                    Previous::Other
                }
            }
            b'.' => Previous::Dot,
            b'?' if next == b'?' => {
                progress.position = at + 2;
                Previous::Operator
            }
            b'=' | b'-' if next == b'>' => {
                progress.position = at + 2;
                Previous::Operator
            }
            b'<' => {
                if lexemes::is_word(before) {
                    progress.angles += 1;
                }
                Previous::Operator
            }
            b'>' if next != b'=' => {
                progress.angles = progress.angles.saturating_sub(1);
                Previous::Other
            }
            b'+' | b'-' | b'*' | b'/' | b'=' | b'!' | b'%' | b':' | b'&' | b'|' | b'>' => Previous::Operator,
            _ => Previous::Other,
        };
    }

    /// Blanks that don't look it: they are taken for blanks.
    fn odd_blanks(&mut self, range: Range<usize>) {
        for (index, character) in self.source[range.clone()].char_indices() {
            if matches!(
                character,
                '\u{a0}' | '\u{2000}'..='\u{200d}' | '\u{2028}' | '\u{2029}' | '\u{3000}' | '\u{feff}'
            ) {
                let place = range.start + index..range.start + index + character.len_utf8();
                self.masked[place.clone()].fill(b' ');
                self.layout.diagnostics.push(errors::odd_blank(span(self.file, place), character));
            }
        }
    }

    /// Joins documentation lines that follow each other.
    fn flush_docs(&mut self) {
        let lines = std::mem::take(&mut self.doc_lines);
        let mut runs: Vec<(bool, Range<usize>, String)> = Vec::new();
        for line in lines {
            let text = &self.source[line.clone()];
            let of_file = text.starts_with("//!");
            let text = text[3..].strip_prefix(' ').unwrap_or(&text[3..]).trim_end();
            match runs.last_mut() {
                Some((same, range, joined))
                    if *same == of_file && self.source[range.end..line.start].trim().is_empty() =>
                {
                    range.end = line.end;
                    joined.push('\n');
                    joined.push_str(text);
                }
                Some(_) | None => runs.push((of_file, line, text.to_owned())),
            }
        }
        for (of_file, range, text) in runs {
            let before_all =
                self.layout.pieces.first().is_none_or(|piece| range.start < self.first_token(piece));
            let doc = Spanned::new(text, span(self.file, range));
            if of_file && before_all && self.layout.file_doc.is_none() {
                self.layout.file_doc = Some(doc);
            } else if of_file {
                self.layout.diagnostics.push(errors::misplaced_file_doc(doc.span));
            } else {
                self.layout.docs.push(doc);
            }
        }
    }

    fn first_token(&self, piece: &Piece) -> usize {
        let blank = self.masked[piece.range.clone()].iter().position(|byte| !matches!(byte, b' ' | b'\n'));
        piece.range.start + blank.unwrap_or(0)
    }

    /// Nowhere in a program, not even in a string.
    fn nul_characters(&mut self, places: &[usize]) {
        for at in places {
            self.masked[*at] = b' ';
        }
        if let Some(first) = places.first() {
            let place = span(self.file, *first..first + 1);
            self.layout.diagnostics.push(errors::nul_character(place, places.len()));
        }
    }

    /// One message for a habit, however often it shows.
    fn say_habits(&mut self) {
        let spans =
            |places: &[usize]| -> Vec<_> { places.iter().map(|at| span(self.file, *at..at + 1)).collect() };
        let hash_comments = spans(&self.hash_comments);
        if !self.semicolons.is_empty() {
            self.layout.diagnostics.push(errors::semicolons(std::mem::take(&mut self.semicolons)));
        }
        if !hash_comments.is_empty() {
            self.layout.diagnostics.push(errors::hash_comments(&hash_comments));
        }
    }
}

/// Ranges in order, none touching another.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            Some(_) | None => merged.push(range),
        }
    }
    merged
}
