//! The part of a step that runs in its container, run here: what programs see, what leaves them, and what they are told.
//! Needs `sh`, coreutils and `python3`, as every machine that builds pipec has.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

struct Step {
    base: PathBuf,
    command: Command,
}

struct Ended {
    status: i32,
    output: String,
    errors: String,
    base: PathBuf,
}

fn source(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/argo/step").join(file)
}

impl Step {
    fn new(name: &str, words: &[&str]) -> Step {
        let base = std::env::temp_dir().join(format!("pipec-step-test-{}-{name}", std::process::id()));
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
        command.env("PIPEC_BASE", &base).env("PIPEC_TASK", "demo").env("PIPEC_ATTEMPT", "1");
        Step { base, command }
    }

    fn sh(name: &str, program: &[&str]) -> Step {
        let script = source("step.sh");
        let mut words = vec!["sh", script.to_str().unwrap()];
        words.extend(program);
        Step::new(name, &words)
    }

    fn python(name: &str, spec: &str, program: &str) -> Step {
        let script = source("step.py");
        Step::new(name, &["python3", script.to_str().unwrap(), program]).env("PIPEC_SPEC", spec)
    }

    fn env(mut self, name: &str, value: &str) -> Step {
        self.command.env(name, value);
        self
    }

    fn run(mut self) -> Ended {
        let output = self.command.output().unwrap();
        Ended {
            status: output.status.code().unwrap(),
            output: String::from_utf8(output.stdout).unwrap(),
            errors: String::from_utf8(output.stderr).unwrap(),
            base: self.base,
        }
    }
}

impl Ended {
    fn result(&self, name: &str) -> String {
        fs::read_to_string(self.base.join("result").join(name)).unwrap()
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.base);
    }
}

#[test]
fn a_shell_step_sees_its_inputs_byte_for_byte() {
    let ended = Step::sh(
        "inputs",
        &["sh", "-c", "printf '%s|%s|%s|' \"$a\" \"$b\" \"${c-unset}\"; ls -A; env | grep -c PIPEC_"],
    )
    .env("PIPEC_DECODE", "a b c")
    .env("a", "=aXQncyB7e3h9fQoK")
    .env("b", "plain $(text)")
    .env("c", "null")
    .run();
    assert_eq!(ended.status, 0, "{}", ended.errors);
    assert_eq!(ended.output, "it's {{x}}\n\n|plain $(text)|unset|1\n");
}

/// The step's own variables have other names than any input.
#[test]
fn inputs_may_be_called_anything() {
    let names = [
        "name",
        "kind",
        "details",
        "value",
        "path",
        "text",
        "base",
        "status",
        "outputs",
        "program",
        "message",
        "position",
        "argument",
        "pair",
        "count",
        "pipec_value",
    ];
    let program = format!("printf '%s,' {}", names.map(|name| format!("${name}")).join(" "));
    let mut step = Step::sh("names", &["sh", "-c", &program]).env("PIPEC_DECODE", "value path");
    step = step.env("PIPEC_OUTPUTS", "n? int\nresult? file .txt");
    for name in names {
        step = step.env(name, name);
    }
    assert_eq!(step.run().output, names.join(",") + ",");
}

#[test]
fn a_program_gets_arguments_whatever_they_hold() {
    let ended = Step::sh("arguments", &["printf", "%s|", "-", "--x=$(id)", "-"])
        .env("PIPEC_ARGS", "2 4")
        .env("PIPEC_ARG_2", "=LW4gOyByZW0gKg==")
        .env("PIPEC_ARG_4", "-e")
        .run();
    assert_eq!(ended.output, "-n ; rem *|--x=$(id)|-e|");
}

#[test]
fn values_leave_a_shell_step_as_wire_text() {
    let ended = Step::sh(
        "values",
        &["sh", "-c", "echo 007 >$n; echo true >$b; printf 'a\\nb\\n\\n' >$t; echo dev >$e; printf null >$s"],
    )
    .env("PIPEC_OUTPUTS", "n int 0 9\nb bool\nt string\ne enum dev prod\ns? string\nm? int")
    .run();
    assert_eq!(ended.status, 0, "{}", ended.errors);
    assert_eq!(ended.result("n"), "7");
    assert_eq!(ended.result("b"), "true");
    assert_eq!(ended.result("t"), "=YQpiCg==");
    assert_eq!(ended.result("e"), "dev");
    assert_eq!(ended.result("s"), "=bnVsbA==");
    assert_eq!(ended.result("m"), "null");
}

#[test]
fn a_wrong_value_is_named_and_never_tried_again() {
    for (kind, text, expected) in [
        ("int 0 9", "12", "output n must be a whole number from 0 to 9, not `12`"),
        ("int", "9223372036854775808", "output n must be a whole number from"),
        ("int", "1.0", "output n must be a whole number, not `1.0`"),
        ("bool", "yes", "output n must be true or false, not `yes`"),
        ("enum dev prod", "dev prod", "output n must be one of: dev prod, not `dev prod`"),
    ] {
        let name = format!("wrong-{}", text.len() + kind.len());
        let ended = Step::sh(&name, &["sh", "-c", &format!("echo '{text}' >$n")])
            .env("PIPEC_OUTPUTS", &format!("n {kind}"))
            .run();
        assert_eq!(ended.status, 86, "{kind}");
        assert!(ended.errors.contains(&format!("pipec: task demo: {expected}")), "{}", ended.errors);
    }
    let ended = Step::sh("missing", &["echo", "7"]).env("PIPEC_OUTPUTS", "n int").run();
    assert_eq!(ended.status, 86);
    assert!(ended.errors.contains("output n is missing"), "{}", ended.errors);
    assert!(ended.errors.contains("what a program prints isn't its output"), "{}", ended.errors);
}

