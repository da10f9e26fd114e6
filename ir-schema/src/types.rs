//! The types of values and artifacts, as data. Refinements are kept because what a step writes is checked against
//! them; aliases and `distinct` are gone: on the wire they are what they stand for.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The type of a value, an artifact, or a mixture of both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Type {
    Bool,
    /// A 64-bit integer within `min..=max`; an absent bound is int64's own.
    Int {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<i64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<i64>,
    },
    /// A finite IEEE double.
    Float {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<FloatBound>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<FloatBound>,
    },
    /// Unicode text without U+0000; all of it matches `pattern` (RE2 syntax, no flags).
    String {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pattern: Option<String>,
    },
    /// Whole milliseconds within ±(2^53−1).
    Duration,
    /// A Kubernetes quantity, as it was written.
    Quantity,
    /// Any JSON value; numbers are doubles.
    Json,
    /// A reference to a secret, never its content.
    Secret,
    /// A key of `Program::types` that is an enum.
    Enum {
        name: String,
    },
    /// A key of `Program::types` that is a record; mixed if a field holds artifacts.
    Record {
        name: String,
    },
    List {
        item: Box<Type>,
    },
    Map {
        value: Box<Type>,
    },
    /// `of` or `null`; never nested.
    Optional {
        of: Box<Type>,
    },
    File {
        /// A key of `Program::formats`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        format: Option<String>,
    },
    Dir {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        format: Option<String>,
    },
    /// A file of rows with at least the columns of the record `row`.
    Table {
        row: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        format: Option<String>,
    },
    /// A table's column only.
    Timestamp,
    /// A table's column only.
    Date,
    /// A table's column only.
    Decimal,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FloatBound {
    pub value: f64,
    pub inclusive: bool,
}

/// A named type. An anonymous record's name is its text, such as `{index: int, item: string}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum TypeDef {
    Record(Record),
    Enum(Enum),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Record {
    pub fields: Vec<Field>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The name in the language and in variables of a program.
    pub name: String,
    /// The outside name (in JSON, tables and text), where it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside: Option<String>,
    pub ty: Type,
    /// What an absent field stands for in JSON from a program or an entry: canonical JSON.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub default: Option<serde_json::Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Enum {
    pub variants: Vec<Variant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
}

/// A file format.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Format {
    /// With its dot: `.csv`.
    pub extension: String,
    pub media_type: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tabular: bool,
}

/// A default that is there is one, also `null`.
fn present<'de, D: serde::Deserializer<'de>>(json: D) -> Result<Option<serde_json::Value>, D::Error> {
    serde_json::Value::deserialize(json).map(Some)
}

/// The named types of a program.
pub type TypeTable = IndexMap<String, TypeDef>;

impl Field {
    /// The name in JSON.
    pub fn json_name(&self) -> &str {
        self.outside.as_deref().unwrap_or(&self.name)
    }
}

impl Variant {
    /// The name in JSON and as text.
    pub fn json_name(&self) -> &str {
        self.outside.as_deref().unwrap_or(&self.name)
    }
}

impl Type {
    pub const INT: Type = Type::Int { min: None, max: None };
    pub const FLOAT: Type = Type::Float { min: None, max: None };
    pub const STRING: Type = Type::String { pattern: None };

    pub fn list(item: Type) -> Type {
        Type::List { item: Box::new(item) }
    }

    pub fn map(value: Type) -> Type {
        Type::Map { value: Box::new(value) }
    }

    /// `T?`; an optional stays itself.
    pub fn optional(of: Type) -> Type {
        if matches!(of, Type::Optional { .. }) { of } else { Type::Optional { of: Box::new(of) } }
    }

    /// The type without its `?`.
    pub fn without_optional(&self) -> &Type {
        if let Type::Optional { of } = self { of } else { self }
    }
}
