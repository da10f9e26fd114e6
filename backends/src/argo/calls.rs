//! Calls → DAG tasks, with their parameters and artifacts.

use std::borrow::Cow;

use pipec_ir::{
    Argument, ArtifactRef, Call, Callee, Expr, ExprKind, Node, NodeId, Parameter as Declared, Results, Span,
    Type,
};

use super::artifacts::{ArtifactInput, artifact_inputs};
use super::dag::Dag;
use super::expression::{Binding, NodeValue, Term, from_wire, to_wire};
use super::identities;
use super::keyed::{direct, unwidened};
use super::manifest::{Arguments, Artifact, DagTask, Http, Key, Parameter};
use super::wire::{holds_artifacts, is_all_artifacts, is_artifact};
use super::workflow::call_value;
use crate::Refusal;

/// An optional artifact that isn't there: no step writes under this key.
const NOTHING: &str = "nothing";

impl<'a> Dag<'_, 'a> {
    pub(crate) fn call(&mut self, node: &'a Node, call: &'a Call) -> Result<(), Refusal> {
        let name = self.task_name(&node.id.0);
        let task = self.call_task(&name, &node.id.0, call)?;
        let exprs: Vec<&Expr> = call.arguments.iter().map(|argument| &argument.value).collect();
        let mut task = task;
        task.depends = merge(task.depends.take(), self.depends(&exprs, &node.after));
        self.tasks.push(task);
        self.ends.insert(node.id.clone(), vec![name.clone()]);
        if let Callee::Task(id) = &call.callee {
            self.call_tasks.insert(node.id.clone(), name.clone());
            let called = &self.workflow.context.program.tasks[id];
            for output in called.results.outputs() {
                // What comes from the cache lies where another run has put it.
                if !called.settings.cache && matches!(&output.ty, Type::List { item } if is_artifact(item)) {
                    let key = self.output_key(&node.id.0, &output.name);
                    self.prefixes.insert((node.id.clone(), output.name.clone()), key);
                }
            }
        }
        let results = self.results_of(&call.callee);
        if let Some(value) = call_value(&name, results) {
            self.scope.add_node(node.id.clone(), value);
        }
        Ok(())
    }

    pub(crate) fn results_of(&self, callee: &Callee) -> &'a Results {
        match callee {
            Callee::Task(id) => &self.workflow.context.program.tasks[id].results,
            Callee::Pipeline(id) => &self.workflow.context.program.pipelines[id].results,
        }
    }

    fn inputs_of(&self, callee: &Callee) -> &'a [Declared] {
        match callee {
            Callee::Task(id) => &self.workflow.context.program.tasks[id].inputs,
            Callee::Pipeline(id) => &self.workflow.context.program.pipelines[id].inputs,
        }
    }

    /// The key of an artifact that a step of this template makes.
    fn output_key(&self, step: &str, output: &str) -> String {
        let step = crate::names::mangle(step, crate::names::MAX_LABEL);
        format!(
            "{}{}{step}.{output}{}",
            self.workflow.context.key_root(),
            self.place.prefix,
            self.place.suffix()
        )
    }

    /// A DAG task that calls a task or a pipeline. Its `depends` holds only what the arguments needed beside nodes.
    pub(crate) fn call_task(&mut self, name: &str, step: &str, call: &'a Call) -> Result<DagTask, Refusal> {
        let template = self.workflow.callee(&call.callee)?;
        let mut arguments = Arguments::default();
        let mut depends = None;
        let inputs = self.inputs_of(&call.callee);
        for Argument { name, value } in &call.arguments {
            let Some(declared) = inputs.iter().find(|input| &input.name == name) else { continue };
            match &call.callee {
                Callee::Task(id) => {
                    let program = self.workflow.context.program;
                    let asked = super::identities::asks_identities(program, &program.tasks[id]);
                    let before = self.tasks.len();
                    self.task_argument(declared, value, asked, &mut arguments)?;
                    // Steps that prepare this argument.
                    let prepared = self.tasks[before..].iter().map(|task| &task.name);
                    depends = merge(depends, super::dag::depends_on(prepared));
                }
                Callee::Pipeline(_) => {
                    let before = self.tasks.len();
                    let value = self.with_stored_artifacts(value)?;
                    let prepared = self.tasks[before..].iter().map(|task| &task.name);
                    depends = merge(depends, super::dag::depends_on(prepared));
                    arguments.parameters.append(&mut self.parameters(name, &declared.ty, &value)?);
                }
            }
        }
        match &call.callee {
            Callee::Task(id) if self.workflow.context.keyed.tasks.contains(id) => {
                for output in self.results_of(&call.callee).outputs() {
                    if is_all_artifacts(&output.ty) {
                        let key = self.output_key(step, &output.name);
                        arguments.parameters.push(Parameter::value(format!("{}-key", output.name), key));
                    }
                }
            }
            Callee::Pipeline(id) if self.workflow.context.keyed.pipelines.contains(id) => {
                let step = crate::names::mangle(step, crate::names::MAX_LABEL);
                let prefix = format!("{}{step}", self.place.prefix);
                arguments.parameters.push(Parameter::value("key-prefix", prefix));
                arguments.parameters.push(Parameter::value("key-suffix", self.place.suffix()));
            }
            Callee::Task(_) | Callee::Pipeline(_) => {}
        }
        // All tasks of a template are held until it is written.
        arguments.parameters.shrink_to_fit();
        arguments.artifacts.shrink_to_fit();
        Ok(DagTask { name: name.to_owned(), template, depends, arguments, ..DagTask::default() })
    }

    fn task_argument(
        &mut self,
        declared: &Declared,
        value: &Expr,
        asked: bool,
        arguments: &mut Arguments,
    ) -> Result<(), Refusal> {
        let program = self.workflow.context.program;
        if asked && holds_artifacts(&declared.ty, &program.types) {
            let value = if self.constant_location(value).is_some() {
                Cow::Borrowed(value)
            } else {
                self.with_stored_artifacts(value)?
            };
            arguments.parameters.push(self.identity_argument(declared, &value)?);
            return self.delivered(declared, &value, arguments);
        }
        self.delivered(declared, value, arguments)
    }

    /// An argument of a task, without what the cache asks.
    fn delivered(
        &mut self,
        declared: &Declared,
        value: &Expr,
        arguments: &mut Arguments,
    ) -> Result<(), Refusal> {
        let program = self.workflow.context.program;
        if let Some(mut artifact) = self.constant_location(value) {
            artifact.name = declared.name.clone();
            arguments.artifacts.push(artifact);
            return Ok(());
        }
        if let Some((node, output)) = direct(&self.body_nodes, value)
            && let Some(task) = self.call_tasks.get(node)
        {
            arguments.artifacts.push(Artifact {
                name: declared.name.clone(),
                from: Some(format!("{{{{tasks.{task}.outputs.artifacts.{output}}}}}")),
                ..Artifact::default()
            });
            return Ok(());
        }
        let value = &self.with_stored_artifacts(value)?;
        let artifacts = artifact_inputs(&declared.name, &declared.ty, &program.types, &program.formats);
        let plain = artifacts.len() == 1 && artifacts[0].is_plain();
        if !plain {
            arguments.parameters.append(&mut self.parameters(&declared.name, &declared.ty, value)?);
        }
        for artifact in &artifacts {
            let argument = self.artifact_argument(declared, value, artifact, plain)?;
            arguments.artifacts.push(argument);
        }
        Ok(())
    }

    fn artifact_argument(
        &mut self,
        declared: &Declared,
        value: &Expr,
        artifact: &ArtifactInput,
        plain: bool,
    ) -> Result<Artifact, Refusal> {
        let lowering = self.workflow.context.lowering();
        let types = &self.workflow.context.program.types;
        let name = artifact.name.clone();
        let identified = self.workflow.context.keyed.identified;
        if plain {
            let key = if identified && !matches!(value.kind, ExprKind::Const(_)) {
                let key = identities::key_alone(&lowering.value(value, &self.scope)?);
                format!("{{{{={}}}}}", key.text)
            } else {
                let key = lowering.wire(value, &self.scope)?.into_argument();
                key.split(identities::MARK).next().unwrap_or_default().to_owned()
            };
            return Ok(Artifact { name, s3: Some(Key { key }), ..Artifact::default() });
        }
        if artifact.is_list() {
            let key = self.list_key(value, artifact, &declared.ty)?;
            return Ok(Artifact { name, s3: Some(Key { key }), optional: true, ..Artifact::default() });
        }
        let whole = lowering.value(value, &self.scope)?;
        let whole = if whole.atom {
            whole
        } else {
            from_wire(&to_wire(&whole, &declared.ty, types), &declared.ty, types)
        };
        let (place, found) = lowering.artifact_place(&whole, &declared.ty, &artifact.way);
        let optional = matches!(found, Type::Optional { .. });
        let text = if optional { format!("({} ?? '{NOTHING}')", place.text) } else { place.text };
        let text = if identified { identities::key_alone(&Term::atom(text)).text } else { text };
        Ok(Artifact {
            name,
            s3: Some(Key { key: format!("{{{{={text}}}}}") }),
            optional,
            ..Artifact::default()
        })
    }

    /// The key under which the items of a list lie as `0`, `1`, …
    fn list_key(&mut self, value: &Expr, artifact: &ArtifactInput, ty: &Type) -> Result<String, Refusal> {
        if artifact.way.is_empty()
            && let Some(prefix) = self.known_prefix(value)
        {
            return Ok(prefix);
        }
        let lowering = self.workflow.context.lowering();
        let whole = lowering.value(value, &self.scope)?;
        let (place, _) = lowering.artifact_place(&whole, ty, &artifact.way);
        let layout = artifact.layout();
        if !layout.is_flat() {
            let place = Term::made_of(layout.element(true).replacen('#', &place.text, 1), &[&place]);
            let items = layout.copies(&place, self.workflow.context.keyed.identified);
            let template = self.workflow.copy_all()?;
            return Ok(self.collected(template, "items", items, value, &artifact.variable));
        }
        let place = Term::made_of(format!("({} ?? [])", place.text), &[&place]);
        let identified = self.workflow.context.keyed.identified;
        let keys = if identified { identities::keys_alone(&place) } else { place };
        let template = self.workflow.collect()?;
        let keys = format!("{{{{=toJson({})}}}}", keys.text);
        Ok(self.collected(template, "keys", keys, value, &artifact.variable))
    }

    /// The prefix of a list that a loop or a step has put side by side.
    fn known_prefix(&self, value: &Expr) -> Option<String> {
        let value = unwidened(value);
        if let ExprKind::Output { node, output } = &value.kind {
            let output = output.clone().unwrap_or_else(|| "out".into());
            return self.prefixes.get(&(node.clone(), output)).cloned();
        }
        if let ExprKind::Field { of, field } | ExprKind::Project { of, field } = &value.kind
            && let ExprKind::Output { node, output: None } = &of.kind
        {
            return self.prefixes.get(&(node.clone(), field.clone())).cloned();
        }
        None
    }

    /// A task that lays the items of a list side by side, unless they are; gives the tag of their prefix.
    fn collected(
        &mut self,
        template: String,
        input: &str,
        given: String,
        value: &Expr,
        variable: &str,
    ) -> String {
        let name = self.task_name(&format!("collect-{variable}"));
        let key =
            format!("{}{}{name}{}", self.workflow.context.key_root(), self.place.prefix, self.place.suffix());
        let depends = self.depends(&[value], &[]);
        self.tasks.push(DagTask {
            name: name.clone(),
            template,
            depends,
            arguments: Arguments {
                parameters: vec![Parameter::value(input, given), Parameter::value("prefix", key)],
                ..Arguments::default()
            },
            ..DagTask::default()
        });
        format!("{{{{tasks.{name}.outputs.parameters.prefix}}}}")
    }

    /// A constant artifact that Argo can fetch itself.
    fn constant_location(&self, value: &Expr) -> Option<Artifact> {
        let ExprKind::Artifact(artifact) = &unwidened(value).kind else { return None };
        let ArtifactRef::Uri { uri, .. } = &**artifact else { return None };
        let artifact = || Artifact { http: Some(Http { url: uri.clone() }), ..Artifact::default() };
        (is_http(uri) && is_artifact(&value.ty)).then(artifact)
    }

    /// The output of a step that stores a constant artifact.
    pub(crate) fn stored(
        &mut self,
        artifact: &ArtifactRef,
        ty: &Type,
        span: Option<Span>,
    ) -> Result<Expr, Refusal> {
        if let ArtifactRef::Uri { uri, .. } = artifact
            && let Some(key) = self.workflow.context.target.key_of(uri)
        {
            let key = format!("{key}{}", self.workflow.context.identity_suffix(artifact));
            return Ok(Expr { ty: ty.clone(), kind: ExprKind::Const(key.into()), span });
        }
        let stored = self.workflow.stored(artifact, span)?;
        let name = self.task_name(&stored.name);
        let key =
            format!("{}{}{name}{}", self.workflow.context.key_root(), self.place.prefix, self.place.suffix());
        let node = NodeId(format!("stored {name}"));
        let parameters = stored.parameters(key);
        self.tasks.push(DagTask {
            name: name.clone(),
            template: stored.template,
            arguments: Arguments { parameters, artifacts: stored.artifacts },
            ..DagTask::default()
        });
        self.ends.insert(node.clone(), vec![name.clone()]);
        let reference = format!("tasks['{name}'].outputs.parameters.key");
        let binding = Binding::Parameter { reference, ty: ty.clone() };
        self.scope.add_node(node.clone(), NodeValue::Whole(binding));
        Ok(Expr { ty: ty.clone(), kind: ExprKind::Output { node, output: None }, span })
    }
}

fn is_http(uri: &str) -> bool {
    (uri.starts_with("https://") || uri.starts_with("http://")) && !uri.contains("{{")
}

pub(crate) fn merge(left: Option<String>, right: Option<String>) -> Option<String> {
    match (left, right) {
        (Some(left), Some(right)) => Some(format!("{left} && {right}")),
        (left, right) => left.or(right),
    }
}
