//! Text from outside (what a shell step wrote, what a person typed), checked wholly against a type and made canonical.
//! Each check may fail, with a message that names what is wrong.

use pipec_ir::types::TypeTable;
use pipec_ir::{Field, Type};

use super::convert::MAX_EXACT;
use super::deliver::element;
use super::{
    Lowering, Term, fail, fail_showing, formula, into_json, member, object_literal, string_literal, to_wire,
};
use crate::argo::wire::{Class, class, enumeration, record};

impl Lowering<'_> {
    /// Text whose wire text stands at `reference` → the wire text of the value. `what` names it in messages.
    pub(crate) fn checked_text(&self, reference: &str, ty: &Type, what: &str) -> Term {
        let wire = Term::atom(reference);
        let null_is_text = matches!(ty, Type::Optional { of } if matches!(**of, Type::String { .. }));
        let text = formula(&[&wire], |t| format!("{0} startsWith '=' ? fromBase64({0}[1:]) : {0}", t[0]));
        if let Type::Optional { of } = ty {
            let inner = self.checked_plain(&text, of, what);
            // `null` itself means that nothing was written; a text `null` travels encoded.
            let test = if null_is_text {
                format!("{reference} == 'null'")
            } else {
                format!("({reference} == 'null' or {reference} == '=bnVsbA==')")
            };
            return Term::made_of(format!("({test} ? 'null' : {})", inner.text), &[&inner]).faulting();
        }
        self.checked_plain(&text, ty, what)
    }

    fn checked_plain(&self, text: &Term, ty: &Type, what: &str) -> Term {
        let value = match class(ty, self.types) {
            Class::Plain | Class::Encoded => {
                let json = Term::made_of(self.json_of(&text.text, ty), &[text]);
                let checked = self.bound_check(&json, ty, what);
                return to_wire(&checked, ty, self.types).faulting();
            }
            Class::Variant { .. } => {
                let fail_text = fail(&format!("{what} must be a variant"));
                let json = formula(&[text], |t| {
                    let json = self.json_of(&t[0], ty);
                    format!("{0} startsWith '{{' ? {json} : len({0}) > 0 ? {0} : {fail_text}", t[0])
                });
                let checked = self.bound_check(&json, ty, what);
                return to_wire(&checked, ty, self.types).faulting();
            }
            Class::Bool => {
                let wrong = format!("{what} must be true or false");
                formula(&[text], |t| {
                    format!(
                        "{0} in ['true', 'false'] ? {0} == 'true' : {1}",
                        t[0],
                        fail_showing(&wrong, &t[0])
                    )
                })
            }
            Class::Int => {
                let wrong = format!("{what} must be a whole number");
                let number = formula(&[text], |t| {
                    format!("{0} matches '^-?[0-9]+$' ? int({0}) : {1}", t[0], fail_showing(&wrong, &t[0]))
                });
                self.in_range(&number, ty, what)
            }
            Class::Float => {
                let wrong = format!("{what} must be a finite number");
                let number = formula(&[text], |t| {
                    format!(
                        "{0} matches '^[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?$' ? float({0}) : {1}",
                        t[0],
                        fail_showing(&wrong, &t[0])
                    )
                });
                let infinite = fail(&wrong);
                let finite = formula(&[&number], |t| {
                    format!("abs({0}) <= 1.7976931348623157e308 ? {0} : {infinite}", t[0])
                });
                self.in_range(&finite, ty, what)
            }
            Class::Duration => self.duration(text, what),
            Class::Name | Class::Text => self.text_check(text, ty, what),
        };
        to_wire(&value, ty, self.types).faulting()
    }

    /// A JSON text's value. Argo's reader makes doubles of all numbers, so whole ones that a double can't hold become strings
    /// first, as they are in canonical JSON.
    fn json_of(&self, text: &str, ty: &Type) -> String {
        if !holds_wide_ints(ty, self.types) {
            return format!("fromJSON({text})");
        }
        const KEPT: &str =
            r#""(?:[^"\\\\]|\\\\.)*"|-?[0-9]+[.][0-9]+(?:[eE][+-]?[0-9]+)?|-?[0-9]+[eE][+-]?[0-9]+"#;
        let quoted =
            format!(r#"sprig.regexReplaceAll('({KEPT})|(-?[0-9]{{16,}})', {text}, '${{1}}"${{2}}"')"#);
        // What was kept has got a pair of quotes behind it.
        format!(r#"fromJSON(sprig.regexReplaceAll('({KEPT})(?:"")?', {quoted}, '${{1}}'))"#)
    }

    /// Milliseconds of a duration's text.
    fn duration(&self, text: &Term, what: &str) -> Term {
        let wrong = format!("{what} must be a duration such as 30s");
        let parsed = formula(&[text], |t| {
            let p = &t[0];
            format!(
                "not ({p} matches '^-?[0-9]+(ms|s|m|h|d)$') or len({p}) > 18 ? {} : \
                 {p} endsWith 'ms' ? int({p}[:-2]) : int({p}[:-1]) * \
                 ({p} endsWith 's' ? 1000 : {p} endsWith 'm' ? 60000 : {p} endsWith 'h' ? 3600000 : 86400000)",
                fail_showing(&wrong, p)
            )
        });
        let fail = fail(&wrong);
        formula(&[&parsed], |t| format!("abs({0}) <= {MAX_EXACT} ? {0} : {fail}", t[0]))
    }

    pub(super) fn text_check(&self, text: &Term, ty: &Type, what: &str) -> Term {
        match ty.without_optional() {
            Type::String { pattern: Some(pattern) } => {
                let wrong = format!("{what} must match its pattern");
                let pattern = string_literal(&format!("^(?:{pattern})$"));
                formula(&[text], |t| {
                    format!("{0} matches {pattern} ? {0} : {1}", t[0], fail_showing(&wrong, &t[0]))
                })
            }
            Type::Enum { name } => {
                let names: Vec<String> = enumeration(self.types, name)
                    .map_or(&[][..], |found| &found.variants)
                    .iter()
                    .map(|variant| string_literal(variant.json_name()))
                    .collect();
                let plain = names.iter().map(|name| name.trim_matches('\'')).collect::<Vec<_>>().join(", ");
                let wrong = format!("{what} must be one of {plain}");
                formula(&[text], |t| {
                    format!("{0} in [{1}] ? {0} : {2}", t[0], names.join(", "), fail_showing(&wrong, &t[0]))
                })
            }
            Type::Quantity => {
                let wrong = format!("{what} must be a quantity such as 500m or 8Gi");
                let pattern = "^[0-9]+([.][0-9]+)?([eE][0-9]+|m|k|[MGTPE]|[KMGTPE]i)?$";
                formula(&[text], |t| {
                    format!("{0} matches '{pattern}' ? {0} : {1}", t[0], fail_showing(&wrong, &t[0]))
                })
            }
            Type::File { .. } | Type::Dir { .. } | Type::Table { .. } => {
                let wrong = format!("{what} must be a key in the artifact repository");
                let pattern = super::super::wire::PLAIN_TEXT;
                formula(&[text], |t| {
                    format!(
                        "{0} matches '{pattern}' and {0} != 'null' ? {0} : {1}",
                        t[0],
                        fail_showing(&wrong, &t[0])
                    )
                })
            }
            Type::String { pattern: None }
            | Type::Bool
            | Type::Int { .. }
            | Type::Float { .. }
            | Type::Duration
            | Type::Json
            | Type::Secret
            | Type::Record { .. }
            | Type::List { .. }
            | Type::Map { .. }
            | Type::Optional { .. }
            | Type::Timestamp
            | Type::Date
            | Type::Decimal => text.clone(),
        }
    }

    pub(super) fn in_range(&self, number: &Term, ty: &Type, what: &str) -> Term {
        let mut tests: Vec<(String, String)> = Vec::new();
        if let Type::Int { min, max } = ty.without_optional() {
            if let Some(min) = min {
                tests.push((">=".into(), super::constant::int_literal(&min.to_string())));
            }
            if let Some(max) = max {
                tests.push(("<=".into(), super::constant::int_literal(&max.to_string())));
            }
        }
        if let Type::Float { min, max } = ty.without_optional() {
            for (bound, sign) in [(min, ">"), (max, "<")] {
                if let Some(bound) = bound {
                    let operator = if bound.inclusive { format!("{sign}=") } else { sign.to_owned() };
                    let literal = pipec_ir::number::float_text(bound.value);
                    tests.push((operator, super::constant::float_literal(&literal)));
                }
            }
        }
        if tests.is_empty() {
            return number.clone();
        }
        let described: Vec<String> = tests
            .iter()
            .map(|(operator, bound)| {
                let words = match operator.as_str() {
                    ">=" => "at least",
                    "<=" => "at most",
                    ">" => "above",
                    _ => "below",
                };
                format!("{words} {bound}")
            })
            .collect();
        let wrong = format!("{what} must be {}", described.join(" and "));
        formula(&[number], |t| {
            let fail = fail_showing(&wrong, &format!("toJson({})", t[0]));
            let all: Vec<String> =
                tests.iter().map(|(operator, bound)| format!("{} {operator} {bound}", t[0])).collect();
            format!("{} ? {} : {fail}", all.join(" and "), t[0])
        })
    }

    /// JSON of any shape, checked: bound once, because a check asks for it often.
    pub(super) fn bound_check(&self, json: &Term, ty: &Type, what: &str) -> Term {
        let checked = self.json_check(&element(), ty, what);
        Term::made_of(format!("map([{}], {})[0]", json.text, checked.text), &[json]).faulting()
    }

    /// `json` is an element or a place in one; the result is in the form that values have inside JSON.
    fn json_check(&self, json: &Term, ty: &Type, what: &str) -> Term {
        let j = &json.text;
        let fails =
            |expected: &str| fail_showing(&format!("{what} must be {expected}"), &format!("toJson({j})"));
        match ty {
            Type::Optional { of } => {
                let inner = self.json_check(json, of, what);
                Term::made_of(format!("({j} == nil ? nil : {})", inner.text), &[&inner])
            }
            Type::Bool => {
                Term::made_of(format!("(type({j}) == 'bool' ? {j} : {})", fails("true or false")), &[json])
            }
            Type::Int { .. } => {
                let fail = fails("a whole number");
                let text = format!(
                    "((type({j}) == 'string' ? {j} matches '^-?[0-9]+$' : \
                     type({j}) in ['int', 'float'] and abs({j}) <= {MAX_EXACT} and {j} == floor({j})) ? int({j}) : {fail})"
                );
                let ranged = self.in_range(&Term::made_of(text, &[json]), ty, what);
                into_json(&ranged, &Type::INT, self.types)
            }
            Type::Float { .. } => {
                let fail = fails("a number");
                // A whole number that was made a string for the sake of ints beside it.
                let text = format!(
                    "(type({j}) in ['int', 'float'] ? {j} + 0 : \
                     type({j}) == 'string' and {j} matches '^-?[0-9]{{16,}}$' ? float({j}) : {fail})"
                );
                let number = Term::made_of(text, &[json]);
                self.in_range(&number, ty, what)
            }
            Type::String { .. } | Type::Quantity => {
                let text =
                    Term::made_of(format!("(type({j}) == 'string' ? {j} : {})", fails("text")), &[json]);
                self.text_check(&text, ty, what)
            }
            Type::Duration => {
                let text = Term::made_of(
                    format!("(type({j}) == 'string' ? {j} : {})", fails("a duration")),
                    &[json],
                );
                into_json(&self.duration(&text, what), &Type::Duration, self.types)
            }
            Type::Enum { name } => self.enum_check(json, name, what),
            Type::Record { name } => {
                let fields = record(self.types, name).map_or(&[][..], |found| &found.fields);
                self.fields_check(json, fields, what)
            }
            Type::List { item } => {
                let inner = self.json_check(&element(), item, &format!("{what} (an item)"));
                let text = format!("(type({j}) == 'array' ? map({j}, {}) : {})", inner.text, fails("a list"));
                Term::made_of(text, &[json])
            }
            Type::Map { value } => {
                let place = Term { text: "#[1]".into(), faults: false, needs_workflow: false, atom: false };
                let inner = self.json_check(&place, value, &format!("{what} (a value)"));
                let text = format!(
                    "(type({j}) == 'map' ? reduce(toPairs({j}), sprig.set(#acc, #[0], {}), {{}}) : {})",
                    inner.text,
                    fails("an object")
                );
                Term::made_of(text, &[json])
            }
            Type::File { .. } | Type::Dir { .. } | Type::Table { .. } => {
                let text =
                    Term::made_of(format!("(type({j}) == 'string' ? {j} : {})", fails("a key")), &[json]);
                self.text_check(&text, ty, what)
            }
            Type::Json | Type::Secret | Type::Timestamp | Type::Date | Type::Decimal => json.clone(),
        }
    }

    fn enum_check(&self, json: &Term, name: &str, what: &str) -> Term {
        let j = &json.text;
        let Some(found) = enumeration(self.types, name) else { return json.clone() };
        let names: Vec<String> = found
            .variants
            .iter()
            .filter(|variant| variant.fields.is_empty())
            .map(|variant| string_literal(variant.json_name()))
            .collect();
        let all: Vec<&str> = found.variants.iter().map(|variant| variant.json_name()).collect();
        let wrong = fail(&format!("{what} must be one of {}", all.join(", ")));
        let mut text = wrong.clone();
        for variant in found.variants.iter().filter(|variant| !variant.fields.is_empty()).rev() {
            let key = string_literal(variant.json_name());
            let place = Term::made_of(format!("{j}{}", member(variant.json_name())), &[json]);
            let inner = self.fields_check(&place, &variant.fields, what);
            let object = object_literal(&[(variant.json_name().to_owned(), inner)]);
            text =
                format!("(type({j}) == 'map' and {key} in {j} and len({j}) == 1 ? {} : {text})", object.text);
        }
        Term::made_of(
            format!("(type({j}) == 'string' ? ({j} in [{}] ? {j} : {wrong}) : {text})", names.join(", ")),
            &[json],
        )
    }

    fn fields_check(&self, json: &Term, fields: &[Field], what: &str) -> Term {
        let j = &json.text;
        let mut parts = Vec::new();
        let mut names = Vec::new();
        for field in fields {
            let name = field.json_name();
            let key = string_literal(name);
            names.push(key.clone());
            let place = Term::made_of(format!("{j}{}", member(name)), &[json]);
            let inner = self.json_check(&place, &field.ty, &format!("{what}.{name}"));
            let part = match &field.default {
                Some(default) => {
                    let literal = super::constant::literal(default, &field.ty, self.types);
                    let default = into_json(&literal, &field.ty, self.types);
                    Term::made_of(format!("({key} in {j} ? {} : {})", inner.text, default.text), &[&inner])
                }
                None => inner,
            };
            parts.push((name.to_owned(), part));
        }
        let object = object_literal(&parts);
        let names = names.join(", ");
        let wrong = fail(&format!("{what} must be an object"));
        let unknown = fail(&format!("{what} has an unknown field"));
        let text = format!(
            "(type({j}) != 'map' ? {wrong} : any(keys({j}), not (# in [{names}])) ? {unknown} : {})",
            object.text
        );
        Term::made_of(text, &[json])
    }
}

/// Whether a type holds ints that a double can't, and no JSON of any shape, whose numbers are doubles.
fn holds_wide_ints(ty: &Type, types: &TypeTable) -> bool {
    let mut wide = false;
    !holds_json(ty, types, &mut wide) && wide
}

fn holds_json(ty: &Type, types: &TypeTable, wide: &mut bool) -> bool {
    let mut fields = |fields: &[Field]| fields.iter().any(|field| holds_json(&field.ty, types, wide));
    match ty {
        Type::Json => true,
        Type::Int { min, max } => {
            let exact = |bound: &Option<i64>| bound.is_some_and(|bound| bound.unsigned_abs() < 1 << 53);
            *wide |= !exact(min) || !exact(max);
            false
        }
        Type::List { item: of } | Type::Map { value: of } | Type::Optional { of } => {
            holds_json(of, types, wide)
        }
        Type::Record { name } => record(types, name).is_some_and(|found| fields(&found.fields)),
        Type::Enum { name } => enumeration(types, name)
            .is_some_and(|found| found.variants.iter().any(|variant| fields(&variant.fields))),
        Type::Bool | Type::Float { .. } | Type::String { .. } | Type::Duration | Type::Quantity => false,
        Type::Secret | Type::File { .. } | Type::Dir { .. } | Type::Table { .. } => false,
        Type::Timestamp | Type::Date | Type::Decimal => false,
    }
}
