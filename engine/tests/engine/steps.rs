//! The contract with a step's program: its environment, its directory, its inputs and its outputs.

use std::collections::BTreeMap;
use std::fs;

use pipec_ir::{Blob, CapturedEntry, ExprKind, Function, Interpreter, Program};
use serde_json::{Value as Json, json};

use crate::support::Bench;
use crate::support::build::*;
use crate::support::hostile::hostile_texts;

/// One call of one task, whose output is the run's.
fn one(task: pipec_ir::Task, of: &str, arguments: &[(&str, pipec_ir::Expr)]) -> Program {
    let name = task.name.clone();
    program(vec![task], vec![main_of(of, vec![call("step", &name, arguments)], output(of, "step"))])
}

#[test]
fn a_program_reads_its_inputs_and_writes_its_output() {
    let greet = bash(
        "greet",
        &[("name", "string"), ("times", "int")],
        &[("out", "string")],
        r#"for _ in $(seq "$times"); do printf 'hello %s ' "$name"; done >"$out""#,
    );
    let flow = one(greet, "string", &[("name", text("world")), ("times", value("int", 2))]);
    assert_eq!(Bench::new().outputs(&flow), json!({ "out": "hello world hello world " }));
}

#[test]
fn the_environment_is_exactly_what_the_contract_says() {
    let mut copy = command(
        "copy",
        &[("x", "int"), ("gone", "string?")],
        &[("out", "file")],
        vec![text("cp"), text("/proc/self/environ"), input("file", "out")],
    );
    copy.settings.env.insert("GREETING".to_owned(), text("hi"));
    let flow = one(copy, "file", &[("x", value("int", 7)), ("gone", value("string?", Json::Null))]);
    let mut bench = Bench::new().environment("SECRET_OF_THE_CALLER", "1").environment("PASSED", "yes");
    bench.request.pass_env = vec!["PASSED".to_owned(), "NOT_SET".to_owned()];
    let report = bench.report(&flow);
    let file = report.outputs_json()["out"].as_str().unwrap().to_owned();
    let environment = fs::read_to_string(&file).unwrap();
    let variables: BTreeMap<&str, &str> =
        environment.split_terminator('\0').map(|variable| variable.split_once('=').unwrap()).collect();
    let names: Vec<&str> = variables.keys().copied().collect();
    assert_eq!(
        names,
        [
            "GREETING",
            "HOME",
            "LC_ALL",
            "PASSED",
            "PATH",
            "PIPEC_ATTEMPT",
            "PIPEC_RUN",
            "TMPDIR",
            "TZ",
            "out",
            "x"
        ]
    );
    assert_eq!((variables["x"], variables["GREETING"], variables["out"]), ("7", "hi", file.as_str()));
    assert_eq!((variables["LC_ALL"], variables["TZ"]), ("C.UTF-8", "UTC"));
    assert_eq!((variables["PIPEC_RUN"], variables["PIPEC_ATTEMPT"]), (report.run_id.as_str(), "1"));
    assert!(!fs::exists(variables["HOME"]).unwrap(), "HOME and TMPDIR are gone after the step");
}

#[test]
fn a_step_starts_in_an_empty_directory_with_its_files() {
    let mut look = bash(
        "look",
        &[],
        &[("out", "string")],
        r#"{ find . -type f | sort; bin/tool; ls -A "$HOME" "$TMPDIR"; touch "$HOME/x" "$TMPDIR/y"; } >"$out""#,
    );
    look.files = vec![
        CapturedEntry { path: "bin/tool".to_owned(), sha256: hash(TOOL), executable: true },
        CapturedEntry { path: "data.bin".to_owned(), sha256: hash(b"\xff\x00"), executable: false },
    ];
    let mut flow = one(look, "string", &[]);
    flow.blobs.insert(hash(TOOL), Blob::Text(String::from_utf8(TOOL.to_vec()).unwrap()));
    flow.blobs.insert(hash(b"\xff\x00"), Blob::Base64("/wA=".to_owned()));
    let seen = Bench::new().outputs(&flow)["out"].as_str().unwrap().to_owned();
    let lines: Vec<&str> =
        seen.lines().filter(|line| !line.is_empty() && !line.starts_with("/tmp")).collect();
    assert_eq!(lines[..3], ["./bin/tool", "./data.bin", "tool runs"], "{seen}");
    assert!(lines[3..].iter().all(|line| line.ends_with(':')), "HOME and TMPDIR are empty: {seen}");
}

