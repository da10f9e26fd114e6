//! What is checked together: sources, settings and levels are looked up once.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use foldhash::HashMap;

use super::super::failure::Failure;
use super::super::input::{absolute, cannot_load, find_project};
use super::super::target::{self, Chosen};
use super::target::check_target;
use crate::compiler::{self, Checked};
use crate::diagnostics::levels::Levels;
use crate::diagnostics::render::{Finding, ordered};
use crate::project;
use crate::source::{Disk, LoadError, Overlay};

/// Files, and what has been found in them.
pub(super) struct Session<'a> {
    pub(super) loader: Overlay<Disk>,
    /// Of the command line.
    levels: Levels,
    target: Option<&'a str>,
    projects: HashMap<PathBuf, project::Found>,
    checked: Vec<Checked>,
}

impl<'a> Session<'a> {
    pub(super) fn new(levels: Levels, target: Option<&'a str>) -> Session<'a> {
        let loader = Overlay { texts: BTreeMap::new(), below: Disk };
        Session { loader, levels, target, projects: HashMap::default(), checked: Vec::new() }
    }

    /// Takes standard input for the text of a file.
    pub(super) fn read_stdin(&mut self, name: &Path) -> Result<(), Failure> {
        let failure = || Failure::new("can't check standard input");
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).map_err(|error| failure().because_io(&error))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            failure().because(LoadError::NotUtf8 { at }.to_string())
        })?;
        self.loader.texts.insert(absolute(name)?, Arc::from(text));
        Ok(())
    }

    /// Checks files, and forgets what has been found before; gives how many could be read.
    pub(super) fn check(&mut self, files: &[PathBuf], failures: &mut Vec<Failure>) -> usize {
        self.checked.clear();
        let mut count = 0;
        for file in files {
            match self.check_file(file) {
                Ok(()) => count += 1,
                Err(failure) => failures.push(failure),
            }
        }
        count
    }

    /// The folders of all files that were read, and of their projects.
    pub(super) fn folders(&self) -> impl Iterator<Item = PathBuf> {
        let sources = self.checked.iter().flat_map(|checked| checked.sources.files());
        let folders =
            sources.filter_map(|(_, file)| file.path().parent().filter(|folder| folder.is_absolute()));
        folders.map(Path::to_owned).chain(self.projects.values().map(|found| found.root.clone()))
    }

    /// Everything that has been found, each finding once.
    pub(super) fn findings(&self) -> Vec<Finding<'_>> {
        let findings = self.checked.iter().flat_map(|checked| {
            checked.diagnostics.iter().map(|diagnostic| Finding { sources: &checked.sources, diagnostic })
        });
        ordered(findings.collect())
    }

    fn check_file(&mut self, file: &Path) -> Result<(), Failure> {
        let path = absolute(file)?;
        let found = self.project(&path)?;
        let is_known =
            |checked: &Checked| checked.root == found.root && checked.sources.find(&path).is_some();
        if self.target.is_none() && self.checked.iter().any(is_known) {
            return Ok(());
        }
        let levels = found.settings.lints.and(&self.levels);
        let profile = found.settings.profile(self.target);
        let mut checked = compiler::check_for(profile, &path, &self.loader, &levels)
            .map_err(|error| cannot_load("check", file, &error))?;
        if let Some(target) = self.target {
            let attempt = format!("can't check `{}`", file.display());
            match target::choose(Some(target), &found.settings, &attempt)? {
                Chosen::BuiltIn(target) => check_target(&mut checked, &target, &self.loader, &attempt)?,
                Chosen::External { name, .. } => {
                    return Err(Failure::new(attempt)
                        .because(format!("what `pipec-backend-{name}` can't do is known to it alone"))
                        .help(format!("compile for it: pipec compile {} --target {name}", file.display())));
                }
            }
        }
        self.checked.push(checked);
        Ok(())
    }

    fn project(&mut self, file: &Path) -> Result<project::Found, Failure> {
        let folder = file.parent().unwrap_or(file);
        if let Some(found) = self.projects.get(folder) {
            return Ok(found.clone());
        }
        let found = find_project(file)?;
        self.projects.insert(folder.to_owned(), found.clone());
        Ok(found)
    }
}
