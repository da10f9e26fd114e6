//! Arguments that could be swapped without anybody's notice.

use crate::diagnostics::{Applicability, Diagnostic, Edit, Fix, codes};
use crate::hir::{self, Call, Callee, Expr, ExprKind as K, Parameter};
use crate::source::{SourceMap, Span};
use crate::types::Type;

pub(super) fn look(program: &hir::Program, expr: &Expr, sources: &SourceMap, found: &mut Vec<Diagnostic>) {
    let K::Call(call) = &expr.kind else { return };
    let (name, parameters) = match call.callee {
        Callee::Task(id) => {
            let task = &program.tasks[id.index()];
            (&task.name, &task.parameters)
        }
        Callee::Pipeline(id) => {
            let pipeline = &program.pipelines[id.index()];
            (&pipeline.name, &pipeline.parameters)
        }
    };
    let positional = positional(call, sources);
    for (index, pair) in positional.windows(2).enumerate() {
        let [first, second] = pair else { continue };
        let both = (parameter(parameters, first), parameter(parameters, second));
        let (Some(left), Some(right)) = both else { continue };
        if is_plain(&left.ty) && left.ty == right.ty {
            let span = first.value.span.to(second.value.span);
            let diagnostic = swappable(name, left, right, span);
            found.push(match name_them(parameters, &positional[index..], sources) {
                Some(fix) => diagnostic.with_fix(fix),
                None => diagnostic,
            });
            return;
        }
    }
}

fn swappable(callee: &str, left: &Parameter, right: &Parameter, span: Span) -> Diagnostic {
    let (a, b) = (&left.name, &right.name);
    Diagnostic::warning(
        codes::SWAPPABLE,
        format!("`{a}` and `{b}` of `{callee}` have one type: swapped, nobody would notice"),
        span,
        "two of a kind, without names",
    )
    .with_label(left.span.to(right.span), "declared here")
    .with_help(format!("name them: `{a}: …, {b}: …`"))
}

/// Names for the arguments from one on: none without a name may follow one with. Not where one stands in parentheses.
fn name_them(parameters: &[Parameter], arguments: &[&hir::Argument], sources: &SourceMap) -> Option<Fix> {
    let mut edits = Vec::with_capacity(arguments.len());
    for argument in arguments {
        let name = &parameter(parameters, argument)?.name;
        let span = argument.value.span;
        let before = sources.file(span.file).text()[..span.start as usize].trim_end();
        let outer = before.strip_suffix(',').or_else(|| before.strip_suffix('('))?;
        if before.ends_with('(') && outer.trim_end().ends_with(['(', ',']) {
            return None;
        }
        edits.push(Edit { span: Span { end: span.start, ..span }, replacement: format!("{name}: ") });
    }
    Some(Fix { title: "name them".to_owned(), edits, applicability: Applicability::Safe })
}

fn parameter<'a>(parameters: &'a [Parameter], argument: &hir::Argument) -> Option<&'a Parameter> {
    parameters.get(argument.parameter as usize)
}

/// The arguments that stand behind `(` or `,` themselves.
fn positional<'a>(call: &'a Call, sources: &SourceMap) -> Vec<&'a hir::Argument> {
    let is_positional = |argument: &&hir::Argument| {
        let span = argument.value.span;
        let before = sources.file(span.file).text()[..span.start as usize].trim_end();
        let before =
            if before.ends_with('(') { before.trim_end_matches(['(', ' ', '\n', '\t']) } else { before };
        !before.ends_with(':')
    };
    call.arguments.iter().take_while(is_positional).collect()
}

/// A type whose values say nothing of what they are.
fn is_plain(ty: &Type) -> bool {
    match ty {
        Type::Bool
        | Type::String(None)
        | Type::Duration
        | Type::Quantity
        | Type::File(None)
        | Type::Dir(None) => true,
        Type::Int(interval) => interval.min.is_none() && interval.max.is_none(),
        Type::Float(interval) => interval.min.is_none() && interval.max.is_none(),
        Type::Error
        | Type::Null
        | Type::String(Some(_))
        | Type::Json
        | Type::Secret
        | Type::Enum(_)
        | Type::Record(_)
        | Type::Anonymous(_)
        | Type::List(_)
        | Type::Map(_)
        | Type::Optional(_)
        | Type::File(Some(_))
        | Type::Dir(Some(_))
        | Type::Table { .. }
        | Type::Distinct(_)
        | Type::Parameter(_)
        | Type::Timestamp
        | Type::Date
        | Type::Decimal => false,
    }
}
