//! Pure HIR expressions → IR expressions. What runs steps is handed to the surroundings, which answer with a reference
//! to the node that they made of it.

use pipec_ir::{self as ir};

use super::constants::fold;
use super::types::Types;
use crate::hir::{self, LocalId};
use crate::source::Span;

/// What an expression's surroundings know.
pub(super) trait Surroundings<'a> {
    /// How the body that is being lowered refers to a local.
    fn local(&mut self, local: LocalId, types: &mut Types<'a>) -> ir::Expr;

    /// One named output of a call that a local is bound to; `None` if the local is anything else.
    fn local_field(&mut self, local: LocalId, field: &str, types: &mut Types<'a>) -> Option<ir::Expr>;

    /// Makes a local of a `match` arm an input of the arm's value; gives its name there.
    fn bind(&mut self, local: LocalId, ty: ir::Type) -> String;

    /// Makes nodes of an expression that runs steps.
    fn steps(&mut self, expr: &'a hir::Expr, types: &mut Types<'a>) -> ir::Expr;

    /// Whether a node of the body that is being lowered is a call whose value is the record of its named outputs.
    fn is_call_with_named_outputs(&self, node: &ir::NodeId) -> bool;

    fn artifact(&mut self, artifact: &hir::Artifact) -> ir::ArtifactRef;

    fn place(&self, span: Span) -> Option<ir::Span>;
}

/// Lowers an expression that has a value.
pub(super) fn lower<'a>(
    expr: &'a hir::Expr,
    types: &mut Types<'a>,
    around: &mut dyn Surroundings<'a>,
) -> ir::Expr {
    if super::effects::is_step(&expr.kind) && super::effects::runs_steps(expr) {
        return around.steps(expr, types);
    }
    if let Some(whole) = elsewhere(expr, types, around) {
        return whole;
    }
    let Some(ty) = &expr.ty else { panic!("an expression without a value is used as one") };
    let ty = types.lower(ty);
    let kind = match kind(expr, &ty, types, around) {
        Lowered::Kind(kind) => kind,
        Lowered::Whole(whole) => return whole,
    };
    fold(ir::Expr { ty, kind, span: around.place(expr.span) }, types)
}

/// What an expression that only names something stands for.
fn elsewhere<'a>(
    expr: &'a hir::Expr,
    types: &mut Types<'a>,
    around: &mut dyn Surroundings<'a>,
) -> Option<ir::Expr> {
    use hir::ExprKind as K;
    let value = if let K::Constant(id) = &expr.kind {
        let program = types.program();
        let value = lower(&program.constant(*id).value, types, around);
        return Some(ir::Expr { span: around.place(expr.span), ..value });
    } else if let K::Local(local) = &expr.kind {
        around.local(*local, types)
    } else if let K::Field { of, field } = &expr.kind
        && let K::Local(local) = &of.kind
    {
        around.local_field(*local, field, types)?
    } else {
        return None;
    };
    let span = around.place(expr.span).or(value.span);
    Some(ir::Expr { span, ..value })
}

enum Lowered {
    Kind(ir::ExprKind),
    /// An expression with its own type and place.
    Whole(ir::Expr),
}

fn kind<'a>(
    expr: &'a hir::Expr,
    ty: &ir::Type,
    types: &mut Types<'a>,
    around: &mut dyn Surroundings<'a>,
) -> Lowered {
    use hir::ExprKind as K;
    use ir::ExprKind as I;
    Lowered::Kind(match &expr.kind {
        K::Error => panic!("a program with findings was lowered: it holds an error"),
        K::Literal(value) => I::Const(ir::to_json(value, ty, &types.table)),
        K::Constant(_) | K::Local(_) => panic!("a name has no kind of its own"),
        K::Artifact(artifact) => I::Artifact(around.artifact(artifact).into()),
        K::Secret { name, key } => I::Secret { name: name.clone(), key: key.clone() },
        K::Run(field) => I::Run(*field),
        K::List(items) => I::List(all(items, types, around)),
        K::Record(fields) => I::Record(named(fields, types, around)),
        K::Map(entries) => I::Map(named(entries, types, around)),
        K::Variant { enumeration, variant, fields } => {
            let program = types.program();
            let variant = &program.enums[enumeration.index()].variants[*variant as usize];
            let names = variant.fields.iter().map(|field| field.name.clone());
            let fields = names.zip(all(fields, types, around)).collect();
            I::Variant { variant: variant.name.clone(), fields }
        }
        K::Field { of, field } => {
            let of = lower(of, types, around);
            if let I::Output { node, output: None } = &of.kind
                && around.is_call_with_named_outputs(node)
            {
                I::Output { node: node.clone(), output: Some(field.clone()) }
            } else {
                I::Field { of: Box::new(of), field: field.clone() }
            }
        }
        K::OptionalField { of, field } => {
            I::OptionalField { of: boxed(of, types, around), field: field.clone() }
        }
        K::Project { of, field } => I::Project { of: boxed(of, types, around), field: field.clone() },
        K::Index { of, index } => {
            I::Index { of: boxed(of, types, around), index: boxed(index, types, around) }
        }
        K::Unary { op, operand } => I::Unary { op: *op, operand: boxed(operand, types, around) },
        K::Binary { op, left, right } => {
            I::Binary { op: *op, left: boxed(left, types, around), right: boxed(right, types, around) }
        }
        K::Interpolate(pieces) => I::Interpolate(all(pieces, types, around)),
        K::Function { function, arguments } => {
            let args = all(arguments, types, around);
            if let Some(narrower) = without_absent(*function, ty) {
                let kind = I::Call { function: *function, args };
                let call = fold(ir::Expr { ty: narrower, kind, span: around.place(expr.span) }, types);
                return Lowered::Whole(widened(call, ty, types));
            }
            I::Call { function: *function, args }
        }
        // A bare `null` has no type of its own.
        K::Widen(of) if of.ty == Some(crate::types::Type::Null) => I::Const(serde_json::Value::Null),
        K::Widen(of) => {
            let of = boxed(of, types, around);
            if of.ty == *ty {
                return Lowered::Whole(*of);
            }
            I::Widen(of)
        }
        K::Refine(of) => I::Refine(boxed(of, types, around)),
        K::Narrow(of) => {
            let of = boxed(of, types, around);
            if of.ty == *ty {
                return Lowered::Whole(*of);
            }
            I::Narrow(of)
        }
        K::If(conditional) => {
            let condition = boxed(&conditional.condition, types, around);
            let then = Box::new(block_value(&conditional.then, ty, types, around));
            let otherwise = match &conditional.otherwise {
                Some(block) => block_value(block, ty, types, around),
                None => ir::Expr { ty: ty.clone(), kind: I::Const(serde_json::Value::Null), span: None },
            };
            I::If { condition, then, otherwise: Box::new(otherwise) }
        }
        K::Match(choice) => {
            let subject = boxed(&choice.subject, types, around);
            let arms = choice.arms.iter().map(|arm| match_arm(arm, &subject.ty, ty, types, around)).collect();
            I::Match { subject, arms }
        }
        K::Call(_) | K::For(_) | K::Repeat(_) | K::Try { .. } | K::Approve { .. } | K::Sleep { .. } => {
            panic!("an expression that runs steps is lowered as a pure one")
        }
    })
}

