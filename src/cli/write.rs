//! Writes output: wholly, or not at all. A file takes its place by a rename; a directory is made beside its place and
//! swapped in.

use std::fs;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use pipec_backends::OutputFile;
use tempfile::{Builder, NamedTempFile, TempDir};

use super::failure::Failure;
use super::input::shown;

/// In a directory that pipec wrote: the paths of its files, a line each. What isn't listed is never overwritten.
const LIST: &str = ".pipec-files";

/// Writes a file. Its folder is there already.
pub(super) fn file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failure = || Failure::new(format!("can't write `{}`", path.display()));
    if path.is_dir() {
        return Err(failure().because("it is a directory").help("give the name of a file"));
    }
    let target = resolved(path);
    let folder = folder_of(&target);
    let write = || -> io::Result<()> {
        if fs::metadata(&target).is_ok_and(|metadata| !metadata.is_file()) {
            return fs::OpenOptions::new().write(true).open(&target)?.write_all(bytes);
        }
        let mut temporary = NamedTempFile::new_in(&folder)?;
        temporary.write_all(bytes)?;
        keep_permissions(&target, temporary.path())?;
        temporary.persist(&target).map_err(|error| error.error)?;
        Ok(())
    };
    write().map_err(|error| cannot_write(failure(), &folder, &error))
}

/// Writes a directory with exactly these files. One that is there is replaced only if all in it came from pipec.
pub(super) fn directory(path: &Path, files: &[OutputFile]) -> Result<(), Failure> {
    let failure = || Failure::new(format!("can't write the directory `{}`", path.display()));
    check_replaceable(path, failure)?;
    let target = resolved(path);
    let Some(folder) = target.parent().filter(|_| target.file_name().is_some()) else {
        return Err(failure()
            .because("it has no place beside it to prepare it in")
            .help("give another name"));
    };
    let fill = || -> io::Result<()> {
        let fresh = temporary_directory(folder)?;
        for file in files {
            write_below(fresh.path(), file)?;
        }
        let mut list: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        list.sort_unstable();
        fs::write(fresh.path().join(LIST), list.join("\n") + "\n")?;
        swap(fresh, &target)
    };
    fill().map_err(|error| cannot_write(failure(), folder, &error))
}

/// Whether the files are there just so: what `--check` asks.
pub(super) fn is_up_to_date(path: &Path, files: &[OutputFile]) -> bool {
    let same = |file: &OutputFile| {
        let place = path.join(&file.path);
        fs::read(&place).is_ok_and(|bytes| bytes == file.content) && is_executable(&place) == file.executable
    };
    let Ok(mut found) = files_below(path) else { return false };
    found.retain(|name| name != LIST);
    found.len() == files.len() && files.iter().all(same)
}

fn cannot_write(failure: Failure, folder: &Path, error: &io::Error) -> Failure {
    if error.kind() == io::ErrorKind::NotFound && !folder.exists() {
        let folder = shown(folder);
        return failure
            .because(format!("there is no folder `{folder}`"))
            .help(format!("make it first: mkdir -p {folder}"));
    }
    failure.because_io(error)
}

/// The place itself where a link leads there.
fn resolved(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| std::path::absolute(path).unwrap_or_else(|_| path.to_owned()))
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        Some(_) | None => PathBuf::from("."),
    }
}

fn check_replaceable(path: &Path, failure: impl Fn() -> Failure) -> Result<(), Failure> {
    let metadata = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failure().because_io(&error)),
        Ok(metadata) => metadata,
    };
    if !metadata.is_dir() {
        return Err(failure().because("there is a file of this name").help("give the name of a directory"));
    }
    if path.components().all(|part| matches!(part, Component::CurDir | Component::ParentDir)) {
        return Err(failure()
            .because("it would have to be replaced as a whole")
            .help("give the name of a directory that is only for this output"));
    }
    let found = files_below(path).map_err(|error| failure().because_io(&error))?;
    let list = fs::read_to_string(path.join(LIST)).unwrap_or_default();
    let listed: Vec<&str> = list.lines().collect();
    match found.iter().find(|name| *name != LIST && !listed.contains(&name.as_str())) {
        None => Ok(()),
        Some(foreign) => Err(failure()
            .because(format!("it holds `{foreign}`, which didn't come from pipec"))
            .help("give a new directory, or one that an earlier compile made: its content is replaced")),
    }
}

/// Paths of all files below a directory, relative to it, `/` between parts, sorted.
fn files_below(directory: &Path) -> io::Result<Vec<String>> {
    let mut files = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(relative) = open.pop() {
        for entry in fs::read_dir(directory.join(&relative))? {
            let entry = entry?;
            let path = relative.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                open.push(path);
            } else {
                let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
                files.push(parts.join("/"));
            }
        }
    }
    files.sort();
    Ok(files)
}

