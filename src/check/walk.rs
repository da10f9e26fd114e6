//! Walks over expressions as they are written.

use crate::source::Span;
use crate::syntax::ast;

/// Takes a name with its module's alias, if it has one, and its place.
type Found<'f> = &'f mut dyn FnMut(Option<&str>, &str, Span);

/// Calls `found` for each name that an expression uses. Names of fields are taken for names of modules' declarations
/// too: who asks knows which exist.
pub(super) fn names(expr: &ast::Expr, found: Found<'_>) {
    match &expr.kind {
        ast::ExprKind::Name(name) => found(None, name, expr.span),
        ast::ExprKind::Field { of, name } => {
            if let ast::ExprKind::Name(alias) = &of.kind {
                found(Some(alias), &name.value, name.span);
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
        ast::ExprKind::After { of, names: earlier } => {
            names(of, found);
            earlier.iter().for_each(|name| found(None, &name.value, name.span));
        }
        ast::ExprKind::With { of, settings, .. } => {
            names(of, found);
            for setting in settings {
                if let ast::SettingValue::Expr(value) = &setting.value {
                    names(value, found);
                }
            }
        }
        ast::ExprKind::For(tree) => {
            in_source(&tree.source, found);
            in_block(&tree.body, found);
        }
        ast::ExprKind::Repeat(tree) => {
            names(&tree.first, found);
            in_block(&tree.body, found);
            names(&tree.until, found);
        }
        ast::ExprKind::Int(_)
        | ast::ExprKind::Float(_)
        | ast::ExprKind::Bool(_)
        | ast::ExprKind::Null
        | ast::ExprKind::Raw(_)
        | ast::ExprKind::Duration { .. }
        | ast::ExprKind::Quantity { .. }
        | ast::ExprKind::Error => {}
    }
}

fn in_source(source: &ast::ForSource, found: Found<'_>) {
    match source {
        ast::ForSource::Item { list, .. } | ast::ForSource::Indexed { list, .. } => names(list, found),
        ast::ForSource::Product(lists) => lists.iter().for_each(|(_, list)| names(list, found)),
        ast::ForSource::Zip { lists, .. } => lists.iter().for_each(|list| names(list, found)),
    }
}

fn in_block(block: &ast::Block, found: Found<'_>) {
    for statement in &block.statements {
        match &statement.kind {
            ast::StatementKind::Bind { value, .. } => names(value, found),
            ast::StatementKind::Expr(expr) => names(expr, found),
            ast::StatementKind::Return(value) => value.iter().for_each(|value| names(value, found)),
            ast::StatementKind::On { .. } | ast::StatementKind::Error => {}
        }
    }
}
