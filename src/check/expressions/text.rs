//! Strings and what may stand in them.

use pipec_ir::value::Value;

use super::{literal, messages, type_of, typed};
use crate::check::body::NoCalls;
use crate::check::context::{Checker, Scope, error_expression};
use crate::hir::{self, ExprKind};
use crate::source::Span;
use crate::syntax::ast::{self, StringPart};
use crate::types::Type;

impl Checker<'_> {
    pub(super) fn string(&mut self, scope: &mut Scope, parts: &[StringPart], span: Span) -> hir::Expr {
        if let Some(text) = plain(parts) {
            if text.contains('\0') {
                self.report(messages::zero_character(span));
                return error_expression(span);
            }
            return literal(Value::String(text), Type::STRING, span);
        }
        let before = scope.forbid_calls(NoCalls::Interpolation);
        let mut pieces = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                StringPart::Text(text) => {
                    pieces.push(literal(Value::String(text.clone()), Type::STRING, span));
                }
                StringPart::Expr(expr) => pieces.push(self.piece(scope, expr)),
            }
        }
        scope.allow_calls(before);
        typed(ExprKind::Interpolate(pieces), Type::STRING, span)
    }

    fn piece(&mut self, scope: &mut Scope, expr: &ast::Expr) -> hir::Expr {
        let value = self.expression(scope, expr, None);
        self.as_text(scope, value, "`\"${…}\"`")
    }

    /// A value that has a text, without the name that its type may have.
    pub(super) fn as_text(&mut self, scope: &Scope, value: hir::Expr, place: &str) -> hir::Expr {
        let value = self.with_value(value, place);
        let ty = type_of(&value);
        let base = ty.base(&self.program);
        let has_text = match &base {
            Type::Error
            | Type::Bool
            | Type::Int(_)
            | Type::Float(_)
            | Type::String(_)
            | Type::Duration
            | Type::Quantity => true,
            Type::Enum(id) => {
                self.program.enums[id.index()].variants.iter().all(|variant| variant.fields.is_empty())
            }
            Type::Null
            | Type::Json
            | Type::Secret
            | Type::Record(_)
            | Type::Anonymous(_)
            | Type::List(_)
            | Type::Map(_)
            | Type::Optional(_)
            | Type::File(_)
            | Type::Dir(_)
            | Type::Table { .. }
            | Type::Distinct(_)
            | Type::Parameter(_)
            | Type::Timestamp
            | Type::Date
            | Type::Decimal => false,
        };
        if !has_text {
            let source = self.source_of(scope, &value);
            self.report(messages::no_text(self, &value, &ty, place, source));
            return error_expression(value.span);
        }
        if matches!(ty, Type::Distinct(_)) {
            let span = value.span;
            return typed(ExprKind::Widen(Box::new(value)), base, span);
        }
        value
    }
}

/// The text of a string without expressions.
fn plain(parts: &[StringPart]) -> Option<String> {
    let mut text = String::new();
    for part in parts {
        match part {
            StringPart::Text(piece) => text.push_str(piece),
            StringPart::Expr(_) => return None,
        }
    }
    Some(text)
}
