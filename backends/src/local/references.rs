//! Which earlier nodes a node needs: its edges are exactly its references and `after`.

use pipec_ir::{Expr, ExprKind, MapSource, Node, NodeKind, Region};

use super::bash::directory;

/// The directories of the nodes that have to end well first, each once, in order.
pub(super) fn needed(node: &Node) -> Vec<String> {
    let mut found: Vec<String> = node.after.iter().map(|id| directory(&id.0)).collect();
    let mut visit = |expr: &Expr| references(expr, &mut found);
    match &node.kind {
        NodeKind::Call(call) => call.arguments.iter().for_each(|argument| visit(&argument.value)),
        NodeKind::Let(expr) => visit(expr),
        NodeKind::Branch { condition, then, otherwise } => {
            visit(condition);
            region(then, &mut visit);
            if let Some(otherwise) = otherwise {
                region(otherwise, &mut visit);
            }
        }
        NodeKind::Match { subject, arms } => {
            visit(subject);
            arms.iter().for_each(|arm| region(&arm.body, &mut visit));
        }
        NodeKind::Map { source, body, limit: _ } => {
            match source {
                MapSource::List { list, index: _, item: _ } => visit(list),
                MapSource::Product(lists) | MapSource::Zip(lists) => {
                    lists.iter().for_each(|(_, list)| visit(list));
                }
            }
            region(body, &mut visit);
        }
        NodeKind::Repeat { first, body, state: _, limit: _, until: _ } => {
            visit(first);
            region(body, &mut visit);
        }
        NodeKind::Try { body } => region(body, &mut visit),
        NodeKind::Approve { message, timeout } => {
            visit(message);
            timeout.iter().for_each(visit);
        }
        NodeKind::Sleep { duration } => visit(duration),
    }
    let mut unique = Vec::with_capacity(found.len());
    for name in found {
        if !unique.contains(&name) {
            unique.push(name);
        }
    }
    unique
}

fn region(region: &Region, visit: &mut impl FnMut(&Expr)) {
    region.inputs.iter().for_each(|input| visit(&input.value));
}

fn references(expr: &Expr, found: &mut Vec<String>) {
    match &expr.kind {
        ExprKind::Output { node, output: _ } => found.push(directory(&node.0)),
        ExprKind::Const(_)
        | ExprKind::Artifact(_)
        | ExprKind::Secret { .. }
        | ExprKind::Input(_)
        | ExprKind::Run(_) => {}
        ExprKind::List(items)
        | ExprKind::Interpolate(items)
        | ExprKind::Call { args: items, function: _ } => {
            items.iter().for_each(|item| references(item, found));
        }
        ExprKind::Record(fields) | ExprKind::Map(fields) | ExprKind::Variant { fields, variant: _ } => {
            fields.iter().for_each(|(_, value)| references(value, found));
        }
        ExprKind::Field { of, field: _ }
        | ExprKind::OptionalField { of, field: _ }
        | ExprKind::Project { of, field: _ }
        | ExprKind::Widen(of)
        | ExprKind::Refine(of)
        | ExprKind::Narrow(of) => references(of, found),
        ExprKind::Index { of, index } => {
            references(of, found);
            references(index, found);
        }
        ExprKind::Unary { operand, op: _ } => references(operand, found),
        ExprKind::Binary { left, right, op: _ } => {
            references(left, found);
            references(right, found);
        }
        ExprKind::If { condition, then, otherwise } => {
            references(condition, found);
            references(then, found);
            references(otherwise, found);
        }
        ExprKind::Match { subject, arms } => {
            references(subject, found);
            arms.iter().for_each(|arm| references(&arm.value, found));
        }
    }
}
