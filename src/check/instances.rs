//! What calls make of tasks and pipelines with type parameters. A body is checked once, with its type parameters as they
//! are; here each list of types that a call gives is looked at for what only they can show.

use foldhash::HashSet;

use super::calls::inference_messages as say;
use super::context::Checker;
use super::messages::declarations;
use super::type_parameters::Bindings;
use super::type_sizes::fits;
use super::variables::{self, MAX_VARIABLES};
use crate::hir::{
    Block, Callee, Expr, ExprKind, PipelineId, Results, TaskId, TaskProgram, for_each_expr, for_each_of_block,
};
use crate::source::Span;
use crate::types::Type;

/// The types of all instances together have no more parts than this: bodies can double them with every call.
const MAX_PARTS: usize = 100_000;

/// A call of something with type parameters.
#[derive(Clone)]
struct Made {
    callee: Callee,
    arguments: Vec<Type>,
    span: Span,
}

impl Checker<'_> {
    /// Looks at all instances. Pipelines that call themselves have had their message, and aren't followed.
    pub(super) fn check_instances(&mut self) {
        let mut open: Vec<Made> = Vec::new();
        for pipeline in &self.program.pipelines {
            if pipeline.type_parameters.is_empty() {
                open.extend(calls(pipeline.hooks.iter().map(|hook| &hook.body).chain([&pipeline.body])));
            }
        }
        for launch in &self.program.launches {
            if let (Some(id), false) = (launch.pipeline, launch.type_arguments.is_empty()) {
                let arguments = launch.type_arguments.clone();
                open.push(Made { callee: Callee::Pipeline(id), arguments, span: launch.span });
            }
        }
        open.reverse();
        let mut seen: HashSet<(Callee, String)> = HashSet::default();
        let mut left = MAX_PARTS;
        while let Some(made) = open.pop() {
            if !seen.insert((made.callee, format!("{:?}", made.arguments))) {
                continue;
            }
            if !made.arguments.iter().all(|ty| self.is_bounded(ty) && fits(ty, &mut left)) {
                let diagnostic = say::grows(self.callee_name(made.callee), made.span);
                self.report(diagnostic);
                return;
            }
            let parameters = self.type_parameters_of(made.callee).iter().copied();
            let bindings: Bindings = parameters.zip(made.arguments.iter().cloned()).collect();
            match made.callee {
                Callee::Task(id) => self.check_task_instance(id, &bindings, made.span),
                Callee::Pipeline(id) => {
                    let inner = self.calls_of_instance(id, &bindings);
                    open.extend(inner.into_iter().rev());
                }
            }
        }
    }

    fn calls_of_instance(&mut self, id: PipelineId, bindings: &Bindings) -> Vec<Made> {
        let pipeline = &self.program.pipelines[id.index()];
        let mut inner = calls(pipeline.hooks.iter().map(|hook| &hook.body).chain([&pipeline.body]));
        for made in &mut inner {
            let arguments = std::mem::take(&mut made.arguments);
            made.arguments = arguments.iter().map(|ty| self.substituted(ty, bindings)).collect();
        }
        inner
    }

    fn check_task_instance(&mut self, id: TaskId, bindings: &Bindings, span: Span) {
        let task = &self.program.tasks[id.index()];
        let name = task.name.clone();
        let inputs: Vec<(String, Type, Span)> = task
            .parameters
            .iter()
            .map(|parameter| (parameter.name.clone(), parameter.ty.clone(), parameter.span))
            .collect();
        let outputs: Vec<(Option<String>, Type, Span)> = match &task.results {
            Results::None => Vec::new(),
            Results::Single { ty, span } => vec![(None, ty.clone(), *span)],
            Results::Named(fields) => {
                fields.iter().map(|field| (Some(field.name.clone()), field.ty.clone(), field.span)).collect()
            }
        };
        let words: Vec<Type> = match &task.program {
            Some(TaskProgram::Command { arguments, .. }) => {
                arguments.iter().filter_map(|argument| argument.ty.clone()).collect()
            }
            Some(TaskProgram::Script { .. }) | None => Vec::new(),
        };
        for ty in &words {
            let made = self.substituted(ty, bindings);
            if matches!(made, Type::Optional(_)) && made != *ty {
                let diagnostic = say::optional_argument(&name, &self.show(ty), &self.show(&made), span);
                self.report(diagnostic);
                return;
            }
        }
        for (_, ty, _) in &outputs {
            let made = self.substituted(ty, bindings);
            if made != *ty {
                self.check_output_tables(&made, span);
            }
        }
        self.check_variables_of_instance(&name, &inputs, &outputs, bindings, span);
    }

    /// Fields of records are variables, too: two may have one name.
    fn check_variables_of_instance(
        &mut self,
        name: &str,
        inputs: &[(String, Type, Span)],
        outputs: &[(Option<String>, Type, Span)],
        bindings: &Bindings,
        span: Span,
    ) {
        let mut found = Vec::new();
        for (input, ty, place) in inputs {
            let made = self.substituted(ty, bindings);
            if !variables::of_input(input, &made, *place, &self.program, &mut found) {
                let diagnostic = declarations::too_many_variables(input, MAX_VARIABLES, *place);
                self.report(diagnostic.with_label(span, format!("this call of `{name}` makes it so")));
                return;
            }
        }
        found.extend(outputs.iter().map(|(output, _, place)| match output {
            Some(output) => variables::output(output, *place),
            None => variables::unnamed_output(*place),
        }));
        if let Some(collision) = variables::collisions(&found).into_iter().next() {
            let known = self
                .diagnostics
                .iter()
                .any(|said| said.code == collision.code && said.span() == collision.span());
            if !known {
                self.report(collision.with_label(span, format!("this call of `{name}` makes it so")));
            }
        }
    }
}

/// The calls in blocks of what has type parameters, in source order.
fn calls<'b>(blocks: impl Iterator<Item = &'b Block>) -> Vec<Made> {
    let mut found = Vec::new();
    let mut visit = |expr: &Expr| {
        if let ExprKind::Call(call) = &expr.kind
            && !call.type_arguments.is_empty()
        {
            let arguments = call.type_arguments.clone();
            found.push(Made { callee: call.callee, arguments, span: expr.span });
        }
    };
    for block in blocks {
        for_each_of_block(block, &mut |expr| for_each_expr(expr, &mut visit));
    }
    found
}
