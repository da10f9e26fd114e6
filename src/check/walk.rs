//! Walks over expressions as they are written.

use crate::syntax::ast;

/// Calls `found` for each name in an expression that stands where a constant may: with its module's alias, if it has
/// one. Names of fields are taken for names of modules' declarations too: who asks knows which exist.
pub(super) fn names(expr: &ast::Expr, found: &mut dyn FnMut(Option<&str>, &str)) {
    match &expr.kind {
        ast::ExprKind::Name(name) => found(None, name),
        ast::ExprKind::Field { of, name } => {
            if let ast::ExprKind::Name(alias) = &of.kind {
                found(Some(alias), &name.value);
            }
            names(of, found);
        }
        ast::ExprKind::OptionalField { of, .. } => names(of, found),
        ast::ExprKind::String(parts) => {
            for part in parts {
                if let ast::StringPart::Expr(part) = part {
                    names(part, found);
                }
            }
        }
        ast::ExprKind::List(items) => items.iter().for_each(|item| names(item, found)),
        ast::ExprKind::Braces(entries) => entries.iter().for_each(|entry| names(&entry.value, found)),
        ast::ExprKind::Index { of, index } => {
            names(of, found);
            names(index, found);
        }
        ast::ExprKind::Call(call) => {
            names(&call.callee, found);
            call.arguments.iter().for_each(|argument| names(&argument.value, found));
        }
        ast::ExprKind::Unary { operand, .. } => names(operand, found),
        ast::ExprKind::Binary { left, right, .. } => {
            names(left, found);
            names(right, found);
        }
        ast::ExprKind::If(conditional) => {
            names(&conditional.condition, found);
            in_block(&conditional.then, found);
            match &conditional.otherwise {
                Some(ast::Else::Block(block)) => in_block(block, found),
                Some(ast::Else::If(expr)) => names(expr, found),
                None => {}
            }
        }
        ast::ExprKind::Match(tree) => {
            names(&tree.subject, found);
            for arm in &tree.arms {
                match &arm.body {
                    ast::ArmBody::Expr(expr) => names(expr, found),
                    ast::ArmBody::Block(block) => in_block(block, found),
                }
            }
        }
        ast::ExprKind::Try(of) | ast::ExprKind::Parentheses(of) => names(of, found),
        ast::ExprKind::After { of, .. } | ast::ExprKind::With { of, .. } => names(of, found),
        // A constant has no loops.
        ast::ExprKind::For(_)
        | ast::ExprKind::Repeat(_)
        | ast::ExprKind::Int(_)
        | ast::ExprKind::Float(_)
        | ast::ExprKind::Bool(_)
        | ast::ExprKind::Null
        | ast::ExprKind::Raw(_)
        | ast::ExprKind::Duration { .. }
        | ast::ExprKind::Quantity { .. }
        | ast::ExprKind::Error => {}
    }
}

fn in_block(block: &ast::Block, found: &mut dyn FnMut(Option<&str>, &str)) {
    for statement in &block.statements {
        match &statement.kind {
            ast::StatementKind::Bind { value, .. } => names(value, found),
            ast::StatementKind::Expr(expr) => names(expr, found),
            ast::StatementKind::Return(value) => value.iter().for_each(|value| names(value, found)),
            ast::StatementKind::On { .. } | ast::StatementKind::Error => {}
        }
    }
}
