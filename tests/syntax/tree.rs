//! The tree as S-expressions: `(kind part part …)`, one item, statement, setting or field a line.

use pipec::source::Spanned;
use pipec::syntax::ast::*;

pub(crate) fn file(file: &File) -> String {
    let mut lines = Vec::new();
    if let Some(doc) = &file.doc {
        lines.push(format!("(doc {:?})", doc.value));
    }
    if let Some(language) = &file.language {
        lines.push(format!("(language {})", language.value));
    }
    lines.extend(file.items.iter().map(item));
    for comment in &file.comments {
        lines.push(format!("(comment {:?})", comment.text));
    }
    for name in &file.broken_names {
        lines.push(format!("(broken {})", name.value));
    }
    lines.join("\n") + "\n"
}

/// `(head` and its parts: on one line if they are short, else indented below.
fn node(head: &str, parts: Vec<String>) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let one_line = parts.iter().map(|part| format!(" {part}")).collect::<String>();
    if one_line.len() + head.len() < 100 && !one_line.contains('\n') {
        return format!("({head}{one_line})");
    }
    let below = parts.iter().map(|part| format!("\n  {}", part.replace('\n', "\n  "))).collect::<String>();
    format!("({head}{below})")
}

fn doc(doc: &Option<Doc>) -> String {
    doc.as_ref().map_or_else(String::new, |doc| format!("(doc {:?})", doc.value))
}

fn item(item: &Item) -> String {
    let mut parts = vec![doc(&item.doc)];
    let head = match &item.kind {
        ItemKind::Use(of) => {
            match &of.what {
                UseKind::Alias(name) => parts.push(format!("as {}", name.value)),
                UseKind::Names(names) => parts.push(format!("[{}]", words(names))),
                UseKind::Error => parts.push("error".to_owned()),
            }
            format!("use {:?}", of.path.value)
        }
        ItemKind::Const(of) => {
            parts.push(of.ty.as_ref().map_or_else(String::new, |of| format!(": {}", ty(of))));
            parts.push(expr(&of.value));
            format!("const {}", of.name.value)
        }
        ItemKind::Type(of) => {
            parts.push(if of.distinct { "distinct".to_owned() } else { String::new() });
            parts.push(ty(&of.ty));
            format!("type {}", of.name.value)
        }
        ItemKind::Record(of) => {
            parts.extend(of.type_parameters.iter().map(type_parameter));
            parts.extend(of.fields.iter().map(field));
            format!("record {}", of.name.value)
        }
        ItemKind::Enum(of) => {
            parts.extend(of.variants.iter().map(variant));
            format!("enum {}", of.name.value)
        }
        ItemKind::Format(of) => {
            parts.extend(of.settings.iter().map(entry));
            format!("format {}", of.name.value)
        }
        ItemKind::Task(of) => {
            parts.extend(of.type_parameters.iter().map(type_parameter));
            parts.extend(of.parameters.iter().map(parameter));
            parts.push(results(&of.results));
            parts.extend(of.settings.iter().map(setting));
            format!("task {}", of.name.value)
        }
        ItemKind::Pipeline(of) => {
            parts.extend(of.type_parameters.iter().map(type_parameter));
            parts.extend(of.parameters.iter().map(parameter));
            parts.push(results(&of.results));
            parts.extend(of.body.statements.iter().map(statement));
            format!("pipeline {}", of.name.value)
        }
        ItemKind::Launch(of) => {
            parts.push(path(&of.pipeline));
            parts.extend(of.arguments.iter().map(argument));
            parts.extend(of.settings.iter().map(setting));
            format!("launch {}", of.name.value)
        }
        ItemKind::Error => "error".to_owned(),
    };
    node(&head, parts)
}

fn words(names: &[Name]) -> String {
    names.iter().map(|name| name.value.as_str()).collect::<Vec<_>>().join(" ")
}

fn path(path: &Path) -> String {
    let module = path.module.as_ref().map_or_else(String::new, |module| format!("{}.", module.value));
    module + &path.name.value
}

fn type_parameter(of: &TypeParameter) -> String {
    let bound = of.bound.as_ref().map_or_else(String::new, |bound| format!(": {}", bound.value));
    format!("<{}{bound}>", of.name.value)
}

fn outside(of: &Option<Spanned<String>>) -> String {
    of.as_ref().map_or_else(String::new, |of| format!("as {:?}", of.value))
}

fn default(of: &Option<Expr>) -> String {
    of.as_ref().map_or_else(String::new, |of| format!("= {}", expr(of)))
}

