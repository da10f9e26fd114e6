//! Expressions: the flat lists of operands and operators that the grammar gives become trees here.

use pest::pratt_parser::{Assoc, Op, PrattParser};
use std::sync::LazyLock;

use super::names::Case;
use super::{Builder, MAX_DEPTH};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Argument, BinaryOp, Call, Entry, Expr, ExprKind, KeyKind, Name, UnaryOp};
use crate::syntax::errors;
use crate::syntax::grammar::{Pair, Rule};

/// From the loosest to the tightest.
static PRECEDENCE: LazyLock<PrattParser<Rule>> = LazyLock::new(|| {
    PrattParser::new()
        .op(Op::infix(Rule::or, Assoc::Left))
        .op(Op::infix(Rule::and, Assoc::Left))
        .op(Op::prefix(Rule::not))
        .op(Op::infix(Rule::comparison, Assoc::Left))
        .op(Op::infix(Rule::sum, Assoc::Left))
        .op(Op::infix(Rule::product, Assoc::Left))
        .op(Op::prefix(Rule::negate))
        .op(Op::infix(Rule::coalesce, Assoc::Right))
        .op(Op::prefix(Rule::try_))
        .op(Op::postfix(Rule::field_access)
            | Op::postfix(Rule::optional_field)
            | Op::postfix(Rule::index)
            | Op::postfix(Rule::call)
            | Op::postfix(Rule::with)
            | Op::postfix(Rule::after))
});

impl<'t> Builder<'t> {
    pub(super) fn expression(&self, pair: Pair<'t>) -> Expr {
        let span = self.span(&pair);
        let mut inner = pair.into_inner();
        if inner.len() == 1
            && let Some(only) = inner.next()
        {
            return self.operand(only);
        }
        self.operators(inner.collect(), span)
    }

    /// An expression of several operands and operators.
    pub(super) fn operators(&self, parts: Vec<Pair<'t>>, span: Span) -> Expr {
        let before = self.depth.get();
        let depth = before + height(&parts);
        if depth > MAX_DEPTH {
            self.say(errors::too_many_operators(span, MAX_DEPTH));
            return Expr { kind: ExprKind::Error, span };
        }
        self.depth.set(depth);
        let tree = if is_one_operand(&parts) { self.suffixed(parts) } else { self.by_precedence(parts) };
        self.depth.set(before);
        tree
    }

    fn by_precedence(&self, parts: Vec<Pair<'t>>) -> Expr {
        PRECEDENCE
            .map_primary(|pair| self.operand(pair))
            .map_prefix(|operator, operand| self.prefix(&operator, operand))
            .map_postfix(|of, suffix| self.suffix(of, suffix))
            .map_infix(|left, operator, right| self.infix(left, &operator, right))
            .parse(parts.into_iter())
    }

    /// An operand and what follows it, from the left.
    fn suffixed(&self, parts: Vec<Pair<'t>>) -> Expr {
        let mut parts = parts.into_iter();
        let operand = parts.next().expect("an expression has an operand");
        parts.fold(self.operand(operand), |of, suffix| self.suffix(of, suffix))
    }

    fn prefix(&self, operator: &Pair<'t>, operand: Expr) -> Expr {
        let operator_span = self.span(operator);
        let span = operator_span.to(operand.span);
        let op = match operator.as_rule() {
            Rule::try_ => {
                if let Some(call) = call_under_fields(&operand) {
                    self.say(errors::field_of_try(operator_span.to(call), operand.span));
                    return Expr { kind: ExprKind::Error, span };
                }
                return Expr { kind: ExprKind::Try(Box::new(operand)), span };
            }
            Rule::negate => UnaryOp::Negate,
            _ => {
                if operator.as_str() == "!" {
                    self.say(errors::bang_for_not(operator_span, self.apart(operator_span, "not")));
                }
                UnaryOp::Not
            }
        };
        let op = Spanned::new(op, operator_span);
        Expr { kind: ExprKind::Unary { op, operand: Box::new(operand) }, span }
    }

    fn infix(&self, left: Expr, operator: &Pair<'t>, right: Expr) -> Expr {
        let text = operator.as_str().trim_end_matches([' ', '\n']);
        let start = self.span(operator).start;
        let operator_span = self.range(start as usize..start as usize + text.len());
        let op = match text {
            "or" | "||" => BinaryOp::Or,
            "and" | "&&" => BinaryOp::And,
            "==" => BinaryOp::Equal,
            "!=" => BinaryOp::NotEqual,
            "<" => BinaryOp::Less,
            "<=" => BinaryOp::LessOrEqual,
            ">" => BinaryOp::Greater,
            ">=" => BinaryOp::GreaterOrEqual,
            "+" => BinaryOp::Add,
            "-" => BinaryOp::Subtract,
            "*" => BinaryOp::Multiply,
            "/" => BinaryOp::Divide,
            "div" => BinaryOp::Div,
            "mod" | "%" => BinaryOp::Mod,
            "??" => BinaryOp::Coalesce,
            other => panic!("`{other}` is no operator of the grammar"),
        };
        let word = match text {
            "||" => Some("or"),
            "&&" => Some("and"),
            "%" => Some("mod"),
            _ => None,
        };
        if let Some(word) = word {
            let right = self.apart(operator_span, word);
            self.say(errors::sign_for_word(operator_span, text, word, right));
        }
        let span = left.span.to(right.span);
        if is_comparison(op)
            && let ExprKind::Binary { op: first, right: middle, .. } = &left.kind
            && is_comparison(first.value)
        {
            self.say(self.chain(&left, first, middle, &Spanned::new(op, operator_span), &right));
            return Expr { kind: ExprKind::Error, span };
        }
        let op = Spanned::new(op, operator_span);
        Expr { kind: ExprKind::Binary { op, left: Box::new(left), right: Box::new(right) }, span }
    }

