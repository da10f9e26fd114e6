//! Calls: of tasks, which become steps, and of pipelines, which become units.

use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use jiff::Timestamp;
use pipec_ir::{Argument, Pipeline, PipelineId, TaskId, Value};

use super::Scheduler;
use super::steps::Step;
use super::unit::{Activity, NodeRef, PipelineCall, Role, Shared};
use super::units::ExpressionFault;

impl<'a> Scheduler<'a, '_> {
    pub(super) fn start_task(
        &mut self,
        at: NodeRef,
        id: &'a TaskId,
        arguments: &'a [Argument],
    ) -> Result<(), ExpressionFault> {
        let task = self.program.tasks.get(id).ok_or_else(|| unknown("task", &id.0))?;
        let arguments = self.arguments(at, arguments)?;
        let arguments: Vec<(String, Value)> = arguments
            .into_iter()
            .map(|(name, value)| (name.to_owned(), Arc::unwrap_or_clone(value)))
            .collect();
        let timeout = self.check_settings(task, &arguments)?;
        let name = self.path(at);
        self.set_activity(at, Activity::Running);
        self.ready.push_back(Step {
            node: at,
            name,
            task,
            arguments: Arc::new(arguments),
            timeout,
            attempt: 1,
            failure: None,
        });
        Ok(())
    }

    pub(super) fn start_pipeline(
        &mut self,
        at: NodeRef,
        id: &'a PipelineId,
        arguments: &'a [Argument],
    ) -> Result<(), ExpressionFault> {
        let pipeline = self.program.pipelines.get(id).ok_or_else(|| unknown("pipeline", &id.0))?;
        let arguments = self.arguments(at, arguments)?;
        let path = self.path(at);
        self.set_activity(at, Activity::Running);
        self.open_pipeline(Role::Call(at), pipeline, arguments, path);
        Ok(())
    }

    pub(super) fn open_pipeline(
        &mut self,
        role: Role,
        pipeline: &'a Pipeline,
        arguments: Vec<(&'a str, Shared)>,
        path: String,
    ) {
        let id = self.open_unit(role, &pipeline.body, Rc::new(arguments), Vec::new(), path);
        let unit = self.unit_mut(id);
        unit.ending = None;
        unit.call =
            Some(PipelineCall { pipeline, started: Timestamp::now(), outcome: None, hooks: VecDeque::new() });
    }

    fn arguments(
        &self,
        at: NodeRef,
        arguments: &'a [Argument],
    ) -> Result<Vec<(&'a str, Shared)>, ExpressionFault> {
        let evaluate =
            |argument: &'a Argument| Ok((argument.name.as_str(), self.evaluate(at.unit, &argument.value)?));
        arguments.iter().map(evaluate).collect()
    }
}

fn unknown(what: &str, id: &str) -> ExpressionFault {
    ExpressionFault { message: format!("the program lacks the {what} {id}"), span: None }
}
