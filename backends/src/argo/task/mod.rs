//! A task → a template with one container.

mod columns;
mod inputs;
mod program;
mod spec;

use pipec_ir::{Interpreter, PullPolicy, Run, Task, TaskId, Type};

use super::artifacts::output_path;
use super::computed::Computed;
use super::expression::{Scope, WireValue, member};
use super::identities::parameter_name;
use super::manifest::{
    Archive, Artifact, Backoff, Cache, Container, EnvVar, Key, Memoize, NameOnly, Parameter, RetryStrategy,
    Template, ValueFrom, VolumeMount,
};
use super::program_files::ProgramFiles;
use super::step::{self, CONTRACT_FAULT};
use super::wire::{holds_artifacts, is_all_artifacts};
use super::{Context, pod};
use crate::Refusal;

/// Makes the template of one task.
pub(crate) struct TaskTemplate<'a> {
    context: &'a Context<'a>,
    task: &'a Task,
    template: Template,
    env: Vec<EnvVar>,
    mounts: Vec<VolumeMount>,
    /// Variables that arrive as wire text.
    decode: Vec<String>,
    optional: Vec<String>,
    lists: Vec<String>,
    scope: Scope,
    computed: Computed,
}

/// A task's template, and what the template around it has to compute for it.
pub(crate) struct Built {
    pub(crate) template: Template,
    pub(crate) computed: Vec<Parameter>,
}

impl<'a> TaskTemplate<'a> {
    /// `keyed`: the callers say where the artifacts go, and learn their keys.
    pub(crate) fn build(
        context: &'a Context<'a>,
        id: &'a TaskId,
        name: &str,
        keyed: bool,
        files: &mut ProgramFiles,
    ) -> Result<Built, Refusal> {
        let task = &context.program.tasks[id];
        let mut this = TaskTemplate {
            context,
            task,
            template: Template { name: name.to_owned(), ..Template::default() },
            env: Vec::new(),
            mounts: vec![VolumeMount {
                name: "pipec".into(),
                mount_path: step::MOUNT.into(),
                ..VolumeMount::default()
            }],
            decode: Vec::new(),
            optional: Vec::new(),
            lists: Vec::new(),
            scope: Scope::default(),
            computed: Computed::default(),
        };
        this.fill(id, keyed, files).map_err(|refusal| refusal.at(format!("task {}", id.0), task.span))?;
        let computed = this.computed.arguments;
        let named = computed.iter().map(|argument| Parameter::named(&argument.name));
        this.template.inputs.parameters.extend(named);
        Ok(Built { template: this.template, computed })
    }

    fn fill(&mut self, id: &TaskId, keyed: bool, files: &mut ProgramFiles) -> Result<(), Refusal> {
        let task = self.task;
        for parameter in &task.inputs {
            self.scope.add_input(&parameter.name, &parameter.ty);
            self.input(&parameter.name, &parameter.ty);
        }
        if let Some(doc) = &task.doc {
            self.template
                .metadata
                .annotations
                .insert("workflows.argoproj.io/description".into(), inert_doc(doc));
        }
        let settings = &task.settings;
        let image = settings.image.clone().or_else(|| self.context.target.default_image.clone()).ok_or_else(
            || {
                Refusal::new(format!(
                    "`{}` names no image, and Argo runs every step in a container",
                    task.name
                ))
                .help("give the task an `image`, or the target a `default_image`")
            },
        )?;
        self.environment()?;
        let interpreter = self.interpreter();
        match interpreter {
            Some(Interpreter::Python) => self.python_settings(keyed)?,
            Some(Interpreter::Bash | Interpreter::Sh) | None => self.shell_settings(keyed)?,
        }
        self.outputs(keyed);
        self.retry_and_timeout()?;
        self.cache();
        if self.context.target.metrics {
            self.template.metrics = Some(super::metrics::of_task(&self.context.program.name, &task.name));
        }
        pod::apply(
            self.context,
            task,
            &self.scope,
            &mut self.computed,
            &mut self.template,
            &mut self.mounts,
        )?;
        let (command, args) = self.command(id, files)?;
        self.files(id, files)?;
        let mut env =
            vec![EnvVar::new("PIPEC_RUN", "{{workflow.uid}}"), EnvVar::new("PIPEC_ATTEMPT", self.attempt())];
        env.append(&mut self.env);
        self.template.container = Some(Container {
            image,
            image_pull_policy: settings.image_pull_policy.map(|policy| match policy {
                PullPolicy::Always => "Always",
                PullPolicy::IfNotPresent => "IfNotPresent",
                PullPolicy::Never => "Never",
            }),
            command,
            args,
            env,
            resources: pod::literal_resources(self.context, task)?,
            volume_mounts: std::mem::take(&mut self.mounts),
        });
        Ok(())
    }

    fn interpreter(&self) -> Option<Interpreter> {
        match &self.task.run {
            Run::Script { interpreter, .. } => Some(*interpreter),
            Run::Command(_) => None,
        }
    }

    fn attempt(&self) -> String {
        if self.task.settings.retry.is_some() { "{{=string(int(retries) + 1)}}".into() } else { "1".into() }
    }

    // The environment

