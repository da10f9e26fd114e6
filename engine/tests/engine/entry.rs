//! What a run starts with, and what is refused before it starts.

use std::fs;

use pipec_ir::{
    Argument, ArtifactRef, Blob, CapturedEntry, Expr, ExprKind, Launch, PipelineId, Program, RunField,
    Volume, VolumeSource,
};
use serde_json::json;

use crate::support::Bench;
use crate::support::build::*;

/// A pipeline that gives its one input back.
fn identity(of: &str) -> Program {
    let main = pipeline("main", &[("x", of)], &[("out", of)], vec![], Some(input(of, "x")));
    program_with(
        &[("ColorKind", enumeration(&["red", "green"])), ("P", record(&[("a", "int"), ("b", "string?")]))],
        vec![],
        vec![main],
    )
}

#[test]
fn typed_text_becomes_a_value_of_the_inputs_type() {
    for (of, text, expected) in [
        ("string", "null", json!("null")),
        ("string", "  \"quoted\" ", json!("  \"quoted\" ")),
        ("string?", "null", json!("null")),
        ("int", "-5", json!(-5)),
        ("int?", "null", json!(null)),
        ("float", "1e-3", json!(0.001)),
        ("bool", "true", json!(true)),
        ("duration", "5m", json!("300s")),
        ("quantity", "8Gi", json!("8Gi")),
        ("ColorKind", "green", json!("green")),
        ("[int]", "[1, 2]", json!([1, 2])),
        ("P", "{\"a\": 1}", json!({"a": 1, "b": null})),
        ("map<string>", "{\"k\": \"v\"}", json!({"k": "v"})),
    ] {
        assert_eq!(Bench::new().give("x", text).outputs(&identity(of))["out"], expected, "{of} {text}");
    }
}

#[test]
fn text_that_is_no_value_is_refused_before_the_run() {
    for (of, text, expected) in [
        ("int", "five", "x=…: expected an int, in digits, found the text \"five\""),
        ("int in 1..=16", "17", "x=…: expected an int from 1 to 16, found the number 17"),
        (
            "string matching /[a-z]+/",
            "A",
            "x=…: expected text that matches /[a-z]+/ from start to end, found the text \"A\"",
        ),
        ("ColorKind", "blue", "x=…: expected one of \"red\", \"green\", found the text \"blue\""),
        ("[int]", "1,2", "a [int] is written as JSON; quote it for the shell: 'x=…'"),
        ("P", "{\"a\": 1, \"c\": 2}", "c"),
        ("file", "gone.csv", "x=…: there is no file at DIR/gone.csv"),
        ("file", ".", "DIR/. is a directory, but a file is a file"),
        (
            "file",
            "s3://bucket/key",
            "x=…: s3://bucket/key can't be read here: only paths and file:// URIs can",
        ),
    ] {
        let bench = Bench::new().give("x", text);
        let message = bench.refusal(&identity(of));
        assert!(message.contains(expected), "{of} {text}: {message}");
        let left: Vec<_> = fs::read_dir(bench.path().join(".pipec/runs"))
            .map(|runs| runs.flatten().collect())
            .unwrap_or_default();
        assert!(left.is_empty(), "nothing stays of a run that was refused: {left:?}");
    }
    let text = "x".repeat(90_000);
    assert!(Bench::new().give("x", &text).refusal(&identity("string")).contains("90002 bytes"));
}

#[test]
fn names_are_checked_all_at_once() {
    let main = pipeline("main", &[("floor", "float"), ("grid", "[int]")], &[], vec![], None);
    let flow = program(vec![], vec![main]);
    assert_eq!(
        Bench::new().give("flor", "1").give("zzz", "1").refusal(&flow),
        "flor=…: the pipeline main has no input flor\n  help: did you mean floor?\n\
         zzz=…: the pipeline main has no input zzz\n  help: the inputs are floor, grid\n\
         the input floor (float) of main is missing\n  help: add floor=… to the command, or \"floor\" to the inputs file\n\
         the input grid ([int]) of main is missing\n  help: add grid=… to the command, or \"grid\" to the inputs file"
    );
    assert_eq!(Bench::new().give("floor", "1").give("floor", "2").refusal(&flow), "floor=… is given twice");
    let mut bench = Bench::new();
    bench.request.entry = Some("mian".to_owned());
    assert_eq!(
        bench.refusal(&flow),
        "there is no pipeline or launch called mian\n  help: did you mean main?"
    );
}

