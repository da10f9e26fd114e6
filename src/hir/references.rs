//! What each name in the source means: what hover, definition and their like read.

use super::ids::{
    ConstantId, EnumId, FormatId, LaunchId, LocalId, ModuleId, PipelineId, RecordId, TaskId, TypeAliasId,
};
use crate::source::Span;

/// A name in the source, and what it refers to. `Program::references` has them in order of file and start.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    pub span: Span,
    pub definition: Definition,
    /// The name is the declaration's own.
    pub is_declaration: bool,
}

/// What a name may mean.
#[derive(Clone, Debug, PartialEq)]
pub enum Definition {
    Module(ModuleId),
    Record(RecordId),
    Enum(EnumId),
    TypeAlias(TypeAliasId),
    Format(FormatId),
    Constant(ConstantId),
    Task(TaskId),
    Pipeline(PipelineId),
    Launch(LaunchId),
    /// A field of a record, by index.
    Field(RecordId, u32),
    Variant(EnumId, u32),
    TaskParameter(TaskId, u32),
    TaskResult(TaskId, u32),
    PipelineParameter(PipelineId, u32),
    PipelineResult(PipelineId, u32),
    /// A binding, loop variable, state or match binding of a pipeline.
    Local(PipelineId, LocalId),
    /// A function of the library, by name.
    Function(&'static str),
    /// A built-in type, by name.
    BuiltInType(&'static str),
    /// A setting, by its path: `resources.memory`.
    Setting(&'static str),
}
