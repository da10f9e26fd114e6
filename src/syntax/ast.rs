//! The tree as it was written. `Error` nodes stand where the text made no sense; what follows them silences itself.

use crate::source::{FileId, Span, Spanned};

/// A name as it was written.
pub type Name = Spanned<String>;

/// A file.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    pub file: FileId,
    /// `//!` lines, joined by line feeds.
    pub doc: Option<Doc>,
    /// The number after `language`.
    pub language: Option<Spanned<u32>>,
    pub items: Vec<Item>,
    /// All `//` comments, in order; they hang on no node.
    pub comments: Vec<Comment>,
    /// Names of declarations that made no sense (`ItemKind::Error`): what uses them needs no message of its own.
    pub broken_names: Vec<Name>,
}

impl File {
    pub fn empty(file: FileId) -> File {
        File {
            file,
            doc: None,
            language: None,
            items: Vec::new(),
            comments: Vec::new(),
            broken_names: Vec::new(),
        }
    }
}

pub type Doc = Spanned<String>;

#[derive(Clone, Debug, PartialEq)]
pub struct Comment {
    pub span: Span,
    /// Without the slashes and the blank after them.
    pub text: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub doc: Option<Doc>,
    pub span: Span,
    pub kind: ItemKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ItemKind {
    Use(Use),
    Const(Const),
    Type(TypeAlias),
    Record(Record),
    Enum(Enum),
    Format(Format),
    Task(Task),
    Pipeline(Pipeline),
    Launch(Launch),
    Error,
}

/// `use "./x.pipe" as x`, `use "./x.pipe" { A, b }`
#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    pub path: Spanned<String>,
    pub what: UseKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum UseKind {
    Alias(Name),
    Names(Vec<Name>),
    /// Neither was written; the message is there already.
    Error,
}

/// `const NAME: T = value`
#[derive(Clone, Debug, PartialEq)]
pub struct Const {
    pub name: Name,
    pub ty: Option<Type>,
    pub value: Expr,
}

/// `type Name = T`, `type Name = distinct T`
#[derive(Clone, Debug, PartialEq)]
pub struct TypeAlias {
    pub name: Name,
    pub distinct: bool,
    pub ty: Type,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub name: Name,
    pub type_parameters: Vec<TypeParameter>,
    pub fields: Vec<Field>,
}

/// `doc name as "outside": T = default`: a field of a record, an enum variant or an anonymous record type.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub doc: Option<Doc>,
    pub name: Name,
    pub outside: Option<Spanned<String>>,
    pub ty: Type,
    pub default: Option<Expr>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Enum {
    pub name: Name,
    pub variants: Vec<Variant>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    pub doc: Option<Doc>,
    pub name: Name,
    pub outside: Option<Spanned<String>>,
    pub fields: Vec<Field>,
    pub span: Span,
}

/// `format onnx { extension: ".onnx", media_type: "…", tabular: true }`
#[derive(Clone, Debug, PartialEq)]
pub struct Format {
    pub name: Name,
    pub settings: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TypeParameter {
    pub name: Name,
    /// `value` or `artifact`, as written.
    pub bound: Option<Name>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    pub name: Name,
    pub type_parameters: Vec<TypeParameter>,
    pub parameters: Vec<Parameter>,
    pub results: Results,
    pub settings: Vec<Setting>,
    /// The braces and what is in them.
    pub body: Span,
}

/// `doc name: T = default`
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    pub doc: Option<Doc>,
    pub name: Name,
    pub ty: Type,
    pub default: Option<Expr>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Results {
    None,
    /// `-> T`
    Single(Type),
    /// `-> (a: T, b: U)`
    Named(Vec<ResultField>, Span),
}

#[derive(Clone, Debug, PartialEq)]
pub struct ResultField {
    pub doc: Option<Doc>,
    pub name: Name,
    pub ty: Type,
    pub span: Span,
}

/// `name: value`, or `run: program`.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    pub name: Name,
    pub value: SettingValue,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum SettingValue {
    Expr(Expr),
    /// `bash """…"""`: a word and a raw block.
    Block {
        word: Name,
        text: RawBlock,
    },
    /// `resource { … }`: a word and a record.
    WordRecord {
        word: Name,
        record: Expr,
    },
}

/// A `"""` block, with its common indentation removed.
#[derive(Clone, Debug, PartialEq)]
pub struct RawBlock {
    pub text: String,
    /// The quotes included.
    pub span: Span,
    /// For each line of `text`: the byte offset in the file where the line's text begins (after the indentation).
    pub line_starts: Vec<u32>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Pipeline {
    pub name: Name,
    pub type_parameters: Vec<TypeParameter>,
    pub parameters: Vec<Parameter>,
    pub results: Results,
    pub body: Block,
}

/// `launch name = pipeline(args) { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Launch {
    pub name: Name,
    /// `churn` or `features.churn`
    pub pipeline: Path,
    pub arguments: Vec<Argument>,
    /// The parentheses.
    pub arguments_span: Span,
    pub settings: Vec<Setting>,
}

/// `a` or `module.a`
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    pub module: Option<Name>,
    pub name: Name,
}

impl Path {
    pub fn span(&self) -> Span {
        self.module.as_ref().map_or(self.name.span, |module| module.span.to(self.name.span))
    }
}

// --- Types ------------------------------------------------------------------------------------------------------

#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    pub kind: TypeKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum TypeKind {
    /// `int`, `file<csv>`, `table<R, F>`, `map<T>`, `Params`, `features.Params`, `T`: a name with arguments.
    Named {
        path: Path,
        arguments: Vec<Type>,
    },
    /// `[T]`
    List(Box<Type>),
    /// `T?`
    Optional(Box<Type>),
    /// `{ a: int }`
    Record(Vec<Field>),
    /// `int in 1..=16`
    Interval {
        base: Box<Type>,
        interval: Interval,
    },
    /// `string matching /re/`
    Pattern {
        base: Box<Type>,
        pattern: Spanned<String>,
    },
    Error,
}

