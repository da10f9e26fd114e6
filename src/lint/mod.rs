//! Lints beside those that the checker meets on its way: what is right, and yet hardly meant. And the comments that
//! allow lints.

mod allow;
mod arguments;
mod branches;
mod comments;
mod here;
mod library;
mod messages;
mod naming;
mod order;
mod pins;
mod places;
mod scripts;
mod tasks;

use crate::diagnostics::{Diagnostic, Severity, codes};
use crate::hir;
use crate::resolve::{Modules, Place};
use crate::source::{SourceMap, Span};
use crate::syntax::ast::ItemKind;

pub use allow::follow_comments;
pub use here::allow_here;

/// What the lints look at.
#[derive(Clone, Copy, Debug)]
struct Subject<'a> {
    program: &'a hir::Program,
    modules: &'a Modules,
    sources: &'a SourceMap,
}

/// What the lints find in declarations without errors, whatever their levels are.
pub fn look(
    program: &hir::Program,
    modules: &Modules,
    sources: &SourceMap,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let is_error = |finding: &&Diagnostic| finding.severity == Severity::Error;
    let mut errors: Vec<Span> = diagnostics.iter().filter(is_error).map(Diagnostic::span).collect();
    errors.sort_unstable();
    forget_broken_imports(modules, diagnostics);
    let subject = Subject { program, modules, sources };
    let is_right = |place: &Place| {
        let span = subject.span_of(*place);
        let first = errors.partition_point(|error| (error.file, error.start) < (span.file, span.start));
        !modules.module(place.module).is_library
            && errors.get(first).is_none_or(|error| error.file != span.file || error.start > span.end)
    };
    let mut found = Vec::new();
    for (task, _) in program.tasks.iter().zip(&modules.places.tasks).filter(|(_, place)| is_right(place)) {
        subject.task(task, &mut found);
    }
    let pipelines = program.pipelines.iter().zip(&modules.places.pipelines);
    for (pipeline, _) in pipelines.filter(|(_, place)| is_right(place)) {
        subject.pipeline(pipeline, &mut found);
    }
    naming::look(modules, &mut found);
    library::look(modules, &mut found);
    diagnostics.extend(found);
}

/// An import that can't be had is not reproached with being of no use too.
fn forget_broken_imports(modules: &Modules, diagnostics: &mut Vec<Diagnostic>) {
    let errors = diagnostics.iter().filter(|finding| finding.severity == Severity::Error);
    let errors: Vec<Span> = errors.flat_map(|error| error.labels.iter().map(|label| label.span)).collect();
    let items = modules.all.iter().flat_map(|module| &module.tree.items);
    let imports = items.filter(|item| matches!(item.kind, ItemKind::Use(_))).map(|item| item.span);
    let holds = |import: &Span, place: Span| {
        import.file == place.file && import.start <= place.start && place.start < import.end
    };
    let broken: Vec<Span> =
        imports.filter(|import| errors.iter().any(|error| holds(import, *error))).collect();
    diagnostics.retain(|finding| {
        finding.code != codes::UNUSED || !broken.iter().any(|import| holds(import, finding.span()))
    });
}

impl Subject<'_> {
    fn span_of(&self, place: Place) -> Span {
        self.modules.module(place.module).tree.items[place.item as usize].span
    }

    fn task(&self, task: &hir::Task, found: &mut Vec<Diagnostic>) {
        tasks::look(task, found);
        scripts::look(task, self.sources, found);
        arguments::look(task, self.program, self.sources, found);
        pins::look_at_task(self.program, task, found);
    }

    fn pipeline(&self, pipeline: &hir::Pipeline, found: &mut Vec<Diagnostic>) {
        let blocks = std::iter::once(&pipeline.body).chain(pipeline.hooks.iter().map(|hook| &hook.body));
        for block in blocks {
            hir::for_each_of_block(block, &mut |expr| {
                hir::for_each_expr(expr, &mut |part| {
                    branches::look(part, found);
                    pins::look_at_call(self.program, pipeline, part, found);
                    order::look(self.program, part, self.sources, found);
                });
            });
        }
    }
}
