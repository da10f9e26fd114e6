//! Where the parts of a file begin and end: what a comment can be about.

use std::collections::BTreeMap;

use crate::source::Span;
use crate::syntax::ast::{self, ExprKind, ItemKind, SettingValue, StatementKind, TypeKind, UseKind};

/// For each place where something begins, the end of the largest that begins there.
#[derive(Debug, Default)]
pub(super) struct Places {
    ends: BTreeMap<u32, u32>,
}

impl Places {
    pub(super) fn of(tree: &ast::File) -> Places {
        let mut places = Places::default();
        tree.items.iter().for_each(|item| places.item(item));
        places
    }

    pub(super) fn beginning_at(&self, start: u32) -> Option<(u32, u32)> {
        self.ends.get(&start).map(|end| (start, *end))
    }

    /// Everything that holds a place, what begins last first.
    pub(super) fn around(&self, at: u32) -> impl Iterator<Item = (u32, u32)> {
        let before = self.ends.range(..=at).rev();
        before.map(|(start, end)| (*start, *end)).filter(move |(_, end)| *end >= at)
    }

    /// Where the first declaration begins.
    pub(super) fn first(&self) -> Option<u32> {
        self.ends.keys().next().copied()
    }

    fn add(&mut self, span: Span) {
        let end = self.ends.entry(span.start).or_insert(span.end);
        *end = span.end.max(*end);
    }

    fn item(&mut self, item: &ast::Item) {
        self.add(item.span);
        match &item.kind {
            ItemKind::Use(tree) => match &tree.what {
                UseKind::Names(names) => names.iter().for_each(|name| self.add(name.span)),
                UseKind::Alias(_) | UseKind::Error => {}
            },
            ItemKind::Const(tree) => self.expr(&tree.value),
            ItemKind::Type(tree) => self.ty(&tree.ty),
            ItemKind::Record(tree) => self.fields(&tree.fields),
            ItemKind::Enum(tree) => {
                for variant in &tree.variants {
                    self.add(variant.span);
                    self.fields(&variant.fields);
                }
            }
            ItemKind::Format(tree) => self.entries(&tree.settings),
            ItemKind::Task(tree) => {
                self.parameters(&tree.parameters);
                self.results(&tree.results);
                self.settings(&tree.settings);
            }
            ItemKind::Pipeline(tree) => {
                self.parameters(&tree.parameters);
                self.results(&tree.results);
                self.block(&tree.body);
            }
            ItemKind::Launch(tree) => {
                self.arguments(&tree.arguments);
                self.settings(&tree.settings);
            }
            ItemKind::Error => {}
        }
    }

    fn parameters(&mut self, parameters: &[ast::Parameter]) {
        for parameter in parameters {
            self.add(parameter.span);
            self.ty(&parameter.ty);
            parameter.default.iter().for_each(|default| self.expr(default));
        }
    }

    fn results(&mut self, results: &ast::Results) {
        match results {
            ast::Results::Named(fields, _) => {
                for field in fields {
                    self.add(field.span);
                    self.ty(&field.ty);
                }
            }
            ast::Results::Single(ty) => self.ty(ty),
            ast::Results::None => {}
        }
    }

    fn fields(&mut self, fields: &[ast::Field]) {
        for field in fields {
            self.add(field.span);
            self.ty(&field.ty);
            field.default.iter().for_each(|default| self.expr(default));
        }
    }

    fn ty(&mut self, ty: &ast::Type) {
        match &ty.kind {
            TypeKind::Record(fields) => self.fields(fields),
            TypeKind::List(of) | TypeKind::Optional(of) => self.ty(of),
            TypeKind::Named { arguments, .. } => arguments.iter().for_each(|argument| self.ty(argument)),
            TypeKind::Interval { .. } | TypeKind::Pattern { .. } | TypeKind::Error => {}
        }
    }

    fn settings(&mut self, settings: &[ast::Setting]) {
        for setting in settings {
            self.add(setting.span);
            match &setting.value {
                SettingValue::Expr(value) => self.expr(value),
                SettingValue::WordRecord { record, .. } => self.expr(record),
                SettingValue::Block { .. } => {}
            }
        }
    }

    fn arguments(&mut self, arguments: &[ast::Argument]) {
        for argument in arguments {
            self.add(argument.span);
            self.expr(&argument.value);
        }
    }

    fn entries(&mut self, entries: &[ast::Entry]) {
        for entry in entries {
            self.add(entry.span);
            self.expr(&entry.value);
        }
    }

    fn block(&mut self, block: &ast::Block) {
        for statement in &block.statements {
            self.add(statement.span);
            match &statement.kind {
                StatementKind::Bind { value, .. } | StatementKind::Expr(value) => self.expr(value),
                StatementKind::Return(value) => value.iter().for_each(|value| self.expr(value)),
                StatementKind::On { body, .. } => self.block(body),
                StatementKind::Error => {}
            }
        }
    }

    fn expr(&mut self, expr: &ast::Expr) {
        self.add(expr.span);
        match &expr.kind {
            ExprKind::String(parts) => {
                for part in parts {
                    if let ast::StringPart::Expr(part) = part {
                        self.expr(part);
                    }
                }
            }
            ExprKind::List(items) => items.iter().for_each(|item| self.expr(item)),
            ExprKind::Braces(entries) => self.entries(entries),
            ExprKind::Field { of, .. }
            | ExprKind::OptionalField { of, .. }
            | ExprKind::Unary { operand: of, .. }
            | ExprKind::Try(of)
            | ExprKind::After { of, .. }
            | ExprKind::Parentheses(of) => self.expr(of),
            ExprKind::Index { of: left, index: right } | ExprKind::Binary { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::Call(call) => self.arguments(&call.arguments),
            ExprKind::With { of, settings, .. } => {
                self.expr(of);
                self.settings(settings);
            }
            ExprKind::If(unit) => {
                self.expr(&unit.condition);
                self.block(&unit.then);
                match &unit.otherwise {
                    Some(ast::Else::Block(block)) => self.block(block),
                    Some(ast::Else::If(next)) => self.expr(next),
                    None => {}
                }
            }
            ExprKind::Match(unit) => {
                self.expr(&unit.subject);
                for arm in &unit.arms {
                    self.add(arm.span);
                    match &arm.body {
                        ast::ArmBody::Expr(value) => self.expr(value),
                        ast::ArmBody::Block(block) => self.block(block),
                    }
                }
            }
            ExprKind::For(unit) => self.block(&unit.body),
            ExprKind::Repeat(unit) => {
                self.block(&unit.body);
                self.expr(&unit.until);
            }
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Bool(_)
            | ExprKind::Null
            | ExprKind::Raw(_)
            | ExprKind::Duration { .. }
            | ExprKind::Quantity { .. }
            | ExprKind::Name(_)
            | ExprKind::Error => {}
        }
    }
}
