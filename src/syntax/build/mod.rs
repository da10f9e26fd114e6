//! What pest gives → the tree. Says what the grammar lets pass on purpose: signs that stand for others by mistake,
//! reserved words as names, and the like.

// pest has one enum for the rules of the whole grammar: no match can name them all.
#![allow(clippy::wildcard_enum_match_arm)]

mod chains;
mod control;
mod declarations;
mod expressions;
mod literals;
mod long_pipelines;
mod names;
mod next_arm;
mod record_blocks;
mod statements;
mod types;

use std::cell::{Cell, RefCell};
use std::ops::Range;

use pest::Parser;

use super::ast::{Doc, File, Item, ItemKind, Name};
use super::grammar::{Grammar, Pair, Rule};
use super::layout::{Layout, Piece};
use super::{errors, explain};
use crate::diagnostics::Diagnostic;
use crate::source::{FileId, Span};

/// How deep the tree of one expression may be, chains of operators included.
pub(super) const MAX_DEPTH: usize = 200;

/// Builds the nodes of one piece.
pub(super) struct Builder<'t> {
    file: FileId,
    /// Of the whole file, as the grammar sees it.
    text: &'t str,
    /// As it was written.
    source: &'t str,
    /// Where the text that pest was given last begins.
    base: Cell<usize>,
    docs: &'t [Doc],
    /// Which of `docs` belong to something.
    documented: &'t [Cell<bool>],
    diagnostics: RefCell<Vec<Diagnostic>>,
    silent: &'t [Range<usize>],
    /// How deep in expressions the node being built is.
    depth: Cell<usize>,
    /// Reserved words that stand as names and have had their message: one mistake, however often the name is used.
    reserved: RefCell<Vec<String>>,
    /// Names that are declared in a way that can't be read: they have had their message.
    broken_names: RefCell<Vec<Name>>,
    /// Settings that stand among statements, by name.
    misplaced_settings: RefCell<Vec<String>>,
    /// Blocks that were meant for records.
    record_blocks: RefCell<Vec<errors::habits::RecordBlock>>,
}

pub(super) fn file(file: FileId, source: &str, layout: Layout) -> super::Parsed {
    let mut tree =
        File { doc: layout.file_doc.clone(), comments: layout.comments.clone(), ..File::empty(file) };
    let mut diagnostics = layout.diagnostics.clone();
    let documented = vec![Cell::new(false); layout.docs.len()];
    for piece in &layout.pieces {
        let builder = || Builder {
            file,
            text: &layout.text,
            source,
            base: Cell::new(piece.range.start),
            docs: &layout.docs,
            documented: &documented,
            diagnostics: RefCell::new(Vec::new()),
            silent: &piece.silent,
            depth: Cell::new(0),
            reserved: RefCell::new(Vec::new()),
            broken_names: RefCell::new(Vec::new()),
            misplaced_settings: RefCell::new(Vec::new()),
            record_blocks: RefCell::new(Vec::new()),
        };
        let in_parts = builder();
        let builder = match in_parts.long_pipeline(piece) {
            Some(item) => {
                tree.items.push(item);
                in_parts
            }
            None => {
                let whole = builder();
                whole.piece(piece, &mut tree);
                whole
            }
        };
        builder.say_record_blocks();
        tree.broken_names.append(&mut builder.broken_names.take());
        diagnostics.append(&mut builder.diagnostics.into_inner());
    }
    // In a text with mistakes, what a comment documents may be what couldn't be read.
    if diagnostics.is_empty() {
        let stray = layout.docs.iter().zip(&documented).filter(|(_, documented)| !documented.get());
        diagnostics.extend(stray.map(|(doc, _)| errors::stray_documentation(doc.span)));
    }
    super::Parsed { file: tree, diagnostics }
}

