//! IR in, manifests out. Each case is a directory with `ir.json` and the `argo.yaml` that it becomes; run with
//! `PIPEC_UPDATE=1` to write what is emitted now. What is emitted is read back: by the reference checker always, by
//! `argo-expressions` and by an API server where they are at hand. With `PIPEC_REQUIRE_JUDGES=1` they have to be.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pipec_backends::argo::{Target, compile};
use pipec_ir::Program;

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut found: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("ir.json").exists())
        .collect();
    found.sort();
    found
}

fn emitted(case: &Path) -> String {
    let text = fs::read_to_string(case.join("ir.json")).unwrap();
    let program: Program =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", case.display()));
    if let Err(invalid) = pipec_ir::validate(&program) {
        panic!("{}: {invalid:?}", case.display());
    }
    match compile(&program, &Target::default()) {
        Ok(compiled) => String::from_utf8(compiled.files.into_iter().next().unwrap().content).unwrap(),
        Err(refusals) => panic!("{}: {refusals:#?}", case.display()),
    }
}

#[test]
fn manifests_are_as_expected() {
    let update = std::env::var_os("PIPEC_UPDATE").is_some();
    let mut wrong = Vec::new();
    for case in cases() {
        let now = emitted(&case);
        let path = case.join("argo.yaml");
        if update {
            fs::write(&path, &now).unwrap();
        } else if fs::read_to_string(&path).unwrap_or_default() != now {
            wrong.push(case.display().to_string());
        }
    }
    assert!(wrong.is_empty(), "PIPEC_UPDATE=1 shows what changed in: {}", wrong.join(", "));
}

#[test]
fn manifests_compile_the_same_twice() {
    for case in cases() {
        assert_eq!(emitted(&case), emitted(&case), "{}", case.display());
    }
}

#[test]
fn every_reference_resolves() {
    for case in cases() {
        let faults = pipec_manifests::check(&emitted(&case));
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert!(lines.is_empty(), "{}:\n{}", case.display(), lines.join("\n"));
    }
}

#[test]
fn pods_are_restricted() {
    for case in cases() {
        let faults = pipec_manifests::restricted(&emitted(&case));
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert!(lines.is_empty(), "{}:\n{}", case.display(), lines.join("\n"));
    }
}

/// Whether a judge that isn't there may be left out; says so where it is.
fn may_skip(judge: &str) -> bool {
    assert!(std::env::var_os("PIPEC_REQUIRE_JUDGES").is_none(), "{judge} isn't at hand, and is required");
    eprintln!("skipped: {judge} isn't at hand");
    true
}

#[test]
fn every_expression_compiles_with_argos_libraries() {
    let program = std::env::var_os("ARGO_EXPRESSIONS").unwrap_or_else(|| "argo-expressions".into());
    let mut command = Command::new(&program);
    for case in cases() {
        command.arg(case.join("argo.yaml"));
    }
    match command.output() {
        Ok(output) => assert!(
            output.status.success(),
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        ),
        Err(_) => assert!(may_skip("argo-expressions")),
    }
}

#[test]
fn an_api_server_takes_every_manifest() {
    if std::env::var_os("KUBECONFIG").is_none() {
        assert!(may_skip("a cluster (KUBECONFIG)"));
        return;
    }
    for case in cases() {
        let output = Command::new("kubectl")
            .args(["create", "--dry-run=server", "--validate=strict", "-f"])
            .arg(case.join("argo.yaml"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}: {}", case.display(), String::from_utf8_lossy(&output.stderr));
    }
}
