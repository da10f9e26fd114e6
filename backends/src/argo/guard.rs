//! A value has at most 90,000 bytes, on every target. A step's prelude sees to what the step makes, and the check of entry
//! inputs to what a person gives; what a loop gathers or an expression joins is looked at where it is handed on, because
//! an output of a loop can't fail, and a variable that is too long keeps a pod from starting.

use pipec_ir::types::TypeTable;
use pipec_ir::{Expr, ExprKind, Function, MapSource, NodeKind, Span, Type};

use super::Context;
use super::dag::Dag;
use super::expression::{Term, WireValue, fail, formula};
use super::keyed::unwidened;
use super::wire::{Class, class, holds_artifacts};

/// Bytes of canonical JSON.
const MAX_BYTES: usize = pipec_ir::MAX_VALUE_BYTES;

const TOO_LARGE: &str = "expected at most 90000 bytes of JSON in one value: make it a file";

/// The same in base64: no more bytes have a text of this length, because three make four.
const MAX_BASE64: usize = MAX_BYTES / 3 * 4;

/// The longest text of a number or a duration in JSON, with a comma.
const NUMBER: usize = 26;

impl Context<'_> {
    /// Whether sizes can be looked at: a version that hands an expression that fails on as text would hand on a text that
    /// is larger still.
    pub(crate) fn measures(&self) -> bool {
        self.target.argo_version.stops_at_faults()
    }
}

impl Dag<'_, '_> {
    /// The value, with a look at its size where nobody has looked yet.
    pub(crate) fn guarded(&self, value: &Expr, wire: WireValue) -> WireValue {
        let types = &self.workflow.context.program.types;
        if !self.workflow.context.measures() {
            return wire;
        }
        let Some(span) = self.unseen(value) else { return wire };
        if holds_artifacts(&value.ty, types) {
            return wire;
        }
        let lowering = self.workflow.context.lowering();
        let too_large = lowering.fail(span, TOO_LARGE);
        let text = match wire {
            WireValue::Literal(_) => return wire,
            WireValue::Reference(reference) => Term::atom(reference),
            WireValue::Expression(term) => term,
        };
        WireValue::Expression(measured(text, class(&value.ty, types), &too_large))
    }

    /// Whether an expression puts values together to one that may have too many bytes.
    fn may_be_too_large(&self, value: &Expr) -> bool {
        large_parts(value, &self.workflow.context.program.types) > 1
    }

    /// The beginning of an expression that fails where the list in a place, which a loop walks, has too many bytes.
    pub(crate) fn list_guard(&self, list: &Expr, place: &str) -> String {
        if !self.workflow.context.measures()
            || !self.may_be_too_large(list)
            || holds_artifacts(&list.ty, &self.workflow.context.program.types)
        {
            return String::new();
        }
        let too_large = self.workflow.context.lowering().fail(list.span, TOO_LARGE);
        format!("len(toBase64(toJson({place}))) > {MAX_BASE64} ? {too_large} : ")
    }

    /// Where a value is made that may be of any size, if that is in this body.
    fn unseen(&self, value: &Expr) -> Option<Option<Span>> {
        if self.may_be_too_large(value) {
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

/// How many parts of an expression's value may each be of any size. Every value was measured where it was made, so that one
/// of them, with what the source says around it, is hardly too large.
fn large_parts(expr: &Expr, types: &TypeTable) -> usize {
    let sum = |parts: &mut dyn Iterator<Item = &Expr>| parts.map(|part| large_parts(part, types)).sum();
    match &expr.kind {
        ExprKind::Const(_) | ExprKind::Run(_) | ExprKind::Artifact(_) | ExprKind::Secret { .. } => 0,
        ExprKind::Interpolate(parts) | ExprKind::List(parts) => sum(&mut parts.iter()),
        ExprKind::Record(fields) | ExprKind::Map(fields) | ExprKind::Variant { fields, .. } => {
            sum(&mut fields.iter().map(|(_, field)| field))
        }
        ExprKind::Call { function: Function::Join | Function::Concat | Function::Flatten, .. } => 2,
        ExprKind::If { then, otherwise, .. } => large_parts(then, types).max(large_parts(otherwise, types)),
        ExprKind::Match { arms, .. } => {
            arms.iter().map(|arm| large_parts(&arm.value, types)).max().unwrap_or_default()
        }
        ExprKind::Widen(inner) | ExprKind::Narrow(inner) | ExprKind::Refine(inner) => {
            large_parts(inner, types)
        }
        ExprKind::Input(_)
        | ExprKind::Output { .. }
        | ExprKind::Field { .. }
        | ExprKind::OptionalField { .. }
        | ExprKind::Project { .. }
        | ExprKind::Index { .. }
        | ExprKind::Unary { .. }
        | ExprKind::Binary { .. }
        | ExprKind::Call { .. } => match class(&expr.ty, types) {
            Class::Bool | Class::Int | Class::Float | Class::Duration | Class::Name => 0,
            Class::Text | Class::Plain | Class::Encoded | Class::Variant { .. } => 1,
        },
    }
}

/// A wire text from outside, with a look at its size; `what` names it in the message.
pub(crate) fn measured_text(text: Term, class: Class, what: &str) -> Term {
    let too_large = fail(&format!("{what} must have at most {MAX_BYTES} bytes of JSON: make it a file"));
    measured(text, class, &too_large)
}

fn measured(text: Term, class: Class, too_large: &str) -> Term {
    let Some(too_long) = too_long(class) else { return text };
    formula(&[&text], |t| format!("{} ? {too_large} : {}", too_long(&t[0]), t[0])).faulting()
}

/// Whether the wire text in a place stands for more bytes of JSON than a value may have; nothing where it can't.
fn too_long(class: Class) -> Option<fn(&str) -> String> {
    match class {
        Class::Bool | Class::Int | Class::Float | Class::Duration | Class::Name => None,
        Class::Text => Some(|text| {
            let json = format!("toJson(fromBase64({text}[1:]))");
            format!(
                "({text} startsWith '=' ? len(toBase64({json})) > {MAX_BASE64} : len({text}) > {})",
                MAX_BYTES - "\"\"".len()
            )
        }),
        Class::Encoded | Class::Variant { plain: false } => {
            Some(|text| format!("len({text}) > {}", MAX_BASE64 + "=".len()))
        }
        Class::Plain | Class::Variant { plain: true } => Some(|text| format!("len({text}) > {MAX_BYTES}")),
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
