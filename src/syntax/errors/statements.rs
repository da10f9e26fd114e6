//! Findings about statements that can be read and aren't what they should be, and about what stands in their place.

use super::unsafe_fix;
use crate::diagnostics::{Applicability, Diagnostic, Edit, Fix, codes};
use crate::source::Span;
use crate::syntax::ast::Name;

/// `try f(x).field`
pub(crate) fn field_of_try(call: Span, operand: Span) -> Diagnostic {
    let edit = |at: u32, sign: &str| Edit {
        span: Span { start: at, end: at, ..call },
        replacement: sign.to_owned(),
    };
    Diagnostic::error(
        codes::UNEXPECTED,
        "`try` covers a call only, and what it gives is optional",
        Span { start: call.end, ..operand },
        "not a part of the call",
    )
    .with_label(call, "`try` covers this")
    .with_help("take the field of the result: `(try f(x))?.field`")
    .with_fix(Fix {
        title: "add parentheses".to_owned(),
        edits: vec![edit(call.start, "("), edit(call.end, ")")],
        applicability: Applicability::Unsafe,
    })
}

/// `f() after a.model`
pub(crate) fn field_of_after(field: Span) -> Diagnostic {
    Diagnostic::error(
        codes::UNEXPECTED,
        "`after` waits for a step as a whole, not for one of its outputs",
        field,
        "not a part of what is waited for",
    )
    .with_fix(Fix::safe("remove the field", field, ""))
}

/// `f() after a()`
pub(crate) fn call_behind_after(call: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        codes::UNEXPECTED,
        "`after` waits for a step that has a name, and calls none",
        call,
        "a call",
    )
    .with_help(format!("bind it before, `first = {name}(…)`, and wait for that: `after first`"))
}

/// `for p in zip(a, b)`
pub(crate) fn one_name_for_zip(name: &Name, list: Span) -> Diagnostic {
    Diagnostic::error(
        codes::UNEXPECTED,
        "a `for` over `zip` has a name for each of its lists",
        name.span,
        "one name",
    )
    .with_label(list, "lists side by side")
    .with_help("`for a, b in zip(as, bs) { … }`")
}

/// `x = f() after a, b`
pub(crate) fn after_without_brackets(first: Span, last: Span) -> Diagnostic {
    let before = Span { end: first.start, ..first };
    let behind = Span { start: last.end, ..last };
    let edit = |span, sign: &str| Edit { span, replacement: sign.to_owned() };
    Diagnostic::error(
        codes::WRONG_SIGN,
        "`after` takes one name, or several in brackets",
        first.to(last),
        "several names without brackets",
    )
    .with_fix(Fix {
        title: "add the brackets".to_owned(),
        edits: vec![edit(before, "["), edit(behind, "]")],
        applicability: Applicability::Safe,
    })
}

/// `fit(1)`, `return x` among the settings of a task.
pub(crate) fn statement_in_settings(statement: Span) -> Diagnostic {
    Diagnostic::error(codes::UNEXPECTED, "no step is called among settings", statement, "not a setting")
        .with_help("a task is one step: steps are called, and bound to names, in the braces of a `pipeline`")
}

/// `schedule: …` among statements.
pub(crate) fn setting_among_statements(name: &Name) -> Diagnostic {
    let text = &name.value;
    let help = match text.as_str() {
        "schedule" | "timezone" | "overlap" => {
            format!("it belongs to a launch: `launch nightly = name() {{ {text}: … }}`")
        }
        "run" => {
            "what runs a program is a `task`; a pipeline calls tasks, and returns what they give".to_owned()
        }
        _ => format!("it belongs to a task, or to one call of it: `fit(x) with {{ {text}: … }}`"),
    };
    Diagnostic::error(
        codes::UNEXPECTED,
        format!("`{text}` is a setting, and a pipeline has none"),
        name.span,
        "",
    )
    .with_help(help)
}

/// A raw block where a setting is expected.
pub(crate) fn block_without_run(block: Span, interpreter: Option<&str>) -> Diagnostic {
    let before = Span { end: block.start, ..block };
    let finding = Diagnostic::error(
        codes::MISSING_SIGN,
        "a task's program stands behind `run:`",
        Span { end: block.start + interpreter.map_or(3, str::len) as u32, ..block },
        "`run:` is expected before this",
    );
    match interpreter {
        Some(_) => finding.with_fix(Fix::safe("add `run:`", before, "run: ")),
        None => finding
            .with_help("and behind `run:` what reads it: `bash`, `sh` or `python`")
            .with_fix(unsafe_fix("write `run: bash`".to_owned(), before, "run: bash ".to_owned())),
    }
}

/// `return a, b`
pub(crate) fn several_values_returned(values: Span, texts: &[&str]) -> Diagnostic {
    let finding = Diagnostic::error(
        codes::FOREIGN_SYNTAX,
        "`return` takes one value; several outputs have names, and stand in braces",
        values,
        "several values",
    )
    .with_help("`-> (a: int, b: int)` in the head, and `return { a: …, b: … }`");
    let is_name = |text: &&str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !texts.iter().all(is_name) {
        return finding;
    }
    let fields: Vec<String> = texts.iter().map(|text| format!("{text}: {text}")).collect();
    let right = format!("{{ {} }}", fields.join(", "));
    finding.with_fix(unsafe_fix(format!("write `{right}`"), values, right))
}

/// `a, b = f()`
pub(crate) fn several_names_bound(names: Span, first: &str) -> Diagnostic {
    Diagnostic::error(
        codes::FOREIGN_SYNTAX,
        "a binding has one name: what a step gives isn't taken apart",
        names,
        "several names",
    )
    .with_help(format!("bind the step, and name its outputs where they are used: `step = …`, `step.{first}`"))
}

/// `let x = …`
pub(crate) fn word_before_binding(word: &Name, extra: Span) -> Diagnostic {
    let text = &word.value;
    Diagnostic::error(
        codes::FOREIGN_SYNTAX,
        format!("a binding is written without `{text}`: `name = …`"),
        word.span,
        "",
    )
    .with_fix(Fix::safe(format!("remove `{text}`"), extra, ""))
}

/// `int x = …`
pub(crate) fn type_before_binding(ty: &Name, name: &Name, extra: Span) -> Diagnostic {
    let right = format!("{}: {}", name.value, ty.value);
    let behind = Span { start: name.span.end, ..name.span };
    let edits = vec![
        Edit { span: extra, replacement: String::new() },
        Edit { span: behind, replacement: format!(": {}", ty.value) },
    ];
    Diagnostic::error(
        codes::FOREIGN_SYNTAX,
        format!("a type stands behind its name: `{right} = …`; mostly, `{} = …` tells enough", name.value),
        ty.span,
        "",
    )
    .with_fix(Fix { title: format!("write `{right}`"), edits, applicability: Applicability::Safe })
}

/// `x: f(y)`
pub(crate) fn colon_for_equals(sign: Span, name: &Name) -> Diagnostic {
    let name = &name.value;
    Diagnostic::error(
        codes::WRONG_SIGN,
        format!("a binding is written with `=`: `{name} = …`, or `{name}: Type = …`"),
        sign,
        "`=` instead of `:`",
    )
    .with_fix(Fix::safe("write `=`", sign, " = "))
}
