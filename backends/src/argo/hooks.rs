//! `on success`, `on failure` and `on exit` → Argo's exit handlers: of the workflow for the pipeline that a run is for, of
//! a call's DAG task for a pipeline that is called.
//!
//! The handler's own template always ends well: a hook that fails is seen in the run and doesn't change its outcome.

use pipec_ir::{Expr, ExprKind, Hook, HookEvent, Launch, Pipeline, PipelineId, Type};

use super::dag::{Dag, Place, parameter_names};
use super::entry::entry_input;
use super::expression::{Binding, Ending, Scope, member, string_literal};
use super::manifest::{Arguments, Dag as DagSpec, DagTask, Hook as HookCall, Parameter, Template, ValueFrom};
use super::workflow::Workflow;
use crate::Refusal;
use crate::names::Names;

/// A hook's template, and where the handler calls it.
struct Handled<'a> {
    hook: &'a Hook,
    task: String,
    template: String,
}

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
    let handled = hook_templates(workflow, &pipeline.hooks, "", "on")?;
    let ending = Ending::Run { caught: workflow.caught().to_vec() };
    let mut arguments = Vec::new();
    for Handled { hook, .. } in &handled {
        let mut parameters = Vec::new();
        for input in &hook.body.inputs {
            let mut given = run_input(workflow, pipeline, launch, &ending, &input.name, &input.value)
                .map_err(|refusal| refusal.at(format!("on {}", label(hook.event)), hook.span))?;
            parameters.append(&mut given);
        }
        arguments.push(parameters);
    }
    let template = handler(workflow, &name, &handled, arguments, "workflow.status");
    workflow.put(place, template);
    Ok(Some(name))
}

/// The template of a pipeline that is called and has hooks: a task for its body, whose exit handler they are.
pub(crate) fn with_hooks<'a>(
    workflow: &mut Workflow<'a>,
    id: &'a PipelineId,
    name: &str,
    body: &Template,
) -> Result<Template, Refusal> {
    let pipeline = &workflow.context.program.pipelines[id];
    let keyed = workflow.context.keyed.pipelines.contains(id);
    let handler_name = workflow.template_name(&format!("{name}-on-exit"));
    let index = workflow.reserve();
    let prefix = if keyed { "{{inputs.parameters.key-prefix}}/" } else { "" };
    let handled = hook_templates(workflow, &pipeline.hooks, prefix, &format!("{name}-on"))?;
    let mut scope = Scope { ending: Ending::Call, ..Scope::default() };
    for input in &pipeline.inputs {
        scope.add_input(&input.name, &input.ty);
    }
    let mut arguments = Vec::new();
    for Handled { hook, .. } in &handled {
        let mut parameters = Vec::new();
        if keyed && workflow.context.keyed.contains_keyed(&hook.body.body) {
            parameters.extend(["key-prefix", "key-suffix"].map(same_parameter));
        }
        for input in &hook.body.inputs {
            if let Type::Secret = input.value.ty {
                parameters.extend(secret_parameters(&input.name, &input.value));
                continue;
            }
            let wire = workflow
                .context
                .lowering()
                .wire(&input.value, &scope)
                .map_err(|refusal| refusal.at(format!("on {}", label(hook.event)), hook.span))?;
            parameters.push(Parameter::value(&input.name, wire.into_argument()));
        }
        arguments.push(parameters);
    }
    let mut template =
        handler(workflow, &handler_name, &handled, arguments, "inputs.parameters['run-status']");
    let mut given = vec![Parameter::value("run-status", "{{tasks.body.status}}")];
    let started = mentions(&template, "run-started");
    if started {
        given.push(Parameter::value("run-started", "{{tasks.started.startedAt}}"));
    }
    let needed = body.inputs.parameters.iter().filter(|parameter| mentions(&template, &parameter.name));
    given.extend(needed.map(|parameter| same_parameter(&parameter.name)));
    template.inputs.parameters = given.iter().map(|parameter| Parameter::named(&parameter.name)).collect();
    workflow.put(index, template);
    Ok(around(
        workflow,
        name,
        body,
        started,
        HookCall {
            template: handler_name,
            arguments: Arguments { parameters: given, ..Arguments::default() },
        },
    ))
}

/// The task for a body, with its exit handler.
fn around(
    workflow: &mut Workflow<'_>,
    name: &str,
    body: &Template,
    started: bool,
    exit: HookCall,
) -> Template {
    let mut tasks = Vec::new();
    if started {
        let template = workflow.no_time();
        tasks.push(DagTask { name: "started".into(), template, ..DagTask::default() });
    }
    let parameters = body.inputs.parameters.iter().map(|parameter| same_parameter(&parameter.name));
    tasks.push(DagTask {
        name: "body".into(),
        template: body.name.clone(),
        depends: started.then(|| "started".to_owned()),
        arguments: Arguments { parameters: parameters.collect(), ..Arguments::default() },
        hooks: [("exit".to_owned(), exit)].into_iter().collect(),
        ..DagTask::default()
    });
    let outputs = body.outputs.parameters.iter().map(|parameter| {
        let reference = format!("{{{{tasks.body.outputs.parameters.{}}}}}", parameter.name);
        Parameter::from(&parameter.name, ValueFrom::Parameter(reference))
    });
    Template {
        name: name.to_owned(),
        inputs: body.inputs.clone(),
        dag: Some(DagSpec { fail_fast: None, tasks }),
        outputs: Arguments { parameters: outputs.collect(), ..Arguments::default() },
        ..Template::default()
    }
}

fn same_parameter(name: impl AsRef<str>) -> Parameter {
    let name = name.as_ref();
    Parameter::value(name, format!("{{{{inputs.parameters.{name}}}}}"))
}