/// Bounds are number literals, perhaps with a minus.
#[derive(Clone, Debug, PartialEq)]
pub struct Interval {
    pub low: Option<Spanned<String>>,
    pub high: Option<Spanned<String>>,
    pub end: IntervalEnd,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntervalEnd {
    /// `a..=b`
    Inclusive,
    /// `a..<b`
    Exclusive,
    /// `a..`
    Open,
}

// --- Statements -------------------------------------------------------------------------------------------------

#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    pub statements: Vec<Statement>,
    /// The braces included.
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    pub kind: StatementKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum StatementKind {
    /// `name = e`, `name: T = e`
    Bind {
        name: Name,
        ty: Option<Box<Type>>,
        value: Expr,
    },
    /// A call, `if`, `match`, `for`, `repeat` … by itself; the last one of a block may be its value.
    Expr(Expr),
    /// `return e`
    Return(Option<Expr>),
    /// `on failure { … }`
    On {
        event: Name,
        body: Block,
    },
    Error,
}

// --- Expressions ------------------------------------------------------------------------------------------------

#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// Digits as written, `_` removed.
    Int(String),
    Float(String),
    Bool(bool),
    Null,
    /// `"text ${expr}"`
    String(Vec<StringPart>),
    Raw(Box<RawBlock>),
    /// `30s`, `500ms`, also `5m`, which is a quantity where one is expected: number and unit as written.
    Duration {
        number: String,
        unit: String,
    },
    /// `8Gi`, `500m`: number and unit as written.
    Quantity {
        number: String,
        unit: String,
    },
    /// Any name: a binding, a constant, a type (`Loss` in `Loss.hinge`), a module.
    Name(String),
    List(Vec<Expr>),
    /// `{ a: 1, "b": 2 }`: a record or a map.
    Braces(Vec<Entry>),
    /// `e.name`
    Field {
        of: Box<Expr>,
        name: Name,
    },
    /// `e?.name`
    OptionalField {
        of: Box<Expr>,
        name: Name,
    },
    Index {
        of: Box<Expr>,
        index: Box<Expr>,
    },
    Call(Box<Call>),
    Unary {
        op: Spanned<UnaryOp>,
        operand: Box<Expr>,
    },
    Binary {
        op: Spanned<BinaryOp>,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    If(Box<If>),
    Match(Box<Match>),
    For(Box<For>),
    Repeat(Box<Repeat>),
    /// `try f(x)`
    Try(Box<Expr>),
    /// `e after a`, `e after [a, b]`
    After {
        of: Box<Expr>,
        names: Vec<Name>,
    },
    /// `f(x) with { … }`
    With {
        of: Box<Expr>,
        settings: Vec<Setting>,
        span: Span,
    },
    /// `( e )`: kept, since it shows what was meant.
    Parentheses(Box<Expr>),
    Error,
}

#[derive(Clone, Debug, PartialEq)]
pub enum StringPart {
    /// Escapes undone.
    Text(String),
    Expr(Expr),
}

/// `key: value` of a literal.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub key: Name,
    pub key_kind: KeyKind,
    pub value: Expr,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    Word,
    String,
}

