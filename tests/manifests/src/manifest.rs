//! The manifests that pipec emits, and which fields they have. A field that isn't here is a fault.

use serde::Deserialize;
use serde_json::Value;

use crate::fields::{Arguments, Hook, Metadata, Template, Volume};

#[derive(Debug)]
pub(crate) enum Manifest {
    WorkflowTemplate { metadata: Metadata, spec: WorkflowSpec },
    Workflow { metadata: Metadata, spec: WorkflowSpec },
    CronWorkflow { metadata: Metadata, spec: CronSpec },
    ConfigMap { metadata: Metadata, data: std::collections::BTreeMap<String, String> },
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct WorkflowSpec {
    pub(crate) entrypoint: Option<String>,
    #[serde(default)]
    pub(crate) arguments: Arguments,
    #[serde(default)]
    pub(crate) templates: Vec<Template>,
    pub(crate) on_exit: Option<String>,
    #[serde(default)]
    pub(crate) hooks: std::collections::BTreeMap<String, Hook>,
    pub(crate) workflow_template_ref: Option<TemplateRef>,
    #[serde(default)]
    pub(crate) volumes: Vec<Volume>,
    pub(crate) active_deadline_seconds: Option<Value>,
    #[serde(rename = "serviceAccountName")]
    _service_account_name: Option<String>,
    #[serde(rename = "automountServiceAccountToken")]
    _automount_service_account_token: Option<bool>,
    #[serde(rename = "executor")]
    _executor: Option<Value>,
    #[serde(rename = "securityContext")]
    _security_context: Option<Value>,
    #[serde(rename = "podSpecPatch")]
    _pod_spec_patch: Option<String>,
    #[serde(rename = "podMetadata")]
    _pod_metadata: Option<Value>,
    #[serde(rename = "workflowMetadata")]
    _workflow_metadata: Option<Value>,
    #[serde(rename = "imagePullSecrets")]
    _image_pull_secrets: Option<Value>,
    #[serde(rename = "artifactRepositoryRef")]
    _artifact_repository_ref: Option<Value>,
    #[serde(rename = "artifactGC")]
    _artifact_gc: Option<Value>,
    #[serde(rename = "podGC")]
    _pod_gc: Option<Value>,
    #[serde(rename = "ttlStrategy")]
    _ttl_strategy: Option<Value>,
    #[serde(rename = "metrics")]
    _metrics: Option<Value>,
    #[serde(rename = "parallelism")]
    _parallelism: Option<u64>,
    #[serde(rename = "archiveLogs")]
    _archive_logs: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TemplateRef {
    pub(crate) name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CronSpec {
    pub(crate) schedules: Vec<String>,
    pub(crate) workflow_spec: WorkflowSpec,
    pub(crate) concurrency_policy: Option<String>,
    #[serde(rename = "timezone")]
    _timezone: Option<String>,
    #[serde(rename = "workflowMetadata")]
    _workflow_metadata: Option<Value>,
    #[serde(rename = "startingDeadlineSeconds")]
    _starting_deadline_seconds: Option<u64>,
    #[serde(rename = "successfulJobsHistoryLimit")]
    _successful_jobs_history_limit: Option<u64>,
    #[serde(rename = "failedJobsHistoryLimit")]
    _failed_jobs_history_limit: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Document {
    api_version: String,
    kind: String,
    metadata: Metadata,
    spec: Option<Value>,
    data: Option<std::collections::BTreeMap<String, String>>,
}

impl Manifest {
    /// # Errors
    /// An unknown kind, an unknown field, a value of the wrong type.
    pub(crate) fn read(document: Value) -> Result<Manifest, String> {
        let document: Document = serde_json::from_value(document).map_err(|error| error.to_string())?;
        let Document { api_version, kind, metadata, spec, data } = document;
        let expected = if kind == "ConfigMap" { "v1" } else { "argoproj.io/v1alpha1" };
        if api_version != expected {
            return Err(format!("the apiVersion of {kind} is {expected}, not {api_version}"));
        }
        match kind.as_str() {
            "WorkflowTemplate" => Ok(Manifest::WorkflowTemplate { metadata, spec: read_spec(spec)? }),
            "Workflow" => Ok(Manifest::Workflow { metadata, spec: read_spec(spec)? }),
            "CronWorkflow" => Ok(Manifest::CronWorkflow { metadata, spec: read_spec(spec)? }),
            "ConfigMap" => Ok(Manifest::ConfigMap { metadata, data: data.unwrap_or_default() }),
            other => Err(format!("pipec emits no {other}")),
        }
    }
}

fn read_spec<T: serde::de::DeserializeOwned>(spec: Option<Value>) -> Result<T, String> {
    let spec = spec.ok_or_else(|| "it has no spec".to_owned())?;
    serde_json::from_value(spec).map_err(|error| error.to_string())
}
