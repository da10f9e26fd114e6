//! Walking over the nodes and expressions of a program, in document order.

use smallvec::{SmallVec, smallvec};

use crate::expr::{Expr, ExprKind};
use crate::program::{
    Body, MapSource, Node, NodeKind, Pipeline, Program, Region, Run, Settings, Span, Task, VolumeSource,
};

/// What is directly inside of something: mostly one or two, and asked for so often that a list on the heap would cost
/// more than the walk itself.
pub type Inside<T> = SmallVec<[T; 4]>;

impl Expr {
    /// The expressions directly inside, in order of evaluation.
    pub fn operands(&self) -> Inside<&Expr> {
        match &self.kind {
            ExprKind::Const(_)
            | ExprKind::Artifact(_)
            | ExprKind::Secret { .. }
            | ExprKind::Input(_)
            | ExprKind::Output { .. }
            | ExprKind::Run(_) => SmallVec::new(),
            ExprKind::List(items) | ExprKind::Interpolate(items) | ExprKind::Call { args: items, .. } => {
                items.iter().collect()
            }
            ExprKind::Record(fields) | ExprKind::Map(fields) | ExprKind::Variant { fields, .. } => {
                fields.iter().map(|(_, value)| value).collect()
            }
            ExprKind::Field { of, .. }
            | ExprKind::OptionalField { of, .. }
            | ExprKind::Project { of, .. } => {
                smallvec![&**of]
            }
            ExprKind::Index { of, index } => smallvec![&**of, &**index],
            ExprKind::Unary { operand, .. }
            | ExprKind::Widen(operand)
            | ExprKind::Refine(operand)
            | ExprKind::Narrow(operand) => smallvec![&**operand],
            ExprKind::Binary { left, right, .. } => smallvec![&**left, &**right],
            ExprKind::If { condition, then, otherwise } => smallvec![&**condition, &**then, &**otherwise],
            ExprKind::Match { subject, arms } => {
                std::iter::once(&**subject).chain(arms.iter().map(|arm| &arm.value)).collect()
            }
        }
    }

    /// `operands`, to be changed.
    pub fn operands_mut(&mut self) -> Inside<&mut Expr> {
        match &mut self.kind {
            ExprKind::Const(_)
            | ExprKind::Artifact(_)
            | ExprKind::Secret { .. }
            | ExprKind::Input(_)
            | ExprKind::Output { .. }
            | ExprKind::Run(_) => SmallVec::new(),
            ExprKind::List(items) | ExprKind::Interpolate(items) | ExprKind::Call { args: items, .. } => {
                items.iter_mut().collect()
            }
            ExprKind::Record(fields) | ExprKind::Map(fields) | ExprKind::Variant { fields, .. } => {
                fields.iter_mut().map(|(_, value)| value).collect()
            }
            ExprKind::Field { of, .. }
            | ExprKind::OptionalField { of, .. }
            | ExprKind::Project { of, .. } => {
                smallvec![&mut **of]
            }
            ExprKind::Index { of, index } => smallvec![&mut **of, &mut **index],
            ExprKind::Unary { operand, .. }
            | ExprKind::Widen(operand)
            | ExprKind::Refine(operand)
            | ExprKind::Narrow(operand) => smallvec![&mut **operand],
            ExprKind::Binary { left, right, .. } => smallvec![&mut **left, &mut **right],
            ExprKind::If { condition, then, otherwise } => {
                smallvec![&mut **condition, &mut **then, &mut **otherwise]
            }
            ExprKind::Match { subject, arms } => {
                std::iter::once(&mut **subject).chain(arms.iter_mut().map(|arm| &mut arm.value)).collect()
            }
        }
    }

    /// Visits the expression and everything inside, outermost first.
    pub fn visit<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        visit(self);
        for child in self.operands() {
            child.visit(visit);
        }
    }

    /// `visit`, to change what is visited.
    pub fn visit_mut(&mut self, visit: &mut dyn FnMut(&mut Expr)) {
        visit(self);
        for child in self.operands_mut() {
            child.visit_mut(visit);
        }
    }
}

