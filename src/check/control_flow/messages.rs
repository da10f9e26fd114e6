//! What can be wrong with statements, branches, loops, and what a pipeline returns.

use super::super::expressions::messages::{insert_after, listed, plural, with_article, with_source};
use crate::check::context::Checker;
use crate::check::dataflow::Bound;
use crate::check::expressions::{Source, type_of};
use crate::check::messages::a;
use crate::diagnostics::{Applicability, Diagnostic, Edit, Fix, codes};
use crate::hir::{self, PipelineId, Results};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::Type;

// Branches

pub(super) fn branch_without_value(span: Span, with: Span, what: &str) -> Diagnostic {
    Diagnostic::error(
        codes::NO_VALUE,
        format!("this {what} has no value, and another one has"),
        span,
        "gives nothing",
    )
    .with_label(with, "gives a value")
    .with_help(format!("end the {what} with a value, or with `null` if there is none"))
}

pub(super) fn constant_condition(value: bool, span: Span) -> Diagnostic {
    let rest = if value { "so the branch is always taken" } else { "so the branch is never taken" };
    Diagnostic::warning(
        codes::CONSTANT_CONDITION,
        format!("this condition is always {value}, {rest}"),
        span,
        format!("always {value}"),
    )
    .with_help("make it depend on an input, or leave the `if` away")
}

pub(super) fn cannot_match(
    checker: &Checker<'_>,
    subject: &hir::Expr,
    arms: &[ast::Arm],
    source: Source,
) -> Diagnostic {
    let shown = a(&checker.show(&type_of(subject)));
    let diagnostic = Diagnostic::error(
        codes::CANNOT_MATCH,
        format!("`match` looks at enums and bools, and this is {shown}"),
        subject.span,
        format!("this is {shown}"),
    );
    with_source(diagnostic, source).with_help(match words_of(arms).as_slice() {
        [] => "compare it with `if … == … { … } else { … }`".to_owned(),
        words => format!(
            "where it is one of a few words, give it an enum as its type: `enum Name {{ {} }}`; or compare it: \
             `if … == \"{}\" {{ … }} else {{ … }}`",
            words.join(", "),
            words[0]
        ),
    })
}

/// What the arms compare with, where each is a word that a variant could be called.
fn words_of(arms: &[ast::Arm]) -> Vec<&str> {
    let mut words = Vec::new();
    for arm in arms {
        if let ast::PatternKind::Literal(text) = &arm.pattern.kind {
            words.push(text.as_str());
        }
    }
    words.retain(|word| is_lower_word(word));
    words
}

fn is_lower_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

pub(super) fn wildcard_pattern(pattern: Span) -> Diagnostic {
    Diagnostic::error(codes::BAD_PATTERN, "a `match` names every case; there is no wildcard", pattern, "")
        .with_help("write an arm for each variant, so that a new one is never forgotten")
}

/// `hinge` or `"hinge"` for `Loss.hinge`.
pub(super) fn pattern_without_enum(text: &str, enumeration: &hir::Enum, pattern: Span) -> Diagnostic {
    let finding = |label: String| {
        Diagnostic::error(
            codes::BAD_PATTERN,
            format!("`{text}` is no pattern: a variant is written with its enum"),
            pattern,
            label,
        )
    };
    let right = format!("{}.{text}", enumeration.name);
    if enumeration.variants.iter().any(|variant| variant.name == text) {
        return finding(format!("`{right}`?")).with_fix(Fix::safe(
            format!("write `{right}`"),
            pattern,
            right,
        ));
    }
    finding(format!("not a variant of `{}`", enumeration.name))
        .with_label(enumeration.span, "what is matched")
        .with_help(format!("its variants are {}", variants(enumeration)))
}

/// The first few, as they are written in patterns.
fn variants(enumeration: &hir::Enum) -> String {
    const SHOWN: usize = 6;
    let names = enumeration.variants.iter().take(SHOWN);
    let mut names: Vec<String> =
        names.map(|variant| format!("`{}.{}`", enumeration.name, variant.name)).collect();
    if enumeration.variants.len() > SHOWN {
        names.push("…".to_owned());
    }
    names.join(", ")
}

