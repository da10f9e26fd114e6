//! The keys of an Argo target.

use indexmap::IndexMap;
use pipec_backends::argo::{
    ArtifactGc, ArtifactRepository, DefaultResources, NodePool, PodGc, Target, Ttl, Version,
};
use pipec_ir::{Toleration, TolerationEffect};

use super::Problem;
use super::reader::{Section, Value, wrong_kind};

pub(super) fn read(section: &mut Section, problems: &mut Vec<Problem>) -> Target {
    let default = Target::default();
    Target {
        argo_version: version(section, problems).unwrap_or(default.argo_version),
        namespace: section.text("namespace", problems),
        service_account: section.text("service_account", problems),
        executor_service_account: section.text("executor_service_account", problems),
        default_image: section.text("default_image", problems),
        artifact_repository: artifact_repository(section, problems),
        artifact_prefix: section.text("artifact_prefix", problems),
        artifact_bucket: section.text("artifact_bucket", problems),
        image_pull_secrets: section.texts("image_pull_secrets", problems).unwrap_or_default(),
        map_limit: section.number("map_limit", 1..=1_000_000, problems).unwrap_or(default.map_limit),
        default_resources: default_resources(section, problems),
        node_pools: node_pools(section, problems),
        pod_labels: section.text_map("pod_labels", problems),
        pod_annotations: section.text_map("pod_annotations", problems),
        metrics: section.truth("metrics", problems).unwrap_or(default.metrics),
        archive_logs: section.truth("archive_logs", problems),
        ttl: ttl(section, problems),
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
    let value = section.value("argo_version")?;
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
    let mut inner = section.section("artifact_repository", problems)?;
    let place = section.place_of(&["artifact_repository"]);
    let config_map = inner.text("config_map", problems);
    let key = inner.text("key", problems);
    let is_missing = inner.value("config_map").is_none();
    inner.finish(problems);
    if is_missing {
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
    let Some(mut inner) = section.section("default_resources", problems) else {
        return DefaultResources::default();
    };
    let mut amount = |key| inner.quantity(key, problems);
    let resources = DefaultResources {
        cpu: amount("cpu"),
        memory: amount("memory"),
        ephemeral_storage: amount("ephemeral_storage"),
        cpu_limit: amount("cpu_limit"),
        memory_limit: amount("memory_limit"),
    };
    inner.finish(problems);
    resources
}

fn node_pools(section: &mut Section, problems: &mut Vec<Problem>) -> Vec<NodePool> {
    let mut pools: Vec<NodePool> = Vec::new();
    for (mut table, range) in section.sections("node_pools", problems) {
        let pool = NodePool {
            gpu_kind: table.text("gpu_kind", problems),
            node_selector: table.text_map("node_selector", problems),
            tolerations: tolerations(&mut table, problems),
        };
        table.finish(problems);
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

fn tolerations(section: &mut Section, problems: &mut Vec<Problem>) -> Vec<Toleration> {
    let mut found = Vec::new();
    for (mut table, _) in section.sections("tolerations", problems) {
        found.push(Toleration {
            key: table.text("key", problems),
            value: table.text("value", problems),
            effect: table.word("effect", EFFECTS, problems),
        });
        table.finish(problems);
    }
    found
}

fn ttl(section: &mut Section, problems: &mut Vec<Problem>) -> Ttl {
    let Some(mut inner) = section.section("ttl", problems) else { return Ttl::default() };
    let mut seconds = |key| duration(&mut inner, key, problems);
    let ttl =
        Ttl { completion: seconds("completion"), success: seconds("success"), failure: seconds("failure") };
    inner.finish(problems);
    ttl
}

/// In whole seconds, rounded up.
fn duration(section: &mut Section, key: &'static str, problems: &mut Vec<Problem>) -> Option<u64> {
    let text = section.text(key, problems)?;
    let milliseconds = pipec_ir::duration::parse_duration(&text).and_then(|count| u64::try_from(count).ok());
    if milliseconds.is_none() {
        let value = section.value(key)?;
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
        let value = self.value(key)?;
        let found = value.get_ref().as_str().and_then(|text| words.iter().find(|(word, _)| *word == text));
        if found.is_none() {
            let list: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
            problems.push(wrong_kind(key, &format!("one of {}", list.join(", ")), value));
        }
        found.map(|(_, meaning)| *meaning)
    }

    /// A table of texts.
    fn text_map(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> IndexMap<String, String> {
        let Some(inner) = self.section(key, problems) else { return IndexMap::new() };
        let mut found = IndexMap::new();
        for (name, _, value) in inner.entries() {
            match value.get_ref().as_str() {
                Some(text) => {
                    found.insert(name.to_owned(), text.to_owned());
                }
                None => problems.push(wrong_kind(name, "text in quotes", value)),
            }
        }
        found
    }
}
