//! Expressions as commands of bash: each operation puts its result into a variable, and what is lazy in the language stands
//! in a branch. What an expression means is `pipec_ir::evaluate`; the runtime's functions mean the same.

use pipec_ir::lookup::{enumeration, record};
use pipec_ir::{
    ArtifactRef, BinaryOp, Expr, ExprKind, MatchArm, NodeId, NodeKind, Results, RunField, Type, UnaryOp,
    canonical_json, from_json, to_json,
};

use super::bash::{directory, quote, quoted};
use super::files::artifact_path;
use super::function::{Function, Scope, Word, variable_of};
use super::kind::{held, jq_string, kind, widening};
use crate::Refusal;

impl Function<'_> {
    /// Writes what computes the expression, and gives the word that holds it.
    pub(super) fn expression(&mut self, expr: &Expr) -> Word {
        match &expr.kind {
            ExprKind::Const(json) => self.constant(json, &expr.ty),
            ExprKind::Artifact(artifact) => self.artifact(artifact, expr),
            ExprKind::Secret { name, key } => quote(&secret_variable(name, key)),
            ExprKind::Input(name) => self.input(name),
            ExprKind::Output { node, output } => self.output(node, output.as_deref(), &expr.ty),
            ExprKind::Run(field) => self.run_field(*field),
            ExprKind::List(items) => {
                let items: Vec<Word> = items.iter().map(|item| self.json(item)).collect();
                format!("'['{}']'", items.join("','"))
            }
            ExprKind::Record(fields) => self.record(fields, &expr.ty),
            ExprKind::Map(entries) => {
                let mut entries: Vec<(&str, &Expr)> =
                    entries.iter().map(|(key, value)| (key.as_str(), value)).collect();
                // Evaluated in source order, written in the order of keys; of a repeated key the last counts.
                let mut words: Vec<(&str, Word)> =
                    entries.drain(..).map(|(key, value)| (key, self.json(value))).collect();
                words.reverse();
                words.sort_by_key(|(key, _)| *key);
                words.dedup_by_key(|(key, _)| *key);
                object(words.into_iter().map(|(key, word)| (key.to_owned(), word)).collect())
            }
            ExprKind::Variant { variant, fields } => self.variant(variant, fields, &expr.ty),
            ExprKind::Field { of, field } => self.field(of, field, &expr.ty),
            ExprKind::OptionalField { of, field } => {
                let step = format!(".[{}]", jq_string(&self.outside(&of.ty, field)));
                let of = self.expression(of);
                let of = self.in_variable(of);
                let result = self.variable(field);
                self.line(format!("{result}="));
                self.line(format!("if [[ -n {of} ]]; then"));
                self.indent();
                let inner = self.stripped(&of);
                let kind = self.kind(&expr.ty);
                self.must(format!("query {result} {inner} {} {}", quoted(kind), quoted(&step)));
                self.dedent();
                self.line("fi");
                format!("\"${result}\"")
            }
            ExprKind::Project { of, field } => {
                let item = if let Type::List { item } = &of.ty { item } else { &of.ty };
                let name = jq_string(&self.outside(item, field));
                let of = self.expression(of);
                self.query(field, &of, "json", &format!("projected({name})"))
            }
            ExprKind::Index { of, index } => {
                let command = if matches!(of.ty, Type::List { .. }) { "element" } else { "entry" };
                let (of, index) = (self.expression(of), self.expression(index));
                let kind = self.kind(&expr.ty);
                self.operation(
                    "item",
                    command,
                    &format!("{of} {index} {} {}", quoted(kind), self.place(expr)),
                )
            }
            ExprKind::Unary { op, operand } => self.unary(*op, operand, expr),
            ExprKind::Binary { op, left, right } => self.binary(*op, left, right, expr),
            ExprKind::If { condition, then, otherwise } => {
                let condition = self.expression(condition);
                let result = self.variable("chosen");
                let condition = self.in_variable(condition);
                self.line(format!("if [[ {condition} == true ]]; then"));
                self.assigned(&result, then, &expr.ty);
                self.line("else");
                self.assigned(&result, otherwise, &expr.ty);
                self.line("fi");
                format!("\"${result}\"")
            }
            ExprKind::Match { subject, arms } => self.matched(subject, arms, &expr.ty),
            ExprKind::Interpolate(pieces) => {
                let words: Vec<Word> = pieces.iter().map(|piece| self.expression(piece)).collect();
                if words.is_empty() { "''".to_owned() } else { words.concat() }
            }
            ExprKind::Call { function, args } => self.call(*function, args, expr),
            ExprKind::Widen(operand) => {
                let word = self.expression(operand);
                self.widened(word, &operand.ty, &expr.ty)
            }
            ExprKind::Refine(operand) => self.refined(operand, expr),
            ExprKind::Narrow(operand) => {
                let word = self.expression(operand);
                self.operation("known", "narrow", &format!("{word} {}", self.place(expr)))
            }
        }
    }

    pub(super) fn kind(&self, ty: &Type) -> &'static str {
        kind(ty, self.context.types())
    }

    pub(super) fn place(&self, expr: &Expr) -> Word {
        quoted(&self.context.place(expr.span))
    }

    pub(super) fn refuse(&self, refusal: Refusal, expr: &Expr) -> Word {
        self.context.refuse(refusal.at(self.node.clone(), expr.span));
        "''".to_owned()
    }

    /// `command VARIABLE arguments`, and the variable as a word.
    pub(super) fn operation(&mut self, wanted: &str, command: &str, arguments: &str) -> Word {
        let result = self.variable(wanted);
        self.must(format!("{command} {result} {arguments}"));
        format!("\"${result}\"")
    }

    pub(super) fn query(&mut self, wanted: &str, of: &str, kind: &str, filter: &str) -> Word {
        self.operation(wanted, "query", &format!("{of} {} {}", quoted(kind), quoted(filter)))
    }

    fn constant(&mut self, json: &serde_json::Value, ty: &Type) -> Word {
        let types = self.context.types();
        // What doesn't fit its type didn't pass `validate`.
        from_json(json, ty, types).map_or_else(|_| "''".to_owned(), |value| quoted(&held(&value, ty, types)))
    }

    fn artifact(&mut self, artifact: &ArtifactRef, expr: &Expr) -> Word {
        self.context.uses(artifact);
        let is_empty = matches!(artifact, ArtifactRef::CapturedDir { entries, .. } if entries.is_empty());
        if is_empty {
            let refusal = Refusal::new("a script can't bring an empty directory along");
            return self.refuse(refusal.help("put a file into it"), expr);
        }
        match artifact_path(artifact) {
            Ok(word) => word,
            Err(uri) => self.refuse(unreadable(&uri), expr),
        }
    }

    fn input(&mut self, name: &str) -> Word {
        if let Some((_, word)) = self.bindings.iter().rev().find(|(bound, _)| bound == name) {
            return word.clone();
        }
        match self.scope {
            Scope::Unit(_) => self.load(name, "input", &quote(&directory(name))),
            Scope::Task => self.load(name, "argument", &quote(&directory(name))),
            Scope::Nothing => "''".to_owned(),
        }
    }

    fn output(&mut self, node: &NodeId, output: Option<&str>, ty: &Type) -> Word {
        let id = quote(&directory(&node.0));
        if let Some(output) = output {
            return self.load(
                &format!("{}_{output}", node.0),
                "output_of",
                &format!("{id} {}", quote(&directory(output))),
            );
        }
        match self.named_outputs(node) {
            None => self.load(&node.0, "value_of", &id),
            Some(names) => {
                let declared = record(ty, self.context.types()).map_or(&[][..], |record| &record.fields);
                let mut fields = Vec::new();
                for (name, field) in names.iter().zip(declared) {
                    let word = self.load(
                        &format!("{}_{name}", node.0),
                        "output_of",
                        &format!("{id} {}", quote(&directory(name))),
                    );
                    fields.push((field.json_name().to_owned(), self.json_of(&word, &field.ty)));
                }
                fields.sort();
                object(fields)
            }
        }
    }

    /// The outputs of a node that calls something with named ones: they are kept one by one.
    fn named_outputs(&self, node: &NodeId) -> Option<Vec<String>> {
        let Scope::Unit(body) = &self.scope else { return None };
        let node = body.nodes.iter().find(|found| found.id == *node)?;
        let NodeKind::Call(call) = &node.kind else { return None };
        match self.context.program.interface(&call.callee)?.results {
            Results::Named(outputs) => Some(outputs.iter().map(|output| output.name.clone()).collect()),
            Results::None | Results::Single(_) => None,
        }
    }

    fn run_field(&mut self, field: RunField) -> Word {
        match field {
            RunField::Id => "\"$RUN_ID\"".to_owned(),
            RunField::Name => "\"${FACT[name]}\"".to_owned(),
            RunField::Scheduled => "\"${FACT[scheduled]}\"".to_owned(),
            RunField::Day => "\"${FACT[day]}\"".to_owned(),
            RunField::Status => "\"${FACT[status]}\"".to_owned(),
            RunField::Started => "\"${FACT[started]}\"".to_owned(),
            RunField::Duration => "\"${FACT[duration]}\"".to_owned(),
            RunField::Failures => self.load("run_failures", "failures", ""),
        }
    }

    fn record(&mut self, fields: &[(String, Expr)], ty: &Type) -> Word {
        let mut words: Vec<(String, Word)> = Vec::new();
        for (name, value) in fields {
            let word = self.json(value);
            words.push((self.outside(ty, name), word));
        }
        words.sort();
        object(words)
    }

    fn variant(&mut self, variant: &str, fields: &[(String, Expr)], ty: &Type) -> Word {
        let types = self.context.types();
        let declared = enumeration(ty, types).and_then(|definition| definition.variant(variant));
        let name = declared.map_or(variant, |variant| variant.json_name()).to_owned();
        if self.kind(ty) == "text" {
            return quoted(&name);
        }
        if fields.is_empty() {
            return quoted(&canonical_json(&serde_json::Value::from(name)));
        }
        let mut words: Vec<(String, Word)> = Vec::new();
        for (field, value) in fields {
            let outside =
                declared.and_then(|variant| variant.fields.iter().find(|found| found.name == *field));
            words.push((
                outside.map_or(field.as_str(), |found| found.json_name()).to_owned(),
                self.json(value),
            ));
        }
        words.sort();
        object(vec![(name, object(words))])
    }

    fn field(&mut self, of: &Expr, field: &str, ty: &Type) -> Word {
        if let ExprKind::Output { node, output: None } = &of.kind
            && self.named_outputs(node).is_some_and(|names| names.iter().any(|name| name == field))
        {
            return self.output(node, Some(field), ty);
        }
        let step = format!(".[{}]", jq_string(&self.outside(&of.ty, field)));
        let of = self.expression(of);
        let kind = self.kind(ty);
        self.query(field, &of, kind, &step)
    }

    /// A field's name in JSON.
    fn outside(&self, ty: &Type, field: &str) -> String {
        let found = record(ty, self.context.types()).and_then(|record| record.field(field));
        found.map_or(field, |found| found.json_name()).to_owned()
    }

    /// The word as a variable, so that a test of it isn't one of a constant.
    pub(super) fn in_variable(&mut self, word: Word) -> Word {
        if variable_of(&word).is_some() {
            return word;
        }
        let name = self.variable("value");
        self.line(format!("{name}={word}"));
        format!("\"${name}\"")
    }

    /// An optional's word without its `=`, where it is known not to be null.
    pub(super) fn stripped(&mut self, word: &str) -> Word {
        match variable_of(word) {
            Some(name) => format!("\"${{{name}#=}}\""),
            None => {
                let name = self.variable("optional");
                self.line(format!("{name}={word}"));
                format!("\"${{{name}#=}}\"")
            }
        }
    }

    /// The expression's value as JSON, for a structure around it.
    pub(super) fn json(&mut self, expr: &Expr) -> Word {
        if let ExprKind::Const(json) = &expr.kind {
            let types = self.context.types();
            let text = from_json(json, &expr.ty, types)
                .map(|value| canonical_json(&to_json(&value, &expr.ty, types)));
            return quoted(&text.unwrap_or_default());
        }
        let word = self.expression(expr);
        self.json_of(&word, &expr.ty)
    }

    pub(super) fn json_of(&mut self, word: &str, ty: &Type) -> Word {
        match self.kind(ty) {
            "json" | "plain" => word.to_owned(),
            kind => self.operation("json", "json_of", &format!("{} {word}", quoted(kind))),
        }
    }

    /// Assigns the expression's value, as one of the type, inside a branch.
    fn assigned(&mut self, result: &str, expr: &Expr, ty: &Type) {
        self.indent();
        let word = self.expression(expr);
        let word = self.widened(word, &expr.ty, ty);
        self.line(format!("{result}={word}"));
        self.dedent();
    }

    /// A word of one type as one of the wider other type.
    pub(super) fn widened(&mut self, word: Word, from: &Type, to: &Type) -> Word {
        let types = self.context.types();
        if from == to {
            return word;
        }
        match (from, to) {
            (Type::Json, Type::Json) => word,
            (from, Type::Json) => self.json_of(&word, from),
            (Type::Optional { of: from }, Type::Optional { of: to }) => {
                let changes = self.kind(from) != self.kind(to)
                    || matches!((&**from, &**to), (Type::Int { .. }, Type::Float { .. }))
                    || widening(from, to, types).is_some();
                if !changes {
                    return word;
                }
                let word = self.in_variable(word);
                let result = self.variable("widened");
                self.line(format!("{result}="));
                self.line(format!("if [[ -n {word} ]]; then"));
                self.indent();
                let inner = self.stripped(&word);
                let inner = self.widened(inner, from, to);
                self.line(format!("{result}='='{inner}"));
                self.dedent();
                self.line("fi");
                format!("\"${result}\"")
            }
            (from, Type::Optional { of: to }) => format!("'='{}", self.widened(word, from, to)),
            (Type::Int { .. }, Type::Float { .. }) => self.operation("float", "int_as_float", &word),
            (Type::Int { .. }, Type::Quantity) => word,
            (from, to) => match widening(from, to, types) {
                Some(filter) => self.query("widened", &word, "json", &filter),
                None => word,
            },
        }
    }

    fn refined(&mut self, operand: &Expr, expr: &Expr) -> Word {
        let word = self.expression(operand);
        let check = self.context.check(&expr.ty, expr.span);
        let mut words = check.splitn(2, ' ');
        let (name, arguments) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let place = self.place(expr);
        let result = self.variable("checked");
        if !matches!(expr.ty, Type::Optional { .. }) {
            self.must(format!("refine {place} {result} {word} {name} {arguments}").trim_end());
            return format!("\"${result}\"");
        }
        let word = self.in_variable(word);
        self.line(format!("{result}="));
        self.line(format!("if [[ -n {word} ]]; then"));
        self.indent();
        let inner = self.stripped(&word);
        self.must(format!("refine {place} {result} {inner} {name} {arguments}").trim_end());
        self.line(format!("{result}='='\"${result}\""));
        self.dedent();
        self.line("fi");
        format!("\"${result}\"")
    }

    fn unary(&mut self, op: UnaryOp, operand: &Expr, expr: &Expr) -> Word {
        let word = self.expression(operand);
        let place = self.place(expr);
        match (op, &operand.ty) {
            (UnaryOp::Not, _) => self.operation("inverse", "negate", &word),
            (UnaryOp::Negate, Type::Float { .. }) => {
                self.operation("negative", "float", &format!("negated {place} {word}"))
            }
            (UnaryOp::Negate, Type::Duration) => {
                self.operation("negative", "duration_subtract", &format!("0s {word} {place}"))
            }
            (UnaryOp::Negate, _) => self.operation("negative", "int_negate", &format!("{word} {place}")),
        }
    }

    fn binary(&mut self, op: BinaryOp, left: &Expr, right: &Expr, expr: &Expr) -> Word {
        match op {
            BinaryOp::And | BinaryOp::Or => {
                let first = self.expression(left);
                let result = self.variable(if op == BinaryOp::And { "both" } else { "either" });
                self.line(format!("{result}={first}"));
                let decided = if op == BinaryOp::And { "true" } else { "false" };
                self.line(format!("if [[ ${result} == {decided} ]]; then"));
                self.assigned(&result, right, &right.ty);
                self.line("fi");
                format!("\"${result}\"")
            }
            BinaryOp::Coalesce => {
                let first = self.expression(left);
                let first = self.in_variable(first);
                let result = self.variable("given");
                self.line(format!("if [[ -n {first} ]]; then"));
                self.indent();
                let inner = left.ty.without_optional().clone();
                let word = self.stripped(&first);
                let word = self.widened(word, &inner, &expr.ty);
                self.line(format!("{result}={word}"));
                self.dedent();
                self.line("else");
                self.assigned(&result, right, &expr.ty);
                self.line("fi");
                format!("\"${result}\"")
            }
            BinaryOp::Equal | BinaryOp::NotEqual => self.equality(op, left, right),
            BinaryOp::Less => self.comparison("<", left, right),
            BinaryOp::LessOrEqual => self.comparison("<=", left, right),
            BinaryOp::Greater => self.comparison(">", left, right),
            BinaryOp::GreaterOrEqual => self.comparison(">=", left, right),
            BinaryOp::Add => self.arithmetic("sum", ["int_add", "duration_add", "plus"], left, right, expr),
            BinaryOp::Subtract => self.arithmetic(
                "difference",
                ["int_subtract", "duration_subtract", "minus"],
                left,
                right,
                expr,
            ),
            BinaryOp::Multiply => {
                if matches!(right.ty, Type::Duration) {
                    let (count, duration) = (self.expression(left), self.expression(right));
                    let arguments = format!("{duration} {count} {}", self.place(expr));
                    return self.operation("product", "duration_multiply", &arguments);
                }
                self.arithmetic("product", ["int_multiply", "duration_multiply", "times"], left, right, expr)
            }
            BinaryOp::Divide => {
                let (left, right) = (self.expression(left), self.expression(right));
                self.operation("quotient", "float", &format!("divided {} {left} {right}", self.place(expr)))
            }
            BinaryOp::Div | BinaryOp::Mod => {
                let (left, right) = (self.expression(left), self.expression(right));
                let (wanted, command) =
                    if op == BinaryOp::Div { ("quotient", "int_div") } else { ("remainder", "int_mod") };
                self.operation(wanted, command, &format!("{left} {right} {}", self.place(expr)))
            }
        }
    }

    /// The commands are those of ints, durations and floats.
    fn arithmetic(
        &mut self,
        wanted: &str,
        [of_ints, of_durations, of_floats]: [&str; 3],
        left: &Expr,
        right: &Expr,
        expr: &Expr,
    ) -> Word {
        let (first, second) = (self.expression(left), self.expression(right));
        let place = self.place(expr);
        let (command, arguments) = if matches!(left.ty, Type::Float { .. }) {
            ("float", format!("{of_floats} {place} {first} {second}"))
        } else if matches!(left.ty, Type::Duration) {
            (of_durations, format!("{first} {second} {place}"))
        } else {
            (of_ints, format!("{first} {second} {place}"))
        };
        self.operation(wanted, command, &arguments)
    }

    /// Values of one type are equal when their texts are: there is one text for each value.
    fn equality(&mut self, op: BinaryOp, left: &Expr, right: &Expr) -> Word {
        let types = self.context.types();
        let is_about_null = is_null(left) || is_null(right);
        if !is_about_null && (left.ty.holds_quantities(types) || right.ty.holds_quantities(types)) {
            return self.equal_amounts(op, left, right);
        }
        let operator = if op == BinaryOp::Equal { "'=='" } else { "'!='" };
        let (mut first, mut second) = (self.expression(left), self.expression(right));
        let (from, to) = (left.ty.without_refinements(), right.ty.without_refinements());
        match (&from, &to) {
            (Type::Int { .. }, Type::Float { .. }) => first = self.widened(first, &from, &to),
            (Type::Float { .. }, Type::Int { .. }) => second = self.widened(second, &to, &from),
            (Type::Optional { .. }, Type::Optional { .. }) => {}
            (Type::Optional { .. }, _) => second = self.widened(second, &to, &from),
            (_, Type::Optional { .. }) => first = self.widened(first, &from, &to),
            _ => {}
        }
        self.operation("equal", "text_compare", &format!("{first} {operator} {second}"))
    }

    fn comparison(&mut self, operator: &str, left: &Expr, right: &Expr) -> Word {
        let (first, second) = (self.expression(left), self.expression(right));
        let is_float = |expr: &Expr| matches!(expr.ty, Type::Float { .. });
        let command =
            if is_float(left) || is_float(right) { "float_compare" } else { compare_command(&left.ty) };
        self.operation("ordered", command, &format!("{first} '{operator}' {second}"))
    }

    fn matched(&mut self, subject: &Expr, arms: &[MatchArm], ty: &Type) -> Word {
        let word = self.expression(subject);
        let word = self.in_variable(word);
        let result = self.variable("chosen");
        self.cases(
            &word,
            &subject.ty,
            arms.iter().map(|arm| (arm.variant.as_deref(), &arm.bindings)),
            |own, index| {
                if let Some(arm) = arms.get(index) {
                    let value = own.expression(&arm.value);
                    let value = own.widened(value, &arm.value.ty, ty);
                    own.line(format!("{result}={value}"));
                }
            },
        );
        format!("\"${result}\"")
    }

    /// A `case` over a bool, an enum, or an optional of one; `write` writes the commands of each arm.
    pub(super) fn cases<'x>(
        &mut self,
        subject: &str,
        ty: &Type,
        arms: impl Iterator<Item = (Option<&'x str>, &'x Vec<(String, String)>)>,
        mut write: impl FnMut(&mut Self, usize),
    ) {
        let types = self.context.types();
        let inner = ty.without_optional();
        let is_optional = matches!(ty, Type::Optional { .. });
        let is_json = self.kind(inner) == "json";
        let whole = subject.to_owned();
        let mut name = whole.clone();
        if is_json {
            let variant = self.variable("variant");
            self.line(format!("{variant}="));
            if is_optional {
                self.line(format!("if [[ -n {whole} ]]; then"));
                self.indent();
            }
            let value = if is_optional { self.stripped(&whole) } else { whole.clone() };
            let filter = "if type == \"string\" then . else keys[0] end";
            self.must(format!("query {variant} {value} text {}", quoted(filter)));
            if is_optional {
                self.line(format!("{variant}='='\"${variant}\""));
                self.dedent();
                self.line("fi");
            }
            name = format!("\"${variant}\"");
        }
        self.line(format!("case {name} in"));
        self.indent();
        for (index, (variant, bindings)) in arms.enumerate() {
            let declared = variant.and_then(|variant| enumeration(ty, types)?.variant(variant));
            let pattern = match variant {
                None => "''".to_owned(),
                Some(variant) => {
                    let text = declared.map_or(variant, |variant| variant.json_name());
                    quoted(&if is_optional { format!("={text}") } else { text.to_owned() })
                }
            };
            self.line(format!("{pattern})"));
            self.indent();
            let outer = self.bindings.len();
            for (field, bound) in bindings {
                let Some(variant) = declared else { continue };
                let Some(field) = variant.fields.iter().find(|found| found.name == *field) else { continue };
                let filter =
                    format!(".[{}][{}]", jq_string(variant.json_name()), jq_string(field.json_name()));
                let value = if is_optional { self.stripped(&whole) } else { whole.clone() };
                let kind = self.kind(&field.ty);
                let word = self.query(bound, &value, kind, &filter);
                self.bindings.push((bound.clone(), word));
            }
            write(self, index);
            self.bindings.truncate(outer);
            self.line(";;");
            self.dedent();
        }
        self.dedent();
        self.line("esac");
    }
}

