//! What the expressions of a task see: its inputs, and the paths of its outputs.

use pipec_ir::{Artifact, ArtifactRef, Fault, NodeId, RunField, Scope, Value};

use crate::artifacts::captured::Captured;
use crate::facts::RunFacts;

/// The scope of a task's settings and of its argument vector.
#[derive(Debug)]
pub(crate) struct TaskScope<'a> {
    pub(crate) inputs: &'a [(String, Value)],
    /// Output names with the paths to write.
    pub(crate) outputs: &'a [(String, String)],
    pub(crate) facts: &'a RunFacts,
    pub(crate) captured: &'a Captured<'a>,
}

impl Scope for TaskScope<'_> {
    fn input(&self, name: &str) -> Option<Value> {
        if let Some((_, value)) = self.inputs.iter().find(|(input, _)| input == name) {
            return Some(value.clone());
        }
        let (_, place) = self.outputs.iter().find(|(output, _)| output == name)?;
        Some(Value::Artifact(Artifact { place: place.clone(), identity: None }))
    }

    fn output(&self, _: &NodeId, _: Option<&str>) -> Option<Value> {
        None
    }

    fn run(&self, field: RunField) -> Option<Value> {
        self.facts.value(field)
    }

    fn artifact(&self, artifact: &ArtifactRef) -> Result<Value, Fault> {
        self.captured.artifact(artifact).map(Value::Artifact).map_err(Fault::new)
    }
}
