//! Tasks and pipelines with type parameters: each list of types that their calls give makes one of its own, with a name that
//! is made of these types. What isn't reached from an entry makes none.

use foldhash::HashMap;
use indexmap::IndexMap;
use petgraph::algo::toposort;
use petgraph::graphmap::DiGraphMap;
use pipec_ir as ir;

use super::effects;
use super::names::UniqueNames;
use super::program::{Entry, Inputs, launches};
use super::types::Types;
use crate::hir;

/// What type parameters stand for, as the IR knows it.
pub(super) type Arguments = Vec<ir::Type>;

/// A pipeline with what its type parameters stand for.
#[derive(Clone, Debug)]
pub(super) struct Instance {
    pub(super) pipeline: hir::PipelineId,
    pub(super) arguments: Arguments,
}

/// Equal for the same types.
type Key = (hir::PipelineId, String);

/// The pipelines that come along, and their names.
#[derive(Debug, Default)]
pub(super) struct Instances {
    /// Those that are called before those that call them.
    pub(super) order: Vec<Instance>,
    names: HashMap<Key, ir::PipelineId>,
}

impl Instances {
    pub(super) fn name(&self, pipeline: hir::PipelineId, arguments: &[ir::Type]) -> ir::PipelineId {
        let known = self.names.get(&(pipeline, key(arguments)));
        known.cloned().unwrap_or_else(|| panic!("the pipeline {pipeline:?} wasn't found to be reachable"))
    }
}

/// The text of types, equal for the same types.
pub(super) fn key(arguments: &[ir::Type]) -> String {
    let texts: Vec<String> = arguments.iter().map(ir::describe).collect();
    texts.join(", ")
}

/// `first` with what its type parameters stand for: `first-int`, `first-list-Sample`.
pub(super) fn name(plain: &str, arguments: &[ir::Type]) -> String {
    arguments.iter().fold(plain.to_owned(), |name, argument| format!("{name}-{}", word(argument)))
}

/// A type in a name. What words can't say is told apart by a digest.
fn word(ty: &ir::Type) -> String {
    match ty {
        ir::Type::Bool => "bool".to_owned(),
        ir::Type::Int { min: None, max: None } => "int".to_owned(),
        ir::Type::Int { .. } => with_digest("int", ty),
        ir::Type::Float { min: None, max: None } => "float".to_owned(),
        ir::Type::Float { .. } => with_digest("float", ty),
        ir::Type::String { pattern: None } => "string".to_owned(),
        ir::Type::String { .. } => with_digest("string", ty),
        ir::Type::Duration => "duration".to_owned(),
        ir::Type::Quantity => "quantity".to_owned(),
        ir::Type::Json => "json".to_owned(),
        ir::Type::Secret => "secret".to_owned(),
        ir::Type::Enum { name } | ir::Type::Record { name } if is_short_word(name) => name.clone(),
        ir::Type::Enum { .. } => with_digest("enum", ty),
        ir::Type::Record { .. } => with_digest("record", ty),
        ir::Type::List { item } => within("list", item, ty),
        ir::Type::Map { value } => within("map", value, ty),
        ir::Type::Optional { of } => within("optional", of, ty),
        ir::Type::File { format: None } => "file".to_owned(),
        ir::Type::Dir { format: None } => "dir".to_owned(),
        ir::Type::File { format: Some(format) } if is_short_word(format) => format!("file-{format}"),
        ir::Type::Dir { format: Some(format) } if is_short_word(format) => format!("dir-{format}"),
        ir::Type::File { .. } => with_digest("file", ty),
        ir::Type::Dir { .. } => with_digest("dir", ty),
        ir::Type::Table { .. } => with_digest("table", ty),
        ir::Type::Timestamp => "timestamp".to_owned(),
        ir::Type::Date => "date".to_owned(),
        ir::Type::Decimal => "decimal".to_owned(),
    }
}

fn within(outer: &str, inner: &ir::Type, whole: &ir::Type) -> String {
    let inner = word(inner);
    if inner.len() <= LONGEST_WORD { format!("{outer}-{inner}") } else { with_digest(outer, whole) }
}

const LONGEST_WORD: usize = 24;

