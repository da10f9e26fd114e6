//! Tasks, pipelines, launches, and the bodies of nodes that make them.
//!
//! A body is a list of nodes in which each refers only to earlier ones. Branches, maps, repeats, tries and hooks own
//! regions: bodies with explicit inputs. An expression inside a region sees the region's inputs and the region's own
//! earlier nodes, nothing else.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::expr::{Expr, RunField};
use crate::types::{Format, Type, TypeDef};

/// A complete program: a backend needs nothing else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// `major.minor`, see `VERSION`.
    pub ir: String,
    /// What the document uses beyond 1.0; a reader refuses a feature that it doesn't know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
    /// The compiled file's stem.
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// Source files that spans refer to, relative to the project's root, `/` between parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    pub entry: Entry,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub types: IndexMap<String, TypeDef>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub formats: IndexMap<String, Format>,
    /// Every task that is reachable from the pipelines here. A call's `with` makes a task of its own.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub tasks: IndexMap<TaskId, Task>,
    /// Pipelines that call others come after these.
    pub pipelines: IndexMap<PipelineId, Pipeline>,
    /// The compiled file's own launches.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub launches: IndexMap<String, Launch>,
    /// Captured files by sha256 (hex).
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub blobs: IndexMap<String, Blob>,
}

/// `fit`, `features.build` (of a module), `fit-2` (with settings of its own at a call).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct TaskId(pub String);

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct PipelineId(pub String);

/// Unique within its body: the binding's name, or what is called, with `-2`, `-3` … where taken.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct NodeId(pub String);

/// A place in the source, as debug data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// Index into `Program::sources`.
    pub file: u32,
    /// Byte offsets, half-open.
    pub start: u32,
    pub end: u32,
    /// From 1; columns count Unicode scalar values.
    pub line: u32,
    pub column: u32,
}

/// What runs when nothing else is named.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Entry {
    Pipeline(PipelineId),
    Launch(String),
}

/// A captured file's content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Blob {
    Text(String),
    Base64(String),
}

/// A captured file's place: relative, `/` between parts, never `..`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CapturedEntry {
    pub path: String,
    /// A key of `Program::blobs`.
    pub sha256: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub executable: bool,
}

// --- Interfaces -------------------------------------------------------------------------------------------------

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    pub name: String,
    pub ty: Type,
    #[serde(default, skip_serializing_if = "Role::is_program")]
    pub role: Role,
    /// A constant expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Expr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

/// Who sees an input of a task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The program: a variable of its own name.
    #[default]
    Program,
    /// Settings only: the program doesn't see it (an override of a call that uses the caller's values).
    Setting,
}

impl Role {
    fn is_program(&self) -> bool {
        matches!(self, Role::Program)
    }
}

/// What a task or a pipeline gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Results {
    /// Nothing: a statement.
    None,
    /// One unnamed output: the call's value. Programs know it as `out`.
    Single(Output),
    /// Named outputs: the call's value is the record of them.
    Named(Vec<Output>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// `out` for a single unnamed one.
    pub name: String,
    pub ty: Type,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

impl Results {
    /// All outputs, in declared order.
    pub fn outputs(&self) -> &[Output] {
        match self {
            Results::None => &[],
            Results::Single(output) => std::slice::from_ref(output),
            Results::Named(outputs) => outputs,
        }
    }

    pub(crate) fn outputs_mut(&mut self) -> &mut [Output] {
        match self {
            Results::None => &mut [],
            Results::Single(output) => std::slice::from_mut(output),
            Results::Named(outputs) => outputs,
        }
    }
}

// --- Tasks ------------------------------------------------------------------------------------------------------

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// The name in the source.
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<Parameter>,
    pub results: Results,
    pub run: Run,
    /// Delivered into the working directory.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<CapturedEntry>,
    pub settings: Settings,
    /// sha256 (hex) over what the task does: program, files, image, interface, `env`, references of secrets, volumes;
    /// not resources, retry, timeout, placement, names of places in the source, docs.
    pub identity: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

/// A task's program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Run {
    Script {
        interpreter: Interpreter,
        text: String,
        /// Where the text's first character stands, for tracebacks.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        span: Option<Span>,
    },
    /// Program and arguments: expressions over the task's inputs. An `Input` that names an output is the path to write.
    /// Each element is one argument.
    Command(Vec<Expr>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Interpreter {
    Bash,
    Sh,
    Python,
}

/// Everything about how a task runs. Expressions are over the task's inputs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_pull_policy: Option<PullPolicy>,
    #[serde(skip_serializing_if = "Resources::is_empty")]
    pub resources: Resources,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry: Option<Retry>,
    /// Of one attempt: a duration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Expr>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cache: bool,
    /// Environment variables, in source order.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub env: IndexMap<String, EnvValue>,
    /// Absolute path → a secret (`ty` is `Secret`), mounted as a file.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub secrets: IndexMap<String, Expr>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub node_selector: IndexMap<String, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tolerations: Vec<Toleration>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub labels: IndexMap<String, String>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub annotations: IndexMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account: Option<String>,
    /// A quantity of bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shm_size: Option<Expr>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub volumes: Vec<Volume>,
}

/// A variable's value: text (what can be interpolated), or a secret when `ty` is `Secret`.
pub type EnvValue = Expr;

/// Quantities; a memory limit is the request where none is given, a CPU limit isn't set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Resources {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu: Option<Expr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<Expr>,
    /// An int.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gpu: Option<Expr>,
    /// A resource name such as `nvidia.com/gpu` (the default), constant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gpu_kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ephemeral_storage: Option<Expr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_limit: Option<Expr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_limit: Option<Expr>,
}

