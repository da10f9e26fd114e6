//! The parts of a workflow's specification.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Metadata {
    pub(crate) name: Option<String>,
    pub(crate) generate_name: Option<String>,
    #[serde(default)]
    pub(crate) labels: BTreeMap<String, String>,
    #[serde(default, rename = "annotations")]
    _annotations: BTreeMap<String, String>,
    #[serde(rename = "namespace")]
    _namespace: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Arguments {
    #[serde(default)]
    pub(crate) parameters: Vec<Parameter>,
    #[serde(default)]
    pub(crate) artifacts: Vec<Artifact>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) value: Option<String>,
    pub(crate) default: Option<String>,
    pub(crate) value_from: Option<ValueFrom>,
    pub(crate) r#enum: Option<Vec<String>>,
    #[serde(rename = "description")]
    _description: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ValueFrom {
    pub(crate) path: Option<String>,
    pub(crate) parameter: Option<String>,
    pub(crate) expression: Option<String>,
    #[serde(rename = "default")]
    _default: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Artifact {
    pub(crate) name: String,
    pub(crate) path: Option<String>,
    pub(crate) from: Option<String>,
    pub(crate) from_expression: Option<String>,
    #[serde(default)]
    pub(crate) optional: bool,
    pub(crate) s3: Option<Location>,
    pub(crate) gcs: Option<Location>,
    pub(crate) http: Option<Value>,
    pub(crate) raw: Option<Raw>,
    #[serde(rename = "archive")]
    _archive: Option<Value>,
    #[serde(rename = "mode")]
    _mode: Option<u32>,
    #[serde(rename = "recurseMode")]
    _recurse_mode: Option<bool>,
    #[serde(rename = "artifactGC")]
    _artifact_gc: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Raw {
    pub(crate) data: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Location {
    pub(crate) key: Option<String>,
    #[serde(rename = "bucket")]
    _bucket: Option<String>,
    #[serde(rename = "endpoint")]
    _endpoint: Option<String>,
    #[serde(rename = "insecure")]
    _insecure: Option<bool>,
    #[serde(rename = "region")]
    _region: Option<String>,
    #[serde(rename = "accessKeySecret")]
    _access_key_secret: Option<Value>,
    #[serde(rename = "secretKeySecret")]
    _secret_key_secret: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Template {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) inputs: Arguments,
    #[serde(default)]
    pub(crate) outputs: Arguments,
    pub(crate) container: Option<Container>,
    pub(crate) script: Option<Container>,
    pub(crate) suspend: Option<Suspend>,
    pub(crate) dag: Option<Dag>,
    pub(crate) retry_strategy: Option<RetryStrategy>,
    pub(crate) active_deadline_seconds: Option<Value>,
    pub(crate) timeout: Option<String>,
    pub(crate) parallelism: Option<u64>,
    pub(crate) memoize: Option<Memoize>,
    pub(crate) metadata: Option<PodMetadata>,
    #[serde(default)]
    pub(crate) volumes: Vec<Volume>,
    pub(crate) pod_spec_patch: Option<String>,
    #[serde(default)]
    pub(crate) init_containers: Vec<Container>,
    #[serde(rename = "nodeSelector")]
    _node_selector: Option<BTreeMap<String, String>>,
    #[serde(rename = "tolerations")]
    _tolerations: Option<Vec<Value>>,
    #[serde(rename = "serviceAccountName")]
    _service_account_name: Option<String>,
    #[serde(rename = "securityContext")]
    _security_context: Option<Value>,
    #[serde(rename = "automountServiceAccountToken")]
    _automount_service_account_token: Option<bool>,
    #[serde(rename = "metrics")]
    _metrics: Option<Value>,
    #[serde(rename = "failFast")]
    _fail_fast: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PodMetadata {
    #[serde(default)]
    pub(crate) labels: BTreeMap<String, String>,
    #[serde(default, rename = "annotations")]
    _annotations: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Container {
    pub(crate) name: Option<String>,
    pub(crate) image: Option<String>,
    #[serde(default)]
    pub(crate) command: Vec<String>,
    #[serde(default)]
    pub(crate) args: Vec<String>,
    /// Of a script.
    pub(crate) source: Option<String>,
    #[serde(default)]
    pub(crate) env: Vec<EnvVar>,
    #[serde(default)]
    pub(crate) volume_mounts: Vec<VolumeMount>,
    pub(crate) image_pull_policy: Option<String>,
    pub(crate) resources: Option<Resources>,
    #[serde(rename = "workingDir")]
    _working_dir: Option<String>,
    #[serde(rename = "securityContext")]
    _security_context: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct EnvVar {
    pub(crate) name: String,
    pub(crate) value: Option<String>,
    pub(crate) value_from: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct VolumeMount {
    pub(crate) name: String,
    pub(crate) mount_path: String,
    #[serde(rename = "subPath")]
    _sub_path: Option<String>,
    #[serde(rename = "readOnly")]
    _read_only: Option<bool>,
}

/// The volume's source is left to the API server.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Volume {
    pub(crate) name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Resources {
    #[serde(default)]
    pub(crate) requests: BTreeMap<String, Value>,
    #[serde(default)]
    pub(crate) limits: BTreeMap<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Suspend {
    pub(crate) duration: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Memoize {
    pub(crate) key: String,
    pub(crate) max_age: Option<String>,
    #[serde(rename = "cache")]
    _cache: Value,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RetryStrategy {
    pub(crate) limit: Option<String>,
    pub(crate) retry_policy: Option<String>,
    pub(crate) expression: Option<String>,
    pub(crate) backoff: Option<Backoff>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Backoff {
    pub(crate) duration: Option<String>,
    pub(crate) factor: Option<String>,
    pub(crate) max_duration: Option<String>,
    pub(crate) cap: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Dag {
    pub(crate) tasks: Vec<Task>,
    #[serde(rename = "failFast")]
    _fail_fast: Option<bool>,
    pub(crate) target: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Task {
    pub(crate) name: String,
    pub(crate) template: Option<String>,
    pub(crate) depends: Option<String>,
    #[serde(default)]
    pub(crate) arguments: Arguments,
    pub(crate) when: Option<String>,
    pub(crate) with_param: Option<String>,
    pub(crate) with_items: Option<Vec<Value>>,
    pub(crate) with_sequence: Option<Value>,
    #[serde(default)]
    pub(crate) hooks: BTreeMap<String, Hook>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Hook {
    pub(crate) template: String,
    #[serde(default)]
    pub(crate) arguments: Arguments,
    pub(crate) expression: Option<String>,
}
