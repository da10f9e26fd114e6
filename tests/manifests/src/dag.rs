//! The tasks of a DAG: what they call, with what, after what.

use std::collections::{BTreeMap, BTreeSet};

use crate::Report;
use crate::depends;
use crate::fields::{Arguments, Artifact, Dag, Parameter, Task, Template};
use crate::names;
use crate::references::{Tag, tags};
use crate::scope::{Item, Names, Scope};
use crate::values::Values;

/// Templates by name.
pub(crate) type Templates<'a> = BTreeMap<&'a str, &'a Template>;

/// Reports what is wrong with the tasks of a template and with its outputs.
pub(crate) fn check(
    template: &Template,
    dag: &Dag,
    scope: &Scope,
    templates: &Templates,
    values: &Values,
    report: &mut Report,
) {
    if dag.tasks.is_empty() {
        report.fault("the DAG has no tasks");
    }
    let outputs: BTreeMap<String, Names> =
        dag.tasks.iter().map(|task| (task.name.clone(), outputs_of(task, templates))).collect();
    if outputs.len() < dag.tasks.len() {
        report.fault("two tasks have one name");
    }
    let before = upstream(dag, report);
    for task in &dag.tasks {
        report.within(format!("task {}", task.name), |report| {
            let ended = before.get(&task.name).into_iter().flatten();
            let ended = ended.filter_map(|name| Some((name.clone(), outputs.get(name)?.clone()))).collect();
            let scope = Scope { tasks: ended, ..scope.clone() };
            let list = task.with_param.as_ref().map(|list| values.trace(list, &template.name));
            self::task(task, list, &scope, templates, report);
        });
    }
    let inside = Scope { tasks: outputs, ..scope.clone() };
    template.outputs.parameters.iter().for_each(|output| result(output, &inside, report));
    for output in &template.outputs.artifacts {
        report.within(format!("output {}", output.name), |report| source(output, &inside, report));
    }
    if let Some(target) = &dag.target
        && !target.split_whitespace().all(|name| inside.tasks.contains_key(name))
    {
        report.fault("the target names a task that isn't there");
    }
}

fn outputs_of(task: &Task, templates: &Templates) -> Names {
    let template = task.template.as_deref().and_then(|name| templates.get(name));
    template.map(|template| Names::of(&template.outputs)).unwrap_or_default()
}

/// The tasks that have ended when a task starts, by task.
fn upstream(dag: &Dag, report: &mut Report) -> BTreeMap<String, BTreeSet<String>> {
    let known: BTreeSet<&str> = dag.tasks.iter().map(|task| task.name.as_str()).collect();
    let mut direct: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for task in &dag.tasks {
        let named = match task.depends.as_deref().map(depends::tasks) {
            None => BTreeSet::new(),
            Some(Ok(named)) => named,
            Some(Err(error)) => {
                report.within(format!("task {}", task.name), |report| report.fault(error));
                BTreeSet::new()
            }
        };
        for name in named.iter().filter(|name| !known.contains(name.as_str())) {
            report.fault(format!("`{}` depends on `{name}`, which isn't there", task.name));
        }
        direct.insert(&task.name, named);
    }
    dag.tasks
        .iter()
        .map(|task| {
            let mut found = BTreeSet::new();
            let mut open: Vec<String> = direct[task.name.as_str()].iter().cloned().collect();
            while let Some(name) = open.pop() {
                open.extend(
                    direct
                        .get(name.as_str())
                        .into_iter()
                        .flatten()
                        .filter(|next| !found.contains(*next))
                        .cloned(),
                );
                found.insert(name);
            }
            if found.contains(&task.name) {
                report.fault(format!("`{}` waits for itself", task.name));
            }
            (task.name.clone(), found)
        })
        .collect()
}

fn task(task: &Task, list: Option<Option<&str>>, scope: &Scope, templates: &Templates, report: &mut Report) {
    if !names::is_step_name(&task.name) {
        report.fault(format!("`{}` is no name for a task", task.name));
    }
    let item = item(task, list, scope, report);
    let scope = Scope { item, ..scope.clone() };
    match task.template.as_deref().map(|name| (name, templates.get(name))) {
        None => report.fault("the task calls no template"),
        Some((name, None)) => report.fault(format!("the template `{name}` isn't there")),
        Some((_, Some(template))) => arguments(&task.arguments, template, &scope, report),
    }
    if let Some(when) = &task.when {
        condition(when, &scope, report);
    }
    for (name, hook) in &task.hooks {
        report.within(format!("hook {name}"), |report| match templates.get(hook.template.as_str()) {
            None => report.fault(format!("the template `{}` isn't there", hook.template)),
            Some(template) => {
                // A hook sees the task that it belongs to.
                let mut scope = scope.clone();
                scope.tasks.insert(task.name.clone(), outputs_of(task, templates));
                arguments(&hook.arguments, template, &scope, report);
            }
        });
        let _ = &hook.expression;
    }
}

