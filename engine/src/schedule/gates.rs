//! Nodes that only wait: for a person, for a while, for the next attempt.

use std::time::Duration;

use pipec_ir::{Expr, Value};

use super::steps::Step;
use super::timers::Timer;
use super::unit::{Activity, NodeRef};
use super::units::{ExpressionFault, NodeEnd};
use super::{Message, Scheduler};
use crate::observer::{Answer, Event};
use crate::preflight::approvals::is_given;

#[derive(Debug)]
pub(super) enum Waiting<'a> {
    Retry(Step<'a>),
    Sleep(NodeRef),
    Approval(NodeRef),
}

impl Waiting<'_> {
    pub(super) fn node(&self) -> NodeRef {
        match self {
            Waiting::Retry(step) => step.node,
            Waiting::Sleep(node) | Waiting::Approval(node) => *node,
        }
    }
}

impl<'a> Scheduler<'a, '_> {
    pub(super) fn start_sleep(&mut self, at: NodeRef, duration: &'a Expr) -> Result<(), ExpressionFault> {
        let duration = self.duration(at, duration)?;
        let path = self.path(at);
        self.observer.event(&Event::Sleeping { step: &path, duration });
        self.set_activity(at, Activity::Running);
        self.wait_for(Waiting::Sleep(at), Some(duration));
        Ok(())
    }

    pub(super) fn start_approve(
        &mut self,
        at: NodeRef,
        message: &'a Expr,
        timeout: Option<&'a Expr>,
    ) -> Result<(), ExpressionFault> {
        let question = self.evaluate(at.unit, message)?;
        let timeout = timeout.map(|timeout| self.duration(at, timeout)).transpose()?;
        let path = self.path(at);
        if is_given(&self.job.request.approvals, &path) {
            self.observer.event(&Event::Answered { step: &path, approved: true });
            self.end_node(at, NodeEnd::Value(None));
            return Ok(());
        }
        self.set_activity(at, Activity::Running);
        let id = self.wait_for(Waiting::Approval(at), timeout);
        let messages = self.messages.clone();
        let answer = Answer::new(move |approved| {
            let _ = messages.send(Message::Answered(id, approved));
        });
        let question = if let Value::String(text) = &*question { text.as_str() } else { "" };
        self.observer.ask(&path, question, answer);
        Ok(())
    }

    pub(super) fn answered(&mut self, id: u64, approved: bool) {
        let Some(Waiting::Approval(node)) = self.waiting.remove(&id) else { return };
        let path = self.path(node);
        self.observer.event(&Event::Answered { step: &path, approved });
        if approved {
            self.end_node(node, NodeEnd::Value(None));
        } else {
            self.fail_node(node, "it was not approved".to_owned(), None);
        }
    }

    pub(super) fn wait_for(&mut self, waiting: Waiting<'a>, duration: Option<Duration>) -> u64 {
        let id = self.new_id();
        self.waiting.insert(id, waiting);
        if let Some(duration) = duration {
            self.timers.add_after(duration, Timer::Over(id));
        }
        id
    }

    pub(super) fn wait_is_over(&mut self, id: u64) {
        match self.waiting.remove(&id) {
            Some(Waiting::Retry(step)) => self.ready.push_front(step),
            Some(Waiting::Sleep(node)) => self.end_node(node, NodeEnd::Value(None)),
            Some(Waiting::Approval(node)) => {
                self.fail_node(node, "no one approved it in time".to_owned(), None);
            }
            None => {}
        }
    }

    /// A negative duration is none.
    fn duration(&self, at: NodeRef, expr: &'a Expr) -> Result<Duration, ExpressionFault> {
        let value = self.evaluate(at.unit, expr)?;
        if let Value::Duration(milliseconds) = &*value {
            return Ok(Duration::from_millis(u64::try_from(*milliseconds).unwrap_or(0)));
        }
        Err(ExpressionFault {
            message: format!("a duration is needed, and this is {}", value.kind_name()),
            span: expr.span,
        })
    }
}
