//! Which earlier nodes a node needs: its edges are exactly its references and `after`.

use foldhash::HashSet;
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
            match &**source {
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
            timeout.iter().for_each(|timeout| visit(timeout));
        }
        NodeKind::Sleep { duration } => visit(duration),
    }
    let mut seen = HashSet::default();
    found.retain(|name| seen.insert(name.clone()));
    found
}

fn region(region: &Region, visit: &mut impl FnMut(&Expr)) {
    region.inputs.iter().for_each(|input| visit(&input.value));
}

fn references(expr: &Expr, found: &mut Vec<String>) {
    expr.visit(&mut |part| {
        if let ExprKind::Output { node, .. } = &part.kind {
            found.push(directory(&node.0));
        }
    });
}
