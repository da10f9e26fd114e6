//! Whole programs, from text to every target. Each directory in `tests/cases/programs` holds `main.pipe`, perhaps
//! `inputs.json`, and what is expected: `expected/outputs.json`, the same from the engine and from the local script, and
//! `expected/argo.yaml`. What a target refuses is expected too, in `expected/TARGET.refused`. `UPDATE_EXPECTED=1 cargo test`
//! writes the YAML and the refusals anew.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/programs");
    let mut cases: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("main.pipe").is_file())
        .collect();
    cases.sort();
    assert!(!cases.is_empty());
    cases
}

fn pipec(case: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pipec")).current_dir(case).args(arguments).output().unwrap()
}

fn succeeded(case: &Path, what: &str, output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{} of {} failed\n{}{}",
        what,
        case.display(),
        text(&output.stdout),
        text(&output.stderr)
    );
    text(&output.stdout)
}

fn json(text: &str, what: &Path) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{}: {error}\n{text}", what.display()))
}

fn expected_outputs(case: &Path) -> serde_json::Value {
    let path = case.join("expected/outputs.json");
    json(&fs::read_to_string(&path).unwrap(), &path)
}

/// Whether a target refuses the program, in the words that are expected.
fn refused(case: &Path, target: &str, output: &Output) -> bool {
    let path = case.join(format!("expected/{target}.refused"));
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        assert!(!path.exists(), "{target} takes {} now: remove {}", case.display(), path.display());
        return false;
    }
    assert_eq!(output.status.code(), Some(1), "{target} should refuse {}:\n{said}", case.display());
    is_expected(&path, &said);
    true
}

fn is_expected(path: &Path, text: &str) {
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(path, text).unwrap();
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    assert!(text == expected, "{} is stale; UPDATE_EXPECTED=1 writes it anew\n{text}", path.display());
}

#[test]
fn have_no_findings() {
    for case in cases() {
        let output = pipec(&case, &["check", "main.pipe"]);
        let said = succeeded(&case, "check", &output);
        assert_eq!(said, "no mistakes in 1 file\n", "findings in {}", case.display());
    }
}

#[test]
fn run_here() {
    for case in cases() {
        let scratch = tempfile::tempdir().unwrap();
        // A run keeps its record in the project: here in a copy of it.
        let project = scratch.path().join("project");
        let copied = Command::new("cp").arg("-r").arg(&case).arg(&project).status().unwrap();
        assert!(copied.success());
        let mut command = Command::new(env!("CARGO_BIN_EXE_pipec"));
        command.current_dir(&project).args(["run", "main.pipe", "--output-format", "json"]);
        if project.join("inputs.json").exists() {
            command.args(["--inputs", "inputs.json"]);
        }
        let output = command.output().unwrap();
        let outputs = json(&succeeded(&case, "run", &output), &case);
        assert_eq!(outputs, expected_outputs(&case), "{} under `pipec run`", case.display());
    }
}

#[test]
fn run_as_scripts() {
    for case in cases() {
        let scratch = tempfile::tempdir().unwrap();
        let target = scratch.path().join("script");
        let output =
            pipec(&case, &["compile", "main.pipe", "--target", "local", "-o", target.to_str().unwrap()]);
        succeeded(&case, "compile --target local", &output);
        let output =
            Command::new(target.join("run.sh")).current_dir(scratch.path()).arg("--json").output().unwrap();
        let outputs = json(&succeeded(&case, "run.sh", &output), &case);
        assert_eq!(outputs, expected_outputs(&case), "{} under the script", case.display());
    }
}

#[test]
fn compile_to_argo() {
    for case in cases() {
        let output = pipec(&case, &["compile", "main.pipe", "--target", "argo", "-o", "-"]);
        if refused(&case, "argo", &output) {
            continue;
        }
        let yaml = String::from_utf8(output.stdout).unwrap();
        is_expected(&case.join("expected/argo.yaml"), &yaml);
        let faults = pipec_manifests::check(&yaml);
        assert!(faults.is_empty(), "{}: {faults:#?}", case.display());
    }
}
