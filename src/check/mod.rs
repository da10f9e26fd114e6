//! AST and names → typed program. The passes, in order: declarations and the types of their parts; constants and
//! defaults; settings and programs of tasks; bodies of pipelines; launches.

mod body;
mod calls;
mod circles;
mod constants;
pub(crate) mod context;
mod control_flow;
pub(crate) mod convert;
mod dataflow;
mod declarations;
mod expressions;
mod fold;
mod foreign;
mod imports;
mod instances;
mod interfaces;
mod launches;
pub mod library;
pub(crate) mod messages;
mod narrowing;
mod pipelines;
mod programs;
mod record_instances;
mod recursion;
pub mod settings;
mod standing;
mod type_parameters;
mod type_sizes;
mod types;
mod variables;
mod walk;

use foldhash::{HashMap, HashSet};

use crate::diagnostics::Diagnostic;
use crate::hir::{self, PipelineId, TaskId};
use crate::project::Profile;
use crate::resolve::Modules;
use crate::source::Project;
use context::Checker;

/// Checks all files of a compilation, also against what a target has. `earlier` is what was found when they were read.
/// Findings are in order of file and place.
pub fn check(
    modules: &Modules,
    project: &Project,
    profile: Option<&Profile>,
    earlier: &[Diagnostic],
) -> (hir::Program, Vec<Diagnostic>) {
    let mut checker = Checker {
        program: hir::Program::default(),
        modules,
        project,
        profile,
        earlier,
        diagnostics: Vec::new(),
        type_parameters: HashMap::default(),
        record_instances: HashMap::default(),
        endless_records: HashSet::default(),
        extents: HashMap::default(),
        current_cycle: Vec::new(),
        incomplete: HashSet::default(),
        waiting: Vec::new(),
        stands_in_table: Vec::new(),
        call_values: HashMap::default(),
        variants: HashMap::default(),
    };
    checker.declare_types();
    checker.resolve_declared_types();
    checker.declare_constants();
    checker.declare_interfaces();
    checker.check_standing();
    checker.check_constants();
    checker.check_parameter_defaults();
    for index in 0..modules.places.tasks.len() {
        checker.check_task(TaskId(declarations::number(index)));
    }
    for index in 0..modules.places.pipelines.len() {
        let id = PipelineId(declarations::number(index));
        checker.check_pipeline(id, modules.pipeline(id).2);
    }
    checker.check_programs();
    let is_endless = checker.check_recursion();
    checker.check_launches();
    if !is_endless {
        checker.check_instances();
    }
    checker.check_imports();
    checker.check_standing();
    let Checker { mut program, mut diagnostics, .. } = checker;
    program.references.sort_by_key(|reference| (reference.span.file, reference.span.start));
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span().file, diagnostic.span().start));
    (program, diagnostics)
}
