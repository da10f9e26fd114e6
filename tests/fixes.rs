//! Fixes keep their promise, over all cases of `tests/cases/check` and `tests/cases/syntax`: a safe fix takes its finding
//! away and brings no error of another kind; all safe fixes together come to an end and bring none either.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pipec::compiler::{self, Checked};
use pipec::diagnostics::fixes::{self, Willing};
use pipec::diagnostics::levels::{self, Level, Levels};
use pipec::diagnostics::render::{Finding, ordered};
use pipec::diagnostics::{Applicability, Diagnostic, Severity};
use pipec::source::Memory;

const ROOT: &str = "/project";
const SEPARATOR: &str = "//# file: ";

/// How often the same error is there, by code.
type Errors = BTreeMap<&'static str, usize>;

#[test]
fn a_safe_fix_takes_its_finding_away_and_brings_no_other_error() {
    let mut wrong = Vec::new();
    let mut tried = 0;
    for (name, memory) in cases() {
        let checked = check(&memory);
        let before = errors(&checked);
        for diagnostic in &checked.diagnostics {
            if !diagnostic.fixes.iter().any(|fix| fix.applicability == Applicability::Safe) {
                continue;
            }
            tried += 1;
            let round = fixes::apply(&[Finding { sources: &checked.sources, diagnostic }], Willing::Safe);
            let after = check(&with(&memory, round.texts));
            let what = format!("{name}: {}: {}", place(&checked, diagnostic), diagnostic.message);
            if places(&after, diagnostic, &checked) >= places(&checked, diagnostic, &checked) {
                wrong.push(format!("{what}: is still there"));
            }
            for (code, number) in errors(&after) {
                // Behind a mistake of the syntax or of an import others may come to light.
                let is_revealed = reveals(diagnostic.code.0) && code != diagnostic.code.0;
                if !is_revealed && number > before.get(code).copied().unwrap_or_default() {
                    let is_new = |new: &&Diagnostic| new.code.0 == code && count(&checked, new) == 0;
                    let new = after.diagnostics.iter().find(is_new).map_or("", |new| new.message.as_str());
                    wrong.push(format!("{what}: brings {code}: {new}"));
                }
            }
        }
    }
    assert!(tried > 60, "only {tried} fixes were tried");
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn all_safe_fixes_come_to_an_end() {
    for (name, memory) in cases() {
        let mut memory = memory;
        let mut rounds = 0;
        loop {
            let checked = check(&memory);
            let all = checked.diagnostics.iter();
            let findings =
                ordered(all.map(|diagnostic| Finding { sources: &checked.sources, diagnostic }).collect());
            let round = fixes::apply(&findings, Willing::Safe);
            if round.texts.is_empty() {
                break;
            }
            rounds += 1;
            assert!(rounds < 30, "{name} is never done: {:?}", round.applied);
            memory = with(&memory, round.texts);
        }
    }
}

/// Statements with fixes that are to be looked at, and what these make of them.
const LOOKED_AT: [(&str, &str); 9] = [
    ("x = (try a()).x", "x = (try a())?.x"),
    ("x = (r).x", "x = (r)?.x"),
    ("x = (if c { r }).x", "x = (if c { r })?.x"),
    ("x = r.x", "x = r?.x"),
    ("x = match e { E.a => 1 }", "x = match e { E.a => 1, E.b => null }"),
    ("x = match e {\n    E.a => 1, // one\n  }", "x = match e {\n    E.a => 1, // one\n    E.b => null\n  }"),
    ("x = match e {\n    E.a => 1 }", "x = match e {\n    E.a => 1\n    E.b => null }"),
    ("x: int? = match e {}", "x: int? = match e {\n    E.a => null\n    E.b => null\n  }"),
    ("x = \"x\" + b(1)", "x = \"x\" + b(1)"),
];

#[test]
fn fixes_to_look_at_are_written_as_the_program_is() {
    let program = |statement: &str| {
        let memory = Memory::default();
        let text = format!(
            "record R {{ x: int }}\nenum E {{ a, b }}\ntask a() -> (x: int) {{ run: [\"a\", x] }}\n\
             task b(n: int) -> string {{ run: [\"b\", n, out] }}\n\
             pipeline p(r: R?, c: bool, e: E) {{\n  {statement}\n}}\n"
        );
        with(&memory, BTreeMap::from([(Path::new(ROOT).join("main.pipe"), text)]))
    };
    for (before, after) in LOOKED_AT {
        let checked = check(&program(before));
        let errors = checked.diagnostics.iter().filter(|finding| finding.severity == Severity::Error);
        let findings: Vec<Finding<'_>> =
            errors.map(|diagnostic| Finding { sources: &checked.sources, diagnostic }).collect();
        let round = fixes::apply(&findings, Willing::Unsafe);
        assert_eq!(with(&program(before), round.texts).files, program(after).files, "{before}");
    }
}

fn check(memory: &Memory) -> Checked {
    let mut levels = Levels::default();
    levels::lints().for_each(|lint| levels.set(lint, Level::Warn));
    compiler::check(&Path::new(ROOT).join("main.pipe"), memory, &levels).unwrap()
}

fn errors(checked: &Checked) -> Errors {
    let mut errors = Errors::new();
    for diagnostic in checked.diagnostics.iter().filter(|finding| finding.severity == Severity::Error) {
        *errors.entry(diagnostic.code.0).or_default() += 1;
    }
    errors
}

/// How often a finding is there: what it says, wherever.
fn count(checked: &Checked, wanted: &Diagnostic) -> usize {
    let same = |finding: &&Diagnostic| finding.code == wanted.code && finding.message == wanted.message;
    checked.diagnostics.iter().filter(same).count()
}

/// Whether what hides behind findings of this code can't be seen.
fn reveals(code: &str) -> bool {
    code.starts_with("E01") || code.starts_with("E08")
}

/// How often a finding is there, about the same text.
fn places(checked: &Checked, wanted: &Diagnostic, from: &Checked) -> usize {
    let text = from.sources.text(wanted.span());
    let same = |finding: &&Diagnostic| {
        finding.code == wanted.code
            && finding.message == wanted.message
            && checked.sources.text(finding.span()) == text
    };
    checked.diagnostics.iter().filter(same).count()
}

fn place(checked: &Checked, diagnostic: &Diagnostic) -> String {
    let span = diagnostic.span();
    let line = checked.sources.position(span).line;
    format!(
        "{}:{line} {} {:?}",
        checked.sources.file(span.file).name(),
        diagnostic.code.0,
        checked.sources.text(span)
    )
}

fn with(memory: &Memory, texts: BTreeMap<PathBuf, String>) -> Memory {
    let mut memory = memory.clone();
    memory.files.extend(texts.into_iter().map(|(path, text)| (path, text.into_bytes())));
    memory
}

/// The cases' names and files, without annotations.
fn cases() -> Vec<(String, Memory)> {
    let mut cases = Vec::new();
    for folder in ["check", "syntax"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(folder);
        let mut paths: Vec<PathBuf> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "pipe"));
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            cases.push((name, files(&std::fs::read_to_string(path).unwrap())));
        }
    }
    cases
}

fn files(case: &str) -> Memory {
    let mut memory = Memory::default();
    let mut name = "main.pipe";
    memory.files.insert(Path::new(ROOT).join(name), Vec::new());
    for line in case.split_inclusive('\n') {
        if let Some(next) = line.trim_end().strip_prefix(SEPARATOR) {
            name = next;
        }
        let is_note = line.starts_with(SEPARATOR) || is_annotation(line);
        let text = memory.files.entry(Path::new(ROOT).join(name)).or_default();
        if !is_note {
            text.extend_from_slice(line.as_bytes());
        }
    }
    memory
}

fn is_annotation(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("//") else { return false };
    let rest = rest.trim_start_matches(' ');
    rest.starts_with("~ ")
        || rest.trim_start_matches(['^', '-']).len() < rest.len() && !rest.starts_with("->")
}
