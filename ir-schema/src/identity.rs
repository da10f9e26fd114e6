//! Identities: what a task or a pipeline does, as a digest that caches, run records and lineage are keyed by.
//!
//! An identity is the sha256 of a JSON text. A task's tells of its program, files, image, `env`, secrets, volumes, and of
//! the interface that the program sees, with the definitions of the types it names; not of resources,
//! retries, timeouts, placement, docs, defaults or places in the source. A pipeline's tells of its interface, its body
//! and hooks, and of the identities of what it calls.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::BufWriter;

use foldhash::HashSet;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::expr::{Expr, ExprKind};
use crate::program::{
    Body, Callee, CapturedEntry, Hook, NodeKind, Parameter, Pipeline, Program, Results, Role, Run, Task,
    Volume, VolumeSource,
};
use crate::types::{Type, TypeDef, TypeTable};

/// The sha256 of bytes, in hex: how files, artifacts and definitions are identified.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

#[derive(Serialize)]
struct TaskContent<'a> {
    identity: &'static str,
    run: &'a Run,
    files: &'a [CapturedEntry],
    image: &'a Option<String>,
    env: BTreeMap<&'a String, &'a Expr>,
    secrets: BTreeMap<&'a String, &'a Expr>,
    volumes: Vec<(&'a str, Option<&'a str>, bool)>,
    inputs: Vec<(&'a String, &'a Type)>,
    results: Vec<(&'a String, &'a Type)>,
    named: bool,
    definitions: Definitions<'a>,
}

#[derive(Serialize)]
struct PipelineContent<'a> {
    identity: &'static str,
    inputs: Vec<(&'a String, &'a Type)>,
    results: Vec<(&'a String, &'a Type)>,
    named: bool,
    body: &'a Body,
    hooks: &'a [Hook],
    calls: BTreeMap<&'a str, &'a str>,
    definitions: Definitions<'a>,
}

/// Named types without their documentation.
#[derive(Default, Serialize)]
#[serde(transparent)]
struct Definitions<'a> {
    types: BTreeMap<&'a str, TypeDef>,
}

impl Task {
    /// The inputs that decide what the program gives, and so belong to a cache key: those that it sees, and those that
    /// `env` and `secrets` refer to.
    pub fn inputs_in_key(&self) -> Vec<&Parameter> {
        let mut used = HashSet::default();
        for expr in self.settings.env.values().chain(self.settings.secrets.values()) {
            expr.visit(&mut |part| {
                if let ExprKind::Input(name) = &part.kind {
                    used.insert(name);
                }
            });
        }
        let is_in_key = |input: &&Parameter| match input.role {
            Role::Program => true,
            Role::Setting => used.contains(&input.name),
        };
        self.inputs.iter().filter(is_in_key).collect()
    }
}

/// A task's identity. It doesn't depend on the `identity` field.
pub fn task_identity(task: &Task, types: &TypeTable) -> String {
    let mut task = task.clone();
    task.remove_spans();
    let inputs = task.inputs_in_key();
    let mut definitions = Definitions::default();
    inputs.iter().for_each(|input| definitions.add(&input.ty, types));
    task.results.outputs().iter().for_each(|output| definitions.add(&output.ty, types));
    digest(&TaskContent {
        identity: "pipec task 1",
        run: &task.run,
        files: &task.files,
        image: &task.settings.image,
        env: task.settings.env.iter().collect(),
        secrets: task.settings.secrets.iter().collect(),
        volumes: task.settings.volumes.iter().map(mounted).collect(),
        inputs: inputs.iter().map(|input| (&input.name, &input.ty)).collect(),
        results: outputs(&task.results),
        named: matches!(task.results, Results::Named(_)),
        definitions,
    })
}

/// A volume without its size, which bounds a run but doesn't change what it gives.
fn mounted(volume: &Volume) -> (&str, Option<&str>, bool) {
    let claim = match &volume.source {
        VolumeSource::Scratch { .. } => None,
        VolumeSource::Claim { claim } => Some(claim.as_str()),
    };
    (&volume.mount, claim, volume.read_only)
}

