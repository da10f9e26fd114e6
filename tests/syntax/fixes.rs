//! Every fix that may be applied without being looked at mends its finding. At most one other shows, which was hidden.

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
