//! What the README shows is what `pipec` does. `UPDATE_EXPECTED=1 cargo test` writes the output in it anew.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::path::Path;
use std::process::Command;

#[test]
fn shows_what_check_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let program = block(&readme, "pipe");
    let shown = block(&readme, "text");

    let scratch = tempfile::tempdir().unwrap();
    std::fs::write(scratch.path().join("train.pipe"), program).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_pipec"))
        .current_dir(scratch.path())
        .args(["check", "--color", "never", "train.pipe"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "the README's program has mistakes");
    let said = String::from_utf8(output.stdout).unwrap();

    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        let before = format!("```text\n{shown}```");
        std::fs::write(&path, readme.replacen(&before, &format!("```text\n{said}```"), 1)).unwrap();
        return;
    }
    assert_eq!(shown, said, "UPDATE_EXPECTED=1 writes the README's output anew");
}

/// The content of the first block with a language.
fn block<'a>(text: &'a str, language: &str) -> &'a str {
    let opening = format!("```{language}\n");
    let (_, rest) = text.split_once(&opening).expect("a block");
    let end = rest.find("```").expect("its end");
    &rest[..end]
}
