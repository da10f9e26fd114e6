//! The template `main`, where a run starts: what a person typed, or what a launch says, becomes what the pipeline takes.

use pipec_ir::{
    ArtifactRef, Expr, ExprKind, Launch, Parameter as Declared, Pipeline, PipelineId, Span, Type,
};

use super::Context;
use super::constants::{constant_text, holds_stored, shown_default};
use super::expression::{Binding, Scope, WireValue, member, string_literal, try_visit_mut};
use super::guard::measured_text;
use super::manifest::{Arguments, Artifact, Dag as DagSpec, DagTask, Parameter, Template};
use super::wire::class;
use super::workflow::Workflow;
use crate::Refusal;
use crate::names::{MAX_LABEL, Names, mangle};

/// Files that travel with the program and that inputs of the entry stand for: each is stored once, by `main`.
#[derive(Debug, Default)]
pub(crate) struct EntryFiles {
    files: Vec<EntryFile>,
    names: Names,
}

#[derive(Debug)]
struct EntryFile {
    artifact: ArtifactRef,
    task: String,
    template: String,
    parameters: Vec<Parameter>,
    artifacts: Vec<Artifact>,
    /// When it is needed; always, where there is none.
    wanted: Vec<String>,
}

impl EntryFiles {
    /// The tasks of `main` that store files, and what depends on them.
    fn tasks(&self) -> (Vec<DagTask>, Option<String>) {
        let ended: Vec<String> = self
            .files
            .iter()
            .map(|file| {
                if file.wanted.is_empty() {
                    format!("{}.Succeeded", file.task)
                } else {
                    format!("({0}.Succeeded || {0}.Skipped)", file.task)
                }
            })
            .collect();
        let tasks = self.files.iter().map(|file| DagTask {
            name: file.task.clone(),
            template: file.template.clone(),
            when: (!file.wanted.is_empty()).then(|| format!("{{{{={}}}}}", file.wanted.join(" or "))),
            arguments: Arguments { parameters: file.parameters.clone(), artifacts: file.artifacts.clone() },
            ..DagTask::default()
        });
        (tasks.collect(), (!ended.is_empty()).then(|| ended.join(" && ")))
    }
}

/// All templates; gives the entrypoint's name. Inputs that a person types are checked before the pipeline gets them.
pub(crate) fn build_templates<'a>(
    workflow: &mut Workflow<'a>,
    id: &'a PipelineId,
    pipeline: &'a Pipeline,
    launch: Option<&'a Launch>,
) -> Result<String, Refusal> {
    if pipeline.inputs.is_empty() {
        return workflow.pipeline(id);
    }
    let name = workflow.template_name("main");
    let place = workflow.reserve();
    let callee = workflow.pipeline(id)?;
    let call = mangle(&id.0, MAX_LABEL);
    let mut arguments = Arguments::default();
    // The pipeline's own files lie beside those of its inputs.
    let mut taken = workflow.stored_by(&callee);
    taken.push(call.clone());
    let taken: Vec<&str> = taken.iter().map(String::as_str).collect();
    workflow.entry_files = EntryFiles { names: Names::avoiding(&taken), ..EntryFiles::default() };
    for input in &pipeline.inputs {
        arguments.parameters.append(&mut entry_input(workflow, launch, input)?);
    }
    let (mut tasks, depends) = workflow.entry_files.tasks();
    tasks.push(DagTask { name: call, template: callee, depends, arguments, ..DagTask::default() });
    workflow.put(
        place,
        Template { name: name.clone(), dag: Some(DagSpec { fail_fast: None, tasks }), ..Template::default() },
    );
    Ok(name)
}

/// An input of the entry as arguments: by name, checked or computed.
pub(crate) fn entry_input(
    workflow: &mut Workflow<'_>,
    launch: Option<&Launch>,
    input: &Declared,
) -> Result<Vec<Parameter>, Refusal> {
    match launch {
        Some(launch) => launched_input(workflow, launch, input),
        None => typed_input(workflow, input),
    }
}

