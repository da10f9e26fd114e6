//! `tests/cases/check/*.pipe`: programs with their findings written under the lines that they are about.
//!
//! `^^^ error[E0301]: …` is a finding at its place, `--- E0301: …` another end of it, `//~` stands for either where there
//! is no room to the left. `//# file: PATH` begins another file of the case; one that is called `pipec.toml` is the
//! project's. `UPDATE_CASES=1` writes what is found.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use pipec::compiler::{self, Checked};
use pipec::diagnostics::{Diagnostic, Severity, codes};
use pipec::project;
use pipec::source::{Memory, SourceMap};

const SEPARATOR: &str = "//# file: ";
const ROOT: &str = "/project";

#[test]
fn findings_are_as_written() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/check");
    let update = std::env::var_os("UPDATE_CASES").is_some();
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "pipe"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "there are no cases in {}", directory.display());
    let mut wrong = Vec::new();
    for path in paths {
        let written = std::fs::read_to_string(&path).unwrap();
        let found = annotate(&written);
        if found == written {
            continue;
        }
        if update {
            std::fs::write(&path, &found).unwrap();
        } else {
            wrong.push(difference(&path, &written, &found));
        }
    }
    assert!(wrong.is_empty(), "{} cases differ:\n\n{}", wrong.len(), wrong.join("\n"));
}

/// The case with the findings that it has now.
fn annotate(case: &str) -> String {
    let files = split(case);
    let mut memory = Memory::default();
    for (name, text) in &files {
        let text: String = text.iter().map(|line| format!("{line}\n")).collect();
        memory.files.insert(Path::new(ROOT).join(name), text.into_bytes());
    }
    let settings = memory.files.get(&Path::new(ROOT).join(project::FILE_NAME));
    let settings = settings.map(|text| project::parse(std::str::from_utf8(text).unwrap()).unwrap());
    let entry = Path::new(ROOT).join(files[0].0);
    let levels = settings.unwrap_or_default().lints;
    let Checked { sources, mut diagnostics, .. } = compiler::check(&entry, &memory, &levels).unwrap();
    diagnostics.sort_by_key(|diagnostic| diagnostic.span());

    let mut notes: BTreeMap<(String, u32), Vec<String>> = BTreeMap::new();
    for diagnostic in &diagnostics {
        note(diagnostic, &sources, &mut notes);
    }
    let mut out = String::new();
    for (index, (name, lines)) in files.iter().enumerate() {
        if index > 0 {
            let _ = writeln!(out, "{SEPARATOR}{name}");
        }
        for (number, line) in (1_u32..).zip(lines) {
            let _ = writeln!(out, "{line}");
            for text in notes.remove(&((*name).to_owned(), number)).unwrap_or_default() {
                let _ = writeln!(out, "{text}");
            }
        }
    }
    assert!(notes.is_empty(), "findings outside of the case: {notes:?}");
    out
}

/// Adds a line for each label of a finding.
fn note(diagnostic: &Diagnostic, sources: &SourceMap, notes: &mut BTreeMap<(String, u32), Vec<String>>) {
    assert!(codes::find(diagnostic.code.0).is_some(), "{} is in no table", diagnostic.code.0);
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    for (index, label) in diagnostic.labels.iter().enumerate() {
        if index > 0 && sources.file(label.span.file).name() == pipec::std::PRELUDE_NAME {
            continue;
        }
        let position = sources.position(label.span);
        let line = sources.file(label.span.file).line(position.line - 1).trim_end();
        let width = sources.text(label.span).lines().next().unwrap_or_default().chars().count();
        let rest = line.chars().count().saturating_sub(position.column as usize - 1);
        let (sign, text) = if index == 0 {
            ("^", format!("{severity}[{}]: {}", diagnostic.code.0, diagnostic.message))
        } else {
            ("-", format!("{}: {}", diagnostic.code.0, label.text))
        };
        let blanks = position.column as usize - 1;
        let text = if blanks < 2 {
            format!("//~ {text}")
        } else {
            format!("//{}{} {text}", " ".repeat(blanks - 2), sign.repeat(width.min(rest).max(1)))
        };
        let name = sources.file(label.span.file).name().to_owned();
        notes.entry((name, position.line)).or_default().push(text);
    }
}

/// The case's files, without annotations.
fn split(case: &str) -> Vec<(&str, Vec<&str>)> {
    let mut files = vec![("main.pipe", Vec::new())];
    for line in case.lines() {
        if let Some(name) = line.strip_prefix(SEPARATOR) {
            files.push((name, Vec::new()));
        } else if !is_annotation(line) {
            files.last_mut().unwrap().1.push(line);
        }
    }
    files
}

fn is_annotation(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("//") else { return false };
    let rest = rest.trim_start_matches(' ');
    rest.starts_with("~ ")
        || rest.trim_start_matches(['^', '-']).len() < rest.len() && !rest.starts_with("->")
}

fn difference(path: &Path, written: &str, found: &str) -> String {
    let mut out = format!("{}\n", path.file_name().unwrap().to_string_lossy());
    let written: Vec<&str> = written.lines().collect();
    let found: Vec<&str> = found.lines().collect();
    for line in &found {
        if is_annotation(line) && !written.contains(line) {
            let _ = writeln!(out, "  not expected: {line}");
        }
    }
    for line in &written {
        if is_annotation(line) && !found.contains(line) {
            let _ = writeln!(out, "  not found:    {line}");
        }
    }
    out
}
