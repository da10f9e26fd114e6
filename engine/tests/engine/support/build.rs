//! Tasks, pipelines and nodes in a few words.

use indexmap::IndexMap;
use pipec_ir::{
    Argument, Body, Call, Callee, Entry, Enum, Expr, ExprKind, Field, Format, Function, Hook, HookEvent,
    Interpreter, MapSource, Node, NodeId, NodeKind, Output, Parameter, Pipeline, PipelineId, Program, Record,
    Region, RegionInput, Results, Role, Run, RunField, Settings, Span, Task, TaskId, Type, TypeDef, Variant,
};
use serde_json::Value as Json;

use super::types::ty;

/// The last pipeline is the entry. Types of calls, records of outputs and identities are filled in.
pub fn program(tasks: Vec<Task>, pipelines: Vec<Pipeline>) -> Program {
    program_with(&[], tasks, pipelines)
}

/// The same with named types.
pub fn program_with(types: &[(&str, TypeDef)], tasks: Vec<Task>, pipelines: Vec<Pipeline>) -> Program {
    let entry = Entry::Pipeline(PipelineId(pipelines.last().unwrap().name.clone()));
    let formats = [
        ("csv", ".csv", true),
        ("jsonl", ".jsonl", true),
        ("parquet", ".parquet", true),
        ("txt", ".txt", false),
        ("tar_gz", ".tar.gz", false),
    ];
    let mut program = Program {
        ir: "1.0".to_owned(),
        features: Vec::new(),
        name: "flow".to_owned(),
        doc: None,
        sources: vec!["flow.pipe".to_owned()],
        entry,
        types: IndexMap::from([
            ("RunStatusKind".to_owned(), enumeration(&["succeeded", "failed", "cancelled"])),
            ("Failed".to_owned(), record(&[("step", "string"), ("message", "string")])),
        ]),
        formats: formats
            .iter()
            .map(|(name, extension, tabular)| {
                let format = Format {
                    extension: (*extension).to_owned(),
                    media_type: "text/plain".to_owned(),
                    tabular: *tabular,
                };
                ((*name).to_owned(), format)
            })
            .collect(),
        tasks: tasks.into_iter().map(|task| (TaskId(task.name.clone()), task)).collect(),
        pipelines: pipelines
            .into_iter()
            .map(|pipeline| (PipelineId(pipeline.name.clone()), pipeline))
            .collect(),
        launches: IndexMap::new(),
        blobs: IndexMap::new(),
    };
    program.types.extend(types.iter().map(|(name, definition)| ((*name).to_owned(), definition.clone())));
    complete(&mut program);
    program
}

/// Fills in what follows from the rest.
pub fn complete(program: &mut Program) {
    let results: Vec<Results> = program
        .tasks
        .values()
        .map(|task| task.results.clone())
        .chain(program.pipelines.values().map(|pipeline| pipeline.results.clone()))
        .collect();
    for results in &results {
        if let (Some(Type::Record { name }), Results::Named(outputs)) = (type_of(results), results) {
            let fields = outputs.iter().map(|output| Field {
                name: output.name.clone(),
                outside: None,
                ty: output.ty.clone(),
                default: None,
                doc: None,
            });
            program.types.insert(name, TypeDef::Record(Record { fields: fields.collect(), doc: None }));
        }
    }
    let interfaces = program.clone();
    for pipeline in program.pipelines.values_mut() {
        let bodies = pipeline.hooks.iter_mut().map(|hook| &mut hook.body.body);
        for body in bodies.chain([&mut pipeline.body]) {
            body.visit_nodes_mut(&mut |node| {
                if let NodeKind::Call(call) = &node.kind {
                    node.ty = type_of(interfaces.interface(&call.callee).unwrap().results);
                }
            });
        }
    }
    program.set_identities();
}

/// What a call gives: `{rows: int, url: string}` for named outputs.
fn type_of(results: &Results) -> Option<Type> {
    match results {
        Results::None => None,
        Results::Single(output) => Some(output.ty.clone()),
        Results::Named(outputs) => Some(Type::Record { name: record_name(outputs) }),
    }
}

fn record_name(outputs: &[Output]) -> String {
    let fields: Vec<String> =
        outputs.iter().map(|output| format!("{}: {}", output.name, output.ty)).collect();
    format!("{{{}}}", fields.join(", "))
}