/// An input as a launch gives it, which may depend on the run.
fn launched_input(
    workflow: &mut Workflow<'_>,
    launch: &Launch,
    input: &Declared,
) -> Result<Vec<Parameter>, Refusal> {
    let Some(argument) = launch.arguments.iter().find(|argument| argument.name == input.name) else {
        return Err(Refusal::new(format!("the launch gives no `{}`", input.name)).spanned(launch.span));
    };
    if let Type::Secret = input.ty {
        let (secret, key) = super::pod::secret_reference(&argument.value)?;
        return Ok(vec![
            Parameter::value(format!("{}-secret", input.name), secret),
            Parameter::value(format!("{}-key", input.name), key),
        ]);
    }
    let wire = placed(workflow, &argument.value, None)?;
    Ok(vec![Parameter::value(&input.name, wire.into_argument())])
}

/// An input as a person gave it, checked.
fn typed_input(workflow: &mut Workflow<'_>, input: &Declared) -> Result<Vec<Parameter>, Refusal> {
    if let Type::Secret = input.ty {
        let given = super::dag::parameter_names(&input.name, &input.ty).into_iter().map(|name| {
            let value = format!("{{{{workflow.parameters.{name}}}}}");
            Parameter::value(name, value)
        });
        return Ok(given.collect());
    }
    let text = format!("workflow.parameters{}", member(&input.name));
    let what = format!("input {}", input.name);
    let checked = workflow.context.lowering().checked_text(&text, &input.ty, &what);
    let class = class(&input.ty, &workflow.context.program.types);
    let measures = workflow.context.measures();
    let checked = if measures { measured_text(checked, class, &what) } else { checked };
    let checked = checked.text;
    let default = input.default.as_ref().filter(|default| holds_stored(workflow.context, default));
    let value = match (default, shown_default(workflow.context, input)) {
        (Some(default), Some(shown)) => {
            // The packaged files are meant as long as their paths are what stands there.
            let is_shown = format!("{text} == {}", string_literal(&shown?));
            let wire = placed(workflow, default, Some(&is_shown))?.into_expression();
            format!("{is_shown} ? {wire} : {checked}")
        }
        _ => checked,
    };
    Ok(vec![Parameter::value(&input.name, format!("{{{{={value}}}}}"))])
}

/// The wire text of a value of the entry, with the key of each constant artifact that `main` stores.
fn placed(workflow: &mut Workflow<'_>, expr: &Expr, wanted: Option<&str>) -> Result<WireValue, Refusal> {
    let mut scope = Scope::default();
    let mut expr = expr.clone();
    try_visit_mut(&mut expr, |part| {
        let ExprKind::Artifact(artifact) = &part.kind else { return Ok(()) };
        part.kind = match entry_file(workflow, artifact, part.span, wanted)? {
            Kept::AtKey(key) => ExprKind::Const(key.into()),
            Kept::Stored { task, key } => {
                let name = format!("stored {task}");
                scope.inputs.insert(name.clone(), Binding::Json { text: key, ty: part.ty.clone() });
                ExprKind::Input(name)
            }
        };
        Ok(())
    })?;
    workflow.context.lowering().wire(&expr, &scope)
}

/// Where a constant artifact is.
enum Kept {
    /// In the artifact repository, under this key.
    AtKey(String),
    /// Where this task of `main` stores it; the key as an expression.
    Stored { task: String, key: String },
}

