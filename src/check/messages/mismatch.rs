//! A value of a type that doesn't stand for the one that is due: what both are, where they differ, and what to do.

use super::{a, advice, with_declaration};
use crate::check::context::Checker;
use crate::check::convert::Expectation;
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::Expr;
use crate::types::{Conversion, Kind, Mismatch, Reason, Step, Type, assign, kind};

/// A value of a type that doesn't stand for the one that is due.
pub(crate) fn mismatch(
    checker: &Checker,
    value: &Expr,
    from: &Type,
    to: &Type,
    why: &Expectation,
    mismatch: &Mismatch,
) -> Diagnostic {
    let (shown_from, shown_to) = (checker.show(from), checker.show(to));
    let is_null = matches!(from, Type::Null);
    let message = if is_null {
        format!("{} needs {}, and can't be `null`", why.what, checker.show_with_name(to, value.span))
    } else if shown_from == shown_to {
        format!("{} needs another `{shown_to}` than this", why.what)
    } else {
        format!(
            "{} needs {}, and this is {}",
            why.what,
            checker.show_with_name(to, value.span),
            a(&shown_from)
        )
    };
    let label = if is_null { "`null`".to_owned() } else { format!("this is {}", a(&shown_from)) };
    let diagnostic = Diagnostic::error(codes::TYPE_MISMATCH, message, value.span, label);
    let diagnostic = with_declaration(diagnostic, why);
    let diagnostic = with_place(checker, diagnostic, mismatch);
    let advice = advice::of_literal(checker, value, mismatch)
        .or_else(|| advice::of_record(checker, value, mismatch))
        .or_else(|| advice::of_part(checker, value, mismatch));
    match advice {
        Some(advice) => advice.add_to(diagnostic),
        None => explain(checker, diagnostic, mismatch),
    }
}

/// Where inside of the types the difference is.
fn with_place(checker: &Checker, diagnostic: Diagnostic, mismatch: &Mismatch) -> Diagnostic {
    let steps: Vec<String> = mismatch.path.iter().filter_map(step_text).collect();
    if steps.is_empty() {
        return diagnostic;
    }
    let (from, to) = (checker.show(&mismatch.from), checker.show(&mismatch.to));
    diagnostic.with_note(format!("the difference is in {}: `{from}` here, `{to}` there", steps.join(", in ")))
}

fn step_text(step: &Step) -> Option<String> {
    match step {
        Step::Item => Some("the items".to_owned()),
        Step::MapValue => Some("the values of the map".to_owned()),
        Step::Optional => None,
        Step::Field(name) => Some(format!("the field `{name}`")),
        Step::Column(name) => Some(format!("the column `{name}`")),
    }
}

/// Why the types don't go together, and what to do.
fn explain(checker: &Checker, diagnostic: Diagnostic, mismatch: &Mismatch) -> Diagnostic {
    let (from, to) = (&mismatch.from, &mismatch.to);
    match &mismatch.reason {
        Reason::Different => {
            let is_inside = mismatch.path.iter().any(|step| !matches!(step, Step::Optional));
            different(checker, diagnostic, from, to, is_inside)
        }
        Reason::MayBeNull if matches!(from, Type::Null) => {
            diagnostic.with_help("give a value, or let the place take `null` by a `?` behind its type")
        }
        Reason::MayBeNull => {
            let shown = checker.show(from);
            diagnostic.with_note(format!("{} may be `null`", a(&shown))).with_help(
                "give a value for that case with `?? default`, or use it inside of `if x != null { … }`",
            )
        }
        Reason::Missing(name) if matches!(to, Type::Table { .. }) => {
            diagnostic.with_note(format!("the table has no column `{name}`"))
        }
        Reason::Missing(name) => diagnostic.with_note(format!("the record has no field `{name}`")),
        Reason::OutsideName { field, from, to } => diagnostic.with_note(format!(
            "both have `{field}`, but here the world calls it \"{from}\", and there \"{to}\""
        )),
        Reason::Format => {
            diagnostic.with_help("a task that reads the one and writes the other converts between formats")
        }
        Reason::FormatUnknown => diagnostic
            .with_note("nothing says that this file is of that format")
            .with_help("declare the format where the file comes from"),
        Reason::Distinct => {
            let shown = checker.show(to);
            if matches!(kind(to, &checker.program), Kind::Value) {
                diagnostic.with_help(format!("`{shown}(…)` makes one, if that is what is meant"))
            } else {
                diagnostic.with_note(format!(
                    "{} comes from a task that declares it as its output, or from `file(…)`",
                    a(&shown)
                ))
            }
        }
        Reason::Kind => {
            let diagnostic =
                diagnostic.with_note("values travel as texts, artifacts as files: neither becomes the other");
            match (is_artifact(from, checker), is_artifact(to, checker)) {
                (true, false) => {
                    diagnostic.with_help("let a task read it, and give what is in it as its output")
                }
                (false, true) => {
                    diagnostic.with_help("let a task write it to a file, and give that as its output")
                }
                (true, true) | (false, false) => diagnostic,
            }
        }
    }
}

