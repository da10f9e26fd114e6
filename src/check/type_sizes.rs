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
        if let Type::Record(id) = ty {
            return self.depths.get(&Node::Record(*id)).copied().unwrap_or(0);
        }
        if let Type::Enum(id) = ty {
            return self.depths.get(&Node::Enum(*id)).copied().unwrap_or(0);
        }
        if let Type::Distinct(id) = ty {
            return 1 + self.depth(&self.program.distincts[id.index()].of);
        }
        ty.parts().map(|part| 1 + self.depth(part)).max().unwrap_or(0)
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
    ty.parts().all(|part| fits(part, left))
}