/// The value of a pipeline with named outputs.
pub fn returns(outputs: Vec<(&str, Expr)>) -> Expr {
    let named: Vec<Output> = outputs
        .iter()
        .map(|(name, value)| Output { name: (*name).to_owned(), ty: value.ty.clone(), doc: None, span: None })
        .collect();
    let fields = outputs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Expr { ty: Type::Record { name: record_name(&named) }, kind: ExprKind::Record(fields), span: None }
}

pub fn record(fields: &[(&str, &str)]) -> TypeDef {
    TypeDef::Record(Record { fields: fields.iter().map(|(name, of)| field(name, of)).collect(), doc: None })
}

pub fn field(name: &str, of: &str) -> Field {
    Field { name: name.to_owned(), outside: None, ty: ty(of), default: None, doc: None }
}

pub fn enumeration(variants: &[&str]) -> TypeDef {
    let variant =
        |name: &&str| Variant { name: (*name).to_owned(), outside: None, fields: Vec::new(), doc: None };
    TypeDef::Enum(Enum { variants: variants.iter().map(variant).collect(), doc: None })
}

// Tasks

pub fn bash(name: &str, inputs: &[(&str, &str)], outputs: &[(&str, &str)], text: &str) -> Task {
    script(Interpreter::Bash, name, inputs, outputs, text)
}

pub fn python(name: &str, inputs: &[(&str, &str)], outputs: &[(&str, &str)], text: &str) -> Task {
    script(Interpreter::Python, name, inputs, outputs, text)
}

pub fn script(
    interpreter: Interpreter,
    name: &str,
    inputs: &[(&str, &str)],
    outputs: &[(&str, &str)],
    text: &str,
) -> Task {
    let span = Span { file: 0, start: 0, end: 0, line: 40, column: 5 };
    task(name, inputs, outputs, Run::Script { interpreter, text: text.to_owned(), span: Some(span) })
}

pub fn command(name: &str, inputs: &[(&str, &str)], outputs: &[(&str, &str)], elements: Vec<Expr>) -> Task {
    task(name, inputs, outputs, Run::Command(elements))
}

/// An output called `out` is a single unnamed one.
pub fn task(name: &str, inputs: &[(&str, &str)], outputs: &[(&str, &str)], run: Run) -> Task {
    Task {
        name: name.to_owned(),
        doc: None,
        inputs: inputs.iter().map(|(name, of)| parameter(name, of)).collect(),
        results: results(outputs),
        run,
        files: Vec::new(),
        settings: Settings::default(),
        identity: name.to_owned(),
        span: None,
    }
}

pub fn parameter(name: &str, of: &str) -> Parameter {
    Parameter { name: name.to_owned(), ty: ty(of), role: Role::Program, default: None, doc: None, span: None }
}

fn results(outputs: &[(&str, &str)]) -> Results {
    let output =
        |(name, of): &(&str, &str)| Output { name: (*name).to_owned(), ty: ty(of), doc: None, span: None };
    match outputs {
        [] => Results::None,
        [single @ ("out", _)] => Results::Single(output(single)),
        several => Results::Named(several.iter().map(output).collect()),
    }
}

// Pipelines

pub fn pipeline(
    name: &str,
    inputs: &[(&str, &str)],
    outputs: &[(&str, &str)],
    nodes: Vec<Node>,
    value: Option<Expr>,
) -> Pipeline {
    Pipeline {
        name: name.to_owned(),
        doc: None,
        inputs: inputs.iter().map(|(name, of)| parameter(name, of)).collect(),
        results: results(outputs),
        body: Body { nodes, value },
        hooks: Vec::new(),
        identity: name.to_owned(),
        span: None,
    }
}

/// A pipeline `main` without inputs, whose one output is `out`.
pub fn main_of(of: &str, nodes: Vec<Node>, value: Expr) -> Pipeline {
    pipeline("main", &[], &[("out", of)], nodes, Some(value))
}

/// A pipeline `main` without inputs and outputs.
pub fn main_without_value(nodes: Vec<Node>) -> Pipeline {
    pipeline("main", &[], &[], nodes, None)
}

pub fn hook(event: HookEvent, inputs: &[(&str, Expr)], nodes: Vec<Node>) -> Hook {
    Hook { event, body: region(inputs, nodes, None), span: None }
}

pub fn region(inputs: &[(&str, Expr)], nodes: Vec<Node>, value: Option<Expr>) -> Region {
    let inputs =
        inputs.iter().map(|(name, value)| RegionInput { name: (*name).to_owned(), value: value.clone() });
    Region { inputs: inputs.collect(), body: Body { nodes, value } }
}

