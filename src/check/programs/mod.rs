//! What stands inside programs: the names that a block or an argument vector uses, beside those that the task gives it.
//!
//! A block is read once, whatever task it belongs to (`reading`), and then compared with what its task declares
//! (`interface`, `findings`). Where a program may do what nobody can see here, nothing is said.

mod commands;
mod findings;
mod interface;
mod messages;
mod places;
mod python;
mod python_names;
mod reading;
mod shell;
mod tags;
mod tools;
mod vectors;

use foldhash::{HashMap, HashSet};

use super::context::Checker;
use super::declarations::number;
use crate::diagnostics::Severity;
use crate::hir::{Definition, TaskId};
use crate::source::{FileId, Span};
use crate::syntax::ast;
use interface::Part;
use reading::{Reader, Reading};

impl Checker<'_> {
    /// Compares every task's program with the task's inputs and outputs.
    pub(super) fn check_programs(&mut self) {
        let used = self.used_outside_of_blocks();
        let errors = self.error_places();
        let mut reader = Reader::default();
        let mut read: HashMap<(reading::Language, &str), Reading> = HashMap::default();
        let mut found = Vec::new();
        for index in 0..self.modules.places.tasks.len() {
            let id = TaskId(number(index));
            let tree = self.modules.task(id).2;
            let mut interface = self.interface(id, &used);
            // Where something else is wrong, what seems unused may be used there.
            let is_sound = !has_place_in(&errors, tree.name.span.to(tree.body));
            let Some(setting) = tree.settings.iter().find(|setting| setting.name.value == "run") else {
                continue;
            };
            match &setting.value {
                ast::SettingValue::Block { word, text } => {
                    let Some(language) = reading::Language::of(&word.value) else { continue };
                    let reading = read
                        .entry((language, text.text.as_str()))
                        .or_insert_with(|| reader.read(language, &text.text));
                    found.extend(findings::of_block(
                        language,
                        reading,
                        text,
                        word.span,
                        &mut interface,
                        is_sound,
                    ));
                }
                ast::SettingValue::Expr(expr) if is_sound => {
                    found.extend(vectors::findings(&self.program.tasks[id.index()], expr.span, &interface));
                }
                ast::SettingValue::Expr(_) | ast::SettingValue::WordRecord { .. } => {}
            }
        }
        self.diagnostics.extend(found);
    }

    /// Inputs that a setting or an argument vector of their task names, and outputs that a vector names.
    fn used_outside_of_blocks(&self) -> HashSet<(TaskId, Part)> {
        let mut used = HashSet::default();
        for reference in self.program.references.iter().filter(|reference| !reference.is_declaration) {
            let (id, part) = match &reference.definition {
                Definition::TaskParameter(id, index) => (*id, Part::Input(*index as usize)),
                Definition::TaskResult(id, index) => (*id, Part::Output(*index as usize)),
                Definition::Module(_)
                | Definition::Record(_)
                | Definition::Enum(_)
                | Definition::TypeAlias(_)
                | Definition::Format(_)
                | Definition::Constant(_)
                | Definition::Task(_)
                | Definition::Pipeline(_)
                | Definition::Launch(_)
                | Definition::Field(..)
                | Definition::Variant(..)
                | Definition::PipelineParameter(..)
                | Definition::PipelineResult(..)
                | Definition::Local(..)
                | Definition::Function(_)
                | Definition::BuiltInType(_)
                | Definition::Setting(_) => continue,
            };
            // Calls elsewhere name inputs and outputs as well.
            if within(reference.span, self.modules.task(id).2.body) {
                used.insert((id, part));
            }
        }
        used
    }

    /// Where errors have been found, in order.
    fn error_places(&self) -> Vec<(FileId, u32)> {
        let all = self.earlier.iter().chain(&self.diagnostics);
        let errors = all.filter(|diagnostic| diagnostic.severity == Severity::Error);
        let labels = errors.flat_map(|diagnostic| &diagnostic.labels);
        let mut places: Vec<_> = labels.map(|label| (label.span.file, label.span.start)).collect();
        places.sort_unstable();
        places
    }
}

fn has_place_in(places: &[(FileId, u32)], span: Span) -> bool {
    let first = places.partition_point(|place| *place < (span.file, span.start));
    places.get(first).is_some_and(|place| *place < (span.file, span.end))
}

fn within(inner: Span, outer: Span) -> bool {
    inner.file == outer.file && outer.start <= inner.start && inner.end <= outer.end
}
