//! Pipelines, their nodes, the regions of those, and hooks.

use super::Validator;
use super::expressions::is_zip;
use super::names::{is_id, is_sha256, is_variable};
use super::place::Place;
use super::scope::{RunView, Scope};
use crate::MAX_NESTING;
use crate::expr::Expr;
use crate::lookup::record;
use crate::program::{
    Body, Call, Callee, Hook, MapSource, Node, NodeArm, NodeKind, Output, Pipeline, Region, Results,
};
use crate::types::Type;

/// Where a node stands: in a body with this scope, this deep, called from the pipeline at this place in the table.
struct Around<'s, 'a> {
    scope: &'s Scope<'a>,
    depth: usize,
    caller: usize,
}

impl<'a> Validator<'a> {
    pub(super) fn pipeline(&mut self, index: usize, pipeline: &'a Pipeline, place: &Place<'_>) {
        self.parameters(&pipeline.inputs, &place.at("inputs"));
        self.results(&pipeline.results, &place.at("results"));
        self.require(is_sha256(&pipeline.identity), &place.at("identity"), pipeline.span, || {
            "an identity is the 64 hex digits of a sha256".to_owned()
        });
        let scope = Scope::new(RunView::Start).with_parameters(&pipeline.inputs);
        let value = self.body(&pipeline.body, scope, 1, index, place);
        match &pipeline.results {
            Results::None => {
                self.require(value.is_none(), place, pipeline.span, || "a value, but no outputs".to_owned());
            }
            Results::Single(output) => {
                let fits = value == Some(&output.ty);
                self.require(fits, place, pipeline.span, || {
                    format!("expected the value {}, found {}", output.ty, shown(value))
                });
            }
            Results::Named(outputs) => {
                let fits = value.is_some_and(|ty| self.is_record_of(ty, outputs));
                self.require(fits, place, pipeline.span, || {
                    format!("expected a record of the outputs, found {}", shown(value))
                });
            }
        }
        for (hook_index, hook) in pipeline.hooks.iter().enumerate() {
            let place = place.at("hooks");
            self.hook(index, hook, pipeline, &place.item(hook_index));
        }
    }

    fn hook(&mut self, index: usize, hook: &'a Hook, pipeline: &'a Pipeline, place: &Place<'_>) {
        let scope = Scope::new(RunView::End).with_parameters(&pipeline.inputs);
        self.region(&hook.body, &scope, Vec::new(), 1, index, place);
    }

    /// Whether a type is a record of exactly these outputs.
    fn is_record_of(&self, ty: &Type, outputs: &[Output]) -> bool {
        let record = record(ty, self.types).filter(|_| matches!(ty, Type::Record { .. }));
        record.is_some_and(|record| {
            let fields = record.fields.iter().map(|field| (&field.name, &field.ty));
            fields.eq(outputs.iter().map(|output| (&output.name, &output.ty)))
        })
    }

