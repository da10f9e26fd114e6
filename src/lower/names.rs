//! The names of declarations in the IR: the compiled file's own and the prelude's are plain, all others carry their
//! module's name. Two modules never share a name.

use foldhash::{HashMap, HashSet};

use crate::hir::{self, ModuleId};

/// How modules are told apart.
#[derive(Clone, Debug)]
pub struct Names<'a> {
    program: &'a hir::Program,
    /// By module; absent where names only have to be unique.
    prefixes: Option<Vec<String>>,
}

impl<'a> Names<'a> {
    /// `stems` are the file stems of the program's modules, in order.
    pub fn new(program: &'a hir::Program, stems: impl IntoIterator<Item = String>) -> Names<'a> {
        let mut unique = UniqueNames::default();
        let prefixes = stems.into_iter().map(|stem| unique.take(&stem)).collect();
        Names { program, prefixes: Some(prefixes) }
    }

    /// Names for those who look at nothing but whether they differ.
    pub fn by_index(program: &'a hir::Program) -> Names<'a> {
        Names { program, prefixes: None }
    }

    /// `fit`, or `features.fit`.
    pub fn qualified(&self, module: ModuleId, name: &str) -> String {
        let is_plain = match module {
            hir::ENTRY_MODULE => true,
            hir::PRELUDE => !self.is_own(name),
            ModuleId(_) => false,
        };
        match &self.prefixes {
            _ if is_plain => name.to_owned(),
            Some(prefixes) => format!("{}.{name}", prefixes[module.index()]),
            None => format!("m{}.{name}", module.0),
        }
    }

    /// Whether the compiled file declares the name itself, and so hides the prelude's.
    fn is_own(&self, name: &str) -> bool {
        self.program.modules.get(hir::ENTRY_MODULE.index()).is_some_and(|own| own.names.contains_key(name))
    }
}

/// Gives out names, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct UniqueNames {
    taken: HashSet<String>,
    /// The number that was given last to a name that was taken.
    last: HashMap<String, u32>,
}

impl UniqueNames {
    /// `name`, or `name-2`, `name-3` … where it is taken.
    pub(super) fn take(&mut self, name: &str) -> String {
        self.take_with(name, '-')
    }

    /// The same, with another separator.
    pub(super) fn take_with(&mut self, name: &str, separator: char) -> String {
        if self.taken.insert(name.to_owned()) {
            return name.to_owned();
        }
        let number = self.last.entry(name.to_owned()).or_insert(1);
        loop {
            *number += 1;
            let candidate = format!("{name}{separator}{number}");
            if self.taken.insert(candidate.clone()) {
                return candidate;
            }
        }
    }
}
