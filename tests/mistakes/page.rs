//! `docs/mistakes.md`, from the corpus.

use std::fmt::Write as _;

use crate::annotated;
use crate::corpus::{Kind, Program, Row};

const HEAD: &str = "\
# Mistakes, and who finds them

Written by `UPDATE_EXPECTED=1 cargo test --test mistakes`; a test fails where it isn't true.

What people get wrong in pipelines, with what `pipec check` says, beside what others do about the same mistake. Each row was
tried on kfp 2.17.0, hera 7.1.0, flytekit 1.16.31 with Flyte's own compiler, and metaflow 2.19.39:

- **C** is rejected when the pipeline is compiled
- **S** is rejected when it is submitted
- **R** fails only while it runs
- **∅** gives a wrong result, and no error
- **–** can't be written there, or wasn't tried

A program of each row is shown; `tests/cases/mistakes/` has more of them, and right ones that are close to them, which have
no findings.
";

pub(crate) fn write(rows: &[Row]) -> String {
    let count =
        |kind| rows.iter().flat_map(|row| &row.programs).filter(|program| program.kind == kind).count();
    let mut out = String::from(HEAD);
    let _ = writeln!(
        out,
        "There are {} wrong programs, with exactly one finding each, and {} right ones.",
        count(Kind::Wrong),
        count(Kind::Right)
    );
    let mut section = "";
    for row in rows {
        if row.section != section {
            section = &row.section;
            let _ = writeln!(out, "\n## {section}");
        }
        write_row(row, &mut out);
    }
    out
}

fn write_row(row: &Row, out: &mut String) {
    let _ = writeln!(out, "\n### {}. {}\n", row.number, row.mistake);
    let first = |kind, is_escaped| {
        row.programs.iter().find(|program| program.kind == kind && program.is_escaped == is_escaped)
    };
    let shown = |kind| first(kind, false).or_else(|| first(kind, true));
    match shown(Kind::Wrong) {
        Some(program) => {
            write_program(program, out);
            out.push('\n');
            write_findings(program, out);
        }
        None => {
            if let Some(program) = shown(Kind::Right) {
                write_program(program, out);
                out.push_str("\n    no mistakes\n");
            }
        }
    }
    match &row.peers {
        Some(peers) => {
            let _ = writeln!(
                out,
                "\n| pipec | kfp | hera | flyte | metaflow |\n|---|---|---|---|---|\n| {} | {} | {} | {} | {} |",
                verdict(row),
                peers.kfp,
                peers.hera,
                peers.flyte,
                peers.metaflow
            );
        }
        None => out.push_str("\nThe others weren't tried.\n"),
    }
}

/// What pipec does about the wrong programs of a row.
fn verdict(row: &Row) -> &'static str {
    let mut found = row.programs.iter().filter(|program| program.kind == Kind::Wrong).peekable();
    if found.peek().is_none() {
        return "ok";
    }
    let has_errors = found.any(|program| {
        let checked = program.checked();
        checked.diagnostics.iter().any(|found| annotated::severity(found) == "error")
    });
    if has_errors { "C" } else { "C (a warning)" }
}

fn write_program(program: &Program, out: &mut String) {
    let _ = writeln!(out, "```pipe\n{}\n```", program.text().trim());
    for file in program.other_files() {
        let language = if file.name.ends_with(".pipe") { "pipe" } else { "" };
        let _ = writeln!(out, "\nwith `{}`:\n\n```{language}\n{}\n```", file.name, file.text.trim());
    }
    if program.is_escaped {
        out.push_str("\nwhere `\\*3(x)` stands for `xxx`, and the like.\n");
    }
}

/// As `pipec check --output-format short` says it.
fn write_findings(program: &Program, out: &mut String) {
    let checked = program.checked();
    for found in &checked.diagnostics {
        let position = checked.sources.position(found.span());
        let name = checked.sources.file(found.span().file).name();
        let severity = annotated::severity(found);
        let _ = writeln!(
            out,
            "    {name}:{}:{}: {severity}[{}]: {}",
            position.line, position.column, found.code.0, found.message
        );
    }
}