#[test]
fn an_inputs_file_has_values_and_paths_relative_to_itself() {
    let main = pipeline(
        "main",
        &[("n", "int"), ("rows", "[file]")],
        &[("n", "int"), ("rows", "[file]")],
        vec![],
        Some(returns(vec![("n", input("int", "n")), ("rows", input("[file]", "rows"))])),
    );
    let flow = program(vec![], vec![main]);
    let mut bench = Bench::new();
    bench.write("data/a.csv", "a");
    bench.write("data/inputs.json", r#"{"n": 1, "rows": ["a.csv"]}"#);
    bench.request.inputs_file = Some("data/inputs.json".into());
    let expected = |n| json!({"n": n, "rows": [bench.path().join("data/a.csv")]});
    assert_eq!(bench.outputs(&flow), expected(1));
    let mut request = bench.request.clone();
    request.arguments = vec![("n".to_owned(), "2".to_owned())];
    let report = pipec_engine::run(&flow, &request, &Default::default(), &mut pipec_engine::Silent).unwrap();
    assert_eq!(report.outputs_json(), expected(2), "the command line wins");

    for (content, expected) in [
        ("[]", "the inputs file DIR/data/inputs.json holds a list of 0 items, but should hold an object"),
        ("{\"n\": 1,}", "the inputs file DIR/data/inputs.json isn't JSON: "),
        ("{\"n\": \"1\", \"rows\": []}", "data/inputs.json, \"n\": expected an int, found the text \"1\""),
        ("{\"m\": 1, \"n\": 1, \"rows\": []}", "data/inputs.json, \"m\": the pipeline main has no input m"),
    ] {
        bench.write("data/inputs.json", content);
        let message = bench.refusal(&flow);
        assert!(message.starts_with(expected), "{message}");
    }
}

fn artifact(of: &str, artifact: ArtifactRef) -> Expr {
    expr(of, ExprKind::Artifact(artifact.into()))
}

#[test]
fn captured_artifacts_are_there_and_read_only() {
    let sha256 = pipec_ir::identity::sha256_hex(b"a,b\n");
    let entries = vec![CapturedEntry { path: "x/y.sh".to_owned(), sha256: sha256.clone(), executable: true }];
    let file = ArtifactRef::CapturedFile { path: "data/iris.csv".to_owned(), sha256: sha256.clone() };
    let tree = ArtifactRef::CapturedDir {
        path: "data".to_owned(),
        sha256: pipec_ir::identity::directory_identity(&entries),
        entries,
    };
    let look = bash(
        "look",
        &[("rows", "file<csv>"), ("tree", "dir")],
        &[("out", "string")],
        r#"cat "$rows" "$tree/x/y.sh" >"$out"; [ -x "$tree/x/y.sh" ]"#,
    );
    let mut main = pipeline(
        "main",
        &[("rows", "file<csv>"), ("tree", "dir")],
        &[("text", "string"), ("rows", "file<csv>")],
        vec![call("l", "look", &[("rows", input("file<csv>", "rows")), ("tree", input("dir", "tree"))])],
        Some(returns(vec![("text", output("string", "l")), ("rows", input("file<csv>", "rows"))])),
    );
    main.inputs[0].default = Some(artifact("file<csv>", file));
    main.inputs[1].default = Some(artifact("dir", tree));
    let mut flow = program(vec![look], vec![main]);
    flow.blobs.insert(sha256, Blob::Text("a,b\n".to_owned()));
    let bench = Bench::new();
    let outputs = bench.outputs(&flow);
    assert_eq!(outputs["text"], "a,b\na,b");
    let rows = outputs["rows"].as_str().unwrap();
    assert!(rows.ends_with("/iris.csv") && fs::metadata(rows).unwrap().permissions().readonly());
}

#[test]
fn a_pinned_file_is_what_it_is_pinned_to() {
    let bench = Bench::new();
    let path = bench.write("a b.csv", "a,b\n");
    let run = |uri: &str, sha256: Option<String>| {
        let artifact = artifact("file", ArtifactRef::Uri { uri: uri.to_owned(), sha256, version: None });
        let look = bash("look", &[("rows", "file")], &[("out", "string")], r#"cat "$rows" >"$out""#);
        let nodes = vec![call("l", "look", &[("rows", artifact)])];
        program(vec![look], vec![main_of("string", nodes, output("string", "l"))])
    };
    let uri = format!("file://{}", path.display()).replace(' ', "%20");
    let sha256 = pipec_ir::identity::sha256_hex(b"a,b\n");
    assert_eq!(bench.outputs(&run(&uri, None))["out"], "a,b");
    assert_eq!(bench.outputs(&run(&uri, Some(sha256.clone())))["out"], "a,b");
    let message = bench.refusal(&run(&uri, Some("0".repeat(64))));
    assert!(message.contains(&format!("is not what it is pinned to: its sha256 is {sha256}")), "{message}");
    assert!(
        bench.refusal(&run("file:///no/such/file", None)).starts_with("file:///no/such/file can't be read")
    );
    assert!(
        bench
            .refusal(&run("file:///etc", None))
            .contains("file:///etc is a directory, but a file is expected")
    );
}

#[test]
fn a_tables_columns_are_checked_where_they_can_be_read() {
    for (format, content, expected) in [
        ("csv", "\u{feff}note,\"id\",spend\r\n1,2,3\n", ""),
        ("csv", "id,spent\n", "x=…: DIR/t lacks the column spend of Customer; it has id, spent"),
        ("csv", "", "x=…: DIR/t lacks the columns id, spend of Customer; it has none"),
        ("jsonl", "{\"id\": 1, \"spend\": 2}\n", ""),
        ("jsonl", "{\"id\": 1}\n", "x=…: DIR/t lacks the column spend of Customer; it has id"),
        ("jsonl", "id,spend\n", "x=…: DIR/t isn't JSONL: its first line is no JSON object"),
        ("jsonl", "", ""),
        ("parquet", "PAR1", ""),
    ] {
        let of = format!("table<Customer, {format}>");
        let main = pipeline("main", &[("x", &of)], &[], vec![], None);
        let customer = record(&[("id", "int"), ("spend", "float"), ("churned", "bool?")]);
        let flow = program_with(&[("Customer", customer)], vec![], vec![main]);
        let bench = Bench::new().give("x", "t");
        bench.write("t", content);
        if expected.is_empty() {
            bench.outputs(&flow);
        } else {
            assert_eq!(bench.refusal(&flow), expected);
        }
    }
}

#[test]
fn a_default_that_is_not_used_needs_not_be_readable() {
    let uri = ArtifactRef::Uri { uri: "s3://b/k".to_owned(), sha256: None, version: None };
    let mut main = pipeline("main", &[("x", "file")], &[("out", "file")], vec![], Some(input("file", "x")));
    main.inputs[0].default = Some(artifact("file", uri));
    let flow = program(vec![], vec![main]);
    assert!(Bench::new().refusal(&flow).starts_with("s3://b/k can't be read here"));
    let bench = Bench::new().give("x", "here.csv");
    let here = bench.write("here.csv", "");
    assert_eq!(bench.outputs(&flow)["out"], json!(here));
}

fn launch(arguments: Vec<(&str, Expr)>, timezone: Option<&str>) -> Launch {
    let arguments = arguments.into_iter().map(|(name, value)| Argument { name: name.to_owned(), value });
    Launch {
        doc: None,
        pipeline: PipelineId("main".to_owned()),
        arguments: arguments.collect(),
        schedule: None,
        timezone: timezone.map(str::to_owned),
        overlap: None,
        deadline_ms: None,
        labels: Default::default(),
        span: None,
    }
}

#[test]
fn a_launch_fixes_arguments_and_knows_its_day() {
    let main = pipeline(
        "main",
        &[("day", "string"), ("n", "int")],
        &[("out", "string")],
        vec![],
        Some(input("string", "day")),
    );
    let mut flow = program(vec![], vec![main]);
    let date = "string matching /\\d{4}-\\d{2}-\\d{2}/";
    let day = widen("string", run_field(date, RunField::Day));
    let text = expr(
        "string",
        ExprKind::Interpolate(vec![
            day,
            text(" "),
            run_field("string", RunField::Scheduled),
            text(" "),
            run_field("string", RunField::Name),
        ]),
    );
    flow.launches.insert(
        "nightly".to_owned(),
        launch(vec![("day", text), ("n", value("int", 1))], Some("Europe/Berlin")),
    );
    let mut bench = Bench::new();
    bench.request.entry = Some("nightly".to_owned());
    bench.request.at = Some("2026-11-23T23:30:00Z".to_owned());
    assert_eq!(bench.outputs(&flow)["out"], "2026-11-24 2026-11-23T23:30:00Z nightly");
    let bench = bench.give("day", "today");
    assert_eq!(bench.outputs(&flow)["out"], "today");
    let mut bench = bench;
    bench.request.at = Some("yesterday".to_owned());
    assert!(bench.refusal(&flow).starts_with("\"yesterday\" is no instant that a run can be for"));
}

#[test]
fn secrets_come_from_the_callers_environment_and_are_never_shown() {
    let mut use_it = bash(
        "use_it",
        &[("key", "secret")],
        &[("out", "int")],
        r#"env | grep -c '^key=' ; echo "token is $TOKEN" >&2; [ "$TOKEN" = hunter2 ] && echo ${#TOKEN} >"$out"; exit 5"#,
    );
    use_it.settings.env.insert("TOKEN".to_owned(), input("secret", "key"));
    let secret = expr("secret", ExprKind::Secret { name: "open-ai".to_owned(), key: "token".to_owned() });
    let flow = program(
        vec![use_it],
        vec![main_of("int", vec![call("u", "use_it", &[("key", secret)])], output("int", "u"))],
    );
    assert_eq!(
        Bench::new().refusal(&flow),
        "the secret \"open-ai\", key \"token\", which main needs, isn't there\n  help: set the variable PIPEC_SECRET_OPEN_AI_TOKEN"
    );
    let bench = Bench::new().environment("PIPEC_SECRET_OPEN_AI_TOKEN", "hunter2");
    let report = bench.report(&flow);
    assert_eq!(crate::support::failures(&report), "u: exit status 5\n  | token is ***\n");
    assert!(!serde_json::to_string(&report).unwrap().contains("hunter2"));
    let directory = &report.directory;
    let outputs = fs::read_to_string(directory.join("steps/u/attempt-1/outputs/out")).unwrap();
    assert_eq!(outputs.trim(), "7");
}

#[test]
fn what_this_machine_cannot_do_is_refused_before_the_run() {
    let secret = || expr("secret", ExprKind::Secret { name: "a".to_owned(), key: "b".to_owned() });
    let mut mounts = bash("mounts", &[], &[], ":");
    mounts.settings.secrets.insert("/run/secrets/token".to_owned(), secret());
    mounts.settings.volumes = vec![Volume {
        mount: "/scratch".to_owned(),
        source: VolumeSource::Scratch { size: value("quantity", "1Gi") },
        read_only: false,
    }];
    let fetch = bash("fetch", &[("rows", "file")], &[], ":");
    let uri = ArtifactRef::Uri { uri: "s3://b/k".to_owned(), sha256: None, version: None };
    let nodes = vec![call("m", "mounts", &[]), call("f", "fetch", &[("rows", artifact("file", uri))])];
    let flow = program(vec![mounts, fetch], vec![main_without_value(nodes)]);
    let mut bench = Bench::new();
    bench.request.environment.insert("PATH".into(), "/nowhere".into());
    assert_eq!(
        bench.refusal(&flow),
        "the task mounts wants a secret at /run/secrets/token: no file can be mounted on this machine
  help: hand the secret over as a variable: env: { NAME: secret(…) }
the task mounts wants a volume at /scratch: none can be mounted on this machine
  help: use the working directory or $TMPDIR, and inputs and outputs for what has to stay
the task mounts needs bash, which isn't on the PATH
  help: install bash
s3://b/k can't be read here: only paths and file:// URIs can
  help: download it and give its path as an input, or run the pipeline on a cluster
the secret \"a\", key \"b\", which mounts needs, isn't there
  help: set the variable PIPEC_SECRET_A_B"
    );
    assert!(!bench.path().join(".pipec").exists(), "a refused run leaves nothing behind");
}

#[test]
fn a_program_that_is_invalid_is_refused() {
    let main = main_of("int", vec![], output("int", "nowhere"));
    assert!(
        Bench::new().refusal(&program(vec![], vec![main])).starts_with("invalid program: pipelines.main")
    );
}

#[test]
fn what_is_not_used_here_is_said() {
    let mut task = bash("t", &[], &[], ":");
    task.settings.image = Some("busybox:1.36".to_owned());
    task.settings.cache = true;
    let flow = program(vec![task], vec![main_without_value(vec![call("c", "t", &[])])]);
    assert_eq!(
        Bench::new().report(&flow).notes,
        [
            "images are not used here: programs are those of this machine",
            "there is no cache yet: steps with `cache: true` ran as all others"
        ]
    );
}
