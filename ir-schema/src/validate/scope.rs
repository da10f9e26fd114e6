//! What an expression may refer to, at one place in a program.

use foldhash::HashMap;

use crate::program::{Node, NodeId, Output, Parameter};
use crate::types::Type;

/// How much of the run can be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RunView {
    /// Nothing: constants, and settings of tasks.
    None,
    /// What is known from the start.
    Start,
    /// Everything: hooks.
    End,
}

/// Names in a body, or in a task.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    pub(super) inputs: HashMap<&'a str, &'a Type>,
    pub(super) nodes: HashMap<&'a NodeId, &'a Node>,
    pub(super) run: RunView,
}

impl<'a> Scope<'a> {
    pub(super) fn constants() -> Scope<'a> {
        Scope { inputs: HashMap::default(), nodes: HashMap::default(), run: RunView::None }
    }

    pub(super) fn new(run: RunView) -> Scope<'a> {
        Scope { run, ..Scope::constants() }
    }

    pub(super) fn with_parameters(mut self, parameters: &'a [Parameter]) -> Scope<'a> {
        self.inputs.extend(parameters.iter().map(|parameter| (parameter.name.as_str(), &parameter.ty)));
        self
    }

    /// The paths that a task's program writes its outputs to.
    pub(super) fn with_outputs(mut self, outputs: &'a [Output]) -> Scope<'a> {
        self.inputs.extend(outputs.iter().map(|output| (output.name.as_str(), &output.ty)));
        self
    }
}
