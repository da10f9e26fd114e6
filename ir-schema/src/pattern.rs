//! Patterns of strings: RE2's syntax without flags, `\d \w \s \b` of ASCII, `.` of any character but a line feed. A pattern
//! matches a text as a whole.
//!
//! The crate `regex` reads a superset of RE2 in which `\d \w \s \b` know all of Unicode. So a pattern is parsed first,
//! what RE2 doesn't have is refused, and each of these classes is rewritten where it stands (`\d` to `[0-9]`). Everything
//! else means the same in both, and the rewritten pattern is compiled with Unicode on.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::HashMap;
use regex::Regex;
use regex_syntax::ast::parse::ParserBuilder;
use regex_syntax::ast::{
    self, AssertionKind, Ast, ClassPerl, ClassPerlKind, ClassSetItem, GroupKind, HexLiteralKind,
};

/// How large a compiled pattern may get, in bytes: what a small repetition of a large class needs, not what
/// `(a{1000}){1000}` does.
const COMPILED_SIZE_LIMIT: usize = 4 << 20;
/// RE2 refuses deeper patterns, and larger repetitions.
const MAX_NESTING: u32 = 200;
const MAX_REPETITION: u32 = 1000;
/// Compiled patterns that are kept; a program has a handful.
const CACHE_CAPACITY: usize = 256;

/// A pattern that can be matched.
#[derive(Clone, Debug)]
pub struct Pattern {
    regex: Regex,
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    pub message: String,
    /// Bytes of the pattern that the message is about.
    pub range: Range<usize>,
}

impl fmt::Display for PatternError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for PatternError {}

impl Pattern {
    pub fn new(pattern: &str) -> Result<Pattern, PatternError> {
        let whole = format!("^(?:{})$", rewritten(pattern)?);
        let regex = regex::RegexBuilder::new(&whole).size_limit(COMPILED_SIZE_LIMIT).build();
        regex.map(|regex| Pattern { regex }).map_err(|error| {
            let is_too_large = matches!(error, regex::Error::CompiledTooBig(_));
            let message = if is_too_large {
                "this pattern is too large: repeat less".to_owned()
            } else {
                last_line(&error.to_string())
            };
            PatternError { message, range: 0..pattern.len() }
        })
    }

