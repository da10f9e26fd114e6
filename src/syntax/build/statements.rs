//! Blocks and what stands in them.

use super::Builder;
use super::names::Case;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Block, Expr, ExprKind, Statement, StatementKind};
use crate::syntax::errors;
use crate::syntax::grammar::{Pair, Rule};

impl<'t> Builder<'t> {
    pub(super) fn block(&self, pair: Pair<'t>) -> Block {
        let span = self.trimmed(&pair);
        let mut statements = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::brace_on_next_line => self.say(errors::brace_on_next_line(self.span(&part))),
                _ => statements.push(self.statement(part)),
            }
        }
        Block { statements, span }
    }

    /// The place of braces that the grammar begins at the blanks before them.
    pub(super) fn trimmed(&self, pair: &Pair<'t>) -> Span {
        let range = self.range_of(pair);
        let text = pair.as_str();
        let blanks = text.len() - text.trim_start_matches([' ', '\n']).len();
        self.range(range.start + blanks..range.end)
    }

    fn statement(&self, pair: Pair<'t>) -> Statement {
        let span = self.span(&pair);
        let kind = match pair.as_rule() {
            Rule::bind => self.bind(pair),
            Rule::expression_statement => self.expression_statement(pair),
            Rule::return_ => self.return_(pair),
            Rule::on => self.on(pair),
            _ => self.bad_statement(&pair),
        };
        Statement { kind, span }
    }

    fn bind(&self, pair: Pair<'t>) -> StatementKind {
        let span = self.span(&pair);
        let mut name = Spanned::new(String::new(), span);
        let mut ty = None;
        let mut value = Expr { kind: ExprKind::Error, span };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::word => name = self.declared(&part, Case::Lower),
                Rule::type_ => ty = Some(self.type_(part)),
                Rule::junk => {
                    self.junk(&part, Rule::bind);
                    value.kind = ExprKind::Error;
                }
                _ => value = self.expression(part),
            }
        }
        StatementKind::Bind { name, ty, value }
    }

    fn expression_statement(&self, pair: Pair<'t>) -> StatementKind {
        let mut kind = StatementKind::Error;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::junk => {
                    self.junk(&part, Rule::statement);
                    kind = StatementKind::Error;
                }
                _ => kind = StatementKind::Expr(self.expression(part)),
            }
        }
        kind
    }

    fn return_(&self, pair: Pair<'t>) -> StatementKind {
        let mut value = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::junk => {
                    self.junk(&part, Rule::return_);
                    value = Some(Expr { kind: ExprKind::Error, span: self.span(&part) });
                }
                _ => value = Some(self.expression(part)),
            }
        }
        StatementKind::Return(value)
    }

    fn on(&self, pair: Pair<'t>) -> StatementKind {
        let mut event = None;
        let mut body = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::word => event = Some(self.name(&part)),
                Rule::block => body = Some(self.block(part)),
                _ => self.junk(&part, Rule::on),
            }
        }
        StatementKind::On { event: event.expect("`on` has an event"), body: body.expect("`on` has a block") }
    }

    /// Keeps the name that the text would bind, so that its uses are known.
    fn bad_statement(&self, pair: &Pair<'t>) -> StatementKind {
        self.junk(pair, Rule::statement);
        let Some(name) = self.leading_word(pair) else { return StatementKind::Error };
        let rest = &self.text[name.span.end as usize..self.range_of(pair).end];
        let rest = rest.trim_start_matches(' ');
        let binds = rest.starts_with('=') && !rest.starts_with("==");
        if !binds {
            return StatementKind::Error;
        }
        let value = Expr { kind: ExprKind::Error, span: self.span(pair) };
        StatementKind::Bind { name, ty: None, value }
    }
}
