//! The templates of one `WorkflowTemplate`: each task and pipeline once, whoever calls it, and the helpers they need.

use foldhash::HashMap;
use pipec_ir::{Callee, Expr, ExprKind, PipelineId, Results, RunField, TaskId, Type};

use super::Context;
use super::checked::checked_outputs;
use super::dag::{Dag, Place};
use super::entry::EntryFiles;
use super::expression::NodeValue;
use super::manifest::{Arguments, Dag as DagSpec, DagTask, Parameter, Suspend, Template, ValueFrom};
use super::program_files::ProgramFiles;
use super::task::TaskTemplate;
use crate::names::{MAX_LABEL, Names};
use crate::{Refusal, Warning};

/// How deep templates may call each other: Argo stops at 100.
const MAX_DEPTH: usize = 90;

/// Templates under construction.
pub(crate) struct Workflow<'a> {
    pub(crate) context: &'a Context<'a>,
    pub(crate) files: &'a mut ProgramFiles,
    /// What the template `main` stores.
    pub(crate) entry_files: EntryFiles,
    names: Names,
    templates: Vec<Template>,
    /// The pipeline that a run is for.
    entry: &'a PipelineId,
    tasks: HashMap<(TaskId, bool), String>,
    pipelines: HashMap<(PipelineId, bool), String>,
    /// What a helper template does → its name.
    helpers: HashMap<(String, bool), String>,
    depth: usize,
    /// Templates are made apart from others: what fails in them isn't why the run fails.
    apart: bool,
    /// Names of templates that were made apart.
    caught: Vec<String>,
    /// Some hook asks for the run's failures.
    tells_failures: bool,
    pub(crate) refusals: Vec<Refusal>,
    pub(crate) warnings: Vec<Warning>,
}

/// Names that mean something to Argo or to its expressions.
pub(crate) const RESERVED: &[&str] =
    &["not", "in", "if", "let", "else", "true", "false", "nil", "and", "or", "matches", "contains", "item"];

