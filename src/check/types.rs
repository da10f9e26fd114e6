//! Types as they are written → types.

use super::context::Checker;
use crate::hir::ModuleId;
use crate::syntax::ast;
use crate::types::Type;

/// How far an alias has come.
#[derive(Clone, Debug)]
pub(super) enum AliasState {
    Untouched,
    /// Being resolved: meeting it again is a cycle.
    InProgress,
    Done(Type),
}

impl Checker<'_> {
    /// The type that is written here; what makes no sense is reported and gives `Type::Error`.
    pub(crate) fn resolve_type(&mut self, _module: ModuleId, ty: &ast::Type) -> Type {
        self.report(super::messages::not_supported_yet("this type", ty.span));
        Type::Error
    }
}