impl Node {
    /// The node's own expressions: not those inside its regions, nor what their inputs are.
    pub fn expressions(&self) -> Inside<&Expr> {
        match &self.kind {
            NodeKind::Call(call) => call.arguments.iter().map(|argument| &argument.value).collect(),
            NodeKind::Let(value) => smallvec![&**value],
            NodeKind::Branch { condition, .. } => smallvec![&**condition],
            NodeKind::Match { subject, .. } => smallvec![&**subject],
            NodeKind::Map { source, .. } => source.lists().into_iter().collect(),
            NodeKind::Repeat { first, until, .. } => smallvec![&**first, &**until],
            NodeKind::Try { .. } => SmallVec::new(),
            NodeKind::Approve { message, timeout } => {
                std::iter::once(&**message).chain(timeout.as_deref()).collect()
            }
            NodeKind::Sleep { duration } => smallvec![&**duration],
        }
    }

    pub fn expressions_mut(&mut self) -> Inside<&mut Expr> {
        match &mut self.kind {
            NodeKind::Call(call) => call.arguments.iter_mut().map(|argument| &mut argument.value).collect(),
            NodeKind::Let(value) => smallvec![&mut **value],
            NodeKind::Branch { condition, .. } => smallvec![&mut **condition],
            NodeKind::Match { subject, .. } => smallvec![&mut **subject],
            NodeKind::Map { source, .. } => match &mut **source {
                MapSource::List { list, .. } => smallvec![list],
                MapSource::Product(lists) | MapSource::Zip(lists) => {
                    lists.iter_mut().map(|(_, list)| list).collect()
                }
            },
            NodeKind::Repeat { first, until, .. } => smallvec![&mut **first, &mut **until],
            NodeKind::Try { .. } => SmallVec::new(),
            NodeKind::Approve { message, timeout } => {
                std::iter::once(&mut **message).chain(timeout.as_deref_mut()).collect()
            }
            NodeKind::Sleep { duration } => smallvec![&mut **duration],
        }
    }

    /// The regions that the node owns, in source order.
    pub fn regions(&self) -> Inside<&Region> {
        match &self.kind {
            NodeKind::Branch { then, otherwise, .. } => {
                std::iter::once(&**then).chain(otherwise.as_deref()).collect()
            }
            NodeKind::Match { arms, .. } => arms.iter().map(|arm| &arm.body).collect(),
            NodeKind::Map { body, .. } | NodeKind::Repeat { body, .. } | NodeKind::Try { body } => {
                smallvec![&**body]
            }
            NodeKind::Call(_) | NodeKind::Let(_) | NodeKind::Approve { .. } | NodeKind::Sleep { .. } => {
                SmallVec::new()
            }
        }
    }

    pub fn regions_mut(&mut self) -> Inside<&mut Region> {
        match &mut self.kind {
            NodeKind::Branch { then, otherwise, .. } => {
                std::iter::once(&mut **then).chain(otherwise.as_deref_mut()).collect()
            }
            NodeKind::Match { arms, .. } => arms.iter_mut().map(|arm| &mut arm.body).collect(),
            NodeKind::Map { body, .. } | NodeKind::Repeat { body, .. } | NodeKind::Try { body } => {
                smallvec![&mut **body]
            }
            NodeKind::Call(_) | NodeKind::Let(_) | NodeKind::Approve { .. } | NodeKind::Sleep { .. } => {
                SmallVec::new()
            }
        }
    }
}

impl MapSource {
    /// The lists that are walked.
    pub fn lists(&self) -> Vec<&Expr> {
        match self {
            MapSource::List { list, .. } => vec![list],
            MapSource::Product(lists) | MapSource::Zip(lists) => lists.iter().map(|(_, list)| list).collect(),
        }
    }
}

impl Region {
    fn visit_expressions<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        self.inputs.iter().for_each(|input| input.value.visit(visit));
        self.body.visit_expressions(visit);
    }

    pub fn visit_expressions_mut(&mut self, visit: &mut dyn FnMut(&mut Expr)) {
        self.inputs.iter_mut().for_each(|input| input.value.visit_mut(visit));
        self.body.visit_expressions_mut(visit);
    }
}

