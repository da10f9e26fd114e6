//! The program of a task → the container's command, its arguments, and files beside it.

use pipec_ir::{Expr, ExprKind, Interpreter, Run, TaskId, Type};
use serde_json::Value as Json;

use super::super::artifacts::{artifact_inputs, output_path};
use super::super::manifest::{ConfigMapVolume, EnvVar, KeyToPath, Volume, VolumeMount};
use super::super::program_files::ProgramFiles;
use super::super::wire::{Class, class};
use super::TaskTemplate;
use crate::Refusal;

/// Longest program text that travels as an argument of the container.
const MAX_ARGUMENT: usize = 100_000;

impl TaskTemplate<'_> {
    pub(super) fn command(
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
        let wire = self.computed.in_step(wire);
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
    pub(super) fn files(&mut self, _id: &TaskId, files: &mut ProgramFiles) -> Result<(), Refusal> {
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

/// The kubelet turns `$$` into `$` and expands `$(NAME)` in arguments: each `$` before one of these is doubled.
fn escape_dollars(text: &str) -> String {
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
