//! What can be wrong with settings.

use super::table::Holder;
use crate::check::foreign::Foreign;
use crate::check::messages::a;
use crate::diagnostics::{Code, Diagnostic, Fix, codes};
use crate::hir::{Expr, ExprKind, Local};
use crate::source::Span;
use crate::syntax::ast;

fn with_suggestion(diagnostic: Diagnostic, near: Option<&str>, span: Span) -> Diagnostic {
    match near {
        Some(near) => diagnostic.with_help(format!("did you mean `{near}`?")).with_fix(Fix::safe(
            format!("write `{near}`"),
            span,
            near,
        )),
        None => diagnostic,
    }
}

pub(super) fn unknown_setting(
    name: &ast::Name,
    holder: Holder,
    near: Option<&str>,
    elsewhere: bool,
) -> Diagnostic {
    let (own, other) = match holder {
        Holder::Task => ("a task", "a launch"),
        Holder::Launch => ("a launch", "a task"),
    };
    let diagnostic = Diagnostic::error(
        codes::UNKNOWN_SETTING,
        format!("{own} has no setting `{}`", name.value),
        name.span,
        "not known",
    );
    if elsewhere {
        return diagnostic.with_note(format!("{other} has one of this name"));
    }
    with_suggestion(diagnostic, near, name.span)
}

/// A setting of other systems.
pub(super) fn foreign_setting(name: &ast::Name, foreign: &Foreign) -> Diagnostic {
    Diagnostic::error(
        codes::UNKNOWN_SETTING,
        format!("there is no setting `{}`", name.value),
        name.span,
        "not known",
    )
    .with_help(foreign.instead)
}

pub(super) fn setting_twice(name: &ast::Name, first: Span) -> Diagnostic {
    Diagnostic::error(
        codes::SETTING_TWICE,
        format!("the setting `{}` is given twice", name.value),
        name.span,
        "given again here",
    )
    .with_label(first, "given first here")
}

pub(super) fn field_twice(setting: &str, key: &ast::Name, first: Span) -> Diagnostic {
    Diagnostic::error(
        codes::SETTING_TWICE,
        format!("`{}` is given twice in `{setting}`", key.value),
        key.span,
        "given again here",
    )
    .with_label(first, "given first here")
}

pub(super) fn key_twice(key: &ast::Name, first: Span) -> Diagnostic {
    Diagnostic::error(
        codes::SETTING_TWICE,
        format!("`{}` is given twice", key.value),
        key.span,
        "given again here",
    )
    .with_label(first, "given first here")
}

pub(super) fn unknown_field(
    setting: &str,
    key: &ast::Name,
    near: Option<&str>,
    known: &[&str],
) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        codes::UNKNOWN_SETTING,
        format!("`{setting}` has no `{}`", key.value),
        key.span,
        "not known",
    );
    match near {
        Some(_) => with_suggestion(diagnostic, near, key.span),
        None => diagnostic.with_help(format!("it has `{}`", known.join("`, `"))),
    }
}

pub(super) fn field_missing(setting: &str, field: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::SETTING_INCOMPLETE,
        format!("`{field}` is missing in `{setting}`"),
        span,
        format!("without `{field}`"),
    )
}

pub(super) fn retry_without_limit(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::SETTING_INCOMPLETE,
        "`limit` is missing in `retry`",
        span,
        "how often is it tried again?",
    )
    .with_help("write how many further attempts there are: `limit: 3`")
}

pub(super) fn not_at_a_call(name: &ast::Name) -> Diagnostic {
    Diagnostic::error(
        codes::UNKNOWN_SETTING,
        format!("`{}` can't be changed at a call", name.value),
        name.span,
        "part of the task",
    )
    .with_note("`with` changes how a step runs, never what it does")
}

pub(super) fn no_program_here(name: &ast::Name, word: &ast::Name) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_PROGRAM,
        format!("only `run` takes a program, and this is `{}`", name.value),
        word.span,
        "a program",
    )
}

/// A setting that depends on a run and has to be known before it.
pub(super) fn not_constant(setting: &str, value: &Expr, local: Option<&Local>) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        codes::SETTING_NOT_CONSTANT,
        format!("the setting `{setting}` has to be constant"),
        value.span,
        "depends on a run",
    );
    let diagnostic = match local {
        Some(local) => diagnostic.with_label(local.span, format!("`{}` is known only in a run", local.name)),
        None if matches!(value.kind, ExprKind::Run(_)) => {
            diagnostic.with_note("what is known of the run isn't constant")
        }
        None => diagnostic,
    };
    diagnostic.with_note(
        "inputs may be used in `resources`, `timeout`, `env`, `secrets`, `shm_size` and sizes of `volumes`",
    )
}

