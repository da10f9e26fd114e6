//! The contract with a step's program, in bash, sh, python and argument vectors.

use crate::support::Bench;
use crate::support::build::*;
use serde_json::json;

#[test]
fn a_program_reads_its_inputs_and_writes_its_output() {
    let greet = bash(
        "greet",
        &[("name", "string"), ("times", "int")],
        &[("out", "string")],
        "
for _ in $(seq \"$times\"); do printf 'hello %s ' \"$name\"; done >\"$out\"",
    );
    let flow = program(
        vec![greet],
        vec![main_of(
            "string",
            vec![call("greeting", "greet", &[("name", text("world")), ("times", value("int", 2))])],
            output("string", "greeting"),
        )],
    );
    assert_eq!(Bench::new().outputs(&flow), json!({ "out": "hello world hello world " }));
}
