//! Conversions: widening, which can't fail, and `Name(x)`, which checks.

use super::fault::Fault;
use crate::json::{from_json, to_json};
use crate::lookup::record;
use crate::refinement::check_refinement;
use crate::types::{Type, TypeTable};
use crate::value::Value;

/// The value as one of the wider type. `from` is the type that it has.
pub fn widen(value: Value, from: &Type, to: &Type, types: &TypeTable) -> Result<Value, Fault> {
    if from == to {
        return Ok(value);
    }
    let from = from.without_optional();
    let target = to.without_optional();
    match (value, target) {
        (Value::Null, Type::Json) if !matches!(to, Type::Optional { .. }) => {
            Ok(Value::Json(serde_json::Value::Null))
        }
        (Value::Null, _) => Ok(Value::Null),
        (Value::Int(value), Type::Float { .. }) => Ok(Value::Float(value as f64)),
        (Value::Int(value), Type::Quantity) => Ok(Value::Quantity(value.to_string())),
        // In a `json?` the two nulls are one.
        (Value::Json(serde_json::Value::Null), Type::Json) if matches!(to, Type::Optional { .. }) => {
            Ok(Value::Null)
        }
        (Value::Json(json), Type::Json) => Ok(Value::Json(json)),
        (value, Type::Json) => Ok(Value::Json(to_json(&value, from, types))),
        (Value::List(items), Type::List { item: to }) => {
            let from = inner(from);
            items
                .into_iter()
                .map(|item| widen(item, from, to, types))
                .collect::<Result<_, _>>()
                .map(Value::List)
        }
        (Value::Map(entries), Type::Map { value: to }) => {
            let from = inner(from);
            let widened = entries.into_iter().map(|(key, value)| Ok((key, widen(value, from, to, types)?)));
            widened.collect::<Result<_, Fault>>().map(Value::Map)
        }
        (Value::Record(values), Type::Record { .. }) => smaller_record(values, from, target, types),
        (value, _) => Ok(value),
    }
}

fn inner(ty: &Type) -> &Type {
    if let Type::List { item: inner } | Type::Map { value: inner } = ty { inner } else { ty }
}

/// A record of the fields of `to`: each from the value if it is there, else its default, else `null`.
fn smaller_record(
    values: Vec<(String, Value)>,
    from: &Type,
    to: &Type,
    types: &TypeTable,
) -> Result<Value, Fault> {
    let (Some(source), Some(target)) = (record(from, types), record(to, types)) else {
        return Ok(Value::Record(values));
    };
    let mut fields = Vec::with_capacity(target.fields.len());
    for field in &target.fields {
        let given = values.iter().position(|(name, _)| *name == field.name);
        let value = match given.and_then(|index| Some((values.get(index)?, source.fields.get(index)?))) {
            Some(((_, value), declared)) => widen(value.clone(), &declared.ty, &field.ty, types)?,
            None => match &field.default {
                Some(default) => {
                    from_json(default, &field.ty, types).map_err(|found| Fault::new(found.to_string()))?
                }
                None => Value::Null,
            },
        };
        fields.push((field.name.clone(), value));
    }
    Ok(Value::Record(fields))
}

/// `Name(x)`: the value, checked against the intervals and patterns of the type.
pub(super) fn refine(value: Value, ty: &Type, types: &TypeTable) -> Result<Value, Fault> {
    match check_refinement(&value, ty, types) {
        Ok(()) => Ok(value),
        Err(found) => Err(Fault::outside_of_type(&found)),
    }
}
