//! `docs/reference.md`: its programs have the findings that stand behind their lines, its evaluations the values, and its
//! tables are those of the compiler. `UPDATE_EXPECTED=1` writes the tables.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use pipec::check::library::LIBRARY;
use pipec::check::settings::table::{Holder, SETTINGS};
use pipec::compiler::{self, Checked};
use pipec::diagnostics::codes;
use pipec::diagnostics::levels::{Level, Levels};
use pipec::source::{FileId, Memory};
use pipec::std::MODULES;
use serde_json::Value as Json;

const ROOT: &str = "/project";
const FILE: &str = "//# file: ";

fn page() -> (PathBuf, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference.md");
    let text = std::fs::read_to_string(&path).unwrap();
    (path, text)
}

/// The blocks of a kind, each with the number of its first line.
fn blocks<'p>(page: &'p str, kind: &str) -> Vec<(usize, Vec<&'p str>)> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, Vec<&str>)> = None;
    for (number, line) in (1..).zip(page.lines()) {
        match &mut open {
            None if line.strip_prefix("```") == Some(kind) => open = Some((number + 1, Vec::new())),
            None => {}
            Some(_) if line == "```" => blocks.extend(open.take()),
            Some((_, lines)) => lines.push(line),
        }
    }
    blocks
}

/// What a line says, and the code behind it.
fn expected(line: &str) -> Option<&str> {
    let (_, behind) = line.rsplit_once("// ")?;
    codes::find(behind).map(|_| behind)
}

/// A block `pipe`, or several files in one.
fn files<'p>(first: usize, lines: &[&'p str]) -> Vec<(&'p str, usize, Vec<&'p str>)> {
    let mut files: Vec<(&str, usize, Vec<&str>)> = Vec::new();
    for (number, line) in (first..).zip(lines) {
        match line.strip_prefix(FILE) {
            Some(name) => files.push((name, number + 1, Vec::new())),
            None => {
                if files.is_empty() {
                    files.push(("main.pipe", first, Vec::new()));
                }
                if let Some((_, _, text)) = files.last_mut() {
                    text.push(line);
                }
            }
        }
    }
    files
}

/// Code and message of each finding, by file and line.
fn findings(files: &[(&str, usize, Vec<&str>)]) -> Vec<(String, usize, String, String)> {
    let mut memory = Memory::default();
    for (name, _, lines) in files {
        memory.files.insert(Path::new(ROOT).join(name), (lines.join("\n") + "\n").into_bytes());
    }
    let entry = Path::new(ROOT).join("main.pipe");
    let Checked { sources, diagnostics, .. } = compiler::check(&entry, &memory, &Levels::default()).unwrap();
    diagnostics
        .iter()
        .map(|finding| {
            let span = finding.span();
            let name = sources.file(span.file).path().strip_prefix(ROOT).unwrap().display().to_string();
            let line = sources.position(span).line as usize;
            (name, line, finding.code.0.to_owned(), finding.message.clone())
        })
        .collect()
}

#[test]
fn programs_have_the_findings_behind_their_lines() {
    let (_, page) = page();
    let mut problems = String::new();
    let programs = blocks(&page, "pipe");
    assert!(programs.len() > 40, "only {} programs", programs.len());
    for (first, lines) in programs {
        let files = files(first, &lines);
        let mut wanted: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for (_, start, lines) in &files {
            for (number, line) in (*start..).zip(lines) {
                if let Some(code) = expected(line) {
                    wanted.entry(number).or_default().push(code.to_owned());
                }
            }
        }
        for (name, line, code, message) in findings(&files) {
            let start = files.iter().find(|(file, _, _)| *file == name).map_or(first, |(_, start, _)| *start);
            let line = start + line - 1;
            let codes = wanted.entry(line).or_default();
            match codes.iter().position(|wanted| *wanted == code) {
                Some(at) => drop(codes.remove(at)),
                None => writeln!(problems, "line {line}: {code} {message}").unwrap(),
            }
        }
        for (line, codes) in wanted.iter().filter(|(_, codes)| !codes.is_empty()) {
            writeln!(problems, "line {line}: nothing is found, {} is expected", codes.join(", ")).unwrap();
        }
    }
    assert!(problems.is_empty(), "docs/reference.md:\n{problems}");
}

