//! Text that others wrote, as it may be shown: what a terminal would obey is written as an escape.

use std::fmt::Write as _;

/// Marks the text of a type with a mistake in it, so that whoever collects findings can leave out what speaks of one. No
/// source holds it: it is taken out of them, with a message.
pub(crate) const UNKNOWN: char = '\0';

/// Text that stands on one line. `UNKNOWN` stays.
pub(crate) fn in_line(text: impl Into<String>) -> String {
    escaped(text.into(), |c| c != UNKNOWN && (c == '\n' || is_obeyed(c)))
}

/// Text of several lines.
pub(crate) fn in_lines(text: impl Into<String>) -> String {
    escaped(text.into(), |c| c != '\t' && is_obeyed(c))
}

/// Control and direction characters; a line end is none.
pub(crate) fn is_obeyed(c: char) -> bool {
    (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn escaped(text: String, is_escaped: impl Fn(char) -> bool) -> String {
    if !text.contains(&is_escaped) {
        return text;
    }
    text.chars().fold(String::with_capacity(text.len() + 8), |mut line, c| {
        if is_escaped(c) {
            // Writing to a string never fails.
            let _ = write!(line, "{}", c.escape_default());
        } else {
            line.push(c);
        }
        line
    })
}

#[cfg(test)]
mod tests {
    use super::{in_line, in_lines};

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        assert_eq!(in_line("a\nb\t\u{1b}[31m\u{202e}é"), "a\\nb\\t\\u{1b}[31m\\u{202e}é");
        assert_eq!(in_lines("a\n\tb\u{1b}[0m\r\n"), "a\n\tb\\u{1b}[0m\\r\n");
    }
}
