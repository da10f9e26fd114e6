//! Programs with their findings written under the lines that they are about.
//!
//! `^^^ error[E0301]: …` is a finding at its place, `--- E0301: …` another end of it, `//~` stands for either where there
//! is no room to the left. A file `pipec.toml` is the project's.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use pipec::compiler::{self, Checked};
use pipec::diagnostics::{Diagnostic, Severity, codes};
use pipec::project;
use pipec::source::{Memory, SourceMap};

pub(crate) const ROOT: &str = "/project";
/// Where a line is longer than that, a place in it isn't marked below.
const WIDEST: usize = 300;

/// A file of a program, and the notes below its lines.
#[derive(Clone, Debug, Default)]
pub(crate) struct File {
    pub name: String,
    pub text: String,
}

/// What is found in the program that begins with the first of the files.
pub(crate) fn check(files: &[File]) -> Checked {
    let mut memory = Memory::default();
    for file in files {
        memory.files.insert(Path::new(ROOT).join(&file.name), bytes(&file.text));
    }
    let settings = memory.files.get(&Path::new(ROOT).join(project::FILE_NAME));
    let settings = settings.map(|text| project::parse(std::str::from_utf8(text).unwrap()).unwrap());
    let entry = PathBuf::from(ROOT).join(&files[0].name);
    let settings = settings.unwrap_or_default();
    compiler::check_for(settings.profile(None), &entry, &memory, &settings.lints).unwrap()
}

/// `\x80` of a text that shall be no UTF-8 is written as U+F780.
fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for character in text.chars() {
        match u32::from(character) {
            code @ 0xF780..=0xF7FF => bytes.push((code - 0xF700) as u8),
            _ => bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    bytes
}

/// The notes of each line: of which file, below which line (from 1).
pub(crate) fn notes(checked: &Checked) -> BTreeMap<(String, u32), Vec<String>> {
    let mut diagnostics: Vec<&Diagnostic> = checked.diagnostics.iter().collect();
    diagnostics.sort_by_key(|diagnostic| diagnostic.span());
    let mut notes = BTreeMap::new();
    for diagnostic in diagnostics {
        note(diagnostic, &checked.sources, &mut notes);
    }
    notes
}

/// Adds a line for each label of a finding.
fn note(diagnostic: &Diagnostic, sources: &SourceMap, notes: &mut BTreeMap<(String, u32), Vec<String>>) {
    assert!(codes::find(diagnostic.code.0).is_some(), "{} is in no table", diagnostic.code.0);
    let severity = severity(diagnostic);
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
        } else if blanks > WIDEST {
            format!("//~ column {}: {text}", position.column)
        } else {
            format!("//{}{} {text}", " ".repeat(blanks - 2), sign.repeat(width.min(rest).max(1)))
        };
        let name = sources.file(label.span.file).name().to_owned();
        notes.entry((name, position.line)).or_default().push(text);
    }
}

pub(crate) fn severity(diagnostic: &Diagnostic) -> &'static str {
    match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

pub(crate) fn is_annotation(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("//") else { return false };
    let rest = rest.trim_start_matches(' ');
    rest.starts_with("~ ")
        || rest.trim_start_matches(['^', '-']).len() < rest.len() && !rest.starts_with("->")
}

/// The annotations that differ.
pub(crate) fn difference(path: &Path, written: &str, found: &str) -> String {
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
