//! `if`, and conditions.

use pipec_ir::value::Value;

use super::messages;
use crate::check::context::{Checker, Scope};
use crate::check::convert::Expectation;
use crate::check::expressions::{Demand, typed};
use crate::check::narrowing::{Facts, Path};
use crate::hir::{self, ExprKind};
use crate::source::Span;
use crate::syntax::ast::{self, Else};
use crate::types::Type;

impl Checker<'_> {
    /// An `if` with all its `else if`s: their branches meet at once.
    pub(in crate::check) fn conditional(
        &mut self,
        scope: &mut Scope,
        tree: &ast::If,
        span: Span,
        demand: Demand<'_>,
    ) -> hir::Expr {
        let known = scope.body.facts.len();
        let mut rungs: Vec<(hir::Expr, hir::Block, Span)> = Vec::new();
        let mut otherwise = None;
        let (mut at, mut at_span) = (tree, span);
        loop {
            let condition = self.condition(scope, &at.condition);
            let Facts { if_true, if_false } = Facts::of(&condition);
            let then = self.block_with(scope, &at.then, if_true, demand);
            rungs.push((condition, then, at_span));
            scope.learn(if_false);
            match &at.otherwise {
                None => break,
                Some(Else::Block(block)) => {
                    otherwise = Some(self.block_with(scope, block, Vec::new(), demand));
                    break;
                }
                Some(Else::If(next)) => {
                    let ast::ExprKind::If(next_tree) = &next.kind else { break };
                    (at, at_span) = (next_tree, next.span);
                }
            }
        }
        scope.forget_facts(known);
        self.assembled(scope, rungs, otherwise, span, demand)
    }

    fn assembled(
        &mut self,
        scope: &Scope,
        mut rungs: Vec<(hir::Expr, hir::Block, Span)>,
        mut otherwise: Option<hir::Block>,
        span: Span,
        demand: Demand<'_>,
    ) -> hir::Expr {
        let has_else = otherwise.is_some();
        // Without `else` the value is optional: the branches are asked for what is under the `?`.
        let inner = demand.expected.map(Type::without_optional);
        let demand = if has_else { demand } else { demand.with(inner) };
        let blocks = rungs.iter_mut().map(|(_, block, _)| block).chain(otherwise.as_mut()).collect();
        let ty = self.branches_meet(scope, blocks, demand, "branch", span);
        let ty = if has_else { ty } else { ty.map(Type::optional) };
        if let Some(optional) = &ty
            && !has_else
        {
            for (_, block, _) in &mut rungs {
                if let Some(value) = block.value.take() {
                    let why = |_: &Checker| Expectation::new("the value of this branch");
                    block.value = Some(self.fit(scope, value, optional, why));
                }
            }
        }
        let mut rest = otherwise;
        while let Some((condition, then, at)) = rungs.pop() {
            let unit = hir::If { condition, then, otherwise: rest, after: Vec::new() };
            let whole = hir::Expr { kind: ExprKind::If(Box::new(unit)), ty: ty.clone(), span: at };
            if rungs.is_empty() {
                return whole;
            }
            let (statements, value) = match &ty {
                Some(_) => (Vec::new(), Some(whole)),
                None => (vec![hir::Statement::Expr(whole)], None),
            };
            rest = Some(hir::Block { statements, value, span: at });
        }
        typed(ExprKind::Error, Type::Error, span)
    }

    /// What follows `if` or `until`. A constant one is a warning.
    pub(super) fn condition(&mut self, scope: &mut Scope, tree: &ast::Expr) -> hir::Expr {
        let said = self.diagnostics.len();
        let condition = self.expression_of(scope, tree, &Type::Bool, |_| Expectation::new("the condition"));
        if self.diagnostics.len() == said
            && let Some(Value::Bool(value)) = self.known_value(&condition)
        {
            self.report(messages::constant_condition(value, condition.span));
        }
        condition
    }

    pub(super) fn block_with(
        &mut self,
        scope: &mut Scope,
        tree: &ast::Block,
        facts: Vec<Path>,
        demand: Demand<'_>,
    ) -> hir::Block {
        let known = scope.learn(facts);
        let block = self.block(scope, tree, demand);
        scope.forget_facts(known);
        block
    }
}