/// An object of fields in the order that they are given in.
pub(super) fn object(fields: Vec<(String, Word)>) -> Word {
    let fields = fields.into_iter().map(|(name, word)| {
        format!("{}{word}", quoted(&format!("{}:", canonical_json(&serde_json::Value::from(name)))))
    });
    format!("'{{'{}'}}'", fields.collect::<Vec<_>>().join("','"))
}

/// Whether an expression is `null` itself: what is compared with it is only asked whether it is there.
fn is_null(expr: &Expr) -> bool {
    if let ExprKind::Widen(of) = &expr.kind {
        return is_null(of);
    }
    matches!(&expr.kind, ExprKind::Const(json) if json.is_null())
}

pub(super) fn compare_command(ty: &Type) -> &'static str {
    if matches!(ty, Type::Int { .. }) {
        "int_compare"
    } else if matches!(ty, Type::Float { .. }) {
        "float_compare"
    } else if matches!(ty, Type::Duration) {
        "duration_compare"
    } else {
        "text_compare"
    }
}

/// The variable of the caller that holds a secret.
pub(super) fn secret_variable(name: &str, key: &str) -> String {
    let word = |text: &str| {
        text.chars()
            .map(
                |character| {
                    if character.is_ascii_alphanumeric() { character.to_ascii_uppercase() } else { '_' }
                },
            )
            .collect::<String>()
    };
    format!("PIPEC_SECRET_{}_{}", word(name), word(key))
}

/// Of a URI that means no path on this machine.
fn unreadable(uri: &str) -> Refusal {
    if uri.starts_with("file://") {
        Refusal::new(format!("{uri} names no file of this machine")).help(
            "write an absolute path after file://, in which % and two hexadecimal digits stand for a byte",
        )
    } else {
        Refusal::new(format!("a script can't read {uri}: it knows only files on its machine"))
            .help("give a path or a file:// URI, or make the artifact an input")
    }
}
