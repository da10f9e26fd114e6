//! Reads a file and all that it imports. The prelude comes first, then the compiled file, then what imports reach, in
//! the order in which they reach it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use foldhash::HashMap;

use super::graph::{Group, order};
use super::{Module, Modules, declare, messages};
use crate::diagnostics::Diagnostic;
use crate::hir::ModuleId;
use crate::source::{LoadError, Project, SourceMap, Span, Spanned};
use crate::std as library;
use crate::syntax::{self, ast};

/// Reads, parses and connects all files of a compilation. `entry` is absolute. The findings are those of the syntax and
/// of top-level names.
///
/// # Errors
/// When the compiled file itself can't be read; an import that can't is a finding.
pub fn load(
    entry: &Path,
    project: &Project,
    sources: &mut SourceMap,
) -> Result<(Modules, Vec<Diagnostic>), LoadError> {
    let mut loading = Loading {
        project,
        sources,
        modules: Modules::default(),
        known: HashMap::default(),
        diagnostics: Vec::new(),
    };
    let prelude = loading.add(
        PathBuf::from(library::PRELUDE_NAME),
        library::PRELUDE_NAME.to_owned(),
        Arc::from(library::PRELUDE),
    );
    loading.modules.all[prelude.index()].is_library = true;
    let text = project.loader().text(entry)?;
    let entry = project.absolute(&entry.to_string_lossy());
    let name = project.path_of(&entry).unwrap_or_else(|| file_name(&entry));
    loading.add(entry, name, text);
    let mut next = 0;
    while next < loading.modules.all.len() {
        loading.follow(next);
        next += 1;
    }
    loading.report_cycles();
    let Loading { mut modules, mut diagnostics, .. } = loading;
    diagnostics.extend(declare(&mut modules));
    Ok((modules, diagnostics))
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

struct Loading<'a> {
    project: &'a Project<'a>,
    sources: &'a mut SourceMap,
    modules: Modules,
    known: HashMap<PathBuf, ModuleId>,
    diagnostics: Vec<Diagnostic>,
}

impl Loading<'_> {
    fn add(&mut self, path: PathBuf, name: String, text: Arc<str>) -> ModuleId {
        let id = ModuleId(
            u32::try_from(self.modules.all.len()).unwrap_or_else(|_| panic!("more than 2^32 files")),
        );
        let file = self.sources.add(path.clone(), name.clone(), text.clone());
        let parsed = syntax::parse(file, &text);
        self.diagnostics.extend(parsed.diagnostics);
        self.modules.all.push(Module::new(Arc::new(parsed.file), name, Vec::new()));
        self.known.insert(path, id);
        id
    }

    /// Loads what a module imports.
    fn follow(&mut self, index: usize) {
        let tree = self.modules.all[index].tree.clone();
        let file = tree.file;
        let directory = self.sources.file(file).path().parent().map(Path::to_path_buf).unwrap_or_default();
        for used in super::uses(&tree) {
            let loaded = match self.import(&directory, used) {
                Ok(id) => Some(id),
                Err(diagnostic) => {
                    self.diagnostics.push(*diagnostic);
                    None
                }
            };
            self.modules.all[index].used.push(loaded);
        }
    }

    /// The module that a `use` names.
    fn import(&mut self, directory: &Path, used: &ast::Use) -> Result<ModuleId, Box<Diagnostic>> {
        let written = &used.path;
        if written.value.starts_with(library::PREFIX) {
            return self.import_library(written);
        }
        if !written.value.starts_with("./") && !written.value.starts_with("../") {
            return Err(Box::new(messages::not_relative(written)));
        }
        if written.value.contains(['\\', '\0']) {
            return Err(Box::new(messages::no_path(written)));
        }
        let path = self.project.absolute(&directory.join(&written.value).to_string_lossy());
        if let Some(known) = self.known.get(&path) {
            return Ok(*known);
        }
        let Some(name) = self.project.path_of(&path) else {
            return Err(Box::new(messages::outside_project(written)));
        };
        match self.project.loader().text(&path) {
            Ok(text) => Ok(self.add(path, name, text)),
            Err(error) => {
                let near = matches!(error, LoadError::Missing).then(|| self.nearest_file(&path)).flatten();
                Err(Box::new(messages::cannot_import(written, &error, near.as_deref())))
            }
        }
    }

    /// A module of the standard library: it has no place on a disk, and its path is its name.
    fn import_library(&mut self, written: &Spanned<String>) -> Result<ModuleId, Box<Diagnostic>> {
        let path = PathBuf::from(&written.value);
        if let Some(known) = self.known.get(&path) {
            return Ok(*known);
        }
        let module =
            library::module(&written.value).ok_or_else(|| Box::new(messages::not_in_library(written)))?;
        let id = self.add(path, module.path.to_owned(), Arc::from(module.text));
        self.modules.all[id.index()].is_library = true;
        Ok(id)
    }

    /// A file beside a missing one that may have been meant, by its name.
    fn nearest_file(&self, path: &Path) -> Option<String> {
        let names = self.project.loader().names(path.parent()?).ok()?;
        let name = file_name(path);
        let files = names.iter().map(String::as_str).filter(|name| name.ends_with(".pipe"));
        super::suggest::nearest(&name, files).map(str::to_owned)
    }

    fn report_cycles(&mut self) {
        let edges: Vec<Vec<usize>> = self
            .modules
            .all
            .iter()
            .map(|module| module.used.iter().flatten().map(|id| id.index()).collect())
            .collect();
        for group in order(&edges) {
            let Group::Cycle { round, .. } = group else { continue };
            let steps: Vec<(String, Span)> = round
                .iter()
                .enumerate()
                .map(|(position, from)| {
                    let to = round[(position + 1) % round.len()];
                    (self.modules.all[*from].path.clone(), self.place_of_use(*from, to))
                })
                .collect();
            self.diagnostics.push(messages::import_cycle(&steps));
        }
    }

    /// Where one module imports another.
    fn place_of_use(&self, from: usize, to: usize) -> Span {
        let module = &self.modules.all[from];
        let position = module.used.iter().position(|used| used.is_some_and(|used| used.index() == to));
        let used = position.and_then(|position| super::uses(&module.tree).nth(position));
        used.map_or_else(|| Span::new(module.tree.file, 0, 0), |used| used.path.span)
    }
}
