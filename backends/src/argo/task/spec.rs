//! What a step's prelude has to know of inputs and outputs, as environment variables.

use pipec_ir::{Run, Type};
use serde_json::{Value as Json, json};

use super::super::artifacts::{ArtifactInput, Step, artifact_inputs, extension, output_path};
use super::super::manifest::EnvVar;
use super::super::nested::Layout;
use super::super::step::{python_type, shell_check};
use super::super::wire::{is_all_artifacts, is_artifact};
use super::TaskTemplate;
use super::columns::inside;
use crate::Refusal;

impl TaskTemplate<'_> {
    pub(super) fn shell_settings(&mut self, keyed: bool) -> Result<(), Refusal> {
        let types = &self.context.program.types;
        self.env.push(EnvVar::new("PIPEC_TASK", &self.task.name));
        for (name, words) in
            [("PIPEC_DECODE", &self.decode), ("PIPEC_OPTIONAL", &self.optional), ("PIPEC_LISTS", &self.lists)]
        {
            if !words.is_empty() {
                self.env.push(EnvVar::new(name, words.join(" ")));
            }
        }
        let mut lines = Vec::new();
        for output in self.task.results.outputs() {
            let mark = if matches!(output.ty, Type::Optional { .. }) { "?" } else { "" };
            let ty = output.ty.without_optional();
            let what = if is_artifact(ty) {
                let extension = extension(ty, &self.context.program.formats);
                if let Type::Dir { .. } = ty { "dir".to_owned() } else { format!("file {extension}") }
            } else if is_all_artifacts(ty) {
                if keyed { format!("list {}", Layout::of(ty).letters()) } else { "dir".to_owned() }
            } else {
                // What a shell can't check is checked afterwards, by an expression.
                let later = if let Type::String { .. } = ty { "string" } else { "text" };
                shell_check(ty, types).unwrap_or_else(|| later.to_owned())
            };
            lines.push(format!("{}{mark} {}", output.name, what.trim_end()));
        }
        if !lines.is_empty() {
            self.env.push(EnvVar::new("PIPEC_OUTPUTS", lines.join("\n")));
        }
        Ok(())
    }

    pub(super) fn python_settings(&mut self, _keyed: bool) -> Result<(), Refusal> {
        let program = self.context.program;
        let types = &program.types;
        let mut inputs = Vec::new();
        for input in self.task.inputs.iter().filter(|input| input.role == pipec_ir::Role::Program) {
            if let Type::Secret = input.ty {
                continue;
            }
            let artifacts = artifact_inputs(&input.name, &input.ty, types, &program.formats);
            let mut entry = serde_json::Map::new();
            entry.insert("name".to_owned(), input.name.clone().into());
            if is_all_artifacts(&input.ty) {
                let artifact = &artifacts[0];
                entry.insert("path".to_owned(), artifact.path.clone().into());
                if artifact.is_list() {
                    entry.insert("list".to_owned(), true.into());
                }
            } else {
                entry.insert("of".to_owned(), python_type(&input.ty, types));
                let parts: Vec<Json> = artifacts
                    .iter()
                    .filter(|artifact| artifact.is_shallow())
                    .map(|artifact| self.python_artifact(&input.ty, artifact))
                    .collect();
                if !parts.is_empty() {
                    entry.insert("artifacts".to_owned(), Json::Array(parts));
                }
            }
            inputs.push(Json::Object(entry));
            inputs.extend(artifacts.iter().filter(|artifact| !artifact.is_shallow()).map(Self::column_entry));
        }
        let mut outputs = Vec::new();
        for output in self.task.results.outputs() {
            let mut entry = serde_json::Map::new();
            entry.insert("name".to_owned(), output.name.clone().into());
            if is_all_artifacts(&output.ty) {
                let ty = output.ty.without_optional();
                let kind = if let Type::Dir { .. } = ty {
                    "dir"
                } else if is_artifact(ty) {
                    "file"
                } else {
                    "list"
                };
                entry.insert("artifact".to_owned(), kind.into());
                if kind == "list" {
                    entry.insert("layout".to_owned(), Layout::of(ty).letters().into());
                }
                entry.insert(
                    "path".to_owned(),
                    output_path(&output.name, &output.ty, &program.formats).into(),
                );
                if matches!(output.ty, Type::Optional { .. }) {
                    entry.insert("optional".to_owned(), true.into());
                }
            } else {
                entry.insert("of".to_owned(), python_type(&output.ty, types));
            }
            outputs.push(Json::Object(entry));
        }
        let inputs_named: Vec<&str> = self.task.inputs.iter().map(|input| input.name.as_str()).collect();
        let fields: Vec<&String> =
            self.decode.iter().filter(|name| !inputs_named.contains(&name.as_str())).collect();
        let mut spec = json!({"task": self.task.name, "inputs": inputs, "outputs": outputs});
        if let Json::Object(object) = &mut spec {
            if !fields.is_empty() {
                object.insert("fields".to_owned(), json!(fields));
            }
            if let Run::Script { span: Some(span), .. } = &self.task.run
                && let Some(source) = program.sources.get(span.file as usize)
            {
                object.insert("source".to_owned(), source.clone().into());
                object.insert("line".to_owned(), span.line.saturating_sub(self.lines_before()).into());
            }
        }
        self.env.push(EnvVar::new("PIPEC_SPEC", inert_json(&spec)));
        Ok(())
    }

    /// An artifact of a record, or of each record of a list.
    fn python_artifact(&self, ty: &Type, artifact: &ArtifactInput) -> Json {
        let lowering = self.context.lowering();
        let mut at = Vec::new();
        let mut current = ty.clone();
        let each = artifact.way.first() == Some(&Step::Items);
        for step in &artifact.way {
            match step {
                Step::Items | Step::Entries => current = inside(&current),
                Step::Field(field) => {
                    at.push(lowering.field_name(&current, field));
                    current = lowering.field_type(&current, field);
                }
            }
        }
        json!({"variable": artifact.variable, "at": at, "path": artifact.path, "list": artifact.is_list(),
            "each": each})
    }
}

/// JSON text that no template expander takes for its own.
fn inert_json(json: &Json) -> String {
    json.to_string()
        .replace("{{", "{ {")
        .replace("}}", "} }")
        .replace("$(", "\\u0024(")
        .replace("$$", "\\u0024\\u0024")
}
