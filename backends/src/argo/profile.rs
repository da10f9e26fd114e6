//! What the target says of every workflow: accounts, repositories, and how long things are kept.

use super::manifest::{
    ArtifactRepositoryRef, Executor, Metadata, NameOnly, PodSecurityContext, SeccompProfile, Strategy,
    TtlStrategy, WorkflowSpec,
};
use super::target::{ArtifactGc, PodGc, Target};

/// Pods run as one user without rights: Argo writes input files for their owner only.
const USER: u32 = 1000;

/// Argo's own containers have to be as modest as the step's, or Pod Security "restricted" refuses the pod.
const RESTRICTED: &str = "\
initContainers:
- name: init
  securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
containers:
- name: main
  securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
- name: wait
  securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
";

/// A workflow's spec without what it runs.
pub(crate) fn spec(target: &Target) -> WorkflowSpec {
    WorkflowSpec {
        service_account_name: target.service_account.clone(),
        executor: target
            .executor_service_account
            .clone()
            .map(|service_account_name| Executor { service_account_name }),
        // Steps have no business with the cluster's API; Argo's own containers get the executor's token.
        automount_service_account_token: target.executor_service_account.as_ref().map(|_| false),
        image_pull_secrets: target
            .image_pull_secrets
            .iter()
            .map(|name| NameOnly { name: name.clone() })
            .collect(),
        artifact_repository_ref: target.artifact_repository.as_ref().map(|repository| {
            ArtifactRepositoryRef { config_map: repository.config_map.clone(), key: repository.key.clone() }
        }),
        archive_logs: target.archive_logs,
        artifact_gc: target.artifact_gc.map(|gc| Strategy { strategy: artifact_gc(gc) }),
        pod_gc: target.pod_gc.map(|gc| Strategy { strategy: pod_gc(gc) }),
        ttl_strategy: TtlStrategy {
            seconds_after_completion: target.ttl.completion,
            seconds_after_success: target.ttl.success,
            seconds_after_failure: target.ttl.failure,
        },
        pod_metadata: Metadata {
            labels: target.pod_labels.clone(),
            annotations: target.pod_annotations.clone(),
            ..Metadata::default()
        },
        security_context: Some(PodSecurityContext {
            run_as_non_root: true,
            run_as_user: USER,
            run_as_group: USER,
            fs_group: USER,
            seccomp_profile: SeccompProfile { kind: "RuntimeDefault" },
        }),
        pod_spec_patch: Some(RESTRICTED.to_owned()),
        ..WorkflowSpec::default()
    }
}

fn pod_gc(gc: PodGc) -> &'static str {
    match gc {
        PodGc::Completion => "OnPodCompletion",
        PodGc::Success => "OnPodSuccess",
        PodGc::RunCompletion => "OnWorkflowCompletion",
        PodGc::RunSuccess => "OnWorkflowSuccess",
    }
}

fn artifact_gc(gc: ArtifactGc) -> &'static str {
    match gc {
        ArtifactGc::RunCompletion => "OnWorkflowCompletion",
        ArtifactGc::RunDeletion => "OnWorkflowDeletion",
        ArtifactGc::Never => "Never",
    }
}
