//! Settings of tasks, of calls (`with`) and of launches: each is known, given once, of its type, constant where it has
//! to be, and makes sense by itself and beside the others.

mod beside;
mod entries;
pub(crate) mod images;
pub(super) mod messages;
pub(crate) mod names;
mod programs;
mod quantities;
mod records;
mod rules;
mod schedule;
pub mod table;
mod target;

use foldhash::HashMap;

use super::context::{Checker, Scope};
use super::convert::Expectation;
use super::foreign;
use crate::hir::{self, Definition, RecordId, TaskId};
use crate::resolve::suggest;
use crate::source::Span;
use crate::syntax::ast;
use crate::types::Type;
use table::{Holder, Row, Shape};

/// Whose settings are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    Task(TaskId),
    /// `with`, of a call of this task.
    Call(TaskId),
    Launch,
}

impl Of {
    fn holder(self) -> Holder {
        match self {
            Of::Task(_) | Of::Call(_) => Holder::Task,
            Of::Launch => Holder::Launch,
        }
    }
}

impl Checker<'_> {
    /// Settings but `run` and `files`, in source order. What is wrong with one has been reported, and it is left out.
    pub(crate) fn settings(
        &mut self,
        scope: &mut Scope,
        trees: &[ast::Setting],
        of: Of,
    ) -> Vec<hir::Setting> {
        let mut first: HashMap<&str, Span> = HashMap::default();
        let mut settings = Vec::with_capacity(trees.len());
        for tree in trees {
            let name = &tree.name;
            let Some(row) = table::find(of.holder(), &name.value) else {
                self.report_unknown(of, name);
                continue;
            };
            self.refer(name.span, Definition::Setting(row.path));
            if let Some(first) = first.get(name.value.as_str()) {
                self.report(messages::setting_twice(name, *first));
                continue;
            }
            first.insert(&name.value, name.span);
            if matches!(row.shape, Shape::Program | Shape::Files) {
                if matches!(of, Of::Call(_)) {
                    self.report(messages::not_at_a_call(name));
                }
                continue;
            }
            let value = match &tree.value {
                ast::SettingValue::Expr(expr) => self.setting(scope, row, expr, of),
                ast::SettingValue::Block { word, .. } | ast::SettingValue::WordRecord { word, .. } => {
                    self.report(messages::no_program_here(name, word));
                    continue;
                }
            };
            if !matches!(value.kind, hir::ExprKind::Error) {
                settings.push(hir::Setting { name: row.path, value, span: tree.span });
            }
        }
        self.check_rules(&settings, of);
        settings
    }

    fn report_unknown(&mut self, of: Of, name: &ast::Name) {
        let holder = of.holder();
        let other = match holder {
            Holder::Task => Holder::Launch,
            Holder::Launch => Holder::Task,
        };
        let elsewhere = table::find(other, &name.value).is_some();
        let near = suggest::nearest(&name.value, table::names(holder));
        let foreign = foreign::unless_slip(foreign::setting(&name.value), &name.value, table::names(holder));
        self.report(match foreign {
            Some(foreign) if !elsewhere => messages::foreign_setting(name, foreign),
            Some(_) | None => messages::unknown_setting(name, holder, near, elsewhere),
        });
    }

    fn setting(&mut self, scope: &mut Scope, row: &'static Row, expr: &ast::Expr, of: Of) -> hir::Expr {
        match row.shape {
            Shape::Record(record) => self.record_setting(scope, row, record, expr, of),
            Shape::Records(record) => self.list_setting(scope, row, record, expr, of),
            Shape::Environment => self.environment(scope, row, expr),
            Shape::SecretFiles => self.secret_files(scope, row, expr),
            Shape::Labels | Shape::Annotations => self.labels(scope, row, expr),
            Shape::Text
            | Shape::Bool
            | Shape::Duration
            | Shape::Bytes
            | Shape::Word(_)
            | Shape::Files
            | Shape::Program => {
                let ty = self.setting_type(row);
                self.setting_value(scope, row, expr, &ty)
            }
        }
    }

    /// A value for a setting or a field of one: of its type, and constant where it has to be.
    fn setting_value(
        &mut self,
        scope: &mut Scope,
        row: &'static Row,
        expr: &ast::Expr,
        ty: &Type,
    ) -> hir::Expr {
        let value = self.expression(scope, expr, Some(ty.without_optional()));
        if !row.varies && !self.is_constant_or_error(&value) {
            let local = first_local(&value).map(|local| scope.local(local));
            self.report(messages::not_constant(row.path, &value, local));
            return super::context::error_expression(value.span);
        }
        let why = Expectation::new(format!("the setting `{}`", row.path));
        // `null` says what leaving the setting out says; whether it is one is known before any run.
        let may_be_null = match &value.ty {
            Some(Type::Null) => true,
            Some(Type::Optional(_)) => self.is_constant(&value),
            Some(_) | None => false,
        };
        let value = if may_be_null { value } else { self.convert(value, ty.without_optional(), &why) };
        let value = self.convert(value, ty, &why);
        self.folded(value)
    }

    fn is_constant_or_error(&self, value: &hir::Expr) -> bool {
        let is_error = matches!(value.kind, hir::ExprKind::Error)
            || matches!(value.ty, None | Some(Type::Error | Type::Null));
        is_error || self.is_constant(value)
    }

    fn setting_type(&self, row: &'static Row) -> Type {
        match row.shape {
            Shape::Text => Type::STRING,
            Shape::Bool => Type::Bool,
            Shape::Duration => Type::Duration,
            Shape::Bytes => Type::Quantity,
            Shape::Word(name) => self.prelude_enum(name),
            Shape::Record(name) => Type::Record(self.prelude_record(name)),
            Shape::Records(name) => Type::list(Type::Record(self.prelude_record(name))),
            Shape::Labels | Shape::Annotations | Shape::Environment => Type::map(Type::STRING),
            Shape::SecretFiles => Type::map(Type::Secret),
            Shape::Files => Type::list(Type::STRING),
            Shape::Program => Type::Error,
        }
    }

    fn prelude_record(&self, name: &str) -> RecordId {
        match self.modules.all[0].names.get(name) {
            Some(Definition::Record(id)) => *id,
            _ => panic!("the prelude has no record `{name}`"),
        }
    }

    fn prelude_enum(&self, name: &str) -> Type {
        match self.modules.all[0].names.get(name) {
            Some(Definition::Enum(id)) => Type::Enum(*id),
            _ => panic!("the prelude has no enum `{name}`"),
        }
    }

    /// A bare word where a setting's words are due: `exists`, `forbid`. It is never looked up.
    pub(crate) fn word(&mut self, expr: &ast::Expr, expected: Option<&Type>) -> Option<hir::Expr> {
        let Some(Type::Enum(id)) = expected.map(Type::without_optional) else { return None };
        let ast::ExprKind::Name(word) = &expr.kind else { return None };
        let enumeration = &self.program.enums[id.index()];
        if enumeration.module != hir::PRELUDE || enumeration.name == "RunStatus" {
            return None;
        }
        let found = enumeration.variants.iter().position(|variant| variant.name == *word);
        let Some(index) = found else {
            let words: Vec<&str> = enumeration.variants.iter().map(|variant| variant.name.as_str()).collect();
            let diagnostic = messages::unknown_word(word, &words, expr.span);
            self.report(diagnostic);
            return Some(super::context::error_expression(expr.span));
        };
        let variant = super::declarations::number(index);
        self.refer(expr.span, Definition::Variant(*id, variant));
        let kind = hir::ExprKind::Variant { enumeration: *id, variant, fields: Vec::new() };
        Some(hir::Expr { kind, ty: Some(Type::Enum(*id)), span: expr.span })
    }
}

