//! Pipelines that call each other in a circle.

use super::context::Checker;
use super::declarations::number;
use super::messages::declarations as say;
use crate::hir::{Block, Callee, Expr, ExprKind, ForSource, PipelineId, Statement};
use crate::resolve::graph::{Group, order};
use crate::source::Span;

impl Checker<'_> {
    /// Whether any pipeline calls itself.
    pub(super) fn check_recursion(&mut self) -> bool {
        let mut is_endless = false;
        let calls: Vec<Vec<(usize, Span)>> = self
            .program
            .pipelines
            .iter()
            .map(|pipeline| {
                let mut calls = Calls::default();
                calls.block(&pipeline.body);
                pipeline.hooks.iter().for_each(|hook| calls.block(&hook.body));
                calls.found
            })
            .collect();
        let edges: Vec<Vec<usize>> =
            calls.iter().map(|calls| calls.iter().map(|(to, _)| *to).collect()).collect();
        for group in order(&edges) {
            let Group::Cycle { round, .. } = group else { continue };
            let names: Vec<(String, Span)> = round
                .iter()
                .map(|index| {
                    let pipeline = &self.program.pipelines[PipelineId(number(*index)).index()];
                    (pipeline.name.clone(), pipeline.span)
                })
                .collect();
            let places: Vec<Span> = round
                .iter()
                .enumerate()
                .filter_map(|(position, from)| {
                    let to = round[(position + 1) % round.len()];
                    calls[*from].iter().find(|(callee, _)| *callee == to).map(|(_, span)| *span)
                })
                .collect();
            self.report(say::pipeline_cycle(&names, &places));
            is_endless = true;
        }
        is_endless
    }
}

/// The calls of pipelines in a body.
#[derive(Default)]
struct Calls {
    found: Vec<(usize, Span)>,
}

impl Calls {
    fn block(&mut self, block: &Block) {
        for statement in &block.statements {
            match statement {
                Statement::Bind { value, .. } => self.expr(value),
                Statement::Expr(expr) => self.expr(expr),
            }
        }
        block.value.iter().for_each(|value| self.expr(value));
    }

    fn all(&mut self, exprs: &[Expr]) {
        exprs.iter().for_each(|expr| self.expr(expr));
    }

    fn expr(&mut self, expr: &Expr) {
        use ExprKind as K;
        match &expr.kind {
            K::Call(call) => {
                if let Callee::Pipeline(id) = call.callee {
                    self.found.push((id.index(), expr.span));
                }
                call.arguments.iter().for_each(|argument| self.expr(&argument.value));
            }
            K::List(items) | K::Interpolate(items) => self.all(items),
            K::Record(fields) | K::Map(fields) => fields.iter().for_each(|(_, value)| self.expr(value)),
            K::Variant { fields, .. } => self.all(fields),
            K::Function { arguments, .. } => self.all(arguments),
            K::Field { of, .. }
            | K::OptionalField { of, .. }
            | K::Project { of, .. }
            | K::Widen(of)
            | K::Refine(of)
            | K::Narrow(of) => self.expr(of),
            K::Unary { operand, .. } => self.expr(operand),
            K::Index { of, index } => {
                self.expr(of);
                self.expr(index);
            }
            K::Binary { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            K::If(tree) => {
                self.expr(&tree.condition);
                self.block(&tree.then);
                tree.otherwise.iter().for_each(|block| self.block(block));
            }
            K::Match(tree) => {
                self.expr(&tree.subject);
                tree.arms.iter().for_each(|arm| self.block(&arm.body));
            }
            K::For(tree) => {
                match &tree.source {
                    ForSource::Item { list, .. } => self.expr(list),
                    ForSource::Product(lists) | ForSource::Zip(lists) => {
                        lists.iter().for_each(|(_, list)| self.expr(list));
                    }
                }
                self.block(&tree.body);
            }
            K::Repeat(tree) => {
                self.expr(&tree.first);
                self.block(&tree.body);
                self.expr(&tree.until);
            }
            K::Try { call, .. } => self.expr(call),
            K::Approve { message, timeout, .. } => {
                self.expr(message);
                timeout.iter().for_each(|timeout| self.expr(timeout));
            }
            K::Sleep { duration, .. } => self.expr(duration),
            K::Error
            | K::Literal(_)
            | K::Constant(_)
            | K::Artifact(_)
            | K::Secret { .. }
            | K::Local(_)
            | K::Run(_) => {}
        }
    }
}