impl<'t> Builder<'t> {
    fn piece(&self, piece: &Piece, tree: &mut File) {
        let text = &self.text[piece.range.clone()];
        if piece.too_deep {
            self.broken_item(piece, tree);
            return;
        }
        match Grammar::parse(Rule::piece, text) {
            Ok(pairs) => {
                for pair in pairs.flat_map(Pair::into_inner) {
                    match pair.as_rule() {
                        Rule::piece_junk
                            if pair.as_str().trim_start_matches(' ').starts_with('{')
                                && tree
                                    .items
                                    .last_mut()
                                    .is_some_and(|item| self.declaration_behind_type(item)) => {}
                        Rule::piece_junk => self.junk_behind_item(self.range_of(&pair)),
                        Rule::EOI => {}
                        Rule::language => self.language(pair, tree),
                        _ => tree.items.push(self.item(pair)),
                    }
                }
            }
            Err(_) => {
                self.broken_item(piece, tree);
                let item = tree.items.last().expect("a broken item is an item");
                self.nonsense(item.span, Rule::strict_item);
            }
        }
    }

    fn junk_behind_item(&self, range: Range<usize>) {
        let text = self.text[range.clone()].trim_end();
        let blanks = text.len() - text.trim_start_matches(' ').len();
        let junk = self.range(range.start + blanks..range.start + text.len());
        if let Some(diagnostic) = explain::behind_item(self.text, junk).filter(|_| blanks < text.len()) {
            self.say(diagnostic);
        }
    }

    /// An item that can't be read: at least its name is kept.
    fn broken_item(&self, piece: &Piece, tree: &mut File) {
        let text = &self.text[piece.range.clone()];
        let start = piece.range.start + (text.len() - text.trim_start().len());
        let end = piece.range.start + text.trim_end().len();
        let span = self.range(start..end.max(start));
        tree.broken_names.extend(explain::declared_name(self.text, span));
        tree.items.push(Item { doc: self.doc_before(span.start), span, kind: ItemKind::Error });
    }

    fn say(&self, diagnostic: Diagnostic) {
        if !self.is_silent(diagnostic.span()) {
            self.diagnostics.borrow_mut().push(diagnostic);
        }
    }

    /// How much was said so far, to be given to `nonsense_since`.
    fn mark(&self) -> usize {
        self.diagnostics.borrow().len()
    }

    /// Says why a text makes no sense, instead of what was said about parts of it.
    fn nonsense_since(&self, mark: usize, span: Span, rule: Rule) {
        self.diagnostics.borrow_mut().truncate(mark);
        self.nonsense(span, rule);
    }

    /// Says why a text makes no sense for a rule.
    fn nonsense(&self, span: Span, rule: Rule) {
        if let Some(diagnostic) = explain::nonsense(self.text, span, rule) {
            self.say(diagnostic);
        }
    }

    /// A comma that isn't there: the pair is empty, and stands before what follows.
    fn missing_comma(&self, pair: &Pair<'t>) {
        let next = self.range_of(pair).start;
        let word = self.text[next..]
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
            .count();
        let behind = self.text[..next].trim_end_matches(' ').len();
        self.say(errors::missing_comma(self.range(next..next + word.max(1)), self.range(behind..behind)));
    }

    fn brace_on_next_line(&self, pair: &Pair<'t>) {
        let Range { start, end } = self.range_of(pair);
        self.say(errors::brace_on_next_line(self.range(start..end - 1), self.range(end - 1..end)));
    }

    /// Whether what is wrong here follows from a mistake that is reported already.
    fn is_silent(&self, span: Span) -> bool {
        let start = span.start as usize;
        let after = self.silent.partition_point(|range| range.start <= start);
        after > 0 && start < self.silent[after - 1].end
    }

    fn range_of(&self, pair: &Pair<'t>) -> Range<usize> {
        let span = pair.as_span();
        self.base.get() + span.start()..self.base.get() + span.end()
    }

    fn range(&self, range: Range<usize>) -> Span {
        let offset = |at: usize| u32::try_from(at).expect("a source file is smaller than 4 GiB");
        Span::new(self.file, offset(range.start), offset(range.end))
    }

    fn span(&self, pair: &Pair<'t>) -> Span {
        self.range(self.range_of(pair))
    }

    /// The documentation that ends right before `start`, with nothing but blanks between.
    fn doc_before(&self, start: u32) -> Option<Doc> {
        let after = self.docs.partition_point(|doc| doc.span.end <= start);
        let doc = self.docs[..after].last()?;
        let between = &self.text[doc.span.end as usize..start as usize];
        let is_near = between.bytes().all(|byte| byte == b' ');
        if is_near {
            self.documented[after - 1].set(true);
        }
        is_near.then(|| doc.clone())
    }
}
