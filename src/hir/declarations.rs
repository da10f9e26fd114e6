//! Declarations: what a program consists of.

use indexmap::IndexMap;

use super::expressions::{Block, Expr};
use super::ids::{ConstantId, DistinctId, LocalId, ModuleId, PipelineId, RecordId, TypeParameterId};
use super::references::{Definition, Reference};
use crate::source::{FileId, Span};
use crate::types::Type;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Program {
    pub modules: Vec<Module>,
    /// Those that are declared, and behind them instances of those with type parameters.
    pub records: Vec<Record>,
    pub enums: Vec<Enum>,
    pub distincts: Vec<Distinct>,
    pub type_aliases: Vec<TypeAlias>,
    pub formats: Vec<Format>,
    pub constants: Vec<Constant>,
    pub tasks: Vec<Task>,
    pub pipelines: Vec<Pipeline>,
    pub launches: Vec<Launch>,
    /// Those of all records, tasks and pipelines.
    pub type_parameters: Vec<TypeParameter>,
    /// In order of file and start.
    pub references: Vec<Reference>,
}

/// A file, or the prelude.
#[derive(Clone, Debug, PartialEq)]
pub struct Module {
    pub file: FileId,
    pub doc: Option<String>,
    /// The file's own declarations and what it imports by name, in source order.
    pub names: IndexMap<String, Definition>,
    /// `use … as x`
    pub aliases: IndexMap<String, ModuleId>,
    /// Whether it comes with pipec: no file that people could open or change.
    pub is_library: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub module: ModuleId,
    pub name: String,
    pub span: Span,
    pub doc: Option<String>,
    pub type_parameters: Vec<TypeParameterId>,
    /// Of one that a type with arguments stands for: `Pair<int, string>`.
    pub instance: Option<RecordInstance>,
    pub fields: Vec<Field>,
}

/// Which record with type parameters, and what they stand for.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordInstance {
    pub of: RecordId,
    pub arguments: Vec<Type>,
    /// The arguments have type parameters in them, those of the declaration around.
    pub is_open: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub name: String,
    pub outside: Option<String>,
    pub ty: Type,
    /// A constant, converted to `ty`.
    pub default: Option<Expr>,
    pub doc: Option<String>,
    /// Of the name.
    pub span: Span,
    pub ty_span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Enum {
    pub module: ModuleId,
    pub name: String,
    pub span: Span,
    pub doc: Option<String>,
    pub variants: Vec<Variant>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    pub name: String,
    pub outside: Option<String>,
    pub fields: Vec<Field>,
    pub doc: Option<String>,
    pub span: Span,
}

/// `type Name = distinct T`
#[derive(Clone, Debug, PartialEq)]
pub struct Distinct {
    pub module: ModuleId,
    pub name: String,
    pub span: Span,
    pub doc: Option<String>,
    pub of: Type,
}

/// Any `type Name = …`; of a distinct one `ty` is `Type::Distinct`.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeAlias {
    pub module: ModuleId,
    pub name: String,
    pub span: Span,
    pub doc: Option<String>,
    pub ty: Type,
    pub distinct: Option<DistinctId>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Format {
    pub module: ModuleId,
    pub name: String,
    pub span: Span,
    pub doc: Option<String>,
    pub extension: String,
    pub media_type: String,
    pub tabular: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Constant {
    pub module: ModuleId,
    pub name: String,
    pub span: Span,
    pub doc: Option<String>,
    pub ty: Type,
    pub value: Expr,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TypeParameter {
    pub name: String,
    /// `Value`, `Artifact`, or `Either` of them where nothing is written.
    pub bound: crate::types::Kind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    pub name: String,
    pub ty: Type,
    /// A constant, converted to `ty`.
    pub default: Option<Expr>,
    pub doc: Option<String>,
    /// Of the name.
    pub span: Span,
    pub ty_span: Span,
    /// What the body calls it.
    pub local: LocalId,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Results {
    None,
    Single { ty: Type, span: Span },
    Named(Vec<ResultField>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct ResultField {
    pub name: String,
    pub ty: Type,
    pub doc: Option<String>,
    pub span: Span,
    pub ty_span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    pub module: ModuleId,
    pub name: String,
    pub span: Span,
    pub doc: Option<String>,
    pub type_parameters: Vec<TypeParameterId>,
    pub parameters: Vec<Parameter>,
    pub results: Results,
    /// Parameters, and outputs as an argument vector may name them.
    pub locals: Vec<Local>,
    pub program: Option<TaskProgram>,
    /// What `files` names, in source order.
    pub files: Vec<TaskFile>,
    /// All but `run` and `files`.
    pub settings: Vec<Setting>,
}

/// A file, or a directory with all that is in it, that is delivered into the working directory.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskFile {
    /// Relative to the project's root, `/` between parts; checked to be there and inside the project.
    pub path: String,
    /// Relative to the working directory.
    pub place: String,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum TaskProgram {
    Script {
        interpreter: pipec_ir::Interpreter,
        block: crate::syntax::ast::RawBlock,
        span: Span,
    },
    /// Over the task's locals.
    Command {
        arguments: Vec<Expr>,
        span: Span,
    },
}

/// A setting with its value converted to the type that the settings table gives it. A record setting such as
/// `resources` holds only the fields that were written, as a record literal or a constant.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// A key of the settings table.
    pub name: &'static str,
    pub value: Expr,
    pub span: Span,
}

/// A name of a body.
#[derive(Clone, Debug, PartialEq)]
pub struct Local {
    pub name: String,
    /// `None` for a binding of something without a value.
    pub ty: Option<Type>,
    pub kind: LocalKind,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalKind {
    Parameter,
    /// A task's output, as its argument vector names it.
    Output,
    Binding,
    LoopItem,
    LoopIndex,
    State,
    MatchField,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Pipeline {
    pub module: ModuleId,
    pub name: String,
    pub span: Span,
    pub doc: Option<String>,
    pub type_parameters: Vec<TypeParameterId>,
    pub parameters: Vec<Parameter>,
    pub results: Results,
    pub locals: Vec<Local>,
    /// Its value is what `return` gives: for named results a record of them.
    pub body: Block,
    pub hooks: Vec<Hook>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Hook {
    pub event: pipec_ir::HookEvent,
    pub body: Block,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Launch {
    pub module: ModuleId,
    pub name: String,
    pub span: Span,
    pub doc: Option<String>,
    pub pipeline: Option<PipelineId>,
    /// One for each of the pipeline's type parameters.
    pub type_arguments: Vec<Type>,
    /// One for each parameter that was given, over constants and `run`.
    pub arguments: Vec<(u32, Expr)>,
    pub settings: Vec<Setting>,
}

impl Program {
    pub fn constant(&self, id: ConstantId) -> &Constant {
        &self.constants[id.index()]
    }
}
