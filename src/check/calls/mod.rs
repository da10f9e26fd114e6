//! Calls: of tasks and pipelines, of types and variants, of the library; and what may stand around them.

mod alignment;
mod arguments;
mod gates;
mod inference;
pub(super) mod inference_messages;
pub(super) mod messages;
mod suffixes;

pub(super) use arguments::Arguments;
pub(super) use inference::Placed;

use super::body::NoCalls;
use super::context::{Checker, Place, Scope, error_expression};
use super::convert::Expectation;
use super::expressions::{Demand, Qualifier, typed};
use super::fold::Known;
use super::foreign;
use super::library;
use crate::hir::{self, Callee, Definition, ExprKind, Results, TypeAliasId};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::{AnonymousField, Kind, Type, kind};

/// What the name before the parentheses is.
enum Called {
    Step(Callee),
    Type(TypeAliasId),
    Variant(hir::EnumId, ast::Name),
    Library(&'static library::LibraryFunction),
    Approve,
    Sleep,
    /// A function of another language: a message has been given.
    Foreign,
    /// A message has been given.
    Error,
}

/// What stands around a call of a step: `try f(x) with { … } after a`.
#[derive(Default)]
struct Around<'a> {
    tries: Option<Span>,
    settings: Vec<(&'a [ast::Setting], Span)>,
    after: Vec<&'a ast::Name>,
}

impl Checker<'_> {
    /// A call with nothing around it.
    pub(super) fn call(
        &mut self,
        scope: &mut Scope,
        call: &ast::Call,
        span: Span,
        demand: Demand<'_>,
    ) -> hir::Expr {
        self.call_with(scope, call, span, Around::default(), demand)
    }

    fn call_with(
        &mut self,
        scope: &mut Scope,
        call: &ast::Call,
        span: Span,
        around: Around<'_>,
        demand: Demand<'_>,
    ) -> hir::Expr {
        let called = self.called(scope, &call.callee);
        match called {
            Called::Step(callee) => return self.step_call(scope, callee, call, span, around),
            Called::Approve => return self.approve(scope, call, span, around),
            Called::Sleep => return self.sleep(scope, call, span, around),
            Called::Type(_) | Called::Variant(..) | Called::Library(_) | Called::Foreign | Called::Error => {}
        }
        let value = match called {
            Called::Type(id) => self.type_call(scope, id, call, span),
            Called::Variant(id, name) => self.variant_call(scope, id, &name, call, span),
            Called::Library(function) => self.library_call(scope, function, call, span, demand.expected),
            Called::Foreign => {
                self.check_arguments_of_foreign(scope, call);
                return error_expression(span);
            }
            Called::Error | Called::Step(_) | Called::Approve | Called::Sleep => {
                self.check_arguments_alone(scope, call);
                return error_expression(span);
            }
        };
        if !Self::is_error(&value) {
            self.nothing_around(&around, span);
        }
        value
    }

    fn called(&mut self, scope: &Scope, callee: &ast::Expr) -> Called {
        if let ast::ExprKind::Name(name) = &callee.kind {
            return self.called_by_name(scope, name, callee.span);
        }
        let ast::ExprKind::Field { of, name } = &callee.kind else {
            if !matches!(callee.kind, ast::ExprKind::Error) {
                self.report(messages::only_names_are_called(callee.span));
            }
            return Called::Error;
        };
        match self.qualifier(scope, of) {
            Some(Qualifier::Enum(id)) => Called::Variant(id, name.clone()),
            Some(Qualifier::Module(module)) => match self.lookup_in(module, &name.value, name.span) {
                Some(definition) => self.called_definition(&name.value, &definition, name.span),
                None => {
                    self.report_unknown_name(
                        module,
                        &name.value,
                        self.not_in_module(module, name, "task, pipeline or type"),
                    );
                    Called::Error
                }
            },
            Some(Qualifier::Run) | None => {
                match self.unknown_alias(scope, of) {
                    Some(alias) => {
                        self.imported_module(scope.module, &alias);
                    }
                    None => self.report(messages::method_call(name)),
                }
                Called::Error
            }
        }
    }

    /// The name before the dot, if it means nothing: most likely that of an import.
    fn unknown_alias(&self, scope: &Scope, of: &ast::Expr) -> Option<ast::Name> {
        let ast::ExprKind::Name(name) = &of.kind else { return None };
        let is_known =
            name == "run" || scope.find(name).is_some() || self.modules.find(scope.module, name).is_some();
        (!is_known).then(|| ast::Name::new(name.clone(), of.span))
    }

