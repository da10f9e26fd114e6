//! Which tasks must say where their artifacts are. An artifact that goes straight from one step to another of the same
//! DAG is handed on by Argo itself; any other is known by its key.

use foldhash::{HashMap, HashSet};
use pipec_ir::{
    Argument, Body, Call, Callee, Expr, ExprKind, MapSource, Node, NodeId, NodeKind, PipelineId, Program,
    Region, Role, Task, TaskId, Type,
};

use super::artifacts::artifact_inputs;
use super::wire::holds_artifacts;

/// The nodes of one body.
pub(crate) type Nodes<'b> = HashMap<&'b NodeId, &'b Node>;

pub(crate) fn nodes_of(body: &Body) -> Nodes<'_> {
    body.nodes.iter().map(|node| (&node.id, node)).collect()
}

/// What is known about artifacts of a whole program.
#[derive(Debug, Default)]
pub(crate) struct Keyed {
    pub(crate) tasks: HashSet<TaskId>,
    /// Tasks that read lists of artifacts: these may have to be copied for each call, to a place of its own.
    copying: HashSet<TaskId>,
    /// Pipelines that call keyed or copying tasks, directly or not.
    pub(crate) pipelines: HashSet<PipelineId>,
    called: HashSet<PipelineId>,
    /// Keys travel with identities behind them.
    pub(crate) identified: bool,
}

impl Keyed {
    pub(crate) fn of(program: &Program) -> Keyed {
        let copying = program.tasks.iter().filter(|(_, task)| reads_lists(program, task));
        let mut keyed = Keyed {
            copying: copying.map(|(id, _)| id.clone()).collect(),
            identified: super::identities::are_needed(program),
            ..Keyed::default()
        };
        for pipeline in program.pipelines.values() {
            for_each_call(&pipeline.body, &mut |call| {
                if let Callee::Pipeline(id) = &call.callee {
                    keyed.called.insert(id.clone());
                }
            });
            for hook in &pipeline.hooks {
                for_each_call(&hook.body.body, &mut |call| {
                    if let Callee::Pipeline(id) = &call.callee {
                        keyed.called.insert(id.clone());
                    }
                });
            }
        }
        for (id, pipeline) in &program.pipelines {
            let exported = !keyed.called.contains(id);
            keyed.body(program, &pipeline.body, exported);
            for hook in &pipeline.hooks {
                keyed.body(program, &hook.body.body, false);
            }
        }
        // Pipelines that call others come after these.
        for (id, pipeline) in &program.pipelines {
            let hooks = || pipeline.hooks.iter().any(|hook| keyed.contains_keyed(&hook.body.body));
            if keyed.contains_keyed(&pipeline.body) || hooks() {
                keyed.pipelines.insert(id.clone());
            }
        }
        keyed
    }

    /// Whether a body calls keyed or copying tasks, directly or not: its steps have to know where they are.
    pub(crate) fn contains_keyed(&self, body: &Body) -> bool {
        let mut found = false;
        for_each_call(body, &mut |call| {
            found |= match &call.callee {
                Callee::Task(id) => self.tasks.contains(id) || self.copying.contains(id),
                Callee::Pipeline(id) => self.pipelines.contains(id),
            };
        });
        found
    }

    fn body(&mut self, program: &Program, body: &Body, exported: bool) {
        let nodes = &nodes_of(body);
        for node in &body.nodes {
            match &node.kind {
                NodeKind::Call(call) => self.call(program, nodes, call),
                NodeKind::Let(expr) => self.expr(program, nodes, expr),
                NodeKind::Branch { condition, then, otherwise } => {
                    self.expr(program, nodes, condition);
                    self.region(program, nodes, then);
                    if let Some(otherwise) = otherwise {
                        self.region(program, nodes, otherwise);
                    }
                }
                NodeKind::Match { subject, arms } => {
                    self.expr(program, nodes, subject);
                    for arm in arms {
                        self.region(program, nodes, &arm.body);
                    }
                }
                NodeKind::Map { source, body: inner, .. } => {
                    for list in sources(source) {
                        self.expr(program, nodes, list);
                    }
                    self.region(program, nodes, inner);
                }
                NodeKind::Repeat { first, body: inner, .. } => {
                    self.expr(program, nodes, first);
                    self.region(program, nodes, inner);
                }
                NodeKind::Try { body: inner } => self.region(program, nodes, inner),
                NodeKind::Approve { message, timeout } => {
                    self.expr(program, nodes, message);
                    if let Some(timeout) = timeout {
                        self.expr(program, nodes, timeout);
                    }
                }
                NodeKind::Sleep { duration } => self.expr(program, nodes, duration),
            }
        }
        if let Some(value) = &body.value {
            let results: Vec<&Expr> = if let ExprKind::Record(fields) = &value.kind {
                fields.iter().map(|(_, field)| field).collect()
            } else {
                vec![value]
            };
            for result in results {
                if !exported || direct(nodes, result).is_none() {
                    self.expr(program, nodes, result);
                }
            }
        }
    }

    fn region(&mut self, program: &Program, outer: &Nodes<'_>, region: &Region) {
        for input in &region.inputs {
            self.expr(program, outer, &input.value);
        }
        self.body(program, &region.body, false);
    }

