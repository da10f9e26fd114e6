//! What a project says about its Argo installation.

/// `[target.NAME]` with `backend = "argo"` in `pipec.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// (major, minor, patch).
    pub argo_version: (u32, u32, u32),
    pub namespace: Option<String>,
    /// Of the workflows' pods.
    pub service_account: Option<String>,
    /// For tasks that name no image.
    pub default_image: Option<String>,
    /// Before every artifact key: `pipec/{{workflow.uid}}` for `pipec`.
    pub artifact_prefix: Option<String>,
    pub image_pull_secrets: Vec<String>,
    /// Most items that a `for` may have.
    pub map_limit: u32,
}

impl Default for Target {
    fn default() -> Target {
        Target {
            argo_version: (4, 1, 2),
            namespace: None,
            service_account: None,
            default_image: None,
            artifact_prefix: None,
            image_pull_secrets: Vec::new(),
            map_limit: 10_000,
        }
    }
}
