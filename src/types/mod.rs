//! Types, as the checker sees them. Aliases are resolved away; `distinct` types, enums and records are nominal.

mod assign;
mod base;
mod built_in;
mod display;
mod interval;
mod kind;
mod meet;
mod substitute;

use std::sync::Arc;

use crate::hir::{DistinctId, EnumId, FormatId, RecordId, TypeParameterId};

pub use assign::{Conversion, Mismatch, Reason, Step, assign};
pub use built_in::{BUILT_IN, BuiltIn};
pub use display::Display;
pub use kind::kind;
pub use meet::meet;
pub use substitute::Substitution;

/// A resolved type. `Error` converts to and from everything, so that one mistake gives one message.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    Error,
    /// Of the literal `null` where nothing else is known.
    Null,
    Bool,
    Int(IntInterval),
    Float(FloatInterval),
    /// All of the text matches the pattern (RE2 syntax).
    String(Option<Arc<str>>),
    Duration,
    Quantity,
    Json,
    Secret,
    Enum(EnumId),
    Record(RecordId),
    /// `{ a: int }`, and the value of a call with named outputs.
    Anonymous(Arc<[AnonymousField]>),
    List(Arc<Type>),
    Map(Arc<Type>),
    /// Never around `Optional`, `Null` or `Error`.
    Optional(Arc<Type>),
    File(Option<FormatId>),
    Dir(Option<FormatId>),
    /// `row` is a record, named or not.
    Table {
        row: Arc<Type>,
        format: Option<FormatId>,
    },
    Distinct(DistinctId),
    Parameter(TypeParameterId),
    /// Of a table's column only.
    Timestamp,
    Date,
    Decimal,
}

impl Type {
    /// The types that this one is written with: what stands behind a declared name is no part of it.
    pub fn parts(&self) -> impl Iterator<Item = &Type> {
        let (one, fields): (Option<&Type>, &[AnonymousField]) = match self {
            Type::List(of) | Type::Map(of) | Type::Optional(of) | Type::Table { row: of, .. } => {
                (Some(of), &[])
            }
            Type::Anonymous(fields) => (None, fields),
            Type::Error
            | Type::Null
            | Type::Bool
            | Type::Int(_)
            | Type::Float(_)
            | Type::String(_)
            | Type::Duration
            | Type::Quantity
            | Type::Json
            | Type::Secret
            | Type::Enum(_)
            | Type::Record(_)
            | Type::File(_)
            | Type::Dir(_)
            | Type::Distinct(_)
            | Type::Parameter(_)
            | Type::Timestamp
            | Type::Date
            | Type::Decimal => (None, &[]),
        };
        one.into_iter().chain(fields.iter().map(|field| &field.ty))
    }

    /// Whether a message has been given for the type or a part of it.
    pub fn holds_error(&self) -> bool {
        matches!(self, Type::Error) || self.parts().any(Type::holds_error)
    }
}

/// Integers `min..=max`; an absent bound is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IntInterval {
    pub min: Option<i64>,
    pub max: Option<i64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FloatInterval {
    pub min: Option<f64>,
    pub max: Option<FloatEnd>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FloatEnd {
    pub value: f64,
    pub inclusive: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct AnonymousField {
    pub name: String,
    pub outside: Option<String>,
    pub ty: Type,
    /// A field that may be left out has a default, as a constant.
    pub default: Option<pipec_ir::value::Value>,
}

/// How a value of a type travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Value,
    Artifact,
    /// Values and artifacts: a record with artifact fields, lists and maps of it.
    Mixed,
    Secret,
    /// Of a type parameter without a bound: values or artifacts.
    Either,
}

impl Type {
    pub const INT: Type = Type::Int(IntInterval { min: None, max: None });
    pub const FLOAT: Type = Type::Float(FloatInterval { min: None, max: None });
    pub const STRING: Type = Type::String(None);

    pub fn list(item: Type) -> Type {
        Type::List(Arc::new(item))
    }

    pub fn map(value: Type) -> Type {
        Type::Map(Arc::new(value))
    }

    /// `T?`; what is optional already, `null` and errors stay themselves.
    pub fn optional(of: Type) -> Type {
        if matches!(of, Type::Optional(_) | Type::Null | Type::Error) {
            return of;
        }
        Type::Optional(Arc::new(of))
    }

    /// The type without its `?`.
    pub fn without_optional(&self) -> &Type {
        if let Type::Optional(of) = self { of } else { self }
    }
}
