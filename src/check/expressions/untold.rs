//! Values that don't tell their own type, such as `[]`: where they meet others, they take it from those.

use std::collections::{BTreeSet, HashMap};

use crate::check::context::Checker;
use crate::source::Span;
use crate::syntax::ast::{self, ArmBody, Else, Entry, KeyKind, StatementKind};
use crate::types::{AnonymousField, Type, meet};

/// Whether a value says too little about its own type: `null`, `[]`, `{}`, what has such a part that no other part
/// speaks for, and what is such a value in each of its branches.
pub(in crate::check) fn needs_a_type(tree: &ast::Expr) -> bool {
    let tree = core(tree);
    if let ast::ExprKind::List(items) = &tree.kind {
        return items.iter().all(needs_a_type);
    }
    if let ast::ExprKind::Braces(entries) = &tree.kind {
        let mut values = entries.iter().map(|entry| &entry.value);
        return if is_map(entries) {
            values.all(needs_a_type)
        } else {
            entries.is_empty() || values.any(needs_a_type)
        };
    }
    if let ast::ExprKind::For(tree) = &tree.kind {
        return tree.body.value().is_some_and(needs_a_type);
    }
    let branches = branches(tree);
    let each_does = || branches.iter().all(|value| value.is_some_and(needs_a_type));
    is_null(tree) || (!branches.is_empty() && each_does())
}

/// Whether there is nothing in a literal that could tell its type.
pub(in crate::check) fn is_empty(tree: &ast::Expr) -> bool {
    let tree = core(tree);
    if let ast::ExprKind::List(items) = &tree.kind {
        return items.iter().all(is_empty);
    }
    if let ast::ExprKind::Braces(entries) = &tree.kind {
        return entries.is_empty();
    }
    is_null(tree)
}

fn is_null(tree: &ast::Expr) -> bool {
    matches!(core(tree).kind, ast::ExprKind::Null)
}

fn is_map(entries: &[Entry]) -> bool {
    entries.first().is_some_and(|entry| entry.key_kind == KeyKind::String)
}

/// The expression without what leaves its value alone.
fn core(tree: &ast::Expr) -> &ast::Expr {
    let mut at = tree;
    while let ast::ExprKind::Parentheses(inner) | ast::ExprKind::After { of: inner, .. } = &at.kind {
        at = inner;
    }
    at
}

/// What each branch of an `if`, or each arm of a `match`, has for a value; nothing for any other expression.
fn branches(tree: &ast::Expr) -> Vec<Option<&ast::Expr>> {
    let mut values = Vec::new();
    if let ast::ExprKind::Match(choice) = &tree.kind {
        values.extend(choice.arms.iter().map(|arm| arm.body.value()));
    }
    let mut rung = Some(tree);
    while let Some(ast::ExprKind::If(conditional)) = rung.map(|tree| &tree.kind) {
        values.push(conditional.then.value());
        rung = None;
        match &conditional.otherwise {
            None => {}
            Some(Else::Block(block)) => values.push(block.value()),
            Some(Else::If(next)) => rung = Some(next),
        }
    }
    values
}

/// Whether a last `else` is missing.
fn may_take_no_branch(tree: &ast::Expr) -> bool {
    let mut at = tree;
    while let ast::ExprKind::If(conditional) = &at.kind {
        match &conditional.otherwise {
            None => return true,
            Some(Else::Block(_)) => return false,
            Some(Else::If(next)) => at = next,
        }
    }
    false
}

impl ast::Block {
    /// The expression that is its value.
    pub(in crate::check) fn value(&self) -> Option<&ast::Expr> {
        let last = &self.statements.last()?.kind;
        if let StatementKind::Expr(value) = last { Some(value) } else { None }
    }
}

impl ArmBody {
    pub(in crate::check) fn value(&self) -> Option<&ast::Expr> {
        match self {
            ArmBody::Expr(value) => Some(value),
            ArmBody::Block(block) => block.value(),
        }
    }
}

/// Record literals with the same fields, of which none tells its whole type; nothing if not all are.
pub(super) fn records_that_wait(items: &[ast::Expr]) -> Option<Vec<(&[Entry], Span)>> {
    let records: Vec<(&[Entry], Span)> = items.iter().map(record_that_waits).collect::<Option<_>>()?;
    let (first, _) = records.first()?;
    let wanted = names(first);
    let is_alike = |entries: &[Entry]| entries.len() == wanted.len() && names(entries) == wanted;
    records.iter().all(|(entries, _)| is_alike(entries)).then_some(records)
}

fn record_that_waits(item: &ast::Expr) -> Option<(&[Entry], Span)> {
    let ast::ExprKind::Braces(entries) = &core(item).kind else { return None };
    (waits_for_others(item) && !is_map(entries)).then_some((entries.as_slice(), item.span))
}

fn names(entries: &[Entry]) -> BTreeSet<&str> {
    entries.iter().map(|entry| entry.key.value.as_str()).collect()
}

