//! Walks over expressions.

use foldhash::fast::RandomState;
use indexmap::IndexSet;
use pipec_ir::{Expr, ExprKind, NodeId};

use crate::Refusal;

/// Hands every part of an expression to `change`, the outermost first; gives what it refuses first.
pub(crate) fn try_visit_mut(
    expr: &mut Expr,
    mut change: impl FnMut(&mut Expr) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut refused = Ok(());
    expr.visit_mut(&mut |part| {
        if refused.is_ok() {
            refused = change(part);
        }
    });
    refused
}

/// The nodes that an expression refers to, each once, in order.
pub(crate) fn referred_nodes(expr: &Expr) -> IndexSet<&NodeId, RandomState> {
    let mut found = IndexSet::default();
    expr.visit(&mut |part| {
        if let ExprKind::Output { node, .. } = &part.kind {
            found.insert(node);
        }
    });
    found
}
