//! What a target can't do, shown at its place in the source.

use pipec_backends::{Refusal, Warning};

use super::failure::Failure;
use super::input::current_folder;
use super::terminal::Terminal;
use crate::diagnostics::render::{Counts, Finding, full};
use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::source::{SourceMap, Span};

/// Prints refusals on standard error: findings where the source is at hand, else sentences.
pub(super) fn print(
    refusals: &[Refusal],
    program: &pipec_ir::Program,
    sources: Option<&SourceMap>,
    terminal: Terminal,
) {
    let text: String =
        refusals.iter().map(|refusal| shown(refusal, Severity::Error, program, sources, terminal)).collect();
    let counts = Counts { errors: refusals.len(), warnings: 0, files: 1 };
    terminal.print_error(&format!("{text}{}\n", counts.summary()));
}

/// Prints what there is to know about a program that compiles.
pub(super) fn print_warnings(
    warnings: &[Warning],
    program: &pipec_ir::Program,
    sources: Option<&SourceMap>,
    terminal: Terminal,
) {
    for warning in warnings {
        terminal.print_error(&shown(warning, Severity::Warning, program, sources, terminal));
    }
}

fn shown(
    refusal: &Refusal,
    severity: Severity,
    program: &pipec_ir::Program,
    sources: Option<&SourceMap>,
    terminal: Terminal,
) -> String {
    let placed =
        sources.and_then(|sources| Some((sources, diagnostic(refusal, severity, program, sources)?)));
    match &placed {
        Some((sources, diagnostic)) => {
            full(&[Finding { sources, diagnostic }], &current_folder(), terminal.color_stderr)
        }
        None => match severity {
            Severity::Error => sentence(refusal, program).render(terminal.color_stderr),
            Severity::Warning => plain_warning(refusal),
        },
    }
}

/// A refusal as a finding; nothing where it has no place in these sources.
pub(super) fn diagnostic(
    refusal: &Refusal,
    severity: Severity,
    program: &pipec_ir::Program,
    sources: &SourceMap,
) -> Option<Diagnostic> {
    let span = refusal.span?;
    let name = program.sources.get(span.file as usize)?;
    let (file, _) = sources.files().find(|(_, file)| file.name() == name)?;
    let place = Span::new(file, span.start, span.end);
    Some(diagnostic_at(refusal, severity, place))
}

/// A refusal of the program as a whole, at the start of the compiled file.
pub(super) fn diagnostic_at(refusal: &Refusal, severity: Severity, place: Span) -> Diagnostic {
    let message = refusal.message.clone();
    let diagnostic = match severity {
        Severity::Error => Diagnostic::error(codes::TARGET_CANNOT, message, place, ""),
        Severity::Warning => Diagnostic::warning(codes::TARGET_NOTE, message, place, ""),
    };
    let diagnostic = match &refusal.node {
        Some(node) => diagnostic.with_note(format!("in {node}")),
        None => diagnostic,
    };
    match &refusal.help {
        Some(help) => diagnostic.with_help(help.clone()),
        None => diagnostic,
    }
}

fn plain_warning(warning: &Warning) -> String {
    let place = warning.node.as_ref().map(|node| format!("  = in {node}\n"));
    let help = warning.help.as_ref().map(|help| format!("  = help: {help}\n"));
    format!("warning: {}\n{}{}\n", warning.message, place.unwrap_or_default(), help.unwrap_or_default())
}

fn sentence(refusal: &Refusal, program: &pipec_ir::Program) -> Failure {
    let mut failure = Failure::new(refusal.message.clone());
    if let Some(node) = &refusal.node {
        failure = failure.because(format!("in {node}"));
    }
    if let Some(span) = refusal.span {
        let file = program.sources.get(span.file as usize).map_or("?", String::as_str);
        failure = failure.because(format!("at {file}:{}:{}", span.line, span.column));
    }
    match &refusal.help {
        Some(help) => failure.help(help.clone()),
        None => failure,
    }
}
