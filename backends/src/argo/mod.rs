//! IR → Argo Workflows manifests. What each construct becomes, and why, is in this package's README.

mod artifacts;
mod calls;
mod dag;
mod expression;
mod helpers;
mod hooks;
mod keyed;
mod launch;
mod loops;
mod manifest;
mod pod;
mod program_files;
mod step;
mod target;
mod task;
mod units;
mod wire;
mod workflow;
mod yaml;

use indexmap::IndexMap;
use pipec_ir::{Entry, PipelineId, Program};

use crate::{OutputFile, Refusal};
use expression::Lowering;
use keyed::Keyed;
use program_files::ProgramFiles;

pub use target::Target;

/// Above this many bytes an API server refuses it.
const TOO_LARGE: usize = 1_500_000;

/// What every part of the lowering reads.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    pub(crate) program: &'a Program,
    pub(crate) target: &'a Target,
    pub(crate) keyed: Keyed,
}

impl Context<'_> {
    pub(crate) fn lowering(&self) -> Lowering<'_> {
        Lowering { types: &self.program.types, sources: &self.program.sources }
    }

    /// What every key of a run begins with.
    pub(crate) fn key_root(&self) -> String {
        match &self.target.artifact_prefix {
            Some(prefix) => format!("{}/{{{{workflow.uid}}}}/", prefix.trim_matches('/')),
            None => "{{workflow.uid}}/".to_owned(),
        }
    }
    /// The same as an expression, without the `/` at its end.
    pub(crate) fn key_root_expression(&self) -> String {
        match &self.target.artifact_prefix {
            Some(prefix) => format!("'{}/' + workflow.uid", prefix.trim_matches('/')),
            None => "workflow.uid".to_owned(),
        }
    }
}

/// The manifests of a program: the ConfigMaps, one `WorkflowTemplate` for each exported pipeline, a `CronWorkflow` for
/// each scheduled launch, and a `Workflow` that starts the entry.
pub fn compile(program: &Program, target: &Target) -> Result<Vec<OutputFile>, Vec<Refusal>> {
    if !target.stops_at_faults() {
        let (major, minor, patch) = target.argo_version;
        return Err(vec![
            Refusal::new(format!("Argo {major}.{minor}.{patch} hands expressions that fail on as text"))
                .help("use Argo 3.7.16, 4.0.7 or a later one, and say so in the target's `argo_version`"),
        ]);
    }
    let context = Context { program, target, keyed: Keyed::of(program) };
    let mut files = ProgramFiles::new(program);
    let mut refusals = Vec::new();
    let mut documents = Vec::new();
    let mut run_parameters: IndexMap<&PipelineId, Vec<String>> = IndexMap::new();
    for id in launch::exported(&context) {
        match launch::workflow_template(&context, id, None, &mut files) {
            Ok(object) => {
                run_parameters.insert(id, launch::run_parameters(&object));
                emit(&object, &id.0, &mut documents, &mut refusals);
            }
            Err(mut found) => refusals.append(&mut found),
        }
    }
    for (name, launch) in &program.launches {
        let mut parameters = run_parameters.get(&launch.pipeline).cloned().unwrap_or_default();
        if launch::uses_run(launch) && refusals.is_empty() {
            match launch::workflow_template(&context, &launch.pipeline, Some((name, launch)), &mut files) {
                Ok(object) => {
                    parameters = launch::run_parameters(&object);
                    emit(&object, name, &mut documents, &mut refusals);
                }
                Err(mut found) => refusals.append(&mut found),
            }
        }
        match launch::launch(&context, name, launch, &parameters) {
            Ok(text) => documents.push(text),
            Err(refusal) => refusals.push(refusal),
        }
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let mut config_maps = vec![step_config_map(target)];
    if !files.is_empty() {
        let metadata = manifest::Metadata {
            name: Some(files.name().to_owned()),
            namespace: target.namespace.clone(),
            ..manifest::Metadata::default()
        };
        config_maps.push(files.into_config_map(metadata).map_err(|refusal| vec![refusal])?);
    }
    let mut all = Vec::new();
    for config_map in &config_maps {
        all.push(yaml::document(config_map).map_err(|refusal| vec![refusal])?);
    }
    all.append(&mut documents);
    let name = crate::names::mangle(&program.name, crate::names::MAX_LABEL);
    Ok(vec![OutputFile::text(format!("{name}.yaml"), format!("{}{}", header(program), all.join("---\n")))])
}

fn emit(
    object: &manifest::Object<manifest::WorkflowSpec>,
    name: &str,
    documents: &mut Vec<String>,
    refusals: &mut Vec<Refusal>,
) {
    match yaml::document(object) {
        Ok(text) => {
            check_size(&text, name, refusals);
            documents.push(text);
        }
        Err(refusal) => refusals.push(refusal),
    }
}

fn step_config_map(target: &Target) -> manifest::ConfigMap {
    manifest::ConfigMap {
        api_version: "v1",
        kind: "ConfigMap",
        metadata: manifest::Metadata {
            name: Some(step::config_map_name()),
            namespace: target.namespace.clone(),
            ..manifest::Metadata::default()
        },
        data: step::files().into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect(),
        binary_data: IndexMap::new(),
    }
}

/// Where this comes from; no time and no absolute path, so that the same program gives the same bytes.
fn header(program: &Program) -> String {
    let source = program.sources.first().cloned().unwrap_or_else(|| format!("{}.pipe", program.name));
    let entry = match &program.entry {
        Entry::Pipeline(id) => program.pipelines.get(id).map(|pipeline| pipeline.identity.as_str()),
        Entry::Launch(name) => program
            .launches
            .get(name)
            .and_then(|launch| program.pipelines.get(&launch.pipeline))
            .map(|pipeline| pipeline.identity.as_str()),
    };
    let digest: String = entry.unwrap_or_default().chars().take(16).collect();
    format!(
        "# {source}, compiled by pipec {} for Argo Workflows; identity {digest}\n",
        env!("CARGO_PKG_VERSION")
    )
}

fn check_size(text: &str, pipeline: &str, refusals: &mut Vec<Refusal>) {
    if text.len() > TOO_LARGE {
        refusals.push(
            Refusal::new(format!(
                "the WorkflowTemplate of {pipeline} has {} bytes, and an API server takes at most {TOO_LARGE}",
                text.len()
            ))
            .help("split the pipeline, or put long constants and programs into files"),
        );
    }
}