fn secret_parameters(name: &str, value: &Expr) -> Vec<Parameter> {
    let ExprKind::Input(input) = &value.kind else { return Vec::new() };
    let names = parameter_names(name, &Type::Secret).into_iter().zip(parameter_names(input, &Type::Secret));
    names.map(|(name, given)| Parameter::value(name, format!("{{{{inputs.parameters.{given}}}}}"))).collect()
}

/// Whether a handler's tasks are given something that mentions a parameter of its own.
fn mentions(handler: &Template, parameter: &str) -> bool {
    let plain = format!("inputs.parameters.{parameter}}}");
    let computed = format!("inputs.parameters{}", member(parameter));
    let tasks = handler.dag.iter().flat_map(|dag| &dag.tasks);
    tasks
        .flat_map(|task| &task.arguments.parameters)
        .filter_map(|argument| argument.value.as_ref())
        .any(|value| value.contains(&plain) || value.contains(&computed))
}

fn label(event: HookEvent) -> &'static str {
    match event {
        HookEvent::Success => "success",
        HookEvent::Failure => "failure",
        HookEvent::Exit => "exit",
    }
}

/// A template for each hook, in the order in which they run: `success` and `failure` come before `exit`.
fn hook_templates<'a>(
    workflow: &mut Workflow<'a>,
    hooks: &'a [Hook],
    prefix: &str,
    wanted: &str,
) -> Result<Vec<Handled<'a>>, Refusal> {
    let mut names = Names::default();
    let (exits, others): (Vec<&Hook>, Vec<&Hook>) =
        hooks.iter().partition(|hook| matches!(hook.event, HookEvent::Exit));
    let mut handled = Vec::new();
    for hook in others.into_iter().chain(exits) {
        let task = names.unique(label(hook.event), 40);
        let keyed = !prefix.is_empty() && workflow.context.keyed.contains_keyed(&hook.body.body);
        let place =
            Place { prefix: format!("{prefix}on-{task}/"), has_prefix: keyed, has_suffix: keyed, item: None };
        let before = workflow.enter_caught();
        let template = hook_template(workflow, hook, place, &format!("{wanted}-{task}"));
        workflow.leave_caught(before);
        let template =
            template.map_err(|refusal| refusal.at(format!("on {}", label(hook.event)), hook.span))?;
        handled.push(Handled { hook, task, template });
    }
    Ok(handled)
}

/// A hook's body.
fn hook_template<'a>(
    workflow: &mut Workflow<'a>,
    hook: &'a Hook,
    place: Place,
    wanted: &str,
) -> Result<String, Refusal> {
    let name = workflow.template_name(wanted);
    let index = workflow.reserve();
    let template = workflow.deeper(|workflow| {
        let mut dag = Dag::new(workflow, &hook.body.body, place, format!("on {}", label(hook.event)));
        for input in &hook.body.inputs {
            dag.add_input(&input.name, &input.value.ty);
        }
        dag.nodes()?;
        Ok(dag.into_template(&name, None))
    })?;
    workflow.put(index, template);
    Ok(name)
}

/// The template that calls the hooks one after another, as the status says.
fn handler(
    workflow: &mut Workflow<'_>,
    name: &str,
    handled: &[Handled<'_>],
    arguments: Vec<Vec<Parameter>>,
    status: &str,
) -> Template {
    let mut tasks: Vec<DagTask> = Vec::new();
    for (Handled { hook, task, template }, parameters) in handled.iter().zip(arguments) {
        let when = match hook.event {
            HookEvent::Success => Some(format!("{{{{={status} == 'Succeeded'}}}}")),
            HookEvent::Failure => Some(format!("{{{{={status} != 'Succeeded'}}}}")),
            HookEvent::Exit => None,
        };
        tasks.push(DagTask {
            name: task.clone(),
            template: template.clone(),
            when,
            depends: tasks.last().map(|before| ended(&before.name)),
            arguments: Arguments { parameters, ..Arguments::default() },
            ..DagTask::default()
        });
    }
    let nothing = workflow.no_time();
    let last = tasks.last().map(|task| ended(&task.name));
    tasks.push(DagTask { name: "ended".into(), template: nothing, depends: last, ..DagTask::default() });
    Template {
        name: name.to_owned(),
        dag: Some(DagSpec { fail_fast: Some(false), tasks }),
        ..Template::default()
    }
}

fn ended(task: &str) -> String {
    format!("{task}.Succeeded || {task}.Skipped || {task}.Failed || {task}.Errored")
}

/// An input of a hook of the run's pipeline: made of what the run was given, and of how it ended.
fn run_input<'a>(
    workflow: &mut Workflow<'a>,
    pipeline: &'a Pipeline,
    launch: Option<&'a Launch>,
    ending: &Ending,
    name: &str,
    value: &Expr,
) -> Result<Vec<Parameter>, Refusal> {
    if let ExprKind::Input(input) = &value.kind
        && let Some(declared) = pipeline.inputs.iter().find(|declared| &declared.name == input)
    {
        let given = entry_input(workflow, launch, declared)?;
        return Ok(given
            .into_iter()
            .map(|parameter| Parameter {
                name: parameter.name.replacen(input.as_str(), name, 1),
                ..parameter
            })
            .collect());
    }
    let mut scope = Scope { ending: ending.clone(), ..Scope::default() };
    for declared in &pipeline.inputs {
        let mut mentioned = false;
        value.visit(&mut |part| {
            mentioned |= matches!(&part.kind, ExprKind::Input(input) if *input == declared.name)
        });
        if mentioned {
            let given = entry_input(workflow, launch, declared)?.pop().and_then(|parameter| parameter.value);
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
