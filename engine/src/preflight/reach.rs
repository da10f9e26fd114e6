//! Which tasks and pipelines a run may get to, and their expressions.

use std::collections::HashSet;

use pipec_ir::{
    Body, Call, Callee, Expr, Node, NodeKind, Pipeline, PipelineId, Program, Run, Task, TaskId, VolumeSource,
};

use crate::inputs::Entry;

#[derive(Debug)]
pub(super) struct Reach<'a> {
    entry: Entry<'a>,
    /// Inputs of the entry that are given: their defaults don't matter.
    given: Vec<String>,
    /// The entry first; each once.
    pub(super) pipelines: Vec<&'a Pipeline>,
    /// In the order in which they are called; each once.
    pub(super) tasks: Vec<&'a Task>,
}

impl<'a> Reach<'a> {
    pub(super) fn of(program: &'a Program, entry: Entry<'a>, given: Vec<String>) -> Reach<'a> {
        let mut reach = Reach { entry, given, pipelines: vec![entry.pipeline], tasks: Vec::new() };
        let mut pipelines: HashSet<&PipelineId> = HashSet::new();
        let mut tasks: HashSet<&TaskId> = HashSet::new();
        let mut next = 0;
        while let Some(pipeline) = reach.pipelines.get(next).copied() {
            next += 1;
            for body in bodies(pipeline) {
                body.visit_nodes(&mut |node: &'a Node| {
                    let NodeKind::Call(Call { callee, .. }) = &node.kind else { return };
                    match callee {
                        Callee::Task(id) => {
                            if let Some(task) = program.tasks.get(id).filter(|_| tasks.insert(id)) {
                                reach.tasks.push(task);
                            }
                        }
                        Callee::Pipeline(id) => {
                            let called = program.pipelines.get(id).filter(|_| pipelines.insert(id));
                            if let Some(called) =
                                called.filter(|called| !std::ptr::eq(*called, entry.pipeline))
                            {
                                reach.pipelines.push(called);
                            }
                        }
                    }
                });
            }
        }
        reach
    }

    /// Every expression that the run may evaluate, with all in it, and in whose declaration it stands.
    pub(super) fn visit_expressions(&self, visit: &mut dyn FnMut(&'a str, &'a Expr)) {
        for parameter in
            self.entry.pipeline.inputs.iter().filter(|parameter| !self.given.contains(&parameter.name))
        {
            let fixed = self
                .entry
                .launch
                .and_then(|launch| launch.arguments.iter().find(|argument| argument.name == parameter.name));
            if let Some(expr) = fixed.map(|argument| &argument.value).or(parameter.default.as_ref()) {
                expr.visit(&mut |expr| visit(self.entry.name, expr));
            }
        }
        for pipeline in &self.pipelines {
            for hook in &pipeline.hooks {
                let inputs = &hook.body.inputs;
                inputs.iter().for_each(|input| input.value.visit(&mut |expr| visit(&pipeline.name, expr)));
            }
            for body in bodies(pipeline) {
                body.visit_expressions(&mut |expr| visit(&pipeline.name, expr));
            }
        }
        for task in &self.tasks {
            for expr in task_expressions(task) {
                expr.visit(&mut |expr| visit(&task.name, expr));
            }
        }
    }
}

/// A pipeline's own body and those of its hooks.
pub(super) fn bodies(pipeline: &Pipeline) -> impl Iterator<Item = &Body> {
    std::iter::once(&pipeline.body).chain(pipeline.hooks.iter().map(|hook| &hook.body.body))
}

fn task_expressions(task: &Task) -> Vec<&Expr> {
    let settings = &task.settings;
    let resources = &settings.resources;
    let mut found: Vec<&Expr> = match &task.run {
        Run::Command(elements) => elements.iter().collect(),
        Run::Script { .. } => Vec::new(),
    };
    found.extend(settings.env.values().chain(settings.secrets.values()));
    found.extend(settings.timeout.iter().chain(&settings.shm_size));
    found.extend(resources.cpu.iter().chain(&resources.memory).chain(&resources.gpu));
    found.extend(
        resources.ephemeral_storage.iter().chain(&resources.cpu_limit).chain(&resources.memory_limit),
    );
    found.extend(settings.volumes.iter().filter_map(|volume| match &volume.source {
        VolumeSource::Scratch { size } => Some(size),
        VolumeSource::Claim { .. } => None,
    }));
    found
}
