//! The library's functions.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::compare::{equal, order};
use super::fault::{
    Fault, INDEX_OUT_OF_RANGE, MAX_RANGE, MISSING_KEY, RANGE_TOO_LONG, REPEATED_KEY, ROUND_OVERFLOW,
    UNEQUAL_KEYS, UNEQUAL_LENGTHS,
};
use super::{add_days, operators, unexpected};
use crate::expr::Function;
use crate::types::Type;
use crate::value::Value;

/// Calls a function; `ty` is the type of its result.
pub(super) fn call(function: Function, args: Vec<Value>, ty: &Type) -> Result<Value, Fault> {
    match function {
        Function::MinOf => extreme(args, Ordering::is_lt),
        Function::MaxOf => extreme(args, Ordering::is_gt),
        Function::Zip => zip(args.into_iter().map(list).collect::<Result<_, _>>()?),
        Function::Concat => {
            args.into_iter().map(list).collect::<Result<Vec<_>, _>>().map(|lists| Value::List(lists.concat()))
        }
        Function::Len
        | Function::Enumerate
        | Function::MinIn
        | Function::MaxIn
        | Function::Sum
        | Function::Keys
        | Function::Values
        | Function::Compact
        | Function::Flatten
        | Function::ToString
        | Function::Abs
        | Function::Round => {
            let [operand] = <[Value; 1]>::try_from(args).map_err(|_| wrong_count())?;
            of_one(function, operand, ty)
        }
        Function::Range
        | Function::Join
        | Function::Contains
        | Function::Get
        | Function::ToMap
        | Function::AddDays => {
            let [first, second] = <[Value; 2]>::try_from(args).map_err(|_| wrong_count())?;
            of_two(function, first, second)
        }
    }
}

fn wrong_count() -> Fault {
    Fault::new("a function with the wrong number of arguments")
}

fn of_one(function: Function, operand: Value, ty: &Type) -> Result<Value, Fault> {
    match (function, operand) {
        (Function::Len, Value::List(items)) => Ok(length(items.len())),
        (Function::Len, Value::Map(entries)) => Ok(length(entries.len())),
        (Function::Len, Value::String(text)) => Ok(length(text.chars().count())),
        (Function::Enumerate, Value::List(items)) => {
            Ok(Value::List(items.into_iter().zip(0..).map(numbered).collect()))
        }
        (Function::MinIn, Value::List(items)) if !items.is_empty() => extreme(items, Ordering::is_lt),
        (Function::MaxIn, Value::List(items)) if !items.is_empty() => extreme(items, Ordering::is_gt),
        (Function::MinIn | Function::MaxIn, Value::List(_)) => Ok(Value::Null),
        (Function::Sum, Value::List(items)) => items.into_iter().try_fold(zero(ty), operators::add),
        (Function::Keys, Value::Map(entries)) => {
            Ok(Value::List(entries.into_keys().map(Value::String).collect()))
        }
        (Function::Values, Value::Map(entries)) => Ok(Value::List(entries.into_values().collect())),
        (Function::Compact, Value::List(items)) => {
            Ok(Value::List(items.into_iter().filter(|item| *item != Value::Null).collect()))
        }
        (Function::Flatten, Value::List(lists)) => lists
            .into_iter()
            .map(list)
            .collect::<Result<Vec<_>, _>>()
            .map(|lists| Value::List(lists.concat())),
        (Function::Abs, operand) => operators::absolute(operand),
        (Function::Round, Value::Float(value)) => round(value),
        (Function::Round, Value::Int(value)) => Ok(Value::Int(value)),
        (_, operand) => Err(unexpected(&operand)),
    }
}

fn of_two(function: Function, first: Value, second: Value) -> Result<Value, Fault> {
    match (function, first, second) {
        (Function::Range, Value::Int(start), Value::Int(end)) => range(start, end),
        (Function::Join, Value::List(items), Value::String(separator)) => {
            let texts: Vec<String> = items.into_iter().map(string).collect::<Result<_, _>>()?;
            Ok(Value::String(texts.join(&separator)))
        }
        (Function::Contains, Value::List(items), wanted) => {
            Ok(Value::Bool(items.iter().any(|item| equal(item, &wanted))))
        }
        (Function::Get, of, index) => Ok(element_if_any(of, &index)?.unwrap_or(Value::Null)),
        (Function::ToMap, Value::List(keys), Value::List(values)) => to_map(keys, values),
        (Function::AddDays, Value::String(day), Value::Int(days)) => add_days(&day, days).map(Value::String),
        (_, first, _) => Err(unexpected(&first)),
    }
}

pub(super) fn list(value: Value) -> Result<Vec<Value>, Fault> {
    if let Value::List(items) = value { Ok(items) } else { Err(unexpected(&value)) }
}

