//! What can be wrong with operators.

use pipec_ir::value::Value;

use super::super::sources::{Source, inside_string, written};
use super::super::type_of;
use super::with_source;
use crate::check::context::Checker;
use crate::check::messages::a;
use crate::diagnostics::{Code, Diagnostic, Fix, codes};
use crate::hir;

use crate::source::Span;
use crate::syntax::ast;
use crate::types::Type;

pub(in crate::check) fn cannot_negate(
    checker: &Checker<'_>,
    value: &hir::Expr,
    source: Source,
) -> Diagnostic {
    let shown = a(&checker.show(&type_of(value)));
    let diagnostic = Diagnostic::error(
        wrong_operand_code(&type_of(value)),
        format!("`-` needs a number or a duration, and this is {shown}"),
        value.span,
        format!("this is {shown}"),
    );
    with_source(diagnostic, source)
}

fn wrong_operand_code(ty: &Type) -> Code {
    if matches!(ty, Type::Optional(_)) { codes::MAY_BE_NULL } else { codes::WRONG_OPERANDS }
}

pub(in crate::check) fn no_equality(
    checker: &Checker<'_>,
    culprit: &hir::Expr,
    word: &str,
    source: Source,
) -> Diagnostic {
    let shown = a(&checker.show(&type_of(culprit)));
    let diagnostic = Diagnostic::error(
        codes::WRONG_OPERANDS,
        format!("{shown} can't be compared with `{word}`"),
        culprit.span,
        format!("this is {shown}"),
    );
    with_source(diagnostic, source)
        .with_note("values can be compared; artifacts, records with artifacts and secrets can't")
}

pub(in crate::check) fn divided_by_zero(operator: &str, divisor: Span) -> Diagnostic {
    Diagnostic::error(
        codes::CONSTANT_FAULT,
        format!("nothing is divided by 0, so every run would fail at this `{operator}`"),
        divisor,
        "always 0",
    )
    .with_help("divide by something else, or take a value in its place: `if n != 0 { … } else { … }`")
}

pub(in crate::check) fn wrong_operands(
    checker: &Checker<'_>,
    word: &str,
    first: &hir::Expr,
    second: &hir::Expr,
    span: Span,
    sources: (Source, Source),
) -> Diagnostic {
    let (left, right) = (type_of(first), type_of(second));
    let (shown_a, shown_b) = (a(&checker.show(&left)), a(&checker.show(&right)));
    let mut diagnostic = Diagnostic::error(
        codes::WRONG_OPERANDS,
        format!("`{word}` doesn't go between {shown_a} and {shown_b}"),
        span,
        "",
    )
    .with_label(first.span, format!("this is {shown_a}"))
    .with_label(second.span, format!("this is {shown_b}"));
    for (operand, source) in [(first, sources.0), (second, sources.1)] {
        if let Some((at, text)) = source
            && at != operand.span
        {
            diagnostic = diagnostic.with_label(at, text);
        }
    }
    let distinct = [&left, &right].into_iter().find(|ty| matches!(ty.without_optional(), Type::Distinct(_)));
    if let (Some(ty), "==" | "!=") = (distinct, word) {
        let name = checker.show(ty.without_optional());
        return diagnostic.with_help(format!("{} equals only another `{name}`: write `{name}(…)`", a(&name)));
    }
    let variant = [(&left, second), (&right, first)].into_iter().find_map(|(ty, other)| {
        let (Type::Enum(id), hir::ExprKind::Literal(Value::String(text))) =
            (ty.without_optional(), &other.kind)
        else {
            return None;
        };
        let enumeration = &checker.program.enums[id.index()];
        let known = enumeration.variants.iter().any(|variant| variant.name == *text);
        known.then(|| (format!("{}.{text}", enumeration.name), other.span))
    });
    if let Some((right, at)) = variant {
        return diagnostic.with_fix(Fix::safe(format!("write `{right}`"), at, right));
    }
    if is_text_beside_a_number(&left, &right) && !matches!(word, "+" | "-" | "*" | "/" | "div" | "mod") {
        return diagnostic.with_help(
            "text is compared with text, also if it reads like a number: let what gives it declare a number, or write \
             the other side in quotes",
        );
    }
    diagnostic.with_help(match word {
        "+" => "numbers are added to numbers, and durations to durations",
        "-" => "numbers are taken from numbers, and durations from durations",
        "*" => "numbers are multiplied by numbers, and a duration by an int",
        "/" => "`/` divides numbers",
        "div" | "mod" => "`div` and `mod` are for ints; `/` divides floats",
        "==" | "!=" => "like is compared with like: both sides must be of one type",
        _ => "numbers, strings and durations have an order, each among themselves",
    })
}

