//! How large types may be: how many parts they have, and how deeply they are nested.

use super::constants::Node;
use super::context::{Checker, error_expression};
use super::messages::types as say;
use crate::hir::Expr;
use crate::syntax::MAX_NESTING;
use crate::types::Type;

/// Types with more parts than this, counted with all that their aliases stand for, are refused.
const MAX_TYPE_SIZE: usize = 2_000;

/// How many values a record may hold, counted with those in the records that it is made of. Each that holds another one
/// twice is twice as large, and what makes one of another writes all of it out.
pub(super) const MAX_PARTS: usize = 10_000;

/// How large a declared type is, with the declared types that it is made of.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Extent {
    pub(super) depth: usize,
    pub(super) parts: usize,
}

impl Extent {
    pub(super) const ONE_VALUE: Extent = Extent { depth: 0, parts: 1 };

    pub(super) fn is_bounded(self) -> bool {
        self.depth <= MAX_NESTING && self.parts <= MAX_PARTS
    }

    /// Of a type that is made of others of these extents.
    pub(super) fn of_all(parts: impl Iterator<Item = Extent>) -> Extent {
        let inner = parts.fold(Extent::default(), |all, one| Extent {
            depth: all.depth.max(one.depth),
            parts: all.parts.saturating_add(one.parts),
        });
        Extent { depth: inner.depth + 1, parts: inner.parts.saturating_add(1) }
    }
}

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
        self.extent(ty).depth
    }

    pub(super) fn extent(&self, ty: &Type) -> Extent {
        if let Type::Record(id) = ty {
            return self.extents.get(&Node::Record(*id)).copied().unwrap_or_default();
        }
        if let Type::Enum(id) = ty {
            return self.extents.get(&Node::Enum(*id)).copied().unwrap_or_default();
        }
        if let Type::Distinct(id) = ty {
            return Extent::of_all(std::iter::once(self.extent(&self.program.distincts[id.index()].of)));
        }
        let inner = ty.parts().map(|part| self.extent(part));
        if ty.parts().next().is_none() { Extent::ONE_VALUE } else { Extent::of_all(inner) }
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
