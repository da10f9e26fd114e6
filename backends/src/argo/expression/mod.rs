//! Pure expressions → Argo's expression language, so that the result is the language's or the run fails with a message.
//!
//! What may fail stands only in a tag `{{=…}}` of a DAG task; there an error ends the task's node. An output's
//! expression must be unable to fail: there an error would hang the run or let it succeed. No text made here contains
//! `let`, `}}` or a name that isn't in scope, because Argo would take the tag for something to be resolved later.

mod amount;
mod check;
mod constant;
mod convert;
mod deliver;
mod ending;
mod function;
mod matching;
mod operation;
mod scope;
mod structure;
mod term;
mod walk;

#[cfg(test)]
mod tests;

use pipec_ir::types::TypeTable;
use pipec_ir::{Expr, ExprKind, Span, Type};

pub(crate) use constant::wire_text;
pub(crate) use convert::{from_wire, into_json, out_of_json, to_wire};
pub(crate) use deliver::element;
pub(crate) use scope::{Binding, Ending, NodeValue, Scope};
pub(crate) use structure::object_literal;
pub(crate) use term::{Term, fail, fail_showing, formula, member, string_literal};
pub(crate) use walk::{referred_nodes, try_visit_mut};

use super::wire::{Class, class, record};
use crate::Refusal;

/// Longest expression text that is emitted: Argo's parser takes 10,000 syntax nodes.
const MAX_TEXT: usize = 60_000;

/// What a parameter's value is, as wire text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum WireValue {
    /// A constant.
    Literal(String),
    /// Another parameter, unchanged: `tasks.fit.outputs.parameters.auc`.
    Reference(String),
    Expression(Term),
}

impl WireValue {
    /// As an argument's value, `when` or `withParam`.
    pub(crate) fn into_argument(self) -> String {
        match self {
            WireValue::Literal(text) => text,
            WireValue::Reference(reference) => format!("{{{{{}}}}}", tag_reference(&reference)),
            WireValue::Expression(term) => format!("{{{{={}}}}}", term.text),
        }
    }

    /// As an expression of its own, which gives a string.
    pub(crate) fn into_expression(self) -> String {
        match self {
            WireValue::Literal(text) => string_literal(&text),
            WireValue::Reference(reference) => reference,
            WireValue::Expression(term) => term.text,
        }
    }

    /// Whether it may stand in the template of a step.
    pub(crate) fn fits_leaf(&self) -> bool {
        match self {
            WireValue::Literal(_) | WireValue::Reference(_) => true,
            WireValue::Expression(term) => !term.faults,
        }
    }

    /// Whether it may stand in an output.
    pub(crate) fn fits_output(&self) -> bool {
        match self {
            WireValue::Literal(_) | WireValue::Reference(_) => true,
            WireValue::Expression(term) => !term.faults && !term.needs_workflow,
        }
    }
}

/// `tasks['fit'].outputs` is written `tasks.fit.outputs` in a plain tag.
fn tag_reference(reference: &str) -> String {
    reference.replace("['", ".").replace("']", "")
}

/// Lowers the expressions of one program.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lowering<'a> {
    pub(crate) types: &'a TypeTable,
    pub(crate) sources: &'a [String],
}

