//! The contract between the compiler and everything that runs or emits a pipeline.
//!
//! Reading order: [`types`] (what values look like), [`expr`] (pure expressions), [`program`] (tasks, pipelines,
//! launches and the nodes of their bodies), [`value`] (values at run time), their texts ([`json`], [`canonical`],
//! [`text`], [`wire`]), [`eval`] (what an expression means), [`validate`] (the wall: an IR that passes it never makes a
//! backend panic).

pub mod canonical;
pub mod describe;
pub mod document;
pub mod duration;
pub mod eval;
pub mod expr;
pub mod identity;
pub mod json;
pub mod kinds;
pub mod lookup;
pub mod mismatch;
pub mod number;
pub mod pattern;
pub mod program;
pub mod quantity;
pub mod refinement;
pub mod schema;
pub mod text;
pub mod types;
pub mod validate;
pub mod value;
pub mod variables;
pub mod visit;
pub mod wire;

pub use canonical::canonical_json;
pub use describe::describe;
pub use document::{ReadError, read, write};
pub use eval::{Fault, Scope, evaluate};
pub use expr::{ArtifactRef, BinaryOp, Expr, ExprKind, Function, MatchArm, RunField, UnaryOp};
pub use identity::{directory_identity, set_pipeline_identities, sha256_hex, task_identity};
pub use json::{from_json, to_json, to_value_json};
pub use mismatch::Mismatch;
pub use program::{
    Argument, Blob, Body, Call, Callee, CapturedEntry, Entry, EnvValue, Hook, HookEvent, Interpreter, Launch,
    MapSource, Node, NodeArm, NodeId, NodeKind, Output, Overlap, Parameter, Pipeline, PipelineId, Program,
    PullPolicy, Region, RegionInput, Resources, Results, Retry, Role, Run, Settings, Span, Task, TaskId,
    Toleration, TolerationEffect, Volume, VolumeSource,
};
pub use schema::schema;
pub use text::MAX_VALUE_BYTES;
pub use types::{Enum, Field, FloatBound, Format, Record, Type, TypeDef, TypeTable, Variant};
pub use validate::{Invalid, validate};
pub use value::{Artifact, Value};

/// The version that this crate writes, and the newest that it reads.
pub const VERSION: &str = "1.0";

/// Features beyond 1.0 that this crate knows, by name.
pub const FEATURES: [&str; 0] = [];

/// How deep expressions, regions and types may be nested in each other: what every pass, printer and `Drop` that recurses
/// over a program relies on.
pub const MAX_NESTING: usize = 256;
