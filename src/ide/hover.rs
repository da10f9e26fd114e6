//! What a name is: its declaration in the language's own words, and its documentation.

use super::reference_at;
use super::signatures::{instance, signature};
use crate::hir::{self, Callee, Definition, ExprKind, Reference};
use crate::source::{FileId, Span};

/// What to show at a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The name.
    pub span: Span,
    /// A declaration, in the language.
    pub signature: String,
    pub doc: Option<String>,
}

/// What is named at an offset.
pub fn hover(program: &hir::Program, file: FileId, offset: u32) -> Option<Hover> {
    let reference = reference_at(program, file, offset)?;
    let made = instance_at(program, reference);
    let signature = made.or_else(|| signature(program, &reference.definition))?;
    Some(Hover { span: reference.span, signature, doc: doc(program, &reference.definition) })
}

/// What a call makes of a task or pipeline with type parameters.
fn instance_at(program: &hir::Program, reference: &Reference) -> Option<String> {
    let callee = if let Definition::Task(id) = reference.definition {
        Callee::Task(id)
    } else if let Definition::Pipeline(id) = reference.definition {
        Callee::Pipeline(id)
    } else {
        return None;
    };
    let name = reference.span;
    let mut innermost: Option<(Span, &hir::Call)> = None;
    for pipeline in &program.pipelines {
        let blocks = pipeline.hooks.iter().map(|hook| &hook.body).chain([&pipeline.body]);
        for block in blocks.filter(|block| contains(block.span, name)) {
            hir::for_each_of_block(block, &mut |expr| {
                hir::for_each_expr(expr, &mut |expr| {
                    let ExprKind::Call(call) = &expr.kind else { return };
                    let is_smaller = innermost.is_none_or(|(known, _)| contains(known, expr.span));
                    if call.callee == callee && contains(expr.span, name) && is_smaller {
                        innermost = Some((expr.span, call));
                    }
                });
            });
        }
    }
    let (_, call) = innermost.filter(|(_, call)| !call.type_arguments.is_empty())?;
    instance(program, callee, &call.type_arguments)
}

fn contains(outer: Span, inner: Span) -> bool {
    outer.file == inner.file && outer.start <= inner.start && inner.end <= outer.end
}

fn doc(program: &hir::Program, definition: &Definition) -> Option<String> {
    match definition {
        Definition::Module(id) => program.modules.get(id.index())?.doc.clone(),
        Definition::Record(id) => program.records.get(id.index())?.doc.clone(),
        Definition::Enum(id) => program.enums.get(id.index())?.doc.clone(),
        Definition::TypeAlias(id) => program.type_aliases.get(id.index())?.doc.clone(),
        Definition::Format(id) => program.formats.get(id.index())?.doc.clone(),
        Definition::Constant(id) => program.constants.get(id.index())?.doc.clone(),
        Definition::Task(id) => program.tasks.get(id.index())?.doc.clone(),
        Definition::Pipeline(id) => program.pipelines.get(id.index())?.doc.clone(),
        Definition::Launch(id) => program.launches.get(id.index())?.doc.clone(),
        Definition::Field(id, index) => {
            program.records.get(id.index())?.fields.get(*index as usize)?.doc.clone()
        }
        Definition::Variant(id, index) => {
            program.enums.get(id.index())?.variants.get(*index as usize)?.doc.clone()
        }
        Definition::TaskParameter(id, index) => {
            program.tasks.get(id.index())?.parameters.get(*index as usize)?.doc.clone()
        }
        Definition::PipelineParameter(id, index) => {
            program.pipelines.get(id.index())?.parameters.get(*index as usize)?.doc.clone()
        }
        Definition::TaskResult(id, index) => result(&program.tasks.get(id.index())?.results, *index),
        Definition::PipelineResult(id, index) => result(&program.pipelines.get(id.index())?.results, *index),
        Definition::Local(id, local) => {
            let pipeline = program.pipelines.get(id.index())?;
            pipeline.parameters.iter().find(|parameter| parameter.local == *local)?.doc.clone()
        }
        Definition::Function(_) | Definition::BuiltInType(_) | Definition::Setting(_) => None,
    }
}

fn result(results: &hir::Results, index: u32) -> Option<String> {
    match results {
        hir::Results::None | hir::Results::Single { .. } => None,
        hir::Results::Named(fields) => fields.get(index as usize)?.doc.clone(),
    }
}
