//! What can be wrong with names of files and of top-level declarations.

use super::{Module, suggest};
use crate::diagnostics::{Diagnostic, Fix, codes};
use crate::source::Span;
use crate::syntax::ast;

pub(crate) fn declared_twice(name: &ast::Name, first: Span) -> Diagnostic {
    let text = &name.value;
    Diagnostic::error(
        codes::DECLARED_TWICE,
        format!("the name `{text}` is declared twice"),
        name.span,
        "declared again here",
    )
    .with_label(first, "declared first here")
    .with_help("give one of them another name")
}

pub(crate) fn not_in_module(name: &ast::Name, path: &str, module: &Module) -> Diagnostic {
    let text = &name.value;
    let known = module.names.keys().map(String::as_str).filter(|known| !module.imports.contains_key(*known));
    let diagnostic = Diagnostic::error(
        codes::NOT_IN_MODULE,
        format!("`{path}` declares no `{text}`"),
        name.span,
        "not declared in that file",
    );
    match suggest::nearest(text, known) {
        Some(near) => diagnostic.with_help(format!("did you mean `{near}`?")).with_fix(Fix::safe(
            format!("import `{near}`"),
            name.span,
            near,
        )),
        None => diagnostic,
    }
}
