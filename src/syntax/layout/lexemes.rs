//! Where a string, a raw block, a regular expression or a word ends. Works on bytes; never looks at what they mean.

use memchr::{memchr, memmem};

/// The end of the line that `at` is on, without its line feed.
pub(super) fn line_end(bytes: &[u8], at: usize) -> usize {
    memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |found| at + found)
}

/// The start of the line that `at` is on.
pub(super) fn line_start(bytes: &[u8], at: usize) -> usize {
    memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |found| found + 1)
}

pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

pub(super) fn word_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|byte| !is_word(*byte)).map_or(bytes.len(), |length| at + length)
}

/// The first byte from `at` that is no blank, on the same line.
pub(super) fn skip_blanks(bytes: &[u8], at: usize) -> usize {
    bytes[at..]
        .iter()
        .position(|byte| !matches!(byte, b' ' | b'\t'))
        .map_or(bytes.len(), |length| at + length)
}

/// How a string that begins at a quote goes on.
#[derive(Debug, PartialEq)]
pub(super) enum StringEnd {
    /// Behind the closing quote; how deep brackets nest in its `${…}`.
    Closed { end: usize, nesting: usize },
    /// There is none on the line.
    Open,
}

/// The end of the string that begins at `at`. Strings, braces and `${…}` inside of `${…}` nest.
pub(super) fn string_end(bytes: &[u8], at: usize) -> StringEnd {
    #[derive(PartialEq)]
    enum Inside {
        Text,
        Braces,
    }
    let mut stack = vec![Inside::Text];
    let mut other_brackets = 0usize;
    let mut nesting = 0;
    let mut position = at + 1;
    while let Some(&byte) = bytes.get(position) {
        let in_text = stack.last() == Some(&Inside::Text);
        match byte {
            b'\n' => return StringEnd::Open,
            b'"' if in_text => {
                stack.pop();
                if stack.is_empty() {
                    return StringEnd::Closed { end: position + 1, nesting };
                }
            }
            b'"' => stack.push(Inside::Text),
            b'\\' if in_text => {
                position += 1;
                if bytes.get(position) == Some(&b'\n') {
                    return StringEnd::Open;
                }
            }
            b'$' if in_text && bytes.get(position + 1) == Some(&b'{') => {
                stack.push(Inside::Braces);
                position += 1;
            }
            b'{' if !in_text => stack.push(Inside::Braces),
            b'}' if !in_text => {
                stack.pop();
            }
            b'(' | b'[' if !in_text => other_brackets += 1,
            b')' | b']' if !in_text => other_brackets = other_brackets.saturating_sub(1),
            _ => {}
        }
        nesting = nesting.max(stack.len() - 1 + other_brackets);
        position += 1;
    }
    StringEnd::Open
}

/// How many quotes open the raw block at `at`.
pub(super) fn opening_quotes(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().take_while(|byte| **byte == b'"').count()
}

/// Behind the closing quotes of the raw block that begins at `at`, if it has any.
pub(super) fn raw_end(bytes: &[u8], at: usize) -> Option<usize> {
    let quotes = &bytes[at..at + opening_quotes(bytes, at)];
    let text = at + quotes.len();
    memmem::find(&bytes[text..], quotes).map(|found| text + found + quotes.len())
}

/// Behind the first three quotes that begin a line and are indented no deeper than the line that the block begins on,
/// if all lines before are: where a block ends whose text holds three quotes itself.
pub(super) fn end_by_indentation(bytes: &[u8], at: usize, indentation: usize) -> Option<usize> {
    let mut start = line_end(bytes, at) + 1;
    while start < bytes.len() {
        let end = line_end(bytes, start);
        let first = skip_blanks(bytes, start);
        let is_blank = first >= end || bytes[first] == b'\r';
        if !is_blank && first - start <= indentation {
            return bytes[first..].starts_with(b"\"\"\"").then_some(first + 3);
        }
        start = end + 1;
    }
    None
}

/// Behind the closing `/` of the regular expression that begins at `at`, if it has one on its line.
pub(super) fn regular_expression_end(bytes: &[u8], at: usize) -> Option<usize> {
    let mut position = at + 1;
    loop {
        match bytes.get(position)? {
            b'\n' => return None,
            b'/' => return Some(position + 1),
            b'\\' if bytes.get(position + 1).is_some_and(|next| *next != b'\n') => position += 2,
            _ => position += 1,
        }
    }
}

/// Behind the closing `'` of what begins at `at`, if it has one on its line.
pub(super) fn single_quoted_end(bytes: &[u8], at: usize) -> Option<usize> {
    let mut position = at + 1;
    loop {
        match bytes.get(position)? {
            b'\n' => return None,
            b'\'' => return Some(position + 1),
            b'\\' if bytes.get(position + 1).is_some_and(|next| *next != b'\n') => position += 2,
            _ => position += 1,
        }
    }
}

/// Behind the next backtick on the line, if no bracket or quote stands before it that the grammar would count.
pub(super) fn backtick_end(bytes: &[u8], at: usize) -> Option<usize> {
    let length = memchr::memchr2(b'`', b'\n', &bytes[at + 1..])?;
    let (inner, end) = (&bytes[at + 1..at + 1 + length], at + 1 + length);
    let is_counted = |byte: &u8| matches!(byte, b'(' | b')' | b'[' | b']' | b'"');
    let braces = |sign: u8| memchr::memchr_iter(sign, inner).count();
    let is_plain = bytes[end] == b'`' && !inner.iter().any(is_counted) && braces(b'{') == braces(b'}');
    is_plain.then_some(end + 1)
}
