//! IR → Argo Workflows manifests.

mod target;

use pipec_ir::Program;

use crate::{OutputFile, Refusal};

pub use target::Target;

/// The manifests of a program: `WorkflowTemplate`s, `CronWorkflow`s, and a `Workflow` that starts the entry.
pub fn compile(_program: &Program, _target: &Target) -> Result<Vec<OutputFile>, Vec<Refusal>> {
    Err(vec![Refusal::new("the Argo backend can't compile programs yet")])
}
