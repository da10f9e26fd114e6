//! Maps and repeats.

use std::sync::Arc;

use pipec_ir::{Expr, ExprKind, Function, MapSource, Region, Value};

use super::limits::check_gathered;
use super::unit::{
    Activity, MapState, NodeRef, NodeState, Outcome, RepeatState, Role, Rows, Shared, Unit, UnitId,
};
use super::units::{ExpressionFault, NodeEnd};
use super::{Scheduler, scope::UnitScope};

impl<'a> Scheduler<'a, '_> {
    pub(super) fn start_map(
        &mut self,
        at: NodeRef,
        source: &'a MapSource,
        limit: Option<u32>,
        region: &'a Region,
    ) -> Result<(), ExpressionFault> {
        let rows = self.rows(at.unit, source)?;
        let inputs = self.region_inputs(at.unit, region)?;
        let limit = limit.map_or(usize::MAX, |limit| usize::try_from(limit.max(1)).unwrap_or(usize::MAX));
        let values = vec![None; rows.count];
        let map = MapState { region, inputs, rows, limit, next: 0, running: 0, values, has_failed: false };
        self.set_activity(at, Activity::Map(map));
        self.go_on_with_map(at);
        Ok(())
    }

    fn rows(&self, unit: UnitId, source: &'a MapSource) -> Result<Rows<'a>, ExpressionFault> {
        let (index, sources, is_product): (_, Vec<(&str, &Expr)>, _) = match source {
            MapSource::List { index, item, list } => (index.as_deref(), vec![(item, list)], false),
            MapSource::Product(lists) => {
                (None, lists.iter().map(|(name, list)| (name.as_str(), list)).collect(), true)
            }
            MapSource::Zip(lists) => {
                (None, lists.iter().map(|(name, list)| (name.as_str(), list)).collect(), false)
            }
        };
        let span = sources.first().and_then(|(_, list)| list.span);
        let fault = |message: String| ExpressionFault { message, span };
        let mut lists = Vec::with_capacity(sources.len());
        for (name, list) in sources {
            lists.push((name, self.items(unit, list)?));
        }
        let lengths: Vec<usize> = lists.iter().map(|(_, list)| list.len()).collect();
        if !is_product && lengths.windows(2).any(|pair| pair[0] != pair[1]) {
            let lengths: Vec<String> = lengths.iter().map(usize::to_string).collect();
            return Err(fault(format!("zip: lists of different lengths ({})", lengths.join(", "))));
        }
        let count = if is_product {
            lengths.iter().try_fold(1usize, |count, length| count.checked_mul(*length))
        } else {
            lengths.first().copied()
        };
        let most = self.job.request.max_items;
        match count {
            Some(count) if count <= most => Ok(Rows { index, lists, is_product, count }),
            Some(count) => {
                Err(fault(format!("a `for` takes at most {most} items, and this one has {count}")))
            }
            None => Err(fault(format!("a `for` takes at most {most} items, and this one has far more"))),
        }
    }

    fn items(&self, unit: UnitId, list: &'a Expr) -> Result<Vec<Shared>, ExpressionFault> {
        // A range that is only walked isn't a value, and may be longer than one.
        let is_range = matches!(&list.kind, ExprKind::Call { function: Function::Range, .. });
        let value = if is_range {
            let scope = UnitScope { unit: self.unit(unit), extra: &[], context: self.context };
            let value = scope.evaluate(list, &self.program.types);
            value
                .map_err(|fault| ExpressionFault { message: fault.message, span: fault.span.or(list.span) })?
        } else {
            self.evaluate(unit, list)?
        };
        let value = Arc::unwrap_or_clone(value);
        let kind = value.kind_name();
        if let Value::List(items) = value {
            return Ok(items.into_iter().map(Arc::new).collect());
        }
        Err(ExpressionFault { message: format!("a `for` walks a list, and this is {kind}"), span: list.span })
    }

    /// Starts the next item of a loop, if any may start.
    pub(super) fn start_item(&mut self) -> bool {
        while let Some(at) = self.open_maps.last().copied() {
            let next = self.map_mut(at).and_then(|map| {
                let may_start = map.next < map.rows.count && map.running < map.limit;
                may_start.then(|| {
                    map.next += 1;
                    map.running += 1;
                    (map.next - 1, map.rows.row(map.next - 1), map.inputs.clone(), map.region)
                })
            });
            let Some((item, row, inputs, region)) = next else {
                self.open_maps.pop();
                continue;
            };
            let path = format!("{}[{item}]", self.path(at));
            self.open_unit(Role::Item(at, item), &region.body, inputs, row, path);
            return true;
        }
        false
    }

    pub(super) fn item_ended(&mut self, at: NodeRef, item: usize, outcome: Outcome) {
        if let Some(map) = self.map_mut(at) {
            map.running -= 1;
            match outcome {
                Outcome::Value(value) => {
                    map.values[item] = Some(value.unwrap_or_else(|| Arc::new(Value::Null)))
                }
                Outcome::Failed => map.has_failed = true,
                Outcome::Stopped => {}
            }
        }
        self.go_on_with_map(at);
    }

    /// Offers the loop's next items, or ends it.
    pub(super) fn go_on_with_map(&mut self, at: NodeRef) {
        let is_over = self.is_stopped(at.unit) || self.is_blocked(at.unit);
        let keeps_going = self.job.request.keep_going;
        let Some(map) = self.map_mut(at) else { return };
        let may_start = map.next < map.rows.count && !is_over && (keeps_going || !map.has_failed);
        if may_start {
            if map.running < map.limit && self.open_maps.last() != Some(&at) {
                self.open_maps.push(at);
            }
            return;
        }
        if map.running > 0 {
            return;
        }
        let values = std::mem::take(&mut map.values);
        let (region, has_failed) = (map.region, map.has_failed);
        let gathered: Option<Vec<Value>> =
            values.into_iter().map(|value| value.map(Arc::unwrap_or_clone)).collect();
        match gathered {
            Some(items) => self.end_map(at, region, items),
            None if has_failed => self.end_node(at, NodeEnd::Failed),
            None => self.end_node(at, NodeEnd::Stopped),
        }
    }

    fn end_map(&mut self, at: NodeRef, region: &'a Region, items: Vec<Value>) {
        if region.body.value.is_none() {
            self.end_node(at, NodeEnd::Value(None));
            return;
        }
        let node = &self.unit(at.unit).body.nodes[at.position];
        let list = Value::List(items);
        let checked =
            node.ty.as_ref().map_or(Ok(()), |ty| check_gathered(self.program, &region.body, &list, ty));
        match checked {
            Ok(()) => self.end_node(at, NodeEnd::Value(Some(Arc::new(list)))),
            Err(message) => self.fail_node(at, message, None),
        }
    }

    fn map_mut(&mut self, at: NodeRef) -> Option<&mut MapState<'a>> {
        match self.units.get_mut(&at.unit)?.nodes.get_mut(at.position)? {
            NodeState::Active(Activity::Map(map)) => Some(map),
            NodeState::Active(Activity::Queued | Activity::Running | Activity::Repeat(_))
            | NodeState::Waiting(_)
            | NodeState::Ended(_)
            | NodeState::Failed
            | NodeState::Stopped => None,
        }
    }

    pub(super) fn start_repeat(
        &mut self,
        at: NodeRef,
        state: &'a str,
        first: &'a Expr,
        limit: u32,
        region: &'a Region,
        until: &'a Expr,
    ) -> Result<(), ExpressionFault> {
        let first = self.evaluate(at.unit, first)?;
        let inputs = self.region_inputs(at.unit, region)?;
        let repeat = RepeatState { state, region, until, limit, inputs, rounds: 0 };
        self.set_activity(at, Activity::Repeat(repeat));
        self.start_round(at, first);
        Ok(())
    }

    fn start_round(&mut self, at: NodeRef, value: Shared) {
        let path = self.path(at);
        let Some(repeat) = self.repeat_mut(at) else { return };
        let path = format!("{path}[{}]", repeat.rounds);
        repeat.rounds += 1;
        let (state, region, inputs) = (repeat.state, repeat.region, repeat.inputs.clone());
        self.open_unit(Role::Body(at), &region.body, inputs, vec![(state, value)], path);
    }

    /// A round gave the next state; `unit` is the round, which is gone.
    pub(super) fn round_ended(&mut self, at: NodeRef, unit: &Unit<'a>, value: Shared) {
        let Some(repeat) = self.repeat_mut(at) else { return };
        let (state, until, is_last) = (repeat.state, repeat.until, repeat.rounds >= repeat.limit);
        if is_last {
            self.end_node(at, NodeEnd::Value(Some(value)));
            return;
        }
        match self.evaluate_in(unit, &[(state, value.clone())], until) {
            Ok(reached) if *reached == Value::Bool(true) => self.end_node(at, NodeEnd::Value(Some(value))),
            Ok(_) if self.is_stopped(at.unit) || self.is_blocked(at.unit) => {
                self.end_node(at, NodeEnd::Stopped)
            }
            Ok(_) => self.start_round(at, value),
            Err(fault) => self.fail_with_fault(at, fault),
        }
    }

    fn repeat_mut(&mut self, at: NodeRef) -> Option<&mut RepeatState<'a>> {
        match self.units.get_mut(&at.unit)?.nodes.get_mut(at.position)? {
            NodeState::Active(Activity::Repeat(repeat)) => Some(repeat),
            NodeState::Active(Activity::Queued | Activity::Running | Activity::Map(_))
            | NodeState::Waiting(_)
            | NodeState::Ended(_)
            | NodeState::Failed
            | NodeState::Stopped => None,
        }
    }
}