fn temporary_directory(folder: &Path) -> io::Result<TempDir> {
    let directory = Builder::new().prefix(".pipec-").tempdir_in(folder)?;
    make_listable(directory.path())?;
    Ok(directory)
}

fn write_below(root: &Path, file: &OutputFile) -> io::Result<()> {
    let place = root.join(&file.path);
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&place, &file.content)?;
    if file.executable { make_executable(&place) } else { Ok(()) }
}

/// Puts `fresh` in the place of `target`; on failure what was there is there again.
fn swap(fresh: TempDir, target: &Path) -> io::Result<()> {
    if !target.exists() {
        return fs::rename(fresh.keep(), target);
    }
    let old = temporary_directory(&folder_of(target))?;
    let aside = old.path().join("old");
    fs::rename(target, &aside)?;
    if let Err(error) = fs::rename(fresh.path(), target) {
        fs::rename(&aside, target)?;
        return Err(error);
    }
    let _ = fresh.keep();
    old.close()
}

#[cfg(unix)]
mod permissions {
    use std::fs::{self, Permissions};
    use std::io;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    /// The mode of the file that is replaced, or of a new file.
    pub(super) fn keep_permissions(old: &Path, new: &Path) -> io::Result<()> {
        let mode = fs::metadata(old).map_or(0o644, |metadata| metadata.permissions().mode() & 0o777);
        fs::set_permissions(new, Permissions::from_mode(mode))
    }

    pub(super) fn make_executable(path: &Path) -> io::Result<()> {
        fs::set_permissions(path, Permissions::from_mode(0o755))
    }

    pub(super) fn make_listable(path: &Path) -> io::Result<()> {
        fs::set_permissions(path, Permissions::from_mode(0o755))
    }

    pub(super) fn is_executable(path: &Path) -> bool {
        fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o111 != 0)
    }
}

#[cfg(not(unix))]
mod permissions {
    use std::io;
    use std::path::Path;

    pub(super) fn keep_permissions(_: &Path, _: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn make_executable(_: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn make_listable(_: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn is_executable(_: &Path) -> bool {
        false
    }
}

use permissions::{is_executable, keep_permissions, make_executable, make_listable};

#[cfg(test)]
mod tests {
    use super::*;

    fn names(path: &Path) -> Vec<String> {
        files_below(path).unwrap()
    }

    #[test]
    fn a_directory_is_replaced_as_a_whole() {
        let scratch = tempfile::tempdir().unwrap();
        let out = scratch.path().join("out");
        let first = [OutputFile::text("run.sh", "1"), OutputFile::text("steps/a.sh", "a")];
        directory(&out, &first).unwrap();
        assert!(is_up_to_date(&out, &first));
        let second = [OutputFile::text("run.sh", "2")];
        assert!(!is_up_to_date(&out, &second));
        directory(&out, &second).unwrap();
        assert_eq!(names(&out), [LIST, "run.sh"]);
        assert_eq!(names(scratch.path()), ["out/.pipec-files", "out/run.sh"]);
    }

    #[test]
    fn what_others_put_there_stays() {
        let scratch = tempfile::tempdir().unwrap();
        let out = scratch.path().join("out");
        directory(&out, &[OutputFile::text("run.sh", "1")]).unwrap();
        fs::write(out.join("notes.txt"), "mine").unwrap();
        let failure = directory(&out, &[OutputFile::text("run.sh", "2")]).unwrap_err();
        assert!(failure.render(false).contains("it holds `notes.txt`"), "{}", failure.render(false));
        assert_eq!(fs::read_to_string(out.join("run.sh")).unwrap(), "1");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_a_mode_stays() {
        use std::os::unix::fs::PermissionsExt as _;
        let scratch = tempfile::tempdir().unwrap();
        let real = scratch.path().join("real.yaml");
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o600)).unwrap();
        let link = scratch.path().join("link.yaml");
        std::os::unix::fs::symlink(&real, &link).unwrap();
        file(&link, b"new").unwrap();
        assert_eq!(fs::read_to_string(&real).unwrap(), "new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(names(scratch.path()).len(), 2);
    }

    #[test]
    fn a_missing_folder_is_named() {
        let scratch = tempfile::tempdir().unwrap();
        let failure = file(&scratch.path().join("no/out.yaml"), b"x").unwrap_err().render(false);
        assert!(failure.contains("there is no folder") && failure.contains("mkdir -p"), "{failure}");
    }
}
