//! Values of constant expressions, by the evaluator that all targets are measured by.

use pipec_ir::value::Value;

use super::constants::Node;
use super::context::{Checker, error_expression};
use super::messages;
use crate::hir::{ConstantId, Expr, ExprKind};
use crate::lower;
use crate::types::Type;

/// What is known of an expression before the run.
pub(crate) enum Known {
    Value(Value),
    /// Every run would meet this fault.
    Fault(pipec_ir::Fault),
    /// It depends on a run, or holds a mistake that has had its message.
    Nothing,
}

impl Checker<'_> {
    /// The value of an expression, if it depends on constants only. Artifacts and secrets have no value here.
    pub(crate) fn known(&self, expr: &Expr) -> Known {
        if let ExprKind::Literal(value) = &expr.kind {
            return Known::Value(value.clone());
        }
        if !self.is_constant(expr) || !self.is_plain(expr) {
            return Known::Nothing;
        }
        let names = lower::Names::by_index(&self.program);
        let mut types = lower::Types::new(&self.program, names);
        match lower::evaluate(expr, &mut types) {
            Ok(value) => Known::Value(value),
            Err(fault) => Known::Fault(fault),
        }
    }

    /// A constant with its value computed, where it has one; a fault is reported.
    pub(crate) fn folded(&mut self, expr: Expr) -> Expr {
        if is_written_out(&expr) {
            return expr;
        }
        match self.known(&expr) {
            Known::Value(value) => {
                if !fits(&value, &mut { pipec_ir::MAX_VALUE_BYTES }) {
                    self.report(messages::constant_too_large(expr.span));
                    return error_expression(expr.span);
                }
                Expr { kind: ExprKind::Literal(value), ..expr }
            }
            Known::Fault(fault) => {
                self.report(messages::constant_fault(&fault.message, expr.span));
                error_expression(expr.span)
            }
            Known::Nothing => expr,
        }
    }

    /// What is written out, unless it is known to be larger than a value may be. What is written in a few bytes isn't.
    pub(crate) fn small_enough(&mut self, expr: Expr) -> Expr {
        let written = (expr.span.end - expr.span.start) as usize;
        if written <= pipec_ir::MAX_VALUE_BYTES {
            return expr;
        }
        match self.known(&expr) {
            Known::Value(value) if !fits(&value, &mut { pipec_ir::MAX_VALUE_BYTES }) => {
                self.report(messages::constant_too_large(expr.span));
                error_expression(expr.span)
            }
            Known::Value(_) | Known::Fault(_) | Known::Nothing => expr,
        }
    }

    /// Whether an expression depends on constants only, and holds no mistakes.
    pub(crate) fn is_constant(&self, expr: &Expr) -> bool {
        self.all(expr, &|expr| {
            !matches!(
                expr.kind,
                ExprKind::Error
                    | ExprKind::Local(_)
                    | ExprKind::Run(_)
                    | ExprKind::Call(_)
                    | ExprKind::For(_)
                    | ExprKind::Repeat(_)
                    | ExprKind::Try { .. }
                    | ExprKind::Approve { .. }
                    | ExprKind::Sleep { .. }
                    | ExprKind::If(_)
                    | ExprKind::Match(_)
            ) && expr.ty.as_ref().is_some_and(|ty| self.is_complete(ty))
        })
    }

    /// Whether no mistake is in an expression.
    pub(super) fn is_sound(&self, expr: &Expr) -> bool {
        self.all(expr, &|expr| !matches!(expr.kind, ExprKind::Error))
    }

    /// Whether there are no artifacts and no secrets in a constant expression.
    fn is_plain(&self, expr: &Expr) -> bool {
        self.all(expr, &|expr| !matches!(expr.kind, ExprKind::Artifact(_) | ExprKind::Secret { .. }))
    }

    /// Whether something is so for an expression and all its operands, with those behind names of constants.
    fn all(&self, expr: &Expr, test: &dyn Fn(&Expr) -> bool) -> bool {
        if !test(expr) {
            return false;
        }
        let each = |exprs: &[Expr]| exprs.iter().all(|expr| self.all(expr, test));
        let named = |exprs: &[(String, Expr)]| exprs.iter().all(|(_, expr)| self.all(expr, test));
        match &expr.kind {
            ExprKind::Constant(id) => self.all(self.constant_value(*id), test),
            ExprKind::List(items) | ExprKind::Interpolate(items) => each(items),
            ExprKind::Record(fields) | ExprKind::Map(fields) => named(fields),
            ExprKind::Variant { fields, .. } => each(fields),
            ExprKind::Function { arguments, .. } => each(arguments),
            ExprKind::Field { of, .. }
            | ExprKind::OptionalField { of, .. }
            | ExprKind::Project { of, .. }
            | ExprKind::Widen(of)
            | ExprKind::Refine(of)
            | ExprKind::Narrow(of) => self.all(of, test),
            ExprKind::Unary { operand, .. } => self.all(operand, test),
            ExprKind::Index { of, index } => self.all(of, test) && self.all(index, test),
            ExprKind::Binary { left, right, .. } => self.all(left, test) && self.all(right, test),
            ExprKind::Error
            | ExprKind::Literal(_)
            | ExprKind::Artifact(_)
            | ExprKind::Secret { .. }
            | ExprKind::Local(_)
            | ExprKind::Run(_) => true,
            // These are no constants, whatever is in them.
            ExprKind::If(_)
            | ExprKind::Match(_)
            | ExprKind::Call(_)
            | ExprKind::For(_)
            | ExprKind::Repeat(_)
            | ExprKind::Try { .. }
            | ExprKind::Approve { .. }
            | ExprKind::Sleep { .. } => true,
        }
    }

    fn constant_value(&self, id: ConstantId) -> &Expr {
        &self.program.constant(id).value
    }

    /// Whether a type is one that the evaluator knows, with all that it is made of.
    pub(super) fn is_complete(&self, ty: &Type) -> bool {
        match ty {
            Type::Error | Type::Null | Type::Parameter(_) => false,
            Type::List(of) | Type::Map(of) | Type::Optional(of) | Type::Table { row: of, .. } => {
                self.is_complete(of)
            }
            Type::Anonymous(fields) => fields.iter().all(|field| self.is_complete(&field.ty)),
            Type::Record(id) => !self.incomplete.contains(&Node::Record(*id)),
            Type::Enum(id) => !self.incomplete.contains(&Node::Enum(*id)),
            Type::Distinct(id) => self.is_complete(&self.program.distincts[id.index()].of),
            Type::Bool
            | Type::Int(_)
            | Type::Float(_)
            | Type::String(_)
            | Type::Duration
            | Type::Quantity
            | Type::Json
            | Type::Secret
            | Type::File(_)
            | Type::Dir(_)
            | Type::Timestamp
            | Type::Date
            | Type::Decimal => true,
        }
    }
}

