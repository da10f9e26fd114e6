//! Runs the passes one after another. Nothing else does.

use std::path::{Path, PathBuf};

use pipec_ir as ir;

use crate::diagnostics::levels::Levels;
use crate::diagnostics::{Diagnostic, Severity};
use crate::hir;
use crate::lint;
use crate::lower::{self, CaptureError, NoEntry};
use crate::project::Profile;
use crate::resolve::{self, Modules};
use crate::source::{Answers, FileId, LoadError, Loader, Project, Recording, SourceMap};

/// A file and all that it imports, checked.
#[derive(Debug)]
pub struct Checked {
    pub sources: SourceMap,
    pub modules: Modules,
    pub program: hir::Program,
    /// In order of file and place.
    pub diagnostics: Vec<Diagnostic>,
    /// Absolute.
    pub root: PathBuf,
    /// What all of this was made of.
    answers: Answers,
}

/// Why there is no IR.
#[derive(Debug)]
pub enum NoProgram {
    /// The program has errors: they are among the findings.
    Errors,
    NoEntry(NoEntry),
    Capture(Vec<CaptureError>),
}

/// Checks a file. `path` is absolute. Lints are as loud as `levels` and the comments in the sources say.
///
/// # Errors
/// When the file itself can't be read.
pub fn check(path: &Path, loader: &dyn Loader, levels: &Levels) -> Result<Checked, LoadError> {
    check_for(None, path, loader, levels)
}

/// Checks a file, also against what a target has.
///
/// # Errors
/// When the file itself can't be read.
pub fn check_for(
    profile: Option<&Profile>,
    path: &Path,
    loader: &dyn Loader,
    levels: &Levels,
) -> Result<Checked, LoadError> {
    let path = crate::source::normalized(path);
    let recording = Recording::new(loader);
    let root = project_root(&path, &recording);
    let project = Project::new(&root, &recording);
    let mut sources = SourceMap::default();
    let (modules, mut diagnostics) = resolve::load(&path, &project, &mut sources)?;
    let (program, findings) = crate::check::check(&modules, &project, profile, &diagnostics);
    diagnostics.extend(findings);
    lint::look(&program, &modules, &sources, &mut diagnostics);
    lint::follow_comments(&modules, &sources, &mut diagnostics);
    levels.apply(&mut diagnostics);
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span().file, diagnostic.span().start));
    Ok(Checked { sources, modules, program, diagnostics, root, answers: recording.into_answers() })
}

/// The folder of the nearest `pipec.toml` upwards, or without one that of the file.
pub fn project_root(path: &Path, loader: &dyn Loader) -> PathBuf {
    let folders = path.ancestors().skip(1);
    let configured =
        folders.clone().find(|folder| loader.entry(&folder.join(crate::project::FILE_NAME)).is_some());
    configured.or_else(|| folders.clone().next()).unwrap_or(path).to_owned()
}

impl Checked {
    /// The compiled file.
    pub fn entry_file(&self) -> FileId {
        self.modules.module(hir::ENTRY_MODULE).tree.file
    }

    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Gives back the room of the syntax trees and of the references: the IR is made without them.
    pub fn forget_trees(&mut self) {
        self.modules = Modules::default();
        self.program.references = Vec::new();
    }

    /// Whether all that was looked at, and all that was looked for, is still as it was.
    pub fn is_current(&self, loader: &dyn Loader) -> bool {
        self.answers.are_those_of(loader)
    }

    /// The IR of a pipeline or launch of the file; without a name of the whole file.
    ///
    /// # Errors
    /// When the program has errors, there is no such entry, or a file can't be captured.
    pub fn ir(&self, entry: Option<&str>, loader: &dyn Loader) -> Result<ir::Program, NoProgram> {
        if self.has_errors() {
            return Err(NoProgram::Errors);
        }
        let found = lower::entry(&self.program, entry).map_err(NoProgram::NoEntry)?;
        let project = Project::new(&self.root, loader);
        let stem = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let stems: Vec<String> = self.sources.files().map(|(_, file)| stem(file.path())).collect();
        let inputs = lower::Inputs {
            project: &project,
            sources: &self.sources,
            name: stems[hir::ENTRY_MODULE.index()].clone(),
            stems,
            entry: found,
            everything: entry.is_none(),
        };
        lower::lower(&self.program, &inputs).map_err(NoProgram::Capture)
    }
}
