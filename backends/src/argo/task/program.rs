//! The program of a task → the container's command, its arguments, and files beside it.

use pipec_ir::{Expr, ExprKind, Interpreter, Run, TaskId, Type};
use serde_json::Value as Json;

use super::super::artifacts::{ArtifactInput, Step, artifact_inputs, output_path};
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
                let text = &match interpreter {
                    Interpreter::Python => self.python_text(text)?,
                    Interpreter::Bash | Interpreter::Sh => text.clone(),
                };
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
                let mut command = words(&["sh", "/pipec/lib/step.sh"]);
                let lists: Vec<Option<String>> =
                    elements.iter().map(|element| self.list_variable(element)).collect();
                let with_lists = lists.iter().any(Option::is_some);
                if with_lists {
                    command.extend(["sh".to_owned(), "-c".to_owned(), handing_on(&lists)]);
                }
                let before = if with_lists { 3 } else { 0 };
                let mut args = Vec::new();
                let mut decoded = Vec::new();
                for (element, _) in elements.iter().zip(&lists).filter(|(_, list)| list.is_none()) {
                    args.push(self.argument(before + args.len(), element, &mut decoded)?);
                }
                if !decoded.is_empty() {
                    self.env.push(EnvVar::new("PIPEC_ARGS", decoded.join(" ")));
                }
                Ok((command, args))
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
        if let Some(path) = self.output_argument(element) {
            return Ok(path);
        }
        if let Some(artifact) = self.artifact_argument(element) {
            return Ok(artifact.path);
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

    /// The path of the output that an element stands for.
    fn output_argument(&self, element: &Expr) -> Option<String> {
        let (name, fields) = named(element)?;
        let output = self.task.results.outputs().iter().find(|output| output.name == name)?;
        fields.is_empty().then(|| output_path(name, &output.ty, &self.context.program.formats))
    }

    /// The artifact input that an element stands for.
    fn artifact_argument(&self, element: &Expr) -> Option<ArtifactInput> {
        let program = self.context.program;
        let (name, way) = named(element)?;
        let input = self.task.inputs.iter().find(|input| input.name == name)?;
        let artifacts = artifact_inputs(name, &input.ty, &program.types, &program.formats);
        artifacts.into_iter().find(|artifact| artifact.way == way)
    }

    /// The variable of a list of artifacts. Only the step knows where that is: an empty list isn't delivered.
    fn list_variable(&self, element: &Expr) -> Option<String> {
        let artifact = self.artifact_argument(element)?;
        artifact.is_list().then_some(artifact.variable)
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

/// An input's or an output's name, and what leads from there to what an element stands for.
fn named(element: &Expr) -> Option<(&str, Vec<Step>)> {
    let mut way = Vec::new();
    let mut current = element;
    loop {
        if let ExprKind::Field { of, field } = &current.kind {
            way.insert(0, Step::Field(field.clone()));
            current = of;
        } else if let ExprKind::Widen(inner) | ExprKind::Narrow(inner) = &current.kind {
            current = inner;
        } else if let ExprKind::Input(name) = &current.kind {
            return Some((name, way));
        } else {
            return None;
        }
    }
}

/// The script that puts the directories of lists among the other arguments: `exec "$0" "$files" "${1}"`.
fn handing_on(lists: &[Option<String>]) -> String {
    let mut count = 0;
    let words = lists.iter().map(|list| match list {
        Some(variable) => format!("\"${variable}\""),
        None => {
            count += 1;
            format!("\"${{{}}}\"", count - 1)
        }
    });
    format!("exec {}", words.collect::<Vec<_>>().join(" "))
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
