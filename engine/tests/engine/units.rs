//! What runs when, and what a failure, a skipped branch, an empty loop or a cancelled run mean for the rest.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use pipec_engine::{Approvals, Cancel, RunStatus};
use pipec_ir::{
    BinaryOp, Expr, ExprKind, Function, HookEvent, MapSource, Node, NodeKind, Retry, RunField, Task,
};
use serde_json::{Value as Json, json};

use crate::support::build::*;
use crate::support::{Bench, Seen, failures};

/// Gives its input, or fails with status 3 for what is negative.
fn give() -> Task {
    bash(
        "give",
        &[("x", "int")],
        &[("out", "int")],
        r#"echo "x is $x" >&2; [ "$x" -ge 0 ] || exit 3; echo "$x" >"$out""#,
    )
}

/// Leaves a mark in the directory of the run's caller, and gives nothing.
fn mark(bench: &Bench) -> Task {
    bash("mark", &[("name", "string")], &[], &format!("echo \"$name\" >>'{}/marks'", bench.path().display()))
}

fn marks(bench: &Bench) -> Vec<String> {
    let text = fs::read_to_string(bench.path().join("marks")).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

fn given(id: &str, x: Expr) -> Node {
    call(id, "give", &[("x", x)])
}

fn int(number: i64) -> Expr {
    value("int", number)
}

fn ints(numbers: &[i64]) -> Expr {
    value("[int]", numbers.to_vec())
}

fn boolean(value_: bool) -> Expr {
    value("bool", value_)
}

/// The table of what is skipped, mapped, optional and failed.
#[test]
fn the_table_of_branches_loops_tries_and_failures() {
    let run = |of: &str, nodes: Vec<Node>, value: Expr| {
        Bench::new().outputs(&program(vec![give()], vec![main_of(of, nodes, value)]))["out"].clone()
    };
    let branch_of = |condition, otherwise: Option<i64>| {
        let body = |x| region(&[], vec![given("inner", int(x))], Some(output("int", "inner")));
        let of = if otherwise.is_some() { "int" } else { "int?" };
        branch("b", Some(of), boolean(condition), body(1), otherwise.map(body))
    };
    // A branch.
    assert_eq!(run("int?", vec![branch_of(true, None)], output("int?", "b")), json!(1));
    assert_eq!(run("int?", vec![branch_of(false, None)], output("int?", "b")), json!(null));
    assert_eq!(run("int", vec![branch_of(false, Some(2))], output("int", "b")), json!(2));
    // A loop keeps positions, also of what is skipped inside.
    let is_odd = expr(
        "bool",
        ExprKind::Binary {
            op: BinaryOp::Equal,
            left: Box::new(expr(
                "int",
                ExprKind::Binary {
                    op: BinaryOp::Mod,
                    left: Box::new(input("int", "x")),
                    right: Box::new(int(2)),
                },
            )),
            right: Box::new(int(1)),
        },
    );
    let inner = region(
        &[("x", input("int", "x"))],
        vec![given("inner", input("int", "x"))],
        Some(output("int", "inner")),
    );
    let body = region(&[], vec![branch("b", Some("int?"), is_odd, inner, None)], Some(output("int?", "b")));
    let odd = each("odd", "[int?]", "x", ints(&[1, 2, 3, 4]), body);
    assert_eq!(run("[int?]", vec![odd], output("[int?]", "odd")), json!([1, null, 3, null]));
    // An empty loop, and what follows.
    let body = region(&[], vec![given("inner", input("int", "x"))], Some(output("int", "inner")));
    let nodes = vec![
        each("none", "[int]", "x", ints(&[]), body),
        after(given("next", function("int", Function::Len, vec![output("[int]", "none")])), &["none"]),
    ];
    assert_eq!(run("int", nodes, output("int", "next")), json!(0));
    // A try.
    let attempt =
        |x| try_node("t", "int?", region(&[], vec![given("inner", int(x))], Some(output("int", "inner"))));
    assert_eq!(run("int?", vec![attempt(5)], output("int?", "t")), json!(5));
    let followed = vec![attempt(-1), after(given("next", int(9)), &["t"])];
    assert_eq!(run("int?", followed, output("int?", "t")), json!(null));
    // A try of something without a value says whether it succeeded.
    let nothing = |x| try_node("t", "bool", region(&[], vec![given("inner", int(x))], None));
    assert_eq!(run("bool", vec![nothing(5)], output("bool", "t")), json!(true));
    assert_eq!(run("bool", vec![nothing(-1)], output("bool", "t")), json!(false));
    // A fault in an argument is caught, too.
    let fault = function("int", Function::Sum, vec![value("[int]", json!(["9223372036854775807", 1]))]);
    let caught =
        try_node("t", "int?", region(&[], vec![given("inner", fault)], Some(output("int", "inner"))));
    assert_eq!(run("int?", vec![caught], output("int?", "t")), json!(null));
}

#[test]
fn a_failed_step_fails_the_pipeline_and_nothing_downstream_runs() {
    let bench = Bench::new();
    let mut main = main_without_value(vec![
        given("first", int(-1)),
        call("second", "mark", &[("name", text("downstream"))]),
    ]);
    main.body.nodes[1].after = vec![main.body.nodes[0].id.clone()];
    main.hooks = vec![
        hook(HookEvent::Success, &[], vec![call("m", "mark", &[("name", text("success"))])]),
        hook(HookEvent::Exit, &[], vec![call("m", "mark", &[("name", text("exit"))])]),
        hook(HookEvent::Failure, &[], vec![call("m", "mark", &[("name", text("failure"))])]),
    ];
    let flow = program(vec![give(), mark(&bench)], vec![main]);
    let report = bench.report(&flow);
    assert_eq!(failures(&report), "first: exit status 3\n  | x is -1\n");
    let log = report.failures[0].log.as_ref().unwrap();
    assert!(log.ends_with("steps/first/attempt-1/stderr"), "{}", log.display());
    assert_eq!(fs::read_to_string(log).unwrap(), "x is -1\n");
    assert_eq!(marks(&bench), ["failure", "exit"]);
    assert_eq!((report.counts.failed, report.counts.succeeded), (1, 2));
}

#[test]
fn a_failure_stops_new_steps_and_lets_running_ones_end() {
    let mut bench = Bench::new();
    bench.request.jobs = 2;
    let slow = bash("slow", &[], &[], &format!("sleep 0.4; echo slow >>'{}/marks'", bench.path().display()));
    let nodes = || {
        let mut nodes = vec![call("slow", "slow", &[]), given("bad", int(-1))];
        nodes.extend((0..5).map(|number| call(&format!("m{number}"), "mark", &[("name", text("new"))])));
        nodes
    };
    let flow = program(vec![give(), slow, mark(&bench)], vec![main_without_value(nodes())]);
    assert_eq!(bench.report(&flow).status, RunStatus::Failed);
    assert_eq!(marks(&bench), ["slow"]);

    bench.request.keep_going = true;
    let report = bench.report(&flow);
    assert_eq!((report.status, report.failures.len()), (RunStatus::Failed, 1));
    assert_eq!(marks(&bench).iter().filter(|mark| *mark == "new").count(), 5);
}

#[test]
fn a_failure_inside_a_try_leaves_the_rest_alone() {
    let bench = Bench::new();
    let inner = region(
        &[],
        vec![given("bad", int(-1)), given("never", output("int", "bad"))],
        Some(output("int", "never")),
    );
    let nodes = vec![
        try_node("t", "int?", inner),
        call("m", "mark", &[("name", text("beside"))]),
        after(call("n", "mark", &[("name", text("after"))]), &["t", "m"]),
    ];
    let report = bench.report(&program(vec![give(), mark(&bench)], vec![main_without_value(nodes)]));
    assert_eq!((report.status, report.caught.len()), (RunStatus::Succeeded, 1));
    assert_eq!(report.caught[0].step, "t/bad");
    assert_eq!(marks(&bench), ["beside", "after"]);
}

#[test]
fn items_start_in_order_and_as_many_as_the_limit_says() {
    let mut bench = Bench::new();
    bench.request.jobs = 8;
    let dir = bench.path().display().to_string();
    let count = bash(
        "count",
        &[("x", "int")],
        &[("out", "int")],
        &format!(
            "cd '{dir}'; mkdir running-$x; ls -d running-* | wc -l >\"$out\"; echo $x >>marks; sleep 0.05; rmdir running-$x"
        ),
    );
    let body = region(&[], vec![call("c", "count", &[("x", input("int", "x"))])], Some(output("int", "c")));
    for (limit, most) in [(Some(1), 1), (Some(3), 3)] {
        let node = each_limited("each", "[int]", "x", range(0, 9), limit, body.clone());
        let flow = program(vec![count.clone()], vec![main_of("[int]", vec![node], output("[int]", "each"))]);
        let running = bench.outputs(&flow)["out"].as_array().unwrap().iter().filter_map(Json::as_i64).max();
        assert!(running.unwrap() <= most, "{running:?} at a time");
        if limit == Some(1) {
            assert_eq!(marks(&bench).join(""), "012345678");
        }
    }
}

#[test]
fn steps_run_in_parallel_as_many_as_there_are_jobs() {
    for jobs in [1, 4] {
        let mut bench = Bench::new();
        bench.request.jobs = jobs;
        // Waits for three others, in vain where fewer may run; gives how many there were.
        let meet = bash(
            "meet",
            &[("x", "int")],
            &[("out", "int")],
            &format!(
                "cd '{}'; touch met-$x; for _ in $(seq {}); do [ \"$(ls met-* | wc -l)\" -ge 4 ] && break; sleep 0.05; done; ls met-* | wc -l >\"$out\"; [ {jobs} -gt 1 ] || rm met-$x",
                bench.path().display(),
                if jobs == 1 { 2 } else { 400 },
            ),
        );
        let body =
            region(&[], vec![call("m", "meet", &[("x", input("int", "x"))])], Some(output("int", "m")));
        let node = each("each", "[int]", "x", range(0, 4), body);
        let flow = program(vec![meet], vec![main_of("[int]", vec![node], output("[int]", "each"))]);
        assert_eq!(bench.outputs(&flow)["out"], json!(vec![jobs; 4]));
    }
}

#[test]
fn loops_walk_pairs_and_combinations() {
    let pair = |a: &str, b: &str| {
        expr("string", ExprKind::Interpolate(vec![input("int", a), text("-"), input("string", b)]))
    };
    let lists =
        || vec![("a".to_owned(), ints(&[1, 2])), ("b".to_owned(), value("[string]", json!(["x", "y"])))];
    let run = |source: MapSource| {
        let body = region(&[], vec![], Some(pair("a", "b"))).into();
        let map = NodeKind::Map { source: source.into(), limit: None, body };
        let node = node("each", Some("[string]"), map);
        program(vec![], vec![main_of("[string]", vec![node], output("[string]", "each"))])
    };
    assert_eq!(Bench::new().outputs(&run(MapSource::Zip(lists())))["out"], json!(["1-x", "2-y"]));
    assert_eq!(
        Bench::new().outputs(&run(MapSource::Product(lists())))["out"],
        json!(["1-x", "1-y", "2-x", "2-y"])
    );
    let indexed = MapSource::List {
        index: Some("a".to_owned()),
        item: "b".to_owned(),
        list: value("[string]", json!(["x", "y"])),
    };
    assert_eq!(Bench::new().outputs(&run(indexed))["out"], json!(["0-x", "1-y"]));
    let mut uneven = lists();
    uneven[0].1 = ints(&[1]);
    assert_eq!(
        Bench::new().failures(&run(MapSource::Zip(uneven))),
        "each: zip: lists of different lengths (1, 2)\n"
    );
}

#[test]
fn a_loop_takes_ten_thousand_items_and_no_more() {
    let square = expr(
        "int",
        ExprKind::Binary { op: BinaryOp::Mod, left: Box::new(input("int", "x")), right: Box::new(int(7)) },
    );
    let run = |count| {
        let node = each(
            "each",
            "[int]",
            "x",
            range(0, count),
            region(&[], vec![bind("y", square.clone())], Some(output("int", "y"))),
        );
        program(
            vec![],
            vec![main_of("int", vec![node], function("int", Function::Sum, vec![output("[int]", "each")]))],
        )
    };
    assert_eq!(Bench::new().outputs(&run(10_000))["out"], json!(29_994));
    assert_eq!(
        Bench::new().failures(&run(10_001)),
        "each: a `for` takes at most 10000 items, and this one has 10001\n"
    );
}

#[test]
fn a_thousand_items_are_a_thousand_steps() {
    let body = region(&[], vec![given("g", input("int", "x"))], Some(output("int", "g")));
    let node = each("each", "[int]", "x", range(0, 1_000), body);
    let total = function("int", Function::Sum, vec![output("[int]", "each")]);
    let report = Bench::new().report(&program(vec![give()], vec![main_of("int", vec![node], total)]));
    assert_eq!((report.outputs_json()["out"].clone(), report.counts.succeeded), (json!(499_500), 1_000));
}

#[test]
fn units_nest_and_chains_are_long() {
    // Loops in loops in branches.
    let mut body = region(&[("x", input("int", "x"))], vec![], Some(input("int", "x")));
    let mut of = "int".to_owned();
    for _ in 0..20 {
        let list = expr(&format!("[{of}]"), ExprKind::Input("unused".to_owned()));
        drop(list);
        let node = branch("b", Some(&format!("{of}?")), boolean(true), body, None);
        let narrow = expr(&of, ExprKind::Narrow(Box::new(output(&format!("{of}?"), "b"))));
        let looped = each(
            "l",
            &format!("[{of}]"),
            "x0",
            range(0, 1),
            region(&[("x", input("int", "x"))], vec![node], Some(narrow)),
        );
        of = format!("[{of}]");
        body = region(&[("x", input("int", "x"))], vec![looped], Some(output(&of, "l")));
    }
    let outermost =
        each("top", &format!("[{of}]"), "x", range(7, 8), region(&[], body.body.nodes, body.body.value));
    let of = format!("[{of}]");
    let out = Bench::new().outputs(&program(vec![], vec![main_of(&of, vec![outermost], output(&of, "top"))]));
    assert_eq!(out["out"].to_string(), format!("{}7{}", "[".repeat(21), "]".repeat(21)));

    let mut chain = vec![bind("n0", int(0))];
    chain.extend((1..20_000).map(|number| {
        let before = output("int", &format!("n{}", number - 1));
        let sum = ExprKind::Binary { op: BinaryOp::Add, left: Box::new(before), right: Box::new(int(1)) };
        bind(&format!("n{number}"), expr("int", sum))
    }));
    let flow = program(vec![], vec![main_of("int", chain, output("int", "n19999"))]);
    assert_eq!(Bench::new().outputs(&flow)["out"], json!(19_999));
}

#[test]
fn a_repeat_goes_on_until_its_condition_or_its_limit() {
    let run = |limit, goal| {
        let next = ExprKind::Binary {
            op: BinaryOp::Add,
            left: Box::new(input("int", "s")),
            right: Box::new(input("int", "step")),
        };
        let body = region(
            &[("step", input("int", "step")), ("goal", input("int", "goal"))],
            vec![given("g", expr("int", next))],
            Some(output("int", "g")),
        );
        let until = ExprKind::Binary {
            op: BinaryOp::GreaterOrEqual,
            left: Box::new(input("int", "s")),
            right: Box::new(input("int", "goal")),
        };
        let repeat = NodeKind::Repeat {
            state: "s".to_owned(),
            first: int(0).into(),
            limit,
            body: body.into(),
            until: expr("bool", until).into(),
        };
        let main = pipeline(
            "main",
            &[("step", "int"), ("goal", "int")],
            &[("out", "int")],
            vec![node("r", Some("int"), repeat)],
            Some(output("int", "r")),
        );
        Bench::new().give("step", "2").give("goal", goal).outputs(&program(vec![give()], vec![main]))["out"]
            .clone()
    };
    assert_eq!(run(20, "7"), json!(8));
    assert_eq!(run(3, "1000"), json!(6));
    assert_eq!(run(20, "0"), json!(2), "at least one round");
}

#[test]
fn called_pipelines_are_units_with_hooks_of_their_own() {
    let bench = Bench::new();
    let mut inner = pipeline(
        "inner",
        &[("x", "int")],
        &[("y", "int")],
        vec![given("g", input("int", "x"))],
        Some(returns(vec![("y", output("int", "g"))])),
    );
    let label = |what: &str| {
        let failed = run_field("[Failed]", RunField::Failures);
        let steps = expr("[string]", ExprKind::Project { of: Box::new(failed), field: "step".to_owned() });
        let joined = function("string", Function::Join, vec![steps, text(" ")]);
        let duration = expr(
            "bool",
            ExprKind::Binary {
                op: BinaryOp::Less,
                left: Box::new(run_field("duration", RunField::Duration)),
                right: Box::new(value("duration", "60s")),
            },
        );
        expr(
            "string",
            ExprKind::Interpolate(vec![
                text(what),
                text(" "),
                input("int", "x"),
                text(" "),
                run_field("RunStatusKind", RunField::Status),
                text(" "),
                duration,
                text(" "),
                joined,
            ]),
        )
    };
    inner.hooks = vec![
        hook(
            HookEvent::Exit,
            &[("x", input("int", "x"))],
            vec![call("m", "mark", &[("name", label("exit"))])],
        ),
        hook(
            HookEvent::Failure,
            &[("x", input("int", "x"))],
            vec![call("m", "mark", &[("name", label("failure"))])],
        ),
        hook(
            HookEvent::Success,
            &[("x", input("int", "x"))],
            vec![call("m", "mark", &[("name", label("success"))]), given("bad", int(-1))],
        ),
    ];
    let called =
        region(&[], vec![call_pipeline("c", "inner", &[("x", int(-2))])], Some(named("int", "c", "y")));
    let nodes =
        vec![call_pipeline("a", "inner", &[("x", int(1))]), after(try_node("t", "int?", called), &["a"])];
    let value = returns(vec![("y", named("int", "a", "y")), ("t", output("int?", "t"))]);
    let main = pipeline("main", &[], &[("y", "int"), ("t", "int?")], nodes, Some(value));
    let report = bench.report(&program(vec![give(), mark(&bench)], vec![inner, main]));
    assert_eq!(report.outputs_json(), json!({"y": 1, "t": null}), "{}", failures(&report));
    assert_eq!(
        marks(&bench),
        [
            "success 1 succeeded true ",
            "exit 1 succeeded true ",
            "failure -2 failed true t/c/g",
            "exit -2 failed true t/c/g"
        ]
    );
    let failed: Vec<&str> = report.hook_failures.iter().map(|failure| failure.step.as_str()).collect();
    assert_eq!(failed, ["a/on-success/bad"]);
}

fn retry(limit: u32) -> Option<Retry> {
    Some(Retry { limit, backoff_ms: Some(10), factor: Some(2.0), max_backoff_ms: None, exit_codes: None })
}

#[test]
fn attempts_are_counted_and_what_cannot_get_better_is_final() {
    let mut flaky = bash(
        "flaky",
        &[],
        &[("out", "int")],
        r#"[ "$PIPEC_ATTEMPT" -ge 3 ] || exit 7; echo "$PIPEC_ATTEMPT" >"$out""#,
    );
    flaky.settings.retry = retry(3);
    let flow =
        program(vec![flaky.clone()], vec![main_of("int", vec![call("f", "flaky", &[])], output("int", "f"))]);
    let mut seen = Seen::default();
    let bench = Bench::new();
    let report = bench.try_run(&flow, &mut seen).unwrap();
    assert_eq!((report.outputs_json()["out"].clone(), report.counts.retries), (json!(3), 2));
    assert_eq!(
        seen.lines,
        [
            "f started (1)",
            "f retried: exit status 7 (attempt 1 of 4)",
            "f started (2)",
            "f retried: exit status 7 (attempt 2 of 4)",
            "f started (3)",
            "f succeeded",
        ]
    );

    for (text, exit_codes, expected) in [
        ("exit 7", None, "f: exit status 7 (attempt 3 of 3)\n"),
        ("exit 7", Some(vec![104]), "f: exit status 7 (attempt 1 of 3)\n"),
        (
            "kill -9 $$",
            Some(vec![137]),
            "f: killed by signal 9 (SIGKILL); often this means that the machine ran out of memory (attempt 3 of 3)\n",
        ),
        (
            "echo x >$out",
            None,
            "f: the output `out` of task `flaky` is wrong: expected an int, in digits, found the text \"x\"\n",
        ),
    ] {
        let mut task = bash("flaky", &[], &[("out", "int")], text);
        task.settings.retry = retry(2).map(|retry| Retry { exit_codes, ..retry });
        let flow =
            program(vec![task], vec![main_of("int", vec![call("f", "flaky", &[])], output("int", "f"))]);
        assert_eq!(Bench::new().failures(&flow), expected);
    }
}

#[test]
fn a_timeout_ends_the_program_and_all_that_it_started() {
    let mut slow = bash(
        "slow",
        &[("seconds", "duration")],
        &[("out", "int")],
        "echo begins; (trap '' TERM; sleep 300) & sleep 300",
    );
    slow.settings.timeout = Some(input("duration", "seconds"));
    slow.settings.retry = retry(1);
    let nodes = vec![call("s", "slow", &[("seconds", value("duration", "200ms"))])];
    let flow = program(vec![slow], vec![main_of("int", nodes, output("int", "s"))]);
    let started = Instant::now();
    assert_eq!(
        Bench::new().failures(&flow),
        "s: stopped: it ran longer than its timeout of 200ms (attempt 2 of 2)\n  | begins\n"
    );
    assert!(started.elapsed() < Duration::from_secs(60));
}

#[test]
fn settings_that_make_no_sense_are_faults() {
    for (name, of, json, expected) in [
        ("timeout", "duration", json!("0s"), "timeout is not above zero"),
        ("memory", "quantity", json!("500m"), "memory is 500m, which is no whole number of bytes"),
        ("gpu", "int", json!(-1), "gpu is -1, and can not be negative"),
    ] {
        let mut task = bash("t", &[("x", of)], &[], ":");
        let setting = Some(input(of, "x"));
        match name {
            "timeout" => task.settings.timeout = setting,
            "memory" => task.settings.resources.memory = setting,
            _ => task.settings.resources.gpu = setting,
        }
        let flow =
            program(vec![task], vec![main_without_value(vec![call("c", "t", &[("x", value(of, json))])])]);
        assert_eq!(Bench::new().failures(&flow), format!("c: {expected}\n"));
    }
}

/// A step that runs until it is stopped, and hooks that leave marks.
fn endless(bench: &Bench) -> pipec_ir::Program {
    let forever = bash("forever", &[], &[], &format!("echo $$ >'{}/pid'; sleep 300", bench.path().display()));
    let mut main = main_without_value(vec![
        try_node("t", "bool", region(&[], vec![call("f", "forever", &[])], None)),
        node("s", None, NodeKind::Sleep { duration: value("duration", "86400s").into() }),
        after(call("m", "mark", &[("name", text("downstream"))]), &["t", "s"]),
    ]);
    let status = expr("string", ExprKind::Interpolate(vec![run_field("RunStatusKind", RunField::Status)]));
    main.hooks = vec![
        hook(HookEvent::Failure, &[], vec![call("m", "mark", &[("name", text("failure"))])]),
        hook(HookEvent::Exit, &[], vec![call("m", "mark", &[("name", status)])]),
    ];
    program(vec![forever, mark(bench)], vec![main])
}

fn wait_for(path: &Path) {
    for _ in 0..500 {
        if fs::metadata(path).is_ok_and(|metadata| metadata.len() > 0) {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("{} never came", path.display());
}

#[test]
fn a_cancelled_run_leaves_nothing_running_and_runs_exit_hooks_only() {
    let bench = Bench::new();
    let flow = endless(&bench);
    let cancel = Cancel::new();
    let canceller = cancel.clone();
    let pid = bench.path().join("pid");
    let waiting = std::thread::spawn({
        let pid = pid.clone();
        move || {
            wait_for(&pid);
            canceller.request();
        }
    });
    let started = Instant::now();
    let report = pipec_engine::run(&flow, &bench.request, &cancel, &mut Seen::default()).unwrap();
    waiting.join().unwrap();
    assert_eq!((report.status, report.exit_status()), (RunStatus::Cancelled, 130));
    assert!(started.elapsed() < Duration::from_secs(60));
    assert_eq!(marks(&bench), ["cancelled"]);
    assert_eq!(report.counts.cancelled, 1);
    let pid = fs::read_to_string(pid).unwrap();
    assert!(!fs::exists(format!("/proc/{}", pid.trim())).unwrap());
}

#[test]
fn a_second_request_to_cancel_ends_the_hooks_as_well() {
    let bench = Bench::new();
    let stubborn =
        bash("stubborn", &[], &[], &format!("echo $$ >'{}/pid'; sleep 300", bench.path().display()));
    let mut main = main_without_value(vec![]);
    main.hooks = vec![hook(HookEvent::Exit, &[], vec![call("s", "stubborn", &[])])];
    let flow = program(vec![stubborn], vec![main]);
    let cancel = Cancel::new();
    let canceller = cancel.clone();
    let pid = bench.path().join("pid");
    let waiting = std::thread::spawn(move || {
        wait_for(&pid);
        canceller.request();
        canceller.request();
    });
    let report = pipec_engine::run(&flow, &bench.request, &cancel, &mut Seen::default()).unwrap();
    waiting.join().unwrap();
    assert_eq!((report.status, report.counts.cancelled), (RunStatus::Succeeded, 1));
}

#[test]
fn with_keep_going_everything_runs_that_can() {
    let mut bench = Bench::new();
    bench.request.keep_going = true;
    let body = region(&[], vec![given("g", input("int", "x"))], Some(output("int", "g")));
    let nodes = vec![
        each("each", "[int]", "x", ints(&[1, -1, 2, -2, 3]), body),
        call("m", "mark", &[("name", text("beside"))]),
        after(call("n", "mark", &[("name", text("after"))]), &["each"]),
    ];
    let report = bench.report(&program(vec![give(), mark(&bench)], vec![main_without_value(nodes)]));
    let mut failed: Vec<&str> = report.failures.iter().map(|failure| failure.step.as_str()).collect();
    failed.sort_unstable();
    assert_eq!(failed, ["each[1]/g", "each[3]/g"]);
    assert_eq!((report.counts.succeeded, report.counts.failed), (4, 2));
    assert_eq!(marks(&bench), ["beside"]);
}

#[test]
fn a_launch_has_a_deadline() {
    let bench = Bench::new();
    let mut flow = endless(&bench);
    let launch = pipec_ir::Launch {
        doc: None,
        pipeline: pipec_ir::PipelineId("main".to_owned()),
        arguments: vec![],
        schedule: None,
        timezone: None,
        overlap: None,
        deadline_ms: Some(500),
        labels: Default::default(),
        span: None,
    };
    flow.launches.insert("nightly".to_owned(), launch);
    let mut request = bench.request.clone();
    request.entry = Some("nightly".to_owned());
    let report = pipec_engine::run(&flow, &request, &Cancel::new(), &mut Seen::default()).unwrap();
    assert_eq!(report.status, RunStatus::Failed);
    assert_eq!(failures(&report), "nightly: the run took longer than its deadline of 500ms\n");
    assert_eq!(marks(&bench), ["failure", "failed"]);
}

#[test]
fn approvals_are_given_refused_or_run_out() {
    let approve = |timeout: Option<&str>| {
        let kind = NodeKind::Approve {
            message: text("Ship it?").into(),
            timeout: timeout.map(|timeout| value("duration", timeout).into()),
        };
        program(
            vec![give()],
            vec![main_of(
                "int",
                vec![node("gate", None, kind), after(given("g", int(4)), &["gate"])],
                output("int", "g"),
            )],
        )
    };
    let flow = approve(None);
    let mut bench = Bench::new();
    assert_eq!(
        bench.refusal(&flow),
        "the step gate waits for an approval, and there is no one to ask\n  help: run it at a terminal, or with --approve gate or --approve all"
    );
    for (answer, status, line) in [
        (true, RunStatus::Succeeded, "gate answered: true"),
        (false, RunStatus::Failed, "gate answered: false"),
    ] {
        let mut seen = Seen { answer: Some(answer), ..Seen::default() };
        let report = bench.try_run(&flow, &mut seen).unwrap();
        assert_eq!(report.status, status);
        assert_eq!(seen.lines[..2], ["gate asks: Ship it?", line]);
        let expected = if answer { "" } else { "gate: it was not approved\n" };
        assert_eq!(failures(&report), expected);
    }
    for approvals in [Approvals::All, Approvals::Steps(vec!["gate".to_owned()])] {
        bench.request.approvals = approvals;
        assert_eq!(bench.outputs(&flow)["out"], json!(4));
    }
    bench.request.approvals = Approvals::Steps(vec!["gat".to_owned()]);
    assert!(
        bench.refusal(&flow).starts_with("no step gat waits for an approval\n  help: did you mean gate?")
    );

    struct Silence;
    impl pipec_engine::Observer for Silence {
        fn event(&mut self, _: &pipec_engine::Event<'_>) {}
        fn can_ask(&self) -> bool {
            true
        }
        fn ask(&mut self, _: &str, _: &str, answer: pipec_engine::Answer) {
            std::mem::forget(answer);
        }
    }
    let bench = Bench::new();
    let report =
        pipec_engine::run(&approve(Some("100ms")), &bench.request, &Cancel::new(), &mut Silence).unwrap();
    assert_eq!(failures(&report), "gate: no one approved it in time\n");
}

#[test]
fn expressions_that_fault_fail_their_node_at_its_place() {
    let mut index =
        expr("int", ExprKind::Index { of: Box::new(ints(&[1, 2])), index: Box::new(input("int", "i")) });
    index.span = Some(pipec_ir::Span { file: 0, start: 0, end: 1, line: 3, column: 5 });
    let main = pipeline(
        "main",
        &[("i", "int")],
        &[("out", "int")],
        vec![bind("x", index.clone()), given("g", output("int", "x"))],
        Some(output("int", "g")),
    );
    let report = Bench::new().give("i", "2").report(&program(vec![give()], vec![main]));
    assert_eq!(failures(&report), "x: index out of range (index 2, length 2)\n");
    assert_eq!(report.failures[0].place.as_deref(), Some("flow.pipe:3:5"));
    // The value of a pipeline, too.
    let main = pipeline("main", &[("i", "int")], &[("out", "int")], vec![], Some(index));
    assert_eq!(
        Bench::new().give("i", "-1").failures(&program(vec![], vec![main])),
        "return: index out of range (index -1, length 2)\n"
    );
}
