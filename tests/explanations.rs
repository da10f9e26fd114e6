//! Every page of `pipec explain` is true: its wrong program has exactly findings of its code, its right one has none.
//! Pages for what a target can't do are tried where targets are.

use std::path::Path;

use pipec::compiler;
use pipec::diagnostics::levels::{Level, Levels};
use pipec::diagnostics::{Code, Diagnostic, codes};
use pipec::project;
use pipec::source::Memory;

const ROOT: &str = "/project";

/// Pages whose rule isn't checked yet.
const TO_COME: &[&str] = &["E0110"];

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
        if TO_COME.contains(&code) {
            continue;
        }
        let wrong = examples(row.page, "## Wrong");
        let right = examples(row.page, "## Right");
        if wrong.is_empty() || right.is_empty() {
            problems.push(format!("{code}: the page has no wrong or no right program"));
        }
        for example in wrong.iter().filter(|example| !example.target) {
            let found = findings(example, row.code);
            if found.is_empty() || found.iter().any(|finding| finding.code != row.code) {
                problems.push(format!("{code}: the wrong program gives {}", listed(&found)));
            }
        }
        for example in right.iter().filter(|example| !example.target) {
            let found = findings(example, row.code);
            if !found.is_empty() {
                problems.push(format!("{code}: the right program gives {}", listed(&found)));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn listed(found: &[Diagnostic]) -> String {
    let lines: Vec<String> =
        found.iter().map(|finding| format!("{} ({})", finding.code.0, finding.message)).collect();
    if lines.is_empty() { "nothing".to_owned() } else { lines.join("; ") }
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

/// What is found with the code's lint turned on.
fn findings(example: &Example, code: Code) -> Vec<Diagnostic> {
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
    compiler::check_for(project.profile(None), &entry, &memory, &levels).expect("it is there").diagnostics
}
