//! One template by itself.

use std::collections::BTreeSet;

use crate::Report;
use crate::fields::{Artifact, Container, Parameter, RetryStrategy, Template, Volume};
use crate::names;
use crate::quantities::{is_duration, quantity, whole};
use crate::scope::Scope;

/// Reports what is wrong with a template, but for the tasks of a DAG.
pub(crate) fn check(template: &Template, scope: &Scope, volumes: &[Volume], report: &mut Report) {
    if !names::is_step_name(&template.name) {
        report.fault(format!("`{}` is no name for a template", template.name));
    }
    kinds(template, report);
    unique("input parameter", template.inputs.parameters.iter().map(|parameter| &parameter.name), report);
    unique("input artifact", template.inputs.artifacts.iter().map(|artifact| &artifact.name), report);
    unique("output parameter", template.outputs.parameters.iter().map(|parameter| &parameter.name), report);
    unique("output artifact", template.outputs.artifacts.iter().map(|artifact| &artifact.name), report);
    template.inputs.parameters.iter().for_each(|parameter| declaration(parameter, scope, report));
    let is_leaf = template.dag.is_none();
    for container in template.container.iter().chain(&template.script) {
        self::container(container, template, &pod(scope), volumes, report);
        template
            .init_containers
            .iter()
            .for_each(|init| self::container(init, template, &pod(scope), volumes, report));
    }
    if template.container.is_some() || template.script.is_some() {
        paths(template, scope, report);
    }
    timing(template, is_leaf, report);
    if let Some(retry) = &template.retry_strategy {
        report.within("retryStrategy", |report| self::retry(retry, scope, report));
    }
    if let Some(memoize) = &template.memoize {
        scope.text(&memoize.key, report);
        let computed = |age: &String| age.starts_with("{{=") && age.ends_with("}}");
        if let Some(age) = &memoize.max_age {
            scope.text(age, report);
            if !computed(age) && !is_duration(age, false) {
                report.fault("`maxAge` is no duration");
            }
        }
    }
    if let Some(metadata) = &template.metadata {
        labels(&metadata.labels, report);
    }
    if let Some(patch) = &template.pod_spec_patch {
        scope.text(patch, report);
    }
    if let Some(duration) = template.suspend.as_ref().and_then(|suspend| suspend.duration.as_ref())
        && !duration.contains("{{")
        && !is_duration(duration, true)
    {
        report.fault(format!("`{duration}` is no duration"));
    }
}

fn pod(scope: &Scope) -> Scope {
    Scope { is_pod: true, ..scope.clone() }
}

pub(crate) fn labels(labels: &std::collections::BTreeMap<String, String>, report: &mut Report) {
    for (key, value) in labels {
        if !names::is_label_key(key) {
            report.fault(format!("`{key}` is no name for a label"));
        }
        if !names::is_label_value(value) && !value.contains("{{") {
            report.fault(format!("`{value}` is no value for a label"));
        }
    }
}

pub(crate) fn unique<'a>(what: &str, names: impl Iterator<Item = &'a String>, report: &mut Report) {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            report.fault(format!("the {what} `{name}` is there twice"));
        }
        if !names::is_parameter_name(name) {
            report.fault(format!("`{name}` is no name for an {what}"));
        }
    }
}

fn kinds(template: &Template, report: &mut Report) {
    let kinds = [
        template.container.is_some(),
        template.script.is_some(),
        template.suspend.is_some(),
        template.dag.is_some(),
    ];
    match kinds.iter().filter(|is_there| **is_there).count() {
        0 => report.fault("the template does nothing: no container, no suspend, no dag"),
        1 => {}
        _ => report.fault("the template is two things at once"),
    }
}

/// A parameter that a template or a workflow declares.
pub(crate) fn declaration(parameter: &Parameter, scope: &Scope, report: &mut Report) {
    let given = [&parameter.value, &parameter.default];
    given.into_iter().flatten().for_each(|text| scope.text(text, report));
    if let Some(allowed) = &parameter.r#enum {
        for value in given.into_iter().flatten().filter(|value| !value.contains("{{")) {
            if !allowed.contains(value) {
                report.fault(format!("`{value}` isn't in the enum of `{}`", parameter.name));
            }
        }
    }
}

