//! Findings as plain text: `file:line:column: error[E0101]: message`, then labels, notes, help and fixes.

use std::fmt::Write as _;

use pipec::diagnostics::{Applicability, Diagnostic, Severity};
use pipec::source::Span;

pub(crate) fn render(name: &str, text: &str, findings: &[Diagnostic]) -> String {
    let mut out = String::new();
    for finding in findings {
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let place = place(text, finding.span());
        writeln!(out, "{name}:{place}: {severity}[{}]: {}", finding.code.0, finding.message).unwrap();
        for label in &finding.labels {
            let quoted = &text[label.span.start as usize..label.span.end as usize];
            let quoted = quoted.lines().next().unwrap_or("");
            writeln!(out, "  at {} `{quoted}`: {}", self::place(text, label.span), label.text).unwrap();
        }
        for note in &finding.notes {
            writeln!(out, "  note: {note}").unwrap();
        }
        if let Some(help) = &finding.help {
            writeln!(out, "  help: {help}").unwrap();
        }
        for fix in &finding.fixes {
            let safety = match fix.applicability {
                Applicability::Safe => "fix",
                Applicability::Unsafe => "fix to look at",
            };
            write!(out, "  {safety}: {}:", fix.title).unwrap();
            for edit in &fix.edits {
                let before = &text[edit.span.start as usize..edit.span.end as usize];
                write!(out, " {}{before:?}→{:?}", self::place(text, edit.span), edit.replacement).unwrap();
            }
            out.push('\n');
        }
    }
    out
}

fn place(text: &str, span: Span) -> String {
    let before = &text[..span.start as usize];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    format!("{line}:{column}")
}
