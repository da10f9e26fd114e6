//! Branches, loops, rounds, tries and waits → templates of their own around their bodies.

use pipec_ir::{Expr, ExprKind, MapSource, Node, NodeArm, NodeId, NodeKind, Region, Type};

use super::dag::{Dag, Place, parameter_names};
use super::expression::{Binding, NodeValue, Scope, Term, from_wire, member};
use super::manifest::{Arguments, Dag as DagSpec, DagTask, Parameter, Suspend, Template, ValueFrom};
use super::wire::is_artifact;
use super::workflow::{call_value, output_of};
use crate::Refusal;

/// A body that became a template, or a call that stands for itself.
struct Unit {
    task: DagTask,
    /// What it gives, under the name of its task.
    value: Option<NodeValue>,
    /// Outputs that are artifacts made right here: (output, path below the place, type).
    made: Vec<(String, Type)>,
}

/// A variable of a loop or a round, inside a region: its name, its type, and the tag that gives its wire text.
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) ty: Type,
    pub(super) reference: String,
}

impl<'a> Dag<'_, 'a> {
    pub(crate) fn branch(
        &mut self,
        node: &'a Node,
        condition: &'a Expr,
        then: &'a Region,
        otherwise: Option<&'a Region>,
    ) -> Result<(), Refusal> {
        let condition_wire = self.workflow.context.lowering().wire(condition, &self.scope)?.into_argument();
        let mut wrapper = self.wrapper(node, &[Some(then), otherwise])?;
        wrapper.add("branch-condition", &condition_wire);
        let is_then = "inputs.parameters['branch-condition'] == 'true'";
        let mut values = Vec::new();
        for (name, region, test) in
            [("then", Some(then), is_then.to_owned()), ("else", otherwise, format!("not ({is_then})"))]
        {
            let Some(region) = region else { continue };
            let mut unit =
                self.unit(&wrapper, &format!("{}-{name}", node.id.0), name, region, &[], None, None)?;
            unit.task.when = Some(format!("{{{{={test}}}}}"));
            values.push((test, unit.value.clone()));
            wrapper.tasks.push(unit.task);
        }
        if let Some(ty) = &node.ty {
            let text = self.chosen(&values, ty, otherwise.is_some(), &["then", "else"])?;
            wrapper.outputs.push(Parameter::from("out", ValueFrom::Expression(text)));
        }
        self.finish(node, wrapper, &[condition])
    }

    pub(crate) fn match_arms(
        &mut self,
        node: &'a Node,
        subject: &'a Expr,
        arms: &'a [NodeArm],
    ) -> Result<(), Refusal> {
        let lowering = self.workflow.context.lowering();
        let types = &self.workflow.context.program.types;
        let subject_wire = lowering.wire(subject, &self.scope)?.into_argument();
        let regions: Vec<Option<&Region>> = arms.iter().map(|arm| Some(&arm.body)).collect();
        let mut wrapper = self.wrapper(node, &regions)?;
        wrapper.add("match-subject", &subject_wire);
        let value = from_wire(&Term::atom("inputs.parameters['match-subject']"), &subject.ty, types);
        let mut values = Vec::new();
        let mut names = Vec::new();
        for arm in arms {
            let label = arm.variant.as_deref().unwrap_or("null");
            let name = wrapper.names.unique(label, 40);
            let test = if value.atom {
                lowering.arm_test(&value.text, &subject.ty, arm.variant.as_deref())
            } else {
                let test = lowering.arm_test("#", &subject.ty, arm.variant.as_deref());
                format!("map([{}], {test})[0]", value.text)
            };
            let bindings = (subject, arm.variant.as_deref(), arm.bindings.as_slice());
            let mut unit = self.unit(
                &wrapper,
                &format!("{}-{label}", node.id.0),
                &name,
                &arm.body,
                &[],
                Some(bindings),
                None,
            )?;
            unit.task.when = Some(format!("{{{{={test}}}}}"));
            values.push((test, unit.value.clone()));
            wrapper.tasks.push(unit.task);
            names.push(name);
        }
        if let Some(ty) = &node.ty {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let text = self.chosen(&values, ty, true, &names)?;
            wrapper.outputs.push(Parameter::from("out", ValueFrom::Expression(text)));
        }
        self.finish(node, wrapper, &[subject])
    }

    /// The wire text of the side that was taken.
    fn chosen(
        &self,
        values: &[(String, Option<NodeValue>)],
        ty: &Type,
        complete: bool,
        names: &[&str],
    ) -> Result<String, Refusal> {
        let mut texts = Vec::new();
        for ((test, value), name) in values.iter().zip(names) {
            let text = match value {
                Some(value) => self.value_text(value, name, ty)?,
                None => "'null'".to_owned(),
            };
            texts.push((test, text));
        }
        let last = if complete { texts.pop().map(|(_, text)| text) } else { None };
        let last = last.unwrap_or_else(|| "'null'".to_owned());
        Ok(texts.iter().rev().fold(last, |rest, (test, text)| format!("{test} ? {text} : {rest}")))
    }

    /// What a task of a wrapper gives, as one wire text.
    fn value_text(&self, value: &NodeValue, name: &str, ty: &Type) -> Result<String, Refusal> {
        let mut scope = Scope::default();
        scope.nodes.insert(NodeId(name.to_owned()), value.clone());
        let inner = match value {
            NodeValue::Whole(_) => ty.clone(),
            NodeValue::Outputs(_) | NodeValue::Columns(_) => ty.without_optional().clone(),
        };
        let wire = self.workflow.context.lowering().wire(&output_of(name, &inner), &scope)?;
        Ok(wire.into_expression())
    }

    pub(crate) fn map(
        &mut self,
        node: &'a Node,
        source: &'a MapSource,
        limit: Option<u32>,
        region: &'a Region,
    ) -> Result<(), Refusal> {
        let keyed = self.workflow.context.keyed.contains_keyed(&region.body);
        let items = self.items(node, source, keyed)?;
        let exprs = super::keyed::sources(source);
        let mut wrapper = self.wrapper(node, &[Some(region)])?;
        wrapper.add("loop-items", &items.argument);
        wrapper.place.item = keyed.then(|| "/{{item.i}}".to_owned());
        let hint = format!("{}-each", node.id.0);
        let mut unit = self.unit(&wrapper, &hint, "each", region, &items.variables, None, Some("each"))?;
        unit.task.with_param = Some("{{inputs.parameters.loop-items}}".into());
        let lowering = self.workflow.context.lowering();
        let mut columns = Vec::new();
        if let (Some(Type::List { item }), Some(value)) = (&node.ty, &unit.value) {
            let outputs: Vec<(String, Type)> = match value {
                NodeValue::Whole(_) => vec![("out".to_owned(), (**item).clone())],
                NodeValue::Outputs(outputs) | NodeValue::Columns(outputs) => {
                    outputs.iter().map(|(name, _, ty)| (name.clone(), ty.clone())).collect()
                }
            };
            for (output, ty) in outputs {
                let gathered =
                    lowering.gathered(&format!("tasks['each'].outputs.parameters{}", member(&output)), &ty);
                wrapper.outputs.push(Parameter::from(&output, ValueFrom::Expression(gathered.text)));
                columns.push((output, ty));
            }
        }
        let made = std::mem::take(&mut unit.made);
        wrapper.tasks.push(unit.task);
        wrapper.parallelism = limit;
        let step = crate::names::mangle(&node.id.0, crate::names::MAX_LABEL);
        let whole = matches!(unit.value, Some(NodeValue::Whole(_)));
        let task = self.finish_named(node, wrapper, &exprs)?;
        let reference = |output: &str| format!("tasks['{task}'].outputs.parameters{}", member(output));
        if let Some(ty) = &node.ty {
            let value = if whole {
                NodeValue::Whole(Binding::Parameter { reference: reference("out"), ty: ty.clone() })
            } else {
                let list = |(name, ty): (String, Type)| (name.clone(), reference(&name), Type::list(ty));
                NodeValue::Columns(columns.into_iter().map(list).collect())
            };
            self.scope.nodes.insert(node.id.clone(), value);
        }
        for (output, ty) in made {
            if is_artifact(&ty) && !matches!(ty, Type::Optional { .. }) {
                let key = format!(
                    "{}{}{step}/each.{output}{}",
                    self.workflow.context.key_root(),
                    self.place.prefix,
                    self.place.suffix()
                );
                self.prefixes.insert((node.id.clone(), output), key);
            }
        }
        Ok(())
    }

    pub(crate) fn attempt(&mut self, node: &'a Node, region: &'a Region) -> Result<(), Refusal> {
        let mut wrapper = self.wrapper(node, &[Some(region)])?;
        wrapper.fail_fast = Some(false);
        let before = self.workflow.enter_caught();
        let unit = self.unit(&wrapper, &format!("{}-body", node.id.0), "body", region, &[], None, None);
        self.workflow.leave_caught(before);
        let unit = unit?;
        wrapper.tasks.push(unit.task);
        let nothing = self.workflow.no_time();
        wrapper.tasks.push(DagTask {
            name: "ended".into(),
            template: nothing,
            depends: Some("body.Succeeded || body.Failed || body.Errored".into()),
            ..DagTask::default()
        });
        if let Some(ty) = &node.ty {
            let succeeded = "tasks['body'].status == 'Succeeded'";
            let text = match &unit.value {
                Some(value) => format!("{succeeded} ? {} : 'null'", self.value_text(value, "body", ty)?),
                None => format!("string({succeeded})"),
            };
            wrapper.outputs.push(Parameter::from("out", ValueFrom::Expression(text)));
        }
        self.finish(node, wrapper, &[])
    }

    pub(crate) fn repeat(
        &mut self,
        node: &'a Node,
        state: &'a str,
        first: &'a Expr,
        limit: u32,
        region: &'a Region,
        until: &'a Expr,
    ) -> Result<(), Refusal> {
        let lowering = self.workflow.context.lowering();
        let first = self.with_stored_artifacts(first)?;
        let first_wire = lowering.wire(&first, &self.scope)?.into_argument();
        let mut chain = self.wrapper(node, &[Some(region)])?;
        chain.add("first-state", &first_wire);
        let keyed = self.workflow.context.keyed.contains_keyed(&region.body);
        let round = self.round(node, &chain, state, region, until, keyed)?;
        let mut state_before = "{{inputs.parameters.first-state}}".to_owned();
        let mut done_before = "false".to_owned();
        for number in 1..=limit {
            let name = format!("round-{number}");
            let mut parameters = chain.passed_on();
            parameters.push(Parameter::value("round-state", state_before));
            parameters.push(Parameter::value("round-done", done_before));
            if keyed {
                parameters.retain(|parameter| parameter.name != "key-suffix");
                parameters.push(Parameter::value("key-suffix", format!("{}/{number}", chain.place.suffix())));
            }
            chain.tasks.push(DagTask {
                name: name.clone(),
                template: round.clone(),
                depends: (number > 1).then(|| format!("round-{}.Succeeded", number - 1)),
                arguments: Arguments { parameters, ..Arguments::default() },
                ..DagTask::default()
            });
            state_before = format!("{{{{tasks.{name}.outputs.parameters.state}}}}");
            done_before = format!("{{{{tasks.{name}.outputs.parameters.done}}}}");
        }
        chain.outputs.push(Parameter::from("out", ValueFrom::Parameter(state_before)));
        self.finish(node, chain, &[&first])
    }

    /// The template of one round: the body and the question whether it was the last, or nothing once it is over.
    fn round(
        &mut self,
        node: &'a Node,
        chain: &Wrapper<'a>,
        state: &'a str,
        region: &'a Region,
        until: &'a Expr,
        keyed: bool,
    ) -> Result<String, Refusal> {
        let ty = node.ty.clone().unwrap_or(Type::Json);
        let name = self.workflow.template_name(&format!("{}-{}-round", self.short_path(), node.id.0));
        let index = self.workflow.reserve();
        let mut round = Wrapper {
            index,
            name: name.clone(),
            scope: chain.scope.clone(),
            ..Wrapper::empty(chain.place.clone())
        };
        round.inputs = chain.inputs.clone();
        round.inputs.parameters.retain(|parameter| parameter.name != "first-state");
        round.place.has_suffix = keyed;
        if keyed && !chain.place.has_suffix {
            round.inputs.parameters.push(Parameter::named("key-suffix"));
        }
        for parameter in ["round-state", "round-done"] {
            round.inputs.parameters.push(Parameter::named(parameter));
        }
        let before = "inputs.parameters.round-state";
        let variable = Variable { name: state.to_owned(), ty: ty.clone(), reference: before.to_owned() };
        let mut unit =
            self.unit(&round, &format!("{}-body", node.id.0), "body", region, &[variable], None, None)?;
        unit.task.when = Some("{{=inputs.parameters['round-done'] == 'false'}}".into());
        let Some(value) = unit.value.clone() else {
            return Err(Refusal::new("the body of a `repeat` gives no value").spanned(node.span));
        };
        let after = self.value_text(&value, "body", &ty)?;
        let mut scope = chain.scope.clone();
        scope.inputs.insert(state.to_owned(), Binding::Parameter { reference: after.clone(), ty });
        let over = self.workflow.context.lowering().wire(until, &scope)?.into_argument();
        round.tasks.push(unit.task);
        round.tasks.push(DagTask {
            name: "until".into(),
            template: self.workflow.same(),
            depends: Some("body.Succeeded".into()),
            arguments: Arguments { parameters: vec![Parameter::value("v", over)], ..Arguments::default() },
            ..DagTask::default()
        });
        let done = "inputs.parameters['round-done'] == 'true'";
        let outputs = vec![
            Parameter::from(
                "state",
                ValueFrom::Expression(format!("{done} ? inputs.parameters['round-state'] : {after}")),
            ),
            Parameter::from(
                "done",
                ValueFrom::Expression(format!("{done} ? 'true' : tasks['until'].outputs.parameters.v")),
            ),
        ];
        self.workflow.put(
            index,
            Template {
                name: name.clone(),
                inputs: round.inputs,
                dag: Some(DagSpec { fail_fast: None, tasks: round.tasks }),
                outputs: Arguments { parameters: outputs, ..Arguments::default() },
                ..Template::default()
            },
        );
        Ok(name)
    }

    pub(crate) fn approve(
        &mut self,
        node: &'a Node,
        message: &'a Expr,
        timeout: Option<&'a Expr>,
    ) -> Result<(), Refusal> {
        if let Some(timeout) = timeout {
            return Err(Refusal::new("Argo can't end a wait for approval after a time")
                .help("leave out `timeout`, or give the launch a `deadline`")
                .spanned(timeout.span));
        }
        let template = self.workflow.gate();
        let message_text = self.workflow.context.lowering().wire(message, &self.scope)?.into_argument();
        let depends = self.depends(&[message], &node.after);
        self.wait(node, template, Parameter::value("message", message_text), depends);
        Ok(())
    }

    pub(crate) fn sleep(&mut self, node: &'a Node, duration: &'a Expr) -> Result<(), Refusal> {
        let template = self.workflow.pause();
        let seconds = self.workflow.context.lowering().seconds(duration, &self.scope)?;
        let depends = self.depends(&[duration], &node.after);
        self.wait(node, template, Parameter::value("seconds", seconds), depends);
        Ok(())
    }

    fn wait(&mut self, node: &Node, template: String, parameter: Parameter, depends: Option<String>) {
        let name = self.task_name(&node.id.0);
        self.tasks.push(DagTask {
            name: name.clone(),
            template,
            depends,
            arguments: Arguments { parameters: vec![parameter], ..Arguments::default() },
            ..DagTask::default()
        });
        self.ends.insert(node.id.clone(), vec![name]);
    }

    // Wrappers

    /// The template around the regions of a node, with their inputs as its own.
    fn wrapper(&mut self, node: &'a Node, regions: &[Option<&'a Region>]) -> Result<Wrapper<'a>, Refusal> {
        let name = self.workflow.template_name(&format!("{}-{}", self.short_path(), node.id.0));
        let step = crate::names::mangle(&node.id.0, crate::names::MAX_LABEL);
        let keyed =
            regions.iter().flatten().any(|region| self.workflow.context.keyed.contains_keyed(&region.body));
        let place = Place {
            prefix: format!("{}{step}/", self.place.prefix),
            has_prefix: keyed && self.place.has_prefix,
            has_suffix: keyed && !self.place.suffix().is_empty(),
            item: None,
        };
        let index = self.workflow.reserve();
        let mut wrapper = Wrapper { index, name, ..Wrapper::empty(place) };
        if wrapper.place.has_prefix {
            wrapper.add("key-prefix", "{{inputs.parameters.key-prefix}}");
        }
        if wrapper.place.has_suffix {
            let suffix = self.place.suffix();
            wrapper.add("key-suffix", &suffix);
        }
        for region in regions.iter().flatten() {
            for input in &region.inputs {
                if wrapper.taken.iter().any(|(name, value)| name == &input.name && *value == &input.value) {
                    continue;
                }
                if wrapper.taken.iter().any(|(name, _)| name == &input.name) {
                    return Err(Refusal::new(format!("the arms use `{}` for different values", input.name)));
                }
                wrapper.taken.push((input.name.clone(), &input.value));
                wrapper.scope.add_input(&input.name, &input.value.ty);
                wrapper.region_inputs.push(&input.value);
                for name in parameter_names(&input.name, &input.value.ty) {
                    wrapper.inputs.parameters.push(Parameter::named(name));
                }
                let mut values = self.parameters(&input.name, &input.value.ty, &input.value)?;
                wrapper.arguments.parameters.append(&mut values);
            }
        }
        Ok(wrapper)
    }

    fn short_path(&self) -> String {
        self.path.rsplit(' ').next().unwrap_or("body").to_owned()
    }

    /// A region as a task of its wrapper: a call that is all of it stands for itself.
    #[allow(clippy::too_many_arguments, clippy::type_complexity)]
    fn unit(
        &mut self,
        wrapper: &Wrapper<'a>,
        hint: &str,
        task_name: &str,
        region: &'a Region,
        variables: &[Variable],
        subject: Option<(&'a Expr, Option<&'a str>, &'a [(String, String)])>,
        single: Option<&str>,
    ) -> Result<Unit, Refusal> {
        if subject.is_none_or(|(_, _, bindings)| bindings.is_empty())
            && let Some(unit) = self.single_call(wrapper, task_name, region, variables, single)?
        {
            return Ok(unit);
        }
        let place = Place {
            prefix: wrapper.place.prefix.clone(),
            has_prefix: wrapper.place.has_prefix,
            has_suffix: wrapper.place.has_suffix || wrapper.place.item.is_some(),
            item: None,
        };
        let keyed = self.workflow.context.keyed.contains_keyed(&region.body);
        let place = if keyed { place } else { Place { has_prefix: false, has_suffix: false, ..place } };
        let name = self.workflow.template_name(&format!("{}-{hint}", self.short_path()));
        let index = self.workflow.reserve();
        let path = format!("{}, in {name}", self.path);
        let outer_suffix = wrapper.place.suffix();
        let (template, value, arguments) = self.workflow.deeper(|workflow| {
            let mut arguments = Vec::new();
            if place.has_prefix {
                arguments.push(Parameter::value("key-prefix", "{{inputs.parameters.key-prefix}}"));
            }
            if place.has_suffix {
                arguments.push(Parameter::value("key-suffix", outer_suffix));
            }
            let types = &workflow.context.program.types;
            let mut dag = Dag::new(workflow, &region.body, place, path);
            for input in &region.inputs {
                dag.add_input(&input.name, &input.value.ty);
                for name in parameter_names(&input.name, &input.value.ty) {
                    arguments.push(Parameter::value(&name, format!("{{{{inputs.parameters.{name}}}}}")));
                }
            }
            for variable in variables {
                dag.add_input(&variable.name, &variable.ty);
                arguments.push(Parameter::value(&variable.name, format!("{{{{{}}}}}", variable.reference)));
            }
            if let Some((subject, variant, bindings)) = subject
                && !bindings.is_empty()
            {
                dag.add_parameter("match-subject");
                arguments.push(Parameter::value("match-subject", "{{inputs.parameters.match-subject}}"));
                let value = from_wire(&Term::atom("inputs.parameters['match-subject']"), &subject.ty, types);
                let lowering = dag.workflow.context.lowering();
                dag.scope = lowering.arm_scope(&value.text, &subject.ty, variant, bindings, &dag.scope);
            }
            dag.nodes()?;
            let value = dag.region_results()?;
            Ok((dag.into_template(&name, None), value, arguments))
        })?;
        self.workflow.put(index, template);
        let reference = |output: &str| format!("tasks['{task_name}'].outputs.parameters{}", member(output));
        let value = value.map(|value| match value {
            NodeValue::Whole(_) => NodeValue::Whole(Binding::Parameter {
                reference: reference("out"),
                ty: region.body.value.as_ref().map_or(Type::Json, |value| value.ty.clone()),
            }),
            NodeValue::Outputs(outputs) | NodeValue::Columns(outputs) => NodeValue::Outputs(
                outputs.into_iter().map(|(name, _, ty)| (name.clone(), reference(&name), ty)).collect(),
            ),
        });
        let task = DagTask {
            name: task_name.to_owned(),
            template: name,
            arguments: Arguments { parameters: arguments, ..Arguments::default() },
            ..DagTask::default()
        };
        Ok(Unit { task, value, made: Vec::new() })
    }

    /// A region that is one call and gives just its value.
    fn single_call(
        &mut self,
        wrapper: &Wrapper<'a>,
        task_name: &str,
        region: &'a Region,
        variables: &[Variable],
        step: Option<&str>,
    ) -> Result<Option<Unit>, Refusal> {
        let [node] = region.body.nodes.as_slice() else { return Ok(None) };
        let NodeKind::Call(call) = &node.kind else { return Ok(None) };
        let is_its_value = match &region.body.value {
            None => self.results_of(&call.callee).outputs().is_empty(),
            Some(value) => {
                matches!(&value.kind, ExprKind::Output { node: of, output: None } if of == &node.id)
            }
        };
        if !is_its_value || !node.after.is_empty() {
            return Ok(None);
        }
        let path = self.path.clone();
        let step = step.unwrap_or(&node.id.0);
        let mut dag = Dag::new(self.workflow, &region.body, wrapper.place.clone(), path);
        dag.scope = wrapper.scope.clone();
        for variable in variables {
            let binding =
                Binding::Parameter { reference: variable.reference.clone(), ty: variable.ty.clone() };
            dag.scope.inputs.insert(variable.name.clone(), binding);
        }
        let refusals = dag.workflow.refusals.len();
        let task = dag.call_task(task_name, step, call)?;
        dag.workflow.refusals.truncate(refusals);
        let prepared = !dag.tasks.is_empty();
        let computes = |text: &Option<String>| {
            text.as_ref().is_some_and(|text| {
                text.contains("{{=") && variables.iter().any(|v| text.contains(&v.reference))
            })
        };
        let computes_item = task.arguments.parameters.iter().any(|parameter| computes(&parameter.value))
            || task
                .arguments
                .artifacts
                .iter()
                .any(|artifact| computes(&artifact.s3.as_ref().map(|key| key.key.clone())));
        if prepared || computes_item {
            return Ok(None);
        }
        let results = dag.results_of(&call.callee);
        let value = call_value(task_name, results);
        let made = match &call.callee {
            pipec_ir::Callee::Task(id) if !self.workflow.context.program.tasks[id].settings.cache => {
                results.outputs().iter().map(|output| (output.name.clone(), output.ty.clone())).collect()
            }
            // What comes from the cache lies where another run has put it.
            pipec_ir::Callee::Task(_) | pipec_ir::Callee::Pipeline(_) => Vec::new(),
        };
        Ok(Some(Unit { task, value, made }))
    }

    fn finish(&mut self, node: &'a Node, wrapper: Wrapper<'a>, exprs: &[&Expr]) -> Result<(), Refusal> {
        let task = self.finish_named(node, wrapper, exprs)?;
        if let Some(ty) = &node.ty {
            let reference = format!("tasks['{task}'].outputs.parameters.out");
            let binding = Binding::Parameter { reference, ty: ty.clone() };
            self.scope.nodes.insert(node.id.clone(), NodeValue::Whole(binding));
        }
        Ok(())
    }

    fn finish_named(
        &mut self,
        node: &'a Node,
        wrapper: Wrapper<'a>,
        exprs: &[&Expr],
    ) -> Result<String, Refusal> {
        let mut all: Vec<&Expr> = exprs.to_vec();
        all.extend(wrapper.region_inputs.iter().copied());
        let depends = self.depends(&all, &node.after);
        let name = self.task_name(&node.id.0);
        self.tasks.push(DagTask {
            name: name.clone(),
            template: wrapper.name.clone(),
            depends,
            arguments: wrapper.arguments,
            ..DagTask::default()
        });
        self.ends.insert(node.id.clone(), vec![name.clone()]);
        self.workflow.put(
            wrapper.index,
            Template {
                name: wrapper.name,
                inputs: wrapper.inputs,
                parallelism: wrapper.parallelism,
                dag: Some(DagSpec { fail_fast: wrapper.fail_fast, tasks: wrapper.tasks }),
                outputs: Arguments { parameters: wrapper.outputs, ..Arguments::default() },
                ..Template::default()
            },
        );
        Ok(name)
    }
}

