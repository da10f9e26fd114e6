//! The contract between the compiler and everything that runs or emits a pipeline.
//!
//! Reading order: [`types`] (what values look like), [`expr`] (pure expressions), [`program`] (tasks, pipelines,
//! launches and the nodes of their bodies), [`value`] (values at run time, canonical JSON and wire text), [`eval`]
//! (what an expression means), [`validate`] (the wall: an IR that passes it never makes a backend panic).

pub mod expr;
pub mod program;
pub mod types;
pub mod value;

pub use expr::{ArtifactRef, BinaryOp, Expr, ExprKind, Function, MatchArm, RunField, UnaryOp};
pub use program::{
    Argument, Blob, Body, Call, Callee, CapturedEntry, Entry, EnvValue, Hook, HookEvent, Interpreter, Launch,
    MapSource, Node, NodeArm, NodeId, NodeKind, Output, Overlap, Parameter, Pipeline, PipelineId, Program,
    PullPolicy, Region, RegionInput, Resources, Results, Retry, Role, Run, Settings, Span, Task, TaskId,
    Toleration, TolerationEffect, Volume, VolumeSource,
};
pub use types::{Enum, Field, FloatBound, Format, Record, Type, TypeDef, Variant};

/// The version that this crate writes, and the newest that it reads.
pub const VERSION: &str = "1.0";