    fn environment(&mut self) -> Result<(), Refusal> {
        let mut kept = Vec::new();
        for (name, value) in &self.task.settings.env {
            if ["HOME", "TMPDIR", "LC_ALL", "TZ"].contains(&name.as_str()) {
                kept.push(name.clone());
            }
            if let Type::Secret = value.ty {
                self.env.push(pod::secret_variable(name, value)?);
                continue;
            }
            let wire = self.context.lowering().text_wire(value, &self.scope)?;
            let wire = self.computed.in_step(wire);
            self.decode.push(name.clone());
            if let WireValue::Literal(text) = &wire
                && pipec_ir::wire::is_inert(text)
            {
                self.decode.pop();
            }
            self.env.push(EnvVar::new(name, wire.into_argument()));
        }
        if !kept.is_empty() {
            self.env.push(EnvVar::new("PIPEC_KEEP", kept.join(" ")));
        }
        Ok(())
    }

    // Outputs

    fn outputs(&mut self, keyed: bool) {
        for output in self.task.results.outputs() {
            let optional = matches!(output.ty, Type::Optional { .. });
            let result =
                Parameter::from(&output.name, ValueFrom::Path(format!("/tmp/pipec/result/{}", output.name)));
            if !is_all_artifacts(&output.ty) {
                self.template.outputs.parameters.push(result);
                continue;
            }
            let key = format!("{}-key", output.name);
            if keyed {
                self.identify();
                self.template.inputs.parameters.push(Parameter::named(&key));
                self.env.push(EnvVar::new(
                    format!("PIPEC_KEY_{}", output.name),
                    format!("{{{{inputs.parameters.{key}}}}}"),
                ));
                self.template.outputs.parameters.push(result);
            }
            self.template.outputs.artifacts.push(Artifact {
                name: output.name.clone(),
                path: Some(output_path(&output.name, &output.ty, &self.context.program.formats)),
                optional,
                archive: Some(Archive::default()),
                s3: keyed.then(|| Key { key: format!("{{{{inputs.parameters.{key}}}}}") }),
                ..Artifact::default()
            });
        }
    }

    /// The step says what its artifacts are, if anyone asks.
    fn identify(&mut self) {
        let name = "PIPEC_IDENTITY";
        if self.context.keyed.identified && self.env.iter().all(|variable| variable.name != name) {
            self.env.push(EnvVar::new(name, super::identities::MARK));
        }
    }

    /// A cached step is known by its identity, its input values and what its artifacts are.
    fn cache(&mut self) {
        if !self.task.settings.cache {
            return;
        }
        let types = &self.context.program.types;
        let inputs = self.task.inputs.iter().filter(|input| !matches!(input.ty, Type::Secret));
        let (artifacts, values): (Vec<_>, Vec<_>) = inputs
            .partition(|input| input.role == pipec_ir::Role::Program && holds_artifacts(&input.ty, types));
        let parameter = |name: &str| format!("inputs.parameters{}", member(name));
        let mut parts = vec![format!("'{}'", self.task.identity)];
        parts.extend(values.iter().map(|input| parameter(&input.name)));
        let identities: Vec<String> =
            artifacts.iter().map(|input| parameter(&parameter_name(&input.name))).collect();
        parts.extend(identities.iter().cloned());
        // Ten years are for ever. What nothing is known of is too old at once.
        let unknown: Vec<String> =
            identities.iter().map(|identity| format!("{identity} == 'none'")).collect();
        let max_age = if unknown.is_empty() {
            "87600h".to_owned()
        } else {
            format!("{{{{={} ? '0s' : '87600h'}}}}", unknown.join(" or "))
        };
        let identity: String = self.task.identity.chars().take(12).collect();
        self.template.memoize = Some(Memoize {
            key: format!("c-{{{{=sprig.sha256sum(toJson([{}]))}}}}", parts.join(", ")),
            max_age,
            cache: Cache { config_map: NameOnly { name: format!("pipec-cache-{identity}") } },
        });
    }

    fn retry_and_timeout(&mut self) -> Result<(), Refusal> {
        let settings = &self.task.settings;
        if let Some(retry) = &settings.retry {
            let mut expression = format!("lastRetry.exitCode != '{CONTRACT_FAULT}'");
            if let Some(codes) = &retry.exit_codes {
                let codes: Vec<String> = codes.iter().map(|code| format!("'{code}'")).collect();
                expression = format!(
                    "{expression} and (lastRetry.exitCode in [{}] or lastRetry.status == 'Error' or lastRetry.message contains 'deadline')",
                    codes.join(", ")
                );
            }
            self.template.retry_strategy = Some(RetryStrategy {
                limit: retry.limit.to_string(),
                retry_policy: "Always",
                backoff: retry.backoff_ms.map(|duration| Backoff {
                    duration: seconds(duration).to_string(),
                    factor: retry.factor.map(pipec_ir::number::float_text),
                    cap: retry.max_backoff_ms.map(|cap| seconds(cap).to_string()),
                }),
                expression,
            });
        }
        if let Some(timeout) = &settings.timeout {
            let seconds = self.context.lowering().seconds(timeout, &self.scope)?;
            self.template.active_deadline_seconds = Some(self.computed.in_step(seconds).into_argument());
        }
        Ok(())
    }
}

fn inert_doc(doc: &str) -> String {
    doc.replace("{{", "{ {")
}

fn seconds(milliseconds: u64) -> u64 {
    milliseconds.div_ceil(1000)
}
