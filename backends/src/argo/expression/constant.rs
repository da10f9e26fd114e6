//! Constants: as wire text, as expression text, and as the form inside JSON.

use pipec_ir::Type;
use pipec_ir::types::TypeTable;
use serde_json::Value as Json;

use super::term::{Term, encode, string_literal};
use crate::argo::wire::{Class, class};

/// The wire text of a constant, which is canonical JSON of its type.
pub(crate) fn wire_text(json: &Json, ty: &Type, types: &TypeTable) -> String {
    if json.is_null() && matches!(ty, Type::Optional { .. } | Type::Json) {
        let is_null = matches!(ty, Type::Optional { .. });
        return if is_null { "null".to_owned() } else { format!("={}", encode("null")) };
    }
    let text = || json.as_str().map_or_else(|| pipec_ir::canonical_json(json), str::to_owned);
    let structured = |plain: bool| {
        let text = pipec_ir::canonical_json(json);
        if plain { text } else { format!("={}", encode(&text)) }
    };
    match class(ty, types) {
        Class::Bool | Class::Int | Class::Float | Class::Duration | Class::Name => text(),
        Class::Text => pipec_ir::wire::encode_text(&text()),
        Class::Plain => structured(true),
        Class::Encoded => structured(false),
        Class::Variant { plain } if json.is_string() => {
            if plain {
                text()
            } else {
                pipec_ir::wire::encode_text(&text())
            }
        }
        Class::Variant { plain } => structured(plain),
    }
}

/// `nil` whose type nobody asks about when the expression is compiled.
pub(crate) const NULL: &str = "fromJSON('null')";

/// A constant in the form that it has inside JSON.
pub(crate) fn inside(json: &Json, ty: &Type, types: &TypeTable) -> Term {
    match json {
        Json::Null => Term::atom(NULL),
        Json::String(text) => Term::atom(string_literal(text)),
        Json::Number(_) | Json::Bool(_) | Json::Array(_) | Json::Object(_) => literal(json, ty, types),
    }
}

/// A constant as a value of the expression language.
pub(crate) fn literal(json: &Json, ty: &Type, types: &TypeTable) -> Term {
    if json.is_null() {
        return Term::atom(NULL);
    }
    let text = || json.as_str().map_or_else(|| pipec_ir::canonical_json(json), str::to_owned);
    match class(ty, types) {
        // A literal here would let the compiler of expressions drop what stands beside it, faults and all.
        Class::Bool => Term::atom(format!("fromJSON('{}')", text())),
        Class::Int => Term::atom(int_literal(&text())),
        Class::Float => Term::atom(float_literal(&text())),
        Class::Duration => match pipec_ir::duration::parse_duration(&text()) {
            Some(milliseconds) => Term::atom(int_literal(&milliseconds.to_string())),
            None => Term::atom(string_literal(&text())),
        },
        Class::Name | Class::Text => Term::atom(string_literal(&text())),
        Class::Plain | Class::Encoded | Class::Variant { .. } => structure(json),
    }
}

/// JSON as it stands: a literal where that is short and safe, else decoded from text.
fn structure(json: &Json) -> Term {
    let text = pipec_ir::canonical_json(json);
    if let Json::Array(items) = json
        && items.is_empty()
    {
        return Term::atom("[]");
    }
    let safe = text.bytes().all(|byte| (0x20..0x7f).contains(&byte) && byte != b'\'' && byte != b'\\');
    let term = if safe && !text.contains("}}") && !text.contains("{{") && !has_forbidden_words(&text) {
        format!("fromJSON('{text}')")
    } else {
        format!("fromJSON(fromBase64('{}'))", encode(&text))
    };
    Term { text: term, faults: false, needs_workflow: false, atom: true }
}

fn has_forbidden_words(text: &str) -> bool {
    [" is missing", "variable not in env", "failed to resolve"].iter().any(|word| text.contains(word))
}

pub(crate) fn int_literal(text: &str) -> String {
    match text {
        "-9223372036854775808" => "(-9223372036854775807 - 1)".to_owned(),
        _ if text.starts_with('-') => format!("({text})"),
        _ => text.to_owned(),
    }
}

pub(crate) fn float_literal(text: &str) -> String {
    let text = if text.contains(['.', 'e']) { text.to_owned() } else { format!("{text}.0") };
    if text.starts_with('-') { format!("({text})") } else { text }
}
