//! The programs in the documentation have no findings.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::path::Path;
use std::process::Command;

#[test]
fn programs_in_the_documentation_are_right() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for page in ["docs/language.md"] {
        let text = std::fs::read_to_string(root.join(page)).unwrap();
        let programs: Vec<&str> = text
            .split("```pipe\n")
            .skip(1)
            .map(|rest| rest.split("```").next().unwrap_or_default())
            .collect();
        assert!(!programs.is_empty(), "{page} has no programs");
        for (index, program) in programs.iter().enumerate() {
            let scratch = tempfile::tempdir().unwrap();
            let path = scratch.path().join("main.pipe");
            std::fs::write(&path, program).unwrap();
            let output = Command::new(env!("CARGO_BIN_EXE_pipec")).arg("check").arg(&path).output().unwrap();
            let said = String::from_utf8_lossy(&output.stdout);
            let is_right = output.status.success() && said == "no mistakes in 1 file\n";
            assert!(is_right, "program {} of {page}:\n{said}", index + 1);
        }
    }
}

#[test]
fn the_target_in_the_documentation_is_one() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/argo.md");
    let text = std::fs::read_to_string(page).unwrap();
    let target = text.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let scratch = tempfile::tempdir().unwrap();
    std::fs::write(scratch.path().join("pipec.toml"), target).unwrap();
    let program = "task hello() {\n  run: [\"true\"]\n}\n\npipeline main() {\n  hello()\n}\n";
    std::fs::write(scratch.path().join("main.pipe"), program).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_pipec"))
        .current_dir(scratch.path())
        .args(["compile", "main.pipe", "--target", "prod"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let yaml = String::from_utf8(output.stdout).unwrap();
    let faults = pipec_manifests::check(&yaml);
    assert!(faults.is_empty(), "{faults:#?}\n{yaml}");
    for said in ["automountServiceAccountToken: false", "secondsAfterSuccess: 86400", "pipec_task_total"] {
        assert!(yaml.contains(said), "{said} is missing:\n{yaml}");
    }
}
