//! A long pipeline is read in parts, and must give what it gives as a whole: every case, and again with blanks at the
//! ends of its lines, which make any pipeline long.

use std::fs;
use std::path::PathBuf;

use pipec::source::FileId;
use pipec::syntax::{Parsed, parse};

use crate::tree;

/// More than the distance of the places where a pipeline is cut.
const BLANKS: usize = 5_000;

#[test]
fn are_read_as_short_ones() {
    let mut compared = 0;
    for folder in
        ["tests/cases/syntax", "tests/cases/check", "tests/corpus/valid", "tests/conformance/programs"]
    {
        for path in programs(folder) {
            let text = fs::read_to_string(&path).unwrap();
            let Some(long) = with_blanks(&text) else { continue };
            assert_eq!(said(&parse(FileId(0), &long)), said(&parse(FileId(0), &text)), "{}", path.display());
            compared += 1;
        }
    }
    assert!(compared > 150, "only {compared} programs were compared");
}

/// Cut or not, and wherever: what stands at a seam is neither lost nor read twice.
#[test]
fn keep_all_statements() {
    let statements: String = (0..2_000).map(|number| format!("  step_{number} = f(x: {number})\n")).collect();
    let long = format!("pipeline p() {{\n{statements}}}\n\npipeline q() {{\n  f(x: 1)\n}}\n");
    let parsed = parse(FileId(0), &long);
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
    let tree = tree::file(&parsed.file);
    for number in 0..2_000 {
        assert_eq!(tree.matches(&format!("(let step_{number} ")).count(), 1, "step_{number} in\n{tree}");
    }
}

fn programs(folder: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "pipe"))
        .collect();
    found.sort();
    found
}

/// None for a text with blocks or strings of several lines, where blanks would be a part of the text.
fn with_blanks(text: &str) -> Option<String> {
    let blanks = " ".repeat(BLANKS);
    let mut in_block = false;
    let mut out = String::new();
    for line in text.lines() {
        in_block ^= line.matches("\"\"\"").count() % 2 == 1;
        out.push_str(line);
        if !in_block {
            out.push_str(&blanks);
        }
        out.push('\n');
    }
    (!in_block).then_some(out)
}

/// The tree and what was found, without places and blanks that a comment ends with.
fn said(parsed: &Parsed) -> String {
    let findings: Vec<String> = parsed
        .diagnostics
        .iter()
        .map(|finding| format!("{} {} {:?}\n", finding.code.0, finding.message, finding.help))
        .collect();
    (tree::file(&parsed.file) + &findings.concat()).replace(&" ".repeat(BLANKS), "")
}
