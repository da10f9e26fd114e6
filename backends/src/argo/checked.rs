//! The DAG around a step, where more is needed than a container: settings that may fail to compute stand before it, checks
//! of outputs that a shell can't check after it.

use pipec_ir::{Interpreter, Run, Task};

use super::Context;
use super::guard::measured_text;
use super::manifest::{Arguments, Artifact, Dag as DagSpec, DagTask, Parameter, Template, ValueFrom};
use super::step::shell_check;
use super::task::Built;
use super::wire::{class, is_all_artifacts};
use super::workflow::Workflow;

impl Workflow<'_> {
    /// A program with what is computed for it, and then the check of what a shell can't check.
    pub(crate) fn around_program(
        &mut self,
        name: &str,
        task: &Task,
        built: &Built,
        checked: &[String],
    ) -> Template {
        let program = &built.template;
        let same = self.same();
        let mut arguments = Arguments::default();
        let mut inputs = Arguments::default();
        for parameter in &program.inputs.parameters {
            if let Some(computed) = built.computed.iter().find(|computed| computed.name == parameter.name) {
                arguments.parameters.push(computed.clone());
                continue;
            }
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
            let check = measured_text(check, class(&output.ty, &self.context.program.types), &what);
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
}

/// Outputs of a shell's or a program's step whose text only an expression can check.
pub(crate) fn checked_outputs(context: &Context<'_>, task: &Task) -> Vec<String> {
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
