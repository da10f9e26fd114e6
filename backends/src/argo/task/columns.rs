//! Columns of artifacts in a python block: the step reads them as inputs of their own, in front of the block one line puts
//! each artifact into the record that it belongs to.

use pipec_ir::{Role, Type};
use serde_json::{Value as Json, json};

use super::super::artifacts::{ArtifactInput, Step, artifact_inputs};
use super::TaskTemplate;
use crate::Refusal;

impl TaskTemplate<'_> {
    /// The block as the step runs it.
    pub(super) fn python_text(&self, text: &str) -> Result<String, Refusal> {
        let placing = self.columns_placed();
        if placing.is_empty() {
            return Ok(text.to_owned());
        }
        if text.lines().any(|line| line.trim_start().starts_with("from __future__")) {
            return Err(Refusal::new(
                "a block with `from __future__` can't get these records with files on Argo",
            )
            .help("leave the line out, or put what needs it into a module of `files`"));
        }
        Ok(format!("{}\n{text}", placing.join("; ")))
    }

    /// How many lines the step runs before the block's own.
    pub(super) fn lines_before(&self) -> u32 {
        u32::from(!self.columns_placed().is_empty())
    }

    /// Statements that put each column's artifacts into their records.
    fn columns_placed(&self) -> Vec<String> {
        let program = self.context.program;
        let mut statements = Vec::new();
        for input in self.task.inputs.iter().filter(|input| input.role == Role::Program) {
            for artifact in artifact_inputs(&input.name, &input.ty, &program.types, &program.formats) {
                if !artifact.is_shallow() {
                    statements.push(self.placed(&input.name, &input.ty, &artifact));
                    statements.push(format!("del {}", artifact.variable));
                }
            }
        }
        statements
    }

    /// `[V1.update({"reads": s_samples_reads[K1]}) for K1, V1 in enumerate(s["samples"])]`. Inputs have lower-case names.
    fn placed(&self, input: &str, ty: &Type, artifact: &ArtifactInput) -> String {
        let lowering = self.context.lowering();
        let Some((Step::Field(last), way)) = artifact.way.split_last() else { return String::new() };
        let (mut value, mut found, mut current) = (input.to_owned(), artifact.variable.clone(), ty.clone());
        let mut clauses = Vec::new();
        for (depth, step) in way.iter().enumerate() {
            some(&mut clauses, &mut value, &current);
            let (key, item) = (format!("K{depth}"), format!("V{depth}"));
            match step {
                Step::Field(field) => {
                    value = format!("{value}[{}]", Json::from(lowering.field_name(&current, field)));
                    current = lowering.field_type(&current, field);
                    continue;
                }
                Step::Items => clauses.push(format!("for {key}, {item} in enumerate({value})")),
                Step::Entries => clauses.push(format!("for {key}, {item} in {value}.items()")),
            }
            (value, found, current) = (item, format!("{found}[{key}]"), inside(&current));
        }
        some(&mut clauses, &mut value, &current);
        let last = Json::from(lowering.field_name(&current, last));
        format!("[{value}.update({{{last}: {found}}}) {}]", clauses.join(" "))
    }

    /// The columns as `step.py` reads inputs that are all artifacts.
    pub(super) fn column_entry(artifact: &ArtifactInput) -> Json {
        json!({"name": artifact.variable, "path": artifact.path, "list": true})
    }
}

/// Leaves out a value that is missing.
fn some(clauses: &mut Vec<String>, value: &mut String, ty: &Type) {
    if !matches!(ty, Type::Optional { .. }) {
        return;
    }
    if clauses.is_empty() {
        clauses.push(format!("for V in [{value}]"));
        "V".clone_into(value);
    }
    clauses.push(format!("if {value} is not None"));
}

/// What lies directly inside of a list or a map.
pub(super) fn inside(ty: &Type) -> Type {
    let ty = ty.without_optional();
    if let Type::List { item: of } | Type::Map { value: of } = ty { (**of).clone() } else { ty.clone() }
}