pub(super) fn arm_twice(variant: Option<&str>, span: Span, first: Span) -> Diagnostic {
    let name = variant.unwrap_or("null");
    Diagnostic::error(
        codes::WRONG_ARM,
        format!("`{name}` has an arm already, so this one is never taken"),
        span,
        "never taken",
    )
    .with_label(first, "the first arm for it")
}

pub(super) fn null_arm_of_plain(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_ARM,
        "what is matched is never null, so this arm is never taken",
        span,
        "never taken",
    )
}

pub(super) fn pattern_of_another_enum(wanted: &hir::Enum, other: &hir::Enum, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_ARM,
        format!("what is matched is {}, not {}", a(&wanted.name), a(&other.name)),
        span,
        "another enum",
    )
    .with_label(wanted.span, "what is matched")
    .with_note("enums are told apart by their names, not by their variants")
}

pub(super) fn wrong_pattern(enumeration: Option<&str>, span: Span) -> Diagnostic {
    let (is, help) = match enumeration {
        Some(name) => (a(name), format!("write `{name}.… =>`")),
        None => ("a bool".to_owned(), "write `true =>` or `false =>`".to_owned()),
    };
    Diagnostic::error(
        codes::WRONG_ARM,
        format!("what is matched is {is}, and can't be this"),
        span,
        "never taken",
    )
    .with_help(help)
}

pub(super) fn no_such_enum(name: &ast::Name) -> Diagnostic {
    Diagnostic::error(
        codes::UNKNOWN_NAME,
        format!("there is no enum called `{}`", name.value),
        name.span,
        "not an enum",
    )
}

pub(super) fn no_field_of_variant(name: &ast::Name, variant: &hir::Variant) -> Diagnostic {
    let text = &name.value;
    let known = variant.fields.iter().map(|field| field.name.as_str());
    let label = if variant.fields.is_empty() {
        "it has no fields".to_owned()
    } else {
        format!("it has {}", listed(known))
    };
    Diagnostic::error(
        codes::NO_SUCH_FIELD,
        format!("the variant `{}` has no field `{text}`", variant.name),
        name.span,
        "no such field",
    )
    .with_label(variant.span, label)
    .with_note("fields are bound by their names; `field: name` gives one another name here")
}

/// Bindings that need each other, each with the place where it needs the next.
pub(in crate::check) fn circle(way: &[(&ast::Name, Span)]) -> Diagnostic {
    let names: Vec<&str> = way.iter().map(|(name, _)| name.value.as_str()).collect();
    let next = |index: usize| names[(index + 1) % names.len()];
    let message = match names.as_slice() {
        [only] => format!("`{only}` needs itself"),
        [first, ..] => format!("`{first}` needs itself: {} → {first}", names.join(" → ")),
        [] => String::new(),
    };
    let needs = |index: usize| format!("`{}` needs `{}`", names[index], next(index));
    let mut diagnostic = Diagnostic::error(codes::VALUE_CYCLE, message, way[0].1, needs(0));
    for (index, (_, place)) in way.iter().enumerate().skip(1) {
        diagnostic = diagnostic.with_label(*place, needs(index));
    }
    diagnostic
        .with_note("a step begins when all that it needs is there, so none of these could begin")
        .with_help("let one do without the next; for rounds until something is good enough there is `repeat`")
}

pub(super) fn field_bound_twice(name: &ast::Name) -> Diagnostic {
    Diagnostic::error(
        codes::FIELD_TWICE,
        format!("the field `{}` is bound twice", name.value),
        name.span,
        "bound again here",
    )
}

