//! `repeat` → a flat chain of calls of one template, which hands its state on once `until` holds: Argo stops at 100 calls
//! inside of each other.

use pipec_ir::{Expr, Node, Region, Type};

use super::dag::Dag;
use super::expression::Binding;
use super::manifest::{Arguments, Dag as DagSpec, DagTask, Parameter, Template, ValueFrom};
use super::units::Variable;
use super::wrapper::Wrapper;
use crate::Refusal;

impl<'a> Dag<'_, 'a> {
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
}
