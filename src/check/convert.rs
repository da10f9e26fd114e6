//! Conversions: makes a value of the type that its place needs, or says why it can't be one.

use super::context::{Checker, error_expression};
use super::messages;
use crate::diagnostics::Label;
use crate::hir::{Expr, ExprKind};
use crate::source::Span;
use crate::types::{Conversion, Type, assign};

/// Why a place needs a type: the other end of the wiring, for messages.
#[derive(Clone, Debug)]
pub(crate) struct Expectation {
    /// What the place is: ``the argument `rows` of `fit` ``, ``the field `depth` ``, `the condition`.
    pub what: String,
    /// Where the place's type is declared, and what to say there.
    pub declared: Option<Label>,
    /// Where the value comes from, if that isn't the expression itself, and what to say there.
    pub source: Option<Label>,
}

impl Expectation {
    pub(crate) fn new(what: impl Into<String>) -> Expectation {
        Expectation { what: what.into(), declared: None, source: None }
    }

    pub(crate) fn declared_at(mut self, span: Span, text: impl Into<String>) -> Expectation {
        self.declared = Some(Label { span, text: text.into() });
        self
    }

    pub(crate) fn coming_from(mut self, span: Span, text: impl Into<String>) -> Expectation {
        self.source = Some(Label { span, text: text.into() });
        self
    }
}

impl Checker<'_> {
    /// The value as one of type `to`: as it is, widened, or a constant that fits a narrower type. Anything else is a
    /// finding, and the result an error node.
    pub(crate) fn convert(&mut self, value: Expr, to: &Type, why: &Expectation) -> Expr {
        let Some(from) = value.ty.clone() else {
            if !matches!(value.kind, ExprKind::Error) {
                self.report(messages::no_value(value.span, why, &self.show(to)));
            }
            return error_expression(value.span);
        };
        if matches!(from, Type::Error) || matches!(to, Type::Error) {
            return Expr { ty: Some(to.clone()), ..value };
        }
        match assign(&from, to, &self.program) {
            Conversion::Identity => Expr { ty: Some(to.clone()), ..value },
            Conversion::Widen => widen(value, to),
            Conversion::Refine => self.refine_constant(value, &from, to, why),
            Conversion::Impossible(mismatch) => {
                let span = value.span;
                self.report(messages::mismatch(self, &value, &from, to, why, &mismatch));
                error_expression(span)
            }
        }
    }

    fn refine_constant(&mut self, value: Expr, from: &Type, to: &Type, why: &Expectation) -> Expr {
        let span = value.span;
        self.report(messages::not_narrow_enough(self, &value, from, to, why));
        error_expression(span)
    }
}

fn widen(value: Expr, to: &Type) -> Expr {
    let span = value.span;
    Expr { kind: ExprKind::Widen(Box::new(value)), ty: Some(to.clone()), span }
}