const TOOL: &[u8] = b"#!/bin/sh\necho tool runs\n";

fn hash(content: &[u8]) -> String {
    pipec_ir::identity::sha256_hex(content)
}

#[test]
fn texts_arrive_and_come_back_byte_for_byte() {
    let echo_script = b"printf '%s\\n' \"$1\" >\"$2\"\n";
    let mut by_argument = command(
        "by_argument",
        &[("text", "string")],
        &[("out", "string")],
        vec![text("sh"), text("echo.sh"), input("string", "text"), input("string", "out")],
    );
    by_argument.files =
        vec![CapturedEntry { path: "echo.sh".to_owned(), sha256: hash(echo_script), executable: false }];
    let printf = r#"printf '%s\n' "$text" >"$out""#;
    let tasks = vec![
        bash("by_bash", &[("text", "string")], &[("out", "string")], printf),
        script(Interpreter::Sh, "by_sh", &[("text", "string")], &[("out", "string")], printf),
        python("by_python", &[("text", "string")], &[("out", "string")], "out = text"),
        by_argument,
    ];
    let texts = hostile_texts();
    for task in tasks {
        let name = task.name.clone();
        let body = region(
            &[],
            vec![call("echo", &name, &[("text", input("string", "x"))])],
            Some(output("string", "echo")),
        );
        // Each list is below the limit of a value.
        for chunk in texts.chunk_by(|left, right| left.len() + right.len() < 1_000) {
            let items = chunk.iter().map(|item| text(item)).collect();
            let nodes = vec![each("echoes", "[string]", "x", list("[string]", items), body.clone())];
            let pipeline = if chunk.len() == 1 {
                let nodes = vec![call("echo", &name, &[("text", text(&chunk[0]))])];
                main_of("string", nodes, output("string", "echo"))
            } else {
                main_of("[string]", nodes, output("[string]", "echoes"))
            };
            let mut flow = program(vec![task.clone()], vec![pipeline]);
            flow.blobs
                .insert(hash(echo_script), Blob::Text(String::from_utf8(echo_script.to_vec()).unwrap()));
            let expected = if chunk.len() == 1 { json!(chunk[0]) } else { json!(chunk) };
            assert_eq!(Bench::new().outputs(&flow)["out"], expected, "{name}");
        }
    }
}