fn field(of: &Field) -> String {
    node(
        &format!("{}:", of.name.value),
        vec![doc(&of.doc), outside(&of.outside), ty(&of.ty), default(&of.default)],
    )
}

fn parameter(of: &Parameter) -> String {
    node(&format!("{}:", of.name.value), vec![doc(&of.doc), ty(&of.ty), default(&of.default)])
}

fn variant(of: &Variant) -> String {
    let mut parts = vec![doc(&of.doc), outside(&of.outside)];
    parts.extend(of.fields.iter().map(field));
    node(&of.name.value, parts)
}

fn results(of: &Results) -> String {
    match of {
        Results::None => String::new(),
        Results::Single(of) => format!("-> {}", ty(of)),
        Results::Named(fields, _) => node(
            "->",
            fields
                .iter()
                .map(|of| node(&format!("{}:", of.name.value), vec![doc(&of.doc), ty(&of.ty)]))
                .collect(),
        ),
    }
}

fn setting(of: &Setting) -> String {
    let value = match &of.value {
        SettingValue::Expr(of) => expr(of),
        SettingValue::Block { word, text } => format!("{} {}", word.value, raw(text)),
        SettingValue::WordRecord { word, record } => format!("{} {}", word.value, expr(record)),
    };
    node(&format!("{}:", of.name.value), vec![value])
}

fn raw(of: &RawBlock) -> String {
    format!("(raw {:?})", of.text)
}

fn ty(of: &Type) -> String {
    match &of.kind {
        TypeKind::Named { path: name, arguments } if arguments.is_empty() => path(name),
        TypeKind::Named { path: name, arguments } => {
            format!("{}<{}>", path(name), arguments.iter().map(ty).collect::<Vec<_>>().join(", "))
        }
        TypeKind::List(of) => format!("[{}]", ty(of)),
        TypeKind::Optional(of) => format!("{}?", ty(of)),
        TypeKind::Record(fields) => node("record", fields.iter().map(field).collect()),
        TypeKind::Interval { base, interval } => {
            let bound =
                |of: &Option<Spanned<String>>| of.as_ref().map_or_else(String::new, |of| of.value.clone());
            let dots = match interval.end {
                IntervalEnd::Inclusive => "..=",
                IntervalEnd::Exclusive => "..<",
                IntervalEnd::Open => "..",
            };
            format!("({} in {}{dots}{})", ty(base), bound(&interval.low), bound(&interval.high))
        }
        TypeKind::Pattern { base, pattern } => format!("({} matching /{}/)", ty(base), pattern.value),
        TypeKind::Error => "error".to_owned(),
    }
}

fn block(of: &Block) -> String {
    node("block", of.statements.iter().map(statement).collect())
}

fn statement(of: &Statement) -> String {
    match &of.kind {
        StatementKind::Bind { name, ty: of, value } => {
            let of = of.as_ref().map_or_else(String::new, |of| format!(": {}", ty(of)));
            node(&format!("let {}", name.value), vec![of, expr(value)])
        }
        StatementKind::Expr(of) => expr(of),
        StatementKind::Return(of) => node("return", of.iter().map(expr).collect()),
        StatementKind::On { event, body } => node(&format!("on {}", event.value), vec![block(body)]),
        StatementKind::Error => "error".to_owned(),
    }
}

fn entry(of: &Entry) -> String {
    let key = match of.key_kind {
        KeyKind::Word => of.key.value.clone(),
        KeyKind::String => format!("{:?}", of.key.value),
    };
    node(&format!("{key}:"), vec![expr(&of.value)])
}

fn argument(of: &Argument) -> String {
    match &of.name {
        Some(name) => node(&format!("{}:", name.value), vec![expr(&of.value)]),
        None => expr(&of.value),
    }
}