// Nodes

pub fn node(id: &str, of: Option<&str>, kind: NodeKind) -> Node {
    Node { id: NodeId(id.to_owned()), ty: of.map(ty), after: Vec::new(), kind, span: None }
}

pub fn call(id: &str, task: &str, arguments: &[(&str, Expr)]) -> Node {
    node(id, None, call_kind(Callee::Task(TaskId(task.to_owned())), arguments))
}

pub fn call_pipeline(id: &str, pipeline: &str, arguments: &[(&str, Expr)]) -> Node {
    node(id, None, call_kind(Callee::Pipeline(PipelineId(pipeline.to_owned())), arguments))
}

fn call_kind(callee: Callee, arguments: &[(&str, Expr)]) -> NodeKind {
    let arguments =
        arguments.iter().map(|(name, value)| Argument { name: (*name).to_owned(), value: value.clone() });
    NodeKind::Call(Call { callee, arguments: arguments.collect() })
}

pub fn after(mut node: Node, ids: &[&str]) -> Node {
    node.after = ids.iter().map(|id| NodeId((*id).to_owned())).collect();
    node
}

pub fn bind(id: &str, value: Expr) -> Node {
    Node { ty: Some(value.ty.clone()), ..node(id, None, NodeKind::Let(value.into())) }
}

pub fn each(id: &str, of: &str, item: &str, list: Expr, body: Region) -> Node {
    each_limited(id, of, item, list, None, body)
}

pub fn each_limited(id: &str, of: &str, item: &str, list: Expr, limit: Option<u32>, body: Region) -> Node {
    let source = MapSource::List { index: None, item: item.to_owned(), list };
    node(id, Some(of), NodeKind::Map { source: source.into(), limit, body: body.into() })
}

pub fn branch(id: &str, of: Option<&str>, condition: Expr, then: Region, otherwise: Option<Region>) -> Node {
    let otherwise = otherwise.map(Box::new);
    node(id, of, NodeKind::Branch { condition: condition.into(), then: then.into(), otherwise })
}

pub fn try_node(id: &str, of: &str, body: Region) -> Node {
    node(id, Some(of), NodeKind::Try { body: body.into() })
}

// Expressions

pub fn expr(of: &str, kind: ExprKind) -> Expr {
    Expr { ty: ty(of), kind, span: None }
}

pub fn value(of: &str, json: impl Into<Json>) -> Expr {
    expr(of, ExprKind::Const(json.into()))
}

pub fn text(text: &str) -> Expr {
    value("string", text)
}

pub fn input(of: &str, name: &str) -> Expr {
    expr(of, ExprKind::Input(name.to_owned()))
}

pub fn output(of: &str, node: &str) -> Expr {
    expr(of, ExprKind::Output { node: NodeId(node.to_owned()), output: None })
}

pub fn named(of: &str, node: &str, output: &str) -> Expr {
    expr(of, ExprKind::Output { node: NodeId(node.to_owned()), output: Some(output.to_owned()) })
}

pub fn list(of: &str, items: Vec<Expr>) -> Expr {
    expr(of, ExprKind::List(items))
}

pub fn fields(of: &str, fields: Vec<(&str, Expr)>) -> Expr {
    expr(of, ExprKind::Record(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()))
}

pub fn project(of: &str, from: Expr, field: &str) -> Expr {
    expr(of, ExprKind::Project { of: Box::new(from), field: field.to_owned() })
}

pub fn field_of(of: &str, from: Expr, field: &str) -> Expr {
    expr(of, ExprKind::Field { of: Box::new(from), field: field.to_owned() })
}

pub fn function(of: &str, function: Function, args: Vec<Expr>) -> Expr {
    expr(of, ExprKind::Call { function, args })
}

pub fn range(from: i64, to: i64) -> Expr {
    function("[int]", Function::Range, vec![value("int", from), value("int", to)])
}

pub fn run_field(of: &str, field: RunField) -> Expr {
    expr(of, ExprKind::Run(field))
}

pub fn widen(of: &str, from: Expr) -> Expr {
    expr(of, ExprKind::Widen(Box::new(from)))
}

pub fn optional(expr: Expr) -> Expr {
    Expr { ty: Type::optional(expr.ty.clone()), kind: ExprKind::Widen(Box::new(expr)), span: None }
}
