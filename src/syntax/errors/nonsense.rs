//! Findings about text that makes no sense: what is missing, what is one too many, and what another language means.

// pest has one enum for the rules of the whole grammar: no match can name them all.
#![allow(clippy::wildcard_enum_match_arm)]

use crate::diagnostics::{Applicability, Code, Diagnostic, Edit, Fix, codes};
use crate::source::Span;
use crate::syntax::explain::{Failure, length};
use crate::syntax::grammar::Rule;
use crate::syntax::words;

/// What stands in a place, for a message.
fn found(failure: &Failure<'_>) -> String {
    if failure.at_end() {
        return "the end".to_owned();
    }
    let text = failure.found;
    match text.chars().count() {
        0..=40 => format!("`{text}`"),
        _ => format!("`{}…`", text.chars().take(40).collect::<String>()),
    }
}

/// The place of what was found, or the last token where nothing was.
fn place(failure: &Failure<'_>) -> Span {
    if failure.at_end() { failure.last_span() } else { failure.found_span }
}

fn insert(title: &str, at: Span, text: &str) -> Fix {
    Fix::safe(title, at, text)
}

/// Something is missing behind what makes sense.
fn missing(failure: &Failure<'_>, code: Code, message: String, label: &str) -> Diagnostic {
    let label = if failure.at_end() {
        format!("{label} is expected after this")
    } else {
        format!("{label} is expected before this")
    };
    Diagnostic::error(code, message, place(failure), label)
}

pub(crate) fn missing_colon(failure: &Failure<'_>) -> Diagnostic {
    let name = failure.last();
    let is_declared = failure.rule == Rule::strict_field;
    if is_declared && (failure.at_end() || matches!(failure.found, "}" | "," | ")")) {
        return Diagnostic::error(
            codes::MISSING_SIGN,
            format!("`{name}` has no type: `{name}: int`, for example"),
            failure.last_span(),
            "a colon and a type are expected after this",
        );
    }
    if failure.at_end() || matches!(failure.found, "}" | "," | ")") {
        let message = format!("`{name}` has no value: `{name}: …`");
        return Diagnostic::error(
            codes::MISSING_SIGN,
            message,
            failure.last_span(),
            "a colon and a value are expected after this",
        );
    }
    if is_declared && failure.found == "?" {
        return optional_name(failure);
    }
    missing(failure, codes::MISSING_SIGN, format!("a colon is missing after `{name}`"), "`:`")
        .with_fix(insert("add the colon", failure.behind(), ":"))
}

/// `name?: T`
fn optional_name(failure: &Failure<'_>) -> Diagnostic {
    let name = failure.last();
    let mark = failure.found_span;
    let behind = &failure.text[(mark.end - failure.whole.start) as usize..];
    let declared = behind.trim_start_matches([' ', ':']);
    let ty = declared.split('=').next().unwrap_or_default().trim_end();
    let shown = if ty.is_empty() { "T" } else { ty };
    let finding = Diagnostic::error(
        codes::FOREIGN_SYNTAX,
        format!("what may be missing has a `?` behind its type: `{name}: {shown}?`"),
        mark,
        "",
    );
    if ty.is_empty() || ty.contains([' ', '?', '\n']) || !behind.trim_start().starts_with(':') {
        return finding;
    }
    let end = mark.end + length(&behind[..behind.len() - declared.len()]) + length(ty);
    let edits = vec![
        Edit { span: mark, replacement: String::new() },
        Edit { span: Span { start: end, end, ..mark }, replacement: "?".to_owned() },
    ];
    let title = format!("write `{name}: {ty}?`");
    finding.with_fix(Fix { title, edits, applicability: Applicability::Safe })
}

pub(crate) fn missing_equals(failure: &Failure<'_>) -> Diagnostic {
    let name = failure.last();
    if let Some((_, message)) = FOREIGN_STATEMENTS.iter().find(|(word, _)| *word == name) {
        return Diagnostic::error(
            codes::FOREIGN_SYNTAX,
            format!("there is no `{name}`: {message}"),
            failure.last_span(),
            "",
        );
    }
    if failure.at_end() {
        let message = format!("`{name}` gets nothing: `{name} = …`");
        return Diagnostic::error(
            codes::MISSING_SIGN,
            message,
            failure.last_span(),
            "`=` is expected after this",
        );
    }
    let diagnostic = missing(failure, codes::MISSING_SIGN, format!("`=` is missing after `{name}`"), "`=`");
    if failure.found == ":" {
        return diagnostic.with_fix(Fix::safe("write `=`", failure.found_span, " ="));
    }
    if !failure.found_begins_value() {
        return diagnostic;
    }
    diagnostic.with_fix(insert("add `=`", failure.behind(), " ="))
}

