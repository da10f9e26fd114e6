//! `github`: commands of GitHub Actions, which become annotations of a pull request.

use std::path::Path;

use super::{Finding, shown_name};
use crate::diagnostics::Severity;

/// A line for each finding.
pub fn github(findings: &[Finding], folder: &Path) -> String {
    findings.iter().map(|finding| command(finding, folder)).collect()
}

fn command(finding: &Finding, folder: &Path) -> String {
    let Finding { sources, diagnostic } = *finding;
    let span = diagnostic.span();
    let file = sources.file(span.file);
    let (start, end) = (file.position(span.start), file.position(span.end));
    let kind = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut properties = format!("file={},line={}", property(&shown_name(file, folder)), start.line);
    // Columns are taken only where the place is on one line.
    if start.line == end.line {
        properties.push_str(&format!(",col={},endColumn={}", start.column, end.column));
    } else {
        properties.push_str(&format!(",endLine={}", end.line));
    }
    let text = data(&super::whole_text(diagnostic));
    format!("::{kind} {properties},title={}::{text}\n", property(&format!("pipec {}", diagnostic.code.0)))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