fn is_short_word(name: &str) -> bool {
    name.len() <= LONGEST_WORD && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn with_digest(word: &str, ty: &ir::Type) -> String {
    let digest = ir::sha256_hex(ir::describe(ty).as_bytes());
    format!("{word}-{}", &digest[..8])
}

/// Everything that is reachable from what is compiled.
pub(super) fn reachable<'a>(program: &'a hir::Program, inputs: &Inputs, types: &mut Types<'a>) -> Instances {
    let mut walk = Walk { program, found: IndexMap::new(), graph: DiGraphMap::new() };
    let mut open: Vec<Instance> = wanted(program, inputs, types);
    open.reverse();
    let mut seen: Vec<bool> = Vec::new();
    while let Some(instance) = open.pop() {
        let caller = walk.index(&instance);
        seen.resize(walk.found.len(), false);
        if std::mem::replace(&mut seen[caller], true) {
            continue;
        }
        for callee in walk.callees(&instance, types) {
            let to = walk.index(&callee);
            walk.graph.add_edge(to, caller, ());
            open.push(callee);
        }
    }
    walk.named(types)
}

/// What an entry asks for by itself, in source order.
fn wanted<'a>(program: &'a hir::Program, inputs: &Inputs, types: &mut Types<'a>) -> Vec<Instance> {
    let plain = |pipeline: hir::PipelineId| Instance { pipeline, arguments: Vec::new() };
    let own = |(index, pipeline): (u32, &hir::Pipeline)| {
        let is_wanted = pipeline.module == hir::ENTRY_MODULE && pipeline.type_parameters.is_empty();
        is_wanted.then_some(hir::PipelineId(index))
    };
    let mut wanted: Vec<Instance> = match inputs.entry {
        _ if inputs.everything => (0u32..).zip(&program.pipelines).filter_map(own).map(plain).collect(),
        Entry::Pipeline(id) => vec![plain(id)],
        Entry::Launch(_) => Vec::new(),
    };
    for launch in launches(program, inputs) {
        let launch = &program.launches[launch.index()];
        let Some(pipeline) = launch.pipeline else { continue };
        let arguments = launch.type_arguments.iter().map(|ty| types.lower(ty)).collect();
        wanted.push(Instance { pipeline, arguments });
    }
    wanted
}

struct Walk<'a> {
    program: &'a hir::Program,
    found: IndexMap<Key, Instance>,
    /// From those that are called to those that call them, by index.
    graph: DiGraphMap<usize, ()>,
}

impl<'a> Walk<'a> {
    fn index(&mut self, instance: &Instance) -> usize {
        let entry = self.found.entry((instance.pipeline, key(&instance.arguments)));
        let index = entry.index();
        entry.or_insert_with(|| instance.clone());
        self.graph.add_node(index);
        index
    }

    fn callees(&self, caller: &Instance, types: &mut Types<'a>) -> Vec<Instance> {
        let pipeline = &self.program.pipelines[caller.pipeline.index()];
        let mut calls: Vec<&'a hir::Call> = Vec::new();
        effects::for_each_call(&pipeline.body, &mut |call| calls.push(call));
        pipeline
            .hooks
            .iter()
            .for_each(|hook| effects::for_each_call(&hook.body, &mut |call| calls.push(call)));
        types.within(&pipeline.type_parameters, &caller.arguments, |types| {
            let callee = |call: &&hir::Call| match call.callee {
                hir::Callee::Task(_) => None,
                hir::Callee::Pipeline(pipeline) => {
                    let arguments = call.type_arguments.iter().map(|ty| types.lower(ty)).collect();
                    Some(Instance { pipeline, arguments })
                }
            };
            calls.iter().filter_map(callee).collect()
        })
    }

    fn named(self, types: &Types<'a>) -> Instances {
        let order = toposort(&self.graph, None);
        let order = order.unwrap_or_else(|_| panic!("pipelines call each other in a circle"));
        let order = order.into_iter().map(|index| self.found[index].clone()).collect();
        let plain = |pipeline: &hir::Pipeline| types.names().qualified(pipeline.module, &pipeline.name);
        let mut taken = UniqueNames::default();
        // Their own names come first, so that no instance takes one.
        self.program.pipelines.iter().for_each(|pipeline| drop(taken.take(&plain(pipeline))));
        let mut names = HashMap::default();
        for (key, instance) in self.found {
            let plain = plain(&self.program.pipelines[instance.pipeline.index()]);
            let name = match instance.arguments.as_slice() {
                [] => plain,
                arguments => taken.take(&name(&plain, arguments)),
            };
            names.insert(key, ir::PipelineId(name));
        }
        Instances { order, names }
    }
}