fn is_text_beside_a_number(left: &Type, right: &Type) -> bool {
    let is_text = |ty: &Type| matches!(ty, Type::String(_));
    let is_number = |ty: &Type| matches!(ty, Type::Int(_) | Type::Float(_));
    is_text(left) && is_number(right) || is_number(left) && is_text(right)
}

pub(in crate::check) fn operand_may_be_null(
    checker: &Checker<'_>,
    word: &str,
    value: &hir::Expr,
    source: Source,
) -> Diagnostic {
    let shown = a(&checker.show(&type_of(value)));
    let diagnostic = Diagnostic::error(
        codes::MAY_BE_NULL,
        format!("`{word}` needs a value, and this may be null"),
        value.span,
        format!("this is {shown}"),
    );
    with_source(diagnostic, source)
        .with_help("say what is taken instead with `??`, or look first with `if … != null { … }`")
}

pub(in crate::check) fn null_comparison_is_constant(other: &hir::Expr, word: &str, span: Span) -> Diagnostic {
    let answer = if word == "==" { "false" } else { "true" };
    Diagnostic::warning(
        codes::CONSTANT_CONDITION,
        format!("this is never null, so the comparison is always {answer}"),
        span,
        format!("always {answer}"),
    )
    .with_label(other.span, "never null")
}

pub(in crate::check) fn duration_comes_first(left: &ast::Expr, right: &ast::Expr, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        codes::WRONG_OPERANDS,
        "a duration is multiplied by an int, not an int by a duration",
        span,
        "the other way round",
    );
    match (written(left), written(right)) {
        (Some(left), Some(right)) => {
            let text = format!("{right} * {left}");
            diagnostic.with_help(format!("write `{text}`")).with_fix(Fix::safe(
                format!("write `{text}`"),
                span,
                text,
            ))
        }
        (Some(_) | None, _) => diagnostic.with_help("write the duration first"),
    }
}

pub(in crate::check) fn texts_are_not_added(
    checker: &Checker<'_>,
    left: (&ast::Expr, &hir::Expr),
    right: (&ast::Expr, &hir::Expr),
    span: Span,
) -> Diagnostic {
    let (first, second) = (a(&checker.show(&type_of(left.1))), a(&checker.show(&type_of(right.1))));
    let diagnostic = Diagnostic::error(
        codes::WRONG_OPERANDS,
        "`+` doesn't put texts together",
        span,
        format!("{first} and {second}"),
    );
    if runs_steps(left.1) || runs_steps(right.1) {
        return diagnostic.with_help(
            "bind what is called, `text = f(x)`, and write one string with its name: `\"…${text}\"`",
        );
    }
    match (inside_string(left.0), inside_string(right.0)) {
        (Some(left), Some(right)) => {
            let text = format!("\"{left}{right}\"");
            diagnostic.with_help(format!("write `{text}`")).with_fix(Fix::safe(
                format!("write `{text}`"),
                span,
                text,
            ))
        }
        (Some(_) | None, _) => diagnostic.with_help("write it as one string: `\"${a}${b}\"`"),
    }
}

/// Whether it can't stand in a string, since it isn't just computed.
fn runs_steps(expr: &hir::Expr) -> bool {
    let mut found = false;
    hir::for_each_expr(expr, &mut |part| {
        found |= matches!(
            part.kind,
            hir::ExprKind::Call(_)
                | hir::ExprKind::Try { .. }
                | hir::ExprKind::For(_)
                | hir::ExprKind::Repeat(_)
                | hir::ExprKind::Approve { .. }
                | hir::ExprKind::Sleep { .. }
        );
    });
    found
}
