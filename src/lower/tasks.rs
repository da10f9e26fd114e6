//! Tasks, and what a call's `with` makes of them: a task of its own, whose settings take the caller's values through
//! inputs that the program doesn't see.

use foldhash::HashMap;
use pipec_ir as ir;

use super::instances;
use super::program::Lowering;
use super::settings::{self, Flat};
use super::surroundings::TaskSurroundings;
use super::types::Types;
use crate::hir;

/// A task as declared, and its settings before they are built.
pub(super) struct Declared {
    id: ir::TaskId,
    task: ir::Task,
    settings: Flat,
}

/// The tasks of a program, by what was asked for.
#[derive(Default)]
pub(super) struct Tasks {
    /// By the task and the text of what its type parameters stand for.
    declared: HashMap<(hir::TaskId, String), Declared>,
    /// By the task, its types and its overrides, as JSON.
    with_overrides: HashMap<(hir::TaskId, String, String), ir::TaskId>,
    names: super::names::UniqueNames,
}

impl<'a> Lowering<'a> {
    /// The task as a call with these overrides needs it, and the arguments that the overrides add.
    pub(super) fn task(
        &mut self,
        id: hir::TaskId,
        arguments: &[ir::Type],
        overrides: Flat,
        types: &mut Types<'a>,
    ) -> (ir::TaskId, Vec<ir::Argument>) {
        let instance = (id, instances::key(arguments));
        if !self.tasks.declared.contains_key(&instance) {
            let parameters = &self.program.tasks[id.index()].type_parameters;
            let declared = types.within(parameters, arguments, |types| self.declare(id, arguments, types));
            self.output.tasks.insert(declared.id.clone(), declared.task.clone());
            self.tasks.declared.insert(instance.clone(), declared);
        }
        let declared = &self.tasks.declared[&instance];
        if overrides.is_empty() {
            return (declared.id.clone(), Vec::new());
        }
        let (overrides, inputs, arguments) = through_inputs(overrides);
        let key = (instance.0, instance.1, text_of(&overrides));
        if let Some(known) = self.tasks.with_overrides.get(&key) {
            return (known.clone(), arguments);
        }
        let mut settings = declared.settings.clone();
        settings.extend(overrides);
        let mut task = declared.task.clone();
        let name = ir::TaskId(self.tasks.names.take(&declared.id.0));
        task.inputs.extend(inputs);
        task.settings = settings::build(&settings, types);
        task.identity = ir::task_identity(&task, &types.table);
        self.output.tasks.insert(name.clone(), task);
        self.tasks.with_overrides.insert(key, name.clone());
        (name, arguments)
    }

    fn declare(&mut self, id: hir::TaskId, arguments: &[ir::Type], types: &mut Types<'a>) -> Declared {
        let program = self.program;
        let task = &program.tasks[id.index()];
        let inputs = task.parameters.iter().map(|parameter| self.parameter(parameter, types)).collect();
        let results = self.results(&task.results, types);
        let settings = settings::flatten(&task.settings, types, &mut TaskSurroundings::new(self, task));
        let files = self.task_files(task);
        let run = self.run(task, types);
        let name = instances::name(&types.names().qualified(task.module, &task.name), arguments);
        let id = ir::TaskId(self.tasks.names.take(&name));
        let mut lowered = ir::Task {
            name: task.name.clone(),
            doc: task.doc.clone(),
            inputs,
            results,
            run,
            files,
            settings: settings::build(&settings, types),
            identity: String::new(),
            span: self.place(task.span),
        };
        lowered.identity = ir::task_identity(&lowered, &types.table);
        Declared { id, task: lowered, settings }
    }

    fn run(&mut self, task: &'a hir::Task, types: &mut Types<'a>) -> ir::Run {
        match &task.program {
            None => panic!("the task `{}` has no program", task.name),
            Some(hir::TaskProgram::Script { interpreter, block, .. }) => ir::Run::Script {
                interpreter: *interpreter,
                text: block.text.clone(),
                span: self.block_place(block),
            },
            Some(hir::TaskProgram::Command { arguments, .. }) => {
                let mut around = TaskSurroundings::new(self, task);
                let lower = |argument: &'a hir::Expr| super::expressions::lower(argument, types, &mut around);
                ir::Run::Command(arguments.iter().map(lower).collect())
            }
        }
    }
}

/// What equal overrides have in common, wherever they stand.
fn text_of(overrides: &Flat) -> String {
    let mut parts: Vec<_> =
        overrides.iter().map(|(key, value)| (key.name, &key.field, value.clone())).collect();
    parts.iter_mut().for_each(|(_, _, value)| value.remove_spans());
    serde_json::to_string(&parts).unwrap_or_else(|error| panic!("settings can't be written as JSON: {error}"))
}

/// Overrides that use the caller's values take them through inputs of the task.
fn through_inputs(overrides: Flat) -> (Flat, Vec<ir::Parameter>, Vec<ir::Argument>) {
    let mut inputs = Vec::new();
    let mut arguments = Vec::new();
    let overrides = overrides
        .into_iter()
        .map(|(key, value)| {
            let value = settings::inner(&value);
            if matches!(value.kind, ir::ExprKind::Const(_) | ir::ExprKind::Secret { .. }) || !varies(&value) {
                return (key, value);
            }
            let field = key.field.iter().flat_map(|field| ["_", field.as_str()]).collect::<String>();
            let name = format!("with_{}{}", key.name, field.to_lowercase());
            let input =
                ir::Expr { ty: value.ty.clone(), kind: ir::ExprKind::Input(name.clone()), span: value.span };
            inputs.push(ir::Parameter {
                name: name.clone(),
                ty: value.ty.clone(),
                role: ir::Role::Setting,
                default: None,
                doc: None,
                span: value.span,
            });
            arguments.push(ir::Argument { name, value });
            (key, input)
        })
        .collect();
    (overrides, inputs, arguments)
}

/// Whether the expression refers to anything that a run brings.
fn varies(value: &ir::Expr) -> bool {
    let mut varies = false;
    value.visit(&mut |part| {
        varies |=
            matches!(part.kind, ir::ExprKind::Input(_) | ir::ExprKind::Output { .. } | ir::ExprKind::Run(_));
    });
    varies
}