    fn call(&mut self, program: &Program, nodes: &Nodes<'_>, call: &Call) {
        // A cached step is told what its artifacts are.
        let to_task = match &call.callee {
            Callee::Task(id) => !super::identities::asks_identities(program, &program.tasks[id]),
            Callee::Pipeline(_) => false,
        };
        for Argument { value, .. } in &call.arguments {
            if !(to_task && direct(nodes, value).is_some()) {
                self.expr(program, nodes, value);
            }
        }
    }

    /// Marks what an expression refers to.
    fn expr(&mut self, program: &Program, nodes: &Nodes<'_>, expr: &Expr) {
        match &expr.kind {
            ExprKind::Output { node, .. } => {
                if holds_artifacts(&expr.ty, &program.types) {
                    self.mark(nodes, node);
                }
            }
            ExprKind::Field { of, .. }
            | ExprKind::OptionalField { of, .. }
            | ExprKind::Project { of, .. } => {
                // A value picked from a record needs no key of the artifacts beside it.
                let picked_value = !holds_artifacts(&expr.ty, &program.types);
                if !(picked_value && matches!(of.kind, ExprKind::Output { .. })) {
                    self.expr(program, nodes, of);
                }
            }
            ExprKind::Const(_) | ExprKind::Artifact(_) | ExprKind::Secret { .. } => {}
            ExprKind::Input(_) | ExprKind::Run(_) => {}
            ExprKind::List(items) | ExprKind::Interpolate(items) => {
                items.iter().for_each(|item| self.expr(program, nodes, item));
            }
            ExprKind::Record(fields) | ExprKind::Map(fields) | ExprKind::Variant { fields, .. } => {
                fields.iter().for_each(|(_, field)| self.expr(program, nodes, field));
            }
            ExprKind::Index { of, index } => {
                self.expr(program, nodes, of);
                self.expr(program, nodes, index);
            }
            ExprKind::Unary { operand, .. } => self.expr(program, nodes, operand),
            ExprKind::Binary { left, right, .. } => {
                self.expr(program, nodes, left);
                self.expr(program, nodes, right);
            }
            ExprKind::If { condition, then, otherwise } => {
                self.expr(program, nodes, condition);
                self.expr(program, nodes, then);
                self.expr(program, nodes, otherwise);
            }
            ExprKind::Match { subject, arms } => {
                self.expr(program, nodes, subject);
                arms.iter().for_each(|arm| self.expr(program, nodes, &arm.value));
            }
            ExprKind::Call { args, .. } => args.iter().for_each(|arg| self.expr(program, nodes, arg)),
            ExprKind::Widen(inner) | ExprKind::Refine(inner) | ExprKind::Narrow(inner) => {
                self.expr(program, nodes, inner);
            }
        }
    }

    fn mark(&mut self, nodes: &Nodes<'_>, node: &NodeId) {
        let Some(found) = nodes.get(node) else { return };
        if let NodeKind::Call(Call { callee: Callee::Task(task), .. }) = &found.kind {
            self.tasks.insert(task.clone());
        }
    }
}

fn reads_lists(program: &Program, task: &Task) -> bool {
    let inputs = task.inputs.iter().filter(|input| input.role == Role::Program);
    let mut artifacts =
        inputs.flat_map(|input| artifact_inputs(&input.name, &input.ty, &program.types, &program.formats));
    artifacts.any(|artifact| artifact.is_list())
}

/// An expression without the conversions around it.
pub(crate) fn unwidened(mut expr: &Expr) -> &Expr {
    while let ExprKind::Widen(inner) = &expr.kind {
        expr = inner;
    }
    expr
}

/// The task call and the output of which an expression is the plain artifact.
pub(crate) fn direct<'b>(nodes: &Nodes<'_>, expr: &'b Expr) -> Option<(&'b NodeId, &'b str)> {
    let plain = |ty: &Type| matches!(ty, Type::File { .. } | Type::Dir { .. } | Type::Table { .. });
    if !plain(&expr.ty) {
        return None;
    }
    let current = unwidened(expr);
    if !plain(&current.ty) {
        return None;
    }
    let (node, output) = if let ExprKind::Output { node, output } = &current.kind {
        (node, output.as_deref().unwrap_or("out"))
    } else if let ExprKind::Field { of, field } = &current.kind
        && let ExprKind::Output { node, output: None } = &of.kind
    {
        (node, field.as_str())
    } else {
        return None;
    };
    let found = nodes.get(node)?;
    matches!(found.kind, NodeKind::Call(Call { callee: Callee::Task(_), .. })).then_some((node, output))
}

pub(crate) fn sources(source: &MapSource) -> Vec<&Expr> {
    match source {
        MapSource::List { list, .. } => vec![list],
        MapSource::Product(lists) | MapSource::Zip(lists) => lists.iter().map(|(_, list)| list).collect(),
    }
}

fn for_each_call(body: &Body, visit: &mut impl FnMut(&Call)) {
    for node in &body.nodes {
        match &node.kind {
            NodeKind::Call(call) => visit(call),
            NodeKind::Let(_) | NodeKind::Approve { .. } | NodeKind::Sleep { .. } => {}
            NodeKind::Branch { then, otherwise, .. } => {
                for_each_call(&then.body, visit);
                if let Some(otherwise) = otherwise {
                    for_each_call(&otherwise.body, visit);
                }
            }
            NodeKind::Match { arms, .. } => arms.iter().for_each(|arm| for_each_call(&arm.body.body, visit)),
            NodeKind::Map { body, .. } | NodeKind::Repeat { body, .. } | NodeKind::Try { body } => {
                for_each_call(&body.body, visit);
            }
        }
    }
}
