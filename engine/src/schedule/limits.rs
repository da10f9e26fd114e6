//! The size of values: each output and each expression's value counts by itself, at the node that makes it.

use pipec_ir::text::check_size;
use pipec_ir::{Body, Callee, Expr, ExprKind, Node, NodeKind, Program, Results, Type, Value};

/// Checks a value that an expression made. What only refers to a value was checked where that was made.
pub(super) fn check_expression(program: &Program, expr: &Expr, value: &Value) -> Result<(), String> {
    let is_reference = matches!(
        &expr.kind,
        ExprKind::Input(_)
            | ExprKind::Output { .. }
            | ExprKind::Run(_)
            | ExprKind::Artifact(_)
            | ExprKind::Secret { .. }
    );
    if is_reference || is_small(value) { Ok(()) } else { check(program, value, &expr.ty) }
}

/// Checks the list that a loop gathered; of calls' records each field by itself.
pub(super) fn check_gathered(program: &Program, body: &Body, value: &Value, ty: &Type) -> Result<(), String> {
    let (Some(last), Value::List(items)) = (&body.value, value) else { return Ok(()) };
    let Some(outputs) = call_record(program, body, last) else { return check(program, value, ty) };
    for (position, output) in outputs.outputs().iter().enumerate() {
        let column = items.iter().map(|item| {
            let fields = if let Value::Record(fields) = item { fields.as_slice() } else { &[] };
            fields.get(position).map_or(Value::Null, |(_, value)| value.clone())
        });
        check(program, &Value::List(column.collect()), &Type::list(Type::optional(output.ty.clone())))
            .map_err(|message| format!("the list of {}: {message}", output.name))?;
    }
    Ok(())
}

/// The named outputs of the call whose record this expression is, itself or through branches.
fn call_record<'a>(program: &'a Program, body: &'a Body, expr: &'a Expr) -> Option<&'a Results> {
    let (mut body, mut expr) = (body, expr);
    while let ExprKind::Widen(_) | ExprKind::Output { output: None, .. } = &expr.kind {
        if let ExprKind::Widen(of) = &expr.kind {
            expr = of;
        }
        let ExprKind::Output { node, output: None } = &expr.kind else { continue };
        let node: &Node = body.nodes.iter().find(|candidate| candidate.id == *node)?;
        if let NodeKind::Call(call) = &node.kind {
            let results = match &call.callee {
                Callee::Task(id) => &program.tasks.get(id)?.results,
                Callee::Pipeline(id) => &program.pipelines.get(id)?.results,
            };
            return matches!(results, Results::Named(_)).then_some(results);
        }
        let is_branch =
            matches!(node.kind, NodeKind::Branch { .. } | NodeKind::Match { .. } | NodeKind::Try { .. });
        let region = node.regions().into_iter().next().filter(|_| is_branch)?;
        body = &region.body;
        expr = body.value.as_ref()?;
    }
    None
}

fn check(program: &Program, value: &Value, ty: &Type) -> Result<(), String> {
    check_size(value, ty, &program.types).map_err(|found| found.to_string())
}

/// Whatever its escapes, the value is well below the limit.
fn is_small(value: &Value) -> bool {
    match value {
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Duration(_)
        | Value::Secret { .. }
        | Value::Artifact(_) => true,
        Value::String(text) | Value::Quantity(text) => text.len() < 10_000,
        Value::Variant { fields, .. } => fields.is_empty(),
        Value::Json(_) | Value::List(_) | Value::Record(_) | Value::Map(_) => false,
    }
}