/// A local that an expression refers to.
fn first_local(expr: &hir::Expr) -> Option<hir::LocalId> {
    use hir::ExprKind as K;
    match &expr.kind {
        K::Local(local) => Some(*local),
        K::List(items) | K::Interpolate(items) => items.iter().find_map(first_local),
        K::Record(fields) | K::Map(fields) => fields.iter().find_map(|(_, value)| first_local(value)),
        K::Variant { fields, .. } => fields.iter().find_map(first_local),
        K::Function { arguments, .. } => arguments.iter().find_map(first_local),
        K::Field { of, .. }
        | K::OptionalField { of, .. }
        | K::Project { of, .. }
        | K::Widen(of)
        | K::Refine(of)
        | K::Narrow(of) => first_local(of),
        K::Unary { operand, .. } => first_local(operand),
        K::Index { of, index } => first_local(of).or_else(|| first_local(index)),
        K::Binary { left, right, .. } => first_local(left).or_else(|| first_local(right)),
        K::If(tree) => first_local(&tree.condition),
        K::Match(tree) => first_local(&tree.subject),
        K::Error
        | K::Literal(_)
        | K::Constant(_)
        | K::Artifact(_)
        | K::Secret { .. }
        | K::Run(_)
        | K::Call(_)
        | K::For(_)
        | K::Repeat(_)
        | K::Try { .. }
        | K::Approve { .. }
        | K::Sleep { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::table::{SETTINGS, Shape, field_names, find_field};
    use crate::syntax::ast;

    /// The fields of the prelude's record of a name.
    fn fields(record: &str) -> Vec<String> {
        let parsed = crate::syntax::parse(crate::source::FileId(0), crate::std::PRELUDE);
        assert_eq!(parsed.diagnostics, []);
        let records =
            parsed.file.items.iter().filter_map(|item| {
                if let ast::ItemKind::Record(tree) = &item.kind { Some(tree) } else { None }
            });
        let mut found = records.filter(|tree| tree.name.value == record);
        found.next().unwrap().fields.iter().map(|field| field.name.value.clone()).collect()
    }

    #[test]
    fn the_table_and_the_prelude_have_the_same_fields() {
        for row in SETTINGS {
            let (Shape::Record(record) | Shape::Records(record)) = row.shape else { continue };
            assert_eq!(field_names(row).collect::<Vec<_>>(), fields(record), "{record}");
            assert!(field_names(row).all(|field| find_field(row, field).is_some()));
        }
    }
}
