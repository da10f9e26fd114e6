//! RE2 patterns as POSIX extended regular expressions over bytes, which bash matches in the C locale. Both decide whether
//! a text belongs to a regular language, so nothing but word boundaries is lost.

use regex_syntax::hir::{Class, Hir, HirKind, Look};
use regex_syntax::utf8::Utf8Sequences;

/// Larger ones take the C library seconds and much memory.
const MAX_LENGTH: usize = 20_000;
/// The largest repetition that every C library takes.
const MAX_REPETITION: u32 = 255;

/// An expression that matches, as a whole, what the pattern matches as a whole; or why there is none.
pub(super) fn extended(pattern: &str) -> Result<String, String> {
    let rewritten = pipec_ir::pattern::rewritten(pattern).map_err(|error| error.message)?;
    let hir = regex_syntax::Parser::new().parse(&rewritten).map_err(|error| error.to_string())?;
    let mut text = String::from("^(");
    write(&hir, &mut text)?;
    text.push_str(")$");
    if text.len() > MAX_LENGTH {
        return Err("it is too large".to_owned());
    }
    Ok(text)
}

fn write(hir: &Hir, text: &mut String) -> Result<(), String> {
    match hir.kind() {
        HirKind::Empty => text.push_str("()"),
        HirKind::Literal(literal) => literal.0.iter().for_each(|byte| write_byte(*byte, text)),
        HirKind::Class(Class::Unicode(class)) => {
            let mut alternatives = Vec::new();
            let mut ascii = Vec::new();
            for range in class.iter() {
                for sequence in Utf8Sequences::new(range.start(), range.end()) {
                    match sequence.as_slice() {
                        [only] => ascii.push((only.start.max(1), only.end)),
                        several => alternatives.push(
                            several.iter().map(|range| set(&[(range.start, range.end)])).collect::<String>(),
                        ),
                    }
                }
            }
            if !ascii.is_empty() {
                alternatives.insert(0, set(&ascii));
            }
            match alternatives.as_slice() {
                [] => return Err("a part of it matches nothing".to_owned()),
                [only] if ascii.len() + 1 > alternatives.len() && !ascii.is_empty() => text.push_str(only),
                _ => text.push_str(&format!("({})", alternatives.join("|"))),
            }
        }
        HirKind::Class(Class::Bytes(class)) => {
            let ranges: Vec<(u8, u8)> =
                class.iter().map(|range| (range.start().max(1), range.end())).collect();
            if ranges.is_empty() {
                return Err("a part of it matches nothing".to_owned());
            }
            text.push_str(&set(&ranges));
        }
        HirKind::Look(Look::Start) => text.push('^'),
        HirKind::Look(Look::End) => text.push('$'),
        HirKind::Look(_) => return Err("it has a word boundary".to_owned()),
        HirKind::Repetition(repetition) => {
            if repetition.min > MAX_REPETITION || repetition.max.is_some_and(|max| max > MAX_REPETITION) {
                return Err(format!("it repeats more than {MAX_REPETITION} times"));
            }
            text.push('(');
            write(&repetition.sub, text)?;
            text.push(')');
            match (repetition.min, repetition.max) {
                (0, None) => text.push('*'),
                (1, None) => text.push('+'),
                (0, Some(1)) => text.push('?'),
                (min, None) => text.push_str(&format!("{{{min},}}")),
                (min, Some(max)) => text.push_str(&format!("{{{min},{max}}}")),
            }
        }
        HirKind::Capture(capture) => {
            text.push('(');
            write(&capture.sub, text)?;
            text.push(')');
        }
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write(part, text))?,
        HirKind::Alternation(arms) => {
            text.push('(');
            for (index, arm) in arms.iter().enumerate() {
                if index > 0 {
                    text.push('|');
                }
                write(arm, text)?;
            }
            text.push(')');
        }
    }
    Ok(())
}

/// A byte that stands for itself. Bytes beyond ASCII are marked as `\u{e0XX}` until they are quoted.
fn write_byte(byte: u8, text: &mut String) {
    if b".[]{}()*+?^$|\\".contains(&byte) {
        text.push('\\');
    }
    push_byte(byte, text);
}

fn push_byte(byte: u8, text: &mut String) {
    match char::from_u32(0xe000 + u32::from(byte)) {
        Some(marked) if byte >= 0x80 => text.push(marked),
        _ => text.push(char::from(byte)),
    }
}

/// A bracket expression. The bytes that mean something in one stand where they don't.
fn set(ranges: &[(u8, u8)]) -> String {
    const SPECIAL: &[u8] = b"]\\[^-";
    let mut members = String::new();
    let mut special: Vec<u8> = Vec::new();
    for (start, end) in ranges {
        let mut first = *start;
        for byte in SPECIAL {
            if (*start..=*end).contains(byte) {
                special.push(*byte);
            }
        }
        let mut inside: Vec<u8> =
            special.iter().copied().filter(|byte| (*start..=*end).contains(byte)).collect();
        inside.sort_unstable();
        inside.dedup();
        for byte in inside {
            push_range(first, byte - 1, &mut members);
            first = byte + 1;
        }
        push_range(first, *end, &mut members);
    }
    let has = |byte: u8| special.contains(&byte);
    let mut text = String::from("[");
    if has(b']') {
        text.push(']');
    }
    text.push_str(&members);
    if has(b'\\') {
        text.push('\\');
    }
    if has(b'[') {
        text.push('[');
    }
    let is_empty = text.len() == 1;
    match (has(b'^'), has(b'-')) {
        (true, true) if is_empty => text.push_str("-^"),
        (true, false) if is_empty => return "\\^".to_owned(),
        (true, true) => text.push_str("^-"),
        (true, false) => text.push('^'),
        (false, true) => text.push('-'),
        (false, false) => {}
    }
    text.push(']');
    text
}

fn push_range(start: u8, end: u8, text: &mut String) {
    if start > end {
        return;
    }
    push_byte(start, text);
    if end > start + 1 {
        text.push('-');
    }
    if end > start {
        push_byte(end, text);
    }
}

/// The expression as a word of bash; marked bytes become `\xc3`.
pub(super) fn word(extended: &str) -> String {
    let is_plain = |character: char| matches!(character, ' '..='~') && character != '\'';
    if extended.chars().all(is_plain) {
        return format!("'{extended}'");
    }
    let mut word = String::from("$'");
    for character in extended.chars() {
        match u32::from(character) {
            code @ 0xe080..=0xe0ff => word.push_str(&format!("\\x{:02x}", code - 0xe000)),
            code if code < 0x20 || code == 0x7f => word.push_str(&format!("\\x{code:02x}")),
            _ if character == '\'' || character == '\\' => {
                word.push('\\');
                word.push(character);
            }
            _ => word.push(character),
        }
    }
    word.push('\'');
    word
}
