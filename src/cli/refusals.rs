//! What a target can't do, shown at its place in the source.

use pipec_backends::Refusal;

use super::failure::Failure;
use super::input::current_folder;
use super::terminal::Terminal;
use crate::diagnostics::render::{Counts, Finding, full};
use crate::diagnostics::{Diagnostic, codes};
use crate::source::{SourceMap, Span};

/// Prints refusals on standard error: findings where the source is at hand, else sentences.
pub(super) fn print(
    refusals: &[Refusal],
    program: &pipec_ir::Program,
    sources: Option<&SourceMap>,
    terminal: Terminal,
) {
    let mut text = String::new();
    for refusal in refusals {
        let placed = sources.and_then(|sources| Some((sources, diagnostic(refusal, program, sources)?)));
        text.push_str(&match &placed {
            Some((sources, diagnostic)) => {
                full(&[Finding { sources, diagnostic }], &current_folder(), terminal.color_stderr)
            }
            None => sentence(refusal, program).render(terminal.color_stderr),
        });
    }
    let counts = Counts { errors: refusals.len(), warnings: 0, files: 1 };
    terminal.print_error(&format!("{text}{}\n", counts.summary()));
}

/// A refusal as a finding; nothing where it has no place in these sources.
pub(super) fn diagnostic(
    refusal: &Refusal,
    program: &pipec_ir::Program,
    sources: &SourceMap,
) -> Option<Diagnostic> {
    let span = refusal.span?;
    let name = program.sources.get(span.file as usize)?;
    let (file, _) = sources.files().find(|(_, file)| file.name() == name)?;
    let place = Span::new(file, span.start, span.end);
    Some(with_texts(Diagnostic::error(codes::TARGET_CANNOT, refusal.message.clone(), place, ""), refusal))
}

/// A refusal of the program as a whole, at the start of the compiled file.
pub(super) fn diagnostic_of_file(refusal: &Refusal, place: Span) -> Diagnostic {
    with_texts(Diagnostic::error(codes::TARGET_CANNOT, refusal.message.clone(), place, ""), refusal)
}

fn with_texts(diagnostic: Diagnostic, refusal: &Refusal) -> Diagnostic {
    let diagnostic = match &refusal.node {
        Some(node) => diagnostic.with_note(format!("in {node}")),
        None => diagnostic,
    };
    match &refusal.help {
        Some(help) => diagnostic.with_help(help.clone()),
        None => diagnostic,
    }
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
