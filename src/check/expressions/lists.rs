//! List literals, and where the types of several values meet.

use super::untold::records_that_wait;
use super::{literal_hint, messages, type_of, typed};
use crate::check::context::{Checker, Scope, error_expression};
use crate::check::convert::Expectation;
use crate::hir::{self, ExprKind};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::{Type, meet};

impl Checker<'_> {
    pub(super) fn list(
        &mut self,
        scope: &mut Scope,
        items: &[ast::Expr],
        span: Span,
        expected: Option<&Type>,
    ) -> hir::Expr {
        let base = expected.map(|ty| ty.without_optional().base(&self.program));
        let open_item = match &base {
            Some(Type::List(item)) if self.is_left_open(item) => Some((**item).clone()),
            Some(Type::List(item)) => return self.list_of(scope, items, span, item),
            Some(_) | None => None,
        };
        if matches!(base, Some(Type::Json)) {
            let list = self.list_of(scope, items, span, &Type::Json);
            if Self::is_error(&list) {
                return list;
            }
            return typed(ExprKind::Widen(Box::new(list)), Type::Json, span);
        }
        if matches!(base, Some(Type::Error)) {
            for item in items {
                self.expression(scope, item, Some(&Type::Error));
            }
            return error_expression(span);
        }
        if items.is_empty() {
            match expected {
                Some(expected) if open_item.is_none() => {
                    self.report(messages::list_for_one(self, expected, span));
                }
                Some(_) | None => self.report(messages::empty_list_needs_a_type(span)),
            }
            return error_expression(span);
        }
        let values = match records_that_wait(items).filter(|_| open_item.is_none()) {
            Some(records) => self.records_together(scope, &records),
            None => self.items_together(scope, items, open_item.as_ref()),
        };
        match self.items_meet(scope, values, "items of a list") {
            Some((item, values)) => typed(ExprKind::List(values), Type::list(item), span),
            None => error_expression(span),
        }
    }

    fn items_together(
        &mut self,
        scope: &mut Scope,
        items: &[ast::Expr],
        open_item: Option<&Type>,
    ) -> Vec<hir::Expr> {
        let trees: Vec<Option<&ast::Expr>> = items.iter().map(Some).collect();
        self.together(&trees, type_of, |checker, index, told| {
            let hint = || open_item.and_then(|ty| literal_hint(&items[index], ty));
            checker.item(scope, &items[index], told.or_else(hint))
        })
    }

    fn item(&mut self, scope: &mut Scope, item: &ast::Expr, expected: Option<&Type>) -> hir::Expr {
        let value = self.expression(scope, item, expected);
        let value = self.with_value(value, "an item of a list");
        self.no_secret(value, "a list")
    }

    fn list_of(&mut self, scope: &mut Scope, items: &[ast::Expr], span: Span, item_type: &Type) -> hir::Expr {
        let mut values = Vec::with_capacity(items.len());
        let mut failed = false;
        for item in items {
            let value =
                self.expression_of(scope, item, item_type, |_| Expectation::new("an item of this list"));
            failed |= Self::is_error(&value);
            values.push(value);
        }
        if failed {
            return error_expression(span);
        }
        typed(ExprKind::List(values), Type::list(item_type.clone()), span)
    }

    /// The type at which values meet, and all of them as one of it; `None` if a message has been given.
    pub(in crate::check) fn items_meet(
        &mut self,
        scope: &Scope,
        values: Vec<hir::Expr>,
        what: &str,
    ) -> Option<(Type, Vec<hir::Expr>)> {
        let types: Vec<Type> = values.iter().map(type_of).collect();
        if types.iter().any(|ty| matches!(ty, Type::Error)) {
            return None;
        }
        let borrowed: Vec<&Type> = types.iter().collect();
        let ty = match meet(&borrowed, &self.program) {
            Ok(Type::Null) => {
                let span = values.first()?.span;
                self.report(messages::null_needs_a_type(span));
                return None;
            }
            Ok(ty) => ty,
            Err((first, second)) => {
                let Some(ty) = self.met_by_constants(&values) else {
                    self.report_not_met(what, &values[first], &values[second]);
                    return None;
                };
                ty
            }
        };
        let fitted = values
            .into_iter()
            .map(|value| self.fit(scope, value, &ty, |_| Expectation::new(format!("one of the {what}"))))
            .collect();
        Some((ty, fitted))
    }

    /// The type at which the values that aren't constant meet, if the constants may become of it too.
    fn met_by_constants(&self, values: &[hir::Expr]) -> Option<Type> {
        let (constants, others): (Vec<&hir::Expr>, Vec<&hir::Expr>) =
            values.iter().partition(|value| self.is_constant(value));
        let types: Vec<Type> = others.iter().map(|value| type_of(value)).collect();
        let ty = meet(&types.iter().collect::<Vec<_>>(), &self.program).ok()?;
        let has_type = !types.is_empty() && !matches!(ty, Type::Null);
        (has_type && constants.iter().all(|value| self.may_become(&type_of(value), &ty))).then_some(ty)
    }

    /// Says that two values have no type in common, unless one of them has had its message.
    pub(super) fn report_not_met(&mut self, what: &str, first: &hir::Expr, second: &hir::Expr) {
        if ![first, second].iter().any(|value| type_of(value).holds_error()) {
            self.report(messages::do_not_meet(self, what, first, second));
        }
    }

    /// The value, unless it is a `null` that nothing gives a type.
    pub(in crate::check) fn known_type(&mut self, value: hir::Expr) -> hir::Expr {
        if matches!(value.ty, Some(Type::Null)) {
            self.report(messages::null_needs_a_type(value.span));
            return error_expression(value.span);
        }
        value
    }

    /// The value, unless it is a secret.
    pub(in crate::check) fn no_secret(&mut self, value: hir::Expr, place: &str) -> hir::Expr {
        if value.ty.as_ref().is_some_and(|ty| matches!(ty.without_optional(), Type::Secret)) {
            self.report(messages::secret_as_value(place, value.span));
            return error_expression(value.span);
        }
        value
    }
}
