//! `approve` and `sleep`: what something else waits for.

use pipec_ir::value::Value;

use super::{Around, attempted, messages};
use crate::check::body::{Gate, Waiter};
use crate::check::context::{Checker, Place, Scope, error_expression};
use crate::check::convert::Expectation;
use crate::hir::{self, ExprKind, LocalId};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::Type;

impl Checker<'_> {
    pub(super) fn approve(
        &mut self,
        scope: &mut Scope,
        call: &ast::Call,
        span: Span,
        around: Around<'_>,
    ) -> hir::Expr {
        let mut message = None;
        let mut timeout = None;
        for (position, argument) in call.arguments.iter().enumerate() {
            let (slot, ty, what) = match argument.name.as_ref().map(|name| name.value.as_str()) {
                None if position == 0 => (&mut message, Type::STRING, "the question of `approve`"),
                Some("timeout") => (&mut timeout, Type::Duration, "the timeout of `approve`"),
                None | Some(_) => {
                    self.report(messages::gate_takes("approve", argument.span));
                    return error_without_value(span);
                }
            };
            if slot.is_some() {
                self.report(messages::argument_twice("timeout", argument.span, call.arguments_span));
            }
            *slot =
                Some(Box::new(self.expression_of(scope, &argument.value, &ty, |_| Expectation::new(what))));
        }
        let Some(message) = message else {
            self.report(messages::gate_takes("approve", call.arguments_span));
            return error_without_value(span);
        };
        if let Some(timeout) = &timeout
            && self.known_time(timeout).is_some_and(|milliseconds| milliseconds <= 0)
        {
            self.report(messages::no_time_to_answer(timeout.span));
        }
        self.gate(scope, "approve", call, span, around, |after| ExprKind::Approve { message, timeout, after })
    }

    pub(super) fn sleep(
        &mut self,
        scope: &mut Scope,
        call: &ast::Call,
        span: Span,
        around: Around<'_>,
    ) -> hir::Expr {
        let [ast::Argument { name: None, value, .. }] = call.arguments.as_slice() else {
            self.check_arguments_alone(scope, call);
            self.report(messages::gate_takes("sleep", call.arguments_span));
            return error_without_value(span);
        };
        let duration = Box::new(self.expression_of(scope, value, &Type::Duration, |_| {
            Expectation::new("the time that `sleep` takes")
        }));
        if self.known_time(&duration).is_some_and(|milliseconds| milliseconds < 0) {
            self.report(messages::negative_sleep(duration.span));
        }
        self.gate(scope, "sleep", call, span, around, |after| ExprKind::Sleep { duration, after })
    }

    /// Milliseconds, where they are known before any run.
    fn known_time(&self, duration: &hir::Expr) -> Option<i64> {
        if let Some(Value::Duration(milliseconds)) = self.known_value(duration) {
            Some(milliseconds)
        } else {
            None
        }
    }

    fn gate(
        &mut self,
        scope: &mut Scope,
        word: &'static str,
        call: &ast::Call,
        span: Span,
        around: Around<'_>,
        kind: impl FnOnce(Vec<LocalId>) -> ExprKind,
    ) -> hir::Expr {
        if let Some((_, at)) = around.settings.first() {
            self.report(messages::with_of_no_task(*at, None));
        }
        let after = self.waits(scope, &around.after);
        if !self.may_stand_here(scope, call, span) {
            return if around.tries.is_some() { error_expression(span) } else { error_without_value(span) };
        }
        if scope.place == Place::Body {
            scope.body.gates.push(Gate { span, word, waiter: scope.body.waiter });
        }
        let Some(whole) = around.tries else {
            return hir::Expr { kind: kind(after), ty: None, span };
        };
        attempted(hir::Expr { kind: kind(Vec::new()), ty: None, span }, after, whole)
    }

    /// Reports gates that nothing waits for, at the end of a body.
    pub(in crate::check) fn check_gates(&mut self, scope: &Scope) {
        for gate in &scope.body.gates {
            let is_waited_for = match gate.waiter {
                Waiter::Always => true,
                Waiter::Nobody | Waiter::Binding => false,
                Waiter::Local(local) => scope.body.used.contains(&local),
            };
            if !is_waited_for {
                self.report(messages::nothing_waits(gate.word, gate.span));
            }
        }
    }
}

fn error_without_value(span: Span) -> hir::Expr {
    hir::Expr { kind: ExprKind::Error, ty: None, span }
}
