//! How a text stands in YAML: plain, in quotes, or as a block of lines.
//!
//! Readers differ in what they take for something else than a text: YAML 1.1 and 1.2, and what Go's readers accept beside
//! both. A text stands plain only where it is one for all of them.

use std::fmt::Write as _;

/// Words that some reader takes for a boolean, for nothing, for a number, or for a merge of maps.
const WORDS: [&str; 17] = [
    "~", "true", "false", "yes", "no", "on", "off", "y", "n", "null", "nil", "nan", "inf", "+inf", "-inf",
    "<<", "=",
];

/// Characters that begin something else than a plain text.
const INDICATORS: &[u8] = b",:[]{}#&*!|>'\"%@`";

/// Writes a text as a value. The lines of a block are indented by `column`.
pub(super) fn write_value(out: &mut String, text: &str, column: usize) {
    if text.contains('\n') && fits_block(text) {
        write_block(out, text, column);
    } else {
        write_line(out, text, is_plain(text));
    }
}

/// Writes a text as the name of an entry.
pub(super) fn write_key(out: &mut String, text: &str) {
    write_line(out, text, is_plain(text) && !text.contains(':'));
}

fn write_line(out: &mut String, text: &str, plain: bool) {
    if plain {
        out.push_str(text);
    } else if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\')) {
        enclose(out, text, '"');
    } else if !text.contains('\'') && !text.contains(is_special) {
        enclose(out, text, '\'');
    } else {
        write_escaped(out, text);
    }
}

fn enclose(out: &mut String, text: &str, quote: char) {
    out.push(quote);
    out.push_str(text);
    out.push(quote);
}

/// Lines as they are. What a reader would take for the block's own indentation is in quotes instead, where it is a tab.
fn fits_block(text: &str) -> bool {
    let is_special = |character| !matches!(character, '\n' | '\t') && is_special(character);
    !text.trim_start_matches(['\n', ' ']).starts_with('\t') && !text.contains(is_special)
}

fn write_block(out: &mut String, text: &str, column: usize) {
    out.push('|');
    let lines = text.trim_end_matches('\n');
    // A block finds its indentation in its first line, unless that begins with spaces of its own.
    if lines.trim_start_matches('\n').starts_with(' ') {
        out.push('2');
    }
    match text.len() - lines.len() {
        0 => out.push('-'),
        1 if !lines.is_empty() => {}
        _ => out.push('+'),
    }
    out.push('\n');
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        if !line.is_empty() {
            super::indent(out, column);
            out.push_str(line);
        }
        out.push('\n');
    }
}

fn write_escaped(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            special if is_special(special) => {
                let code = u32::from(special);
                // Writing to a String can't fail.
                let _ =
                    if code <= 0xff { write!(out, "\\x{code:02X}") } else { write!(out, "\\u{code:04X}") };
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// Neither a line of a block nor quotes without escapes can hold it for every reader.
fn is_special(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_simple = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'/' | b'.' | b'-');
    if bytes.first().is_some_and(u8::is_ascii_alphabetic) && bytes.iter().all(is_simple) {
        return !is_word(text);
    }
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    let begins_something = INDICATORS.contains(first)
        || matches!(first, b'-' | b'?') && bytes.get(1).is_none_or(u8::is_ascii_whitespace)
        || text.starts_with("---")
        || text.starts_with("...");
    if begins_something || [first, last].iter().any(|byte| byte.is_ascii_whitespace()) || *last == b':' {
        return false;
    }
    let mut before = b'.';
    for &byte in bytes {
        let ends_text = (before == b':' && byte == b' ') || (byte == b'#' && before.is_ascii_whitespace());
        if ends_text || byte < b' ' || byte == 0x7f {
            return false;
        }
        before = byte;
    }
    !(is_number_like(bytes) || is_word(text) || !text.is_ascii() && text.contains(is_special))
}

fn is_word(text: &str) -> bool {
    text.len() <= 5 && WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Whether some reader might take it for a number, a time or a date: the characters of one, from the first of one on.
fn is_number_like(bytes: &[u8]) -> bool {
    let unsigned = bytes.strip_prefix(b"-").or(bytes.strip_prefix(b"+")).unwrap_or(bytes);
    let Some(first) = unsigned.first() else { return true };
    if !matches!(first, b'0'..=b'9' | b'.' | b'_') {
        return false;
    }
    let is_radix = |byte: &u8| matches!(byte, b'x' | b'X' | b'o' | b'O' | b'b' | b'B');
    if *first == b'0' && unsigned.get(1).is_some_and(is_radix) {
        return unsigned[2..]
            .iter()
            .all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'_' | b'+' | b'-'));
    }
    let is_part = |byte: &u8| {
        byte.is_ascii_digit()
            || matches!(
                byte,
                b'_' | b'.' | b',' | b':' | b'+' | b'-' | b'e' | b'E' | b't' | b'T' | b'Z' | b' '
            )
    };
    let is_name = |name: &[u8]| unsigned.eq_ignore_ascii_case(name);
    unsigned.iter().all(is_part) || is_name(b".inf") || is_name(b".nan")
}