pub(super) fn arms_missing(missing: &[String], tree: &ast::Match, declared: Option<Span>) -> Diagnostic {
    let names = listed(missing.iter().map(String::as_str));
    let word = if missing.len() == 1 { "an arm" } else { "arms" };
    let diagnostic = Diagnostic::error(
        codes::ARMS_MISSING,
        format!("this `match` has no {} for {names}", plural(missing.len(), "arm")),
        tree.subject.span,
        "may be one that has no arm",
    );
    let diagnostic = match declared {
        Some(span) => diagnostic.with_label(span, "all its variants are declared here"),
        None => diagnostic,
    };
    let diagnostic = diagnostic.with_help(format!("add {word} for {names}"));
    let Some(ast::NextArm { place, before, behind }) = &tree.next_arm else { return diagnostic };
    let arms: String = missing.iter().map(|name| format!("{before}{name} => null")).collect();
    diagnostic.with_fix(Fix {
        title: format!("add {word} for {names}"),
        edits: vec![Edit { span: *place, replacement: arms + behind }],
        applicability: Applicability::Unsafe,
    })
}

// Loops

pub(super) fn names_and_lists_differ(names: usize, lists: usize, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_LOOP,
        format!("there are {names} {} for {lists} {}", plural(names, "name"), plural(lists, "list")),
        span,
        "one name for each list",
    )
}

pub(super) fn too_many_items(count: usize, most: usize, target: Option<&str>, span: Span) -> Diagnostic {
    let who = target.map_or_else(String::new, |target| format!(" on `{target}`"));
    Diagnostic::error(
        codes::TOO_MANY_ITEMS,
        format!("a `for` has at most {most} items{who}, and this has {count}"),
        span,
        format!("{count} items"),
    )
    .with_help(
        "let each item do more: walk ranges or batches, and loop over what is in one inside of its step",
    )
}

pub(super) fn zip_takes_two_to_eight(lists: usize, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        codes::WRONG_LOOP,
        format!("`zip` takes 2 to 8 lists, and this gives {lists}"),
        span,
        format!("{lists} {}", plural(lists, "list")),
    );
    if lists == 1 { diagnostic.with_help("walk one list as `for x in xs { … }`") } else { diagnostic }
}

pub(super) fn zipped_lengths_differ(first: usize, at: Span, second: usize, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_LOOP,
        format!("`zip` walks lists of one length, and these have {first} and {second} items"),
        span,
        format!("{second} {}", plural(second, "item")),
    )
    .with_label(at, format!("{first} {}", plural(first, "item")))
}

pub(super) fn cannot_walk(
    checker: &Checker<'_>,
    tree: &ast::Expr,
    list: &hir::Expr,
    base: &Type,
    source: Source,
) -> Diagnostic {
    let shown = a(&checker.show(&type_of(list)));
    if let Type::Optional(inner) = base
        && matches!(inner.base(&checker.program), Type::List(_))
    {
        let diagnostic = Diagnostic::error(
            codes::MAY_BE_NULL,
            "this list may be null, so there may be nothing to walk",
            list.span,
            format!("this is {shown}"),
        );
        return with_source(diagnostic, source)
            .with_help("say what is walked then: `?? []` for nothing")
            .with_fix(insert_after("add `?? []`", tree.span, " ?? []"));
    }
    let diagnostic = Diagnostic::error(
        codes::CANNOT_WALK,
        format!("`for` walks a list, and this is {shown}"),
        list.span,
        format!("this is {shown}"),
    );
    let diagnostic = with_source(diagnostic, source);
    match base {
        Type::Map(_) => diagnostic.with_help("walk its keys: `for k in keys(m) { … m[k] … }`"),
        Type::Int(_) => diagnostic.with_help("count with `range`: `for i in range(n) { … }`"),
        Type::Table { .. } => diagnostic
            .with_help("the rows of a table are read by a task; let one give what is walked as a list"),
        Type::Error
        | Type::Null
        | Type::Bool
        | Type::Float(_)
        | Type::String(_)
        | Type::Duration
        | Type::Quantity
        | Type::Json
        | Type::Secret
        | Type::Enum(_)
        | Type::Record(_)
        | Type::Anonymous(_)
        | Type::List(_)
        | Type::Optional(_)
        | Type::File(_)
        | Type::Dir(_)
        | Type::Distinct(_)
        | Type::Parameter(_)
        | Type::Timestamp
        | Type::Date
        | Type::Decimal => diagnostic,
    }
}

