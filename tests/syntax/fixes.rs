//! Every fix that may be applied without being looked at mends its finding. At most one other shows, which was hidden.
//! What some of them make of a program is written down.

use std::fs;

use pipec::diagnostics::{Applicability, Fix};
use pipec::source::FileId;
use pipec::syntax::parse;

fn applied(text: &str, fix: &Fix) -> String {
    let mut edits = fix.edits.clone();
    edits.sort_by_key(|edit| edit.span);
    let mut fixed = text.to_owned();
    for edit in edits.iter().rev() {
        fixed.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.replacement);
    }
    fixed
}

#[test]
fn safe_fixes_mend() {
    let mut tried = 0;
    let mut complaints = String::new();
    for entry in fs::read_dir("tests/cases/syntax").unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "pipe") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let before = parse(FileId(0), &text).diagnostics;
        for finding in &before {
            for fix in finding.fixes.iter().filter(|fix| fix.applicability == Applicability::Safe) {
                tried += 1;
                let after = parse(FileId(0), &applied(&text, fix)).diagnostics;
                let remains = after.iter().any(|other| {
                    other.message == finding.message && other.span().start == finding.span().start
                });
                if remains || after.len() > before.len() {
                    complaints += &format!("{}: {}: {}\n", path.display(), finding.message, fix.title);
                }
            }
        }
    }
    assert!(tried > 30, "only {tried} fixes were tried");
    assert!(complaints.is_empty(), "{complaints}");
}

/// All safe fixes, until there are none.
fn mended(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..20 {
        let findings = parse(FileId(0), &text).diagnostics;
        let mut fixes = findings.iter().flat_map(|finding| &finding.fixes);
        let Some(fix) = fixes.rfind(|fix| fix.applicability == Applicability::Safe) else { break };
        text = applied(&text, fix);
    }
    text
}

/// Statements of a pipeline, wrong and right. What is the same has no safe fix.
const STATEMENTS: [(&str, &str); 40] = [
    ("a = not 3 < x < 8", "a = not (3 < x and x < 8)"),
    ("a = !3 < x < 8", "a = not (3 < x and x < 8)"),
    ("a = y and 3 < x.n <= 8", "a = y and 3 < x.n and x.n <= 8"),
    ("a = if 8 > 5 > x { 1 }", "a = if 8 > 5 and 5 > x { 1 }"),
    ("a = 3 < f(x) < 8", "a = 3 < f(x) < 8"),
    ("a = 3 < x < 8 == y", "a = 3 < x < 8 == y"),
    ("a = 3 < x > 8", "a = 3 < x > 8"),
    ("a = id<int>(3)", "a = id<int>(3)"),
    ("a = b&&c", "a = b and c"),
    ("a = b||!c", "a = b or not c"),
    ("a = b and!c", "a = b and not c"),
    ("a = 3%(2)", "a = 3 mod (2)"),
    ("a = (b)%[2][0]", "a = (b) mod [2][0]"),
    ("a = b &&c", "a = b and c"),
    ("a = \"${b&&c}\"", "a = \"${b and c}\""),
    ("x = 3; y = x", "x = 3\n  y = x"),
    ("x = 3; // more", "x = 3 // more"),
    ("f(a); x: int = 3", "f(a), x: int = 3"),
    ("if a { b = 1; f(b); }", "if a { b = 1\n    f(b) }"),
    ("f(a; b)", "f(a, b)"),
    ("x = { a: 1; b: 2 }", "x = { a: 1, b: 2 }"),
    ("int y = 4", "y: int = 4"),
    ("Params y = { a: 4 }", "y: Params = { a: 4 }"),
    ("final y = 4", "y = 4"),
    ("let y = 4", "y = 4"),
    ("a = if c { n: 1 } else { n: 2 }", "a = if c { { n: 1 } } else { { n: 2 } }"),
    ("a = for x in xs { n: x, m: 2 }", "a = for x in xs { { n: x, m: 2 } }"),
    ("a = for x in xs { n: f(x) }", "a = for x in xs { n: f(x) }"),
    ("for x in xs { n: f(x), m: g(n) }", "for x in xs { n = f(x), m = g(n) }"),
    ("a = match e { E.b => { n: 3 } }", "a = match e { E.b => ({ n: 3 }) }"),
    ("run: [\"x\", out]", "run: [\"x\", out]"),
    ("run: bash \"\"\"x\"\"\"", "run: bash \"\"\"x\"\"\""),
    ("repeat a = 3 limit 2 { a + 1 } until a > 2", "repeat a = 3 limit 2 { a + 1 } until a > 2"),
    ("a: f(x)", "a = f(x)"),
    ("a = x === 3 or x !== 4", "a = x == 3 or x != 4"),
    ("a = `x; ${y}`", "a = \"x; ${y}\""),
    ("a = f($x)", "a = f(x)"),
    ("a = f(${x})", "a = f(${x})"),
    ("for x in 0..10 { f(x) }", "for x in 0..10 { f(x) }"),
    ("a = f(x) after b, c", "a = f(x) after [b, c]"),
];

/// Whole declarations.
const DECLARATIONS: [(&str, &str); 18] = [
    ("enum E { a; b }", "enum E { a, b }"),
    ("enum E { a; b(c: int); }", "enum E { a, b(c: int) }"),
    ("const a = 1; const b = 2", "const a = 1\nconst b = 2"),
    ("record R { a: int; b as \"x\": int; }", "record R { a: int, b as \"x\": int }"),
    ("pipeline p(x: int; y: int) { f(x) }", "pipeline p(x: int, y: int) { f(x) }"),
    ("record R { a?: int = 3 }", "record R { a: int? = 3 }"),
    ("task t(a?: [int]) { run: [\"x\"] }", "task t(a: [int]?) { run: [\"x\"] }"),
    ("use ./lib.pipe as l", "use \"./lib.pipe\" as l"),
    ("use \"./lib.pipe\" { a b }", "use \"./lib.pipe\" { a, b }"),
    ("use \"./lib.pipe\" { a as b }", "use \"./lib.pipe\" { a as b }"),
    ("type S = record { a: int }", "record S { a: int }"),
    ("record R { a as 'A': int }", "record R { a as \"A\": int }"),
    ("record R { a: E = E::b }", "record R { a: E = E.b }"),
    ("type T = string matching \"a+\"", "type T = string matching /a+/"),
    ("record R { a: string matching \"a+\" }", "record R { a: string matching /a+/ }"),
    ("task t() -> int { return a() }", "task t() -> int { return a() }"),
    ("task t() -> int { x = a() }", "task t() -> int { x = a() }"),
    ("recrod A { x: int }\ntsak f() { run: [\"f\"] }", "record A { x: int }\ntask f() { run: [\"f\"] }"),
];

#[test]
fn safe_fixes_make_what_was_meant() {
    let mut complaints = String::new();
    let mut compare = |wrong: String, right: String| {
        let mended = mended(&wrong);
        if mended != right {
            complaints += &format!("{wrong}\nbecomes\n{mended}\n");
        }
    };
    for (wrong, right) in STATEMENTS {
        let whole = |statement: &str| format!("pipeline p() {{\n  {statement}\n}}\n");
        compare(whole(wrong), whole(right));
    }
    for (wrong, right) in DECLARATIONS {
        compare(wrong.to_owned(), right.to_owned());
    }
    assert!(complaints.is_empty(), "{complaints}");
}
