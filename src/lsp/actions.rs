//! Quick fixes: the fixes of findings, all safe ones at once, and the comment that allows a lint.

use std::collections::HashMap;
use std::path::Path;

use gen_lsp_types::{CodeAction, CodeActionKind, CodeActionParams, TextEdit, Uri, WorkspaceEdit};

use super::convert;
use super::positions::Encoding;
use crate::compiler::Checked;
use crate::diagnostics::fixes::{self, Willing};
use crate::diagnostics::render::Finding;
use crate::diagnostics::{Applicability, Diagnostic, Edit, Fix};
use crate::lint;
use crate::source::Span;

/// What can be done about the findings that touch `selected`.
pub(super) fn actions(
    checked: &Checked,
    path: &Path,
    selected: Span,
    parameters: &CodeActionParams,
    encoding: Encoding,
) -> Vec<CodeAction> {
    let only = parameters.context.only.as_deref();
    let is_wanted =
        |kind: &CodeActionKind| only.is_none_or(|kinds| kinds.iter().any(|wanted| holds(wanted, kind)));
    let mut actions = Vec::new();
    if is_wanted(&CodeActionKind::QuickFix) {
        for finding in checked.diagnostics.iter().filter(|finding| touches(finding.span(), selected)) {
            let allow = lint::allow_here(finding, &checked.modules, &checked.sources);
            actions.extend(
                finding
                    .fixes
                    .iter()
                    .chain(&allow)
                    .filter_map(|fix| quick_fix(checked, finding, fix, encoding)),
            );
        }
    }
    // Only who asks for it gets it: it is about the whole file.
    if only.is_some() && is_wanted(&CodeActionKind::SourceFixAll) {
        actions.extend(fix_all(checked, path, encoding));
    }
    actions
}

/// `source` holds `source.fixAll`.
fn holds(wanted: &CodeActionKind, kind: &CodeActionKind) -> bool {
    let (wanted, kind) = (wanted.to_string(), kind.to_string());
    wanted.is_empty()
        || kind == wanted
        || kind.strip_prefix(&wanted).is_some_and(|rest| rest.starts_with('.'))
}

fn touches(span: Span, selected: Span) -> bool {
    span.file == selected.file && span.start <= selected.end && selected.start <= span.end
}

fn quick_fix(checked: &Checked, finding: &Diagnostic, fix: &Fix, encoding: Encoding) -> Option<CodeAction> {
    Some(CodeAction {
        title: fix.title.clone(),
        kind: Some(CodeActionKind::QuickFix),
        diagnostics: Some(vec![convert::diagnostic(finding, &checked.sources, encoding)]),
        is_preferred: Some(fix.applicability == Applicability::Safe),
        edit: Some(workspace_edit(checked, &fix.edits, encoding)?),
        ..CodeAction::default()
    })
}

fn workspace_edit(checked: &Checked, edits: &[Edit], encoding: Encoding) -> Option<WorkspaceEdit> {
    let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
    for edit in edits {
        let file = edit.span.file;
        let uri = convert::uri(&checked.sources, file)?;
        let (start, end) = fixes::range(edit, checked.sources.file(file).text());
        let offset = |at| u32::try_from(at).unwrap_or(u32::MAX);
        let range = encoding.range(&checked.sources, Span::new(file, offset(start), offset(end)));
        changes.entry(uri).or_default().push(TextEdit { range, new_text: edit.replacement.clone() });
    }
    Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() })
}

/// The safe fixes of a file that don't touch each other.
fn fix_all(checked: &Checked, path: &Path, encoding: Encoding) -> Option<CodeAction> {
    let file = checked.sources.find(path)?;
    let own = checked.diagnostics.iter().filter(|diagnostic| diagnostic.span().file == file);
    let findings: Vec<Finding> =
        own.map(|diagnostic| Finding { sources: &checked.sources, diagnostic }).collect();
    let edits = fixes::edits(&findings, Willing::Safe);
    if edits.is_empty() {
        return None;
    }
    Some(CodeAction {
        title: "apply all safe fixes".to_owned(),
        kind: Some(CodeActionKind::SourceFixAll),
        edit: Some(workspace_edit(checked, &edits, encoding)?),
        ..CodeAction::default()
    })
}
