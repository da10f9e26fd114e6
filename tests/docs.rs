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
