//! Files that were captured when the program was compiled: written to the run's directory when they are first needed.

use std::collections::HashMap;
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use pipec_ir::{Artifact, ArtifactRef, Blob, CapturedEntry, Program};

use super::own::make_read_only;
use crate::error::io_message;

/// The captured artifacts of one run, each written once.
#[derive(Debug)]
pub(crate) struct Captured<'a> {
    program: &'a Program,
    directory: PathBuf,
    written: Mutex<HashMap<(String, String), String>>,
}

impl<'a> Captured<'a> {
    pub(crate) fn new(program: &'a Program, directory: PathBuf) -> Captured<'a> {
        Captured { program, directory, written: Mutex::default() }
    }

    /// The artifact that a constant refers to. An error is a sentence.
    pub(crate) fn artifact(&self, artifact: &ArtifactRef) -> Result<Artifact, String> {
        match artifact {
            ArtifactRef::CapturedFile { path, sha256 } => self.once(path, sha256, |place| {
                fs::write(place, blob(self.program, sha256)?)
                    .map_err(|error| io_message("write", place, &error))
            }),
            ArtifactRef::CapturedDir { path, entries, sha256 } => self.once(path, sha256, |place| {
                fs::create_dir(place).map_err(|error| io_message("make", place, &error))?;
                deliver(self.program, entries, place)
            }),
            ArtifactRef::Uri { uri, sha256, version } => {
                let place = local_path(uri).ok_or_else(|| unreadable(uri))?;
                Ok(Artifact { place, identity: sha256.clone().or_else(|| version.clone()) })
            }
        }
    }

    fn once(
        &self,
        path: &str,
        sha256: &str,
        write: impl FnOnce(&Path) -> Result<(), String>,
    ) -> Result<Artifact, String> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (sha256.to_owned(), path.to_owned());
        if let Some(place) = written.get(&key) {
            return Ok(Artifact { place: place.clone(), identity: Some(sha256.to_owned()) });
        }
        // Two constants may have one content under two names.
        let directory = self.directory.join(written.len().to_string());
        fs::create_dir_all(&directory).map_err(|error| io_message("make", &directory, &error))?;
        let name =
            path.rsplit('/').find(|part| !part.is_empty() && !part.starts_with('.')).unwrap_or("captured");
        let place = directory.join(name);
        write(&place)?;
        make_read_only(&place)?;
        let place = place.to_str().ok_or_else(|| format!("{} isn't UTF-8", place.display()))?.to_owned();
        written.insert(key, place.clone());
        Ok(Artifact { place, identity: Some(sha256.to_owned()) })
    }
}

/// Writes captured files into a directory that is there.
pub(crate) fn deliver(program: &Program, entries: &[CapturedEntry], directory: &Path) -> Result<(), String> {
    for entry in entries {
        let relative = Path::new(&entry.path);
        let is_inside = relative.components().all(|part| matches!(part, Component::Normal(_)));
        if !is_inside || relative.as_os_str().is_empty() {
            return Err(format!("the captured file {:?} leads out of its directory", entry.path));
        }
        let place = directory.join(relative);
        let failed = |error: io::Error| io_message("write", &place, &error);
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        fs::write(&place, blob(program, &entry.sha256)?).map_err(failed)?;
        if entry.executable {
            fs::set_permissions(&place, Permissions::from_mode(0o755)).map_err(failed)?;
        }
    }
    Ok(())
}

fn blob(program: &Program, sha256: &str) -> Result<Vec<u8>, String> {
    match program.blobs.get(sha256) {
        Some(Blob::Text(text)) => Ok(text.clone().into_bytes()),
        Some(Blob::Base64(text)) => {
            BASE64.decode(text).map_err(|_| format!("the captured content {sha256} isn't base64"))
        }
        None => Err(format!("the program lacks the captured content {sha256}")),
    }
}

/// The absolute path that a `file://` URI means; `None` for any other URI, and for other hosts.
pub(crate) fn local_path(uri: &str) -> Option<String> {
    let rest = uri.strip_prefix("file://")?;
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    if !rest.starts_with('/') {
        return None;
    }
    super::names::decode_key(rest)
}

/// Why a URI for which there is no local path can't be read. Goes on with what the caller can say about it.
pub(crate) fn unreadable(uri: &str) -> String {
    if uri.starts_with("file://") {
        return format!(
            "{uri} names no file of this machine: after file:// comes an absolute path, in which % and two hexadecimal \
             digits stand for a byte"
        );
    }
    format!("{uri} can't be read here: only paths and file:// URIs can")
}

/// Whether a place is a URI rather than a path.
pub(crate) fn is_uri(place: &str) -> bool {
    place.split_once("://").is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.chars().all(|character| character.is_ascii_alphanumeric() || "+-.".contains(character))
    })
}
