//! The script's expressions against `pipec_ir::evaluate`: each operation on edge values, one node each, where a fault
//! becomes `null`.

use std::process::{Command, Stdio};

use pipec_ir::{
    BinaryOp, Expr, ExprKind, Function, Program, Type, UnaryOp, Value, canonical_json, evaluate, from_json,
    to_json,
};
use serde_json::{Value as Json, json};

const INTS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "-7",
    "3037000500",
    "4611686018427387904",
    "9007199254740991",
    "9007199254740993",
    "-9007199254740993",
    "9223372036854775807",
    "-9223372036854775807",
    "-9223372036854775808",
];
const FLOATS: &[f64] = &[
    0.0,
    1.0,
    -1.5,
    0.1,
    0.2,
    0.5,
    -2.5,
    1e-7,
    123456789.125,
    1e17,
    1e21,
    9007199254740992.0,
    5e-324,
    1.7976931348623157e308,
    -1.7976931348623157e308,
    4.9e18,
    9223372036854775808.0,
];
const TEXTS: &[&str] = &["", "a", "ab", "é", "\u{fffd}", "😀", "a\"\\<&>\u{2028}\u{1}\u{7f}\n", "=x", "null"];
const DURATIONS: &[&str] = &["0s", "1ms", "90s", "-1500ms", "9007199254740991ms", "-9007199254740991ms"];

fn constant(ty: &Type, json: Json) -> Expr {
    Expr { ty: ty.clone(), kind: ExprKind::Const(json), span: None }
}

fn int(text: &str) -> Expr {
    let json: Json = match text.parse::<i64>() {
        Ok(value) if value.abs_diff(0) < 1 << 53 => json!(value),
        Ok(_) | Err(_) => json!(text),
    };
    constant(&Type::INT, json)
}

fn call(ty: Type, function: Function, args: Vec<Expr>) -> Expr {
    Expr { ty, kind: ExprKind::Call { function, args }, span: None }
}

fn binary(ty: Type, op: BinaryOp, left: &Expr, right: &Expr) -> Expr {
    let kind = ExprKind::Binary { op, left: Box::new(left.clone()), right: Box::new(right.clone()) };
    Expr { ty, kind, span: None }
}

fn unary(ty: Type, op: UnaryOp, operand: &Expr) -> Expr {
    Expr { ty, kind: ExprKind::Unary { op, operand: Box::new(operand.clone()) }, span: None }
}

const COMPARISONS: [BinaryOp; 6] = [
    BinaryOp::Equal,
    BinaryOp::NotEqual,
    BinaryOp::Less,
    BinaryOp::LessOrEqual,
    BinaryOp::Greater,
    BinaryOp::GreaterOrEqual,
];

/// Every pair of the values with every operation of the type.
fn pairs(ty: &Type, values: &[Expr], operations: &[BinaryOp]) -> Vec<Expr> {
    let mut found = Vec::new();
    for left in values {
        for right in values {
            let compared = COMPARISONS.iter().map(|op| binary(Type::Bool, *op, left, right));
            found.extend(compared);
            found.extend(operations.iter().map(|op| binary(ty.clone(), *op, left, right)));
            for function in [Function::MinOf, Function::MaxOf] {
                found.push(call(ty.clone(), function, vec![left.clone(), right.clone()]));
            }
        }
    }
    found
}

fn list_operations(item: &Type, values: &[Expr]) -> Vec<Expr> {
    let list_type = Type::list(item.clone());
    let list =
        |items: &[Expr]| Expr { ty: list_type.clone(), kind: ExprKind::List(items.to_vec()), span: None };
    let mut found = Vec::new();
    for items in [&values[..0], &values[..1], &values[..4], values] {
        let items = list(items);
        for function in [Function::MinIn, Function::MaxIn] {
            found.push(call(Type::optional(item.clone()), function, vec![items.clone()]));
        }
        if !matches!(item, Type::String { .. }) {
            found.push(call(item.clone(), Function::Sum, vec![items.clone()]));
        }
        found.push(call(Type::INT, Function::Len, vec![items.clone()]));
        found.push(call(list_type.clone(), Function::Concat, vec![items.clone(), items.clone()]));
        for wanted in values.iter().take(5) {
            found.push(call(Type::Bool, Function::Contains, vec![items.clone(), wanted.clone()]));
        }
        for index in ["-1", "0", "3", "9223372036854775807"] {
            found.push(call(Type::optional(item.clone()), Function::Get, vec![items.clone(), int(index)]));
            let kind = ExprKind::Index { of: Box::new(items.clone()), index: Box::new(int(index)) };
            found.push(Expr { ty: item.clone(), kind, span: None });
        }
    }
    found
}

