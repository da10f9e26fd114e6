//! The operators: checked 64-bit ints, finite floats without a negative zero, durations within ±(2^53−1) milliseconds.

use std::cmp::Ordering;

use super::compare::{equal, order};
use super::fault::{DIVISION_BY_ZERO, DURATION_OVERFLOW, FLOAT_OVERFLOW, Fault, INT_OVERFLOW};
use super::unexpected;
use crate::expr::{BinaryOp, UnaryOp};
use crate::number::is_safe_integer;
use crate::value::Value;

pub(super) fn unary(op: UnaryOp, operand: Value) -> Result<Value, Fault> {
    match (op, operand) {
        (UnaryOp::Not, Value::Bool(value)) => Ok(Value::Bool(!value)),
        (UnaryOp::Negate, Value::Int(value)) => int(value.checked_neg()),
        (UnaryOp::Negate, Value::Float(value)) => float(-value),
        (UnaryOp::Negate, Value::Duration(value)) => duration(value.checked_neg()),
        (UnaryOp::Not | UnaryOp::Negate, other) => Err(unexpected(&other)),
    }
}

/// Every operator that always looks at both operands.
pub(super) fn binary(op: BinaryOp, left: Value, right: Value) -> Result<Value, Fault> {
    match op {
        BinaryOp::Equal => Ok(Value::Bool(equal(&left, &right))),
        BinaryOp::NotEqual => Ok(Value::Bool(!equal(&left, &right))),
        BinaryOp::Less => compared(&left, &right, Ordering::is_lt),
        BinaryOp::LessOrEqual => compared(&left, &right, Ordering::is_le),
        BinaryOp::Greater => compared(&left, &right, Ordering::is_gt),
        BinaryOp::GreaterOrEqual => compared(&left, &right, Ordering::is_ge),
        BinaryOp::Add
        | BinaryOp::Subtract
        | BinaryOp::Multiply
        | BinaryOp::Divide
        | BinaryOp::Div
        | BinaryOp::Mod => arithmetic(op, left, right),
        BinaryOp::And | BinaryOp::Or | BinaryOp::Coalesce => {
            Err(Fault::new("a lazy operator has no value by itself"))
        }
    }
}

fn compared(left: &Value, right: &Value, is: fn(Ordering) -> bool) -> Result<Value, Fault> {
    order(left, right).map(|ordering| Value::Bool(is(ordering))).ok_or_else(|| unexpected(left))
}

fn arithmetic(op: BinaryOp, left: Value, right: Value) -> Result<Value, Fault> {
    match (op, left, right) {
        (BinaryOp::Add, left, right) => add(left, right),
        (BinaryOp::Subtract, Value::Int(left), Value::Int(right)) => int(left.checked_sub(right)),
        (BinaryOp::Subtract, Value::Float(left), Value::Float(right)) => float(left - right),
        (BinaryOp::Subtract, Value::Duration(left), Value::Duration(right)) => {
            duration(left.checked_sub(right))
        }
        (BinaryOp::Multiply, Value::Int(left), Value::Int(right)) => int(left.checked_mul(right)),
        (BinaryOp::Multiply, Value::Float(left), Value::Float(right)) => float(left * right),
        (BinaryOp::Multiply, Value::Duration(left), Value::Int(right))
        | (BinaryOp::Multiply, Value::Int(left), Value::Duration(right)) => duration(left.checked_mul(right)),
        (BinaryOp::Divide, Value::Float(_), Value::Float(0.0)) => Err(Fault::new(DIVISION_BY_ZERO)),
        (BinaryOp::Divide, Value::Float(left), Value::Float(right)) => float(left / right),
        (BinaryOp::Div | BinaryOp::Mod, Value::Int(_), Value::Int(0)) => Err(Fault::new(DIVISION_BY_ZERO)),
        (BinaryOp::Div, Value::Int(left), Value::Int(right)) => int(floor_div(left, right)),
        // Of the least int and −1 the modulus is 0, though the quotient overflows.
        (BinaryOp::Mod, Value::Int(left), Value::Int(right)) => Ok(Value::Int(floor_mod(left, right))),
        (_, left, _) => Err(unexpected(&left)),
    }
}

/// Addition of ints, floats or durations, checked.
pub(super) fn add(left: Value, right: Value) -> Result<Value, Fault> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => int(left.checked_add(right)),
        (Value::Float(left), Value::Float(right)) => float(left + right),
        (Value::Duration(left), Value::Duration(right)) => duration(left.checked_add(right)),
        (left, _) => Err(unexpected(&left)),
    }
}

/// The absolute value of an int or a float.
pub(super) fn absolute(value: Value) -> Result<Value, Fault> {
    if let Value::Int(value) = value {
        int(value.checked_abs())
    } else if let Value::Float(value) = value {
        float(value.abs())
    } else {
        Err(unexpected(&value))
    }
}

fn int(result: Option<i64>) -> Result<Value, Fault> {
    result.map(Value::Int).ok_or_else(|| Fault::new(INT_OVERFLOW))
}

fn float(result: f64) -> Result<Value, Fault> {
    // Adding 0 turns −0 into 0.
    if result.is_finite() { Ok(Value::Float(result + 0.0)) } else { Err(Fault::new(FLOAT_OVERFLOW)) }
}

fn duration(result: Option<i64>) -> Result<Value, Fault> {
    let within = result.filter(|milliseconds| is_safe_integer(*milliseconds));
    within.map(Value::Duration).ok_or_else(|| Fault::new(DURATION_OVERFLOW))
}

fn floor_div(left: i64, right: i64) -> Option<i64> {
    let quotient = left.checked_div(right)?;
    let rounds_up = left.wrapping_rem(right) != 0 && (left < 0) != (right < 0);
    Some(quotient - i64::from(rounds_up))
}

fn floor_mod(left: i64, right: i64) -> i64 {
    let remainder = left.wrapping_rem(right);
    if remainder != 0 && (remainder < 0) != (right < 0) { remainder + right } else { remainder }
}
