//! A body of nodes → a template with a DAG.

use std::borrow::Cow;

use foldhash::HashMap;
use foldhash::fast::RandomState;
use indexmap::IndexSet;
use pipec_ir::{Body, Expr, ExprKind, Node, NodeId, NodeKind, Results, Type};

use super::expression::{
    Binding, NodeValue, Scope, WireValue, into_json, out_of_json, referred_nodes, to_wire, try_visit_mut,
};
use super::keyed::{Nodes, direct, nodes_of};
use super::manifest::{Arguments, Artifact, Dag as DagSpec, DagTask, Parameter, Template, ValueFrom};
use super::wire::holds_artifacts;
use super::workflow::{RESERVED, Workflow};
use crate::Refusal;
use crate::names::{MAX_LABEL, Names};

/// Longest expression that is repeated wherever its name is used.
const MAX_INLINE: usize = 300;

/// Where the artifacts of a template's steps go in the repository, below the run's own prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Names of the units around, each with a `/`; may begin with the tag of `key-prefix`.
    pub(crate) prefix: String,
    /// The template has an input `key-prefix`.
    pub(crate) has_prefix: bool,
    /// The template has an input `key-suffix`: the indices of the loops around.
    pub(crate) has_suffix: bool,
    /// A suffix of the loop that this template walks itself.
    pub(crate) item: Option<String>,
}

impl Place {
    pub(crate) fn of_pipeline(exported: bool, keyed: bool) -> Place {
        let dynamic = keyed && !exported;
        Place {
            prefix: if dynamic { "{{inputs.parameters.key-prefix}}/".into() } else { String::new() },
            has_prefix: dynamic,
            has_suffix: dynamic,
            item: None,
        }
    }

    /// The suffix of keys.
    pub(crate) fn suffix(&self) -> String {
        let outer = if self.has_suffix { "{{inputs.parameters.key-suffix}}" } else { "" };
        format!("{outer}{}", self.item.as_deref().unwrap_or_default())
    }
}

/// A DAG under construction.
pub(crate) struct Dag<'w, 'a> {
    pub(crate) workflow: &'w mut Workflow<'a>,
    pub(crate) body: &'a Body,
    pub(crate) body_nodes: Nodes<'a>,
    pub(crate) scope: Scope,
    pub(crate) tasks: Vec<DagTask>,
    names: Names,
    /// The DAG tasks that have to end well before a node's value is there.
    pub(crate) ends: HashMap<NodeId, Vec<String>>,
    /// The DAG task of a task's call.
    pub(crate) call_tasks: HashMap<NodeId, String>,
    /// Prefixes of lists of artifacts that lie side by side: by node and output.
    pub(crate) prefixes: HashMap<(NodeId, String), String>,
    pub(crate) place: Place,
    inputs: Arguments,
    pub(crate) outputs: Arguments,
    pub(crate) path: String,
}

impl<'w, 'a> Dag<'w, 'a> {
    pub(crate) fn new(
        workflow: &'w mut Workflow<'a>,
        body: &'a Body,
        place: Place,
        path: String,
    ) -> Dag<'w, 'a> {
        let mut inputs = Arguments::default();
        for (has, name) in [(place.has_prefix, "key-prefix"), (place.has_suffix, "key-suffix")] {
            if has {
                inputs.parameters.push(Parameter::named(name));
            }
        }
        Dag {
            workflow,
            body,
            body_nodes: nodes_of(body),
            scope: Scope::default(),
            tasks: Vec::new(),
            names: Names::avoiding(RESERVED),
            ends: HashMap::default(),
            call_tasks: HashMap::default(),
            prefixes: HashMap::default(),
            place,
            inputs,
            outputs: Arguments::default(),
            path,
        }
    }

    /// An input of the body, which becomes one of the template.
    pub(crate) fn add_input(&mut self, name: &str, ty: &Type) {
        self.scope.add_input(name, ty);
        for parameter in parameter_names(name, ty) {
            self.inputs.parameters.push(Parameter::named(parameter));
        }
    }

