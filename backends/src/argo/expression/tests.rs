//! What pipec's own evaluation says against what Argo's libraries make of the lowered text: random typed expressions over
//! edge values. Needs `argo-expressions` on the PATH, or in `ARGO_EXPRESSIONS`; `PIPEC_SEED` draws other expressions.

// The types drawn here are a choice of ours, not all there are.
#![allow(clippy::wildcard_enum_match_arm)]

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use indexmap::IndexMap;
use pipec_ir::{
    ArtifactRef, BinaryOp, Enum, Expr, ExprKind, Fault, Field, FloatBound, Function, MatchArm, NodeId,
    Record, RunField, Type, TypeDef, TypeTable, UnaryOp, Value, Variant, evaluate,
};
use serde_json::{Value as Json, json};

use super::{Lowering, Scope};

/// Numbers that look random and are the same each time.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below as u64) as usize
    }

    fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.next(from.len())]
    }
}

const INTS: &[i64] = &[
    0,
    1,
    -1,
    2,
    3,
    7,
    -8,
    10,
    1000,
    9007199254740991,
    9007199254740992,
    -9007199254740993,
    i64::MAX,
    i64::MIN,
    i64::MAX - 1,
    4611686018427387904,
    3037000500,
];
const FLOATS: &[f64] = &[
    0.0,
    1.0,
    -1.5,
    0.1,
    0.2,
    1e21,
    1e-7,
    5e-324,
    1.7976931348623157e308,
    2.5,
    -0.5,
    1e16,
    9007199254740993.0,
    123456.789,
];
const STRINGS: &[&str] = &[
    "",
    "a",
    "plain text",
    "null",
    "=abc",
    "_x",
    "it's",
    "{{x}}",
    "$(HOME) $$",
    "line\nbreak",
    "\u{1b}[31m\u{7f}",
    "\u{1F600}",
    "<a>&\"\\",
    "true",
    "3",
    "2024-02-28",
    "\u{2028}",
    "a,b",
    "zzzzzzzzzzzzzzzzzzzz",
];

/// Several ways to write one amount.
const QUANTITIES: &[&str] = &[
    "0",
    "0Gi",
    "0.0m",
    "1",
    "1000m",
    "1e0",
    "1.000",
    "0.001k",
    "1Gi",
    "1024Mi",
    "1073741824",
    "1G",
    "1e9",
    "0.5Gi",
    "512Mi",
    "3Pi",
    "3377699720527872",
    "3072Ti",
    "10E-3",
    "10m",
    "999999999999999.999999999999999Pi",
    "1.5",
    "100e-30",
];

const DURATIONS: &[i64] = &[0, 1, 999, 1000, 60000, -1500, 86400000, 9007199254740991];

fn types() -> TypeTable {
    let field = |name: &str, outside: Option<&str>, ty: Type| Field {
        name: name.into(),
        outside: outside.map(str::to_owned),
        ty,
        default: None,
        doc: None,
    };
    let variant = |name: &str, outside: Option<&str>, fields: Vec<Field>| Variant {
        name: name.into(),
        outside: outside.map(str::to_owned),
        fields,
        doc: None,
    };
    IndexMap::from([
        (
            "Point".to_owned(),
            TypeDef::Record(Record {
                fields: vec![
                    field("x", None, Type::INT),
                    field("y", None, Type::optional(Type::FLOAT)),
                    field("wait", None, Type::Duration),
                ],
                doc: None,
            }),
        ),
        (
            "Small".to_owned(),
            TypeDef::Record(Record { fields: vec![field("x", None, Type::INT)], doc: None }),
        ),
        (
            "Note".to_owned(),
            TypeDef::Record(Record {
                fields: vec![
                    field("text", Some("#TEXT"), Type::STRING),
                    field("in", None, Type::list(Type::INT)),
                    field("at", None, Type::optional(Type::Record { name: "Point".into() })),
                    field("size", Some("si-ze"), Type::optional(Type::Quantity)),
                ],
                doc: None,
            }),
        ),
        (
            "Color".to_owned(),
            TypeDef::Enum(Enum {
                variants: vec![variant("red", None, vec![]), variant("green", Some("gr-een"), vec![])],
                doc: None,
            }),
        ),
        (
            "Shape".to_owned(),
            TypeDef::Enum(Enum {
                variants: vec![
                    variant("dot", None, vec![]),
                    variant(
                        "circle",
                        None,
                        vec![field("radius", None, Type::FLOAT), field("n", None, Type::INT)],
                    ),
                    variant(
                        "label",
                        None,
                        vec![field("text", None, Type::STRING), field("size", None, Type::Quantity)],
                    ),
                ],
                doc: None,
            }),
        ),
    ])
}

