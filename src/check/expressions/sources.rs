//! Where a value comes from, for messages that show both ends of a wiring; and how a simple expression was written, for
//! fixes.

use pipec_ir::Function;

use super::type_of;
use crate::check::body::callee_behind;
use crate::check::context::{Checker, Scope};
use crate::check::messages::a;
use crate::hir::{self, Callee, ExprKind, LocalKind, Results};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::Type;

/// A place, and what to say there.
pub(in crate::check) type Source = Option<(Span, String)>;

impl Checker<'_> {
    /// Where a value's type was decided, if that isn't where the value stands.
    pub(in crate::check) fn source_of(&self, scope: &Scope, value: &hir::Expr) -> Source {
        let ty = || self.show(&type_of(value));
        match &value.kind {
            ExprKind::Widen(of) | ExprKind::Narrow(of) => self.source_of(scope, of),
            ExprKind::Constant(id) => {
                let constant = &self.program.constants[id.index()];
                Some((constant.span, format!("the constant `{}` is {}", constant.name, a(&ty()))))
            }
            ExprKind::Local(id) => {
                let local = scope.local(*id);
                if let Some(Results::Single { ty: declared, span }) = self.results_behind(scope, value)
                    && local.ty.as_ref() == Some(declared)
                {
                    return Some((*span, format!("`{}` comes from here: {}", local.name, a(&ty()))));
                }
                if local.ty.is_none() {
                    return Some((local.span, format!("`{}` has no value", local.name)));
                }
                let text = match local.kind {
                    LocalKind::Parameter | LocalKind::Output => {
                        format!("`{}` is declared as `{}`", local.name, ty())
                    }
                    LocalKind::Binding
                    | LocalKind::LoopItem
                    | LocalKind::LoopIndex
                    | LocalKind::State
                    | LocalKind::MatchField => {
                        let why = scope.body.forms.get(id).map_or_else(String::new, |why| format!(": {why}"));
                        format!("`{}` is {}{why}", local.name, a(&ty()))
                    }
                };
                Some((local.span, text))
            }
            ExprKind::Field { of, field }
            | ExprKind::OptionalField { of, field }
            | ExprKind::Project { of, field } => {
                let (span, declared) = self.declaration_of_field(scope, of, field)?;
                let here =
                    if self.is_left_open(declared) { format!(", here `{}`", ty()) } else { String::new() };
                Some((span, format!("`{field}` is declared as `{}`{here}", self.show(declared))))
            }
            ExprKind::Call(call) => match self.results_of(call.callee) {
                Results::Single { span, .. } => Some((*span, format!("the call gives {}", a(&ty())))),
                Results::None | Results::Named(_) => None,
            },
            ExprKind::Error
            | ExprKind::Literal(_)
            | ExprKind::Artifact(_)
            | ExprKind::Secret { .. }
            | ExprKind::Run(_)
            | ExprKind::List(_)
            | ExprKind::Record(_)
            | ExprKind::Map(_)
            | ExprKind::Variant { .. }
            | ExprKind::Index { .. }
            | ExprKind::Unary { .. }
            | ExprKind::Binary { .. }
            | ExprKind::Interpolate(_)
            | ExprKind::Function { .. }
            | ExprKind::Refine(_)
            | ExprKind::If(_)
            | ExprKind::Match(_)
            | ExprKind::For(_)
            | ExprKind::Repeat(_)
            | ExprKind::Try { .. }
            | ExprKind::Approve { .. }
            | ExprKind::Sleep { .. } => None,
        }
    }

    fn results_behind(&self, scope: &Scope, value: &hir::Expr) -> Option<&Results> {
        let callee: Callee = callee_behind(value, scope)?;
        Some(self.results_of(callee))
    }

    /// Where a field of a value is declared, and as what.
    pub(in crate::check) fn declaration_of_field(
        &self,
        scope: &Scope,
        of: &hir::Expr,
        field: &str,
    ) -> Option<(Span, &Type)> {
        let base = type_of(of).base(&self.program);
        let base = base.without_optional();
        let item = if let Type::List(item) = base { item.without_optional() } else { base };
        let item = item.base(&self.program);
        if let Type::Record(id) = item {
            let fields = &self.program.records[id.index()].fields;
            let found = fields.iter().find(|candidate| candidate.name == field)?;
            return Some((found.ty_span, &found.ty));
        }
        let Results::Named(results) = self.results_behind(scope, of)? else { return None };
        let found = results.iter().find(|candidate| candidate.name == field)?;
        Some((found.ty_span, &found.ty))
    }
}