impl Lowering<'_> {
    /// The wire text of an expression's value.
    pub(crate) fn wire(&self, expr: &Expr, scope: &Scope) -> Result<WireValue, Refusal> {
        if let ExprKind::Const(json) = &expr.kind {
            return Ok(WireValue::Literal(wire_text(json, &expr.ty, self.types)));
        }
        if let Some(reference) = self.same_wire(expr, scope) {
            return Ok(WireValue::Reference(reference));
        }
        let value = self.value(expr, scope)?;
        let term = to_wire(&value, &expr.ty, self.types);
        if term.text.len() > MAX_TEXT {
            return Err(Refusal::new("this expression is too long for Argo")
                .help("compute it in a task, or bind parts of it to names")
                .spanned(expr.span));
        }
        Ok(WireValue::Expression(term))
    }

    /// The parameter whose wire text is the expression's own.
    fn same_wire(&self, expr: &Expr, scope: &Scope) -> Option<String> {
        match &expr.kind {
            ExprKind::Input(name) => match scope.inputs.get(name)? {
                Binding::Parameter { reference, .. } => Some(reference.clone()),
                Binding::Json { .. } => None,
                Binding::Expression(inner) => self.same_wire(inner, scope),
                Binding::Refused => None,
            },
            ExprKind::Output { node, output } => match (scope.node(node)?, output) {
                (NodeValue::Whole(Binding::Parameter { reference, .. }), None) => Some(reference.clone()),
                (NodeValue::Whole(Binding::Expression(inner)), None) => self.same_wire(inner, scope),
                (NodeValue::Outputs(outputs) | NodeValue::Columns(outputs), Some(name)) => {
                    find(outputs, name)
                }
                _ => None,
            },
            ExprKind::Field { of, field } => match outputs_of(of, scope)? {
                NodeValue::Outputs(outputs) => find(outputs, field),
                NodeValue::Whole(_) | NodeValue::Columns(_) => None,
            },
            ExprKind::Project { of, field } => match outputs_of(of, scope)? {
                NodeValue::Columns(columns) => find(columns, field),
                NodeValue::Whole(_) | NodeValue::Outputs(_) => None,
            },
            ExprKind::Widen(inner) | ExprKind::Narrow(inner) => {
                if self.is_same_on_wire(&inner.ty, &expr.ty) {
                    self.same_wire(inner, scope)
                } else {
                    None
                }
            }
            ExprKind::Const(_)
            | ExprKind::Artifact(_)
            | ExprKind::Secret { .. }
            | ExprKind::Run(_)
            | ExprKind::List(_)
            | ExprKind::Record(_)
            | ExprKind::Map(_)
            | ExprKind::Variant { .. }
            | ExprKind::OptionalField { .. }
            | ExprKind::Index { .. }
            | ExprKind::Unary { .. }
            | ExprKind::Binary { .. }
            | ExprKind::If { .. }
            | ExprKind::Match { .. }
            | ExprKind::Interpolate(_)
            | ExprKind::Call { .. }
            | ExprKind::Refine(_) => None,
        }
    }

    /// Whether every value of `from` has the same wire text as a `to`.
    fn is_same_on_wire(&self, from: &Type, to: &Type) -> bool {
        use Type as T;
        match (from, to) {
            (T::Optional { of: from }, T::Optional { of: to }) => self.is_same_on_wire(from, to),
            // A missing value is `null` on the wire, the JSON value `null` is encoded.
            (T::Optional { .. }, T::Json) => false,
            (T::Optional { of }, _) => self.is_same_on_wire(of, to),
            (_, T::Optional { of }) => self.is_same_on_wire(from, of),
            (T::Record { name: from }, T::Record { name: to }) => from == to,
            (T::Enum { name: from }, T::Enum { name: to }) => from == to,
            (T::List { item: from }, T::List { item: to }) => self.is_same_on_wire(from, to),
            (T::Map { value: from }, T::Map { value: to }) => self.is_same_on_wire(from, to),
            (T::Json, T::Json) => true,
            (T::Json, _) | (_, T::Json) => false,
            (T::Int { .. }, T::Float { .. }) => false,
            _ => {
                class(from, self.types) == class(to, self.types)
                    && !matches!(
                        class(from, self.types),
                        Class::Plain | Class::Encoded | Class::Variant { .. }
                    )
            }
        }
    }

    /// The expression as a value of the expression language.
    pub(crate) fn value(&self, expr: &Expr, scope: &Scope) -> Result<Term, Refusal> {
        match &expr.kind {
            ExprKind::Const(json) => Ok(constant::literal(json, &expr.ty, self.types)),
            ExprKind::Input(name) => self.binding(scope.inputs.get(name), name, expr, scope),
            ExprKind::Output { node, output } => {
                let Some(value) = scope.node(node) else {
                    return Err(unknown_name(&node.0, expr.span));
                };
                self.node_value(value, output.as_deref(), expr, scope)
            }
            ExprKind::Run(field) => ending::run_field(*field, &scope.ending, expr.span),
            ExprKind::List(items) => self.list(items, scope),
            ExprKind::Record(fields) => self.record(fields, &expr.ty, scope),
            ExprKind::Map(entries) => {
                let pairs = entries.iter().map(|(key, value)| (key.as_str(), value));
                self.object(pairs, scope)
            }
            ExprKind::Variant { variant, fields } => self.variant(variant, fields, &expr.ty, scope),
            ExprKind::Field { of, field } => {
                if let Some(reference) = self.same_wire(expr, scope) {
                    return Ok(from_wire(&Term::atom(reference), &expr.ty, self.types));
                }
                let of_value = self.value(of, scope)?;
                let place = format!("{}{}", of_value.text, member(&self.field_name(&of.ty, field)));
                Ok(out_of_json(&Term::made_of(place, &[&of_value]), &expr.ty, self.types))
            }
            ExprKind::OptionalField { of, field } => {
                let of_value = self.value(of, scope)?;
                let place = format!("{}?{}", of_value.text, optional_member(&self.field_name(&of.ty, field)));
                Ok(out_of_json(&Term::made_of(place, &[&of_value]), &expr.ty, self.types))
            }
            ExprKind::Project { of, field } => {
                if let Some(reference) = self.same_wire(expr, scope) {
                    return Ok(from_wire(&Term::atom(reference), &expr.ty, self.types));
                }
                let of_value = self.value(of, scope)?;
                let Type::List { item } = &of.ty else { return Err(ill_typed("a projection", expr.span)) };
                let name = self.field_name(item, field);
                let optional = matches!(**item, Type::Optional { .. });
                let pick = if optional {
                    format!("#?{}", optional_member(&name))
                } else {
                    format!("#{}", member(&name))
                };
                Ok(Term::made_of(format!("map({}, {pick})", of_value.text), &[&of_value]))
            }
            ExprKind::Index { of, index } => self.index(of, index, expr, scope),
            ExprKind::Unary { op, operand } => self.unary(*op, operand, expr, scope),
            ExprKind::Binary { op, left, right } => self.binary(*op, left, right, expr, scope),
            ExprKind::If { condition, then, otherwise } => {
                let condition = self.value(condition, scope)?;
                let then = self.value(then, scope)?;
                let otherwise = self.value(otherwise, scope)?;
                let text = format!("({} ? {} : {})", condition.text, then.text, otherwise.text);
                Ok(Term::made_of(text, &[&condition, &then, &otherwise]))
            }
            ExprKind::Match { subject, arms } => self.matches(subject, arms, scope),
            ExprKind::Interpolate(pieces) => self.interpolate(pieces, scope),
            ExprKind::Call { function, args } => self.call(*function, args, expr, scope),
            ExprKind::Widen(inner) => {
                let value = self.value(inner, scope)?;
                self.widen(&value, &inner.ty, &expr.ty, expr.span)
            }
            ExprKind::Narrow(inner) => self.value(inner, scope),
            ExprKind::Refine(inner) => self.refine(inner, expr, scope),
            ExprKind::Artifact(_) => {
                Err(Refusal::new("a constant file can't stand inside an expression on Argo yet")
                    .help("pass it to a call as an argument of its own")
                    .spanned(expr.span))
            }
            ExprKind::Secret { .. } => Err(Refusal::new("a secret is never a value").spanned(expr.span)),
        }
    }

    fn binding(
        &self,
        binding: Option<&Binding>,
        name: &str,
        expr: &Expr,
        scope: &Scope,
    ) -> Result<Term, Refusal> {
        match binding {
            Some(Binding::Parameter { reference, ty }) => {
                Ok(from_wire(&Term::atom(reference.clone()), ty, self.types))
            }
            Some(Binding::Json { text, ty }) => {
                let place = Term {
                    text: text.clone(),
                    faults: false,
                    needs_workflow: false,
                    atom: !text.contains('#'),
                };
                Ok(out_of_json(&place, ty, self.types))
            }
            Some(Binding::Expression(inner)) => self.value(inner, scope),
            Some(Binding::Refused) => Ok(Term::atom(constant::NULL)),
            None => Err(unknown_name(name, expr.span)),
        }
    }

    fn node_value(
        &self,
        value: &NodeValue,
        output: Option<&str>,
        expr: &Expr,
        scope: &Scope,
    ) -> Result<Term, Refusal> {
        let reference =
            |reference: &str, ty: &Type| from_wire(&Term::atom(reference.to_owned()), ty, self.types);
        match (value, output) {
            (NodeValue::Whole(binding), None) => self.binding(Some(binding), "", expr, scope),
            (NodeValue::Whole(binding), Some(_)) => self.binding(Some(binding), "", expr, scope),
            (NodeValue::Outputs(outputs) | NodeValue::Columns(outputs), Some(name)) => outputs
                .iter()
                .find(|(output, ..)| output == name)
                .map(|(_, text, ty)| reference(text, ty))
                .ok_or_else(|| unknown_name(name, expr.span)),
            (NodeValue::Outputs(outputs), None) => {
                let parts: Vec<(String, Term)> = outputs
                    .iter()
                    .map(|(name, text, ty)| {
                        let value = reference(text, ty);
                        (self.field_name(&expr.ty, name), into_json(&value, ty, self.types))
                    })
                    .collect();
                Ok(object_literal(&parts))
            }
            (NodeValue::Columns(columns), None) => Ok(self.rows(columns, &expr.ty)),
        }
    }

    /// The JSON name of a record's field.
    pub(crate) fn field_name(&self, ty: &Type, field: &str) -> String {
        let Type::Record { name } = ty.without_optional() else { return field.to_owned() };
        record(self.types, name)
            .and_then(|found| found.fields.iter().find(|candidate| candidate.name == field))
            .map_or_else(|| field.to_owned(), |found| found.json_name().to_owned())
    }

    /// `file:line:column: message`, for the end of an expression that fails.
    pub(crate) fn fail(&self, span: Option<Span>, message: &str) -> String {
        fail(&self.placed(span, message))
    }

    /// A message with its place in the source.
    fn placed(&self, span: Option<Span>, message: &str) -> String {
        let place = span.and_then(|span| {
            let source = self.sources.get(usize::try_from(span.file).ok()?)?;
            Some(format!("{source}:{}:{}: ", span.line, span.column))
        });
        format!("{}{message}", place.unwrap_or_default())
    }
}

fn outputs_of<'s>(of: &Expr, scope: &'s Scope) -> Option<&'s NodeValue> {
    if let ExprKind::Output { node, output: None } = &of.kind { scope.node(node) } else { None }
}

fn find(outputs: &[(String, String, Type)], name: &str) -> Option<String> {
    outputs.iter().find(|(output, ..)| output == name).map(|(_, reference, _)| reference.clone())
}

fn optional_member(name: &str) -> String {
    let member = member(name);
    if member.starts_with('[') { format!(".{member}") } else { member }
}

fn unknown_name(name: &str, span: Option<Span>) -> Refusal {
    Refusal::new(format!("`{name}` isn't known here; the IR should have been refused by its validation"))
        .spanned(span)
}

pub(crate) fn ill_typed(what: &str, span: Option<Span>) -> Refusal {
    Refusal::new(format!("{what} has an unexpected type; the IR should have been refused by its validation"))
        .spanned(span)
}