/// What `compact` gives where a type parameter stands for an optional: its items are there.
fn without_absent(function: ir::Function, ty: &ir::Type) -> Option<ir::Type> {
    let (ir::Function::Compact, ir::Type::List { item }) = (function, ty) else { return None };
    let ir::Type::Optional { of } = &**item else { return None };
    Some(ir::Type::list((**of).clone()))
}

fn boxed<'a>(of: &'a hir::Expr, types: &mut Types<'a>, around: &mut dyn Surroundings<'a>) -> Box<ir::Expr> {
    Box::new(lower(of, types, around))
}

fn all<'a>(
    items: &'a [hir::Expr],
    types: &mut Types<'a>,
    around: &mut dyn Surroundings<'a>,
) -> Vec<ir::Expr> {
    items.iter().map(|item| lower(item, types, around)).collect()
}

fn named<'a>(
    fields: &'a [(String, hir::Expr)],
    types: &mut Types<'a>,
    around: &mut dyn Surroundings<'a>,
) -> Vec<(String, ir::Expr)> {
    fields.iter().map(|(name, value)| (name.clone(), lower(value, types, around))).collect()
}

/// The value of a block without statements, as a value of type `ty`.
fn block_value<'a>(
    block: &'a hir::Block,
    ty: &ir::Type,
    types: &mut Types<'a>,
    around: &mut dyn Surroundings<'a>,
) -> ir::Expr {
    let Some(value) = &block.value else { panic!("a pure block has no value") };
    widened(lower(value, types, around), ty, types)
}

fn match_arm<'a>(
    arm: &'a hir::Arm,
    subject: &ir::Type,
    ty: &ir::Type,
    types: &mut Types<'a>,
    around: &mut dyn Surroundings<'a>,
) -> ir::MatchArm {
    let bindings = bindings(arm, subject, types, around);
    ir::MatchArm { variant: arm.variant.clone(), bindings, value: block_value(&arm.body, ty, types, around) }
}

/// The (field, name inside) pairs of an arm.
pub(super) fn bindings<'a>(
    arm: &'a hir::Arm,
    subject: &ir::Type,
    types: &mut Types<'a>,
    around: &mut dyn Surroundings<'a>,
) -> Vec<(String, String)> {
    let bind = |(field, local): &(String, LocalId)| {
        let ty = variant_field_type(subject, arm.variant.as_deref(), field, types);
        (field.clone(), around.bind(*local, ty))
    };
    arm.bindings.iter().map(bind).collect()
}

fn variant_field_type(subject: &ir::Type, variant: Option<&str>, field: &str, types: &Types) -> ir::Type {
    let ir::Type::Enum { name } = subject.without_optional() else {
        panic!("a pattern with fields matches no enum")
    };
    let Some(ir::TypeDef::Enum(enumeration)) = types.table.get(name) else {
        panic!("the enum `{name}` isn't in the table")
    };
    enumeration
        .variants
        .iter()
        .find(|candidate| Some(candidate.name.as_str()) == variant)
        .and_then(|variant| variant.fields.iter().find(|candidate| candidate.name == field))
        .map(|field| field.ty.clone())
        .unwrap_or_else(|| panic!("a pattern names the field `{field}`, which its variant doesn't have"))
}

/// The expression as a value of `ty`, which it converts to without fail.
pub(super) fn widened(expr: ir::Expr, ty: &ir::Type, types: &Types) -> ir::Expr {
    if expr.ty == *ty {
        return expr;
    }
    let span = expr.span;
    fold(ir::Expr { ty: ty.clone(), kind: ir::ExprKind::Widen(Box::new(expr)), span }, types)
}