pub(super) fn unknown_word(word: &str, words: &[&str], span: Span) -> Diagnostic {
    let near = crate::resolve::suggest::nearest(word, words.iter().copied());
    let diagnostic = Diagnostic::error(
        codes::UNKNOWN_WORD,
        format!("`{word}` is none of the words that can stand here"),
        span,
        "not known",
    );
    match near {
        Some(_) => with_suggestion(diagnostic, near, span),
        None => diagnostic.with_help(format!("write `{}`", words.join("` or `"))),
    }
}

pub(super) fn no_variable_value(name: &str, ty: &str, optional: bool, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        codes::TYPE_MISMATCH,
        format!("the variable `{name}` holds text, and this is {}", a(ty)),
        span,
        format!("this is {}", a(ty)),
    );
    if optional {
        return diagnostic.with_help("say what it is where there is none: `?? \"\"`");
    }
    diagnostic.with_note(
        "texts, numbers, bools, plain enums, durations and quantities can be variables, and secrets by themselves",
    )
}

pub(super) fn secrets_by_path(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::TYPE_MISMATCH,
        "`secrets` is written out: paths of files, and the secret that each holds",
        span,
        "",
    )
    .with_help("write `secrets: { \"/run/secrets/token\": secret(\"name\", key: \"token\") }`")
}

fn quantity(message: String, span: Span, label: &str) -> Diagnostic {
    Diagnostic::error(codes::WRONG_AMOUNT, message, span, label)
}

pub(super) fn no_quantity(setting: &str, text: &str, span: Span) -> Diagnostic {
    quantity(format!("`{text}` is no amount for `{setting}`"), span, "not an amount")
        .with_help("write a number and perhaps a unit: `500m`, `2`, `8Gi`, `512Mi`, `10G`")
}

pub(super) fn cores_in_bytes(setting: &str, text: &str, span: Span) -> Diagnostic {
    quantity(format!("`{setting}` counts cores, and `{text}` is an amount of bytes"), span, "bytes")
        .with_help("write cores as `4` or `0.5`, or thousandths of one as `500m`")
}

pub(super) fn too_fine_cores(setting: &str, text: &str, span: Span) -> Diagnostic {
    quantity(
        format!("`{setting}` is counted in thousandths of a core, and `{text}` is finer"),
        span,
        "finer than `1m`",
    )
}

pub(super) fn bytes_in_thousandths(setting: &str, text: &str, span: Span) -> Diagnostic {
    let number = text.trim_end_matches('m');
    quantity(format!("`{text}` of `{setting}` would be thousandths of a byte"), span, "thousandths")
        .with_note("`m` is for cores; a million bytes are `M`")
        .with_help(format!("did you mean `{number}Mi`?"))
        .with_fix(Fix {
            applicability: crate::diagnostics::Applicability::Unsafe,
            ..Fix::safe(format!("write `{number}Mi`"), span, format!("{number}Mi"))
        })
}

pub(super) fn part_of_a_byte(setting: &str, text: &str, span: Span) -> Diagnostic {
    quantity(format!("`{text}` is no whole number of bytes for `{setting}`"), span, "a part of a byte")
}

pub(super) fn no_amount(setting: &str, span: Span) -> Diagnostic {
    quantity(format!("`{setting}` is more than nothing"), span, "nothing")
}

pub(super) fn request_above_limit(request: &str, limit: &str, span: Span, limit_span: Span) -> Diagnostic {
    quantity(format!("`{request}` asks for more than `{limit}` allows"), span, "asked for")
        .with_label(limit_span, "the most that is allowed")
        .with_help(format!("raise `{limit}` or lower `{request}`"))
}

pub(super) fn no_time(setting: &str, span: Span) -> Diagnostic {
    quantity(format!("`{setting}` is longer than nothing"), span, "no time at all")
}

pub(super) fn negative_time(setting: &str, span: Span) -> Diagnostic {
    quantity(format!("`{setting}` can't be negative"), span, "before now")
}

pub(super) fn backoff_above_most(first: Span, most: Span) -> Diagnostic {
    quantity("the first wait is longer than the longest".to_owned(), first, "the first wait")
        .with_label(most, "the longest wait")
}

fn name(code: Code, message: String, reason: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code, message, span, "").with_note(reason.to_owned())
}