fn item(task: &Task, traced: Option<Option<&str>>, scope: &Scope, report: &mut Report) -> Item {
    if task.with_items.is_some() || task.with_sequence.is_some() {
        report.fault("pipec loops by withParam only");
    }
    let Some(list) = &task.with_param else { return Item::None };
    scope.text(list, report);
    let Some(list) = traced.flatten() else { return Item::Any };
    match serde_json::from_str::<serde_json::Value>(list) {
        Ok(serde_json::Value::Array(items)) if items.iter().any(serde_json::Value::is_object) => Item::Any,
        Ok(serde_json::Value::Array(_)) => Item::Scalar,
        Ok(_) => {
            report.fault("the loop's list is JSON, but no list");
            Item::Any
        }
        Err(_) => {
            report.fault("the loop's list is no JSON");
            Item::Any
        }
    }
}

/// pipec's conditions are one tag; anything else goes through a second expression language.
fn condition(when: &str, scope: &Scope, report: &mut Report) {
    scope.text(when, report);
    if !(when.starts_with("{{=") && when.ends_with("}}")) {
        report.fault(format!("the condition `{when}` is no single expression"));
    }
}

/// Reports arguments that a template doesn't have, and those that it lacks.
pub(crate) fn arguments(given: &Arguments, template: &Template, scope: &Scope, report: &mut Report) {
    crate::template::unique("argument", given.parameters.iter().map(|parameter| &parameter.name), report);
    crate::template::unique("argument", given.artifacts.iter().map(|artifact| &artifact.name), report);
    let names = Names::of(given);
    let taken = Names::of(&template.inputs);
    for name in
        names.parameters.difference(&taken.parameters).chain(names.artifacts.difference(&taken.artifacts))
    {
        report.fault(format!("`{}` takes no argument `{name}`", template.name));
    }
    for input in
        template.inputs.parameters.iter().filter(|input| input.value.is_none() && input.default.is_none())
    {
        if !names.parameters.contains(&input.name) {
            report.fault(format!("`{}` lacks the argument `{}`", template.name, input.name));
        }
    }
    for input in template.inputs.artifacts.iter().filter(|input| !input.optional && !is_located(input)) {
        if !names.artifacts.contains(&input.name) {
            report.fault(format!("`{}` lacks the artifact `{}`", template.name, input.name));
        }
    }
    for argument in &given.parameters {
        report.within(format!("argument {}", argument.name), |report| match &argument.value {
            Some(text) => scope.text(text, report),
            None => report.fault("it has no value"),
        });
    }
    for argument in &given.artifacts {
        report.within(format!("argument {}", argument.name), |report| source(argument, scope, report));
    }
    let inputs =
        template.inputs.parameters.iter().filter_map(|input| Some((&input.name, input.r#enum.as_ref()?)));
    for (name, allowed) in inputs {
        let value = given
            .parameters
            .iter()
            .find(|argument| argument.name == *name)
            .and_then(|argument| argument.value.as_ref());
        if let Some(value) = value.filter(|value| !value.contains("{{") && !allowed.contains(value)) {
            report.fault(format!("`{value}` isn't in the enum of `{name}`"));
        }
    }
}

fn is_located(artifact: &Artifact) -> bool {
    artifact.s3.is_some() || artifact.gcs.is_some() || artifact.http.is_some() || artifact.raw.is_some()
}

/// Where an artifact comes from, that is an argument or an output of a DAG.
fn source(artifact: &Artifact, scope: &Scope, report: &mut Report) {
    if let Some(from) = &artifact.from {
        match tags(from).as_deref() {
            Ok([Tag::Simple(path)]) => scope.artifact(path, report),
            Ok(_) => report.fault(format!("`{from}` is no single reference")),
            Err(error) => report.fault(error.clone()),
        }
    } else if let Some(expression) = &artifact.from_expression {
        match crate::expression::variables(expression) {
            Ok(paths) => {
                for path in paths {
                    let is_artifact = path.iter().any(|part| part == "artifacts");
                    if is_artifact {
                        scope.artifact(&path, report)
                    } else {
                        scope.text(&format!("{{{{{}}}}}", path.join(".")), report)
                    }
                }
            }
            Err(error) => report.fault(error),
        }
    } else if !is_located(artifact) {
        report.fault("the artifact comes from nowhere");
    } else {
        artifact
            .s3
            .iter()
            .chain(&artifact.gcs)
            .flat_map(|location| &location.key)
            .for_each(|key| scope.text(key, report));
    }
}

/// An output parameter of a DAG.
fn result(output: &Parameter, scope: &Scope, report: &mut Report) {
    report.within(format!("output {}", output.name), |report| {
        let Some(from) = &output.value_from else { return report.fault("the output has no value") };
        match (&from.parameter, &from.expression) {
            (Some(text), None) => scope.text(text, report),
            (None, Some(expression)) => scope.expression(expression, report),
            _ => report.fault("the output needs one of parameter and expression"),
        }
    });
}