pub(super) fn limit_is_not_constant(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_LIMIT,
        format!("the limit of {what} must be constant"),
        span,
        "not known before the run",
    )
    .with_help("write a number, or the name of a `const`")
}

pub(super) fn limit_out_of_range(count: i64, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_LIMIT,
        format!("a limit is at least 1, and this is {count}"),
        span,
        "not a limit",
    )
}

pub(super) fn round_without_state(span: Span, ty: &str) -> Diagnostic {
    Diagnostic::error(
        codes::NO_VALUE,
        format!("the body of a `repeat` must end with the next state, {}", a(ty)),
        span,
        "has no value",
    )
}

// Statements

pub(super) fn no_effect(span: Span) -> Diagnostic {
    Diagnostic::warning(codes::NO_EFFECT, "this computes a value that nobody uses", span, "does nothing")
        .with_help("bind it to a name, or leave it away")
}

pub(super) fn return_inside(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_RETURN,
        "`return` stands last in a pipeline, not inside of a block",
        span,
        "inside of a block",
    )
    .with_help("a block's value is its last expression: `x = if c { a } else { b }`, and then `return x`")
}

/// `return e` where a block's value stands.
pub(super) fn return_of_a_block(span: Span, value: Span) -> Diagnostic {
    let word = Span { end: value.start, ..span };
    let diagnostic = return_inside(span);
    Diagnostic {
        help: Some("a block's value is its last expression, without `return`".to_owned()),
        ..diagnostic
    }
    .with_fix(Fix {
        applicability: Applicability::Unsafe,
        ..Fix::safe("make it the block's value", word, String::new())
    })
}

pub(super) fn hook_inside(event: &ast::Name, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_HOOK,
        format!("`on {}` belongs to the whole pipeline, not to a block", event.value),
        span,
        "inside of a block",
    )
    .with_help("move it to the end of the pipeline")
}

pub(in crate::check) fn unknown_hook(event: &ast::Name) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_HOOK,
        format!("nothing is called `on {}`", event.value),
        event.span,
        "not an end of a run",
    )
    .with_help("write `on success`, `on failure` or `on exit`")
}

pub(super) fn bound_twice(name: &ast::Name, first: &hir::Local, word: &str) -> Diagnostic {
    let text = &name.value;
    Diagnostic::error(
        codes::DECLARED_TWICE,
        format!("`{text}` is bound already"),
        name.span,
        "bound again here",
    )
    .with_label(first.span, format!("{} of this name", with_article(word)))
    .with_note(
        "a name means one thing in a pipeline: nothing is assigned twice, and nothing hides an outer name",
    )
    .with_help("give one of them another name")
}

/// `total = total + x`
pub(super) fn bound_to_itself(name: &ast::Name, first: &hir::Local, word: &str) -> Diagnostic {
    bound_twice(name, first, word).with_help(
        "what a loop adds up is `sum(…)` of the list that it gives; a state that goes from round to round is a `repeat`",
    )
}

pub(super) fn hides(name: &ast::Name, what: &str, first: Span) -> Diagnostic {
    let text = &name.value;
    Diagnostic::error(
        codes::HIDES,
        format!("`{text}` is the name of {what}, which may not be hidden"),
        name.span,
        "bound again here",
    )
    .with_label(first, format!("{what} of this name"))
    .with_help("give the binding another name")
}

pub(in crate::check) fn unused_input(local: &hir::Local) -> Diagnostic {
    let name = &local.name;
    Diagnostic::warning(codes::UNUSED, format!("the input `{name}` is never used"), local.span, "never used")
}

pub(in crate::check) fn unused_field(local: &hir::Local, bound: Option<Bound>) -> Diagnostic {
    let name = &local.name;
    let diagnostic =
        Diagnostic::warning(codes::UNUSED, format!("`{name}` is never used"), local.span, "never used")
            .with_help("a pattern may leave fields out");
    match bound {
        Some(Bound::Field(span)) => diagnostic.with_fix(Fix::safe("leave it out", span, "")),
        Some(Bound::Step(_) | Bound::Value(_)) | None => diagnostic,
    }
}

