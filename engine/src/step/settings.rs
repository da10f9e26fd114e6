//! Settings that use a step's inputs, evaluated before it starts: what makes no sense is a fault.

use std::time::Duration;

use pipec_ir::quantity::parse_quantity;
use pipec_ir::{Expr, Fault, Task, Value, evaluate};

use super::{StepContext, TaskScope};

/// What the engine itself needs of them.
#[derive(Debug)]
pub(crate) struct CheckedSettings {
    /// Of one attempt.
    pub(crate) timeout: Option<Duration>,
}

pub(crate) fn check_settings(
    context: &StepContext<'_>,
    task: &Task,
    arguments: &[(String, Value)],
) -> Result<CheckedSettings, Fault> {
    let settings = &task.settings;
    let resources = &settings.resources;
    let scope =
        TaskScope { inputs: arguments, outputs: &[], facts: &context.facts, captured: &context.captured };
    let value = |expr: &Expr| evaluate(expr, &context.program.types, &scope);
    for (name, expr, is_bytes) in [
        ("cpu", &resources.cpu, false),
        ("cpu_limit", &resources.cpu_limit, false),
        ("memory", &resources.memory, true),
        ("memory_limit", &resources.memory_limit, true),
        ("ephemeral_storage", &resources.ephemeral_storage, true),
        ("shm_size", &settings.shm_size, true),
    ] {
        if let Some(expr) = expr {
            check_amount(name, &value(expr)?, is_bytes).map_err(|fault| fault.at(expr.span))?;
        }
    }
    if let Some(expr) = &resources.gpu
        && let Value::Int(count) = value(expr)?
        && count < 0
    {
        return Err(Fault::new(format!("gpu is {count}, and can not be negative")).at(expr.span));
    }
    let timeout = match &settings.timeout {
        None => None,
        Some(expr) => {
            let value = value(expr)?;
            if let Value::Duration(milliseconds @ 1..) = value {
                Some(Duration::from_millis(milliseconds.unsigned_abs()))
            } else if matches!(value, Value::Duration(_)) {
                return Err(Fault::new("timeout is not above zero").at(expr.span));
            } else {
                return Err(Fault::new(format!("timeout is {}", value.kind_name())).at(expr.span));
            }
        }
    };
    Ok(CheckedSettings { timeout })
}

/// Bytes come in whole numbers; no amount is negative.
fn check_amount(name: &str, value: &Value, is_bytes: bool) -> Result<(), Fault> {
    let Value::Quantity(text) = value else { return Ok(()) };
    match parse_quantity(text) {
        Some(amount) if is_bytes && !amount.is_whole() => {
            Err(Fault::new(format!("{name} is {text}, which is no whole number of bytes")))
        }
        Some(amount) if amount.to_f64() < 0.0 => {
            Err(Fault::new(format!("{name} is {text}, and can not be negative")))
        }
        Some(_) => Ok(()),
        None => Err(Fault::new(format!("{name} is {text}, which is no quantity"))),
    }
}