    fn called_by_name(&mut self, scope: &Scope, name: &str, span: Span) -> Called {
        match name {
            "approve" => return Called::Approve,
            "sleep" => return Called::Sleep,
            _ => {}
        }
        // A file's own names hide the library's functions, and these the prelude's types and formats.
        let own = self.modules.module(scope.module);
        if !own.names.contains_key(name)
            && !own.aliases.contains_key(name)
            && let Some(function) = library::function(name)
        {
            return Called::Library(function);
        }
        if let Some(definition) = self.lookup(scope.module, name, span) {
            return self.called_definition(name, &definition, span);
        }
        if let Some(local) = scope.find(name) {
            self.report(messages::local_is_called(scope.local(local), scope.word(local), span));
            return Called::Error;
        }
        let names = &self.modules.module(scope.module).names;
        let is_called = |definition: &Definition| {
            matches!(definition, Definition::Task(_) | Definition::Pipeline(_) | Definition::TypeAlias(_))
        };
        let own = names.iter().filter(|(_, definition)| is_called(definition)).map(|(name, _)| name.as_str());
        if let Some(foreign) = foreign::unless_slip(foreign::function(name), name, own.clone()) {
            let diagnostic = super::messages::foreign_word("function", name, span, foreign);
            self.report_unknown_name(scope.module, name, diagnostic);
            return Called::Foreign;
        }
        let known = own.chain(library::LIBRARY.iter().map(|row| row.name));
        let known = known.take(if self.proposes() { usize::MAX } else { 0 });
        let diagnostic = super::messages::unknown_name("task, pipeline or function", name, span, known);
        self.report_unknown_name(scope.module, name, diagnostic);
        Called::Error
    }

    fn called_definition(&mut self, name: &str, definition: &Definition, span: Span) -> Called {
        match definition {
            Definition::Task(id) => Called::Step(Callee::Task(*id)),
            Definition::Pipeline(id) => Called::Step(Callee::Pipeline(*id)),
            Definition::TypeAlias(id) => Called::Type(*id),
            Definition::Module(_)
            | Definition::Record(_)
            | Definition::Enum(_)
            | Definition::Format(_)
            | Definition::Constant(_)
            | Definition::Launch(_)
            | Definition::Field(..)
            | Definition::Variant(..)
            | Definition::TaskParameter(..)
            | Definition::TaskResult(..)
            | Definition::PipelineParameter(..)
            | Definition::PipelineResult(..)
            | Definition::Local(..)
            | Definition::Function(_)
            | Definition::BuiltInType(_)
            | Definition::Setting(_) => {
                self.report(messages::not_callable(name, definition, span));
                Called::Error
            }
        }
    }

    fn step_call(
        &mut self,
        scope: &mut Scope,
        callee: Callee,
        call: &ast::Call,
        span: Span,
        around: Around<'_>,
    ) -> hir::Expr {
        if !self.may_stand_here(scope, call, span) {
            self.check_arguments_alone(scope, call);
            let is_plain = self.type_parameters_of(callee).is_empty();
            let ty = if is_plain { self.value_type(callee) } else { Some(Type::Error) };
            return hir::Expr { kind: ExprKind::Error, ty, span };
        }
        let Arguments { values: arguments, types } = self.arguments(scope, callee, call, span);
        let settings = self.override_settings(scope, callee, &around);
        let after = self.waits(scope, &around.after);
        let Some(type_arguments) = types else { return error_expression(span) };
        let ty = self.value_type_with(callee, &type_arguments);
        let (outer, inner) = if around.tries.is_some() { (after, Vec::new()) } else { (Vec::new(), after) };
        let call = hir::Call { callee, type_arguments, arguments, settings, after: inner };
        let value = hir::Expr { kind: ExprKind::Call(Box::new(call)), ty, span };
        match around.tries {
            Some(whole) => attempted(value, outer, whole),
            None => value,
        }
    }

