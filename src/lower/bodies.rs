//! Statements → nodes. A body is flattened: what runs steps becomes a node of its own, and what a region takes from
//! outside becomes its input.

use foldhash::{HashMap, HashSet};
use pipec_ir as ir;

use super::expressions::{self, Surroundings, widened};
use super::names::UniqueNames;
use super::program::Lowering;
use super::types::Types;
use crate::hir::{self, LocalId};
use crate::source::Span;

/// The lowering of one pipeline's body: a stack of regions, the innermost last.
pub(super) struct Bodies<'l, 'a> {
    lowering: &'l mut Lowering<'a>,
    locals: &'a [hir::Local],
    regions: Vec<OpenRegion>,
    /// Steps in the arguments of a `try`, which run before it.
    hoisted: HashMap<*const hir::Expr, LocalId>,
}

/// A region that is being filled.
#[derive(Default)]
struct OpenRegion {
    nodes: Vec<ir::Node>,
    node_names: UniqueNames,
    inputs: Vec<ir::RegionInput>,
    input_names: UniqueNames,
    bound: HashMap<LocalId, Bound>,
    captured: HashMap<(LocalId, Option<String>), ir::Expr>,
    calls_with_named_outputs: HashSet<ir::NodeId>,
    /// What a node inside waits for and this region doesn't hold: the region's own node waits for it.
    waits_outside: Vec<LocalId>,
}

/// What a local is in the region that binds it.
#[derive(Clone)]
enum Bound {
    /// A parameter, loop variable, state or field of a pattern; or another name for something.
    Expr(ir::Expr),
    Node {
        id: ir::NodeId,
        ty: Option<ir::Type>,
    },
}

impl<'l, 'a> Bodies<'l, 'a> {
    pub(super) fn new(lowering: &'l mut Lowering<'a>, locals: &'a [hir::Local]) -> Bodies<'l, 'a> {
        Bodies { lowering, locals, regions: vec![OpenRegion::default()], hoisted: HashMap::default() }
    }

    /// Makes a parameter of the pipeline known under its own name.
    pub(super) fn parameter(&mut self, local: LocalId, ty: ir::Type) {
        self.bind(local, ty);
    }

    /// The pipeline's whole body.
    pub(super) fn body(
        mut self,
        block: &'a hir::Block,
        ty: Option<&ir::Type>,
        types: &mut Types<'a>,
    ) -> ir::Body {
        let value = self.block(block, ty, types);
        let Some(region) = self.regions.pop() else { panic!("a body's region was closed early") };
        ir::Body { nodes: region.nodes, value }
    }

    /// The region of a hook, which sees the pipeline's parameters.
    pub(super) fn hook(&mut self, hook: &'a hir::Hook, types: &mut Types<'a>) -> ir::Region {
        *self.region(types, &mut Vec::new(), |bodies, types| bodies.block(&hook.body, None, types))
    }

    fn innermost(&mut self) -> &mut OpenRegion {
        let Some(region) = self.regions.last_mut() else { panic!("a region was closed early") };
        region
    }