/// `is_inside` says that the types are those of items of something.
fn different(
    checker: &Checker,
    diagnostic: Diagnostic,
    from: &Type,
    to: &Type,
    is_inside: bool,
) -> Diagnostic {
    if let Type::List(item) = to
        && always(from, item, checker)
    {
        return diagnostic.with_help("for a list of one item write `[…]` around it");
    }
    if let Type::List(item) = from
        && always(item, to, checker)
    {
        return diagnostic
            .with_help("this is a list: do it for each item in a `for`, or take one with `xs[0]`");
    }
    if matches!(to, Type::Bool)
        && let Some(question) = question_about(from)
    {
        return diagnostic.with_help(format!("a condition asks something: {question}"));
    }
    let text_is_due = matches!(to, Type::String(_));
    let has_text = matches!(
        from,
        Type::Int(_) | Type::Float(_) | Type::Bool | Type::Duration | Type::Quantity | Type::Enum(_)
    );
    if text_is_due && has_text {
        return diagnostic.with_help(if is_inside {
            "make each of them a string: `for x in xs { \"${x}\" }`"
        } else {
            "write it into a string: `\"${…}\"`"
        });
    }
    if matches!(from, Type::String(_)) && matches!(to, Type::Int(_) | Type::Float(_)) {
        return diagnostic.with_help(format!(
            "a string is no number, also if it reads like one: whatever gives it can declare {} instead",
            a(&checker.show(to))
        ));
    }
    if matches!(from, Type::String(_))
        && let Type::Enum(id) = to
        && let Some(variant) = checker.program.enums[id.index()].variants.first()
    {
        let name = checker.show(to);
        return diagnostic
            .with_note("an enum is not a string")
            .with_help(format!("name a variant: `{name}.{}`, for example", variant.name));
    }
    if matches!(from, Type::Json) {
        return diagnostic.with_note("nothing but `json` takes a `json` back");
    }
    if matches!(from, Type::Int(_)) && matches!(to, Type::Duration) {
        return diagnostic.with_help("a duration has a unit: `10s`, `5m`, `2h`");
    }
    if matches!(from, Type::Float(_)) && matches!(to, Type::Int(_)) {
        return diagnostic.with_help("`round(…)` makes an int of a float");
    }
    diagnostic
}

/// What others ask by the value alone.
fn question_about(ty: &Type) -> Option<&'static str> {
    let asks = |is_it: bool, question| is_it.then_some(question);
    asks(matches!(ty, Type::Optional(_)), "whether it is there says `x != null`")
        .or(asks(matches!(ty, Type::Int(_) | Type::Float(_)), "`x != 0`, for example"))
        .or(asks(matches!(ty, Type::String(_)), "`x != \"\"`, for example"))
        .or(asks(matches!(ty, Type::List(_) | Type::Map(_)), "`len(x) > 0`, for example"))
        .or(asks(matches!(ty, Type::Enum(_)), "`x == Name.variant`, for example"))
}

fn is_artifact(ty: &Type, checker: &Checker) -> bool {
    matches!(kind(ty, &checker.program), Kind::Artifact)
}

fn always(from: &Type, to: &Type, checker: &Checker) -> bool {
    match assign(from, to, &checker.program) {
        Conversion::Identity | Conversion::Widen => true,
        Conversion::Refine | Conversion::Impossible(_) => false,
    }
}
