//! Values as JSON: canonical content out, a whole check against the type in.

use serde_json::{Map as JsonMap, Value as Json};

use crate::duration::{duration_text, parse_duration};
use crate::lookup::{enumeration, record};
use crate::mismatch::{Mismatch, describe_json, with_article};
use crate::number::{is_safe_integer, json_number, normalize_numbers, parse_int};
use crate::quantity::parse_quantity;
use crate::refinement::check_refinement;
use crate::types::{Enum, Field, Type, TypeTable, Variant};
use crate::value::{Artifact, Value};

/// The value as canonical content: outside names, every field present, `null` where absent, ints beyond ±(2^53−1) as
/// strings, durations and quantities as strings, artifacts as their places. `canonical::canonical_json` is its text.
pub fn to_json(value: &Value, ty: &Type, types: &TypeTable) -> Json {
    Writer { types, with_artifacts: true }.value(value, ty)
}

/// The same without artifact fields, nested ones too: the value part of a mixed value, which travels beside its files.
pub fn to_value_json(value: &Value, ty: &Type, types: &TypeTable) -> Json {
    Writer { types, with_artifacts: false }.value(value, ty)
}

struct Writer<'a> {
    types: &'a TypeTable,
    with_artifacts: bool,
}

impl Writer<'_> {
    fn value(&self, value: &Value, ty: &Type) -> Json {
        match value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Int(value) if is_safe_integer(*value) => Json::from(*value),
            Value::Int(value) => Json::String(value.to_string()),
            Value::Float(value) => json_number(*value),
            Value::String(text) | Value::Quantity(text) => Json::String(text.clone()),
            Value::Duration(milliseconds) => Json::String(duration_text(*milliseconds)),
            Value::Json(json) => json.clone(),
            Value::List(items) => {
                let item_type = item_type(ty);
                items.iter().map(|item| self.value(item, item_type)).collect()
            }
            Value::Map(entries) => {
                let value_type = item_type(ty);
                entries.iter().map(|(key, value)| (key.clone(), self.value(value, value_type))).collect()
            }
            Value::Record(values) => Json::Object(self.fields(values, record_fields(ty, self.types))),
            Value::Variant { variant, fields } => self.variant(variant, fields, ty),
            Value::Secret { name, key } => JsonMap::from_iter([
                ("key".to_owned(), Json::from(key.as_str())),
                ("name".to_owned(), Json::from(name.as_str())),
            ])
            .into(),
            Value::Artifact(artifact) => Json::String(artifact.place.clone()),
        }
    }

    fn fields(&self, values: &[(String, Value)], declared: &[Field]) -> JsonMap<String, Json> {
        let mut object = JsonMap::with_capacity(declared.len());
        // Values have their fields in declared order.
        for ((_, value), field) in values.iter().zip(declared) {
            if self.with_artifacts || !field.ty.is_artifact() {
                object.insert(field.json_name().to_owned(), self.value(value, &field.ty));
            }
        }
        object.sort_keys();
        object
    }

    fn variant(&self, name: &str, values: &[(String, Value)], ty: &Type) -> Json {
        let variant = enumeration(ty, self.types).and_then(|definition| definition.variant(name));
        let Some(variant) = variant else { return Json::String(name.to_owned()) };
        let json_name = variant.json_name().to_owned();
        if variant.fields.is_empty() {
            return Json::String(json_name);
        }
        JsonMap::from_iter([(json_name, Json::Object(self.fields(values, &variant.fields)))]).into()
    }
}

