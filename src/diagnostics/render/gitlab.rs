//! `gitlab`: a code quality report of GitLab, in the form of CodeClimate.

use std::path::Path;

use foldhash::HashMap;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Finding, shown_name};
use crate::diagnostics::Severity;

/// A list, with a line end.
pub fn gitlab(findings: &[Finding], folder: &Path) -> String {
    let mut seen = HashMap::default();
    let issues: Vec<Value> = findings.iter().map(|finding| issue(finding, folder, &mut seen)).collect();
    format!("{:#}\n", Value::Array(issues))
}

fn issue(finding: &Finding, folder: &Path, seen: &mut HashMap<String, usize>) -> Value {
    let Finding { sources, diagnostic } = *finding;
    let file = sources.file(diagnostic.span().file);
    let (start, end) = (file.position(diagnostic.span().start), file.position(diagnostic.span().end));
    let name = shown_name(file, folder);
    json!({
        "description": diagnostic.message,
        "check_name": diagnostic.code.0,
        "fingerprint": fingerprint(diagnostic.code.0, &name, &diagnostic.message, seen),
        "severity": match diagnostic.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
        },
        "location": {
            "path": name,
            "positions": {
                "begin": { "line": start.line, "column": start.column },
                "end": { "line": end.line, "column": end.column },
            },
        },
    })
}

/// Tells findings apart from one commit to the next: it doesn't change when the lines above do.
fn fingerprint(code: &str, file: &str, message: &str, seen: &mut HashMap<String, usize>) -> String {
    let text = format!("{code}\0{file}\0{message}");
    let count = seen.entry(text.clone()).or_default();
    *count += 1;
    let digest = Sha256::digest(format!("{text}\0{count}"));
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
