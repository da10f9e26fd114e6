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
    assert!(ended.errors.contains("what it prints to standard output is no output"), "{}", ended.errors);
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
    .env("PIPEC_OUTPUTS", "xs list l")
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

/// A folder with `0`, `1`, … as Argo delivers what a map holds: in the order of its keys.
fn delivered(name: &str, texts: &[&str]) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("pipec-step-test-{}-{name}-in", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for (index, text) in texts.iter().enumerate() {
        if !text.is_empty() {
            fs::write(folder.join(index.to_string()), text).unwrap();
        }
    }
    folder
}

/// The keys `.x`, `0`, `1`, `b c`, of which `1` has no file.
#[test]
fn a_shell_step_finds_a_maps_entries_by_their_keys() {
    let folder = delivered("sh-map", &["dot", "zero", "", "blank"]);
    let program = "cd \"$files\"; ls; cat .count 0 b%20c %2Ex";
    let ended = Step::sh("sh-map", &["sh", "-c", program])
        .env("PIPEC_LISTS", &format!("files={}", folder.display()))
        .env("files", "4 /0=Lng= /1=MA== /2=MQ== /3=YiBj !")
        .run();
    assert_eq!(ended.status, 0, "{}", ended.errors);
    assert_eq!(ended.output, "%2Ex\n0\nb%20c\n4\nzeroblankdot");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_shell_step_finds_maps_inside_of_lists() {
    let folder = delivered("sh-deep", &[]);
    fs::create_dir(folder.join("0")).unwrap();
    fs::write(folder.join("0/0"), "a").unwrap();
    fs::write(folder.join("0/1"), "b").unwrap();
    let program = "cd \"$all\"; cat .count 0/.count 0/x 0/y 1/.count; ls -A 1";
    let ended = Step::sh("sh-deep", &["sh", "-c", program])
        .env("PIPEC_LISTS", &format!("all={}", folder.display()))
        .env("all", "2 /0:2 /0/0=eA== /0/1=eQ== /0! /1:0 /1!")
        .run();
    assert_eq!(ended.status, 0, "{}", ended.errors);
    assert_eq!(ended.output, "2\n2\nab0\n.count\n");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_python_step_reads_and_writes_maps_of_files() {
    let folder = delivered("python-map", &["dot", "", "blank"]);
    let spec = format!(
        r#"{{"task":"demo","inputs":[{{"name":"files","path":"{}","list":true}}],
            "outputs":[{{"name":"made","artifact":"list","layout":"ml","path":"{}"}}]}}"#,
        folder.display(),
        std::env::temp_dir()
            .join(format!("pipec-step-test-{}-python-map/out/made", std::process::id()))
            .display(),
    );
    let program = "
print({name: path and path.read_text() for name, path in files.items()})
for name in ['k%20y', 'a']:
    (made / name).mkdir(parents=True)
    (made / name / '10.txt').write_text(name)
    (made / name / '9.txt').write_text(name)
";
    let ended = Step::python("python-map", &spec, program)
        .env("files", "=eyIueCI6ImsvMCIsIjEiOm51bGwsImIgYyI6ImsvMiJ9")
        .env("PIPEC_KEY_made", "run/made")
        .run();
    assert_eq!(ended.status, 0, "{}", ended.errors);
    assert_eq!(ended.output, "{'.x': 'dot', '1': None, 'b c': 'blank'}\n");
    let keys = r#"{"a":["run/made/a/0","run/made/a/1"],"k y":["run/made/k%20y/0","run/made/k%20y/1"]}"#;
    assert_eq!(ended.result("made"), format!("={}", base64(keys)));
    fs::remove_dir_all(folder).unwrap();
}

/// A line in front of the block puts the paths into their records; tracebacks count the block's own lines.
#[test]
fn a_python_step_finds_files_in_records_inside_of_maps() {
    let folder = delivered("python-columns", &["one", "", "two"]);
    let spec = format!(
        r#"{{"task":"demo","inputs":[
            {{"name":"samples","of":{{"type":"map","value":{{"type":"record","fields":[]}}}}}},
            {{"name":"samples_reads","path":"{}","list":true}}],
            "outputs":[],"source":"demo.pipe","line":7}}"#,
        folder.display(),
    );
    let program = "\
[V0.update({\"reads\": samples_reads[K0]}) for K0, V0 in samples.items()]; del samples_reads
print({name: sample['reads'] and sample['reads'].read_text() for name, sample in samples.items()})
print('samples_reads' in globals())
raise ValueError()";
    let ended = Step::python("python-columns", &spec, program)
        .env("samples", &format!("={}", base64(r#"{"a":{},"b c":{},"é":{}}"#)))
        .env("samples_reads", &format!("={}", base64(r#"{"a":"k/0","b c":null,"é":"k/2"}"#)))
        .run();
    assert_eq!(ended.output, "{'a': 'one', 'b c': None, 'é': 'two'}\nFalse\n");
    assert!(ended.errors.contains("File \"demo.pipe\", line 10"), "{}", ended.errors);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_shell_step_writes_maps_and_lists_of_lists() {
    let program = "mkdir -p \"$map/z\" \"$map/b%20c\" \"$lists/10\" \"$lists/9\"
        for path in \"$map/z/1\" \"$map/b%20c/x\" \"$map/b%20c/2\" \"$lists/9/a\"; do echo >\"$path\"; done";
    let ended = Step::sh("sh-maps", &["sh", "-c", program])
        .env("PIPEC_OUTPUTS", "map list ml\nlists list ll")
        .env("PIPEC_KEY_map", "run/m")
        .env("PIPEC_KEY_lists", "run/l")
        .run();
    assert_eq!(ended.status, 0, "{}", ended.errors);
    let keys = r#"{"b c":["run/m/b%20c/0","run/m/b%20c/1"],"z":["run/m/z/0"]}"#;
    assert_eq!(ended.result("map"), format!("={}", base64(keys)));
    assert_eq!(ended.result("lists"), r#"[["run/l/0/0"],[]]"#);
}

#[test]
fn a_shell_steps_map_has_each_key_once() {
    let program = "mkdir \"$map\"; echo >\"$map/a\"; echo >\"$map/%61\"";
    let ended = Step::sh("sh-twice", &["sh", "-c", program]).env("PIPEC_OUTPUTS", "map list m").run();
    assert_eq!((ended.status, ended.errors.contains("two files stand for one key")), (86, true));
}

/// What a value may have counts as JSON, to the byte.
#[test]
fn a_shell_steps_text_has_at_most_90000_bytes_of_json() {
    for (program, status) in [
        ("head -c 89998 /dev/zero | tr '\\0' x >\"$out\"", 0),
        ("head -c 89999 /dev/zero | tr '\\0' x >\"$out\"", 86),
        ("{ head -c 44999 /dev/zero | tr '\\0' '\"'; } >\"$out\"", 0),
        ("{ head -c 45000 /dev/zero | tr '\\0' '\"'; } >\"$out\"", 86),
        ("{ head -c 14999 /dev/zero | tr '\\0' '\\001'; } >\"$out\"", 0),
        ("{ head -c 15000 /dev/zero | tr '\\0' '\\001'; } >\"$out\"", 86),
    ] {
        let ended = Step::sh("size", &["sh", "-c", program]).env("PIPEC_OUTPUTS", "out string").run();
        assert_eq!(ended.status, status, "{program}: {}", ended.errors);
    }
}

fn base64(text: &str) -> String {
    let output = Command::new("sh").args(["-c", "printf %s \"$1\" | base64 -w 0", "base64", text]).output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}
