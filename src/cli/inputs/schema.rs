//! `--format schema`: what `--inputs FILE` may hold, as a JSON Schema. Editors complete and check such a file with it.

use pipec_ir::types::{Enum, Field, FloatBound, Record, Type, TypeDef, TypeTable, Variant};
use pipec_ir::{Pipeline, Program};
use serde_json::{Map, Value as Json, json};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of a pipeline's inputs.
pub(super) fn schema(
    pipeline: &Pipeline,
    program: &Program,
    default: impl Fn(&pipec_ir::Expr) -> Option<Json>,
) -> Json {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for input in &pipeline.inputs {
        let mut property = described(of(&input.ty), input.doc.as_deref());
        match &input.default {
            Some(value) => {
                if let (Some(value), Json::Object(entries)) = (default(value), &mut property) {
                    entries.insert("default".to_owned(), value);
                }
            }
            None => required.push(input.name.clone()),
        }
        properties.insert(input.name.clone(), property);
    }
    let schema = json!({
        "$schema": DIALECT,
        "title": pipeline.name,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
        "$defs": definitions(&program.types),
    });
    described(schema, pipeline.doc.as_deref())
}

fn described(mut schema: Json, doc: Option<&str>) -> Json {
    if let (Some(doc), Json::Object(entries)) = (doc, &mut schema) {
        entries.insert("description".to_owned(), json!(doc));
    }
    schema
}

fn definitions(types: &TypeTable) -> Map<String, Json> {
    let definition = |def: &TypeDef| match def {
        TypeDef::Record(record) => described(of_record(record), record.doc.as_deref()),
        TypeDef::Enum(enumeration) => described(of_enum(enumeration), enumeration.doc.as_deref()),
    };
    types.iter().map(|(name, def)| (name.clone(), definition(def))).collect()
}

fn of(ty: &Type) -> Json {
    match ty {
        Type::Bool => json!({ "type": "boolean" }),
        Type::Int { min, max } => {
            let min = min.map(|min| ("minimum", json!(min)));
            let max = max.map(|max| ("maximum", json!(max)));
            with(json!({ "type": "integer" }), [min, max])
        }
        Type::Float { min, max } => {
            let bound = |bound: &FloatBound, inclusive, exclusive| {
                (if bound.inclusive { inclusive } else { exclusive }, json!(bound.value))
            };
            let min = min.as_ref().map(|min| bound(min, "minimum", "exclusiveMinimum"));
            let max = max.as_ref().map(|max| bound(max, "maximum", "exclusiveMaximum"));
            with(json!({ "type": "number" }), [min, max])
        }
        // A pattern is RE2's, which schemas don't read: `\d` would be another.
        Type::String { pattern } => {
            let comment =
                pattern.as_ref().map(|pattern| ("$comment", json!(format!("matching /{pattern}/"))));
            with(json!({ "type": "string" }), [comment])
        }
        Type::Duration => json!({ "type": "string", "examples": ["30s"] }),
        Type::Quantity => json!({ "type": ["string", "integer"], "examples": ["8Gi"] }),
        Type::Json => json!(true),
        // Never read from data.
        Type::Secret => json!(false),
        Type::Enum { name } | Type::Record { name } => reference(name),
        Type::List { item } => json!({ "type": "array", "items": of(item) }),
        Type::Map { value } => json!({ "type": "object", "additionalProperties": of(value) }),
        Type::Optional { of: inner } => json!({ "anyOf": [of(inner), { "type": "null" }] }),
        Type::File { .. } | Type::Table { .. } => {
            json!({ "type": "string", "description": "the path of a file, or a URI" })
        }
        Type::Dir { .. } => json!({ "type": "string", "description": "the path of a directory, or a URI" }),
        Type::Timestamp | Type::Date | Type::Decimal => json!({ "type": "string" }),
    }
}

fn with<const N: usize>(mut schema: Json, entries: [Option<(&str, Json)>; N]) -> Json {
    for (key, value) in entries.into_iter().flatten() {
        schema[key] = value;
    }
    schema
}

/// A pointer into `$defs`: names of anonymous records hold all kinds of signs.
fn reference(name: &str) -> Json {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    let mut pointer = String::from("#/$defs/");
    for byte in name.replace('~', "~0").replace('/', "~1").bytes() {
        if is_plain(byte) || byte == b'~' {
            pointer.push(char::from(byte));
        } else {
            pointer.push_str(&format!("%{byte:02X}"));
        }
    }
    json!({ "$ref": pointer })
}

fn of_record(record: &Record) -> Json {
    of_fields(&record.fields)
}

fn of_fields(fields: &[Field]) -> Json {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in fields {
        let mut property = described(of(&field.ty), field.doc.as_deref());
        match &field.default {
            Some(default) => {
                if let Json::Object(entries) = &mut property {
                    entries.insert("default".to_owned(), default.clone());
                }
            }
            None if matches!(field.ty, Type::Optional { .. }) => {}
            None => required.push(field.json_name()),
        }
        properties.insert(field.json_name().to_owned(), property);
    }
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

/// A plain variant is its name; one with fields an object that holds them under its name.
fn of_enum(enumeration: &Enum) -> Json {
    let variant = |variant: &Variant| {
        let name = variant.json_name();
        let schema = if variant.fields.is_empty() {
            json!({ "const": name })
        } else {
            json!({
                "type": "object",
                "properties": { name: of_fields(&variant.fields) },
                "required": [name],
                "additionalProperties": false,
            })
        };
        described(schema, variant.doc.as_deref())
    };
    json!({ "oneOf": enumeration.variants.iter().map(variant).collect::<Vec<_>>() })
}
