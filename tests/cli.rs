//! The command line, as transcripts: `tests/cli/*.trycmd` have commands, exit statuses and all that is printed.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::process::{Command, Output};

#[test]
fn transcripts() {
    trycmd::TestCases::new().case("tests/cli/*.trycmd");
}

fn pipec(folder: &Path, arguments: &[&OsStr]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pipec")).current_dir(folder).args(arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout)
}

#[test]
fn a_value_that_is_no_text_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.pipe"), "pipeline main(s: string) -> string {\n  return s\n}\n")
        .unwrap();
    let value = OsStr::from_bytes(b"s=a\xffb");
    let output = pipec(folder.path(), &["run".as_ref(), "main.pipe".as_ref(), value]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("the value of s isn't text in UTF-8"), "{}", said(&output));
}

#[test]
fn a_named_pipe_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("imports.pipe", "use \"./pipe.pipe\" as lib\n");
    write("captures.pipe", "pipeline main() -> file {\n  return file(\"./pipe.pipe\")\n}\n");
    let made = Command::new("mkfifo").args(["pipe.pipe", "pipe.json"]).current_dir(folder.path()).status();
    assert!(made.unwrap().success());
    for (command, file, status) in [
        ("check", "pipe.pipe", 2),
        ("check", "imports.pipe", 1),
        ("ir", "captures.pipe", 2),
        ("run", "pipe.json", 2),
    ] {
        let output = pipec(folder.path(), &[command.as_ref(), file.as_ref()]);
        assert_eq!(output.status.code(), Some(status), "{command} {file}");
        assert!(said(&output).contains("it is a named pipe, a device or a socket"), "{}", said(&output));
    }
    std::fs::remove_file(folder.path().join("pipe.pipe")).unwrap();
    let made = Command::new("mkfifo").arg("pipec.toml").current_dir(folder.path()).status();
    assert!(made.unwrap().success());
    let output = pipec(folder.path(), &["check".as_ref(), "captures.pipe".as_ref()]);
    assert!(said(&output).contains("it is a named pipe"), "{}", said(&output));
}

#[test]
fn a_stream_of_the_shell_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let command = format!("{} check <(echo 'const a = 1')", env!("CARGO_BIN_EXE_pipec"));
    let output = Command::new("bash").args(["-c", &command]).current_dir(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
}
