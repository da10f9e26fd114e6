//! Imports that nothing needs, and what the names in them refer to.

use super::context::Checker;
use super::messages::declarations as say;
use crate::diagnostics::Diagnostic;
use crate::hir::{Definition, Reference};
use crate::resolve;
use crate::source::Span;
use crate::syntax::ast;

impl Checker<'_> {
    /// Looks at all imports, when all that refers to them has been seen.
    pub(super) fn check_imports(&mut self) {
        for index in 0..self.modules.all.len() {
            let module = &self.modules.all[index];
            if module.imports.is_empty() {
                continue;
            }
            let file = module.tree.file;
            let used: Vec<&Reference> =
                self.program.references.iter().filter(|reference| reference.span.file == file).collect();
            let mut found: Vec<(Span, Definition)> = Vec::new();
            let mut unused: Vec<Diagnostic> = Vec::new();
            for item in &module.tree.items {
                let ast::ItemKind::Use(tree) = &item.kind else { continue };
                for name in resolve::imported(tree) {
                    if module.imports.get(&name.value) != Some(&name.span) {
                        continue;
                    }
                    let alias = module.aliases.get(&name.value).map(|module| Definition::Module(*module));
                    let Some(definition) = alias.or_else(|| module.names.get(&name.value).cloned()) else {
                        continue;
                    };
                    if !used.iter().any(|reference| reference.definition == definition) {
                        unused.push(say::unused_import(name, tree, item.span));
                    }
                    found.push((name.span, definition));
                }
            }
            for (span, definition) in found {
                self.refer(span, definition);
            }
            self.diagnostics.extend(unused);
        }
    }
}
