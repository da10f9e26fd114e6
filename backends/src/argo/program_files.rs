//! Captured files and program texts that travel in a ConfigMap, which nobody expands.

use base64::Engine;
use indexmap::IndexMap;
use pipec_ir::{Blob, Program, Run};

use super::manifest::ConfigMap;
use crate::{Refusal, names};

/// What Kubernetes takes as one ConfigMap, with room for the names.
const MAX_BYTES: usize = 1_000_000;

/// Digits of the digest in the object's name.
const DIGEST: usize = 8;

/// Collects files while templates are made.
#[derive(Debug)]
pub(crate) struct ProgramFiles {
    name: String,
    data: IndexMap<String, String>,
    binary: IndexMap<String, String>,
}

impl ProgramFiles {
    /// Another content has another name: what is deployed beside it, or still runs, keeps its own.
    pub(crate) fn new(program: &Program) -> ProgramFiles {
        let texts = program.tasks.values().filter_map(|task| match &task.run {
            Run::Script { text, .. } => Some(text.as_str()),
            Run::Command(_) => None,
        });
        let content: Vec<&str> = program.blobs.keys().map(String::as_str).chain(texts).collect();
        let digest = names::digest(&content.join("\0"), DIGEST);
        let name = names::mangle(&program.name, names::MAX_LABEL - "-files-".len() - DIGEST);
        ProgramFiles {
            name: format!("{name}-files-{digest}"),
            data: IndexMap::new(),
            binary: IndexMap::new(),
        }
    }

    /// The ConfigMap's name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Adds a text under a key that says what it is.
    pub(crate) fn add_text(&mut self, key: &str, text: &str) -> String {
        self.data.insert(key.to_owned(), text.to_owned());
        key.to_owned()
    }

    /// Adds a captured file under its digest.
    pub(crate) fn add_blob(&mut self, program: &Program, sha256: &str) -> Result<String, Refusal> {
        let key = sha256.to_owned();
        match program.blobs.get(sha256) {
            Some(Blob::Text(text)) => {
                self.data.insert(key.clone(), text.clone());
            }
            Some(Blob::Base64(text)) => {
                self.binary.insert(key.clone(), text.clone());
            }
            None => return Err(Refusal::new(format!("the captured file {sha256} isn't in the program"))),
        }
        Ok(key)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.data.is_empty() && self.binary.is_empty()
    }

    /// The object, or why it is too large.
    pub(crate) fn into_config_map(self, metadata: super::manifest::Metadata) -> Result<ConfigMap, Refusal> {
        let decoded = |text: &String| {
            base64::engine::general_purpose::STANDARD.decode(text).map_or(0, |bytes| bytes.len())
        };
        let bytes: usize = self.data.values().map(String::len).sum::<usize>()
            + self.binary.values().map(decoded).sum::<usize>();
        if bytes > MAX_BYTES {
            return Err(Refusal::new(format!(
                "the program's files have {bytes} bytes, and a ConfigMap holds at most {MAX_BYTES}"
            ))
            .help(
                "put large files into the artifact repository and give their URI, or into the task's image",
            ));
        }
        Ok(ConfigMap {
            api_version: "v1",
            kind: "ConfigMap",
            metadata,
            data: self.data,
            binary_data: self.binary,
        })
    }
}