fn entry_file(
    workflow: &mut Workflow<'_>,
    artifact: &ArtifactRef,
    span: Option<Span>,
    wanted: Option<&str>,
) -> Result<Kept, Refusal> {
    let context = workflow.context;
    let suffix = context.identity_suffix(artifact);
    if let ArtifactRef::Uri { uri, .. } = artifact
        && let Some(key) = context.target.key_of(uri)
    {
        return Ok(Kept::AtKey(format!("{key}{suffix}")));
    }
    let known = workflow.entry_files.files.iter().position(|file| &file.artifact == artifact);
    let index = match known {
        Some(index) => index,
        None => {
            let stored = workflow.stored(artifact, span)?;
            let task = workflow.entry_files.names.unique(&stored.name, MAX_LABEL);
            let parameters = stored.parameters(format!("{}{task}", context.key_root()));
            let file = EntryFile {
                artifact: artifact.clone(),
                task,
                template: stored.template,
                parameters,
                artifacts: stored.artifacts,
                wanted: wanted.map(str::to_owned).into_iter().collect(),
            };
            workflow.entry_files.files.push(file);
            workflow.entry_files.files.len() - 1
        }
    };
    let file = &mut workflow.entry_files.files[index];
    match wanted {
        Some(wanted) if known.is_some() && !file.wanted.is_empty() => {
            if !file.wanted.iter().any(|known| known == wanted) {
                file.wanted.push(wanted.to_owned());
            }
        }
        Some(_) => {}
        None => file.wanted.clear(),
    }
    let key = format!("({} + '/{}{suffix}')", context.key_root_expression(), file.task);
    Ok(Kept::Stored { task: file.task.clone(), key })
}

/// The workflow's parameters, with the inputs' defaults.
pub(crate) fn entry_arguments(
    context: &Context<'_>,
    inputs: &[Declared],
    templates: &[Template],
    run_name: &str,
    timezone: &str,
) -> Result<Arguments, Refusal> {
    let mut arguments = Arguments::default();
    for input in inputs {
        if let Type::Secret = input.ty {
            arguments.parameters.extend(secret_parameters(input));
            continue;
        }
        let mut parameter = Parameter::named(&input.name);
        parameter.description = input.doc.clone();
        parameter.value = match (shown_default(context, input), &input.default) {
            (Some(shown), _) => Some(shown?),
            (None, Some(default)) => Some(constant_text(context, default)?),
            (None, None) => None,
        };
        if let Type::Enum { name } = &input.ty
            && let Some(found) = super::wire::enumeration(&context.program.types, name)
            && found.variants.iter().all(|variant| variant.fields.is_empty())
        {
            parameter.allowed = found.variants.iter().map(|variant| variant.json_name().to_owned()).collect();
        }
        arguments.parameters.push(parameter);
    }
    for (name, value) in [("run-name", run_name), ("run-scheduled", ""), ("run-timezone", timezone)] {
        if templates_mention(templates, name) {
            arguments.parameters.push(Parameter::value(name, value));
        }
    }
    Ok(arguments)
}

/// A secret's name and key, with those of its default.
fn secret_parameters(input: &Declared) -> impl Iterator<Item = Parameter> {
    let reference = match input.default.as_ref().map(|default| &default.kind) {
        Some(ExprKind::Secret { name, key }) => Some((name.clone(), key.clone())),
        Some(_) | None => None,
    };
    let (secret, key) = reference.unzip();
    [("secret", secret), ("key", key)]
        .into_iter()
        .map(|(part, value)| Parameter { value, ..Parameter::named(format!("{}-{part}", input.name)) })
}

fn templates_mention(templates: &[Template], word: &str) -> bool {
    let wanted = format!("workflow.parameters['{word}']");
    let mentions = |arguments: &Arguments| {
        arguments
            .parameters
            .iter()
            .any(|parameter| parameter.value.as_ref().is_some_and(|value| value.contains(&wanted)))
            || arguments
                .artifacts
                .iter()
                .any(|artifact| artifact.s3.as_ref().is_some_and(|key| key.key.contains(&wanted)))
    };
    templates.iter().any(|template| {
        template.dag.as_ref().is_some_and(|dag| dag.tasks.iter().any(|task| mentions(&task.arguments)))
    })
}
