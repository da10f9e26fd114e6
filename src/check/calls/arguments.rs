//! Arguments → parameters: by position first, then by name.

use super::messages;
use crate::check::context::{Checker, Scope};
use crate::check::convert::Expectation;
use crate::hir::{self, Callee, Definition};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::Type;

impl Checker<'_> {
    pub(super) fn inputs_of(&self, callee: Callee) -> &[hir::Parameter] {
        match callee {
            Callee::Task(id) => &self.program.tasks[id.index()].parameters,
            Callee::Pipeline(id) => &self.program.pipelines[id.index()].parameters,
        }
    }

    pub(super) fn callee_name(&self, callee: Callee) -> (&str, Span) {
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
    ) -> Vec<hir::Argument> {
        let count = self.inputs_of(callee).len();
        let alignment = self.aligned(scope, callee, call);
        let mut given: Vec<Option<Span>> = vec![None; count];
        let mut arguments = Vec::with_capacity(call.arguments.len());
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
                self.expression(scope, &argument.value, Some(&crate::types::Type::Error));
                continue;
            };
            if let Some(first) = given[index] {
                let name = self.inputs_of(callee)[index].name.clone();
                self.report(messages::argument_twice(&name, argument.span, first));
                self.expression(scope, &argument.value, Some(&crate::types::Type::Error));
                continue;
            }
            given[index] = Some(argument.span);
            let value = self.argument(scope, callee, index, &argument.value);
            let parameter = u32::try_from(index).unwrap_or(u32::MAX);
            arguments.push(hir::Argument { parameter, value });
        }
        if let Some(first) = surplus.first() {
            let (name, declared) = self.callee_name(callee);
            let diagnostic = messages::too_many_arguments(name, declared, count, *first, surplus.len());
            self.report(diagnostic);
        } else if !guessed {
            // A misspelt name is one mistake, not a missing argument too.
            let displaced = alignment.displaced.map(|position| &call.arguments[position]);
            self.missing_arguments(scope, callee, call, &given, displaced);
        }
        arguments
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

    fn argument(&mut self, scope: &mut Scope, callee: Callee, index: usize, value: &ast::Expr) -> hir::Expr {
        let ty = self.inputs_of(callee)[index].ty.clone();
        self.expression_of(scope, value, &ty, |checker| {
            let parameter = &checker.inputs_of(callee)[index];
            let (title, _) = checker.callee_name(callee);
            Expectation::new(format!("the argument `{}` of `{title}`", parameter.name)).declared_at(
                parameter.ty_span,
                format!("`{title}` declares `{}` as `{}`", parameter.name, checker.show(&parameter.ty)),
            )
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

    /// Looks at arguments whose callee makes no sense.
    pub(in crate::check) fn check_arguments_alone(&mut self, scope: &mut Scope, call: &ast::Call) {
        for argument in &call.arguments {
            self.expression(scope, &argument.value, Some(&crate::types::Type::Error));
        }
    }
}
