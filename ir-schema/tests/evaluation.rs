//! What expressions mean: each row is an expression and the canonical JSON of its value, or its fault.

use std::collections::HashMap;

use pipec_ir::{
    ArtifactRef, BinaryOp, Enum, Expr, ExprKind, Fault, Field, Function, MatchArm, NodeId, Record, RunField,
    Scope, Type, TypeDef, TypeTable, UnaryOp, Value, Variant, canonical_json, evaluate, to_json,
};
use serde_json::{Value as Json, json};

fn expr(ty: Type, kind: ExprKind) -> Expr {
    Expr { ty, kind, span: None }
}

fn constant(ty: Type, json: Json) -> Expr {
    expr(ty, ExprKind::Const(json))
}

fn int(value: i64) -> Expr {
    let json = to_json(&Value::Int(value), &Type::INT, &TypeTable::new());
    constant(Type::INT, json)
}

fn float(value: f64) -> Expr {
    constant(Type::FLOAT, json!(value))
}

fn string(text: &str) -> Expr {
    constant(Type::STRING, json!(text))
}

fn duration(text: &str) -> Expr {
    constant(Type::Duration, json!(text))
}

fn quantity(text: &str) -> Expr {
    constant(Type::Quantity, json!(text))
}

fn boolean(value: bool) -> Expr {
    constant(Type::Bool, json!(value))
}

fn list(item: Type, items: Json) -> Expr {
    constant(Type::list(item), items)
}

fn map(value: Type, entries: Json) -> Expr {
    constant(Type::map(value), entries)
}

fn null(of: Type) -> Expr {
    constant(Type::optional(of), Json::Null)
}

fn named(name: &str) -> Type {
    Type::Record { name: name.to_owned() }
}

fn loss() -> Type {
    Type::Enum { name: "Loss".to_owned() }
}

fn input(ty: Type, name: &str) -> Expr {
    expr(ty, ExprKind::Input(name.to_owned()))
}

fn unary(ty: Type, op: UnaryOp, operand: Expr) -> Expr {
    expr(ty, ExprKind::Unary { op, operand: Box::new(operand) })
}

fn binary(ty: Type, op: BinaryOp, left: Expr, right: Expr) -> Expr {
    expr(ty, ExprKind::Binary { op, left: Box::new(left), right: Box::new(right) })
}

fn call(ty: Type, function: Function, args: &[Expr]) -> Expr {
    expr(ty, ExprKind::Call { function, args: args.to_vec() })
}

fn widen(ty: Type, operand: Expr) -> Expr {
    expr(ty, ExprKind::Widen(Box::new(operand)))
}

fn refine(ty: Type, operand: Expr) -> Expr {
    expr(ty, ExprKind::Refine(Box::new(operand)))
}

fn index(ty: Type, of: Expr, index: Expr) -> Expr {
    expr(ty, ExprKind::Index { of: Box::new(of), index: Box::new(index) })
}

fn field(name: &str, ty: Type) -> Field {
    Field { name: name.to_owned(), outside: None, ty, default: None, doc: None }
}

/// `Point`, `Small` (a part of it), `Loss` (with an outside name and a payload), `Sample` (mixed).
fn types() -> TypeTable {
    let record = |fields: Vec<Field>| TypeDef::Record(Record { fields, doc: None });
    let variant = |name: &str, outside: Option<&str>, fields: Vec<Field>| Variant {
        name: name.to_owned(),
        outside: outside.map(str::to_owned),
        fields,
        doc: None,
    };
    let weight = Field { default: Some(json!(1)), ..field("weight", Type::FLOAT) };
    let label = Field { outside: Some("Label!".to_owned()), ..field("label", Type::optional(Type::STRING)) };
    let mut types = TypeTable::new();
    types.insert("Point".into(), record(vec![field("x", Type::INT), field("y", Type::INT), label.clone()]));
    types.insert("Small".into(), record(vec![field("x", Type::FLOAT), weight, label]));
    types.insert(
        "Sample".into(),
        record(vec![field("id", Type::STRING), field("reads", Type::File { format: None })]),
    );
    types.insert("Id".into(), record(vec![field("id", Type::STRING)]));
    let variants = vec![
        variant("logistic", None, vec![]),
        variant("hinge", Some("squared hinge"), vec![]),
        variant("custom", None, vec![field("name", Type::STRING), field("power", Type::INT)]),
    ];
    types.insert("Loss".into(), TypeDef::Enum(Enum { variants, doc: None }));
    let plain = vec![variant("yes", None, vec![]), variant("no", Some("nope"), vec![])];
    types.insert("Answer".into(), TypeDef::Enum(Enum { variants: plain, doc: None }));
    types
}

