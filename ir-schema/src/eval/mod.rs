//! What an expression means: the one definition that the compiler folds constants with, that the engine runs with, and
//! that a target's own expressions are compared with.
//!
//! Evaluation goes from the left and only as far as needed. Expressions have passed `validate`; on others the result is a
//! fault, never a panic.

mod compare;
mod convert;
mod days;
pub mod fault;
mod library;
mod operators;

use crate::expr::{ArtifactRef, Expr, ExprKind, MatchArm, RunField};
use crate::json::from_json;
use crate::program::NodeId;
use crate::text::plain_text;
use crate::types::TypeTable;
use crate::value::Value;

pub use compare::equal;
pub use convert::widen;
pub use days::add_days;
pub use fault::Fault;

/// What an expression sees. A `None` for a name that the program has is an error of the caller, and becomes a fault.
pub trait Scope {
    /// A parameter, or an input of the enclosing region.
    fn input(&self, name: &str) -> Option<Value>;
    /// The value of an earlier node, or one of a call's named outputs.
    fn output(&self, node: &NodeId, output: Option<&str>) -> Option<Value>;
    /// What is known of the run.
    fn run(&self, field: RunField) -> Option<Value>;
    /// A constant artifact, resolved.
    fn artifact(&self, artifact: &ArtifactRef) -> Result<Value, Fault>;
}

/// A scope with nothing in it, for constants.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoScope;

impl Scope for NoScope {
    fn input(&self, _: &str) -> Option<Value> {
        None
    }

    fn output(&self, _: &NodeId, _: Option<&str>) -> Option<Value> {
        None
    }

    fn run(&self, _: RunField) -> Option<Value> {
        None
    }

    fn artifact(&self, _: &ArtifactRef) -> Result<Value, Fault> {
        Err(Fault::new("an artifact is not known here"))
    }
}

/// The expression's value.
pub fn evaluate(expr: &Expr, types: &TypeTable, scope: &dyn Scope) -> Result<Value, Fault> {
    Evaluator { types, scope, bindings: Vec::new() }.value(expr)
}

struct Evaluator<'a> {
    types: &'a TypeTable,
    scope: &'a dyn Scope,
    /// Fields that the match arms around have bound, innermost last.
    bindings: Vec<(&'a str, Value)>,
}

impl<'a> Evaluator<'a> {
    fn value(&mut self, expr: &'a Expr) -> Result<Value, Fault> {
        self.kind(expr).map_err(|fault| fault.at(expr.span))
    }

    fn kind(&mut self, expr: &'a Expr) -> Result<Value, Fault> {
        match &expr.kind {
            ExprKind::Const(json) => from_json(json, &expr.ty, self.types)
                .map_err(|found| Fault::new(format!("constant: {found}"))),
            ExprKind::Artifact(artifact) => self.scope.artifact(artifact),
            ExprKind::Secret { name, key } => Ok(Value::Secret { name: name.clone(), key: key.clone() }),
            ExprKind::Input(name) => self.input(name),
            ExprKind::Output { node, output } => self
                .scope
                .output(node, output.as_deref())
                .ok_or_else(|| Fault::new(format!("{} has no value", node.0))),
            ExprKind::Run(field) => {
                self.scope.run(*field).ok_or_else(|| Fault::new("the run is not known here"))
            }
            ExprKind::List(items) => self.values(items).map(Value::List),
            ExprKind::Record(fields) => self.fields(fields).map(Value::Record),
            ExprKind::Map(entries) => Ok(Value::Map(self.fields(entries)?.into_iter().collect())),
            ExprKind::Variant { variant, fields } => {
                Ok(Value::Variant { variant: variant.clone(), fields: self.fields(fields)? })
            }
            ExprKind::Field { of, field } => field_of(self.value(of)?, field),
            ExprKind::OptionalField { of, field } => optional_field_of(self.value(of)?, field),
            ExprKind::Project { of, field } => {
                let items = library::list(self.value(of)?)?;
                let project = |item| optional_field_of(item, field);
                items.into_iter().map(project).collect::<Result<_, _>>().map(Value::List)
            }
            ExprKind::Index { of, index } => {
                let of = self.value(of)?;
                library::element(of, self.value(index)?)
            }
            ExprKind::Unary { op, operand } => operators::unary(*op, self.value(operand)?),
            ExprKind::Binary { op, left, right } => self.binary(*op, left, right),
            ExprKind::If { condition, then, otherwise } => {
                let branch = if self.is_true(condition)? { then } else { otherwise };
                self.value(branch)
            }
            ExprKind::Match { subject, arms } => {
                let subject = self.value(subject)?;
                self.matched(subject, arms)
            }
            ExprKind::Interpolate(pieces) => {
                let mut text = String::new();
                for piece in pieces {
                    text.push_str(&self.text(piece)?);
                }
                Ok(Value::String(text))
            }
            ExprKind::Call { function: crate::expr::Function::ToString, args } => {
                let [operand] = args.as_slice() else {
                    return Err(Fault::new("to_string takes one argument"));
                };
                self.text(operand).map(Value::String)
            }
            ExprKind::Call { function, args } => {
                let values = self.values(args)?;
                library::call(*function, values, &expr.ty)
            }
            ExprKind::Widen(operand) => {
                let value = self.value(operand)?;
                widen(value, &operand.ty, &expr.ty, self.types)
            }
            ExprKind::Refine(operand) => {
                let value = self.value(operand)?;
                convert::refine(value, &expr.ty, self.types)
            }
            ExprKind::Narrow(operand) => {
                let value = self.value(operand)?;
                if value == Value::Null { Err(Fault::new("null where a value is needed")) } else { Ok(value) }
            }
        }
    }

