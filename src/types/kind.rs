//! How values of a type travel.

use foldhash::HashSet;

use super::{Kind, Type};
use crate::hir::{Program, RecordId};

/// The kind of a type. Of types whose declarations hold mistakes it is one of those that they may have.
pub fn kind(ty: &Type, program: &Program) -> Kind {
    Walk { program, seen: HashSet::default() }.kind(ty)
}

struct Walk<'a> {
    program: &'a Program,
    /// Records that have been looked into: records may share records many times over.
    seen: HashSet<RecordId>,
}

impl Walk<'_> {
    fn kind(&mut self, ty: &Type) -> Kind {
        match ty {
            Type::Error
            | Type::Null
            | Type::Bool
            | Type::Int(_)
            | Type::Float(_)
            | Type::String(_)
            | Type::Duration
            | Type::Quantity
            | Type::Json
            | Type::Enum(_)
            | Type::Timestamp
            | Type::Date
            | Type::Decimal => Kind::Value,
            Type::Secret => Kind::Secret,
            Type::File(_) | Type::Dir(_) | Type::Table { .. } => Kind::Artifact,
            Type::List(of) | Type::Map(of) | Type::Optional(of) => self.kind(of),
            Type::Distinct(id) => self.kind(&self.program.distincts[id.index()].of),
            Type::Record(id) => {
                if !self.seen.insert(*id) {
                    return Kind::Value;
                }
                let fields = &self.program.records[id.index()].fields;
                self.fields(fields.iter().map(|field| &field.ty))
            }
            Type::Anonymous(fields) => self.fields(fields.iter().map(|field| &field.ty)),
            Type::Parameter(id) => self.program.type_parameters[id.index()].bound,
        }
    }

    fn fields<'t>(&mut self, types: impl Iterator<Item = &'t Type>) -> Kind {
        for ty in types {
            match self.kind(ty) {
                Kind::Value => {}
                // What may hold an artifact is treated as if it did.
                Kind::Artifact | Kind::Mixed | Kind::Secret | Kind::Either => return Kind::Mixed,
            }
        }
        Kind::Value
    }
}
