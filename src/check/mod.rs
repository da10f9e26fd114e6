//! AST and names → typed program. The passes, in order: declarations and the types of their parts; constants and
//! defaults; settings and programs of tasks; bodies of pipelines; launches.

pub(crate) mod context;
pub(crate) mod convert;
mod expressions;
mod files;
pub(crate) mod messages;
mod pipelines;
mod types;

use std::collections::HashMap;

use crate::diagnostics::Diagnostic;
use crate::hir::{self, PipelineId};
use crate::resolve::Modules;
use context::Checker;

pub use files::{FileKind, ProjectFiles};

/// Checks all files of a compilation. Findings are in order of file and place.
pub fn check(modules: &Modules, files: &dyn ProjectFiles) -> (hir::Program, Vec<Diagnostic>) {
    let mut checker = Checker {
        program: hir::Program::default(),
        modules,
        files,
        diagnostics: Vec::new(),
        type_parameters: HashMap::new(),
        aliases: vec![types::AliasState::Untouched; modules.places.type_aliases.len()],
    };
    for index in 0..modules.places.pipelines.len() {
        let id = PipelineId(u32::try_from(index).unwrap_or_else(|_| panic!("more than 2^32 pipelines")));
        checker.check_pipeline(id, modules.pipeline(id).2);
    }
    let Checker { mut program, mut diagnostics, .. } = checker;
    program.references.sort_by_key(|reference| (reference.span.file, reference.span.start));
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span().file, diagnostic.span().start));
    (program, diagnostics)
}