#[test]
fn a_programs_own_status_is_kept_but_for_pipecs() {
    assert_eq!(Step::sh("own", &["sh", "-c", "exit 7"]).run().status, 7);
    assert_eq!(Step::sh("ours", &["sh", "-c", "exit 86"]).run().status, 1);
    assert_eq!(Step::sh("signal", &["sh", "-c", "kill -9 $$"]).run().status, 137);
}

#[test]
fn a_directory_becomes_a_list_in_order() {
    let ended = Step::sh(
        "list",
        &["sh", "-c", "mkdir $xs; cd $xs; for f in 10.txt 9.txt b a .hidden; do echo $f >$f; done"],
    )
    .env("PIPEC_OUTPUTS", "xs list")
    .env("PIPEC_KEY_xs", "run/xs")
    .run();
    assert_eq!(ended.status, 0, "{}", ended.errors);
    assert_eq!(ended.result("xs"), r#"["run/xs/0","run/xs/1","run/xs/2","run/xs/3"]"#);
    let texts: Vec<String> =
        (0..4).map(|index| fs::read_to_string(ended.base.join(format!("out/xs/{index}"))).unwrap()).collect();
    assert_eq!(texts.concat(), "9.txt\n10.txt\na\nb\n");
}

const SPEC: &str = r#"{"task": "demo", "source": "flow.pipe", "line": 12,
    "inputs": [{"name": "d", "of": {"type": "duration"}}, {"name": "n", "of": {"type": "optional", "of": {"type": "int"}}},
               {"name": "r", "of": {"type": "record", "fields": [{"name": "big", "of": {"type": "int"}}]}}],
    "outputs": [{"name": "out", "of": {"type": "list", "item": {"type": "float"}, "plain": true}}]}"#;

#[test]
fn python_gets_values_and_gives_values() {
    let ended = Step::python(
        "python",
        SPEC,
        "import os\nprint(repr(d), n, r, 'n' in os.environ)\nout = [1, 0.5, 1e21]\n",
    )
    .env("d", "1500ms")
    .env("n", "null")
    .env("r", r#"{"big":"9007199254740993"}"#)
    .run();
    assert_eq!(ended.status, 0, "{}", ended.errors);
    assert_eq!(
        ended.output,
        "datetime.timedelta(seconds=1, microseconds=500000) None {'big': 9007199254740993} False\n"
    );
    assert_eq!(ended.result("out"), "[1,0.5,1e+21]");
}

#[test]
fn python_names_the_place_of_what_is_wrong() {
    let step = |name: &str, program: &str| {
        Step::python(name, SPEC, program).env("d", "1s").env("n", "1").env("r", r#"{"big":1}"#).run()
    };
    let ended = step("python-wrong", "out = [1.0, 'x']\n");
    assert_eq!(ended.status, 86);
    assert!(
        ended.errors.contains("pipec: task demo: output out[1] must be a float, not 'x'"),
        "{}",
        ended.errors
    );
    let ended = step("python-missing", "pass\n");
    assert_eq!(ended.status, 86);
    assert!(ended.errors.contains("output out is missing"), "{}", ended.errors);
    let ended = step("python-raise", "x = 1\nraise ValueError('bad')\n");
    assert_eq!(ended.status, 1);
    assert!(ended.errors.contains(r#"File "flow.pipe", line 13"#), "{}", ended.errors);
    assert!(!ended.errors.contains("step.py"), "{}", ended.errors);
    assert_eq!(step("python-exit", "import sys\nsys.exit(3)\n").status, 3);
}

#[test]
fn a_shell_and_python_know_an_artifact_alike() {
    let made =
        "mkdir -p \"$d/sub\" && printf one >\"$d/b\" && printf two >\"$d/sub/a\" && ln -s b \"$d/.link\"";
    let shell = Step::sh("identity-sh", &["sh", "-c", &format!("{made} && printf text >\"$f\"")])
        .env("PIPEC_OUTPUTS", "d dir\nf file .txt")
        .env("PIPEC_IDENTITY", "#")
        .env("PIPEC_KEY_d", "run/d")
        .env("PIPEC_KEY_f", "run/f")
        .run();
    let spec = |base: &str| {
        format!(
            "{{\"task\":\"demo\",\"inputs\":[],\"outputs\":[\
             {{\"name\":\"d\",\"artifact\":\"dir\",\"path\":\"{base}/out/d\"}},\
             {{\"name\":\"f\",\"artifact\":\"file\",\"path\":\"{base}/out/f\"}}]}}"
        )
    };
    let program = format!(
        "import subprocess\nsubprocess.run([\"sh\", \"-c\", {made:?}], check=True)\nf.write_text(\"text\")\n"
    );
    let step = Step::python("identity-py", "", &program);
    let spec = spec(step.base.to_str().unwrap());
    let python = step
        .env("PIPEC_SPEC", &spec)
        .env("PIPEC_IDENTITY", "#")
        .env("PIPEC_KEY_d", "run/d")
        .env("PIPEC_KEY_f", "run/f")
        .run();
    assert_eq!((shell.status, python.status), (0, 0), "{}{}", shell.errors, python.errors);
    assert_eq!(shell.result("d"), python.result("d"));
    // What `printf text | sha256sum` says.
    let text = "run/f#982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1";
    assert_eq!((shell.result("f").as_str(), python.result("f").as_str()), (text, text));
}
