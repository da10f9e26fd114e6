//! What can be wrong with numbers, durations, texts, and literals of lists, records and maps.

use super::super::sources::Source;
use super::super::type_of;
use super::{listed, plural, unsafe_fix, with_source, with_suggestion};
use crate::check::context::Checker;
use crate::check::messages::{a, to_be_given};
use crate::diagnostics::{Diagnostic, Fix, codes};
use crate::hir;
use crate::resolve::suggest;
use crate::source::Span;
use crate::syntax::ast;
use crate::types::Type;

pub(in crate::check) fn float_cannot_hold(text: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::NUMBER_OUT_OF_RANGE,
        format!("a float can't hold `{text}` exactly"),
        span,
        "would be rounded",
    )
    .with_help("write it as a float, such as `1e20`, if being near is enough")
}

pub(in crate::check) fn int_too_large(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::NUMBER_OUT_OF_RANGE,
        "this integer doesn't fit into 64 bits",
        span,
        "too large for an `int`",
    )
    .with_note("an `int` is between -9223372036854775808 and 9223372036854775807")
}

pub(in crate::check) fn float_too_large(span: Span) -> Diagnostic {
    Diagnostic::error(codes::NUMBER_OUT_OF_RANGE, "this number is too large for a float", span, "not finite")
}

pub(in crate::check) fn no_quantity(text: &str, span: Span) -> Diagnostic {
    let reason = if text.starts_with('-') { "a quantity isn't negative" } else { "this is no quantity" };
    Diagnostic::error(codes::NUMBER_OUT_OF_RANGE, reason, span, "neither cores nor bytes").with_note(
        "a quantity has up to 30 digits, and a unit or an exponent up to 30: `0.5`, `500m`, `8Gi`, `1e9`",
    )
}

pub(in crate::check) fn duration_out_of_range(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::NUMBER_OUT_OF_RANGE,
        "a duration is a whole number of milliseconds, up to 9007199254740991 of them",
        span,
        "not one of these",
    )
}

pub(in crate::check) fn unknown_unit(number: &str, unit: &str, span: Span) -> Diagnostic {
    let known = ["ms", "s", "m", "h", "d", "k", "M", "G", "T", "P", "Ki", "Mi", "Gi", "Ti", "Pi"];
    let diagnostic = Diagnostic::error(
        codes::NUMBER_OUT_OF_RANGE,
        format!("there is no unit `{unit}`"),
        span,
        "neither a duration nor a quantity",
    )
    .with_note("durations: `ms s m h d`; quantities: `m k M G T P Ki Mi Gi Ti Pi`");
    // `1GG` is rather `1G` than `1Gi`.
    let near = known.iter().copied().filter(|name| unit.starts_with(name)).max_by_key(|name| name.len());
    match near.or_else(|| suggest::nearest(unit, known.into_iter())) {
        Some(near) => diagnostic.with_help(format!("did you mean `{number}{near}`?")).with_fix(unsafe_fix(
            format!("write `{number}{near}`"),
            span,
            format!("{number}{near}"),
        )),
        None => diagnostic,
    }
}

pub(in crate::check) fn zero_character(span: Span) -> Diagnostic {
    Diagnostic::error(codes::NO_TEXT, "a string can't hold the character U+0000", span, "holds U+0000")
        .with_note("no environment variable can hold it")
}

