//! Arguments → parameters: by position first, then by name.

use super::inference::Placed;
use super::messages;
use crate::check::context::{Checker, Owner, Scope};
use crate::check::convert::Expectation;
use crate::hir::{self, Callee, Definition};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::Type;

/// What a call gives its callee.
pub(in crate::check) struct Arguments {
    pub(in crate::check) values: Vec<hir::Argument>,
    /// What the callee's type parameters stand for; `None` if a message has been given for that.
    pub(in crate::check) types: Option<Vec<Type>>,
}

impl Checker<'_> {
    pub(super) fn inputs_of(&self, callee: Callee) -> &[hir::Parameter] {
        match callee {
            Callee::Task(id) => &self.program.tasks[id.index()].parameters,
            Callee::Pipeline(id) => &self.program.pipelines[id.index()].parameters,
        }
    }

    pub(in crate::check) fn callee_name(&self, callee: Callee) -> (&str, Span) {
        match callee {
            Callee::Task(id) => {
                let task = &self.program.tasks[id.index()];
                (&task.name, task.span)
            }
            Callee::Pipeline(id) => {
                let pipeline = &self.program.pipelines[id.index()];
                (&pipeline.name, pipeline.span)
            }
        }
    }

    pub(super) fn arguments(
        &mut self,
        scope: &mut Scope,
        callee: Callee,
        call: &ast::Call,
        span: Span,
    ) -> Arguments {
        let count = self.inputs_of(callee).len();
        let alignment = self.aligned(scope, callee, call);
        let mut given: Vec<Option<Span>> = vec![None; count];
        let mut placed = Vec::with_capacity(call.arguments.len());
        let mut first_named: Option<Span> = None;
        let mut surplus = Vec::new();
        let mut guessed = false;
        for (position, argument) in call.arguments.iter().enumerate() {
            let index = match &argument.name {
                Some(name) => {
                    first_named.get_or_insert(argument.span);
                    let index = self.parameter_by_name(callee, name, &given);
                    guessed |= index.is_none();
                    index
                }
                None if first_named.is_some() => {
                    self.report(messages::positional_after_named(argument.span, first_named));
                    guessed = true;
                    None
                }
                None => {
                    let index = alignment.inputs.get(position).copied().flatten();
                    if index.is_none() {
                        surplus.push(argument.span);
                    }
                    index
                }
            };
            let Some(index) = index else {
                self.expression(scope, &argument.value, Some(&Type::Error));
                continue;
            };
            if let Some(first) = given[index] {
                let name = self.inputs_of(callee)[index].name.clone();
                self.report(messages::argument_twice(&name, argument.span, first));
                self.expression(scope, &argument.value, Some(&Type::Error));
                continue;
            }
            given[index] = Some(argument.span);
            placed.push(Placed { input: index, tree: &argument.value });
        }
        let before = self.diagnostics.len();
        if let Some(first) = surplus.first() {
            let (name, declared) = self.callee_name(callee);
            let diagnostic = messages::too_many_arguments(name, declared, count, *first, surplus.len());
            self.report(diagnostic);
        } else if !guessed {
            // A misspelt name is one mistake, not a missing argument too.
            let displaced = alignment.displaced.map(|position| &call.arguments[position]);
            self.missing_arguments(scope, callee, call, &given, displaced);
        }
        let is_complete = !guessed && self.diagnostics.len() == before;
        self.placed_arguments(scope, callee, &placed, is_complete.then_some(span))
    }

    /// Arguments whose inputs are known. `complete` is the call's place, if none is missing.
    pub(in crate::check) fn placed_arguments(
        &mut self,
        scope: &mut Scope,
        callee: Callee,
        placed: &[Placed<'_>],
        complete: Option<Span>,
    ) -> Arguments {
        if self.type_parameters_of(callee).is_empty() {
            let values = self.plain_arguments(scope, callee, placed);
            return Arguments { values, types: Some(Vec::new()) };
        }
        let (values, types) = self.inferred_arguments(scope, callee, placed, complete);
        Arguments { values, types }
    }

    fn parameter_by_name(
        &mut self,
        callee: Callee,
        name: &ast::Name,
        given: &[Option<Span>],
    ) -> Option<usize> {
        let found = self.inputs_of(callee).iter().position(|parameter| parameter.name == name.value);
        let Some(index) = found else {
            let (title, declared) = self.callee_name(callee);
            let diagnostic = messages::unknown_argument(name, title, declared, self.inputs_of(callee), given);
            self.report(diagnostic);
            return None;
        };
        let number = u32::try_from(index).unwrap_or(u32::MAX);
        self.refer(
            name.span,
            match callee {
                Callee::Task(id) => Definition::TaskParameter(id, number),
                Callee::Pipeline(id) => Definition::PipelineParameter(id, number),
            },
        );
        Some(index)
    }

    fn plain_arguments(
        &mut self,
        scope: &mut Scope,
        callee: Callee,
        placed: &[Placed<'_>],
    ) -> Vec<hir::Argument> {
        let mut arguments = Vec::with_capacity(placed.len());
        for Placed { input, tree } in placed {
            let ty = self.inputs_of(callee)[*input].ty.clone();
            let value = self.argument(scope, callee, *input, tree, &ty);
            arguments.push(hir::Argument { parameter: u32::try_from(*input).unwrap_or(u32::MAX), value });
        }
        arguments
    }

    /// An argument, as a value of its input's type, which is `ty` at this call.
    pub(super) fn argument(
        &mut self,
        scope: &mut Scope,
        callee: Callee,
        index: usize,
        tree: &ast::Expr,
        ty: &Type,
    ) -> hir::Expr {
        let value = self.expression(scope, tree, Some(ty));
        self.fit_argument(scope, callee, index, value, ty)
    }

    pub(super) fn fit_argument(
        &mut self,
        scope: &Scope,
        callee: Callee,
        index: usize,
        value: hir::Expr,
        ty: &Type,
    ) -> hir::Expr {
        self.fit(scope, value, ty, |checker| {
            let parameter = &checker.inputs_of(callee)[index];
            let (title, _) = checker.callee_name(callee);
            let shown = checker.show(&parameter.ty);
            let text = match scope.owner {
                // It names the pipeline in its first line.
                Owner::Launch(_) => format!("declared as `{shown}`"),
                Owner::Constant | Owner::Task(_) | Owner::Pipeline(_) => {
                    format!("`{title}` declares `{}` as `{shown}`", parameter.name)
                }
            };
            Expectation::new(format!("the argument `{}` of `{title}`", parameter.name))
                .declared_at(parameter.ty_span, text)
        })
    }

    fn missing_arguments(
        &mut self,
        scope: &Scope,
        callee: Callee,
        call: &ast::Call,
        given: &[Option<Span>],
        displaced: Option<&ast::Argument>,
    ) {
        let missing: Vec<&hir::Parameter> = self
            .inputs_of(callee)
            .iter()
            .zip(given)
            .filter(|(parameter, given)| given.is_none() && parameter.default.is_none())
            .map(|(parameter, _)| parameter)
            // What was meant by an input without a type isn't known.
            .filter(|parameter| !matches!(parameter.ty, Type::Error))
            .collect();
        if missing.is_empty() {
            return;
        }
        let (title, _) = self.callee_name(callee);
        let diagnostic = messages::missing_arguments(self, scope, title, call, &missing, displaced);
        self.report(diagnostic);
    }

    /// `map(fit, xs)`: that a task is no value follows from what the function means.
    pub(super) fn check_arguments_of_foreign(&mut self, scope: &mut Scope, call: &ast::Call) {
        for argument in &call.arguments {
            if let ast::ExprKind::Name(name) = &argument.value.kind
                && let Some(Definition::Task(_) | Definition::Pipeline(_)) =
                    self.lookup(scope.module, name, argument.value.span)
            {
                continue;
            }
            self.expression(scope, &argument.value, Some(&Type::Error));
        }
    }

    /// Looks at arguments whose callee makes no sense.
    pub(in crate::check) fn check_arguments_alone(&mut self, scope: &mut Scope, call: &ast::Call) {
        for argument in &call.arguments {
            self.expression(scope, &argument.value, Some(&Type::Error));
        }
    }
}