    fn values(&mut self, exprs: &'a [Expr]) -> Result<Vec<Value>, Fault> {
        exprs.iter().map(|expr| self.value(expr)).collect()
    }

    fn fields(&mut self, fields: &'a [(String, Expr)]) -> Result<Vec<(String, Value)>, Fault> {
        fields.iter().map(|(name, expr)| Ok((name.clone(), self.value(expr)?))).collect()
    }

    fn input(&mut self, name: &str) -> Result<Value, Fault> {
        if let Some((_, value)) = self.bindings.iter().rev().find(|(bound, _)| *bound == name) {
            return Ok(value.clone());
        }
        self.scope.input(name).ok_or_else(|| Fault::new(format!("{name} has no value")))
    }

    fn binary(&mut self, op: crate::expr::BinaryOp, left: &'a Expr, right: &'a Expr) -> Result<Value, Fault> {
        use crate::expr::BinaryOp;
        match op {
            BinaryOp::And => Ok(Value::Bool(self.is_true(left)? && self.is_true(right)?)),
            BinaryOp::Or => Ok(Value::Bool(self.is_true(left)? || self.is_true(right)?)),
            BinaryOp::Coalesce => {
                let value = self.value(left)?;
                if value == Value::Null { self.value(right) } else { Ok(value) }
            }
            BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::Less
            | BinaryOp::LessOrEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterOrEqual
            | BinaryOp::Add
            | BinaryOp::Subtract
            | BinaryOp::Multiply
            | BinaryOp::Divide
            | BinaryOp::Div
            | BinaryOp::Mod => {
                let left = self.value(left)?;
                operators::binary(op, left, self.value(right)?)
            }
        }
    }

    fn is_true(&mut self, condition: &'a Expr) -> Result<bool, Fault> {
        let value = self.value(condition)?;
        if let Value::Bool(value) = value { Ok(value) } else { Err(unexpected(&value)) }
    }

    fn text(&mut self, piece: &'a Expr) -> Result<String, Fault> {
        let value = self.value(piece)?;
        plain_text(&value, &piece.ty, self.types).ok_or_else(|| unexpected(&value))
    }

    fn matched(&mut self, subject: Value, arms: &'a [MatchArm]) -> Result<Value, Fault> {
        let arm = arms.iter().find(|arm| takes(arm.variant.as_deref(), &subject));
        let arm = arm.ok_or_else(|| Fault::new("match: no arm for the value"))?;
        let outer = self.bindings.len();
        self.bindings.extend(bind(&arm.bindings, &subject));
        let value = self.value(&arm.value);
        self.bindings.truncate(outer);
        value
    }
}

/// Whether a match's arm takes this value; `variant` as in `MatchArm` and `NodeArm`.
pub fn takes(variant: Option<&str>, subject: &Value) -> bool {
    match subject {
        Value::Null => variant.is_none(),
        Value::Bool(value) => variant == Some(if *value { "true" } else { "false" }),
        Value::Variant { variant: name, .. } => variant == Some(name),
        Value::Int(_)
        | Value::Float(_)
        | Value::String(_)
        | Value::Duration(_)
        | Value::Quantity(_)
        | Value::Json(_)
        | Value::List(_)
        | Value::Record(_)
        | Value::Map(_)
        | Value::Secret { .. }
        | Value::Artifact(_) => false,
    }
}

/// The names that an arm's bindings give to the fields of a variant, with their values.
pub fn bind<'a>(bindings: &'a [(String, String)], subject: &Value) -> Vec<(&'a str, Value)> {
    let Value::Variant { fields, .. } = subject else { return Vec::new() };
    let value_of =
        |field: &str| fields.iter().find(|(name, _)| name == field).map(|(_, value)| value.clone());
    bindings.iter().filter_map(|(field, name)| Some((name.as_str(), value_of(field)?))).collect()
}

fn field_of(value: Value, field: &str) -> Result<Value, Fault> {
    let Value::Record(fields) = value else { return Err(unexpected(&value)) };
    let found = fields.into_iter().find(|(name, _)| name == field);
    found.map(|(_, value)| value).ok_or_else(|| Fault::new(format!("no field {field}")))
}

fn optional_field_of(value: Value, field: &str) -> Result<Value, Fault> {
    if value == Value::Null { Ok(Value::Null) } else { field_of(value, field) }
}

/// A value of a type that can't stand here: the expression didn't pass `validate`.
fn unexpected(value: &Value) -> Fault {
    Fault::new(format!("{} can not stand here", value.kind_name()))
}
