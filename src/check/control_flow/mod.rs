//! Blocks and what runs them: statements, `if`, `match`, `for`, `repeat`.

mod choice;
mod conditional;
mod loops;
pub(super) mod messages;
mod repeat;
mod statements;

use super::context::{Checker, Scope, error_expression};
use super::convert::Expectation;
use super::expressions::{Demand, type_of};
use crate::hir;
use crate::source::Span;
use crate::types::Type;

impl Checker<'_> {
    /// Makes the values of branches or arms values of one type. `None`: they have no value that anybody wants.
    pub(super) fn branches_meet(
        &mut self,
        scope: &Scope,
        mut blocks: Vec<&mut hir::Block>,
        demand: Demand<'_>,
        what: &str,
        span: Span,
    ) -> Option<Type> {
        if !demand.used {
            return None;
        }
        let without =
            blocks.iter().position(|block| block.value.as_ref().is_none_or(|value| value.ty.is_none()));
        if let Some(index) = without {
            let with = blocks
                .iter()
                .find(|block| block.value.as_ref().is_some_and(|value| value.ty.is_some()))
                .map(|block| block.span);
            if let Some(with) = with
                && demand.expected.is_some_and(|ty| !matches!(ty, Type::Error))
            {
                self.report(messages::branch_without_value(blocks[index].span, with, what));
                return Some(Type::Error);
            }
            for block in &mut blocks {
                if let Some(value) = block.value.take() {
                    block.statements.push(hir::Statement::Expr(value));
                }
            }
            return None;
        }
        let values: Vec<hir::Expr> = blocks.iter_mut().filter_map(|block| block.value.take()).collect();
        if let Some(secret) = values.iter().find(|value| matches!(type_of(value), Type::Secret)) {
            self.report(messages::secret_of_branch(what, secret.span));
            return Some(Type::Error);
        }
        if let Some(expected) = demand.expected
            && values.iter().all(|value| self.may_become(&type_of(value), expected))
        {
            for (block, value) in blocks.iter_mut().zip(values) {
                let why = |_: &Checker| Expectation::new(format!("the value of this {what}"));
                block.value = Some(self.fit(scope, value, expected, why));
            }
            return Some(expected.clone());
        }
        let plural = if what == "arm" { "arms" } else { "branches" };
        match self.items_meet(scope, values, plural) {
            Some((ty, values)) => {
                for (block, value) in blocks.iter_mut().zip(values) {
                    block.value = Some(value);
                }
                Some(ty)
            }
            None => {
                for block in &mut blocks {
                    block.value = Some(error_expression(span));
                }
                Some(Type::Error)
            }
        }
    }
}

/// The type of a block's value; `Error` for one that has none.
fn block_type(block: &hir::Block) -> Type {
    block.value.as_ref().map_or(Type::Error, type_of)
}
