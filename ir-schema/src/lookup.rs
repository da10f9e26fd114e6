//! Finding what a name or an id stands for.

use crate::program::{Callee, Parameter, Program, Results};
use crate::types::{Enum, Record, Type, TypeDef, TypeTable, Variant};

/// The record that a type, or its `T?`, names.
pub fn record<'a>(ty: &Type, types: &'a TypeTable) -> Option<&'a Record> {
    let Type::Record { name } = ty.without_optional() else { return None };
    match types.get(name) {
        Some(TypeDef::Record(record)) => Some(record),
        Some(TypeDef::Enum(_)) | None => None,
    }
}

/// The enum that a type, or its `T?`, names.
pub fn enumeration<'a>(ty: &Type, types: &'a TypeTable) -> Option<&'a Enum> {
    let Type::Enum { name } = ty.without_optional() else { return None };
    match types.get(name) {
        Some(TypeDef::Enum(enumeration)) => Some(enumeration),
        Some(TypeDef::Record(_)) | None => None,
    }
}

/// What can be called: a task or a pipeline, by its interface.
#[derive(Clone, Copy, Debug)]
pub struct Interface<'a> {
    pub inputs: &'a [Parameter],
    pub results: &'a Results,
}

impl Program {
    /// The interface of what a call names.
    pub fn interface(&self, callee: &Callee) -> Option<Interface<'_>> {
        match callee {
            Callee::Task(id) => {
                self.tasks.get(id).map(|task| Interface { inputs: &task.inputs, results: &task.results })
            }
            Callee::Pipeline(id) => self
                .pipelines
                .get(id)
                .map(|pipeline| Interface { inputs: &pipeline.inputs, results: &pipeline.results }),
        }
    }
}

impl Record {
    pub fn field(&self, name: &str) -> Option<&crate::types::Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Enum {
    pub fn variant(&self, name: &str) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.name == name)
    }
}
