//! `approve` and `sleep` → suspended templates, which need no pod.

use pipec_ir::{Expr, Node};

use super::dag::Dag;
use super::expression::fail;
use super::manifest::{Arguments, Dag as DagSpec, DagTask, Parameter, Suspend, Template};
use super::workflow::Workflow;
use crate::Refusal;

impl<'a> Dag<'_, 'a> {
    pub(crate) fn approve(
        &mut self,
        node: &'a Node,
        message: &'a Expr,
        timeout: Option<&'a Expr>,
    ) -> Result<(), Refusal> {
        let text = self.workflow.context.lowering().wire(message, &self.scope)?.into_argument();
        let mut parameters = vec![Parameter::value("message", text)];
        let Some(timeout) = timeout else {
            let template = self.workflow.gate();
            let depends = self.depends(&[message], &node.after);
            self.wait(node, template, parameters, depends);
            return Ok(());
        };
        let seconds = self.workflow.context.lowering().seconds(timeout, &self.scope)?.into_argument();
        parameters.push(Parameter::value("seconds", seconds));
        let template = self.workflow.gate_with_end();
        let depends = self.depends(&[message, timeout], &node.after);
        self.wait(node, template, parameters, depends);
        Ok(())
    }

    pub(crate) fn sleep(&mut self, node: &'a Node, duration: &'a Expr) -> Result<(), Refusal> {
        let template = self.workflow.pause();
        let seconds = self.workflow.context.lowering().seconds(duration, &self.scope)?.into_argument();
        let depends = self.depends(&[duration], &node.after);
        self.wait(node, template, vec![Parameter::value("seconds", seconds)], depends);
        Ok(())
    }

    fn wait(&mut self, node: &Node, template: String, parameters: Vec<Parameter>, depends: Option<String>) {
        let name = self.task_name(&node.id.0);
        self.tasks.push(DagTask {
            name: name.clone(),
            template,
            depends,
            arguments: Arguments { parameters, ..Arguments::default() },
            ..DagTask::default()
        });
        self.ends.insert(node.id.clone(), vec![name]);
    }
}

impl Workflow<'_> {
    /// Waits for a person; the message is its input.
    fn gate(&mut self) -> String {
        self.suspend_template("approve", &["message"], None)
    }

    /// Waits for a time.
    fn pause(&mut self) -> String {
        self.suspend_template("sleep", &["seconds"], Some("{{inputs.parameters.seconds}}"))
    }

    fn suspend_template(&mut self, name: &'static str, inputs: &[&str], duration: Option<&str>) -> String {
        if let Some(template) = self.helper(name) {
            return template;
        }
        let template = self.template_name(name);
        let parameters = inputs.iter().map(|&input| Parameter::named(input)).collect();
        self.push(Template {
            name: template.clone(),
            inputs: Arguments { parameters, ..Arguments::default() },
            suspend: Some(Suspend { duration: duration.map(str::to_owned) }),
            ..Template::default()
        });
        self.add_helper(name, &template);
        template
    }

    /// Waits for a person, but not for ever. Argo resumes a suspended node by itself when its time is over, and doesn't
    /// tell who resumed it: so what was waited is compared with what was allowed. The comparison uses a value that was
    /// written down, because Argo evaluates an argument several times, and time goes on.
    fn gate_with_end(&mut self) -> String {
        let what = "approve-in-time";
        if let Some(template) = self.helper(what) {
            return template;
        }
        let name = self.template_name(what);
        self.add_helper(what, &name);
        let place = self.reserve();
        let wait = self.suspend_template(
            "approve-or-end",
            &["message", "seconds"],
            Some("{{inputs.parameters.seconds}}"),
        );
        let same = self.same();
        let input = |name: &str| Parameter::value(name, format!("{{{{inputs.parameters.{name}}}}}"));
        let is_late = fail("nobody approved in time");
        let waited = "string(int((now() - date(tasks['wait'].startedAt)).Seconds()))";
        let in_time = format!(
            "int(tasks['waited'].outputs.parameters.v) < int(inputs.parameters.seconds) ? 'approved' : {is_late}"
        );
        let task = |name: &str, template: &str, depends: Option<&str>, parameters: Vec<Parameter>| DagTask {
            name: name.to_owned(),
            template: template.to_owned(),
            depends: depends.map(str::to_owned),
            arguments: Arguments { parameters, ..Arguments::default() },
            ..DagTask::default()
        };
        let tasks = vec![
            task("wait", &wait, None, vec![input("message"), input("seconds")]),
            task(
                "waited",
                &same,
                Some("wait.Succeeded"),
                vec![Parameter::value("v", format!("{{{{={waited}}}}}"))],
            ),
            task(
                "in-time",
                &same,
                Some("waited.Succeeded"),
                vec![Parameter::value("v", format!("{{{{={in_time}}}}}"))],
            ),
        ];
        let parameters = ["message", "seconds"].map(Parameter::named).to_vec();
        self.put(
            place,
            Template {
                name: name.clone(),
                inputs: Arguments { parameters, ..Arguments::default() },
                dag: Some(DagSpec { fail_fast: None, tasks }),
                ..Template::default()
            },
        );
        name
    }
}
