//! What stands around a call, a branch or a loop: `try`, `with { … }`, `after a`.

use super::{Around, messages};
use crate::check::body::NoCalls;
use crate::check::context::{Checker, Place, Scope, error_expression};
use crate::check::expressions::Demand;
use crate::check::settings::Of;
use crate::hir::{self, Callee, ExprKind, LocalId, LocalKind};
use crate::source::Span;
use crate::syntax::ast;

impl Checker<'_> {
    /// An expression with `try`, `with` or `after` at its outside, in any order.
    pub(in crate::check) fn surrounded(
        &mut self,
        scope: &mut Scope,
        expr: &ast::Expr,
        demand: Demand<'_>,
    ) -> hir::Expr {
        let (core, around) = peeled(expr);
        match &core.kind {
            ast::ExprKind::Call(call) => self.call_with(scope, call, core.span, around, demand),
            ast::ExprKind::If(_)
            | ast::ExprKind::Match(_)
            | ast::ExprKind::For(_)
            | ast::ExprKind::Repeat(_) => self.unit(scope, core, &around, demand),
            ast::ExprKind::Error => {
                self.waits(scope, &around.after);
                error_expression(expr.span)
            }
            ast::ExprKind::Int(_)
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
            | ast::ExprKind::Try(_)
            | ast::ExprKind::After { .. }
            | ast::ExprKind::With { .. } => {
                let value = self.evaluated(scope, core, demand);
                let said = self.diagnostics.len();
                if !Self::is_error(&value) {
                    self.nothing_around(&around, core.span);
                }
                if self.diagnostics.len() > said { error_expression(core.span) } else { value }
            }
        }
    }

    /// A branch or a loop: it may wait for something, and that is all.
    fn unit(
        &mut self,
        scope: &mut Scope,
        core: &ast::Expr,
        around: &Around<'_>,
        demand: Demand<'_>,
    ) -> hir::Expr {
        let waits = self.waits(scope, &around.after);
        let mut value = self.evaluated(scope, core, demand);
        let rest = Around { tries: around.tries, settings: around.settings.clone(), after: Vec::new() };
        self.nothing_around(&rest, core.span);
        match &mut value.kind {
            ExprKind::If(unit) => unit.after = waits,
            ExprKind::Match(unit) => unit.after = waits,
            ExprKind::For(unit) => unit.after = waits,
            ExprKind::Repeat(unit) => unit.after = waits,
            ExprKind::Error
            | ExprKind::Literal(_)
            | ExprKind::Constant(_)
            | ExprKind::Artifact(_)
            | ExprKind::Secret { .. }
            | ExprKind::Local(_)
            | ExprKind::Run(_)
            | ExprKind::List(_)
            | ExprKind::Record(_)
            | ExprKind::Map(_)
            | ExprKind::Variant { .. }
            | ExprKind::Field { .. }
            | ExprKind::OptionalField { .. }
            | ExprKind::Project { .. }
            | ExprKind::Index { .. }
            | ExprKind::Unary { .. }
            | ExprKind::Binary { .. }
            | ExprKind::Interpolate(_)
            | ExprKind::Function { .. }
            | ExprKind::Widen(_)
            | ExprKind::Refine(_)
            | ExprKind::Narrow(_)
            | ExprKind::Call(_)
            | ExprKind::Try { .. }
            | ExprKind::Approve { .. }
            | ExprKind::Sleep { .. } => {}
        }
        value
    }

    /// Reports whatever stands around something that takes none of it.
    pub(super) fn nothing_around(&mut self, around: &Around<'_>, span: Span) {
        if let Some(whole) = around.tries {
            self.report(messages::try_of_no_call(whole, span));
        } else if let Some((_, at)) = around.settings.first() {
            self.report(messages::with_of_no_task(*at, None));
        } else if let Some(name) = around.after.first() {
            self.report(messages::after_of_no_step(name.span, span));
        }
    }

    /// What `after` names: bindings of anything that a run gets to.
    pub(super) fn waits(&mut self, scope: &mut Scope, names: &[&ast::Name]) -> Vec<LocalId> {
        let mut waits = Vec::with_capacity(names.len());
        for name in names {
            let Some(local) = scope.find(&name.value) else {
                let diagnostic = self.unknown_local(scope, name);
                self.report(diagnostic);
                continue;
            };
            scope.body.used.insert(local);
            if let Some(definition) = self.definition_of_local(scope, local) {
                self.refer(name.span, definition);
            }
            if scope.local(local).kind != LocalKind::Binding {
                self.report(messages::nothing_to_wait_for(name, scope.local(local), scope.word(local)));
                continue;
            }
            if waits.contains(&local) {
                self.report(messages::waits_twice(name));
                continue;
            }
            waits.push(local);
        }
        waits
    }

    /// `with { … }`: settings of the task for this call, over the caller's names.
    pub(super) fn override_settings(
        &mut self,
        scope: &mut Scope,
        callee: Callee,
        around: &Around<'_>,
    ) -> Vec<hir::Setting> {
        let Some((settings, span)) = around.settings.first() else { return Vec::new() };
        if let Some((_, again)) = around.settings.get(1) {
            self.report(messages::with_twice(*again, *span));
        }
        let Callee::Task(task) = callee else {
            let (name, declared) = self.callee_name(callee);
            let diagnostic = messages::with_of_no_task(*span, Some((name, declared)));
            self.report(diagnostic);
            return Vec::new();
        };
        let place = scope.place;
        let before = scope.forbid_calls(NoCalls::With);
        scope.place = Place::With;
        let settings = self.settings(scope, settings, Of::Call(task));
        scope.place = place;
        scope.allow_calls(before);
        settings
    }
}

/// What is inside of `try`, `with` and `after`, and these.
fn peeled(expr: &ast::Expr) -> (&ast::Expr, Around<'_>) {
    let mut around = Around::default();
    let mut at = expr;
    loop {
        if let ast::ExprKind::Try(of) = &at.kind {
            around.tries.get_or_insert(at.span);
            at = of;
        } else if let ast::ExprKind::After { of, names } = &at.kind {
            around.after.splice(0..0, names);
            at = of;
        } else if let ast::ExprKind::With { of, settings, span } = &at.kind {
            around.settings.insert(0, (settings, *span));
            at = of;
        } else {
            return (at, around);
        }
    }
}
