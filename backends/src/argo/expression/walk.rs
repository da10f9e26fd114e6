//! Walks over expressions.

use pipec_ir::{Expr, ExprKind, NodeId};

/// The expressions directly inside another.
pub(crate) fn children(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Const(_)
        | ExprKind::Artifact(_)
        | ExprKind::Secret { .. }
        | ExprKind::Input(_)
        | ExprKind::Output { .. }
        | ExprKind::Run(_) => Vec::new(),
        ExprKind::List(items) | ExprKind::Interpolate(items) => items.iter().collect(),
        ExprKind::Record(fields) | ExprKind::Map(fields) | ExprKind::Variant { fields, .. } => {
            fields.iter().map(|(_, field)| field).collect()
        }
        ExprKind::Field { of, .. } | ExprKind::OptionalField { of, .. } | ExprKind::Project { of, .. } => {
            vec![of]
        }
        ExprKind::Index { of, index } => vec![of, index],
        ExprKind::Unary { operand, .. } => vec![operand],
        ExprKind::Binary { left, right, .. } => vec![left, right],
        ExprKind::If { condition, then, otherwise } => vec![condition, then, otherwise],
        ExprKind::Match { subject, arms } => {
            std::iter::once(&**subject).chain(arms.iter().map(|arm| &arm.value)).collect()
        }
        ExprKind::Call { args, .. } => args.iter().collect(),
        ExprKind::Widen(inner) | ExprKind::Refine(inner) | ExprKind::Narrow(inner) => vec![inner],
    }
}

/// Every expression in a tree, the outermost first.
pub(crate) fn for_each<'e>(expr: &'e Expr, visit: &mut impl FnMut(&'e Expr)) {
    visit(expr);
    for child in children(expr) {
        for_each(child, visit);
    }
}

/// The nodes that an expression refers to, each once, in order.
pub(crate) fn referred_nodes(expr: &Expr) -> Vec<&NodeId> {
    let mut found: Vec<&NodeId> = Vec::new();
    for_each(expr, &mut |part| {
        if let ExprKind::Output { node, .. } = &part.kind
            && !found.contains(&node)
        {
            found.push(node);
        }
    });
    found
}
