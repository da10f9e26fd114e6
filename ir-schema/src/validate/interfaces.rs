//! Inputs and outputs of tasks and pipelines.

use foldhash::HashSet;

use super::Validator;
use super::names::{PYTHON_KEYWORDS, RESERVED_VARIABLES, is_variable};
use super::place::Place;
use super::scope::Scope;
use crate::expr::{Expr, ExprKind};
use crate::program::{Argument, Interpreter, Parameter, Results, Role, Run, Task};
use crate::types::Type;
use crate::variables::{MAX_VARIABLES, variables};

impl<'a> Validator<'a> {
    pub(super) fn parameters(&mut self, parameters: &'a [Parameter], place: &Place<'_>) {
        let mut names = HashSet::default();
        for parameter in parameters {
            let place = place.at(&parameter.name);
            self.variable_name(&parameter.name, &place, parameter.span);
            self.require(names.insert(&parameter.name), &place, parameter.span, || {
                "another input has this name".to_owned()
            });
            if self.usable_type(&parameter.ty, &place, parameter.span)
                && let Some(default) = &parameter.default
            {
                self.expression_of(default, &parameter.ty, &Scope::constants(), 1, &place.at("default"));
            }
        }
    }

    pub(super) fn results(&mut self, results: &'a Results, place: &Place<'_>) {
        let mut names = HashSet::default();
        for output in results.outputs() {
            let place = place.at(&output.name);
            self.variable_name(&output.name, &place, output.span);
            self.require(names.insert(&output.name), &place, output.span, || {
                "another output has this name".to_owned()
            });
            if self.usable_type(&output.ty, &place, output.span) {
                let is_secret = matches!(output.ty, Type::Secret);
                self.require(!is_secret, &place, output.span, || "an output can't be a secret".to_owned());
            }
        }
        match results {
            Results::Single(output) => {
                let is_out = output.name == "out";
                self.require(is_out, place, output.span, || {
                    "a single unnamed output is called `out`".to_owned()
                });
            }
            Results::Named(outputs) => {
                self.require(!outputs.is_empty(), place, None, || "named outputs, but none".to_owned());
            }
            Results::None => {}
        }
    }

    fn variable_name(&mut self, name: &str, place: &Place<'_>, span: Option<crate::program::Span>) {
        self.require(is_variable(name), place, span, || {
            format!("`{name}` is no name of a variable: lower case letters, digits and _")
        });
    }

    /// What the program of a task sees: no two variables of one name, none that other programs read.
    pub(super) fn task_variables(&mut self, task: &'a Task, place: &Place<'_>) {
        let mut names: HashSet<String> = HashSet::default();
        let is_python = matches!(task.run, Run::Script { interpreter: Interpreter::Python, .. });
        for parameter in &task.inputs {
            let is_seen = match parameter.role {
                Role::Program => !matches!(parameter.ty, Type::Secret),
                Role::Setting => false,
            };
            if !is_seen {
                continue;
            }
            match variables(&parameter.name, &parameter.ty, self.types) {
                Some(variables) => {
                    for variable in variables {
                        self.new_variable(variable.name, is_python, &mut names, place, parameter.span);
                    }
                }
                None => {
                    let place = place.at(&parameter.name);
                    self.report(&place, parameter.span, format!("more than {MAX_VARIABLES} fields"));
                }
            }
        }
        for output in task.results.outputs() {
            self.new_variable(output.name.clone(), is_python, &mut names, place, output.span);
        }
        for name in task.settings.env.keys() {
            self.new_variable(name.clone(), false, &mut names, place, task.span);
        }
    }

    fn new_variable(
        &mut self,
        name: String,
        is_python: bool,
        names: &mut HashSet<String>,
        place: &Place<'_>,
        span: Option<crate::program::Span>,
    ) {
        let is_free = !RESERVED_VARIABLES.contains(&name.as_str());
        self.require(is_free, place, span, || format!("`{name}` is read by other programs"));
        let is_keyword = is_python && PYTHON_KEYWORDS.contains(&name.as_str());
        self.require(!is_keyword, place, span, || format!("`{name}` is a word of Python"));
        if names.contains(&name) {
            self.report(place, span, format!("two variables of the program would be called `{name}`"));
        }
        names.insert(name);
    }

    /// One argument for each input, in declared order.
    pub(super) fn arguments(
        &mut self,
        arguments: &'a [Argument],
        inputs: &'a [Parameter],
        scope: &Scope<'a>,
        depth: usize,
        span: Option<crate::program::Span>,
        place: &Place<'_>,
    ) {
        let are_all =
            arguments.iter().map(|argument| &argument.name).eq(inputs.iter().map(|input| &input.name));
        self.require(are_all, place, span, || {
            let names: Vec<&str> = inputs.iter().map(|input| input.name.as_str()).collect();
            format!("expected the arguments ({}), in this order", names.join(", "))
        });
        for argument in arguments {
            let place = place.at(&argument.name);
            match inputs.iter().find(|input| input.name == argument.name) {
                Some(input) => self.expression_of(&argument.value, &input.ty, scope, depth, &place),
                None => self.expression(&argument.value, scope, depth, &place),
            }
        }
    }

    /// Whether an expression only hands a value on: a reference, perhaps with field accesses.
    pub(super) fn is_reference(expr: &Expr) -> bool {
        let mut inner = expr;
        while let ExprKind::Field { of, .. } | ExprKind::Narrow(of) = &inner.kind {
            inner = of;
        }
        matches!(
            inner.kind,
            ExprKind::Input(_) | ExprKind::Output { .. } | ExprKind::Run(_) | ExprKind::Secret { .. }
        )
    }
}