    pub(super) fn text_of(&self, span: Span) -> &'t str {
        &self.text[span.start as usize..span.end as usize]
    }

    fn suffix(&self, of: Expr, suffix: Pair<'t>) -> Expr {
        let suffix_span = self.span(&suffix);
        let span = of.span.to(suffix_span);
        if matches!(of.kind, ExprKind::After { .. }) && suffix.as_rule() == Rule::field_access {
            self.say(errors::field_of_after(suffix_span));
            return of;
        }
        if let ExprKind::After { names, .. } = &of.kind
            && let [name] = &names[..]
            && suffix.as_rule() == Rule::call
        {
            self.say(errors::call_behind_after(suffix_span, &name.value));
            return Expr { kind: ExprKind::Error, span };
        }
        let of = Box::new(of);
        let kind = match suffix.as_rule() {
            Rule::field_access => ExprKind::Field { of, name: self.only_word(suffix) },
            Rule::optional_field => ExprKind::OptionalField { of, name: self.only_word(suffix) },
            Rule::index => {
                let index = suffix.into_inner().next().expect("an index holds an expression");
                ExprKind::Index { of, index: Box::new(self.expression(index)) }
            }
            Rule::call => {
                let (arguments, arguments_span) = self.arguments(suffix);
                ExprKind::Call(Box::new(Call { callee: *of, arguments, arguments_span }))
            }
            Rule::with => ExprKind::With { of, settings: self.settings(suffix), span: suffix_span },
            Rule::after => ExprKind::After { of, names: self.after_names(suffix) },
            rule => panic!("no operand is followed by {rule:?}"),
        };
        Expr { kind, span }
    }

    fn only_word(&self, pair: Pair<'t>) -> Name {
        self.name(&pair.into_inner().next().expect("a field access has a name"))
    }

    pub(super) fn after_names(&self, pair: Pair<'t>) -> Vec<Name> {
        let mut names = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::missing_comma => self.missing_comma(&part),
                _ => names.push(self.name(&part)),
            }
        }
        names
    }

    pub(super) fn arguments(&self, pair: Pair<'t>) -> (Vec<Argument>, Span) {
        let span = self.span(&pair);
        let mut parts = pair.into_inner();
        let mut arguments: Vec<Argument> = Vec::with_capacity(parts.len());
        while let Some(part) = parts.next() {
            if part.as_rule() != Rule::missing_comma {
                arguments.push(self.argument(part));
                continue;
            }
            match (arguments.last_mut(), parts.peek()) {
                (Some(before), Some(next))
                    if is_type_name(&before.value) && next.as_str().starts_with('{') =>
                {
                    self.say(errors::habits::record_name(before.value.span, self.span(&next)));
                    parts.next();
                    before.value = Expr { kind: ExprKind::Error, span: before.value.span };
                }
                _ => self.missing_comma(&part),
            }
        }
        (arguments, span)
    }

    fn argument(&self, pair: Pair<'t>) -> Argument {
        let span = self.span(&pair);
        if pair.as_rule() != Rule::named_argument {
            return Argument { name: None, value: self.expression(pair), span };
        }
        let mut name = None;
        let mut value = Expr { kind: ExprKind::Error, span };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::word => name = Some(self.name(&part)),
                Rule::colon if part.as_str() == "=" => {
                    self.say(errors::equals_in_call(self.span(&part), name.as_ref()));
                }
                Rule::colon => {}
                _ => value = self.expression(part),
            }
        }
        Argument { name, value, span }
    }

    /// The entries of `{ … }`.
    pub(super) fn entries(&self, pair: Pair<'t>) -> Vec<Entry> {
        let parts = pair.into_inner();
        let mut entries = Vec::with_capacity(parts.len());
        for part in parts {
            match part.as_rule() {
                Rule::missing_comma => self.missing_comma(&part),
                _ => entries.extend(self.entry(part)),
            }
        }
        entries
    }

    fn entry(&self, pair: Pair<'t>) -> Option<Entry> {
        let span = self.span(&pair);
        let mut key = None;
        let mut value = Expr { kind: ExprKind::Error, span };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::word => key = Some((self.name(&part), KeyKind::Word)),
                Rule::string => key = Some((self.plain_string(part)?, KeyKind::String)),
                Rule::colon => self.colon(&part),
                _ => value = self.expression(part),
            }
        }
        let (key, key_kind) = key?;
        Some(Entry { key, key_kind, value, span })
    }

    pub(super) fn operand(&self, pair: Pair<'t>) -> Expr {
        let span = self.span(&pair);
        let kind = match pair.as_rule() {
            Rule::name => match pair.as_str() {
                "true" => ExprKind::Bool(true),
                "false" => ExprKind::Bool(false),
                "null" => ExprKind::Null,
                word => {
                    if is_keyword_only(word) {
                        self.reserved_word(&self.name(&pair));
                        ExprKind::Error
                    } else {
                        ExprKind::Name(word.to_owned())
                    }
                }
            },
            Rule::number => self.number(&pair),
            Rule::string => ExprKind::String(self.string(pair)),
            Rule::single_quoted => self.single_quoted(&pair),
            Rule::broken_string => ExprKind::Error,
            Rule::raw => return self.raw_expression(&pair),
            rule => return self.nested(rule, pair, span),
        };
        Expr { kind, span }
    }

    /// What holds expressions of its own.
    fn nested(&self, rule: Rule, pair: Pair<'t>, span: Span) -> Expr {
        let before = self.depth.get();
        if before >= MAX_DEPTH {
            self.say(errors::too_many_operators(span, MAX_DEPTH));
            return Expr { kind: ExprKind::Error, span };
        }
        self.depth.set(before + 1);
        let kind = match rule {
            Rule::list => ExprKind::List(self.list(pair)),
            Rule::braces => ExprKind::Braces(self.entries(pair)),
            Rule::parentheses => {
                let inner = pair.into_inner().next().expect("parentheses hold an expression");
                ExprKind::Parentheses(Box::new(self.expression(inner)))
            }
            Rule::if_ => self.if_(pair),
            Rule::match_ => ExprKind::Match(Box::new(self.match_(pair))),
            Rule::for_ => self.for_(pair),
            Rule::repeat => self.repeat(pair),
            rule => panic!("{rule:?} is no operand"),
        };
        self.depth.set(before);
        // What follows an `until` may have been taken for a part of it.
        Expr { kind, span }
    }

    fn list(&self, pair: Pair<'t>) -> Vec<Expr> {
        let mut items = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::missing_comma => self.missing_comma(&part),
                _ => items.push(self.expression(part)),
            }
        }
        items
    }

    pub(super) fn lower_name(&self, pair: &Pair<'t>) -> Name {
        self.declared(pair, Case::Lower)
    }
}