fn expr(of: &Expr) -> String {
    match &of.kind {
        ExprKind::Int(digits) | ExprKind::Float(digits) => digits.clone(),
        ExprKind::Bool(of) => of.to_string(),
        ExprKind::Null => "null".to_owned(),
        ExprKind::String(parts) => match parts.as_slice() {
            [] => "\"\"".to_owned(),
            [StringPart::Text(text)] => format!("{text:?}"),
            parts => node("string", parts.iter().map(string_part).collect()),
        },
        ExprKind::Raw(of) => raw(of),
        ExprKind::Duration { number, unit } => format!("(duration {number} {unit})"),
        ExprKind::Quantity { number, unit } => format!("(quantity {number} {unit})"),
        ExprKind::Name(name) => name.clone(),
        ExprKind::List(items) => node("list", items.iter().map(expr).collect()),
        ExprKind::Braces(entries) => node("braces", entries.iter().map(entry).collect()),
        ExprKind::Field { of, name } => format!("(. {} {})", expr(of), name.value),
        ExprKind::OptionalField { of, name } => format!("(?. {} {})", expr(of), name.value),
        ExprKind::Index { of, index } => node("index", vec![expr(of), expr(index)]),
        ExprKind::Call(call) => {
            let mut parts = vec![expr(&call.callee)];
            parts.extend(call.arguments.iter().map(argument));
            node("call", parts)
        }
        ExprKind::Unary { op, operand } => node(
            match op.value {
                UnaryOp::Not => "not",
                UnaryOp::Negate => "negate",
            },
            vec![expr(operand)],
        ),
        ExprKind::Binary { op, left, right } => node(operator(op.value), vec![expr(left), expr(right)]),
        ExprKind::If(of) => if_(of),
        ExprKind::Match(of) => {
            let mut parts = vec![expr(&of.subject)];
            parts.extend(of.arms.iter().map(arm));
            node("match", parts)
        }
        ExprKind::For(of) => {
            let limit = of.limit.as_ref().map_or_else(String::new, |of| format!("limit {}", expr(of)));
            node("for", vec![for_source(&of.source), limit, block(&of.body)])
        }
        ExprKind::Repeat(of) => node(
            "repeat",
            vec![
                format!(
                    "{}{}",
                    of.state.value,
                    of.ty.as_ref().map_or_else(String::new, |of| format!(": {}", ty(of)))
                ),
                format!("= {}", expr(&of.first)),
                format!("limit {}", expr(&of.limit)),
                block(&of.body),
                format!("until {}", expr(&of.until)),
            ],
        ),
        ExprKind::Try(of) => node("try", vec![expr(of)]),
        ExprKind::After { of, names } => node("after", vec![expr(of), format!("[{}]", words(names))]),
        ExprKind::With { of, settings, .. } => {
            let mut parts = vec![expr(of)];
            parts.extend(settings.iter().map(setting));
            node("with", parts)
        }
        ExprKind::Parentheses(of) => node("parentheses", vec![expr(of)]),
        ExprKind::Error => "error".to_owned(),
    }
}

fn string_part(of: &StringPart) -> String {
    match of {
        StringPart::Text(text) => format!("{text:?}"),
        StringPart::Expr(of) => expr(of),
    }
}

fn operator(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Or => "or",
        BinaryOp::And => "and",
        BinaryOp::Equal => "==",
        BinaryOp::NotEqual => "!=",
        BinaryOp::Less => "<",
        BinaryOp::LessOrEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterOrEqual => ">=",
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Div => "div",
        BinaryOp::Mod => "mod",
        BinaryOp::Coalesce => "??",
    }
}

fn if_(of: &If) -> String {
    let otherwise = match &of.otherwise {
        None => String::new(),
        Some(Else::Block(of)) => format!("else {}", block(of)),
        Some(Else::If(of)) => format!("else {}", expr(of)),
    };
    node("if", vec![expr(&of.condition), block(&of.then), otherwise])
}

fn for_source(of: &ForSource) -> String {
    match of {
        ForSource::Item { item, list } => format!("{} in {}", item.value, expr(list)),
        ForSource::Indexed { index, item, list } => {
            format!("{}, {} in {}", index.value, item.value, expr(list))
        }
        ForSource::Product(pairs) => pairs
            .iter()
            .map(|(name, list)| format!("{} in {}", name.value, expr(list)))
            .collect::<Vec<_>>()
            .join(", "),
        ForSource::Zip { items, lists, .. } => {
            format!("[{}] in {}", words(items), node("zip", lists.iter().map(expr).collect()))
        }
    }
}

fn arm(of: &Arm) -> String {
    let pattern = match &of.pattern.kind {
        PatternKind::Variant { module, enumeration, variant, fields } => {
            let module = module.as_ref().map_or_else(String::new, |module| format!("{}.", module.value));
            let fields = fields
                .iter()
                .map(|of| format!(" {}: {}", of.field.value, of.binding.value))
                .collect::<String>();
            format!("{module}{}.{}{fields}", enumeration.value, variant.value)
        }
        PatternKind::Bool(of) => of.to_string(),
        PatternKind::Null => "null".to_owned(),
        PatternKind::Bare(word) => format!("bare {word}"),
        PatternKind::Literal(text) => format!("literal {text:?}"),
        PatternKind::Error => "error".to_owned(),
    };
    let body = match &of.body {
        ArmBody::Expr(of) => expr(of),
        ArmBody::Block(of) => block(of),
    };
    node(&format!("{pattern} =>"), vec![body])
}
