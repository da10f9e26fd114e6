//! Pure expressions → Argo's expression language, so that the result is the language's or the run fails with a message.
//!
//! What may fail stands only in a tag `{{=…}}` of a DAG task; there an error ends the task's node. An output's
//! expression must be unable to fail: there an error would hang the run or let it succeed. No text made here contains
//! `let`, `}}` or a name that isn't in scope, because Argo would take the tag for something to be resolved later.

mod check;
mod constant;
mod convert;
mod deliver;
mod ending;
mod function;
mod operation;
mod scope;
mod term;
mod walk;

#[cfg(test)]
mod tests;

use pipec_ir::types::TypeTable;
use pipec_ir::{Expr, ExprKind, MatchArm, Span, Type};

pub(crate) use constant::wire_text;
pub(crate) use convert::{from_wire, into_json, out_of_json, to_wire};
pub(crate) use deliver::element;
pub(crate) use scope::{Binding, Ending, NodeValue, Scope};
pub(crate) use term::{Term, fail, formula, member, string_literal};
pub(crate) use walk::{for_each, referred_nodes};

use super::wire::{Class, class, enumeration, record};
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
            ExprKind::Output { node, output } => match (scope.nodes.get(node)?, output) {
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
                let Some(value) = scope.nodes.get(node) else {
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

    /// A list of records out of one list for each field.
    fn rows(&self, columns: &[(String, String, Type)], ty: &Type) -> Term {
        let Type::List { item } = ty else { return Term::atom("[]") };
        let lists: Vec<Term> = columns
            .iter()
            .map(|(_, text, ty)| from_wire(&Term::atom(text.clone()), ty, self.types))
            .collect();
        let operands: Vec<&Term> = lists.iter().collect();
        let width = columns.len();
        let marked: Vec<String> = lists
            .iter()
            .enumerate()
            .map(|(i, list)| format!("map({}, [{width} * #index + {i}, #])", list.text))
            .collect();
        let fields: Vec<String> = columns
            .iter()
            .enumerate()
            .map(|(i, (name, ..))| format!("{}: #[{i}][1]", string_literal(&self.field_name(item, name))))
            .collect();
        Term::made_of(
            format!(
                "map(sprig.chunk({width}, sortBy(concat({}), #[0])), ({{{}}}))",
                marked.join(", "),
                fields.join(", ")
            ),
            &operands,
        )
    }

    fn list(&self, items: &[Expr], scope: &Scope) -> Result<Term, Refusal> {
        let items = items.iter().map(|item| self.inside(item, scope)).collect::<Result<Vec<_>, _>>()?;
        let texts: Vec<&str> = items.iter().map(|item| item.text.as_str()).collect();
        Ok(Term::made_of(format!("[{}]", texts.join(", ")), &items.iter().collect::<Vec<_>>()))
    }

    /// A value in the form that it has inside JSON.
    fn inside(&self, expr: &Expr, scope: &Scope) -> Result<Term, Refusal> {
        if let ExprKind::Const(json) = &expr.kind {
            return Ok(constant::inside(json, &expr.ty, self.types));
        }
        Ok(into_json(&self.value(expr, scope)?, &expr.ty, self.types))
    }

    fn record(&self, fields: &[(String, Expr)], ty: &Type, scope: &Scope) -> Result<Term, Refusal> {
        let names: Vec<String> = fields.iter().map(|(name, _)| self.field_name(ty, name)).collect();
        self.object(names.iter().map(String::as_str).zip(fields.iter().map(|(_, value)| value)), scope)
    }

    fn object<'e>(
        &self,
        entries: impl Iterator<Item = (&'e str, &'e Expr)>,
        scope: &Scope,
    ) -> Result<Term, Refusal> {
        let parts = entries
            .map(|(key, value)| Ok((key.to_owned(), self.inside(value, scope)?)))
            .collect::<Result<Vec<_>, Refusal>>()?;
        Ok(object_literal(&parts))
    }

    fn variant(
        &self,
        variant: &str,
        fields: &[(String, Expr)],
        ty: &Type,
        scope: &Scope,
    ) -> Result<Term, Refusal> {
        let name = self.variant_name(ty, variant);
        if fields.is_empty() {
            return Ok(constant::literal(&name.into(), ty, self.types));
        }
        let parts = fields
            .iter()
            .map(|(field, value)| Ok((self.payload_name(ty, variant, field), self.inside(value, scope)?)))
            .collect::<Result<Vec<_>, Refusal>>()?;
        let object = object_literal(&[(name, object_literal(&parts))]);
        // Out of a list of several types, so that nobody asks about its type when the expression is compiled.
        Ok(Term::made_of(format!("[{}, 0][0]", object.text), &[&object]))
    }

    fn matches(&self, subject: &Expr, arms: &[MatchArm], scope: &Scope) -> Result<Term, Refusal> {
        let subject_term = self.value(subject, scope)?;
        if subject_term.atom {
            return self.match_arms(&subject_term, subject, arms, scope);
        }
        // The arms stand inside one more predicate: what they see as the outer element travels beside the subject.
        let (bound, name, inner) = if scope.has_element() {
            (format!("[[{}, #]]", subject_term.text), "#[0]", scope.inside_predicate("#[1]"))
        } else {
            (format!("[{}]", subject_term.text), "#", scope.clone())
        };
        let element = Term { text: name.to_owned(), faults: false, needs_workflow: false, atom: false };
        let body = self.match_arms(&element, subject, arms, &inner)?;
        Ok(Term::made_of(format!("map({bound}, {})[0]", body.text), &[&subject_term, &body]))
    }

    fn match_arms(
        &self,
        subject: &Term,
        subject_expr: &Expr,
        arms: &[MatchArm],
        scope: &Scope,
    ) -> Result<Term, Refusal> {
        let mut tests = Vec::new();
        for arm in arms {
            let test = self.arm_test(&subject.text, &subject_expr.ty, arm.variant.as_deref());
            let scope =
                self.arm_scope(&subject.text, &subject_expr.ty, arm.variant.as_deref(), &arm.bindings, scope);
            tests.push((
                test,
                self.value(&arm.value, &scope)?,
                self.has_payload(&subject_expr.ty, arm.variant.as_deref()),
            ));
        }
        // Names first: a variant with fields is no string, and indexing a string would fail.
        tests.sort_by_key(|(_, _, payload)| *payload);
        let Some((_, last, _)) = tests.pop() else {
            return Err(ill_typed("a match without arms", subject_expr.span));
        };
        let mut operands: Vec<Term> = tests.iter().map(|(_, value, _)| value.clone()).collect();
        operands.push(last.clone());
        let text = tests
            .iter()
            .rev()
            .fold(last.text, |rest, (test, value, _)| format!("({test} ? {} : {rest})", value.text));
        Ok(Term::made_of(text, &operands.iter().collect::<Vec<_>>()))
    }

    /// Whether the subject is this variant; names must have been asked for before variants with fields.
    pub(crate) fn arm_test(&self, subject: &str, ty: &Type, variant: Option<&str>) -> String {
        let Some(variant) = variant else { return format!("{subject} == nil") };
        if let Type::Bool = ty.without_optional() {
            return format!("{subject} == {variant}");
        }
        let name = string_literal(&self.variant_name(ty, variant));
        if self.has_payload(ty, Some(variant)) {
            format!("(type({subject}) == 'map' and {name} in {subject})")
        } else if matches!(ty, Type::Optional { .. })
            || matches!(class(ty, self.types), Class::Variant { .. })
        {
            format!("(type({subject}) == 'string' and {subject} == {name})")
        } else {
            format!("{subject} == {name}")
        }
    }

    fn has_payload(&self, ty: &Type, variant: Option<&str>) -> bool {
        let (Type::Enum { name }, Some(variant)) = (ty.without_optional(), variant) else { return false };
        enumeration(self.types, name)
            .and_then(|found| found.variants.iter().find(|candidate| candidate.name == variant))
            .is_some_and(|found| !found.fields.is_empty())
    }

    /// The scope of an arm: the variant's fields under the names that it gives them.
    pub(crate) fn arm_scope(
        &self,
        subject: &str,
        ty: &Type,
        variant: Option<&str>,
        bindings: &[(String, String)],
        scope: &Scope,
    ) -> Scope {
        let mut inner = scope.clone();
        let Some(variant) = variant else { return inner };
        for (field, name) in bindings {
            let place = format!(
                "{subject}{}{}",
                member(&self.variant_name(ty, variant)),
                member(&self.payload_name(ty, variant, field))
            );
            let ty = self.payload_type(ty, variant, field);
            inner.inputs.insert(name.clone(), Binding::Json { text: place, ty });
        }
        inner
    }

    fn variant_name(&self, ty: &Type, variant: &str) -> String {
        let Type::Enum { name } = ty.without_optional() else { return variant.to_owned() };
        enumeration(self.types, name)
            .and_then(|found| found.variants.iter().find(|candidate| candidate.name == variant))
            .map_or_else(|| variant.to_owned(), |found| found.json_name().to_owned())
    }

    fn payload<'t>(&'t self, ty: &Type, variant: &str, field: &str) -> Option<&'t pipec_ir::Field> {
        let Type::Enum { name } = ty.without_optional() else { return None };
        let found =
            enumeration(self.types, name)?.variants.iter().find(|candidate| candidate.name == variant)?;
        found.fields.iter().find(|candidate| candidate.name == field)
    }

    fn payload_name(&self, ty: &Type, variant: &str, field: &str) -> String {
        self.payload(ty, variant, field)
            .map_or_else(|| field.to_owned(), |found| found.json_name().to_owned())
    }

    fn payload_type(&self, ty: &Type, variant: &str, field: &str) -> Type {
        self.payload(ty, variant, field).map_or(Type::Json, |found| found.ty.clone())
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
        let place = span.and_then(|span| {
            let source = self.sources.get(usize::try_from(span.file).ok()?)?;
            Some(format!("{source}:{}:{}: ", span.line, span.column))
        });
        fail(&format!("{}{message}", place.unwrap_or_default()))
    }
}

