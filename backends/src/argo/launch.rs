//! The objects around templates: `WorkflowTemplate`s, `CronWorkflow`s, and the `Workflow` that starts the entry.

use pipec_ir::{Entry, Expr, ExprKind, Launch, Overlap, Pipeline, PipelineId, Type};

use super::Context;
use super::expression::wire_text;
use super::keyed::unwidened;
use super::manifest::{
    Arguments, ConfigMapVolume, CronSpec, Dag as DagSpec, DagTask, Hook, Metadata, NameOnly, Object,
    Parameter, Template, Volume, WorkflowSpec,
};
use super::program_files::ProgramFiles;
use super::step;
use super::wire::is_artifact;
use super::workflow::Workflow;
use crate::names::{MAX_LABEL, mangle};
use crate::{Refusal, Warning};

const API: &str = "argoproj.io/v1alpha1";

/// The instant that a run is for: what a person says, else its schedule's, else its creation.
macro_rules! instant {
    () => {
        "date(workflow.parameters['run-scheduled'] != '' ? workflow.parameters['run-scheduled'] : \
         (get(workflow, 'scheduledTime') ?? workflow.creationTimestamp.RFC3339))"
    };
}

/// RFC 3339, UTC, whole seconds.
pub(crate) const SCHEDULED: &str = concat!(instant!(), ".UTC().Format('2006-01-02T15:04:05Z')");

/// Its day in the launch's time zone.
pub(crate) const DAY: &str =
    concat!(instant!(), ".In(timezone(workflow.parameters['run-timezone'])).Format('2006-01-02')");