struct Names(HashMap<&'static str, Value>);

impl Scope for Names {
    fn input(&self, name: &str) -> Option<Value> {
        self.0.get(name).cloned()
    }

    fn output(&self, node: &NodeId, output: Option<&str>) -> Option<Value> {
        self.0.get(format!("{}.{}", node.0, output.unwrap_or("")).as_str()).cloned()
    }

    fn run(&self, field: RunField) -> Option<Value> {
        (field == RunField::Id).then(|| Value::string("run-1"))
    }

    fn artifact(&self, _: &ArtifactRef) -> Result<Value, Fault> {
        Ok(Value::Artifact(pipec_ir::Artifact { place: "/data/x".into(), identity: None }))
    }
}

fn result(expr: &Expr) -> String {
    let types = types();
    let sample = |id: &str| {
        let place = format!("/reads/{id}");
        let reads = Value::Artifact(pipec_ir::Artifact { place, identity: None });
        Value::Record(vec![("id".into(), Value::string(id)), ("reads".into(), reads)])
    };
    let scope = Names(HashMap::from([
        ("samples", Value::List(vec![sample("a"), sample("b")])),
        ("n", Value::Int(7)),
        ("step.", Value::Record(vec![("rows".into(), Value::Int(3))])),
        ("step.rows", Value::Int(3)),
    ]));
    match evaluate(expr, &types, &scope) {
        Ok(value) => canonical_json(&to_json(&value, &expr.ty, &types)),
        Err(fault) => format!("fault: {fault}"),
    }
}

fn check(table: Vec<(Expr, &str)>) {
    for (expr, expected) in table {
        assert_eq!(result(&expr), expected, "{:?}", expr.kind);
    }
}

const OVERFLOW: &str = "fault: int overflow: the result does not fit in 64 bits";
const TOO_LARGE: &str = "fault: float overflow: the result is not a finite number";
const TOO_LONG: &str = "fault: duration overflow: the result is beyond 9007199254740991ms";
const BY_ZERO: &str = "fault: division by zero";

#[test]
fn arithmetic_of_ints() {
    use BinaryOp::{Add, Div, Mod, Multiply, Subtract};
    let int2 = |op, left, right| binary(Type::INT, op, int(left), int(right));
    check(vec![
        (int2(Add, 1, 2), "3"),
        (int2(Add, i64::MAX, 1), OVERFLOW),
        (int2(Subtract, i64::MIN, 1), OVERFLOW),
        (int2(Subtract, i64::MIN, i64::MIN), "0"),
        (int2(Multiply, i64::MAX, 2), OVERFLOW),
        (int2(Multiply, i64::MIN, -1), OVERFLOW),
        (int2(Multiply, 3037000500, 3037000499), "\"9223372033963249500\""),
        (int2(Div, 7, 2), "3"),
        (int2(Div, -7, 2), "-4"),
        (int2(Div, 7, -2), "-4"),
        (int2(Div, -7, -2), "3"),
        (int2(Div, -8, 2), "-4"),
        (int2(Div, i64::MIN, -1), OVERFLOW),
        (int2(Div, 1, 0), BY_ZERO),
        (int2(Mod, 7, 3), "1"),
        (int2(Mod, -7, 3), "2"),
        (int2(Mod, 7, -3), "-2"),
        (int2(Mod, -7, -3), "-1"),
        (int2(Mod, i64::MIN, -1), "0"),
        (int2(Mod, i64::MIN, 0), BY_ZERO),
        (unary(Type::INT, UnaryOp::Negate, int(i64::MIN)), OVERFLOW),
        (unary(Type::INT, UnaryOp::Negate, int(5)), "-5"),
        (call(Type::INT, Function::Abs, &[int(i64::MIN)]), OVERFLOW),
        (call(Type::INT, Function::Abs, &[int(-9007199254740993)]), "\"9007199254740993\""),
    ]);
}

#[test]
fn arithmetic_of_floats() {
    use BinaryOp::{Add, Divide, Multiply, Subtract};
    let float2 = |op, left, right| binary(Type::FLOAT, op, float(left), float(right));
    check(vec![
        (float2(Add, 0.1, 0.2), "0.30000000000000004"),
        (float2(Multiply, 1e200, 1e200), TOO_LARGE),
        (float2(Subtract, -1e308, 1e308), TOO_LARGE),
        (float2(Multiply, -0.5, 0.0), "0"),
        (float2(Divide, 0.0, -5.0), "0"),
        (float2(Divide, 1.0, 3.0), "0.3333333333333333"),
        (float2(Divide, 1.0, 0.0), BY_ZERO),
        (float2(Divide, 0.0, 0.0), BY_ZERO),
        (float2(Divide, 1e308, 1e-10), TOO_LARGE),
        (float2(Divide, 5e-324, 2.0), "0"),
        (unary(Type::FLOAT, UnaryOp::Negate, float(0.0)), "0"),
        (call(Type::FLOAT, Function::Abs, &[float(-1.5)]), "1.5"),
        (widen(Type::FLOAT, int(9007199254740993)), "9007199254740992"),
        (call(Type::INT, Function::Round, &[float(2.5)]), "3"),
        (call(Type::INT, Function::Round, &[float(-2.5)]), "-3"),
        (call(Type::INT, Function::Round, &[float(0.49999999999999994)]), "0"),
        (
            call(Type::INT, Function::Round, &[float(9.3e18)]),
            "fault: round: the number does not fit in 64 bits",
        ),
        (call(Type::INT, Function::Round, &[float(-9223372036854775808.0)]), "\"-9223372036854775808\""),
    ]);
    // No operation gives a negative zero, though JSON wouldn't show it.
    let types = types();
    let zero = float2(Multiply, -0.5, 0.0);
    let value = evaluate(&zero, &types, &Names(HashMap::new()));
    assert!(matches!(value, Ok(Value::Float(zero)) if zero.is_sign_positive()));
}

#[test]
fn arithmetic_of_durations() {
    use BinaryOp::{Add, Less, Multiply, Subtract};
    let most = duration("9007199254740991ms");
    check(vec![
        (binary(Type::Duration, Add, duration("1500ms"), duration("1s")), "\"2500ms\""),
        (binary(Type::Duration, Subtract, duration("1s"), duration("90s")), "\"-89s\""),
        (binary(Type::Duration, Multiply, duration("30s"), int(4)), "\"120s\""),
        (binary(Type::Duration, Multiply, int(-1), duration("1ms")), "\"-1ms\""),
        (binary(Type::Duration, Add, most.clone(), duration("1ms")), TOO_LONG),
        (binary(Type::Duration, Multiply, most, int(i64::MAX)), TOO_LONG),
        (binary(Type::Bool, Less, duration("-1s"), duration("0s")), "true"),
    ]);
}

#[test]
fn comparison() {
    use BinaryOp::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    let compare = |op, left, right| binary(Type::Bool, op, left, right);
    let point = |x: i64| constant(named("Point"), json!({"x": x, "y": 0, "Label!": null}));
    check(vec![
        (compare(Less, int(-1), int(0)), "true"),
        (compare(GreaterOrEqual, float(0.5), float(0.5)), "true"),
        // By code point: U+FFFD is before U+1F600, though its UTF-16 units are not.
        (compare(Less, string("\u{fffd}"), string("😀")), "true"),
        (compare(Greater, string("a"), string("B")), "true"),
        (compare(LessOrEqual, string(""), string("a")), "true"),
        (compare(Equal, quantity("1Gi"), quantity("1024Mi")), "true"),
        (compare(Equal, quantity("1G"), quantity("1Gi")), "false"),
        (compare(Equal, list(Type::Quantity, json!(["1"])), list(Type::Quantity, json!(["1000m"]))), "true"),
        (compare(Equal, point(1), point(1)), "true"),
        (compare(NotEqual, point(1), point(2)), "true"),
        (compare(Equal, null(Type::INT), null(Type::INT)), "true"),
        (compare(Equal, null(Type::INT), constant(Type::optional(Type::INT), json!(0))), "false"),
        (
            compare(Equal, constant(loss(), json!("logistic")), constant(loss(), json!("squared hinge"))),
            "false",
        ),
        (
            compare(Equal, map(Type::INT, json!({"a": 1, "b": 2})), map(Type::INT, json!({"b": 2, "a": 1}))),
            "true",
        ),
        (
            compare(Equal, constant(Type::Json, json!({"a": 1.0})), constant(Type::Json, json!({"a": 1}))),
            "true",
        ),
    ]);
}

#[test]
fn only_what_is_needed_is_evaluated() {
    use BinaryOp::{And, Coalesce, Equal, Or};
    let faulty = || binary(Type::INT, BinaryOp::Div, int(1), int(0));
    let faulty_bool = || binary(Type::Bool, Equal, faulty(), int(1));
    let choose = |condition| {
        let (condition, then, otherwise) = (Box::new(condition), Box::new(int(1)), Box::new(faulty()));
        expr(Type::INT, ExprKind::If { condition, then, otherwise })
    };
    let some = constant(Type::optional(Type::INT), json!(5));
    check(vec![
        (binary(Type::Bool, And, boolean(false), faulty_bool()), "false"),
        (binary(Type::Bool, Or, boolean(true), faulty_bool()), "true"),
        (binary(Type::Bool, And, boolean(true), faulty_bool()), BY_ZERO),
        (binary(Type::Bool, And, faulty_bool(), boolean(false)), BY_ZERO),
        (binary(Type::INT, Coalesce, some, faulty()), "5"),
        (binary(Type::INT, Coalesce, null(Type::INT), int(6)), "6"),
        (binary(Type::INT, Coalesce, null(Type::INT), faulty()), BY_ZERO),
        (choose(boolean(true)), "1"),
        (choose(boolean(false)), BY_ZERO),
        (unary(Type::Bool, UnaryOp::Not, boolean(false)), "true"),
    ]);
}

#[test]
fn fields_elements_and_projections() {
    let point = constant(named("Point"), json!({"x": 4, "y": 5, "Label!": "l"}));
    let of = |of: Expr, field: &str| (Box::new(of), field.to_owned());
    let get_field = |ty, (of, field)| expr(ty, ExprKind::Field { of, field });
    let optional_field = |ty, (of, field)| expr(ty, ExprKind::OptionalField { of, field });
    let project = |ty, (of, field)| expr(ty, ExprKind::Project { of, field });
    let optional = Type::optional(Type::INT);
    let points =
        list(named("Point"), json!([{"x": 1, "y": 0, "Label!": null}, {"x": 2, "y": 0, "Label!": "b"}]));
    let sparse = list(Type::optional(named("Point")), json!([null, {"x": 2, "y": 0, "Label!": null}]));
    let numbers = || list(Type::INT, json!([10, 20, 30]));
    let ages = || map(Type::INT, json!({"ann": 1, "b{{c": 2}));
    let samples = || input(Type::list(named("Sample")), "samples");
    let get = |of, index| call(optional.clone(), Function::Get, &[of, index]);
    check(vec![
        (get_field(Type::INT, of(point.clone(), "y")), "5"),
        (get_field(Type::optional(Type::STRING), of(point, "label")), "\"l\""),
        (optional_field(optional.clone(), of(null(named("Point")), "x")), "null"),
        (project(Type::list(Type::INT), of(points, "x")), "[1,2]"),
        (project(Type::list(optional.clone()), of(sparse, "x")), "[null,2]"),
        (
            project(Type::list(Type::File { format: None }), of(samples(), "reads")),
            r#"["/reads/a","/reads/b"]"#,
        ),
        (index(Type::INT, numbers(), int(2)), "30"),
        (index(Type::INT, numbers(), int(3)), "fault: index out of range (index 3, length 3)"),
        (index(Type::INT, numbers(), int(-1)), "fault: index out of range (index -1, length 3)"),
        (index(Type::INT, ages(), string("ann")), "1"),
        (index(Type::INT, ages(), string("bob")), "fault: missing key (bob)"),
        // What a target's expression couldn't carry isn't shown.
        (index(Type::INT, ages(), string("{{x}}")), "fault: missing key"),
        (get(numbers(), int(1)), "20"),
        (get(numbers(), int(-1)), "null"),
        (get(numbers(), int(i64::MAX)), "null"),
        (get(ages(), string("zoe")), "null"),
        (index(named("Sample"), samples(), int(1)), r#"{"id":"b","reads":"/reads/b"}"#),
        (expr(Type::INT, ExprKind::Output { node: NodeId("step".into()), output: Some("rows".into()) }), "3"),
        (expr(Type::STRING, ExprKind::Run(RunField::Id)), "\"run-1\""),
        (input(Type::INT, "missing"), "fault: missing has no value"),
    ]);
}

#[test]
fn functions_of_lists_and_maps() {
    use Function as F;
    let ints = |items: Json| list(Type::INT, items);
    let list_of_ints = || Type::list(Type::INT);
    let optional = || Type::optional(Type::INT);
    let strings = |items: Json| list(Type::STRING, items);
    let none = || ints(json!([]));
    let nested = list(list_of_ints(), json!([[1], [], [2, 3]]));
    let pairs =
        |keys: Json, values: Json| call(Type::map(Type::INT), F::ToMap, &[strings(keys), ints(values)]);
    let ages = || map(Type::INT, json!({"b": 2, "a": 1}));
    let sum = |item: Type, items: Json| call(item.clone(), F::Sum, &[list(item, items)]);
    let range = |from, to| call(list_of_ints(), F::Range, &[int(from), int(to)]);
    let durations = json!(["9007199254740991ms", "1ms"]);
    check(vec![
        (call(Type::INT, F::Len, &[ints(json!([1, 2]))]), "2"),
        (call(Type::INT, F::Len, &[ages()]), "2"),
        (call(Type::INT, F::Len, &[string("é😀\u{301}")]), "3"),
        (range(2, 5), "[2,3,4]"),
        (range(5, 2), "[]"),
        (range(0, 100_001), "fault: range: more than 100000 items"),
        (range(i64::MIN, i64::MAX), "fault: range: more than 100000 items"),
        (call(Type::INT, F::Len, &[range(0, 100_000)]), "100000"),
        (call(Type::INT, F::MinOf, &[int(3), int(1), int(2)]), "1"),
        (call(Type::FLOAT, F::MaxOf, &[float(0.5), float(1.5)]), "1.5"),
        (call(Type::STRING, F::MaxOf, &[string("a"), string("é")]), "\"é\""),
        (call(optional(), F::MinIn, &[none()]), "null"),
        (call(optional(), F::MaxIn, &[ints(json!([1, 3, 2]))]), "3"),
        (sum(Type::INT, json!([])), "0"),
        (sum(Type::FLOAT, json!([])), "0"),
        (sum(Type::Duration, json!([])), "\"0s\""),
        (sum(Type::FLOAT, json!([0.1, 0.2, 0.3])), "0.6000000000000001"),
        // Each partial sum is checked, though the whole would fit.
        (sum(Type::INT, json!(["9223372036854775807", 1, -1])), OVERFLOW),
        (sum(Type::Duration, durations), TOO_LONG),
        (call(Type::STRING, F::Join, &[strings(json!(["a", "", "b"])), string(", ")]), "\"a, , b\""),
        (call(Type::STRING, F::Join, &[strings(json!([])), string(",")]), "\"\""),
        (call(Type::Bool, F::Contains, &[ints(json!([1, 2])), int(2)]), "true"),
        (call(Type::Bool, F::Contains, &[list(Type::Quantity, json!(["1k"])), quantity("1000")]), "true"),
        (call(Type::list(Type::STRING), F::Keys, &[ages()]), r#"["a","b"]"#),
        (call(list_of_ints(), F::Values, &[ages()]), "[1,2]"),
        (call(list_of_ints(), F::Compact, &[list(optional(), json!([1, null, 3]))]), "[1,3]"),
        (call(list_of_ints(), F::Flatten, &[nested]), "[1,2,3]"),
        (call(list_of_ints(), F::Concat, &[none(), none()]), "[]"),
        (call(list_of_ints(), F::Concat, &[ints(json!([1])), none(), ints(json!([2, 3]))]), "[1,2,3]"),
        (pairs(json!(["b", "a"]), json!([1, 2])), r#"{"a":2,"b":1}"#),
        (pairs(json!(["a", "a"]), json!([1, 2])), "fault: to_map: a key is given twice"),
        (
            pairs(json!(["a"]), json!([])),
            "fault: to_map: as many keys as values are needed (1 keys, 0 values)",
        ),
        (call(Type::STRING, F::AddDays, &[string("2024-02-28"), int(2)]), "\"2024-03-01\""),
        (call(Type::STRING, F::AddDays, &[string("2023-02-29"), int(0)]), "fault: add_days: no such day"),
    ]);
}

#[test]
fn mixed_values_are_walked_zipped_and_narrowed() {
    use Function as F;
    let mut types = types();
    let pair = vec![field("a0", named("Sample")), field("a1", Type::INT)];
    types.insert("Pair".into(), TypeDef::Record(Record { fields: pair, doc: None }));
    let samples = || input(Type::list(named("Sample")), "samples");
    let pairs = |numbers| call(Type::list(named("Pair")), F::Zip, &[samples(), list(Type::INT, numbers)]);
    let rows = |expr: &Expr| {
        let sample = |id: &str| Value::Record(vec![("id".into(), Value::string(id))]);
        let scope = Names(HashMap::from([("samples", Value::List(vec![sample("a"), sample("b")]))]));
        match evaluate(expr, &types, &scope) {
            Ok(Value::List(rows)) => rows.len().to_string(),
            Ok(other) => format!("{other:?}"),
            Err(fault) => fault.message,
        }
    };
    assert_eq!(rows(&pairs(json!([1, 2]))), "2");
    assert_eq!(rows(&pairs(json!([1]))), "zip: lists of different lengths (2, 1)");
    let ids = Type::list(named("Id"));
    check(vec![(widen(ids, samples()), r#"[{"id":"a"},{"id":"b"}]"#)]);
}

#[test]
fn conversions() {
    let depth = Type::Int { min: Some(1), max: Some(16) };
    let uri = Type::String { pattern: Some(r"s3://\w+".into()) };
    let point = constant(named("Point"), json!({"x": 4, "y": 5, "Label!": null}));
    let big = "9223372036854775807";
    check(vec![
        // Extra fields are dropped, defaults filled in, ints made floats.
        (widen(named("Small"), point.clone()), r#"{"Label!":null,"weight":1,"x":4}"#),
        (widen(Type::Json, point), r#"{"Label!":null,"x":4,"y":5}"#),
        (widen(Type::Json, int(i64::MAX)), &format!("\"{big}\"")),
        (widen(Type::Json, null(Type::INT)), "null"),
        (widen(Type::Json, duration("2m")), "\"120s\""),
        (
            binary(
                Type::Bool,
                BinaryOp::Equal,
                widen(Type::optional(Type::Json), constant(Type::Json, Json::Null)),
                null(Type::Json),
            ),
            "true",
        ),
        (widen(Type::Quantity, int(4)), "\"4\""),
        (widen(Type::optional(Type::FLOAT), int(4)), "4"),
        (widen(Type::list(Type::optional(Type::FLOAT)), list(Type::INT, json!([1]))), "[1]"),
        (widen(Type::map(Type::Json), map(Type::INT, json!({"a": 1}))), r#"{"a":1}"#),
        (refine(depth.clone(), int(16)), "16"),
        (refine(depth.clone(), int(17)), "fault: expected an int from 1 to 16, found the number 17"),
        (
            refine(Type::list(depth), list(Type::INT, json!([1, 0]))),
            "fault: at (1): expected an int from 1 to 16, found the number 0",
        ),
        (refine(uri.clone(), string("s3://bucket")), "\"s3://bucket\""),
        (
            refine(uri, string("gs://x")),
            "fault: expected text that matches its pattern, found the text gs://x",
        ),
        (expr(Type::INT, ExprKind::Narrow(Box::new(constant(Type::optional(Type::INT), json!(3))))), "3"),
    ]);
}

#[test]
fn texts() {
    let answer = |name: &str| constant(Type::Enum { name: "Answer".into() }, json!(name));
    let text = |pieces: Vec<Expr>| expr(Type::STRING, ExprKind::Interpolate(pieces));
    let pieces = vec![
        string("${x} "),
        int(i64::MIN),
        string(" "),
        float(1e21),
        boolean(true),
        answer("nope"),
        duration("1500ms"),
        quantity("0.50Gi"),
    ];
    check(vec![
        (text(vec![]), "\"\""),
        (text(pieces), "\"${x} -9223372036854775808 1e+21truenope1500ms0.50Gi\""),
        (call(Type::STRING, Function::ToString, &[answer("yes")]), "\"yes\""),
        (call(Type::STRING, Function::ToString, &[float(2.0)]), "\"2\""),
    ]);
}

#[test]
fn matches_bind_fields() {
    let bindings = vec![("power".to_owned(), "n".to_owned())];
    let arms = |subject: Expr| {
        let arm = |variant: &str, bindings: &[(String, String)], value: Expr| MatchArm {
            variant: Some(variant.to_owned()),
            bindings: bindings.to_vec(),
            value,
        };
        let arms = vec![
            arm("logistic", &[], int(1)),
            arm("hinge", &[], input(Type::INT, "n")),
            arm("custom", &bindings, binary(Type::INT, BinaryOp::Add, input(Type::INT, "n"), int(1))),
        ];
        expr(Type::INT, ExprKind::Match { subject: Box::new(subject), arms })
    };
    let on_bool = |subject: Expr| {
        let arm = |variant: Option<&str>, value| MatchArm {
            variant: variant.map(str::to_owned),
            bindings: vec![],
            value,
        };
        let arms = vec![arm(Some("true"), int(1)), arm(None, int(2)), arm(Some("false"), int(3))];
        expr(Type::INT, ExprKind::Match { subject: Box::new(subject), arms })
    };
    let custom = json!({"custom": {"name": "x", "power": 41}});
    let variant = expr(
        loss(),
        ExprKind::Variant {
            variant: "custom".into(),
            fields: vec![("name".into(), string("x")), ("power".into(), int(1))],
        },
    );
    check(vec![
        (arms(constant(loss(), json!("logistic"))), "1"),
        // The scope's own `n`: the arm binds nothing.
        (arms(constant(loss(), json!("squared hinge"))), "7"),
        (arms(constant(loss(), custom)), "42"),
        (variant, r#"{"custom":{"name":"x","power":1}}"#),
        (on_bool(boolean(false)), "3"),
        (on_bool(null(Type::Bool)), "2"),
    ]);
}