fn outputs_of<'s>(of: &Expr, scope: &'s Scope) -> Option<&'s NodeValue> {
    if let ExprKind::Output { node, output: None } = &of.kind { scope.nodes.get(node) } else { None }
}

fn find(outputs: &[(String, String, Type)], name: &str) -> Option<String> {
    outputs.iter().find(|(output, ..)| output == name).map(|(_, reference, _)| reference.clone())
}

fn optional_member(name: &str) -> String {
    let member = member(name);
    if member.starts_with('[') { format!(".{member}") } else { member }
}

pub(crate) fn object_literal(parts: &[(String, Term)]) -> Term {
    let texts: Vec<String> =
        parts.iter().map(|(name, value)| format!("{}: {}", map_key(name), value.text)).collect();
    Term::made_of(
        format!("({{{}}})", texts.join(", ")),
        &parts.iter().map(|(_, value)| value).collect::<Vec<_>>(),
    )
}

fn map_key(name: &str) -> String {
    let literal = string_literal(name);
    if literal.starts_with('\'') { literal } else { format!("({literal})") }
}

fn unknown_name(name: &str, span: Option<Span>) -> Refusal {
    Refusal::new(format!("`{name}` isn't known here; the IR should have been refused by its validation"))
        .spanned(span)
}

pub(crate) fn ill_typed(what: &str, span: Option<Span>) -> Refusal {
    Refusal::new(format!("{what} has an unexpected type; the IR should have been refused by its validation"))
        .spanned(span)
}