/// The pipelines that get a `WorkflowTemplate`: the entry's and the launches', in this order.
pub(crate) fn exported<'a>(context: &Context<'a>) -> Vec<&'a PipelineId> {
    let program = context.program;
    let entry = match &program.entry {
        Entry::Pipeline(id) => Some(id),
        Entry::Launch(name) => program.launches.get(name).map(|launch| &launch.pipeline),
    };
    let mut found: Vec<&PipelineId> = Vec::new();
    for id in entry.into_iter().chain(program.launches.values().map(|launch| &launch.pipeline)) {
        if !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

/// The name of a pipeline's `WorkflowTemplate`.
pub(crate) fn template_name(context: &Context<'_>, id: &PipelineId) -> String {
    let program = &context.program.name;
    let name = if mangle(program, MAX_LABEL) == mangle(&id.0, MAX_LABEL) {
        program.clone()
    } else {
        format!("{program}-{}", id.0)
    };
    mangle(&name, MAX_LABEL - 6)
}

/// A pipeline's `WorkflowTemplate`; with `launch` one of that launch's own, because its arguments depend on the run.
pub(crate) fn workflow_template(
    context: &Context<'_>,
    id: &PipelineId,
    launch: Option<(&str, &Launch)>,
    files: &mut ProgramFiles,
) -> Result<(Object<WorkflowSpec>, Vec<Warning>), Vec<Refusal>> {
    let pipeline = &context.program.pipelines[id];
    let mut workflow = Workflow::new(context, id, files);
    let built = build_templates(&mut workflow, id, pipeline, launch.map(|(_, launch)| launch));
    let hook = match &built {
        Ok(_) => super::hooks::exit_template(&mut workflow, pipeline, launch.map(|(_, launch)| launch)),
        Err(_) => Ok(None),
    };
    let (templates, mut refusals, warnings) = workflow.into_templates();
    let entrypoint = match built {
        Ok(entrypoint) => entrypoint,
        Err(refusal) => {
            refusals.push(refusal.at(format!("pipeline {}", id.0), pipeline.span));
            String::new()
        }
    };
    let hook = match hook {
        Ok(hook) => hook,
        Err(refusal) => {
            refusals.push(refusal.at(format!("pipeline {}", id.0), pipeline.span));
            None
        }
    };
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let run_name = launch.map_or(pipeline.name.as_str(), |(name, _)| name);
    let timezone = launch.and_then(|(_, launch)| launch.timezone.as_deref()).unwrap_or("UTC");
    let inputs = if launch.is_some() { &[][..] } else { &pipeline.inputs };
    let arguments =
        entry_arguments(context, inputs, &templates, run_name, timezone).map_err(|refusal| vec![refusal])?;
    let name = match launch {
        Some((name, launch)) => launch_name(context, name, launch).map_err(|refusal| vec![refusal])?,
        None => template_name(context, id),
    };
    let mut metadata = metadata(context, name);
    if let Some(doc) = &pipeline.doc {
        metadata.annotations.insert("workflows.argoproj.io/description".into(), doc.clone());
    }
    let volumes = if templates.iter().any(|template| template.container.is_some()) {
        volumes(&templates, files)
    } else {
        Vec::new()
    };
    let spec = WorkflowSpec {
        entrypoint: Some(entrypoint),
        arguments,
        volumes,
        hooks: hook
            .into_iter()
            .map(|template| ("exit".to_owned(), Hook { template, arguments: Arguments::default() }))
            .collect(),
        templates,
        metrics: context.target.metrics.then(|| super::metrics::of_pipeline(&context.program.name, &id.0)),
        ..super::profile::spec(context.target)
    };
    Ok((Object { api_version: API, kind: "WorkflowTemplate", metadata, spec }, warnings))
}

/// All templates; gives the entrypoint's name. Inputs that a person types are checked before the pipeline gets them.
fn build_templates<'a>(
    workflow: &mut Workflow<'a>,
    id: &'a PipelineId,
    pipeline: &'a Pipeline,
    launch: Option<&'a Launch>,
) -> Result<String, Refusal> {
    if pipeline.inputs.is_empty() {
        return workflow.pipeline(id);
    }
    let name = workflow.template_name("main");
    let place = workflow.reserve();
    let callee = workflow.pipeline(id)?;
    let mut arguments = Arguments::default();
    let mut depends = Vec::new();
    let mut tasks = Vec::new();
    for input in &pipeline.inputs {
        if let Some(launch) = launch {
            arguments.parameters.append(&mut launched_input(workflow, launch, input)?);
            continue;
        }
        if let Type::Secret = input.ty {
            for part in ["secret", "key"] {
                let name = format!("{}-{part}", input.name);
                arguments
                    .parameters
                    .push(Parameter::value(&name, format!("{{{{workflow.parameters.{name}}}}}")));
            }
            continue;
        }
        let text = format!("workflow.parameters{}", super::expression::member(&input.name));
        if let Some(default) = captured_default(input) {
            // The packaged file is meant as long as its path is what stands there.
            let stored = workflow.stored(default, input.span)?;
            let task = mangle(&stored.name, MAX_LABEL);
            let shown = display_path(default);
            let parameters = stored.parameters(format!("{}{task}", workflow.context.key_root()));
            tasks.push(DagTask {
                name: task.clone(),
                template: stored.template,
                when: Some(format!("{{{{={text} == {}}}}}", super::expression::string_literal(&shown))),
                arguments: Arguments { parameters, artifacts: stored.artifacts },
                ..DagTask::default()
            });
            depends.push(task.clone());
            let suffix = workflow.context.identity_suffix(default);
            let key = format!("{} + '/{task}{suffix}'", workflow.context.key_root_expression());
            let shown = super::expression::string_literal(&shown);
            arguments
                .parameters
                .push(Parameter::value(&input.name, format!("{{{{={text} == {shown} ? {key} : {text}}}}}")));
            continue;
        }
        let value = typed_input(workflow, input);
        arguments.parameters.push(Parameter::value(&input.name, value));
    }
    let depends: Vec<String> =
        depends.iter().map(|task| format!("({task}.Succeeded || {task}.Skipped)")).collect();
    tasks.push(DagTask {
        name: mangle(&id.0, MAX_LABEL),
        template: callee,
        depends: (!depends.is_empty()).then(|| depends.join(" && ")),
        arguments,
        ..DagTask::default()
    });
    workflow.put(
        place,
        Template { name: name.clone(), dag: Some(DagSpec { fail_fast: None, tasks }), ..Template::default() },
    );
    Ok(name)
}

/// An input as a launch gives it, which may depend on the run.
pub(crate) fn launched_input(
    workflow: &Workflow<'_>,
    launch: &Launch,
    input: &pipec_ir::Parameter,
) -> Result<Vec<Parameter>, Refusal> {
    let Some(argument) = launch.arguments.iter().find(|argument| argument.name == input.name) else {
        return Err(Refusal::new(format!("the launch gives no `{}`", input.name)).spanned(launch.span));
    };
    let given = unwidened(&argument.value);
    if let Type::Secret = input.ty {
        let (secret, key) = super::pod::secret_reference(given)?;
        return Ok(vec![
            Parameter::value(format!("{}-secret", input.name), secret),
            Parameter::value(format!("{}-key", input.name), key),
        ]);
    }
    if let ExprKind::Artifact(artifact) = &given.kind {
        let key = match artifact {
            pipec_ir::ArtifactRef::Uri { uri, .. } => workflow.context.target.key_of(uri),
            pipec_ir::ArtifactRef::CapturedFile { .. } | pipec_ir::ArtifactRef::CapturedDir { .. } => None,
        };
        let key = key.ok_or_else(|| {
            Refusal::new("beside arguments that use `run`, a launch on Argo takes files of the artifact repository only")
                .help("give a URI in its bucket (`artifact_bucket` in the target)")
                .spanned(given.span)
        })?;
        let key = format!("{key}{}", workflow.context.identity_suffix(artifact));
        return Ok(vec![Parameter::value(&input.name, key)]);
    }
    let scope = super::expression::Scope::default();
    let wire = workflow.context.lowering().wire(&argument.value, &scope)?;
    Ok(vec![Parameter::value(&input.name, wire.into_argument())])
}

