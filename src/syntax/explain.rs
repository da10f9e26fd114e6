//! Why a text makes no sense: the text alone is parsed again with the strict rules, and where they got furthest is
//! what the message is about.

// pest has one enum for the rules of the whole grammar: no match can name them all.
#![allow(clippy::wildcard_enum_match_arm)]

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};

use crate::diagnostics::Diagnostic;
use crate::source::{Span, Spanned};
use crate::syntax::ast::Name;
use crate::syntax::errors::nonsense as errors;
use crate::syntax::errors::{habits, operators, refinements, signs};
use crate::syntax::grammar::{Grammar, Rule};
use crate::syntax::layout::{BROKEN_STRING, STRAY_BRACKET};
use crate::syntax::words;

/// Where the strict rules could not go on.
#[derive(Clone, Copy)]
pub(super) struct Failure<'t> {
    /// What makes no sense, as a whole.
    pub(super) text: &'t str,
    pub(super) whole: Span,
    /// What makes sense before the failure, without blanks at its end.
    pub(super) before: &'t str,
    /// The token that can't stand here; empty at the end.
    pub(super) found: &'t str,
    pub(super) found_span: Span,
    /// What all of it should be.
    pub(super) rule: Rule,
}

impl Failure<'_> {
    pub(super) fn at_end(&self) -> bool {
        self.found.is_empty()
    }

    /// Right behind what makes sense.
    pub(super) fn behind(&self) -> Span {
        let at = self.whole.start + length(self.before);
        Span { start: at, end: at, ..self.whole }
    }

    /// The last token that makes sense.
    pub(super) fn last(&self) -> &str {
        last_token(self.before)
    }

    pub(super) fn last_span(&self) -> Span {
        let behind = self.behind();
        Span { start: behind.start - length(self.last()), ..behind }
    }

    /// Whether nothing stands between what makes sense and what doesn't.
    pub(super) fn is_joined(&self) -> bool {
        self.found_span.start == self.behind().start
    }

    pub(super) fn found_is_word(&self) -> bool {
        self.found.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
    }

    pub(super) fn found_begins_value(&self) -> bool {
        self.found_is_word()
            || self.found.starts_with(|first: char| first.is_ascii_digit() || "\"[{(".contains(first))
    }
}

/// Why `rule` can't read the text at `span`. None if that was said already.
pub(super) fn nonsense(text: &str, span: Span, rule: Rule) -> Option<Diagnostic> {
    let nonsense = text[span.start as usize..span.end as usize].trim_end();
    if rule == Rule::strict_item
        && let Some(diagnostic) = foreign_item(nonsense, span)
    {
        return Some(diagnostic);
    }
    let error = match Grammar::parse(rule, nonsense) {
        Ok(_) => return None,
        Err(error) => error,
    };
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let expected = match error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives,
        ErrorVariant::CustomError { .. } => return Some(errors::too_deep_to_read(span)),
    };
    let rest = &nonsense[at..];
    let start = at + rest.len() - rest.trim_start_matches([' ', '\n']).len();
    let found = first_token(&nonsense[start..]);
    if is_reported(found) {
        return None;
    }
    let found_start = span.start + length(&nonsense[..start]);
    let failure = Failure {
        text: nonsense,
        whole: span,
        before: nonsense[..at].trim_end_matches([' ', '\n']),
        found,
        found_span: Span { start: found_start, end: found_start + length(found), ..span },
        rule,
    };
    Some(explain(&failure, &expected))
}

fn explain(failure: &Failure<'_>, expected: &[Rule]) -> Diagnostic {
    let expects = |rule: Rule| expected.contains(&rule);
    let complete = expects(Rule::EOI);
    let shape = refinements::refinement(failure).or_else(|| signs::sign(failure));
    if let Some(diagnostic) = shape.or_else(|| habits::shape(failure)) {
        return diagnostic;
    }
    if let Some(diagnostic) = errors::foreign_sign(failure, complete) {
        return diagnostic;
    }
    if (complete || expects(Rule::field_access))
        && let Some(diagnostic) = operators::foreign_operator(failure)
    {
        return diagnostic;
    }
    if complete {
        return if expects(Rule::equals)
            && failure.rule == Rule::strict_statement
            && failure.found_begins_value()
            && !words::is_reserved(failure.last())
        {
            errors::missing_equals(failure)
        } else {
            errors::more_than_expected(failure)
        };
    }
    // Behind a whole operand, what is missing is whatever ends the expression.
    if expects(Rule::field_access) {
        return errors::behind_operand(failure, expects(Rule::opening) || expects(Rule::block));
    }
    let [only] = expected else { return explain_several(failure, expected) };
    match only {
        Rule::in_ => errors::missing_in(failure),
        Rule::limit => errors::missing_limit(failure),
        Rule::until => errors::missing_until(failure),
        Rule::arrow => errors::missing_arrow(failure),
        Rule::colon => errors::missing_colon(failure),
        Rule::equals => errors::missing_equals(failure),
        Rule::string => errors::missing_path(failure),
        Rule::word => errors::missing_name(failure),
        Rule::braces | Rule::block | Rule::task_body => errors::missing_opening_brace(failure),
        Rule::strict_item => errors::no_item(failure),
        _ => explain_several(failure, expected),
    }
}