/// Every kind of input, as bash and as python see it.
#[test]
fn inputs_are_variables_of_their_own() {
    let types = [
        ("ColorKind", enumeration(&["red", "green"])),
        ("Point", record(&[("x", "int"), ("big", "int"), ("label", "string?")])),
    ];
    let inputs = [
        ("a", "int", json!("9223372036854775807")),
        ("b", "float", json!(0.1)),
        ("c", "float", json!(3.0)),
        ("d", "bool", json!(true)),
        ("e", "duration", json!("90s")),
        ("f", "quantity", json!("8Gi")),
        ("g", "ColorKind", json!("green")),
        ("h", "[string]", json!(["x y", "<&>", "\u{2028}"])),
        ("i", "map<int>", json!({"b": 1, "a": 2})),
        ("j", "Point", json!({"x": 1, "big": "9007199254740993", "label": null})),
        ("k", "string?", Json::Null),
        ("l", "json", json!({"z": [1.5, null]})),
    ];
    let names: Vec<(&str, &str)> = inputs.iter().map(|(name, of, _)| (*name, *of)).collect();
    let arguments: Vec<(&str, pipec_ir::Expr)> =
        inputs.iter().map(|(name, of, json)| (*name, value(of, json.clone()))).collect();
    let show =
        r#"for v in a b c d e f g h i j j_x j_big j_label k l; do echo "$v=${!v-unset}"; done >"$out""#;
    let look = bash("look", &names, &[("out", "string")], show);
    let flow = |task: pipec_ir::Task| {
        let nodes = vec![call("step", &task.name.clone(), &arguments)];
        program_with(&types, vec![task], vec![main_of("string", nodes, output("string", "step"))])
    };
    let expected = r#"a=9223372036854775807
b=0.1
c=3
d=true
e=90s
f=8Gi
g=green
h=["x y","\u003c\u0026\u003e","\u2028"]
i={"a":2,"b":1}
j={"big":"9007199254740993","label":null,"x":1}
j_x=1
j_big=9007199254740993
j_label=unset
k=unset
l={"z":[1.5,null]}"#;
    assert_eq!(Bench::new().outputs(&flow(look))["out"], expected);

    let show = "out = '\\n'.join(repr(v) for v in [a, b, c, d, e, f, g, h, i, j, j_x, j_big, j_label, k, l])";
    let look = python("look", &names, &[("out", "string")], show);
    let expected = "9223372036854775807
0.1
3.0
True
datetime.timedelta(seconds=90)
'8Gi'
'green'
['x y', '<&>', '\\u2028']
{'a': 2, 'b': 1}
{'x': 1, 'big': 9007199254740993, 'label': None}
1
9007199254740993
None
None
{'z': [1.5, None]}";
    assert_eq!(Bench::new().outputs(&flow(look))["out"], expected);
}

/// What a program writes, and what becomes of it.
#[test]
fn outputs_are_read_as_their_types() {
    for (of, written, expected) in [
        ("int", "42\\n", Ok(json!(42))),
        ("int", "9007199254740993", Ok(json!("9007199254740993"))),
        ("int", "", Err("expected an int, in digits, found empty text")),
        ("int", "42\\n\\n", Err("expected an int, in digits, found the text \"42\\n\"")),
        ("int in 1..=9", "10", Err("expected an int from 1 to 9, found the number 10")),
        ("float", "1e3", Ok(json!(1000))),
        ("float", "NaN", Err("a finite number")),
        ("bool", "True", Err("expected true or false, found the text \"True\"")),
        ("string", "two\\n\\n", Ok(json!("two\n"))),
        ("string?", "null", Ok(json!("null"))),
        ("int?", "null", Ok(json!(null))),
        ("duration", "2m", Ok(json!("120s"))),
        ("[int]", "[1, 2,\\n 3]", Ok(json!([1, 2, 3]))),
        ("[int]", "[1, \"x\"]", Err("at [1]: expected an int, found the text \"x\"")),
        ("map<bool>", "{\"a\": true}", Ok(json!({"a": true}))),
        ("json", "{\"a\": 1e2}", Ok(json!({"a": 100}))),
        ("json", "{", Err("json as JSON")),
        ("string", "\\xff", Err("it isn't text in UTF-8 (at byte 0)")),
        ("string", "a\\0b", Err("U+0000")),
    ] {
        let write = bash("write", &[], &[("out", of)], &format!("printf '{written}' >\"$out\""));
        let flow = one(write, of, &[]);
        let bench = Bench::new();
        match expected {
            Ok(json) => assert_eq!(bench.outputs(&flow)["out"], json, "{of} {written}"),
            Err(part) => {
                let message = bench.failures(&flow);
                assert!(message.contains(part), "{of} {written}: {message}");
                assert!(
                    message.starts_with("step: the output `out` of task `write` is wrong: "),
                    "{message}"
                );
            }
        }
    }
}

