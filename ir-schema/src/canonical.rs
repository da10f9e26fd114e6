//! Canonical JSON: the one text of a JSON value, so that every backend delivers the same bytes.
//!
//! No spaces; keys by code point; numbers as ECMAScript prints the double that they are; UTF-8 with only the escapes
//! that Go's `encoding/json` makes, so that a Kubernetes controller that writes it again changes nothing.

use std::fmt::Write;

use serde_json::Value as Json;

use crate::number::json_number_text;

/// The canonical text. Ints beyond ±(2^53−1) have to be strings already (`json::to_json` makes them so); a number here is
/// a double.
pub fn canonical_json(json: &Json) -> String {
    let mut text = String::new();
    write_value(&mut text, json);
    text
}

fn write_value(text: &mut String, json: &Json) {
    match json {
        Json::Null => text.push_str("null"),
        Json::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Json::Number(number) => text.push_str(&json_number_text(number)),
        Json::String(value) => write_string(text, value),
        Json::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_value(text, item);
            }
            text.push(']');
        }
        Json::Object(fields) => {
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_unstable_by_key(|(name, _)| *name);
            text.push('{');
            for (index, (name, value)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_string(text, name);
                text.push(':');
                write_value(text, value);
            }
            text.push('}');
        }
    }
}

fn write_string(text: &mut String, value: &str) {
    text.push('"');
    for character in value.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                // Writing to a String can't fail.
                let _ = write!(text, "\\u{:04x}", character as u32);
            }
            other => text.push(other),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn canonical_texts() {
        let table = [
            (json!(null), "null"),
            (json!({"b": 1, "a": [true, 1.0, -0.0, 1e21, 1e-7]}), r#"{"a":[true,1,0,1e+21,1e-7],"b":1}"#),
            (json!(9007199254740993_i64), "9007199254740992"),
            (json!(u64::MAX), "18446744073709552000"),
            (
                json!("a\"\\/\u{8}\u{c}\n\r\t\u{1}\u{1f}\u{7f}é<&>\u{2028}😀"),
                "\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\u{7f}é\\u003c\\u0026\\u003e\\u2028😀\"",
            ),
            // By code point, not by UTF-16 unit: U+FFFD comes before U+1F600.
            (json!({"😀": 1, "\u{fffd}": 2, "z": 3, "": 4}), "{\"\":4,\"z\":3,\"\u{fffd}\":2,\"😀\":1}"),
        ];
        for (value, text) in table {
            assert_eq!(canonical_json(&value), text);
        }
    }
}
