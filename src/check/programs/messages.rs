//! What can be wrong inside of programs.

use super::python_names;
use super::reading::Language;
use crate::diagnostics::{Applicability, Diagnostic, Edit, Fix, codes};
use crate::source::Span;

/// What a name that nothing sets is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unknown {
    /// Of a shell.
    Variable,
    /// Of Python.
    Name,
    /// Of Python, and there is a module of this name.
    Module,
}

/// A secret is no variable of its own.
pub(super) fn secret_as_variable(name: &str, places: &[Span], declared: Span) -> Diagnostic {
    Diagnostic::warning(
        codes::UNKNOWN_IN_PROGRAM,
        format!("the secret `{name}` is no variable of the program"),
        places[0],
        "not set",
    )
    .with_label(declared, "a secret")
    .with_help(format!(
        "give it one, `env: {{ {}: {name} }}`; or a file, `secrets: {{ \"/run/secrets/{name}\": {name} }}`",
        name.to_uppercase()
    ))
}

pub(super) fn unknown_name(kind: Unknown, name: &str, near: Option<&str>, places: &[Span]) -> Diagnostic {
    let (message, label, help) = match kind {
        Unknown::Variable => (
            format!("nothing sets the variable `${name}`"),
            "empty when the program runs",
            "declare it as an input, or give it a value in the block; if the image sets it, write `${NAME:-}`"
                .replace("NAME", name),
        ),
        Unknown::Name => (
            format!("nothing defines the name `{name}`"),
            "Python stops here with a NameError",
            "declare it as an input, or define it in the block".to_owned(),
        ),
        Unknown::Module => (
            format!("the module `{name}` isn't imported"),
            "Python stops here with a NameError",
            format!("write `import {name}` before it is used"),
        ),
    };
    let diagnostic = Diagnostic::warning(codes::UNKNOWN_IN_PROGRAM, message, places[0], label);
    if kind != Unknown::Variable
        && let Some(module) = python_names::module_called(name)
    {
        return diagnostic.with_help(format!("write `import {module} as {name}` before it is used"));
    }
    match near {
        Some(near) => {
            diagnostic.with_help(format!("did you mean `{near}`?")).with_fix(replacement(near, places))
        }
        None => diagnostic.with_help(help),
    }
}

pub(super) fn foreign_tag(language: Language, tag: &str, name: &str, place: Span) -> Diagnostic {
    let variable = match language {
        Language::Shell => format!("${name}"),
        Language::Python => name.to_owned(),
    };
    let finding = Diagnostic::warning(
        codes::UNKNOWN_IN_PROGRAM,
        format!("`{tag}` is text like any other here: nothing is pasted into a program"),
        place,
        format!("`{name}` is the variable `{variable}`"),
    );
    match language {
        Language::Shell => finding
            .with_help(format!("write `\"{variable}\"`, in double quotes"))
            .with_fix(replacement(&variable, &[place])),
        Language::Python => finding.with_help(format!("write `{variable}`, without quotes")),
    }
}

/// The same in an argument vector.
pub(super) fn foreign_tag_in_vector(tag: &str, name: &str, place: Span) -> Diagnostic {
    Diagnostic::warning(
        codes::UNKNOWN_IN_PROGRAM,
        format!("`{tag}` is text like any other here: the program gets it as it stands"),
        place,
        format!("`{name}` itself is written without quotes"),
    )
    .with_help(format!("write `{name}`; inside of a longer text `\"…${{{name}}}…\"`"))
}

pub(super) fn upper_case(name: &str, lower: &str, places: &[Span]) -> Diagnostic {
    Diagnostic::warning(
        codes::UNKNOWN_IN_PROGRAM,
        format!("nothing sets the variable `${name}`, but there is `${lower}`"),
        places[0],
        "upper and lower case are different names",
    )
    .with_help(format!("write `${lower}`"))
    .with_fix(replacement(lower, places))
}

