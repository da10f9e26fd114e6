//! `if`, and conditions.

use pipec_ir::value::Value;

use super::{block_type, messages};
use crate::check::context::{Checker, Scope};
use crate::check::convert::Expectation;
use crate::check::expressions::{Demand, typed};
use crate::check::narrowing::{Facts, Path};
use crate::hir::{self, ExprKind};
use crate::source::Span;
use crate::syntax::ast::{self, Else};
use crate::types::Type;

/// A condition with its branch.
struct Rung<'t> {
    condition: hir::Expr,
    then: &'t ast::Block,
    /// What holds in the branch, beside what was known above.
    facts: Vec<Path>,
    /// How many facts there were above.
    known: usize,
    span: Span,
}

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
        let (rungs, otherwise) = self.rungs(scope, tree, span);
        let trees: Vec<&ast::Block> = rungs.iter().map(|rung| rung.then).chain(otherwise).collect();
        let values: Vec<Option<&ast::Expr>> = trees.iter().map(|tree| demand.untold(tree.value())).collect();
        let mut blocks = self.together(&values, block_type, |checker, index, told| {
            let demand = demand.with(told.or(demand.expected));
            let Some(rung) = rungs.get(index) else {
                return checker.block(scope, trees[index], demand);
            };
            let later = scope.body.facts.split_off(rung.known);
            let block = checker.block_with(scope, rung.then, rung.facts.clone(), demand);
            scope.body.facts.extend(later);
            block
        });
        scope.forget_facts(known);
        let otherwise = if otherwise.is_some() { blocks.pop() } else { None };
        let rungs = rungs.into_iter().zip(blocks).map(|(rung, block)| (rung.condition, block, rung.span));
        self.assembled(scope, rungs.collect(), otherwise, span, demand)
    }

    /// The conditions of an `if` with its `else if`s, and the last `else`. Of the facts, those stay that hold there.
    fn rungs<'t>(
        &mut self,
        scope: &mut Scope,
        tree: &'t ast::If,
        span: Span,
    ) -> (Vec<Rung<'t>>, Option<&'t ast::Block>) {
        let mut rungs = Vec::new();
        let (mut at, mut span) = (tree, span);
        loop {
            let condition = self.condition(scope, &at.condition);
            let Facts { if_true, if_false } = Facts::of(&condition);
            let known = scope.learn(if_false);
            rungs.push(Rung { condition, then: &at.then, facts: if_true, known, span });
            match &at.otherwise {
                None => return (rungs, None),
                Some(Else::Block(block)) => return (rungs, Some(block)),
                Some(Else::If(next)) => {
                    let ast::ExprKind::If(next_tree) = &next.kind else { return (rungs, None) };
                    (at, span) = (next_tree, next.span);
                }
            }
        }
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