fn string(value: Value) -> Result<String, Fault> {
    if let Value::String(text) = value { Ok(text) } else { Err(unexpected(&value)) }
}

fn length(length: usize) -> Value {
    Value::Int(i64::try_from(length).unwrap_or(i64::MAX))
}

fn numbered((item, index): (Value, i64)) -> Value {
    Value::Record(vec![("index".to_owned(), Value::Int(index)), ("item".to_owned(), item)])
}

/// What a sum begins with.
fn zero(ty: &Type) -> Value {
    if matches!(ty, Type::Float { .. }) {
        Value::Float(0.0)
    } else if matches!(ty, Type::Duration) {
        Value::Duration(0)
    } else {
        Value::Int(0)
    }
}

/// The first of the least, or of the greatest, values. Ints beside floats become floats.
fn extreme(values: Vec<Value>, is_better: fn(Ordering) -> bool) -> Result<Value, Fault> {
    let has_float = values.iter().any(|value| matches!(value, Value::Float(_)));
    let mut values = values.into_iter();
    let mut best = values.next().ok_or_else(wrong_count)?;
    for value in values {
        let ordering = order(&value, &best).ok_or_else(|| unexpected(&value))?;
        if is_better(ordering) {
            best = value;
        }
    }
    if has_float && let Value::Int(value) = best {
        best = Value::Float(value as f64);
    }
    Ok(best)
}

fn round(value: f64) -> Result<Value, Fault> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    let rounded = value.round();
    let fits = (-LIMIT..LIMIT).contains(&rounded);
    if fits { Ok(Value::Int(rounded as i64)) } else { Err(Fault::new(ROUND_OVERFLOW)) }
}

/// `start..end` half-open; nothing where the end isn't above the start.
fn range(start: i64, end: i64) -> Result<Value, Fault> {
    let is_too_long = start < end && end.checked_sub(start).is_none_or(|length| length > MAX_RANGE);
    if is_too_long {
        return Err(Fault::new(RANGE_TOO_LONG));
    }
    Ok(Value::List((start..end).map(Value::Int).collect()))
}

/// Records of the lists' items, with fields `a0`, `a1`, ….
pub(crate) fn zip(lists: Vec<Vec<Value>>) -> Result<Value, Fault> {
    let length = lists.first().map_or(0, Vec::len);
    if lists.iter().any(|list| list.len() != length) {
        let lengths: Vec<String> = lists.iter().map(|list| list.len().to_string()).collect();
        return Err(Fault::new(format!("{UNEQUAL_LENGTHS} ({})", lengths.join(", "))));
    }
    let mut rows: Vec<Vec<(String, Value)>> = (0..length).map(|_| Vec::with_capacity(lists.len())).collect();
    for (list, position) in lists.into_iter().zip(0..) {
        for (row, item) in rows.iter_mut().zip(list) {
            row.push((format!("a{position}"), item));
        }
    }
    Ok(Value::List(rows.into_iter().map(Value::Record).collect()))
}

fn to_map(keys: Vec<Value>, values: Vec<Value>) -> Result<Value, Fault> {
    if keys.len() != values.len() {
        return Err(Fault::new(format!("{UNEQUAL_KEYS} ({} keys, {} values)", keys.len(), values.len())));
    }
    let mut map = BTreeMap::new();
    for (key, value) in keys.into_iter().zip(values) {
        if map.insert(string(key)?, value).is_some() {
            return Err(Fault::new(REPEATED_KEY));
        }
    }
    Ok(Value::Map(map))
}

/// `of[index]`; faults where there is no element.
pub(super) fn element(of: Value, index: Value) -> Result<Value, Fault> {
    let length = if let Value::List(items) = &of { items.len() } else { 0 };
    match (element_if_any(of, &index)?, index) {
        (Some(element), _) => Ok(element),
        (None, Value::Int(index)) => {
            Err(Fault::new(format!("{INDEX_OUT_OF_RANGE} (index {index}, length {length})")))
        }
        (None, Value::String(key)) if is_showable(&key) => Err(Fault::new(format!("{MISSING_KEY} ({key})"))),
        (None, _) => Err(Fault::new(MISSING_KEY)),
    }
}

fn is_showable(key: &str) -> bool {
    !key.is_empty()
        && key.len() <= 60
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

fn element_if_any(of: Value, index: &Value) -> Result<Option<Value>, Fault> {
    match (of, index) {
        (Value::List(mut items), Value::Int(index)) => {
            let position = usize::try_from(*index).ok().filter(|position| *position < items.len());
            Ok(position.map(|position| items.swap_remove(position)))
        }
        (Value::Map(mut entries), Value::String(key)) => Ok(entries.remove(key)),
        (of, _) => Err(unexpected(&of)),
    }
}
