//! The comment that allows one finding: what an editor offers.

use crate::diagnostics::{Applicability, Diagnostic, Edit, Fix};
use crate::resolve::Modules;
use crate::source::{SourceMap, Span};

use super::places::Places;

/// A comment above the smallest part of the file that begins a line and holds the finding.
pub fn allow_here(finding: &Diagnostic, modules: &Modules, sources: &SourceMap) -> Option<Fix> {
    let code = finding.code;
    let span = finding.span();
    let module = modules.all.iter().find(|module| module.tree.file == span.file)?;
    if !code.is_lint() {
        return None;
    }
    let text = sources.file(span.file).text();
    let start_of_line = |at: u32| text[..at as usize].rfind('\n').map_or(0, |end| end + 1);
    let indentation = |at: u32| &text[start_of_line(at)..at as usize];
    let begins_line = |at: u32| indentation(at).trim().is_empty();
    let (start, _) = Places::of(&module.tree).around(span.start).find(|(start, _)| begins_line(*start))?;
    let at = Span { start, end: start, ..span };
    let replacement = format!("// pipec: allow({})\n{}", code.0, indentation(start));
    let edits = vec![Edit { span: at, replacement }];
    Some(Fix { title: format!("allow {} here", code.0), edits, applicability: Applicability::Unsafe })
}
