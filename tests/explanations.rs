//! Every page of `pipec explain` is true: its wrong program has exactly findings of its code, its right one has none.
//! Programs marked `target=argo` are compiled for it.

use std::path::Path;
use std::process::Command;

use pipec::compiler;
use pipec::diagnostics::levels::{Level, Levels};
use pipec::diagnostics::{Code, codes};
use pipec::project;
use pipec::source::Memory;

const ROOT: &str = "/project";

/// The programs below one heading of a page: for each its files, the first of which is compiled.
struct Example {
    files: Vec<(String, String)>,
    target: bool,
}

#[test]
fn wrong_programs_are_wrong_and_right_ones_right() {
    let mut problems = Vec::new();
    for row in codes::TABLE {
        let code = row.code.0;
        let wrong = examples(row.page, "## Wrong");
        let right = examples(row.page, "## Right");
        if wrong.is_empty() || right.is_empty() {
            problems.push(format!("{code}: the page has no wrong or no right program"));
        }
        for example in &wrong {
            let found = findings(example, row.code);
            if found.is_empty() || found.iter().any(|finding| !finding.starts_with(code)) {
                problems.push(format!("{code}: the wrong program gives {}", listed(&found)));
            }
        }
        for example in &right {
            let found = findings(example, row.code);
            if !found.is_empty() {
                problems.push(format!("{code}: the right program gives {}", listed(&found)));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn listed(found: &[String]) -> String {
    if found.is_empty() { "nothing".to_owned() } else { found.join("; ") }
}

/// A block ```` ```pipe ```` begins a program, ```` ```pipe file=NAME ```` adds a file to it.
fn examples(page: &str, heading: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let section = page.split(heading).nth(1).unwrap_or_default();
    let section = section.split("\n## ").next().unwrap_or_default();
    let mut open: Option<String> = None;
    let mut text = String::new();
    for line in section.lines() {
        match &open {
            None => {
                let info = line.strip_prefix("```pipe").or_else(|| line.strip_prefix("```toml"));
                open = info.map(|rest| rest.trim().to_owned());
            }
            Some(info) if line == "```" => {
                let text = std::mem::take(&mut text);
                match (info.strip_prefix("file="), examples.last_mut()) {
                    (Some(name), Some(example)) => example.files.push((name.to_owned(), text)),
                    (Some(_), None) | (None, _) => examples.push(Example {
                        files: vec![("main.pipe".to_owned(), text)],
                        target: info.starts_with("target="),
                    }),
                }
                open = None;
            }
            Some(_) => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    examples
}

/// What is found with the code's lint turned on: by the checker, or for a target.
fn findings(example: &Example, code: Code) -> Vec<String> {
    if example.target {
        return refusals(example);
    }
    let mut memory = Memory::default();
    for (name, text) in &example.files {
        memory.files.insert(Path::new(ROOT).join(name), text.clone().into_bytes());
    }
    let mut levels = Levels::default();
    if levels.of(code).is_some() {
        levels.set(code, Level::Warn);
    }
    let entry = Path::new(ROOT).join("main.pipe");
    let project = memory.files.get(&Path::new(ROOT).join(project::FILE_NAME));
    let project = project.map(|text| project::parse(&String::from_utf8_lossy(text)).expect("it is right"));
    let project = project.unwrap_or_default();
    let found = compiler::check_for(project.profile(None), &entry, &memory, &levels)
        .expect("it is there")
        .diagnostics;
    found.iter().map(|finding| format!("{} ({})", finding.code.0, finding.message)).collect()
}

/// What `pipec compile --target argo` says: the lines that begin a finding, from its code on.
fn refusals(example: &Example) -> Vec<String> {
    let scratch = tempfile::tempdir().expect("a scratch directory");
    for (name, text) in &example.files {
        std::fs::write(scratch.path().join(name), text).expect("a program");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_pipec"))
        .current_dir(scratch.path())
        .args(["compile", "main.pipe", "--target", "argo", "-o", "-"])
        .output()
        .expect("pipec runs");
    let said = String::from_utf8_lossy(&output.stderr);
    let begins = |line: &str| line.split_once('[').map(|(_, rest)| rest.to_owned());
    said.lines()
        .filter(|line| line.starts_with("error") || line.starts_with("warning"))
        .filter_map(begins)
        .collect()
}
