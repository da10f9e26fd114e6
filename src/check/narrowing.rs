//! What a condition says about `null`: inside `if x != null`, `x` is there. Facts are about names and field paths, and
//! hold for good, because nothing is ever changed.

use pipec_ir::value::Value;
use pipec_ir::{BinaryOp, UnaryOp};

use crate::hir::{Expr, ExprKind, LocalId};

/// `sample`, `sample.reads`, `sample.origin.place`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    local: LocalId,
    fields: Vec<String>,
}

/// Paths that aren't `null` where a condition holds, and where it doesn't.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) if_true: Vec<Path>,
    pub(super) if_false: Vec<Path>,
}

impl Path {
    /// The path that an expression is, if it is one.
    pub(super) fn of(expr: &Expr) -> Option<Path> {
        if let ExprKind::Local(local) = &expr.kind {
            return Some(Path { local: *local, fields: Vec::new() });
        }
        if let ExprKind::Narrow(of) | ExprKind::Widen(of) = &expr.kind {
            return Path::of(of);
        }
        if let ExprKind::Field { of, field } | ExprKind::OptionalField { of, field } = &expr.kind {
            let mut path = Path::of(of)?;
            path.fields.push(field.clone());
            return Some(path);
        }
        None
    }

    /// All paths that aren't `null` where `expr` isn't: `a?.b` also says that of `a`.
    pub(super) fn all_of(expr: &Expr) -> Vec<Path> {
        let mut paths: Vec<Path> = Path::of(expr).into_iter().collect();
        let mut at = expr;
        loop {
            if let ExprKind::OptionalField { of, .. } = &at.kind {
                paths.extend(Path::of(of));
                at = of;
            } else if let ExprKind::Field { of, .. } | ExprKind::Narrow(of) | ExprKind::Widen(of) = &at.kind {
                at = of;
            } else {
                return paths;
            }
        }
    }
}

impl Facts {
    /// What a condition says.
    pub(super) fn of(condition: &Expr) -> Facts {
        if let ExprKind::Unary { op: UnaryOp::Not, operand } = &condition.kind {
            let Facts { if_true, if_false } = Facts::of(operand);
            return Facts { if_true: if_false, if_false: if_true };
        }
        let ExprKind::Binary { op, left, right } = &condition.kind else { return Facts::default() };
        match op {
            BinaryOp::And => {
                let mut if_true = Facts::of(left).if_true;
                if_true.extend(Facts::of(right).if_true);
                Facts { if_true, if_false: Vec::new() }
            }
            BinaryOp::Or => {
                let mut if_false = Facts::of(left).if_false;
                if_false.extend(Facts::of(right).if_false);
                Facts { if_true: Vec::new(), if_false }
            }
            BinaryOp::NotEqual => Facts { if_true: compared_with_null(left, right), if_false: Vec::new() },
            BinaryOp::Equal => Facts { if_true: Vec::new(), if_false: compared_with_null(left, right) },
            BinaryOp::Coalesce
            | BinaryOp::Less
            | BinaryOp::LessOrEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterOrEqual
            | BinaryOp::Add
            | BinaryOp::Subtract
            | BinaryOp::Multiply
            | BinaryOp::Divide
            | BinaryOp::Div
            | BinaryOp::Mod => Facts::default(),
        }
    }
}

fn compared_with_null(left: &Expr, right: &Expr) -> Vec<Path> {
    if is_null(right) {
        Path::all_of(left)
    } else if is_null(left) {
        Path::all_of(right)
    } else {
        Vec::new()
    }
}

/// Whether it is the literal `null`, perhaps of some `T?`.
pub(super) fn is_null(expr: &Expr) -> bool {
    if let ExprKind::Widen(of) = &expr.kind {
        return is_null(of);
    }
    matches!(expr.kind, ExprKind::Literal(Value::Null))
}
