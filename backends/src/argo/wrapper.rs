//! The template around a unit: it takes what the regions inside need, and gives what they give.

use pipec_ir::{Expr, ExprKind, Node, NodeKind, Region, Type};

use super::dag::{Dag, Place, parameter_names};
use super::expression::{Binding, NodeValue, Scope, Term, from_wire, member};
use super::manifest::{Arguments, Dag as DagSpec, DagTask, Parameter, Template};
use super::units::Variable;
use super::workflow::call_value;
use crate::Refusal;

/// A body that became a template, or a call that stands for itself.
pub(super) struct Unit {
    pub(super) task: DagTask,
    /// What it gives, under the name of its task.
    pub(super) value: Option<NodeValue>,
    /// Outputs that are artifacts made right here: (output, path below the place, type).
    pub(super) made: Vec<(String, Type)>,
}

impl<'a> Dag<'_, 'a> {
    /// The template around the regions of a node, with their inputs as its own.
    pub(super) fn wrapper(
        &mut self,
        node: &'a Node,
        regions: &[Option<&'a Region>],
    ) -> Result<Wrapper<'a>, Refusal> {
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

    pub(super) fn short_path(&self) -> String {
        self.path.rsplit(' ').next().unwrap_or("body").to_owned()
    }

    /// A region as a task of its wrapper: a call that is all of it stands for itself.
    #[allow(clippy::too_many_arguments, clippy::type_complexity)]
    pub(super) fn unit(
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
        let task = dag.call_task(task_name, step, call)?;
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

    pub(super) fn finish(
        &mut self,
        node: &'a Node,
        wrapper: Wrapper<'a>,
        exprs: &[&Expr],
    ) -> Result<(), Refusal> {
        let task = self.finish_named(node, wrapper, exprs)?;
        if let Some(ty) = &node.ty {
            let reference = format!("tasks['{task}'].outputs.parameters.out");
            let binding = Binding::Parameter { reference, ty: ty.clone() };
            self.scope.add_node(node.id.clone(), NodeValue::Whole(binding));
        }
        Ok(())
    }

    pub(super) fn finish_named(
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
pub(super) struct Wrapper<'a> {
    pub(super) index: usize,
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) arguments: Arguments,
    pub(super) inputs: Arguments,
    pub(super) scope: Scope,
    pub(super) tasks: Vec<DagTask>,
    pub(super) outputs: Vec<Parameter>,
    pub(super) parallelism: Option<u32>,
    pub(super) fail_fast: Option<bool>,
    pub(super) taken: Vec<(String, &'a Expr)>,
    pub(super) region_inputs: Vec<&'a Expr>,
    pub(super) names: crate::names::Names,
}

impl Wrapper<'_> {
    pub(super) fn empty(place: Place) -> Self {
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
    pub(super) fn passed_on(&self) -> Vec<Parameter> {
        let pass = |parameter: &Parameter| {
            let name = &parameter.name;
            Parameter::value(name, format!("{{{{inputs.parameters.{name}}}}}"))
        };
        self.inputs.parameters.iter().filter(|parameter| parameter.name != "first-state").map(pass).collect()
    }

    pub(super) fn add(&mut self, name: &str, value: &str) {
        self.inputs.parameters.push(Parameter::named(name));
        self.arguments.parameters.push(Parameter::value(name, value));
    }
}
