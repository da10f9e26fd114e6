//! `a < b < c`: comparisons in a row.

use super::Builder;
use crate::diagnostics::{Diagnostic, Fix};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{BinaryOp, Expr, ExprKind};
use crate::syntax::errors;

impl Builder<'_> {
    pub(super) fn chain(
        &self,
        left: &Expr,
        first: &Spanned<BinaryOp>,
        middle: &Expr,
        second: &Spanned<BinaryOp>,
        right: &Expr,
    ) -> Diagnostic {
        let encloses = first.value == BinaryOp::Less && second.value == BinaryOp::Greater;
        if encloses && matches!(right.kind, ExprKind::Parentheses(_)) {
            let arguments = Span { end: second.span.end, ..first.span };
            return errors::habits::type_arguments_of_call(arguments);
        }
        let finding = errors::chained_comparison(second.span, first.span);
        match self.joined(left, first, middle, second, right) {
            Some(fix) => finding.with_fix(fix),
            None => finding,
        }
    }

    /// Two comparisons of the same direction, of which the one in the middle can be written twice.
    fn joined(
        &self,
        left: &Expr,
        first: &Spanned<BinaryOp>,
        middle: &Expr,
        second: &Spanned<BinaryOp>,
        right: &Expr,
    ) -> Option<Fix> {
        let direction = rises(first.value)?;
        if rises(second.value) != Some(direction) || !is_plain(middle) || self.is_compared(right.span) {
            return None;
        }
        let behind = Span { start: middle.span.end, ..middle.span };
        let again = self.text_of(middle.span);
        let whole = left.span.to(right.span);
        Some(errors::join_comparisons(behind, again, self.is_negated(left.span).then_some(whole)))
    }

    /// Whether a `not` stands right before: it reaches over a comparison, and not over an `and`.
    fn is_negated(&self, left: Span) -> bool {
        let before = self.text[..left.start as usize].trim_end_matches([' ', '\n']);
        before.ends_with('!') || before.strip_suffix("not").is_some_and(|rest| !rest.ends_with(is_of_word))
    }

    /// Whether one more comparison follows.
    fn is_compared(&self, right: Span) -> bool {
        let behind = self.text[right.end as usize..].trim_start_matches([' ', '\n']);
        behind.starts_with(['<', '>']) || behind.starts_with("==") || behind.starts_with("!=")
    }

    /// A word in the place of a sign, with a blank where it would grow together with what stands beside it.
    pub(super) fn apart(&self, sign: Span, word: &str) -> String {
        let before = &self.text[..sign.start as usize];
        let behind = &self.text[sign.end as usize..];
        let joins_before = before.ends_with(|last| is_of_word(last) || matches!(last, ')' | ']' | '}' | '"'));
        let joins_behind = !behind.starts_with([' ', '\n']);
        let blank = |joins| if joins { " " } else { "" };
        format!("{}{word}{}", blank(joins_before), blank(joins_behind))
    }
}

/// Whether it grows from the left to the right, if it has a direction.
fn rises(op: BinaryOp) -> Option<bool> {
    match op {
        BinaryOp::Less | BinaryOp::LessOrEqual => Some(true),
        BinaryOp::Greater | BinaryOp::GreaterOrEqual => Some(false),
        BinaryOp::Or
        | BinaryOp::And
        | BinaryOp::Equal
        | BinaryOp::NotEqual
        | BinaryOp::Add
        | BinaryOp::Subtract
        | BinaryOp::Multiply
        | BinaryOp::Divide
        | BinaryOp::Div
        | BinaryOp::Mod
        | BinaryOp::Coalesce => None,
    }
}

/// A name, a literal or a field: what is the same wherever it is written, and calls nothing.
fn is_plain(expression: &Expr) -> bool {
    match &expression.kind {
        ExprKind::Field { of, .. } => is_plain(of),
        kind => matches!(
            kind,
            ExprKind::Name(_)
                | ExprKind::Int(_)
                | ExprKind::Float(_)
                | ExprKind::Duration { .. }
                | ExprKind::Quantity { .. }
        ),
    }
}

fn is_of_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}
