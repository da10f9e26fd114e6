//! The parts of Kubernetes' and Argo's objects that are emitted, in the order in which people write them.

use indexmap::IndexMap;
use serde::Serialize;

fn is_empty<T>(list: &[T]) -> bool {
    list.is_empty()
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Object<Spec> {
    pub(crate) api_version: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) metadata: Metadata,
    pub(crate) spec: Spec,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConfigMap {
    pub(crate) api_version: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) metadata: Metadata,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) data: IndexMap<String, String>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) binary_data: IndexMap<String, String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Metadata {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) generate_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) namespace: Option<String>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) labels: IndexMap<String, String>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) annotations: IndexMap<String, String>,
}

impl Metadata {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Metadata::default()
    }
}

#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WorkflowSpec {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) workflow_template_ref: Option<NameOnly>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) entrypoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) service_account_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) executor: Option<Executor>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) automount_service_account_token: Option<bool>,
    #[serde(skip_serializing_if = "is_empty")]
    pub(crate) image_pull_secrets: Vec<NameOnly>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) artifact_repository_ref: Option<ArtifactRepositoryRef>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) archive_logs: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none", rename = "artifactGC")]
    pub(crate) artifact_gc: Option<Strategy>,
    #[serde(skip_serializing_if = "Option::is_none", rename = "podGC")]
    pub(crate) pod_gc: Option<Strategy>,
    #[serde(skip_serializing_if = "TtlStrategy::is_empty")]
    pub(crate) ttl_strategy: TtlStrategy,
    #[serde(skip_serializing_if = "Metadata::is_empty")]
    pub(crate) pod_metadata: Metadata,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) metrics: Option<Metrics>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) active_deadline_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Arguments::is_empty")]
    pub(crate) arguments: Arguments,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) security_context: Option<PodSecurityContext>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pod_spec_patch: Option<String>,
    #[serde(skip_serializing_if = "is_empty")]
    pub(crate) volumes: Vec<Volume>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) hooks: IndexMap<String, Hook>,
    #[serde(skip_serializing_if = "is_empty")]
    pub(crate) templates: Vec<Template>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Executor {
    pub(crate) service_account_name: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ArtifactRepositoryRef {
    pub(crate) config_map: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Strategy {
    pub(crate) strategy: &'static str,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TtlStrategy {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) seconds_after_completion: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) seconds_after_success: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) seconds_after_failure: Option<u64>,
}

impl TtlStrategy {
    fn is_empty(&self) -> bool {
        *self == TtlStrategy::default()
    }
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Metrics {
    pub(crate) prometheus: Vec<Metric>,
}

/// A counter or a histogram.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Metric {
    pub(crate) name: &'static str,
    pub(crate) help: &'static str,
    pub(crate) labels: Vec<MetricLabel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) counter: Option<Counter>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) histogram: Option<Histogram>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct MetricLabel {
    pub(crate) key: &'static str,
    pub(crate) value: String,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Counter {
    pub(crate) value: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Histogram {
    pub(crate) value: &'static str,
    pub(crate) buckets: Vec<u32>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Hook {
    pub(crate) template: String,
    #[serde(skip_serializing_if = "Arguments::is_empty")]
    pub(crate) arguments: Arguments,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CronSpec {
    pub(crate) schedules: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) timezone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) concurrency_policy: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) workflow_metadata: Option<Metadata>,
    pub(crate) workflow_spec: WorkflowSpec,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct NameOnly {
    pub(crate) name: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PodSecurityContext {
    pub(crate) run_as_non_root: bool,
    pub(crate) run_as_user: u32,
    pub(crate) run_as_group: u32,
    pub(crate) fs_group: u32,
    pub(crate) seccomp_profile: SeccompProfile,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct SeccompProfile {
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
}

/// Either a `container`, a `dag` or a `suspend`.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Template {
    pub(crate) name: String,
    #[serde(skip_serializing_if = "Metadata::is_empty")]
    pub(crate) metadata: Metadata,
    #[serde(skip_serializing_if = "Arguments::is_empty")]
    pub(crate) inputs: Arguments,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) metrics: Option<Metrics>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) memoize: Option<Memoize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) parallelism: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fail_fast: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) retry_strategy: Option<RetryStrategy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) active_deadline_seconds: Option<String>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) node_selector: IndexMap<String, String>,
    #[serde(skip_serializing_if = "is_empty")]
    pub(crate) tolerations: Vec<Toleration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) service_account_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pod_spec_patch: Option<String>,
    #[serde(skip_serializing_if = "is_empty")]
    pub(crate) volumes: Vec<Volume>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) container: Option<Container>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) dag: Option<Dag>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) suspend: Option<Suspend>,
    #[serde(skip_serializing_if = "Arguments::is_empty")]
    pub(crate) outputs: Arguments,
}

