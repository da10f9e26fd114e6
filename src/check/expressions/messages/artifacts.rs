//! What can be wrong with constant artifacts and secrets.

use super::{listed, unsafe_fix, with_suggestion};
use crate::check::library::LibraryFunction;
use crate::diagnostics::{Diagnostic, codes};
use crate::source::Span;
use crate::syntax::ast;

pub(in crate::check) fn needs_a_constant_string(function: &LibraryFunction, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::BAD_ARTIFACT,
        format!("`{}` takes constant strings, since it is looked at before anything runs", function.name),
        span,
        "not a constant string",
    )
    .with_help("write the text itself, or make it of constants")
}

pub(in crate::check) fn write_the_name(function: &LibraryFunction, names: &[&str], span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::BAD_ARTIFACT,
        format!("only the first argument of `{}` goes without its name", function.name),
        span,
        "which one is this?",
    )
    .with_help(format!("write the name before it: {}", listed(names.iter().copied())))
}

pub(in crate::check) fn function_argument_twice(function: &LibraryFunction, name: &ast::Name) -> Diagnostic {
    Diagnostic::error(
        codes::BAD_ARTIFACT,
        format!("`{}` of `{}` is given twice", name.value, function.name),
        name.span,
        "given again here",
    )
}

pub(in crate::check) fn unknown_function_argument(
    function: &LibraryFunction,
    name: &ast::Name,
    known: &[&str],
) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        codes::BAD_ARTIFACT,
        format!("`{}` has no argument `{}`", function.name, name.value),
        name.span,
        "no such argument",
    )
    .with_note(format!("it is called as `{}`", function.signature));
    with_suggestion(diagnostic, &name.value, name.span, known.iter().copied())
}

pub(in crate::check) fn secret_needs_name_and_key(span: Span) -> Diagnostic {
    Diagnostic::error(codes::BAD_ARTIFACT, "a secret has a name and a key", span, "one of them is missing")
        .with_help("write `secret(\"openai\", key: \"token\")`")
}

pub(in crate::check) fn artifact_needs_a_place(function: &LibraryFunction, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::BAD_ARTIFACT,
        format!("`{}` needs a path or a URI", function.name),
        span,
        "nothing says where it is",
    )
    .with_note(format!("it is called as `{}`", function.signature))
}

pub(in crate::check) fn not_a_digest(span: Span) -> Diagnostic {
    Diagnostic::error(codes::BAD_ARTIFACT, "a sha256 is 64 digits of `0-9a-f`", span, "not a sha256")
}

pub(in crate::check) fn unknown_scheme(place: &str, span: Span, schemes: &[&str]) -> Diagnostic {
    let scheme = place.split("://").next().unwrap_or(place);
    Diagnostic::error(
        codes::BAD_ARTIFACT,
        format!("a URI of an artifact can't begin with `{scheme}://`"),
        span,
        "no target can fetch this",
    )
    .with_note(format!("it may begin with {}", listed(schemes.iter().copied())))
}

pub(in crate::check) fn captured_needs_no_pin(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::BAD_ARTIFACT,
        "a file beside the source needs no pin: its content is taken when the program is compiled",
        span,
        "only for a URI",
    )
}

pub(in crate::check) fn path_must_be_relative(place: &str, span: Span) -> Diagnostic {
    let what =
        if place.is_empty() { "an empty path names nothing" } else { "a path must be relative, with `/`" };
    Diagnostic::error(codes::BAD_ARTIFACT, what, span, "not a relative path")
        .with_help("write it relative to this file: `./data/iris.csv`")
}

pub(in crate::check) fn path_leaves_the_project(place: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::BAD_ARTIFACT,
        format!("`{place}` leads out of the project"),
        span,
        "outside of the project",
    )
    .with_note("the project is the folder of `pipec.toml`, or that of the compiled file without one")
}

pub(in crate::check) fn is_a_directory(place: &str, span: Span) -> Diagnostic {
    Diagnostic::error(codes::BAD_ARTIFACT, format!("`{place}` is a directory"), span, "`file` takes a file")
        .with_help("write `dir(…)`")
        .with_fix(unsafe_fix("write `dir`", span, "dir"))
}

pub(in crate::check) fn is_a_file(place: &str, span: Span) -> Diagnostic {
    Diagnostic::error(codes::BAD_ARTIFACT, format!("`{place}` is a file"), span, "`dir` takes a directory")
        .with_help("write `file(…)`")
        .with_fix(unsafe_fix("write `file`", span, "file"))
}

pub(in crate::check) fn path_is_missing(place: &str, path: &str, span: Span) -> Diagnostic {
    Diagnostic::error(codes::BAD_ARTIFACT, format!("there is nothing at `{place}`"), span, "doesn't exist")
        .with_note(format!(
            "looked for `{path}` in the project; a path is relative to the file that it stands in"
        ))
}
