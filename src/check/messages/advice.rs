//! What to write instead of a string literal, or of a whole record, that stands where something else is due.

use pipec_ir::duration::parse_duration;
use pipec_ir::quantity::parse_quantity;
use pipec_ir::value::Value;

use crate::check::context::Checker;
use crate::check::messages::a;
use crate::diagnostics::{Applicability, Diagnostic, Edit, Fix};
use crate::hir::{EnumId, Expr, ExprKind};
use crate::source::Span;
use crate::types::{Conversion, Mismatch, Step, Type, assign};

/// A help, and a fix where it is certain what to write.
pub(super) struct Advice {
    help: String,
    fix: Option<Fix>,
}

impl Advice {
    fn new(help: impl Into<String>) -> Advice {
        Advice { help: help.into(), fix: None }
    }

    /// The literal couldn't have meant anything else.
    fn write(text: String, span: Span, help: impl Into<String>) -> Advice {
        Advice { help: help.into(), fix: Some(Fix::safe(format!("write `{text}`"), span, text)) }
    }

    pub(super) fn add_to(self, diagnostic: Diagnostic) -> Diagnostic {
        let diagnostic = diagnostic.with_help(self.help);
        match self.fix {
            Some(fix) => diagnostic.with_fix(fix),
            None => diagnostic,
        }
    }
}

/// A record, of a step's outputs most likely, where one of its fields would fit.
pub(super) fn of_record(checker: &Checker, value: &Expr, mismatch: &Mismatch) -> Option<Advice> {
    if !mismatch.path.iter().all(|step| matches!(step, Step::Item)) {
        return None;
    }
    if matches!(value.kind, ExprKind::Record(_)) {
        return Some(Advice::new("braces make a record; arguments stand without them: `f(name: value)`"));
    }
    let fits = |ty: &Type| {
        matches!(assign(ty, &mismatch.to, &checker.program), Conversion::Identity | Conversion::Widen)
    };
    let fields: Vec<(&str, &Type)> = if let Type::Anonymous(fields) = &mismatch.from {
        fields.iter().map(|field| (field.name.as_str(), &field.ty)).collect()
    } else if let Type::Record(id) = &mismatch.from {
        let fields = &checker.program.records[id.index()].fields;
        fields.iter().map(|field| (field.name.as_str(), &field.ty)).collect()
    } else {
        return None;
    };
    let fitting: Vec<&str> = fields.into_iter().filter(|(_, ty)| fits(ty)).map(|(name, _)| name).collect();
    let shown = a(&checker.show(&mismatch.to));
    match fitting.as_slice() {
        [] => None,
        [only] => {
            let whose = if mismatch.path.is_empty() { "its field" } else { "the field of each" };
            let help = format!("take {whose} that is {shown}: `.{only}`");
            let is_short = matches!(value.kind, ExprKind::Local(_) | ExprKind::Field { .. });
            let behind = Span { start: value.span.end, ..value.span };
            let fix = Fix::safe(format!("write `.{only}` behind it"), behind, format!(".{only}"));
            Some(Advice {
                help,
                fix: is_short.then_some(Fix { applicability: Applicability::Unsafe, ..fix }),
            })
        }
        several => {
            let names: Vec<String> = several.iter().map(|name| format!("`.{name}`")).collect();
            Some(Advice::new(format!("take one of its fields that are {shown}: {}", names.join(", "))))
        }
    }
}

