//! Pipelines as functions: one for each unit, which declares its nodes, and one for each node.

use indexmap::IndexMap;
use pipec_ir::{
    Body, Call, Callee, Expr, ExprKind, Hook, HookEvent, MapSource, Node, NodeKind, Pipeline, PipelineId,
    Region, Results, TaskId, Type,
};

use super::bash::{Names, comment, directory, quote, quoted};
use super::context::Context;
use super::function::{Function, Scope};
use super::kind::{kind, size_kind};
use super::references::needed;

/// How many items of a map are looked after at a time, where the program doesn't say.
const ITEMS_AT_A_TIME: u32 = 64;

/// The functions of a script, in the order in which they are written.
pub(super) struct Functions<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) names: Names,
    pub(super) tasks: IndexMap<TaskId, String>,
    pub(super) pipelines: IndexMap<PipelineId, (String, Option<String>)>,
    pub(super) texts: Vec<String>,
}

/// What a unit's value becomes.
#[derive(Clone, Copy)]
enum Wanted<'a> {
    Nothing,
    Value(&'a Type),
    Outputs(&'a Results),
}

impl<'a> Functions<'a> {
    pub(super) fn pipeline(&mut self, id: &PipelineId, pipeline: &'a Pipeline) {
        let Some((name, hooks)) = self.pipelines.get(id).cloned() else { return };
        let mut head = pipeline.doc.as_deref().map(comment).unwrap_or_default();
        let place = self.context.place(pipeline.span);
        if !place.is_empty() {
            head.push_str(&comment(&format!("{}, {place}", pipeline.name)));
        }
        let wanted = match &pipeline.results {
            Results::None => Wanted::Nothing,
            results @ (Results::Single(_) | Results::Named(_)) => Wanted::Outputs(results),
        };
        let at = format!("pipeline {}", pipeline.name);
        self.unit(&name, &head, &at, &pipeline.body, wanted, &id.0);
        if let Some(hooks) = hooks {
            self.hooks(&hooks, &at, &pipeline.hooks, &id.0);
        }
    }

    /// The function of a unit, and those of its nodes.
    fn unit(&mut self, name: &str, head: &str, at: &str, body: &'a Body, wanted: Wanted<'a>, stem: &str) {
        let mut function = Function::new(self.context, Scope::Nothing, at);
        let mut nodes = Vec::new();
        if !body.nodes.is_empty() {
            function.line("begin_unit");
            for node in &body.nodes {
                let node_name = self.names.fresh(&format!("{stem}_{}", node.id.0));
                let needed: Vec<String> = needed(node).iter().map(|name| quote(name)).collect();
                let line = format!("node {} {node_name} {}", quote(&directory(&node.id.0)), needed.join(" "));
                function.line(line.trim_end());
                nodes.push((node, node_name));
            }
        }
        match self.value(at, body, wanted) {
            Some(value) => {
                let value_name = self.names.fresh(&format!("{stem}_value"));
                if !body.nodes.is_empty() {
                    function.must("run_nodes");
                }
                function.line(&value_name);
                self.texts.push(format!("{head}{}", function.finish(name)));
                self.texts.push(value.finish(&value_name));
            }
            None => {
                if !body.nodes.is_empty() {
                    function.line("run_nodes");
                }
                self.texts.push(format!("{head}{}", function.finish(name)));
            }
        }
        for (node, node_name) in nodes {
            self.node(node, &node_name, body, at);
        }
    }

    /// The function that makes a unit's value, if it has one.
    fn value(&self, at: &str, body: &'a Body, wanted: Wanted<'_>) -> Option<Function<'a>> {
        let value = body.value.as_ref()?;
        let types = self.context.types();
        let mut function = Function::new(self.context, Scope::Unit(body), at);
        match wanted {
            Wanted::Nothing => return None,
            Wanted::Value(ty) => {
                let word = function.expression(value);
                let word = function.widened(word, &value.ty, ty);
                function.line(format!("unit_result {word} {}", quoted(&size_kind(ty, types))));
            }
            Wanted::Outputs(Results::None) => return None,
            Wanted::Outputs(Results::Single(output)) => {
                let word = function.expression(value);
                let word = function.widened(word, &value.ty, &output.ty);
                function.line(format!("unit_result {word} {}", quoted(&size_kind(&output.ty, types))));
            }
            Wanted::Outputs(Results::Named(outputs)) => {
                for output in outputs {
                    let fields =
                        if let ExprKind::Record(fields) = &value.kind { fields.as_slice() } else { &[] };
                    let field = fields.iter().find(|(name, _)| *name == output.name);
                    let field = field.map(|(_, field)| field.clone());
                    let field = field.unwrap_or_else(|| Expr {
                        ty: output.ty.clone(),
                        kind: ExprKind::Field { of: Box::new(value.clone()), field: output.name.clone() },
                        span: value.span,
                    });
                    let word = function.expression(&field);
                    let word = function.widened(word, &field.ty, &output.ty);
                    let size = quoted(&size_kind(&output.ty, types));
                    function.must(format!("unit_output {} {word} {size}", quote(&directory(&output.name))));
                }
            }
        }
        Some(function)
    }

    fn node(&mut self, node: &'a Node, name: &str, body: &'a Body, at: &str) {
        let types = self.context.types();
        let at = format!("{at}, node {}", node.id.0);
        let mut function = Function::new(self.context, Scope::Unit(body), at.clone());
        let place = quoted(&self.context.place(node.span));
        let wanted = node.ty.as_ref().map_or(Wanted::Nothing, Wanted::Value);
        // The functions of the regions inside, which are written after this one.
        let mut units: Vec<(String, &'a Body, Wanted<'a>)> = Vec::new();
        match &node.kind {
            NodeKind::Call(call) => self.call(&mut function, call),
            NodeKind::Let(expr) => {
                let word = function.expression(expr);
                let ty = node.ty.as_ref().unwrap_or(&expr.ty);
                let word = function.widened(word, &expr.ty, ty);
                function.line(format!("result {word} {}", quoted(&size_kind(ty, types))));
            }
            NodeKind::Branch { condition, then, otherwise } => {
                let condition = function.expression(condition);
                let condition = function.in_variable(condition);
                let unit = self.names.fresh(&format!("{name}_then"));
                function.line(format!("if [[ {condition} == true ]]; then"));
                function.indent();
                enter(&mut function, then, &unit);
                function.dedent();
                units.push((unit, &then.body, wanted));
                match otherwise {
                    Some(otherwise) => {
                        let unit = self.names.fresh(&format!("{name}_else"));
                        function.line("else");
                        function.indent();
                        enter(&mut function, otherwise, &unit);
                        function.dedent();
                        units.push((unit, &otherwise.body, wanted));
                    }
                    None if node.ty.is_some() => {
                        function.line("else");
                        function.line("  result '' none");
                    }
                    None => {}
                }
                function.line("fi");
            }
            NodeKind::Match { subject, arms } => {
                let word = function.expression(subject);
                let word = function.in_variable(word);
                let names: Vec<String> = arms
                    .iter()
                    .map(|arm| {
                        self.names.fresh(&format!("{name}_{}", arm.variant.as_deref().unwrap_or("null")))
                    })
                    .collect();
                let cases = arms.iter().map(|arm| (arm.variant.as_deref(), &arm.bindings));
                function.cases(&word, &subject.ty, cases, |function, index| {
                    let (Some(arm), Some(unit)) = (arms.get(index), names.get(index)) else { return };
                    for (_, bound) in &arm.bindings {
                        let found = function.bindings.iter().rev().find(|(name, _)| name == bound);
                        if let Some((_, word)) = found.cloned() {
                            function.must(format!("give {} {word}", quote(&directory(bound))));
                        }
                    }
                    // The region's inputs are expressions of the scope around the node.
                    let bound = std::mem::take(&mut function.bindings);
                    enter(function, &arm.body, unit);
                    function.bindings = bound;
                });
                for (arm, unit) in arms.iter().zip(names) {
                    units.push((unit, &arm.body.body, wanted));
                }
            }
            NodeKind::Map { source, limit, body } => {
                let unit = self.names.fresh(&format!("{name}_item"));
                give_inputs(&mut function, body);
                let item = match node.ty.as_ref() {
                    Some(Type::List { item }) => Some(&**item),
                    Some(_) | None => None,
                };
                let (manner, lists) = map_lists(&mut function, source);
                let limit = limit.unwrap_or(ITEMS_AT_A_TIME);
                function.must(format!("map_over {unit} {limit} {manner} {place} {lists}").trim_end());
                if let (Some(item), Some(ty)) = (item, &node.ty) {
                    let list = function.operation("list", "gather", &quoted(kind(item, types)));
                    function.line(format!("result {list} {}", quoted(&size_kind(ty, types))));
                }
                units.push((unit, &body.body, item.map_or(Wanted::Nothing, Wanted::Value)));
            }
            NodeKind::Repeat { state, first, limit, body, until } => {
                let unit = self.names.fresh(&format!("{name}_round"));
                let ty = node.ty.as_ref().unwrap_or(&first.ty);
                let word = function.expression(first);
                let word = function.widened(word, &first.ty, ty);
                let held = function.variable(state);
                function.line(format!("{held}={word}"));
                let mut bound = Vec::new();
                for input in &body.inputs {
                    let word = function.expression(&input.value);
                    function.must(format!("give {} {word}", quote(&directory(&input.name))));
                    bound.push((input.name.clone(), word));
                }
                bound.push((state.clone(), format!("\"${held}\"")));
                function.line(format!("for ROUND in {{1..{limit}}}; do"));
                function.indent();
                function.must(format!("run_round {unit} {} \"${held}\"", quote(&directory(state))));
                function.must(format!("load {held} \"$NODE/$ROUND/.value\""));
                function.bindings = bound;
                let done = function.expression(until);
                let done = function.in_variable(done);
                function.line(format!("if [[ {done} == true ]]; then break; fi"));
                function.bindings.clear();
                function.dedent();
                function.line("done");
                function.line(format!("result \"${held}\" {}", quoted(&size_kind(ty, types))));
                units.push((unit, &body.body, wanted));
            }
            NodeKind::Try { body } => {
                let unit = self.names.fresh(&format!("{name}_try"));
                give_inputs(&mut function, body);
                let succeeded = function.variable("succeeded");
                function.must(format!("try_unit {succeeded} {unit}"));
                let own = body.body.value.as_ref().map(|value| &value.ty);
                match (own, &node.ty) {
                    (Some(own), Some(ty)) => {
                        function.line(format!("if [[ ${succeeded} == true ]]; then"));
                        function.indent();
                        let kept = function.variable("kept");
                        function.must(format!("load {kept} \"$NODE/.value\""));
                        let word = function.widened(format!("\"${kept}\""), own, ty);
                        function.line(format!("result {word} none"));
                        function.dedent();
                        function.line("else");
                        function.line("  result '' none");
                        function.line("fi");
                        units.push((unit, &body.body, Wanted::Value(own)));
                    }
                    (None, Some(_)) => {
                        function.line(format!("result \"${succeeded}\" plain"));
                        units.push((unit, &body.body, Wanted::Nothing));
                    }
                    (_, None) => units.push((unit, &body.body, Wanted::Nothing)),
                }
            }
            NodeKind::Approve { message, timeout } => {
                let message = function.expression(message);
                let limit = match timeout {
                    Some(timeout) => {
                        let word = function.expression(timeout);
                        function.operation("limit", "milliseconds", &word)
                    }
                    None => "0".to_owned(),
                };
                function.line(format!("approve {message} {limit} {place}"));
            }
            NodeKind::Sleep { duration } => {
                let word = function.expression(duration);
                let time = function.operation("time", "milliseconds", &word);
                function.line(format!("pause {time}"));
            }
        }
        self.texts.push(function.finish(name));
        for (unit, body, wanted) in units {
            let stem = unit.clone();
            self.unit(&unit, "", &at, body, wanted, &stem);
        }
    }

    fn call(&mut self, function: &mut Function<'a>, call: &'a Call) {
        let inputs = self.context.program.interface(&call.callee).map_or(&[][..], |found| found.inputs);
        for argument in &call.arguments {
            let word = function.expression(&argument.value);
            let declared = inputs.iter().find(|input| input.name == argument.name);
            let word = match declared {
                Some(declared) => function.widened(word, &argument.value.ty, &declared.ty),
                None => word,
            };
            let size = made_size(function, &argument.value, declared.map(|declared| &declared.ty));
            function.must(format!("give {} {word}{size}", quote(&directory(&argument.name))));
        }
        match &call.callee {
            Callee::Task(id) => {
                if let Some(name) = self.tasks.get(id) {
                    function.line(name);
                }
            }
            Callee::Pipeline(id) => {
                if let Some((name, hooks)) = self.pipelines.get(id) {
                    function.line(format!("call_pipeline {name} {}", hooks.as_deref().unwrap_or("''")));
                }
            }
        }
    }

    fn hooks(&mut self, name: &str, at: &str, hooks: &'a [Hook], stem: &str) {
        let mut function = Function::new(self.context, Scope::Nothing, at);
        let mut starts = Vec::new();
        for event in [HookEvent::Success, HookEvent::Failure, HookEvent::Exit] {
            for hook in hooks.iter().filter(|hook| hook.event == event) {
                let (word, status) = match event {
                    HookEvent::Success => ("success", Some("succeeded")),
                    HookEvent::Failure => ("failure", Some("failed")),
                    HookEvent::Exit => ("exit", None),
                };
                let start = self.names.fresh(&format!("{stem}_on_{word}"));
                let command = format!("run_hook on-{word}-{} {start}", starts.len() + 1);
                match status {
                    Some(status) => {
                        function.line(format!("if [[ ${{FACT[status]}} == {status} ]]; then {command}; fi"));
                    }
                    None => function.line(command),
                }
                starts.push((start, hook));
            }
        }
        self.texts.push(function.finish(name));
        for (start, hook) in starts {
            let unit = self.names.fresh(&format!("{start}_unit"));
            let mut function = Function::new(self.context, Scope::Unit(&hook.body.body), at);
            enter(&mut function, &hook.body, &unit);
            self.texts.push(function.finish(&start));
            self.unit(&unit, "", at, &hook.body.body, Wanted::Nothing, &unit.clone());
        }
    }
}

