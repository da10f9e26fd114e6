//! `tests/cases/check/*.pipe`: programs with their findings written under the lines that they are about, in the way of
//! `annotated`. `//# file: PATH` begins another file of the case. `UPDATE_CASES=1` writes what is found.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod annotated;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use annotated::File;

const SEPARATOR: &str = "//# file: ";

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
            wrong.push(annotated::difference(&path, &written, &found));
        }
    }
    assert!(wrong.is_empty(), "{} cases differ:\n\n{}", wrong.len(), wrong.join("\n"));
}

/// The case with the findings that it has now.
fn annotate(case: &str) -> String {
    let files = split(case);
    let mut notes = annotated::notes(&annotated::check(&files));
    let mut out = String::new();
    for (index, file) in files.iter().enumerate() {
        if index > 0 {
            let _ = writeln!(out, "{SEPARATOR}{}", file.name);
        }
        for (number, line) in (1_u32..).zip(file.text.lines()) {
            let _ = writeln!(out, "{line}");
            for text in notes.remove(&(file.name.clone(), number)).unwrap_or_default() {
                let _ = writeln!(out, "{text}");
            }
        }
    }
    assert!(notes.is_empty(), "findings outside of the case: {notes:?}");
    out
}

/// The case's files, without annotations.
fn split(case: &str) -> Vec<File> {
    let mut files = vec![File { name: "main.pipe".to_owned(), text: String::new() }];
    for line in case.lines() {
        if let Some(name) = line.strip_prefix(SEPARATOR) {
            files.push(File { name: name.to_owned(), text: String::new() });
        } else if !annotated::is_annotation(line) {
            let text = &mut files.last_mut().unwrap().text;
            text.push_str(line);
            text.push('\n');
        }
    }
    files
}