    /// Fills a new region, and adds what its node must wait for to `after`.
    fn region(
        &mut self,
        types: &mut Types<'a>,
        after: &mut Vec<ir::NodeId>,
        fill: impl FnOnce(&mut Self, &mut Types<'a>) -> Option<ir::Expr>,
    ) -> Box<ir::Region> {
        self.regions.push(OpenRegion::default());
        let value = fill(self, types);
        let Some(region) = self.regions.pop() else { panic!("a region was closed early") };
        self.wait_for(&region.waits_outside, after);
        Box::new(ir::Region { inputs: region.inputs, body: ir::Body { nodes: region.nodes, value } })
    }

    /// The statements, and the value as one of `ty`.
    fn block(
        &mut self,
        block: &'a hir::Block,
        ty: Option<&ir::Type>,
        types: &mut Types<'a>,
    ) -> Option<ir::Expr> {
        for statement in &block.statements {
            self.statement(statement, types);
        }
        let value = block.value.as_ref()?;
        let Some(ty) = ty else {
            self.evaluate_for_effect(value, types);
            return None;
        };
        Some(widened(expressions::lower(value, types, self), ty, types))
    }

    fn statement(&mut self, statement: &'a hir::Statement, types: &mut Types<'a>) {
        match statement {
            hir::Statement::Bind { local, value } => {
                let name = self.locals[local.index()].name.clone();
                let bound = self.binding(&name, value, types);
                self.innermost().bound.insert(*local, bound);
            }
            hir::Statement::Expr(value) => self.evaluate_for_effect(value, types),
        }
    }

    /// A pure expression whose value nobody uses is dropped.
    fn evaluate_for_effect(&mut self, value: &'a hir::Expr, types: &mut Types<'a>) {
        if super::effects::is_step(&value.kind) {
            self.node(None, value, types);
        } else if super::effects::runs_steps(value) {
            expressions::lower(value, types, self);
        }
    }

    fn binding(&mut self, name: &str, value: &'a hir::Expr, types: &mut Types<'a>) -> Bound {
        if super::effects::is_step(&value.kind) && super::effects::runs_steps(value) {
            let (id, ty) = self.node(Some(name), value, types);
            return Bound::Node { id, ty };
        }
        let lowered = expressions::lower(value, types, self);
        if is_name(&lowered) {
            return Bound::Expr(lowered);
        }
        let ty = lowered.ty.clone();
        let id = self.push(name, Some(ty.clone()), Vec::new(), value.span, ir::NodeKind::Let(lowered.into()));
        Bound::Node { id, ty: Some(ty) }
    }

    fn push(
        &mut self,
        name: &str,
        ty: Option<ir::Type>,
        mut after: Vec<ir::NodeId>,
        span: Span,
        kind: ir::NodeKind,
    ) -> ir::NodeId {
        let mut seen = HashSet::default();
        after.retain(|node| seen.insert(node.clone()));
        let span = self.place(span);
        let region = self.innermost();
        let id = ir::NodeId(region.node_names.take(name));
        region.nodes.push(ir::Node { id: id.clone(), ty, after, kind, span });
        id
    }

    /// Makes a node of an expression that is a step: a call, a branch, a loop, a gate.
    fn node(
        &mut self,
        name: Option<&str>,
        expr: &'a hir::Expr,
        types: &mut Types<'a>,
    ) -> (ir::NodeId, Option<ir::Type>) {
        use hir::ExprKind as K;
        let ty = expr.ty.as_ref().map(|ty| types.lower(ty));
        let mut after = Vec::new();
        let (default_name, kind) = match &expr.kind {
            K::Call(call) => {
                self.wait_for(&call.after, &mut after);
                (self.lowering.callee_name(call.callee), ir::NodeKind::Call(self.call(call, types)))
            }
            K::If(conditional) => {
                self.wait_for(&conditional.after, &mut after);
                ("if", self.branch(conditional, ty.as_ref(), &mut after, types))
            }
            K::Match(choice) => {
                self.wait_for(&choice.after, &mut after);
                ("match", self.choice(choice, ty.as_ref(), &mut after, types))
            }
            K::For(map) => {
                self.wait_for(&map.after, &mut after);
                ("for", self.map(map, ty.as_ref(), &mut after, types))
            }
            K::Repeat(repeat) => {
                self.wait_for(&repeat.after, &mut after);
                let Some(ty) = &ty else { panic!("a repeat has no type") };
                ("repeat", self.repeat(repeat, ty, &mut after, types))
            }
            K::Try { call, after: waits } => {
                self.wait_for(waits, &mut after);
                ("try", self.attempt(call, &mut after, types))
            }
            K::Approve { message, timeout, after: waits } => {
                self.wait_for(waits, &mut after);
                let message = Box::new(expressions::lower(message, types, self));
                let timeout =
                    timeout.as_ref().map(|timeout| Box::new(expressions::lower(timeout, types, self)));
                ("approve", ir::NodeKind::Approve { message, timeout })
            }
            K::Sleep { duration, after: waits } => {
                self.wait_for(waits, &mut after);
                ("sleep", ir::NodeKind::Sleep { duration: expressions::lower(duration, types, self).into() })
            }
            K::Error
            | K::Literal(_)
            | K::Constant(_)
            | K::Artifact(_)
            | K::Secret { .. }
            | K::Local(_)
            | K::Run(_)
            | K::List(_)
            | K::Record(_)
            | K::Map(_)
            | K::Variant { .. }
            | K::Field { .. }
            | K::OptionalField { .. }
            | K::Project { .. }
            | K::Index { .. }
            | K::Unary { .. }
            | K::Binary { .. }
            | K::Interpolate(_)
            | K::Function { .. }
            | K::Widen(_)
            | K::Refine(_)
            | K::Narrow(_) => panic!("a pure expression is no step"),
        };
        let has_named_outputs =
            matches!(&expr.kind, K::Call(call) if self.lowering.has_named_outputs(call.callee));
        let id = self.push(name.unwrap_or(default_name), ty.clone(), after, expr.span, kind);
        if has_named_outputs {
            self.innermost().calls_with_named_outputs.insert(id.clone());
        }
        (id, ty)
    }

    fn call(&mut self, call: &'a hir::Call, types: &mut Types<'a>) -> ir::Call {
        let parameters = self.lowering.parameters(call.callee);
        let type_parameters = self.lowering.type_parameters(call.callee);
        let types_given: Vec<ir::Type> = call.type_arguments.iter().map(|ty| types.lower(ty)).collect();
        // In source order, so that steps in arguments become nodes in source order.
        let mut values: Vec<Option<ir::Expr>> = Vec::new();
        values.resize_with(parameters.len(), || None);
        for argument in &call.arguments {
            values[argument.parameter as usize] = Some(expressions::lower(&argument.value, types, self));
        }
        let mut arguments = Vec::with_capacity(parameters.len());
        for (given, parameter) in values.into_iter().zip(parameters) {
            let value = types.within(type_parameters, &types_given, |types| {
                let value = match (given, &parameter.default) {
                    (Some(value), _) => value,
                    (None, Some(default)) => expressions::lower(default, types, self),
                    (None, None) => panic!("the argument `{}` is missing", parameter.name),
                };
                let ty = types.lower(&parameter.ty);
                widened(value, &ty, types)
            });
            arguments.push(ir::Argument { name: parameter.name.clone(), value });
        }
        let callee = match call.callee {
            hir::Callee::Pipeline(id) => ir::Callee::Pipeline(self.lowering.pipeline_id(id, &types_given)),
            hir::Callee::Task(id) => {
                let overrides = super::settings::flatten(&call.settings, types, self);
                let (task, extra) = self.lowering.task(id, &types_given, overrides, types);
                arguments.extend(extra);
                ir::Callee::Task(task)
            }
        };
        ir::Call { callee, arguments }
    }

    fn branch(
        &mut self,
        conditional: &'a hir::If,
        ty: Option<&ir::Type>,
        after: &mut Vec<ir::NodeId>,
        types: &mut Types<'a>,
    ) -> ir::NodeKind {
        let condition = Box::new(expressions::lower(&conditional.condition, types, self));
        let then = self.region(types, after, |bodies, types| bodies.block(&conditional.then, ty, types));
        let otherwise = conditional
            .otherwise
            .as_ref()
            .map(|block| self.region(types, after, |bodies, types| bodies.block(block, ty, types)));
        ir::NodeKind::Branch { condition, then, otherwise }
    }

    fn choice(
        &mut self,
        choice: &'a hir::Match,
        ty: Option<&ir::Type>,
        after: &mut Vec<ir::NodeId>,
        types: &mut Types<'a>,
    ) -> ir::NodeKind {
        let subject = expressions::lower(&choice.subject, types, self);
        let arms = choice
            .arms
            .iter()
            .map(|arm| {
                let mut bindings = Vec::new();
                let body = *self.region(types, after, |bodies, types| {
                    bindings = expressions::bindings(arm, &subject.ty, types, bodies);
                    bodies.block(&arm.body, ty, types)
                });
                ir::NodeArm { variant: arm.variant.clone(), bindings, body }
            })
            .collect();
        ir::NodeKind::Match { subject: subject.into(), arms }
    }

    fn map(
        &mut self,
        map: &'a hir::For,
        ty: Option<&ir::Type>,
        after: &mut Vec<ir::NodeId>,
        types: &mut Types<'a>,
    ) -> ir::NodeKind {
        let item_ty = match ty {
            Some(ir::Type::List { item }) => Some((**item).clone()),
            Some(_) => panic!("a loop's value is a list"),
            None => None,
        };
        let lists = match &map.source {
            hir::ForSource::Item { list, .. } => vec![expressions::lower(list, types, self)],
            hir::ForSource::Product(sources) | hir::ForSource::Zip(sources) => {
                sources.iter().map(|(_, list)| expressions::lower(list, types, self)).collect()
            }
        };
        let mut source = None;
        let body = self.region(types, after, |bodies, types| {
            source = Some(bodies.map_source(&map.source, lists));
            bodies.block(&map.body, item_ty.as_ref(), types)
        });
        let Some(source) = source else { panic!("a loop's region was not filled") };
        ir::NodeKind::Map { source: source.into(), limit: map.limit, body }
    }

    fn map_source(&mut self, source: &hir::ForSource, lists: Vec<ir::Expr>) -> ir::MapSource {
        let items = |bodies: &mut Self, sources: &[(LocalId, hir::Expr)]| {
            let bind = |((local, _), list): (&(LocalId, hir::Expr), ir::Expr)| {
                (bodies.bind(*local, item_type(&list.ty)), list)
            };
            sources.iter().zip(lists.clone()).map(bind).collect()
        };
        match source {
            hir::ForSource::Product(sources) => ir::MapSource::Product(items(self, sources)),
            hir::ForSource::Zip(sources) => ir::MapSource::Zip(items(self, sources)),
            hir::ForSource::Item { index, item, .. } => {
                let Some(list) = lists.into_iter().next() else { panic!("a loop has no list") };
                let index = index.map(|index| self.bind(index, ir::Type::INT));
                ir::MapSource::List { index, item: self.bind(*item, item_type(&list.ty)), list }
            }
        }
    }

    fn repeat(
        &mut self,
        repeat: &'a hir::Repeat,
        ty: &ir::Type,
        after: &mut Vec<ir::NodeId>,
        types: &mut Types<'a>,
    ) -> ir::NodeKind {
        let first = widened(expressions::lower(&repeat.first, types, self), ty, types);
        let mut state = String::new();
        let mut until = None;
        let body = self.region(types, after, |bodies, types| {
            state = bodies.bind(repeat.state, ty.clone());
            let value = bodies.block(&repeat.body, Some(ty), types);
            until = Some(expressions::lower(&repeat.until, types, bodies));
            value
        });
        let Some(until) = until else { panic!("a repeat's region was not filled") };
        let (first, until) = (first.into(), until.into());
        ir::NodeKind::Repeat { state, first, limit: repeat.limit, body, until }
    }

    /// `try` covers its call and the faults of its arguments, but not the steps in them: these run before it.
    fn attempt(
        &mut self,
        call: &'a hir::Expr,
        after: &mut Vec<ir::NodeId>,
        types: &mut Types<'a>,
    ) -> ir::NodeKind {
        if let hir::ExprKind::Call(inner) = &call.kind {
            for argument in &inner.arguments {
                self.hoist(&argument.value, types);
            }
        }
        let ty = call.ty.as_ref().map(|ty| types.lower(ty));
        let body = self.region(types, after, |bodies, types| {
            let (id, _) = bodies.node(None, call, types);
            ty.map(|ty| ir::Expr {
                ty,
                kind: ir::ExprKind::Output { node: id, output: None },
                span: bodies.place(call.span),
            })
        });
        ir::NodeKind::Try { body }
    }

    /// Makes nodes of the steps in an expression, so that a region that is opened later takes their values.
    fn hoist(&mut self, expr: &'a hir::Expr, types: &mut Types<'a>) {
        if !super::effects::runs_steps(expr) {
            return;
        }
        if super::effects::is_step(&expr.kind) {
            let (id, ty) = self.node(None, expr, types);
            let local = LocalId(u32::MAX - self.hoisted.len() as u32);
            self.innermost().bound.insert(local, Bound::Node { id, ty });
            self.hoisted.insert(expr, local);
            return;
        }
        super::effects::for_each_operand(expr, &mut |operand| self.hoist(operand, types));
    }

    /// Adds the nodes that `locals` are bound to; what an outer region binds is left to the node of this one.
    fn wait_for(&mut self, locals: &[LocalId], after: &mut Vec<ir::NodeId>) {
        let is_outermost = self.regions.len() == 1;
        let region = self.innermost();
        for local in locals {
            match region.bound.get(local) {
                Some(Bound::Node { id, .. }) => after.push(id.clone()),
                Some(Bound::Expr(expr)) => after.extend(node_of(expr).cloned()),
                None if is_outermost => panic!("`after` names a local that nothing binds"),
                None => region.waits_outside.push(*local),
            }
        }
    }

    /// The region that binds a local, by its place on the stack.
    fn home(&self, local: LocalId) -> usize {
        let is_home = |region: &OpenRegion| region.bound.contains_key(&local);
        self.regions.iter().rposition(is_home).unwrap_or_else(|| panic!("nothing binds {local:?}"))
    }

    /// Takes a value from the region `home` through all regions down to the innermost.
    fn take_in(&mut self, home: usize, local: LocalId, output: Option<&str>, value: ir::Expr) -> ir::Expr {
        let is_here = home + 1 == self.regions.len();
        if is_here || matches!(value.kind, ir::ExprKind::Const(_) | ir::ExprKind::Run(_)) {
            return value;
        }
        let key = (local, output.map(str::to_owned));
        let wanted = match self.locals.get(local.index()) {
            Some(known) => known.name.clone(),
            None => node_of(&value).map_or_else(|| "value".to_owned(), |node| node.0.replace('-', "_")),
        };
        let wanted = output.map_or_else(|| wanted.clone(), |output| format!("{wanted}_{output}"));
        let mut value = value;
        for region in &mut self.regions[home + 1..] {
            value = match region.captured.get(&key) {
                Some(input) => input.clone(),
                None => {
                    let name = region.input_names.take_with(&wanted, '_');
                    let input = ir::Expr {
                        ty: value.ty.clone(),
                        kind: ir::ExprKind::Input(name.clone()),
                        span: value.span,
                    };
                    region.inputs.push(ir::RegionInput { name, value });
                    region.captured.insert(key.clone(), input.clone());
                    input
                }
            };
        }
        value
    }
}

impl<'a> Surroundings<'a> for Bodies<'_, 'a> {
    fn local(&mut self, local: LocalId, _: &mut Types<'a>) -> ir::Expr {
        let home = self.home(local);
        let value = match self.regions[home].bound[&local].clone() {
            Bound::Expr(expr) => expr,
            Bound::Node { id, ty } => {
                let Some(ty) = ty else { panic!("a node without a value is used as one") };
                ir::Expr { ty, kind: ir::ExprKind::Output { node: id, output: None }, span: None }
            }
        };
        self.take_in(home, local, None, value)
    }

