//! IR → Argo Workflows manifests. What each construct becomes, and why, is in this package's README.

mod artifacts;
mod calls;
mod checked;
mod computed;
mod constants;
mod dag;
mod entry;
mod expression;
mod guard;
mod helpers;
mod hooks;
mod identities;
mod instant;
mod keyed;
mod launch;
mod loops;
mod manifest;
mod metrics;
mod nested;
mod object;
mod pod;
mod profile;
mod program_files;
mod rounds;
mod run_end;
mod size;
mod step;
mod target;
mod task;
mod units;
mod versions;
mod waits;
mod wire;
mod workflow;
mod wrapper;

use indexmap::IndexMap;
use pipec_ir::{ArtifactRef, Entry, PipelineId, Program};

use crate::yaml::document;
use crate::{Compiled, OutputFile, Refusal, Warning};
use expression::Lowering;
use keyed::Keyed;
use program_files::ProgramFiles;

pub use target::{ArtifactGc, ArtifactRepository, DefaultResources, NodePool, PodGc, Target, Ttl, Version};

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

    /// What follows the key of a constant artifact.
    pub(crate) fn identity_suffix(&self, artifact: &ArtifactRef) -> String {
        if self.keyed.identified { identities::suffix(artifact) } else { String::new() }
    }
}

/// The manifests of a program: the ConfigMaps, one `WorkflowTemplate` for each exported pipeline, a `CronWorkflow` for
/// each scheduled launch, and a `Workflow` that starts the entry.
pub fn compile(program: &Program, target: &Target) -> Result<Compiled, Vec<Refusal>> {
    let program = &run_end::as_inputs(program);
    let context = Context { program, target, keyed: Keyed::of(program) };
    let mut files = ProgramFiles::new(program);
    let mut emitted = Emitted::default();
    let mut run_parameters: IndexMap<&PipelineId, Vec<String>> = IndexMap::new();
    for id in object::exported(&context) {
        let object = object::workflow_template(&context, id, None, &mut files);
        if let Some(parameters) = emitted.template(&context, object, id, &id.0) {
            run_parameters.insert(id, parameters);
        }
    }
    for (name, launch) in &program.launches {
        let mut parameters = run_parameters.get(&launch.pipeline).cloned().unwrap_or_default();
        if launch::needs_own_template(&context, launch) && emitted.refusals.is_empty() {
            let of = Some((name.as_str(), launch));
            let object = object::workflow_template(&context, &launch.pipeline, of, &mut files);
            parameters = emitted.template(&context, object, &launch.pipeline, name).unwrap_or_default();
        }
        match launch::launch(&context, name, launch, &parameters) {
            Ok(text) => emitted.documents.push(text),
            Err(refusal) => emitted.refusals.push(refusal),
        }
    }
    let mut config_maps = vec![step_config_map(target)];
    if !files.is_empty() {
        let metadata = manifest::Metadata {
            name: Some(files.name().to_owned()),
            namespace: target.namespace.clone(),
            ..manifest::Metadata::default()
        };
        match files.into_config_map(metadata) {
            Ok(config_map) => config_maps.push(config_map),
            Err(refusal) => emitted.refusals.push(refusal),
        }
    }
    if !emitted.refusals.is_empty() {
        return Err(emitted.refusals);
    }
    let documents = config_maps.iter().map(document).chain(emitted.documents);
    let name = crate::names::mangle(&program.name, crate::names::MAX_LABEL);
    let text = one_file(header(program), documents);
    emitted.warnings.extend(versions::warning(target.argo_version));
    Ok(Compiled { files: vec![OutputFile::text(format!("{name}.yaml"), text)], warnings: emitted.warnings })
}

/// What was made so far, and what there is to say about it.
#[derive(Debug, Default)]
struct Emitted {
    documents: Vec<String>,
    warnings: Vec<Warning>,
    refusals: Vec<Refusal>,
}

impl Emitted {
    /// Adds a `WorkflowTemplate`; gives the parameters about the run that it has.
    fn template(
        &mut self,
        context: &Context<'_>,
        made: Result<(manifest::Object<manifest::WorkflowSpec>, Vec<Warning>), Vec<Refusal>>,
        id: &PipelineId,
        name: &str,
    ) -> Option<Vec<String>> {
        let span = context.program.pipelines[id].span;
        let object = match made {
            Ok((object, mut warnings)) => {
                self.warnings.append(&mut warnings);
                object
            }
            Err(mut refusals) => {
                self.refusals.append(&mut refusals);
                return None;
            }
        };
        self.refusals.extend(versions::refusal(context.target.argo_version, &object, id, span));
        let text = document(&object);
        match size::check(&text, name, span) {
            Ok(warning) => self.warnings.extend(warning),
            Err(refusal) => self.refusals.push(refusal),
        }
        self.documents.push(text);
        Some(object::run_parameters(&object))
    }
}

/// What was made of a program can be large: each document is gone as soon as it is copied.
fn one_file(header: String, documents: impl Iterator<Item = String>) -> String {
    let mut text = header;
    for (index, document) in documents.enumerate() {
        text.reserve(SEPARATOR.len() + document.len());
        if index > 0 {
            text.push_str(SEPARATOR);
        }
        text.push_str(&document);
    }
    text
}

const SEPARATOR: &str = "---\n";

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
