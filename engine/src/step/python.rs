//! The two JSON documents between the engine and the prelude of python blocks: the job, and what the block assigned.

use std::path::Path;

use pipec_ir::lookup::{enumeration, record};
use pipec_ir::number::json_number;
use pipec_ir::{Field, Role, Span, Task, Type, TypeTable, Value, to_json};
use serde_json::{Map, Value as Json, json};

use super::bindings::{Presenter, path_text};
use crate::artifacts::names::encode_key;

/// The prelude; it is written to a file of the run once.
pub(crate) const PRELUDE: &str = include_str!("prelude.py");

/// A python block with everything that it may need.
pub(super) struct Block<'a> {
    pub(super) text: &'a str,
    pub(super) span: Option<Span>,
    pub(super) sources: &'a [String],
    pub(super) task: &'a Task,
    pub(super) arguments: &'a [(String, Value)],
    /// Names and paths.
    pub(super) outputs: &'a [(String, String)],
}

impl Block<'_> {
    /// The job for the prelude. An error is a sentence.
    pub(super) fn job(&self, presenter: &Presenter<'_>, result: &Path) -> Result<Json, String> {
        let mut inputs = Map::new();
        for parameter in self.task.inputs.iter().filter(|parameter| parameter.role == Role::Program) {
            let Some((_, value)) = self.arguments.iter().find(|(name, _)| *name == parameter.name) else {
                continue;
            };
            bind(presenter, &parameter.name, value, &parameter.ty, &mut inputs)?;
        }
        let file = self.span.and_then(|span| self.sources.get(usize::try_from(span.file).ok()?));
        let types = presenter.types;
        let (artifacts, values): (Vec<_>, Vec<_>) = self
            .task
            .results
            .outputs()
            .iter()
            .zip(self.outputs)
            .partition(|(output, _)| output.ty.holds_artifacts(types));
        Ok(json!({
            "text": self.text,
            "file": file.map_or("block.py", String::as_str),
            "line": self.span.map_or(1, |span| span.line.max(1)),
            "inputs": inputs,
            "outputs": values.iter().map(|(output, _)| output.name.as_str()).collect::<Vec<_>>(),
            "artifacts": artifacts
                .iter()
                .map(|(output, (_, place))| (output.name.clone(), Json::from(place.as_str())))
                .collect::<Map<_, _>>(),
            "result": path_text(result)?,
        }))
    }
}

/// An input, and each field of a record, as a variable.
fn bind(
    presenter: &Presenter<'_>,
    name: &str,
    value: &Value,
    ty: &Type,
    inputs: &mut Map<String, Json>,
) -> Result<(), String> {
    let ty = ty.without_optional();
    let node = match value {
        Value::Secret { .. } => return Ok(()),
        Value::Duration(milliseconds) => json!({ "duration": milliseconds }),
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::String(_)
        | Value::Quantity(_)
        | Value::Variant { .. }
        | Value::Json(_)
        | Value::List(_)
        | Value::Record(_)
        | Value::Map(_)
        | Value::Artifact(_) => Place { presenter, name, suffix: String::new() }.node(value, ty)?,
    };
    inputs.insert(name.to_owned(), node);
    if let Some(record) = record(ty, presenter.types) {
        for (index, field) in record.fields.iter().enumerate() {
            let fields = if let Value::Record(fields) = value { fields.as_slice() } else { &[] };
            let value = fields.get(index).map_or(&Value::Null, |(_, value)| value);
            bind(presenter, &format!("{name}_{}", field.name), value, &field.ty, inputs)?;
        }
    }
    Ok(())
}

/// Where the artifacts of a part of an input are: in the directory of the variable `name`, under `suffix`.
struct Place<'a> {
    presenter: &'a Presenter<'a>,
    name: &'a str,
    suffix: String,
}

