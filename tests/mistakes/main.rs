//! `tests/cases/mistakes/NN-FACT.pipe`: what people get wrong in pipelines, and its right near neighbours.
//!
//! Each wrong program has exactly one finding, at the annotated place; each right one has none. `docs/mistakes.md` is
//! made of them. `UPDATE_CASES=1` writes the annotations, `UPDATE_EXPECTED=1` the page.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

#[path = "../annotated/mod.rs"]
mod annotated;
mod corpus;
mod messages;
mod page;

use std::path::Path;

use corpus::Kind;

/// Rows of programs that other systems refuse and that are right.
const VALID: &[u32] = &[29, 30, 44];
const ROWS: std::ops::RangeInclusive<u32> = 1..=70;

#[test]
fn findings_are_as_written() {
    let update = std::env::var_os("UPDATE_CASES").is_some();
    let mut wrong = Vec::new();
    for row in corpus::rows() {
        let found = row.annotated();
        if found == row.written {
            continue;
        }
        if update {
            std::fs::write(&row.path, &found).unwrap();
        } else {
            wrong.push(annotated::difference(&row.path, &row.written, &found));
        }
    }
    assert!(wrong.is_empty(), "{} cases differ:\n\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn one_mistake_is_one_finding_and_what_is_right_has_none() {
    let mut wrong = Vec::new();
    for row in corpus::rows() {
        for program in &row.programs {
            let checked = program.checked();
            let wanted = match program.kind {
                Kind::Wrong => 1,
                Kind::Right => 0,
            };
            if checked.diagnostics.len() != wanted {
                let place = format!("{:02} {}", row.number, program.name);
                let found = checked.diagnostics.iter().map(|found| {
                    let line = checked.sources.position(found.span()).line;
                    format!(
                        "    line {line}: {}[{}]: {}\n",
                        annotated::severity(found),
                        found.code.0,
                        found.message
                    )
                });
                wrong.push(format!("{place}: {wanted} wanted\n{}", found.collect::<String>()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} programs:\n{}", wrong.len(), wrong.join(""));
}

#[test]
fn every_row_has_wrong_programs_and_right_neighbours() {
    let rows = corpus::rows();
    let numbers: Vec<u32> = rows.iter().map(|row| row.number).collect();
    let wanted: Vec<u32> = ROWS.collect();
    assert_eq!(numbers, wanted, "every row has its file");
    for row in rows {
        let wanted = row.number;
        let count = |kind| row.programs.iter().filter(|program| program.kind == kind).count();
        let (wrong, right) = (count(Kind::Wrong), count(Kind::Right));
        if VALID.contains(&row.number) {
            assert!(right >= 3, "row {wanted} has {right} right programs");
        } else {
            assert!(wrong >= 3 && right >= 2, "row {wanted} has {wrong} wrong and {right} right programs");
        }
        for kind in [Kind::Wrong, Kind::Right] {
            let named = row.programs.iter().filter(|program| program.kind == kind);
            let mut names: Vec<&str> = named.map(|program| program.name.as_str()).collect();
            names.sort_unstable();
            assert!(
                names.windows(2).all(|pair| pair[0] != pair[1]),
                "row {wanted}: two programs have one name"
            );
        }
    }
}

#[test]
fn the_page_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/mistakes.md");
    let page = page::write(corpus::rows());
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/mistakes.md is stale: UPDATE_EXPECTED=1 cargo test --test mistakes");
}
