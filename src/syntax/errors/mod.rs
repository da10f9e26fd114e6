//! What goes wrong in a text, as findings. Each function is named after the fact.

pub(super) mod habits;
pub(super) mod nonsense;
pub(super) mod operators;
pub(super) mod refinements;
pub(super) mod signs;
mod statements;

use crate::diagnostics::{Applicability, Code, Diagnostic, Edit, Fix, codes};
use crate::source::Span;
use crate::syntax::ast::Name;

pub(super) use statements::*;

/// `{` without `}`.
pub(super) fn unclosed_bracket(open: Span, noticed: Span, opening: char, closing: char) -> Diagnostic {
    Diagnostic::error(
        codes::UNPAIRED_BRACKET,
        format!("this `{opening}` is never closed"),
        open,
        format!("`{closing}` is missing"),
    )
    .with_label(noticed, format!("`{closing}` is expected here or before"))
}

/// `}` without `{`.
pub(super) fn unopened_bracket(close: Span, opening: char, closing: char) -> Diagnostic {
    Diagnostic::error(
        codes::UNPAIRED_BRACKET,
        format!("this `{closing}` closes nothing"),
        close,
        format!("no `{opening}` is open here"),
    )
    .with_help(format!("remove it, or add the `{opening}` that it belongs to"))
}

pub(super) fn too_deep(place: Span, limit: usize) -> Diagnostic {
    Diagnostic::error(
        codes::TOO_DEEP,
        format!("this is nested more than {limit} levels deep"),
        place,
        "one level too many",
    )
    .with_help("give an inner part a name of its own (`part = …`, `type Part = …`), and use the name here")
}

pub(super) fn unclosed_string(string: Span) -> Diagnostic {
    Diagnostic::error(
        codes::UNCLOSED_TEXT,
        "this string has no closing quote on its line",
        string,
        "`\"` is missing",
    )
    .with_help("a string stands on one line; write `\\n` for a line end, or use a raw block: `\"\"\"…\"\"\"`")
}

pub(super) fn unclosed_raw(opening: Span, quotes: usize) -> Diagnostic {
    Diagnostic::error(
        codes::UNCLOSED_TEXT,
        "this raw block is never closed",
        opening,
        format!("{quotes} quotes open it, and the file ends before {quotes} quotes close it"),
    )
}

/// A string with a line end in it.
pub(super) fn line_end_in_string(string: Span) -> Diagnostic {
    Diagnostic::error(
        codes::UNCLOSED_TEXT,
        "a string stands on one line, and this one goes on over a line end",
        string,
        "",
    )
    .with_help("write `\\n` for a line end, or use a raw block: `\"\"\"…\"\"\"`")
}

/// A raw block with a Python docstring.
pub(super) fn quotes_in_raw_block(opening: Span, inner: Span, closing: Span) -> Diagnostic {
    let edit = |span| Edit { span, replacement: "\"\"\"\"".to_owned() };
    Diagnostic::error(
        codes::UNCLOSED_TEXT,
        "the text of this raw block holds three quotes, so they would end it",
        inner,
        "ends the block here",
    )
    .with_label(opening, "the block begins with three quotes")
    .with_help("begin and end the block with four quotes; a docstring then is text like any other")
    .with_fix(Fix {
        title: "use four quotes".to_owned(),
        edits: vec![edit(opening), edit(closing)],
        applicability: Applicability::Safe,
    })
}

pub(super) fn block_comment(comment: Span, text: &str) -> Diagnostic {
    let finding = Diagnostic::error(
        codes::FOREIGN_SYNTAX,
        "comments begin with `//` and end with the line",
        comment,
        "not a comment here",
    );
    let inner = text.strip_prefix("/*").and_then(|text| text.strip_suffix("*/"));
    match inner {
        Some(inner) => {
            let lines: Vec<String> = inner
                .trim()
                .lines()
                .map(|line| format!("// {}", line.trim().trim_start_matches("* ")))
                .collect();
            finding.with_fix(Fix {
                title: "write it with `//`".to_owned(),
                edits: vec![Edit { span: comment, replacement: lines.join("\n") }],
                applicability: Applicability::Unsafe,
            })
        }
        None => finding,
    }
}