pub(super) fn no_image(text: &str, reason: &str, span: Span) -> Diagnostic {
    name(
        codes::BAD_IMAGE,
        format!("\"{text}\" is no image: {reason}"),
        "an image is written like `ghcr.io/acme/etl:1.4`",
        span,
    )
}

pub(super) fn untagged_image(text: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(
        codes::LOOSE_IMAGE,
        format!("the image \"{text}\" has no tag"),
        span,
        "means `latest`, which is another image every day",
    )
    .with_help("name the version that the task was written for: `…:1.4`")
}

pub(super) fn moving_image(text: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(
        codes::LOOSE_IMAGE,
        format!("the tag of the image \"{text}\" moves"),
        span,
        "may be another image tomorrow",
    )
    .with_help("name the version that the task was written for: `…:1.4`")
}

pub(super) fn no_variable_name(text: &str, span: Span) -> Diagnostic {
    name(
        codes::BAD_ENVIRONMENT,
        format!("\"{text}\" is no name of a variable"),
        "it is made of letters, digits and `_`, and doesn't begin with a digit",
        span,
    )
}

pub(super) fn reserved_variable(text: &str, span: Span) -> Diagnostic {
    name(
        codes::BAD_ENVIRONMENT,
        format!("`{text}` belongs to pipec"),
        "variables that begin with `PIPEC_` tell a program about its run",
        span,
    )
}

pub(super) fn env_hides(text: &str, what: &str, span: Span, other: Span) -> Diagnostic {
    Diagnostic::error(
        codes::BAD_ENVIRONMENT,
        format!("the variable `{text}` would hide {what}"),
        span,
        "hides it",
    )
    .with_label(other, format!("{what} is in the variable `${text}`"))
    .with_help("give the variable another name")
}

pub(super) fn no_path(text: &str, reason: &str, span: Span) -> Diagnostic {
    name(codes::BAD_MOUNT, format!("\"{text}\" is no path to mount at: {reason}"), "such as `/scratch`", span)
}

pub(super) fn one_path(path: &str, span: Span, other: Span) -> Diagnostic {
    Diagnostic::error(codes::BAD_MOUNT, format!("two things are mounted at \"{path}\""), span, "a second one")
        .with_label(other, "the first one")
}

pub(super) fn inside_of_a_file(path: &str, file: &str, span: Span, other: Span) -> Diagnostic {
    Diagnostic::error(
        codes::BAD_MOUNT,
        format!("nothing can be mounted at \"{path}\": \"{file}\" is a file"),
        span,
        "inside of a file",
    )
    .with_label(other, "this secret is a file")
    .with_help("mount one beside the other")
}

pub(super) fn volume_of_nothing(span: Span) -> Diagnostic {
    Diagnostic::error(codes::BAD_MOUNT, "a volume has a `size` or a `claim`", span, "neither")
        .with_help("write `size: 20Gi` for an empty one, or `claim: \"shared\"` for one of the cluster's")
}

pub(super) fn volume_of_both(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::BAD_MOUNT,
        "a volume has either a `size` or a `claim`",
        span,
        "and has a `size` too",
    )
    .with_note("a claim has its size already")
}

pub(super) fn empty_read_only(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::BAD_MOUNT,
        "nothing could ever be in a volume that is empty and can't be written",
        span,
        "read only",
    )
}

pub(super) fn no_name(what: &str, text: &str, reason: &str, span: Span) -> Diagnostic {
    name(codes::BAD_CLUSTER_NAME, format!("\"{text}\" is no name of {what}"), reason, span)
}

pub(super) fn bad_label_key(setting: &str, text: &str, reason: &str, span: Span) -> Diagnostic {
    name(codes::BAD_CLUSTER_NAME, format!("\"{text}\" is no key for `{setting}`"), reason, span)
}

pub(super) fn bad_label_value(setting: &str, text: &str, reason: &str, span: Span) -> Diagnostic {
    name(codes::BAD_CLUSTER_NAME, format!("\"{text}\" is no value for `{setting}`"), reason, span)
}

pub(super) fn exists_with_value(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::BAD_TOLERATION,
        "with `operator: exists` the value doesn't matter",
        span,
        "never looked at",
    )
    .with_help("leave `value` away, or write `operator: equal`")
}

pub(super) fn equal_without_value(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::BAD_TOLERATION,
        "`operator: equal` compares a `key` with a `value`",
        span,
        "one of them is missing",
    )
}