/// An expression as it was written, on one line; `None` for one that has blocks or braces.
pub(in crate::check) fn written(expr: &ast::Expr) -> Option<String> {
    match &expr.kind {
        ast::ExprKind::Name(name) => Some(name.clone()),
        ast::ExprKind::Int(digits) | ast::ExprKind::Float(digits) => Some(digits.clone()),
        ast::ExprKind::Bool(value) => Some(value.to_string()),
        ast::ExprKind::Null => Some("null".to_owned()),
        ast::ExprKind::Duration { number, unit } | ast::ExprKind::Quantity { number, unit } => {
            Some(format!("{number}{unit}"))
        }
        ast::ExprKind::String(_) => Some(format!("\"{}\"", inside_string(expr)?)),
        ast::ExprKind::List(items) => {
            let items: Vec<String> = items.iter().map(written).collect::<Option<_>>()?;
            Some(format!("[{}]", items.join(", ")))
        }
        ast::ExprKind::Field { of, name } => Some(format!("{}.{}", written(of)?, name.value)),
        ast::ExprKind::OptionalField { of, name } => Some(format!("{}?.{}", written(of)?, name.value)),
        ast::ExprKind::Index { of, index } => Some(format!("{}[{}]", written(of)?, written(index)?)),
        ast::ExprKind::Parentheses(inner) => Some(format!("({})", written(inner)?)),
        ast::ExprKind::Call(call) => {
            let mut arguments = Vec::with_capacity(call.arguments.len());
            for argument in &call.arguments {
                let value = written(&argument.value)?;
                arguments.push(match &argument.name {
                    Some(name) => format!("{}: {value}", name.value),
                    None => value,
                });
            }
            Some(format!("{}({})", written(&call.callee)?, arguments.join(", ")))
        }
        ast::ExprKind::Unary { op, operand } => Some(match op.value {
            ast::UnaryOp::Not => format!("not {}", written(operand)?),
            ast::UnaryOp::Negate => format!("-{}", written(operand)?),
        }),
        ast::ExprKind::Binary { op, left, right } => {
            Some(format!("{} {} {}", written(left)?, super::operators::symbol(op.value), written(right)?))
        }
        ast::ExprKind::Try(of) => Some(format!("try {}", written(of)?)),
        ast::ExprKind::Raw(_)
        | ast::ExprKind::Braces(_)
        | ast::ExprKind::If(_)
        | ast::ExprKind::Match(_)
        | ast::ExprKind::For(_)
        | ast::ExprKind::Repeat(_)
        | ast::ExprKind::After { .. }
        | ast::ExprKind::With { .. }
        | ast::ExprKind::Error => None,
    }
}

/// What stands for an expression inside of `"…"`: the text of a plain string, `${…}` of what can be written there.
pub(in crate::check) fn inside_string(expr: &ast::Expr) -> Option<String> {
    if let ast::ExprKind::Parentheses(inner) = &expr.kind {
        return inside_string(inner);
    }
    if let ast::ExprKind::Binary { op, left, right } = &expr.kind
        && op.value == ast::BinaryOp::Add
    {
        return Some(format!("{}{}", inside_string(left)?, inside_string(right)?));
    }
    let ast::ExprKind::String(parts) = &expr.kind else {
        return written(expr).map(|text| format!("${{{text}}}"));
    };
    let mut text = String::new();
    for part in parts {
        match part {
            ast::StringPart::Text(piece) => {
                for character in piece.chars() {
                    match character {
                        '\n' => text.push_str("\\n"),
                        '\t' => text.push_str("\\t"),
                        '\r' => text.push_str("\\r"),
                        '"' | '\\' | '$' => {
                            text.push('\\');
                            text.push(character);
                        }
                        other => text.push(other),
                    }
                }
            }
            ast::StringPart::Expr(inner) => text.push_str(&format!("${{{}}}", written(inner)?)),
        }
    }
    Some(text)
}

/// What the form of a value says about its type, to those who don't expect it.
pub(in crate::check) fn said_by_form(value: &hir::Expr) -> Option<&'static str> {
    if let ExprKind::Widen(of) = &value.kind {
        return said_by_form(of);
    }
    if let ExprKind::If(unit) = &value.kind {
        return match &unit.otherwise {
            None => Some("an `if` without `else` gives `null` otherwise"),
            Some(block) => block
                .value
                .as_ref()
                .filter(|value| matches!(value.kind, ExprKind::If(_)))
                .and_then(said_by_form),
        };
    }
    if let ExprKind::Try { .. } = &value.kind {
        return Some("a `try` gives `null` where the step fails");
    }
    if let ExprKind::For(_) = &value.kind {
        return Some("a `for` gives a list");
    }
    let ExprKind::Function { function, .. } = &value.kind else { return None };
    if matches!(function, Function::MinIn | Function::MaxIn) {
        Some("of an empty list it is `null`")
    } else if matches!(function, Function::Get) {
        Some("`get` gives `null` where there is nothing")
    } else {
        None
    }
}
