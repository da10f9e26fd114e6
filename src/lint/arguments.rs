//! Arguments that a program may take for options.

use pipec_ir::value::Value;

use crate::diagnostics::{Applicability, Diagnostic, Edit, Fix, codes};
use crate::hir::{self, Expr, ExprKind as K, LocalKind, TaskProgram};
use crate::source::SourceMap;
use crate::types::Type;

pub(super) fn look(
    task: &hir::Task,
    program: &hir::Program,
    sources: &SourceMap,
    found: &mut Vec<Diagnostic>,
) {
    let Some(TaskProgram::Command { arguments, .. }) = &task.program else { return };
    for pair in arguments.windows(2) {
        let [before, argument] = pair else { continue };
        if literal(before) == Some("--") {
            // All that follows is no option.
            return;
        }
        let value = begins_with(argument);
        if !is_output(value, task) && may_be_negative_or_text(value, program) {
            found.push(like_an_option(before, argument, value, sources));
        }
    }
}

fn like_an_option(before: &Expr, argument: &Expr, value: &Expr, sources: &SourceMap) -> Diagnostic {
    let text = sources.text(value.span);
    let message = format!("`{text}` may begin with `-`, and be read as an option");
    let diagnostic = Diagnostic::warning(codes::LIKE_AN_OPTION, message, argument.span, "comes from outside");
    let option = literal(before).filter(|option| option.len() > 2 && option.starts_with("--"));
    match option.filter(|option| !option.contains('=')) {
        Some(option) => {
            let whole = if argument.span == value.span { format!("${{{text}}}") } else { return diagnostic };
            let replacement = format!("\"{option}={whole}\"");
            diagnostic.with_help(format!("write `{replacement}`")).with_fix(Fix {
                title: "make it one argument".to_owned(),
                edits: vec![Edit { span: before.span.to(argument.span), replacement }],
                applicability: Applicability::Unsafe,
            })
        }
        None => diagnostic
            .with_help("write \"--\" before it, if the program knows that as the end of its options"),
    }
}

fn literal(expr: &Expr) -> Option<&str> {
    if let K::Literal(Value::String(text)) = &expr.kind { Some(text) } else { None }
}

/// The part that an argument begins with.
fn begins_with(argument: &Expr) -> &Expr {
    if let K::Interpolate(parts) = &argument.kind {
        parts.first().map_or(argument, begins_with)
    } else if let K::Widen(of) | K::Narrow(of) = &argument.kind {
        begins_with(of)
    } else {
        argument
    }
}

/// Whether it is the place of an output: an absolute path, whatever the output's type is.
fn is_output(value: &Expr, task: &hir::Task) -> bool {
    let K::Local(local) = value.kind else { return false };
    task.locals.get(local.index()).is_some_and(|local| local.kind == LocalKind::Output)
}

fn may_be_negative_or_text(value: &Expr, program: &hir::Program) -> bool {
    let is_known = matches!(value.kind, K::Literal(_) | K::Constant(_) | K::Interpolate(_));
    !is_known && value.ty.as_ref().is_some_and(|ty| may_begin_with_dash(ty, program))
}

fn may_begin_with_dash(ty: &Type, program: &hir::Program) -> bool {
    match ty {
        Type::String(pattern) => pattern.is_none(),
        Type::Int(interval) => interval.min.is_none_or(|min| min < 0),
        Type::Float(interval) => interval.min.is_none_or(|min| min < 0.0),
        Type::Duration => true,
        Type::Distinct(id) => may_begin_with_dash(&program.distincts[id.index()].of, program),
        Type::Optional(of) => may_begin_with_dash(of, program),
        Type::Error
        | Type::Null
        | Type::Bool
        | Type::Quantity
        | Type::Json
        | Type::Secret
        | Type::Enum(_)
        | Type::Record(_)
        | Type::Anonymous(_)
        | Type::List(_)
        | Type::Map(_)
        | Type::File(_)
        | Type::Dir(_)
        | Type::Table { .. }
        | Type::Parameter(_)
        | Type::Timestamp
        | Type::Date
        | Type::Decimal => false,
    }
}
