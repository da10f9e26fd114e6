//! Values at run time. Their texts (canonical JSON, wire text, plain text) are defined here once, for every backend
//! and for the engine.

use std::collections::BTreeMap;

/// A value, or a mixture of values and artifacts. What type it has is known beside it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    /// Finite, and never −0.
    Float(f64),
    String(String),
    /// Milliseconds.
    Duration(i64),
    /// As it was written.
    Quantity(String),
    /// A variant by its language name, with its fields by language name in declared order.
    Variant {
        variant: String,
        fields: Vec<(String, Value)>,
    },
    Json(serde_json::Value),
    List(Vec<Value>),
    /// Fields by language name, all of them, in declared order.
    Record(Vec<(String, Value)>),
    Map(BTreeMap<String, Value>),
    Secret {
        name: String,
        key: String,
    },
    Artifact(Artifact),
}

/// A file or directory that exists somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// An absolute path, or a URI.
    pub place: String,
    /// sha256 (hex) of the content, or a pin.
    pub identity: Option<String>,
}

impl Value {
    /// A text.
    pub fn string(text: impl Into<String>) -> Value {
        Value::String(text.into())
    }

    /// What kind of value it is, in words for a message.
    pub fn kind_name(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a bool",
            Value::Int(_) => "an int",
            Value::Float(_) => "a float",
            Value::String(_) => "a string",
            Value::Duration(_) => "a duration",
            Value::Quantity(_) => "a quantity",
            Value::Variant { .. } => "an enum variant",
            Value::Json(_) => "a json value",
            Value::List(_) => "a list",
            Value::Record(_) => "a record",
            Value::Map(_) => "a map",
            Value::Secret { .. } => "a secret",
            Value::Artifact(_) => "an artifact",
        }
    }
}