/// What statements begin with in other languages.
const FOREIGN_STATEMENTS: [(&str, &str); 9] = [
    ("while", "a loop with a state is `repeat state = first limit 20 { … } until done`"),
    ("foreach", "a loop over a list is `for x in xs { … }`"),
    ("switch", "the cases of an enum are told apart by `match`"),
    ("def", "tasks and pipelines are declared at the top level of a file"),
    ("fn", "tasks and pipelines are declared at the top level of a file"),
    ("func", "tasks and pipelines are declared at the top level of a file"),
    ("raise", "a step fails by its exit status"),
    ("throw", "a step fails by its exit status"),
    ("print", "a step writes to its own log"),
];

pub(crate) fn missing_in(failure: &Failure<'_>) -> Diagnostic {
    missing(
        failure,
        codes::MISSING_SIGN,
        "`in` is missing between a loop's name and its list".to_owned(),
        "`in`",
    )
    .with_help("a loop is written `for x in xs { … }`")
}

pub(crate) fn missing_limit(failure: &Failure<'_>) -> Diagnostic {
    missing(
        failure,
        codes::MISSING_SIGN,
        "a `repeat` says how many rounds there are at most".to_owned(),
        "`limit n`",
    )
    .with_help("`repeat state = first limit 20 { … } until done`: so every run ends")
}

pub(crate) fn missing_until(failure: &Failure<'_>) -> Diagnostic {
    missing(failure, codes::MISSING_SIGN, "a `repeat` says when it is done".to_owned(), "`until …`")
        .with_help(
            "`until` and its condition stand on the line of the closing brace: `} until state.loss <= goal`",
        )
}

pub(crate) fn missing_arrow(failure: &Failure<'_>) -> Diagnostic {
    let diagnostic = missing(
        failure,
        codes::MISSING_SIGN,
        "`=>` is missing between a pattern and its value".to_owned(),
        "`=>`",
    );
    if failure.found == "=" {
        return diagnostic.with_fix(Fix::safe("write `=>`", failure.found_span, "=>"));
    }
    if failure.found == "|" {
        return diagnostic.with_help("each arm has one pattern; write one arm for each variant");
    }
    diagnostic
}

pub(crate) fn missing_parentheses(failure: &Failure<'_>) -> Diagnostic {
    let name = failure.last();
    missing(
        failure,
        codes::MISSING_SIGN,
        format!("the inputs of `{name}` stand in parentheses, also where there are none"),
        "`(…)`",
    )
    .with_fix(insert("add parentheses", failure.behind(), "()"))
}

/// Behind the parentheses of a task or a pipeline.
pub(crate) fn missing_results_or_body(failure: &Failure<'_>) -> Diagnostic {
    if matches!(failure.found, "=>" | ":") {
        return Diagnostic::error(
            codes::WRONG_SIGN,
            format!("outputs stand behind `->`, not `{}`", failure.found),
            failure.found_span,
            "`->` is expected here",
        )
        .with_fix(Fix::safe(
            "write `->`",
            failure.found_span,
            if failure.found == ":" { " ->" } else { "->" },
        ));
    }
    let has_inputs = failure.text.starts_with("task") || failure.text.starts_with("pipeline");
    if failure.at_end() || !has_inputs || failure.text[failure.before.len()..].starts_with('\n') {
        return missing_opening_brace(failure);
    }
    missing(
        failure,
        codes::UNEXPECTED,
        format!("{} can't stand behind the inputs", found(failure)),
        "`-> outputs` or `{`",
    )
}

pub(crate) fn missing_opening_brace(failure: &Failure<'_>) -> Diagnostic {
    let diagnostic =
        missing(failure, codes::MISSING_SIGN, "a body in braces is missing: `{ … }`".to_owned(), "`{`");
    if failure.found == ":" {
        return diagnostic.with_help("a block stands in braces, not behind a colon and indented");
    }
    diagnostic
}

pub(crate) fn missing_import(failure: &Failure<'_>) -> Diagnostic {
    missing(
        failure,
        codes::MISSING_SIGN,
        "a `use` says what it imports, or under which name".to_owned(),
        "`as name` or `{ names }`",
    )
    .with_help("`use \"./x.pipe\" as x` or `use \"./x.pipe\" { fetch, Params }`")
}