/// Reads JSON from a program, a person or an IR as a value of the type, and checks all of it: intervals and patterns,
/// variants, fields (missing ones are filled with defaults, unknown ones refused), numbers or strings for ints beyond
/// 2^53. Where an artifact is due, a string is its place, with no identity.
pub fn from_json(json: &Json, ty: &Type, types: &TypeTable) -> Result<Value, Mismatch> {
    let unfit = |expected: String| Err(Mismatch::new(describe_json(json), expected));
    match ty {
        Type::Bool => match json.as_bool() {
            Some(value) => Ok(Value::Bool(value)),
            None => unfit("true or false".to_owned()),
        },
        Type::Int { .. } => match json_int(json) {
            Some(value) => checked(Value::Int(value), ty, types),
            None => unfit(with_article(&ty.to_string())),
        },
        Type::Float { .. } => match json.as_f64() {
            Some(value) => checked(Value::Float(value + 0.0), ty, types),
            None => unfit(with_article(&ty.to_string())),
        },
        Type::String { .. } => match json.as_str() {
            Some(text) => checked(Value::string(text), ty, types),
            None => unfit(with_article(&ty.to_string())),
        },
        Type::Duration => match json.as_str().and_then(parse_duration) {
            Some(milliseconds) => Ok(Value::Duration(milliseconds)),
            None => unfit("a duration as text, such as \"30s\"".to_owned()),
        },
        Type::Quantity => match json_quantity(json) {
            Some(text) => Ok(Value::Quantity(text)),
            None => unfit("a quantity, such as \"500m\" or \"8Gi\"".to_owned()),
        },
        Type::Json => Ok(Value::Json(normalize_numbers(json))),
        Type::Enum { .. } => read_enum(json, ty, types),
        Type::Record { name } => match json.as_object() {
            Some(object) => read_fields(object, record_fields(ty, types), types).map(Value::Record),
            None => unfit(format!("an object of type {name}")),
        },
        Type::List { item } => match json.as_array() {
            Some(items) => {
                let read = |(index, json)| from_json(json, item, types).map_err(|found| found.in_item(index));
                items.iter().enumerate().map(read).collect::<Result<_, _>>().map(Value::List)
            }
            None => unfit(format!("a list, {ty}")),
        },
        Type::Map { value } => match json.as_object() {
            Some(entries) => {
                let read = |(key, json): (&String, &Json)| {
                    refuse_nul(key)?;
                    let value = from_json(json, value, types).map_err(|found| found.in_field(key))?;
                    Ok((key.clone(), value))
                };
                entries.iter().map(read).collect::<Result<_, _>>().map(Value::Map)
            }
            None => unfit(format!("an object, {ty}")),
        },
        Type::Optional { .. } if json.is_null() => Ok(Value::Null),
        Type::Optional { of } => from_json(json, of, types),
        Type::File { .. } | Type::Dir { .. } | Type::Table { .. } => match json.as_str() {
            Some(place) if !place.is_empty() => {
                refuse_nul(place)?;
                Ok(Value::Artifact(Artifact { place: place.to_owned(), identity: None }))
            }
            Some(_) | None => unfit(format!("the path or URI of {}", with_article(&ty.to_string()))),
        },
        Type::Secret => unfit("a secret, which is never read from data".to_owned()),
        Type::Timestamp | Type::Date | Type::Decimal => {
            unfit(format!("{ty}, which only a table's column has"))
        }
    }
}

fn checked(value: Value, ty: &Type, types: &TypeTable) -> Result<Value, Mismatch> {
    check_refinement(&value, ty, types)?;
    Ok(value)
}

