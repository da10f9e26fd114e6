//! Operators: like with like. An int beside a float becomes one; nothing else converts.

use pipec_ir::value::Value;
use pipec_ir::{BinaryOp as Op, UnaryOp};

use super::untold::waits_for_others;
use super::{messages, type_of, typed, written};
use crate::check::body::NoCalls;
use crate::check::context::{Checker, Scope, error_expression};
use crate::check::convert::Expectation;
use crate::check::fold::Known;
use crate::check::narrowing::{Facts, is_null};
use crate::diagnostics::printable::in_line;
use crate::diagnostics::{Diagnostic, Fix, codes};
use crate::hir::{self, ExprKind};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, BinaryOp};
use crate::types::{Kind, Type, kind, meet};

impl Checker<'_> {
    pub(super) fn unary(
        &mut self,
        scope: &mut Scope,
        op: &Spanned<ast::UnaryOp>,
        operand: &ast::Expr,
        span: Span,
        expected: Option<&Type>,
    ) -> hir::Expr {
        match op.value {
            ast::UnaryOp::Not => {
                let operand = self.expression_of(scope, operand, &Type::Bool, |_| {
                    Expectation::new("what stands behind `not`")
                });
                if Self::is_error(&operand) {
                    return error_expression(span);
                }
                typed(ExprKind::Unary { op: UnaryOp::Not, operand: Box::new(operand) }, Type::Bool, span)
            }
            ast::UnaryOp::Negate => self.negate(scope, operand, span, expected),
        }
    }

    fn negate(
        &mut self,
        scope: &mut Scope,
        operand: &ast::Expr,
        span: Span,
        expected: Option<&Type>,
    ) -> hir::Expr {
        if let ast::ExprKind::Int(digits) = &operand.kind {
            return self.integer(digits, true, span, expected);
        }
        if let ast::ExprKind::Float(digits) = &operand.kind {
            return self.float(digits, true, span, expected);
        }
        let value = self.expression(scope, operand, expected);
        let value = self.with_value(value, "what stands behind `-`");
        let ty = type_of(&value).base(&self.program);
        if Self::is_error(&value) {
            return error_expression(span);
        }
        if !matches!(ty, Type::Int(_) | Type::Float(_) | Type::Duration) {
            let source = self.source_of(scope, &value);
            self.report(messages::cannot_negate(self, &value, source));
            return error_expression(span);
        }
        let operand = self.fit(scope, value, &ty, |_| Expectation::new("what stands behind `-`"));
        let negated = ExprKind::Unary { op: UnaryOp::Negate, operand: Box::new(operand) };
        self.without_fault(typed(negated, ty, span))
    }

    pub(super) fn binary(
        &mut self,
        scope: &mut Scope,
        op: &Spanned<BinaryOp>,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
        expected: Option<&Type>,
    ) -> hir::Expr {
        match op.value {
            BinaryOp::And => self.logical(scope, Op::And, left, right, span),
            BinaryOp::Or => self.logical(scope, Op::Or, left, right, span),
            BinaryOp::Coalesce => self.coalesce(scope, op.span, left, right, span, expected),
            BinaryOp::Equal => self.equality(scope, Op::Equal, left, right, span),
            BinaryOp::NotEqual => self.equality(scope, Op::NotEqual, left, right, span),
            BinaryOp::Less => self.order(scope, Op::Less, op, left, right, span),
            BinaryOp::LessOrEqual => self.order(scope, Op::LessOrEqual, op, left, right, span),
            BinaryOp::Greater => self.order(scope, Op::Greater, op, left, right, span),
            BinaryOp::GreaterOrEqual => self.order(scope, Op::GreaterOrEqual, op, left, right, span),
            BinaryOp::Add => self.arithmetic(scope, Op::Add, op, left, right, span),
            BinaryOp::Subtract => self.arithmetic(scope, Op::Subtract, op, left, right, span),
            BinaryOp::Multiply => self.arithmetic(scope, Op::Multiply, op, left, right, span),
            BinaryOp::Divide => self.arithmetic(scope, Op::Divide, op, left, right, span),
            BinaryOp::Div => self.arithmetic(scope, Op::Div, op, left, right, span),
            BinaryOp::Mod => self.arithmetic(scope, Op::Mod, op, left, right, span),
        }
    }

    fn logical(
        &mut self,
        scope: &mut Scope,
        op: Op,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
    ) -> hir::Expr {
        let word = if op == Op::And { "and" } else { "or" };
        let operand = |side: &str| Expectation::new(format!("what stands {side} of `{word}`"));
        let left_tree = left;
        let left = self.expression_of(scope, left, &Type::Bool, |_| operand("left"));
        let facts = Facts::of(&left);
        let known = scope.learn(if op == Op::And { facts.if_true } else { facts.if_false });
        let before = scope.forbid_calls(NoCalls::Right { operator: word, whole: span });
        let said = self.diagnostics.len();
        let right_tree = right;
        let right = self.expression_of(scope, right, &Type::Bool, |_| operand("right"));
        scope.allow_calls(before);
        self.offer_if(said, word, left_tree, right_tree, span);
        scope.forget_facts(known);
        if Self::is_error(&left) || Self::is_error(&right) {
            return error_expression(span);
        }
        binary(op, left, right, Type::Bool, span)
    }

    /// `a ?? b`
    fn coalesce(
        &mut self,
        scope: &mut Scope,
        operator: Span,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
        expected: Option<&Type>,
    ) -> hir::Expr {
        let hint = expected.map(|ty| Type::optional(ty.clone()));
        let left_tree = left;
        let left = self.expression(scope, left, hint.as_ref());
        let left = self.with_value(left, "what stands left of `??`");
        let left = self.known_type(left);
        let left_type = type_of(&left);
        let inner = left_type.without_optional().clone();
        let before = scope.forbid_calls(NoCalls::Right { operator: "??", whole: span });
        let hint = if matches!(inner, Type::Error) { expected } else { Some(&inner) };
        let said = self.diagnostics.len();
        let right_tree = right;
        let right = self.expression(scope, right, hint);
        scope.allow_calls(before);
        self.offer_if(said, "??", left_tree, right_tree, span);
        let right = self.with_value(right, "what stands right of `??`");
        if Self::is_error(&left) || Self::is_error(&right) {
            return error_expression(span);
        }
        if !matches!(left_type, Type::Optional(_)) {
            self.report(messages::never_null(&left, "??", operator));
            return left;
        }
        let right_type = type_of(&right);
        let becomes = |ty: &Type| self.may_become(&inner, ty) && self.may_become(&right_type, ty);
        let ty = match (expected, meet(&[&inner, &right_type], &self.program)) {
            (Some(expected), _) if becomes(expected) => expected.clone(),
            (_, Ok(ty)) => ty,
            (_, Err(_)) if is_constant_like(&right) => inner.clone(),
            (_, Err(_)) => {
                self.report_not_met("sides of `??`", &left, &right);
                return error_expression(span);
            }
        };
        let side = || Expectation::new("a side of `??`");
        let left = self.fit(scope, left, &Type::optional(ty.clone()), |_| side());
        let right = self.fit(scope, right, &ty, |_| side());
        binary(Op::Coalesce, left, right, ty, span)
    }

    /// Adds the `if` that says the same to the finding about a call that may not be evaluated.
    fn offer_if(&mut self, said: usize, word: &str, left: &ast::Expr, right: &ast::Expr, span: Span) {
        let is_about_a_call = |diagnostic: &&mut Diagnostic| {
            diagnostic.code == codes::CALL_NOT_EVALUATED && diagnostic.fixes.is_empty()
        };
        let Some(diagnostic) = self.diagnostics[said..].iter_mut().find(is_about_a_call) else { return };
        let (Some(a), Some(b)) = (written(left), written(right)) else { return };
        let text = match word {
            "and" => format!("if {a} {{ {b} }} else {{ false }}"),
            "or" => format!("if {a} {{ true }} else {{ {b} }}"),
            // The left side would be evaluated twice.
            _ if matches!(left.kind, ast::ExprKind::Name(_) | ast::ExprKind::Field { .. }) => {
                format!("if {a} != null {{ {a} }} else {{ {b} }}")
            }
            _ => return,
        };
        diagnostic.help = Some(in_line(format!("say so with an `if`: `{text}`")));
        diagnostic.fixes.push(Fix::safe("write it as an `if`", span, format!("({text})")));
    }

    /// Both operands, the right one with the left one's type as a hint: beside a quantity a literal is one.
    fn operands(
        &mut self,
        scope: &mut Scope,
        left: &ast::Expr,
        right: &ast::Expr,
        word: &str,
    ) -> Option<(hir::Expr, hir::Expr)> {
        let (first, second) = if waits_for_others(left) && !waits_for_others(right) {
            let second = self.expression(scope, right, None);
            (self.expression(scope, left, second.ty.as_ref()), second)
        } else {
            self.left_then_right(scope, left, right)
        };
        let first = self.with_value(first, &format!("what stands left of `{word}`"));
        let second = self.with_value(second, &format!("what stands right of `{word}`"));
        (!Self::is_error(&first) && !Self::is_error(&second)).then_some((first, second))
    }

    fn left_then_right(
        &mut self,
        scope: &mut Scope,
        left: &ast::Expr,
        right: &ast::Expr,
    ) -> (hir::Expr, hir::Expr) {
        let first = self.expression(scope, left, None);
        let is_number = |ty: &Type| matches!(ty.base(&self.program), Type::Int(_) | Type::Float(_));
        let hint = first.ty.clone().filter(|ty| !is_number(ty) && !matches!(ty, Type::Error | Type::Null));
        let second = self.expression(scope, right, hint.as_ref());
        let beside_quantity = matches!(second.ty.as_ref().map(Type::without_optional), Some(Type::Quantity));
        if beside_quantity && is_amount(left) {
            return (self.expression(scope, left, Some(&Type::Quantity)), second);
        }
        (first, second)
    }

    fn equality(
        &mut self,
        scope: &mut Scope,
        op: Op,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
    ) -> hir::Expr {
        let word = if op == Op::Equal { "==" } else { "!=" };
        let Some((first, second)) = self.operands(scope, left, right, word) else {
            return error_expression(span);
        };
        if is_null(&second) || is_null(&first) {
            return self.comparison_with_null(op, first, second, span);
        }
        let (a, b) = (type_of(&first), type_of(&second));
        if !self.has_equality(&first) || !self.has_equality(&second) {
            let culprit = if self.has_equality(&first) { &second } else { &first };
            let source = self.source_of(scope, culprit);
            self.report(messages::no_equality(self, culprit, word, source));
            return error_expression(span);
        }
        match self.common_for_equality(&a, &b) {
            Some(ty) => {
                let first = self.fit(scope, first, &ty, |_| Expectation::new("an operand of `==`"));
                let second = self.fit(scope, second, &ty, |_| Expectation::new("an operand of `==`"));
                binary(op, first, second, Type::Bool, span)
            }
            None => {
                let sources = (self.source_of(scope, &first), self.source_of(scope, &second));
                self.report(messages::wrong_operands(self, word, &first, &second, span, sources));
                error_expression(span)
            }
        }
    }

    /// What both sides become: without intervals and patterns, but with their names.
    fn common_for_equality(&self, a: &Type, b: &Type) -> Option<Type> {
        let either_optional = matches!(a, Type::Optional(_)) || matches!(b, Type::Optional(_));
        let (a, b) = (a.without_optional(), b.without_optional());
        let has_name = |ty: &Type| matches!(ty, Type::Distinct(_));
        let ty = if has_name(a) || has_name(b) {
            (a == b).then(|| a.clone())?
        } else {
            let (a, b) = (a.base(&self.program), b.base(&self.program));
            let beside_json = matches!((&a, &b), (Type::Json, _) | (_, Type::Json));
            if beside_json && a != b {
                return None;
            }
            meet(&[&a, &b], &self.program).ok()?
        };
        Some(if either_optional { Type::optional(ty) } else { ty })
    }

    fn has_equality(&self, value: &hir::Expr) -> bool {
        match kind(&type_of(value), &self.program) {
            Kind::Value => true,
            Kind::Artifact | Kind::Mixed | Kind::Secret | Kind::Either => false,
        }
    }

    /// `x == null`: also for artifacts. For what is never `null` the answer is known.
    fn comparison_with_null(&mut self, op: Op, first: hir::Expr, second: hir::Expr, span: Span) -> hir::Expr {
        let (null, other) = if is_null(&second) { (second, first) } else { (first, second) };
        let ty = type_of(&other);
        if matches!(ty, Type::Json) {
            let null = hir::Expr {
                kind: ExprKind::Literal(pipec_ir::value::Value::Json(serde_json::Value::Null)),
                ty: Some(Type::Json),
                span: null.span,
            };
            return binary(op, other, null, Type::Bool, span);
        }
        if !matches!(ty, Type::Optional(_)) {
            let word = if op == Op::Equal { "==" } else { "!=" };
            self.report(messages::null_comparison_is_constant(&other, word, span));
            let value = (op == Op::Equal) == is_null(&other);
            return super::literal(pipec_ir::value::Value::Bool(value), Type::Bool, span);
        }
        let null = hir::Expr { ty: Some(ty), ..null };
        binary(op, other, null, Type::Bool, span)
    }

    fn order(
        &mut self,
        scope: &mut Scope,
        op: Op,
        operator: &Spanned<BinaryOp>,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
    ) -> hir::Expr {
        let word = symbol(operator.value);
        let Some((first, second)) = self.operands(scope, left, right, word) else {
            return error_expression(span);
        };
        let (a, b) = (type_of(&first).base(&self.program), type_of(&second).base(&self.program));
        let ty = match (&a, &b) {
            (Type::Int(_), Type::Int(_)) => Type::INT,
            (Type::Int(_) | Type::Float(_), Type::Int(_) | Type::Float(_)) => Type::FLOAT,
            (Type::String(_), Type::String(_)) => Type::STRING,
            (Type::Duration, Type::Duration) => Type::Duration,
            _ => {
                self.wrong_operands(scope, word, &first, &second, span);
                return error_expression(span);
            }
        };
        self.computed(scope, op, first, second, &ty, Type::Bool, span)
    }

    fn arithmetic(
        &mut self,
        scope: &mut Scope,
        op: Op,
        operator: &Spanned<BinaryOp>,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
    ) -> hir::Expr {
        let word = symbol(operator.value);
        let Some((first, second)) = self.operands(scope, left, right, word) else {
            return error_expression(span);
        };
        let (a, b) = (type_of(&first).base(&self.program), type_of(&second).base(&self.program));
        let whole = matches!(op, Op::Div | Op::Mod);
        let both = match (&a, &b) {
            (Type::Int(_), Type::Int(_)) if op == Op::Divide => Some(Type::FLOAT),
            (Type::Int(_), Type::Int(_)) => Some(Type::INT),
            (Type::Int(_) | Type::Float(_), Type::Int(_) | Type::Float(_)) if !whole => Some(Type::FLOAT),
            (Type::Duration, Type::Duration) if matches!(op, Op::Add | Op::Subtract) => Some(Type::Duration),
            _ => None,
        };
        if let Some(ty) = both {
            return self.computed(scope, op, first, second, &ty, ty.clone(), span);
        }
        if op == Op::Multiply && matches!((&a, &b), (Type::Duration, Type::Int(_))) {
            let first = self.without_name(first, &Type::Duration);
            let second = self.fit(scope, second, &Type::INT, |_| Expectation::new("the factor"));
            return binary(op, first, second, Type::Duration, span);
        }
        if op == Op::Multiply && matches!((&a, &b), (Type::Int(_), Type::Duration)) {
            self.report(messages::duration_comes_first(left, right, span));
        } else if op == Op::Add && matches!((&a, &b), (Type::String(_), _) | (_, Type::String(_))) {
            self.report(messages::texts_are_not_added(self, (left, &first), (right, &second), span));
        } else {
            self.wrong_operands(scope, word, &first, &second, span);
        }
        error_expression(span)
    }

    fn wrong_operands(
        &mut self,
        scope: &Scope,
        word: &str,
        first: &hir::Expr,
        second: &hir::Expr,
        span: Span,
    ) {
        let optional = [first, second].into_iter().find(|value| matches!(value.ty, Some(Type::Optional(_))));
        let diagnostic = match optional {
            Some(value) => messages::operand_may_be_null(self, word, value, self.source_of(scope, value)),
            None => {
                let sources = (self.source_of(scope, first), self.source_of(scope, second));
                messages::wrong_operands(self, word, first, second, span, sources)
            }
        };
        self.report(diagnostic);
    }

    /// Both operands as `operand`s, and the result.
    #[expect(clippy::too_many_arguments, reason = "the parts of one expression")]
    fn computed(
        &mut self,
        scope: &Scope,
        op: Op,
        first: hir::Expr,
        second: hir::Expr,
        operand: &Type,
        result: Type,
        span: Span,
    ) -> hir::Expr {
        let first = self.fit(scope, first, operand, |_| Expectation::new("an operand"));
        let second = self.fit(scope, second, operand, |_| Expectation::new("an operand"));
        if Self::is_error(&first) || Self::is_error(&second) {
            return error_expression(span);
        }
        let divides = matches!(op, Op::Divide | Op::Div | Op::Mod);
        if divides && matches!(self.known(&second), Known::Value(value) if is_zero(&value)) {
            self.report(messages::divided_by_zero(op.symbol(), second.span));
            return error_expression(span);
        }
        let value = binary(op, first, second, result, span);
        self.without_fault(value)
    }
}

