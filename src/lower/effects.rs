//! Which expressions run steps, and which need nodes of their own.

use crate::hir::{Block, Call, Expr, ExprKind as K, ForSource, If, Match, Statement};

/// Whether evaluating the expression runs steps or waits, or needs a body of nodes for its bindings.
pub(super) fn runs_steps(expr: &Expr) -> bool {
    match &expr.kind {
        K::Call(_) | K::For(_) | K::Repeat(_) | K::Try { .. } | K::Approve { .. } | K::Sleep { .. } => true,
        K::Error
        | K::Literal(_)
        | K::Constant(_)
        | K::Artifact(_)
        | K::Secret { .. }
        | K::Local(_)
        | K::Run(_) => false,
        K::List(items) | K::Interpolate(items) => items.iter().any(runs_steps),
        K::Record(fields) | K::Map(fields) => fields.iter().any(|(_, value)| runs_steps(value)),
        K::Variant { fields, .. } => fields.iter().any(runs_steps),
        K::Function { arguments, .. } => arguments.iter().any(runs_steps),
        K::Field { of, .. } | K::OptionalField { of, .. } | K::Project { of, .. } => runs_steps(of),
        K::Unary { operand: of, .. } | K::Widen(of) | K::Refine(of) | K::Narrow(of) => runs_steps(of),
        K::Index { of, index } => runs_steps(of) || runs_steps(index),
        K::Binary { left, right, .. } => runs_steps(left) || runs_steps(right),
        K::If(conditional) => branch_runs_steps(conditional),
        K::Match(choice) => match_runs_steps(choice),
    }
}

fn branch_runs_steps(conditional: &If) -> bool {
    !conditional.after.is_empty()
        || runs_steps(&conditional.condition)
        || needs_nodes(&conditional.then)
        || conditional.otherwise.as_ref().is_some_and(needs_nodes)
}

fn match_runs_steps(choice: &Match) -> bool {
    !choice.after.is_empty()
        || runs_steps(&choice.subject)
        || choice.arms.iter().any(|arm| needs_nodes(&arm.body))
}

/// A block is pure if all it has is a pure value.
fn needs_nodes(block: &Block) -> bool {
    !block.statements.is_empty() || block.value.as_ref().is_none_or(runs_steps)
}

/// Whether the expression itself becomes a node.
pub(super) fn is_step(kind: &K) -> bool {
    match kind {
        K::If(_)
        | K::Match(_)
        | K::Call(_)
        | K::For(_)
        | K::Repeat(_)
        | K::Try { .. }
        | K::Approve { .. }
        | K::Sleep { .. } => true,
        K::Error
        | K::Literal(_)
        | K::Constant(_)
        | K::Artifact(_)
        | K::Secret { .. }
        | K::Local(_)
        | K::Run(_)
        | K::List(_)
        | K::Record(_)
        | K::Map(_)
        | K::Variant { .. }
        | K::Field { .. }
        | K::OptionalField { .. }
        | K::Project { .. }
        | K::Index { .. }
        | K::Unary { .. }
        | K::Binary { .. }
        | K::Interpolate(_)
        | K::Function { .. }
        | K::Widen(_)
        | K::Refine(_)
        | K::Narrow(_) => false,
    }
}

/// Hands the operands of an expression that is no step to `visit`, in source order.
pub(super) fn for_each_operand<'a>(expr: &'a Expr, visit: &mut dyn FnMut(&'a Expr)) {
    match &expr.kind {
        K::Error
        | K::Literal(_)
        | K::Constant(_)
        | K::Artifact(_)
        | K::Secret { .. }
        | K::Local(_)
        | K::Run(_)
        | K::Call(_)
        | K::For(_)
        | K::Repeat(_)
        | K::Try { .. }
        | K::Approve { .. }
        | K::Sleep { .. }
        | K::If(_)
        | K::Match(_) => {}
        K::List(items) | K::Interpolate(items) => items.iter().for_each(visit),
        K::Record(fields) | K::Map(fields) => fields.iter().for_each(|(_, value)| visit(value)),
        K::Variant { fields, .. } => fields.iter().for_each(visit),
        K::Function { arguments, .. } => arguments.iter().for_each(visit),
        K::Field { of, .. } | K::OptionalField { of, .. } | K::Project { of, .. } => visit(of),
        K::Unary { operand: of, .. } | K::Widen(of) | K::Refine(of) | K::Narrow(of) => visit(of),
        K::Index { of, index } => {
            visit(of);
            visit(index);
        }
        K::Binary { left, right, .. } => {
            visit(left);
            visit(right);
        }
    }
}

/// Hands every call in a block to `visit`, in source order, also those inside of loops and branches.
pub(super) fn for_each_call<'a>(block: &'a Block, visit: &mut dyn FnMut(&'a Call)) {
    for statement in &block.statements {
        match statement {
            Statement::Bind { value, .. } | Statement::Expr(value) => calls_in(value, visit),
        }
    }
    block.value.iter().for_each(|value| calls_in(value, visit));
}

fn calls_in<'a>(expr: &'a Expr, visit: &mut dyn FnMut(&'a Call)) {
    match &expr.kind {
        K::Call(call) => {
            call.arguments.iter().for_each(|argument| calls_in(&argument.value, visit));
            visit(call);
        }
        K::If(conditional) => {
            calls_in(&conditional.condition, visit);
            for_each_call(&conditional.then, visit);
            conditional.otherwise.iter().for_each(|block| for_each_call(block, visit));
        }
        K::Match(choice) => {
            calls_in(&choice.subject, visit);
            choice.arms.iter().for_each(|arm| for_each_call(&arm.body, visit));
        }
        K::For(map) => {
            match &map.source {
                ForSource::Item { list, .. } => calls_in(list, visit),
                ForSource::Product(sources) | ForSource::Zip(sources) => {
                    sources.iter().for_each(|(_, list)| calls_in(list, visit));
                }
            }
            for_each_call(&map.body, visit);
        }
        K::Repeat(repeat) => {
            calls_in(&repeat.first, visit);
            for_each_call(&repeat.body, visit);
        }
        K::Try { call, .. } => calls_in(call, visit),
        K::Approve { message, .. } => calls_in(message, visit),
        K::Sleep { duration, .. } => calls_in(duration, visit),
        K::Error
        | K::Literal(_)
        | K::Constant(_)
        | K::Artifact(_)
        | K::Secret { .. }
        | K::Local(_)
        | K::Run(_)
        | K::List(_)
        | K::Record(_)
        | K::Map(_)
        | K::Variant { .. }
        | K::Field { .. }
        | K::OptionalField { .. }
        | K::Project { .. }
        | K::Index { .. }
        | K::Unary { .. }
        | K::Binary { .. }
        | K::Interpolate(_)
        | K::Function { .. }
        | K::Widen(_)
        | K::Refine(_)
        | K::Narrow(_) => for_each_operand(expr, &mut |operand| calls_in(operand, visit)),
    }
}
