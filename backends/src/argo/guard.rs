//! A value has at most 90,000 bytes, on every target. A step's prelude sees to what the step makes, and the check of entry
//! inputs to what a person gives; what a loop gathers or an expression joins is looked at where it is handed on, because
//! an output of a loop can't fail, and a variable that is too long keeps a pod from starting.

use pipec_ir::{Expr, ExprKind, Function, MapSource, NodeKind, Span, Type};

use super::dag::Dag;
use super::expression::{Term, WireValue, formula};
use super::keyed::unwidened;
use super::wire::{Class, class, holds_artifacts};

/// Bytes of canonical JSON.
const MAX_BYTES: usize = 90_000;

/// The same in base64, with the sign before it.
const MAX_ENCODED: usize = MAX_BYTES.div_ceil(3) * 4 + 1;

/// The longest text of a number or a duration in JSON, with a comma.
const NUMBER: usize = 26;

impl Dag<'_, '_> {
    /// The value, with a look at its size where nobody has looked yet.
    pub(crate) fn guarded(&self, value: &Expr, wire: WireValue) -> WireValue {
        let types = &self.workflow.context.program.types;
        let Some(span) = self.unseen(value) else { return wire };
        if holds_artifacts(&value.ty, types) {
            return wire;
        }
        let lowering = self.workflow.context.lowering();
        let too_large = lowering
            .fail(span, &format!("expected at most {MAX_BYTES} bytes of JSON in one value: make it a file"));
        let text = match wire {
            WireValue::Literal(_) => return wire,
            WireValue::Reference(reference) => Term::atom(reference),
            WireValue::Expression(term) => term,
        };
        let limit = |text: &str| match class(&value.ty, types) {
            Class::Text | Class::Encoded | Class::Variant { plain: false } => {
                format!("({text} startsWith '=' ? {MAX_ENCODED} : {MAX_BYTES})")
            }
            Class::Bool | Class::Int | Class::Float | Class::Duration | Class::Name | Class::Plain => {
                MAX_BYTES.to_string()
            }
            Class::Variant { plain: true } => MAX_BYTES.to_string(),
        };
        let checked =
            formula(&[&text], |t| format!("len({0}) > {1} ? {too_large} : {0}", t[0], limit(&t[0])));
        WireValue::Expression(checked.faulting())
    }

    /// Where a value is made that may be of any size, if that is in this body.
    fn unseen(&self, value: &Expr) -> Option<Option<Span>> {
        let value = unwidened(value);
        if let ExprKind::Call { function: Function::Join | Function::Concat | Function::Flatten, .. } =
            &value.kind
        {
            return Some(value.span);
        }
        let of = if let ExprKind::Project { of, .. } = &value.kind { unwidened(of) } else { value };
        let ExprKind::Output { node, .. } = &of.kind else { return None };
        let found = self.body_nodes.get(node)?;
        let NodeKind::Map { source, .. } = &found.kind else { return None };
        let Type::List { item } = &value.ty else { return Some(found.span) };
        let types = &self.workflow.context.program.types;
        let stays_small = match class(item, types) {
            Class::Bool | Class::Int | Class::Float | Class::Duration => {
                items(source).is_some_and(|count| count <= MAX_BYTES / NUMBER)
            }
            Class::Name | Class::Text | Class::Plain | Class::Encoded | Class::Variant { .. } => false,
        };
        (!stays_small).then_some(found.span)
    }
}

/// How many rounds a loop has, if that is known when it is compiled.
fn items(source: &MapSource) -> Option<usize> {
    let counts = source.lists().into_iter().map(|list| {
        let list = unwidened(list);
        if let ExprKind::Const(serde_json::Value::Array(items)) = &list.kind {
            return Some(items.len());
        }
        if let ExprKind::List(items) = &list.kind { Some(items.len()) } else { None }
    });
    counts.collect::<Option<Vec<usize>>>()?.into_iter().try_fold(1_usize, usize::checked_mul)
}
