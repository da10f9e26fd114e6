//! Whether the pods of a workflow fulfil Kubernetes' Pod Security Standard "restricted", as Argo makes them of a spec.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::{Fault, Report};

/// Argo's containers of a step's pod.
const CONTAINERS: [(&str, &str); 3] =
    [("initContainers", "init"), ("containers", "main"), ("containers", "wait")];

/// The kinds of volumes that "restricted" allows, as far as pipec means any.
const VOLUMES: [&str; 4] = ["configMap", "secret", "emptyDir", "persistentVolumeClaim"];

/// Everything for which the admission of pods would refuse one.
pub fn restricted(yaml: &str) -> Vec<Fault> {
    let mut report = Report::default();
    let documents = serde_saphyr::from_multiple::<Json>(yaml).unwrap_or_default();
    for document in documents.iter().filter(|document| document["spec"]["templates"].is_array()) {
        let name = document["metadata"]["name"].as_str().unwrap_or("?").to_owned();
        report.within(format!("WorkflowTemplate {name}"), |report| workflow(&document["spec"], report));
    }
    report.faults
}

fn workflow(spec: &Json, report: &mut Report) {
    let templates = spec["templates"].as_array().map_or(&[][..], Vec::as_slice);
    if templates.iter().all(|template| template["container"].is_null()) {
        return;
    }
    let pod = &spec["securityContext"];
    if pod["runAsNonRoot"] != true {
        report.fault("pods may run as root");
    }
    if pod["runAsUser"] == 0 {
        report.fault("pods run as root");
    }
    if pod["seccompProfile"]["type"] != "RuntimeDefault" {
        report.fault("pods have no seccomp profile");
    }
    report.within("podSpecPatch", |report| {
        let patch = patch(&spec["podSpecPatch"]);
        for (list, name) in CONTAINERS {
            let context = container(&patch, list, name);
            if context["allowPrivilegeEscalation"] != false {
                report.fault(format!("`{name}` may get more privileges"));
            }
            if context["capabilities"]["drop"] != serde_json::json!(["ALL"]) {
                report.fault(format!("`{name}` keeps capabilities"));
            }
        }
        foreign(&patch, report);
    });
    volumes(spec, report);
    for template in templates {
        let name = template["name"].as_str().unwrap_or("?").to_owned();
        report.within(format!("template {name}"), |report| {
            volumes(template, report);
            foreign(template, report);
            let patch = patch(&template["podSpecPatch"]);
            foreign(&patch, report);
            if mentions(&patch, "securityContext") || mentions(template, "securityContext") {
                report.fault("it has a security context of its own");
            }
        });
    }
}

fn patch(text: &Json) -> Json {
    text.as_str().and_then(|text| serde_saphyr::from_str(text).ok()).unwrap_or_default()
}

/// The security context of a container in a patch.
fn container(patch: &Json, list: &str, name: &str) -> Json {
    let found = patch[list].as_array().into_iter().flatten().find(|container| container["name"] == name);
    found.map(|container| container["securityContext"].clone()).unwrap_or_default()
}

fn volumes(of: &Json, report: &mut Report) {
    for volume in of["volumes"].as_array().into_iter().flatten() {
        let kinds: BTreeSet<&String> = volume
            .as_object()
            .into_iter()
            .flat_map(|fields| fields.keys())
            .filter(|key| *key != "name")
            .collect();
        for kind in kinds {
            if !VOLUMES.contains(&kind.as_str()) {
                report.fault(format!("a volume is a `{kind}`"));
            }
        }
    }
}

/// What takes a pod's walls down.
fn foreign(part: &Json, report: &mut Report) {
    for field in ["hostNetwork", "hostPID", "hostIPC", "hostPort", "hostPath", "privileged", "procMount"] {
        if mentions(part, field) {
            report.fault(format!("it has a `{field}`"));
        }
    }
}

fn mentions(part: &Json, field: &str) -> bool {
    match part {
        Json::Object(fields) => fields.iter().any(|(name, inner)| name == field || mentions(inner, field)),
        Json::Array(items) => items.iter().any(|item| mentions(item, field)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::restricted;

    const GOOD: &str = "\
metadata: {name: good}
spec:
  securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
  podSpecPatch: |
    initContainers:
    - {name: init, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}
    containers:
    - {name: main, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}
    - {name: wait, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}
  templates:
  - name: step
    container: {image: busybox}
    volumes: [{name: scratch, emptyDir: {}}]
";

    fn said(yaml: &str) -> String {
        restricted(yaml).iter().map(|fault| format!("{fault}\n")).collect()
    }

    #[test]
    fn modest_pods_are_fine() {
        assert_eq!(said(GOOD), "");
    }

    #[test]
    fn every_way_out_is_seen() {
        for (good, bad, expected) in [
            ("runAsNonRoot: true", "runAsNonRoot: false", "may run as root"),
            ("runAsUser: 1000", "runAsUser: 0", "pods run as root"),
            ("RuntimeDefault", "Unconfined", "no seccomp profile"),
            (
                "name: wait, securityContext: {allowPrivilegeEscalation: false",
                "name: wait, securityContext: {a: 1",
                "`wait` may get",
            ),
            (
                "{name: init, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}",
                "{name: init}",
                "`init` keeps",
            ),
            ("emptyDir: {}", "hostPath: {path: /}", "a volume is a `hostPath`"),
            (
                "image: busybox",
                "image: busybox, securityContext: {privileged: true}",
                "it has a `privileged`",
            ),
            (
                "  - name: step",
                "  - name: step\n    podSpecPatch: 'hostNetwork: true'",
                "it has a `hostNetwork`",
            ),
        ] {
            assert!(GOOD.contains(good), "{good}");
            let found = said(&GOOD.replace(good, bad));
            assert!(found.contains(expected), "{bad}: {found}");
        }
    }
}
