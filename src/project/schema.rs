//! The JSON Schema of `pipec.toml`, for editors.

use serde_json::{Map, Value as Json, json};

use crate::diagnostics::codes;

/// What `read` takes, as far as a schema can say it.
pub fn schema() -> Json {
    let text = json!({ "type": "string" });
    let texts = json!({ "type": "array", "items": text });
    let argo = json!({
        "argo_version": { "type": "string", "pattern": r"^v?\d+\.\d+\.\d+$" },
        "namespace": text,
        "service_account": text,
        "default_image": text,
        "artifact_prefix": text,
        "artifact_bucket": text,
        "image_pull_secrets": texts,
        "map_limit": { "type": "integer", "minimum": 1, "maximum": 1_000_000 },
    });
    let local = json!({ "pass_env": texts });
    let (argo, local) = (target("argo", argo), target("local", local));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "pipec.toml",
        "type": "object",
        "properties": {
            "project": section(json!({ "name": text, "default_target": text })),
            "target": {
                "description": "targets by name; one that has the name of a backend needs no `backend`",
                "type": "object",
                "additionalProperties": { "anyOf": [argo, local] },
            },
            "lints": section(lints()),
        },
        "additionalProperties": false,
    })
}

fn section(properties: Json) -> Json {
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

fn target(backend: &str, properties: Json) -> Json {
    let mut target = section(properties);
    target["properties"]["backend"] = json!({ "const": backend });
    for (key, value) in profile() {
        target["properties"][key] = value;
    }
    target
}

/// What a target of any backend may say about its machines.
fn profile() -> [(&'static str, Json); 3] {
    let text = json!({ "type": "string" });
    let texts = json!({ "type": "array", "items": text });
    let gpu = json!({ "type": "integer", "minimum": 0, "maximum": 1_000 });
    let node = section(json!({ "cpu": text, "memory": text, "ephemeral_storage": text, "gpu": gpu }));
    [("largest_node", node), ("gpu_kinds", texts.clone()), ("registries", texts)]
}

fn lints() -> Json {
    let lints = codes::TABLE.iter().filter_map(|row| {
        let default = row.level?.word();
        let level = json!({
            "description": row.title,
            "enum": ["allow", "warn", "deny"],
            "default": default,
        });
        Some((row.code.0.to_owned(), level))
    });
    Json::Object(lints.collect::<Map<_, _>>())
}
