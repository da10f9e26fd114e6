//! Equality of any values, and the order of those that have one.

use std::cmp::Ordering;

use crate::quantity::same_amount;
use crate::value::Value;

/// Structural equality. Quantities are equal when they mean the same amount; an int and a float compare as floats.
pub fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Quantity(left), Value::Quantity(right)) => same_amount(left, right),
        (Value::Int(left), Value::Float(right)) => *left as f64 == *right,
        (Value::Float(left), Value::Int(right)) => *left == *right as f64,
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Map(left), Value::Map(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|((left_key, left), (right_key, right))| left_key == right_key && equal(left, right))
        }
        (Value::Record(left), Value::Record(right)) => equal_fields(left, right),
        (
            Value::Variant { variant: left, fields: left_fields },
            Value::Variant { variant: right, fields: right_fields },
        ) => left == right && equal_fields(left_fields, right_fields),
        (left, right) => left == right,
    }
}

fn equal_fields(left: &[(String, Value)], right: &[(String, Value)]) -> bool {
    left.len() == right.len()
        && left
            .iter()
            .zip(right)
            .all(|((left_name, left), (right_name, right))| left_name == right_name && equal(left, right))
}

/// The order of two numbers, durations or strings (by code point); others have none.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) | (Value::Duration(left), Value::Duration(right)) => {
            Some(left.cmp(right))
        }
        (Value::Float(left), Value::Float(right)) => left.partial_cmp(right),
        (Value::Int(left), Value::Float(right)) => (*left as f64).partial_cmp(right),
        (Value::Float(left), Value::Int(right)) => left.partial_cmp(&(*right as f64)),
        // UTF-8 sorts by code point.
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        _ => None,
    }
}