/// An input as a person gave it, checked.
pub(crate) fn typed_input(workflow: &Workflow<'_>, input: &pipec_ir::Parameter) -> String {
    let text = format!("workflow.parameters{}", super::expression::member(&input.name));
    let checked =
        workflow.context.lowering().checked_text(&text, &input.ty, &format!("input {}", input.name));
    format!("{{{{={}}}}}", checked.text)
}

/// Whether a launch's arguments depend on the run.
pub(crate) fn uses_run(launch: &Launch) -> bool {
    launch.arguments.iter().any(|argument| {
        let mut found = false;
        super::expression::for_each(&argument.value, &mut |part| {
            found |= matches!(part.kind, ExprKind::Run(_))
        });
        found
    })
}

fn captured_default(input: &pipec_ir::Parameter) -> Option<&pipec_ir::ArtifactRef> {
    artifact_of(input.default.as_ref()?)
}

fn display_path(artifact: &pipec_ir::ArtifactRef) -> String {
    match artifact {
        pipec_ir::ArtifactRef::CapturedFile { path, .. }
        | pipec_ir::ArtifactRef::CapturedDir { path, .. } => {
            format!("./{}", path.trim_start_matches("./"))
        }
        pipec_ir::ArtifactRef::Uri { uri, .. } => uri.clone(),
    }
}

/// The workflow's parameters, with the inputs' defaults.
fn entry_arguments(
    context: &Context<'_>,
    inputs: &[pipec_ir::Parameter],
    templates: &[Template],
    run_name: &str,
    timezone: &str,
) -> Result<Arguments, Refusal> {
    let mut arguments = Arguments::default();
    for input in inputs {
        if let Type::Secret = input.ty {
            let reference = match input.default.as_ref().map(|default| &default.kind) {
                Some(ExprKind::Secret { name, key }) => Some((name.clone(), key.clone())),
                Some(_) | None => None,
            };
            for (part, value) in
                [("secret", reference.as_ref().map(|r| &r.0)), ("key", reference.as_ref().map(|r| &r.1))]
            {
                let mut parameter = Parameter::named(format!("{}-{part}", input.name));
                parameter.value = value.cloned();
                arguments.parameters.push(parameter);
            }
            continue;
        }
        let mut parameter = Parameter::named(&input.name);
        parameter.description = input.doc.clone();
        parameter.value = match (captured_default(input), &input.default) {
            (Some(artifact), _) => Some(display_path(artifact)),
            (None, Some(default)) => Some(constant_text(context, default)?),
            (None, None) => None,
        };
        if let Type::Enum { name } = &input.ty
            && let Some(found) = super::wire::enumeration(&context.program.types, name)
            && found.variants.iter().all(|variant| variant.fields.is_empty())
        {
            parameter.allowed = found.variants.iter().map(|variant| variant.json_name().to_owned()).collect();
        }
        arguments.parameters.push(parameter);
    }
    let uses = |word: &str| templates_mention(templates, word);
    if uses("run-name") {
        arguments.parameters.push(Parameter::value("run-name", run_name));
    }
    if uses("run-scheduled") {
        arguments.parameters.push(Parameter::value("run-scheduled", ""));
    }
    if uses("run-timezone") {
        arguments.parameters.push(Parameter::value("run-timezone", timezone));
    }
    Ok(arguments)
}

/// The parameters about the run that a `WorkflowTemplate` has.
pub(crate) fn run_parameters(object: &Object<WorkflowSpec>) -> Vec<String> {
    let names = object.spec.arguments.parameters.iter().map(|parameter| &parameter.name);
    names
        .filter(|name| ["run-name", "run-scheduled", "run-timezone"].contains(&name.as_str()))
        .cloned()
        .collect()
}

fn templates_mention(templates: &[Template], word: &str) -> bool {
    let wanted = format!("workflow.parameters['{word}']");
    let mentions = |arguments: &Arguments| {
        arguments
            .parameters
            .iter()
            .any(|parameter| parameter.value.as_ref().is_some_and(|value| value.contains(&wanted)))
            || arguments
                .artifacts
                .iter()
                .any(|artifact| artifact.s3.as_ref().is_some_and(|key| key.key.contains(&wanted)))
    };
    templates.iter().any(|template| {
        template.dag.as_ref().is_some_and(|dag| dag.tasks.iter().any(|task| mentions(&task.arguments)))
    })
}