/// Hands the region what it takes, and runs it in this node's directory.
fn enter(function: &mut Function<'_>, region: &Region, unit: &str) {
    give_inputs(function, region);
    function.must(format!("run_unit {unit} \"$NODE\" \"$NODE/.in\" \"$STEP\""));
}

fn give_inputs(function: &mut Function<'_>, region: &Region) {
    for input in &region.inputs {
        let word = function.expression(&input.value);
        let size = made_size(function, &input.value, None);
        function.must(format!("give {} {word}{size}", quote(&directory(&input.name))));
    }
}

/// By what a value is measured that is made where it is given, and may be of any size: one more argument. Others were
/// measured where they were made.
fn made_size(function: &Function<'_>, expr: &Expr, given_as: Option<&Type>) -> String {
    let mut made = expr;
    while let ExprKind::Widen(inner) | ExprKind::Narrow(inner) | ExprKind::Refine(inner) = &made.kind {
        made = inner;
    }
    let is_made = match &made.kind {
        ExprKind::Interpolate(_)
        | ExprKind::List(_)
        | ExprKind::Record(_)
        | ExprKind::Map(_)
        | ExprKind::Variant { .. }
        | ExprKind::If { .. }
        | ExprKind::Match { .. } => true,
        ExprKind::Call { function, .. } => !matches!(function, pipec_ir::Function::Range),
        ExprKind::Const(_)
        | ExprKind::Artifact(_)
        | ExprKind::Secret { .. }
        | ExprKind::Input(_)
        | ExprKind::Output { .. }
        | ExprKind::Run(_)
        | ExprKind::Field { .. }
        | ExprKind::OptionalField { .. }
        | ExprKind::Project { .. }
        | ExprKind::Index { .. }
        | ExprKind::Unary { .. }
        | ExprKind::Binary { .. }
        | ExprKind::Widen(_)
        | ExprKind::Narrow(_)
        | ExprKind::Refine(_) => false,
    };
    let size = size_kind(given_as.unwrap_or(&expr.ty), function.context.types());
    if is_made && !["plain", "none"].contains(&size.trim_end_matches('?')) {
        format!(" {}", quoted(&size))
    } else {
        String::new()
    }
}

/// How a map walks its lists, and the lists as the runtime takes them: name, list, kind of an item.
fn map_lists(function: &mut Function<'_>, source: &MapSource) -> (&'static str, String) {
    let mut words = Vec::new();
    let (manner, lists) = match source {
        MapSource::List { index, item, list } => {
            if let Some(index) = index {
                words.push(format!("{} '#' ''", quote(&directory(index))));
            }
            ("zip", vec![(item, list)])
        }
        MapSource::Product(lists) => ("product", lists.iter().map(|(name, list)| (name, list)).collect()),
        MapSource::Zip(lists) => ("zip", lists.iter().map(|(name, list)| (name, list)).collect()),
    };
    for (name, list) in lists {
        let word = function.expression(list);
        let size = made_size(function, list, None);
        if !size.is_empty() {
            function.must(format!("check_size 'the value' {word}{size}"));
        }
        let item = if let Type::List { item } = &list.ty { item } else { &list.ty };
        let kind = quoted(function.kind(item));
        words.push(format!("{} {word} {kind}", quote(&directory(name))));
    }
    (manner, words.join(" "))
}
