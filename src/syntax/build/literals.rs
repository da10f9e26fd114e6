//! Numbers, strings and raw blocks.

use super::Builder;
use crate::source::Spanned;
use crate::syntax::ast::{Expr, ExprKind, RawBlock, StringPart};
use crate::syntax::errors;
use crate::syntax::grammar::{Pair, Rule};

const DURATION_UNITS: [&str; 5] = ["ms", "s", "m", "h", "d"];
const QUANTITY_UNITS: [&str; 10] = ["k", "M", "G", "T", "P", "Ki", "Mi", "Gi", "Ti", "Pi"];

impl<'t> Builder<'t> {
    pub(super) fn number(&self, pair: &Pair<'t>) -> ExprKind {
        let text = pair.as_str();
        let (number, unit) = split_number(text);
        if number.ends_with('_') || number.contains("__") {
            self.say(errors::stray_underscore(self.span(pair)));
        }
        let digits = number.replace('_', "");
        let is_float = digits.contains(['.', 'e', 'E']);
        match unit {
            "" if is_float => ExprKind::Float(digits),
            "" => ExprKind::Int(digits),
            unit if DURATION_UNITS.contains(&unit) => {
                ExprKind::Duration { number: digits, unit: unit.to_owned() }
            }
            unit if QUANTITY_UNITS.contains(&unit) => {
                ExprKind::Quantity { number: digits, unit: unit.to_owned() }
            }
            unit => {
                self.say(errors::unknown_unit(self.span(pair), number, unit));
                ExprKind::Error
            }
        }
    }

    /// A string's parts, with escapes undone.
    pub(super) fn string(&self, pair: Pair<'t>) -> Vec<StringPart> {
        let mut parts: Vec<StringPart> = Vec::new();
        for part in pair.into_inner() {
            let next = match part.as_rule() {
                Rule::text => StringPart::Text(part.as_str().to_owned()),
                Rule::escape => StringPart::Text(self.escape(&part)),
                _ => {
                    let inner = part.into_inner().next().expect("an interpolation holds an expression");
                    StringPart::Expr(self.expression(inner))
                }
            };
            match (next, parts.last_mut()) {
                (StringPart::Text(text), Some(StringPart::Text(last))) => last.push_str(&text),
                (next, _) => parts.push(next),
            }
        }
        parts
    }

    fn escape(&self, pair: &Pair<'t>) -> String {
        let text = &pair.as_str()[1..];
        let plain = match text {
            "n" => "\n",
            "t" => "\t",
            "r" => "\r",
            "\"" => "\"",
            "\\" => "\\",
            "$" => "$",
            _ => {
                let code = text.strip_prefix("u{").and_then(|text| text.strip_suffix('}'));
                return match code {
                    Some(code) => self.unicode_escape(pair, code),
                    None => {
                        self.say(errors::unknown_escape(self.span(pair), text));
                        text.to_owned()
                    }
                };
            }
        };
        plain.to_owned()
    }

    fn unicode_escape(&self, pair: &Pair<'t>, code: &str) -> String {
        let value = (code.len() <= 6).then(|| u32::from_str_radix(code, 16).ok()).flatten();
        match value.map(char::from_u32) {
            Some(Some('\0')) => self.say(errors::nul_escape(self.span(pair))),
            Some(Some(character)) => return character.to_string(),
            Some(None) => self.say(errors::no_such_character(self.span(pair), code)),
            None => self.say(errors::malformed_unicode_escape(self.span(pair))),
        }
        char::REPLACEMENT_CHARACTER.to_string()
    }

    /// A string that must be known as it stands: a path, an outside name.
    pub(super) fn plain_string(&self, pair: Pair<'t>) -> Option<Spanned<String>> {
        let span = self.span(&pair);
        if pair.as_rule() == Rule::broken_string {
            return None;
        }
        match self.string(pair).as_slice() {
            [] => Some(Spanned::new(String::new(), span)),
            [StringPart::Text(text)] => Some(Spanned::new(text.clone(), span)),
            _ => {
                self.say(errors::interpolation_in_plain_string(span));
                None
            }
        }
    }

    pub(super) fn single_quoted(&self, pair: &Pair<'t>) -> ExprKind {
        let text = pair.as_str();
        let inner = &text[1..text.len() - 1];
        self.say(errors::single_quotes(self.span(pair), inner));
        ExprKind::String(vec![StringPart::Text(inner.to_owned())])
    }

    /// A raw block without its common indentation. Blank lines and the closing line don't count for it, and the first
    /// and the last line end don't belong to the text.
    pub(super) fn raw(&self, pair: &Pair<'t>) -> RawBlock {
        let text = pair.as_str();
        let quotes = text.bytes().take_while(|byte| *byte == b'"').count();
        let start = self.range_of(pair).start + quotes;
        let mut at = start;
        let mut lines = Vec::new();
        for line in text[quotes..text.len() - quotes].split('\n') {
            lines.push((at, line.strip_suffix('\r').unwrap_or(line)));
            at += line.len() + 1;
        }
        if lines.len() > 1 && is_blank(lines[lines.len() - 1].1) {
            lines.pop();
        }
        if at > start + lines[0].1.len() + 1 && is_blank(lines[0].1) {
            lines.remove(0);
        }
        let indentation = common_indentation(&lines, start);
        let mut block = RawBlock { text: String::new(), span: self.span(pair), line_starts: Vec::new() };
        for (index, (at, line)) in lines.iter().enumerate() {
            let cut = if *at == start { 0 } else { indentation.min(blanks_of(line).len()) };
            if index > 0 {
                block.text.push('\n');
            }
            block.text.push_str(&line[cut..]);
            block.line_starts.push(self.range(at + cut..at + cut).start);
        }
        block
    }

    pub(super) fn raw_expression(&self, pair: &Pair<'t>) -> Expr {
        Expr { span: self.span(pair), kind: ExprKind::Raw(Box::new(self.raw(pair))) }
    }
}

fn is_blank(line: &str) -> bool {
    line.bytes().all(|byte| matches!(byte, b' ' | b'\t'))
}

fn blanks_of(line: &str) -> &str {
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// The indentation that all lines share which aren't blank; the text behind the opening quotes has none of its own.
fn common_indentation(lines: &[(usize, &str)], start: usize) -> usize {
    let mut common: Option<&str> = None;
    for (at, line) in lines {
        if *at == start || is_blank(line) {
            continue;
        }
        let own = blanks_of(line);
        common = Some(match common {
            None => own,
            Some(common) => {
                let shared = common.bytes().zip(own.bytes()).take_while(|(a, b)| a == b).count();
                &common[..shared]
            }
        });
    }
    common.map_or(0, str::len)
}

/// A number and its unit.
fn split_number(text: &str) -> (&str, &str) {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        bytes[from..]
            .iter()
            .position(|byte| !byte.is_ascii_digit() && *byte != b'_')
            .map_or(bytes.len(), |n| from + n)
    };
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent > end + 1 + sign && exponent == bytes.len() {
            end = exponent;
        }
    }
    text.split_at(end)
}