fn point() -> Type {
    Type::Record { name: "Point".into() }
}

fn note() -> Type {
    Type::Record { name: "Note".into() }
}

fn color() -> Type {
    Type::Enum { name: "Color".into() }
}

fn shape() -> Type {
    Type::Enum { name: "Shape".into() }
}

/// The types that inputs have and that expressions are made of.
fn universe() -> Vec<Type> {
    let scalars = [
        Type::Bool,
        Type::INT,
        Type::FLOAT,
        Type::STRING,
        Type::Duration,
        Type::Quantity,
        color(),
        shape(),
        point(),
        note(),
    ];
    let mut all = scalars.to_vec();
    all.extend(scalars.iter().cloned().map(Type::list));
    all.extend(scalars.iter().cloned().map(Type::optional));
    all.push(Type::map(Type::INT));
    all.push(Type::map(Type::STRING));
    all.push(Type::map(Type::Quantity));
    all.push(Type::list(Type::optional(Type::INT)));
    all.push(Type::list(Type::list(Type::INT)));
    all
}

fn expr(ty: &Type, kind: ExprKind) -> Expr {
    Expr { ty: ty.clone(), kind, span: None }
}

/// A random value.
fn value(random: &mut Random, ty: &Type) -> Value {
    match ty {
        Type::Bool => Value::Bool(random.next(2) == 0),
        Type::Int { .. } => Value::Int(*random.pick(INTS)),
        Type::Float { .. } => Value::Float(*random.pick(FLOATS)),
        Type::String { .. } => Value::String((*random.pick(STRINGS)).to_owned()),
        Type::Duration => Value::Duration(*random.pick(DURATIONS)),
        Type::Quantity => Value::Quantity((*random.pick(QUANTITIES)).to_owned()),
        Type::Enum { name } if name == "Color" => {
            Value::Variant { variant: (*random.pick(&["red", "green"])).into(), fields: vec![] }
        }
        Type::Enum { .. } => match random.next(3) {
            0 => Value::Variant { variant: "dot".into(), fields: vec![] },
            1 => Value::Variant {
                variant: "circle".into(),
                fields: vec![
                    ("radius".into(), value(random, &Type::FLOAT)),
                    ("n".into(), value(random, &Type::INT)),
                ],
            },
            _ => Value::Variant {
                variant: "label".into(),
                fields: vec![
                    ("text".into(), value(random, &Type::STRING)),
                    ("size".into(), value(random, &Type::Quantity)),
                ],
            },
        },
        Type::Record { name } => {
            let table = types();
            let TypeDef::Record(record) = &table[name] else { unreachable!() };
            Value::Record(record.fields.iter().map(|f| (f.name.clone(), value(random, &f.ty))).collect())
        }
        Type::List { item } => {
            let count = random.next(4);
            Value::List((0..count).map(|_| value(random, item)).collect())
        }
        Type::Map { value: of } => {
            let count = random.next(3);
            let entries: BTreeMap<String, Value> =
                (0..count).map(|_| ((*random.pick(STRINGS)).to_owned(), value(random, of))).collect();
            Value::Map(entries)
        }
        Type::Optional { of } => {
            if random.next(3) == 0 {
                Value::Null
            } else {
                value(random, of)
            }
        }
        other => unreachable!("{other:?}"),
    }
}

