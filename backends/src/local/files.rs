//! Captured files: where they are in the output directory, and their content.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use pipec_ir::{ArtifactRef, Blob, CapturedEntry, Program};

use super::bash::quoted;
use super::function::Word;
use crate::OutputFile;

/// The path of a constant artifact as a word, or the URI that can't be read.
pub(super) fn artifact_path(artifact: &ArtifactRef) -> Result<Word, String> {
    match artifact {
        ArtifactRef::CapturedFile { path, sha256 } | ArtifactRef::CapturedDir { path, sha256, .. } => {
            Ok(format!("\"$HERE/artifacts/\"{}", quoted(&artifact_name(path, sha256))))
        }
        ArtifactRef::Uri { uri, .. } => local_path(uri).map(|path| quoted(&path)).ok_or_else(|| uri.clone()),
    }
}

/// Two constants may have one content under two names, or one name for two contents.
fn artifact_name(path: &str, sha256: &str) -> String {
    let name = path.rsplit('/').find(|part| !part.is_empty() && !part.starts_with('.')).unwrap_or("captured");
    format!("{}/{name}", sha256.get(..12).unwrap_or(sha256))
}

/// The absolute path that a `file://` URI means.
fn local_path(uri: &str) -> Option<String> {
    let rest = uri.strip_prefix("file://")?;
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    if !rest.starts_with('/') {
        return None;
    }
    percent_decoded(rest).filter(|path| !path.contains('\0'))
}

/// What percent-encoded text stands for; `None` where the encoding is broken.
fn percent_decoded(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        let is_hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        bytes.push(u8::from_str_radix(digits, 16).ok().filter(|_| is_hexadecimal)?);
        bytes.extend(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

/// The files of a constant artifact.
pub(super) fn artifact_files(program: &Program, artifact: &ArtifactRef) -> Vec<OutputFile> {
    match artifact {
        ArtifactRef::CapturedFile { path, sha256 } => {
            let place = format!("artifacts/{}", artifact_name(path, sha256));
            vec![OutputFile { path: place, content: content(program, sha256), executable: false }]
        }
        ArtifactRef::CapturedDir { path, sha256, entries } => {
            captured(program, entries, &format!("artifacts/{}", artifact_name(path, sha256)))
        }
        ArtifactRef::Uri { .. } => Vec::new(),
    }
}

/// Captured entries below a directory. A directory without any has a file that keeps it.
pub(super) fn captured(program: &Program, entries: &[CapturedEntry], directory: &str) -> Vec<OutputFile> {
    let file = |entry: &CapturedEntry| OutputFile {
        path: format!("{directory}/{}", entry.path),
        content: content(program, &entry.sha256),
        executable: entry.executable,
    };
    entries.iter().map(file).collect()
}

fn content(program: &Program, sha256: &str) -> Vec<u8> {
    match program.blobs.get(sha256) {
        Some(Blob::Text(text)) => text.clone().into_bytes(),
        // What isn't base64, or isn't there, didn't pass `validate`.
        Some(Blob::Base64(text)) => BASE64.decode(text).unwrap_or_default(),
        None => Vec::new(),
    }
}
