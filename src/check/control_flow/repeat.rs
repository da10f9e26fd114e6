//! `repeat`: rounds with a state.

use super::messages;
use crate::check::body::NoCalls;
use crate::check::context::{Checker, Scope, error_expression};
use crate::check::convert::Expectation;
use crate::check::expressions::{Demand, type_of};
use crate::hir::{self, ExprKind, LocalKind};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::Type;

impl Checker<'_> {
    pub(in crate::check) fn repeat(
        &mut self,
        scope: &mut Scope,
        tree: &ast::Repeat,
        span: Span,
        demand: Demand<'_>,
    ) -> hir::Expr {
        let _ = demand;
        let declared = tree.ty.as_ref().map(|ty| self.resolve_type(scope.module, ty));
        let first = match &declared {
            Some(ty) => self.expression_of(scope, &tree.first, ty, |_| Expectation::new("the first state")),
            None => self.first_state(scope, &tree.first),
        };
        let ty = declared.unwrap_or_else(|| type_of(&first));
        let limit = self.limit(scope, &tree.limit, "a `repeat`");
        let start = scope.enter();
        let state = self.bind_name(scope, &tree.state, Some(ty.clone()), LocalKind::State);
        let mut body = self.block(scope, &tree.body, Demand::value(Some(&ty)));
        let declared_at = tree.ty.as_ref().map_or(tree.first.span, |ty| ty.span);
        match body.value.take() {
            Some(value) => {
                let value = self.fit(scope, value, &ty, |checker| {
                    Expectation::new("the next state of this `repeat`")
                        .declared_at(declared_at, format!("the state is a `{}`", checker.show(&ty)))
                });
                body.value = Some(value);
            }
            None => self.report(messages::round_without_state(tree.body.span, &self.show(&ty))),
        }
        let before = scope.forbid_calls(NoCalls::Until);
        let until = self.until(scope, &tree.until);
        scope.allow_calls(before);
        scope.leave(start);
        let Some(limit) = limit else { return hir::Expr { kind: ExprKind::Error, ty: Some(ty), span } };
        if matches!(ty, Type::Error) {
            return error_expression(span);
        }
        let unit = hir::Repeat { state, first, limit, body, until, after: Vec::new() };
        hir::Expr { kind: ExprKind::Repeat(Box::new(unit)), ty: Some(ty), span }
    }

    /// `until false` is a way to say: all rounds.
    fn until(&mut self, scope: &mut Scope, tree: &ast::Expr) -> hir::Expr {
        self.expression_of(scope, tree, &Type::Bool, |_| Expectation::new("what stands behind `until`"))
    }

    /// A state without a declared type has that of its first value, constants without intervals and patterns.
    fn first_state(&mut self, scope: &mut Scope, tree: &ast::Expr) -> hir::Expr {
        let first = self.expression(scope, tree, None);
        let first = self.with_value(first, "the first state");
        let first = self.known_type(first);
        let first = self.no_secret(first, "the state of a `repeat`");
        let ty = type_of(&first);
        let is_refined = matches!(ty, Type::Int(_) | Type::Float(_) | Type::String(_));
        if is_refined && self.known_value(&first).is_some() {
            let base = ty.base(&self.program);
            return self.fit(scope, first, &base, |_| Expectation::new("the first state"));
        }
        first
    }
}