/// A string behind `use`, or behind the `as` of a field.
pub(crate) fn missing_path(failure: &Failure<'_>) -> Diagnostic {
    if failure.last() == "as" {
        return missing_outside_name(failure);
    }
    let diagnostic = missing(
        failure,
        codes::UNEXPECTED,
        "a `use` names a file, by its path in quotes".to_owned(),
        "`\"./file.pipe\"`",
    );
    if failure.found_is_word() {
        return diagnostic.with_help(format!("`use \"./{}.pipe\" as {}`", failure.found, failure.found));
    }
    diagnostic
}

/// `b as 'd'`
fn missing_outside_name(failure: &Failure<'_>) -> Diagnostic {
    let finding = missing(
        failure,
        codes::UNEXPECTED,
        "the name that something has outside stands behind `as` in double quotes".to_owned(),
        "`\"name\"`",
    );
    let inner = failure.found.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
    let text = inner.or(failure.found_is_word().then_some(failure.found));
    match text.filter(|text| !text.contains(['"', '\\'])) {
        Some(text) => {
            finding.with_fix(Fix::safe("write double quotes", failure.found_span, format!("\"{text}\"")))
        }
        None => finding,
    }
}

pub(crate) fn missing_type(failure: &Failure<'_>) -> Diagnostic {
    if failure.rule == Rule::strict_field && failure.last() == "=" {
        let name = failure.before.trim_end_matches(['=', ' ']);
        let message = format!("`{name}` has no type: `{name}: int = {}`, for example", failure.found);
        return Diagnostic::error(
            codes::MISSING_SIGN,
            message,
            failure.last_span(),
            "a colon and a type are expected before this",
        );
    }
    let message = match (failure.at_end(), failure.last()) {
        (true, last) => format!("a type is missing after `{last}`"),
        (false, _) => format!("a type is expected here, not {}", found(failure)),
    };
    let diagnostic = Diagnostic::error(codes::UNEXPECTED, message, place(failure), "");
    if failure.found.starts_with('"') || failure.found.starts_with(|first: char| first.is_ascii_digit()) {
        return diagnostic.with_help("a default stands behind the type: `name: Type = value`");
    }
    diagnostic
}

pub(crate) fn missing_expression(failure: &Failure<'_>) -> Diagnostic {
    let message = match (failure.at_end() || failure.found == "}", failure.last()) {
        (_, "") => format!("a value is expected here, not {}", found(failure)),
        (true, last) => format!("a value is missing after `{last}`"),
        (false, last) => format!("a value is expected after `{last}`, not {}", found(failure)),
    };
    Diagnostic::error(codes::UNEXPECTED, message, place(failure), "")
}

pub(crate) fn missing_name(failure: &Failure<'_>) -> Diagnostic {
    let message = match (failure.at_end(), failure.last()) {
        (true, last) => format!("a name is missing after `{last}`"),
        (false, "") => format!("a name is expected here, not {}", found(failure)),
        (false, last) => format!("a name is expected after `{last}`, not {}", found(failure)),
    };
    let diagnostic = Diagnostic::error(codes::UNEXPECTED, message, place(failure), "");
    if failure.found.starts_with(|first: char| first.is_ascii_digit()) {
        return diagnostic.with_help("a name begins with a letter or `_`");
    }
    let digits = failure
        .before
        .strip_suffix('.')
        .is_some_and(|before| before.ends_with(|last: char| last.is_ascii_digit()));
    if digits {
        return Diagnostic::error(
            codes::BAD_NUMBER,
            "a number has digits behind its point: `1.0`",
            failure.last_span(),
            "",
        );
    }
    if failure.last() == "for" && failure.found == "(" {
        return diagnostic.with_help("a loop is written without parentheses: `for x in xs { … }`");
    }
    diagnostic
}

/// Behind a value, inside of something that isn't complete.
pub(crate) fn behind_operand(failure: &Failure<'_>, before_block: bool) -> Diagnostic {
    if failure.found == "=" {
        return compare_with_two_signs(failure);
    }
    if before_block && (failure.at_end() || failure.found == ":" || failure.found_is_word()) {
        return missing_opening_brace(failure);
    }
    more_than_expected(failure)
}