fn container(
    container: &Container,
    template: &Template,
    scope: &Scope,
    volumes: &[Volume],
    report: &mut Report,
) {
    if container.image.as_ref().is_none_or(String::is_empty) {
        report.fault("the container has no image");
    }
    if container.command.is_empty() {
        report.fault("the container has no command: Argo would have to ask a registry for it");
    }
    container
        .image
        .iter()
        .chain(&container.command)
        .chain(&container.args)
        .chain(&container.source)
        .for_each(|text| scope.text(text, report));
    let policies = ["Always", "IfNotPresent", "Never"];
    if let Some(policy) = container.image_pull_policy.as_deref().filter(|policy| !policies.contains(policy)) {
        report.fault(format!("`{policy}` is no pull policy"));
    }
    let mut variables = BTreeSet::new();
    for variable in &container.env {
        if !names::is_variable_name(&variable.name) {
            report.fault(format!("`{}` is no name for a variable", variable.name));
        }
        if !variables.insert(&variable.name) {
            report.fault(format!("the variable `{}` is set twice", variable.name));
        }
        if variable.value.is_some() == variable.value_from.is_some() {
            report.fault(format!("the variable `{}` needs one of value and valueFrom", variable.name));
        }
        variable.value.iter().for_each(|text| scope.text(text, report));
    }
    let mut mounted = BTreeSet::new();
    for mount in &container.volume_mounts {
        if !volumes.iter().chain(&template.volumes).any(|volume| volume.name == mount.name) {
            report.fault(format!("the volume `{}` isn't there", mount.name));
        }
        if !mount.mount_path.starts_with('/') {
            report.fault(format!("`{}` is mounted at a relative path", mount.name));
        }
        if !mounted.insert(&mount.mount_path) {
            report.fault(format!("two volumes are mounted at `{}`", mount.mount_path));
        }
    }
    if let Some(resources) = &container.resources {
        for (name, value) in resources.requests.iter().chain(&resources.limits) {
            if quantity(value).is_none() {
                report.fault(format!("{value} is no quantity of {name}"));
            }
        }
        for (name, request) in &resources.requests {
            let limit = resources.limits.get(name).and_then(quantity);
            if limit.is_some_and(|limit| quantity(request).is_some_and(|request| request > limit)) {
                report.fault(format!("the request of {name} is above its limit"));
            }
        }
    }
    let _ = &container.name;
}

/// Where files lie in a container.
fn paths(template: &Template, scope: &Scope, report: &mut Report) {
    let mut taken = BTreeSet::new();
    let mut path = |what: &str, path: Option<&String>, report: &mut Report| match path {
        None => report.fault(format!("{what} has no path")),
        Some(path) if !path.starts_with('/') => report.fault(format!("the path of {what} is relative")),
        Some(path) if !taken.insert(path.clone()) => report.fault(format!("`{path}` is taken twice")),
        Some(_) => {}
    };
    let artifact = |artifact: &Artifact| format!("the artifact `{}`", artifact.name);
    for input in &template.inputs.artifacts {
        path(&artifact(input), input.path.as_ref(), report);
        location(input, scope, report);
    }
    for output in &template.outputs.artifacts {
        path(&artifact(output), output.path.as_ref(), report);
        location(output, scope, report);
    }
    for output in &template.outputs.parameters {
        let file = output.value_from.as_ref().and_then(|from| from.path.as_ref());
        path(&format!("the parameter `{}`", output.name), file, report);
    }
}

fn location(artifact: &Artifact, scope: &Scope, report: &mut Report) {
    for location in artifact.s3.iter().chain(&artifact.gcs) {
        location.key.iter().for_each(|key| scope.text(key, report));
    }
    artifact.raw.iter().for_each(|raw| scope.text(&raw.data, report));
    let _ = &artifact.http;
}

fn timing(template: &Template, is_leaf: bool, report: &mut Report) {
    if let Some(deadline) = &template.active_deadline_seconds {
        if !is_leaf {
            report.fault("`activeDeadlineSeconds` has no effect on a DAG");
        }
        let is_tag = deadline.as_str().is_some_and(|text| text.contains("{{"));
        if !is_tag && whole(deadline).is_none_or(|seconds| seconds == 0) {
            report.fault(format!("{deadline} is no deadline in seconds"));
        }
    }
    if let Some(timeout) = &template.timeout {
        if !is_leaf {
            report.fault("`timeout` has no effect on a DAG");
        }
        if !is_duration(timeout, false) {
            report.fault(format!("`{timeout}` is no duration"));
        }
    }
    if template.parallelism.is_some() && is_leaf {
        report.fault("`parallelism` has no effect on a template that is no DAG");
    }
}

fn retry(retry: &RetryStrategy, scope: &Scope, report: &mut Report) {
    if retry.limit.as_ref().is_some_and(|limit| limit.parse::<u32>().is_err()) {
        report.fault("the limit is no whole number");
    }
    let policies = ["Always", "OnFailure", "OnError", "OnTransientError"];
    if retry.retry_policy.as_ref().is_some_and(|policy| !policies.contains(&policy.as_str())) {
        report.fault("the policy is none that Argo knows");
    }
    if let Some(expression) = &retry.expression {
        scope.expression(expression, report);
    }
    if let Some(backoff) = &retry.backoff {
        for duration in backoff.duration.iter().chain(&backoff.max_duration).chain(&backoff.cap) {
            if !is_duration(duration, true) {
                report.fault(format!("`{duration}` is no duration"));
            }
        }
        if backoff.factor.as_ref().is_some_and(|factor| factor.parse::<f64>().is_err()) {
            report.fault("the factor is no number");
        }
    }
}
