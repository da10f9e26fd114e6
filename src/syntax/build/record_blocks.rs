//! `if c { n: 1 }`: the braces of a block that were meant for those of a record.

use foldhash::HashSet;

use super::Builder;
use crate::syntax::ast::{Block, Entry, Expr, ExprKind, KeyKind, Statement, StatementKind};
use crate::syntax::errors::habits::{self, RecordBlock};
use crate::syntax::grammar::{Pair, Rule};
use crate::syntax::words;

impl<'t> Builder<'t> {
    /// The block of something that has a value. One that holds nothing but `name: value` is taken for the record.
    pub(super) fn value_block(&self, pair: Pair<'t>) -> Block {
        let is_arm = pair.as_rule() == Rule::arm_block;
        let fields: Vec<Pair<'t>> =
            pair.clone().into_inner().filter(|part| part.as_rule() != Rule::opening).collect();
        let span = self.trimmed(&pair);
        if !self.is_record(&fields) {
            return self.block(pair);
        }
        let is_closed = self.text_of(span).ends_with('}');
        let has_calls = fields.iter().any(|field| field.as_str().contains('('));
        self.record_blocks.borrow_mut().push(RecordBlock { span, is_arm, is_closed, has_calls });
        let entries = fields.into_iter().map(|field| self.field_of_block(field)).collect();
        let record = Expr { kind: ExprKind::Braces(entries), span };
        Block { statements: vec![Statement { kind: StatementKind::Expr(record), span }], span }
    }

    /// Fields don't know of each other; what does is bound.
    fn is_record(&self, parts: &[Pair<'t>]) -> bool {
        let is_field = |part: &Pair<'t>| {
            part.as_rule() == Rule::colon_bind && !words::SETTINGS.contains(&field_name(part))
        };
        if parts.is_empty() || !parts.iter().all(is_field) {
            return false;
        }
        let mut before = HashSet::default();
        parts.iter().all(|part| {
            let (name, value) = part.as_str().split_at(field_name(part).len());
            let knows_none = words_of(value).all(|word| !before.contains(word));
            before.insert(name);
            knows_none
        })
    }

    fn field_of_block(&self, pair: Pair<'t>) -> Entry {
        let span = self.span(&pair);
        let mut inner = pair.into_inner();
        let key = self.label(&inner.next().expect("a field has a name"));
        let value = self.expression(inner.next().expect("a field has a value"));
        Entry { key, key_kind: KeyKind::Word, value, span }
    }

    /// One message for all such blocks of an item.
    pub(super) fn say_record_blocks(&self) {
        let blocks = self.record_blocks.take();
        if !blocks.is_empty() {
            self.say(habits::records_for_blocks(&blocks));
        }
    }
}

fn field_name<'t>(part: &Pair<'t>) -> &'t str {
    part.as_str().split([' ', ':']).next().unwrap_or_default()
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_ascii_alphanumeric() && character != '_')
}
