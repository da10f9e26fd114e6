//! `pipec inputs FILE`: what a pipeline takes and gives.

mod schema;

use clap::{Args, ValueEnum};
use pipec_ir::eval::Fault;
use pipec_ir::{
    Artifact, ArtifactRef, Expr, NodeId, Output, Parameter, Pipeline, Program, RunField, Scope, Value,
    canonical_json, evaluate, to_json,
};
use serde::Serialize;
use serde_json::Value as Json;

use super::Status;
use super::failure::Failure;
use super::input::{Input, pipeline_of};
use super::terminal::Terminal;

/// Show what a pipeline takes and gives
#[derive(Args, Debug)]
pub(super) struct Inputs {
    /// The file, or FILE::PIPELINE
    file: Input,
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a person
    #[default]
    Text,
    /// For programs
    Json,
    /// A JSON Schema of what `run --inputs` takes
    Schema,
}

#[derive(Serialize)]
struct Interface<'a> {
    pipeline: &'a str,
    doc: Option<&'a str>,
    inputs: Vec<InputRecord<'a>>,
    outputs: Vec<OutputRecord<'a>>,
}

#[derive(Serialize)]
struct InputRecord<'a> {
    name: &'a str,
    /// As the language writes it.
    #[serde(rename = "type")]
    ty: String,
    required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<Json>,
    doc: Option<&'a str>,
}

#[derive(Serialize)]
struct OutputRecord<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    ty: String,
    doc: Option<&'a str>,
}

impl Inputs {
    pub(super) fn run(&self, terminal: Terminal) -> Result<Status, Failure> {
        let Some(loaded) = self.file.load("read", terminal)? else { return Ok(Status::Findings) };
        let program = &loaded.program;
        let pipeline = pipeline_of(program)?;
        let text = match self.format {
            Format::Text => text(&interface(pipeline, program)),
            Format::Json => {
                let json = serde_json::to_string_pretty(&interface(pipeline, program));
                json.map_err(|error| Failure::new("can't write JSON").because_of(&error))? + "\n"
            }
            Format::Schema => {
                format!("{:#}\n", schema::schema(pipeline, program, |default| constant(default, program)))
            }
        };
        terminal.print(&text)?;
        Ok(Status::Fine)
    }
}

fn interface<'a>(pipeline: &'a Pipeline, program: &'a Program) -> Interface<'a> {
    Interface {
        pipeline: &pipeline.name,
        doc: pipeline.doc.as_deref(),
        inputs: pipeline.inputs.iter().map(|input| input_record(input, program)).collect(),
        outputs: pipeline.results.outputs().iter().map(output_record).collect(),
    }
}

fn input_record<'a>(input: &'a Parameter, program: &Program) -> InputRecord<'a> {
    InputRecord {
        name: &input.name,
        ty: input.ty.to_string(),
        required: input.default.is_none(),
        default: input.default.as_ref().and_then(|default| constant(default, program)),
        doc: input.doc.as_deref(),
    }
}

fn output_record(output: &Output) -> OutputRecord<'_> {
    OutputRecord { name: &output.name, ty: output.ty.to_string(), doc: output.doc.as_deref() }
}

/// A default as JSON; nothing where it can't be computed, which the run will say.
fn constant(default: &Expr, program: &Program) -> Option<Json> {
    let value = evaluate(default, &program.types, &Constants).ok()?;
    Some(to_json(&value, &default.ty, &program.types))
}

/// What a default may refer to: constant artifacts, by the path that was written.
struct Constants;

impl Scope for Constants {
    fn input(&self, _: &str) -> Option<Value> {
        None
    }

    fn output(&self, _: &NodeId, _: Option<&str>) -> Option<Value> {
        None
    }

    fn run(&self, _: RunField) -> Option<Value> {
        None
    }

    fn artifact(&self, artifact: &ArtifactRef) -> Result<Value, Fault> {
        let place = match artifact {
            ArtifactRef::CapturedFile { path, .. } | ArtifactRef::CapturedDir { path, .. } => path,
            ArtifactRef::Uri { uri, .. } => uri,
        };
        Ok(Value::Artifact(Artifact { place: place.clone(), identity: None }))
    }
}

fn text(interface: &Interface) -> String {
    let mut text = format!("pipeline {}\n", interface.pipeline);
    push_doc(&mut text, interface.doc, "  ");
    text.push_str("\ninputs\n");
    for input in &interface.inputs {
        let default = match &input.default {
            Some(default) => format!(" = {}", canonical_json(default)),
            None if input.required => "  (required)".to_owned(),
            None => String::new(),
        };
        text.push_str(&format!("  {}: {}{default}\n", input.name, input.ty));
        push_doc(&mut text, input.doc, "      ");
    }
    text.push_str("\noutputs\n");
    for output in &interface.outputs {
        text.push_str(&format!("  {}: {}\n", output.name, output.ty));
        push_doc(&mut text, output.doc, "      ");
    }
    text
}

fn push_doc(text: &mut String, doc: Option<&str>, indentation: &str) {
    for line in doc.unwrap_or_default().lines() {
        text.push_str(&format!("{indentation}{line}\n"));
    }
}
