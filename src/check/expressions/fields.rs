//! What stands behind a dot or in brackets: fields, columns of lists, elements, names of modules and enums.

use pipec_ir::value::Value;

use super::{messages, type_of, typed};
use crate::check::body::callee_behind;
use crate::check::context::{Checker, Scope, error_expression};
use crate::check::convert::Expectation;
use crate::check::messages as general;
use crate::hir::{self, Callee, Definition, EnumId, ExprKind, ModuleId};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::Type;

/// What a name before a dot is, if it is no value.
pub(in crate::check) enum Qualifier {
    Run,
    Module(ModuleId),
    Enum(EnumId),
}

/// `.` or `?.`
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dot {
    /// Where it stands, for a fix.
    Plain(Span),
    Optional,
}

impl Checker<'_> {
    /// `run`, a module or an enum before a dot. Names of the body come first.
    pub(in crate::check) fn qualifier(&mut self, scope: &Scope, of: &ast::Expr) -> Option<Qualifier> {
        if let ast::ExprKind::Name(name) = &of.kind {
            if scope.find(name).is_some() {
                return None;
            }
            if name == "run" {
                return Some(Qualifier::Run);
            }
            let definition = self.modules.find(scope.module, name)?;
            return self.qualifier_of(definition, of.span);
        }
        let ast::ExprKind::Field { of: module, name } = &of.kind else { return None };
        let ast::ExprKind::Name(module_name) = &module.kind else { return None };
        if scope.find(module_name).is_some() {
            return None;
        }
        let Some(Definition::Module(id)) = self.modules.find(scope.module, module_name) else { return None };
        let definition = self.modules.find_exported(id, &name.value)?;
        let qualifier = self.qualifier_of(definition, name.span)?;
        self.refer(module.span, Definition::Module(id));
        Some(qualifier)
    }

    fn qualifier_of(&mut self, definition: Definition, span: Span) -> Option<Qualifier> {
        let qualifier = if let Definition::Module(id) = definition {
            Qualifier::Module(id)
        } else if let Definition::Enum(id) = definition {
            Qualifier::Enum(id)
        } else {
            return None;
        };
        self.refer(span, definition);
        Some(qualifier)
    }

    pub(super) fn field(
        &mut self,
        scope: &mut Scope,
        of: &ast::Expr,
        name: &ast::Name,
        span: Span,
    ) -> hir::Expr {
        match self.qualifier(scope, of) {
            Some(Qualifier::Run) => self.run_field(scope, name, span),
            Some(Qualifier::Enum(id)) => self.bare_variant(id, name, span),
            Some(Qualifier::Module(module)) => match self.lookup_in(module, &name.value, name.span) {
                Some(definition) => self.definition_as_value(&name.value, &definition, span),
                None => {
                    self.report_unknown_name(
                        module,
                        &name.value,
                        self.not_in_module(module, name, "constant"),
                    );
                    error_expression(span)
                }
            },
            None => {
                let dot = Dot::Plain(Span { start: of.span.end, end: name.span.start, ..name.span });
                let of = self.expression(scope, of, None);
                self.field_of(scope, of, dot, name, span)
            }
        }
    }

    pub(in crate::check) fn not_in_module(
        &self,
        module: ModuleId,
        name: &ast::Name,
        what: &str,
    ) -> crate::diagnostics::Diagnostic {
        let module = self.modules.module(module);
        let own = |known: &&String| !module.imports.contains_key(*known);
        let known = module.names.keys().filter(own).map(String::as_str);
        general::unknown_name(&format!("{what} in `{}`", module.path), &name.value, name.span, known)
    }

    pub(super) fn optional_field(
        &mut self,
        scope: &mut Scope,
        of: &ast::Expr,
        name: &ast::Name,
        span: Span,
    ) -> hir::Expr {
        let of = self.expression(scope, of, None);
        self.field_of(scope, of, Dot::Optional, name, span)
    }

    fn field_of(
        &mut self,
        scope: &Scope,
        of: hir::Expr,
        dot: Dot,
        name: &ast::Name,
        span: Span,
    ) -> hir::Expr {
        let of = self.with_value(of, &format!("what stands before `.{}`", name.value));
        if Self::is_error(&of) {
            return error_expression(span);
        }
        let ty = type_of(&of).base(&self.program);
        if let Type::Optional(inner) = &ty {
            return self.field_of_optional(scope, of, inner, dot, name, span);
        }
        if let Type::List(item) = &ty {
            return self.projection(scope, of, item, dot, name, span);
        }
        let Some(field) = self.field_type(scope, &of, &ty, name) else { return error_expression(span) };
        if dot == Dot::Optional {
            let was_narrowed = matches!(of.kind, ExprKind::Narrow(_));
            if !was_narrowed {
                self.report(messages::never_null(&of, "?.", name.span));
            }
        }
        let of = self.without_name(of, &ty);
        let value = typed(ExprKind::Field { of: Box::new(of), field: name.value.clone() }, field, span);
        scope.narrowed(value)
    }

    /// A value whose type has a name, as one of its base.
    pub(in crate::check) fn without_name(&self, of: hir::Expr, base: &Type) -> hir::Expr {
        if !matches!(of.ty, Some(Type::Distinct(_))) {
            return of;
        }
        let span = of.span;
        typed(ExprKind::Widen(Box::new(of)), base.clone(), span)
    }

    fn field_of_optional(
        &mut self,
        scope: &Scope,
        of: hir::Expr,
        inner: &Type,
        dot: Dot,
        name: &ast::Name,
        span: Span,
    ) -> hir::Expr {
        let base = inner.base(&self.program);
        if matches!(base, Type::List(_)) {
            let source = self.source_of(scope, &of);
            self.report(messages::optional_list(self, &of, name, source));
            return error_expression(span);
        }
        let Some(field) = self.field_type(scope, &of, &base, name) else { return error_expression(span) };
        if let Dot::Plain(place) = dot {
            let source = self.source_of(scope, &of);
            self.report(messages::field_of_what_may_be_null(self, &of, place, name, source));
            return error_expression(span);
        }
        let of = if matches!(inner, Type::Distinct(_)) {
            let at = of.span;
            typed(ExprKind::Widen(Box::new(of)), Type::optional(base), at)
        } else {
            of
        };
        let kind = ExprKind::OptionalField { of: Box::new(of), field: name.value.clone() };
        scope.narrowed(typed(kind, Type::optional(field), span))
    }

    /// `xs.f`: that field of all items.
    fn projection(
        &mut self,
        scope: &Scope,
        of: hir::Expr,
        item: &Type,
        dot: Dot,
        name: &ast::Name,
        span: Span,
    ) -> hir::Expr {
        let base = item.without_optional().base(&self.program);
        let items_may_be_null = matches!(item, Type::Optional(_));
        if matches!(base, Type::List(_)) {
            self.report(messages::field_of_nested_lists(self, &of, name));
            return error_expression(span);
        }
        let Some(field) = self.field_type(scope, &of, &base, name) else { return error_expression(span) };
        if items_may_be_null && let Dot::Plain(place) = dot {
            let source = self.source_of(scope, &of);
            self.report(messages::column_of_what_may_be_null(self, &of, place, name, source));
            return error_expression(span);
        }
        if !items_may_be_null && dot == Dot::Optional {
            self.report(messages::never_null(&of, "?.", name.span));
        }
        let has_name = matches!(item.without_optional(), Type::Distinct(_));
        let of = if has_name {
            let item = if items_may_be_null { Type::optional(base) } else { base };
            let at = of.span;
            typed(ExprKind::Widen(Box::new(of)), Type::list(item), at)
        } else {
            of
        };
        let field = if items_may_be_null { Type::optional(field) } else { field };
        typed(ExprKind::Project { of: Box::new(of), field: name.value.clone() }, Type::list(field), span)
    }

    /// The type of a field, or a finding.
    fn field_type(&mut self, scope: &Scope, of: &hir::Expr, ty: &Type, name: &ast::Name) -> Option<Type> {
        if let Type::Record(id) = ty {
            let record = &self.program.records[id.index()];
            let found = record.fields.iter().position(|field| field.name == name.value);
            if let Some(index) = found {
                let ty = record.fields[index].ty.clone();
                self.refer(name.span, Definition::Field(*id, u32::try_from(index).unwrap_or(u32::MAX)));
                return Some(ty);
            }
        }
        if let Type::Anonymous(fields) = ty
            && let Some(field) = fields.iter().find(|field| field.name == name.value)
        {
            if let Some(callee) = callee_behind(of, scope) {
                self.refer_to_result(callee, name);
            }
            return Some(field.ty.clone());
        }
        if matches!(ty, Type::Error) {
            return None;
        }
        self.report(messages::no_such_field(self, scope, of, ty, name));
        None
    }

    fn refer_to_result(&mut self, callee: Callee, name: &ast::Name) {
        let Some(index) = self.result_index(callee, &name.value) else { return };
        let definition = match callee {
            Callee::Task(id) => Definition::TaskResult(id, index),
            Callee::Pipeline(id) => Definition::PipelineResult(id, index),
        };
        self.refer(name.span, definition);
    }

    fn result_index(&self, callee: Callee, name: &str) -> Option<u32> {
        let hir::Results::Named(results) = self.results_of(callee) else { return None };
        let index = results.iter().position(|result| result.name == name)?;
        u32::try_from(index).ok()
    }

    pub(in crate::check) fn results_of(&self, callee: Callee) -> &hir::Results {
        match callee {
            Callee::Task(id) => &self.program.tasks[id.index()].results,
            Callee::Pipeline(id) => &self.program.pipelines[id.index()].results,
        }
    }

    pub(super) fn index(
        &mut self,
        scope: &mut Scope,
        of: &ast::Expr,
        index: &ast::Expr,
        span: Span,
    ) -> hir::Expr {
        let of = self.expression(scope, of, None);
        let of = self.with_value(of, "what stands before `[`");
        let ty = type_of(&of).base(&self.program);
        let (element, key, what) = if let Type::List(item) = &ty {
            ((**item).clone(), Type::INT, "a list's index")
        } else if let Type::Map(value) = &ty {
            ((**value).clone(), Type::STRING, "a map's key")
        } else {
            self.expression(scope, index, None);
            if !Self::is_error(&of) {
                let source = self.source_of(scope, &of);
                self.report(messages::no_elements(self, &of, &ty, source));
            }
            return error_expression(span);
        };
        let index = self.expression_of(scope, index, &key, |_| Expectation::new(what));
        if Self::is_error(&index) {
            return error_expression(span);
        }
        if let Some(Value::Int(number @ ..0)) = self.known_value(&index) {
            self.report(messages::no_item_before_the_first(number, index.span));
            return error_expression(span);
        }
        let of = self.without_name(of, &ty);
        let kind = ExprKind::Index { of: Box::new(of), index: Box::new(index) };
        let value = self.without_fault(typed(kind, element, span));
        scope.narrowed(value)
    }
}