/// `;`, all of them at once.
pub(super) fn semicolons(edits: Vec<Edit>) -> Diagnostic {
    let title = match edits.iter().all(|edit| edit.replacement.is_empty()) {
        true => "remove every `;`",
        false => "write a line end or a comma for every `;`",
    };
    let first = Span { end: edits[0].span.start + 1, ..edits[0].span };
    habit(codes::FOREIGN_SYNTAX, "a line end or a comma ends a statement, never a `;`", first, edits, title)
}

/// `# comment`, all of them at once.
pub(super) fn hash_comments(places: &[Span]) -> Diagnostic {
    let edits = places.iter().map(|span| Edit { span: *span, replacement: "//".to_owned() }).collect();
    habit(codes::FOREIGN_SYNTAX, "comments begin with `//`", places[0], edits, "write `//`")
}

fn habit(code: Code, message: &str, first: Span, edits: Vec<Edit>, title: &str) -> Diagnostic {
    let others = edits.len() - 1;
    let finding = Diagnostic::error(code, message, first, "").with_fix(Fix {
        title: title.to_owned(),
        edits,
        applicability: Applicability::Safe,
    });
    match others {
        0 => finding,
        count => finding.with_note(format!("{count} more in this file")),
    }
}

/// `(a]`
pub(super) fn mismatched_brackets(open: Span, close: Span, right: char) -> Diagnostic {
    Diagnostic::error(
        codes::UNPAIRED_BRACKET,
        "these brackets don't belong together",
        close,
        format!("`{right}` is expected here"),
    )
    .with_label(open, "this one is open")
    .with_fix(unsafe_fix(format!("write `{right}`"), close, right.to_string()))
}

pub(super) fn control_character(place: Span, byte: u8) -> Diagnostic {
    Diagnostic::error(
        codes::BAD_CHARACTER,
        format!("the control character U+{byte:04X} stands outside of a string"),
        place,
        "",
    )
    .with_fix(Fix::safe("remove it", place, ""))
}

/// The first of `count`.
pub(super) fn nul_character(place: Span, count: usize) -> Diagnostic {
    let finding = Diagnostic::error(
        codes::BAD_CHARACTER,
        "the text holds the character U+0000",
        place,
        "not a character of any program",
    )
    .with_help("no environment variable can hold it; remove it");
    if count == 1 { finding } else { finding.with_note(format!("{} more in this file", count - 1)) }
}

pub(super) fn odd_blank(place: Span, character: char) -> Diagnostic {
    Diagnostic::error(
        codes::BAD_CHARACTER,
        format!(
            "the character U+{:04X} looks like a blank or like nothing, and is neither",
            u32::from(character)
        ),
        place,
        "",
    )
    .with_fix(Fix::safe("write a blank", place, " "))
}

pub(super) fn stray_documentation(place: Span) -> Diagnostic {
    Diagnostic::error(
        codes::MISPLACED_DOCUMENTATION,
        "`///` documents what follows it, and nothing follows here that can be documented",
        place,
        "documents nothing",
    )
    .with_help(
        "it stands before a declaration, a parameter, a field or a variant; for anything else write `//`",
    )
}

pub(super) fn misplaced_file_doc(place: Span) -> Diagnostic {
    Diagnostic::error(
        codes::MISPLACED_DOCUMENTATION,
        "`//!` documents the file, and stands at its beginning",
        place,
        "not at the beginning",
    )
    .with_help("`///` documents the declaration, the parameter or the field that follows")
}

pub(super) fn reserved_word(name: &Name) -> Diagnostic {
    let word = &name.value;
    Diagnostic::error(
        codes::BAD_NAME,
        format!("`{word}` is a word of the language and can't be a name here"),
        name.span,
        "reserved",
    )
    .with_help(format!("choose another name, such as `{word}_`"))
}

/// A field or a variant may have the world's name beside its own.
pub(super) fn not_lower_case_label(name: &Name) -> Diagnostic {
    let better = snake_case(&name.value);
    not_lower_case(name).with_help(format!("a name that the world gives: `{better} as \"{}\"`", name.value))
}

pub(super) fn missing_parameters(place: Span, behind: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        codes::MISSING_SIGN,
        format!("the inputs of `{name}` stand in parentheses, also where there are none"),
        place,
        "`()` is expected behind this",
    )
    .with_fix(Fix::safe("add the parentheses", behind, "()"))
}

