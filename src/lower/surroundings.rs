//! What expressions see that stand in no pipeline's body: in a task, and in a launch or a default.

use pipec_ir as ir;

use super::expressions::Surroundings;
use super::program::Lowering;
use super::types::Types;
use crate::hir::{self, LocalId};
use crate::source::Span;

/// In a task: its inputs, and in its argument vector its outputs.
pub(super) struct TaskSurroundings<'l, 'a> {
    lowering: &'l mut Lowering<'a>,
    locals: &'a [hir::Local],
}

impl<'l, 'a> TaskSurroundings<'l, 'a> {
    pub(super) fn new(lowering: &'l mut Lowering<'a>, task: &'a hir::Task) -> TaskSurroundings<'l, 'a> {
        TaskSurroundings { lowering, locals: &task.locals }
    }

    /// Where there are no locals.
    pub(super) fn of_constants(lowering: &'l mut Lowering<'a>) -> TaskSurroundings<'l, 'a> {
        TaskSurroundings { lowering, locals: &[] }
    }
}

impl<'a> Surroundings<'a> for TaskSurroundings<'_, 'a> {
    fn local(&mut self, local: LocalId, types: &mut Types<'a>) -> ir::Expr {
        let local = &self.locals[local.index()];
        let Some(ty) = &local.ty else { panic!("`{}` has no value", local.name) };
        ir::Expr { ty: types.lower(ty), kind: ir::ExprKind::Input(local.name.clone()), span: None }
    }

    fn local_field(&mut self, _: LocalId, _: &str, _: &mut Types<'a>) -> Option<ir::Expr> {
        None
    }

    fn bind(&mut self, _: LocalId, _: ir::Type) -> String {
        panic!("a match with bindings in a task's settings")
    }

    fn steps(&mut self, _: &'a hir::Expr, _: &mut Types<'a>) -> ir::Expr {
        panic!("a call outside of a pipeline")
    }

    fn is_call_with_named_outputs(&self, _: &ir::NodeId) -> bool {
        false
    }

    fn artifact(&mut self, artifact: &hir::Artifact) -> ir::ArtifactRef {
        self.lowering.capture(artifact)
    }

    fn place(&self, span: Span) -> Option<ir::Span> {
        self.lowering.place(span)
    }
}