pub(in crate::check) fn no_text(
    checker: &Checker<'_>,
    value: &hir::Expr,
    ty: &Type,
    place: &str,
    source: Source,
) -> Diagnostic {
    let shown = a(&checker.show(ty));
    let diagnostic = Diagnostic::error(
        codes::NO_TEXT,
        format!("{shown} has no text that could stand in {place}"),
        value.span,
        format!("this is {shown}"),
    );
    let help = match ty {
        Type::Optional(_) => {
            "it may be null: say what stands there then with `??`, such as `${x ?? \"none\"}`"
        }
        Type::Secret => "a secret never becomes text; hand it to the step with `env` or `secrets`",
        Type::File(_) | Type::Dir(_) | Type::Table { .. } => {
            "an artifact is no text; give it to a task as an input"
        }
        Type::List(_) => "join a list of strings with `join(xs, \", \")`, or write the items one by one",
        Type::Error
        | Type::Null
        | Type::Bool
        | Type::Int(_)
        | Type::Float(_)
        | Type::String(_)
        | Type::Duration
        | Type::Quantity
        | Type::Json
        | Type::Enum(_)
        | Type::Record(_)
        | Type::Anonymous(_)
        | Type::Map(_)
        | Type::Distinct(_)
        | Type::Parameter(_)
        | Type::Timestamp
        | Type::Date
        | Type::Decimal => "strings, numbers, bools, plain enums, durations and quantities have one",
    };
    with_source(diagnostic, source).with_help(help)
}

pub(in crate::check) fn words_and_strings(entries: &[ast::Entry], span: Span) -> Diagnostic {
    let of = |kind| entries.iter().find(|entry| entry.key_kind == kind).map(|entry| entry.key.span);
    let diagnostic = Diagnostic::error(
        codes::WRONG_KEY,
        "these braces hold words and strings as keys, so they are neither a record nor a map",
        span,
        "",
    );
    let diagnostic = match of(ast::KeyKind::Word) {
        Some(span) => diagnostic.with_label(span, "a word: a field of a record"),
        None => diagnostic,
    };
    let diagnostic = match of(ast::KeyKind::String) {
        Some(span) => diagnostic.with_label(span, "a string: a key of a map"),
        None => diagnostic,
    };
    diagnostic.with_help(
        "all words make a record, all strings a map; a binding with a type (`m: map<string> = …`) takes both",
    )
}

pub(in crate::check) fn field_given_twice(name: &ast::Name, first: Span) -> Diagnostic {
    Diagnostic::error(
        codes::FIELD_TWICE,
        format!("the field `{}` is given twice", name.value),
        name.span,
        "given again here",
    )
    .with_label(first, "given first here")
}

pub(in crate::check) fn key_given_twice(name: &ast::Name, first: Span) -> Diagnostic {
    Diagnostic::error(
        codes::FIELD_TWICE,
        format!("the key `{}` is given twice", name.value),
        name.span,
        "given again here",
    )
    .with_label(first, "given first here")
}

pub(in crate::check) fn string_key_of_a_record(entry: &ast::Entry, record: &str) -> Diagnostic {
    let name = &entry.key.value;
    Diagnostic::error(
        codes::WRONG_KEY,
        format!("the fields of `{record}` are written as words"),
        entry.key.span,
        "a string",
    )
    .with_help(format!("write `{name}` without quotes"))
    .with_fix(Fix::safe("write it as a word", entry.key.span, name.as_str()))
}

pub(in crate::check) fn unknown_field<'a>(
    name: &ast::Name,
    (word, record): (&str, &str),
    known: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let text = &name.value;
    let diagnostic = Diagnostic::error(
        codes::NO_SUCH_FIELD,
        format!("`{record}` has no {word} `{text}`"),
        name.span,
        format!("no such {word}"),
    );
    let fields = listed(known.clone());
    let diagnostic =
        if fields.is_empty() { diagnostic } else { diagnostic.with_note(format!("it has {fields}")) };
    with_suggestion(diagnostic, text, name.span, known)
}

pub(in crate::check) fn fields_missing(
    checker: &Checker<'_>,
    span: Span,
    (word, record): (&str, &str),
    missing: &[(String, Type, Option<Span>)],
) -> Diagnostic {
    let names = listed(missing.iter().map(|(name, _, _)| name.as_str()));
    let word = plural(missing.len(), word);
    let mut diagnostic = Diagnostic::error(
        codes::FIELD_MISSING,
        format!("the {word} {names} of `{record}` must be given"),
        span,
        "missing here",
    );
    for (name, ty, declared) in missing {
        if let Some(declared) = declared {
            diagnostic = diagnostic
                .with_label(*declared, format!("`{name}` is {}, and has no default", a(&checker.show(ty))));
        }
    }
    let names = missing.iter().map(|(name, _, _)| name.as_str());
    diagnostic.with_help(format!("add `{}`", to_be_given(names)))
}