pub(super) fn wrong_results_arrow(sign: Span, found: &str) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_SIGN,
        format!("outputs stand behind `->`, not `{found}`"),
        sign,
        "`->` is expected here",
    )
    .with_fix(Fix::safe("write `->`", sign, if found == ":" { " ->" } else { "->" }))
}

pub(super) fn not_lower_case(name: &Name) -> Diagnostic {
    let better = snake_case(&name.value);
    Diagnostic::error(
        codes::BAD_NAME,
        format!("`{}` is written in lower case with `_`, like every name but a type's", name.value),
        name.span,
        format!("`{better}`?"),
    )
    .with_fix(unsafe_fix(format!("call it `{better}`"), name.span, better))
}

pub(super) fn not_upper_case(name: &Name) -> Diagnostic {
    let better = camel_case(&name.value);
    Diagnostic::error(
        codes::BAD_NAME,
        format!("a type's name begins with a capital and has no `_`: `{}` does not", name.value),
        name.span,
        format!("`{better}`?"),
    )
    .with_fix(unsafe_fix(format!("call it `{better}`"), name.span, better))
}

fn snake_case(name: &str) -> String {
    let mut better = String::new();
    let mut after_lower = false;
    for character in name.chars() {
        if character.is_ascii_uppercase() && after_lower {
            better.push('_');
        }
        after_lower = !character.is_ascii_uppercase() && character != '_';
        better.push(character.to_ascii_lowercase());
    }
    better
}

fn camel_case(name: &str) -> String {
    name.split('_')
        .map(|part| {
            let mut characters = part.chars();
            characters.next().map_or_else(String::new, |first| {
                first.to_ascii_uppercase().to_string() + characters.as_str()
            })
        })
        .collect()
}

fn unsafe_fix(title: String, span: Span, replacement: String) -> Fix {
    Fix { title, edits: vec![Edit { span, replacement }], applicability: Applicability::Unsafe }
}

/// `image = "…"`
pub(super) fn equals_for_colon(sign: Span) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_SIGN,
        "a name and its value are written with `:` here",
        sign,
        "`:` instead of `=`",
    )
    .with_fix(Fix::safe("write `:`", sign, ":"))
}

/// `f(x = 1)`
pub(super) fn equals_in_call(sign: Span, name: Option<&Name>) -> Diagnostic {
    let name = name.map_or("name", |name| name.value.as_str());
    Diagnostic::error(
        codes::WRONG_SIGN,
        format!("an argument is named with a colon: `{name}: …`"),
        sign,
        "`:` instead of `=`",
    )
    .with_fix(Fix::safe("write `:`", sign, ":"))
}

pub(super) fn wrong_arrow(sign: Span, found: &str) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_SIGN,
        "`=>` stands between a pattern and its value",
        sign,
        format!("`=>` instead of `{found}`"),
    )
    .with_fix(Fix::safe("write `=>`", sign, if found == ":" { " =>" } else { "=>" }))
}

pub(super) fn missing_comma(next: Span, behind: Span) -> Diagnostic {
    Diagnostic::error(codes::MISSING_SIGN, "a comma is missing", next, "`,` is expected before this")
        .with_fix(Fix::safe("add the comma", behind, ","))
}

/// The `gap` is what stands before the brace.
pub(super) fn brace_on_next_line(gap: Span, brace: Span) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_SIGN,
        "the brace that opens a body stands on the line that it belongs to",
        brace,
        "a line end ends what stands before it",
    )
    .with_fix(Fix::safe("move it up", gap, " "))
}

/// `right` is the word with the blanks that it needs.
pub(super) fn sign_for_word(sign: Span, found: &str, word: &str, right: String) -> Diagnostic {
    Diagnostic::error(codes::FOREIGN_SYNTAX, format!("`{found}` is written `{word}`"), sign, "")
        .with_fix(Fix::safe(format!("write `{word}`"), sign, right))
}

pub(super) fn bang_for_not(sign: Span, right: String) -> Diagnostic {
    sign_for_word(sign, "!", "not", right)
}

pub(super) fn elif(word: Span) -> Diagnostic {
    Diagnostic::error(codes::FOREIGN_SYNTAX, "`elif` is written `else if`", word, "").with_fix(Fix::safe(
        "write `else if`",
        word,
        "else if",
    ))
}

