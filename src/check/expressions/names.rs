//! Names: locals, constants, and what is known of the run.

use pipec_ir::RunField;
use pipec_ir::value::Value;

use super::{messages, typed};
use crate::check::context::{Checker, Owner, Place, Scope, error_expression};
use crate::check::foreign;
use crate::check::library;
use crate::check::messages as general;
use crate::diagnostics::Diagnostic;
use crate::hir::{self, Definition, ExprKind, LocalId, LocalKind};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::{AnonymousField, Type};

/// What is known of the run, by name.
const RUN_FIELDS: &[(&str, RunField)] = &[
    ("id", RunField::Id),
    ("name", RunField::Name),
    ("scheduled", RunField::Scheduled),
    ("day", RunField::Day),
    ("status", RunField::Status),
    ("started", RunField::Started),
    ("duration", RunField::Duration),
    ("failures", RunField::Failures),
];

impl Checker<'_> {
    pub(super) fn name(
        &mut self,
        scope: &mut Scope,
        name: &str,
        span: Span,
        expected: Option<&Type>,
    ) -> hir::Expr {
        if let Some(local) = scope.find(name) {
            return self.local(scope, local, span);
        }
        match self.lookup(scope.module, name, span) {
            Some(definition) => self.definition_as_value(name, &definition, span),
            None => {
                if let Some(literal) = foreign::literal(name) {
                    self.report_unknown_name(
                        scope.module,
                        name,
                        messages::foreign_literal(name, literal, span),
                    );
                    return match literal {
                        "null" => self.null(span, expected),
                        word => super::literal(Value::Bool(word == "true"), Type::Bool, span),
                    };
                }
                let diagnostic = match self.variant_without_enum(scope, name, expected, span) {
                    Some(diagnostic) => diagnostic,
                    None => self.unknown(scope, name, span),
                };
                self.report_unknown_name(scope.module, name, diagnostic);
                error_expression(span)
            }
        }
    }

    /// `fast` where a `Mode` is expected.
    fn variant_without_enum(
        &self,
        scope: &Scope,
        name: &str,
        expected: Option<&Type>,
        span: Span,
    ) -> Option<Diagnostic> {
        let Type::Enum(id) = expected?.without_optional() else { return None };
        let enumeration = &self.program.enums[id.index()];
        let is_variant = enumeration.variants.iter().any(|variant| variant.name == name);
        let has_name = self.modules.find(scope.module, &enumeration.name).is_some();
        (is_variant && has_name).then(|| messages::variant_without_enum(&enumeration.name, name, span))
    }

    /// A local where it is used.
    pub(super) fn local(&mut self, scope: &mut Scope, local: LocalId, span: Span) -> hir::Expr {
        scope.body.used.insert(local);
        if let Some(definition) = self.definition_of_local(scope, local) {
            self.refer(span, definition);
        }
        let ty = scope.local(local).ty.clone();
        scope.narrowed(hir::Expr { kind: ExprKind::Local(local), ty, span })
    }

    /// What a local's name refers to, for those who ask the editor.
    pub(crate) fn definition_of_local(&self, scope: &Scope, local: LocalId) -> Option<Definition> {
        let index = local.0;
        match (scope.owner, scope.local(local).kind) {
            (Owner::Task(id), LocalKind::Parameter) => Some(Definition::TaskParameter(id, index)),
            (Owner::Task(id), LocalKind::Output) => {
                let inputs = scope.locals.iter().filter(|local| local.kind == LocalKind::Parameter).count();
                Some(Definition::TaskResult(id, index.saturating_sub(u32::try_from(inputs).unwrap_or(0))))
            }
            (Owner::Pipeline(id), LocalKind::Parameter) => Some(Definition::PipelineParameter(id, index)),
            (
                Owner::Pipeline(id),
                LocalKind::Output
                | LocalKind::Binding
                | LocalKind::LoopItem
                | LocalKind::LoopIndex
                | LocalKind::State
                | LocalKind::MatchField,
            ) => Some(Definition::Local(id, local)),
            (
                Owner::Task(_) | Owner::Constant | Owner::Launch(_),
                LocalKind::Parameter
                | LocalKind::Output
                | LocalKind::Binding
                | LocalKind::LoopItem
                | LocalKind::LoopIndex
                | LocalKind::State
                | LocalKind::MatchField,
            ) => None,
        }
    }

    /// A top-level name as a value: only constants are.
    pub(super) fn definition_as_value(
        &mut self,
        name: &str,
        definition: &Definition,
        span: Span,
    ) -> hir::Expr {
        if let Definition::Constant(id) = definition {
            return match self.program.constants.get(id.index()) {
                Some(constant) => typed(ExprKind::Constant(*id), constant.ty.clone(), span),
                None => error_expression(span),
            };
        }
        self.report(messages::not_a_value(name, definition, span));
        error_expression(span)
    }

    /// A name that should be one of the body's.
    pub(in crate::check) fn unknown_local(
        &self,
        scope: &Scope,
        name: &ast::Name,
    ) -> crate::diagnostics::Diagnostic {
        self.unknown(scope, &name.value, name.span)
    }

    fn unknown(&self, scope: &Scope, name: &str, span: Span) -> crate::diagnostics::Diagnostic {
        if name == "run" {
            return messages::run_is_no_value(span);
        }
        if scope.body.product.iter().any(|known| known == name) {
            return messages::nest_the_loops(name, span);
        }
        if let Some(local) = scope.body.ended.get(name) {
            return messages::name_of_an_ended_block(scope.local(*local), span);
        }
        if let Some(later) = scope.body.later.get(name) {
            return if scope.place == Place::Hook {
                messages::binding_in_hook(name, span, *later)
            } else {
                messages::bound_further_down(name, span, *later)
            };
        }
        if let Some(function) = library::function(name) {
            return messages::function_is_no_value(function, span);
        }
        if let Some(foreign) = foreign::statement(name) {
            return general::foreign_word("name", name, span, foreign);
        }
        if !self.proposes() {
            return general::unknown_name("name", name, span, std::iter::empty());
        }
        if scope.place == Place::Constant && !scope.visible.contains_key(name) {
            return general::unknown_name("name", name, span, self.constants_of(scope).into_iter());
        }
        let mut known: Vec<&str> = scope.visible.keys().map(String::as_str).collect();
        known.sort_unstable();
        known.extend(self.constants_of(scope));
        general::unknown_name("name", name, span, known.into_iter())
    }

    /// Names of top-level constants that are visible.
    fn constants_of(&self, scope: &Scope) -> Vec<&str> {
        let names = &self.modules.module(scope.module).names;
        let is_constant = |definition: &Definition| matches!(definition, Definition::Constant(_));
        names
            .iter()
            .filter(|(_, definition)| is_constant(definition))
            .map(|(name, _)| name.as_str())
            .collect()
    }

    /// `run.id` and its like.
    pub(super) fn run_field(&mut self, scope: &Scope, name: &ast::Name, span: Span) -> hir::Expr {
        let Some((_, field)) = RUN_FIELDS.iter().find(|(known, _)| *known == name.value) else {
            let known = RUN_FIELDS.iter().map(|(known, _)| *known);
            self.report(messages::unknown_run_field(name, known));
            return error_expression(span);
        };
        match scope.place {
            Place::Constant => {
                self.report(messages::run_in_constant(&name.value, span));
                return error_expression(span);
            }
            Place::TaskInputs => {
                self.report(messages::run_in_task(&name.value, span));
                return error_expression(span);
            }
            Place::Body | Place::With | Place::Launch if !field.is_known_from_start() => {
                self.report(messages::run_only_in_hooks(&name.value, span));
                return error_expression(span);
            }
            Place::Body | Place::With | Place::Launch | Place::Hook => {}
        }
        match self.run_type(*field) {
            Some(ty) => typed(ExprKind::Run(*field), ty, span),
            None => error_expression(span),
        }
    }

    fn run_type(&self, field: RunField) -> Option<Type> {
        Some(match field {
            RunField::Id | RunField::Name | RunField::Scheduled | RunField::Started => Type::STRING,
            RunField::Duration => Type::Duration,
            RunField::Day => self.day_type(),
            RunField::Status => {
                let Some(Definition::Enum(id)) = self.prelude("RunStatus") else { return None };
                Type::Enum(id)
            }
            RunField::Failures => {
                let field = |name: &str| AnonymousField {
                    name: name.to_owned(),
                    outside: None,
                    ty: Type::STRING,
                    default: None,
                };
                Type::list(Type::Anonymous([field("step"), field("message")].into()))
            }
        })
    }

    /// What a name of the prelude means, whatever a file declares.
    fn prelude(&self, name: &str) -> Option<Definition> {
        self.modules.find_exported(hir::PRELUDE, name)
    }

    /// The prelude's `Date`.
    pub(super) fn day_type(&self) -> Type {
        match self.prelude("Date") {
            Some(Definition::TypeAlias(id)) => {
                self.program.type_aliases.get(id.index()).map_or(Type::STRING, |alias| alias.ty.clone())
            }
            Some(_) | None => Type::STRING,
        }
    }
}