struct Inputs(Vec<(String, Type, Value)>);

impl pipec_ir::Scope for Inputs {
    fn input(&self, name: &str) -> Option<Value> {
        self.0.iter().find(|(candidate, ..)| candidate == name).map(|(.., value)| value.clone())
    }

    fn output(&self, _: &NodeId, _: Option<&str>) -> Option<Value> {
        None
    }

    fn run(&self, _: RunField) -> Option<Value> {
        None
    }

    fn artifact(&self, _: &ArtifactRef) -> Result<Value, Fault> {
        Err(Fault::new("no artifacts"))
    }
}

/// Draws expressions. `bound` are names that match arms around have bound.
struct Draw<'r> {
    random: &'r mut Random,
    inputs: Vec<(String, Type)>,
    bound: Vec<(String, Type)>,
    names: usize,
}

impl Draw<'_> {
    fn leaf(&mut self, ty: &Type) -> Expr {
        let known: Vec<String> = self
            .bound
            .iter()
            .chain(&self.inputs)
            .filter(|(_, candidate)| candidate == ty)
            .map(|(name, _)| name.clone())
            .collect();
        if !known.is_empty() && self.random.next(4) > 0 {
            return expr(ty, ExprKind::Input(self.random.pick(&known).clone()));
        }
        let table = types();
        let drawn = value(self.random, ty);
        expr(ty, ExprKind::Const(pipec_ir::to_json(&drawn, ty, &table)))
    }

    fn call(&mut self, ty: &Type, function: Function, args: Vec<Expr>) -> Expr {
        expr(ty, ExprKind::Call { function, args })
    }

    fn binary(&mut self, ty: &Type, op: BinaryOp, of: &Type, depth: usize) -> Expr {
        let left = Box::new(self.draw(of, depth));
        let right = Box::new(self.draw(of, depth));
        expr(ty, ExprKind::Binary { op, left, right })
    }

    fn draw(&mut self, ty: &Type, depth: usize) -> Expr {
        if depth == 0 {
            return self.leaf(ty);
        }
        let depth = depth - 1;
        match self.random.next(7) {
            0 => return self.leaf(ty),
            1 => {
                let condition = Box::new(self.draw(&Type::Bool, depth));
                let then = Box::new(self.draw(ty, depth));
                let otherwise = Box::new(self.draw(ty, depth));
                return expr(ty, ExprKind::If { condition, then, otherwise });
            }
            2 => return self.matched(ty, depth),
            3 if !matches!(ty, Type::Optional { .. }) => {
                let left = Box::new(self.draw(&Type::optional(ty.clone()), depth));
                let right = Box::new(self.draw(ty, depth));
                return expr(ty, ExprKind::Binary { op: BinaryOp::Coalesce, left, right });
            }
            4 if !matches!(ty, Type::Optional { .. }) => {
                let list = self.draw(&Type::list(ty.clone()), depth);
                let index = self.draw(&Type::INT, 0);
                return expr(ty, ExprKind::Index { of: Box::new(list), index: Box::new(index) });
            }
            _ => {}
        }
        self.own(ty, depth)
    }

    fn matched(&mut self, ty: &Type, depth: usize) -> Expr {
        let subject = Box::new(self.draw(&shape(), depth));
        let dot = self.draw(ty, depth);
        let mut arms = vec![MatchArm { variant: Some("dot".into()), bindings: vec![], value: dot }];
        for (variant, fields) in [
            ("circle", vec![("radius", Type::FLOAT), ("n", Type::INT)]),
            ("label", vec![("text", Type::STRING), ("size", Type::Quantity)]),
        ] {
            let before = self.bound.len();
            let mut bindings = Vec::new();
            for (field, ty) in fields {
                self.names += 1;
                let name = format!("bound{}", self.names);
                bindings.push((field.to_owned(), name.clone()));
                self.bound.push((name, ty));
            }
            let value = self.draw(ty, depth);
            self.bound.truncate(before);
            arms.push(MatchArm { variant: Some(variant.into()), bindings, value });
        }
        if self.random.next(2) == 0 {
            arms.reverse();
        }
        expr(ty, ExprKind::Match { subject, arms })
    }

    fn own(&mut self, ty: &Type, depth: usize) -> Expr {
        match ty {
            Type::Bool => self.bool(depth),
            Type::Int { .. } => self.int(depth),
            Type::Float { .. } => self.float(depth),
            Type::String { .. } => self.string(depth),
            Type::Duration => self.duration(depth),
            Type::Optional { of } => self.optional(ty, of, depth),
            Type::List { item } => self.list(ty, item, depth),
            Type::Record { name } => self.record(ty, name, depth),
            Type::Enum { name } if name == "Shape" => match self.random.next(2) {
                0 => {
                    let radius = self.draw(&Type::FLOAT, depth);
                    let n = self.draw(&Type::INT, depth);
                    let fields = vec![("radius".into(), radius), ("n".into(), n)];
                    expr(ty, ExprKind::Variant { variant: "circle".into(), fields })
                }
                _ => expr(ty, ExprKind::Variant { variant: "dot".into(), fields: vec![] }),
            },
            Type::Map { value } => {
                let first = self.draw(value, depth);
                let second = self.draw(value, depth);
                expr(ty, ExprKind::Map(vec![("a".into(), first), ("it's {{b}}".into(), second)]))
            }
            _ => self.leaf(ty),
        }
    }

    fn bool(&mut self, depth: usize) -> Expr {
        let ty = &Type::Bool;
        let orders = [BinaryOp::Less, BinaryOp::LessOrEqual, BinaryOp::Greater, BinaryOp::GreaterOrEqual];
        match self.random.next(7) {
            0 => {
                let operand = Box::new(self.draw(ty, depth));
                expr(ty, ExprKind::Unary { op: UnaryOp::Not, operand })
            }
            1 => {
                let op = *self.random.pick(&[BinaryOp::And, BinaryOp::Or]);
                self.binary(ty, op, ty, depth)
            }
            2 => {
                let of = self.random.pick(&[Type::INT, Type::FLOAT, Type::STRING, Type::Duration]).clone();
                let op = *self.random.pick(&orders);
                self.binary(ty, op, &of, depth)
            }
            3 | 4 => {
                let of = self.random.pick(&universe()).clone();
                let op = *self.random.pick(&[BinaryOp::Equal, BinaryOp::NotEqual]);
                self.binary(ty, op, &of, depth)
            }
            5 => {
                let op = *self.random.pick(&[BinaryOp::Equal, BinaryOp::NotEqual]);
                self.binary(ty, op, &Type::Quantity, depth)
            }
            _ => {
                let of = self
                    .random
                    .pick(&[
                        Type::INT,
                        Type::STRING,
                        Type::FLOAT,
                        point(),
                        color(),
                        Type::Quantity,
                        note(),
                        shape(),
                    ])
                    .clone();
                let list = self.draw(&Type::list(of.clone()), depth);
                let item = self.draw(&of, depth);
                self.call(ty, Function::Contains, vec![list, item])
            }
        }
    }

    fn int(&mut self, depth: usize) -> Expr {
        let ty = &Type::INT;
        match self.random.next(9) {
            0..=2 => {
                let ops =
                    [BinaryOp::Add, BinaryOp::Subtract, BinaryOp::Multiply, BinaryOp::Div, BinaryOp::Mod];
                let op = *self.random.pick(&ops);
                self.binary(ty, op, ty, depth)
            }
            3 => {
                let operand = Box::new(self.draw(ty, depth));
                expr(ty, ExprKind::Unary { op: UnaryOp::Negate, operand })
            }
            4 => {
                let list = self.draw(&Type::list(ty.clone()), depth);
                self.call(ty, Function::Sum, vec![list])
            }
            5 => {
                let of = self.random.pick(&[Type::STRING, Type::list(point()), Type::map(Type::INT)]).clone();
                let of = self.draw(&of, depth);
                self.call(ty, Function::Len, vec![of])
            }
            6 => {
                let of = Box::new(self.draw(&point(), depth));
                expr(ty, ExprKind::Field { of, field: "x".into() })
            }
            7 => {
                let of = self.draw(&Type::FLOAT, depth);
                self.call(ty, Function::Round, vec![of])
            }
            _ => {
                let function = *self.random.pick(&[Function::MinOf, Function::MaxOf]);
                let args = vec![self.draw(ty, depth), self.draw(ty, depth)];
                self.call(ty, function, args)
            }
        }
    }

    fn float(&mut self, depth: usize) -> Expr {
        let ty = &Type::FLOAT;
        match self.random.next(6) {
            0 | 1 => {
                let ops = [BinaryOp::Add, BinaryOp::Subtract, BinaryOp::Multiply, BinaryOp::Divide];
                let op = *self.random.pick(&ops);
                self.binary(ty, op, ty, depth)
            }
            2 => {
                let inner = self.draw(&Type::INT, depth);
                expr(ty, ExprKind::Widen(Box::new(inner)))
            }
            3 => {
                let list = self.draw(&Type::list(ty.clone()), depth);
                self.call(ty, Function::Sum, vec![list])
            }
            4 => {
                let of = self.draw(ty, depth);
                let refined = Type::Float {
                    min: Some(FloatBound { value: 0.0, inclusive: true }),
                    max: Some(FloatBound { value: 1.0, inclusive: false }),
                };
                let refined = expr(&refined, ExprKind::Refine(Box::new(of)));
                expr(ty, ExprKind::Widen(Box::new(refined)))
            }
            _ => {
                let of = self.draw(ty, depth);
                self.call(ty, Function::Abs, vec![of])
            }
        }
    }

    fn string(&mut self, depth: usize) -> Expr {
        let ty = &Type::STRING;
        match self.random.next(5) {
            0 | 1 => {
                let of = self
                    .random
                    .pick(&[Type::INT, Type::FLOAT, Type::Bool, Type::Duration, color(), Type::STRING])
                    .clone();
                let piece = self.draw(&of, depth);
                let text = self.draw(ty, depth);
                expr(ty, ExprKind::Interpolate(vec![text, piece]))
            }
            2 => {
                let list = self.draw(&Type::list(ty.clone()), depth);
                let separator = self.draw(ty, 0);
                self.call(ty, Function::Join, vec![list, separator])
            }
            3 => {
                let of = Box::new(self.draw(&note(), depth));
                expr(ty, ExprKind::Field { of, field: "text".into() })
            }
            _ => {
                let args = vec![self.draw(ty, depth), self.draw(ty, depth)];
                let function = *self.random.pick(&[Function::MinOf, Function::MaxOf]);
                self.call(ty, function, args)
            }
        }
    }

    fn duration(&mut self, depth: usize) -> Expr {
        let ty = &Type::Duration;
        match self.random.next(3) {
            0 => {
                let op = *self.random.pick(&[BinaryOp::Add, BinaryOp::Subtract]);
                self.binary(ty, op, ty, depth)
            }
            1 => {
                let left = Box::new(self.draw(ty, depth));
                let right = Box::new(self.draw(&Type::INT, depth));
                expr(ty, ExprKind::Binary { op: BinaryOp::Multiply, left, right })
            }
            _ => {
                let list = self.draw(&Type::list(ty.clone()), depth);
                self.call(ty, Function::Sum, vec![list])
            }
        }
    }

    fn optional(&mut self, ty: &Type, of: &Type, depth: usize) -> Expr {
        match self.random.next(4) {
            0 => {
                let inner = self.draw(of, depth);
                expr(ty, ExprKind::Widen(Box::new(inner)))
            }
            1 => {
                let list = self.draw(&Type::list(of.clone()), depth);
                let index = self.draw(&Type::INT, 0);
                self.call(ty, Function::Get, vec![list, index])
            }
            2 if matches!(
                of,
                Type::Int { .. } | Type::Float { .. } | Type::String { .. } | Type::Duration
            ) =>
            {
                let function = *self.random.pick(&[Function::MinIn, Function::MaxIn]);
                let list = self.draw(&Type::list(of.clone()), depth);
                self.call(ty, function, vec![list])
            }
            3 if matches!(of, Type::Float { .. }) => {
                let record = Box::new(self.draw(&Type::optional(point()), depth));
                expr(ty, ExprKind::OptionalField { of: record, field: "y".into() })
            }
            _ => self.leaf(ty),
        }
    }

    fn list(&mut self, ty: &Type, item: &Type, depth: usize) -> Expr {
        match self.random.next(6) {
            0 => {
                let count = self.random.next(3);
                let items = (0..count).map(|_| self.draw(item, depth)).collect();
                expr(ty, ExprKind::List(items))
            }
            1 => {
                let args = vec![self.draw(ty, depth), self.draw(ty, depth)];
                self.call(ty, Function::Concat, args)
            }
            2 if !matches!(item, Type::Optional { .. })
                && universe().contains(&Type::list(Type::optional(item.clone()))) =>
            {
                let of = self.draw(&Type::list(Type::optional(item.clone())), depth);
                self.call(ty, Function::Compact, vec![of])
            }
            3 if matches!(item, Type::Int { .. }) => match self.random.next(4) {
                0 => {
                    let from = self.draw(item, 0);
                    let to = self.draw(item, 0);
                    self.call(ty, Function::Range, vec![from, to])
                }
                1 => {
                    let of = Box::new(self.draw(&Type::list(point()), depth));
                    expr(ty, ExprKind::Project { of, field: "x".into() })
                }
                2 => {
                    let of = self.draw(&Type::list(ty.clone()), depth);
                    self.call(ty, Function::Flatten, vec![of])
                }
                _ => {
                    let of = self.draw(&Type::map(item.clone()), depth);
                    self.call(ty, Function::Values, vec![of])
                }
            },
            4 if matches!(item, Type::Float { .. }) => {
                let of = self.draw(&Type::list(Type::INT), depth);
                expr(ty, ExprKind::Widen(Box::new(of)))
            }
            5 if matches!(item, Type::String { .. }) => {
                let of = self.draw(&Type::map(Type::INT), depth);
                self.call(ty, Function::Keys, vec![of])
            }
            _ => self.leaf(ty),
        }
    }

    fn record(&mut self, ty: &Type, name: &str, depth: usize) -> Expr {
        let table = types();
        let TypeDef::Record(record) = &table[name] else { unreachable!() };
        if name == "Point" && self.random.next(4) == 0 {
            let narrow = Type::optional(ty.clone());
            let of = self.draw(&narrow, depth);
            let fallback = self.draw(ty, depth);
            let (left, right) = (Box::new(of), Box::new(fallback));
            return expr(ty, ExprKind::Binary { op: BinaryOp::Coalesce, left, right });
        }
        let fields =
            record.fields.iter().map(|field| (field.name.clone(), self.draw(&field.ty, depth))).collect();
        expr(ty, ExprKind::Record(fields))
    }
}