pub(super) fn toleration_without_key(span: Span) -> Diagnostic {
    Diagnostic::error(codes::BAD_TOLERATION, "this toleration says no `key`", span, "of which taint?")
        .with_help("name the taint's `key`; for every taint there is `{ operator: exists }`")
}

pub(super) fn bad_schedule(text: &str, reason: &str, span: Span) -> Diagnostic {
    name(
        codes::BAD_SCHEDULE,
        format!("\"{text}\" is no schedule: {reason}"),
        "`0 3 * * *` is every day at 3:00, `*/15 * * * 1-5` every quarter of an hour from Monday to Friday",
        span,
    )
}

pub(super) fn unknown_time_zone(text: &str, near: Option<&str>, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        codes::BAD_SCHEDULE,
        format!("there is no time zone \"{text}\""),
        span,
        "not in the IANA database",
    );
    match near {
        Some(near) => diagnostic.with_help(format!("did you mean \"{near}\"?")).with_fix(Fix::safe(
            format!("write \"{near}\""),
            span,
            format!("\"{near}\""),
        )),
        None => diagnostic.with_help("write it as a region and a city: \"Europe/Berlin\""),
    }
}

pub(super) fn no_program(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_PROGRAM,
        format!("the task `{name}` has no program"),
        span,
        "without `run`",
    )
    .with_help("write `run: bash \"\"\"…\"\"\"`, or a list of arguments: `run: [\"program\", input]`")
}

pub(super) fn unknown_interpreter(word: &ast::Name) -> Diagnostic {
    let near = crate::resolve::suggest::nearest(&word.value, ["bash", "sh", "python"].into_iter());
    let diagnostic = Diagnostic::error(
        codes::WRONG_PROGRAM,
        format!("`{}` is no kind of program", word.value),
        word.span,
        "not known",
    );
    match near {
        Some(_) => with_suggestion(diagnostic, near, word.span),
        None => diagnostic.with_help(
            "a block is `bash`, `sh` or `python`; anything else is a file and an argument vector: \
                        `run: [\"node\", \"main.js\"]` with `files: [\"./main.js\"]`",
        ),
    }
}

pub(super) fn no_vector(span: Span) -> Diagnostic {
    Diagnostic::error(codes::WRONG_PROGRAM, "`run` is a block or a list of arguments", span, "neither")
        .with_help("write `run: bash \"\"\"…\"\"\"`, or `run: [\"program\", input, \"--out\", output]`")
}

pub(super) fn empty_vector(span: Span) -> Diagnostic {
    Diagnostic::error(codes::WRONG_PROGRAM, "an argument vector begins with the program", span, "no program")
}

pub(super) fn empty_program(span: Span) -> Diagnostic {
    Diagnostic::error(codes::WRONG_PROGRAM, "a program has a name", span, "nothing to start")
        .with_help("the first item is the program: `run: [\"etl\", \"--fast\"]`")
}

pub(super) fn program_varies(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_ARGUMENT,
        "the program of an argument vector is a constant text",
        span,
        "decided by a run",
    )
    .with_note("no value can decide what is executed")
}

/// An argument that can't be one.
pub(super) fn no_argument(ty: &str, why: &str, help: &str, span: Span) -> Diagnostic {
    Diagnostic::error(codes::WRONG_ARGUMENT, format!("{} can't be an argument", a(ty)), span, why.to_owned())
        .with_help(help.to_owned())
}

pub(super) fn value_as_code(flag: &str, program: &str, span: Span, flag_span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::VALUE_AS_CODE,
        format!("a value would become code: `{program}` executes what stands after `{flag}`"),
        span,
        "depends on a run",
    )
    .with_label(flag_span, format!("executed because of `{flag}`"))
    .with_help("write a block, in which each input is a variable: `run: bash \"\"\"…\"\"\"`")
}

pub(super) fn bad_file(text: &str, reason: &str, span: Span) -> Diagnostic {
    Diagnostic::error(codes::BAD_FILE, format!("\"{text}\" can't be taken along: {reason}"), span, "")
}

pub(super) fn files_are_texts(span: Span) -> Diagnostic {
    Diagnostic::error(codes::BAD_FILE, "`files` is a list of paths", span, "not a constant path")
        .with_help("write `files: [\"./train.py\"]`")
}

pub(super) fn one_place(place: &str, span: Span, other: Span) -> Diagnostic {
    Diagnostic::error(
        codes::BAD_FILE,
        format!("two files would be delivered as `{place}`"),
        span,
        "the second one",
    )
    .with_label(other, "the first one")
}
