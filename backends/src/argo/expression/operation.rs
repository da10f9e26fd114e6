//! Operators: arithmetic that is checked where the library wraps, comparison, indexing, conversions.

use pipec_ir::{BinaryOp, Expr, Span, Type, UnaryOp};

use super::convert::MAX_EXACT;
use super::{
    Class, Lowering, Scope, Term, class, formula, ill_typed, into_json, object_literal, out_of_json,
};
use crate::Refusal;
use crate::argo::wire::record;

const MAX_FLOAT: &str = "1.7976931348623157e308";
const MIN_INT_BUT_ONE: &str = "-9223372036854775807";

impl Lowering<'_> {
    pub(super) fn unary(
        &self,
        op: UnaryOp,
        operand: &Expr,
        expr: &Expr,
        scope: &Scope,
    ) -> Result<Term, Refusal> {
        let value = self.value(operand, scope)?;
        match op {
            UnaryOp::Not => Ok(Term::made_of(format!("(not {})", value.text), &[&value])),
            UnaryOp::Negate => match class(&operand.ty, self.types) {
                Class::Int => {
                    let fail = self.fail(expr.span, "integer overflow");
                    Ok(formula(&[&value], |t| format!("{0} < {MIN_INT_BUT_ONE} ? {fail} : -{0}", t[0]))
                        .faulting())
                }
                // Zero has no sign in the language.
                Class::Float => Ok(Term::made_of(format!("(0.0 - {})", value.text), &[&value])),
                Class::Duration => Ok(Term::made_of(format!("(-{})", value.text), &[&value])),
                Class::Bool
                | Class::Name
                | Class::Text
                | Class::Plain
                | Class::Encoded
                | Class::Variant { .. } => Err(ill_typed("a negation", expr.span)),
            },
        }
    }

    pub(super) fn binary(
        &self,
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
        expr: &Expr,
        scope: &Scope,
    ) -> Result<Term, Refusal> {
        let (a, mut b) = (self.value(left, scope)?, self.value(right, scope)?);
        if matches!(op, BinaryOp::Div | BinaryOp::Mod) && b.text == "0" {
            // A literal zero doesn't compile, not even where it is never reached.
            b.text = "int('0')".to_owned();
        }
        let plain =
            |operator: &str| Ok(Term::made_of(format!("({} {operator} {})", a.text, b.text), &[&a, &b]));
        match op {
            BinaryOp::And => plain("and"),
            BinaryOp::Or => plain("or"),
            BinaryOp::Coalesce => plain("??"),
            BinaryOp::Equal | BinaryOp::NotEqual => Ok(self.equality(op, (&a, left), (&b, right))),
            BinaryOp::Less => plain("<"),
            BinaryOp::LessOrEqual => plain("<="),
            BinaryOp::Greater => plain(">"),
            BinaryOp::GreaterOrEqual => plain(">="),
            BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide => {
                self.arithmetic(op, &a, &b, (&left.ty, &right.ty), expr.span)
            }
            BinaryOp::Div => {
                let zero = self.fail(expr.span, "division by zero or integer overflow");
                Ok(formula(&[&a, &b], |t| {
                    let (a, b) = (&t[0], &t[1]);
                    format!(
                        "{b} == 0 or {b} == -1 and {a} < {MIN_INT_BUT_ONE} ? {zero} : \
                         sprig.div({a}, {b}) - ({a} % {b} != 0 and ({a} < 0) != ({b} < 0) ? 1 : 0)"
                    )
                })
                .faulting())
            }
            BinaryOp::Mod => {
                let zero = self.fail(expr.span, "division by zero");
                Ok(formula(&[&a, &b], |t| {
                    let (a, b) = (&t[0], &t[1]);
                    format!("{b} == 0 ? {zero} : {a} % {b} != 0 and ({a} < 0) != ({b} < 0) ? {a} % {b} + {b} : {a} % {b}")
                })
                .faulting())
            }
        }
    }

    fn arithmetic(
        &self,
        op: BinaryOp,
        a: &Term,
        b: &Term,
        (left, right): (&Type, &Type),
        span: Option<Span>,
    ) -> Result<Term, Refusal> {
        let (left, right) = (class(left, self.types), class(right, self.types));
        let overflow = self.fail(span, "integer overflow");
        let term = match (op, left, right) {
            (BinaryOp::Add, Class::Int, Class::Int) => formula(&[a, b], |t| {
                format!("({0} + {1} > {0}) == ({1} > 0) ? {0} + {1} : {overflow}", t[0], t[1])
            }),
            (BinaryOp::Subtract, Class::Int, Class::Int) => formula(&[a, b], |t| {
                format!("({0} - {1} < {0}) == ({1} > 0) ? {0} - {1} : {overflow}", t[0], t[1])
            }),
            // Wrapping is off by 2^64, rounding by less than 10^4.
            (BinaryOp::Multiply, Class::Int, Class::Int) => formula(&[a, b], |t| {
                format!("abs(float({0}) * float({1}) - {0} * {1}) < 1e6 ? {0} * {1} : {overflow}", t[0], t[1])
            }),
            (BinaryOp::Divide, _, _) => {
                let zero = self.fail(span, "division by zero");
                let quotient = formula(&[b, a], |t| format!("{0} == 0 ? {zero} : {1} / {0}", t[0], t[1]));
                self.finite(&quotient, span)
            }
            (BinaryOp::Add, Class::Float, _) => self.finite(&infix(a, "+", b), span),
            (BinaryOp::Subtract, Class::Float, _) => self.finite(&infix(a, "-", b), span),
            (BinaryOp::Multiply, Class::Float, _) => self.finite(&infix(a, "*", b), span),
            (BinaryOp::Add, Class::Duration, _) => self.duration_in_range(&infix(a, "+", b), span),
            (BinaryOp::Subtract, Class::Duration, _) => self.duration_in_range(&infix(a, "-", b), span),
            (BinaryOp::Multiply, Class::Duration, _) | (BinaryOp::Multiply, _, Class::Duration) => {
                let fail = self.fail(span, "duration out of range");
                formula(&[a, b], |t| {
                    format!("abs(float({0}) * {1}) <= {MAX_EXACT} ? {0} * {1} : {fail}", t[0], t[1])
                })
            }
            _ => return Err(ill_typed("an operator", span)),
        };
        Ok(term.faulting())
    }

    pub(super) fn finite(&self, value: &Term, span: Option<Span>) -> Term {
        let fail = self.fail(span, "the result is not a finite number");
        formula(&[value], |t| format!("abs({0}) <= {MAX_FLOAT} ? {0} : {fail}", t[0])).faulting()
    }

    pub(super) fn duration_in_range(&self, value: &Term, span: Option<Span>) -> Term {
        let fail = self.fail(span, "duration out of range");
        formula(&[value], |t| format!("abs({0}) <= {MAX_EXACT} ? {0} : {fail}", t[0])).faulting()
    }

    fn equality(&self, op: BinaryOp, (a, left): (&Term, &Expr), (b, right): (&Term, &Expr)) -> Term {
        let operator = if op == BinaryOp::Equal { "==" } else { "!=" };
        for (this, other) in [(a, b), (b, a)] {
            if this.text == super::constant::NULL {
                return Term::made_of(format!("({} {operator} nil)", other.text), &[other]);
            }
        }
        let optional = matches!(left.ty, Type::Optional { .. }) || matches!(right.ty, Type::Optional { .. });
        let scalar = match class(&left.ty, self.types) {
            Class::Bool | Class::Int | Class::Float | Class::Duration | Class::Name | Class::Text => true,
            Class::Plain | Class::Encoded | Class::Variant { .. } => false,
        };
        if scalar && !optional {
            let (a, b) = (self.by_amount(a, &left.ty), self.by_amount(b, &right.ty));
            return Term::made_of(format!("({} {operator} {})", a.text, b.text), &[&a, &b]);
        }
        let inside = |value: &Term, ty: &Type| self.by_amount(&into_json(value, ty, self.types), ty);
        let (a, b) = (inside(a, &left.ty), inside(b, &right.ty));
        Term::made_of(format!("(toJson({}) {operator} toJson({}))", a.text, b.text), &[&a, &b])
    }

    pub(super) fn index(&self, of: &Expr, index: &Expr, expr: &Expr, scope: &Scope) -> Result<Term, Refusal> {
        let (list, at) = (self.value(of, scope)?, self.value(index, scope)?);
        let place = if let Type::Map { .. } = of.ty {
            let fail = self.fail(expr.span, "no such key in the map");
            formula(&[&list, &at], |t| format!("{1} in {0} ? {0}[{1}] : {fail}", t[0], t[1]))
        } else {
            let fail = self.fail(expr.span, "index out of range");
            formula(&[&list, &at], |t| format!("{1} >= 0 and {1} < len({0}) ? {0}[{1}] : {fail}", t[0], t[1]))
        };
        Ok(out_of_json(&place, &expr.ty, self.types).faulting())
    }

    pub(super) fn widen(
        &self,
        value: &Term,
        from: &Type,
        to: &Type,
        span: Option<Span>,
    ) -> Result<Term, Refusal> {
        match (from, to) {
            (Type::Optional { of: from }, Type::Optional { of: to }) => {
                let inner = Term { text: "#".to_owned(), faults: false, needs_workflow: false, atom: false };
                let converted = self.widen(&inner, from, to, span)?;
                if converted.text == "#" {
                    return Ok(value.clone());
                }
                let text = format!("map([{}], # == nil ? nil : {})[0]", value.text, converted.text);
                Ok(Term::made_of(text, &[value]))
            }
            (_, Type::Optional { of }) => self.widen(value, from, of, span),
            (Type::Int { .. }, Type::Float { .. }) => {
                Ok(Term::made_of(format!("float({})", value.text), &[value]))
            }
            (Type::Int { .. }, Type::Quantity) => {
                Ok(Term::made_of(format!("string({})", value.text), &[value]))
            }
            (Type::Float { .. }, Type::Quantity) => {
                Ok(Term::made_of(format!("toJson({} + 0)", value.text), &[value]))
            }
            (Type::List { item: from }, Type::List { item: to }) => {
                let Some(converted) = self.widen_element(from, to, span)? else { return Ok(value.clone()) };
                Ok(Term::made_of(format!("map({}, {})", value.text, converted.text), &[value]))
            }
            (Type::Map { value: from }, Type::Map { value: to }) => {
                if from == to {
                    return Ok(value.clone());
                }
                let place =
                    Term { text: "#[1]".to_owned(), faults: false, needs_workflow: false, atom: false };
                let outside = out_of_json(&place, from, self.types);
                let converted = into_json(&self.widen(&outside, from, to, span)?, to, self.types);
                if converted.text == "#[1]" {
                    return Ok(value.clone());
                }
                let text = format!(
                    "reduce(toPairs({}), sprig.set(#acc, #[0], {}), {{}})",
                    value.text, converted.text
                );
                Ok(Term::made_of(text, &[value]))
            }
            (Type::Record { name: from_name }, Type::Record { name: to_name }) if from_name != to_name => {
                let (Some(source), Some(target)) =
                    (record(self.types, from_name), record(self.types, to_name))
                else {
                    return Err(ill_typed("a conversion", span));
                };
                let element =
                    Term { text: "#".to_owned(), faults: false, needs_workflow: false, atom: false };
                let mut parts = Vec::new();
                for field in &target.fields {
                    let found = source.fields.iter().find(|candidate| candidate.name == field.name);
                    let part = match (found, &field.default) {
                        (Some(found), _) => {
                            let place = super::member(found.json_name());
                            let place = Term::made_of(format!("{}{place}", element.text), &[&element]);
                            let outside = out_of_json(&place, &found.ty, self.types);
                            into_json(
                                &self.widen(&outside, &found.ty, &field.ty, span)?,
                                &field.ty,
                                self.types,
                            )
                        }
                        (None, Some(default)) => {
                            let literal = super::constant::literal(default, &field.ty, self.types);
                            into_json(&literal, &field.ty, self.types)
                        }
                        (None, None) => Term::atom(super::constant::NULL),
                    };
                    parts.push((field.json_name().to_owned(), part));
                }
                let body = object_literal(&parts);
                Ok(Term::made_of(format!("map([{}], {})[0]", value.text, body.text), &[value]))
            }
            (from, Type::Json) => Ok(into_json(value, from, self.types)),
            _ => Ok(value.clone()),
        }
    }

    /// The conversion of a list's item, in the form that it has inside JSON; nothing where that is no change.
    fn widen_element(&self, from: &Type, to: &Type, span: Option<Span>) -> Result<Option<Term>, Refusal> {
        if from == to {
            return Ok(None);
        }
        let element = Term { text: "#".to_owned(), faults: false, needs_workflow: false, atom: false };
        if std::mem::discriminant(from) == std::mem::discriminant(to)
            && !matches!(
                from,
                Type::Record { .. } | Type::List { .. } | Type::Map { .. } | Type::Optional { .. }
            )
        {
            return Ok(None);
        }
        let outside = out_of_json(&element, from, self.types);
        let converted = into_json(&self.widen(&outside, from, to, span)?, to, self.types);
        Ok((converted.text != "#").then_some(converted))
    }

    /// A value as one of a narrower type, or a fault.
    pub(super) fn refine(&self, inner: &Expr, expr: &Expr, scope: &Scope) -> Result<Term, Refusal> {
        let value = self.value(inner, scope)?;
        let what = self.placed(expr.span, "the value");
        Ok(match expr.ty.without_optional() {
            Type::Int { .. } | Type::Float { .. } => self.in_range(&value, &expr.ty, &what).faulting(),
            Type::String { pattern: Some(_) } => self.text_check(&value, &expr.ty, &what).faulting(),
            Type::List { .. } | Type::Map { .. } | Type::Record { .. } => {
                let checked = self.bound_check(&into_json(&value, &expr.ty, self.types), &expr.ty, &what);
                out_of_json(&checked, &expr.ty, self.types)
            }
            Type::String { pattern: None }
            | Type::Bool
            | Type::Duration
            | Type::Quantity
            | Type::Enum { .. }
            | Type::Json
            | Type::Secret
            | Type::Optional { .. }
            | Type::File { .. }
            | Type::Dir { .. }
            | Type::Table { .. }
            | Type::Timestamp
            | Type::Date
            | Type::Decimal => value,
        })
    }
}

fn infix(a: &Term, operator: &str, b: &Term) -> Term {
    Term::made_of(format!("({} {operator} {})", a.text, b.text), &[a, b])
}
