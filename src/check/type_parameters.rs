//! Type parameters of records, tasks and pipelines: their declarations, their scope, and what types are when they stand for others.

use foldhash::HashMap;

use super::context::Checker;
use super::declarations::number;
use super::messages;
use super::messages::declarations as say;
use super::types::word;
use crate::hir::{self, ModuleId, RecordId, TypeParameter, TypeParameterId};
use crate::syntax::ast;
use crate::types::{Kind, Substitution, Type};

/// What type parameters stand for.
pub(super) type Bindings = HashMap<TypeParameterId, Type>;

impl Checker<'_> {
    /// Declares type parameters and makes them known, until `leave_type_parameters`.
    pub(super) fn declare_type_parameters(
        &mut self,
        module: ModuleId,
        trees: &[ast::TypeParameter],
    ) -> Vec<TypeParameterId> {
        let mut declared = Vec::with_capacity(trees.len());
        for tree in trees {
            if let Some(first) = self.type_parameters.get(&tree.name.value) {
                let first = self.program.type_parameters[first.index()].span;
                self.report(say::part_twice("type parameter", &tree.name, first));
                continue;
            }
            self.check_hidden_type(module, &tree.name);
            let bound = match &tree.bound {
                None => Kind::Either,
                Some(bound) => match bound.value.as_str() {
                    "value" => Kind::Value,
                    "artifact" => Kind::Artifact,
                    _ => {
                        self.report(messages::unknown_bound(bound));
                        Kind::Either
                    }
                },
            };
            let id = TypeParameterId(number(self.program.type_parameters.len()));
            let name = tree.name.value.clone();
            self.program.type_parameters.push(TypeParameter { name, bound, span: tree.name.span });
            self.type_parameters.insert(tree.name.value.clone(), id);
            declared.push(id);
        }
        declared
    }

    /// Makes type parameters known that have been declared.
    pub(super) fn enter_type_parameters(&mut self, declared: &[TypeParameterId]) {
        let named = declared.iter().map(|id| (self.program.type_parameters[id.index()].name.clone(), *id));
        self.type_parameters.extend(named);
    }

    pub(super) fn leave_type_parameters(&mut self) {
        self.type_parameters.clear();
    }

    fn check_hidden_type(&mut self, module: ModuleId, name: &ast::Name) {
        let Some(definition) = self.modules.module(module).names.get(&name.value) else { return };
        let place = if let hir::Definition::Record(id) = definition {
            self.modules.record(*id).2.name.span
        } else if let hir::Definition::Enum(id) = definition {
            self.modules.enumeration(*id).2.name.span
        } else if let hir::Definition::TypeAlias(id) = definition {
            self.modules.type_alias(*id).2.name.span
        } else {
            return;
        };
        let what = word(definition);
        self.report(say::hides(name, what, place));
    }

    /// Reports type parameters that no input tells.
    pub(super) fn check_told(&mut self, declared: &[TypeParameterId], inputs: &[hir::Parameter]) {
        let mut told = Vec::new();
        for input in inputs {
            if input.ty.holds_error() {
                return;
            }
            input.ty.for_each_parameter(&self.program, &mut |id| told.push(id));
        }
        for id in declared.iter().filter(|id| !told.contains(id)) {
            let parameter = &self.program.type_parameters[id.index()];
            let diagnostic = say::untold_type_parameter(&parameter.name, parameter.span);
            self.report(diagnostic);
        }
    }

    /// Reports type parameters of a record that no field mentions.
    pub(super) fn check_mentioned(&mut self, record: RecordId, fields: &[hir::Field]) {
        let mut mentioned = Vec::new();
        for field in fields {
            if field.ty.holds_error() {
                return;
            }
            field.ty.for_each_parameter(&self.program, &mut |id| mentioned.push(id));
        }
        let record = &self.program.records[record.index()];
        let idle = record.type_parameters.iter().filter(|id| !mentioned.contains(id));
        let findings: Vec<_> = idle
            .map(|id| {
                let parameter = &self.program.type_parameters[id.index()];
                say::idle_type_parameter(&parameter.name, &record.name, parameter.span)
            })
            .collect();
        self.diagnostics.extend(findings);
    }

    /// Whether a type has type parameters in it that aren't those of the body at hand: a callee's, which a call has yet
    /// to tell.
    pub(super) fn is_left_open(&self, ty: &Type) -> bool {
        let mut open = false;
        ty.for_each_parameter(&self.program, &mut |id| {
            open |= !self.type_parameters.values().any(|own| *own == id);
        });
        open
    }

    /// A type where its parameters stand for others.
    pub(super) fn substituted(&mut self, ty: &Type, bindings: &Bindings) -> Type {
        if bindings.is_empty() {
            return ty.clone();
        }
        ty.substituted(&mut Substituting { checker: self, bindings })
    }
}

struct Substituting<'s, 'c> {
    checker: &'s mut Checker<'c>,
    bindings: &'s Bindings,
}

impl Substitution for Substituting<'_, '_> {
    fn parameter(&mut self, id: TypeParameterId) -> Option<Type> {
        self.bindings.get(&id).cloned()
    }

    fn record(&mut self, id: RecordId) -> Type {
        match &self.checker.program.records[id.index()].instance {
            Some(instance) if instance.is_open => {
                let (of, arguments) = (instance.of, instance.arguments.clone());
                let arguments = arguments.iter().map(|argument| argument.substituted(self)).collect();
                self.checker.record_instance(of, arguments)
            }
            Some(_) | None => Type::Record(id),
        }
    }
}
