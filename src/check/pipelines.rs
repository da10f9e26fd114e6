//! Bodies of pipelines: their statements, what they return, and their hooks.

use foldhash::HashMap;

use super::body::Waiter;
use super::context::{Checker, Owner, Place, Scope};
use super::control_flow::messages;
use super::convert::Expectation;
use super::expressions::Demand;
use crate::diagnostics::{Severity, codes};
use crate::hir::{self, LocalKind, PipelineId, Results};
use crate::source::Span;
use crate::syntax::ast::{self, StatementKind};

impl Checker<'_> {
    /// Fills in a pipeline's locals, body and hooks. Its interface is there already.
    pub(crate) fn check_pipeline(&mut self, id: PipelineId, tree: &ast::Pipeline) {
        let type_parameters = self.program.pipelines[id.index()].type_parameters.clone();
        self.enter_type_parameters(&type_parameters);
        let pipeline = &self.program.pipelines[id.index()];
        let mut scope = Scope::new(pipeline.module, Owner::Pipeline(id), Place::Body);
        for parameter in &pipeline.parameters {
            scope.declare(&parameter.name, Some(parameter.ty.clone()), LocalKind::Parameter, parameter.span);
        }
        scope.body.later = later_names(&tree.body);
        let said = self.diagnostics.len();
        let body = self.pipeline_body(&mut scope, id, tree);
        let hooks = self.hooks(&mut scope, id, &tree.body);
        self.report_circles(&tree.body, said);
        self.check_gates(&scope);
        self.report_unused(&scope, &tree.body);
        if scope.body.is_torn || self.has_error_since(said) {
            self.forget_advice(said);
        }
        self.leave_type_parameters();
        let pipeline = &mut self.program.pipelines[id.index()];
        pipeline.locals = scope.locals;
        pipeline.body = body;
        pipeline.hooks = hooks;
    }

    fn has_error_since(&self, said: usize) -> bool {
        self.diagnostics[said..].iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Where something else is wrong, what seems unused may be used there.
    fn forget_advice(&mut self, said: usize) {
        let is_advice = |code| code == codes::UNUSED || code == codes::NO_EFFECT;
        let mut index = 0;
        self.diagnostics.retain(|diagnostic| {
            index += 1;
            index <= said || !is_advice(diagnostic.code)
        });
    }

    fn pipeline_body(&mut self, scope: &mut Scope, id: PipelineId, tree: &ast::Pipeline) -> hir::Block {
        let has_results = !matches!(self.program.pipelines[id.index()].results, Results::None);
        let steps: Vec<&ast::Statement> =
            tree.body.statements.iter().filter(|statement| !is_hook(statement)).collect();
        let mut statements = Vec::with_capacity(steps.len());
        let mut value = None;
        let mut has_return = false;
        for (index, statement) in steps.iter().enumerate() {
            let is_last = index + 1 == steps.len();
            if let StatementKind::Return(returned) = &statement.kind {
                let is_empty = has_results && returned.is_none();
                if !is_last && !has_return && !is_empty {
                    self.report(messages::return_is_not_last(statement.span, steps[index + 1].span));
                }
                has_return = true;
                let result = self.returned(scope, id, returned.as_ref(), statement.span);
                value = value.or(result);
                continue;
            }
            scope.body.waiter = if is_last && !has_results { Waiter::Always } else { Waiter::Nobody };
            statements.extend(self.statement(scope, statement, false));
        }
        scope.body.waiter = Waiter::Nobody;
        if has_results && !has_return && !ends_in_error(&steps) {
            let diagnostic = messages::return_is_missing(self, id, tree, steps.last().copied());
            self.report(diagnostic);
        }
        hir::Block { statements, value, span: tree.body.span }
    }

    /// The value behind `return`, as the pipeline's results.
    fn returned(
        &mut self,
        scope: &mut Scope,
        id: PipelineId,
        value: Option<&ast::Expr>,
        span: Span,
    ) -> Option<hir::Expr> {
        let results = self.program.pipelines[id.index()].results.clone();
        let Some(value) = value else {
            if !matches!(results, Results::None) {
                let diagnostic = messages::return_of_nothing(self, id, span);
                self.report(diagnostic);
            }
            return None;
        };
        match &results {
            Results::None => {
                self.expression(scope, value, None);
                let name = self.program.pipelines[id.index()].name.clone();
                let declared = self.program.pipelines[id.index()].span;
                self.report(messages::returns_nothing(&name, value.span, declared));
                None
            }
            Results::Single { ty, span } => Some(self.expression_of(scope, value, ty, |checker| {
                Expectation::new("the pipeline's result")
                    .declared_at(*span, format!("declared as `{}`", checker.show(ty)))
            })),
            Results::Named(fields) => Some(self.results_literal(scope, id, fields, value)),
        }
    }

    fn hooks(&mut self, scope: &mut Scope, id: PipelineId, body: &ast::Block) -> Vec<hir::Hook> {
        let parameters = u32::try_from(self.program.pipelines[id.index()].parameters.len()).unwrap_or(0);
        let mut hooks = Vec::new();
        let outer = std::mem::take(&mut scope.visible);
        for (name, local) in &outer {
            if local.0 < parameters {
                scope.visible.insert(name.clone(), *local);
            } else {
                scope.body.later.insert(name.clone(), scope.local(*local).span);
            }
        }
        scope.place = Place::Hook;
        for statement in &body.statements {
            let StatementKind::On { event, body } = &statement.kind else { continue };
            let block = self.block(scope, body, Demand::STATEMENT);
            let Some(event) = hook_event(&event.value) else {
                self.report(messages::unknown_hook(event));
                continue;
            };
            hooks.push(hir::Hook { event, body: block, span: statement.span });
        }
        scope.place = Place::Body;
        hooks
    }

    /// The record behind `return` of a pipeline with named outputs.
    fn results_literal(
        &mut self,
        scope: &mut Scope,
        id: PipelineId,
        results: &[hir::ResultField],
        value: &ast::Expr,
    ) -> hir::Expr {
        let ty = super::calls::record_of(results);
        if let ast::ExprKind::Braces(entries) = &value.kind {
            return self.record_of_results(scope, id, results, entries, value.span, &ty);
        }
        let span = results.first().map_or(value.span, |result| result.span);
        self.expression_of(scope, value, &ty, |checker: &Checker<'_>| {
            Expectation::new("the record of the pipeline's outputs")
                .declared_at(span, format!("the outputs are `{}`", checker.show(&ty)))
        })
    }
}

fn hook_event(word: &str) -> Option<pipec_ir::HookEvent> {
    match word {
        "success" => Some(pipec_ir::HookEvent::Success),
        "failure" => Some(pipec_ir::HookEvent::Failure),
        "exit" => Some(pipec_ir::HookEvent::Exit),
        _ => None,
    }
}

fn is_hook(statement: &ast::Statement) -> bool {
    matches!(statement.kind, StatementKind::On { .. })
}

/// Whether the end of a body couldn't be read: then it may have held the `return`.
fn ends_in_error(steps: &[&ast::Statement]) -> bool {
    steps.iter().any(|statement| matches!(statement.kind, StatementKind::Error))
}

/// What the statements of a pipeline bind, with the places.
fn later_names(body: &ast::Block) -> HashMap<String, Span> {
    let bindings = body.statements.iter().filter_map(|statement| match &statement.kind {
        StatementKind::Bind { name, .. } => Some((name.value.clone(), name.span)),
        StatementKind::Expr(_)
        | StatementKind::Return(_)
        | StatementKind::On { .. }
        | StatementKind::Error => None,
    });
    bindings.collect()
}
