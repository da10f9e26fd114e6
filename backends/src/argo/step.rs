//! The part of a step that runs inside its container: it decodes inputs, prepares the documented environment, runs the
//! program and checks what it wrote. It is delivered once, in a ConfigMap, and its settings are environment variables.

use pipec_ir::types::TypeTable;
use pipec_ir::{Field, Type};
use serde_json::{Value as Json, json};

use super::wire::{Class, class, enumeration, has_free_text, record};

const SH: &str = include_str!("step/step.sh");
const PYTHON: &str = include_str!("step/step.py");

/// The exit status of a fault of the contract: such an attempt is never repeated.
pub(crate) const CONTRACT_FAULT: u8 = 86;

/// Where the ConfigMap is mounted.
pub(crate) const MOUNT: &str = "/pipec/lib";

/// The name of the ConfigMap: another content has another name.
pub(crate) fn config_map_name() -> String {
    format!("pipec-step-{}", crate::names::digest(&format!("{SH}\0{PYTHON}"), 8))
}

/// Its files.
pub(crate) fn files() -> [(&'static str, &'static str); 2] {
    [("step.sh", SH), ("step.py", PYTHON)]
}

/// The settings' line for a value that a shell can check itself, or nothing where it can't.
pub(crate) fn shell_check(ty: &Type, types: &TypeTable) -> Option<String> {
    match ty.without_optional() {
        Type::Int { min: None, max: None } => Some("int".to_owned()),
        Type::Int { min, max } => {
            Some(format!("int {} {}", min.unwrap_or(i64::MIN), max.unwrap_or(i64::MAX)))
        }
        Type::Bool => Some("bool".to_owned()),
        Type::String { pattern: None } => Some("string".to_owned()),
        Type::Enum { name } => {
            let found = enumeration(types, name)?;
            let words: Vec<&str> = found.variants.iter().map(|variant| variant.json_name()).collect();
            let simple = class(ty, types) == Class::Name && words.iter().all(|word| !word.contains(' '));
            simple.then(|| format!("enum {}", words.join(" ")))
        }
        Type::Float { .. }
        | Type::String { pattern: Some(_) }
        | Type::Duration
        | Type::Quantity
        | Type::Json
        | Type::Secret
        | Type::Record { .. }
        | Type::List { .. }
        | Type::Map { .. }
        | Type::Optional { .. }
        | Type::File { .. }
        | Type::Dir { .. }
        | Type::Table { .. }
        | Type::Timestamp
        | Type::Date
        | Type::Decimal => None,
    }
}

/// A type as `step.py` reads it: without names, so that it needs no table.
pub(crate) fn python_type(ty: &Type, types: &TypeTable) -> Json {
    match ty {
        Type::Bool => json!({"type": "bool"}),
        Type::Int { min, max } => bounded("int", min.map(Json::from), max.map(Json::from)),
        Type::Float { min, max } => bounded(
            "float",
            min.map(|bound| json!({"value": bound.value, "inclusive": bound.inclusive})),
            max.map(|bound| json!({"value": bound.value, "inclusive": bound.inclusive})),
        ),
        Type::String { pattern: None } => json!({"type": "string"}),
        Type::String { pattern: Some(pattern) } => json!({"type": "string", "pattern": pattern}),
        Type::Duration => json!({"type": "duration"}),
        Type::Quantity => json!({"type": "quantity"}),
        Type::Json => json!({"type": "json"}),
        Type::Enum { name } => {
            let mut variants = serde_json::Map::new();
            for variant in enumeration(types, name).map_or(&[][..], |found| &found.variants) {
                variants.insert(variant.json_name().to_owned(), python_fields(&variant.fields, types));
            }
            with_plain(json!({"type": "enum", "variants": variants}), ty, types)
        }
        Type::Record { name } => {
            let fields = record(types, name).map_or(&[][..], |found| &found.fields);
            with_plain(json!({"type": "record", "fields": python_fields(fields, types)}), ty, types)
        }
        Type::List { item } => {
            with_plain(json!({"type": "list", "item": python_type(item, types)}), ty, types)
        }
        Type::Map { value } => json!({"type": "map", "value": python_type(value, types)}),
        Type::Optional { of } => json!({"type": "optional", "of": python_type(of, types)}),
        Type::File { .. } | Type::Dir { .. } | Type::Table { .. } => json!({"type": "artifact"}),
        Type::Secret | Type::Timestamp | Type::Date | Type::Decimal => json!({"type": "string"}),
    }
}

fn bounded(kind: &str, min: Option<Json>, max: Option<Json>) -> Json {
    let mut object = serde_json::Map::new();
    object.insert("type".to_owned(), kind.into());
    for (name, bound) in [("min", min), ("max", max)] {
        if let Some(bound) = bound {
            object.insert(name.to_owned(), bound);
        }
    }
    Json::Object(object)
}

fn with_plain(mut json: Json, ty: &Type, types: &TypeTable) -> Json {
    if !has_free_text(ty, types)
        && let Json::Object(object) = &mut json
    {
        object.insert("plain".to_owned(), true.into());
    }
    json
}

fn python_fields(fields: &[Field], types: &TypeTable) -> Json {
    let fields = fields.iter().filter(|field| !super::wire::is_all_artifacts(&field.ty)).map(|field| {
        let mut object = serde_json::Map::new();
        object.insert("name".to_owned(), field.json_name().into());
        object.insert("of".to_owned(), python_type(&field.ty, types));
        if let Some(default) = &field.default {
            object.insert("default".to_owned(), default.clone());
        }
        Json::Object(object)
    });
    Json::Array(fields.collect())
}
