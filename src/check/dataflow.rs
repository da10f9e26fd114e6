//! What a body binds and never uses.

use foldhash::HashMap;

use super::context::{Checker, Scope};
use super::control_flow::messages;
use crate::hir::{LocalId, LocalKind};
use crate::source::Span;
use crate::syntax::ast::{self, StatementKind};

impl Checker<'_> {
    /// Warns about names that nothing reads. Nothing is said of variables of loops, which have to be there.
    pub(super) fn report_unused(&mut self, scope: &Scope, body: &ast::Block) {
        let mut bindings: Option<HashMap<Span, Bound>> = None;
        for (index, local) in (0u32..).zip(&scope.locals) {
            if scope.body.used.contains(&LocalId(index)) || local.name.starts_with('_') {
                continue;
            }
            let mut bound = || {
                let bindings = bindings.get_or_insert_with(|| {
                    let mut found = HashMap::default();
                    values_of_bindings(body, &mut found);
                    found
                });
                bindings.get(&local.span).copied()
            };
            match local.kind {
                LocalKind::Parameter => self.report(messages::unused_input(local)),
                LocalKind::Binding => {
                    let bound = bound();
                    self.report(messages::unused_binding(local, bound));
                }
                LocalKind::MatchField => {
                    let bound = bound();
                    self.report(messages::unused_field(local, bound));
                }
                LocalKind::Output | LocalKind::LoopItem | LocalKind::LoopIndex | LocalKind::State => {}
            }
        }
    }
}

/// What a binding names, as far as a fix has to know.
#[derive(Clone, Copy, Debug)]
pub(super) enum Bound {
    /// What stands well without a name.
    Step(Span),
    /// What nobody misses.
    Value(Span),
    /// A field of a pattern, with what goes with it.
    Field(Span),
}

/// What bindings name, by the place of the name.
fn values_of_bindings(block: &ast::Block, found: &mut HashMap<Span, Bound>) {
    for statement in &block.statements {
        match &statement.kind {
            StatementKind::Bind { name, value, .. } => {
                if is_step(value) {
                    found.insert(name.span, Bound::Step(value.span));
                } else if is_simple(value) {
                    found.insert(name.span, Bound::Value(value.span));
                }
                in_expression(value, found);
            }
            StatementKind::Expr(value) => in_expression(value, found),
            StatementKind::On { body, .. } => values_of_bindings(body, found),
            StatementKind::Return(_) | StatementKind::Error => {}
        }
    }
}

fn in_expression(expr: &ast::Expr, found: &mut HashMap<Span, Bound>) {
    if let ast::ExprKind::If(unit) = &expr.kind {
        values_of_bindings(&unit.then, found);
        match &unit.otherwise {
            Some(ast::Else::Block(block)) => values_of_bindings(block, found),
            Some(ast::Else::If(next)) => in_expression(next, found),
            None => {}
        }
    } else if let ast::ExprKind::Match(unit) = &expr.kind {
        for arm in &unit.arms {
            in_pattern(&arm.pattern, found);
            match &arm.body {
                ast::ArmBody::Expr(value) => in_expression(value, found),
                ast::ArmBody::Block(block) => values_of_bindings(block, found),
            }
        }
    } else if let ast::ExprKind::For(unit) = &expr.kind {
        values_of_bindings(&unit.body, found);
    } else if let ast::ExprKind::Repeat(unit) = &expr.kind {
        values_of_bindings(&unit.body, found);
    } else if let ast::ExprKind::After { of, .. } = &expr.kind {
        in_expression(of, found);
    }
}

fn in_pattern(pattern: &ast::Pattern, found: &mut HashMap<Span, Bound>) {
    let ast::PatternKind::Variant { variant, fields, .. } = &pattern.kind else { return };
    let place = |field: &ast::PatternField| field.field.span.to(field.binding.span);
    for (index, field) in fields.iter().enumerate() {
        let own = place(field);
        let removed = match (fields.get(index + 1), index.checked_sub(1).map(|before| &fields[before])) {
            (Some(next), _) => Span { end: place(next).start, ..own },
            (None, Some(before)) => Span { start: place(before).end, ..own },
            // The parentheses.
            (None, None) => Span { start: variant.span.end, end: pattern.span.end, ..own },
        };
        found.insert(field.binding.span, Bound::Field(removed));
    }
}

/// Whether the value stands well without a name.
fn is_step(expr: &ast::Expr) -> bool {
    match &expr.kind {
        ast::ExprKind::Call(_)
        | ast::ExprKind::For(_)
        | ast::ExprKind::Repeat(_)
        | ast::ExprKind::Try(_)
        | ast::ExprKind::With { .. } => true,
        ast::ExprKind::After { of, .. } => is_step(of),
        ast::ExprKind::If(_)
        | ast::ExprKind::Match(_)
        | ast::ExprKind::Int(_)
        | ast::ExprKind::Float(_)
        | ast::ExprKind::Bool(_)
        | ast::ExprKind::Null
        | ast::ExprKind::String(_)
        | ast::ExprKind::Raw(_)
        | ast::ExprKind::Duration { .. }
        | ast::ExprKind::Quantity { .. }
        | ast::ExprKind::Name(_)
        | ast::ExprKind::List(_)
        | ast::ExprKind::Braces(_)
        | ast::ExprKind::Field { .. }
        | ast::ExprKind::OptionalField { .. }
        | ast::ExprKind::Index { .. }
        | ast::ExprKind::Unary { .. }
        | ast::ExprKind::Binary { .. }
        | ast::ExprKind::Parentheses(_)
        | ast::ExprKind::Error => false,
    }
}

/// Whether the value certainly runs nothing.
fn is_simple(expr: &ast::Expr) -> bool {
    match &expr.kind {
        ast::ExprKind::Int(_)
        | ast::ExprKind::Float(_)
        | ast::ExprKind::Bool(_)
        | ast::ExprKind::Null
        | ast::ExprKind::String(_)
        | ast::ExprKind::Raw(_)
        | ast::ExprKind::Duration { .. }
        | ast::ExprKind::Quantity { .. }
        | ast::ExprKind::Name(_) => true,
        ast::ExprKind::List(items) => items.iter().all(is_simple),
        ast::ExprKind::Braces(entries) => entries.iter().all(|entry| is_simple(&entry.value)),
        ast::ExprKind::Field { of, .. }
        | ast::ExprKind::OptionalField { of, .. }
        | ast::ExprKind::Unary { operand: of, .. }
        | ast::ExprKind::Parentheses(of) => is_simple(of),
        ast::ExprKind::Index { of: left, index: right } | ast::ExprKind::Binary { left, right, .. } => {
            is_simple(left) && is_simple(right)
        }
        ast::ExprKind::Call(_)
        | ast::ExprKind::If(_)
        | ast::ExprKind::Match(_)
        | ast::ExprKind::For(_)
        | ast::ExprKind::Repeat(_)
        | ast::ExprKind::Try(_)
        | ast::ExprKind::After { .. }
        | ast::ExprKind::With { .. }
        | ast::ExprKind::Error => false,
    }
}