impl Body {
    /// Visits the body's nodes and those inside of them, each before what it owns.
    pub fn visit_nodes<'a>(&'a self, visit: &mut dyn FnMut(&'a Node)) {
        for node in &self.nodes {
            visit(node);
            node.regions().into_iter().for_each(|region| region.body.visit_nodes(visit));
        }
    }

    /// Visits every expression of the body, also inside regions.
    pub fn visit_expressions<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        for node in &self.nodes {
            node.expressions().into_iter().for_each(|expr| expr.visit(visit));
            node.regions().into_iter().for_each(|region| region.visit_expressions(visit));
        }
        self.value.iter().for_each(|value| value.visit(visit));
    }

    pub fn visit_nodes_mut(&mut self, visit: &mut dyn FnMut(&mut Node)) {
        for node in &mut self.nodes {
            visit(node);
            node.regions_mut().into_iter().for_each(|region| region.body.visit_nodes_mut(visit));
        }
    }

    pub fn visit_expressions_mut(&mut self, visit: &mut dyn FnMut(&mut Expr)) {
        for node in &mut self.nodes {
            node.expressions_mut().into_iter().for_each(|expr| expr.visit_mut(visit));
            node.regions_mut().into_iter().for_each(|region| region.visit_expressions_mut(visit));
        }
        self.value.iter_mut().for_each(|value| value.visit_mut(visit));
    }
}

impl Settings {
    /// Every expression of the settings, each outermost.
    pub fn expressions(&self) -> Vec<&Expr> {
        let resources = &self.resources;
        let volumes = self.volumes.iter().filter_map(|volume| match &volume.source {
            VolumeSource::Scratch { size } => Some(size),
            VolumeSource::Claim { .. } => None,
        });
        (resources.cpu.iter())
            .chain(&resources.memory)
            .chain(&resources.gpu)
            .chain(&resources.ephemeral_storage)
            .chain(&resources.cpu_limit)
            .chain(&resources.memory_limit)
            .chain(&self.timeout)
            .chain(self.env.values())
            .chain(self.secrets.values())
            .chain(&self.shm_size)
            .chain(volumes)
            .collect()
    }

    pub fn expressions_mut(&mut self) -> Vec<&mut Expr> {
        let resources = &mut self.resources;
        let volumes = self.volumes.iter_mut().filter_map(|volume| match &mut volume.source {
            VolumeSource::Scratch { size } => Some(size),
            VolumeSource::Claim { .. } => None,
        });
        (resources.cpu.iter_mut())
            .chain(&mut resources.memory)
            .chain(&mut resources.gpu)
            .chain(&mut resources.ephemeral_storage)
            .chain(&mut resources.cpu_limit)
            .chain(&mut resources.memory_limit)
            .chain(&mut self.timeout)
            .chain(self.env.values_mut())
            .chain(self.secrets.values_mut())
            .chain(&mut self.shm_size)
            .chain(volumes)
            .collect()
    }
}

impl Task {
    /// Visits every expression of the task: defaults, the command's arguments, settings.
    pub fn visit_expressions<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        self.inputs.iter().flat_map(|input| &input.default).for_each(|default| default.visit(visit));
        if let Run::Command(arguments) = &self.run {
            arguments.iter().for_each(|argument| argument.visit(visit));
        }
        self.settings.expressions().into_iter().for_each(|expr| expr.visit(visit));
    }

    pub fn visit_expressions_mut(&mut self, visit: &mut dyn FnMut(&mut Expr)) {
        self.inputs
            .iter_mut()
            .flat_map(|input| &mut input.default)
            .for_each(|default| default.visit_mut(visit));
        if let Run::Command(arguments) = &mut self.run {
            arguments.iter_mut().for_each(|argument| argument.visit_mut(visit));
        }
        self.settings.expressions_mut().into_iter().for_each(|expr| expr.visit_mut(visit));
    }
}

