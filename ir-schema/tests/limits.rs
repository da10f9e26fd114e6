//! Hostile documents: as deep as allowed, deeper, and types that grow without end. Tests run on small stacks.

use std::fmt::Write;

use pipec_ir::eval::NoScope;
use pipec_ir::{MAX_NESTING, Program, Value, evaluate, read, validate, write};
use serde_json::json;

/// A program whose one pipeline has this `types` table and this value of type int.
fn program(types: &str, value: &str) -> String {
    let identity = "0".repeat(64);
    format!(
        r#"{{"ir": "1.0", "name": "deep", "entry": {{"pipeline": "main"}}, "types": {types}, "pipelines": {{"main": {{
            "name": "main", "results": {{"single": {{"name": "out", "ty": {{"type": "int"}}}}}},
            "body": {{"value": {value}}}, "identity": "{identity}"}}}}}}"#
    )
}

fn negations(depth: usize) -> String {
    let int = r#"{"ty": {"type": "int"}, "kind": "#;
    let opened = format!(r#"{int}{{"unary": {{"op": "negate", "operand": "#).repeat(depth);
    format!(r#"{opened}{int}{{"const": 1}}}}{}"#, "}}}".repeat(depth))
}

fn first_finding(program: &Program) -> String {
    match validate(program) {
        Ok(()) => "valid".to_owned(),
        Err(found) => found[0].message.clone(),
    }
}

#[test]
fn expressions_as_deep_as_allowed_are_walked_by_everything() {
    // The value of a body stands on level 2.
    let program = read(&program("{}", &negations(MAX_NESTING - 2))).expect("a deep program");
    assert_eq!(first_finding(&program), "valid");
    let value = program.pipelines[0].body.value.clone().expect("a value");
    assert_eq!(evaluate(&value, &program.types, &NoScope), Ok(Value::Int(1)));
    assert_eq!(read(&write(&program)).as_ref(), Ok(&program));
    assert_eq!(program.without_spans(), program);
    let mut identified = program.clone();
    identified.set_identities();
    assert_ne!(identified.pipelines[0].identity, program.pipelines[0].identity);
}

#[test]
fn deeper_expressions_are_refused() {
    let message = "nested more than 256 deep";
    for depth in [MAX_NESTING - 1, 600] {
        let program = read(&program("{}", &negations(depth))).expect("a deep program");
        assert_eq!(first_finding(&program), message);
    }
    let error = read(&program("{}", &negations(100_000))).expect_err("far too deep");
    assert_eq!(error.to_string(), "the JSON is nested deeper than a program can be, from line 3 on");
}

#[test]
fn regions_are_bounded_too() {
    let nested = |depth: usize| {
        let opened = r#"{"nodes": [{"id": "t", "ty": {"type": "bool"}, "kind": {"try": {"body": {"body": "#
            .repeat(depth);
        let body = format!("{opened}{{}}{}", "}}}}]}".repeat(depth));
        program("{}", &negations(1)).replacen(
            r#""body": {"#,
            &format!(r#""hooks": [{{"event": "exit", "body": {{"body": {body}}}}}], "body": {{"#),
            1,
        )
    };
    assert_eq!(read(&nested(120)).map(|program| first_finding(&program)), Ok("valid".to_owned()));
    assert_eq!(
        read(&nested(200)).map(|program| first_finding(&program)),
        Ok("nested more than 256 deep".to_owned())
    );
}

#[test]
fn types_are_bounded() {
    let wrapped = |depth: usize| {
        let opened = r#"{"type": "list", "item": "#.repeat(depth);
        let ty = format!(r#"{opened}{{"type": "int"}}{}"#, "}".repeat(depth));
        program(
            &format!(r#"{{"R": {{"kind": "record", "fields": [{{"name": "f", "ty": {ty}}}]}}}}"#),
            &negations(1),
        )
    };
    let chain = |length: usize| {
        let mut types = String::from(r#"{"R0": {"kind": "record", "fields": []}"#);
        for level in 1..length {
            let below = level - 1;
            let ty = format!(r#"{{"type": "record", "name": "R{below}"}}"#);
            let field = |name: &str| format!(r#"{{"name": "{name}", "ty": {ty}}}"#);
            let _ = write!(
                types,
                r#", "R{level}": {{"kind": "record", "fields": [{}, {}]}}"#,
                field("a"),
                field("b")
            );
        }
        program(&format!("{types}}}"), &negations(1))
    };
    let message = Ok("types are nested more than 256 deep".to_owned());
    let finding = |document: &str| read(document).map(|program| first_finding(&program));
    assert_eq!(finding(&wrapped(200)), Ok("valid".to_owned()));
    assert_eq!(finding(&wrapped(300)), message);
    // Two fields on each level: 2^200 parts, looked at once each.
    assert_eq!(finding(&chain(200)), Ok("valid".to_owned()));
    assert_eq!(finding(&chain(20_000)), message);
}

#[test]
fn deep_constants_are_refused() {
    let json = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let field = format!(r#"{{"name": "f", "ty": {{"type": "json"}}, "default": {json}}}"#);
    let types = format!(r#"{{"R": {{"kind": "record", "fields": [{field}]}}}}"#);
    let found = read(&program(&types, &negations(1))).map(|program| first_finding(&program));
    assert_eq!(found, Ok("the default is nested too deep".to_owned()));
}

#[test]
fn incomplete_defaults_do_not_multiply() {
    let mut types = String::from(
        r#"{"R0": {"kind": "record", "fields": [{"name": "x", "ty": {"type": "int"}, "default": 1}]}"#,
    );
    for level in 1..100 {
        let below = level - 1;
        let field = |name: &str| {
            format!(
                r#"{{"name": "{name}", "ty": {{"type": "record", "name": "R{below}"}}, "default": {{}}}}"#
            )
        };
        let _ = write!(
            types,
            r#", "R{level}": {{"kind": "record", "fields": [{}, {}]}}"#,
            field("a"),
            field("b")
        );
    }
    let found = read(&program(&format!("{types}}}"), &negations(1))).map(|program| first_finding(&program));
    assert_eq!(found, Ok("the default must be canonical JSON, with every field".to_owned()));
}

#[test]
fn a_null_default_is_a_default() {
    let types =
        r#"{"R": {"kind": "record", "fields": [{"name": "f", "ty": {"type": "json"}, "default": null}]}}"#;
    let program = read(&program(types, &negations(1))).expect("a program");
    let ty = pipec_ir::Type::Record { name: "R".into() };
    let value = pipec_ir::from_json(&json!({}), &ty, &program.types).expect("a record");
    assert_eq!(pipec_ir::to_json(&value, &ty, &program.types), json!({"f": null}));
    assert_eq!(read(&write(&program)).as_ref(), Ok(&program));
}