/// Behind something that is complete.
pub(crate) fn more_than_expected(failure: &Failure<'_>) -> Diagnostic {
    let what = found(failure);
    if words::ITEMS.contains(&failure.last())
        && failure.found_is_word()
        && failure.rule == Rule::strict_statement
    {
        return Diagnostic::error(
            codes::UNEXPECTED,
            format!("a `{}` is declared at the top level of a file, not in a block", failure.last()),
            failure.last_span(),
            "move this out of the braces",
        );
    }
    if failure.found == "(" && is_word(failure.last()) && failure.found_span.start > failure.behind().start {
        let gap = Span { end: failure.found_span.start, ..failure.behind() };
        return Diagnostic::error(
            codes::UNEXPECTED,
            "the parentheses of a call follow its name without a blank",
            failure.found_span,
            "",
        )
        .with_fix(Fix::safe("remove the blank", gap, ""));
    }
    let after = failure.last();
    if failure.rule == Rule::strict_setting
        && failure.found.starts_with('"')
        && matches!(after, "bash" | "sh" | "python")
    {
        return Diagnostic::error(
            codes::UNEXPECTED,
            format!("a program for `{after}` stands in a raw block"),
            failure.found_span,
            "three quotes open it",
        )
        .with_help(format!("`{after} \"\"\"…\"\"\"`"));
    }
    if failure.at_end() {
        return Diagnostic::error(
            codes::UNEXPECTED,
            format!("something is missing after `{after}`"),
            place(failure),
            "",
        );
    }
    let message = if after.is_empty() {
        format!("{what} makes no sense here")
    } else {
        format!("{what} makes no sense after `{after}`")
    };
    let diagnostic = Diagnostic::error(codes::UNEXPECTED, message, failure.found_span, "");
    match failure.rule {
        Rule::strict_statement | Rule::strict_setting | Rule::strict_arm if failure.found_begins_value() => {
            diagnostic.with_help(
                "a line end or a comma separates; two values on one line need an operator between them",
            )
        }
        Rule::strict_field | Rule::strict_variant if failure.found_is_word() => {
            diagnostic.with_help("a comma or a line end separates")
        }
        _ => diagnostic,
    }
}

fn is_word(text: &str) -> bool {
    text.ends_with(|last: char| last.is_ascii_alphanumeric() || last == '_')
}

/// At the top level, where something stands that declares nothing.
pub(crate) fn no_item(failure: &Failure<'_>) -> Diagnostic {
    let near = words::misspelt_item(failure.found);
    let diagnostic = Diagnostic::error(
        codes::UNEXPECTED,
        format!("{} begins no declaration", found(failure)),
        failure.found_span,
        near.map_or_else(String::new, |item| format!("`{item}`?")),
    );
    match near {
        Some(item) => diagnostic.with_fix(Fix::safe(format!("write `{item}`"), failure.found_span, item)),
        None => diagnostic.with_help(
            "a file holds `use`, `const`, `type`, `record`, `enum`, `format`, `task`, `pipeline` and `launch`; steps stand in a pipeline's braces",
        ),
    }
}

/// `def f(x)`, `import …`
pub(crate) fn foreign_item(word: &str, span: Span) -> Diagnostic {
    let (message, fix) = match word {
        "import" | "from" | "module" => {
            ("a file is imported with `use`: `use \"./x.pipe\" as x`, `use \"./x.pipe\" { name }`", None)
        }
        "let" | "var" | "val" => ("a value at the top level is a `const`: `const name = …`", Some("const")),
        "struct" | "class" | "interface" => {
            ("a record is declared with `record`: `record Name { field: type }`", Some("record"))
        }
        "workflow" => ("a graph of steps is a `pipeline`", Some("pipeline")),
        "step" => ("a step is declared as a `task`", Some("task")),
        "schedule" => (
            "a schedule is a setting of a `launch`: `launch nightly = name() { schedule: \"0 3 * * *\" }`",
            None,
        ),
        "export" | "pub" => ("every declaration is visible to importers: nothing stands before it", None),
        _ => ("a step is declared as a `task`, a graph of steps as a `pipeline`", None),
    };
    let diagnostic =
        Diagnostic::error(codes::FOREIGN_SYNTAX, format!("there is no `{word}`: {message}"), span, "");
    match fix {
        Some(right) => diagnostic.with_fix(Fix {
            title: format!("write `{right}`"),
            edits: vec![Edit { span, replacement: right.to_owned() }],
            applicability: Applicability::Unsafe,
        }),
        None => diagnostic,
    }
}

fn compare_with_two_signs(failure: &Failure<'_>) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_SIGN,
        "values are compared with `==`",
        failure.found_span,
        "`==` instead of `=`",
    )
    .with_fix(Fix::safe("write `==`", failure.found_span, "=="))
}