/// What a literal is told about a type in which type parameters are open: its shape.
pub(in crate::check) fn literal_hint<'t>(tree: &ast::Expr, ty: &'t Type) -> Option<&'t Type> {
    if let ast::ExprKind::Parentheses(inner) = &tree.kind {
        return literal_hint(inner, ty);
    }
    let is_literal = matches!(tree.kind, ast::ExprKind::List(_) | ast::ExprKind::Braces(_));
    let has_shape = !matches!(ty.without_optional(), Type::Parameter(_));
    (is_literal && has_shape).then_some(ty)
}

/// The type with a `?` where `tree` has a `null`, as far as it has no name.
fn with_nulls_of(tree: &ast::Expr, ty: Type) -> Type {
    let tree = core(tree);
    if matches!(ty, Type::Json) {
        return ty;
    }
    if is_null(tree) || may_take_no_branch(tree) {
        return Type::optional(with_nulls_inside(tree, ty));
    }
    if let Type::Optional(inner) = ty {
        return Type::optional(with_nulls_inside(tree, (*inner).clone()));
    }
    with_nulls_inside(tree, ty)
}

fn with_nulls_inside(tree: &ast::Expr, ty: Type) -> Type {
    match (&tree.kind, &ty) {
        (ast::ExprKind::List(items), Type::List(item)) => Type::list(with_nulls_of_all(items.iter(), item)),
        (ast::ExprKind::For(tree), Type::List(item)) => {
            Type::list(with_nulls_of_all(tree.body.value().into_iter(), item))
        }
        (ast::ExprKind::Braces(entries), Type::Map(of)) => {
            Type::map(with_nulls_of_all(entries.iter().map(|entry| &entry.value), of))
        }
        (ast::ExprKind::Braces(entries), Type::Anonymous(fields)) => {
            let given: HashMap<&str, &ast::Expr> =
                entries.iter().map(|entry| (entry.key.value.as_str(), &entry.value)).collect();
            let with_nulls = |field: &AnonymousField| {
                let value = given.get(field.name.as_str()).copied();
                AnonymousField { ty: with_nulls_of_all(value.into_iter(), &field.ty), ..field.clone() }
            };
            Type::Anonymous(fields.iter().map(with_nulls).collect())
        }
        _ => with_nulls_of_all(branches(tree).into_iter().flatten(), &ty),
    }
}

fn with_nulls_of_all<'t>(values: impl Iterator<Item = &'t ast::Expr>, ty: &Type) -> Type {
    values.fold(ty.clone(), |ty, value| with_nulls_of(value, ty))
}

/// The places of values that are to meet: those that tell their type, and those that wait for it.
pub(super) fn telling_and_waiting<'t>(
    values: impl Iterator<Item = Option<&'t ast::Expr>>,
) -> (Vec<usize>, Vec<usize>) {
    let (waiting, telling): (Vec<_>, Vec<_>) =
        values.enumerate().partition(|(_, value)| value.is_some_and(waits_for_others));
    let places = |values: Vec<(usize, _)>| values.into_iter().map(|(index, _)| index).collect();
    (places(telling), places(waiting))
}

/// Whether a value needs a type of those beside it: a `null` only needs a `?`.
pub(super) fn waits_for_others(tree: &ast::Expr) -> bool {
    !is_null(tree) && needs_a_type(tree)
}

impl Checker<'_> {
    /// Checks values that are to meet, each by `check` at its index: first those that tell their type, then the others
    /// with the type that those tell. `value_type` is the type of what `check` gives.
    pub(in crate::check) fn together<T>(
        &mut self,
        values: &[Option<&ast::Expr>],
        value_type: impl Fn(&T) -> Type,
        mut check: impl FnMut(&mut Self, usize, Option<&Type>) -> T,
    ) -> Vec<T> {
        let mut checked: Vec<Option<T>> = values.iter().map(|_| None).collect();
        let (telling, waiting) = telling_and_waiting(values.iter().copied());
        let mut types: Vec<Type> = Vec::with_capacity(telling.len());
        for index in telling {
            let value = check(self, index, None);
            types.push(value_type(&value));
            checked[index] = Some(value);
        }
        let mut told = self.told(&types);
        for index in waiting {
            let expected = told.as_ref().zip(values[index]).map(|(ty, tree)| with_nulls_of(tree, ty.clone()));
            let value = check(self, index, expected.as_ref());
            if matches!(value_type(&value), Type::Error) {
                // What they are isn't known, which has been said once.
                told = told.or(Some(Type::Error));
            }
            checked[index] = Some(value);
        }
        checked.into_iter().flatten().collect()
    }

    /// What values tell about the type of those beside them. Where they don't meet, that has its own message.
    fn told(&self, types: &[Type]) -> Option<Type> {
        let borrowed: Vec<&Type> = types.iter().collect();
        let ty = meet(&borrowed, &self.program).unwrap_or_else(|(first, _)| types[first].clone());
        (!matches!(ty, Type::Null)).then_some(ty)
    }
}
