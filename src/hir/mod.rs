//! The typed program: declarations in arenas, bodies as typed trees in which every name is resolved and every
//! conversion is written out. It may hold `Error` types and expressions; only a program without findings is lowered.

mod declarations;
mod expressions;
mod ids;
mod references;
mod walk;

pub use declarations::{
    Constant, Distinct, Enum, Field, Format, Hook, Launch, Local, LocalKind, Module, Parameter, Pipeline,
    Program, Record, RecordInstance, ResultField, Results, Setting, Task, TaskFile, TaskProgram, TypeAlias,
    TypeParameter, Variant,
};
pub use expressions::{
    Argument, Arm, Artifact, Block, Call, Callee, Expr, ExprKind, For, ForSource, If, Match, Repeat,
    Statement,
};
pub use ids::{
    ConstantId, DistinctId, ENTRY_MODULE, EnumId, FormatId, LaunchId, LocalId, ModuleId, PRELUDE, PipelineId,
    RecordId, TaskId, TypeAliasId, TypeParameterId,
};
pub use references::{Definition, Reference};
pub use walk::{for_each_expr, for_each_of_block, for_each_part, for_each_pure_part_mut};