impl Resources {
    pub fn is_empty(&self) -> bool {
        *self == Resources::default()
    }
}

/// Durations are milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retry {
    /// Further attempts after the first.
    pub limit: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backoff_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_backoff_ms: Option<u64>,
    /// Which exit statuses are tried again; absent: all but 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_codes: Option<Vec<u8>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PullPolicy {
    Always,
    IfNotPresent,
    Never,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Toleration {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Absent: the key only has to exist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<TolerationEffect>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TolerationEffect {
    NoSchedule,
    PreferNoSchedule,
    NoExecute,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Volume {
    pub mount: String,
    pub source: VolumeSource,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub read_only: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum VolumeSource {
    /// Empty, of this size (a quantity), gone with the step.
    Scratch { size: Expr },
    /// A claim that is there.
    Claim { claim: String },
}

// --- Pipelines --------------------------------------------------------------------------------------------------

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pipeline {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<Parameter>,
    pub results: Results,
    pub body: Body,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hooks: Vec<Hook>,
    /// sha256 (hex) over the interface, the body and what it calls.
    pub identity: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

/// Nodes, and the value of them all: of a pipeline with named outputs a `Record` of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Body {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<Node>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Expr>,
}

/// A body with explicit inputs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// What the body takes from outside. The unit starts when all of them are there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<RegionInput>,
    pub body: Body,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegionInput {
    /// What `Input` says inside; unique in the region, also against its loop variables, state and match bindings.
    pub name: String,
    /// In the scope around the node: an `Input`, `Output` or `Run`, at most with field accesses.
    pub value: Expr,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Node {
    pub id: NodeId,
    /// The type of the node's value; absent if it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ty: Option<Type>,
    /// Earlier nodes of the same body that must have ended well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<NodeId>,
    pub kind: NodeKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum NodeKind {
    Call(Call),
    /// A pure expression.
    Let(Box<Expr>),
    /// Without `otherwise` the value is optional: `null` where not taken.
    Branch {
        condition: Box<Expr>,
        then: Box<Region>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        otherwise: Option<Box<Region>>,
    },
    Match {
        subject: Box<Expr>,
        arms: Vec<NodeArm>,
    },
    /// The body once per item, in parallel; the value is the list of the bodies' values (nothing if they have none).
    Map {
        source: Box<MapSource>,
        /// How many at the same time, at most.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<u32>,
        body: Box<Region>,
    },
    /// Rounds with a state: at least one, at most `limit`.
    Repeat {
        /// What `Input` calls the state inside `body` and `until`.
        state: String,
        first: Box<Expr>,
        limit: u32,
        /// Its value is the next state, of the node's type.
        body: Box<Region>,
        /// Over the new state and the inputs of `body`.
        until: Box<Expr>,
    },
    /// A failure inside becomes `null`; a body without a value gives a bool: it succeeded.
    Try {
        body: Box<Region>,
    },
    /// Waits for a person.
    Approve {
        message: Box<Expr>,
        /// A duration.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        timeout: Option<Box<Expr>>,
    },
    Sleep {
        duration: Box<Expr>,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Call {
    pub callee: Callee,
    /// One for each input of the callee without exception, in declared order: defaults are filled in.
    pub arguments: Vec<Argument>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Callee {
    Task(TaskId),
    Pipeline(PipelineId),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Argument {
    pub name: String,
    pub value: Expr,
}

/// What a map walks. The variables are `Input`s of the map's region, beside `Region::inputs`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum MapSource {
    /// `for x in xs`, `for i, x in xs`.
    List {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        index: Option<String>,
        item: String,
        list: Expr,
    },
    /// `for a in as, b in bs`: every combination, the last varying fastest.
    Product(Vec<(String, Expr)>),
    /// `for a, b in zip(as, bs)`: faults on unequal lengths.
    Zip(Vec<(String, Expr)>),
}

/// One arm of a match over nodes; `variant` as in `MatchArm`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NodeArm {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// (field of the variant, name inside the region)
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bindings: Vec<(String, String)>,
    pub body: Region,
}

/// Runs when its pipeline's call ends: `success` and `failure` before `exit`. Its region's inputs refer to the
/// pipeline's parameters and `Run` only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hook {
    pub event: HookEvent,
    pub body: Region,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HookEvent {
    Success,
    Failure,
    Exit,
}

// --- Launches ---------------------------------------------------------------------------------------------------

/// Fixed arguments for a run, by hand or by cron.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Launch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    pub pipeline: PipelineId,
    /// Over constants and `Run` (`RunField::Id`, `Name`, `Scheduled`, `Day`); one for each input, defaults filled in.
    pub arguments: Vec<Argument>,
    /// Five cron fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overlap: Option<Overlap>,
    /// Of the whole run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub labels: IndexMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Overlap {
    Allow,
    Forbid,
    Replace,
}

impl RunField {
    /// Known before the run's end: usable outside of hooks.
    pub fn is_known_from_start(self) -> bool {
        match self {
            RunField::Id | RunField::Name | RunField::Scheduled | RunField::Day => true,
            RunField::Status | RunField::Started | RunField::Duration | RunField::Failures => false,
        }
    }
}