pub(super) fn single_quotes(string: Span, inner: &str) -> Diagnostic {
    let finding = Diagnostic::error(codes::FOREIGN_SYNTAX, "strings stand in double quotes", string, "");
    if inner.contains(['"', '\\']) || inner.contains("${") {
        return finding;
    }
    finding.with_fix(Fix::safe("write double quotes", string, format!("\"{inner}\"")))
}

pub(super) fn chained_comparison(second: Span, first: Span) -> Diagnostic {
    Diagnostic::error(
        codes::CHAINED_COMPARISON,
        "comparisons don't chain: each one compares two values",
        second,
        "the second comparison",
    )
    .with_label(first, "the first one")
    .with_help("join two comparisons with `and`")
}

/// `a < b < c` → `a < b and b < c`, with parentheses around `whole` where an `and` binds looser than what it stands in.
pub(super) fn join_comparisons(behind: Span, middle: &str, whole: Option<Span>) -> Fix {
    let edit =
        |at: u32, replacement: String| Edit { span: Span { start: at, end: at, ..behind }, replacement };
    let mut edits = vec![edit(behind.end, format!(" and {middle}"))];
    if let Some(whole) = whole {
        edits.insert(0, edit(whole.start, "(".to_owned()));
        edits.push(edit(whole.end, ")".to_owned()));
    }
    Fix { title: "join them with `and`".to_owned(), edits, applicability: Applicability::Safe }
}

pub(super) fn too_many_operators(place: Span, limit: usize) -> Diagnostic {
    Diagnostic::error(
        codes::TOO_DEEP,
        format!("this expression is more than {limit} levels deep"),
        place,
        "too many operators, fields or branches in a row",
    )
    .with_help("give a part of it a name of its own (`part = …`), and use the name here")
}

pub(super) fn too_many_type_suffixes(place: Span) -> Diagnostic {
    Diagnostic::error(
        codes::UNEXPECTED,
        "a type has one `?`, and one interval or pattern",
        place,
        "one too many",
    )
}

pub(super) fn optional_of_refined(refined: Span, mark: Span) -> Diagnostic {
    let before = Span { end: refined.start, ..refined };
    let edits = vec![
        Edit { span: before, replacement: "(".to_owned() },
        Edit { span: mark, replacement: ")?".to_owned() },
    ];
    Diagnostic::error(
        codes::WRONG_SIGN,
        "`?` after an interval or a pattern needs parentheses, or a type with a name",
        mark,
        "belongs to the type as a whole",
    )
    .with_fix(Fix { title: "add parentheses".to_owned(), edits, applicability: Applicability::Safe })
}

pub(super) fn interval_without_end_mark(dots: Span) -> Diagnostic {
    Diagnostic::error(
        codes::INTERVAL_END,
        "an interval says whether its end belongs to it",
        dots,
        "`..=` with the end, `..<` without it",
    )
    .with_fix(unsafe_fix("the end belongs to it: `..=`".to_owned(), dots, "..=".to_owned()))
    .with_fix(unsafe_fix("the end does not: `..<`".to_owned(), dots, "..<".to_owned()))
}

pub(super) fn stray_underscore(number: Span) -> Diagnostic {
    Diagnostic::error(codes::BAD_NUMBER, "in a number, `_` stands between two digits", number, "")
}

const QUANTITY_UNITS: &str = "m k M G T P Ki Mi Gi Ti Pi";

pub(super) fn unknown_unit(number: Span, digits: &str, unit: &str) -> Diagnostic {
    let finding = Diagnostic::error(codes::BAD_NUMBER, format!("`{unit}` is no unit"), number, "");
    if digits == "0" && (unit.starts_with('x') || unit.starts_with('b') || unit.starts_with('o')) {
        return finding.with_help("numbers are written with the digits 0 to 9");
    }
    // `8GB`, `8GiB`
    let short = unit.strip_suffix('B').unwrap_or(unit);
    if QUANTITY_UNITS.split(' ').any(|known| known == short) {
        let text = format!("{digits}{short}");
        return finding
            .with_help(format!("bytes are counted without a `{}`: `{text}`", &unit[short.len()..]))
            .with_fix(Fix::safe(format!("write `{text}`"), number, text));
    }
    finding.with_help(format!("durations have `ms s m h d`, quantities `{QUANTITY_UNITS}`"))
}

