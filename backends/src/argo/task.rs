//! A task → a template with one container.

use pipec_ir::{Expr, ExprKind, Interpreter, PullPolicy, Run, Task, TaskId, Type};
use serde_json::{Value as Json, json};

use super::artifacts::{ArtifactInput, artifact_inputs, output_path};
use super::expression::{Scope, Term, WireValue, from_wire, member, out_of_json, to_wire};
use super::manifest::{
    Archive, Artifact, Backoff, Cache, ConfigMapVolume, Container, EnvVar, Key, KeyToPath, Memoize, NameOnly,
    Parameter, RetryStrategy, Template, ValueFrom, Volume, VolumeMount,
};
use super::program_files::ProgramFiles;
use super::step::{self, CONTRACT_FAULT, python_type, shell_check};
use super::wire::{Class, class, holds_artifacts, is_all_artifacts, is_artifact, record};
use super::{Context, pod};
use crate::Refusal;

/// Longest program text that travels as an argument of the container.
const MAX_ARGUMENT: usize = 100_000;

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
}

impl<'a> TaskTemplate<'a> {
    /// `keyed`: the callers say where the artifacts go, and learn their keys.
    pub(crate) fn build(
        context: &'a Context<'a>,
        id: &'a TaskId,
        name: &str,
        keyed: bool,
        files: &mut ProgramFiles,
    ) -> Result<Template, Refusal> {
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
        };
        this.fill(id, keyed, files).map_err(|refusal| refusal.at(format!("task {}", id.0), task.span))?;
        Ok(this.template)
    }

    fn fill(&mut self, id: &TaskId, keyed: bool, files: &mut ProgramFiles) -> Result<(), Refusal> {
        let task = self.task;
        for parameter in &task.inputs {
            self.scope.add_input(&parameter.name, &parameter.ty);
            self.input(&parameter.name, &parameter.ty)?;
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
                    "task {} names no image, and Argo runs every step in a container",
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
        pod::apply(self.context, task, &self.scope, &mut self.template, &mut self.mounts)?;
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

    // Inputs

    fn input(&mut self, name: &str, ty: &Type) -> Result<(), Refusal> {
        let types = &self.context.program.types;
        if let Type::Secret = ty {
            for part in ["secret", "key"] {
                self.template.inputs.parameters.push(Parameter::named(format!("{name}-{part}")));
            }
            return Ok(());
        }
        let is_program =
            self.task.inputs.iter().any(|input| input.name == name && input.role == pipec_ir::Role::Program);
        let artifacts = artifact_inputs(name, ty, types, &self.context.program.formats).map_err(|what| {
            Refusal::new(format!("{what}, which a step can't receive on Argo yet"))
                .help("loop over it and pass one at a time, or pass its parts")
        })?;
        let plain = artifacts.len() == 1 && artifacts[0].is_plain();
        if !plain {
            self.template.inputs.parameters.push(Parameter::named(name));
        }
        if !is_program {
            return Ok(());
        }
        if !is_all_artifacts(ty) {
            self.value_input(name, ty);
        }
        for artifact in &artifacts {
            self.artifact_input(name, ty, artifact, plain);
        }
        Ok(())
    }

    fn value_input(&mut self, name: &str, ty: &Type) {
        let types = &self.context.program.types;
        let parameter = Term::atom(format!("inputs.parameters{}", member(name)));
        if holds_artifacts(ty, types) {
            let value = from_wire(&parameter, ty, types);
            let values = self.context.lowering().value_part(&value, ty);
            self.env.push(EnvVar::new(
                name,
                expression_tag(&self.context.lowering().value_part_wire(&values, ty)),
            ));
            self.decode.push(name.to_owned());
        } else {
            self.env.push(EnvVar::new(name, format!("{{{{{}}}}}", parameter.text)));
            if needs_decoding(ty, types) {
                self.decode.push(name.to_owned());
            }
        }
        if let Type::Record { .. } = ty.without_optional() {
            let value = from_wire(&parameter, ty, types);
            self.field_variables(name, &value, ty);
        }
    }

    /// `$s_a`, `$s_a_b`: a variable for each field, so that no program needs a JSON parser for them.
    fn field_variables(&mut self, prefix: &str, value: &Term, ty: &Type) {
        let types = &self.context.program.types;
        let Type::Record { name } = ty.without_optional() else { return };
        let Some(definition) = record(types, name) else { return };
        let optional = matches!(ty, Type::Optional { .. });
        for field in &definition.fields {
            let variable = format!("{prefix}_{}", field.name);
            let access = if optional { "?" } else { "" };
            let place = format!("{}{access}{}", value.text, optional_member(field.json_name(), optional));
            let place = Term::made_of(place, &[value]);
            let ty = if optional { Type::optional(field.ty.clone()) } else { field.ty.clone() };
            if is_all_artifacts(&ty) {
                continue;
            }
            if let Type::Record { .. } = ty.without_optional() {
                self.field_variables(&variable, &place, &ty);
            }
            if holds_artifacts(&ty, types) {
                let values = self.context.lowering().value_part(&place, &ty);
                self.env.push(EnvVar::new(
                    &variable,
                    expression_tag(&self.context.lowering().value_part_wire(&values, &ty)),
                ));
                self.decode.push(variable);
                continue;
            }
            let text = to_wire(&out_of_json(&place, &ty, types), &ty, types);
            self.env.push(EnvVar::new(&variable, expression_tag(&text)));
            if needs_decoding(&ty, types) {
                self.decode.push(variable);
            }
        }
    }

    fn artifact_input(&mut self, input: &str, ty: &Type, artifact: &ArtifactInput, plain: bool) {
        let types = &self.context.program.types;
        let optional = !plain
            && (matches!(artifact.ty, Type::Optional { .. })
                || artifact.is_list()
                || matches!(ty, Type::Optional { .. }));
        self.template.inputs.artifacts.push(Artifact {
            name: artifact.name.clone(),
            path: Some(artifact.path.clone()),
            optional,
            ..Artifact::default()
        });
        if !optional {
            self.env.push(EnvVar::new(&artifact.variable, &artifact.path));
            return;
        }
        let parameter = from_wire(&Term::atom(format!("inputs.parameters{}", member(input))), ty, types);
        let (place, place_ty) = self.context.lowering().artifact_place(&parameter, ty, artifact);
        if artifact.is_list() {
            // Python learns which items are missing; a shell sees that in the directory.
            let python = matches!(self.interpreter(), Some(Interpreter::Python));
            let text = if python {
                format!("toJson({})", place.text)
            } else {
                format!("string(len({}))", place.text)
            };
            let missing = matches!(place_ty, Type::Optional { .. });
            let text = if missing { format!("{} == nil ? 'null' : {text}", place.text) } else { text };
            self.env.push(EnvVar::new(&artifact.variable, format!("{{{{={text}}}}}")));
            self.lists.push(format!("{}={}", artifact.variable, artifact.path));
        } else {
            let text = if artifact.fields.is_empty() {
                format!("{{{{inputs.parameters.{input}}}}}")
            } else {
                format!("{{{{={} == nil ? 'null' : {}}}}}", place.text, place.text)
            };
            self.env.push(EnvVar::new(&artifact.variable, text));
            self.optional.push(format!("{}={}", artifact.variable, artifact.path));
        }
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
            if !wire.fits_leaf() {
                return Err(faulting_setting("env").spanned(value.span));
            }
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

    fn shell_settings(&mut self, keyed: bool) -> Result<(), Refusal> {
        let types = &self.context.program.types;
        self.env.push(EnvVar::new("PIPEC_TASK", &self.task.name));
        for (name, words) in
            [("PIPEC_DECODE", &self.decode), ("PIPEC_OPTIONAL", &self.optional), ("PIPEC_LISTS", &self.lists)]
        {
            if !words.is_empty() {
                self.env.push(EnvVar::new(name, words.join(" ")));
            }
        }
        let mut lines = Vec::new();
        for output in self.task.results.outputs() {
            let mark = if matches!(output.ty, Type::Optional { .. }) { "?" } else { "" };
            let ty = output.ty.without_optional();
            let what = if is_artifact(ty) {
                let extension = super::artifacts::extension(ty, &self.context.program.formats);
                if let Type::Dir { .. } = ty { "dir".to_owned() } else { format!("file {extension}") }
            } else if is_all_artifacts(ty) {
                if keyed { "list".to_owned() } else { "dir".to_owned() }
            } else {
                // What a shell can't check is checked afterwards, by an expression.
                shell_check(ty, types).unwrap_or_else(|| "string".to_owned())
            };
            lines.push(format!("{}{mark} {}", output.name, what.trim_end()));
        }
        if !lines.is_empty() {
            self.env.push(EnvVar::new("PIPEC_OUTPUTS", lines.join("\n")));
        }
        Ok(())
    }

    fn python_settings(&mut self, _keyed: bool) -> Result<(), Refusal> {
        let program = self.context.program;
        let types = &program.types;
        let mut inputs = Vec::new();
        for input in self.task.inputs.iter().filter(|input| input.role == pipec_ir::Role::Program) {
            if let Type::Secret = input.ty {
                continue;
            }
            let artifacts =
                artifact_inputs(&input.name, &input.ty, types, &program.formats).unwrap_or_default();
            let mut entry = serde_json::Map::new();
            entry.insert("name".to_owned(), input.name.clone().into());
            if is_all_artifacts(&input.ty) {
                let artifact = &artifacts[0];
                entry.insert("path".to_owned(), artifact.path.clone().into());
                if artifact.is_list() {
                    entry.insert("list".to_owned(), true.into());
                }
            } else {
                entry.insert("of".to_owned(), python_type(&input.ty, types));
                let parts: Vec<Json> =
                    artifacts.iter().map(|artifact| self.python_artifact(&input.ty, artifact)).collect();
                if !parts.is_empty() {
                    entry.insert("artifacts".to_owned(), Json::Array(parts));
                }
            }
            inputs.push(Json::Object(entry));
        }
        let mut outputs = Vec::new();
        for output in self.task.results.outputs() {
            let mut entry = serde_json::Map::new();
            entry.insert("name".to_owned(), output.name.clone().into());
            if is_all_artifacts(&output.ty) {
                let ty = output.ty.without_optional();
                let kind = if let Type::Dir { .. } = ty {
                    "dir"
                } else if is_artifact(ty) {
                    "file"
                } else {
                    "list"
                };
                entry.insert("artifact".to_owned(), kind.into());
                entry.insert(
                    "path".to_owned(),
                    output_path(&output.name, &output.ty, &program.formats).into(),
                );
                if matches!(output.ty, Type::Optional { .. }) {
                    entry.insert("optional".to_owned(), true.into());
                }
            } else {
                entry.insert("of".to_owned(), python_type(&output.ty, types));
            }
            outputs.push(Json::Object(entry));
        }
        let inputs_named: Vec<&str> = self.task.inputs.iter().map(|input| input.name.as_str()).collect();
        let fields: Vec<&String> =
            self.decode.iter().filter(|name| !inputs_named.contains(&name.as_str())).collect();
        let mut spec = json!({"task": self.task.name, "inputs": inputs, "outputs": outputs});
        if let Json::Object(object) = &mut spec {
            if !fields.is_empty() {
                object.insert("fields".to_owned(), json!(fields));
            }
            if let Run::Script { span: Some(span), .. } = &self.task.run
                && let Some(source) = program.sources.get(span.file as usize)
            {
                object.insert("source".to_owned(), source.clone().into());
                object.insert("line".to_owned(), span.line.into());
            }
        }
        self.env.push(EnvVar::new("PIPEC_SPEC", inert_json(&spec)));
        Ok(())
    }

    fn python_artifact(&self, ty: &Type, artifact: &ArtifactInput) -> Json {
        let lowering = self.context.lowering();
        let mut at = Vec::new();
        let mut current = ty.clone();
        if let (true, Type::List { item }) = (artifact.each, ty.without_optional()) {
            current = (**item).clone();
        }
        for field in &artifact.fields {
            at.push(lowering.field_name(&current, field));
            current = lowering.field_type(&current, field);
        }
        json!({"variable": artifact.variable, "at": at, "path": artifact.path, "list": artifact.is_list(),
            "each": artifact.each})
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

    /// A cached step is known by its identity and its input values. One that reads artifacts has no such key, and runs.
    fn cache(&mut self) {
        if !self.task.settings.cache || !self.template.inputs.artifacts.is_empty() {
            return;
        }
        let is_value = |parameter: &&Parameter| {
            !self.task.results.outputs().iter().any(|output| parameter.name == format!("{}-key", output.name))
        };
        let mut parts = vec![format!("'{}'", self.task.identity)];
        parts.extend(
            self.template
                .inputs
                .parameters
                .iter()
                .filter(is_value)
                .map(|parameter| format!("inputs.parameters{}", member(&parameter.name))),
        );
        let identity: String = self.task.identity.chars().take(12).collect();
        self.template.memoize = Some(Memoize {
            key: format!("c-{{{{=sprig.sha256sum(toJson([{}]))}}}}", parts.join(", ")),
            max_age: "87600h".into(),
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
            self.template.active_deadline_seconds =
                Some(self.context.lowering().seconds(timeout, &self.scope)?);
        }
        Ok(())
    }

    // The program

    fn command(
        &mut self,
        id: &TaskId,
        files: &mut ProgramFiles,
    ) -> Result<(Vec<String>, Vec<String>), Refusal> {
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        match &self.task.run {
            Run::Script { interpreter, text, .. } => {
                let in_file = text.contains("{{") || text.len() > MAX_ARGUMENT || text.starts_with('\t');
                let (command, argument) = if in_file {
                    let path = self.program_file(id, text, files);
                    match interpreter {
                        Interpreter::Bash => (words(&["sh", "/pipec/lib/step.sh", "bash"]), path),
                        Interpreter::Sh => (words(&["sh", "/pipec/lib/step.sh", "sh"]), path),
                        Interpreter::Python => {
                            (words(&["python3", "/pipec/lib/step.py"]), format!("@{path}"))
                        }
                    }
                } else {
                    let command = match interpreter {
                        Interpreter::Bash => words(&["sh", "/pipec/lib/step.sh", "bash", "-c"]),
                        Interpreter::Sh => words(&["sh", "/pipec/lib/step.sh", "sh", "-c"]),
                        Interpreter::Python => words(&["python3", "/pipec/lib/step.py"]),
                    };
                    (command, escape_dollars(text))
                };
                Ok((command, vec![argument]))
            }
            Run::Command(elements) => {
                let mut args = Vec::new();
                let mut decoded = Vec::new();
                for (position, element) in elements.iter().enumerate() {
                    args.push(self.argument(position, element, &mut decoded)?);
                }
                if !decoded.is_empty() {
                    self.env.push(EnvVar::new("PIPEC_ARGS", decoded.join(" ")));
                }
                Ok((words(&["sh", "/pipec/lib/step.sh"]), args))
            }
        }
    }

    /// One element of an argument vector: text as it is, a variable that is inert, or a place that the step fills in.
    fn argument(
        &mut self,
        position: usize,
        element: &Expr,
        decoded: &mut Vec<String>,
    ) -> Result<String, Refusal> {
        let types = &self.context.program.types;
        if let ExprKind::Const(Json::String(text)) = &element.kind
            && !text.contains("{{")
        {
            return Ok(escape_dollars(text));
        }
        if let Some(path) = self.path_argument(element) {
            return Ok(path);
        }
        if let ExprKind::Input(name) = &element.kind
            && !matches!(element.ty, Type::Optional { .. })
            && matches!(
                class(&element.ty, types),
                Class::Int | Class::Float | Class::Bool | Class::Duration | Class::Name
            )
        {
            return Ok(format!("$({name})"));
        }
        let wire = self.context.lowering().text_wire(element, &self.scope)?;
        if !wire.fits_leaf() {
            return Err(faulting_setting("run").spanned(element.span));
        }
        self.env.push(EnvVar::new(format!("PIPEC_ARG_{position}"), wire.into_argument()));
        decoded.push(position.to_string());
        Ok("-".to_owned())
    }

    /// The path that an artifact input or an output stands for.
    fn path_argument(&self, element: &Expr) -> Option<String> {
        let program = self.context.program;
        let mut fields = Vec::new();
        let mut current = element;
        let name = loop {
            if let ExprKind::Field { of, field } = &current.kind {
                fields.insert(0, field.clone());
                current = of;
            } else if let ExprKind::Widen(inner) | ExprKind::Narrow(inner) = &current.kind {
                current = inner;
            } else if let ExprKind::Input(name) = &current.kind {
                break name;
            } else {
                return None;
            }
        };
        if let Some(output) = self.task.results.outputs().iter().find(|output| &output.name == name) {
            return Some(output_path(name, &output.ty, &program.formats));
        }
        let input = self.task.inputs.iter().find(|input| &input.name == name)?;
        let artifacts = artifact_inputs(name, &input.ty, &program.types, &program.formats).ok()?;
        let artifact = artifacts.into_iter().find(|artifact| artifact.fields == fields)?;
        if artifact.is_list() { Some(format!("$({})", artifact.variable)) } else { Some(artifact.path) }
    }

    fn program_file(&mut self, id: &TaskId, text: &str, files: &mut ProgramFiles) -> String {
        let key = files.add_text(&format!("program-{}", self.template.name), text);
        self.mounts.push(VolumeMount {
            name: "files".into(),
            mount_path: "/pipec/program".into(),
            sub_path: Some(key),
            read_only: true,
        });
        let _ = id;
        "/pipec/program".to_owned()
    }

    /// The task's files, in a directory that the step copies into its working directory.
    fn files(&mut self, _id: &TaskId, files: &mut ProgramFiles) -> Result<(), Refusal> {
        if self.task.files.is_empty() {
            return Ok(());
        }
        let mut items = Vec::new();
        for entry in &self.task.files {
            let key = files.add_blob(self.context.program, &entry.sha256)?;
            let mode = entry.executable.then_some(0o555);
            items.push(KeyToPath { key, path: entry.path.clone(), mode });
        }
        self.template.volumes.push(Volume {
            name: "task-files".into(),
            config_map: Some(ConfigMapVolume { name: files.name().to_owned(), items }),
            ..Volume::default()
        });
        self.mounts.push(VolumeMount {
            name: "task-files".into(),
            mount_path: "/pipec/files".into(),
            read_only: true,
            ..VolumeMount::default()
        });
        self.env.push(EnvVar::new("PIPEC_FILES", "/pipec/files"));
        Ok(())
    }
}

fn faulting_setting(setting: &str) -> Refusal {
    Refusal::new(format!("`{setting}` uses an expression that may fail, which Argo can't stop at in a step"))
        .help("compute it before the call and pass it as an input")
}

/// Whether a wire text of the type may differ from the text that programs get.
fn needs_decoding(ty: &Type, types: &pipec_ir::types::TypeTable) -> bool {
    matches!(ty, Type::Optional { .. })
        || match class(ty, types) {
            Class::Bool | Class::Int | Class::Float | Class::Duration | Class::Name | Class::Plain => false,
            Class::Variant { plain } => !plain,
            Class::Text | Class::Encoded => true,
        }
}

fn optional_member(name: &str, optional: bool) -> String {
    let member = member(name);
    if optional && member.starts_with('[') { format!(".{member}") } else { member }
}

fn expression_tag(term: &Term) -> String {
    format!("{{{{={}}}}}", term.text)
}

/// The kubelet turns `$$` into `$` and expands `$(NAME)` in arguments: each `$` before one of these is doubled.
pub(crate) fn escape_dollars(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        escaped.push(character);
        if character == '$' && matches!(characters.peek(), Some('$' | '(')) {
            escaped.push('$');
        }
    }
    escaped
}

/// JSON text that no template expander takes for its own.
fn inert_json(json: &Json) -> String {
    json.to_string()
        .replace("{{", "{ {")
        .replace("}}", "} }")
        .replace("$(", "\\u0024(")
        .replace("$$", "\\u0024\\u0024")
}

fn inert_doc(doc: &str) -> String {
    doc.replace("{{", "{ {")
}

fn seconds(milliseconds: u64) -> u64 {
    milliseconds.div_ceil(1000)
}