/// The template around a unit, under construction.
struct Wrapper<'a> {
    index: usize,
    name: String,
    place: Place,
    arguments: Arguments,
    inputs: Arguments,
    scope: Scope,
    tasks: Vec<DagTask>,
    outputs: Vec<Parameter>,
    parallelism: Option<u32>,
    fail_fast: Option<bool>,
    taken: Vec<(String, &'a Expr)>,
    region_inputs: Vec<&'a Expr>,
    names: crate::names::Names,
}

impl Wrapper<'_> {
    fn empty(place: Place) -> Self {
        Wrapper {
            index: 0,
            name: String::new(),
            place,
            arguments: Arguments::default(),
            inputs: Arguments::default(),
            scope: Scope::default(),
            tasks: Vec::new(),
            outputs: Vec::new(),
            parallelism: None,
            fail_fast: None,
            taken: Vec::new(),
            region_inputs: Vec::new(),
            names: crate::names::Names::avoiding(super::workflow::RESERVED),
        }
    }

    /// The inputs of regions, for a template inside.
    fn passed_on(&self) -> Vec<Parameter> {
        let pass = |parameter: &Parameter| {
            let name = &parameter.name;
            Parameter::value(name, format!("{{{{inputs.parameters.{name}}}}}"))
        };
        self.inputs.parameters.iter().filter(|parameter| parameter.name != "first-state").map(pass).collect()
    }

    fn add(&mut self, name: &str, value: &str) {
        self.inputs.parameters.push(Parameter::named(name));
        self.arguments.parameters.push(Parameter::value(name, value));
    }
}

impl super::workflow::Workflow<'_> {
    /// Waits for a person; the message is its input.
    pub(crate) fn gate(&mut self) -> String {
        self.suspend_template("approve", "message", None)
    }

    /// Waits for a time.
    pub(crate) fn pause(&mut self) -> String {
        self.suspend_template("sleep", "seconds", Some("{{inputs.parameters.seconds}}"))
    }

    fn suspend_template(&mut self, name: &'static str, input: &str, duration: Option<&str>) -> String {
        if let Some(template) = self.helper(name) {
            return template;
        }
        let template = self.template_name(name);
        self.push(Template {
            name: template.clone(),
            inputs: Arguments { parameters: vec![Parameter::named(input)], ..Arguments::default() },
            suspend: Some(Suspend { duration: duration.map(str::to_owned) }),
            ..Template::default()
        });
        self.add_helper(name, &template);
        template
    }
}
