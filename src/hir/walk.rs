//! Walks over typed expressions.

use super::expressions::{Block, Expr, ExprKind as K, ForSource, Statement};

/// Hands everything that an expression is made of to `visit`, in source order, but nothing that is deeper.
pub fn for_each_part<'a>(expr: &'a Expr, visit: &mut dyn FnMut(&'a Expr)) {
    match &expr.kind {
        K::Error
        | K::Literal(_)
        | K::Constant(_)
        | K::Artifact(_)
        | K::Secret { .. }
        | K::Local(_)
        | K::Run(_) => {}
        K::List(items) | K::Interpolate(items) => items.iter().for_each(visit),
        K::Record(fields) | K::Map(fields) => fields.iter().for_each(|(_, value)| visit(value)),
        K::Variant { fields, .. } => fields.iter().for_each(visit),
        K::Function { arguments, .. } => arguments.iter().for_each(visit),
        K::Field { of, .. } | K::OptionalField { of, .. } | K::Project { of, .. } => visit(of),
        K::Unary { operand: of, .. } | K::Widen(of) | K::Refine(of) | K::Narrow(of) => visit(of),
        K::Try { call: of, .. } => visit(of),
        K::Index { of: left, index: right } | K::Binary { left, right, .. } => {
            visit(left);
            visit(right);
        }
        K::If(unit) => {
            visit(&unit.condition);
            for_each_of_block(&unit.then, visit);
            unit.otherwise.iter().for_each(|block| for_each_of_block(block, visit));
        }
        K::Match(unit) => {
            visit(&unit.subject);
            unit.arms.iter().for_each(|arm| for_each_of_block(&arm.body, visit));
        }
        K::Call(call) => {
            call.arguments.iter().for_each(|argument| visit(&argument.value));
            call.settings.iter().for_each(|setting| visit(&setting.value));
        }
        K::For(unit) => {
            match &unit.source {
                ForSource::Item { list, .. } => visit(list),
                ForSource::Product(sources) | ForSource::Zip(sources) => {
                    sources.iter().for_each(|(_, list)| visit(list));
                }
            }
            for_each_of_block(&unit.body, visit);
        }
        K::Repeat(unit) => {
            visit(&unit.first);
            for_each_of_block(&unit.body, visit);
            visit(&unit.until);
        }
        K::Approve { message, timeout, .. } => {
            visit(message);
            timeout.iter().for_each(|timeout| visit(timeout));
        }
        K::Sleep { duration, .. } => visit(duration),
    }
}

/// Hands the expressions of a block to `visit`, but nothing that is deeper.
pub fn for_each_of_block<'a>(block: &'a Block, visit: &mut dyn FnMut(&'a Expr)) {
    for statement in &block.statements {
        match statement {
            Statement::Bind { value, .. } | Statement::Expr(value) => visit(value),
        }
    }
    block.value.iter().for_each(visit);
}

/// Hands an expression and everything in it to `visit`, however deep.
pub fn for_each_expr<'a>(expr: &'a Expr, visit: &mut dyn FnMut(&'a Expr)) {
    visit(expr);
    for_each_part(expr, &mut |part| for_each_expr(part, visit));
}

/// Hands everything that a pure expression without branches is made of to `visit`, but nothing that is deeper.
pub fn for_each_pure_part_mut(expr: &mut Expr, visit: &mut dyn FnMut(&mut Expr)) {
    match &mut expr.kind {
        K::List(items) | K::Interpolate(items) => items.iter_mut().for_each(visit),
        K::Record(fields) | K::Map(fields) => fields.iter_mut().for_each(|(_, value)| visit(value)),
        K::Variant { fields, .. } => fields.iter_mut().for_each(visit),
        K::Function { arguments, .. } => arguments.iter_mut().for_each(visit),
        K::Field { of, .. } | K::OptionalField { of, .. } | K::Project { of, .. } => visit(of),
        K::Unary { operand: of, .. } | K::Widen(of) | K::Refine(of) | K::Narrow(of) => visit(of),
        K::Index { of: left, index: right } | K::Binary { left, right, .. } => {
            visit(left);
            visit(right);
        }
        K::Error
        | K::Literal(_)
        | K::Constant(_)
        | K::Artifact(_)
        | K::Secret { .. }
        | K::Local(_)
        | K::Run(_)
        | K::If(_)
        | K::Match(_)
        | K::Call(_)
        | K::For(_)
        | K::Repeat(_)
        | K::Try { .. }
        | K::Approve { .. }
        | K::Sleep { .. } => {}
    }
}
