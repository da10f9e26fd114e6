//! The templates of one `WorkflowTemplate`: each task and pipeline once, whoever calls it, and the helpers they need.

use std::collections::HashMap;

use pipec_ir::{Callee, Expr, ExprKind, Interpreter, PipelineId, Results, Run, Task, TaskId, Type};

use super::Context;
use super::dag::{Dag, Place};
use super::expression::NodeValue;
use super::manifest::{
    Arguments, Artifact, Dag as DagSpec, DagTask, Parameter, Suspend, Template, ValueFrom,
};
use super::program_files::ProgramFiles;
use super::step::shell_check;
use super::task::TaskTemplate;
use super::wire::is_all_artifacts;
use crate::Refusal;
use crate::names::{MAX_LABEL, Names};

/// How deep templates may call each other: Argo stops at 100.
const MAX_DEPTH: usize = 90;

/// Templates under construction.
pub(crate) struct Workflow<'a> {
    pub(crate) context: &'a Context<'a>,
    pub(crate) files: &'a mut ProgramFiles,
    names: Names,
    templates: Vec<Template>,
    tasks: HashMap<TaskId, String>,
    pipelines: HashMap<PipelineId, String>,
    same: Option<String>,
    no_time: Option<String>,
    pub(crate) download: Option<String>,
    pub(crate) collect: Option<String>,
    /// What a helper template does → its name.
    pub(crate) stored_templates: Vec<(String, String)>,
    depth: usize,
    pub(crate) refusals: Vec<Refusal>,
}

/// Names that mean something to Argo or to its expressions.
pub(crate) const RESERVED: &[&str] =
    &["not", "in", "if", "let", "else", "true", "false", "nil", "and", "or", "matches", "contains", "item"];

