//! The programs in `examples/`: without findings, the same under every target that is here, and as `tests/examples/` has it.
//! `UPDATE_EXPECTED=1` writes that anew.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value as Json;

/// All of them, and whether their steps' programs are there, so that they can be run.
const EXAMPLES: &[(&str, &str, bool)] = &[
    ("quickstart", "examples/quickstart.pipe", true),
    ("iris", "examples/iris/iris.pipe", true),
    ("nightly", "examples/nightly/nightly.pipe", false),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn succeeded(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{}{said}", String::from_utf8_lossy(&output.stdout));
    output
}

fn pipec(arguments: &[&str]) -> Output {
    succeeded(Command::new(env!("CARGO_BIN_EXE_pipec")).current_dir(root()).args(arguments))
}

fn is_expected(name: &str, text: &str) {
    let path = root().join("tests/examples").join(name);
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == text, "{} is stale; UPDATE_EXPECTED=1 writes it anew:\n{text}", path.display());
}

/// Outputs with each artifact replaced by its content.
fn with_contents(outputs: &[u8]) -> Json {
    let mut outputs: Json = serde_json::from_slice(outputs).unwrap();
    for value in outputs.as_object_mut().unwrap().values_mut() {
        let content = value.as_str().map(PathBuf::from).filter(|path| path.is_file());
        if let Some(content) = content.map(|path| std::fs::read_to_string(path).unwrap()) {
            *value = content.into();
        }
    }
    outputs
}

#[test]
fn have_no_findings() {
    let said = pipec(&["check", "examples"]).stdout;
    assert_eq!(String::from_utf8_lossy(&said), "no mistakes in 5 files\n");
}

#[test]
fn give_the_same_under_the_engine_and_as_scripts() {
    for (name, path, _) in EXAMPLES.iter().filter(|(.., runs)| *runs) {
        let scratch = tempfile::tempdir().unwrap();
        let copy = scratch.path().join("examples");
        succeeded(Command::new("cp").arg("-r").arg(root().join("examples")).arg(&copy));
        let mut engine = Command::new(env!("CARGO_BIN_EXE_pipec"));
        engine.current_dir(scratch.path()).args(["run", path, "--output-format", "json"]);
        let by_engine = with_contents(&succeeded(&mut engine).stdout);
        let script = scratch.path().join("script");
        pipec(&["compile", path, "--target", "local", "-o", script.to_str().unwrap()]);
        let mut script = Command::new(script.join("run.sh"));
        script.current_dir(scratch.path()).arg("--json");
        let by_script = with_contents(&succeeded(&mut script).stdout);
        assert_eq!(by_engine, by_script, "{name}");
        is_expected(&format!("{name}.json"), &format!("{by_engine:#}\n"));
    }
}

#[test]
fn compile_to_argo() {
    for (name, path, _) in EXAMPLES {
        let yaml = pipec(&["compile", path, "--target", "argo", "-o", "-"]).stdout;
        let yaml = String::from_utf8(yaml).unwrap();
        let faults = pipec_manifests::check(&yaml);
        assert!(faults.is_empty(), "{name}: {faults:#?}");
        is_expected(&format!("{name}.argo.yaml"), &yaml);
    }
}