#[test]
fn a_missing_output_says_what_was_written_instead() {
    let quiet = bash("quiet", &[], &[("answer", "int")], ":");
    let loud = bash("loud", &[], &[("answer", "int")], "echo 42");
    let unset = python("unset", &[], &[("answer", "int")], "print(42)");
    let gone = bash("gone", &[], &[("rows", "file<csv>")], ":");
    for (task, expected) in [
        (
            quiet,
            "step: the output `answer` (int) of task `quiet` is missing: the program wrote nothing to the path in $answer\n",
        ),
        (
            loud,
            "step: the output `answer` (int) of task `loud` is missing: the program wrote nothing to the path in $answer. \
             It wrote 3 bytes to standard output instead, which only goes to the log; redirect it: … >\"$answer\"\n  | 42\n",
        ),
        (
            unset,
            "step: the output `answer` (int) of task `unset` is missing: the block never assigns `answer`. \
             It wrote 3 bytes to standard output instead, which only goes to the log; assign it: answer = …\n  | 42\n",
        ),
        (
            gone,
            "step: the output `rows` (file<csv>) of task `gone` is missing: the program wrote nothing to the path in $rows\n",
        ),
    ] {
        let nodes = vec![call("step", &task.name.clone(), &[])];
        let flow = program(vec![task], vec![main_without_value(nodes)]);
        assert_eq!(Bench::new().failures(&flow), expected);
    }
}

#[test]
fn an_optional_output_may_be_left_out() {
    let write = bash("write", &[], &[("a", "int?"), ("b", "file?"), ("c", "[file]?")], ":");
    let assign = python("assign", &[], &[("a", "int?"), ("b", "file?"), ("c", "[file]?")], "pass");
    for task in [write, assign] {
        let nodes = vec![call("step", &task.name.clone(), &[])];
        let outputs = [("a", "int?"), ("b", "file?"), ("c", "[file]?")];
        let values = outputs.iter().map(|(name, of)| (*name, named(of, "step", name))).collect();
        let flow = program(vec![task], vec![pipeline("main", &[], &outputs, nodes, Some(returns(values)))]);
        assert_eq!(Bench::new().outputs(&flow), json!({"a": null, "b": null, "c": null}));
    }
}

#[test]
fn a_value_has_at_most_90000_bytes() {
    for (count, fits) in [(89_998, true), (89_999, false), (5_000_000, false)] {
        let write = bash(
            "write",
            &[],
            &[("out", "string")],
            &format!("head -c {count} /dev/zero | tr '\\0' x >\"$out\""),
        );
        let assign = python("assign", &[], &[("out", "string")], &format!("out = 'x' * {count}"));
        for task in [write, assign] {
            let flow = one(task, "string", &[]);
            if fits {
                assert_eq!(Bench::new().outputs(&flow)["out"].as_str().unwrap().len(), count);
            } else {
                let message = Bench::new().failures(&flow);
                assert!(message.contains("90000") && message.contains("make it a file"), "{message}");
            }
        }
    }
    let double =
        function("[string]", Function::Concat, vec![input("[string]", "xs"), input("[string]", "xs")]);
    let flow = program(
        vec![],
        vec![pipeline(
            "main",
            &[("xs", "[string]")],
            &[("out", "[string]")],
            vec![bind("twice", double)],
            Some(output("[string]", "twice")),
        )],
    );
    let large = serde_json::to_string(&vec!["x".repeat(50_000)]).unwrap();
    assert!(
        Bench::new().give("xs", &large).failures(&flow).starts_with("twice: expected at most 90000 bytes")
    );
}

#[test]
fn inputs_that_are_too_large_together_are_named() {
    let names: Vec<String> = (0..60).map(|number| format!("x{number}")).collect();
    let inputs: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "string")).collect();
    let large = text(&"x".repeat(80_000));
    let arguments: Vec<(&str, pipec_ir::Expr)> =
        names.iter().map(|name| (name.as_str(), large.clone())).collect();
    let flow = one(bash("step", &inputs, &[("out", "int")], "echo 1 >$out"), "int", &arguments);
    let message = Bench::new().failures(&flow);
    assert!(message.contains("too large together for this operating system: 48"), "{message}");
    assert!(message.contains("`x10` with 80013"), "{message}");
}