#[test]
fn evaluations_have_the_values_behind_them() {
    let (_, page) = page();
    let mut program = "pipeline main() -> (".to_owned();
    let mut body = String::new();
    let mut values: BTreeMap<String, (usize, Json)> = BTreeMap::new();
    let mut problems = String::new();
    for (first, lines) in blocks(&page, "evaluate") {
        for (number, line) in (first..).zip(lines) {
            let (expression, behind) = line.rsplit_once("// ").unwrap();
            if codes::find(behind).is_some() {
                let constant = format!("const value = {}", expression.trim_end());
                let found = findings(&[("main.pipe", number, vec![&constant])]);
                if found.len() != 1 || found[0].2 != behind {
                    writeln!(problems, "line {number}: {found:?} instead of {behind}").unwrap();
                }
            } else {
                let name = format!("line_{number}");
                write!(program, "{name}: json, ").unwrap();
                writeln!(body, "  {name} = {}", expression.trim_end()).unwrap();
                values.insert(name, (number, serde_json::from_str(behind).unwrap()));
            }
        }
    }
    let returned: String = values.keys().map(|name| format!("{name}: {name}, ")).collect();
    write!(program, ") {{\n{body}  return {{ {returned} }}\n}}\n").unwrap();
    let outputs = run(&program);
    for (name, (line, value)) in values {
        // As text, since 3.0 is written in another way than 3.
        if outputs[&name] != value {
            writeln!(problems, "line {line}: {} instead of {value}", outputs[&name]).unwrap();
        }
    }
    assert!(problems.is_empty(), "docs/reference.md:\n{problems}");
}

fn run(program: &str) -> Json {
    let scratch = tempfile::tempdir().unwrap();
    std::fs::write(scratch.path().join("main.pipe"), program).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_pipec"))
        .current_dir(scratch.path())
        .args(["run", "main.pipe", "--output-format", "json"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}\n{program}"))
}

#[test]
fn tables_are_those_of_the_compiler() {
    let (path, page) = page();
    let mut written = page.clone();
    for (name, table) in [
        ("the library", library()),
        ("the settings", settings()),
        ("the lints", lints()),
        ("the standard library", standard_library()),
    ] {
        let begin = format!("<!-- {name} -->\n");
        let (before, rest) = written.split_once(&begin).unwrap_or_else(|| panic!("no table {name}"));
        let (_, after) = rest.split_once("<!-- end -->").unwrap();
        written = format!("{before}{begin}{table}<!-- end -->{after}");
    }
    if written == page {
        return;
    }
    assert!(std::env::var_os("UPDATE_EXPECTED").is_some(), "a table of docs/reference.md is stale");
    std::fs::write(path, written).unwrap();
}

fn library() -> String {
    let rows =
        LIBRARY.iter().map(|row| format!("| `{}` | {} |\n", row.signature.replace('|', "\\|"), row.doc));
    format!("| function | is |\n|---|---|\n{}", rows.collect::<String>())
}

fn settings() -> String {
    let mut text = String::new();
    for (holder, of) in [(Holder::Task, "a task"), (Holder::Launch, "a launch")] {
        write!(text, "| setting of {of} | type | varies | |\n|---|---|---|---|\n").unwrap();
        for row in SETTINGS.iter().filter(|row| row.holder == holder) {
            let varies = if row.varies { "yes" } else { "" };
            writeln!(text, "| `{}` | `{}` | {varies} | {} |", row.path, row.ty, row.doc).unwrap();
        }
        text.push('\n');
    }
    text.trim_end().to_owned() + "\n"
}

/// What each module declares, with the first sentence of its documentation.
fn standard_library() -> String {
    let mut text = String::new();
    for module in MODULES {
        let declared = pipec::syntax::parse(FileId(0), module.text).file;
        let doc = declared.doc.map(|doc| doc.value).unwrap_or_default();
        write!(text, "| `{}` | {} |\n|---|---|\n", module.path, doc.split(": `").next().unwrap()).unwrap();
        let lines: Vec<&str> = module.text.lines().collect();
        for pair in lines.windows(2) {
            let [doc, declaration] = pair else { continue };
            let Some(doc) = doc.strip_prefix("/// ") else { continue };
            let signature = declaration.trim_end_matches(" {").replace('|', "\\|");
            writeln!(text, "| `{signature}` | {doc} |").unwrap();
        }
        text.push('\n');
    }
    text.trim_end().to_owned() + "\n"
}

fn lints() -> String {
    let mut text = "| lint | | by default |\n|---|---|---|\n".to_owned();
    for row in codes::TABLE {
        let level = match row.level {
            None => continue,
            Some(Level::Allow) => "off",
            Some(Level::Warn) => "a warning",
            Some(Level::Deny) => "an error",
        };
        writeln!(text, "| {} | {} | {level} |", row.code.0, row.title).unwrap();
    }
    text
}