fn binary(op: Op, left: hir::Expr, right: hir::Expr, ty: Type, span: Span) -> hir::Expr {
    typed(ExprKind::Binary { op, left: Box::new(left), right: Box::new(right) }, ty, span)
}

fn is_zero(value: &Value) -> bool {
    matches!(value, Value::Int(0)) || matches!(value, Value::Float(number) if *number == 0.0)
}

/// A literal that may become what the place beside it is.
fn is_constant_like(expr: &hir::Expr) -> bool {
    matches!(expr.kind, ExprKind::Literal(_) | ExprKind::Constant(_))
}

fn is_amount(expr: &ast::Expr) -> bool {
    matches!(
        expr.kind,
        ast::ExprKind::Int(_)
            | ast::ExprKind::Float(_)
            | ast::ExprKind::Duration { .. }
            | ast::ExprKind::Quantity { .. }
    )
}

/// An operator as it is written.
pub(super) fn symbol(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Or => "or",
        BinaryOp::And => "and",
        BinaryOp::Equal => "==",
        BinaryOp::NotEqual => "!=",
        BinaryOp::Less => "<",
        BinaryOp::LessOrEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterOrEqual => ">=",
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Div => "div",
        BinaryOp::Mod => "mod",
        BinaryOp::Coalesce => "??",
    }
}
