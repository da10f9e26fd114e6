//! Settings that are records, or lists of records: field by field where they are written out, and as a whole where they
//! are constants.

use foldhash::HashMap;
use pipec_ir::value::Value;

use super::Of;
use super::messages;
use super::table::{self, Row};
use crate::check::context::{Checker, Scope, error_expression};
use crate::check::convert::Expectation;
use crate::hir::{self, Definition, Expr, ExprKind, RecordId};
use crate::resolve::suggest;
use crate::source::Span;
use crate::syntax::ast;
use crate::types::Type;

impl Checker<'_> {
    pub(super) fn record_setting(
        &mut self,
        scope: &mut Scope,
        row: &'static Row,
        record: &'static str,
        expr: &ast::Expr,
        of: Of,
    ) -> Expr {
        let id = self.prelude_record(record);
        let before = self.diagnostics.len();
        let value = if let ast::ExprKind::Braces(entries) = &expr.kind {
            self.written_record(scope, row, id, entries, expr.span)
        } else {
            self.whole_setting(scope, row, expr, &Type::Record(id))
        };
        let is_right = self.diagnostics.len() == before;
        if row.path == "retry" && is_right && !has_field(&value, "limit") && !self.task_retries(of) {
            self.report(messages::retry_without_limit(value.span));
        }
        value
    }

    /// Whether settings of a call meet a `retry` of the task, which says how often.
    fn task_retries(&self, of: Of) -> bool {
        match of {
            Of::Call(id) => {
                self.program.tasks[id.index()].settings.iter().any(|setting| setting.name == "retry")
            }
            Of::Task(_) | Of::Launch => false,
        }
    }

    pub(super) fn list_setting(
        &mut self,
        scope: &mut Scope,
        row: &'static Row,
        record: &'static str,
        expr: &ast::Expr,
        _of: Of,
    ) -> Expr {
        let id = self.prelude_record(record);
        let ty = Type::list(Type::Record(id));
        let ast::ExprKind::List(trees) = &expr.kind else {
            return self.whole_setting(scope, row, expr, &ty);
        };
        let mut items = Vec::with_capacity(trees.len());
        for tree in trees {
            items.push(if let ast::ExprKind::Braces(entries) = &tree.kind {
                self.written_record(scope, row, id, entries, tree.span)
            } else {
                self.whole_setting(scope, row, tree, &Type::Record(id))
            });
        }
        Expr { kind: ExprKind::List(items), ty: Some(ty), span: expr.span }
    }

    /// A record that isn't written out where it stands: a constant.
    fn whole_setting(&mut self, scope: &mut Scope, row: &'static Row, expr: &ast::Expr, ty: &Type) -> Expr {
        let value = self.expression(scope, expr, Some(ty));
        let why = Expectation::new(format!("the setting `{}`", row.path));
        let value = self.convert(value, ty, &why);
        if matches!(value.kind, ExprKind::Error) {
            return value;
        }
        if !self.is_constant(&value) {
            let local = super::first_local(&value).map(|local| scope.local(local));
            self.report(messages::not_constant(row.path, &value, local));
            return error_expression(value.span);
        }
        match self.known(&value) {
            crate::check::fold::Known::Value(known) => {
                let span = value.span;
                self.record_of_constant(&known, ty, span).unwrap_or(value)
            }
            crate::check::fold::Known::Fault(_) | crate::check::fold::Known::Nothing => value,
        }
    }

    /// A constant record written out, so that each field is a literal with the place of the whole.
    fn record_of_constant(&self, value: &Value, ty: &Type, span: Span) -> Option<Expr> {
        if let (Value::List(items), Type::List(of)) = (value, ty) {
            let items: Option<Vec<Expr>> =
                items.iter().map(|item| self.record_of_constant(item, of, span)).collect();
            return Some(Expr { kind: ExprKind::List(items?), ty: Some(ty.clone()), span });
        }
        let (Value::Record(values), Type::Record(id)) = (value, ty) else { return None };
        let declared = &self.program.records[id.index()].fields;
        let mut fields = Vec::with_capacity(declared.len());
        for field in declared {
            let (_, value) = values.iter().find(|(name, _)| *name == field.name)?;
            let literal = Expr { kind: ExprKind::Literal(value.clone()), ty: Some(field.ty.clone()), span };
            fields.push((field.name.clone(), literal));
        }
        Some(Expr { kind: ExprKind::Record(fields), ty: Some(ty.clone()), span })
    }

    /// `{ cpu: 4, memory: memory }`: fields that aren't written are `null`. What was wrong has been reported; the rest is
    /// there, so that it can be looked at too.
    fn written_record(
        &mut self,
        scope: &mut Scope,
        row: &'static Row,
        id: RecordId,
        entries: &[ast::Entry],
        span: Span,
    ) -> Expr {
        let mut given: HashMap<&str, (Span, Expr)> = HashMap::default();
        let mut failed = false;
        for entry in entries {
            let key = &entry.key;
            if let Some((first, _)) = given.get(key.value.as_str()) {
                self.report(messages::field_twice(row.path, key, *first));
                failed = true;
                continue;
            }
            let Some(field_row) = table::find_field(row, &key.value) else {
                let near = suggest::nearest(&key.value, table::field_names(row));
                let known: Vec<&str> = table::field_names(row).collect();
                self.report(messages::unknown_field(row.path, key, near, &known));
                failed = true;
                continue;
            };
            self.refer(key.span, Definition::Setting(field_row.path));
            let position =
                self.program.records[id.index()].fields.iter().position(|field| field.name == key.value);
            let Some(position) = position else { continue };
            let ty = self.program.records[id.index()].fields[position].ty.clone();
            let value = self.setting_value(scope, field_row, &entry.value, &ty);
            failed |= matches!(value.kind, ExprKind::Error);
            given.insert(&key.value, (key.span, value));
        }
        let declared: Vec<(String, Type)> = self.program.records[id.index()]
            .fields
            .iter()
            .map(|field| (field.name.clone(), field.ty.clone()))
            .collect();
        let mut fields = Vec::with_capacity(declared.len());
        for (name, ty) in declared {
            let value = match given.remove(name.as_str()) {
                Some((_, value)) => value,
                None if matches!(ty, Type::Optional(_)) => {
                    Expr { kind: ExprKind::Literal(Value::Null), ty: Some(ty), span }
                }
                None => {
                    if !failed {
                        self.report(messages::field_missing(row.path, &name, span));
                    }
                    error_expression(span)
                }
            };
            fields.push((name, value));
        }
        Expr { kind: ExprKind::Record(fields), ty: Some(Type::Record(id)), span }
    }
}

