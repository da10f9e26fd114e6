//! Makes what a program wrote the run's own: no links that lead outside, no second names for files that someone may still
//! change, nothing but files and directories; and read-only, so that no later step damages it.

use std::fs::{self, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::error::io_message;

/// How deep a directory may be nested: links to directories above must not unfold for ever.
const MAX_DEPTH: usize = 64;

/// Takes the file or directory at `root` over. An error is a sentence about what is wrong with it.
pub(crate) fn own(root: &Path) -> Result<(), String> {
    let mut open: Vec<(PathBuf, usize)> = vec![(root.to_owned(), 0)];
    while let Some((path, depth)) = open.pop() {
        if depth > MAX_DEPTH {
            return Err(format!("{} is nested more than {MAX_DEPTH} directories deep", path.display()));
        }
        let metadata = look(&path)?;
        if metadata.is_symlink() {
            if follow(&path, root)? {
                open.push((path, depth + 1));
            }
        } else if metadata.is_dir() {
            for child in children(&path)? {
                open.push((child, depth + 1));
            }
        } else if metadata.is_file() {
            if metadata.nlink() > 1 {
                replace_by_copy(&path, &path)?;
            }
        } else {
            return Err(format!("{} is neither a file nor a directory", path.display()));
        }
    }
    Ok(())
}

/// Replaces a link that leads outside of `root` by what it leads to. True if there is something new to look at.
fn follow(link: &Path, root: &Path) -> Result<bool, String> {
    let target = fs::canonicalize(link).map_err(|_| format!("{} is a link to nothing", link.display()))?;
    let is_inside = link != root && fs::canonicalize(root).is_ok_and(|root| target.starts_with(root));
    if is_inside {
        return Ok(false);
    }
    if !look(&target)?.is_dir() {
        replace_by_copy(&target, link)?;
        return Ok(true);
    }
    fs::remove_file(link).map_err(|error| io_message("replace", link, &error))?;
    fs::create_dir(link).map_err(|error| io_message("make", link, &error))?;
    for child in children(&target)? {
        let place = link.join(child.file_name().unwrap_or_default());
        std::os::unix::fs::symlink(&child, &place).map_err(|error| io_message("make", &place, &error))?;
    }
    Ok(true)
}

/// A file of its own at `path`, with the content of `source`; never half of it.
fn replace_by_copy(source: &Path, path: &Path) -> Result<(), String> {
    let failed = |error: io::Error| io_message("copy", source, &error);
    let directory = path.parent().unwrap_or(path);
    let copy = tempfile::NamedTempFile::new_in(directory).map_err(failed)?;
    fs::copy(source, copy.path()).map_err(failed)?;
    copy.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Takes away everyone's permission to write.
pub(crate) fn make_read_only(root: &Path) -> Result<(), String> {
    for_each_inside(root, |path, metadata| {
        let mode = metadata.permissions().mode() & !0o222;
        fs::set_permissions(path, Permissions::from_mode(mode))
    })
}

/// Gives the owner's permission to write back, so that a directory can be removed.
pub(crate) fn make_removable(root: &Path) -> Result<(), String> {
    for_each_inside(root, |path, metadata| {
        if !metadata.is_dir() {
            return Ok(());
        }
        let mode = metadata.permissions().mode() | 0o700;
        fs::set_permissions(path, Permissions::from_mode(mode))
    })
}

/// Directories come before what is in them. Links are left alone.
fn for_each_inside(root: &Path, change: impl Fn(&Path, &Metadata) -> io::Result<()>) -> Result<(), String> {
    let mut open = vec![root.to_owned()];
    while let Some(path) = open.pop() {
        let metadata = look(&path)?;
        if metadata.is_symlink() {
            continue;
        }
        change(&path, &metadata).map_err(|error| io_message("change the permissions of", &path, &error))?;
        if metadata.is_dir() {
            open.extend(children(&path)?);
        }
    }
    Ok(())
}

fn look(path: &Path) -> Result<Metadata, String> {
    fs::symlink_metadata(path).map_err(|error| io_message("read", path, &error))
}

fn children(directory: &Path) -> Result<Vec<PathBuf>, String> {
    let failed = |error: io::Error| io_message("read the directory", directory, &error);
    let entries = fs::read_dir(directory).map_err(failed)?;
    entries.map(|entry| entry.map(|entry| entry.path()).map_err(failed)).collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_that_lead_outside_become_copies() -> io::Result<()> {
        let directory = tempfile::tempdir()?;
        let outside = directory.path().join("outside");
        let root = directory.path().join("root");
        fs::create_dir_all(outside.join("deep"))?;
        fs::create_dir_all(root.join("real"))?;
        fs::write(outside.join("deep/x"), "x")?;
        fs::write(root.join("real/y"), "y")?;
        symlink(outside.join("deep"), root.join("linked"))?;
        symlink("real", root.join("inside"))?;
        symlink("..", root.join("real/up"))?;
        fs::hard_link(outside.join("deep/x"), root.join("second"))?;

        assert_eq!(own(&root), Ok(()));
        assert_eq!(make_read_only(&root), Ok(()));
        fs::write(outside.join("deep/x"), "changed")?;
        assert_eq!(fs::read_to_string(root.join("linked/x"))?, "x");
        assert_eq!(fs::read_to_string(root.join("second"))?, "x");
        assert!(fs::symlink_metadata(root.join("inside"))?.is_symlink());
        assert_eq!(fs::metadata(root.join("linked/x"))?.permissions().mode() & 0o222, 0);
        assert_ne!(fs::metadata(outside.join("deep/x"))?.permissions().mode() & 0o222, 0);
        assert_eq!(make_removable(&root), Ok(()));
        Ok(())
    }

    #[test]
    fn what_no_file_can_hold_is_refused() -> io::Result<()> {
        let directory = tempfile::tempdir()?;
        let root = directory.path().join("root");
        symlink("/nowhere/at/all", &root)?;
        assert_eq!(own(&root), Err(format!("{} is a link to nothing", root.display())));
        fs::remove_file(&root)?;

        let loops = directory.path().join("loops");
        fs::create_dir(&loops)?;
        symlink(&loops, loops.join("again"))?;
        symlink(&loops, &root)?;
        assert!(own(&root).is_err_and(|message| message.ends_with("directories deep")));
        Ok(())
    }
}
