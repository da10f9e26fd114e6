//! An artifact's identity: the sha256 of its content; of a directory, over the paths and contents of its files.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use pipec_ir::CapturedEntry;
use sha2::{Digest, Sha256};

pub(crate) fn identity(path: &Path) -> io::Result<String> {
    if fs::metadata(path)?.is_dir() { directory_identity(path) } else { file_identity(path) }
}

fn file_identity(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&hash.finalize())),
            count => hash.update(&buffer[..count]),
        }
    }
}

/// As a directory that was captured when the program was compiled has it. Links inside (all lead inside, see `own`)
/// count as their text, so that a link to a directory above can't loop.
fn directory_identity(root: &Path) -> io::Result<String> {
    let mut entries: Vec<CapturedEntry> = Vec::new();
    let mut open: Vec<PathBuf> = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory)? {
            let entry = entry?;
            let path = entry.path();
            let metadata = entry.metadata()?;
            if metadata.is_dir() {
                open.push(path);
                continue;
            }
            let sha256 = if metadata.is_symlink() {
                hex(&Sha256::digest(fs::read_link(&path)?.as_os_str().as_bytes()))
            } else {
                file_identity(&path)?
            };
            let relative = path.strip_prefix(root).unwrap_or(&path).to_str().ok_or_else(|| {
                io::Error::new(io::ErrorKind::InvalidData, format!("the file name {path:?} isn't UTF-8"))
            })?;
            let executable = !metadata.is_symlink() && metadata.permissions().mode() & 0o111 != 0;
            entries.push(CapturedEntry { path: relative.to_owned(), sha256, executable });
        }
    }
    entries.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(pipec_ir::identity::directory_identity(&entries))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_what_it_would_be_if_it_had_been_captured() -> io::Result<()> {
        let directory = tempfile::tempdir()?;
        let root = directory.path();
        fs::create_dir(root.join("b"))?;
        fs::write(root.join("b/x"), "1")?;
        fs::write(root.join("a"), "")?;
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let one = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b";
        let entry = |path: &str, sha256: &str| CapturedEntry {
            path: path.to_owned(),
            sha256: sha256.to_owned(),
            executable: false,
        };
        let captured = [entry("a", empty), entry("b/x", one)];
        assert_eq!(identity(root)?, pipec_ir::identity::directory_identity(&captured));
        assert_eq!(identity(&root.join("a"))?, empty);
        Ok(())
    }
}
