//! What depends on constants only is computed by the compiler, with the evaluator that everything else is measured by.

use pipec_ir::value::Value;
use pipec_ir::{self as ir, Fault, Scope};

use super::expressions::{Surroundings, lower};
use super::types::Types;
use crate::hir;

/// The value of a constant expression, or the fault that every run would meet.
///
/// # Panics
/// On `Error` nodes, and on expressions over locals.
pub fn evaluate<'a>(expr: &'a hir::Expr, types: &mut Types<'a>) -> Result<Value, Fault> {
    let lowered = lower(expr, types, &mut ConstantsOnly);
    ir::evaluate(&lowered, &types.table, &Constants)
}

/// Canonical JSON of a constant; `None` where it faults (the checker has said so) or holds artifacts.
pub(super) fn fold_to_json<'a>(expr: &'a hir::Expr, types: &mut Types<'a>) -> Option<serde_json::Value> {
    let lowered = lower(expr, types, &mut ConstantsOnly);
    if let ir::ExprKind::Const(json) = lowered.kind { Some(json) } else { None }
}

/// The expression as a constant, if all its operands are and it doesn't fault.
pub(super) fn fold(expr: ir::Expr, types: &Types) -> ir::Expr {
    if !operands_are_constant(&expr.kind) {
        return expr;
    }
    match ir::evaluate(&expr, &types.table, &Constants) {
        Ok(value) => {
            let json = ir::to_json(&value, &expr.ty, &types.table);
            ir::Expr { kind: ir::ExprKind::Const(json), ..expr }
        }
        Err(_) => expr,
    }
}

fn operands_are_constant(kind: &ir::ExprKind) -> bool {
    use ir::ExprKind as K;
    let constant = |expr: &ir::Expr| matches!(expr.kind, K::Const(_));
    let all_named = |fields: &[(String, ir::Expr)]| fields.iter().all(|(_, value)| constant(value));
    match kind {
        K::Const(_) | K::Artifact(_) | K::Secret { .. } | K::Input(_) | K::Output { .. } | K::Run(_) => false,
        K::List(items) | K::Interpolate(items) => items.iter().all(constant),
        K::Record(fields) | K::Map(fields) | K::Variant { fields, .. } => all_named(fields),
        K::Field { of, .. } | K::OptionalField { of, .. } | K::Project { of, .. } => constant(of),
        K::Index { of, index } => constant(of) && constant(index),
        K::Unary { operand, .. } => constant(operand),
        K::Binary { left, right, .. } => constant(left) && constant(right),
        K::If { condition, then, otherwise } => constant(condition) && constant(then) && constant(otherwise),
        K::Match { .. } => false,
        K::Call { args, .. } => args.iter().all(constant),
        K::Widen(of) | K::Refine(of) | K::Narrow(of) => constant(of),
    }
}

/// Where only constants may stand.
struct ConstantsOnly;

impl<'a> Surroundings<'a> for ConstantsOnly {
    fn local(&mut self, _: hir::LocalId, _: &mut Types<'a>) -> ir::Expr {
        panic!("a constant expression refers to a local")
    }

    fn local_field(&mut self, _: hir::LocalId, _: &str, _: &mut Types<'a>) -> Option<ir::Expr> {
        None
    }

    fn bind(&mut self, _: hir::LocalId, _: ir::Type) -> String {
        panic!("a constant expression binds a local")
    }

    fn steps(&mut self, _: &'a hir::Expr, _: &mut Types<'a>) -> ir::Expr {
        panic!("a constant expression runs steps")
    }

    fn is_call_with_named_outputs(&self, _: &ir::NodeId) -> bool {
        false
    }

    /// Nobody looks at a constant artifact's content here.
    fn artifact(&mut self, artifact: &hir::Artifact) -> ir::ArtifactRef {
        match artifact {
            hir::Artifact::Captured { path, .. } => {
                ir::ArtifactRef::CapturedFile { path: path.clone(), sha256: String::new() }
            }
            hir::Artifact::Uri { uri, sha256, version } => {
                ir::ArtifactRef::Uri { uri: uri.clone(), sha256: sha256.clone(), version: version.clone() }
            }
        }
    }

    fn place(&self, _: crate::source::Span) -> Option<ir::Span> {
        None
    }
}

/// A scope that knows nothing but constant artifacts.
struct Constants;

impl Scope for Constants {
    fn input(&self, _: &str) -> Option<Value> {
        None
    }

    fn output(&self, _: &ir::NodeId, _: Option<&str>) -> Option<Value> {
        None
    }

    fn run(&self, _: ir::RunField) -> Option<Value> {
        None
    }

    fn artifact(&self, artifact: &ir::ArtifactRef) -> Result<Value, Fault> {
        let (place, identity) = match artifact {
            ir::ArtifactRef::CapturedFile { path, sha256 } => (path, Some(sha256.clone())),
            ir::ArtifactRef::CapturedDir { path, sha256, .. } => (path, Some(sha256.clone())),
            ir::ArtifactRef::Uri { uri, sha256, .. } => (uri, sha256.clone()),
        };
        Ok(Value::Artifact(ir::Artifact { place: place.clone(), identity }))
    }
}
