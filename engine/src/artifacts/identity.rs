//! An artifact's identity: the sha256 of its content. Of a directory, the sha256 of what `sha256sum` would print for all
//! of its files, sorted by path as bytes; names that begin with a dot count as all others.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

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

/// Links inside (all lead inside, see `own`) count as their text, so that a link to a directory above can't loop.
fn directory_identity(root: &Path) -> io::Result<String> {
    let mut files: Vec<(Vec<u8>, String)> = Vec::new();
    let mut open: Vec<PathBuf> = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory)? {
            let entry = entry?;
            let path = entry.path();
            let kind = entry.file_type()?;
            if kind.is_dir() {
                open.push(path);
                continue;
            }
            let digest = if kind.is_symlink() {
                hex(&Sha256::digest(fs::read_link(&path)?.as_os_str().as_bytes()))
            } else {
                file_identity(&path)?
            };
            let relative = path.strip_prefix(root).unwrap_or(&path);
            files.push((relative.as_os_str().as_bytes().to_vec(), digest));
        }
    }
    files.sort();
    let mut hash = Sha256::new();
    for (path, digest) in files {
        hash.update(digest.as_bytes());
        hash.update(b"  ");
        hash.update(&path);
        hash.update(b"\n");
    }
    Ok(hex(&hash.finalize()))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_what_sha256sum_prints() -> io::Result<()> {
        let directory = tempfile::tempdir()?;
        let root = directory.path();
        fs::create_dir(root.join("b"))?;
        fs::write(root.join("b/x"), "1")?;
        fs::write(root.join("a"), "")?;
        let printed = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a\n\
                       6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b  b/x\n";
        assert_eq!(identity(root)?, hex(&Sha256::digest(printed)));
        assert_eq!(
            identity(&root.join("a"))?,
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        Ok(())
    }
}
