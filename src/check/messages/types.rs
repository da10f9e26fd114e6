//! What can be wrong with a type as it is written, and with where it stands.

use crate::diagnostics::{Diagnostic, Fix, codes};
use crate::source::{Span, Spanned};

pub(crate) fn secret_inside(of: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::TYPE_NOT_HERE,
        format!("a secret can't stand in {of}"),
        span,
        "only an input by itself may be a secret",
    )
    .with_help("give each secret an input of its own: `token: secret`")
}

pub(crate) fn optional_twice(span: Span) -> Diagnostic {
    Diagnostic::error(codes::MALFORMED_TYPE, "this type is optional already", span, "a second `?`")
        .with_note("optionals have one level: a value is there, or it is `null`")
        .with_help("take one `?` away")
}

/// A type that is written where it is used says what is there; what is meant where nothing is belongs to a declaration.
pub(crate) fn default_without_a_name(field: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::MALFORMED_TYPE,
        format!("the field `{field}` can't have a default here: the record type has no name"),
        span,
        "a default",
    )
    .with_help(
        "declare the type, `record NAME { … }`, and use its name here; or make the field optional with `?`",
    )
}

pub(crate) fn takes_no_arguments(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::MALFORMED_TYPE,
        format!("the type `{name}` takes nothing between `<` and `>`"),
        span,
        "not expected",
    )
}

pub(crate) fn wrong_arguments(name: &str, span: Span) -> Diagnostic {
    let (message, help) = match name {
        "map" => ("`map` takes the type of its values", "write `map<int>`, for example"),
        "table" => (
            "`table` takes a record and perhaps a format",
            "write `table<Row>` or `table<Row, csv>`, for example",
        ),
        "file" => ("`file` takes at most one format", "write `file` or `file<csv>`, for example"),
        "dir" => ("`dir` takes at most one format", "write `dir` or `dir<csv>`, for example"),
        _ => {
            return Diagnostic::error(
                codes::MALFORMED_TYPE,
                format!("the type `{name}` takes nothing between `<` and `>`"),
                span,
                "not expected",
            );
        }
    };
    Diagnostic::error(codes::MALFORMED_TYPE, message, span, "").with_help(help)
}

pub(crate) fn no_type(name: &str, word: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_KIND_OF_NAME,
        format!("`{name}` is {word}, and a type is due here"),
        span,
        "not a type",
    )
}

pub(crate) fn no_format(span: Span) -> Diagnostic {
    Diagnostic::error(codes::MALFORMED_TYPE, "the name of a format is due here", span, "not a format")
        .with_help("write `csv`, for example, or declare one: `format mine { extension: \".mine\" }`")
}

pub(crate) fn pattern_of(base: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::MALFORMED_TYPE,
        format!("only a `string` has a pattern, and this is {}", super::a(base)),
        span,
        "no `string`",
    )
}

pub(crate) fn bad_pattern(reason: &str, span: Span) -> Diagnostic {
    Diagnostic::error(codes::BAD_REGULAR_EXPRESSION, format!("this is no pattern: {reason}"), span, "")
        .with_note("patterns are written in RE2's syntax, without flags; they match the whole text")
}

pub(crate) fn interval_of(base: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::MALFORMED_TYPE,
        format!("only an `int` or a `float` has an interval, and this is {}", super::a(base)),
        span,
        "no plain number type",
    )
}

pub(crate) fn empty_interval(span: Span) -> Diagnostic {
    Diagnostic::error(codes::BAD_INTERVAL, "no number lies in this interval", span, "from high to low")
        .with_help("write the smaller bound first")
}

pub(crate) fn bad_int_bound(bound: &Spanned<String>) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        codes::BAD_INTERVAL,
        format!("`{}` is no bound of an `int`", bound.value),
        bound.span,
        "not a whole number of 64 bits",
    );
    if bound.value.contains(['.', 'e', 'E']) {
        diagnostic.with_help("write a whole number, or make it an interval of `float`")
    } else {
        diagnostic
    }
}

pub(crate) fn bad_float_bound(bound: &Spanned<String>) -> Diagnostic {
    Diagnostic::error(
        codes::BAD_INTERVAL,
        format!("`{}` is no bound of a `float`", bound.value),
        bound.span,
        "not a finite number",
    )
}

/// A type that only a table's column may have.
pub(crate) fn column_only(ty: &str, what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::TYPE_NOT_HERE,
        format!("`{ty}` is for columns of tables only, and can't be {what}"),
        span,
        "for columns only",
    )
    .with_note("a value of it never exists outside of a table, so nothing could be done with it")
    .with_help("take a `string` (or the prelude's `Date` for a day)")
}