    /// Whether the pattern matches the text from start to end.
    pub fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

/// The same pattern in the syntax of the crate `regex`, with Unicode on, for who translates patterns.
pub fn rewritten(pattern: &str) -> Result<String, PatternError> {
    let replacements = ast::visit(&parse(pattern)?, Rewriter { replacements: Vec::new() })?;
    Ok(rewrite(pattern, replacements))
}

/// Whether the pattern matches all of the text; a pattern that can't be compiled matches nothing. Compiled patterns are
/// kept.
pub fn matches_whole(pattern: &str, text: &str) -> bool {
    compiled(pattern).is_some_and(|pattern| pattern.matches(text))
}

fn compiled(pattern: &str) -> Option<Arc<Pattern>> {
    static CACHE: Mutex<Option<HashMap<String, Arc<Pattern>>>> = Mutex::new(None);
    let mut cache = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    let cache = cache.get_or_insert_default();
    if let Some(found) = cache.get(pattern) {
        return Some(Arc::clone(found));
    }
    let compiled = Arc::new(Pattern::new(pattern).ok()?);
    if cache.len() >= CACHE_CAPACITY {
        cache.clear();
    }
    cache.insert(pattern.to_owned(), Arc::clone(&compiled));
    Some(compiled)
}

fn parse(pattern: &str) -> Result<Ast, PatternError> {
    let mut parser = ParserBuilder::new().nest_limit(MAX_NESTING).build();
    parser
        .parse(pattern)
        .map_err(|error| PatternError { message: error.kind().to_string(), range: bytes(error.span()) })
}

/// Parts of a pattern, and what is written in their place.
type Replacements = Vec<(Range<usize>, &'static str)>;

fn rewrite(pattern: &str, mut replacements: Replacements) -> String {
    replacements.sort_by_key(|(range, _)| range.start);
    let mut rewritten = String::with_capacity(pattern.len());
    let mut copied = 0;
    for (range, replacement) in replacements {
        rewritten.push_str(&pattern[copied..range.start]);
        rewritten.push_str(replacement);
        copied = range.end;
    }
    rewritten.push_str(&pattern[copied..]);
    rewritten
}

fn last_line(message: &str) -> String {
    let line = message.lines().last().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

fn bytes(span: &ast::Span) -> Range<usize> {
    span.start.offset..span.end.offset
}

/// Walks a pattern: collects what must be written otherwise, refuses what RE2 doesn't have.
struct Rewriter {
    replacements: Replacements,
}

impl Rewriter {
    fn perl_class(&mut self, class: &ClassPerl) {
        let replacement = match (&class.kind, class.negated) {
            (ClassPerlKind::Digit, false) => "[0-9]",
            (ClassPerlKind::Digit, true) => "[^0-9]",
            (ClassPerlKind::Space, false) => r"[\t\n\f\r ]",
            (ClassPerlKind::Space, true) => r"[^\t\n\f\r ]",
            (ClassPerlKind::Word, false) => "[0-9A-Za-z_]",
            (ClassPerlKind::Word, true) => "[^0-9A-Za-z_]",
        };
        self.replacements.push((bytes(&class.span), replacement));
    }

    fn literal(&self, literal: &ast::Literal) -> Result<(), PatternError> {
        match &literal.kind {
            ast::LiteralKind::HexFixed(HexLiteralKind::UnicodeShort | HexLiteralKind::UnicodeLong)
            | ast::LiteralKind::HexBrace(HexLiteralKind::UnicodeShort | HexLiteralKind::UnicodeLong) => {
                refuse(&literal.span, "a character by its number is written \\x{1F600}")
            }
            ast::LiteralKind::Verbatim
            | ast::LiteralKind::Meta
            | ast::LiteralKind::Superfluous
            | ast::LiteralKind::Octal
            | ast::LiteralKind::HexFixed(HexLiteralKind::X)
            | ast::LiteralKind::HexBrace(HexLiteralKind::X)
            | ast::LiteralKind::Special(_) => Ok(()),
        }
    }
}

fn refuse<T>(span: &ast::Span, message: &str) -> Result<T, PatternError> {
    Err(PatternError { message: message.to_owned(), range: bytes(span) })
}

fn unicode_class(class: &ast::ClassUnicode) -> Result<(), PatternError> {
    match &class.kind {
        ast::ClassUnicodeKind::OneLetter(_) | ast::ClassUnicodeKind::Named(_) => Ok(()),
        ast::ClassUnicodeKind::NamedValue { .. } => {
            refuse(&class.span, "a class of characters is written \\p{Greek} or \\p{Lu}, by its name alone")
        }
    }
}

impl ast::Visitor for Rewriter {
    type Output = Replacements;
    type Err = PatternError;

    fn finish(self) -> Result<Replacements, PatternError> {
        Ok(self.replacements)
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), PatternError> {
        match ast {
            Ast::Flags(flags) => refuse(&flags.span, "patterns have no flags"),
            Ast::Group(group) => match &group.kind {
                GroupKind::NonCapturing(flags) if !flags.items.is_empty() => {
                    refuse(&flags.span, "patterns have no flags")
                }
                GroupKind::NonCapturing(_) | GroupKind::CaptureIndex(_) | GroupKind::CaptureName { .. } => {
                    Ok(())
                }
            },
            Ast::Assertion(assertion) => match assertion.kind {
                AssertionKind::WordBoundary => {
                    self.replacements.push((bytes(&assertion.span), r"(?-u:\b)"));
                    Ok(())
                }
                AssertionKind::NotWordBoundary => {
                    self.replacements.push((bytes(&assertion.span), r"(?-u:\B)"));
                    Ok(())
                }
                AssertionKind::StartLine
                | AssertionKind::EndLine
                | AssertionKind::StartText
                | AssertionKind::EndText => Ok(()),
                AssertionKind::WordBoundaryStart
                | AssertionKind::WordBoundaryEnd
                | AssertionKind::WordBoundaryStartAngle
                | AssertionKind::WordBoundaryEndAngle
                | AssertionKind::WordBoundaryStartHalf
                | AssertionKind::WordBoundaryEndHalf => {
                    refuse(&assertion.span, "the only word boundaries are \\b and \\B")
                }
            },
            Ast::ClassPerl(class) => {
                self.perl_class(class);
                Ok(())
            }
            Ast::ClassUnicode(class) => unicode_class(class),
            Ast::Literal(literal) => self.literal(literal),
            Ast::Repetition(repetition) => match &repetition.op.kind {
                ast::RepetitionKind::Range(range) if largest(range) > MAX_REPETITION => {
                    refuse(&repetition.op.span, "at most 1000 repetitions")
                }
                ast::RepetitionKind::Range(_)
                | ast::RepetitionKind::ZeroOrOne
                | ast::RepetitionKind::ZeroOrMore
                | ast::RepetitionKind::OneOrMore => Ok(()),
            },
            Ast::Empty(_) | Ast::Dot(_) | Ast::ClassBracketed(_) | Ast::Alternation(_) | Ast::Concat(_) => {
                Ok(())
            }
        }
    }

    fn visit_class_set_item_pre(&mut self, item: &ClassSetItem) -> Result<(), PatternError> {
        match item {
            ClassSetItem::Perl(class) => {
                self.perl_class(class);
                Ok(())
            }
            ClassSetItem::Bracketed(class) => refuse(&class.span, "a [ inside of [ ] is written \\["),
            ClassSetItem::Unicode(class) => unicode_class(class),
            ClassSetItem::Literal(literal) => self.literal(literal),
            ClassSetItem::Range(range) => {
                self.literal(&range.start)?;
                self.literal(&range.end)
            }
            ClassSetItem::Empty(_) | ClassSetItem::Ascii(_) | ClassSetItem::Union(_) => Ok(()),
        }
    }

    fn visit_class_set_binary_op_pre(
        &mut self,
        operator: &ast::ClassSetBinaryOp,
    ) -> Result<(), PatternError> {
        refuse(&operator.span, "inside of [ ] the characters && -- ~~ are written \\&\\& \\-\\- \\~\\~")
    }
}

fn largest(range: &ast::RepetitionRange) -> u32 {
    match range {
        ast::RepetitionRange::Exactly(count) | ast::RepetitionRange::AtLeast(count) => *count,
        ast::RepetitionRange::Bounded(_, most) => *most,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_texts_match_as_in_re2() {
        let table: &[(&str, &[&str], &[&str])] = &[
            ("", &[""], &["a", "\n"]),
            ("a|bc", &["a", "bc"], &["ab", "abc", "ac"]),
            (r"\d+", &["42"], &["٤٢", "", "4x", "42\n"]),
            (r"[\d_]+", &["4_2"], &["٤"]),
            (r"[^\d]", &["x", "٤", "é"], &["4"]),
            (r"\D\S\W", &["xé-", "٤é😀"], &["4aa"]),
            (r"\s", &[" ", "\t"], &["\u{a0}", "\u{b}"]),
            (r".\b.*", &["éa", "a-"], &["é-", "éé", "\na"]),
            (r"é\Bé", &["éé"], &["aa"]),
            (r"(s3|gs|file):\/\/.+", &["s3://b", "file:///x"], &["http://x", "s3://"]),
            (r"\p{Greek}\p{Lu}\pN", &["αA1", "αÉ²"], &["aA1"]),
            (r"[[:alpha:]\]]+", &["ab]"], &["é"]),
            (r"\x{1F600}\x41", &["😀A"], &[]),
            (r"^a$", &["a"], &["a\n"]),
            (r"(?:a){2,3}?(?P<n>b)(?<m>c)", &["aabc"], &["abc"]),
            ("[^a]", &["\n"], &["a"]),
        ];
        for (pattern, matching, others) in table {
            let compiled = Pattern::new(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
            for text in *matching {
                assert!(compiled.matches(text), "{pattern} {text:?}");
            }
            for text in *others {
                assert!(!compiled.matches(text), "{pattern} {text:?}");
            }
        }
    }

    #[test]
    fn what_re2_does_not_have_is_refused() {
        let table = [
            ("(?i)a", "patterns have no flags"),
            ("(?s:a)", "patterns have no flags"),
            ("[a[b]]", "a [ inside of [ ] is written \\["),
            ("[a&&b]", "inside of [ ] the characters && -- ~~ are written \\&\\& \\-\\- \\~\\~"),
            (r"\u0041", "a character by its number is written \\x{1F600}"),
            (r"\b{start}a", "the only word boundaries are \\b and \\B"),
            (r"\<a", "the only word boundaries are \\b and \\B"),
            (r"\p{sc=Greek}", "a class of characters is written \\p{Greek} or \\p{Lu}, by its name alone"),
            ("a{1001}", "at most 1000 repetitions"),
            ("(a", "unclosed group"),
            ("(a)\\1", "backreferences are not supported"),
            ("a(?=b)", "look-around, including look-ahead and look-behind, is not supported"),
            (r"\p{Klingon}", "Unicode property not found"),
            ("((a{1000}){1000}){1000}", "this pattern is too large: repeat less"),
        ];
        for (pattern, message) in table {
            let error = Pattern::new(pattern).err().unwrap_or_else(|| panic!("{pattern} is no error"));
            assert_eq!(error.message, message, "{pattern}");
        }
    }
}
