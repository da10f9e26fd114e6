//! How units begin and end, and what their end means to the units that they are part of.

use std::rc::Rc;
use std::sync::Arc;

use pipec_ir::{Body, Expr, ExprKind, Region, Span, Value};

use super::limits::check_expression;
use super::scope::UnitScope;
use super::unit::{Activity, Inputs, NodeRef, NodeState, Outcome, Role, Shared, Unit, UnitId};
use super::{Scheduler, Work};
use crate::observer::Event;
use crate::places::place;
use crate::report::Failure;

/// What an expression did instead of giving a value.
#[derive(Debug)]
pub(super) struct ExpressionFault {
    pub(super) message: String,
    pub(super) span: Option<Span>,
}

/// How a node ended.
#[derive(Debug)]
pub(super) enum NodeEnd {
    Value(Option<Shared>),
    Failed,
    Stopped,
}

impl<'a> Scheduler<'a, '_> {
    /// Starts a body as a unit; its first nodes are queued.
    pub(super) fn open_unit(
        &mut self,
        role: Role,
        body: &'a Body,
        inputs: Inputs<'a>,
        own_inputs: Vec<(&'a str, Shared)>,
        path: String,
    ) -> UnitId {
        let id = UnitId(self.new_id());
        let plan = self.plans.get(body);
        let around = role.parent().map(|parent| self.unit(parent));
        let hook = around.and_then(|unit| unit.hook);
        let ending = around.and_then(|unit| unit.ending.clone());
        let mut nodes = Vec::with_capacity(body.nodes.len());
        let mut active = 0;
        for (position, waits_for) in plan.waits_for.iter().enumerate() {
            if *waits_for > 0 {
                nodes.push(NodeState::Waiting(*waits_for));
                continue;
            }
            nodes.push(NodeState::Active(Activity::Queued));
            active += 1;
            self.work.push_back(Work::Start(NodeRef { unit: id, position }));
        }
        if active == 0 {
            self.work.push_back(Work::Settle(id));
        }
        let unit = Unit {
            role,
            path: Rc::from(path),
            body,
            plan,
            inputs,
            own_inputs,
            nodes,
            active,
            has_failed: false,
            failures: Vec::new(),
            hook,
            ending,
            call: None,
        };
        self.units.insert(id, unit);
        id
    }

    /// What a region takes in, in the scope of the unit around it.
    pub(super) fn region_inputs(
        &mut self,
        unit: UnitId,
        region: &'a Region,
    ) -> Result<Inputs<'a>, ExpressionFault> {
        let inputs =
            region.inputs.iter().map(|input| Ok((input.name.as_str(), self.evaluate(unit, &input.value)?)));
        inputs.collect::<Result<Vec<_>, ExpressionFault>>().map(Rc::new)
    }

    pub(super) fn evaluate(&self, unit: UnitId, expr: &Expr) -> Result<Shared, ExpressionFault> {
        self.evaluate_in(self.unit(unit), &[], expr)
    }

    /// `extra` are names that the unit doesn't have.
    pub(super) fn evaluate_in(
        &self,
        unit: &Unit<'a>,
        extra: &[(&'a str, Shared)],
        expr: &Expr,
    ) -> Result<Shared, ExpressionFault> {
        let scope = UnitScope { unit, extra, context: self.context };
        let value = scope
            .evaluate(expr, &self.program.types)
            .map_err(|fault| ExpressionFault { message: fault.message, span: fault.span.or(expr.span) })?;
        check_expression(self.program, expr, &value)
            .map_err(|message| ExpressionFault { message, span: expr.span })?;
        Ok(value)
    }

    pub(super) fn end_node(&mut self, node: NodeRef, end: NodeEnd) {
        let plan = self.unit(node.unit).plan.clone();
        let unit = self.unit_mut(node.unit);
        let mut startable = Vec::new();
        unit.active -= 1;
        match end {
            NodeEnd::Value(value) => {
                unit.nodes[node.position] = NodeState::Ended(value);
                for position in &plan.waited_for_by[node.position] {
                    if let NodeState::Waiting(others) = &mut unit.nodes[*position] {
                        *others -= 1;
                        if *others == 0 {
                            unit.nodes[*position] = NodeState::Active(Activity::Queued);
                            unit.active += 1;
                            startable.push(Work::Start(NodeRef { unit: node.unit, position: *position }));
                        }
                    }
                }
            }
            NodeEnd::Failed => {
                unit.nodes[node.position] = NodeState::Failed;
                self.mark_failed(node.unit);
            }
            NodeEnd::Stopped => unit.nodes[node.position] = NodeState::Stopped,
        }
        if self.unit(node.unit).active == 0 {
            self.work.push_back(Work::Settle(node.unit));
        }
        self.work.extend(startable);
    }

    /// Ends the node with a failure that is its own.
    pub(super) fn fail_node(&mut self, node: NodeRef, message: String, span: Option<Span>) {
        let unit = self.unit(node.unit);
        let declared = &unit.body.nodes[node.position];
        let failure = Failure {
            step: unit.path_of(&declared.id.0),
            message,
            place: place(self.program, span.or(declared.span)),
            attempt: None,
            last_lines: Vec::new(),
            log: None,
        };
        self.fail_with(node, failure);
    }

    pub(super) fn fail_with(&mut self, node: NodeRef, failure: Failure) {
        self.observer.event(&Event::Failed { failure: &failure });
        self.unit_mut(node.unit).failures.push(failure);
        self.end_node(node, NodeEnd::Failed);
    }

    pub(super) fn fail_with_fault(&mut self, node: NodeRef, fault: ExpressionFault) {
        self.fail_node(node, fault.message, fault.span);
    }

    /// No node of the unit is active: it has ended, unless its hooks are still to run.
    pub(super) fn settle(&mut self, id: UnitId) {
        let Some(unit) = self.units.get(&id) else { return };
        if unit.active > 0 || unit.call.as_ref().is_some_and(|call| call.outcome.is_some()) {
            return;
        }
        let is_complete = unit.nodes.iter().all(|node| matches!(node, NodeState::Ended(_)));
        let outcome = if is_complete {
            self.unit_value(id)
        } else if unit.has_failed && !self.is_stopped(id) {
            Outcome::Failed
        } else {
            Outcome::Stopped
        };
        if self.unit(id).call.is_some() {
            self.begin_hooks(id, outcome);
        } else {
            self.deliver(id, outcome);
        }
    }

    /// The value of a unit whose nodes have all ended well.
    fn unit_value(&mut self, id: UnitId) -> Outcome {
        let unit = self.unit(id);
        let Some(expr) = &unit.body.value else { return Outcome::Value(None) };
        let value = if let (ExprKind::Record(fields), Some(_)) = (&expr.kind, &unit.call) {
            // Each output of a pipeline counts by itself.
            let fields = fields
                .iter()
                .map(|(name, expr)| Ok((name.clone(), Arc::unwrap_or_clone(self.evaluate(id, expr)?))));
            fields.collect::<Result<_, ExpressionFault>>().map(|fields| Arc::new(Value::Record(fields)))
        } else {
            self.evaluate(id, expr)
        };
        match value {
            Ok(value) => Outcome::Value(Some(value)),
            Err(fault) => {
                let step = if unit.path.is_empty() { "return".to_owned() } else { unit.path.to_string() };
                let failure = Failure {
                    step,
                    message: fault.message,
                    place: place(self.program, fault.span),
                    attempt: None,
                    last_lines: Vec::new(),
                    log: None,
                };
                self.observer.event(&Event::Failed { failure: &failure });
                self.unit_mut(id).failures.push(failure);
                self.mark_failed(id);
                Outcome::Failed
            }
        }
    }

    /// Hands the outcome to whom the unit is part of; the unit is gone then.
    pub(super) fn deliver(&mut self, id: UnitId, outcome: Outcome) {
        let Some(mut unit) = self.units.remove(&id) else { return };
        let failures = std::mem::take(&mut unit.failures);
        match unit.role {
            Role::Run => self.end = Some((outcome, failures)),
            Role::Hook(owner) => {
                self.hook_failures.extend(failures);
                self.next_hook(owner);
            }
            Role::Try(node) => {
                let has_value = unit.body.value.is_some();
                let end = match outcome {
                    Outcome::Value(value) => {
                        NodeEnd::Value(value.or_else(|| Some(Arc::new(Value::Bool(true)))))
                    }
                    Outcome::Failed => {
                        self.caught.extend(failures);
                        let value = if has_value { Value::Null } else { Value::Bool(false) };
                        NodeEnd::Value(Some(Arc::new(value)))
                    }
                    Outcome::Stopped => NodeEnd::Stopped,
                };
                self.end_node(node, end);
            }
            Role::Call(node) | Role::Body(node) => {
                self.unit_mut(node.unit).failures.extend(failures);
                match outcome {
                    Outcome::Value(value) => self.body_ended(node, &unit, value),
                    Outcome::Failed => self.end_node(node, NodeEnd::Failed),
                    Outcome::Stopped => self.end_node(node, NodeEnd::Stopped),
                }
            }
            Role::Item(node, item) => {
                self.unit_mut(node.unit).failures.extend(failures);
                self.item_ended(node, item, outcome);
            }
        }
    }

    /// A branch, an arm, a call or a round has ended well.
    fn body_ended(&mut self, node: NodeRef, unit: &Unit<'a>, value: Option<Shared>) {
        let is_round =
            matches!(self.unit(node.unit).nodes[node.position], NodeState::Active(Activity::Repeat(_)));
        match value {
            Some(value) if is_round => self.round_ended(node, unit, value),
            value => self.end_node(node, NodeEnd::Value(value)),
        }
    }
}
