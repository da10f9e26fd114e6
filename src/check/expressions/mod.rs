//! Expressions.

use super::context::{Checker, Scope, error_expression};
use super::messages;
use crate::hir;
use crate::syntax::ast;
use crate::types::Type;

impl Checker<'_> {
    /// Checks an expression where a value of type `expected` is due, if that is known. The result may be of another
    /// type: `convert` makes it fit or says why it doesn't.
    pub(crate) fn expression(
        &mut self,
        _scope: &mut Scope,
        expr: &ast::Expr,
        _expected: Option<&Type>,
    ) -> hir::Expr {
        self.report(messages::not_supported_yet("this expression", expr.span));
        error_expression(expr.span)
    }
}
