//! What can be wrong with what type parameters stand for.

use crate::check::context::Checker;
use crate::check::messages::a;
use crate::diagnostics::{Diagnostic, codes};
use crate::hir::TypeParameter;
use crate::source::Span;
use crate::types::{Kind, Type, kind};

/// `T`, or `A` and `B`.
fn named(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [all @ .., last] if !all.is_empty() => format!("{} and {last}", all.join(", ")),
        [only] => only.clone(),
        _ => String::new(),
    }
}

/// An argument that has the type parameter in its type, and says nothing about it.
pub(super) fn silent_argument(
    names: &[&str],
    (callee, declared): (&str, Span),
    place: Span,
    shown: &str,
) -> Diagnostic {
    let names = named(names);
    Diagnostic::error(
        codes::TYPE_NOT_INFERRED,
        format!("nothing tells what {names} of `{callee}` is"),
        place,
        format!("stands for {}, and doesn't say more", a(shown)),
    )
    .with_label(declared, "declared here")
    .with_help("bind it to a name with its type first, `none: [string] = []`, and give that name")
}

/// A call that gives nothing with the type parameter in its type.
pub(super) fn not_told(names: &[&str], (callee, declared): (&str, Span), span: Span) -> Diagnostic {
    let names = named(names);
    Diagnostic::error(
        codes::TYPE_NOT_INFERRED,
        format!("nothing tells what {names} of `{callee}` is"),
        span,
        format!("no argument is of a type with {names} in it"),
    )
    .with_label(declared, "declared here")
    .with_help("give one of the inputs that are left out: type parameters are inferred from arguments alone")
}

/// Two arguments that ask for different types.
pub(super) fn disagreement(
    name: &str,
    (callee, declared): (&str, Span),
    [(first, first_span), (second, second_span)]: &[(String, Span); 2],
) -> Diagnostic {
    let text = if first_span == second_span {
        format!("asks for {} and for {}", a(first), a(second))
    } else {
        format!("asks for {}", a(second))
    };
    let diagnostic = Diagnostic::error(
        codes::TYPE_NOT_INFERRED,
        format!("`{name}` of `{callee}` is one type, and can't be both {} and {}", a(first), a(second)),
        *second_span,
        text,
    );
    let diagnostic = if first_span == second_span {
        diagnostic
    } else {
        diagnostic.with_label(*first_span, format!("asks for {}", a(first)))
    };
    diagnostic
        .with_label(declared, "declared here")
        .with_note("it is one of the types that are there, if all others convert to it; no other is invented")
}

/// A type that a type parameter doesn't take.
pub(super) fn breaks_bound(
    checker: &Checker<'_>,
    parameter: &TypeParameter,
    ty: &Type,
    of: Option<&str>,
    place: Span,
) -> Diagnostic {
    let name = &parameter.name;
    let shown = checker.show(ty);
    let of = of.map(|of| format!(" of `{of}`")).unwrap_or_default();
    let (what, help) = match kind(ty, &checker.program) {
        Kind::Secret => {
            ("no type parameter takes a secret", "give the secret an input of its own, of type `secret`")
        }
        Kind::Mixed => (
            "no type parameter takes a record with artifacts",
            "give its fields one by one, or write a task for this record",
        ),
        Kind::Artifact => ("it takes values", "a task that reads the file can give what is in it as a value"),
        Kind::Value => ("it takes artifacts", "a task can write the value to a file"),
        Kind::Either => ("nothing says that this is one", "bound the type parameter here in the same way"),
    };
    let label = match parameter.bound {
        Kind::Value => format!("`{name}` takes values"),
        Kind::Artifact => format!("`{name}` takes artifacts"),
        Kind::Mixed | Kind::Secret | Kind::Either => format!("`{name}` takes values and artifacts"),
    };
    Diagnostic::error(
        codes::BREAKS_BOUND,
        format!("`{name}`{of} can't be {}: {what}", a(&shown)),
        place,
        format!("asks for {}", a(&shown)),
    )
    .with_label(parameter.span, label)
    .with_help(help)
}

/// Types that get larger with every call.
pub(in crate::check) fn grows((callee, declared): (&str, Span), span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::TYPE_TOO_LARGE,
        format!("the types that `{callee}` is called with grow out of all bounds"),
        span,
        "too many types, or too large ones, are made of this",
    )
    .with_label(declared, "declared here")
    .with_note("each list of types that type parameters stand for makes a task or pipeline of its own")
}

/// An argument vector that would hold what may be `null`.
pub(in crate::check) fn optional_argument(task: &str, declared: &str, made: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::BREAKS_BOUND,
        format!("`{declared}` of `{task}` can't be {}: it is an argument of the program, which can't be absent", a(made)),
        span,
        format!("makes it {}", a(made)),
    )
    .with_help("say what it is where there is none (`x ?? y`), or let the task be a block, in which the variable is unset")
}