impl<'a> Workflow<'a> {
    pub(crate) fn new(context: &'a Context<'a>, files: &'a mut ProgramFiles) -> Workflow<'a> {
        Workflow {
            context,
            files,
            names: Names::avoiding(RESERVED),
            templates: Vec::new(),
            tasks: HashMap::new(),
            pipelines: HashMap::new(),
            same: None,
            no_time: None,
            download: None,
            collect: None,
            stored_templates: Vec::new(),
            depth: 0,
            refusals: Vec::new(),
        }
    }

    /// All templates, the first of them first.
    pub(crate) fn into_templates(self) -> (Vec<Template>, Vec<Refusal>) {
        (self.templates, self.refusals)
    }

    /// A name that no other template has.
    pub(crate) fn template_name(&mut self, wanted: &str) -> String {
        self.names.unique(wanted, MAX_LABEL)
    }

    /// Keeps a place, so that a template stands before those that it calls.
    pub(crate) fn reserve(&mut self) -> usize {
        self.templates.push(Template::default());
        self.templates.len() - 1
    }

    pub(crate) fn put(&mut self, place: usize, template: Template) {
        self.templates[place] = template;
    }

    pub(crate) fn push(&mut self, template: Template) {
        self.templates.push(template);
    }

    /// Runs something one level deeper, unless that is too deep.
    pub(crate) fn deeper<T>(
        &mut self,
        build: impl FnOnce(&mut Workflow<'a>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        if self.depth >= MAX_DEPTH {
            return Err(Refusal::new(
                "branches, loops and pipelines are nested too deeply for Argo, which stops at 100",
            ));
        }
        self.depth += 1;
        let built = build(self);
        self.depth -= 1;
        built
    }

    /// The template of what is called.
    pub(crate) fn callee(&mut self, callee: &'a Callee) -> Result<String, Refusal> {
        match callee {
            Callee::Task(id) => self.task(id),
            Callee::Pipeline(id) => self.deeper(|workflow| workflow.pipeline(id)),
        }
    }

    fn task(&mut self, id: &'a TaskId) -> Result<String, Refusal> {
        if let Some(name) = self.tasks.get(id) {
            return Ok(name.clone());
        }
        let name = self.template_name(&id.0);
        self.tasks.insert(id.clone(), name.clone());
        let keyed = self.context.keyed.tasks.contains(id);
        let task = &self.context.program.tasks[id];
        let checked = checked_outputs(self.context, task);
        if checked.is_empty() {
            let template = TaskTemplate::build(self.context, id, &name, keyed, self.files)?;
            self.push(template);
        } else {
            let place = self.reserve();
            let program = self.template_name(&format!("{name}-program"));
            let template = TaskTemplate::build(self.context, id, &program, keyed, self.files)?;
            let wrapper = self.checked_task(&name, task, &template, &checked);
            self.push(template);
            self.put(place, wrapper);
        }
        Ok(name)
    }

    /// A program, and then the check of what a shell can't check.
    fn checked_task(&mut self, name: &str, task: &Task, program: &Template, checked: &[String]) -> Template {
        let same = self.same();
        let mut arguments = Arguments::default();
        let mut inputs = Arguments::default();
        for parameter in &program.inputs.parameters {
            inputs.parameters.push(Parameter::named(&parameter.name));
            arguments.parameters.push(Parameter::value(
                &parameter.name,
                format!("{{{{inputs.parameters.{}}}}}", parameter.name),
            ));
        }
        for artifact in &program.inputs.artifacts {
            inputs.artifacts.push(Artifact {
                name: artifact.name.clone(),
                optional: artifact.optional,
                ..Artifact::default()
            });
            arguments.artifacts.push(Artifact {
                name: artifact.name.clone(),
                from: Some(format!("{{{{inputs.artifacts.{}}}}}", artifact.name)),
                optional: artifact.optional,
                ..Artifact::default()
            });
        }
        let mut tasks = vec![DagTask {
            name: "program".into(),
            template: program.name.clone(),
            arguments,
            ..DagTask::default()
        }];
        let mut outputs = Arguments::default();
        for output in task.results.outputs() {
            if !checked.contains(&output.name) {
                continue;
            }
            let text = format!("tasks['program'].outputs.parameters.{}", output.name);
            let what = format!("task {}: output {}", task.name, output.name);
            let check = self.context.lowering().checked_text(&text, &output.ty, &what);
            let step = format!("check-{}", crate::names::mangle(&output.name, 40));
            tasks.push(DagTask {
                name: step.clone(),
                template: same.clone(),
                depends: Some("program.Succeeded".into()),
                arguments: Arguments {
                    parameters: vec![Parameter::value("v", format!("{{{{={}}}}}", check.text))],
                    ..Arguments::default()
                },
                ..DagTask::default()
            });
            outputs.parameters.push(Parameter::from(
                &output.name,
                ValueFrom::Parameter(format!("{{{{tasks.{step}.outputs.parameters.v}}}}")),
            ));
        }
        for parameter in &program.outputs.parameters {
            if !checked.contains(&parameter.name) {
                outputs.parameters.push(Parameter::from(
                    &parameter.name,
                    ValueFrom::Parameter(format!(
                        "{{{{tasks.program.outputs.parameters.{}}}}}",
                        parameter.name
                    )),
                ));
            }
        }
        for artifact in &program.outputs.artifacts {
            outputs.artifacts.push(Artifact {
                name: artifact.name.clone(),
                from: Some(format!("{{{{tasks.program.outputs.artifacts.{}}}}}", artifact.name)),
                optional: artifact.optional,
                ..Artifact::default()
            });
        }
        Template {
            name: name.to_owned(),
            inputs,
            dag: Some(DagSpec { fail_fast: None, tasks }),
            outputs,
            ..Template::default()
        }
    }

    /// The template of a pipeline that others call, or that is the entrypoint itself.
    pub(crate) fn pipeline(&mut self, id: &'a PipelineId) -> Result<String, Refusal> {
        if let Some(name) = self.pipelines.get(id) {
            return Ok(name.clone());
        }
        let pipeline = &self.context.program.pipelines[id];
        let name = self.template_name(&id.0);
        self.pipelines.insert(id.clone(), name.clone());
        let place = self.reserve();
        let exported = !self.context.keyed.is_called(id);
        if !exported && let Some(hook) = pipeline.hooks.first() {
            return Err(Refusal::new(format!(
                "`on success`, `on failure` and `on exit` of {}, which another pipeline calls, aren't supported on Argo yet",
                id.0
            ))
            .help("put them into the pipeline that the run is for")
            .spanned(hook.span));
        }
        let keyed = self.context.keyed.pipelines.contains(id);
        let mut dag =
            Dag::new(self, &pipeline.body, Place::of_pipeline(exported, keyed), format!("pipeline {}", id.0));
        for input in &pipeline.inputs {
            dag.add_input(&input.name, &input.ty);
        }
        dag.nodes()?;
        dag.pipeline_results(&pipeline.results, exported);
        let template = dag.into_template(&name, pipeline.doc.as_deref());
        self.put(place, template);
        Ok(name)
    }

    /// A template that hands a value on: where an expression may fail, its error ends this node.
    pub(crate) fn same(&mut self) -> String {
        if let Some(name) = &self.same {
            return name.clone();
        }
        let name = self.template_name("same");
        self.same = Some(name.clone());
        let no_time = self.no_time();
        self.push(Template {
            name: name.clone(),
            inputs: Arguments { parameters: vec![Parameter::named("v")], ..Arguments::default() },
            dag: Some(DagSpec {
                fail_fast: None,
                tasks: vec![DagTask { name: "nothing".into(), template: no_time, ..DagTask::default() }],
            }),
            outputs: Arguments {
                parameters: vec![Parameter::from("v", ValueFrom::Expression("inputs.parameters.v".into()))],
                ..Arguments::default()
            },
            ..Template::default()
        });
        name
    }

    /// A template that ends at once, without a pod.
    pub(crate) fn no_time(&mut self) -> String {
        if let Some(name) = &self.no_time {
            return name.clone();
        }
        let name = self.template_name("no-time");
        self.no_time = Some(name.clone());
        self.push(Template {
            name: name.clone(),
            suspend: Some(Suspend { duration: Some("0".into()) }),
            ..Template::default()
        });
        name
    }
}

/// Outputs of a shell's or a program's step whose text only an expression can check.
fn checked_outputs(context: &Context<'_>, task: &Task) -> Vec<String> {
    if let Run::Script { interpreter: Interpreter::Python, .. } = task.run {
        return Vec::new();
    }
    let types = &context.program.types;
    task.results
        .outputs()
        .iter()
        .filter(|output| !is_all_artifacts(&output.ty) && shell_check(&output.ty, types).is_none())
        .map(|output| output.name.clone())
        .collect()
}

/// What a call of this gives, under the name of its DAG task.
pub(crate) fn call_value(task: &str, results: &Results) -> Option<NodeValue> {
    let reference =
        |output: &str| format!("tasks['{task}'].outputs.parameters{}", super::expression::member(output));
    match results {
        Results::None => None,
        Results::Single(output) => Some(NodeValue::Whole(super::expression::Binding::Parameter {
            reference: reference(&output.name),
            ty: output.ty.clone(),
        })),
        Results::Named(outputs) => Some(NodeValue::Outputs(
            outputs
                .iter()
                .map(|output| (output.name.clone(), reference(&output.name), output.ty.clone()))
                .collect(),
        )),
    }
}

/// A reference to a whole node.
pub(crate) fn output_of(node: &str, ty: &Type) -> Expr {
    Expr {
        ty: ty.clone(),
        kind: ExprKind::Output { node: pipec_ir::NodeId(node.to_owned()), output: None },
        span: None,
    }
}