#[test]
fn artifacts_are_paths_with_the_extension_of_their_format() {
    let make = bash(
        "make",
        &[],
        &[("rows", "file<csv>"), ("tree", "dir")],
        r#"echo a,b >"$rows"; mkdir -p "$tree/x"; echo 1 >"$tree/x/y""#,
    );
    let look = bash(
        "look",
        &[("rows", "file<csv>"), ("tree", "dir")],
        &[("out", "string")],
        r#"{ basename "$rows"; basename "$tree"; cat "$rows" "$tree/x/y"; } >"$out""#,
    );
    let nodes = vec![
        call("made", "make", &[]),
        call(
            "seen",
            "look",
            &[("rows", named("file<csv>", "made", "rows")), ("tree", named("dir", "made", "tree"))],
        ),
    ];
    let flow = program(vec![make, look], vec![main_of("string", nodes, output("string", "seen"))]);
    assert_eq!(Bench::new().outputs(&flow)["out"], "rows.csv\ntree\na,b\n1");
}

#[test]
fn what_a_step_made_is_read_only_and_its_own() {
    let make = bash(
        "make",
        &[("source", "file")],
        &[("linked", "file"), ("tree", "dir")],
        r#"ln -s "$source" "$linked"; mkdir "$tree"; ln "$source" "$tree/hard" 2>/dev/null || cp "$source" "$tree/hard"; ln -s "$source" "$tree/soft""#,
    );
    let nodes = vec![call("made", "make", &[("source", input("file", "source"))])];
    let value =
        returns(vec![("linked", named("file", "made", "linked")), ("tree", named("dir", "made", "tree"))]);
    let main =
        pipeline("main", &[("source", "file")], &[("linked", "file"), ("tree", "dir")], nodes, Some(value));
    let flow = program(vec![make], vec![main]);
    let bench = Bench::new().give("source", "in.txt");
    let source = bench.write("in.txt", "before");
    let outputs = bench.outputs(&flow);
    fs::write(&source, "after").unwrap();
    let tree = outputs["tree"].as_str().unwrap();
    for file in
        [outputs["linked"].as_str().unwrap().to_owned(), format!("{tree}/hard"), format!("{tree}/soft")]
    {
        assert_eq!(fs::read_to_string(&file).unwrap(), "before", "{file}");
        assert!(fs::metadata(&file).unwrap().permissions().readonly(), "{file}");
    }
    assert!(!fs::metadata(&source).unwrap().permissions().readonly());
    assert!(fs::metadata(tree).unwrap().permissions().readonly());
}

