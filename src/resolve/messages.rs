//! What can be wrong with names of files and of top-level declarations.

use super::{Module, suggest};
use crate::diagnostics::{Diagnostic, Fix, codes};
use crate::source::{LoadError, Span, Spanned};
use crate::std as library;
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
        Some(near) => diagnostic.with_help(format!("did you mean `{near}`?")).with_fix(suggest::fix(
            text,
            near,
            format!("import `{near}`"),
            name.span,
        )),
        None => diagnostic,
    }
}

pub(crate) fn not_relative(path: &Spanned<String>) -> Diagnostic {
    let text = &path.value;
    let diagnostic = Diagnostic::error(
        codes::BAD_IMPORT,
        format!("the path of an import begins with `./`, `../` or `std/`, and \"{text}\" doesn't"),
        path.span,
        "no relative path",
    )
    .with_note("other paths are kept for packages");
    if text.starts_with('/') || text.contains(':') {
        return diagnostic.with_help("name the file by its way from this one: \"./shared.pipe\"");
    }
    diagnostic.with_help(format!("write \"./{text}\" for a file beside this one")).with_fix(Fix::safe(
        "begin with `./`",
        path.span,
        format!("\"./{text}\""),
    ))
}

pub(crate) fn not_in_library(path: &Spanned<String>) -> Diagnostic {
    let text = &path.value;
    let known = || library::MODULES.iter().map(|module| module.path);
    let list: Vec<String> = known().map(|path| format!("\"{path}\"")).collect();
    let diagnostic = Diagnostic::error(
        codes::CANNOT_IMPORT,
        format!("the standard library has no module \"{text}\""),
        path.span,
        "no such module",
    )
    .with_note(format!("it has {}", list.join(" and ")));
    match suggest::nearest(text, known()) {
        Some(near) => diagnostic.with_help(format!("did you mean \"{near}\"?")).with_fix(Fix::safe(
            format!("write \"{near}\""),
            path.span,
            format!("\"{near}\""),
        )),
        None => {
            diagnostic.with_help("a file of your own is imported by a path that begins with `./` or `../`")
        }
    }
}

pub(crate) fn no_path(path: &Spanned<String>) -> Diagnostic {
    Diagnostic::error(codes::BAD_IMPORT, "this is no path of a file", path.span, "")
        .with_help("parts of a path are separated by `/`")
}

pub(crate) fn outside_project(path: &Spanned<String>) -> Diagnostic {
    Diagnostic::error(
        codes::OUTSIDE_PROJECT,
        format!("\"{}\" leads out of the project", path.value),
        path.span,
        "outside",
    )
    .with_note("the project is the folder of `pipec.toml`, or without one that of the compiled file")
    .with_help("put a `pipec.toml` into the folder that holds all files of the project")
}

pub(crate) fn cannot_import(path: &Spanned<String>, error: &LoadError, near: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        codes::CANNOT_IMPORT,
        format!("\"{}\" can't be imported: {error}", path.value),
        path.span,
        "",
    );
    match near {
        Some(near) => {
            let directory = path.value.rsplit_once('/').map_or(".", |(directory, _)| directory);
            let meant = format!("\"{directory}/{near}\"");
            diagnostic.with_help(format!("did you mean {meant}?")).with_fix(Fix::safe(
                format!("write {meant}"),
                path.span,
                meant,
            ))
        }
        None => diagnostic,
    }
}

pub(crate) fn import_cycle(steps: &[(String, Span)]) -> Diagnostic {
    let mut round = String::new();
    for (path, _) in steps {
        round.push_str(path);
        round.push_str(" → ");
    }
    round.push_str(&steps[0].0);
    let mut diagnostic = Diagnostic::error(
        codes::IMPORT_CYCLE,
        format!("files import each other in a circle: {round}"),
        steps[0].1,
        "imported here",
    )
    .with_help("move what both need into a file of its own, which imports neither");
    for (path, span) in &steps[1..] {
        diagnostic = diagnostic.with_label(*span, format!("and `{path}` imports from here"));
    }
    diagnostic
}