    fn local_field(&mut self, local: LocalId, field: &str, types: &mut Types<'a>) -> Option<ir::Expr> {
        let home = self.home(local);
        let region = &self.regions[home];
        let Bound::Node { id, ty: Some(ty) } = &region.bound[&local] else { return None };
        if !region.calls_with_named_outputs.contains(id) {
            return None;
        }
        let kind = ir::ExprKind::Output { node: id.clone(), output: Some(field.to_owned()) };
        let value = ir::Expr { ty: types.field(ty, field), kind, span: None };
        Some(self.take_in(home, local, Some(field), value))
    }

    fn bind(&mut self, local: LocalId, ty: ir::Type) -> String {
        let name = self.locals[local.index()].name.clone();
        let region = self.innermost();
        let name = region.input_names.take_with(&name, '_');
        let input = ir::Expr { ty, kind: ir::ExprKind::Input(name.clone()), span: None };
        region.bound.insert(local, Bound::Expr(input));
        name
    }

    fn steps(&mut self, expr: &'a hir::Expr, types: &mut Types<'a>) -> ir::Expr {
        if let Some(local) = self.hoisted.get(&std::ptr::from_ref(expr)) {
            return self.local(*local, types);
        }
        let (id, ty) = self.node(None, expr, types);
        let Some(ty) = ty else { panic!("a node without a value is used as one") };
        let kind = ir::ExprKind::Output { node: id, output: None };
        ir::Expr { ty, kind, span: self.place(expr.span) }
    }