#[test]
fn a_wrong_artifact_is_a_failure() {
    for (of, script, expected) in [
        ("file", r#"mkdir "$x""#, "declared as file, a file, but the program wrote a directory"),
        ("dir", r#"touch "$x""#, "declared as dir, a directory, but the program wrote a file"),
        ("[file]", r#"touch "$x""#, "declared as [file], a directory, but the program wrote a file"),
        ("[file]", r#"mkdir -p "$x/1""#, "declared as file, a file, but the program wrote a directory"),
        ("file", r#"ln -s /nowhere "$x""#, "is a link to nothing"),
        ("file", r#"mkfifo "$x""#, "is neither a file nor a directory"),
        ("map<file>", r#"mkdir "$x"; touch "$x/%4""#, "is no key"),
        ("map<file>", r#"mkdir "$x"; touch "$x/a" "$x/%61""#, "two files stand for the key \"a\""),
        ("int", r#"mkdir "$x""#, "it is a value, which is written to a file"),
    ] {
        let task = bash("make", &[], &[("x", of)], script);
        let flow = program(vec![task], vec![main_without_value(vec![call("step", "make", &[])])]);
        let message = Bench::new().failures(&flow);
        assert!(message.contains(expected), "{of} {script}: {message}");
    }
}

/// Lists and maps of artifacts, and records with artifacts, there and back.
#[test]
fn artifacts_in_lists_maps_and_records_are_directories() {
    let types = [
        ("Sample", record(&[("id", "string"), ("reads", "[file]"), ("extra", "file<csv>?"), ("at", "Spot")])),
        ("Spot", record(&[("x", "int"), ("picture", "file<txt>")])),
    ];
    let make = bash(
        "make",
        &[],
        &[("many", "[file]"), ("keyed", "map<file>"), ("one", "file<txt>"), ("none", "file<csv>?")],
        r#"mkdir "$many" "$keyed"; for i in 10 9 1; do echo "item $i" >"$many/$i.txt"; done; touch "$many/.hidden"
echo slash >"$keyed/a%2Fb"; echo plain >"$keyed/plain.txt"; echo picture >"$one""#,
    );
    let inputs = [("many", "[file?]"), ("keyed", "map<file>"), ("s", "Sample"), ("xs", "[Sample?]")];
    let in_bash = bash(
        "in_bash",
        &inputs,
        &[("out", "string")],
        r#"show() { (cd "$1" && find . -mindepth 1 | sort | while read -r f; do if [ -f "$f" ]; then echo "$f: $(cat "$f")"; fi; done); }
{ show "$many"; show "$keyed"; echo "$s"; echo "$s_id ${s_extra-unset} $s_at_x"; basename "$s_at_picture"; show "$s_reads"
echo "$xs"; show "$xs_reads"; show "$xs_at_picture"; ls -A "$xs_extra"; } >"$out""#,
    );
    let in_python = python(
        "in_python",
        &inputs,
        &[("out", "string")],
        "from pathlib import Path
def read(v):
    if isinstance(v, Path): return v.read_text().strip()
    if isinstance(v, list): return [read(i) for i in v]
    if isinstance(v, dict): return {k: read(i) for k, i in v.items()}
    return v
out = '\\n'.join(map(repr, [read(many), read(keyed), read(s), read(s_reads), s_extra, s_at['picture'] == s_at_picture, read(xs)]))",
    );
    let sample = fields(
        "Sample",
        vec![
            ("id", text("S1")),
            ("reads", named("[file]", "made", "many")),
            ("extra", named("file<csv>?", "made", "none")),
            (
                "at",
                fields("Spot", vec![("x", value("int", 3)), ("picture", named("file<txt>", "made", "one"))]),
            ),
        ],
    );
    let arguments = [
        (
            "many",
            list(
                "[file?]",
                vec![
                    optional(expr(
                        "file",
                        ExprKind::Index {
                            of: Box::new(named("[file]", "made", "many")),
                            index: Box::new(value("int", 2)),
                        },
                    )),
                    value("file?", Json::Null),
                ],
            ),
        ),
        ("keyed", named("map<file>", "made", "keyed")),
        ("s", output("Sample", "sample")),
        ("xs", list("[Sample?]", vec![optional(output("Sample", "sample")), value("Sample?", Json::Null)])),
    ];
    let nodes = vec![
        call("made", "make", &[]),
        bind("sample", sample),
        call("by_bash", "in_bash", &arguments),
        call("by_python", "in_python", &arguments),
    ];
    let value = returns(vec![("a", output("string", "by_bash")), ("b", output("string", "by_python"))]);
    let main = pipeline("main", &[], &[("a", "string"), ("b", "string")], nodes, Some(value));
    let outputs = Bench::new().outputs(&program_with(&types, vec![make, in_bash, in_python], vec![main]));
    assert_eq!(
        outputs["a"].as_str().unwrap(),
        r#"./.count: 2
./0: item 10
./.count: 2
./a%2Fb: slash
./plain.txt: plain
{"at":{"x":3},"id":"S1"}
S1 unset 3
s_at_picture.txt
./.count: 3
./0: item 1
./1: item 9
./2: item 10
[{"at":{"x":3},"id":"S1"},null]
./.count: 2
./0/.count: 3
./0/0: item 1
./0/1: item 9
./0/2: item 10
./.count: 2
./0: picture
.count"#
    );
    assert_eq!(outputs["b"].as_str().unwrap(), "['item 10', None]
{'a/b': 'slash', 'plain.txt': 'plain'}
{'id': 'S1', 'reads': ['item 1', 'item 9', 'item 10'], 'extra': None, 'at': {'x': 3, 'picture': 'picture'}}
['item 1', 'item 9', 'item 10']
None
True
[{'id': 'S1', 'reads': ['item 1', 'item 9', 'item 10'], 'extra': None, 'at': {'x': 3, 'picture': 'picture'}}, None]");
}

#[test]
fn python_values_become_outputs() {
    for (of, assigned, expected) in [
        ("int", "2**63 - 1", Ok(json!("9223372036854775807"))),
        ("int", "2**63", Err("expected an int")),
        ("int", "True", Err("expected an int, found true")),
        ("int", "1.0", Ok(json!(1))),
        ("float", "1", Ok(json!(1))),
        ("float", "float('nan')", Err("nan is no finite number")),
        ("string", "'\\udc80'", Err("it holds half of a surrogate pair (U+DC80), which is no text in UTF-8")),
        ("json", "{'a\\ud800': 1}", Err("it holds half of a surrogate pair (U+D800)")),
        ("string", "'a\\n'", Ok(json!("a\n"))),
        ("string", "5", Err("expected a string, found the number 5")),
        ("string?", "None", Ok(json!(null))),
        ("duration", "__import__('datetime').timedelta(minutes=2)", Ok(json!("120s"))),
        (
            "duration",
            "__import__('datetime').timedelta(microseconds=1)",
            Err("no whole number of milliseconds"),
        ),
        ("[float]", "(1, 2.5)", Ok(json!([1, 2.5]))),
        ("map<int>", "{'a': 1}", Ok(json!({"a": 1}))),
        ("map<int>", "{1: 1}", Err("the key 1 is a value of Python's type int, but keys are strings")),
        ("[int]", "{1}", Err("it is a value of Python's type set, which no output can hold")),
        ("int", "type('int64', (), {'shape': (), 'item': lambda self: 7})()", Ok(json!(7))),
        ("float", "__import__('fractions').Fraction(1, 4)", Ok(json!(0.25))),
        ("json", "{'a': [None, True]}", Ok(json!({"a": [null, true]}))),
    ] {
        let flow = one(python("assign", &[], &[("out", of)], &format!("out = {assigned}")), of, &[]);
        match expected {
            Ok(json) => assert_eq!(Bench::new().outputs(&flow)["out"], json, "{of} {assigned}"),
            Err(part) => {
                let message = Bench::new().failures(&flow);
                assert!(message.contains(part), "{of} {assigned}: {message}");
            }
        }
    }
}

#[test]
fn a_traceback_names_the_source_and_its_line() {
    for (block, expected) in [
        (
            "def inner():\n    raise ValueError('no')\ninner()",
            "step: exit status 1
  | Traceback (most recent call last):
  |   File \"flow.pipe\", line 42, in <module>
  |     inner()
  |   File \"flow.pipe\", line 41, in inner
  |     raise ValueError('no')
  | ValueError: no
",
        ),
        (
            "x = 1\ny = (",
            "step: exit status 1
  |   File \"flow.pipe\", line 41
  |     y = (
  |         ^
  | SyntaxError: '(' was never closed
",
        ),
        ("import sys\nsys.exit(3)", "step: exit status 3\n"),
        ("exit('bye')", "step: exit status 1\n  | bye\n"),
    ] {
        let flow = one(python("fit", &[], &[("out", "int")], block), "int", &[]);
        assert_eq!(Bench::new().failures(&flow), expected);
    }
    let early = python("early", &[], &[("out", "int")], "out = 1\nexit(0)\nout = 2");
    assert_eq!(Bench::new().outputs(&one(early, "int", &[]))["out"], 1);
}

#[test]
fn python_blocks_are_modules_that_find_their_files() {
    let helper = b"def twice(x):\n    return 2 * x\n";
    let mut fit = python(
        "fit",
        &[],
        &[("out", "int")],
        "from helper import twice\nimport multiprocessing\ndef work(x):\n    return twice(x)\nif __name__ == '__main__':\n    with multiprocessing.get_context('fork').Pool(2) as pool:\n        out = sum(pool.map(work, [1, 2]))",
    );
    fit.files = vec![CapturedEntry { path: "helper.py".to_owned(), sha256: hash(helper), executable: false }];
    let mut flow = one(fit, "int", &[]);
    flow.blobs.insert(hash(helper), Blob::Text(String::from_utf8(helper.to_vec()).unwrap()));
    assert_eq!(Bench::new().outputs(&flow)["out"], 6);

    let hidden = python("hidden", &[], &[("out", "file")], "out = 'text'");
    let message = Bench::new().failures(&one(hidden, "file", &[]));
    assert!(message.contains("the block assigned to `out`, which is the path to write to"), "{message}");
}

#[test]
fn arguments_are_single_words_whatever_they_contain() {
    let inputs = [("depth", "int"), ("s", "Sample"), ("files", "[file]"), ("color", "ColorKind")];
    let interpolated = expr("string", ExprKind::Interpolate(vec![text("--depth="), input("int", "depth")]));
    let elements = vec![
        text("sh"),
        text("show.sh"),
        input("string", "out"),
        interpolated,
        field_of("string", input("Sample", "s"), "id"),
        field_of("file<txt>", input("Sample", "s"), "reads"),
        input("[file]", "files"),
        input("ColorKind", "color"),
    ];
    let types = [
        ("Sample", record(&[("id", "string"), ("reads", "file<txt>")])),
        ("ColorKind", enumeration(&["red"])),
    ];
    let show = b"out=$1; shift; { for a; do case $a in /*) basename \"$a\"; ls -A \"$a\" | sed 's,.*/,,' ;; *) echo \"$a\" ;; esac; done; } >\"$out\"\n";
    let mut task = command("show", &inputs, &[("out", "string")], elements);
    task.files = vec![CapturedEntry { path: "show.sh".to_owned(), sha256: hash(show), executable: false }];
    let make = bash(
        "make",
        &[],
        &[("reads", "file<txt>"), ("files", "[file]")],
        "touch $reads; mkdir $files; touch $files/a",
    );
    let sample =
        fields("Sample", vec![("id", text("-x $(id) *")), ("reads", named("file<txt>", "made", "reads"))]);
    let nodes = vec![
        call("made", "make", &[]),
        call(
            "step",
            "show",
            &[
                ("depth", value("int", 4)),
                ("s", sample),
                ("files", named("[file]", "made", "files")),
                ("color", value("ColorKind", "red")),
            ],
        ),
    ];
    let mut flow =
        program_with(&types, vec![make, task], vec![main_of("string", nodes, output("string", "step"))]);
    flow.blobs.insert(hash(show), Blob::Text(String::from_utf8(show.to_vec()).unwrap()));
    assert_eq!(
        Bench::new().outputs(&flow)["out"],
        "--depth=4\n-x $(id) *\ns_reads.txt\ns_reads.txt\nfiles\n.count\n0\nred"
    );
}

#[test]
fn a_program_that_cannot_start_says_why() {
    for (program, expected) in [
        (
            "no-such-program-anywhere",
            "step: the program `no-such-program-anywhere` isn't installed here: PATH has no such program\n",
        ),
        (
            "./tool",
            "step: the program ./tool isn't there; what a step brings along is named by its `files`\n",
        ),
        ("/etc/passwd", "step: the program /etc/passwd isn't executable\n"),
    ] {
        let flow = program_of(command("go", &[], &[], vec![text(program)]));
        assert_eq!(Bench::new().failures(&flow), expected);
    }
}

fn program_of(task: pipec_ir::Task) -> Program {
    let name = task.name.clone();
    program(vec![task], vec![main_without_value(vec![call("step", &name, &[])])])
}

#[test]
fn programs_that_are_left_running_are_ended_with_their_step() {
    let leave = bash("leave", &[], &[("out", "int")], "sleep 300 & echo $! >\"$out\"");
    let flow = one(leave, "int", &[]);
    let id = Bench::new().outputs(&flow)["out"].as_i64().unwrap();
    for _ in 0..100 {
        if !is_running(id) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("process {id} still runs");
}

/// Whether the process is there and no zombie.
fn is_running(id: i64) -> bool {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    stat.rsplit(')').next().is_some_and(|rest| !rest.is_empty() && !rest.trim_start().starts_with('Z'))
}