/// Nobody can know that it is what was meant.
fn replacement(name: &str, places: &[Span]) -> Fix {
    let edits = places.iter().map(|span| Edit { span: *span, replacement: name.to_owned() });
    Fix { title: format!("write `{name}`"), edits: edits.collect(), applicability: Applicability::Unsafe }
}

pub(super) fn broken(language: Language, what: &str, span: Span) -> Diagnostic {
    let message = match language {
        Language::Shell => "a shell can't read this block",
        Language::Python => "Python can't read this block",
    };
    Diagnostic::warning(codes::BROKEN_PROGRAM, message, span, what)
        .with_note("the task would fail as soon as it starts")
}

pub(super) fn overwritten_path(name: &str, span: Span, output: Span) -> Diagnostic {
    Diagnostic::error(
        codes::OVERWRITTEN_PATH,
        format!("`{name}` is the path to write to, and the block assigns something else to it"),
        span,
        "the path is lost here",
    )
    .with_label(output, "an artifact: what is in the file counts")
    .with_help(format!(
        "write to it: `{name}.write_text(…)`, `open({name}, \"w\")`, or a library's own `save({name})`"
    ))
}

pub(super) fn unread_input(name: &str, span: Span, word: Span) -> Diagnostic {
    Diagnostic::warning(
        codes::INPUT_NOT_READ,
        format!("the program never reads the input `{name}`"),
        span,
        "never read",
    )
    .with_label(word, "this block doesn't")
    .with_help("use it, or take it away")
}

/// How a block gives an output.
#[derive(Clone, Copy)]
pub(super) enum Giving {
    /// Python, a value.
    Assignment,
    /// Python, an artifact.
    PathInPython,
    PathInShell,
}

pub(super) fn unwritten_output(giving: Giving, name: &str, span: Span, word: Span) -> Diagnostic {
    let (verb, done, help) = match giving {
        Giving::Assignment => {
            ("assigns", "assigned", format!("assign it in the block, outside of functions: `{name} = …`"))
        }
        Giving::PathInPython => (
            "writes",
            "written",
            format!("write to the path that it is: `open({name}, \"w\")`, or a library's own `save({name})`"),
        ),
        Giving::PathInShell => {
            ("writes", "written", format!("write to the path in its variable: `… > \"${name}\"`"))
        }
    };
    Diagnostic::warning(
        codes::OUTPUT_NOT_WRITTEN,
        format!("the program never {verb} the output `{name}`"),
        span,
        format!("never {done}"),
    )
    .with_label(word, "this block doesn't")
    .with_help(help)
}

pub(super) fn vector_without_inputs(run: Span, inputs: &[&(String, Span)]) -> Diagnostic {
    let mut diagnostic = Diagnostic::warning(
        codes::INPUT_NOT_READ,
        "the argument vector names none of the task's inputs",
        run,
        "the program is told none of them",
    );
    for (name, span) in inputs {
        diagnostic = diagnostic.with_label(*span, format!("`{name}` is never used"));
    }
    let (name, _) = inputs[0];
    diagnostic.with_help(format!("pass them as arguments, such as `\"--{name}\", {name}`"))
}

pub(super) fn input_not_in_vector(name: &str, span: Span, run: Span) -> Diagnostic {
    Diagnostic::warning(
        codes::INPUT_NOT_READ,
        format!("the argument vector doesn't name the input `{name}`"),
        span,
        "never used",
    )
    .with_label(run, format!("the program isn't told `{name}`"))
    .with_help(format!("pass it as an argument, such as `\"--{name}\", {name}`, or take it away"))
}

pub(super) fn output_not_in_vector(name: &str, span: Span, run: Span) -> Diagnostic {
    Diagnostic::warning(
        codes::OUTPUT_NOT_WRITTEN,
        format!("the argument vector doesn't name the output `{name}`"),
        span,
        "nothing writes it",
    )
    .with_label(run, format!("the program isn't told where `{name}` goes"))
    .with_help(format!("pass the path to write to as an argument, such as `\"--{name}\", {name}`"))
}
