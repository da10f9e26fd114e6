//! Launches: a `CronWorkflow` where there is a schedule, else a `Workflow` that starts a run.

use pipec_ir::{Launch, Overlap, Parameter as Declared, Pipeline, Type};

use super::Context;
use super::constants::{constant_json, person_text, shown_default};
use super::keyed::unwidened;
use super::manifest::{Arguments, CronSpec, Metadata, NameOnly, Object, Parameter, WorkflowSpec};
use super::object::{API, metadata, template_name};
use crate::Refusal;
use crate::names::mangle;
use crate::yaml::document;

/// Whether a launch has a `WorkflowTemplate` of its own: its arguments use the run, or files that travel with it.
pub(crate) fn needs_own_template(context: &Context<'_>, launch: &Launch) -> bool {
    let pipeline = &context.program.pipelines[&launch.pipeline];
    given(pipeline, launch).any(|(input, argument)| {
        !matches!(input.ty, Type::Secret)
            && !is_default(input, argument)
            && constant_json(context, argument).is_none()
    })
}

/// The arguments, each with the input that it is for.
fn given<'p>(
    pipeline: &'p Pipeline,
    launch: &'p Launch,
) -> impl Iterator<Item = (&'p Declared, &'p pipec_ir::Expr)> {
    launch.arguments.iter().filter_map(|argument| {
        let input = pipeline.inputs.iter().find(|input| input.name == argument.name)?;
        Some((input, &argument.value))
    })
}

fn is_default(input: &Declared, argument: &pipec_ir::Expr) -> bool {
    input.default.as_ref().is_some_and(|default| unwidened(default).kind == unwidened(argument).kind)
}

/// The name under which people find a launch; a name that would have to be changed for Argo is refused.
pub(crate) fn launch_name(context: &Context<'_>, name: &str, launch: &Launch) -> Result<String, Refusal> {
    let legal = !name.is_empty() && mangle(name, 52) == name.replace('_', "-");
    if !legal {
        return Err(Refusal::new(format!(
            "a launch can't be called `{name}` on Argo: people look for it by this name"
        ))
        .help("use at most 52 lower-case letters, digits and `_`")
        .at(format!("launch {name}"), launch.span));
    }
    let object_name =
        format!("{}-{}", mangle(&context.program.name, 52 - name.len().min(40)), name.replace('_', "-"));
    if object_name.len() > 52 {
        return Err(Refusal::new(format!(
            "the launch `{name}` would be called `{object_name}`, which is longer than 52 letters"
        ))
        .help("give it a shorter name")
        .at(format!("launch {name}"), launch.span));
    }
    Ok(object_name)
}

/// The `CronWorkflow` of a scheduled launch, or the `Workflow` that starts another.
pub(crate) fn launch(
    context: &Context<'_>,
    name: &str,
    launch: &Launch,
    run_parameters: &[String],
) -> Result<String, Refusal> {
    let object_name = launch_name(context, name, launch)?;
    let own = needs_own_template(context, launch);
    let mut arguments = if own { Ok(Arguments::default()) } else { launch_arguments(context, launch) }
        .map_err(|refusal| refusal.at(format!("launch {name}"), launch.span))?;
    for parameter in run_parameters {
        let value = match parameter.as_str() {
            "run-name" => Some(name.to_owned()),
            "run-timezone" => launch.timezone.clone(),
            _ => None,
        };
        if let Some(value) = value {
            arguments.parameters.push(Parameter::value(parameter, value));
        }
    }
    let template = if own { object_name.clone() } else { template_name(context, &launch.pipeline) };
    let workflow_spec = WorkflowSpec {
        workflow_template_ref: Some(NameOnly { name: template }),
        active_deadline_seconds: launch.deadline_ms.map(|deadline| deadline.div_ceil(1000)),
        arguments,
        ..WorkflowSpec::default()
    };
    let mut meta = metadata(context, object_name.clone());
    meta.labels = launch.labels.clone();
    if let Some(doc) = &launch.doc {
        meta.annotations.insert("workflows.argoproj.io/description".into(), doc.clone());
    }
    let Some(schedule) = &launch.schedule else {
        meta.generate_name = Some(format!("{object_name}-"));
        meta.name = None;
        let spec = workflow_spec;
        return Ok(document(&Object { api_version: API, kind: "Workflow", metadata: meta, spec }));
    };
    let workflow_metadata = (!launch.labels.is_empty())
        .then(|| Metadata { labels: launch.labels.clone(), ..Metadata::default() });
    let spec = CronSpec {
        schedules: vec![schedule.clone()],
        timezone: launch.timezone.clone(),
        concurrency_policy: launch.overlap.map(|overlap| match overlap {
            Overlap::Allow => "Allow",
            Overlap::Forbid => "Forbid",
            Overlap::Replace => "Replace",
        }),
        workflow_metadata,
        workflow_spec,
    };
    Ok(document(&Object { api_version: API, kind: "CronWorkflow", metadata: meta, spec }))
}

/// The values of a launch that needs no template of its own.
fn launch_arguments(context: &Context<'_>, launch: &Launch) -> Result<Arguments, Refusal> {
    let pipeline = &context.program.pipelines[&launch.pipeline];
    let mut parameters = Vec::new();
    for (input, argument) in given(pipeline, launch) {
        if let Type::Secret = input.ty {
            let (secret, key) = super::pod::secret_reference(argument)?;
            parameters.push(Parameter::value(format!("{}-secret", input.name), secret));
            parameters.push(Parameter::value(format!("{}-key", input.name), key));
            continue;
        }
        let shown = shown_default(context, input).filter(|_| is_default(input, argument));
        let value = match (shown, constant_json(context, argument)) {
            (Some(shown), _) => shown?,
            (None, Some(json)) => person_text(context, &json, &unwidened(argument).ty),
            (None, None) => {
                return Err(Refusal::new("a launch's argument must be a constant").spanned(argument.span));
            }
        };
        parameters.push(Parameter::value(&input.name, value));
    }
    Ok(Arguments { parameters, ..Arguments::default() })
}
