//! `junit`: a report of tests, which most CI systems show: a suite for each file, a failed case for each finding.

use std::fmt::Write as _;
use std::path::Path;

use super::{Finding, shown_name};
use crate::diagnostics::Severity;

/// A document, with a line end. Without findings it has one case, which passed.
pub fn junit(findings: &[Finding], folder: &Path) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let count = findings.len();
    let _ = writeln!(out, "<testsuites name=\"pipec\" tests=\"{}\" failures=\"{count}\">", count.max(1));
    let files: Vec<&[Finding]> =
        findings.chunk_by(|left, right| left.file().path() == right.file().path()).collect();
    if files.is_empty() {
        out.push_str("  <testsuite name=\"pipec\" tests=\"1\" failures=\"0\">\n");
        out.push_str("    <testcase name=\"no mistakes\" classname=\"pipec\"/>\n  </testsuite>\n");
    }
    for findings in files {
        suite(&mut out, findings, folder);
    }
    out.push_str("</testsuites>\n");
    out
}

fn suite(out: &mut String, findings: &[Finding], folder: &Path) {
    let Some(first) = findings.first() else { return };
    let name = escaped(&shown_name(first.file(), folder));
    let count = findings.len();
    let _ = writeln!(out, "  <testsuite name=\"{name}\" tests=\"{count}\" failures=\"{count}\">");
    for Finding { sources, diagnostic } in findings {
        let position = sources.position(diagnostic.span());
        let code = diagnostic.code.0;
        let kind = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let (line, column) = (position.line, position.column);
        let _ = writeln!(out, "    <testcase name=\"{code} at {line}:{column}\" classname=\"{name}\">");
        let message = escaped(&diagnostic.message);
        let text = escaped(&super::whole_text(diagnostic));
        let _ = writeln!(
            out,
            "      <failure type=\"{kind}\" message=\"{message}\">{name}:{line}:{column}: {text}</failure>"
        );
        out.push_str("    </testcase>\n");
    }
    out.push_str("  </testsuite>\n");
}

/// What XML can hold, and nothing that it would read as its own.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