    /// An input of the template that the body's expressions don't see by its name.
    pub(crate) fn add_parameter(&mut self, name: &str) {
        self.inputs.parameters.push(Parameter::named(name));
    }

    pub(crate) fn task_name(&mut self, wanted: &str) -> String {
        self.names.unique(wanted, MAX_LABEL)
    }

    /// All nodes of the body, in order.
    pub(crate) fn nodes(&mut self) -> Result<(), Refusal> {
        for node in &self.body.nodes {
            if let Err(refusal) = self.node(node) {
                let place = format!("{}, node {}", self.path, node.id.0);
                self.workflow.refusals.push(refusal.at(place, node.span));
                // Silences what follows from it.
                self.scope.add_node(node.id.clone(), NodeValue::Whole(Binding::Refused));
            }
        }
        Ok(())
    }

    fn node(&mut self, node: &'a Node) -> Result<(), Refusal> {
        match &node.kind {
            NodeKind::Call(call) => self.call(node, call),
            NodeKind::Let(expr) => self.bind(node, expr),
            NodeKind::Branch { condition, then, otherwise } => {
                self.branch(node, condition, then, otherwise.as_deref())
            }
            NodeKind::Match { subject, arms } => self.match_arms(node, subject, arms),
            NodeKind::Map { source, limit, body } => self.map(node, source, *limit, body),
            NodeKind::Repeat { state, first, limit, body, until } => {
                self.repeat(node, state, first, *limit, body, until)
            }
            NodeKind::Try { body } => self.attempt(node, body),
            NodeKind::Approve { message, timeout } => self.approve(node, message, timeout.as_deref()),
            NodeKind::Sleep { duration } => self.sleep(node, duration),
        }
    }

    /// A name for an expression: repeated where it is used if it is short and can't fail, else a node of its own.
    fn bind(&mut self, node: &'a Node, expr: &'a Expr) -> Result<(), Refusal> {
        if let Type::Secret = expr.ty {
            self.scope.add_node(node.id.clone(), NodeValue::Whole(Binding::Expression(expr.clone())));
            return Ok(());
        }
        let stored = self.with_stored_artifacts(expr)?;
        let expr: &Expr = &stored;
        let wire = self.workflow.context.lowering().wire(expr, &self.scope)?;
        let wire = self.guarded(expr, wire);
        let short = match &wire {
            WireValue::Literal(_) | WireValue::Reference(_) => true,
            WireValue::Expression(term) => term.text.len() <= MAX_INLINE,
        };
        if wire.fits_output() && short && node.after.is_empty() {
            let ends = self.ends_of(&[expr]);
            self.ends.insert(node.id.clone(), ends);
            self.scope.add_node(node.id.clone(), NodeValue::Whole(Binding::Expression(expr.clone())));
            return Ok(());
        }
        let depends = self.depends(&[expr], &node.after);
        let task = self.same_task(&node.id.0, wire, depends);
        self.ends.insert(node.id.clone(), vec![task.clone()]);
        let reference = format!("tasks['{task}'].outputs.parameters.v");
        let binding = Binding::Parameter { reference, ty: expr.ty.clone() };
        self.scope.add_node(node.id.clone(), NodeValue::Whole(binding));
        Ok(())
    }

    /// A node that does nothing but to compute a value; gives the name of its task.
    pub(crate) fn same_task(&mut self, wanted: &str, value: WireValue, depends: Option<String>) -> String {
        let name = self.task_name(wanted);
        let template = self.workflow.same();
        self.tasks.push(DagTask {
            name: name.clone(),
            template,
            depends,
            arguments: Arguments {
                parameters: vec![Parameter::value("v", value.into_argument())],
                ..Arguments::default()
            },
            ..DagTask::default()
        });
        name
    }

    /// The tasks behind everything that the expressions refer to.
    pub(crate) fn ends_of(&self, exprs: &[&Expr]) -> Vec<String> {
        self.all_ends(exprs, &[]).into_iter().cloned().collect()
    }

