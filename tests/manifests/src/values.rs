//! Texts that are known before a run, followed back through arguments to where they are written.

use crate::fields::Parameter;
use crate::manifest::WorkflowSpec;

/// Chains of arguments that are longer than this aren't followed.
const MOST_STEPS: usize = 32;

/// The values of one workflow.
pub(crate) struct Values<'a> {
    pub(crate) spec: &'a WorkflowSpec,
}

impl<'a> Values<'a> {
    /// The text that `text`, read in a template, stands for, if it is the same for every call.
    pub(crate) fn trace(&self, text: &'a str, template: &str) -> Option<&'a str> {
        self.follow(text, template, MOST_STEPS)
    }

    fn follow(&self, text: &'a str, template: &str, steps: usize) -> Option<&'a str> {
        if !text.contains("{{") {
            return Some(text);
        }
        let reference = text.strip_prefix("{{")?.strip_suffix("}}")?.trim();
        let steps = steps.checked_sub(1)?;
        if let Some(name) = reference.strip_prefix("workflow.parameters.") {
            return self.argument(name);
        }
        let name = reference.strip_prefix("inputs.parameters.")?;
        if self.spec.entrypoint.as_deref() == Some(template) {
            return self.argument(name);
        }
        let mut found = None;
        for caller in &self.spec.templates {
            let tasks = caller.dag.iter().flat_map(|dag| &dag.tasks);
            for task in tasks.filter(|task| task.template.as_deref() == Some(template)) {
                let given = self.follow(value(&task.arguments.parameters, name)?, &caller.name, steps)?;
                if found.is_some_and(|known| known != given) {
                    return None;
                }
                found = Some(given);
            }
        }
        found
    }

    /// What the workflow itself is given, unless who submits it says otherwise.
    fn argument(&self, name: &str) -> Option<&'a str> {
        value(&self.spec.arguments.parameters, name).filter(|text| !text.contains("{{"))
    }
}

fn value<'a>(parameters: &'a [Parameter], name: &str) -> Option<&'a str> {
    parameters.iter().find(|parameter| parameter.name == name)?.value.as_deref()
}