fn explain_several(failure: &Failure<'_>, expected: &[Rule]) -> Diagnostic {
    let expects = |rule: Rule| expected.contains(&rule);
    if expects(Rule::parameters) {
        errors::missing_parentheses(failure)
    } else if expects(Rule::results) || (expects(Rule::opening) && failure.rule == Rule::strict_item) {
        errors::missing_results_or_body(failure)
    } else if failure.rule == Rule::strict_arm && expects(Rule::pattern_fields) {
        errors::missing_arrow(failure)
    } else if expects(Rule::opening) || expects(Rule::block) || expects(Rule::task_body) {
        errors::missing_opening_brace(failure)
    } else if expects(Rule::use_alias) {
        errors::missing_import(failure)
    } else if expects(Rule::type_) || expects(Rule::named_type) {
        errors::missing_type(failure)
    } else if expects(Rule::expression) || expects(Rule::argument) || expects(Rule::name) {
        errors::missing_expression(failure)
    } else if expects(Rule::word) {
        errors::missing_name(failure)
    } else if expects(Rule::colon) {
        errors::missing_colon(failure)
    } else if expects(Rule::equals) {
        errors::missing_equals(failure)
    } else {
        errors::anything(failure)
    }
}

/// Whether `layout` replaced the token, with a message.
fn is_reported(token: &str) -> bool {
    token.bytes().next().is_some_and(|byte| byte == STRAY_BRACKET || byte == BROKEN_STRING)
}

/// What begins as declarations of other languages do.
fn foreign_item(text: &str, span: Span) -> Option<Diagnostic> {
    let word = first_token(text);
    words::FOREIGN_ITEMS
        .contains(&word)
        .then(|| errors::foreign_item(word, Span { end: span.start + length(word), ..span }))
}

/// Text behind an item that ended.
pub(super) fn behind_item(file: &str, junk: Span) -> Option<Diagnostic> {
    let text = &file[junk.start as usize..junk.end as usize];
    let start = text.len() - text.trim_start_matches([' ', '\n']).len();
    let found = first_token(&text[start..]);
    if is_reported(found) {
        return None;
    }
    let found_start = junk.start + length(&text[..start]);
    let failure = Failure {
        text,
        whole: junk,
        before: "",
        found,
        found_span: Span { start: found_start, end: found_start + length(found), ..junk },
        rule: Rule::strict_item,
    };
    let on_new_line = text[..start].contains('\n');
    let before = &file[..junk.start as usize];
    if let Some(diagnostic) = refinements::behind_type(&before[before.rfind('\n').unwrap_or(0)..], &failure) {
        return Some(diagnostic);
    }
    Some(errors::foreign_sign(&failure, true).unwrap_or_else(|| {
        if on_new_line { errors::no_item(&failure) } else { errors::more_than_expected(&failure) }
    }))
}

/// The name that an unreadable item would declare.
pub(super) fn declared_name(text: &str, span: Span) -> Option<Name> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let item = &text[span.start as usize..span.end as usize];
    if let Some((_, alias)) = item.rsplit_once(" as ")
        && let alias = alias.trim()
        && !alias.is_empty()
        && alias.bytes().all(|byte| is_word(&byte))
    {
        return Some(Spanned::new(alias.to_owned(), span));
    }
    let bytes = &text.as_bytes()[..span.end as usize];
    let from = span.start as usize;
    let keyword = from + bytes[from..].iter().position(is_word)?;
    let keyword_end = keyword + bytes[keyword..].iter().take_while(|byte| is_word(byte)).count();
    let name = keyword_end + bytes[keyword_end..].iter().position(|byte| *byte != b' ')?;
    let name_length = bytes[name..].iter().take_while(|byte| is_word(byte)).count();
    let start = span.start + length(&text[from..name]);
    let name_text = &text[name..name + name_length];
    let name_span = Span { start, end: start + length(name_text), ..span };
    let is_name = name_text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    is_name.then(|| Spanned::new(name_text.to_owned(), name_span))
}

/// Signs of several characters, those first that begin with others; some are of other languages.
const SIGNS: [&str; 26] = [
    "...", "===", "!==", "..=", "..<", "**=", "<=>", "==", "!=", "<=", ">=", "=>", "->", ":=", "+=", "-=",
    "*=", "/=", "&&", "||", "??", "?.", "..", "**", "++", "::",
];

/// The token that a text begins with.
fn first_token(text: &str) -> &str {
    let Some(first) = text.chars().next() else { return "" };
    if first == '\n' {
        return "";
    }
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    if is_word(first) {
        return &text[..text.find(|character| !is_word(character)).unwrap_or(text.len())];
    }
    if first == '"' || first == '\'' {
        let end = text[1..].find([first, '\n']).map_or(text.len(), |found| found + 2);
        return text[..end.min(text.len())].trim_end_matches('\n');
    }
    SIGNS
        .iter()
        .find(|sign| text.starts_with(**sign))
        .map_or_else(|| &text[..first.len_utf8()], |sign| &text[..sign.len()])
}

/// The token that a text ends with.
fn last_token(text: &str) -> &str {
    let Some(last) = text.chars().next_back() else { return "" };
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    if is_word(last) {
        return &text[text
            .rfind(|character| !is_word(character))
            .map_or(0, |found| found + text[found..].chars().next().map_or(1, char::len_utf8))..];
    }
    SIGNS
        .iter()
        .find(|sign| text.ends_with(**sign))
        .map_or_else(|| &text[text.len() - last.len_utf8()..], |sign| &text[text.len() - sign.len()..])
}

pub(super) fn length(text: &str) -> u32 {
    u32::try_from(text.len()).expect("a source file is smaller than 4 GiB")
}
