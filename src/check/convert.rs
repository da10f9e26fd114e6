//! Conversions: makes a value of the type that its place needs, or says why it can't be one.

use super::context::{Checker, error_expression};
use super::fold::Known;
use super::messages;
use pipec_ir::value::Value;

use crate::diagnostics::Label;
use crate::hir::{Expr, ExprKind};
use crate::source::Span;
use crate::types::{Conversion, FloatInterval, IntInterval, Type, assign};

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

    /// Whether a value of a type may become one of another: always, or if it is constant and fits.
    pub(super) fn may_become(&self, from: &Type, to: &Type) -> bool {
        match assign(from, to, &self.program) {
            Conversion::Identity | Conversion::Widen | Conversion::Refine => true,
            Conversion::Impossible(_) => false,
        }
    }

    /// A constant of a wider type, as one of a narrower type if its value is one.
    fn refine_constant(&mut self, value: Expr, from: &Type, to: &Type, why: &Expectation) -> Expr {
        let span = value.span;
        match self.known(&value) {
            Known::Nothing => {
                if !has_error(&value) {
                    self.report(messages::not_narrow_enough(self, &value, from, to, why));
                }
                error_expression(span)
            }
            Known::Fault(fault) => {
                self.report(messages::constant_fault(&fault.message, span));
                error_expression(span)
            }
            Known::Value(constant) => match self.outside(&constant, to) {
                Some(part) => {
                    self.report(messages::outside_refinement(self, span, &part, to, why));
                    error_expression(span)
                }
                None => refine(value, constant, to),
            },
        }
    }

    /// The first part of a constant that doesn't fit a narrower type, as text, and the type that it doesn't fit.
    fn outside(&self, value: &Value, to: &Type) -> Option<(String, Type)> {
        let misfit = || Some((text(value), to.clone()));
        match (value, to) {
            (Value::Null, Type::Optional(_)) => None,
            (_, Type::Optional(of)) => self.outside(value, of),
            (_, Type::Distinct(id)) => self.outside(value, &self.program.distincts[id.index()].of),
            (Value::Int(number), Type::Int(interval)) if !interval.contains(*number) => misfit(),
            (Value::Int(number), Type::Float(interval)) if !holds(*interval, *number) => misfit(),
            (Value::Float(number), Type::Float(interval)) if !interval.contains(*number) => misfit(),
            (Value::String(string), Type::String(Some(pattern)))
                if !pipec_ir::pattern::matches_whole(pattern, string) =>
            {
                misfit()
            }
            (Value::List(items), Type::List(of)) => items.iter().find_map(|item| self.outside(item, of)),
            (Value::Map(entries), Type::Map(of)) => entries.values().find_map(|item| self.outside(item, of)),
            (Value::Record(fields), Type::Record(id)) => {
                let wanted = &self.program.records[id.index()].fields;
                wanted.iter().find_map(|field| {
                    let (_, value) = fields.iter().find(|(name, _)| *name == field.name)?;
                    self.outside(value, &field.ty)
                })
            }
            (Value::Record(fields), Type::Anonymous(wanted)) => wanted.iter().find_map(|field| {
                let (_, value) = fields.iter().find(|(name, _)| *name == field.name)?;
                self.outside(value, &field.ty)
            }),
            _ => None,
        }
    }
}

/// Whether an interval of floats holds an int, which has to be one that a double holds exactly.
fn holds(interval: FloatInterval, number: i64) -> bool {
    interval.includes(IntInterval { min: Some(number), max: Some(number) }.as_float())
}

/// A constant that was found to fit. A literal becomes one of the narrower type; what has more to it keeps its parts.
fn refine(value: Expr, constant: Value, to: &Type) -> Expr {
    let span = value.span;
    match (&constant, to.without_optional()) {
        (Value::Int(_), Type::Int(_))
        | (Value::Float(_), Type::Float(_))
        | (Value::String(_), Type::String(_)) => {
            Expr { kind: ExprKind::Literal(constant), ty: Some(to.clone()), span }
        }
        _ => Expr { kind: ExprKind::Widen(Box::new(value)), ty: Some(to.clone()), span },
    }
}

pub(super) fn widen(value: Expr, to: &Type) -> Expr {
    let span = value.span;
    Expr { kind: ExprKind::Widen(Box::new(value)), ty: Some(to.clone()), span }
}

/// Whether the expression itself has had its message.
fn has_error(value: &Expr) -> bool {
    matches!(value.kind, ExprKind::Error)
}

/// A constant in a message.
fn text(value: &Value) -> String {
    match value {
        Value::Int(number) => number.to_string(),
        Value::Float(number) => pipec_ir::number::float_text(*number),
        Value::String(string) => format!("{string:?}"),
        Value::Null
        | Value::Bool(_)
        | Value::Duration(_)
        | Value::Quantity(_)
        | Value::Variant { .. }
        | Value::Json(_)
        | Value::List(_)
        | Value::Record(_)
        | Value::Map(_)
        | Value::Secret { .. }
        | Value::Artifact(_) => "this value".to_owned(),
    }
}