/// Whether a value's JSON has at most `left` bytes, or about so many: constants that are made of each other would grow
/// without end otherwise.
fn fits(value: &Value, left: &mut usize) -> bool {
    let own = match value {
        Value::String(text) | Value::Quantity(text) => text.len() + 2,
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Duration(_)
        | Value::Variant { .. }
        | Value::Json(_)
        | Value::List(_)
        | Value::Record(_)
        | Value::Map(_)
        | Value::Secret { .. }
        | Value::Artifact(_) => 1,
    };
    if own > *left {
        return false;
    }
    *left -= own;
    match value {
        Value::List(items) => items.iter().all(|item| fits(item, left)),
        Value::Record(fields) | Value::Variant { fields, .. } => {
            fields.iter().all(|(_, value)| fits(value, left))
        }
        Value::Map(entries) => entries.values().all(|value| fits(value, left)),
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::String(_)
        | Value::Duration(_)
        | Value::Quantity(_)
        | Value::Json(_)
        | Value::Secret { .. }
        | Value::Artifact(_) => true,
    }
}

/// What folding would only copy.
fn is_written_out(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Literal(_)
            | ExprKind::Error
            | ExprKind::Artifact(_)
            | ExprKind::Secret { .. }
            | ExprKind::Local(_)
            | ExprKind::Run(_)
    )
}
