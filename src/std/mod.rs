//! What comes with pipec, in the language itself: the prelude, which every program knows, and modules that programs
//! import as `use "std/…"`.

/// What people see as the prelude's file.
pub const PRELUDE_NAME: &str = "prelude.pipe";

pub const PRELUDE: &str = include_str!("prelude.pipe");

/// What the paths of the modules begin with.
pub const PREFIX: &str = "std/";

/// A module of the standard library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Module {
    /// As it is imported.
    pub path: &'static str,
    pub text: &'static str,
}

pub const MODULES: &[Module] = &[
    Module { path: "std/csv", text: include_str!("csv.pipe") },
    Module { path: "std/files", text: include_str!("files.pipe") },
];

pub fn module(path: &str) -> Option<&'static Module> {
    MODULES.iter().find(|module| module.path == path)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::compiler;
    use crate::diagnostics::levels::Levels;
    use crate::source::Memory;

    #[test]
    fn modules_have_no_findings() {
        let entry = Path::new("/project/main.pipe");
        for module in MODULES {
            let mut memory = Memory::default();
            memory.files.insert(entry.to_owned(), module.text.into());
            let found = compiler::check(entry, &memory, &Levels::default()).expect("it is there").diagnostics;
            assert!(found.is_empty(), "{}: {found:#?}", module.path);
        }
    }
}
