//! Intervals and patterns: whether a value is within its type's.

use crate::json::refuse_nul;
use crate::lookup::{enumeration, record};
use crate::mismatch::{Mismatch, describe_text};
use crate::number::float_text;
use crate::pattern::matches_whole;
use crate::types::{Field, FloatBound, Type, TypeTable};
use crate::value::Value;

/// Checks every interval and pattern of the type against the value, inside lists, maps and records too. The value is of
/// the type otherwise.
pub fn check_refinement(value: &Value, ty: &Type, types: &TypeTable) -> Result<(), Mismatch> {
    match (value, ty) {
        (Value::Null, _) => Ok(()),
        (_, Type::Optional { of }) => check_refinement(value, of, types),
        (Value::Int(value), Type::Int { min, max }) => {
            let fits = min.is_none_or(|min| min <= *value) && max.is_none_or(|max| *value <= max);
            if fits {
                Ok(())
            } else {
                Err(Mismatch::new(format!("the number {value}"), int_interval(*min, *max)))
            }
        }
        (Value::Float(value), Type::Float { min, max }) => {
            let fits =
                min.is_none_or(|min| is_above(*value, min)) && max.is_none_or(|max| is_below(*value, max));
            let found = || format!("the number {}", float_text(*value));
            if fits { Ok(()) } else { Err(Mismatch::new(found(), float_interval(*min, *max))) }
        }
        (Value::String(text), Type::String { pattern }) => {
            refuse_nul(text)?;
            match pattern {
                Some(pattern) if !matches_whole(pattern, text) => Err(Mismatch::new(
                    describe_text(text),
                    format!("text that matches /{pattern}/ from start to end"),
                )),
                Some(_) | None => Ok(()),
            }
        }
        (Value::List(items), Type::List { item }) => {
            items.iter().enumerate().try_for_each(|(index, value)| {
                check_refinement(value, item, types).map_err(|found| found.in_item(index))
            })
        }
        (Value::Map(entries), Type::Map { value: ty }) => entries.iter().try_for_each(|(key, value)| {
            check_refinement(value, ty, types).map_err(|found| found.in_field(key))
        }),
        (Value::Record(values), Type::Record { .. }) => {
            let declared = record(ty, types).map_or(&[][..], |record| &record.fields);
            check_fields(values, declared, types)
        }
        (Value::Variant { variant, fields }, Type::Enum { .. }) => {
            let declared = enumeration(ty, types).and_then(|definition| definition.variant(variant));
            check_fields(fields, declared.map_or(&[][..], |variant| &variant.fields), types)
        }
        (
            Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::String(_)
            | Value::Duration(_)
            | Value::Quantity(_)
            | Value::Variant { .. }
            | Value::Json(_)
            | Value::List(_)
            | Value::Record(_)
            | Value::Map(_)
            | Value::Secret { .. }
            | Value::Artifact(_),
            _,
        ) => Ok(()),
    }
}

fn check_fields(values: &[(String, Value)], declared: &[Field], types: &TypeTable) -> Result<(), Mismatch> {
    // Values have their fields in declared order.
    values.iter().zip(declared).try_for_each(|((_, value), field)| {
        check_refinement(value, &field.ty, types).map_err(|found| found.in_field(field.json_name()))
    })
}

fn is_above(value: f64, min: FloatBound) -> bool {
    if min.inclusive { value >= min.value } else { value > min.value }
}

fn is_below(value: f64, max: FloatBound) -> bool {
    if max.inclusive { value <= max.value } else { value < max.value }
}

/// `an int from 1 to 16`; its characters survive in the messages of faults.
fn int_interval(min: Option<i64>, max: Option<i64>) -> String {
    match (min, max) {
        (Some(min), Some(max)) => format!("an int from {min} to {max}"),
        (Some(min), None) => format!("an int of at least {min}"),
        (None, Some(max)) => format!("an int of at most {max}"),
        (None, None) => "an int".to_owned(),
    }
}

fn float_interval(min: Option<FloatBound>, max: Option<FloatBound>) -> String {
    let lower = min.map(|min| {
        let word = if min.inclusive { "of at least" } else { "above" };
        format!("{word} {}", float_text(min.value))
    });
    let upper = max.map(|max| {
        let word = if max.inclusive { "of at most" } else { "below" };
        format!("{word} {}", float_text(max.value))
    });
    let bounds: Vec<String> = lower.into_iter().chain(upper).collect();
    format!("a number {}", bounds.join(" and "))
}
