//! Type parameters in types: whether there are any, and what a type is where they stand for others.

use std::sync::Arc;

use super::{AnonymousField, Type};
use crate::hir::{Program, RecordId, TypeParameterId};

/// What stands in for type parameters, and for records that are made with them.
pub trait Substitution {
    /// `None` leaves the parameter as it is.
    fn parameter(&mut self, id: TypeParameterId) -> Option<Type>;

    fn record(&mut self, id: RecordId) -> Type;
}

impl Type {
    /// Hands each type parameter in the type to `visit`, those in arguments of records too.
    pub fn for_each_parameter(&self, program: &Program, visit: &mut dyn FnMut(TypeParameterId)) {
        if let Type::Parameter(id) = self {
            visit(*id);
        }
        if let Type::Record(id) = self {
            let instance = program.records[id.index()].instance.iter();
            let open = instance.filter(|instance| instance.is_open);
            open.flat_map(|open| &open.arguments).for_each(|ty| ty.for_each_parameter(program, visit));
        }
        self.parts().for_each(|part| part.for_each_parameter(program, visit));
    }

    pub fn mentions_parameters(&self, program: &Program) -> bool {
        let mut mentions = false;
        self.for_each_parameter(program, &mut |_| mentions = true);
        mentions
    }

    /// The type with what `by` puts in the places of its parameters. `T?` of an optional is that optional.
    pub fn substituted(&self, by: &mut dyn Substitution) -> Type {
        match self {
            Type::Parameter(id) => by.parameter(*id).unwrap_or_else(|| self.clone()),
            Type::Record(id) => by.record(*id),
            Type::List(of) => Type::list(of.substituted(by)),
            Type::Map(of) => Type::map(of.substituted(by)),
            Type::Optional(of) => Type::optional(of.substituted(by)),
            Type::Table { row, format } => {
                Type::Table { row: Arc::new(row.substituted(by)), format: *format }
            }
            Type::Anonymous(fields) => Type::Anonymous(
                fields
                    .iter()
                    .map(|field| AnonymousField { ty: field.ty.substituted(by), ..field.clone() })
                    .collect(),
            ),
            Type::Error
            | Type::Null
            | Type::Bool
            | Type::Int(_)
            | Type::Float(_)
            | Type::String(_)
            | Type::Duration
            | Type::Quantity
            | Type::Json
            | Type::Secret
            | Type::Enum(_)
            | Type::File(_)
            | Type::Dir(_)
            | Type::Distinct(_)
            | Type::Timestamp
            | Type::Date
            | Type::Decimal => self.clone(),
        }
    }
}
