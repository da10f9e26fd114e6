//! A choice that chooses nothing.

use crate::diagnostics::{Diagnostic, codes};
use crate::hir::{Block, Expr, ExprKind as K};

pub(super) fn look(expr: &Expr, found: &mut Vec<Diagnostic>) {
    if let K::If(unit) = &expr.kind {
        let otherwise = unit.otherwise.as_ref().and_then(value);
        if let (Some(first), Some(second)) = (value(&unit.then), otherwise)
            && is_same(first, second)
        {
            found.push(same_branches("this `if`", expr, &[first, second]));
        }
    } else if let K::Match(unit) = &expr.kind {
        let values: Option<Vec<&Expr>> = unit.arms.iter().map(|arm| value(&arm.body)).collect();
        if let Some(values) = values
            && values.len() > 1
            && values.iter().all(|other| is_same(values[0], other))
        {
            found.push(same_branches("this `match`", expr, &values));
        }
    }
}

fn same_branches(what: &str, expr: &Expr, values: &[&Expr]) -> Diagnostic {
    let message = format!("{what} gives the same whatever is chosen");
    let mut diagnostic = Diagnostic::warning(codes::SAME_BRANCHES, message, expr.span, "chooses nothing");
    for value in values {
        diagnostic = diagnostic.with_label(value.span, "the same");
    }
    diagnostic.with_help("change one of them, or write the value alone")
}

/// What a block gives that does nothing else.
fn value(block: &Block) -> Option<&Expr> {
    block.value.as_ref().filter(|_| block.statements.is_empty())
}

/// Whether two expressions that run nothing are the same, as far as that is seen at once.
fn is_same(left: &Expr, right: &Expr) -> bool {
    match (&left.kind, &right.kind) {
        (K::Literal(left), K::Literal(right)) => left == right,
        (K::Constant(left), K::Constant(right)) => left == right,
        (K::Local(left), K::Local(right)) => left == right,
        (K::Widen(left), K::Widen(right)) | (K::Narrow(left), K::Narrow(right)) => is_same(left, right),
        (K::Field { of: left, field: a }, K::Field { of: right, field: b }) => a == b && is_same(left, right),
        _ => false,
    }
}
