//! A pipeline's `WorkflowTemplate`: its templates, and what stands around them.

use pipec_ir::{Entry, Launch, PipelineId};

use super::Context;
use super::entry::{build_templates, entry_arguments};
use super::launch::launch_name;
use super::manifest::{Arguments, ConfigMapVolume, Hook, Metadata, Object, Template, Volume, WorkflowSpec};
use super::program_files::ProgramFiles;
use super::step;
use super::workflow::Workflow;
use crate::names::{MAX_LABEL, mangle};
use crate::{Refusal, Warning};

pub(crate) const API: &str = "argoproj.io/v1alpha1";

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

/// The parameters about the run that a `WorkflowTemplate` has.
pub(crate) fn run_parameters(object: &Object<WorkflowSpec>) -> Vec<String> {
    let names = object.spec.arguments.parameters.iter().map(|parameter| &parameter.name);
    names
        .filter(|name| ["run-name", "run-scheduled", "run-timezone"].contains(&name.as_str()))
        .cloned()
        .collect()
}

pub(crate) fn metadata(context: &Context<'_>, name: String) -> Metadata {
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
