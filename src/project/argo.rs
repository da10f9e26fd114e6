//! The keys of an Argo target.

use indexmap::IndexMap;
use pipec_backends::argo::{
    ArtifactGc, ArtifactRepository, DefaultResources, NodePool, PodGc, Target, Ttl, Version,
};
use pipec_ir::{Toleration, TolerationEffect};
use serde_json::json;

use super::Problem;
use super::names::{self, Rule};
use super::reader::{Section, Value, check_name, wrong_kind};

pub(super) fn read(section: &mut Section, problems: &mut Vec<Problem>) -> Target {
    let default = Target::default();
    Target {
        argo_version: version(section, problems).unwrap_or(default.argo_version),
        namespace: section.name("namespace", names::namespace, problems),
        service_account: section.name("service_account", names::subdomain, problems),
        executor_service_account: section.name("executor_service_account", names::subdomain, problems),
        default_image: section.name("default_image", names::image, problems),
        artifact_repository: artifact_repository(section, problems),
        artifact_prefix: section.text("artifact_prefix", problems),
        artifact_bucket: section.text("artifact_bucket", problems),
        image_pull_secrets: section
            .names("image_pull_secrets", names::subdomain, problems)
            .unwrap_or_default(),
        map_limit: section.number("map_limit", 1..=1_000_000, problems).unwrap_or(default.map_limit),
        default_resources: section
            .section("default_resources", problems, default_resources)
            .unwrap_or_default(),
        node_pools: node_pools(section, problems),
        pod_labels: section.text_map("pod_labels", names::label_value, problems),
        pod_annotations: section.text_map("pod_annotations", names::any, problems),
        metrics: section.truth("metrics", problems).unwrap_or(default.metrics),
        archive_logs: section.truth("archive_logs", problems),
        ttl: section.section("ttl", problems, ttl).unwrap_or_default(),
        pod_gc: section.word("pod_gc", POD_GC, problems),
        artifact_gc: section.word("artifact_gc", ARTIFACT_GC, problems),
    }
}

const POD_GC: &[(&str, PodGc)] = &[
    ("completion", PodGc::Completion),
    ("success", PodGc::Success),
    ("run_completion", PodGc::RunCompletion),
    ("run_success", PodGc::RunSuccess),
];

const ARTIFACT_GC: &[(&str, ArtifactGc)] = &[
    ("run_completion", ArtifactGc::RunCompletion),
    ("run_deletion", ArtifactGc::RunDeletion),
    ("never", ArtifactGc::Never),
];

const EFFECTS: &[(&str, TolerationEffect)] = &[
    ("no_schedule", TolerationEffect::NoSchedule),
    ("prefer_no_schedule", TolerationEffect::PreferNoSchedule),
    ("no_execute", TolerationEffect::NoExecute),
];

fn version(section: &mut Section, problems: &mut Vec<Problem>) -> Option<Version> {
    let schema = json!({ "type": "string", "pattern": r"^v*\d+\.\d+\.\d+$" });
    let value = section.value("argo_version", schema)?;
    let parts: Option<Vec<u32>> = value
        .get_ref()
        .as_str()
        .and_then(|text| text.trim_start_matches('v').split('.').map(|part| part.parse().ok()).collect());
    let Some(&[major, minor, patch]) = parts.as_deref() else {
        problems.push(wrong_kind("argo_version", "a version such as \"4.1.2\"", value));
        return None;
    };
    let version = Version { major, minor, patch };
    if version < Version::OLDEST {
        problems.push(old_argo(value));
        return None;
    }
    Some(version)
}

fn old_argo(value: Value) -> Problem {
    let oldest = Version::OLDEST;
    Problem {
        message: "this version of Argo Workflows is too old".to_owned(),
        range: value.span(),
        label: format!("before {oldest}"),
        help: Some(format!("pipec compiles for {oldest} and newer")),
    }
}

fn artifact_repository(section: &mut Section, problems: &mut Vec<Problem>) -> Option<ArtifactRepository> {
    let read = |inner: &mut Section<'_>, problems: &mut Vec<Problem>| {
        let config_map = inner.name("config_map", names::subdomain, problems);
        (config_map, inner.name("key", names::data_key, problems))
    };
    let (config_map, key) = section.section("artifact_repository", problems, read)?;
    let place = section.place_of(&["artifact_repository"]);
    if section.place_of(&["artifact_repository", "config_map"]) == (0..0) {
        problems.push(Problem {
            message: "`artifact_repository` takes the name of a ConfigMap".to_owned(),
            range: place,
            label: "`config_map = …` is missing here".to_owned(),
            help: Some("write { config_map = \"artifact-repositories\", key = \"default\" }".to_owned()),
        });
    }
    Some(ArtifactRepository { config_map: config_map?, key })
}