    /// The same for other nodes, too; each once, in order.
    fn all_ends(&self, exprs: &[&Expr], nodes: &[NodeId]) -> IndexSet<&String, RandomState> {
        let mut found = IndexSet::default();
        for expr in exprs {
            for node in referred_nodes(expr) {
                found.extend(self.ends.get(node).into_iter().flatten());
            }
        }
        for node in nodes {
            found.extend(self.ends.get(node).into_iter().flatten());
        }
        found
    }

    /// What a DAG task has to wait for.
    pub(crate) fn depends(&self, exprs: &[&Expr], after: &[NodeId]) -> Option<String> {
        depends_on(self.all_ends(exprs, after))
    }

    /// The parameters that give an input its value.
    pub(crate) fn parameters(
        &mut self,
        name: &str,
        ty: &Type,
        value: &Expr,
    ) -> Result<Vec<Parameter>, Refusal> {
        if let Type::Secret = ty {
            let value = self.resolved_secret(value);
            let (secret, key) = super::pod::secret_reference(&value)?;
            return Ok(vec![
                Parameter::value(format!("{name}-secret"), secret),
                Parameter::value(format!("{name}-key"), key),
            ]);
        }
        let wire = self.workflow.context.lowering().wire(value, &self.scope)?;
        Ok(vec![Parameter::value(name, self.guarded(value, wire).into_argument())])
    }

    fn resolved_secret(&self, value: &Expr) -> Expr {
        if let ExprKind::Output { node, output: None } = &value.kind
            && let Some(NodeValue::Whole(Binding::Expression(inner))) = self.scope.node(node)
        {
            return inner.clone();
        }
        value.clone()
    }

    /// The outputs of a pipeline.
    pub(crate) fn pipeline_results(&mut self, results: &Results, exported: bool) {
        let Some(value) = &self.body.value else { return };
        for output in results.outputs() {
            let expr = match (results, &value.kind) {
                (Results::Named(_), ExprKind::Record(fields)) => {
                    match fields.iter().find(|(name, _)| name == &output.name) {
                        Some((_, field)) => field.clone(),
                        None => continue,
                    }
                }
                (Results::Named(_), _) => Expr {
                    ty: output.ty.clone(),
                    kind: ExprKind::Field { of: Box::new(value.clone()), field: output.name.clone() },
                    span: value.span,
                },
                (Results::Single(_) | Results::None, _) => value.clone(),
            };
            let place = format!("{}, output {}", self.path, output.name);
            if let Err(refusal) = self.result(&output.name, &expr, exported) {
                self.workflow.refusals.push(refusal.at(place, output.span.or(expr.span)));
            }
        }
    }

    /// The outputs of a region: those of the node that is its value where it has several, else `out`.
    pub(crate) fn region_results(&mut self) -> Result<Option<NodeValue>, Refusal> {
        let Some(value) = &self.body.value else { return Ok(None) };
        if let ExprKind::Output { node, output: None } = &value.kind
            && let Some(NodeValue::Outputs(outputs)) = self.scope.node(node).cloned()
        {
            for (name, reference, _) in &outputs {
                let reference = WireValue::Reference(reference.clone()).into_argument();
                self.outputs.parameters.push(Parameter::from(name, ValueFrom::Parameter(reference)));
            }
            return Ok(Some(NodeValue::Outputs(outputs)));
        }
        self.result("out", value, false)?;
        let binding = Binding::Parameter { reference: "out".into(), ty: value.ty.clone() };
        Ok(Some(NodeValue::Whole(binding)))
    }

