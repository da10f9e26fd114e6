//! Records with type parameters: what `Pair<int, string>` is. Each list of types makes one record, whose fields are there
//! once and for all.

use super::constants::Node;
use super::context::Checker;
use super::declarations::number;
use super::messages::types as say;
use super::standing::Standing;
use super::type_parameters::Bindings;
use super::type_sizes::Extent;
use crate::hir::{self, Expr, ModuleId, RecordId, RecordInstance, for_each_pure_part_mut};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::Type;

/// More instances than this are refused: declarations can double them with every line.
const MAX_INSTANCES: usize = 10_000;

impl Checker<'_> {
    /// `Pair<int, string>` as it is written.
    pub(super) fn record_with_arguments(
        &mut self,
        module: ModuleId,
        id: RecordId,
        arguments: &[ast::Type],
        span: Span,
    ) -> Type {
        let parameters = self.program.records[id.index()].type_parameters.clone();
        let mut types = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let ty = self.resolve_type(module, argument);
            self.stands(&ty, argument.span, Standing::Argument);
            types.push(ty);
        }
        if types.len() != parameters.len() {
            let record = &self.program.records[id.index()];
            let names: Vec<&str> =
                parameters.iter().map(|id| self.program.type_parameters[id.index()].name.as_str()).collect();
            let diagnostic = say::wrong_type_arguments(&record.name, &names, types.len(), span, record.span);
            self.report(diagnostic);
            return Type::Error;
        }
        let name = self.program.records[id.index()].name.clone();
        let mut fine = true;
        for ((parameter, ty), argument) in parameters.iter().zip(&types).zip(arguments) {
            fine &= matches!(ty, Type::Error)
                || self.check_bound(*parameter, ty, Some(name.clone()), argument.span);
        }
        if fine && types.iter().all(|ty| !matches!(ty, Type::Error)) {
            self.record_instance(id, types)
        } else {
            Type::Error
        }
    }

    /// The record where its type parameters stand for `arguments`; `Error` where types grow without end.
    pub(super) fn record_instance(&mut self, of: RecordId, arguments: Vec<Type>) -> Type {
        let key = (of, format!("{arguments:?}"));
        if let Some(known) = self.record_instances.get(&key) {
            return Type::Record(*known);
        }
        if self.record_instances.len() >= MAX_INSTANCES || !arguments.iter().all(|ty| self.is_bounded(ty)) {
            return self.endless(of);
        }
        let id = RecordId(number(self.program.records.len()));
        self.record_instances.insert(key, id);
        let record = &self.program.records[of.index()];
        let is_open = arguments.iter().any(|ty| ty.mentions_parameters(&self.program));
        let bindings: Bindings =
            record.type_parameters.iter().copied().zip(arguments.iter().cloned()).collect();
        let mut instance = hir::Record {
            instance: Some(RecordInstance { of, arguments, is_open }),
            fields: Vec::new(),
            type_parameters: Vec::new(),
            ..record.clone()
        };
        let mut fields = record.fields.clone();
        self.program.records.push(instance.clone());
        for field in &mut fields {
            field.ty = self.substituted(&field.ty, &bindings);
            if let Some(default) = &mut field.default {
                self.substitute_in(default, &bindings);
            }
        }
        let extent = Extent::of_all(fields.iter().map(|field| self.extent(&field.ty)));
        if !extent.is_bounded() {
            return self.endless(of);
        }
        self.extents.insert(Node::Record(id), extent);
        instance.fields = fields;
        self.program.records[id.index()] = instance;
        self.note_incomplete(Node::Record(id));
        Type::Record(id)
    }

    fn endless(&mut self, of: RecordId) -> Type {
        if self.endless_records.insert(of) && self.endless_records.len() == 1 {
            let record = &self.program.records[of.index()];
            let diagnostic = say::endless_instances(&record.name, record.span);
            self.report(diagnostic);
        }
        Type::Error
    }

    /// Defaults come with the constants, and instances may have been made before.
    pub(super) fn give_defaults_to_instances(&mut self, of: RecordId) {
        let declared = self.program.records[of.index()].clone();
        for index in 0..self.program.records.len() {
            let Some(instance) = &self.program.records[index].instance else { continue };
            if instance.of != of {
                continue;
            }
            let parameters = declared.type_parameters.iter().copied();
            let bindings: Bindings = parameters.zip(instance.arguments.iter().cloned()).collect();
            for (at, field) in declared.fields.iter().enumerate() {
                let Some(mut default) = field.default.clone() else { continue };
                self.substitute_in(&mut default, &bindings);
                if let Some(own) = self.program.records[index].fields.get_mut(at) {
                    own.default = Some(default);
                }
            }
            self.note_incomplete(Node::Record(RecordId(number(index))));
        }
    }

    /// A constant where type parameters stand for others.
    fn substitute_in(&mut self, expr: &mut Expr, bindings: &Bindings) {
        if let Some(ty) = &expr.ty {
            expr.ty = Some(self.substituted(ty, bindings));
        }
        for_each_pure_part_mut(expr, &mut |part| self.substitute_in(part, bindings));
    }
}
