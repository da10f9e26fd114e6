//! Pipelines of many statements. The parser keeps two tokens of each rule that it has met until it ends, so these are
//! read in parts, as they are cut by `layout`.

use std::ops::Range;

use pest::Parser;
use pest::iterators::Pairs;

use super::Builder;
use super::declarations::pipeline;
use crate::syntax::ast::Item;
use crate::syntax::grammar::{Grammar, Rule};
use crate::syntax::layout::Piece;

impl<'t> Builder<'t> {
    /// None where a piece is no such pipeline, or has a part that can't be read: as a whole it says why.
    pub(super) fn long_pipeline(&self, piece: &Piece) -> Option<Item> {
        let body = piece.body.as_ref().filter(|body| !body.seams.is_empty())?;
        let mut header = self.part(Rule::pipeline_start, piece.range.start..body.open + 1)?;
        let end_of_input = header.next_back();
        debug_assert!(end_of_input.is_some_and(|pair| pair.as_rule() == Rule::EOI));
        let opening = header.next_back()?;
        if opening.as_rule() == Rule::brace_on_next_line {
            self.brace_on_next_line(&opening);
        }
        let header = self.header(header);
        let end = body.close.unwrap_or(piece.range.end);
        let mut statements = Vec::new();
        let mut start = body.open + 1;
        for end in body.seams.iter().copied().chain([end]) {
            self.statements(self.part(Rule::pipeline_part, start..end)?, &mut statements);
            start = end + 1;
        }
        let behind = body.close.map_or(end, |close| close + 1);
        let block = self.finished_block(statements, self.range(body.open..behind));
        self.junk_behind_item(behind..piece.range.end);
        let text = &self.text[piece.range.clone()];
        let start = piece.range.end - text.trim_start_matches(' ').len();
        let span = self.range(start..behind);
        Some(Item { doc: self.doc_before(span.start), span, kind: pipeline(header, block) })
    }

    fn part(&self, rule: Rule, range: Range<usize>) -> Option<Pairs<'t, Rule>> {
        self.base.set(range.start);
        let part = Grammar::parse(rule, &self.text[range]).ok()?.next()?;
        Some(part.into_inner())
    }
}
