//! Runs on this machine: by the engine, and as a script.

use std::process::{Command, Output};

use serde_json::Value as Json;

use crate::case::{Case, Ended, said, text};

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
        Some(1) => Ok(Ended::Badly(said(output))),
        _ => Err(said(output)),
    }
}

pub(crate) fn engine(case: &Case) -> Result<Ended, String> {
    let scratch = tempfile::tempdir().unwrap();
    // A run keeps its record in the project: here in a copy of it.
    let project = scratch.path().join("project");
    assert!(Command::new("cp").arg("-r").arg(&case.folder).arg(&project).status().unwrap().success());
    let mut command = case.command(&["run", "main.pipe", "--output-format", "json", "--approve", "all"]);
    command.current_dir(&project).envs(secrets(case));
    if project.join("inputs.json").exists() {
        command.args(["--inputs", "inputs.json"]);
    }
    ended(&command.output().unwrap())
}

pub(crate) fn script(case: &Case) -> Result<Ended, String> {
    let scratch = tempfile::tempdir().unwrap();
    let target = scratch.path().join("script");
    case.pipec(&["compile", "main.pipe", "--target", "local", "-o", target.to_str().unwrap()])?;
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
    ended(&command.output().unwrap())
}
