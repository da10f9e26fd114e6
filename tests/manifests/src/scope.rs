//! What may be read where.

use std::collections::{BTreeMap, BTreeSet};

use crate::Report;
use crate::expression::Path;
use crate::fields::{Arguments, Template};
use crate::references::tags;

/// The names of parameters and artifacts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Names {
    pub(crate) parameters: BTreeSet<String>,
    pub(crate) artifacts: BTreeSet<String>,
}

impl Names {
    pub(crate) fn of(arguments: &Arguments) -> Names {
        Names {
            parameters: arguments.parameters.iter().map(|parameter| parameter.name.clone()).collect(),
            artifacts: arguments.artifacts.iter().map(|artifact| artifact.name.clone()).collect(),
        }
    }
}

/// What can be read at one place.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    pub(crate) workflow: Names,
    /// Names of `workflow.…` beside its parameters.
    pub(crate) run: &'static [&'static str],
    pub(crate) inputs: Names,
    /// Outputs of tasks that have ended when the place is looked at.
    pub(crate) tasks: BTreeMap<String, Names>,
    pub(crate) item: Item,
    pub(crate) is_pod: bool,
    pub(crate) is_retry: bool,
}

/// What `item` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// There is no loop.
    None,
    /// A loop over something that isn't known here.
    Any,
    /// A loop over texts or numbers.
    Scalar,
}

pub(crate) const RUNNING: &[&str] = &[
    "name",
    "namespace",
    "uid",
    "serviceAccountName",
    "mainEntrypoint",
    "creationTimestamp",
    "scheduledTime",
    "priority",
    "duration",
];
pub(crate) const ENDED: &[&str] = &[
    "name",
    "namespace",
    "uid",
    "serviceAccountName",
    "mainEntrypoint",
    "creationTimestamp",
    "scheduledTime",
    "priority",
    "duration",
    "status",
    "failures",
];

impl Scope {
    /// Outside of any template.
    pub(crate) fn outside(workflow: &Names) -> Scope {
        Scope {
            workflow: workflow.clone(),
            run: RUNNING,
            inputs: Names::default(),
            tasks: BTreeMap::new(),
            item: Item::None,
            is_pod: false,
            is_retry: false,
        }
    }

    pub(crate) fn of(workflow: &Names, run: &'static [&'static str], template: &Template) -> Scope {
        Scope {
            run,
            inputs: Names::of(&template.inputs),
            is_retry: template.retry_strategy.is_some(),
            ..Scope::outside(workflow)
        }
    }

    /// Reports what a text reads that isn't there.
    pub(crate) fn text(&self, text: &str, report: &mut Report) {
        match tags(text) {
            Ok(tags) => tags.iter().flat_map(|tag| tag.paths()).for_each(|path| self.value(path, report)),
            Err(error) => report.fault(error),
        }
    }

    /// Reports what an expression reads that isn't there.
    pub(crate) fn expression(&self, text: &str, report: &mut Report) {
        match crate::expression::variables(text) {
            Ok(paths) => paths.iter().for_each(|path| self.value(path, report)),
            Err(error) => report.fault(error),
        }
    }

    fn value(&self, path: &Path, report: &mut Report) {
        if let Err(error) = self.resolve(path, false) {
            report.fault(error);
        }
    }

    /// Reports what a `from` or `fromExpression` takes that is no artifact.
    pub(crate) fn artifact(&self, path: &Path, report: &mut Report) {
        if let Err(error) = self.resolve(path, true) {
            report.fault(error);
        }
    }

    fn resolve(&self, path: &Path, as_artifact: bool) -> Result<(), String> {
        let parts: Vec<&str> = path.iter().map(String::as_str).collect();
        let shown = path.join(".");
        let known = |names: &Names, kind: &str, name: &str| {
            let there = match kind {
                "parameters" if !as_artifact => names.parameters.contains(name),
                "artifacts" if as_artifact => names.artifacts.contains(name),
                "artifacts" | "parameters" => {
                    let wanted = if as_artifact { "an artifact" } else { "a value" };
                    return Err(format!("`{shown}` stands where {wanted} is due"));
                }
                _ => return Err(format!("`{shown}` is nothing that Argo knows")),
            };
            if there { Ok(()) } else { Err(format!("`{shown}` isn't there")) }
        };
        match parts[..] {
            ["inputs", "artifacts", name, "path"] if !as_artifact => {
                if self.inputs.artifacts.contains(name) {
                    Ok(())
                } else {
                    Err(format!("`{shown}` isn't there"))
                }
            }
            ["inputs", kind, name] => known(&self.inputs, kind, name),
            ["workflow", "parameters", name] => known(&self.workflow, "parameters", name),
            ["workflow"] | ["workflow", "creationTimestamp", "RFC3339" | "s"] if !as_artifact => Ok(()),
            ["workflow", name] if self.run.contains(&name) && !as_artifact => Ok(()),
            ["workflow"] | ["workflow", "creationTimestamp", "RFC3339"] if !as_artifact => Ok(()),
            // `get(workflow, 'scheduledTime')`, which only some runs have.
            ["workflow"] if !as_artifact => Ok(()),
            ["tasks", task, ref field @ ..] => {
                let outputs = self.tasks.get(task).ok_or_else(|| {
                    format!("`{shown}` reads a task that isn't there, or hasn't ended when it is read")
                })?;
                match field {
                    ["outputs", kind, name] => known(outputs, kind, name),
                    ["status" | "exitCode" | "name" | "id" | "startedAt" | "finishedAt"] if !as_artifact => {
                        Ok(())
                    }
                    _ => Err(format!("`{shown}` is nothing that Argo knows")),
                }
            }
            ["item"] if self.item != Item::None => Ok(()),
            ["item", ..] if self.item == Item::Any => Ok(()),
            ["item", ..] => Err(format!("`{shown}` is read where there is no such item")),
            ["pod", "name"] if self.is_pod => Ok(()),
            ["retries"] if self.is_retry => Ok(()),
            ["lastRetry", "exitCode" | "status" | "duration" | "message"] if self.is_retry => Ok(()),
            ["sprig", _] => Ok(()),
            _ => Err(format!("`{shown}` is nothing that Argo knows")),
        }
    }
}