pub(in crate::check) fn unused_binding(local: &hir::Local, value: Option<Bound>) -> Diagnostic {
    let name = &local.name;
    let diagnostic =
        Diagnostic::warning(codes::UNUSED, format!("`{name}` is never used"), local.span, "never used");
    match value {
        Some(Bound::Step(value)) => diagnostic
            .with_help("a call may stand without a name; it runs all the same")
            .with_fix(Fix::safe(format!("remove `{name} =`"), Span { end: value.start, ..local.span }, "")),
        // It may have been meant for something that has another name now.
        Some(Bound::Value(value)) => diagnostic.with_help("leave it away").with_fix(Fix {
            applicability: Applicability::Unsafe,
            ..Fix::safe("leave it away", local.span.to(value), "")
        }),
        Some(Bound::Field(_)) | None => diagnostic.with_help("leave it away"),
    }
}

// What a pipeline returns

pub(in crate::check) fn return_is_not_last(span: Span, next: Span) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_RETURN,
        "`return` stands last in a pipeline",
        span,
        "not the last statement",
    )
    .with_label(next, "this comes after it")
}

fn outputs(checker: &Checker<'_>, id: PipelineId) -> (String, Span) {
    let pipeline = &checker.program.pipelines[id.index()];
    match &pipeline.results {
        Results::None => ("nothing".to_owned(), pipeline.span),
        Results::Single { ty, span } => (a(&checker.show(ty)), *span),
        Results::Named(fields) => {
            let names = listed(fields.iter().map(|field| field.name.as_str()));
            (names, fields.first().map_or(pipeline.span, |field| field.span))
        }
    }
}

pub(in crate::check) fn return_is_missing(
    checker: &Checker<'_>,
    id: PipelineId,
    tree: &ast::Pipeline,
    last: Option<&ast::Statement>,
) -> Diagnostic {
    let (wanted, declared) = outputs(checker, id);
    let name = &tree.name.value;
    let diagnostic = Diagnostic::error(
        codes::WRONG_RETURN,
        format!("the pipeline `{name}` must end with `return`"),
        tree.name.span,
        "returns nothing",
    )
    .with_label(declared, format!("declared to give {wanted}"));
    match last {
        Some(ast::Statement { kind: ast::StatementKind::Expr(value), .. }) => {
            diagnostic.with_label(value.span, "only `return` makes this the result").with_fix(Fix {
                title: "return the last value".to_owned(),
                edits: vec![Edit {
                    span: Span { end: value.span.start, ..value.span },
                    replacement: "return ".to_owned(),
                }],
                applicability: Applicability::Unsafe,
            })
        }
        Some(_) | None => diagnostic.with_help("end it with `return` and the declared outputs"),
    }
}

pub(in crate::check) fn return_of_nothing(checker: &Checker<'_>, id: PipelineId, span: Span) -> Diagnostic {
    let (wanted, declared) = outputs(checker, id);
    Diagnostic::error(codes::WRONG_RETURN, "this `return` has no value", span, "returns nothing")
        .with_label(declared, format!("declared to give {wanted}"))
        .with_help("the value stands on the line of its `return`")
}

pub(in crate::check) fn returns_nothing(name: &str, span: Span, declared: Span) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_RETURN,
        format!("the pipeline `{name}` declares no outputs, and this returns a value"),
        span,
        "not declared",
    )
    .with_label(declared, "declared without outputs")
    .with_help("declare it: `-> T` for one value, `-> (name: T)` for named outputs")
}

/// A secret as the value of an `if` or a `match`.
pub(super) fn secret_of_branch(what: &str, span: Span) -> Diagnostic {
    let article = if what == "arm" { "an" } else { "a" };
    Diagnostic::error(
        codes::SECRET_AS_VALUE,
        format!("a secret can't be the value of {article} {what}"),
        span,
        "a secret",
    )
    .with_note("a secret is only a reference, and what a step is given has to be known before any run")
    .with_help(format!("call the step in each {what}, with the secret of that {what}"))
}
