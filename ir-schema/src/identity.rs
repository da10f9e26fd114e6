//! What tasks, pipelines and captured directories are: sha256 over everything that matters to what they do. Names of
//! places in the source, documentation, resources, retries, timeouts and placement don't.

use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use crate::canonical::canonical_json;
use crate::expr::Expr;
use crate::program::{
    Body, Callee, CapturedEntry, NodeKind, Parameter, Pipeline, Program, Results, Role, Run, Task,
};
use crate::types::{Type, TypeDef, TypeTable};

/// The identity of a task: program, files, image, interface, `env`, references of secrets and volumes.
pub fn task_identity(task: &Task, types: &TypeTable) -> String {
    let mut named = Vec::new();
    let inputs = task.inputs.iter().filter(|input| input.role == Role::Program);
    let inputs: Vec<Json> = inputs.map(|input| parameter(input, types, &mut named)).collect();
    let results = results(&task.results, types, &mut named);
    let run = match &task.run {
        Run::Script { interpreter, text, .. } => json!({"interpreter": interpreter, "text": text}),
        Run::Command(arguments) => Json::Array(arguments.iter().map(bare).collect()),
    };
    let settings = &task.settings;
    let volumes: Vec<Json> = settings
        .volumes
        .iter()
        .map(|volume| {
            let mut volume = volume.clone();
            if let crate::program::VolumeSource::Scratch { size } = &mut volume.source {
                size.visit_mut(&mut without_span);
            }
            to_json(&volume)
        })
        .collect();
    let expressions = |map: &indexmap::IndexMap<String, Expr>| -> Json {
        map.iter().map(|(name, value)| (name.clone(), bare(value))).collect::<serde_json::Map<_, _>>().into()
    };
    digest(&json!({
        "inputs": inputs,
        "results": results,
        "types": definitions(&named, types),
        "run": run,
        "files": task.files,
        "image": settings.image,
        "env": expressions(&settings.env),
        "secrets": expressions(&settings.secrets),
        "volumes": volumes,
    }))
}

/// The identity of a captured directory, from the paths and contents of its files.
pub fn directory_identity(entries: &[CapturedEntry]) -> String {
    digest(&json!(entries))
}

/// Sets the identities of all pipelines: over the interface, the body, and the identities of what it calls.
pub fn set_pipeline_identities(program: &mut Program) {
    for index in 0..program.pipelines.len() {
        let identity = pipeline_identity(&program.pipelines[index], program);
        program.pipelines[index].identity = identity;
    }
}

/// Pipelines that are called come first, so that theirs is known.
fn pipeline_identity(pipeline: &Pipeline, program: &Program) -> String {
    let mut named = Vec::new();
    let inputs: Vec<Json> =
        pipeline.inputs.iter().map(|input| parameter(input, &program.types, &mut named)).collect();
    let results = results(&pipeline.results, &program.types, &mut named);
    let mut callees = Vec::new();
    let mut body = |body: &Body| {
        body.visit_nodes(&mut |node| {
            if let NodeKind::Call(call) = &node.kind {
                callees.push(match &call.callee {
                    Callee::Task(id) => program.tasks.get(id).map(|task| task.identity.clone()),
                    Callee::Pipeline(id) => program.pipelines.get(id).map(|callee| callee.identity.clone()),
                });
            }
        });
        let mut body = body.clone();
        body.visit_nodes_mut(&mut |node| node.span = None);
        body.visit_expressions_mut(&mut without_span);
        to_json(&body)
    };
    let hooks: Vec<Json> = pipeline
        .hooks
        .iter()
        .map(|hook| {
            let inputs: Vec<Json> =
                hook.body.inputs.iter().map(|input| json!([input.name, bare(&input.value)])).collect();
            json!({"event": hook.event, "inputs": inputs, "body": body(&hook.body.body)})
        })
        .collect();
    let body = body(&pipeline.body);
    digest(&json!({
        "inputs": inputs,
        "results": results,
        "types": definitions(&named, &program.types),
        "body": body,
        "hooks": hooks,
        "callees": callees,
    }))
}

fn parameter(parameter: &Parameter, types: &TypeTable, named: &mut Vec<String>) -> Json {
    collect(&parameter.ty, types, named);
    json!({"name": parameter.name, "type": parameter.ty, "default": parameter.default.as_ref().map(bare)})
}

fn results(results: &Results, types: &TypeTable, named: &mut Vec<String>) -> Json {
    let outputs: Vec<Json> = results
        .outputs()
        .iter()
        .map(|output| {
            collect(&output.ty, types, named);
            json!({"name": output.name, "type": output.ty})
        })
        .collect();
    json!({"is_single": matches!(results, Results::Single(_)), "outputs": outputs})
}

/// The names of the types that a type is made of.
fn collect(ty: &Type, types: &TypeTable, named: &mut Vec<String>) {
    match ty {
        Type::Enum { name } | Type::Record { name } | Type::Table { row: name, .. } => {
            if named.contains(name) {
                return;
            }
            named.push(name.clone());
            match types.get(name) {
                Some(TypeDef::Record(record)) => {
                    record.fields.iter().for_each(|field| collect(&field.ty, types, named));
                }
                Some(TypeDef::Enum(enumeration)) => {
                    let fields = enumeration.variants.iter().flat_map(|variant| &variant.fields);
                    fields.for_each(|field| collect(&field.ty, types, named));
                }
                None => {}
            }
        }
        Type::List { item: of } | Type::Map { value: of } | Type::Optional { of } => {
            collect(of, types, named)
        }
        Type::Bool
        | Type::Int { .. }
        | Type::Float { .. }
        | Type::String { .. }
        | Type::Duration
        | Type::Quantity
        | Type::Json
        | Type::Secret
        | Type::File { .. }
        | Type::Dir { .. }
        | Type::Timestamp
        | Type::Date
        | Type::Decimal => {}
    }
}

/// The definitions without documentation.
fn definitions(named: &[String], types: &TypeTable) -> Json {
    let bare = |name: &String| {
        let mut definition = types.get(name)?.clone();
        match &mut definition {
            TypeDef::Record(record) => {
                record.doc = None;
                record.fields.iter_mut().for_each(|field| field.doc = None);
            }
            TypeDef::Enum(enumeration) => {
                enumeration.doc = None;
                for variant in &mut enumeration.variants {
                    variant.doc = None;
                    variant.fields.iter_mut().for_each(|field| field.doc = None);
                }
            }
        }
        Some((name.clone(), to_json(&definition)))
    };
    named.iter().filter_map(bare).collect::<serde_json::Map<_, _>>().into()
}

fn bare(expr: &Expr) -> Json {
    let mut expr = expr.clone();
    expr.visit_mut(&mut without_span);
    to_json(&expr)
}

fn without_span(expr: &mut Expr) {
    expr.span = None;
}

fn to_json(value: &impl serde::Serialize) -> Json {
    serde_json::to_value(value).unwrap_or_else(|error| panic!("the IR can't be written as JSON: {error}"))
}

fn digest(json: &Json) -> String {
    use std::fmt::Write as _;
    let digest = Sha256::digest(canonical_json(json).as_bytes());
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