pub(in crate::check) fn variant_needs_fields(
    enumeration: &hir::Enum,
    variant: &hir::Variant,
    span: Span,
) -> Diagnostic {
    let title = format!("{}.{}", enumeration.name, variant.name);
    let fields = to_be_given(variant.fields.iter().map(|field| field.name.as_str()));
    Diagnostic::error(
        codes::NO_SUCH_VARIANT,
        format!("`{title}` has fields, and they must be given"),
        span,
        "without its fields",
    )
    .with_label(variant.span, "declared with fields here")
    .with_help(format!("write `{title}({fields})`"))
}

pub(in crate::check) fn no_such_variant(enumeration: &hir::Enum, name: &ast::Name) -> Diagnostic {
    let text = &name.value;
    let known = enumeration.variants.iter().map(|variant| variant.name.as_str());
    let diagnostic = Diagnostic::error(
        codes::NO_SUCH_VARIANT,
        format!("the enum `{}` has no variant `{text}`", enumeration.name),
        name.span,
        "no such variant",
    )
    .with_label(enumeration.span, format!("its variants are {}", listed(known.clone())));
    with_suggestion(diagnostic, text, name.span, known)
}

pub(in crate::check) fn variant_has_no_fields(title: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::NO_SUCH_VARIANT,
        format!("`{title}` has no fields, so it is written without parentheses"),
        span,
        "nothing to give here",
    )
    .with_fix(Fix::safe("remove the parentheses", span, ""))
}

pub(in crate::check) fn too_many_fields(title: &str, count: usize, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::NO_SUCH_VARIANT,
        format!("`{title}` has only {count} {}", plural(count, "field")),
        span,
        "one too many",
    )
}

pub(in crate::check) fn list_for_one(checker: &Checker<'_>, expected: &Type, span: Span) -> Diagnostic {
    let shown = a(&checker.show(expected));
    Diagnostic::error(
        codes::TYPE_MISMATCH,
        format!("{shown} is due here, and this is a list"),
        span,
        "a list",
    )
}

pub(in crate::check) fn empty_list_needs_a_type(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::TYPE_UNKNOWN,
        "nothing says what this empty list is a list of",
        span,
        "a list of what?",
    )
    .with_help("bind it with a type: `xs: [int] = []`")
}

pub(in crate::check) fn null_needs_a_type(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::TYPE_UNKNOWN,
        "nothing says which type this `null` belongs to",
        span,
        "null of what?",
    )
    .with_help("bind it with a type: `x: int? = null`")
}

pub(in crate::check) fn do_not_meet(
    checker: &Checker<'_>,
    what: &str,
    first: &hir::Expr,
    second: &hir::Expr,
) -> Diagnostic {
    let (one, other) = (a(&checker.show(&type_of(first))), a(&checker.show(&type_of(second))));
    Diagnostic::error(
        codes::DO_NOT_MEET,
        format!("the {what} must be of one type, and these are {one} and {other}"),
        second.span,
        format!("this is {other}"),
    )
    .with_label(first.span, format!("this is {one}"))
    .with_note("one of the types has to take all the others: no type is invented that would")
}

pub(in crate::check) fn secret_as_value(place: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::SECRET_AS_VALUE,
        format!("a secret can't be in {place}"),
        span,
        "a secret",
    )
    .with_note("a secret is only a reference: it stands in `env`, in `secrets`, or is given to an input of type `secret`")
    .with_help("write `secret(…)` where it is used, or make it a `const`")
}
