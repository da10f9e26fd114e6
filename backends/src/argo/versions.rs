//! What versions of Argo can't do, or do wrongly.

use pipec_ir::{PipelineId, Span};

use super::manifest::{Arguments, Object, WorkflowSpec};
use super::target::Version;
use crate::{Refusal, Warning};

/// Why a version can't run these templates: it hands an expression that fails on as text.
pub(crate) fn refusal(
    version: Version,
    object: &Object<WorkflowSpec>,
    id: &PipelineId,
    span: Option<Span>,
) -> Option<Refusal> {
    if version.stops_at_faults() {
        return None;
    }
    let message = first_fault(object)?;
    Some(
        Refusal::new(format!(
            "Argo {version} passes an expression that fails on as text, and here one may fail: {message}"
        ))
        .help("use Argo 3.7.16, 4.0.7 or a later one, and say so in the target's `argo_version`; or compute it in a task")
        .at(format!("pipeline {}", id.0), span),
    )
}

/// What there is to know about a version that runs everything.
pub(crate) fn warning(version: Version) -> Option<Warning> {
    (version.stops_at_faults() && !version.aggregates_nothing()).then(|| {
        Warning::new(format!("Argo {version} hangs where a reference can't be resolved"))
            .help("use Argo 3.7.16, 4.0.7 or a later one, and say so in the target's `argo_version`")
    })
}

/// The message of the first expression that may fail.
fn first_fault(object: &Object<WorkflowSpec>) -> Option<String> {
    let tasks = object.spec.templates.iter().flat_map(|template| &template.dag).flat_map(|dag| &dag.tasks);
    let texts = tasks.flat_map(|task| {
        let given = |arguments: &Arguments| -> Vec<String> {
            let parameters = arguments.parameters.iter().filter_map(|parameter| parameter.value.clone());
            let keys =
                arguments.artifacts.iter().filter_map(|artifact| Some(artifact.s3.as_ref()?.key.clone()));
            parameters.chain(keys).collect()
        };
        let mut texts = given(&task.arguments);
        texts.extend(task.when.clone());
        texts.extend(task.with_param.clone());
        texts
    });
    texts
        .filter_map(|text| {
            let (_, rest) = text.split_once("sprig.fail('")?;
            rest.split_once('\'').map(|(message, _)| message.to_owned())
        })
        .next()
}
