//! Bodies of pipelines.

use super::context::Checker;
use super::messages;
use crate::hir::PipelineId;
use crate::syntax::ast;

impl Checker<'_> {
    /// Fills in a pipeline's locals, body and hooks. Its interface is there already.
    pub(crate) fn check_pipeline(&mut self, _id: PipelineId, tree: &ast::Pipeline) {
        self.report(messages::not_supported_yet("the body of a pipeline", tree.name.span));
    }
}