impl Program {
    /// Visits every node of every pipeline, also inside regions and hooks.
    pub fn visit_nodes<'a>(&'a self, visit: &mut dyn FnMut(&'a Node)) {
        for pipeline in self.pipelines.values() {
            pipeline.body.visit_nodes(visit);
            pipeline.hooks.iter().for_each(|hook| hook.body.body.visit_nodes(visit));
        }
    }

    /// Visits every expression of the program, outermost first.
    pub fn visit_expressions<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        self.tasks.values().for_each(|task| task.visit_expressions(visit));
        for pipeline in self.pipelines.values() {
            pipeline.inputs.iter().flat_map(|input| &input.default).for_each(|default| default.visit(visit));
            pipeline.body.visit_expressions(visit);
            pipeline.hooks.iter().for_each(|hook| hook.body.visit_expressions(visit));
        }
        for launch in self.launches.values() {
            launch.arguments.iter().for_each(|argument| argument.value.visit(visit));
        }
    }

    /// Visits every place in the source that the program names.
    pub fn visit_spans(&self, visit: &mut dyn FnMut(Option<Span>)) {
        for task in self.tasks.values() {
            visit(task.span);
            task.inputs.iter().for_each(|input| visit(input.span));
            task.results.outputs().iter().for_each(|output| visit(output.span));
            if let Run::Script { span, .. } = &task.run {
                visit(*span);
            }
        }
        for pipeline in self.pipelines.values() {
            visit(pipeline.span);
            pipeline.inputs.iter().for_each(|input| visit(input.span));
            pipeline.results.outputs().iter().for_each(|output| visit(output.span));
            pipeline.hooks.iter().for_each(|hook| visit(hook.span));
        }
        self.launches.values().for_each(|launch| visit(launch.span));
        self.visit_nodes(&mut |node| visit(node.span));
        self.visit_expressions(&mut |expr| visit(expr.span));
    }

    /// The same program without debug data: what is left decides what it does.
    pub fn without_spans(&self) -> Program {
        let mut program = self.clone();
        program.sources.clear();
        program.tasks.values_mut().for_each(Task::remove_spans);
        program.pipelines.values_mut().for_each(Pipeline::remove_spans);
        for launch in program.launches.values_mut() {
            launch.span = None;
            launch.arguments.iter_mut().for_each(|argument| argument.value.remove_spans());
        }
        program
    }
}

impl Expr {
    /// The same expression without debug data.
    pub fn remove_spans(&mut self) {
        self.visit_mut(&mut |expr| expr.span = None);
    }
}

impl Task {
    pub(crate) fn remove_spans(&mut self) {
        self.span = None;
        self.inputs.iter_mut().for_each(|input| input.span = None);
        self.results.outputs_mut().iter_mut().for_each(|output| output.span = None);
        if let Run::Script { span, .. } = &mut self.run {
            *span = None;
        }
        self.visit_expressions_mut(&mut |expr| expr.span = None);
    }
}

impl Pipeline {
    /// Hands every place in the source to `visit`, always in the same order.
    pub(crate) fn visit_spans_mut(&mut self, visit: &mut dyn FnMut(&mut Option<Span>)) {
        visit(&mut self.span);
        for input in &mut self.inputs {
            visit(&mut input.span);
            input.default.iter_mut().for_each(|default| default.visit_mut(&mut |expr| visit(&mut expr.span)));
        }
        self.results.outputs_mut().iter_mut().for_each(|output| visit(&mut output.span));
        self.body.visit_nodes_mut(&mut |node| visit(&mut node.span));
        self.body.visit_expressions_mut(&mut |expr| visit(&mut expr.span));
        for hook in &mut self.hooks {
            visit(&mut hook.span);
            hook.body.body.visit_nodes_mut(&mut |node| visit(&mut node.span));
            hook.body.visit_expressions_mut(&mut |expr| visit(&mut expr.span));
        }
    }

    fn remove_spans(&mut self) {
        self.visit_spans_mut(&mut |span| *span = None);
    }
}
