//! Runs on this machine: by the engine, and as a script.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value as Json;

use crate::case::{Case, Ended, Run, said, text};

/// The variables in which this machine's runs find secrets.
fn secrets(case: &Case) -> Vec<(String, String)> {
    let mut variables = Vec::new();
    for (secret, keys) in case.secrets() {
        for (key, value) in keys {
            let name = format!("PIPEC_SECRET_{secret}_{key}").to_uppercase().replace('-', "_");
            variables.push((name, value));
        }
    }
    variables
}

fn ended(output: &Output) -> Result<Ended, String> {
    match output.status.code() {
        Some(0) => {
            let printed = text(&output.stdout);
            let outputs = serde_json::from_str(&printed).map_err(|error| format!("{error}: {printed}"))?;
            Ok(Ended::Well(outputs))
        }
        // Inputs that are refused end it before it began.
        Some(1 | 2) => Ok(Ended::Badly(said(output))),
        _ => Err(said(output)),
    }
}

pub(crate) fn engine(case: &Case) -> Result<Run, String> {
    let scratch = tempfile::tempdir().unwrap();
    // A run keeps its record in the project: here in a copy of it.
    let project = scratch.path().join("project");
    assert!(Command::new("cp").arg("-r").arg(&case.folder).arg(&project).status().unwrap().success());
    let mut command = case.command(&["run", &case.entry(), "--output-format", "json", "--approve", "all"]);
    command.current_dir(&project).envs(secrets(case));
    if project.join("inputs.json").exists() {
        command.args(["--inputs", "inputs.json"]);
    }
    command.args(case.typed().iter().map(|(name, text)| format!("{name}={text}")));
    let ended = ended(&command.output().unwrap())?;
    Ok(Run { ended, printed: logs(&project.join(".pipec"), &["stdout", "stderr"]) })
}

pub(crate) fn script(case: &Case) -> Result<Run, String> {
    let scratch = tempfile::tempdir().unwrap();
    let target = scratch.path().join("script");
    case.pipec(&["compile", &case.entry(), "--target", "local", "-o", target.to_str().unwrap()])?;
    let mut command = Command::new(target.join("run.sh"));
    command.current_dir(scratch.path()).args(["--json", "--approve", "all"]).envs(secrets(case));
    for (name, value) in case.inputs() {
        let text = match value {
            Json::String(text) => text,
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
                value.to_string()
            }
        };
        command.arg(format!("{name}={text}"));
    }
    command.args(case.typed().iter().map(|(name, text)| format!("{name}={text}")));
    let ended = ended(&command.output().unwrap())?;
    Ok(Run { ended, printed: logs(&scratch.path().join("pipec-runs"), &["log"]) })
}

/// What is in the logs of a run: files of these names, with or without a number behind them.
fn logs(folder: &Path, names: &[&str]) -> String {
    let Ok(entries) = fs::read_dir(folder) else { return String::new() };
    let mut all = String::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !path.is_symlink() {
            all += &logs(&path, names);
        } else if path.is_file() && names.iter().any(|log| name.starts_with(log)) {
            all += &text(&fs::read(&path).unwrap());
        }
    }
    all
}
