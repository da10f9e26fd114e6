//! Valid programs in the style of real work: `tests/corpus/valid/NAME.pipe`, or `NAME/main.pipe` where there are several
//! files. None has a finding, each becomes a valid IR, and every target takes it or refuses it in the words of
//! `refusals/NAME.TARGET`. `UPDATE_EXPECTED=1 cargo test --test corpus` writes the refusals anew.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pipec::compiler;
use pipec::diagnostics::levels::Levels;
use pipec::source::Disk;

const TARGETS: &[&str] = &["argo", "local"];

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/valid")
}

/// Names and files of the programs, sorted.
fn programs() -> Vec<(String, PathBuf)> {
    let mut programs: Vec<(String, PathBuf)> = fs::read_dir(corpus())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter_map(|path| {
            let name = path.file_stem()?.to_str()?.to_owned();
            let file = if path.is_dir() { path.join("main.pipe") } else { path };
            (file.extension()? == "pipe" && file.is_file()).then_some((name, file))
        })
        .collect();
    programs.sort();
    programs
}

#[test]
fn there_are_many_and_each_says_what_it_is() {
    let programs = programs();
    assert!(programs.len() >= 60, "{} programs", programs.len());
    for (name, path) in programs {
        let text = fs::read_to_string(path).unwrap();
        assert!(text.starts_with("//! "), "{name} begins with its documentation");
    }
}

#[test]
fn have_no_findings_and_become_valid_ir() {
    let mut problems = Vec::new();
    for (name, path) in programs() {
        let checked = compiler::check(&path, &Disk, &Levels::default()).unwrap();
        for finding in &checked.diagnostics {
            let position = checked.sources.position(finding.span());
            problems.push(format!("{name}:{}: {} {}", position.line, finding.code.0, finding.message));
        }
        if checked.diagnostics.is_empty() {
            match checked.ir(None, &Disk) {
                Ok(program) => {
                    if let Err(faults) = pipec_ir::validate(&program) {
                        problems.push(format!("{name}: {faults:?}"));
                    }
                }
                Err(cause) => problems.push(format!("{name}: {cause:?}")),
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn targets_take_them_or_refuse_them_as_written() {
    let update = std::env::var_os("UPDATE_EXPECTED").is_some();
    let mut problems = Vec::new();
    for (name, path) in programs() {
        for target in TARGETS {
            let expected = corpus().join("refusals").join(format!("{name}.{target}"));
            let said = refusal(&path, target);
            if update && said.is_empty() {
                let _ = fs::remove_file(&expected);
            } else if update {
                fs::create_dir_all(expected.parent().unwrap()).unwrap();
                fs::write(&expected, &said).unwrap();
            }
            if said != fs::read_to_string(&expected).unwrap_or_default() {
                problems.push(format!("{name} on {target}; UPDATE_EXPECTED=1 writes it anew:\n{said}"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// What a target refuses; nothing where it takes the program.
fn refusal(path: &Path, target: &str) -> String {
    let scratch = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_pipec"));
    command.current_dir(path.parent().unwrap()).arg("compile").arg(path.file_name().unwrap());
    let output = command.args(["--target", target, "-o"]).arg(scratch.path().join("out")).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    match output.status.code() {
        Some(0) => String::new(),
        Some(1) if said.starts_with("error[E0701]") => said,
        other => panic!("compiling {} for {target} ends with {other:?}:\n{said}", path.display()),
    }
}