fn expressions() -> Vec<Expr> {
    let ints: Vec<Expr> = INTS.iter().map(|text| int(text)).collect();
    let floats: Vec<Expr> = FLOATS.iter().map(|value| constant(&Type::FLOAT, json!(value))).collect();
    let texts: Vec<Expr> = TEXTS.iter().map(|text| constant(&Type::STRING, json!(text))).collect();
    let durations: Vec<Expr> = DURATIONS.iter().map(|text| constant(&Type::Duration, json!(text))).collect();
    let arithmetic = [BinaryOp::Add, BinaryOp::Subtract, BinaryOp::Multiply];
    let of_ints = [&arithmetic[..], &[BinaryOp::Div, BinaryOp::Mod]].concat();
    let of_floats = [&arithmetic[..], &[BinaryOp::Divide]].concat();
    let mut found = pairs(&Type::INT, &ints, &of_ints);
    found.extend(pairs(&Type::FLOAT, &floats[..], &of_floats));
    found.extend(pairs(&Type::STRING, &texts, &[]));
    found.extend(pairs(&Type::Duration, &durations, &arithmetic[..2]));
    for duration in &durations {
        found.extend(ints.iter().map(|count| binary(Type::Duration, BinaryOp::Multiply, duration, count)));
    }
    for value in &ints {
        found.push(unary(Type::INT, UnaryOp::Negate, value));
        found.push(call(Type::INT, Function::Abs, vec![value.clone()]));
        found.push(Expr { ty: Type::FLOAT, kind: ExprKind::Widen(Box::new(value.clone())), span: None });
        for day in ["2024-02-28", "0000-01-01", "2023-02-29", "9999-12-31"] {
            let day = constant(&Type::STRING, json!(day));
            found.push(call(Type::STRING, Function::AddDays, vec![day, value.clone()]));
        }
    }
    for value in &floats {
        found.push(unary(Type::FLOAT, UnaryOp::Negate, value));
        found.push(call(Type::FLOAT, Function::Abs, vec![value.clone()]));
        found.push(call(Type::INT, Function::Round, vec![value.clone()]));
        found.push(call(Type::STRING, Function::ToString, vec![value.clone()]));
    }
    found.extend(texts.iter().map(|text| call(Type::INT, Function::Len, vec![text.clone()])));
    found.extend(list_operations(&Type::INT, &ints));
    found.extend(list_operations(&Type::FLOAT, &floats));
    found.extend(list_operations(&Type::STRING, &texts));
    found.extend(list_operations(&Type::Duration, &durations));
    found
}

/// Whether something is there can be asked of any type, also of one whose values can't be compared.
fn absences() -> Vec<Expr> {
    let amounts = Type::list(Type::Quantity);
    let mut found = Vec::new();
    for (ty, value) in [(Type::Quantity, json!("1Gi")), (amounts, json!(["500m", "2"]))] {
        let ty = Type::optional(ty);
        let null = constant(&ty, Json::Null);
        for operand in [constant(&ty, value), null.clone()] {
            for op in [BinaryOp::Equal, BinaryOp::NotEqual] {
                found.push(binary(Type::Bool, op, &operand, &null));
                found.push(binary(Type::Bool, op, &null, &operand));
            }
        }
    }
    found
}

/// Compares all of them in one run; `every` takes only some, so that an everyday test is quick.
fn compare(every: usize) {
    let expressions: Vec<Expr> =
        absences().into_iter().chain(expressions().into_iter().step_by(every)).collect();
    // `Comparison` of floats with min and max of one type are as the checker makes them: no widening is needed.
    let nodes: Vec<Json> = expressions
        .iter()
        .enumerate()
        .map(|(index, expr)| {
            json!({
                "id": format!("n{index}"),
                "ty": Type::optional(expr.ty.clone()),
                "kind": { "try": { "body": { "body": {
                    "nodes": [{ "id": "v", "ty": expr.ty, "kind": { "let": expr } }],
                    "value": { "ty": expr.ty, "kind": { "output": { "node": "v" } } },
                } } } },
            })
        })
        .collect();
    let outputs: Vec<Json> = expressions
        .iter()
        .enumerate()
        .map(|(index, expr)| json!({ "name": format!("n{index}"), "ty": Type::optional(expr.ty.clone()) }))
        .collect();
    let fields: Vec<Json> = outputs
        .iter()
        .map(|output| {
            json!([output["name"], { "ty": output["ty"], "kind": { "output": { "node": output["name"] } } }])
        })
        .collect();
    let program: Program = serde_json::from_value(json!({
        "ir": "1.0", "name": "evaluation", "entry": { "pipeline": "p" },
        "types": { "Outputs": { "kind": "record", "fields": outputs } },
        "pipelines": { "p": {
            "name": "p", "results": { "named": outputs }, "identity": "0".repeat(64),
            "body": { "nodes": nodes, "value": { "ty": { "type": "record", "name": "Outputs" }, "kind": { "record": fields } } },
        } },
    }))
    .unwrap();
    let directory = tempfile::tempdir().unwrap();
    super::emit(&program, &directory.path().join("flow"));
    let output = Command::new(directory.path().join("flow/run.sh"))
        .arg("--json")
        .current_dir(&directory)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .unwrap();
    let found: Json = serde_json::from_slice(&output.stdout).unwrap();
    let mut wrong = Vec::new();
    for (index, expr) in expressions.iter().enumerate() {
        let scope = pipec_ir::eval::NoScope;
        let expected = evaluate(expr, &program.types, &scope).unwrap_or(Value::Null);
        let expected = canonical_json(&to_json(&expected, &expr.ty, &program.types));
        let found = &found[format!("n{index}")];
        let exact = from_json(found, &Type::optional(expr.ty.clone()), &program.types)
            .map(|value| canonical_json(&to_json(&value, &expr.ty, &program.types)));
        if exact.as_deref() != Ok(expected.as_str()) {
            wrong.push(format!("{:?}\n  expected {expected}, found {found}", expr.kind));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), expressions.len(), wrong.join("\n"));
}

/// All operations on all pairs of edge values take minutes, so every so many of them; `PIPEC_EVERY=1` takes them all.
#[test]
fn expressions_mean_what_the_engine_computes() {
    compare(std::env::var("PIPEC_EVERY").map_or(61, |every| every.parse().unwrap()));
}