    /// One output of the template.
    pub(crate) fn result(&mut self, name: &str, expr: &Expr, exported: bool) -> Result<(), Refusal> {
        if exported
            && let Some((node, output)) = direct(&self.body_nodes, expr)
            && let Some(task) = self.call_tasks.get(node)
        {
            self.outputs.artifacts.push(Artifact {
                name: name.to_owned(),
                from: Some(format!("{{{{tasks.{task}.outputs.artifacts.{output}}}}}")),
                ..Artifact::default()
            });
            return Ok(());
        }
        let stored = self.with_stored_artifacts(expr)?;
        let expr: &Expr = &stored;
        let wire = self.workflow.context.lowering().wire(expr, &self.scope)?;
        // Nobody reads the run's own results where their size would matter.
        let wire = if exported { self.seen_from_outside(expr, wire)? } else { self.guarded(expr, wire) };
        let value_from = if wire.fits_output() && !self.tasks.is_empty() {
            match &wire {
                WireValue::Reference(reference) if reference.starts_with("tasks") => {
                    ValueFrom::Parameter(wire.into_argument())
                }
                // An input's tag would become its text before Argo looks for what it names.
                WireValue::Reference(_) | WireValue::Literal(_) | WireValue::Expression(_) => {
                    ValueFrom::Expression(wire.into_expression())
                }
            }
        } else {
            let depends = self.depends(&[expr], &[]);
            let task = self.same_task(&format!("{name}-value"), wire, depends);
            ValueFrom::Parameter(format!("{{{{tasks.{task}.outputs.parameters.v}}}}"))
        };
        self.outputs.parameters.push(Parameter::from(name, value_from));
        Ok(())
    }

    /// A result as people see it: keys without what the cache knows of them.
    fn seen_from_outside(&self, expr: &Expr, wire: WireValue) -> Result<WireValue, Refusal> {
        let context = self.workflow.context;
        let types = &context.program.types;
        if !context.keyed.identified || !holds_artifacts(&expr.ty, types) {
            return Ok(wire);
        }
        let json = into_json(&context.lowering().value(expr, &self.scope)?, &expr.ty, types);
        let alone = super::identities::without_identities(&json);
        Ok(WireValue::Expression(to_wire(&out_of_json(&alone, &expr.ty, types), &expr.ty, types)))
    }

    pub(crate) fn into_template(mut self, name: &str, doc: Option<&str>) -> Template {
        if self.tasks.is_empty() {
            let template = self.workflow.no_time();
            self.tasks.push(DagTask { name: "nothing".into(), template, ..DagTask::default() });
        }
        let mut template = Template {
            name: name.to_owned(),
            inputs: self.inputs,
            dag: Some(DagSpec { fail_fast: None, tasks: self.tasks }),
            outputs: self.outputs,
            ..Template::default()
        };
        if let Some(doc) = doc {
            template
                .metadata
                .annotations
                .insert("workflows.argoproj.io/description".into(), doc.replace("{{", "{ {"));
        }
        template
    }

    /// The expression with each constant artifact replaced by the output of a step that stores it.
    pub(crate) fn with_stored_artifacts<'e>(&mut self, expr: &'e Expr) -> Result<Cow<'e, Expr>, Refusal> {
        let mut has_artifact = false;
        expr.visit(&mut |part| has_artifact |= matches!(part.kind, ExprKind::Artifact(_)));
        if !has_artifact {
            return Ok(Cow::Borrowed(expr));
        }
        let mut expr = expr.clone();
        try_visit_mut(&mut expr, |part| {
            if let ExprKind::Artifact(artifact) = &part.kind {
                *part = self.stored(artifact, &part.ty, part.span)?;
            }
            Ok(())
        })?;
        Ok(Cow::Owned(expr))
    }
}

/// `a.Succeeded && b.Succeeded`.
pub(crate) fn depends_on<'t>(tasks: impl IntoIterator<Item = &'t String>) -> Option<String> {
    let mut all = String::new();
    for task in tasks {
        if !all.is_empty() {
            all.push_str(" && ");
        }
        all.push_str(task);
        all.push_str(".Succeeded");
    }
    (!all.is_empty()).then_some(all)
}

/// The names of an input's parameters: a secret's name and key travel apart.
pub(crate) fn parameter_names(name: &str, ty: &Type) -> Vec<String> {
    if let Type::Secret = ty {
        vec![format!("{name}-secret"), format!("{name}-key")]
    } else {
        vec![name.to_owned()]
    }
}