fn default_resources(section: &mut Section, problems: &mut Vec<Problem>) -> DefaultResources {
    let mut amount = |key| section.quantity(key, problems);
    DefaultResources {
        cpu: amount("cpu"),
        memory: amount("memory"),
        ephemeral_storage: amount("ephemeral_storage"),
        cpu_limit: amount("cpu_limit"),
        memory_limit: amount("memory_limit"),
    }
}

fn node_pools(section: &mut Section, problems: &mut Vec<Problem>) -> Vec<NodePool> {
    let mut pools: Vec<NodePool> = Vec::new();
    for (pool, range) in section.sections("node_pools", problems, node_pool) {
        if pools.iter().any(|known| known.gpu_kind == pool.gpu_kind) {
            problems.push(Problem {
                message: "two node pools are for the same steps".to_owned(),
                range,
                label: "as an earlier one".to_owned(),
                help: Some(
                    "a pool is for the steps that ask for its `gpu_kind`, or for all others".to_owned(),
                ),
            });
            continue;
        }
        pools.push(pool);
    }
    pools
}

fn node_pool(section: &mut Section, problems: &mut Vec<Problem>) -> NodePool {
    let tolerations = section.sections("tolerations", problems, toleration);
    NodePool {
        gpu_kind: section.name("gpu_kind", names::label_key, problems),
        node_selector: section.text_map("node_selector", names::label_value, problems),
        tolerations: tolerations.into_iter().map(|(toleration, _)| toleration).collect(),
    }
}

fn toleration(section: &mut Section, problems: &mut Vec<Problem>) -> Toleration {
    Toleration {
        key: section.name("key", names::label_key, problems),
        value: section.name("value", names::label_value, problems),
        effect: section.word("effect", EFFECTS, problems),
    }
}

fn ttl(section: &mut Section, problems: &mut Vec<Problem>) -> Ttl {
    let mut seconds = |key| duration(section, key, problems);
    Ttl { completion: seconds("completion"), success: seconds("success"), failure: seconds("failure") }
}

/// In whole seconds, rounded up.
fn duration(section: &mut Section, key: &'static str, problems: &mut Vec<Problem>) -> Option<u64> {
    let value = section.value(key, json!({ "type": "string", "pattern": r"^\d+(ms|s|m|h|d)$" }))?;
    let milliseconds = value.get_ref().as_str().and_then(pipec_ir::duration::parse_duration);
    let milliseconds = milliseconds.and_then(|count| u64::try_from(count).ok());
    if milliseconds.is_none() {
        problems.push(wrong_kind(key, "a duration such as \"30m\" or \"7d\"", value));
    }
    milliseconds.map(|count| count.div_ceil(1000))
}

impl Section<'_> {
    /// One of some words.
    fn word<T: Copy>(
        &mut self,
        key: &'static str,
        words: &[(&str, T)],
        problems: &mut Vec<Problem>,
    ) -> Option<T> {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let value = self.value(key, json!({ "enum": known }))?;
        let found = value.get_ref().as_str().and_then(|text| words.iter().find(|(word, _)| *word == text));
        if found.is_none() {
            let list: Vec<String> = known.iter().map(|word| format!("\"{word}\"")).collect();
            problems.push(wrong_kind(key, &format!("one of {}", list.join(", ")), value));
        }
        found.map(|(_, meaning)| *meaning)
    }

    /// A table of texts with the keys of labels. Each text keeps the rule.
    fn text_map(
        &mut self,
        key: &'static str,
        rule: Rule,
        problems: &mut Vec<Problem>,
    ) -> IndexMap<String, String> {
        let schema = json!({ "type": "object", "additionalProperties": { "type": "string" } });
        let Some(inner) = self.table(key, schema, problems) else { return IndexMap::new() };
        let mut found = IndexMap::new();
        for (name, range, value) in inner.entries() {
            check_name(&format!("a key of `{key}`"), name, range, names::label_key, problems);
            match value.get_ref().as_str() {
                Some(text) => {
                    check_name(&format!("`{key}.{name}`"), text, value.span(), rule, problems);
                    found.insert(name.to_owned(), text.to_owned());
                }
                None => problems.push(wrong_kind(name, "text in quotes", value)),
            }
        }
        found
    }
}
