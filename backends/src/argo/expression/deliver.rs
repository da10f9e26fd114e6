//! Expressions that templates need beside the program's own: fields of inputs, gathered lists, durations in seconds.

use pipec_ir::{Expr, ExprKind, Type};

use super::{
    Class, Lowering, Scope, Term, WireValue, class, from_wire, into_json, object_literal, out_of_json,
    to_wire,
};
use crate::Refusal;
use crate::argo::artifacts::{Step, fields};
use crate::argo::wire::{has_free_text, holds_artifacts, is_all_artifacts, record};

impl Lowering<'_> {
    /// What a program gets of a mixed value: its value fields, without its artifacts.
    pub(crate) fn value_part(&self, value: &Term, ty: &Type) -> Term {
        if !holds_artifacts(ty, self.types) {
            return value.clone();
        }
        match ty {
            Type::Optional { of } => {
                let inner = self.value_part(&element(), of);
                Term::made_of(format!("map([{}], # == nil ? nil : {})[0]", value.text, inner.text), &[value])
            }
            Type::List { item } => {
                let inner = self.value_part(&element(), item);
                Term::made_of(format!("map({}, {})", value.text, inner.text), &[value])
            }
            Type::Record { name } => {
                let fields = record(self.types, name).map_or(&[][..], |found| &found.fields);
                let parts: Vec<(String, Term)> = fields
                    .iter()
                    .filter(|field| !is_all_artifacts(&field.ty))
                    .map(|field| {
                        let place = Term::made_of(format!("#{}", super::member(field.json_name())), &[]);
                        (field.json_name().to_owned(), self.value_part(&place, &field.ty))
                    })
                    .collect();
                Term::made_of(format!("map([{}], {})[0]", value.text, object_literal(&parts).text), &[value])
            }
            Type::Map { value: of } => {
                let inner = self.value_part(&entry(), of);
                Term::made_of(map_entries(&value.text, &inner.text), &[value])
            }
            Type::Bool
            | Type::Int { .. }
            | Type::Float { .. }
            | Type::String { .. }
            | Type::Duration
            | Type::Quantity
            | Type::Json
            | Type::Secret
            | Type::Enum { .. }
            | Type::File { .. }
            | Type::Dir { .. }
            | Type::Table { .. }
            | Type::Timestamp
            | Type::Date
            | Type::Decimal => value.clone(),
        }
    }

    /// The wire text of a value part.
    pub(crate) fn value_part_wire(&self, part: &Term, ty: &Type) -> Term {
        let json = if has_free_text(ty, self.types) { "'=' + toBase64(toJson(#))" } else { "toJson(#)" };
        let text = if let Type::Optional { .. } = ty {
            format!("# == nil ? 'null' : {json}")
        } else {
            json.to_owned()
        };
        Term::made_of(format!("map([{}], {text})[0]", part.text), &[part])
    }

    /// A field inside a record, by the names that lead to it: its place and its type; `nil` where a record is missing.
    pub(crate) fn walk_fields(&self, value: &Term, ty: &Type, fields: &[String]) -> (Term, Type) {
        let (mut place, mut current) = (value.clone(), ty.clone());
        for field in fields {
            let optional = matches!(current, Type::Optional { .. });
            let name = super::member(&self.field_name(&current, field));
            let access = match (optional, name.starts_with('[')) {
                (true, true) => format!("?.{name}"),
                (true, false) => format!("?{name}"),
                (false, _) => name,
            };
            place = Term::made_of(format!("{}{access}", place.text), &[&place]);
            let next = self.field_type(&current, field);
            current = if optional { Type::optional(next) } else { next };
        }
        (place, current)
    }

    /// What a way leads to in an input's value: a key, keys in lists and maps, or `nil`.
    pub(crate) fn artifact_place(&self, value: &Term, ty: &Type, way: &[Step]) -> (Term, Type) {
        let fields = fields(way);
        let (place, found) = self.walk_fields(value, ty, &fields);
        let Some((step, rest)) = way[fields.len()..].split_first() else { return (place, found) };
        let (column, item) = match (step, found.without_optional()) {
            (Step::Items, Type::List { item }) => {
                let (inner, item) = self.artifact_place(&element(), item, rest);
                (format!("map({}, {})", place.text, inner.text), Type::list(item))
            }
            (Step::Entries, Type::Map { value }) => {
                let (inner, value) = self.artifact_place(&entry(), value, rest);
                (map_entries(&place.text, &inner.text), Type::Map { value: Box::new(value) })
            }
            (Step::Field(_) | Step::Items | Step::Entries, _) => return (place, found),
        };
        let column = Term::made_of(column, &[&place]);
        if let Type::Optional { .. } = found {
            let text = format!("({} == nil ? nil : {})", place.text, column.text);
            return (Term::made_of(text, &[&column]), Type::optional(item));
        }
        (column, item)
    }

    pub(crate) fn field_type(&self, ty: &Type, field: &str) -> Type {
        let Type::Record { name } = ty.without_optional() else { return Type::Json };
        record(self.types, name)
            .and_then(|found| found.fields.iter().find(|candidate| candidate.name == field))
            .map_or(Type::Json, |found| found.ty.clone())
    }

    /// The list that a loop's results make, as wire text: Argo gives them as a JSON list of wire texts, and decodes them
    /// where all are objects or lists.
    pub(crate) fn gathered(&self, results: &str, item: &Type) -> Term {
        let inside = into_json(&from_wire(&element(), item, self.types), item, self.types);
        let body = match class(item, self.types) {
            Class::Plain | Class::Variant { plain: true } => {
                format!("(type(#) == 'string' ? {} : #)", inside.text)
            }
            Class::Bool
            | Class::Int
            | Class::Float
            | Class::Duration
            | Class::Name
            | Class::Text
            | Class::Encoded
            | Class::Variant { plain: false } => inside.text,
        };
        let results = format!("fromJSON({results})");
        let list = if body == "#" { results } else { format!("map({results}, {body})") };
        to_wire(&Term::made_of(list, &[]), &Type::list(item.clone()), self.types)
    }

    /// A duration in whole seconds, rounded up.
    pub(crate) fn seconds(&self, duration: &Expr, scope: &Scope) -> Result<WireValue, Refusal> {
        if let ExprKind::Const(json) = &duration.kind {
            let milliseconds = json.as_str().and_then(pipec_ir::duration::parse_duration).unwrap_or(0);
            return Ok(WireValue::Literal(milliseconds.max(0).unsigned_abs().div_ceil(1000).to_string()));
        }
        let value = self.value(duration, scope)?;
        let text = format!("string(int(ceil({} / 1000)))", value.text);
        Ok(WireValue::Expression(Term::made_of(text, &[&value])))
    }

    /// A field's or an argument's text as a wire text: of a string, or of the text of another plain value.
    pub(crate) fn text_wire(&self, expr: &Expr, scope: &Scope) -> Result<WireValue, Refusal> {
        self.wire(expr, scope)
    }

    /// The wire text of the value at a place inside JSON.
    #[allow(dead_code)]
    pub(crate) fn wire_of_place(&self, place: &Term, ty: &Type) -> Term {
        to_wire(&out_of_json(place, ty, self.types), ty, self.types)
    }
}

/// The value of an entry, in a predicate over the pairs of a map.
pub(super) fn entry() -> Term {
    Term { text: "#[1]".to_owned(), ..element() }
}

/// The map with each value replaced by what is made of it.
pub(super) fn map_entries(map: &str, value: &str) -> String {
    format!("reduce(toPairs({map}), sprig.set(#acc, #[0], {value}), {{}})")
}

pub(crate) fn element() -> Term {
    Term { text: "#".to_owned(), faults: false, needs_workflow: false, atom: false }
}
