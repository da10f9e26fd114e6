//! Takes away the findings that comments allow, and says which comments allow nothing.
//!
//! A comment on a line of its own is for what begins next: a declaration, a setting, a field, a statement. Behind
//! something it is for what begins on its line. Before everything else, with a blank line behind it, it is for the file.

use crate::diagnostics::{Code, Diagnostic, Severity, codes};
use crate::resolve::Modules;
use crate::source::{SourceFile, SourceMap, Span};
use crate::syntax::ast;

use super::comments::{self, Allow};
use super::messages;
use super::places::Places;

/// A lint that is allowed somewhere.
#[derive(Debug)]
struct Permission {
    lint: Code,
    /// Where a finding has to begin; `None` where nothing is.
    scope: Option<Span>,
    code_span: Span,
    comment: Span,
    is_alone: bool,
    is_used: bool,
}

/// Leaves out what the comments of the files allow.
pub fn follow_comments(modules: &Modules, sources: &SourceMap, diagnostics: &mut Vec<Diagnostic>) {
    let mut about_comments = Vec::new();
    let mut permissions = Vec::new();
    for module in &modules.all {
        permissions.extend(permissions_of(&module.tree, sources, &mut about_comments));
    }
    if permissions.is_empty() && about_comments.is_empty() {
        return;
    }
    let is_whole = !diagnostics.iter().any(|finding| finding.severity == Severity::Error);
    drop_allowed(diagnostics, &mut permissions);
    // Where something is wrong, what would have been found isn't known.
    if is_whole {
        about_comments.extend(useless(&permissions, sources));
    }
    drop_allowed(&mut about_comments, &mut permissions);
    diagnostics.extend(about_comments);
}

fn permissions_of(tree: &ast::File, sources: &SourceMap, findings: &mut Vec<Diagnostic>) -> Vec<Permission> {
    let allows: Vec<Allow> =
        tree.comments.iter().filter_map(|comment| comments::read(comment, findings)).collect();
    if allows.is_empty() {
        return Vec::new();
    }
    let places = Places::of(tree);
    let file = sources.file(tree.file);
    let permissions = allows.iter().flat_map(|allow| {
        let scope = scope_of(allow, file, &places);
        allow.lints.iter().map(move |(lint, span)| Permission {
            lint: *lint,
            scope,
            code_span: *span,
            comment: allow.span,
            is_alone: allow.lints.len() == 1,
            is_used: false,
        })
    });
    permissions.collect()
}

/// What a comment is about.
fn scope_of(allow: &Allow, file: &SourceFile, places: &Places) -> Option<Span> {
    let span = allow.span;
    let (line, _) = file.utf8(span.start);
    let own = file.line(line);
    let is_behind = !own.trim_start().starts_with("//");
    let found = if is_behind { Some(line) } else { next_line(file, line) };
    if !is_behind && is_for_file(file, line, span, places) {
        return Some(Span { start: 0, end: u32::try_from(file.text().len()).unwrap_or(u32::MAX), ..span });
    }
    places.beginning_at(start_of_text(file, found?)).map(|(start, end)| Span { start, end, ..span })
}

/// The next line that holds neither comments nor blanks only.
fn next_line(file: &SourceFile, line: u32) -> Option<u32> {
    (line + 1..file.line_count()).find(|line| {
        let text = file.line(*line).trim();
        !text.is_empty() && !text.starts_with("//")
    })
}

/// Whether nothing stands before it, and a blank line, or what belongs to the file, behind it.
fn is_for_file(file: &SourceFile, line: u32, span: Span, places: &Places) -> bool {
    if places.first().is_some_and(|first| first < span.start) {
        return false;
    }
    let mut below = (line + 1..file.line_count()).map(|line| file.line(line).trim());
    let next = below.find(|text| !text.starts_with("//") || text.starts_with("//!"));
    next.is_none_or(|text| text.is_empty() || text.starts_with("//!") || text.starts_with("language "))
}

fn start_of_text(file: &SourceFile, line: u32) -> u32 {
    let text = file.line(line);
    let blanks = text.len() - text.trim_start().len();
    file.from_utf8(line, u32::try_from(blanks).unwrap_or(0))
}

fn drop_allowed(diagnostics: &mut Vec<Diagnostic>, permissions: &mut [Permission]) {
    diagnostics.retain(|finding| {
        let mut is_allowed = false;
        let matching = permissions
            .iter_mut()
            .filter(|permission| permission.lint == finding.code && permission.covers(finding));
        for permission in matching {
            permission.is_used = true;
            is_allowed = true;
        }
        !is_allowed
    });
}

fn useless(permissions: &[Permission], sources: &SourceMap) -> Vec<Diagnostic> {
    let unused = permissions.iter().filter(|permission| {
        // That a comment allows nothing can be allowed for a whole file only after everything has been looked at.
        !permission.is_used && permission.lint != codes::USELESS_ALLOW
    });
    unused
        .map(|permission| {
            let Permission { lint, scope, code_span, comment, is_alone, .. } = permission;
            let remove = if *is_alone {
                messages::whole_comment(sources, *comment)
            } else {
                messages::one_of_list(sources, *code_span)
            };
            messages::useless_allow(*lint, *code_span, *scope, remove)
        })
        .collect()
}

impl Permission {
    fn covers(&self, finding: &Diagnostic) -> bool {
        let place = finding.span();
        self.scope.is_some_and(|scope| {
            scope.file == place.file
                && scope.start <= place.start
                && place.start < scope.end.max(scope.start + 1)
        })
    }
}
