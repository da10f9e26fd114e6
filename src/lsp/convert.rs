//! Findings and places, as the protocol has them.

use std::str::FromStr as _;

use gen_lsp_types::{
    Code, CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    Location, Message, Uri,
};

use super::positions::Encoding;
use crate::diagnostics::render::whole_text;
use crate::diagnostics::{self, Severity, codes};
use crate::source::{FileId, SourceMap, Span};

/// The URI of a file; `None` for the prelude and its like, which are on no disk.
pub(super) fn uri(sources: &SourceMap, file: FileId) -> Option<Uri> {
    Uri::from_file_path(sources.file(file).path()).ok()
}

pub(super) fn location(sources: &SourceMap, span: Span, encoding: Encoding) -> Option<Location> {
    Some(Location { uri: uri(sources, span.file)?, range: encoding.range(sources, span) })
}

pub(super) fn diagnostic(
    finding: &diagnostics::Diagnostic,
    sources: &SourceMap,
    encoding: Encoding,
) -> Diagnostic {
    let related = finding.labels.iter().skip(1).filter_map(|label| {
        let location = location(sources, label.span, encoding)?;
        Some(DiagnosticRelatedInformation { location, message: label.text.clone() })
    });
    let severity = match finding.severity {
        Severity::Error => DiagnosticSeverity::Error,
        Severity::Warning => DiagnosticSeverity::Warning,
    };
    Diagnostic {
        range: encoding.range(sources, finding.span()),
        severity: Some(severity),
        code: Some(Code::String(finding.code.0.to_owned())),
        code_description: Uri::from_str(&finding.code.url()).ok().map(|href| CodeDescription { href }),
        tags: (finding.code == codes::UNUSED).then(|| vec![DiagnosticTag::Unnecessary]),
        source: Some("pipec".to_owned()),
        message: Message::String(whole_text(finding)),
        related_information: Some(related.collect()),
        ..Diagnostic::default()
    }
}
