//! Expressions: what each is, and of which type.

mod artifacts;
mod braces;
mod fields;
mod functions;
mod lists;
mod literals;
pub(super) mod messages;
mod names;
mod operators;
mod sources;
mod text;
mod untold;

use super::body::Waiter;
use super::context::{Checker, Scope, error_expression};
use super::convert::{Expectation, widen};
use super::fold::Known;
use super::messages as general;
use crate::hir::{self, ExprKind};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::{Conversion, Type, assign};
pub(super) use fields::Qualifier;
use pipec_ir::value::Value;
pub(super) use sources::{Source, said_by_form, written};
pub(super) use untold::{is_empty, literal_hint, needs_a_type};

/// What the place of an expression wants of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Demand<'t> {
    /// The type that its value should have, if that is known.
    pub(super) expected: Option<&'t Type>,
    /// Whether anything is made of its value.
    pub(super) used: bool,
}

impl<'t> Demand<'t> {
    /// A statement: nobody looks at the value.
    pub(super) const STATEMENT: Demand<'static> = Demand { expected: None, used: false };

    pub(super) fn value(expected: Option<&'t Type>) -> Demand<'t> {
        Demand { expected, used: true }
    }

    /// The tree of a value that has to tell its type, because the place doesn't.
    pub(super) fn untold(self, value: Option<&ast::Expr>) -> Option<&ast::Expr> {
        value.filter(|_| self.used && self.expected.is_none())
    }

    /// The same place, where another type is expected.
    pub(super) fn with<'u>(self, expected: Option<&'u Type>) -> Demand<'u> {
        Demand { expected, used: self.used }
    }
}

impl Checker<'_> {
    /// Checks an expression where a value of type `expected` is due, if that is known. The result may be of another
    /// type: `convert` makes it fit or says why it doesn't.
    pub(crate) fn expression(
        &mut self,
        scope: &mut Scope,
        expr: &ast::Expr,
        expected: Option<&Type>,
    ) -> hir::Expr {
        let waiter = std::mem::replace(&mut scope.body.waiter, Waiter::Always);
        let value = self.evaluated(scope, expr, Demand::value(expected));
        scope.body.waiter = waiter;
        value
    }

    /// Checks an expression, also one that is a statement.
    pub(super) fn evaluated(&mut self, scope: &mut Scope, expr: &ast::Expr, demand: Demand<'_>) -> hir::Expr {
        use ast::ExprKind as K;
        let span = expr.span;
        let expected = demand.expected;
        if let Some(word) = self.word(expr, expected) {
            return word;
        }
        match &expr.kind {
            K::Error => {
                scope.body.is_torn = true;
                error_expression(span)
            }
            K::Int(digits) => self.integer(digits, false, span, expected),
            K::Float(digits) => self.float(digits, false, span, expected),
            K::Bool(value) => literal(Value::Bool(*value), Type::Bool, span),
            K::Null => self.null(span, expected),
            K::String(parts) => {
                let value = self.string(scope, parts, span);
                self.small_enough(value)
            }
            K::Raw(block) => {
                self.small_enough(literal(Value::String(block.text.clone()), Type::STRING, span))
            }
            K::Duration { number, unit } | K::Quantity { number, unit } => {
                self.amount(number, unit, span, expected)
            }
            K::Name(name) => self.name(scope, name, span, expected),
            K::List(items) => {
                let value = self.list(scope, items, span, expected);
                self.small_enough(value)
            }
            K::Braces(entries) => {
                let value = self.braces(scope, entries, span, expected);
                self.small_enough(value)
            }
            K::Field { of, name } => self.field(scope, of, name, span),
            K::OptionalField { of, name } => self.optional_field(scope, of, name, span),
            K::Index { of, index } => self.index(scope, of, index, span),
            K::Unary { op, operand } => self.unary(scope, op, operand, span, expected),
            K::Binary { op, left, right } => self.binary(scope, op, left, right, span, expected),
            K::Parentheses(inner) => self.evaluated(scope, inner, demand),
            K::Call(call) => self.call(scope, call, span, demand),
            K::If(tree) => self.conditional(scope, tree, span, demand),
            K::Match(tree) => self.choice(scope, tree, span, demand),
            K::For(tree) => self.map(scope, tree, span, demand),
            K::Repeat(tree) => self.repeat(scope, tree, span, demand),
            K::Try(_) | K::After { .. } | K::With { .. } => self.surrounded(scope, expr, demand),
        }
    }

    /// An expression that is to have the type `to`; `why` is only made where something is to be said.
    pub(super) fn expression_of(
        &mut self,
        scope: &mut Scope,
        expr: &ast::Expr,
        to: &Type,
        why: impl FnOnce(&Self) -> Expectation,
    ) -> hir::Expr {
        let value = self.expression(scope, expr, Some(to));
        self.fit(scope, value, to, why)
    }

    /// The value as one of type `to`, or a finding.
    pub(super) fn fit(
        &mut self,
        scope: &Scope,
        value: hir::Expr,
        to: &Type,
        why: impl FnOnce(&Self) -> Expectation,
    ) -> hir::Expr {
        // Why the place needs the type is only told where something is wrong.
        match value.ty.as_ref().map(|from| assign(from, to, &self.program)) {
            Some(Conversion::Identity) => return hir::Expr { ty: Some(to.clone()), ..value },
            Some(Conversion::Widen) => return widen(value, to),
            Some(Conversion::Refine | Conversion::Impossible(_)) | None => {}
        }
        let mut why = why(self);
        if why.source.is_none()
            && let Some((span, text)) = self.source_of(scope, &value)
        {
            why = why.coming_from(span, text);
        }
        self.convert(value, to, &why)
    }

    /// An expression that has a value; `what` says what it stands for: `the list`, `the condition` …
    pub(super) fn with_value(&mut self, value: hir::Expr, what: &str) -> hir::Expr {
        if value.ty.is_some() {
            return value;
        }
        self.report(messages::no_value(what, value.span));
        error_expression(value.span)
    }

    /// The value of an expression, if it is known before the run.
    pub(super) fn known_value(&self, value: &hir::Expr) -> Option<Value> {
        match self.known(value) {
            Known::Value(value) => Some(value),
            Known::Fault(_) | Known::Nothing => None,
        }
    }

    /// The expression, unless every run would meet a fault in it.
    pub(super) fn without_fault(&mut self, value: hir::Expr) -> hir::Expr {
        if let Known::Fault(fault) = self.known(&value) {
            self.report(general::constant_fault(&fault.message, value.span));
            return error_expression(value.span);
        }
        value
    }

    /// Whether a message has been given for this.
    pub(super) fn is_error(value: &hir::Expr) -> bool {
        matches!(value.ty, Some(Type::Error)) || matches!(value.kind, ExprKind::Error)
    }
}

pub(super) fn literal(value: Value, ty: Type, span: Span) -> hir::Expr {
    hir::Expr { kind: ExprKind::Literal(value), ty: Some(ty), span }
}

pub(super) fn typed(kind: ExprKind, ty: Type, span: Span) -> hir::Expr {
    hir::Expr { kind, ty: Some(ty), span }
}

/// The type of an expression that has a value; `Error` for one that has none.
pub(super) fn type_of(expr: &hir::Expr) -> Type {
    expr.ty.clone().unwrap_or(Type::Error)
}
