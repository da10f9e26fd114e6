//! The files that paths mean.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::super::failure::Failure;

/// Standard input, as a path.
const STDIN: &str = "-";

pub(super) fn has_stdin(paths: &[PathBuf]) -> bool {
    paths.iter().any(|path| path == Path::new(STDIN))
}

/// Without a path, the current directory.
pub(super) fn or_here(paths: &[PathBuf]) -> Vec<&Path> {
    if paths.is_empty() { vec![Path::new(".")] } else { paths.iter().map(PathBuf::as_path).collect() }
}

/// For each path its files.
pub(super) fn files(paths: &[PathBuf], stdin_name: &Path) -> Vec<Result<Vec<PathBuf>, Failure>> {
    let files = or_here(paths).into_iter().map(|path| {
        if path == Path::new(STDIN) {
            Ok(vec![stdin_name.to_owned()])
        } else if path.is_dir() {
            walk(path)
        } else {
            Ok(vec![path.to_owned()])
        }
    });
    files.collect()
}

/// All sources below a directory that git doesn't ignore, sorted.
fn walk(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failure = || Failure::new(format!("can't check `{}`", directory.display()));
    let mut files = Vec::new();
    for entry in WalkBuilder::new(directory).require_git(false).sort_by_file_path(Path::cmp).build() {
        let entry = entry.map_err(|error| failure().because_of(&error))?;
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
        if is_file && entry.path().extension().is_some_and(|extension| extension == "pipe") {
            files.push(entry.into_path());
        }
    }
    if files.is_empty() {
        return Err(failure()
            .because("there is no `.pipe` file in it")
            .help("files that .gitignore names are left out; give them by name to check them"));
    }
    Ok(files)
}
