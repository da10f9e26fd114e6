//! What a project says about its Argo installation.

use indexmap::IndexMap;
use pipec_ir::Toleration;

/// `[target.NAME]` with `backend = "argo"` in `pipec.toml`.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    pub argo_version: Version,
    pub namespace: Option<String>,
    /// Of the workflows' pods.
    pub service_account: Option<String>,
    /// Of Argo's own containers; steps get no token then.
    pub executor_service_account: Option<String>,
    /// For tasks that name no image, and for the steps that pipec adds.
    pub default_image: Option<String>,
    /// Without one, the installation's default.
    pub artifact_repository: Option<ArtifactRepository>,
    /// Before the key of every artifact that pipec names: `pipec` makes `pipec/<run>/…`.
    pub artifact_prefix: Option<String>,
    /// The bucket of the artifact repository: `s3://BUCKET/KEY` is an artifact there.
    pub artifact_bucket: Option<String>,
    pub image_pull_secrets: Vec<String>,
    /// Most items that a `for` may have.
    pub map_limit: u32,
    /// For steps that say nothing about a resource.
    pub default_resources: DefaultResources,
    pub node_pools: Vec<NodePool>,
    /// Of every pod.
    pub pod_labels: IndexMap<String, String>,
    pub pod_annotations: IndexMap<String, String>,
    /// Counters and durations of tasks and pipelines, for Prometheus.
    pub metrics: bool,
    /// Logs of steps go to the artifact repository.
    pub archive_logs: Option<bool>,
    pub ttl: Ttl,
    pub pod_gc: Option<PodGc>,
    pub artifact_gc: Option<ArtifactGc>,
}

/// A key of a ConfigMap with artifact repositories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArtifactRepository {
    pub config_map: String,
    pub key: Option<String>,
}

/// Quantities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DefaultResources {
    pub cpu: Option<String>,
    pub memory: Option<String>,
    pub ephemeral_storage: Option<String>,
    pub cpu_limit: Option<String>,
    pub memory_limit: Option<String>,
}

/// Nodes for some steps: those that ask for a kind of GPU, or all others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodePool {
    pub gpu_kind: Option<String>,
    pub node_selector: IndexMap<String, String>,
    pub tolerations: Vec<Toleration>,
}

/// How long an ended run is kept, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ttl {
    pub completion: Option<u64>,
    pub success: Option<u64>,
    pub failure: Option<u64>,
}

/// When pods that have ended are removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PodGc {
    Completion,
    Success,
    RunCompletion,
    RunSuccess,
}

/// When the artifacts of a run are removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArtifactGc {
    RunCompletion,
    RunDeletion,
    Never,
}

impl Default for Target {
    fn default() -> Target {
        Target {
            argo_version: Version { major: 4, minor: 1, patch: 2 },
            namespace: None,
            service_account: None,
            executor_service_account: None,
            default_image: None,
            artifact_repository: None,
            artifact_prefix: None,
            artifact_bucket: None,
            image_pull_secrets: Vec::new(),
            map_limit: 10_000,
            default_resources: DefaultResources::default(),
            node_pools: Vec::new(),
            pod_labels: IndexMap::new(),
            pod_annotations: IndexMap::new(),
            metrics: false,
            archive_logs: None,
            ttl: Ttl::default(),
            pod_gc: None,
            artifact_gc: None,
        }
    }
}

impl Target {
    /// The key of a URI that lies in the artifact repository.
    pub(crate) fn key_of(&self, uri: &str) -> Option<String> {
        let bucket = self.artifact_bucket.as_ref()?;
        let key =
            uri.strip_prefix("s3://").or_else(|| uri.strip_prefix("gs://"))?.strip_prefix(bucket.as_str())?;
        let key = key.strip_prefix('/')?;
        pipec_ir::wire::is_inert(key).then(|| key.to_owned())
    }

    /// The pool of a step that asks for this kind of GPU, or for none.
    pub(crate) fn node_pool(&self, gpu_kind: Option<&str>) -> Option<&NodePool> {
        self.node_pools.iter().find(|pool| pool.gpu_kind.as_deref() == gpu_kind)
    }
}

/// A version of Argo Workflows, and what is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    pub major: u32,
    pub minor: u32,
    pub patch: u32,
}

impl Version {
    /// The first that pipec compiles for: before, expressions count bytes where they should count characters.
    pub const OLDEST: Version = Version { major: 3, minor: 6, patch: 6 };

    /// Before, an expression that fails is handed on as text.
    pub(crate) fn stops_at_faults(self) -> bool {
        self.has(11, 2)
    }

    /// Before, a loop over nothing has no aggregate; and between this and [`Self::stops_at_faults`] a reference that
    /// can't be resolved hangs a run.
    pub(crate) fn aggregates_nothing(self) -> bool {
        self.has(16, 7)
    }

    fn has(self, patch_of_3_7: u32, patch_of_4_0: u32) -> bool {
        match (self.major, self.minor) {
            (3, 7) => self.patch >= patch_of_3_7,
            (4, 0) => self.patch >= patch_of_4_0,
            (major, _) => major >= 4,
        }
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}
