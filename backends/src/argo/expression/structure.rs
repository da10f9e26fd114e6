//! Lists, records, maps and variants: made of their parts in the form that values have inside JSON.

use pipec_ir::{Expr, ExprKind, Type};

use super::{Lowering, Scope, Term, constant, from_wire, into_json, string_literal};
use crate::Refusal;

impl Lowering<'_> {
    /// A list of records out of one list for each field.
    pub(super) fn rows(&self, columns: &[(String, String, Type)], ty: &Type) -> Term {
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

    pub(super) fn list(&self, items: &[Expr], scope: &Scope) -> Result<Term, Refusal> {
        let items = items.iter().map(|item| self.inside(item, scope)).collect::<Result<Vec<_>, _>>()?;
        let texts: Vec<&str> = items.iter().map(|item| item.text.as_str()).collect();
        Ok(Term::made_of(format!("[{}]", texts.join(", ")), &items.iter().collect::<Vec<_>>()))
    }

    /// A value in the form that it has inside JSON.
    pub(super) fn inside(&self, expr: &Expr, scope: &Scope) -> Result<Term, Refusal> {
        if let ExprKind::Const(json) = &expr.kind {
            return Ok(constant::inside(json, &expr.ty, self.types));
        }
        Ok(into_json(&self.value(expr, scope)?, &expr.ty, self.types))
    }

    pub(super) fn record(
        &self,
        fields: &[(String, Expr)],
        ty: &Type,
        scope: &Scope,
    ) -> Result<Term, Refusal> {
        let names: Vec<String> = fields.iter().map(|(name, _)| self.field_name(ty, name)).collect();
        self.object(names.iter().map(String::as_str).zip(fields.iter().map(|(_, value)| value)), scope)
    }

    pub(super) fn object<'e>(
        &self,
        entries: impl Iterator<Item = (&'e str, &'e Expr)>,
        scope: &Scope,
    ) -> Result<Term, Refusal> {
        let parts = entries
            .map(|(key, value)| Ok((key.to_owned(), self.inside(value, scope)?)))
            .collect::<Result<Vec<_>, Refusal>>()?;
        Ok(object_literal(&parts))
    }

    pub(super) fn variant(
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