/// A plain value where a record is due: the braces around it, if one field takes it.
pub(super) fn of_part(checker: &Checker, value: &Expr, mismatch: &Mismatch) -> Option<Advice> {
    let Type::Record(id) = &mismatch.to else { return None };
    let is_record = matches!(mismatch.from, Type::Record(_) | Type::Anonymous(_) | Type::Map(_));
    if is_record || !mismatch.path.is_empty() {
        return None;
    }
    let record = &checker.program.records[id.index()];
    let takes = |ty: &Type| {
        let plain = ty.without_optional();
        matches!(assign(&mismatch.from, plain, &checker.program), Conversion::Identity | Conversion::Widen)
    };
    let first = record.fields.iter().find(|field| takes(&field.ty))?;
    let insert = |at, text: &str| Edit {
        span: Span { start: at, end: at, ..value.span },
        replacement: text.to_owned(),
    };
    let edits = vec![insert(value.span.start, &format!("{{ {}: ", first.name)), insert(value.span.end, " }")];
    let title = format!("write `{{ {}: … }}`", first.name);
    let help = format!("{} is a record: `{{ {}: … }}`", a(&record.name), first.name);
    Some(Advice { help, fix: Some(Fix { title, edits, applicability: Applicability::Unsafe }) })
}

pub(super) fn of_literal(checker: &Checker, value: &Expr, mismatch: &Mismatch) -> Option<Advice> {
    let ExprKind::Literal(Value::String(text)) = &value.kind else { return None };
    if !mismatch.path.is_empty() {
        return None;
    }
    let span = value.span;
    match mismatch.to.without_optional() {
        Type::Int(interval) => {
            let is_one = text.parse::<i64>().is_ok_and(|number| interval.contains(number));
            Some(number(text, span, is_one, "42"))
        }
        Type::Float(interval) => {
            let is_one =
                text.parse::<f64>().is_ok_and(|number| number.is_finite() && interval.contains(number));
            Some(number(text, span, is_one, "2.5"))
        }
        Type::Bool => Some(match text.as_str() {
            "true" | "false" => Advice::write(text.clone(), span, format!("without quotes: `{text}`")),
            _ => Advice::new("a bool is `true` or `false`, without quotes"),
        }),
        Type::Duration => Some(match parse_duration(text) {
            Some(_) => Advice::write(text.clone(), span, format!("without quotes: `{text}`")),
            None => Advice::new("a duration is a number with a unit, without quotes: `10s`, `5m`, `2h`"),
        }),
        Type::Quantity => Some(match parse_quantity(text) {
            Some(_) => Advice::write(text.clone(), span, format!("without quotes: `{text}`")),
            None => Advice::new("a quantity is a number with a unit, without quotes: `500m`, `8Gi`"),
        }),
        Type::Enum(id) => variant(checker, *id, &checker.show(&mismatch.to), text, span),
        Type::File(_) | Type::Table { .. } => Some(artifact("file", span)),
        Type::Dir(_) => Some(artifact("dir", span)),
        Type::Null
        | Type::String(_)
        | Type::Json
        | Type::Secret
        | Type::Timestamp
        | Type::Date
        | Type::Decimal
        | Type::List(_)
        | Type::Map(_)
        | Type::Record(_)
        | Type::Anonymous(_)
        | Type::Distinct(_)
        | Type::Parameter(_)
        | Type::Optional(_)
        | Type::Error => None,
    }
}

fn starts_with_digit(text: &str) -> bool {
    text.trim_start_matches('-').starts_with(|first: char| first.is_ascii_digit())
}

fn number(text: &str, span: Span, is_one: bool, example: &str) -> Advice {
    if is_one && starts_with_digit(text) {
        return Advice::write(text.to_owned(), span, format!("without quotes: `{text}`"));
    }
    Advice::new(format!("what stands in quotes is text; a number is written without: `{example}`"))
}

fn variant(checker: &Checker, id: EnumId, shown: &str, text: &str, span: Span) -> Option<Advice> {
    let variants = &checker.program.enums[id.index()].variants;
    let meant = variants.iter().find(|variant| variant.name == text)?;
    let name = format!("{}.{}", shown.trim_end_matches('?'), meant.name);
    let help = format!("an enum is not a string: write `{name}`");
    if !meant.fields.is_empty() {
        return Some(Advice::new(help));
    }
    Some(Advice::write(name, span, help))
}

/// `file("…")`: whether a path is meant, nobody knows.
fn artifact(function: &str, span: Span) -> Advice {
    Advice {
        help: format!("a path or a URI becomes an artifact by `{function}(\"…\")`"),
        fix: Some(Fix::call_around(function, span)),
    }
}
