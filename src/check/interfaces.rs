//! Interfaces of tasks and pipelines: inputs, outputs, and the names under which a task's program finds them.

use foldhash::HashMap;

use super::context::{Checker, Owner, Place, Scope, error_expression};
use super::declarations::{doc, number};
use super::messages::declarations as say;
use super::standing::Standing;
use super::types::word;
use super::variables::{self, MAX_VARIABLES};
use super::walk;
use crate::hir::{self, Definition, LocalId, LocalKind, ModuleId, PipelineId, TaskId};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::Type;

impl Checker<'_> {
    /// Gives every task, pipeline and launch its place, with the types of its interface.
    pub(super) fn declare_interfaces(&mut self) {
        for index in 0..self.modules.places.tasks.len() {
            self.declare_task(TaskId(number(index)));
        }
        for index in 0..self.modules.places.pipelines.len() {
            self.declare_pipeline(PipelineId(number(index)));
        }
    }

    fn declare_task(&mut self, id: TaskId) {
        let modules = self.modules;
        let (module, item, tree) = modules.task(id);
        self.declares(tree.name.span, Definition::Task(id));
        let type_parameters = self.declare_type_parameters(module, &tree.type_parameters);
        let parameters = self.parameters(module, &tree.parameters);
        let results = self.results(module, &tree.results, Standing::TaskOutput);
        self.leave_type_parameters();
        self.check_told(&type_parameters, &parameters);
        for (index, parameter) in parameters.iter().enumerate() {
            self.declares(parameter.span, Definition::TaskParameter(id, number(index)));
        }
        if let hir::Results::Named(fields) = &results {
            for (index, field) in fields.iter().enumerate() {
                self.declares(field.span, Definition::TaskResult(id, number(index)));
            }
        }
        let locals = task_locals(&parameters, &results);
        self.program.tasks.push(hir::Task {
            module,
            name: tree.name.value.clone(),
            span: tree.name.span,
            doc: doc(item.doc.as_ref()),
            type_parameters,
            parameters,
            results,
            locals,
            program: None,
            files: Vec::new(),
            settings: Vec::new(),
        });
    }

    fn declare_pipeline(&mut self, id: PipelineId) {
        let modules = self.modules;
        let (module, item, tree) = modules.pipeline(id);
        self.declares(tree.name.span, Definition::Pipeline(id));
        let type_parameters = self.declare_type_parameters(module, &tree.type_parameters);
        let parameters = self.parameters(module, &tree.parameters);
        let results = self.results(module, &tree.results, Standing::PipelineOutput);
        self.leave_type_parameters();
        self.check_told(&type_parameters, &parameters);
        for (index, parameter) in parameters.iter().enumerate() {
            self.declares(parameter.span, Definition::PipelineParameter(id, number(index)));
        }
        if let hir::Results::Named(fields) = &results {
            for (index, field) in fields.iter().enumerate() {
                self.declares(field.span, Definition::PipelineResult(id, number(index)));
            }
        }
        let locals = parameters.iter().map(parameter_local).collect();
        let body = hir::Block { statements: Vec::new(), value: None, span: tree.body.span };
        self.program.pipelines.push(hir::Pipeline {
            module,
            name: tree.name.value.clone(),
            span: tree.name.span,
            doc: doc(item.doc.as_ref()),
            type_parameters,
            parameters,
            results,
            locals,
            body,
            hooks: Vec::new(),
        });
    }

    fn parameters(&mut self, module: ModuleId, trees: &[ast::Parameter]) -> Vec<hir::Parameter> {
        let mut first: HashMap<&str, Span> = HashMap::default();
        let mut parameters = Vec::with_capacity(trees.len());
        for (index, tree) in trees.iter().enumerate() {
            let ty = self.resolve_type(module, &tree.ty);
            self.stands(&ty, tree.ty.span, Standing::Parameter);
            let mut default = tree.default.as_ref().map(|default| default.span);
            match first.get(tree.name.value.as_str()) {
                Some(first) => {
                    self.report(say::part_twice("input", &tree.name, *first));
                    // Nobody can give it, and nobody has to.
                    default = default.or(Some(tree.name.span));
                }
                None => {
                    first.insert(&tree.name.value, tree.name.span);
                    self.check_hiding(module, &tree.name);
                }
            }
            parameters.push(hir::Parameter {
                name: tree.name.value.clone(),
                ty,
                // Its value comes with the constants; that there is one is known from now on.
                default: default.map(error_expression),
                doc: doc(tree.doc.as_ref()),
                span: tree.name.span,
                ty_span: tree.ty.span,
                local: LocalId(number(index)),
            });
        }
        parameters
    }

    /// Reports a name of an input or a binding that hides a constant or an import's alias.
    pub(crate) fn check_hiding(&mut self, module: ModuleId, name: &ast::Name) -> bool {
        let tables = self.modules.module(module);
        let hidden = if let Some(from) = tables.aliases.get(&name.value) {
            let place = tables.imports.get(&name.value).copied();
            place.map(|place| (Definition::Module(*from), place))
        } else if let Some(definition @ Definition::Constant(id)) = tables.names.get(&name.value) {
            Some((definition.clone(), self.modules.constant(*id).2.name.span))
        } else {
            None
        };
        let Some((definition, place)) = hidden else { return false };
        self.report(say::hides(name, word(&definition), place));
        true
    }

    fn results(&mut self, module: ModuleId, tree: &ast::Results, standing: Standing) -> hir::Results {
        match tree {
            ast::Results::None => hir::Results::None,
            ast::Results::Single(written) => {
                let ty = self.resolve_type(module, written);
                self.stands(&ty, written.span, standing);
                hir::Results::Single { ty, span: written.span }
            }
            // What can't be read may have been anything.
            ast::Results::Named(trees, span) if trees.is_empty() => {
                hir::Results::Single { ty: Type::Error, span: *span }
            }
            ast::Results::Named(trees, _) => {
                let mut first: HashMap<&str, Span> = HashMap::default();
                let mut fields = Vec::with_capacity(trees.len());
                for tree in trees {
                    if let Some(first) = first.get(tree.name.value.as_str()) {
                        self.report(say::part_twice("output", &tree.name, *first));
                    } else {
                        first.insert(&tree.name.value, tree.name.span);
                    }
                    let ty = self.resolve_type(module, &tree.ty);
                    self.stands(&ty, tree.ty.span, standing);
                    fields.push(hir::ResultField {
                        name: tree.name.value.clone(),
                        ty,
                        doc: doc(tree.doc.as_ref()),
                        span: tree.name.span,
                        ty_span: tree.ty.span,
                    });
                }
                hir::Results::Named(fields)
            }
        }
    }

    /// Defaults of inputs. Constants are there already.
    pub(super) fn check_parameter_defaults(&mut self) {
        let modules = self.modules;
        for index in 0..self.program.tasks.len() {
            let (module, _, tree) = modules.task(TaskId(number(index)));
            let type_parameters = self.program.tasks[index].type_parameters.clone();
            self.enter_type_parameters(&type_parameters);
            for (at, parameter) in tree.parameters.iter().enumerate() {
                let Some(default) = &parameter.default else { continue };
                let resolved = &self.program.tasks[index].parameters[at];
                let (ty, ty_span) = (resolved.ty.clone(), resolved.ty_span);
                let value = self.parameter_default(module, &tree.parameters, at, default, &ty, ty_span);
                self.program.tasks[index].parameters[at].default = Some(value);
            }
            self.leave_type_parameters();
        }
        for index in 0..self.program.pipelines.len() {
            let (module, _, tree) = modules.pipeline(PipelineId(number(index)));
            let type_parameters = self.program.pipelines[index].type_parameters.clone();
            self.enter_type_parameters(&type_parameters);
            for (at, parameter) in tree.parameters.iter().enumerate() {
                let Some(default) = &parameter.default else { continue };
                let resolved = &self.program.pipelines[index].parameters[at];
                let (ty, ty_span) = (resolved.ty.clone(), resolved.ty_span);
                let value = self.parameter_default(module, &tree.parameters, at, default, &ty, ty_span);
                self.program.pipelines[index].parameters[at].default = Some(value);
            }
            self.leave_type_parameters();
        }
    }

    fn parameter_default(
        &mut self,
        module: ModuleId,
        parameters: &[ast::Parameter],
        at: usize,
        default: &ast::Expr,
        ty: &Type,
        ty_span: Span,
    ) -> hir::Expr {
        let name = &parameters[at].name;
        if let Some(other) = self.input_in(module, default, parameters) {
            self.report(say::default_uses_input(name, other, default.span));
            return error_expression(default.span);
        }
        let what = format!("the default of `{}`", name.value);
        self.default(&mut Scope::constant(module), default, ty, ty_span, &what)
    }

    /// Another input that a default would be made of.
    fn input_in<'t>(
        &self,
        module: ModuleId,
        default: &ast::Expr,
        parameters: &'t [ast::Parameter],
    ) -> Option<&'t ast::Name> {
        let mut found = None;
        walk::names(default, &mut |alias, name, _| {
            if alias.is_none() && self.modules.find(module, name).is_none() {
                let input = parameters.iter().find(|parameter| parameter.name.value == name);
                found = found.or(input.map(|parameter| &parameter.name));
            }
        });
        found
    }

    /// A scope with a task's inputs, for its settings.
    pub(super) fn task_scope(&self, id: TaskId) -> Scope {
        let task = &self.program.tasks[id.index()];
        let mut scope = Scope::new(task.module, Owner::Task(id), Place::TaskInputs);
        for parameter in &task.parameters {
            scope.declare(&parameter.name, Some(parameter.ty.clone()), LocalKind::Parameter, parameter.span);
        }
        scope
    }

    /// A scope with a task's inputs and outputs, for its argument vector.
    pub(super) fn command_scope(&self, id: TaskId) -> Scope {
        let task = &self.program.tasks[id.index()];
        let mut scope = Scope::new(task.module, Owner::Task(id), Place::TaskInputs);
        for local in &task.locals {
            scope.declare(&local.name, local.ty.clone(), local.kind, local.span);
        }
        // An output with the name of an input has had its message: the name means the input.
        for parameter in &task.parameters {
            scope.visible.insert(parameter.name.clone(), parameter.local);
        }
        scope
    }

    /// Names that a task's program can't have, and names that it would have twice.
    pub(super) fn check_variables(&mut self, id: TaskId, is_python: bool) {
        let task = &self.program.tasks[id.index()];
        let mut found = Vec::new();
        let mut diagnostics = Vec::new();
        for parameter in &task.parameters {
            diagnostics.extend(check_variable_name(&parameter.name, parameter.span, is_python));
            let before = found.len();
            if !variables::of_input(&parameter.name, &parameter.ty, parameter.span, &self.program, &mut found)
            {
                found.truncate(before);
                diagnostics.push(say::too_many_variables(&parameter.name, MAX_VARIABLES, parameter.span));
            }
        }
        match &task.results {
            hir::Results::None => {}
            hir::Results::Single { span, .. } => found.push(variables::unnamed_output(*span)),
            hir::Results::Named(fields) => {
                for field in fields {
                    diagnostics.extend(check_variable_name(&field.name, field.span, is_python));
                    found.push(variables::output(&field.name, field.span));
                }
            }
        }
        diagnostics.extend(variables::collisions(&found));
        self.diagnostics.extend(diagnostics);
    }
}