/// `“text”`
fn curly_quotes(failure: &Failure<'_>) -> Diagnostic {
    let here = failure.found_span;
    let finding = Diagnostic::error(codes::BAD_CHARACTER, "this quote is not one of a program", here, "");
    let behind = (here.end - failure.whole.start) as usize;
    let closing = failure.text[behind..].char_indices().find(|(_, character)| "“”„‘’".contains(*character));
    let Some((at, character)) = closing else { return finding };
    let start = here.end + u32::try_from(at).unwrap_or(0);
    let width = u32::try_from(character.len_utf8()).unwrap_or(1);
    let edit = |span| Edit { span, replacement: "\"".to_owned() };
    finding.with_fix(Fix {
        title: "write plain quotes".to_owned(),
        edits: vec![edit(here), edit(Span { start, end: start + width, ..here })],
        applicability: Applicability::Safe,
    })
}

/// Signs that mean something in other languages.
pub(crate) fn foreign_sign(failure: &Failure<'_>, complete: bool) -> Option<Diagnostic> {
    let here = failure.found_span;
    let say = |message: &str| Diagnostic::error(codes::FOREIGN_SYNTAX, message, here, "");
    let two_signs = |sign: &str| failure.last() == sign || failure.before.ends_with(sign);
    let joined = failure.is_joined();
    let diagnostic = match failure.found {
        "=" if joined && two_signs(":") => {
            let sign = Span { start: here.start - 1, ..here };
            Diagnostic::error(codes::FOREIGN_SYNTAX, "a binding is written with `=`", sign, "`=` instead of `:=`")
                .with_fix(Fix::safe("write `=`", sign, "="))
        }
        "=" if joined && ["+", "-", "*", "/"].iter().any(|sign| two_signs(sign)) => {
            let sign = Span { start: here.start - 1, ..here };
            Diagnostic::error(codes::FOREIGN_SYNTAX, "a binding never changes, so nothing is added to it", sign, "")
                .with_help("bind the new value to another name")
        }
        "=" if complete && failure.rule == Rule::strict_statement => {
            Diagnostic::error(codes::WRONG_SIGN, "only a name stands before `=`", here, "").with_help(
                "a binding is `name = …`; values are compared with `==`; nothing that exists is changed",
            )
        }
        "*" if joined && two_signs("*") => say("there is no power operator").with_help("multiply: `x * x`"),
        "|" if complete => say("there is no `|`").with_help(
            "a call takes its inputs in parentheses: `b(a(x))`; a choice of types is an `enum`; `or` joins conditions",
        ),
        "&" if complete => say("there is no `&`; `and` joins conditions"),
        "..." => say("`...` stands for what was left out; write it out"),
        "“" | "”" | "„" | "‘" | "’" => curly_quotes(failure),
        "." if !complete => Diagnostic::error(codes::BAD_NUMBER, "a number has digits before its point: `0.5`", here, ""),
        "." if failure.last().ends_with(|last: char| last.is_ascii_digit()) => {
            Diagnostic::error(codes::BAD_NUMBER, "a number has digits behind its point: `1.0`", here, "")
        }
        "@" => say("there are no decorators; settings stand in the braces of a task"),
        text if text.starts_with('"') && joined && matches!(failure.last(), "f" | "r" | "b" | "rb" | "fr") => {
            let sign = failure.last_span();
            Diagnostic::error(
                codes::FOREIGN_SYNTAX,
                "strings have no letter before them: `\"${name}\"` puts a value in",
                sign,
                "",
            )
        }
        "lambda" => say("there are no functions as values"),
        _ => return None,
    };
    Some(diagnostic)
}

pub(crate) fn anything(failure: &Failure<'_>) -> Diagnostic {
    let after = failure.last();
    let message = match (failure.at_end(), after) {
        (true, _) => format!("something is missing after `{after}`"),
        (false, "") => format!("{} makes no sense here", found(failure)),
        (false, _) => format!("{} makes no sense after `{after}`", found(failure)),
    };
    Diagnostic::error(codes::UNEXPECTED, message, place(failure), "")
}

/// Where the parser ran out of stack.
pub(crate) fn too_deep_to_read(span: Span) -> Diagnostic {
    Diagnostic::error(codes::TOO_DEEP, "this is nested too deeply to be read", span, "")
        .with_help("give an inner part a name of its own, and use the name here")
}
