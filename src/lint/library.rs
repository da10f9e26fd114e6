//! Declarations that hide what every program knows.

use crate::check::library;
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::PRELUDE;
use crate::resolve::Modules;
use crate::syntax::ast::{ItemKind, Name};

pub(super) fn look(modules: &Modules, found: &mut Vec<Diagnostic>) {
    let prelude = &modules.module(PRELUDE).names;
    for item in modules.all.iter().filter(|module| !module.is_library).flat_map(|module| &module.tree.items) {
        let Some((name, what)) = declared(&item.kind) else { continue };
        let is_known = match what {
            "function" => library::function(&name.value).is_some(),
            _ => prelude.contains_key(&name.value),
        };
        found.extend(is_known.then(|| hides(name, what)));
    }
}

/// A declaration's name, and what it would be in the library.
fn declared(item: &ItemKind) -> Option<(&Name, &'static str)> {
    match item {
        ItemKind::Task(tree) => Some((&tree.name, "function")),
        ItemKind::Pipeline(tree) => Some((&tree.name, "function")),
        ItemKind::Type(tree) => Some((&tree.name, "type")),
        ItemKind::Record(tree) => Some((&tree.name, "type")),
        ItemKind::Enum(tree) => Some((&tree.name, "type")),
        ItemKind::Format(tree) => Some((&tree.name, "format")),
        ItemKind::Use(_) | ItemKind::Const(_) | ItemKind::Launch(_) | ItemKind::Error => None,
    }
}

fn hides(name: &Name, what: &str) -> Diagnostic {
    let message = format!("`{}` hides the library's {what} of this name", name.value);
    Diagnostic::warning(codes::HIDES_LIBRARY, message, name.span, "in this file this one is meant")
        .with_help("give it another name")
}
