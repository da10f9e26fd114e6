//! `on success`, `on failure` and `on exit` of the pipeline that a run is for → Argo's exit handler.
//!
//! The handler's own template always ends well: a hook that fails is seen in the run and doesn't change its outcome.

use pipec_ir::{Expr, ExprKind, Hook, HookEvent, Launch, Pipeline, Type};

use super::dag::{Dag, Place};
use super::expression::{Binding, Scope, for_each, string_literal};
use super::launch::{launched_input, typed_input};
use super::manifest::{Arguments, Dag as DagSpec, DagTask, Parameter, Template};
use super::workflow::Workflow;
use crate::Refusal;
use crate::names::Names;

/// The template that runs when the run ends, if the pipeline has hooks.
pub(crate) fn exit_template<'a>(
    workflow: &mut Workflow<'a>,
    pipeline: &'a Pipeline,
    launch: Option<&'a Launch>,
) -> Result<Option<String>, Refusal> {
    if pipeline.hooks.is_empty() {
        return Ok(None);
    }
    let name = workflow.template_name("on-exit");
    let place = workflow.reserve();
    let mut names = Names::default();
    let mut tasks: Vec<DagTask> = Vec::new();
    // `success` and `failure` come before `exit`.
    let (exits, others): (Vec<&Hook>, Vec<&Hook>) =
        pipeline.hooks.iter().partition(|hook| matches!(hook.event, HookEvent::Exit));
    let mut before: Vec<String> = Vec::new();
    for hook in others.into_iter().chain(exits) {
        let (label, when) = match hook.event {
            HookEvent::Success => ("success", Some("{{=workflow.status == 'Succeeded'}}")),
            HookEvent::Failure => ("failure", Some("{{=workflow.status != 'Succeeded'}}")),
            HookEvent::Exit => ("exit", None),
        };
        let task = names.unique(label, 40);
        let (template, parameters) = hook_template(workflow, pipeline, launch, hook, &task)
            .map_err(|refusal| refusal.at(format!("on {label}"), hook.span))?;
        let depends: Vec<String> = if let HookEvent::Exit = hook.event {
            before.iter().map(|task| ended(task)).collect()
        } else {
            Vec::new()
        };
        before.push(task.clone());
        tasks.push(DagTask {
            name: task,
            template,
            when: when.map(str::to_owned),
            depends: (!depends.is_empty()).then(|| depends.join(" && ")),
            arguments: Arguments { parameters, ..Arguments::default() },
            ..DagTask::default()
        });
    }
    let nothing = workflow.no_time();
    let all: Vec<String> = before.iter().map(|task| ended(task)).collect();
    tasks.push(DagTask {
        name: names.unique("ended", 40),
        template: nothing,
        depends: Some(all.join(" && ")),
        ..DagTask::default()
    });
    workflow.put(
        place,
        Template {
            name: name.clone(),
            dag: Some(DagSpec { fail_fast: Some(false), tasks }),
            ..Template::default()
        },
    );
    Ok(Some(name))
}

fn ended(task: &str) -> String {
    format!("({task}.Succeeded || {task}.Skipped || {task}.Failed || {task}.Errored)")
}

/// A hook's body, with what it sees of the pipeline's inputs and of the run.
fn hook_template<'a>(
    workflow: &mut Workflow<'a>,
    pipeline: &'a Pipeline,
    launch: Option<&'a Launch>,
    hook: &'a Hook,
    label: &str,
) -> Result<(String, Vec<Parameter>), Refusal> {
    let mut parameters = Vec::new();
    for input in &hook.body.inputs {
        parameters.append(&mut hook_input(workflow, pipeline, launch, &input.name, &input.value)?);
    }
    let name = workflow.template_name(&format!("on-{label}"));
    let index = workflow.reserve();
    let place = Place { prefix: format!("on-{label}/"), has_prefix: false, has_suffix: false, item: None };
    let template = workflow.deeper(|workflow| {
        let mut dag = Dag::new(workflow, &hook.body.body, place, format!("on {label}"));
        for input in &hook.body.inputs {
            dag.add_input(&input.name, &input.value.ty);
        }
        dag.nodes()?;
        Ok(dag.into_template(&name, None))
    })?;
    workflow.put(index, template);
    Ok((name, parameters))
}

fn hook_input<'a>(
    workflow: &Workflow<'a>,
    pipeline: &'a Pipeline,
    launch: Option<&'a Launch>,
    name: &str,
    value: &Expr,
) -> Result<Vec<Parameter>, Refusal> {
    if let ExprKind::Input(input) = &value.kind
        && let Some(declared) = pipeline.inputs.iter().find(|declared| &declared.name == input)
    {
        let given = match (launch, &declared.ty) {
            (Some(launch), _) => launched_input(workflow, launch, declared)?,
            (None, Type::Secret) => ["secret", "key"]
                .iter()
                .map(|part| {
                    let parameter = format!("{input}-{part}");
                    Parameter::value(&parameter, format!("{{{{workflow.parameters.{parameter}}}}}"))
                })
                .collect(),
            (None, _) => vec![Parameter::value(input, typed_input(workflow, declared))],
        };
        return Ok(given
            .into_iter()
            .map(|parameter| Parameter {
                name: parameter.name.replacen(input.as_str(), name, 1),
                ..parameter
            })
            .collect());
    }
    let mut scope = Scope::default();
    for declared in &pipeline.inputs {
        let mut mentioned = false;
        for_each(value, &mut |part| {
            mentioned |= matches!(&part.kind, ExprKind::Input(input) if *input == declared.name)
        });
        if mentioned {
            let given = match launch {
                Some(launch) => {
                    launched_input(workflow, launch, declared)?.pop().and_then(|parameter| parameter.value)
                }
                None => Some(typed_input(workflow, declared)),
            };
            let tag = given.unwrap_or_default();
            let text = tag.strip_prefix("{{=").and_then(|text| text.strip_suffix("}}"));
            let reference = text.map_or_else(|| string_literal(&tag), |text| format!("({text})"));
            let binding = Binding::Parameter { reference, ty: declared.ty.clone() };
            scope.inputs.insert(declared.name.clone(), binding);
        }
    }
    let wire = workflow.context.lowering().wire(value, &scope)?;
    Ok(vec![Parameter::value(name, wire.into_argument())])
}
