//! How values of a type are held: in shell variables and in the files between nodes.

use pipec_ir::lookup::{enumeration, record};
use pipec_ir::{Field, Type, TypeDef, TypeTable, Value, canonical_json, to_json};
use serde_json::{Map, Value as Json, json};

/// The runtime's word for how a value is held, with a `?` where it is optional: `text`, `int`, `plain` (JSON as it is, but
/// not a string), `json`.
pub(super) fn kind(ty: &Type, types: &TypeTable) -> &'static str {
    match ty {
        Type::Optional { of } => match kind(of, types) {
            "text" => "text?",
            "int" => "int?",
            "plain" => "plain?",
            _ => "json?",
        },
        Type::Int { .. } => "int",
        Type::Bool | Type::Float { .. } => "plain",
        Type::String { .. }
        | Type::Duration
        | Type::Quantity
        | Type::Secret
        | Type::File { .. }
        | Type::Dir { .. }
        | Type::Table { .. }
        | Type::Timestamp
        | Type::Date
        | Type::Decimal => "text",
        Type::Enum { .. } if ty.is_plain_enum(types) => "text",
        Type::Enum { .. } | Type::Json | Type::Record { .. } | Type::List { .. } | Type::Map { .. } => "json",
    }
}

/// What the runtime measures a value's size by: its kind, `none` for artifacts, a filter for mixtures.
pub(super) fn size_kind(ty: &Type, types: &TypeTable) -> String {
    if ty.is_artifact() {
        "none".to_owned()
    } else if ty.is_mixed(types) {
        value_part(ty, types)
    } else {
        kind(ty, types).to_owned()
    }
}

/// The text that a variable or a file holds for a constant.
pub(super) fn held(value: &Value, ty: &Type, types: &TypeTable) -> String {
    if let Type::Optional { of } = ty {
        return if *value == Value::Null { String::new() } else { format!("={}", held(value, of, types)) };
    }
    let json = to_json(value, ty, types);
    match (kind(ty, types), &json) {
        ("json", _) => canonical_json(&json),
        (_, Json::String(text)) => text.clone(),
        _ => canonical_json(&json),
    }
}

/// A text as a jq string.
pub(super) fn jq_string(text: &str) -> String {
    Json::from(text).to_string()
}

/// A filter that leaves the value part of a mixture of values and artifacts.
pub(super) fn value_part(ty: &Type, types: &TypeTable) -> String {
    if let Type::Optional { of } = ty {
        return format!("if . == null then null else {} end", value_part(of, types));
    } else if let Type::List { item } = ty {
        return format!("map({})", value_part(item, types));
    } else if let Type::Map { value } = ty {
        return format!("map_values({})", value_part(value, types));
    }
    let fields = record(ty, types).map_or(&[][..], |record| &record.fields);
    let kept = fields.iter().filter(|field| !field.ty.is_artifact());
    let kept = kept.map(|field| {
        let name = jq_string(field.json_name());
        if field.ty.is_mixed(types) {
            format!("{name}: (.[{name}] | {})", value_part(&field.ty, types))
        } else {
            format!("{name}: .[{name}]")
        }
    });
    format!("{{{}}}", kept.collect::<Vec<_>>().join(", "))
}

/// The columns of a mixture: for each artifact inside, the names of the variable's parts, and a filter that leaves only it.
pub(super) fn columns(ty: &Type, types: &TypeTable) -> Vec<(Vec<String>, String)> {
    if let Type::Optional { of } = ty {
        return wrapped(of, types, |inner| format!("if . == null then null else {inner} end"));
    } else if let Type::List { item } = ty {
        return wrapped(item, types, |inner| format!("map({inner})"));
    } else if let Type::Map { value } = ty {
        return wrapped(value, types, |inner| format!("map_values({inner})"));
    }
    let fields = record(ty, types).map_or(&[][..], |record| &record.fields);
    fields.iter().flat_map(|field| field_columns(field, types)).collect()
}

fn field_columns(field: &Field, types: &TypeTable) -> Vec<(Vec<String>, String)> {
    let step = format!(".[{}]", jq_string(field.json_name()));
    if field.ty.is_artifact() {
        return vec![(vec![field.name.clone()], step)];
    }
    if !field.ty.is_mixed(types) {
        return Vec::new();
    }
    let inner = columns(&field.ty, types).into_iter();
    inner
        .map(|(mut names, filter)| {
            names.insert(0, field.name.clone());
            (names, format!("{step} | {filter}"))
        })
        .collect()
}

fn wrapped(of: &Type, types: &TypeTable, wrap: impl Fn(&str) -> String) -> Vec<(Vec<String>, String)> {
    columns(of, types).into_iter().map(|(names, filter)| (names, wrap(&filter))).collect()
}

