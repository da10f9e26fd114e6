//! What a project says about its Argo installation.

/// `[target.NAME]` with `backend = "argo"` in `pipec.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// (major, minor, patch).
    pub argo_version: (u32, u32, u32),
    pub namespace: Option<String>,
    /// Of the workflows' pods.
    pub service_account: Option<String>,
    /// For tasks that name no image, and for the steps that pipec adds.
    pub default_image: Option<String>,
    /// Before the key of every artifact that pipec names: `pipec` makes `pipec/<run>/…`.
    pub artifact_prefix: Option<String>,
    /// The bucket of the artifact repository: `s3://BUCKET/KEY` is an artifact there.
    pub artifact_bucket: Option<String>,
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
            artifact_bucket: None,
            image_pull_secrets: Vec::new(),
            map_limit: 10_000,
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

    /// Below 3.7.16 and 4.0.7 a loop over nothing gives no aggregate, and a failing expression is passed on as text.
    pub(crate) fn stops_at_faults(&self) -> bool {
        let (major, minor, patch) = self.argo_version;
        match (major, minor) {
            (3, 7) => patch >= 16,
            (4, 0) => patch >= 7,
            (major, _) => major >= 4,
        }
    }
}
