//! Whole workflows, and how manifests refer to each other.

use std::collections::{BTreeMap, BTreeSet};

use crate::Report;
use crate::dag::{self, Templates};
use crate::fields::{Metadata, Parameter, Template};
use crate::manifest::{Manifest, WorkflowSpec};
use crate::names;
use crate::quantities::whole;
use crate::scope::{ENDED, Names, RUNNING, Scope};
use crate::template;
use crate::values::Values;

/// Reports what is wrong with the manifests of one stream.
pub(crate) fn check_all(manifests: &[Manifest], report: &mut Report) {
    let mut known: BTreeMap<&str, &WorkflowSpec> = BTreeMap::new();
    for manifest in manifests {
        if let Manifest::WorkflowTemplate { metadata: Metadata { name: Some(name), .. }, spec } = manifest
            && known.insert(name, spec).is_some()
        {
            report.fault(format!("two WorkflowTemplates are called `{name}`"));
        }
    }
    for manifest in manifests {
        match manifest {
            Manifest::WorkflowTemplate { metadata, spec } => {
                within("WorkflowTemplate", metadata, 63, report, |report| {
                    defined(spec, report);
                })
            }
            Manifest::Workflow { metadata, spec } => within("Workflow", metadata, 63, report, |report| {
                workflow(spec, &known, report);
            }),
            Manifest::CronWorkflow { metadata, spec } => {
                within("CronWorkflow", metadata, 52, report, |report| {
                    if spec.schedules.is_empty() {
                        report.fault("it has no schedule");
                    }
                    let policies = ["Allow", "Forbid", "Replace"];
                    if spec
                        .concurrency_policy
                        .as_ref()
                        .is_some_and(|policy| !policies.contains(&policy.as_str()))
                    {
                        report.fault("the concurrency policy is none that Argo knows");
                    }
                    workflow(&spec.workflow_spec, &known, report);
                })
            }
            Manifest::ConfigMap { metadata, data } => within("ConfigMap", metadata, 253, report, |report| {
                if data.values().map(String::len).sum::<usize>() > 1_000_000 {
                    report.fault("it holds more than a ConfigMap can");
                }
            }),
        }
    }
}

fn within(kind: &str, metadata: &Metadata, most: usize, report: &mut Report, look: impl FnOnce(&mut Report)) {
    let name = metadata.name.as_deref().or(metadata.generate_name.as_deref()).unwrap_or_default();
    report.within(format!("{kind} {name}"), |report| {
        match (&metadata.name, &metadata.generate_name) {
            (Some(name), None) if names::is_dns_subdomain(name, most) => {}
            (None, Some(prefix)) if names::is_dns_subdomain(prefix.trim_end_matches('-'), most - 6) => {}
            _ => report.fault(format!("`{name}` is no name for it, or longer than {most} characters")),
        }
        template::labels(&metadata.labels, report);
        look(report);
    });
}

/// A workflow that brings its templates, or takes them from a WorkflowTemplate.
fn workflow(spec: &WorkflowSpec, known: &BTreeMap<&str, &WorkflowSpec>, report: &mut Report) {
    let Some(reference) = &spec.workflow_template_ref else { return defined(spec, report) };
    let Some(referred) = known.get(reference.name.as_str()) else {
        return report.fault(format!("the WorkflowTemplate `{}` isn't in the stream", reference.name));
    };
    template::unique("argument", spec.arguments.parameters.iter().map(|parameter| &parameter.name), report);
    let given = Names::of(&spec.arguments).parameters;
    for name in given.difference(&Names::of(&referred.arguments).parameters) {
        report.fault(format!("`{}` takes no argument `{name}`", reference.name));
    }
    let needs = |parameter: &&Parameter| parameter.value.is_none() && parameter.default.is_none();
    for parameter in referred.arguments.parameters.iter().filter(needs) {
        if !given.contains(&parameter.name) {
            report.fault(format!("`{}` lacks the argument `{}`", reference.name, parameter.name));
        }
    }
}

fn defined(spec: &WorkflowSpec, report: &mut Report) {
    let workflow = Names::of(&spec.arguments);
    template::unique("parameter", spec.arguments.parameters.iter().map(|parameter| &parameter.name), report);
    let outside = Scope::outside(&workflow);
    spec.arguments.parameters.iter().for_each(|parameter| template::declaration(parameter, &outside, report));
    if spec.active_deadline_seconds.as_ref().is_some_and(|deadline| whole(deadline).is_none()) {
        report.fault("`activeDeadlineSeconds` is no whole number");
    }
    let mut templates: Templates = BTreeMap::new();
    for template in &spec.templates {
        if templates.insert(&template.name, template).is_some() {
            report.fault(format!("two templates are called `{}`", template.name));
        }
    }
    entrypoint(spec, &templates, report);
    let hooks: BTreeSet<&str> =
        spec.hooks.values().map(|hook| hook.template.as_str()).chain(spec.on_exit.as_deref()).collect();
    for name in hooks.iter().filter(|name| !templates.contains_key(**name)) {
        report.fault(format!("the hook's template `{name}` isn't there"));
    }
    let at_exit = reachable(&hooks, &templates);
    for template in &spec.templates {
        report.within(format!("template {}", template.name), |report| {
            let run = if at_exit.contains(template.name.as_str()) { ENDED } else { RUNNING };
            let scope = Scope::of(&workflow, run, template);
            template::check(template, &scope, &spec.volumes, report);
            if let Some(dag) = &template.dag {
                let values = Values { spec };
                dag::check(template, dag, &scope, &templates, &values, report);
            }
        });
    }
    for (name, hook) in &spec.hooks {
        report.within(format!("hook {name}"), |report| {
            let Some(template) = templates.get(hook.template.as_str()) else { return };
            let scope = Scope { run: ENDED, ..Scope::outside(&workflow) };
            dag::arguments(&hook.arguments, template, &scope, report);
        });
    }
    recursion(&templates, report);
}

/// An entrypoint's inputs are filled from the workflow's arguments of the same name.
fn entrypoint(spec: &WorkflowSpec, templates: &Templates, report: &mut Report) {
    let Some(name) = &spec.entrypoint else { return report.fault("there is no entrypoint") };
    let Some(template) = templates.get(name.as_str()) else {
        return report.fault(format!("the entrypoint `{name}` isn't there"));
    };
    let given = Names::of(&spec.arguments);
    for input in
        template.inputs.parameters.iter().filter(|input| input.value.is_none() && input.default.is_none())
    {
        if !given.parameters.contains(&input.name) {
            report.fault(format!("the entrypoint lacks the argument `{}`", input.name));
        }
    }
}

fn callees(template: &Template) -> impl Iterator<Item = &str> {
    let tasks = template.dag.iter().flat_map(|dag| &dag.tasks);
    tasks.flat_map(|task| {
        task.template.as_deref().into_iter().chain(task.hooks.values().map(|hook| hook.template.as_str()))
    })
}

fn reachable<'a>(roots: &BTreeSet<&'a str>, templates: &Templates<'a>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = roots.iter().copied().collect();
    while let Some(name) = open.pop() {
        if let Some((name, template)) = templates.get_key_value(name)
            && found.insert(*name)
        {
            open.extend(callees(template));
        }
    }
    found
}

/// Reports templates that call themselves, by whatever way.
fn recursion(templates: &Templates, report: &mut Report) {
    for (name, template) in templates {
        let called: BTreeSet<&str> = callees(template).collect();
        if reachable(&called, templates).contains(name) {
            report.fault(format!("the template `{name}` calls itself"));
        }
    }
}