    /// Checks a body; the type of its value, if it has one.
    fn body(
        &mut self,
        body: &'a Body,
        mut scope: Scope<'a>,
        depth: usize,
        caller: usize,
        place: &Place<'_>,
    ) -> Option<&'a Type> {
        for node in &body.nodes {
            let place = place.at(&node.id.0);
            let is_bounded = depth <= MAX_NESTING;
            if !self.require(is_bounded, &place, node.span, || format!("nested more than {MAX_NESTING} deep"))
            {
                return None;
            }
            self.node(node, &Around { scope: &scope, depth: depth + 1, caller }, &place);
            scope.nodes.insert(&node.id, node);
        }
        let value = body.value.as_ref()?;
        self.expression(value, &scope, depth + 1, &place.at("value"));
        Some(&value.ty)
    }

    fn region(
        &mut self,
        region: &'a Region,
        outer: &Scope<'a>,
        own: Vec<(&'a str, &'a Type)>,
        depth: usize,
        caller: usize,
        place: &Place<'_>,
    ) -> Option<&'a Type> {
        let inner = self.region_scope(region, outer, own, depth, place);
        self.body(&region.body, inner, depth + 1, caller, place)
    }

    /// The inputs of a region, and what its node adds: loop variables, state, bindings.
    fn region_scope(
        &mut self,
        region: &'a Region,
        outer: &Scope<'a>,
        own: Vec<(&'a str, &'a Type)>,
        depth: usize,
        place: &Place<'_>,
    ) -> Scope<'a> {
        let mut inner = Scope::new(outer.run);
        for (name, ty) in own {
            self.require(is_variable(name), place, None, || format!("`{name}` is no name of an input"));
            let is_new = inner.inputs.insert(name, ty).is_none();
            self.require(is_new, place, None, || format!("two inputs are called `{name}`"));
        }
        for input in &region.inputs {
            let place = place.at("inputs");
            let place = place.at(&input.name);
            self.require(is_variable(&input.name), &place, input.value.span, || {
                format!("`{}` is no name of an input", input.name)
            });
            self.require(Self::is_reference(&input.value), &place, input.value.span, || {
                "a region takes in what a name stands for, perhaps with field accesses".to_owned()
            });
            self.expression(&input.value, outer, depth, &place);
            let is_new = inner.inputs.insert(&input.name, &input.value.ty).is_none();
            self.require(is_new, &place, input.value.span, || {
                format!("two inputs are called `{}`", input.name)
            });
        }
        inner
    }

    fn node(&mut self, node: &'a Node, around: &Around<'_, 'a>, place: &Place<'_>) {
        self.require(is_id(&node.id.0), place, node.span, || {
            format!("`{}` is no id of a node: letters, digits, _, . and -", node.id.0)
        });
        let is_new = !around.scope.nodes.contains_key(&node.id);
        self.require(is_new, place, node.span, || format!("two nodes are called `{}`", node.id.0));
        for id in &node.after {
            let is_earlier = around.scope.nodes.contains_key(id);
            self.require(is_earlier, place, node.span, || {
                format!("after `{}`: there is no earlier node of this name in this body", id.0)
            });
        }
        if let Some(ty) = &node.ty
            && self.usable_type(ty, place, node.span)
        {
            let is_secret = matches!(ty, Type::Secret);
            self.require(!is_secret, place, node.span, || "a node can't give a secret".to_owned());
        }
        self.node_kind(node, around, place);
    }

    fn node_kind(&mut self, node: &'a Node, around: &Around<'_, 'a>, place: &Place<'_>) {
        let (scope, depth) = (around.scope, around.depth);
        match &node.kind {
            NodeKind::Call(call) => self.call(call, node, around, place),
            NodeKind::Let(value) => {
                self.expression(value, scope, depth, place);
                self.gives(node, Some(&value.ty), place);
            }
            NodeKind::Branch { condition, then, otherwise } => {
                self.expression_of(condition, &Type::Bool, scope, depth, &place.at("condition"));
                let taken = self.region(then, scope, Vec::new(), depth, around.caller, &place.at("then"));
                match otherwise {
                    Some(otherwise) => {
                        let place_of_other = place.at("otherwise");
                        let other =
                            self.region(otherwise, scope, Vec::new(), depth, around.caller, &place_of_other);
                        self.gives(node, taken, &place.at("then"));
                        self.gives(node, other, &place_of_other);
                    }
                    None => {
                        let optional = taken.map(|ty| Type::optional(ty.clone()));
                        self.gives(node, optional.as_ref(), place);
                    }
                }
            }
            NodeKind::Match { subject, arms } => {
                self.expression(subject, scope, depth, &place.at("subject"));
                self.node_arms(subject, arms, node, around, place);
            }
            NodeKind::Map { source, limit, body } => {
                let has_room = *limit != Some(0);
                self.require(has_room, place, node.span, || "a limit is at least 1".to_owned());
                let variables = self.map_source(source, node, around, place);
                let value = self.region(body, scope, variables, depth, around.caller, &place.at("body"));
                let list = value.map(|ty| Type::list(ty.clone()));
                self.gives(node, list.as_ref(), place);
            }
            NodeKind::Repeat { state, first, limit, body, until } => {
                self.require(*limit > 0, place, node.span, || "at least one round is run".to_owned());
                self.expression(first, scope, depth, &place.at("first"));
                self.gives(node, Some(&first.ty), &place.at("first"));
                let own = vec![(state.as_str(), &first.ty)];
                let inner = self.region_scope(body, scope, own, depth, &place.at("body"));
                self.expression_of(until, &Type::Bool, &inner, depth + 1, &place.at("until"));
                let value = self.body(&body.body, inner, depth + 1, around.caller, &place.at("body"));
                self.gives(node, value, &place.at("body"));
            }
            NodeKind::Try { body } => {
                let value = self.region(body, scope, Vec::new(), depth, around.caller, &place.at("body"));
                let given = value.map_or(Type::Bool, |ty| Type::optional(ty.clone()));
                self.gives(node, Some(&given), place);
            }
            NodeKind::Approve { message, timeout } => {
                self.expression_of(message, &Type::STRING, scope, depth, &place.at("message"));
                if let Some(timeout) = timeout {
                    self.expression_of(timeout, &Type::Duration, scope, depth, &place.at("timeout"));
                }
                self.gives(node, None, place);
            }
            NodeKind::Sleep { duration } => {
                self.expression_of(duration, &Type::Duration, scope, depth, &place.at("duration"));
                self.gives(node, None, place);
            }
        }
    }

    /// The node's type is that of what it gives.
    fn gives(&mut self, node: &Node, given: Option<&Type>, place: &Place<'_>) {
        let declared = node.ty.as_ref();
        self.require(declared == given, place, node.span, || {
            format!("the node is declared to give {}, but gives {}", shown(declared), shown(given))
        });
    }

    fn call(&mut self, call: &'a Call, node: &'a Node, around: &Around<'_, 'a>, place: &Place<'_>) {
        let Some(interface) = self.program.interface(&call.callee) else {
            let name = match &call.callee {
                Callee::Task(id) => format!("there is no task {}", id.0),
                Callee::Pipeline(id) => format!("there is no pipeline {}", id.0),
            };
            self.report(place, node.span, name);
            return;
        };
        if let Callee::Pipeline(id) = &call.callee {
            let is_earlier =
                self.program.pipelines.get_index_of(id).is_some_and(|callee| callee < around.caller);
            self.require(is_earlier, place, node.span, || {
                format!(
                    "{} doesn't stand before its caller: pipelines don't call each other in a circle",
                    id.0
                )
            });
        }
        self.arguments(&call.arguments, interface.inputs, around.scope, around.depth, node.span, place);
        match interface.results {
            Results::None => self.gives(node, None, place),
            Results::Single(output) => self.gives(node, Some(&output.ty), place),
            Results::Named(outputs) => {
                let fits = node.ty.as_ref().is_some_and(|ty| self.is_record_of(ty, outputs));
                self.require(fits, place, node.span, || {
                    format!("expected a record of the outputs, found {}", shown(node.ty.as_ref()))
                });
            }
        }
    }

    fn node_arms(
        &mut self,
        subject: &'a Expr,
        arms: &'a [NodeArm],
        node: &'a Node,
        around: &Around<'_, 'a>,
        place: &Place<'_>,
    ) {
        self.exhaustive(&subject.ty, arms.iter().map(|arm| arm.variant.as_deref()), node.span, place);
        for arm in arms {
            let place = place.at(arm.variant.as_deref().unwrap_or("null"));
            let bound = self.bindings(&subject.ty, arm.variant.as_deref(), &arm.bindings, node.span, &place);
            let value = self.region(&arm.body, around.scope, bound, around.depth, around.caller, &place);
            self.gives(node, value, &place);
        }
    }

    /// The loop variables of a map, with their types.
    fn map_source(
        &mut self,
        source: &'a MapSource,
        node: &Node,
        around: &Around<'_, 'a>,
        place: &Place<'_>,
    ) -> Vec<(&'a str, &'a Type)> {
        let mut variables: Vec<(&'a str, &'a Type)> = Vec::new();
        match source {
            MapSource::List { index, item, list } => {
                variables.extend(index.as_ref().map(|index| (index.as_str(), &Type::INT)));
                variables.extend(self.loop_variable(item, list, around, place));
            }
            MapSource::Product(lists) | MapSource::Zip(lists) => {
                let has_lists = lists.len() >= 2;
                self.require(has_lists, place, node.span, || "two lists are needed at least".to_owned());
                for (name, list) in lists {
                    variables.extend(self.loop_variable(name, list, around, place));
                }
            }
        }
        variables
    }

    fn loop_variable(
        &mut self,
        name: &'a str,
        list: &'a Expr,
        around: &Around<'_, 'a>,
        place: &Place<'_>,
    ) -> Option<(&'a str, &'a Type)> {
        let place = place.at(name);
        if is_zip(list) {
            self.zip(list, around.scope, around.depth, &place);
        } else {
            self.expression(list, around.scope, around.depth, &place);
        }
        let Type::List { item } = &list.ty else {
            self.report(&place, list.span, format!("{} is no list", list.ty));
            return None;
        };
        Some((name, item))
    }
}

fn shown(ty: Option<&Type>) -> String {
    ty.map_or_else(|| "nothing".to_owned(), ToString::to_string)
}
