//! What the expressions of a unit see.

use std::sync::Arc;

use pipec_ir::{ArtifactRef, Expr, ExprKind, Fault, NodeId, RunField, Scope, TypeTable, Value, evaluate};

use super::unit::{Ending, Shared, Unit};
use crate::facts::rfc3339;
use crate::report::RunStatus;
use crate::step::StepContext;

pub(super) struct UnitScope<'s, 'a> {
    pub(super) unit: &'s Unit<'a>,
    /// Names that the unit doesn't have yet, such as the state that `until` sees.
    pub(super) extra: &'s [(&'a str, Shared)],
    pub(super) context: &'s StepContext<'a>,
}

impl Scope for UnitScope<'_, '_> {
    fn input(&self, name: &str) -> Option<Value> {
        self.shared_input(name).map(|value| (**value).clone())
    }

    fn output(&self, node: &NodeId, output: Option<&str>) -> Option<Value> {
        let value = self.unit.value(node)?;
        match (output, &**value) {
            (None, value) => Some(value.clone()),
            (Some(name), Value::Record(fields)) => {
                fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone())
            }
            (Some(_), _) => None,
        }
    }

    fn run(&self, field: RunField) -> Option<Value> {
        self.context.facts.value(field).or_else(|| ending_value(self.unit.ending.as_deref()?, field))
    }

    fn artifact(&self, artifact: &ArtifactRef) -> Result<Value, Fault> {
        self.context.captured.artifact(artifact).map(Value::Artifact).map_err(Fault::new)
    }
}

impl UnitScope<'_, '_> {
    fn shared_input(&self, name: &str) -> Option<&Shared> {
        let extra = self.extra.iter().find(|(input, _)| *input == name).map(|(_, value)| value);
        extra.or_else(|| self.unit.input(name))
    }

    /// The expression's value; one that is there already is shared.
    pub(super) fn evaluate(&self, expr: &Expr, types: &TypeTable) -> Result<Shared, Fault> {
        let there = if let ExprKind::Input(name) = &expr.kind {
            self.shared_input(name)
        } else if let ExprKind::Output { node, output: None } = &expr.kind {
            self.unit.value(node)
        } else {
            None
        };
        match there {
            Some(value) => Ok(value.clone()),
            None => evaluate(expr, types, self).map(Arc::new),
        }
    }
}

fn ending_value(ending: &Ending, field: RunField) -> Option<Value> {
    match field {
        RunField::Status => {
            let variant = match ending.status {
                RunStatus::Succeeded => "succeeded",
                RunStatus::Failed => "failed",
                RunStatus::Cancelled => "cancelled",
            };
            Some(Value::Variant { variant: variant.to_owned(), fields: Vec::new() })
        }
        RunField::Started => Some(Value::String(rfc3339(ending.started))),
        RunField::Duration => Some(Value::Duration(i64::try_from(ending.duration_ms).unwrap_or(i64::MAX))),
        RunField::Failures => {
            let failures = ending.failures.iter().map(|failure| {
                Value::Record(vec![
                    ("step".to_owned(), Value::string(&failure.step)),
                    ("message".to_owned(), Value::string(&failure.message)),
                ])
            });
            Some(Value::List(failures.collect()))
        }
        RunField::Id | RunField::Name | RunField::Scheduled | RunField::Day => None,
    }
}