/// A record that has columns of types which exist in tables only.
pub(crate) fn row_only(
    record: &str,
    field: &str,
    what: &str,
    span: Span,
    field_span: Option<Span>,
) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        codes::TYPE_NOT_HERE,
        format!("`{record}` describes rows of a table, and can't be {what}"),
        span,
        "for rows of tables only",
    )
    .with_note(format!("its field `{field}` has a type that only a table's column may have"));
    match field_span {
        Some(field_span) => diagnostic.with_label(field_span, "for columns only"),
        None => diagnostic,
    }
}

pub(crate) fn no_row(ty: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::TYPE_NOT_HERE,
        format!("the rows of a table are described by a record, and `{ty}` is none"),
        span,
        "no record",
    )
    .with_help("declare `record Row { … }` with a field for each column")
}

pub(crate) fn no_column(field: &str, ty: &str, span: Span, field_span: Option<Span>) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        codes::TYPE_NOT_HERE,
        format!("a column of a table can't be {}, as `{field}` is", super::a(ty)),
        span,
        format!("its field `{field}` is {}", super::a(ty)),
    )
    .with_note(
        "columns are `bool`, `int`, `float`, `string`, enums without fields, `timestamp`, `date`, `decimal`, types over \
         these, and their optionals",
    );
    match field_span {
        Some(field_span) => diagnostic.with_label(field_span, "declared here"),
        None => diagnostic,
    }
}

pub(crate) fn no_tabular_format(format: &str, span: Span, declared: Span) -> Diagnostic {
    Diagnostic::error(
        codes::TYPE_NOT_HERE,
        format!("files of format `{format}` hold no table"),
        span,
        "not a tabular format",
    )
    .with_label(declared, "declared without `tabular: true`")
    .with_help("take a tabular format such as `csv` or `parquet`, or write `file<…>` instead of `table<…>`")
}

/// A kind of type that can't stand at a place.
pub(crate) fn not_here(ty: &str, kind: &str, what: &str, help: &str, span: Span) -> Diagnostic {
    Diagnostic::error(codes::TYPE_NOT_HERE, format!("`{ty}` is {kind}, and can't be {what}"), span, kind)
        .with_help(help)
}

pub(crate) fn output_table_without_format(ty: &str, row: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::TYPE_NOT_HERE,
        "a task's output that is a table names its format",
        span,
        "which format does the task write?",
    )
    .with_note(format!("an input may be a `{ty}`, a table of any format, but what is written has one"))
    .with_help(format!("write `table<{row}, csv>` or `table<{row}, parquet>`, for example"))
    .with_fix(Fix {
        applicability: crate::diagnostics::Applicability::Unsafe,
        ..Fix::safe("write it as csv", span, format!("table<{row}, csv>"))
    })
}

pub(crate) fn too_deep(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::TYPE_TOO_LARGE,
        format!("the type `{name}` is nested too deeply"),
        span,
        "more levels than any program needs",
    )
}

pub(crate) fn too_many_parts(name: &str, most: usize, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::TYPE_TOO_LARGE,
        format!("the type `{name}` holds more than {most} values"),
        span,
        "with all that it is made of",
    )
    .with_note("what holds another type twice is twice as large")
    .with_help("give what belongs together as a file, or as a `json`")
}

/// A value whose type is too large, or nested too deeply.
pub(crate) fn value_too_large(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::TYPE_TOO_LARGE,
        format!("the type of {what} is too large"),
        span,
        "more parts, or more levels, than any program needs",
    )
    .with_note("a record that holds another twice is twice as large")
    .with_help("give the records in it names: `record Name { … }`")
}

pub(crate) fn endless_instances(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::TYPE_TOO_LARGE,
        format!("the record `{name}` is used with types that grow out of all bounds"),
        span,
        "too many types, or too deep ones, are made of this",
    )
    .with_note("each list of types that a record's parameters stand for makes a type of its own")
}

/// Types for a record's parameters that are too few or too many.
pub(crate) fn wrong_type_arguments(
    name: &str,
    parameters: &[&str],
    given: usize,
    span: Span,
    declared: Span,
) -> Diagnostic {
    let wanted = parameters.len();
    let plural = if wanted == 1 { "type" } else { "types" };
    let here = match given {
        0 => "none here".to_owned(),
        1 => "one here".to_owned(),
        more => format!("{more} here"),
    };
    Diagnostic::error(
        codes::MALFORMED_TYPE,
        format!("the record `{name}` takes {wanted} {plural} between `<` and `>`"),
        span,
        here,
    )
    .with_label(declared, "declared here")
    .with_help(format!("write `{name}<{}>`, with types in these places", parameters.join(", ")))
}

pub(crate) fn too_large(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::TYPE_TOO_LARGE,
        format!("the type `{name}` is too large"),
        span,
        "more parts than any program needs",
    )
}