/// `f(a, b: c)`, `features.build(x)`, `Uri("…")`, `Loss.other(reason: "…")`, `approve("…", timeout: 2d)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// `Name` or `Field` of a `Name`; anything else is an error for the checker.
    pub callee: Expr,
    pub arguments: Vec<Argument>,
    /// The parentheses.
    pub arguments_span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    pub name: Option<Name>,
    pub value: Expr,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    Not,
    Negate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Div,
    Mod,
    Coalesce,
}

#[derive(Clone, Debug, PartialEq)]
pub struct If {
    pub condition: Expr,
    pub then: Block,
    pub otherwise: Option<Else>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Else {
    Block(Block),
    /// `else if`: an expression of kind `If`.
    If(Expr),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    pub subject: Expr,
    pub arms: Vec<Arm>,
    pub next_arm: Option<NextArm>,
}

/// Where more arms would stand, and how they are set apart. `None` where the braces aren't closed.
#[derive(Clone, Debug, PartialEq)]
pub struct NextArm {
    /// What they replace.
    pub place: Span,
    /// What stands before each.
    pub before: String,
    /// What stands behind all.
    pub behind: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Arm {
    pub pattern: Pattern,
    pub body: ArmBody,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    pub kind: PatternKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum PatternKind {
    /// `Loss.hinge`, `E.b(reason)`, `E.b(reason: r)`, `m.E.b`.
    Variant {
        module: Option<Name>,
        enumeration: Name,
        variant: Name,
        fields: Vec<PatternField>,
    },
    Bool(bool),
    Null,
    /// A variant without its enum, `hinge`; or a word for every other case, `_`.
    Bare(String),
    /// `"hinge"`, `1`: what stands in the quotes, or the number.
    Literal(String),
    Error,
}

/// `reason`, or `reason: r`.
#[derive(Clone, Debug, PartialEq)]
pub struct PatternField {
    pub field: Name,
    pub binding: Name,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ArmBody {
    Expr(Expr),
    Block(Block),
}

#[derive(Clone, Debug, PartialEq)]
pub struct For {
    pub source: ForSource,
    pub limit: Option<Expr>,
    pub body: Block,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ForSource {
    /// `for x in xs`
    Item { item: Name, list: Expr },
    /// `for i, x in xs`
    Indexed { index: Name, item: Name, list: Expr },
    /// `for a in as, b in bs`: two or more.
    Product(Vec<(Name, Expr)>),
    /// `for a, b in zip(as, bs)`; the checker compares how many names and lists there are.
    Zip { items: Vec<Name>, lists: Vec<Expr>, span: Span },
}

/// `repeat s: State = first limit n { … } until c`
#[derive(Clone, Debug, PartialEq)]
pub struct Repeat {
    pub state: Name,
    pub ty: Option<Type>,
    pub first: Expr,
    pub limit: Expr,
    pub body: Block,
    pub until: Expr,
}
