//! Backends of others: a program `pipec-backend-NAME` gets the IR as JSON on its standard input and answers on its
//! standard output with a JSON list of files, `[{"path": "out.yaml", "text": "…"}]`: `text` or `base64`, and
//! `"executable": true` where that is so. It fails with a message on standard error and an exit status other than 0.

use std::io::Write;
use std::path::{Component, Path};
use std::process::{Command, Stdio};

use base64::Engine as _;
use pipec_backends::OutputFile;
use serde::Deserialize;

use super::failure::Failure;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    path: String,
    text: Option<String>,
    base64: Option<String>,
    #[serde(default)]
    executable: bool,
}

/// What the backend makes of a program.
pub(super) fn compile(
    name: &str,
    program: &Path,
    ir: &pipec_ir::Program,
) -> Result<Vec<OutputFile>, Failure> {
    let failure = || Failure::new(format!("can't compile for the target `{name}`"));
    let backend = program.display();
    let output = exchange(program, &pipec_ir::write(ir))
        .map_err(|error| failure().because(format!("can't run `{backend}`")).because_io(&error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let failure = failure().because(format!("`{backend}` failed: {}", output.status));
        return Err(if said.trim().is_empty() { failure } else { failure.because(said.trim()) });
    }
    let wrong = |why: String| {
        failure()
            .because(format!("`{backend}` gave no list of files"))
            .because(why)
            .help("a backend answers with JSON: [{\"path\": \"out.yaml\", \"text\": \"…\"}]")
    };
    let answers: Vec<Answer> =
        serde_json::from_slice(&output.stdout).map_err(|error| wrong(error.to_string()))?;
    let mut files: Vec<OutputFile> = Vec::new();
    for answer in answers {
        let file = output_file(answer).map_err(&wrong)?;
        if files.iter().any(|other| other.path == file.path) {
            return Err(wrong(format!("`{}` is there twice", file.path)));
        }
        files.push(file);
    }
    if files.is_empty() { Err(wrong("the list is empty".to_owned())) } else { Ok(files) }
}

/// Writes all of the input while reading all of the output, so that neither side waits for the other.
fn exchange(program: &Path, input: &str) -> std::io::Result<std::process::Output> {
    let mut child =
        Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let stdin = child.stdin.take();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // A backend that doesn't read all of it says why by its status.
            stdin.map(|mut stdin| stdin.write_all(input.as_bytes()))
        });
        child.wait_with_output()
    })
}

fn output_file(answer: Answer) -> Result<OutputFile, String> {
    let Answer { path, text, base64, executable } = answer;
    let is_inside = Path::new(&path).components().all(|part| matches!(part, Component::Normal(_)));
    if path.is_empty() || !is_inside || path.contains('\\') || path.ends_with('/') {
        return Err(format!("`{path}` is no relative path without `..`"));
    }
    let content = match (text, base64) {
        (Some(text), None) => text.into_bytes(),
        (None, Some(text)) => base64::engine::general_purpose::STANDARD
            .decode(text)
            .map_err(|error| format!("the base64 of `{path}`: {error}"))?,
        (Some(_), Some(_)) | (None, None) => {
            return Err(format!("`{path}` must have either `text` or `base64`"));
        }
    };
    Ok(OutputFile { path, content, executable })
}