/// The identity of a pipeline without spans, with the identities of what it calls as they stand in the program.
fn pipeline_identity(pipeline: &Pipeline, program: &Program) -> String {
    let mut definitions = Definitions::default();
    pipeline.inputs.iter().for_each(|input| definitions.add(&input.ty, &program.types));
    pipeline.results.outputs().iter().for_each(|output| definitions.add(&output.ty, &program.types));
    let mut calls = BTreeMap::new();
    let bodies = std::iter::once(&pipeline.body).chain(pipeline.hooks.iter().map(|hook| &hook.body.body));
    for body in bodies {
        body.visit_nodes(&mut |node| {
            if let NodeKind::Call(call) = &node.kind {
                let (name, identity) = match &call.callee {
                    Callee::Task(id) => (&id.0, program.tasks.get(id).map(|task| &task.identity)),
                    Callee::Pipeline(id) => (&id.0, program.pipelines.get(id).map(|called| &called.identity)),
                };
                calls.insert(name.as_str(), identity.map_or("", String::as_str));
            }
        });
        body.visit_expressions(&mut |expr| definitions.add(&expr.ty, &program.types));
    }
    digest(&PipelineContent {
        identity: "pipec pipeline 1",
        inputs: pipeline.inputs.iter().map(|input| (&input.name, &input.ty)).collect(),
        results: outputs(&pipeline.results),
        named: matches!(pipeline.results, Results::Named(_)),
        body: &pipeline.body,
        hooks: &pipeline.hooks,
        calls,
        definitions,
    })
}

impl Program {
    /// Writes every task's and pipeline's `identity`.
    pub fn set_identities(&mut self) {
        let tasks: Vec<String> = self.tasks.values().map(|task| task_identity(task, &self.types)).collect();
        for (task, identity) in self.tasks.values_mut().zip(tasks) {
            task.identity = identity;
        }
        set_pipeline_identities(self);
    }
}

/// Writes every pipeline's `identity`; those of tasks are there. What is called stands before what calls it.
pub fn set_pipeline_identities(program: &mut Program) {
    for index in 0..program.pipelines.len() {
        // A copy without spans would cost more than to take them out for a moment.
        let mut spans = Vec::new();
        program.pipelines[index].visit_spans_mut(&mut |span| spans.push(span.take()));
        let identity = pipeline_identity(&program.pipelines[index], program);
        let pipeline = &mut program.pipelines[index];
        pipeline.identity = identity;
        let mut spans = spans.into_iter();
        pipeline.visit_spans_mut(&mut |span| *span = spans.next().flatten());
    }
}

/// A directory's identity: the sha256 of what `sha256sum` prints for its files, sorted by path as bytes.
pub fn directory_identity(entries: &[CapturedEntry]) -> String {
    let mut lines: Vec<(&str, &str)> = entries.iter().map(|entry| (&*entry.path, &*entry.sha256)).collect();
    lines.sort_unstable();
    let listing: String = lines.into_iter().map(|(path, sha256)| format!("{sha256}  {path}\n")).collect();
    sha256_hex(listing.as_bytes())
}

fn outputs(results: &Results) -> Vec<(&String, &Type)> {
    results.outputs().iter().map(|output| (&output.name, &output.ty)).collect()
}

fn digest(content: &impl Serialize) -> String {
    // One small write after another would spend its time in the hasher's bookkeeping.
    let mut writer = BufWriter::with_capacity(1 << 16, Sha256::new());
    serde_json::to_writer(&mut writer, content).expect("definitions can always be written as JSON");
    let hasher = writer.into_inner().expect("a hasher takes all bytes");
    hex(&hasher.finalize())
}

fn hex(digest: &[u8]) -> String {
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl<'a> Definitions<'a> {
    /// Adds every named type that `ty` is made of, columns of tables too.
    fn add(&mut self, ty: &'a Type, types: &'a TypeTable) {
        let mut open: Vec<&Type> = Vec::new();
        let mut next = Some(ty);
        while let Some(ty) = next {
            match ty {
                Type::List { item: inner } | Type::Map { value: inner } | Type::Optional { of: inner } => {
                    open.push(inner);
                }
                Type::Record { name } | Type::Enum { name } | Type::Table { row: name, .. } => {
                    self.add_named(name, types, &mut open)
                }
                Type::Bool
                | Type::Int { .. }
                | Type::Float { .. }
                | Type::String { .. }
                | Type::Duration
                | Type::Quantity
                | Type::Json
                | Type::Secret
                | Type::File { .. }
                | Type::Dir { .. }
                | Type::Timestamp
                | Type::Date
                | Type::Decimal => {}
            }
            next = open.pop();
        }
    }

    fn add_named(&mut self, name: &'a str, types: &'a TypeTable, open: &mut Vec<&'a Type>) {
        if self.types.contains_key(name) {
            return;
        }
        if let Some(definition) = types.get(name) {
            self.types.insert(name, definition.without_docs());
            open.extend(definition.fields().map(|field| &field.ty));
        }
    }
}
