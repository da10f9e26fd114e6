//! Settings that are maps: `env` and `secrets`.

use foldhash::HashMap;

use super::messages;
use super::table::Row;
use crate::check::context::{Checker, Scope, error_expression};
use crate::check::convert::Expectation;
use crate::hir::{Expr, ExprKind};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::Type;

impl Checker<'_> {
    /// `env: { NAME: value }`: texts, and secrets.
    pub(super) fn environment(&mut self, scope: &mut Scope, row: &'static Row, expr: &ast::Expr) -> Expr {
        let ty = Type::map(Type::STRING);
        let ast::ExprKind::Braces(entries) = &expr.kind else {
            return self.setting_value(scope, row, expr, &ty);
        };
        self.map_setting(entries, expr.span, ty, &mut |checker, entry| {
            let value = checker.expression(scope, &entry.value, None);
            checker.variable(value, &entry.key.value)
        })
    }

    /// A variable's value: a secret as it is, anything else as text.
    fn variable(&mut self, value: Expr, name: &str) -> Expr {
        let Some(ty) = &value.ty else {
            let why = Expectation::new(format!("the variable `{name}`"));
            return self.convert(value, &Type::STRING, &why);
        };
        if matches!(ty, Type::Error | Type::Secret) {
            return value;
        }
        if matches!(ty.base(&self.program), Type::String(_)) {
            let why = Expectation::new(format!("the variable `{name}`"));
            let value = self.convert(value, &Type::STRING, &why);
            return self.folded(value);
        }
        if !self.has_text(ty) {
            let shown = self.show(ty);
            self.report(messages::no_variable_value(
                name,
                &shown,
                matches!(ty, Type::Optional(_)),
                value.span,
            ));
            return error_expression(value.span);
        }
        let span = value.span;
        let text = Expr { kind: ExprKind::Interpolate(vec![value]), ty: Some(Type::STRING), span };
        self.folded(text)
    }

    /// Whether a value of the type can be written as text.
    pub(super) fn has_text(&self, ty: &Type) -> bool {
        match ty.base(&self.program) {
            Type::Bool
            | Type::Int(_)
            | Type::Float(_)
            | Type::String(_)
            | Type::Duration
            | Type::Quantity => true,
            Type::Enum(id) => {
                self.program.enums[id.index()].variants.iter().all(|variant| variant.fields.is_empty())
            }
            Type::Error
            | Type::Null
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
        }
    }

    /// `secrets: { "/run/secrets/token": secret(…) }`.
    pub(super) fn secret_files(&mut self, scope: &mut Scope, row: &'static Row, expr: &ast::Expr) -> Expr {
        let ty = Type::map(Type::Secret);
        let ast::ExprKind::Braces(entries) = &expr.kind else {
            self.report(messages::secrets_by_path(expr.span));
            return error_expression(expr.span);
        };
        self.map_setting(entries, expr.span, ty, &mut |checker, entry| {
            let value = checker.expression(scope, &entry.value, Some(&Type::Secret));
            let why = Expectation::new(format!("the setting `{}`", row.path));
            checker.convert(value, &Type::Secret, &why)
        })
    }

    /// `labels: { team: "growth" }`: constant texts by keys.
    pub(super) fn labels(&mut self, scope: &mut Scope, row: &'static Row, expr: &ast::Expr) -> Expr {
        let ty = Type::map(Type::STRING);
        let ast::ExprKind::Braces(entries) = &expr.kind else {
            return self.setting_value(scope, row, expr, &ty);
        };
        self.map_setting(entries, expr.span, ty, &mut |checker, entry| {
            checker.setting_value(scope, row, &entry.value, &Type::STRING)
        })
    }

    fn map_setting(
        &mut self,
        entries: &[ast::Entry],
        span: Span,
        ty: Type,
        check: &mut dyn FnMut(&mut Self, &ast::Entry) -> Expr,
    ) -> Expr {
        let mut first: HashMap<&str, Span> = HashMap::default();
        let mut values = Vec::with_capacity(entries.len());
        for entry in entries {
            let value = check(self, entry);
            if let Some(first) = first.get(entry.key.value.as_str()) {
                self.report(messages::key_twice(&entry.key, *first));
                continue;
            }
            first.insert(&entry.key.value, entry.key.span);
            values.push((entry.key.value.clone(), Expr { span: entry.span, ..value }));
        }
        Expr { kind: ExprKind::Map(values), ty: Some(ty), span }
    }
}
