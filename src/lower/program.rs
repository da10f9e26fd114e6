//! Everything that is reachable from what is compiled: pipelines, tasks, launches.

use foldhash::HashMap;
use pipec_ir as ir;

use super::bodies::Bodies;
use super::capture::{CaptureError, Captures};
use super::expressions;
use super::instances::{self, Arguments, Instance, Instances};
use super::names::Names;
use super::settings;
use super::surroundings::TaskSurroundings;
use super::tasks::Tasks;
use super::types::Types;
use crate::hir;
use crate::source::{Project, SourceMap, Span};
use crate::syntax::ast::RawBlock;

/// What lowering needs beside the program.
#[derive(Debug)]
pub struct Inputs<'a> {
    pub project: &'a Project<'a>,
    pub sources: &'a SourceMap,
    /// The file stems of the program's modules, in order.
    pub stems: Vec<String>,
    /// The compiled file's stem.
    pub name: String,
    /// What runs when nothing else is named.
    pub entry: Entry,
    /// Whether the compiled file's other pipelines and launches come along.
    pub everything: bool,
}

/// The IR knows the files from the compiled one on; the prelude before it is no file.
const FIRST_SOURCE: usize = 1;

/// What a run starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    Pipeline(hir::PipelineId),
    Launch(hir::LaunchId),
}

/// A program without findings → IR.
///
/// # Errors
/// Files that could not be captured.
///
/// # Panics
/// On a program with findings.
pub fn lower(program: &hir::Program, inputs: &Inputs) -> Result<ir::Program, Vec<CaptureError>> {
    let mut types = Types::new(program, Names::new(program, inputs.stems.iter().cloned()));
    let mut lowering = Lowering::new(program, inputs);
    let instances = instances::reachable(program, inputs, &mut types);
    let order = instances.order.clone();
    lowering.instances = instances;
    for instance in &order {
        let parameters = &program.pipelines[instance.pipeline.index()].type_parameters;
        let lowered =
            types.within(parameters, &instance.arguments, |types| lowering.pipeline(instance, types));
        let id = lowering.pipeline_id(instance.pipeline, &instance.arguments);
        lowering.output.pipelines.insert(id, lowered);
    }
    for launch in launches(program, inputs) {
        let lowered = lowering.launch(launch, &mut types);
        lowering.output.launches.insert(program.launches[launch.index()].name.clone(), lowered);
    }
    lowering.finish(types)
}

/// The state of one lowering.
pub(super) struct Lowering<'a> {
    pub(super) program: &'a hir::Program,
    pub(super) output: ir::Program,
    pub(super) tasks: Tasks,
    captures: Captures<'a>,
    sources: &'a SourceMap,
    instances: Instances,
}