struct Question {
    place: &'static str,
    expression: String,
    expected: Result<String, String>,
}

/// What Argo's libraries answer, or nothing where they aren't at hand.
fn answers(questions: &[Json]) -> Option<Vec<Json>> {
    let program = std::env::var_os("ARGO_EXPRESSIONS").unwrap_or_else(|| "argo-expressions".into());
    let spawned = Command::new(program).arg("eval").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = spawned else {
        assert!(
            std::env::var_os("PIPEC_REQUIRE_JUDGES").is_none(),
            "argo-expressions isn't at hand, and is required"
        );
        eprintln!("skipped: argo-expressions isn't at hand");
        return None;
    };
    let mut stdin = child.stdin.take().expect("piped");
    let lines: Vec<String> = questions.iter().map(Json::to_string).collect();
    let writer = std::thread::spawn(move || {
        for line in lines {
            writeln!(stdin, "{line}").expect("the judge reads");
        }
    });
    let output = child.wait_with_output().expect("the judge ends");
    writer.join().expect("all written");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    Some(text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect())
}

fn seed() -> u64 {
    std::env::var("PIPEC_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(0x9e37_79b9_7f4a_7c15)
}

#[test]
fn argo_computes_what_the_engine_computes() {
    let table = types();
    let lowering = Lowering { types: &table, sources: &[] };
    let mut random = Random(seed());
    let mut cases: Vec<Question> = Vec::new();
    let mut questions: Vec<Json> = Vec::new();
    let count = std::env::var("PIPEC_DRAWS").ok().and_then(|text| text.parse().ok()).unwrap_or(3000);
    for _ in 0..count {
        let ty = random.pick(&universe()).clone();
        let names: Vec<(String, Type)> =
            universe().into_iter().enumerate().map(|(i, ty)| (format!("p{i}"), ty)).collect();
        let depth = 1 + random.next(3);
        let drawn =
            Draw { random: &mut random, inputs: names.clone(), bound: Vec::new(), names: 0 }.draw(&ty, depth);
        let mut scope = Scope::default();
        names.iter().for_each(|(name, ty)| scope.add_input(name, ty));
        let wire = lowering.wire(&drawn, &scope).unwrap_or_else(|refusal| panic!("{refusal:?}"));
        let fits_output = wire.fits_output();
        let expression = wire.into_expression();
        for _ in 0..2 {
            let values: Vec<(String, Type, Value)> =
                names.iter().map(|(name, ty)| (name.clone(), ty.clone(), value(&mut random, ty))).collect();
            let parameters: serde_json::Map<String, Json> = values
                .iter()
                .map(|(name, ty, value)| (name.clone(), pipec_ir::wire::encode(value, ty, &table).into()))
                .collect();
            let expected = evaluate(&drawn, &table, &Inputs(values))
                .map(|value| pipec_ir::wire::encode(&value, &ty, &table))
                .map_err(|fault| format!("{fault:?}"));
            for place in ["tag", "output"] {
                if place == "output" && !fits_output {
                    continue;
                }
                questions.push(json!({"expression": expression, "env": {"inputs": {"parameters": parameters}}, "as": place}));
                cases.push(Question { place, expression: expression.clone(), expected: expected.clone() });
            }
        }
    }
    let Some(answers) = answers(&questions) else { return };
    assert_eq!(answers.len(), cases.len());
    let mut wrong = Vec::new();
    let mut faults = 0;
    for ((case, answer), question) in cases.iter().zip(&answers).zip(&questions) {
        let failed = answer.get("error").is_some() && answer.get("text").is_none();
        let agrees = match &case.expected {
            Ok(text) => {
                answer.get("error").is_none() && answer.get("text").and_then(Json::as_str) == Some(text)
            }
            Err(_) => failed && answer.get("waits").is_none(),
        };
        faults += usize::from(case.expected.is_err());
        if !agrees {
            let used = question["env"]["inputs"]["parameters"].as_object().expect("parameters").iter();
            let used: Vec<String> = used
                .filter(|(name, _)| case.expression.contains(&format!("parameters.{name}")))
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            wrong.push(format!(
                "{}\n  {}\n  {}\n  engine: {:?}\n  argo: {answer}",
                case.expression,
                case.place,
                used.join(" "),
                case.expected
            ));
        }
    }
    wrong.sort_by_key(String::len);
    eprintln!("{} evaluations, {faults} of them faults", cases.len());
    assert!(
        wrong.is_empty(),
        "{} of {} differ:\n{}",
        wrong.len(),
        cases.len(),
        wrong[..wrong.len().min(5)].join("\n\n")
    );
}