    fn is_call_with_named_outputs(&self, node: &ir::NodeId) -> bool {
        self.regions.last().is_some_and(|region| region.calls_with_named_outputs.contains(node))
    }

    fn artifact(&mut self, artifact: &hir::Artifact) -> ir::ArtifactRef {
        self.lowering.capture(artifact)
    }

    fn place(&self, span: Span) -> Option<ir::Span> {
        self.lowering.place(span)
    }
}

/// Whether an expression is only another name for something, and needs no node.
fn is_name(expr: &ir::Expr) -> bool {
    match &expr.kind {
        ir::ExprKind::Const(_)
        | ir::ExprKind::Artifact(_)
        | ir::ExprKind::Secret { .. }
        | ir::ExprKind::Input(_)
        | ir::ExprKind::Output { .. }
        | ir::ExprKind::Run(_) => true,
        ir::ExprKind::Field { of, .. } => is_name(of),
        ir::ExprKind::List(_)
        | ir::ExprKind::Record(_)
        | ir::ExprKind::Map(_)
        | ir::ExprKind::Variant { .. }
        | ir::ExprKind::OptionalField { .. }
        | ir::ExprKind::Project { .. }
        | ir::ExprKind::Index { .. }
        | ir::ExprKind::Unary { .. }
        | ir::ExprKind::Binary { .. }
        | ir::ExprKind::If { .. }
        | ir::ExprKind::Match { .. }
        | ir::ExprKind::Interpolate(_)
        | ir::ExprKind::Call { .. }
        | ir::ExprKind::Widen(_)
        | ir::ExprKind::Refine(_)
        | ir::ExprKind::Narrow(_) => false,
    }
}

/// The node that a name stands for.
fn node_of(expr: &ir::Expr) -> Option<&ir::NodeId> {
    if let ir::ExprKind::Field { of, .. } = &expr.kind {
        return node_of(of);
    }
    if let ir::ExprKind::Output { node, .. } = &expr.kind { Some(node) } else { None }
}

fn item_type(list: &ir::Type) -> ir::Type {
    let ir::Type::List { item } = list else { panic!("a loop walks something that is no list") };
    (**item).clone()
}
