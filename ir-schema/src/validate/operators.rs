//! The types of binary operators. Operands may have intervals and patterns; results have none.

use super::Validator;
use super::place::Place;
use crate::expr::{BinaryOp, Expr, ExprKind};
use crate::types::Type;

impl Validator<'_> {
    pub(super) fn binary(&mut self, op: BinaryOp, left: &Expr, right: &Expr, expr: &Expr, place: &Place<'_>) {
        let result = self.result(op, left, right);
        match result {
            Some(ty) => {
                self.same(&expr.ty, &ty, expr, place);
            }
            None => {
                let message = format!("`{}` doesn't take {} and {}", op.symbol(), left.ty, right.ty);
                self.report(place, expr.span, message);
            }
        }
    }

    /// The type of the result; `None` where the operator doesn't take these operands.
    fn result(&self, op: BinaryOp, left: &Expr, right: &Expr) -> Option<Type> {
        let (left_base, right_base) = (left.ty.without_refinements(), right.ty.without_refinements());
        let same = left_base == right_base;
        match op {
            BinaryOp::And | BinaryOp::Or => (same && left_base == Type::Bool).then_some(Type::Bool),
            BinaryOp::Coalesce => {
                let is_optional = matches!(left.ty, Type::Optional { .. });
                let fits = is_optional && left.ty.without_optional() == right.ty.without_optional();
                fits.then(|| right.ty.clone())
            }
            BinaryOp::Equal | BinaryOp::NotEqual => {
                let is_with_null = is_null(left) || is_null(right);
                (same && (is_with_null || self.is_value(&left.ty))).then_some(Type::Bool)
            }
            BinaryOp::Less | BinaryOp::LessOrEqual | BinaryOp::Greater | BinaryOp::GreaterOrEqual => {
                (same && has_order(&left_base)).then_some(Type::Bool)
            }
            BinaryOp::Add | BinaryOp::Subtract => {
                let fits = same && (is_number(&left_base) || left_base == Type::Duration);
                fits.then_some(left_base)
            }
            BinaryOp::Multiply => match (&left_base, &right_base) {
                (Type::Duration, Type::Int { .. }) | (Type::Int { .. }, Type::Duration) => {
                    Some(Type::Duration)
                }
                _ => (same && is_number(&left_base)).then_some(left_base),
            },
            BinaryOp::Divide => (same && left_base == Type::FLOAT).then_some(Type::FLOAT),
            BinaryOp::Div | BinaryOp::Mod => (same && left_base == Type::INT).then_some(Type::INT),
        }
    }
}

fn is_null(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Const(serde_json::Value::Null))
}

fn is_number(base: &Type) -> bool {
    *base == Type::INT || *base == Type::FLOAT
}

/// Numbers, strings and durations.
pub(super) fn has_order(base: &Type) -> bool {
    is_number(base) || *base == Type::STRING || *base == Type::Duration
}

/// Numbers and durations.
pub(super) fn can_be_summed(base: &Type) -> bool {
    is_number(base) || *base == Type::Duration
}