/// The field of a record that is written out, unless it is `null`.
pub(super) fn field<'e>(record: &'e Expr, name: &str) -> Option<&'e Expr> {
    let ExprKind::Record(fields) = &record.kind else { return None };
    let (_, value) = fields.iter().find(|(field, _)| field == name)?;
    (!matches!(value.kind, ExprKind::Literal(Value::Null))).then_some(value)
}

pub(super) fn has_field(record: &Expr, name: &str) -> bool {
    !matches!(record.kind, ExprKind::Record(_)) || field(record, name).is_some()
}

/// The items of a list that is written out.
pub(super) fn items(list: &Expr) -> &[Expr] {
    if let ExprKind::List(items) = &list.kind { items } else { &[] }
}

/// What a conversion that can't fail was made of.
pub(super) fn unwidened(expr: &Expr) -> &Expr {
    let mut at = expr;
    while let ExprKind::Widen(of) = &at.kind {
        at = of;
    }
    at
}

/// The value of a literal, also behind a `?`.
pub(super) fn literal(expr: &Expr) -> Option<&Value> {
    if let ExprKind::Literal(value) = &unwidened(expr).kind { Some(value) } else { None }
}

pub(super) fn text(expr: &Expr) -> Option<&str> {
    if let Some(Value::String(text)) = literal(expr) { Some(text) } else { None }
}

pub(super) fn quantity(expr: &Expr) -> Option<String> {
    let value = literal(expr)?;
    if let Value::Quantity(text) = value {
        return Some(text.clone());
    }
    if let Value::Int(number) = value { Some(number.to_string()) } else { None }
}

/// Milliseconds.
pub(super) fn duration(expr: &Expr) -> Option<i64> {
    if let Some(Value::Duration(milliseconds)) = literal(expr) { Some(*milliseconds) } else { None }
}

/// The variant of a word.
pub(super) fn word<'p>(expr: &'p Expr, program: &'p hir::Program) -> Option<&'p str> {
    let expr = unwidened(expr);
    if let ExprKind::Variant { enumeration, variant, .. } = &expr.kind {
        return Some(&program.enums[enumeration.index()].variants[*variant as usize].name);
    }
    if let ExprKind::Literal(Value::Variant { variant, .. }) = &expr.kind { Some(variant) } else { None }
}
