//! Types as they are written → types. Where a type may stand is another question, see `standing`.

use std::sync::Arc;

use pipec_ir::pattern::Pattern;

use super::constants::Node;
use super::context::Checker;
use super::foreign;
use super::messages;
use super::messages::types as say;
use super::standing::Standing;
use crate::hir::{Definition, FormatId, ModuleId};
use crate::source::{Span, Spanned};
use crate::syntax::ast;
use crate::types::{AnonymousField, BUILT_IN, FloatEnd, FloatInterval, IntInterval, Type};

impl Checker<'_> {
    /// The type that is written here; what makes no sense is reported and gives `Type::Error`.
    pub(crate) fn resolve_type(&mut self, module: ModuleId, ty: &ast::Type) -> Type {
        match &ty.kind {
            ast::TypeKind::Error => Type::Error,
            ast::TypeKind::Named { path, arguments } => self.named_type(module, path, arguments, ty.span),
            ast::TypeKind::List(item) => {
                let item_type = self.resolve_type(module, item);
                self.stands(&item_type, item.span, Standing::Item);
                Type::list(self.unless_secret(item_type, "a list", item.span))
            }
            ast::TypeKind::Optional(of) => self.optional_type(module, of, ty.span),
            ast::TypeKind::Record(fields) => self.anonymous_type(module, fields),
            ast::TypeKind::Interval { base, interval } => {
                let base_type = self.resolve_type(module, base);
                self.interval(&base_type, base.span, interval)
            }
            ast::TypeKind::Pattern { base, pattern } => {
                let base_type = self.resolve_type(module, base);
                self.pattern(&base_type, base.span, pattern)
            }
        }
    }

    pub(super) fn unless_secret(&mut self, ty: Type, of: &str, span: Span) -> Type {
        if !matches!(ty.without_optional(), Type::Secret) {
            return ty;
        }
        self.report(say::secret_inside(of, span));
        Type::Error
    }

    fn optional_type(&mut self, module: ModuleId, of: &ast::Type, span: Span) -> Type {
        let ty = self.resolve_type(module, of);
        if matches!(ty, Type::Optional(_)) {
            self.report(say::optional_twice(span));
            return ty;
        }
        self.stands(&ty, of.span, Standing::Optional);
        Type::optional(self.unless_secret(ty, "an optional", of.span))
    }

    fn anonymous_type(&mut self, module: ModuleId, fields: &[ast::Field]) -> Type {
        self.check_fields(fields, "field");
        let mut resolved = Vec::with_capacity(fields.len());
        for field in fields {
            let ty = self.resolve_type(module, &field.ty);
            self.stands(&ty, field.ty.span, Standing::Field);
            let mut ty = self.unless_secret(ty, "a record", field.ty.span);
            if let Some(default) = &field.default {
                self.report(say::default_without_a_name(&field.name.value, default.span));
                // What leaves the field out has no message of its own.
                ty = Type::Error;
            }
            resolved.push(AnonymousField {
                name: field.name.value.clone(),
                outside: field.outside.as_ref().map(|outside| outside.value.clone()),
                ty,
                default: None,
            });
        }
        Type::Anonymous(Arc::from(resolved))
    }

    fn named_type(
        &mut self,
        module: ModuleId,
        path: &ast::Path,
        arguments: &[ast::Type],
        span: Span,
    ) -> Type {
        let definition = match &path.module {
            Some(alias) => self.imported_type(module, alias, &path.name),
            None => match self.own_type(module, &path.name, arguments, span) {
                Ok(ty) => return ty,
                Err(definition) => definition,
            },
        };
        let Some(definition) = definition else { return Type::Error };
        if self.is_in_current_cycle(&definition) {
            return Type::Error;
        }
        if let Definition::Record(id) = definition
            && !self.program.records[id.index()].type_parameters.is_empty()
        {
            return self.record_with_arguments(module, id, arguments, span);
        }
        if let Some(first) = arguments.first() {
            let place = arguments.last().map_or(first.span, |last| first.span.to(last.span));
            self.report(say::takes_no_arguments(&path.name.value, place));
        }
        self.defined_type(&definition, &path.name)
    }

    /// A type parameter or a built-in type, or else what the name means.
    fn own_type(
        &mut self,
        module: ModuleId,
        name: &ast::Name,
        arguments: &[ast::Type],
        span: Span,
    ) -> Result<Type, Option<Definition>> {
        if let Some(id) = self.type_parameters.get(&name.value).copied() {
            if let (Some(first), Some(last)) = (arguments.first(), arguments.last()) {
                self.report(say::takes_no_arguments(&name.value, first.span.to(last.span)));
            }
            return Ok(Type::Parameter(id));
        }
        if let Some(row) = BUILT_IN.iter().find(|row| row.name == name.value) {
            self.refer(name.span, Definition::BuiltInType(row.name));
            return Ok(self.built_in(module, row.name, arguments, span));
        }
        match self.lookup(module, &name.value, name.span) {
            Some(definition) => Err(Some(definition)),
            None => {
                let known = if self.proposes() { self.known_types(module) } else { Vec::new() }.into_iter();
                let foreign = foreign::unless_slip(foreign::ty(&name.value), &name.value, known.clone());
                let diagnostic = match foreign {
                    Some(foreign) => messages::foreign_word("type", &name.value, name.span, foreign),
                    None => messages::unknown_name("type", &name.value, name.span, known),
                };
                self.report_unknown_name(module, &name.value, diagnostic);
                Err(None)
            }
        }
    }

    fn imported_type(&mut self, module: ModuleId, alias: &ast::Name, name: &ast::Name) -> Option<Definition> {
        let from = self.imported_module(module, alias)?;
        if let Some(definition) = self.lookup_in(from, &name.value, name.span) {
            return Some(definition);
        }
        let known = self.modules.module(from).names.keys().map(String::as_str);
        let what = format!("type in `{}`", alias.value);
        let diagnostic = messages::unknown_name(&what, &name.value, name.span, known);
        self.report_unknown_name(from, &name.value, diagnostic);
        None
    }

    /// The module that `use … as alias` names.
    pub(crate) fn imported_module(&mut self, module: ModuleId, alias: &ast::Name) -> Option<ModuleId> {
        let tables = self.modules.module(module);
        if let Some(from) = tables.aliases.get(&alias.value).copied() {
            self.refer(alias.span, Definition::Module(from));
            return Some(from);
        }
        let known = tables.aliases.keys().map(String::as_str);
        let diagnostic = messages::unknown_name("imported file", &alias.value, alias.span, known);
        self.report_unknown_name(module, &alias.value, diagnostic);
        None
    }

    fn known_types(&self, module: ModuleId) -> Vec<&str> {
        let tables = [self.modules.all.first(), Some(self.modules.module(module))];
        let declared = tables.into_iter().flatten().flat_map(|module| &module.names);
        declared
            .filter(|(_, definition)| {
                matches!(definition, Definition::Record(_) | Definition::Enum(_) | Definition::TypeAlias(_))
            })
            .map(|(name, _)| name.as_str())
            .chain(BUILT_IN.iter().map(|row| row.name))
            .collect()
    }

    /// Whether a declaration is one of those that contain each other, which has been said.
    fn is_in_current_cycle(&self, definition: &Definition) -> bool {
        Node::of(definition).is_some_and(|node| self.current_cycle.contains(&node))
    }

    fn defined_type(&mut self, definition: &Definition, name: &ast::Name) -> Type {
        if let Definition::Record(id) = definition {
            return Type::Record(*id);
        }
        if let Definition::Enum(id) = definition {
            return Type::Enum(*id);
        }
        if let Definition::TypeAlias(id) = definition {
            return self.program.type_aliases[id.index()].ty.clone();
        }
        self.report(say::no_type(&name.value, word(definition), name.span));
        Type::Error
    }

    fn built_in(
        &mut self,
        module: ModuleId,
        name: &'static str,
        arguments: &[ast::Type],
        span: Span,
    ) -> Type {
        match (name, arguments) {
            ("bool", []) => Type::Bool,
            ("int", []) => Type::INT,
            ("float", []) => Type::FLOAT,
            ("string", []) => Type::STRING,
            ("duration", []) => Type::Duration,
            ("quantity", []) => Type::Quantity,
            ("json", []) => Type::Json,
            ("secret", []) => Type::Secret,
            ("timestamp", []) => Type::Timestamp,
            ("date", []) => Type::Date,
            ("decimal", []) => Type::Decimal,
            ("map", [value]) => {
                let ty = self.resolve_type(module, value);
                self.stands(&ty, value.span, Standing::Item);
                Type::map(self.unless_secret(ty, "a map", value.span))
            }
            ("file", []) => Type::File(None),
            ("dir", []) => Type::Dir(None),
            ("file", [format]) => self.format(module, format).map_or(Type::Error, |id| Type::File(Some(id))),
            ("dir", [format]) => self.format(module, format).map_or(Type::Error, |id| Type::Dir(Some(id))),
            ("table", [row]) => self.table(module, row, None),
            ("table", [row, format]) => self.table(module, row, Some(format)),
            _ => {
                self.report(say::wrong_arguments(name, span));
                Type::Error
            }
        }
    }

    fn table(&mut self, module: ModuleId, row: &ast::Type, format: Option<&ast::Type>) -> Type {
        let row_type = self.resolve_type(module, row);
        self.stands(&row_type, row.span, Standing::Row);
        let id = match format {
            None => None,
            Some(format) => match self.format(module, format) {
                Some(id) => {
                    self.stands_in_table.push((id, format.span));
                    Some(id)
                }
                None => return Type::Error,
            },
        };
        let may_be_rows =
            matches!(row_type, Type::Record(_) | Type::Anonymous(_) | Type::Distinct(_) | Type::Parameter(_));
        if !may_be_rows {
            return Type::Error;
        }
        Type::Table { row: Arc::new(row_type), format: id }
    }

    /// A format: the file's own, or what it imports by name, or the prelude's. Other declarations of the name don't hide it.
    fn format(&mut self, module: ModuleId, written: &ast::Type) -> Option<FormatId> {
        let ast::TypeKind::Named { path, arguments } = &written.kind else {
            if !matches!(written.kind, ast::TypeKind::Error) {
                self.report(say::no_format(written.span));
            }
            return None;
        };
        if !arguments.is_empty() {
            self.report(say::no_format(written.span));
            return None;
        }
        let name = &path.name;
        let found = match &path.module {
            Some(alias) => {
                let from = self.imported_module(module, alias)?;
                self.modules.find_exported(from, &name.value)
            }
            None => {
                let own = self.modules.module(module).names.get(&name.value);
                let prelude = self.modules.all.first().and_then(|prelude| prelude.names.get(&name.value));
                [own, prelude]
                    .into_iter()
                    .flatten()
                    .find(|definition| matches!(definition, Definition::Format(_)))
                    .cloned()
            }
        };
        if let Some(Definition::Format(id)) = found {
            self.refer(name.span, Definition::Format(id));
            return Some(id);
        }
        let formats = self.program.formats.iter().map(|format| format.name.as_str());
        let diagnostic = messages::unknown_name("format", &name.value, name.span, formats);
        self.report_unknown_name(module, &name.value, diagnostic);
        None
    }

    fn pattern(&mut self, base: &Type, base_span: Span, pattern: &Spanned<String>) -> Type {
        if matches!(base, Type::Error) {
            return Type::Error;
        }
        if !matches!(base, Type::String(None)) {
            let shown = self.show(base);
            self.report(say::pattern_of(&shown, base_span));
            return Type::Error;
        }
        if let Err(error) = Pattern::new(&pattern.value) {
            self.report(say::bad_pattern(&error.message, pattern.span));
            return Type::Error;
        }
        Type::String(Some(Arc::from(pattern.value.as_str())))
    }

    fn interval(&mut self, base: &Type, base_span: Span, interval: &ast::Interval) -> Type {
        let ty = if *base == Type::INT {
            self.int_interval(interval).map(Type::Int)
        } else if *base == Type::FLOAT {
            self.float_interval(interval).map(Type::Float)
        } else {
            if !matches!(base, Type::Error) {
                let shown = self.show(base);
                self.report(say::interval_of(&shown, base_span));
            }
            None
        };
        let is_empty = match &ty {
            Some(Type::Int(interval)) => interval.is_empty(),
            Some(Type::Float(interval)) => interval.is_empty(),
            _ => false,
        };
        if is_empty {
            self.report(say::empty_interval(interval.span));
            return Type::Error;
        }
        ty.unwrap_or(Type::Error)
    }

    fn int_interval(&mut self, interval: &ast::Interval) -> Option<IntInterval> {
        let min = self.int_bound(interval.low.as_ref())?;
        let high = self.int_bound(interval.high.as_ref())?;
        let max = match interval.end {
            ast::IntervalEnd::Inclusive => high,
            ast::IntervalEnd::Exclusive => match high {
                Some(i64::MIN) => {
                    self.report(say::empty_interval(interval.span));
                    return None;
                }
                Some(high) => Some(high - 1),
                None => None,
            },
            ast::IntervalEnd::Open => None,
        };
        Some(IntInterval { min, max })
    }

    /// The outer `None`: it has had its message.
    fn int_bound(&mut self, bound: Option<&Spanned<String>>) -> Option<Option<i64>> {
        let Some(bound) = bound else { return Some(None) };
        match bound.value.parse() {
            Ok(value) => Some(Some(value)),
            Err(_) => {
                self.report(say::bad_int_bound(bound));
                None
            }
        }
    }

    fn float_interval(&mut self, interval: &ast::Interval) -> Option<FloatInterval> {
        let min = self.float_bound(interval.low.as_ref())?;
        let high = self.float_bound(interval.high.as_ref())?;
        let max = match interval.end {
            ast::IntervalEnd::Inclusive => high.map(|value| FloatEnd { value, inclusive: true }),
            ast::IntervalEnd::Exclusive => high.map(|value| FloatEnd { value, inclusive: false }),
            ast::IntervalEnd::Open => None,
        };
        Some(FloatInterval { min, max })
    }

    fn float_bound(&mut self, bound: Option<&Spanned<String>>) -> Option<Option<f64>> {
        let Some(bound) = bound else { return Some(None) };
        match bound.value.parse::<f64>() {
            // There is no negative zero.
            Ok(value) if value.is_finite() => Some(Some(value + 0.0)),
            Ok(_) | Err(_) => {
                self.report(say::bad_float_bound(bound));
                None
            }
        }
    }
}

/// What a definition is called in messages, with its article.
pub(crate) fn word(definition: &Definition) -> &'static str {
    match definition {
        Definition::Module(_) => "an imported file",
        Definition::Record(_) => "a record",
        Definition::Enum(_) => "an enum",
        Definition::TypeAlias(_) | Definition::BuiltInType(_) => "a type",
        Definition::Format(_) => "a format",
        Definition::Constant(_) => "a constant",
        Definition::Task(_) => "a task",
        Definition::Pipeline(_) => "a pipeline",
        Definition::Launch(_) => "a launch",
        Definition::Field(..) => "a field",
        Definition::Variant(..) => "a variant",
        Definition::TaskParameter(..) | Definition::PipelineParameter(..) => "an input",
        Definition::TaskResult(..) | Definition::PipelineResult(..) => "an output",
        Definition::Local(..) => "a binding",
        Definition::Function(_) => "a function",
        Definition::Setting(_) => "a setting",
    }
}