pub(super) fn unknown_escape(escape: Span, character: &str) -> Diagnostic {
    Diagnostic::error(codes::BAD_ESCAPE, format!("`\\{character}` is no escape"), escape, "")
        .with_help("escapes are `\\n \\t \\r \\\" \\\\ \\$ \\u{1F600}`; for a backslash write `\\\\`")
        .with_fix(unsafe_fix("write a backslash".to_owned(), escape, format!("\\\\{character}")))
}

pub(super) fn malformed_unicode_escape(escape: Span) -> Diagnostic {
    Diagnostic::error(
        codes::BAD_ESCAPE,
        "a character's number is written with 1 to 6 hexadecimal digits, as in `\\u{1F600}`",
        escape,
        "",
    )
}

pub(super) fn no_such_character(escape: Span, code: &str) -> Diagnostic {
    Diagnostic::error(
        codes::BAD_ESCAPE,
        format!("there is no character U+{}", code.to_uppercase()),
        escape,
        "",
    )
    .with_help("characters go from U+0001 to U+10FFFF, without D800 to DFFF")
}

pub(super) fn nul_escape(escape: Span) -> Diagnostic {
    Diagnostic::error(codes::BAD_ESCAPE, "no string holds the character U+0000", escape, "")
        .with_help("no environment variable can hold it, so no step could receive it")
}

pub(super) fn interpolation_in_plain_string(string: Span) -> Diagnostic {
    Diagnostic::error(codes::UNEXPECTED, "this string must be known as it stands", string, "no `${…}` here")
}

pub(super) fn misplaced_language(place: Span) -> Diagnostic {
    Diagnostic::error(
        codes::LANGUAGE_VERSION,
        "the `language` line stands once, before everything but `//!`",
        place,
        "not the first line",
    )
}

pub(super) fn unknown_language(place: Span, found: &str, newest: u32) -> Diagnostic {
    let message = match found.parse::<u32>() {
        Ok(version) if version > newest => {
            format!("this file is written in language {version}; this pipec knows language {newest}")
        }
        Ok(_) | Err(_) => format!("there is no language {found}"),
    };
    Diagnostic::error(codes::LANGUAGE_VERSION, message, place, "")
        .with_help(format!("a newer pipec may know it; `language {newest}` is what this one knows"))
}

pub(super) fn no_pattern(pattern: Span) -> Diagnostic {
    Diagnostic::error(codes::BAD_PATTERN, "this is no pattern", pattern, "")
        .with_help("patterns are `Enum.variant`, `Enum.variant(field)`, `true`, `false` and `null`")
}

pub(super) fn named_zip_list(name: &Name) -> Diagnostic {
    Diagnostic::error(codes::UNEXPECTED, "the lists of `zip` have no names", name.span, "")
}

pub(super) fn too_many_loop_names(name: Span) -> Diagnostic {
    Diagnostic::error(
        codes::UNEXPECTED,
        "a `for` over one list has an item, or an index and an item",
        name,
        "one name too many",
    )
    .with_help("several lists side by side are `for a, b, c in zip(as, bs, cs)`")
}

pub(super) fn names_in_product(names: Span) -> Diagnostic {
    Diagnostic::error(
        codes::UNEXPECTED,
        "a `for` over every pair has one name for each list",
        names,
        "more than one name",
    )
    .with_help("nest the loops")
}

/// `use "./x.pipe" { a as b }`
pub(super) fn renamed_import(name: &Name, alias: &Name, extra: Span) -> Diagnostic {
    Diagnostic::error(
        codes::FOREIGN_SYNTAX,
        format!("what is imported keeps its name: `{}` can't become `{}`", name.value, alias.value),
        extra,
        "",
    )
    .with_help(format!("where the name is taken: `use \"./x.pipe\" as x`, and `x.{}`", name.value))
}

/// `type S = record { … }`
pub(super) fn declaration_behind_type(name: &Name, word: &str, from_start: Span) -> Diagnostic {
    let right = format!("{word} {}", name.value);
    Diagnostic::error(
        codes::FOREIGN_SYNTAX,
        format!("`{right} {{ … }}` declares it: no `type` and no `=`"),
        from_start,
        "",
    )
    .with_fix(Fix::safe(format!("write `{right}`"), from_start, right))
}
