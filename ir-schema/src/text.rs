//! Values as plain text: in interpolation, in environment variables, in what programs write and people type.

use serde_json::Value as Json;

use crate::canonical::canonical_json;
use crate::duration::{duration_text, parse_duration};
use crate::json::{expected_variants, from_json, to_value_json};
use crate::lookup::enumeration;
use crate::mismatch::{Mismatch, describe_text, with_article};
use crate::number::{float_text, parse_float, parse_int};
use crate::quantity::parse_quantity;
use crate::refinement::check_refinement;
use crate::types::{Type, TypeTable, Variant};
use crate::value::{Artifact, Value};

/// The most bytes of canonical JSON that a value may have, on every backend: in base64 it still fits one variable.
pub const MAX_VALUE_BYTES: usize = 90_000;

/// Checks `MAX_VALUE_BYTES`; of a mixed value, its value part.
pub fn check_size(value: &Value, ty: &Type, types: &TypeTable) -> Result<(), Mismatch> {
    let bytes = canonical_json(&to_value_json(value, ty, types)).len();
    if bytes <= MAX_VALUE_BYTES {
        return Ok(());
    }
    let expected = format!("at most {MAX_VALUE_BYTES} bytes of JSON in one value: make it a file");
    Err(Mismatch::new(format!("{bytes} bytes"), expected))
}

/// What interpolation, `to_string` and a variable make of a value of a text type; `None` for all others, also for `null`.
pub fn plain_text(value: &Value, ty: &Type, types: &TypeTable) -> Option<String> {
    match value {
        Value::Bool(value) => Some(value.to_string()),
        Value::Int(value) => Some(value.to_string()),
        Value::Float(value) => Some(float_text(*value)),
        Value::String(text) | Value::Quantity(text) => Some(text.clone()),
        Value::Duration(milliseconds) => Some(duration_text(*milliseconds)),
        Value::Variant { variant, fields } if fields.is_empty() => {
            Some(variant_text(variant, ty, types).to_owned())
        }
        Value::Null
        | Value::Variant { .. }
        | Value::Json(_)
        | Value::List(_)
        | Value::Record(_)
        | Value::Map(_)
        | Value::Secret { .. }
        | Value::Artifact(_) => None,
    }
}

/// The text of any value as a program reads it: plain text, or canonical JSON where it is structured (of a mixed value,
/// its value part). `None` for `null`, which leaves a variable unset, and for artifacts and secrets.
pub fn variable_text(value: &Value, ty: &Type, types: &TypeTable) -> Option<String> {
    match value {
        Value::Null | Value::Secret { .. } | Value::Artifact(_) => None,
        Value::Json(_) | Value::List(_) | Value::Record(_) | Value::Map(_) => {
            Some(canonical_json(&to_value_json(value, ty, types)))
        }
        Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::String(_)
        | Value::Duration(_)
        | Value::Quantity(_)
        | Value::Variant { .. } => {
            plain_text(value, ty, types).or_else(|| Some(canonical_json(&to_value_json(value, ty, types))))
        }
    }
}

/// Reads text that a program wrote as an output, or that a person typed as `name=value`, and checks all of it. Structured
/// types are JSON. `null` is text for a `string?`, and no value for any other optional. A caller who read a file drops one
/// trailing newline first (`without_newline`).
pub fn parse_text(text: &str, ty: &Type, types: &TypeTable) -> Result<Value, Mismatch> {
    match ty {
        Type::Optional { of } if text == "null" && !matches!(**of, Type::String { .. }) => Ok(Value::Null),
        Type::Optional { of } => parse_text(text, of, types),
        Type::Enum { .. } if !ty.is_plain_enum(types) => {
            let is_json = text.trim_start().starts_with(['{', '"']);
            parse_plain(text, ty, types)
                .or_else(|unnamed| if is_json { parse_json(text, ty, types) } else { Err(unnamed) })
        }
        Type::Json | Type::Record { .. } | Type::List { .. } | Type::Map { .. } => {
            parse_json(text, ty, types)
        }
        Type::Bool
        | Type::Int { .. }
        | Type::Float { .. }
        | Type::String { .. }
        | Type::Duration
        | Type::Quantity
        | Type::Secret
        | Type::Enum { .. }
        | Type::File { .. }
        | Type::Dir { .. }
        | Type::Table { .. }
        | Type::Timestamp
        | Type::Date
        | Type::Decimal => parse_plain(text, ty, types),
    }
}