    /// Whether a call may stand here. A finding if not.
    fn may_stand_here(&mut self, scope: &Scope, call: &ast::Call, span: Span) -> bool {
        let diagnostic = match (scope.place, scope.body.no_calls) {
            (Place::Body | Place::Hook, None) => return true,
            (Place::With, _) | (Place::Body | Place::Hook, Some(NoCalls::With)) => {
                messages::call_in_settings(span)
            }
            (Place::Body | Place::Hook, Some(NoCalls::Interpolation)) => messages::call_in_text(call, span),
            (Place::Body | Place::Hook, Some(NoCalls::Until)) => messages::call_in_until(span),
            (Place::Body | Place::Hook, Some(NoCalls::Right { operator, whole })) => {
                messages::call_not_always_evaluated(call, operator, span, whole)
            }
            (Place::Constant, _) => messages::call_in_constant(span),
            (Place::TaskInputs, _) => messages::call_in_task(span),
            (Place::Launch, _) => messages::call_in_launch(span),
        };
        self.report(diagnostic);
        false
    }

    /// The type of a call's value: the record of named outputs, or the output itself.
    pub(super) fn value_type(&self, callee: Callee) -> Option<Type> {
        match self.results_of(callee) {
            Results::None => None,
            Results::Single { ty, .. } => Some(ty.clone()),
            Results::Named(results) => Some(record_of(results)),
        }
    }

    /// The type of a call's value where the callee's type parameters stand for others.
    fn value_type_with(&mut self, callee: Callee, type_arguments: &[Type]) -> Option<Type> {
        let ty = match self.call_values.get(&callee) {
            Some(known) => known.clone(),
            None => {
                let ty = self.value_type(callee)?;
                self.call_values.insert(callee, ty.clone());
                ty
            }
        };
        let parameters = self.type_parameters_of(callee).iter().copied();
        let bindings = parameters.zip(type_arguments.iter().cloned()).collect();
        Some(self.substituted(&ty, &bindings))
    }

    /// `Name(x)`: a value of a declared type from one of its base.
    fn type_call(&mut self, scope: &mut Scope, id: TypeAliasId, call: &ast::Call, span: Span) -> hir::Expr {
        let alias = &self.program.type_aliases[id.index()];
        let (ty, name, declared) = (alias.ty.clone(), alias.name.clone(), alias.span);
        let [argument] = call.arguments.as_slice() else {
            self.check_arguments_alone(scope, call);
            self.report(messages::type_takes_one(&name, call.arguments_span));
            return error_expression(span);
        };
        if argument.name.is_some() {
            self.check_arguments_alone(scope, call);
            self.report(messages::type_takes_one(&name, argument.span));
            return error_expression(span);
        }
        if matches!(ty, Type::Error) {
            self.check_arguments_alone(scope, call);
            return error_expression(span);
        }
        if kind(&ty, &self.program) != Kind::Value {
            self.check_arguments_alone(scope, call);
            let shown = self.show(&ty.base(&self.program));
            self.report(messages::type_of_no_values(&name, &shown, call.callee.span, declared));
            return error_expression(span);
        }
        let base = ty.base_throughout(&self.program);
        let value = self.expression_of(scope, &argument.value, &base, |_| {
            Expectation::new(format!("`{name}(…)`"))
                .declared_at(declared, format!("`{name}` is declared here"))
        });
        if Self::is_error(&value) {
            return error_expression(span);
        }
        if base == ty {
            return hir::Expr { span, ..value };
        }
        let value = match (self.known(&value), ty.without_names(&self.program)) {
            (Known::Value(_), refined) if refined != base => {
                let why = |_: &Self| {
                    Expectation::new(format!("`{name}(…)`"))
                        .declared_at(declared, format!("`{name}` is declared here"))
                };
                self.fit(scope, value, &refined, why)
            }
            (Known::Value(_) | Known::Fault(_) | Known::Nothing, _) => value,
        };
        if Self::is_error(&value) || value.ty.as_ref() == Some(&ty) {
            return value;
        }
        let refined = typed(ExprKind::Refine(Box::new(value)), ty, span);
        self.folded(refined)
    }
}

/// `try`: `null` for a failure, or a bool where there is no value.
fn attempted(call: hir::Expr, after: Vec<hir::LocalId>, span: Span) -> hir::Expr {
    let ty = match &call.ty {
        Some(ty) => Type::optional(ty.clone()),
        None => Type::Bool,
    };
    typed(ExprKind::Try { call: Box::new(call), after }, ty, span)
}

/// The record of named outputs.
pub(super) fn record_of(results: &[hir::ResultField]) -> Type {
    let fields: Vec<AnonymousField> = results
        .iter()
        .map(|result| AnonymousField {
            name: result.name.clone(),
            outside: None,
            ty: result.ty.clone(),
            default: None,
        })
        .collect();
    Type::Anonymous(fields.into())
}
