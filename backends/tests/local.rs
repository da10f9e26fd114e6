//! IR in, a script out, and what the script does. Each case is a directory with `ir.json`, the script's own part in
//! `program.bash` (the runtime below it is the same for all), and `session.txt`: commands, what they print, and how they
//! end. `PIPEC_UPDATE=1` writes what is found. `shellcheck` has to be content where it is at hand; with
//! `PIPEC_REQUIRE_JUDGES=1` it has to be at hand.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use pipec_backends::local::compile;
use pipec_ir::Program;

#[path = "local/evaluation.rs"]
mod evaluation;

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/local/cases");
    let mut found: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

fn program(case: &Path) -> Program {
    let text = fs::read_to_string(case.join("ir.json")).unwrap();
    let program: Program =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", case.display()));
    if let Err(invalid) = pipec_ir::validate(&program) {
        panic!("{}: {invalid:#?}", case.display());
    }
    program
}

/// Writes what the program becomes.
pub(crate) fn emit(program: &Program, directory: &Path) {
    let files = compile(program).unwrap_or_else(|refusals| panic!("{}: {refusals:#?}", program.name));
    for file in files {
        let path = directory.join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &file.content).unwrap();
        if file.executable {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
    }
}

fn is_updating() -> bool {
    std::env::var_os("PIPEC_UPDATE").is_some()
}

/// Whether the file has this content; writes it where cases are updated.
fn is_as_expected(path: &Path, content: &str) -> bool {
    if is_updating() {
        fs::write(path, content).unwrap();
    }
    fs::read_to_string(path).unwrap_or_default() == content
}

#[test]
fn scripts_are_as_expected() {
    let mut wrong = Vec::new();
    for case in cases() {
        let directory = tempfile::tempdir().unwrap();
        emit(&program(&case), directory.path());
        let script = fs::read_to_string(directory.path().join("run.sh")).unwrap();
        let (own, _) = script.split_once("\n# ---- the command line").unwrap();
        if !is_as_expected(&case.join("program.bash"), own) {
            wrong.push(case.display().to_string());
        }
    }
    assert!(wrong.is_empty(), "PIPEC_UPDATE=1 shows what changed in: {}", wrong.join(", "));
}

#[test]
fn scripts_do_as_expected() {
    // All scripts are there before one of them runs: what another thread starts would hold a script that is still being
    // written, and nothing runs what is open for writing.
    let emitted: Vec<_> = cases()
        .into_iter()
        .filter(|case| case.join("session.txt").exists())
        .map(|case| {
            let directory = tempfile::tempdir().unwrap();
            emit(&program(&case), &directory.path().join("flow"));
            (case, directory)
        })
        .collect();
    let sessions: Vec<_> = emitted
        .into_iter()
        .map(|(case, directory)| std::thread::spawn(move || (case.clone(), session(&case, directory.path()))))
        .collect();
    let mut wrong = Vec::new();
    for session in sessions {
        let (case, (found, said)) = session.join().unwrap();
        if !is_as_expected(&case.join("session.txt"), &found) {
            wrong.push(format!("{}:\n{found}\n{said}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "PIPEC_UPDATE=1 shows what changed in {}", wrong.join("\n"));
}

/// Runs the commands of a session, lines that begin with `$ `, in one directory; `run.sh` is the emitted script.
/// What it prints, and what it says on standard error.
fn session(case: &Path, directory: &Path) -> (String, String) {
    let place = directory.to_str().unwrap();
    let mut found = String::new();
    let mut said = String::new();
    for line in fs::read_to_string(case.join("session.txt")).unwrap().lines() {
        if let Some(comment) = line.strip_prefix('#') {
            found.push_str(&format!("#{comment}\n"));
        }
        let Some(command) = line.strip_prefix("$ ") else { continue };
        let output = Command::new("bash")
            .args(["-c", command])
            .current_dir(directory)
            .env("RUN", directory.join("flow/run.sh"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        said.push_str(&String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8_lossy(&output.stdout).replace(place, "DIRECTORY");
        found.push_str(&format!("$ {command}\n{text}"));
        if !text.is_empty() && !text.ends_with('\n') {
            found.push('\n');
        }
        found.push_str(&format!("= {}\n", output.status.code().unwrap_or(-1)));
    }
    (found, said)
}

#[test]
fn shellcheck_has_nothing_to_say() {
    if Command::new("shellcheck").arg("--version").output().is_err() {
        assert!(
            std::env::var_os("PIPEC_REQUIRE_JUDGES").is_none(),
            "shellcheck isn't at hand, and is required"
        );
        eprintln!("skipped: shellcheck isn't at hand");
        return;
    }
    for case in cases() {
        let directory = tempfile::tempdir().unwrap();
        emit(&program(&case), directory.path());
        let output = Command::new("shellcheck").arg("run.sh").current_dir(&directory).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.is_empty(), "{}:\n{said}", case.display());
    }
}

#[test]
fn the_same_program_gives_the_same_bytes() {
    for case in cases() {
        assert_eq!(compile(&program(&case)), compile(&program(&case)), "{}", case.display());
    }
}
