//! Argo's Workflow as data: what is submitted, and what its status says.

use indexmap::IndexMap;
use pipec_ir::wire;
use serde_json::{Map, Value as Json, json};

use crate::case::{Ended, Interface};

/// A workflow from the entry's template.
pub(crate) fn submission(
    interface: &Interface,
    yaml: &str,
    inputs: &IndexMap<String, Json>,
    typed: &IndexMap<String, String>,
) -> Result<Json, String> {
    let template = template_name(yaml).ok_or("it holds no WorkflowTemplate")?;
    let mut parameters: Vec<Json> =
        typed.iter().map(|(name, text)| json!({ "name": name, "value": text })).collect();
    for (name, value) in inputs {
        let input = interface.pipeline.inputs.iter().find(|input| input.name == *name);
        let ty = &input.ok_or_else(|| format!("it has no input {name}"))?.ty;
        let value = pipec_ir::from_json(value, ty, &interface.types).map_err(|error| error.to_string())?;
        parameters.push(json!({ "name": name, "value": wire::encode(&value, ty, &interface.types) }));
    }
    Ok(json!({
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": { "generateName": format!("{template}-") },
        "spec": { "workflowTemplateRef": { "name": template }, "arguments": { "parameters": parameters } },
    }))
}

/// The documents that are applied, and those that start a run.
pub(crate) fn documents(yaml: &str) -> (Vec<&str>, Vec<&str>) {
    yaml.split("\n---\n").partition(|document| !document.contains("\nkind: Workflow\n"))
}

fn template_name(yaml: &str) -> Option<&str> {
    let template = yaml.split("\n---\n").find(|document| document.contains("\nkind: WorkflowTemplate\n"))?;
    template.lines().find_map(|line| line.strip_prefix("  name: "))
}

fn nodes(workflow: &Json) -> impl Iterator<Item = (&String, &Json)> {
    workflow["status"]["nodes"].as_object().into_iter().flatten()
}

pub(crate) fn is_over(workflow: &Json) -> bool {
    matches!(workflow["status"]["phase"].as_str(), Some("Succeeded" | "Failed" | "Error"))
        && workflow["metadata"]["labels"]["workflows.argoproj.io/completed"] == "true"
}

/// Messages and phases, for whoever has to find out.
pub(crate) fn story(workflow: &Json) -> String {
    let mut lines = vec![format!("{}: {}", workflow["status"]["phase"], workflow["status"]["message"])];
    for (_, node) in nodes(workflow) {
        if node["phase"] != "Succeeded" {
            let (name, template) = (&node["name"], &node["templateName"]);
            lines.push(format!("{name} ({template}): {}: {}", node["phase"], node["message"]));
        }
    }
    lines.join("\n").replace("\\n", "\n").replace("\\\"", "\"")
}

/// What resumes the nodes that wait for a person.
pub(crate) fn approval(workflow: &Json) -> Option<Json> {
    let templates = workflow["status"]["storedWorkflowTemplateSpec"]["templates"].as_array()?;
    let waits = |name: &Json| {
        let template = templates.iter().find(|template| template["name"] == *name);
        let inputs = template.and_then(|template| template["inputs"]["parameters"].as_array());
        // A pause has no message for anyone.
        inputs.into_iter().flatten().any(|input| input["name"] == "message")
    };
    let mut approved = Map::new();
    for (id, node) in nodes(workflow) {
        if node["type"] == "Suspend" && node["phase"] == "Running" && waits(&node["templateName"]) {
            approved.insert(id.clone(), json!({ "phase": "Succeeded", "finishedAt": node["startedAt"] }));
        }
    }
    (!approved.is_empty()).then(|| json!({ "status": { "nodes": approved } }))
}

/// The outputs of the entry's pipeline, or what was said.
pub(crate) fn outcome(workflow: &Json, interface: &Interface) -> Result<Ended, String> {
    if workflow["status"]["phase"] != "Succeeded" {
        return Ok(Ended::Badly(story(workflow)));
    }
    let run = &workflow["metadata"]["name"];
    let root = nodes(workflow).find(|(_, node)| node["name"] == *run).map(|(_, node)| node);
    let inner = format!("{}.", run.as_str().unwrap_or_default());
    // The entry's own template, or the one that checks its inputs first and then calls it.
    let called = format!("{inner}{}", interface.entry_pipeline.replace('_', "-"));
    let entry = nodes(workflow).map(|(_, node)| node).find(|node| node["name"] == *called);
    let reported =
        |node: Option<&Json>| node.and_then(|node| node["outputs"]["parameters"].as_array().cloned());
    let parameters = reported(root).or_else(|| reported(entry)).unwrap_or_default();
    let mut outputs = Map::new();
    for output in interface.pipeline.results.outputs() {
        let parameter = parameters.iter().find(|parameter| parameter["name"] == *output.name);
        let text = parameter.and_then(|parameter| parameter["value"].as_str());
        let text = text.ok_or_else(|| format!("output {} isn't in the workflow's status", output.name))?;
        let value = wire::decode(text, &output.ty, &interface.types)
            .map_err(|error| format!("output {}: {error}: {text}", output.name))?;
        outputs.insert(output.name.clone(), pipec_ir::to_json(&value, &output.ty, &interface.types));
    }
    Ok(Ended::Well(Json::Object(outputs)))
}
