//! The pages of the syntax codes: the wrong example has its finding, the right one has none.

use pipec::diagnostics::codes;
use pipec::source::FileId;
use pipec::syntax::parse;

fn example<'p>(page: &'p str, heading: &str) -> &'p str {
    let (_, section) = page.split_once(&format!("## {heading}\n")).unwrap();
    let (_, text) = section.split_once("```pipe\n").unwrap();
    text.split_once("\n```").unwrap().0
}

#[test]
fn examples_are_as_wrong_and_right_as_they_say() {
    for row in codes::TABLE.iter().filter(|row| row.code.0.starts_with("E01")) {
        let found: Vec<&str> = parse(FileId(0), example(row.page, "Wrong"))
            .diagnostics
            .iter()
            .map(|diagnostic| diagnostic.code.0)
            .collect();
        assert!(
            !found.is_empty() && found.iter().all(|code| *code == row.code.0),
            "{}: the wrong example has {found:?}",
            row.code.0
        );
        let right = parse(FileId(0), example(row.page, "Right"));
        assert!(
            right.diagnostics.is_empty(),
            "{}: the right example has {:?}",
            row.code.0,
            right.diagnostics
        );
    }
}
