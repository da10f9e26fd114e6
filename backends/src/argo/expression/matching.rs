//! `match`: which arm is taken, and what its bindings stand for.

use pipec_ir::{Expr, MatchArm, Type};

use super::{Binding, Lowering, Scope, Term, ill_typed, member, string_literal};
use crate::Refusal;
use crate::argo::wire::{Class, class, enumeration};

impl Lowering<'_> {
    pub(super) fn matches(&self, subject: &Expr, arms: &[MatchArm], scope: &Scope) -> Result<Term, Refusal> {
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

    pub(super) fn match_arms(
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

    pub(super) fn has_payload(&self, ty: &Type, variant: Option<&str>) -> bool {
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

    pub(super) fn variant_name(&self, ty: &Type, variant: &str) -> String {
        let Type::Enum { name } = ty.without_optional() else { return variant.to_owned() };
        enumeration(self.types, name)
            .and_then(|found| found.variants.iter().find(|candidate| candidate.name == variant))
            .map_or_else(|| variant.to_owned(), |found| found.json_name().to_owned())
    }

    pub(super) fn payload<'t>(
        &'t self,
        ty: &Type,
        variant: &str,
        field: &str,
    ) -> Option<&'t pipec_ir::Field> {
        let Type::Enum { name } = ty.without_optional() else { return None };
        let found =
            enumeration(self.types, name)?.variants.iter().find(|candidate| candidate.name == variant)?;
        found.fields.iter().find(|candidate| candidate.name == field)
    }

    pub(super) fn payload_name(&self, ty: &Type, variant: &str, field: &str) -> String {
        self.payload(ty, variant, field)
            .map_or_else(|| field.to_owned(), |found| found.json_name().to_owned())
    }

    pub(super) fn payload_type(&self, ty: &Type, variant: &str, field: &str) -> Type {
        self.payload(ty, variant, field).map_or(Type::Json, |found| found.ty.clone())
    }
}
