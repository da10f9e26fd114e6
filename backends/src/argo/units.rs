//! Branches, loops and tries → templates of their own around their bodies.

use pipec_ir::{Expr, MapSource, Node, NodeArm, NodeId, Region, Type};

use super::dag::Dag;
use super::expression::{Binding, NodeValue, Scope, Term, from_wire, member};
use super::manifest::{DagTask, Parameter, ValueFrom};
use super::wire::is_artifact;
use super::workflow::output_of;
use crate::Refusal;

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
    pub(super) fn value_text(&self, value: &NodeValue, name: &str, ty: &Type) -> Result<String, Refusal> {
        let mut scope = Scope::default();
        scope.add_node(NodeId(name.to_owned()), value.clone());
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
                let results = format!("tasks['each'].outputs.parameters{}", member(&output));
                let results = if self.workflow.context.target.argo_version.aggregates_nothing() {
                    format!("{results} ?? '[]'")
                } else {
                    format!("tasks['each'].status == 'Skipped' ? '[]' : {results}")
                };
                let gathered = lowering.gathered(&results, &ty);
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
            self.scope.add_node(node.id.clone(), value);
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
}