/// What a person would type for a constant.
fn constant_text(context: &Context<'_>, expr: &Expr) -> Result<String, Refusal> {
    let constant = unwidened(expr);
    let ExprKind::Const(json) = &constant.kind else {
        return Err(Refusal::new("this value must be a constant on Argo").spanned(expr.span));
    };
    // JSON that is harmless is what a person would write.
    let readable = pipec_ir::canonical_json(json);
    let is_plain = |byte: u8| (0x20..0x7f).contains(&byte);
    let plain = readable.bytes().all(is_plain) && !readable.contains("{{") && !readable.contains("$(");
    let structured = json.is_array() || json.is_object();
    Ok(if structured && plain { readable } else { wire_text(json, &constant.ty, &context.program.types) })
}

fn metadata(context: &Context<'_>, name: String) -> Metadata {
    Metadata { name: Some(name), namespace: context.target.namespace.clone(), ..Metadata::default() }
}

fn volumes(templates: &[Template], files: &ProgramFiles) -> Vec<Volume> {
    let mounted = |name: &str| {
        templates.iter().any(|template| {
            template
                .container
                .as_ref()
                .is_some_and(|container| container.volume_mounts.iter().any(|mount| mount.name == name))
        })
    };
    let config_map = |name: &str, of: String| Volume {
        name: name.to_owned(),
        config_map: Some(ConfigMapVolume { name: of, items: Vec::new() }),
        ..Volume::default()
    };
    let mut found = Vec::new();
    if mounted("pipec") {
        found.push(config_map("pipec", step::config_map_name()));
    }
    if mounted("files") {
        found.push(config_map("files", files.name().to_owned()));
    }
    found
}

/// The name under which people find a launch; a name that would have to be changed for Argo is refused.
fn launch_name(context: &Context<'_>, name: &str, launch: &Launch) -> Result<String, Refusal> {
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
    let own = uses_run(launch);
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
        return super::yaml::document(&Object {
            api_version: API,
            kind: "Workflow",
            metadata: meta,
            spec: workflow_spec,
        });
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
    super::yaml::document(&Object { api_version: API, kind: "CronWorkflow", metadata: meta, spec })
}

fn launch_arguments(context: &Context<'_>, launch: &Launch) -> Result<Arguments, Refusal> {
    let pipeline = &context.program.pipelines[&launch.pipeline];
    let mut parameters = Vec::new();
    for argument in &launch.arguments {
        let Some(input) = pipeline.inputs.iter().find(|input| input.name == argument.name) else { continue };
        if let Type::Secret = input.ty {
            let (secret, key) = super::pod::secret_reference(&argument.value)?;
            parameters.push(Parameter::value(format!("{}-secret", input.name), secret));
            parameters.push(Parameter::value(format!("{}-key", input.name), key));
            continue;
        }
        if let (Some(default), Some(given)) = (captured_default(input), artifact_of(&argument.value)) {
            if default == given {
                parameters.push(Parameter::value(&input.name, display_path(default)));
                continue;
            }
            return Err(Refusal::new(format!(
                "`{}` is a captured file, which a launch can't give on Argo yet",
                input.name
            ))
            .help("put it into the artifact repository and give its URI")
            .spanned(argument.value.span));
        }
        let given = unwidened(&argument.value);
        let value = if let ExprKind::Const(_) = given.kind {
            constant_text(context, given)?
        } else if let ExprKind::Artifact(artifact) = &given.kind
            && let pipec_ir::ArtifactRef::Uri { uri, .. } = artifact
            && is_artifact(&input.ty)
        {
            let key = context.target.key_of(uri).ok_or_else(|| {
                Refusal::new(format!("`{uri}` isn't in this target's artifact repository"))
                    .help("name its bucket in the target (`artifact_bucket`)")
                    .spanned(given.span)
            })?;
            format!("{key}{}", context.identity_suffix(artifact))
        } else {
            return Err(Refusal::new("a launch's argument must be a constant").spanned(given.span));
        };
        parameters.push(Parameter::value(&input.name, value));
    }
    Ok(Arguments { parameters, ..Arguments::default() })
}

fn artifact_of(expr: &Expr) -> Option<&pipec_ir::ArtifactRef> {
    if let ExprKind::Artifact(artifact) = &unwidened(expr).kind { Some(artifact) } else { None }
}
