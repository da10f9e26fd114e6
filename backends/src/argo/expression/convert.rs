//! Between wire text, values of the expression language, and the form that values have inside JSON.

use pipec_ir::Type;
use pipec_ir::types::TypeTable;

use super::term::{Term, formula};
use crate::argo::wire::{Class, PLAIN_TEXT, class};

/// The largest integer that every double up to it holds exactly.
pub(crate) const MAX_EXACT: &str = "9007199254740991";

/// The value that a wire text stands for.
pub(crate) fn from_wire(text: &Term, ty: &Type, types: &TypeTable) -> Term {
    let found = class(ty, types);
    if found == Class::Name && !matches!(ty, Type::Optional { .. }) {
        return text.clone();
    }
    if let (Type::Optional { .. }, _) = (ty, found) {
        return formula(&[text], |t| {
            let p = &t[0];
            format!("{p} == 'null' ? nil : {}", decode(p, found))
        });
    }
    match found {
        Class::Int | Class::Float | Class::Bool | Class::Plain => {
            Term::made_of(decode(&text.text, found), &[text])
        }
        Class::Duration | Class::Text | Class::Encoded | Class::Variant { .. } | Class::Name => {
            formula(&[text], |t| decode(&t[0], found))
        }
    }
}

fn decode(p: &str, found: Class) -> String {
    match found {
        Class::Bool => format!("({p} == 'true')"),
        Class::Int => format!("int({p})"),
        Class::Float => format!("float({p})"),
        Class::Duration => format!("({p} endsWith 'ms' ? int({p}[:-2]) : int({p}[:-1]) * 1000)"),
        Class::Name => p.to_owned(),
        Class::Text => format!("({p} startsWith '=' ? fromBase64({p}[1:]) : {p})"),
        Class::Plain => format!("fromJSON({p})"),
        Class::Encoded => format!("fromJSON(fromBase64({p}[1:]))"),
        Class::Variant { plain: true } => format!("({p} startsWith '{{' ? fromJSON({p}) : {p})"),
        Class::Variant { plain: false } => {
            format!("({p} startsWith '=' ? fromJSON(fromBase64({p}[1:])) : {p})")
        }
    }
}

/// The wire text of a value.
pub(crate) fn to_wire(value: &Term, ty: &Type, types: &TypeTable) -> Term {
    let found = class(ty, types);
    if let Type::Optional { .. } = ty {
        return formula(&[value], |t| format!("{} == nil ? 'null' : {}", t[0], encode(&t[0], found)));
    }
    match found {
        Class::Name => value.clone(),
        Class::Bool | Class::Int | Class::Float | Class::Plain | Class::Encoded => {
            Term::made_of(encode(&value.text, found), &[value])
        }
        Class::Duration | Class::Text | Class::Variant { .. } => formula(&[value], |t| encode(&t[0], found)),
    }
}

fn encode(a: &str, found: Class) -> String {
    match found {
        Class::Bool | Class::Int => format!("string({a})"),
        Class::Float => format!("toJson({a} + 0)"),
        Class::Duration => duration_text(a),
        Class::Name => a.to_owned(),
        Class::Text => {
            format!("({a} matches '{PLAIN_TEXT}' and {a} != 'null' ? {a} : '=' + toBase64({a}))")
        }
        Class::Plain => format!("toJson({a})"),
        Class::Encoded => format!("'=' + toBase64(toJson({a}))"),
        Class::Variant { plain: true } => format!("(type({a}) == 'string' ? {a} : toJson({a}))"),
        Class::Variant { plain: false } => {
            format!("(type({a}) == 'string' ? {a} : '=' + toBase64(toJson({a})))")
        }
    }
}

fn duration_text(a: &str) -> String {
    format!("({a} % 1000 == 0 ? string(int({a} / 1000)) + 's' : string({a}) + 'ms')")
}

/// Whether a value has the same form inside JSON as outside.
fn is_same_in_json(found: Class) -> bool {
    match found {
        Class::Int | Class::Float | Class::Duration => false,
        Class::Bool | Class::Name | Class::Text | Class::Plain | Class::Encoded | Class::Variant { .. } => {
            true
        }
    }
}

/// The form that a value has inside a record, a list or a map.
pub(crate) fn into_json(value: &Term, ty: &Type, types: &TypeTable) -> Term {
    let found = class(ty, types);
    if is_same_in_json(found) {
        return value.clone();
    }
    let inner = |a: &str| match found {
        Class::Int => format!("({a} > {MAX_EXACT} or {a} < -{MAX_EXACT} ? string({a}) : {a})"),
        Class::Float => format!("({a} + 0)"),
        Class::Duration => duration_text(a),
        Class::Bool | Class::Name | Class::Text | Class::Plain | Class::Encoded | Class::Variant { .. } => {
            a.to_owned()
        }
    };
    if let Type::Optional { .. } = ty {
        return formula(&[value], |t| format!("{} == nil ? nil : {}", t[0], inner(&t[0])));
    }
    if found == Class::Float {
        return Term::made_of(inner(&value.text), &[value]);
    }
    formula(&[value], |t| inner(&t[0]))
}

/// The value that stands at a place inside JSON.
pub(crate) fn out_of_json(place: &Term, ty: &Type, types: &TypeTable) -> Term {
    let found = class(ty, types);
    if is_same_in_json(found) {
        return place.clone();
    }
    let inner = |j: &str| match found {
        Class::Int => format!("int({j})"),
        Class::Float => format!("float({j})"),
        Class::Duration => decode(j, Class::Duration),
        Class::Bool | Class::Name | Class::Text | Class::Plain | Class::Encoded | Class::Variant { .. } => {
            j.to_owned()
        }
    };
    if let Type::Optional { .. } = ty {
        return formula(&[place], |t| format!("{} == nil ? nil : {}", t[0], inner(&t[0])));
    }
    if found == Class::Duration {
        return formula(&[place], |t| inner(&t[0]));
    }
    Term::made_of(inner(&place.text), &[place])
}
