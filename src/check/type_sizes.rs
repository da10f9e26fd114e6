//! How large types may be: how many parts they have, and how deeply they are nested.

use super::constants::Node;
use super::context::{Checker, error_expression};
use super::messages::types as say;
use crate::hir::Expr;
use crate::syntax::MAX_NESTING;
use crate::types::Type;

/// Types with more parts than this, counted with all that their aliases stand for, are refused.
const MAX_TYPE_SIZE: usize = 2_000;

impl Checker<'_> {
    /// Whether a type has no more parts and levels than any program needs.
    pub(super) fn is_bounded(&self, ty: &Type) -> bool {
        has_few_parts(ty) && self.depth(ty) <= MAX_NESTING
    }

    /// The value, unless its type is out of all bounds: each binding may double the type of the last.
    pub(super) fn not_too_large(&mut self, value: Expr, what: &str) -> Expr {
        if value.ty.as_ref().is_none_or(|ty| self.is_bounded(ty)) {
            return value;
        }
        self.report(say::value_too_large(what, value.span));
        error_expression(value.span)
    }

    /// How deeply a type is nested, with the records that it is made of.
    pub(super) fn depth(&self, ty: &Type) -> usize {
        match ty {
            Type::List(of) | Type::Map(of) | Type::Optional(of) | Type::Table { row: of, .. } => {
                1 + self.depth(of)
            }
            Type::Anonymous(fields) => {
                1 + fields.iter().map(|field| self.depth(&field.ty)).max().unwrap_or(0)
            }
            Type::Record(id) => self.depths.get(&Node::Record(*id)).copied().unwrap_or(0),
            Type::Enum(id) => self.depths.get(&Node::Enum(*id)).copied().unwrap_or(0),
            Type::Distinct(id) => 1 + self.depth(&self.program.distincts[id.index()].of),
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
            | Type::File(_)
            | Type::Dir(_)
            | Type::Parameter(_)
            | Type::Timestamp
            | Type::Date
            | Type::Decimal => 0,
        }
    }
}

/// Whether a type has no more parts than any program needs.
pub(super) fn has_few_parts(ty: &Type) -> bool {
    fits(ty, &mut MAX_TYPE_SIZE.clone())
}

/// Whether a type has at most `left` parts, which it takes away.
pub(super) fn fits(ty: &Type, left: &mut usize) -> bool {
    if *left == 0 {
        return false;
    }
    *left -= 1;
    match ty {
        Type::List(of) | Type::Map(of) | Type::Optional(of) => fits(of, left),
        Type::Table { row, .. } => fits(row, left),
        Type::Anonymous(fields) => fields.iter().all(|field| fits(&field.ty, left)),
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
        | Type::Record(_)
        | Type::File(_)
        | Type::Dir(_)
        | Type::Distinct(_)
        | Type::Parameter(_)
        | Type::Timestamp
        | Type::Date
        | Type::Decimal => true,
    }
}
