//! Pure, typed expressions. They never call anything; they may fault. Every conversion is written out, so that no
//! reader needs the language's assignability table.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::program::{NodeId, Span};
use crate::types::Type;

/// A typed expression over the inputs of its region and the earlier nodes of its body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expr {
    pub ty: Type,
    pub kind: ExprKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ExprKind {
    /// A constant value as canonical JSON of the expression's type.
    Const(serde_json::Value),
    /// A constant artifact.
    Artifact(Box<ArtifactRef>),
    /// A constant reference to a secret.
    Secret {
        name: String,
        key: String,
    },
    /// A parameter of the enclosing task or pipeline, or an input of the enclosing region.
    Input(String),
    /// An earlier node of the same body: its whole value, or one of a call's named outputs.
    Output {
        node: NodeId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        output: Option<String>,
    },
    /// What is known of the run.
    Run(RunField),
    List(Vec<Expr>),
    /// The fields of a record by language name, all of them, in declared order.
    Record(Vec<(String, Expr)>),
    /// A map with constant keys, in source order.
    Map(Vec<(String, Expr)>),
    /// A variant of the enum that `ty` names, with its fields in declared order.
    Variant {
        variant: String,
        fields: Vec<(String, Expr)>,
    },
    /// `of.field` of a record.
    Field {
        of: Box<Expr>,
        field: String,
    },
    /// `of?.field` of an optional record; `null` for `null`.
    OptionalField {
        of: Box<Expr>,
        field: String,
    },
    /// `of.field` (or `?.field` where the items are optional) of a list of records: the list of that field.
    Project {
        of: Box<Expr>,
        field: String,
    },
    /// `of[index]` of a list (int) or map (string); faults where there is no element.
    Index {
        of: Box<Expr>,
        index: Box<Expr>,
    },
    Unary {
        op: UnaryOp,
        operand: Box<Expr>,
    },
    Binary {
        op: BinaryOp,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    If {
        condition: Box<Expr>,
        then: Box<Expr>,
        otherwise: Box<Expr>,
    },
    Match {
        subject: Box<Expr>,
        arms: Vec<MatchArm>,
    },
    /// Text pieces joined; each piece is of type string, number, bool, plain enum, duration or quantity.
    Interpolate(Vec<Expr>),
    Call {
        function: Function,
        args: Vec<Expr>,
    },
    /// A conversion that can't fail: int → float, T → T?, record → smaller record, refined → base, list by item …
    Widen(Box<Expr>),
    /// `Name(x)`: checked against the refinement of `ty` when the run gets there; faults.
    Refine(Box<Expr>),
    /// A `T?` that is known to be a T here.
    Narrow(Box<Expr>),
}

/// One arm of a match, in an expression. `variant` is a variant's language name, `"true"`/`"false"` for a bool, absent
/// for `null`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MatchArm {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// (field of the variant, name that `value` sees as an `Input`)
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bindings: Vec<(String, String)>,
    pub value: Expr,
}

/// A constant artifact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ArtifactRef {
    /// Captured when compiled: one file, a key of `Program::blobs`. `path` is for display, relative to the project.
    CapturedFile { path: String, sha256: String },
    /// Captured when compiled: a directory; `path`s inside are relative to it, sorted.
    CapturedDir { path: String, entries: Vec<crate::program::CapturedEntry>, sha256: String },
    /// `s3://`, `gs://`, `https://`, `file://`; the target resolves it.
    Uri {
        uri: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sha256: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<String>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunField {
    Id,
    Name,
    /// RFC 3339, UTC, whole seconds.
    Scheduled,
    /// `YYYY-MM-DD` in the launch's time zone, else UTC.
    Day,
    /// In hooks only: an enum `RunStatus` { succeeded, failed, cancelled }.
    Status,
    /// In hooks only: RFC 3339.
    Started,
    /// In hooks only: a duration.
    Duration,
    /// In hooks only: a list of `{ step: string, message: string }`.
    Failures,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnaryOp {
    Not,
    /// Of int (checked) or float.
    Negate,
}

/// Both operands have one type (after `Widen`), but for `multiply` of a duration and an int.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BinaryOp {
    /// Lazy.
    And,
    /// Lazy.
    Or,
    /// `??`: lazy; left is optional, right is of the expression's type.
    Coalesce,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    /// int, float, duration.
    Add,
    Subtract,
    /// int, float; duration by int.
    Multiply,
    /// Of two floats.
    Divide,
    /// Floor division of ints.
    Div,
    /// Floor modulus of ints.
    Mod,
}

/// The library. Meaning: `eval`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Function {
    /// Of a list, a map, a string (code points).
    Len,
    /// `range(a, b)`: two arguments always.
    Range,
    /// Lists → a list of records whose fields are named `a0`, `a1`, …; faults on unequal lengths. Only a map's source.
    Zip,
    /// `[T]` → `[{index: int, item: T}]`.
    Enumerate,
    /// Of two or more values of one type.
    MinOf,
    MaxOf,
    /// Of a list: an optional.
    MinIn,
    MaxIn,
    Sum,
    Join,
    Contains,
    Keys,
    Values,
    /// `get(xs, i)`, `get(m, k)`: an optional.
    Get,
    Compact,
    Flatten,
    Concat,
    ToMap,
    AddDays,
    ToString,
    Abs,
    Round,
}
