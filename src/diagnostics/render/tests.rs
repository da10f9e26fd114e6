//! Findings across two files in every form.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::*;
use crate::diagnostics::{Code, Fix};
use crate::source::FileId;

const LIBRARY: &str = "task fit(rows: file<csv>) -> float { … }\n";

fn sources(main: &str) -> SourceMap {
    let mut sources = SourceMap::default();
    for (name, text) in [("main.pipe", main), ("lib/fit.pipe", LIBRARY)] {
        sources.add(PathBuf::from("/project").join(name), name.to_owned(), Arc::from(text));
    }
    sources
}

fn span(sources: &SourceMap, file: u32, text: &str) -> Span {
    let start = sources.file(FileId(file)).text().find(text).unwrap() as u32;
    Span::new(FileId(file), start, start + text.len() as u32)
}

/// A wiring mistake behind a string that takes more bytes than columns.
fn wiring(sources: &SourceMap) -> Diagnostic {
    let place = span(sources, 0, "raw");
    Diagnostic::error(
        Code("E0301"),
        "`rows` takes a file<csv>, not a file<png>",
        place,
        "this is a file<png>",
    )
    .with_label(span(sources, 1, "rows: file<csv>"), "`rows` is declared here")
    .with_note("a file of one format never stands for another")
    .with_fix(Fix::safe("use `rows`", place, "rows"))
}

const MAIN: &str = "x = f(\"ä😀\", raw)\ny = 1\n";

#[test]
fn full_shows_both_files() {
    let sources = sources(MAIN);
    let diagnostic = wiring(&sources);
    let finding = Finding { sources: &sources, diagnostic: &diagnostic };
    insta::assert_snapshot!(full(&[finding], Path::new("/project"), false));
    insta::assert_snapshot!(short(&[finding], Path::new("/project/lib"), false));
}

#[test]
fn json_has_offsets_lines_and_columns() {
    let sources = sources(MAIN);
    let diagnostic = wiring(&sources);
    let finding = Finding { sources: &sources, diagnostic: &diagnostic };
    insta::assert_snapshot!(json(&[finding], Path::new("/project")));
}

#[test]
fn findings_come_by_file_and_place_and_once() {
    let sources = sources(MAIN);
    let at =
        |file, text, message| Diagnostic::warning(Code("W0101"), message, span(&sources, file, text), "");
    let diagnostics =
        [at(0, "y", "third"), at(0, "x", "second"), at(1, "task", "first"), at(0, "x", "second")];
    let findings = diagnostics.iter().map(|diagnostic| Finding { sources: &sources, diagnostic }).collect();
    let findings = ordered(findings);
    let messages: Vec<&str> = findings.iter().map(|finding| finding.diagnostic.message.as_str()).collect();
    assert_eq!(messages, ["first", "second", "third"]);
    assert_eq!(Counts::of(&findings).summary(), "3 warnings in 2 files");
}

#[test]
fn a_long_line_is_shown_around_its_label() {
    let main = format!("x = [{}oops{}]\n", "1, ".repeat(5_000_000), ", 1".repeat(10_000));
    let sources = sources(&main);
    let diagnostic = Diagnostic::error(Code("E0201"), "no", span(&sources, 0, "oops"), "here");
    let finding = Finding { sources: &sources, diagnostic: &diagnostic };
    insta::assert_snapshot!(full(&[finding], Path::new("/project"), false));
}

#[test]
fn what_a_terminal_would_obey_is_left_out() {
    let sources = sources("x = \"\u{1b}[2J\u{202e}\" + y\n");
    let place = span(&sources, 0, "y");
    let diagnostic = Diagnostic::error(Code("E0201"), "no \u{1b}[31m", place, "here");
    let finding = Finding { sources: &sources, diagnostic: &diagnostic };
    insta::assert_snapshot!(full(&[finding], Path::new("/project"), false));
}

#[test]
fn a_quoted_text_is_on_one_line_in_every_form() {
    let sources = sources(MAIN);
    let text = "a\nb.pipe:1:1: error: \u{1b}[31mforged\u{202e}";
    let place = span(&sources, 0, "y");
    let fix = Fix::safe(format!("write {text}"), place, "z");
    let diagnostic = Diagnostic::error(Code("E0201"), text, place, text).with_note(text).with_help(text);
    let finding = [Finding { sources: &sources, diagnostic: &diagnostic.with_fix(fix) }];
    let folder = Path::new("/project");
    assert_eq!(short(&finding, folder, false).lines().count(), 1);
    for shown in [
        short(&finding, folder, false),
        full(&finding, folder, false),
        github(&finding, folder),
        gitlab(&finding, folder),
        junit(&finding, folder),
        sarif(&finding, folder),
    ] {
        assert!(shown.contains("b.pipe:1:1: error: ") || shown.contains("b.pipe%3A1%3A1"), "{shown}");
        assert!(!shown.contains(['\u{1b}', '\u{202e}']) && !shown.contains("a\nb"), "{shown}");
    }
}

#[test]
fn colour_is_added_only_when_asked_for() {
    let sources = sources(MAIN);
    let diagnostic = wiring(&sources);
    let finding = Finding { sources: &sources, diagnostic: &diagnostic };
    assert!(!full(&[finding], Path::new("/project"), false).contains('\u{1b}'));
    assert!(full(&[finding], Path::new("/project"), true).contains("\u{1b}["));
}

/// Two files, an odd name, and signs that the forms would read as their own.
fn odd() -> (SourceMap, Vec<Diagnostic>) {
    let mut sources = sources(MAIN);
    sources.add(PathBuf::from("/project/ä b,c:%.pipe"), "ä b,c:%.pipe".to_owned(), Arc::from("a\nb\n"));
    let lines = Diagnostic::warning(
        crate::diagnostics::codes::UNUSED,
        "100% <\"odd\"> & more\nthan a line",
        Span::new(FileId(2), 0, 3),
        "",
    );
    let wiring = wiring(&sources);
    (sources, vec![wiring, lines.clone(), lines])
}

#[test]
fn forms_of_ci_systems() {
    let (sources, diagnostics) = odd();
    let findings: Vec<Finding> =
        diagnostics.iter().map(|diagnostic| Finding { sources: &sources, diagnostic }).collect();
    let folder = Path::new("/project");
    insta::assert_snapshot!("github", github(&findings, folder));
    insta::assert_snapshot!("gitlab", gitlab(&findings, folder));
    insta::assert_snapshot!("junit", junit(&findings, folder));
    insta::assert_snapshot!("junit_without_findings", junit(&[], folder));
    insta::assert_snapshot!("sarif", sarif(&findings, folder));
}