/// What a program wrote, without its one trailing newline.
pub fn without_newline(text: &str) -> &str {
    text.strip_suffix('\n').unwrap_or(text)
}

fn parse_json(text: &str, ty: &Type, types: &TypeTable) -> Result<Value, Mismatch> {
    let json: Json = serde_json::from_str(text).map_err(|error| {
        Mismatch::new(describe_text(text), format!("{} as JSON ({error})", with_article(&ty.to_string())))
    })?;
    from_json(&json, ty, types)
}

/// Reads the plain text of a type that has one; an artifact's is its place.
pub(crate) fn parse_plain(text: &str, ty: &Type, types: &TypeTable) -> Result<Value, Mismatch> {
    let unfit = |expected: String| Err(Mismatch::new(describe_text(text), expected));
    let value = match ty {
        Type::Bool => match text {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => return unfit("true or false".to_owned()),
        },
        Type::Int { .. } => match parse_int(text) {
            Some(value) => Value::Int(value),
            None => return unfit(format!("{}, in digits", with_article(&ty.to_string()))),
        },
        Type::Float { .. } => match parse_float(text) {
            Some(value) => Value::Float(value),
            None => {
                return unfit(format!(
                    "{}, a finite number such as 0.5 or 1e-3",
                    with_article(&ty.to_string())
                ));
            }
        },
        Type::String { .. } => Value::String(text.to_owned()),
        Type::Duration => match parse_duration(text) {
            Some(milliseconds) => Value::Duration(milliseconds),
            None => return unfit("a duration, such as 500ms, 30s, 5m, 2h or 1d".to_owned()),
        },
        Type::Quantity => match parse_quantity(text) {
            Some(_) => Value::Quantity(text.to_owned()),
            None => return unfit("a quantity, such as 500m, 2 or 8Gi".to_owned()),
        },
        Type::Enum { .. } => return parse_variant(text, ty, types),
        Type::File { .. } | Type::Dir { .. } | Type::Table { .. } if !text.is_empty() => {
            Value::Artifact(Artifact { place: text.to_owned(), identity: None })
        }
        Type::File { .. }
        | Type::Dir { .. }
        | Type::Table { .. }
        | Type::Json
        | Type::Secret
        | Type::Record { .. }
        | Type::List { .. }
        | Type::Map { .. }
        | Type::Optional { .. }
        | Type::Timestamp
        | Type::Date
        | Type::Decimal => return unfit(with_article(&ty.to_string())),
    };
    check_refinement(&value, ty, types)?;
    Ok(value)
}

fn parse_variant(text: &str, ty: &Type, types: &TypeTable) -> Result<Value, Mismatch> {
    let expected = match enumeration(ty, types) {
        Some(definition) => {
            let is_named = |variant: &&Variant| variant.fields.is_empty() && variant.json_name() == text;
            if let Some(variant) = definition.variants.iter().find(is_named) {
                return Ok(Value::Variant { variant: variant.name.clone(), fields: Vec::new() });
            }
            expected_variants(definition)
        }
        None => format!("the enum {ty}, which isn't declared"),
    };
    Err(Mismatch::new(describe_text(text), expected))
}

/// A variant's outside name.
fn variant_text<'a>(variant: &'a str, ty: &Type, types: &'a TypeTable) -> &'a str {
    let declared = enumeration(ty, types).and_then(|definition| definition.variant(variant));
    declared.map_or(variant, Variant::json_name)
}
