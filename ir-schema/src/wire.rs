//! Wire text: what a value looks like between steps. It describes itself, passes textual template expanders unchanged,
//! is a fixed point of JSON re-marshalling, and reads as plain text in the usual cases.
//!
//! | value | wire text |
//! |---|---|
//! | `null` | `null` |
//! | bool, int, float, duration, quantity | its plain text |
//! | string | itself if it is inert ([`is_inert`]) and isn't `null`; else `=` and the base64 of its UTF-8 |
//! | enum variant without fields | its outside name, as a string |
//! | record, list, map, `json`, variant with fields | canonical JSON; where the type admits free text, `=` and its base64 |

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::canonical::canonical_json;
use crate::json::{from_json, to_value_json};
use crate::lookup::enumeration;
use crate::mismatch::{Mismatch, describe_text};
use crate::text::{parse_plain, plain_text};
use crate::types::{Type, TypeTable};
use crate::value::Value;

/// Whether a text can travel as it is: not empty, not `null`, made of harmless characters, no `=` or `_` first.
pub fn is_inert(text: &str) -> bool {
    !text.is_empty() && text != "null" && !text.starts_with(['=', '_']) && text.bytes().all(is_harmless)
}

fn is_harmless(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" ._/:@,+%~^*()!?;#|-=".contains(&byte)
}

/// The wire text of a string.
pub fn encode_text(text: &str) -> String {
    if is_inert(text) { text.to_owned() } else { encode_base64(text) }
}

fn encode_base64(text: &str) -> String {
    format!("={}", BASE64.encode(text))
}

/// The wire text of a value; of a mixed one, of its value part.
pub fn encode(value: &Value, ty: &Type, types: &TypeTable) -> String {
    if let Some(text) = plain_text(value, ty, types) {
        let is_text = matches!(value, Value::String(_) | Value::Variant { .. });
        return if is_text { encode_text(&text) } else { text };
    }
    if matches!(value, Value::Null) && matches!(ty, Type::Optional { .. }) {
        return "null".to_owned();
    }
    let json = canonical_json(&to_value_json(value, ty, types));
    if ty.has_free_text(types) { encode_base64(&json) } else { json }
}

/// Reads a wire text as a value of the type, checking all of it. Anything but a wire text is refused.
pub fn decode(text: &str, ty: &Type, types: &TypeTable) -> Result<Value, Mismatch> {
    match ty {
        Type::Optional { .. } if text == "null" => Ok(Value::Null),
        Type::Optional { of } => decode(text, of, types),
        Type::Bool | Type::Int { .. } | Type::Float { .. } | Type::Duration | Type::Quantity => {
            parse_plain(text, ty, types)
        }
        Type::String { .. } => parse_plain(&decode_text(text)?, ty, types),
        Type::Enum { .. } => {
            let is_encoded_json = !ty.is_plain_enum(types) && !names_variant(text, ty, types);
            if is_encoded_json {
                decode_structured(text, ty, types)
            } else {
                parse_plain(&decode_text(text)?, ty, types)
            }
        }
        Type::Json | Type::Record { .. } | Type::List { .. } | Type::Map { .. } => {
            decode_structured(text, ty, types)
        }
        Type::Secret
        | Type::File { .. }
        | Type::Dir { .. }
        | Type::Table { .. }
        | Type::Timestamp
        | Type::Date
        | Type::Decimal => Err(Mismatch::new(describe_text(text), format!("no text: {ty} has none"))),
    }
}

/// The string that a wire text stands for.
pub fn decode_text(text: &str) -> Result<String, Mismatch> {
    let unfit = || Mismatch::new(describe_text(text), "a wire text");
    match text.strip_prefix('=') {
        Some(encoded) => {
            let bytes = BASE64.decode(encoded).map_err(|_| unfit())?;
            String::from_utf8(bytes).map_err(|_| unfit())
        }
        None if is_inert(text) => Ok(text.to_owned()),
        None => Err(unfit()),
    }
}

fn names_variant(text: &str, ty: &Type, types: &TypeTable) -> bool {
    let (Some(definition), Ok(name)) = (enumeration(ty, types), decode_text(text)) else {
        return false;
    };
    definition.variants.iter().any(|variant| variant.fields.is_empty() && variant.json_name() == name)
}

fn decode_structured(text: &str, ty: &Type, types: &TypeTable) -> Result<Value, Mismatch> {
    if ty.holds_artifacts(types) {
        return Err(Mismatch::new(
            describe_text(text),
            format!("{ty} with its files beside it, not a text alone"),
        ));
    }
    let json = if text.starts_with('=') { decode_text(text)? } else { text.to_owned() };
    let json =
        serde_json::from_str(&json).map_err(|_| Mismatch::new(describe_text(text), "a wire text of JSON"))?;
    from_json(&json, ty, types)
}