#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Dag {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fail_fast: Option<bool>,
    pub(crate) tasks: Vec<DagTask>,
}

#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DagTask {
    pub(crate) name: String,
    pub(crate) template: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) depends: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) when: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) with_param: Option<String>,
    #[serde(skip_serializing_if = "Arguments::is_empty")]
    pub(crate) arguments: Arguments,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) hooks: IndexMap<String, Hook>,
}

/// Inputs, outputs or arguments.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Arguments {
    #[serde(skip_serializing_if = "is_empty")]
    pub(crate) parameters: Vec<Parameter>,
    #[serde(skip_serializing_if = "is_empty")]
    pub(crate) artifacts: Vec<Artifact>,
}

impl Arguments {
    pub(crate) fn is_empty(&self) -> bool {
        self.parameters.is_empty() && self.artifacts.is_empty()
    }
}

#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Parameter {
    pub(crate) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<String>,
    #[serde(skip_serializing_if = "is_empty", rename = "enum")]
    pub(crate) allowed: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value_from: Option<ValueFrom>,
}

impl Parameter {
    pub(crate) fn named(name: impl Into<String>) -> Parameter {
        Parameter { name: name.into(), ..Parameter::default() }
    }

    pub(crate) fn value(name: impl Into<String>, value: impl Into<String>) -> Parameter {
        Parameter { name: name.into(), value: Some(value.into()), ..Parameter::default() }
    }

    pub(crate) fn from(name: impl Into<String>, value_from: ValueFrom) -> Parameter {
        Parameter { name: name.into(), value_from: Some(value_from), ..Parameter::default() }
    }
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ValueFrom {
    Path(String),
    Parameter(String),
    Expression(String),
}

#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Artifact {
    pub(crate) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) optional: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) archive: Option<Archive>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) s3: Option<Key>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) http: Option<Http>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Key {
    pub(crate) key: String,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Http {
    pub(crate) url: String,
}

/// `none: {}`: as it is.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Archive {
    pub(crate) none: IndexMap<String, String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Container {
    pub(crate) image: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) image_pull_policy: Option<&'static str>,
    pub(crate) command: Vec<String>,
    #[serde(skip_serializing_if = "is_empty")]
    pub(crate) args: Vec<String>,
    #[serde(skip_serializing_if = "is_empty")]
    pub(crate) env: Vec<EnvVar>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) resources: Option<Resources>,
    #[serde(skip_serializing_if = "is_empty")]
    pub(crate) volume_mounts: Vec<VolumeMount>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EnvVar {
    pub(crate) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value_from: Option<EnvSource>,
}

impl EnvVar {
    pub(crate) fn new(name: impl Into<String>, value: impl Into<String>) -> EnvVar {
        EnvVar { name: name.into(), value: Some(value.into()), value_from: None }
    }
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EnvSource {
    pub(crate) secret_key_ref: SecretKey,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct SecretKey {
    pub(crate) name: String,
    pub(crate) key: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Resources {
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) requests: IndexMap<String, String>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) limits: IndexMap<String, String>,
}

#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VolumeMount {
    pub(crate) name: String,
    pub(crate) mount_path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sub_path: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) read_only: bool,
}

#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Volume {
    pub(crate) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) config_map: Option<ConfigMapVolume>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) secret: Option<SecretVolume>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) empty_dir: Option<EmptyDir>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) persistent_volume_claim: Option<Claim>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConfigMapVolume {
    pub(crate) name: String,
    #[serde(skip_serializing_if = "is_empty")]
    pub(crate) items: Vec<KeyToPath>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SecretVolume {
    pub(crate) secret_name: String,
    #[serde(skip_serializing_if = "is_empty")]
    pub(crate) items: Vec<KeyToPath>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct KeyToPath {
    pub(crate) key: String,
    pub(crate) path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mode: Option<u32>,
}

#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EmptyDir {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) medium: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) size_limit: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Claim {
    pub(crate) claim_name: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) read_only: bool,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Toleration {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<String>,
    pub(crate) operator: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) effect: Option<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RetryStrategy {
    pub(crate) limit: String,
    pub(crate) retry_policy: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) backoff: Option<Backoff>,
    pub(crate) expression: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Backoff {
    pub(crate) duration: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) factor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cap: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Memoize {
    pub(crate) key: String,
    /// Argo wants one; ten years are for ever.
    pub(crate) max_age: String,
    pub(crate) cache: Cache,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Cache {
    pub(crate) config_map: NameOnly,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Suspend {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) duration: Option<String>,
}