impl<'a> Lowering<'a> {
    fn new(program: &'a hir::Program, inputs: &Inputs<'a>) -> Lowering<'a> {
        let names = Names::new(program, inputs.stems.iter().cloned());
        let entry = match inputs.entry {
            Entry::Pipeline(id) => {
                let pipeline = &program.pipelines[id.index()];
                ir::Entry::Pipeline(ir::PipelineId(names.qualified(pipeline.module, &pipeline.name)))
            }
            Entry::Launch(id) => ir::Entry::Launch(program.launches[id.index()].name.clone()),
        };
        let output = ir::Program {
            ir: ir::VERSION.to_owned(),
            features: Vec::new(),
            name: inputs.name.clone(),
            doc: program.modules[hir::ENTRY_MODULE.index()].doc.clone(),
            sources: inputs
                .sources
                .files()
                .skip(FIRST_SOURCE)
                .map(|(_, file)| file.name().to_owned())
                .collect(),
            entry,
            types: Default::default(),
            formats: Default::default(),
            tasks: Default::default(),
            pipelines: Default::default(),
            launches: Default::default(),
            blobs: Default::default(),
        };
        Lowering {
            program,
            output,
            tasks: Tasks::default(),
            captures: Captures::new(inputs.project),
            sources: inputs.sources,
            instances: Instances::default(),
        }
    }

    fn finish(mut self, types: Types) -> Result<ir::Program, Vec<CaptureError>> {
        let errors = std::mem::take(&mut self.captures.errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        self.output.types = types.table;
        self.output.formats = types.formats;
        self.output.blobs = self.captures.into_blobs();
        ir::set_pipeline_identities(&mut self.output);
        Ok(self.output)
    }

    pub(super) fn capture(&mut self, artifact: &hir::Artifact) -> ir::ArtifactRef {
        self.captures.artifact(artifact)
    }

    pub(super) fn task_files(&mut self, task: &hir::Task) -> Vec<ir::CapturedEntry> {
        let mut entries: Vec<ir::CapturedEntry> = Vec::new();
        for file in &task.files {
            entries.extend(self.captures.delivered(&file.path, &file.place));
        }
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        entries.dedup_by(|a, b| a.path == b.path);
        entries
    }

    pub(super) fn place(&self, span: Span) -> Option<ir::Span> {
        let file = span.file.0.checked_sub(FIRST_SOURCE as u32)?;
        let position = self.sources.position(span);
        Some(ir::Span {
            file,
            start: span.start,
            end: span.end,
            line: position.line,
            column: position.column,
        })
    }

    /// Where a block's first line of text begins.
    pub(super) fn block_place(&self, block: &RawBlock) -> Option<ir::Span> {
        let start = block.line_starts.first().copied().unwrap_or(block.span.start);
        self.place(Span { start, ..block.span })
    }

    pub(super) fn pipeline_id(&self, id: hir::PipelineId, arguments: &[ir::Type]) -> ir::PipelineId {
        self.instances.name(id, arguments)
    }

    pub(super) fn type_parameters(&self, callee: hir::Callee) -> &'a [hir::TypeParameterId] {
        match callee {
            hir::Callee::Task(id) => &self.program.tasks[id.index()].type_parameters,
            hir::Callee::Pipeline(id) => &self.program.pipelines[id.index()].type_parameters,
        }
    }

    pub(super) fn callee_name(&self, callee: hir::Callee) -> &'a str {
        match callee {
            hir::Callee::Task(id) => &self.program.tasks[id.index()].name,
            hir::Callee::Pipeline(id) => &self.program.pipelines[id.index()].name,
        }
    }

    pub(super) fn parameters(&self, callee: hir::Callee) -> &'a [hir::Parameter] {
        match callee {
            hir::Callee::Task(id) => &self.program.tasks[id.index()].parameters,
            hir::Callee::Pipeline(id) => &self.program.pipelines[id.index()].parameters,
        }
    }

    pub(super) fn has_named_outputs(&self, callee: hir::Callee) -> bool {
        let results = match callee {
            hir::Callee::Task(id) => &self.program.tasks[id.index()].results,
            hir::Callee::Pipeline(id) => &self.program.pipelines[id.index()].results,
        };
        matches!(results, hir::Results::Named(_))
    }

    pub(super) fn parameter(
        &mut self,
        parameter: &'a hir::Parameter,
        types: &mut Types<'a>,
    ) -> ir::Parameter {
        let ty = types.lower(&parameter.ty);
        let default = parameter.default.as_ref().map(|default| {
            let value = expressions::lower(default, types, &mut TaskSurroundings::of_constants(self));
            expressions::widened(value, &ty, types)
        });
        ir::Parameter {
            name: parameter.name.clone(),
            ty,
            role: ir::Role::Program,
            default,
            doc: parameter.doc.clone(),
            span: self.place(parameter.span),
        }
    }

    pub(super) fn results(&self, results: &hir::Results, types: &mut Types) -> ir::Results {
        match results {
            hir::Results::None => ir::Results::None,
            hir::Results::Single { ty, span } => ir::Results::Single(ir::Output {
                name: "out".to_owned(),
                ty: types.lower(ty),
                doc: None,
                span: self.place(*span),
            }),
            hir::Results::Named(fields) => ir::Results::Named(
                fields
                    .iter()
                    .map(|field| ir::Output {
                        name: field.name.clone(),
                        ty: types.lower(&field.ty),
                        doc: field.doc.clone(),
                        span: self.place(field.span),
                    })
                    .collect(),
            ),
        }
    }

    fn pipeline(&mut self, instance: &Instance, types: &mut Types<'a>) -> ir::Pipeline {
        let program = self.program;
        let pipeline = &program.pipelines[instance.pipeline.index()];
        let inputs: Vec<ir::Parameter> =
            pipeline.parameters.iter().map(|parameter| self.parameter(parameter, types)).collect();
        let results = self.results(&pipeline.results, types);
        let value_type = pipeline.body.value.as_ref().and_then(|value| value.ty.as_ref());
        let value_type = match results {
            ir::Results::None => None,
            ir::Results::Single(_) | ir::Results::Named(_) => value_type.map(|ty| types.lower(ty)),
        };
        let mut bodies = Bodies::new(self, &pipeline.locals);
        for (parameter, input) in pipeline.parameters.iter().zip(&inputs) {
            bodies.parameter(parameter.local, input.ty.clone());
        }
        let hooks: Vec<(ir::HookEvent, ir::Region, Span)> =
            pipeline.hooks.iter().map(|hook| (hook.event, bodies.hook(hook, types), hook.span)).collect();
        let body = bodies.body(&pipeline.body, value_type.as_ref(), types);
        let hook = |(event, body, span)| ir::Hook { event, body, span: self.place(span) };
        ir::Pipeline {
            name: pipeline.name.clone(),
            doc: pipeline.doc.clone(),
            inputs,
            results,
            body,
            hooks: hooks.into_iter().map(hook).collect(),
            identity: String::new(),
            span: self.place(pipeline.span),
        }
    }

    fn launch(&mut self, id: hir::LaunchId, types: &mut Types<'a>) -> ir::Launch {
        let program = self.program;
        let launch = &program.launches[id.index()];
        let Some(pipeline) = launch.pipeline else { panic!("the launch `{}` has no pipeline", launch.name) };
        let given: HashMap<u32, &'a hir::Expr> =
            launch.arguments.iter().map(|(index, value)| (*index, value)).collect();
        let declared = &program.pipelines[pipeline.index()];
        let instance: Arguments = launch.type_arguments.iter().map(|ty| types.lower(ty)).collect();
        let arguments = types.within(&declared.type_parameters, &instance, |types| {
            let argument = |(index, parameter): (u32, &'a hir::Parameter)| {
                let value = given.get(&index).copied().or(parameter.default.as_ref());
                let Some(value) = value else { panic!("the argument `{}` is missing", parameter.name) };
                let ty = types.lower(&parameter.ty);
                let value = expressions::lower(value, types, &mut TaskSurroundings::of_constants(self));
                ir::Argument { name: parameter.name.clone(), value: expressions::widened(value, &ty, types) }
            };
            (0u32..).zip(&declared.parameters).map(argument).collect()
        });
        let flat = settings::flatten(&launch.settings, types, &mut TaskSurroundings::of_constants(self));
        let mut lowered = settings::launch(&flat, types);
        lowered.doc = launch.doc.clone();
        lowered.pipeline = self.pipeline_id(pipeline, &instance);
        lowered.arguments = arguments;
        lowered.span = self.place(launch.span);
        lowered
    }
}

/// The launches that come along, in source order.
pub(super) fn launches(program: &hir::Program, inputs: &Inputs) -> Vec<hir::LaunchId> {
    let own = |(index, launch): (u32, &hir::Launch)| {
        (launch.module == hir::ENTRY_MODULE).then_some(hir::LaunchId(index))
    };
    match inputs.entry {
        _ if inputs.everything => (0u32..).zip(&program.launches).filter_map(own).collect(),
        Entry::Launch(id) => vec![id],
        Entry::Pipeline(_) => Vec::new(),
    }
}