/// The place of the call in `f(x).field`, whatever follows it: `try` covers a call only.
fn call_under_fields(operand: &Expr) -> Option<Span> {
    let mut expression = operand;
    let mut has_fields = false;
    loop {
        match &expression.kind {
            ExprKind::Field { of, .. } | ExprKind::OptionalField { of, .. } | ExprKind::Index { of, .. } => {
                has_fields = true;
                expression = of;
            }
            ExprKind::Call(_) => return has_fields.then_some(expression.span),
            ExprKind::After { of, .. } | ExprKind::With { of, .. } if !has_fields => expression = of,
            _ => return None,
        }
    }
}

fn is_comparison(op: BinaryOp) -> bool {
    matches!(
        op,
        BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::Less
            | BinaryOp::LessOrEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterOrEqual
    )
}

/// Reserved words that are no expression. `run`, `approve` and `sleep` are looked up as names.
fn is_keyword_only(word: &str) -> bool {
    crate::syntax::words::is_reserved(word) && !matches!(word, "run" | "approve" | "sleep")
}

/// `Params`, as before the braces of `Params { depth: 3 }`.
fn is_type_name(value: &Expr) -> bool {
    matches!(&value.kind, ExprKind::Name(name) if name.starts_with(|first: char| first.is_ascii_uppercase()))
}

/// Whether no operator asks for precedence, as in most expressions: `name`, `f(x).field`, `f(x) with { … }`.
fn is_one_operand(parts: &[Pair<'_>]) -> bool {
    let is_prefix = |rule| matches!(rule, Rule::not | Rule::negate | Rule::try_);
    !parts.iter().map(Pair::as_rule).any(|rule| is_infix(rule) || is_prefix(rule))
}

fn is_infix(rule: Rule) -> bool {
    matches!(rule, Rule::or | Rule::and | Rule::comparison | Rule::sum | Rule::product | Rule::coalesce)
}

/// How deep the tree of a flat list can be at most.
fn height(parts: &[Pair<'_>]) -> usize {
    let mut infixes = 0;
    let mut unary = 0;
    let mut most_unary = 0;
    for part in parts {
        if is_infix(part.as_rule()) {
            infixes += 1;
            unary = 0;
        } else {
            unary += 1;
            most_unary = most_unary.max(unary);
        }
    }
    infixes + most_unary
}
