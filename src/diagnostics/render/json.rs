//! `json`: findings for programs. A public contract: fields are added, never changed, within a `format_version`.

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use super::{Counts, Finding, shown_name};
use crate::diagnostics::{Applicability, Edit, Fix, Severity};
use crate::source::{SourceMap, Span};

const FORMAT_VERSION: u32 = 1;

#[derive(Serialize, JsonSchema)]
struct Report<'a> {
    format_version: u32,
    errors: usize,
    warnings: usize,
    findings: Vec<Record<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Record<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    /// The first is the place itself.
    spans: Vec<Label<'a>>,
    notes: &'a [String],
    help: Option<&'a str>,
    fixes: Vec<Change<'a>>,
    url: String,
}

#[derive(Serialize, JsonSchema)]
struct Label<'a> {
    #[serde(flatten)]
    place: Place,
    text: &'a str,
}

/// `start..end` are bytes of the file, from 0; lines and columns count from 1, columns in Unicode scalar values.
#[derive(Serialize, JsonSchema)]
struct Place {
    file: String,
    start: u32,
    end: u32,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize, JsonSchema)]
struct Change<'a> {
    title: &'a str,
    applicability: &'static str,
    edits: Vec<Replacement<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Replacement<'a> {
    #[serde(flatten)]
    place: Place,
    replacement: &'a str,
}

/// The JSON Schema of what `json` gives.
pub fn json_schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Report).to_value();
    schema["title"] = serde_json::Value::from("pipec findings, version 1");
    schema.sort_all_objects();
    schema
}

/// One object, with a line end.
pub fn json(findings: &[Finding], folder: &Path) -> String {
    let counts = Counts::of(findings);
    let report = Report {
        format_version: FORMAT_VERSION,
        errors: counts.errors,
        warnings: counts.warnings,
        findings: findings.iter().map(|finding| record(finding, folder)).collect(),
    };
    match serde_json::to_string_pretty(&report) {
        Ok(text) => text + "\n",
        Err(error) => panic!("findings are always JSON: {error}"),
    }
}

fn record<'a>(finding: &Finding<'a>, folder: &Path) -> Record<'a> {
    let Finding { sources, diagnostic } = *finding;
    let spans = diagnostic.labels.iter();
    Record {
        code: diagnostic.code.0,
        severity: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        message: &diagnostic.message,
        spans: spans
            .map(|label| Label { place: place(sources, label.span, folder), text: &label.text })
            .collect(),
        notes: &diagnostic.notes,
        help: diagnostic.help.as_deref(),
        fixes: diagnostic.fixes.iter().map(|fix| change(sources, fix, folder)).collect(),
        url: diagnostic.code.url(),
    }
}

fn change<'a>(sources: &SourceMap, fix: &'a Fix, folder: &Path) -> Change<'a> {
    let replacement = |edit: &'a Edit| Replacement {
        place: place(sources, edit.span, folder),
        replacement: &edit.replacement,
    };
    Change {
        title: &fix.title,
        applicability: match fix.applicability {
            Applicability::Safe => "safe",
            Applicability::Unsafe => "unsafe",
        },
        edits: fix.edits.iter().map(replacement).collect(),
    }
}

fn place(sources: &SourceMap, span: Span, folder: &Path) -> Place {
    let file = sources.file(span.file);
    let (start, end) = (file.position(span.start), file.position(span.end));
    Place {
        file: shown_name(file, folder).into_owned(),
        start: span.start,
        end: span.end,
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}
