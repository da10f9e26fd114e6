//! What each kind of node does when everything that it waits for is there.

use pipec_ir::eval::{bind, takes};
use pipec_ir::{Callee, Expr, Node, NodeArm, NodeKind, Region, Value};

use super::Scheduler;
use super::unit::{Activity, NodeRef, NodeState, Role, Shared};
use super::units::{ExpressionFault, NodeEnd};
use crate::observer::Event;

impl<'a> Scheduler<'a, '_> {
    pub(super) fn start_node(&mut self, at: NodeRef) {
        if self.is_stopped(at.unit) || self.is_blocked(at.unit) {
            self.end_node(at, NodeEnd::Stopped);
            return;
        }
        if let Err(fault) = self.try_start(at) {
            self.fail_with_fault(at, fault);
        }
    }

    fn try_start(&mut self, at: NodeRef) -> Result<(), ExpressionFault> {
        let node: &'a Node = &self.unit(at.unit).body.nodes[at.position];
        match &node.kind {
            NodeKind::Let(expr) => {
                let value = self.evaluate(at.unit, expr)?;
                self.end_node(at, NodeEnd::Value(Some(value)));
                Ok(())
            }
            NodeKind::Call(call) => match &call.callee {
                Callee::Task(id) => self.start_task(at, id, &call.arguments),
                Callee::Pipeline(id) => self.start_pipeline(at, id, &call.arguments),
            },
            NodeKind::Branch { condition, then, otherwise } => {
                self.start_branch(at, condition, then, otherwise.as_deref())
            }
            NodeKind::Match { subject, arms } => self.start_match(at, subject, arms),
            NodeKind::Map { source, limit, body } => self.start_map(at, source, *limit, body),
            NodeKind::Repeat { state, first, limit, body, until } => {
                self.start_repeat(at, state, first, *limit, body, until)
            }
            NodeKind::Try { body } => self.start_region(at, Role::Try(at), body, Vec::new()),
            NodeKind::Approve { message, timeout } => self.start_approve(at, message, timeout.as_deref()),
            NodeKind::Sleep { duration } => self.start_sleep(at, duration),
        }
    }

    fn start_branch(
        &mut self,
        at: NodeRef,
        condition: &'a Expr,
        then: &'a Region,
        otherwise: Option<&'a Region>,
    ) -> Result<(), ExpressionFault> {
        let is_true = *self.evaluate(at.unit, condition)? == Value::Bool(true);
        let taken = if is_true { Some(then) } else { otherwise };
        match taken {
            Some(region) => self.start_region(at, Role::Body(at), region, Vec::new()),
            None => {
                let path = self.path(at);
                self.observer.event(&Event::Skipped { step: &path });
                let value = then.body.value.as_ref().map(|_| Shared::new(Value::Null));
                self.end_node(at, NodeEnd::Value(value));
                Ok(())
            }
        }
    }

    fn start_match(
        &mut self,
        at: NodeRef,
        subject: &'a Expr,
        arms: &'a [NodeArm],
    ) -> Result<(), ExpressionFault> {
        let value = self.evaluate(at.unit, subject)?;
        let arm = arms.iter().find(|arm| takes(arm.variant.as_deref(), &value));
        let arm = arm.ok_or_else(|| ExpressionFault {
            message: "match: there is no arm for the value".to_owned(),
            span: subject.span,
        })?;
        let bound = bind(&arm.bindings, &value);
        let bound = bound.into_iter().map(|(name, value)| (name, Shared::new(value))).collect();
        self.start_region(at, Role::Body(at), &arm.body, bound)
    }

    pub(super) fn start_region(
        &mut self,
        at: NodeRef,
        role: Role,
        region: &'a Region,
        own_inputs: Vec<(&'a str, Shared)>,
    ) -> Result<(), ExpressionFault> {
        let inputs = self.region_inputs(at.unit, region)?;
        let path = self.path(at);
        self.set_activity(at, Activity::Running);
        self.open_unit(role, &region.body, inputs, own_inputs, path);
        Ok(())
    }

    pub(super) fn set_activity(&mut self, at: NodeRef, activity: Activity<'a>) {
        self.unit_mut(at.unit).nodes[at.position] = NodeState::Active(activity);
    }

    /// `fits[3]/fit`.
    pub(super) fn path(&self, at: NodeRef) -> String {
        let unit = self.unit(at.unit);
        unit.path_of(&unit.body.nodes[at.position].id.0)
    }
}