/// A filter that converts JSON of one type to the wider other one; `None` where nothing changes.
pub(super) fn widening(from: &Type, to: &Type, types: &TypeTable) -> Option<String> {
    if from == to {
        return None;
    }
    match (from.without_optional(), to.without_optional()) {
        (Type::Int { .. }, Type::Float { .. }) => {
            Some("(if type == \"string\" then tonumber else . end)".to_owned())
        }
        (Type::Int { .. }, Type::Quantity) => {
            Some("(if type == \"number\" then tojson else . end)".to_owned())
        }
        (Type::List { item: from }, Type::List { item: to }) => {
            widening(from, to, types).map(|inner| or_null(format!("map({inner})")))
        }
        (Type::Map { value: from }, Type::Map { value: to }) => {
            widening(from, to, types).map(|inner| or_null(format!("map_values({inner})")))
        }
        (from @ Type::Record { name }, to @ Type::Record { name: other }) if name != other => {
            let source = record(from, types)?;
            let target = record(to, types)?;
            let fields = target.fields.iter().map(|field| {
                let name = jq_string(field.json_name());
                let given = source.fields.iter().find(|given| given.name == field.name);
                let value = match (given, &field.default) {
                    (Some(given), _) => {
                        let place = format!(".[{}]", jq_string(given.json_name()));
                        match widening(&given.ty, &field.ty, types) {
                            Some(inner) => format!("({place} | {inner})"),
                            None => place,
                        }
                    }
                    (None, Some(default)) => format!("({})", constant_json(default, &field.ty, types)),
                    (None, None) => "null".to_owned(),
                };
                format!("{name}: {value}")
            });
            Some(or_null(format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))))
        }
        _ => None,
    }
}

fn or_null(filter: String) -> String {
    format!("(if . == null then null else {filter} end)")
}

/// A field's default as canonical JSON.
fn constant_json(default: &Json, ty: &Type, types: &TypeTable) -> String {
    match pipec_ir::from_json(default, ty, types) {
        Ok(value) => canonical_json(&to_json(&value, ty, types)),
        Err(_) => canonical_json(default),
    }
}

/// The named types as the runtime's checks read them: outside names spelt out, bounds of ints as texts.
pub(super) fn type_table(types: &TypeTable) -> Json {
    let definition = |definition: &TypeDef| match definition {
        TypeDef::Record(record) => json!({ "fields": fields_json(&record.fields, types) }),
        TypeDef::Enum(definition) => {
            let variants = definition.variants.iter().map(|variant| {
                json!({ "json_name": variant.json_name(), "fields": fields_json(&variant.fields, types) })
            });
            json!({ "variants": variants.collect::<Vec<_>>() })
        }
    };
    Json::Object(types.iter().map(|(name, ty)| (name.clone(), definition(ty))).collect())
}

fn fields_json(fields: &[Field], types: &TypeTable) -> Json {
    let field = |field: &Field| {
        let mut object = Map::new();
        object.insert("name".to_owned(), Json::from(field.name.as_str()));
        object.insert("json_name".to_owned(), Json::from(field.json_name()));
        object.insert("ty".to_owned(), type_json(&field.ty));
        if let Some(default) = &field.default {
            let value = pipec_ir::from_json(default, &field.ty, types);
            let json = value.map_or_else(|_| default.clone(), |value| to_json(&value, &field.ty, types));
            object.insert("default".to_owned(), json);
        }
        Json::Object(object)
    };
    fields.iter().map(field).collect()
}

/// A type as the runtime's checks read it.
pub(super) fn type_json(ty: &Type) -> Json {
    if let Type::Int { min, max } = ty {
        let mut object = Map::from_iter([("type".to_owned(), Json::from("int"))]);
        for (name, bound) in [("min", min), ("max", max)] {
            if let Some(bound) = bound {
                object.insert(name.to_owned(), Json::from(bound.to_string()));
            }
        }
        Json::Object(object)
    } else if let Type::List { item } = ty {
        json!({ "type": "list", "item": type_json(item) })
    } else if let Type::Map { value } = ty {
        json!({ "type": "map", "value": type_json(value) })
    } else if let Type::Optional { of } = ty {
        json!({ "type": "optional", "of": type_json(of) })
    } else {
        serde_json::to_value(ty).unwrap_or_default()
    }
}

/// What an enum's variants look like, for a message.
pub(super) fn expected_variants(ty: &Type, types: &TypeTable) -> String {
    let variants = enumeration(ty, types).map_or(&[][..], |definition| &definition.variants);
    let shown = variants.iter().map(|variant| {
        let name = jq_string(variant.json_name());
        if variant.fields.is_empty() { name } else { format!("{{{name}: {{…}}}}") }
    });
    format!("one of {}", shown.collect::<Vec<_>>().join(", "))
}

/// The names of an enum's variants that have no fields.
pub(super) fn bare_variants<'a>(ty: &Type, types: &'a TypeTable) -> Vec<&'a str> {
    let definition = enumeration(ty, types);
    let variants = definition.map_or(&[][..], |definition| &definition.variants);
    let bare = variants.iter().filter(|variant| variant.fields.is_empty());
    bare.map(pipec_ir::Variant::json_name).collect()
}

/// How a text reads that may stand for no value: the runtime's word, empty for a type that isn't optional. Only to text
/// does `null` stand for itself.
pub(super) fn absence(ty: &Type) -> &'static str {
    let Type::Optional { of } = ty else { return "''" };
    if matches!(**of, Type::String { .. }) { "if-absent" } else { "or-null" }
}
