//! Where a name is declared.

use super::reference_at;
use crate::hir::{self, Definition};
use crate::source::{FileId, Span};

/// The place of the declaration of what is named at an offset; `None` for what the compiler brings along.
pub fn definition(program: &hir::Program, file: FileId, offset: u32) -> Option<Span> {
    let reference = reference_at(program, file, offset)?;
    declared_at(program, &reference.definition)
}

/// The place of a declaration's name.
pub(super) fn declared_at(program: &hir::Program, definition: &Definition) -> Option<Span> {
    let span = match definition {
        Definition::Module(id) => Span::new(program.modules.get(id.index())?.file, 0, 0),
        Definition::Record(id) => program.records.get(id.index())?.span,
        Definition::Enum(id) => program.enums.get(id.index())?.span,
        Definition::TypeAlias(id) => program.type_aliases.get(id.index())?.span,
        Definition::Format(id) => program.formats.get(id.index())?.span,
        Definition::Constant(id) => program.constants.get(id.index())?.span,
        Definition::Task(id) => program.tasks.get(id.index())?.span,
        Definition::Pipeline(id) => program.pipelines.get(id.index())?.span,
        Definition::Launch(id) => program.launches.get(id.index())?.span,
        Definition::Field(id, index) => program.records.get(id.index())?.fields.get(*index as usize)?.span,
        Definition::Variant(id, index) => program.enums.get(id.index())?.variants.get(*index as usize)?.span,
        Definition::TaskParameter(id, index) => {
            program.tasks.get(id.index())?.parameters.get(*index as usize)?.span
        }
        Definition::PipelineParameter(id, index) => {
            program.pipelines.get(id.index())?.parameters.get(*index as usize)?.span
        }
        Definition::TaskResult(id, index) => result(&program.tasks.get(id.index())?.results, *index)?,
        Definition::PipelineResult(id, index) => result(&program.pipelines.get(id.index())?.results, *index)?,
        Definition::Local(id, local) => program.pipelines.get(id.index())?.locals.get(local.index())?.span,
        Definition::Function(_) | Definition::BuiltInType(_) | Definition::Setting(_) => return None,
    };
    // No editor could open what comes with pipec.
    let is_library = program.modules.iter().any(|module| module.is_library && module.file == span.file);
    (!is_library).then_some(span)
}

fn result(results: &hir::Results, index: u32) -> Option<Span> {
    match results {
        hir::Results::None => None,
        hir::Results::Single { span, .. } => Some(*span),
        hir::Results::Named(fields) => Some(fields.get(index as usize)?.span),
    }
}
