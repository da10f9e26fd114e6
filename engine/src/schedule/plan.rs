//! What each node of a body waits for: the earlier nodes that it, or the regions that it owns, refer to, and `after`.

use std::collections::HashMap;
use std::rc::Rc;

use pipec_ir::{Body, ExprKind, Node, NodeId};

/// The order of one body.
#[derive(Debug)]
pub(super) struct BodyPlan<'a> {
    positions: HashMap<&'a NodeId, usize>,
    /// By node: how many others it waits for.
    pub(super) waits_for: Vec<usize>,
    /// By node: which others wait for it, in order.
    pub(super) waited_for_by: Vec<Vec<usize>>,
}

impl<'a> BodyPlan<'a> {
    fn of(body: &'a Body) -> BodyPlan<'a> {
        let positions: HashMap<&NodeId, usize> =
            body.nodes.iter().enumerate().map(|(position, node)| (&node.id, position)).collect();
        let mut waits_for = Vec::with_capacity(body.nodes.len());
        let mut waited_for_by = vec![Vec::new(); body.nodes.len()];
        for (position, node) in body.nodes.iter().enumerate() {
            let mut needed: Vec<usize> = references(node)
                .into_iter()
                .filter_map(|id| positions.get(id).copied())
                .filter(|needed| *needed < position)
                .collect();
            needed.sort_unstable();
            needed.dedup();
            waits_for.push(needed.len());
            for needed in needed {
                waited_for_by[needed].push(position);
            }
        }
        BodyPlan { positions, waits_for, waited_for_by }
    }

    pub(super) fn position(&self, id: &NodeId) -> Option<usize> {
        self.positions.get(id).copied()
    }
}

fn references(node: &Node) -> Vec<&NodeId> {
    let mut found: Vec<&NodeId> = node.after.iter().collect();
    let region_inputs =
        node.regions().into_iter().flat_map(|region| &region.inputs).map(|input| &input.value);
    for expr in node.expressions().into_iter().chain(region_inputs) {
        expr.visit(&mut |expr| {
            if let ExprKind::Output { node, .. } = &expr.kind {
                found.push(node);
            }
        });
    }
    found
}

/// The plans of all bodies that a run got to; each is made once.
#[derive(Debug, Default)]
pub(super) struct Plans<'a> {
    plans: HashMap<*const Body, Rc<BodyPlan<'a>>>,
}

impl<'a> Plans<'a> {
    pub(super) fn get(&mut self, body: &'a Body) -> Rc<BodyPlan<'a>> {
        self.plans.entry(std::ptr::from_ref(body)).or_insert_with(|| Rc::new(BodyPlan::of(body))).clone()
    }
}
