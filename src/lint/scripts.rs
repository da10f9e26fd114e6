//! What the text of a script shows at first sight. What it does with its variables is the checker's business.

use pipec_ir::Interpreter;

use crate::diagnostics::{Applicability, Diagnostic, Edit, Fix, codes};
use crate::hir::{self, TaskProgram};
use crate::source::{SourceMap, Span};
use crate::syntax::ast::RawBlock;
use crate::types::Type;

pub(super) fn look(task: &hir::Task, sources: &SourceMap, found: &mut Vec<Diagnostic>) {
    let Some(TaskProgram::Script { interpreter, block, .. }) = &task.program else { return };
    let options = match interpreter {
        Interpreter::Bash => "set -euo pipefail",
        Interpreter::Sh => "set -eu",
        Interpreter::Python => return,
    };
    goes_on(block, options, sources, found);
    for parameter in task.parameters.iter().filter(|parameter| is_list_of_artifacts(&parameter.ty)) {
        unordered(block, &parameter.name, found);
    }
}

/// A script of several commands that doesn't stop when one of them fails.
fn goes_on(block: &RawBlock, options: &str, sources: &SourceMap, found: &mut Vec<Diagnostic>) {
    let lines = block.text.lines().enumerate();
    let commands: Vec<(usize, &str)> =
        lines.filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#')).collect();
    let [(first, _), _, ..] = commands.as_slice() else { return };
    if commands.iter().any(|(_, line)| stops_on_failure(line)) {
        return;
    }
    let Some(start) = block.line_starts.get(*first).copied() else { return };
    let span = Span { start, end: start, ..block.span };
    let text = sources.file(block.span.file).text();
    let line = text[..start as usize].rfind('\n').map_or(0, |at| at + 1);
    let indentation = &text[line..start as usize];
    found.push(
        Diagnostic::warning(
            codes::GOES_ON,
            "this script goes on when one of its commands fails",
            span,
            "begins without `set -e`",
        )
        .with_note("the step succeeds if the last command does")
        .with_help(format!("write `{options}` as its first line"))
        .with_fix(Fix {
            title: format!("add `{options}`"),
            edits: vec![Edit { span, replacement: format!("{options}\n{indentation}") }],
            applicability: Applicability::Unsafe,
        }),
    );
}

/// `set -e`, `set -eu`, `set -o errexit` …
fn stops_on_failure(line: &str) -> bool {
    let mut words = line.split([' ', '\t', ';', '&']).filter(|word| !word.is_empty());
    words.next() == Some("set")
        && words.any(|word| {
            word == "errexit"
                || word.strip_prefix('-').is_some_and(|flags| !flags.starts_with('-') && flags.contains('e'))
        })
}

fn is_list_of_artifacts(ty: &Type) -> bool {
    matches!(ty, Type::List(of) if matches!(**of, Type::File(_) | Type::Dir(_) | Type::Table { .. }))
}

/// `"$xs"/*` and its like.
fn unordered(block: &RawBlock, name: &str, found: &mut Vec<Diagnostic>) {
    for written in [format!("${name}"), format!("${{{name}}}")] {
        for (at, _) in block.text.match_indices(&written) {
            let rest = &block.text[at + written.len()..];
            let glob = rest.strip_prefix('"').unwrap_or(rest);
            if glob.starts_with("/*")
                && let Some(span) = place(block, at, written.len())
            {
                found.push(unordered_files(name, span));
            }
        }
    }
}

fn unordered_files(name: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(
        codes::UNORDERED_FILES,
        format!("the items of `{name}` come as 0, 1, 10, 2, … here"),
        span,
        "sorted as text",
    )
    .with_note("a list of artifacts is a directory with `0`, `1`, …, and a file `.count` with their number")
    .with_help(format!(
        "count: for i in $(seq 0 $(($(cat \"${name}/.count\") - 1))); do … \"${name}/$i\"; done"
    ))
}

/// Where a part of a block's text stands in the file.
fn place(block: &RawBlock, at: usize, length: usize) -> Option<Span> {
    let before = &block.text[..at];
    let line = before.matches('\n').count();
    let column = at - before.rfind('\n').map_or(0, |end| end + 1);
    let start = block.line_starts.get(line)? + u32::try_from(column).ok()?;
    Some(Span { start, end: start + u32::try_from(length).ok()?, ..block.span })
}
