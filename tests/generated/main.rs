//! A hundred drawn programs, compiled for Argo and put before every judge that is at hand: the reference checker and the rules
//! for pods always, `argo-expressions` (`ARGO_EXPRESSIONS`) and an API server (`KUBECONFIG`) where they are there. With
//! `PIPEC_REQUIRE_JUDGES=1` they have to be. `PIPEC_SEED` draws others.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod program;

use std::fs;
use std::path::Path;
use std::process::Command;

const PROGRAMS: u64 = 100;

const CONFIG: &str = "[target.argo]\nbackend = \"argo\"\ndefault_image = \"python:3.12-slim\"\n";

fn seed() -> u64 {
    std::env::var("PIPEC_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(0x5851_f42d_4c95_7f2d)
}

/// Compiles the drawn program with this number; gives what is wrong.
fn compile(folder: &Path, number: u64) -> Option<String> {
    let name = format!("drawn_{number}");
    let source = program::draw(&name, seed().wrapping_mul(number + 1).wrapping_add(number));
    let file = format!("{name}.pipe");
    fs::write(folder.join(&file), &source).unwrap();
    let entry = format!("{file}::{name}");
    let yaml = format!("{name}.yaml");
    let mut command = Command::new(env!("CARGO_BIN_EXE_pipec"));
    command.current_dir(folder).args(["compile", &entry, "--target", "argo", "-o", &yaml]);
    let output = command.output().unwrap();
    if !output.status.success() {
        return Some(format!("{}\n{source}", String::from_utf8_lossy(&output.stderr)));
    }
    let text = fs::read_to_string(folder.join(yaml)).unwrap();
    let mut faults = pipec_manifests::check(&text);
    faults.append(&mut pipec_manifests::restricted(&text));
    (!faults.is_empty()).then(|| format!("{faults:#?}\n{source}"))
}

#[test]
fn drawn_programs_pass_every_judge() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("pipec.toml"), CONFIG).unwrap();
    for number in 0..PROGRAMS {
        if let Some(wrong) = compile(folder.path(), number) {
            panic!("program {number} of seed {}: {wrong}", seed());
        }
    }
    let mut files: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    files.sort();
    let judge = std::env::var_os("ARGO_EXPRESSIONS").unwrap_or_else(|| "argo-expressions".into());
    match Command::new(&judge).args(&files).output() {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout)),
        Err(_) => skip("argo-expressions"),
    }
    if std::env::var_os("KUBECONFIG").is_none() {
        return skip("a cluster (KUBECONFIG)");
    }
    // All at once: each start of `kubectl` reads the server's schemas anew.
    let mut command = Command::new("kubectl");
    command.args(["create", "--dry-run=server", "--validate=strict", "-f"]).arg(folder.path());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Leaves a judge out, unless it has to be there.
fn skip(judge: &str) {
    assert!(std::env::var_os("PIPEC_REQUIRE_JUDGES").is_none(), "{judge} isn't at hand, and is required");
    eprintln!("skipped: {judge} isn't at hand");
}
