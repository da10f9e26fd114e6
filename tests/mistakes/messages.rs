//! Messages of the most frequent mistakes in full, as a terminal shows them: `tests/messages/ROW-NAME.txt`.
//! `UPDATE_EXPECTED=1` writes them.

use std::path::Path;

use pipec::diagnostics::render::{self, Finding};

use crate::annotated;
use crate::corpus::{self, Kind};

/// The row and the name of a wrong program.
const FREQUENT: &[(u32, &str)] = &[
    (1, "a result by position"),
    (2, "a word"),
    (3, "the second of two"),
    (4, "a letter is missing"),
    (5, "by name twice"),
    (6, "misspelt"),
    (7, "a task"),
    (8, "two bindings"),
    (10, "values that need each other"),
    (12, "the value of an if without else"),
    (13, "the loop's value is a list"),
    (14, "an output is unset"),
    (15, "a list"),
    (16, "a list for one"),
    (18, "an optional input"),
    (19, "a field that isn't there"),
    (20, "a string"),
    (21, "a variant is missing"),
    (22, "a wider interval"),
    (23, "between two tasks"),
    (24, "between two tasks"),
    (25, "a path for an artifact"),
    (25, "a step for one of its outputs"),
    (32, "interpolated"),
    (33, "a string of a step"),
    (37, "an int and a string"),
    (38, "over an optional list"),
    (43, "no unit"),
    (45, "memory above the largest node"),
    (47, "misspelt"),
    (49, "an input is unbound"),
    (55, "a typo in bash"),
    (60, "= for :"),
];

#[test]
fn messages_are_as_written() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages");
    let update = std::env::var_os("UPDATE_EXPECTED").is_some();
    let rows = corpus::rows();
    let mut wrong = Vec::new();
    for (number, name) in FREQUENT {
        let row = rows.iter().find(|row| row.number == *number).unwrap();
        let program =
            row.programs.iter().find(|program| program.kind == Kind::Wrong && program.name == *name);
        let checked = program.unwrap().checked();
        let findings: Vec<Finding> = checked
            .diagnostics
            .iter()
            .map(|diagnostic| Finding { sources: &checked.sources, diagnostic })
            .collect();
        let found = render::full(&findings, Path::new(annotated::ROOT), false);
        let slug: String = name
            .chars()
            .filter_map(|c| if c == ' ' { Some('-') } else { c.is_alphanumeric().then_some(c) })
            .collect();
        let path = directory.join(format!("{number:02}-{slug}.txt"));
        if update {
            std::fs::create_dir_all(&directory).unwrap();
            std::fs::write(&path, &found).unwrap();
        }
        if std::fs::read_to_string(&path).unwrap_or_default() != found {
            wrong.push(format!("{}:\n{found}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{} messages are others now:\n\n{}", wrong.len(), wrong.join("\n"));
}