impl<'a> Workflow<'a> {
    pub(crate) fn new(
        context: &'a Context<'a>,
        entry: &'a PipelineId,
        files: &'a mut ProgramFiles,
    ) -> Workflow<'a> {
        let mut tells_failures = false;
        context.program.visit_expressions(&mut |expr| {
            tells_failures |= matches!(expr.kind, ExprKind::Run(RunField::Failures));
        });
        Workflow {
            context,
            files,
            entry_files: EntryFiles::default(),
            names: Names::avoiding(RESERVED),
            templates: Vec::new(),
            entry,
            tasks: HashMap::default(),
            pipelines: HashMap::default(),
            helpers: HashMap::default(),
            depth: 0,
            apart: false,
            caught: Vec::new(),
            tells_failures,
            refusals: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// All templates, the first of them first; what can't be, and what is to be known.
    pub(crate) fn into_templates(self) -> (Vec<Template>, Vec<Refusal>, Vec<Warning>) {
        (self.templates, self.refusals, self.warnings)
    }

    /// A name that no other template has.
    pub(crate) fn template_name(&mut self, wanted: &str) -> String {
        let name = self.names.unique(wanted, MAX_LABEL);
        if self.apart {
            self.caught.push(name.clone());
        }
        name
    }

    /// The name of a task's or a pipeline's template.
    fn own_name(&mut self, id: &str) -> String {
        let wanted = if self.apart { format!("{id}-caught") } else { id.to_owned() };
        self.template_name(&wanted)
    }

    /// Makes templates of which no failure is the run's: they stay apart from others where a hook asks for failures,
    /// because Argo tells of a failed node which template it has, and not where it stands.
    pub(crate) fn enter_caught(&mut self) -> bool {
        std::mem::replace(&mut self.apart, self.tells_failures)
    }

    /// Ends what [`Self::enter_caught`] began.
    pub(crate) fn leave_caught(&mut self, before: bool) {
        self.apart = before;
    }

    /// Templates of which no failure is the run's.
    pub(crate) fn caught(&self) -> &[String] {
        &self.caught
    }

    /// The tasks of a template that store something under their names.
    pub(crate) fn stored_by(&self, template: &str) -> Vec<String> {
        let root = self.context.key_root();
        let tasks = self
            .templates
            .iter()
            .filter(|found| found.name == template)
            .filter_map(|found| found.dag.as_ref());
        let stores = |task: &&DagTask| {
            let key = format!("{root}{}", task.name);
            let mut parameters = task.arguments.parameters.iter();
            parameters.any(|parameter| parameter.name == "key" && parameter.value.as_ref() == Some(&key))
        };
        tasks.flat_map(|dag| &dag.tasks).filter(stores).map(|task| task.name.clone()).collect()
    }

    /// The helper template that does this, if it was made already.
    pub(crate) fn helper(&self, what: &str) -> Option<String> {
        self.helpers.get(&(what.to_owned(), self.apart)).cloned()
    }

    pub(crate) fn add_helper(&mut self, what: &str, name: &str) {
        self.helpers.insert((what.to_owned(), self.apart), name.to_owned());
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
        let key = (id.clone(), self.apart);
        if let Some(name) = self.tasks.get(&key) {
            return Ok(name.clone());
        }
        let name = self.own_name(&id.0);
        self.tasks.insert(key, name.clone());
        let keyed = self.context.keyed.tasks.contains(id);
        let task = &self.context.program.tasks[id];
        let checked = checked_outputs(self.context, task);
        let place = self.reserve();
        let mut built = TaskTemplate::build(self.context, id, &name, keyed, self.files)?;
        if checked.is_empty() && built.computed.is_empty() {
            self.put(place, built.template);
            return Ok(name);
        }
        built.template.name = self.template_name(&format!("{name}-program"));
        let around = self.around_program(&name, task, &built, &checked);
        self.push(built.template);
        self.put(place, around);
        Ok(name)
    }

    /// The template of a pipeline that others call, or that is the entrypoint itself.
    pub(crate) fn pipeline(&mut self, id: &'a PipelineId) -> Result<String, Refusal> {
        let key = (id.clone(), self.apart);
        if let Some(name) = self.pipelines.get(&key) {
            return Ok(name.clone());
        }
        let pipeline = &self.context.program.pipelines[id];
        let name = self.own_name(&id.0);
        self.pipelines.insert(key, name.clone());
        let place = self.reserve();
        let exported = self.entry == id;
        let has_handler = !exported && !pipeline.hooks.is_empty();
        let body_name = if has_handler { self.template_name(&format!("{name}-body")) } else { name.clone() };
        let body_place = if has_handler { self.reserve() } else { place };
        let keyed = self.context.keyed.pipelines.contains(id);
        let mut dag =
            Dag::new(self, &pipeline.body, Place::of_pipeline(exported, keyed), format!("pipeline {}", id.0));
        for input in &pipeline.inputs {
            dag.add_input(&input.name, &input.ty);
        }
        dag.nodes()?;
        dag.pipeline_results(&pipeline.results, exported);
        let template = dag.into_template(&body_name, pipeline.doc.as_deref());
        if has_handler {
            let around = super::hooks::with_hooks(self, id, &name, &template)?;
            self.put(place, around);
        }
        self.put(body_place, template);
        Ok(name)
    }

    /// A template that hands a value on: where an expression may fail, its error ends this node.
    pub(crate) fn same(&mut self) -> String {
        if let Some(name) = self.helper("same") {
            return name;
        }
        let name = self.template_name("same");
        self.add_helper("same", &name);
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
        if let Some(name) = self.helper("no-time") {
            return name;
        }
        let name = self.template_name("no-time");
        self.add_helper("no-time", &name);
        self.push(Template {
            name: name.clone(),
            suspend: Some(Suspend { duration: Some("0".into()) }),
            ..Template::default()
        });
        name
    }
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
