//! `sarif`: SARIF 2.1.0, for GitHub code scanning and its like.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::{Finding, shown_name};
use crate::diagnostics::levels::Level;
use crate::diagnostics::{Edit, Fix, Severity, codes};
use crate::source::{SourceMap, Span};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// One object, with a line end.
pub fn sarif(findings: &[Finding], folder: &Path) -> String {
    let codes: BTreeMap<&str, usize> =
        findings.iter().map(|finding| (finding.diagnostic.code.0, 0)).collect();
    let codes: BTreeMap<&str, usize> =
        codes.into_keys().enumerate().map(|(index, code)| (code, index)).collect();
    let results: Vec<Value> = findings.iter().map(|finding| result(finding, &codes, folder)).collect();
    let driver = json!({
        "name": "pipec",
        "version": env!("CARGO_PKG_VERSION"),
        "informationUri": env!("CARGO_PKG_REPOSITORY"),
        "rules": codes.keys().map(|code| rule(code)).collect::<Vec<_>>(),
    });
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{ "tool": { "driver": driver }, "columnKind": "unicodeCodePoints", "results": results }],
    });
    format!("{log:#}\n")
}

fn rule(code: &str) -> Value {
    let row = codes::find(code);
    let url = row.map(|row| row.code.url());
    let level = match row.and_then(|row| row.level) {
        Some(Level::Allow) => "none",
        Some(Level::Warn) => "warning",
        Some(Level::Deny) | None => "error",
    };
    json!({
        "id": code,
        "shortDescription": { "text": row.map_or(code, |row| row.title) },
        "helpUri": url,
        "defaultConfiguration": { "level": level },
    })
}

fn result(finding: &Finding, codes: &BTreeMap<&str, usize>, folder: &Path) -> Value {
    let Finding { sources, diagnostic } = *finding;
    let code = diagnostic.code.0;
    let related = diagnostic.labels.iter().enumerate().skip(1);
    let related: Vec<Value> = related
        .map(|(index, label)| {
            let mut location = location(sources, label.span, folder);
            location["id"] = json!(index);
            location["message"] = json!({ "text": label.text });
            location
        })
        .collect();
    let mut result = json!({
        "ruleId": code,
        "ruleIndex": codes.get(code),
        "level": match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        "message": { "text": super::whole_text(diagnostic) },
        "locations": [location(sources, diagnostic.span(), folder)],
    });
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
    }
    if !diagnostic.fixes.is_empty() {
        let fixes: Vec<Value> = diagnostic.fixes.iter().map(|fix| change(sources, fix, folder)).collect();
        result["fixes"] = json!(fixes);
    }
    result
}

fn location(sources: &SourceMap, span: Span, folder: &Path) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": artifact(sources, span, folder),
        "region": region(sources, span),
    }})
}

fn artifact(sources: &SourceMap, span: Span, folder: &Path) -> Value {
    json!({ "uri": uri(&shown_name(sources.file(span.file), folder)) })
}

/// A relative reference: all that isn't harmless in one is encoded.
fn uri(name: &str) -> String {
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/');
    name.bytes()
        .map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn region(sources: &SourceMap, span: Span) -> Value {
    let file = sources.file(span.file);
    let (start, end) = (file.position(span.start), file.position(span.end));
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

fn change(sources: &SourceMap, fix: &Fix, folder: &Path) -> Value {
    let mut files: BTreeMap<String, (Value, Vec<Value>)> = BTreeMap::new();
    for Edit { span, replacement } in &fix.edits {
        let artifact = artifact(sources, *span, folder);
        let replaced = json!({
            "deletedRegion": region(sources, *span),
            "insertedContent": { "text": replacement },
        });
        files.entry(artifact.to_string()).or_insert_with(|| (artifact, Vec::new())).1.push(replaced);
    }
    let changes: Vec<Value> = files
        .into_values()
        .map(|(artifact, replacements)| json!({ "artifactLocation": artifact, "replacements": replacements }))
        .collect();
    json!({ "description": { "text": fix.title }, "artifactChanges": changes })
}