/// An int in JSON: a number without fraction, or, beyond ±(2^53−1), its digits as a string.
fn json_int(json: &Json) -> Option<i64> {
    match json {
        Json::Number(number) => number.as_i64().or_else(|| {
            let value = number.as_f64()?;
            let is_exact = value.trunc() == value && value.abs() <= crate::number::MAX_SAFE_INTEGER as f64;
            is_exact.then_some(value as i64)
        }),
        Json::String(text) => parse_int(text).filter(|value| !is_safe_integer(*value)),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

/// A quantity in JSON: its text, or a number for cores and bytes.
fn json_quantity(json: &Json) -> Option<String> {
    let text = match json {
        Json::String(text) => text.clone(),
        Json::Number(number) => crate::number::json_number_text(number),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => return None,
    };
    parse_quantity(&text).map(|_| text)
}

fn read_enum(json: &Json, ty: &Type, types: &TypeTable) -> Result<Value, Mismatch> {
    let Some(definition) = enumeration(ty, types) else {
        return Err(Mismatch::new(describe_json(json), format!("the enum {ty}, which isn't declared")));
    };
    let unfit = || Mismatch::new(describe_json(json), expected_variants(definition));
    let (variant_name, fields) = match json {
        Json::String(variant_name) => (variant_name, None),
        Json::Object(object) => match (object.iter().next(), object.len()) {
            (Some((variant_name, Json::Object(fields))), 1) => (variant_name, Some(fields)),
            _ => return Err(unfit()),
        },
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) => return Err(unfit()),
    };
    let variant =
        definition.variants.iter().find(|variant| variant.json_name() == variant_name).ok_or_else(unfit)?;
    let fields = match fields {
        None if variant.fields.is_empty() => Vec::new(),
        Some(fields) if !variant.fields.is_empty() => {
            read_fields(fields, &variant.fields, types).map_err(|found| found.in_field(variant_name))?
        }
        None | Some(_) => return Err(unfit()),
    };
    Ok(Value::Variant { variant: variant.name.clone(), fields })
}

/// `one of "a", "b", {"c": {…}}`.
pub(crate) fn expected_variants(definition: &Enum) -> String {
    let describe = |variant: &Variant| {
        let name = Json::from(variant.json_name());
        if variant.fields.is_empty() { name.to_string() } else { format!("{{{name}: {{…}}}}") }
    };
    let names: Vec<String> = definition.variants.iter().map(describe).collect();
    format!("one of {}", names.join(", "))
}

fn read_fields(
    object: &JsonMap<String, Json>,
    declared: &[Field],
    types: &TypeTable,
) -> Result<Vec<(String, Value)>, Mismatch> {
    let mut values = Vec::with_capacity(declared.len());
    let mut used = 0;
    for field in declared {
        let given = object.get(field.json_name());
        used += usize::from(given.is_some());
        let value = match (given, &field.default, &field.ty) {
            (Some(json), ..) => from_json(json, &field.ty, types),
            (None, Some(default), _) => from_json(default, &field.ty, types),
            (None, None, Type::Optional { .. }) => Ok(Value::Null),
            (None, None, _) => {
                Err(Mismatch::new("nothing: the field is missing", with_article(&field.ty.to_string())))
            }
        };
        let value = value.map_err(|found| found.in_field(field.json_name()))?;
        values.push((field.name.clone(), value));
    }
    if used < object.len() {
        let is_declared = |name: &str| declared.iter().any(|field| field.json_name() == name);
        let unknown: Vec<&str> =
            object.keys().map(String::as_str).filter(|name| !is_declared(name)).collect();
        let names: Vec<&str> = declared.iter().map(Field::json_name).collect();
        return Err(Mismatch::new(
            format!("the unknown field {}", unknown.join(", ")),
            format!("only the fields {}", names.join(", ")),
        ));
    }
    Ok(values)
}

pub(crate) fn refuse_nul(text: &str) -> Result<(), Mismatch> {
    if text.contains('\0') {
        return Err(Mismatch::new(
            "text with the character U+0000",
            "text without it: no variable can hold it",
        ));
    }
    Ok(())
}

/// The type of a list's items or a map's values; the type itself where it is neither.
fn item_type(ty: &Type) -> &Type {
    let plain = ty.without_optional();
    if let Type::List { item: inner } | Type::Map { value: inner } = plain { inner } else { plain }
}

fn record_fields<'a>(ty: &Type, types: &'a TypeTable) -> &'a [Field] {
    record(ty, types).map_or(&[], |record| &record.fields)
}