fn check_variable_name(name: &str, span: Span, is_python: bool) -> Option<crate::diagnostics::Diagnostic> {
    if variables::is_proxy(name) {
        let why = "many programs take this variable for the address of a proxy";
        return Some(say::no_variable_name(name, why, span));
    }
    if name == "_" {
        return Some(say::no_variable_name(name, "shells and Python use this variable themselves", span));
    }
    (is_python && variables::is_python_keyword(name))
        .then(|| say::no_variable_name(name, "a keyword of Python, in which this task is written", span))
}

fn parameter_local(parameter: &hir::Parameter) -> hir::Local {
    hir::Local {
        name: parameter.name.clone(),
        ty: Some(parameter.ty.clone()),
        kind: LocalKind::Parameter,
        span: parameter.span,
    }
}

fn task_locals(parameters: &[hir::Parameter], results: &hir::Results) -> Vec<hir::Local> {
    let mut locals: Vec<hir::Local> = parameters.iter().map(parameter_local).collect();
    let output = |name: &str, ty: &Type, span| hir::Local {
        name: name.to_owned(),
        ty: Some(ty.clone()),
        kind: LocalKind::Output,
        span,
    };
    match results {
        hir::Results::None => {}
        hir::Results::Single { ty, span } => locals.push(output("out", ty, *span)),
        hir::Results::Named(fields) => {
            locals.extend(fields.iter().map(|field| output(&field.name, &field.ty, field.span)));
        }
    }
    locals
}
