//! Files that travel with a program: read once, kept by their sha256.

use foldhash::HashMap;
use indexmap::IndexMap;
use pipec_ir as ir;
use sha2::{Digest, Sha256};

use crate::hir;
use crate::source::{Entry, Project};

/// A file that could not be captured.
#[derive(Debug)]
pub struct CaptureError {
    pub path: String,
    pub cause: std::io::Error,
}

/// What has been captured so far.
pub(super) struct Captures<'a> {
    project: &'a Project<'a>,
    blobs: IndexMap<String, ir::Blob>,
    known: HashMap<String, ir::CapturedEntry>,
    pub(super) errors: Vec<CaptureError>,
}

impl<'a> Captures<'a> {
    pub(super) fn new(project: &'a Project<'a>) -> Captures<'a> {
        Captures { project, blobs: IndexMap::new(), known: HashMap::default(), errors: Vec::new() }
    }

    /// All contents, by sha256 in sorted order.
    pub(super) fn into_blobs(mut self) -> IndexMap<String, ir::Blob> {
        self.blobs.sort_unstable_keys();
        self.blobs
    }

    pub(super) fn artifact(&mut self, artifact: &hir::Artifact) -> ir::ArtifactRef {
        match artifact {
            hir::Artifact::Uri { uri, sha256, version } => {
                ir::ArtifactRef::Uri { uri: uri.clone(), sha256: sha256.clone(), version: version.clone() }
            }
            hir::Artifact::Captured { path, is_directory: false } => {
                let entry = self.file(path, path);
                ir::ArtifactRef::CapturedFile { path: path.clone(), sha256: entry.sha256 }
            }
            hir::Artifact::Captured { path, is_directory: true } => {
                let entries = self.directory(path, "");
                let sha256 = ir::directory_identity(&entries);
                ir::ArtifactRef::CapturedDir { path: path.clone(), entries, sha256 }
            }
        }
    }

    /// What a `files` setting names: a file, or a directory with all that is in it. `place` is its path in the working
    /// directory.
    pub(super) fn delivered(&mut self, path: &str, place: &str) -> Vec<ir::CapturedEntry> {
        if self.project.entry(path) == Some(Entry::Directory) {
            let prefix = format!("{}/", place.trim_end_matches('/'));
            self.directory(path, if place == "." { "" } else { &prefix })
        } else {
            vec![self.file(path, place)]
        }
    }

    fn directory(&mut self, path: &str, prefix: &str) -> Vec<ir::CapturedEntry> {
        match self.project.files_below(path) {
            Ok(names) => {
                let base = path.trim_end_matches('/');
                names
                    .iter()
                    .map(|name| self.file(&format!("{base}/{name}"), &format!("{prefix}{name}")))
                    .collect()
            }
            Err(cause) => {
                self.errors.push(CaptureError { path: path.to_owned(), cause });
                Vec::new()
            }
        }
    }

    fn file(&mut self, path: &str, place: &str) -> ir::CapturedEntry {
        if let Some(known) = self.known.get(path) {
            return ir::CapturedEntry { path: place.to_owned(), ..known.clone() };
        }
        let sha256 = match self.project.bytes(path) {
            Ok(content) => {
                let sha256 = hex(&Sha256::digest(&content));
                self.blobs.entry(sha256.clone()).or_insert_with(|| blob(content));
                sha256
            }
            Err(cause) => {
                self.errors.push(CaptureError { path: path.to_owned(), cause });
                String::new()
            }
        };
        let executable = self.project.entry(path) == Some(Entry::File { is_executable: true });
        let entry = ir::CapturedEntry { path: place.to_owned(), sha256, executable };
        self.known.insert(path.to_owned(), entry.clone());
        entry
    }
}

fn blob(content: Vec<u8>) -> ir::Blob {
    use base64::Engine as _;
    match String::from_utf8(content) {
        Ok(text) => ir::Blob::Text(text),
        Err(error) => ir::Blob::Base64(base64::engine::general_purpose::STANDARD.encode(error.as_bytes())),
    }
}

fn hex(digest: &[u8]) -> String {
    use std::fmt::Write as _;
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
