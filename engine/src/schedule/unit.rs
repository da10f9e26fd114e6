//! Units: bodies that have started. Each has its own values of its nodes, and a place in the unit that it is part of.

use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use jiff::Timestamp;
use pipec_ir::{Body, Expr, Hook, HookEvent, NodeId, Pipeline, Region, Value};

use super::plan::BodyPlan;
use crate::report::{Failure, RunStatus};

/// Never used twice in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct UnitId(pub(super) u64);

/// A node of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct NodeRef {
    pub(super) unit: UnitId,
    pub(super) position: usize,
}

/// Values are shared, not copied: a list of 10,000 items is an input of 10,000 units.
pub(super) type Shared = Arc<Value>;
pub(super) type Inputs<'a> = Rc<Vec<(&'a str, Shared)>>;

/// What a unit is to the one that it is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The entry pipeline.
    Run,
    /// A pipeline that a node calls.
    Call(NodeRef),
    /// The branch, the arm or the round of a node.
    Body(NodeRef),
    Try(NodeRef),
    Item(NodeRef, usize),
    /// A hook of the pipeline's unit.
    Hook(UnitId),
}

impl Role {
    pub(super) fn parent(self) -> Option<UnitId> {
        match self {
            Role::Run => None,
            Role::Call(node) | Role::Body(node) | Role::Try(node) | Role::Item(node, _) => Some(node.unit),
            Role::Hook(unit) => Some(unit),
        }
    }
}

#[derive(Debug)]
pub(super) struct Unit<'a> {
    pub(super) role: Role,
    /// `fits[3]`; empty for the run.
    pub(super) path: Rc<str>,
    pub(super) body: &'a Body,
    pub(super) plan: Rc<BodyPlan<'a>>,
    /// What the region takes in, shared by all items of a loop.
    pub(super) inputs: Inputs<'a>,
    /// The item, the state, what a match binds.
    pub(super) own_inputs: Vec<(&'a str, Shared)>,
    pub(super) nodes: Vec<NodeState<'a>>,
    /// Nodes that have started, or may start now, and haven't ended.
    pub(super) active: usize,
    /// Something inside failed that no `try` inside caught.
    pub(super) has_failed: bool,
    pub(super) failures: Vec<Failure>,
    /// The hook that this unit is, or is inside of.
    pub(super) hook: Option<HookEvent>,
    /// In hooks: how the pipeline's call ended.
    pub(super) ending: Option<Rc<Ending>>,
    /// Of a pipeline's unit.
    pub(super) call: Option<PipelineCall<'a>>,
}

/// What a pipeline's unit has beside its body.
#[derive(Debug)]
pub(super) struct PipelineCall<'a> {
    pub(super) pipeline: &'a Pipeline,
    pub(super) started: Timestamp,
    /// Set when the body has ended.
    pub(super) outcome: Option<Outcome>,
    pub(super) hooks: VecDeque<(&'a Hook, String)>,
}

/// How a call of a pipeline ended, for its hooks.
#[derive(Debug)]
pub(super) struct Ending {
    pub(super) status: RunStatus,
    pub(super) started: Timestamp,
    pub(super) duration_ms: u64,
    pub(super) failures: Vec<Failure>,
}

/// How a unit ended.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// With its value, if it has one.
    Value(Option<Shared>),
    /// Something inside failed.
    Failed,
    /// It was not let go on: the run was cancelled, or something outside failed.
    Stopped,
}

#[derive(Debug)]
pub(super) enum NodeState<'a> {
    /// For this many other nodes.
    Waiting(usize),
    Active(Activity<'a>),
    Ended(Option<Shared>),
    Failed,
    /// It didn't start, or wasn't let go on.
    Stopped,
}

#[derive(Debug)]
pub(super) enum Activity<'a> {
    /// In one of the scheduler's queues.
    Queued,
    /// A step, a wait, or one unit.
    Running,
    Map(MapState<'a>),
    Repeat(RepeatState<'a>),
}

#[derive(Debug)]
pub(super) struct MapState<'a> {
    pub(super) region: &'a Region,
    pub(super) inputs: Inputs<'a>,
    pub(super) rows: Rows<'a>,
    pub(super) limit: usize,
    /// The next item to start.
    pub(super) next: usize,
    pub(super) running: usize,
    /// By item; set when it has ended well.
    pub(super) values: Vec<Option<Shared>>,
    pub(super) has_failed: bool,
}

/// What a loop walks.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    /// The variable that counts, of `for i, x in xs`.
    pub(super) index: Option<&'a str>,
    pub(super) lists: Vec<(&'a str, Vec<Shared>)>,
    /// Every combination of the lists, the last varying fastest; else one item of each.
    pub(super) is_product: bool,
    pub(super) count: usize,
}

impl<'a> Rows<'a> {
    /// The loop's variables for one item.
    pub(super) fn row(&self, item: usize) -> Vec<(&'a str, Shared)> {
        let mut rest = item;
        let mut row: Vec<(&'a str, Shared)> = Vec::with_capacity(self.lists.len() + 1);
        for (name, list) in self.lists.iter().rev() {
            let position = if self.is_product { rest % list.len().max(1) } else { item };
            rest /= list.len().max(1);
            if let Some(value) = list.get(position) {
                row.push((name, value.clone()));
            }
        }
        if let Some(index) = self.index {
            row.push((index, Arc::new(Value::Int(i64::try_from(item).unwrap_or(i64::MAX)))));
        }
        row.reverse();
        row
    }
}

#[derive(Debug)]
pub(super) struct RepeatState<'a> {
    pub(super) state: &'a str,
    pub(super) region: &'a Region,
    pub(super) until: &'a Expr,
    pub(super) limit: u32,
    pub(super) inputs: Inputs<'a>,
    /// Rounds that have started.
    pub(super) rounds: u32,
}

impl Unit<'_> {
    pub(super) fn input(&self, name: &str) -> Option<&Shared> {
        let own = self.own_inputs.iter().find(|(input, _)| *input == name);
        own.or_else(|| self.inputs.iter().find(|(input, _)| *input == name)).map(|(_, value)| value)
    }

    pub(super) fn value(&self, node: &NodeId) -> Option<&Shared> {
        match self.nodes.get(self.plan.position(node)?)? {
            NodeState::Ended(value) => value.as_ref(),
            NodeState::Waiting(_) | NodeState::Active(_) | NodeState::Failed | NodeState::Stopped => None,
        }
    }

    /// `fits[3]/fit`.
    pub(super) fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}/{name}", self.path) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_every_combination_the_last_list_varies_fastest() {
        let list = |values: &[i64]| values.iter().map(|value| Arc::new(Value::Int(*value))).collect();
        let rows = Rows {
            index: None,
            lists: vec![("a", list(&[1, 2])), ("b", list(&[5, 6, 7]))],
            is_product: true,
            count: 6,
        };
        let pairs: Vec<String> = (0..rows.count)
            .map(|item| rows.row(item).iter().map(|(name, value)| format!("{name}{value:?} ")).collect())
            .collect();
        assert_eq!(
            pairs.concat().replace("Int(", "").replace(')', ""),
            "a1 b5 a1 b6 a1 b7 a2 b5 a2 b6 a2 b7 "
        );
    }
}
