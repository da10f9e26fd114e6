//! Texts of `pipec.toml`, and what is read from them or said about them.

use pipec_backends::argo::{ArtifactGc, PodGc};

use super::*;

/// What is wrong, with the text that each problem points at.
fn problems(text: &str) -> String {
    let problems = parse(text).expect_err("something is wrong");
    let lines = problems.iter().map(|problem| {
        let Problem { message, range, label, help } = problem;
        let help = help.as_ref().map(|help| format!("  help: {help}\n")).unwrap_or_default();
        format!("{message}\n  {:?}: {label}\n{help}", &text[range.clone()])
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn everything_at_once() {
    let text = r#"
[project]
name = "churn"
default_target = "prod"

[target.prod]
backend = "argo"
argo_version = "3.7.16"
namespace = "ml"
service_account = "runner"
default_image = "ghcr.io/acme/base:1"
artifact_prefix = "pipec"
artifact_bucket = "ml"
image_pull_secrets = ["ghcr"]
map_limit = 500
largest_node = { cpu = "64", memory = "256Gi", gpu = 8 }
gpu_kinds = ["nvidia.com/gpu"]
registries = ["ghcr.io/acme/"]
executor_service_account = "executor"
artifact_repository = { config_map = "repositories", key = "ml" }
default_resources = { cpu = "500m", memory = "1Gi" }
pod_labels = { team = "ml" }
metrics = true
archive_logs = true
ttl = { success = "1d", failure = "7d" }
pod_gc = "success"
artifact_gc = "run_deletion"

[[target.prod.node_pools]]
node_selector = { pool = "cpu" }

[[target.prod.node_pools]]
gpu_kind = "nvidia.com/gpu"
tolerations = [{ key = "gpu", effect = "no_schedule" }]

[target.local]
pass_env = ["AWS_PROFILE"]
"#;
    let settings = parse(text).unwrap();
    assert_eq!(settings.name.as_deref(), Some("churn"));
    assert_eq!(settings.default_target.as_deref(), Some("prod"));
    let profile = settings.profile(None).unwrap();
    assert_eq!(profile.target, "prod");
    assert_eq!(profile.largest_node.memory.as_deref(), Some("256Gi"));
    assert_eq!((profile.largest_node.gpu, profile.map_limit), (Some(8), Some(500)));
    assert_eq!(profile.registries.as_deref(), Some(&["ghcr.io/acme".to_owned()][..]));
    assert_eq!(settings.profile(Some("local")).unwrap().largest_node, profile::Node::default());
    let Target::Argo(prod) = &settings.targets["prod"] else { panic!("prod is an Argo target") };
    assert_eq!(prod.argo_version.to_string(), "3.7.16");
    assert_eq!(prod.namespace.as_deref(), Some("ml"));
    assert_eq!(prod.service_account.as_deref(), Some("runner"));
    assert_eq!(prod.default_image.as_deref(), Some("ghcr.io/acme/base:1"));
    assert_eq!(prod.artifact_prefix.as_deref(), Some("pipec"));
    assert_eq!(prod.artifact_bucket.as_deref(), Some("ml"));
    assert_eq!(prod.image_pull_secrets, ["ghcr"]);
    assert_eq!(prod.map_limit, 500);
    assert_eq!(prod.executor_service_account.as_deref(), Some("executor"));
    assert_eq!(prod.artifact_repository.as_ref().unwrap().key.as_deref(), Some("ml"));
    assert_eq!(prod.default_resources.memory.as_deref(), Some("1Gi"));
    assert_eq!(prod.pod_labels["team"], "ml");
    assert!(prod.metrics);
    assert_eq!(prod.archive_logs, Some(true));
    assert_eq!(
        (prod.ttl.completion, prod.ttl.success, prod.ttl.failure),
        (None, Some(86_400), Some(604_800))
    );
    assert_eq!(prod.pod_gc, Some(PodGc::Success));
    assert_eq!(prod.artifact_gc, Some(ArtifactGc::RunDeletion));
    let pools: Vec<_> = prod.node_pools.iter().map(|pool| pool.gpu_kind.as_deref()).collect();
    assert_eq!(pools, [None, Some("nvidia.com/gpu")]);
    assert_eq!(prod.node_pools[1].tolerations[0].key.as_deref(), Some("gpu"));
    let local = LocalTarget { pass_env: vec!["AWS_PROFILE".to_owned()] };
    assert_eq!(settings.targets["local"], Target::Local(local));
}

#[test]
fn an_empty_file_says_nothing() {
    assert_eq!(parse("").unwrap(), Settings::default());
    assert_eq!(parse("[project]\n[target]\n[lints]\n").unwrap(), Settings::default());
}

#[test]
fn all_mistakes_are_found_in_one_go() {
    let text = r#"
projekt = 1

[project]
nmae = "x"
name = 7
default_target = "prdo"

[target.prod]
backend = "argo"
argo_version = "4.1"
namespac = "ml"
map_limit = 0
metrics = "yes"
pod_gc = "soon"
ttl = { success = "a week" }
default_resources = { memory = "lots" }
artifact_repository = { key = "ml" }
node_pools = [{ tolerations = [{ effect = "no_work" }] }, {}]

[target.old]
backend = "argo"
argo_version = "3.5.1"

[target.web]
backend = "arog"

[target.none]

[target.local]
pass_env = "HOME"

[lints]
E0701 = "allow"
W9999 = "warn"
"#;
    insta::assert_snapshot!(problems(text));
}

#[test]
fn what_is_no_toml_is_said_with_its_place() {
    insta::assert_snapshot!(problems("[project\nname = \"x\"\n"));
}

#[test]
fn the_nearest_file_upwards_is_the_projects() {
    let scratch = tempfile::tempdir().unwrap();
    let root = scratch.path();
    let deep = root.join("a/b");
    std::fs::create_dir_all(&deep).unwrap();
    assert_eq!(find(&deep).unwrap().root, deep);
    std::fs::write(root.join(FILE_NAME), "[project]\nname = \"outer\"\n").unwrap();
    assert_eq!(find(&deep).unwrap().settings.name.as_deref(), Some("outer"));
    std::fs::write(root.join("a").join(FILE_NAME), "[project]\nname = \"inner\"\n").unwrap();
    let found = find(&deep).unwrap();
    assert_eq!((found.settings.name.as_deref(), found.root), (Some("inner"), root.join("a")));
}

#[test]
fn what_a_target_has() {
    let text = "[target.argo]\nlargest_node = { cpu = \"many\", disk = \"1Ti\", gpu = -1 }\nregistries = [\"https://ghcr.io\"]\n";
    insta::assert_snapshot!(problems(text));
}

#[test]
fn names_are_those_that_kubernetes_takes() {
    let text = r#"
[target.argo]
namespace = "A B"
service_account = "A B"
executor_service_account = ""
default_image = "A B"
image_pull_secrets = ["ghcr", "A B"]
artifact_repository = { config_map = "A", key = "a/b" }
pod_labels = { "a b" = "c d e", "acme.example/team" = "ml" }
pod_annotations = { "a/b/c" = "any text at all" }
gpu_kinds = ["nvidia.com/gpu", "a b"]

[[target.argo.node_pools]]
gpu_kind = "/gpu"
node_selector = { pool = "c p u" }
tolerations = [{ key = "-", value = "-" }]
"#;
    insta::assert_snapshot!(problems(text));
}
