//! Bodies: typed expressions, pure ones and those that run steps.

use super::declarations::Setting;
use super::ids::{ConstantId, EnumId, LocalId, PipelineId, TaskId};
use crate::source::Span;
use crate::types::Type;

/// A typed expression. `ty` is `None` for what has no value (a call without outputs, a gate, a branch of such).
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    pub ty: Option<Type>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    Error,
    /// A literal, already of the expression's type.
    Literal(pipec_ir::value::Value),
    Constant(ConstantId),
    Artifact(Box<Artifact>),
    Secret {
        name: String,
        key: String,
    },
    Local(LocalId),
    Run(pipec_ir::RunField),
    List(Vec<Expr>),
    /// All fields of the expression's record type, in declared order: defaults and `null` are filled in.
    Record(Vec<(String, Expr)>),
    Map(Vec<(String, Expr)>),
    /// All fields in declared order.
    Variant {
        enumeration: EnumId,
        variant: u32,
        fields: Vec<Expr>,
    },
    Field {
        of: Box<Expr>,
        field: String,
    },
    OptionalField {
        of: Box<Expr>,
        field: String,
    },
    /// `xs.f`, `xs?.f` of a list of records.
    Project {
        of: Box<Expr>,
        field: String,
    },
    Index {
        of: Box<Expr>,
        index: Box<Expr>,
    },
    Unary {
        op: pipec_ir::UnaryOp,
        operand: Box<Expr>,
    },
    /// Operands have been converted to one type.
    Binary {
        op: pipec_ir::BinaryOp,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    Interpolate(Vec<Expr>),
    Function {
        function: pipec_ir::Function,
        arguments: Vec<Expr>,
    },
    /// A conversion that can't fail, to the expression's type.
    Widen(Box<Expr>),
    /// `Name(x)` of something that isn't constant.
    Refine(Box<Expr>),
    /// A `T?` that is known to be a T here.
    Narrow(Box<Expr>),
    If(Box<If>),
    Match(Box<Match>),
    /// What follows here runs steps.
    Call(Box<Call>),
    For(Box<For>),
    Repeat(Box<Repeat>),
    /// Of a call.
    Try {
        call: Box<Expr>,
        after: Vec<LocalId>,
    },
    Approve {
        message: Box<Expr>,
        timeout: Option<Box<Expr>>,
        after: Vec<LocalId>,
    },
    Sleep {
        duration: Box<Expr>,
        after: Vec<LocalId>,
    },
}

/// A constant artifact: what was written. Capturing happens when the program is lowered.
#[derive(Clone, Debug, PartialEq)]
pub enum Artifact {
    /// Relative to the project's root, `/` between parts; checked to be there.
    Captured {
        path: String,
        is_directory: bool,
    },
    Uri {
        uri: String,
        sha256: Option<String>,
        version: Option<String>,
    },
}

/// Statements in source order, and the value of them all.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    pub statements: Vec<Statement>,
    /// Converted to what the place needs.
    pub value: Option<Expr>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    Bind { local: LocalId, value: Expr },
    Expr(Expr),
}

#[derive(Clone, Debug, PartialEq)]
pub struct If {
    pub condition: Expr,
    pub then: Block,
    pub otherwise: Option<Block>,
    pub after: Vec<LocalId>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    pub subject: Expr,
    /// In source order.
    pub arms: Vec<Arm>,
    pub after: Vec<LocalId>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Arm {
    /// A variant's name, `true`/`false`, or absent for `null`.
    pub variant: Option<String>,
    /// (field of the variant, local)
    pub bindings: Vec<(String, LocalId)>,
    pub body: Block,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    pub callee: Callee,
    /// One for each of the callee's type parameters.
    pub type_arguments: Vec<Type>,
    /// One for each parameter that was given, by its index, in source order, converted to its type.
    pub arguments: Vec<Argument>,
    /// Of `with`: over the caller's locals.
    pub settings: Vec<Setting>,
    pub after: Vec<LocalId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Callee {
    Task(TaskId),
    Pipeline(PipelineId),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    pub parameter: u32,
    pub value: Expr,
}

#[derive(Clone, Debug, PartialEq)]
pub struct For {
    pub source: ForSource,
    pub limit: Option<u32>,
    pub body: Block,
    pub after: Vec<LocalId>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ForSource {
    Item { index: Option<LocalId>, item: LocalId, list: Expr },
    Product(Vec<(LocalId, Expr)>),
    Zip(Vec<(LocalId, Expr)>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Repeat {
    pub state: LocalId,
    pub first: Expr,
    pub limit: u32,
    pub body: Block,
    pub until: Expr,
    pub after: Vec<LocalId>,
}