impl Place<'_> {
    fn node(&self, value: &Value, ty: &Type) -> Result<Json, String> {
        let ty = ty.without_optional();
        let types = self.presenter.types;
        match (value, ty) {
            (Value::Artifact(_), _) => {
                let place = if self.suffix.is_empty() {
                    path_text(&self.presenter.place(self.name, ty))?
                } else {
                    format!("{}{}", path_text(&self.presenter.directory.join(self.name))?, self.suffix)
                };
                Ok(json!({ "path": place }))
            }
            (Value::List(items), Type::List { item: ty }) if has_nodes(ty, types) => {
                let items = items.iter().enumerate();
                let nodes = items.map(|(index, item)| self.inside(&index.to_string()).node(item, ty));
                Ok(json!({ "list": nodes.collect::<Result<Vec<_>, _>>()? }))
            }
            (Value::Map(entries), Type::Map { value: ty }) if has_nodes(ty, types) => {
                let is_on_disk = ty.holds_artifacts(types);
                let nodes = entries.iter().map(|(key, entry)| {
                    let step = if is_on_disk { encode_key(key)? } else { String::new() };
                    Ok(json!([key, self.inside(&step).node(entry, ty)?]))
                });
                Ok(json!({ "dict": nodes.collect::<Result<Vec<_>, String>>()? }))
            }
            (Value::Record(values), Type::Record { .. }) => {
                let declared = record(ty, types).map_or(&[][..], |record| &record.fields);
                self.fields(values, declared)
            }
            (Value::Variant { variant, fields }, Type::Enum { .. }) if !fields.is_empty() => {
                let variant = enumeration(ty, types).and_then(|found| found.variant(variant));
                let Some(variant) = variant else { return Ok(json!({ "json": to_json(value, ty, types) })) };
                Ok(json!({ "dict": [[variant.json_name(), self.fields(fields, &variant.fields)?]] }))
            }
            (value, ty) => Ok(json!({ "json": plain_json(value, ty, types) })),
        }
    }

    /// In declared order.
    fn fields(&self, values: &[(String, Value)], declared: &[Field]) -> Result<Json, String> {
        let nodes = values.iter().zip(declared).map(|((_, value), field)| {
            let name = format!("{}_{}", self.name, field.name);
            let place = Place { presenter: self.presenter, name: &name, suffix: self.suffix.clone() };
            Ok(json!([field.json_name(), place.node(value, &field.ty)?]))
        });
        Ok(json!({ "dict": nodes.collect::<Result<Vec<_>, String>>()? }))
    }

    fn inside(&self, step: &str) -> Place<'_> {
        Place { presenter: self.presenter, name: self.name, suffix: format!("{}/{step}", self.suffix) }
    }
}

/// Whether JSON alone can't say what values of the type are in Python: paths, and fields in their order.
fn has_nodes(ty: &Type, types: &TypeTable) -> bool {
    ty.has_part(types, |part| {
        part.is_single_artifact() || matches!(part, Type::Record { .. } | Type::Enum { .. })
    })
}

/// As canonical JSON has it, but with all ints as plain digits.
fn plain_json(value: &Value, ty: &Type, types: &TypeTable) -> Json {
    match (value, ty.without_optional()) {
        (Value::Int(number), _) => Json::from(*number),
        (Value::Float(number), _) => float_json(*number),
        (Value::List(items), Type::List { item: ty }) => {
            items.iter().map(|item| plain_json(item, ty, types)).collect()
        }
        (Value::Map(entries), Type::Map { value: ty }) => {
            entries.iter().map(|(key, entry)| (key.clone(), plain_json(entry, ty, types))).collect()
        }
        (value, ty) => to_json(value, ty, types),
    }
}

/// A float stays a float in Python, also where it is a whole number.
fn float_json(number: f64) -> Json {
    serde_json::Number::from_f64(number).map_or_else(|| json_number(number), Json::Number)
}

/// What the prelude wrote.
#[derive(Debug, Default)]
pub(super) struct Assigned {
    pub(super) values: Map<String, Json>,
    /// By output: a sentence.
    pub(super) faults: Map<String, Json>,
}

/// Reads the result file; an absent one means that the block ended the interpreter.
pub(super) fn read_result(path: &Path) -> Result<Assigned, String> {
    let text = std::fs::read_to_string(path).map_err(|_| {
        "the block ended Python before its outputs could be read: don't call os._exit or os.exec…".to_owned()
    })?;
    let unreadable = |error: serde_json::Error| format!("what the block assigned can't be read: {error}");
    let mut document: Map<String, Json> = serde_json::from_str(&text).map_err(unreadable)?;
    let mut take = |name: &str| match document.remove(name) {
        Some(Json::Object(map)) => map,
        Some(_) | None => Map::new(),
    };
    Ok(Assigned { values: take("values"), faults: take("faults") })
}
