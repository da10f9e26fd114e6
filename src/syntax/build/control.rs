//! `if`, `match`, `for`, `repeat`.

use super::{Builder, MAX_DEPTH};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{
    Arm, ArmBody, Block, Else, Expr, ExprKind, For, ForSource, If, Match, Name, Pattern, PatternField,
    PatternKind, Repeat,
};
use crate::syntax::errors;
use crate::syntax::grammar::{Pair, Rule};

impl<'t> Builder<'t> {
    pub(super) fn if_(&self, pair: Pair<'t>) -> ExprKind {
        let span = self.span(&pair);
        let mut inner = pair.into_inner();
        let condition = self.expression(inner.next().expect("`if` has a condition"));
        let then = self.value_block(inner.next().expect("`if` has a block"));
        let rest: Vec<Pair<'t>> = inner.collect();
        let before = self.depth.get();
        if before + rest.len() > MAX_DEPTH {
            self.say(errors::too_many_operators(span, MAX_DEPTH));
            return ExprKind::Error;
        }
        self.depth.set(before + rest.len());
        let otherwise = self.otherwise(rest);
        self.depth.set(before);
        ExprKind::If(Box::new(If { condition, then, otherwise }))
    }

    /// A chain of `else if`, from its end.
    fn otherwise(&self, parts: Vec<Pair<'t>>) -> Option<Else> {
        let mut branches = Vec::new();
        for part in parts {
            let span = self.span(&part);
            let is_elif = part.as_str().starts_with("elif");
            if is_elif {
                self.say(errors::elif(self.range(span.start as usize..span.start as usize + 4)));
            }
            let mut inner: Vec<Pair<'t>> = part.into_inner().collect();
            let block = self.value_block(inner.pop().expect("`else` has a block"));
            let condition = inner.pop().map(|condition| self.expression(condition));
            let start = span.start + if is_elif { 0 } else { 5 };
            branches.push((condition, block, Span { start, ..span }));
        }
        let mut otherwise = None;
        for (condition, block, span) in branches.into_iter().rev() {
            otherwise = Some(match condition {
                None => Else::Block(block),
                Some(condition) => {
                    let end = match &otherwise {
                        Some(Else::Block(block)) => block.span,
                        Some(Else::If(next)) => next.span,
                        None => span,
                    };
                    let kind = ExprKind::If(Box::new(If { condition, then: block, otherwise }));
                    Else::If(Expr { kind, span: span.to(end) })
                }
            });
        }
        otherwise
    }

    pub(super) fn match_(&self, pair: Pair<'t>) -> Match {
        let mut inner = pair.into_inner();
        let subject = self.expression(inner.next().expect("`match` has a subject"));
        let arms = inner.next().expect("`match` has arms");
        let arms_span = self.trimmed(&arms);
        let mut tree = Match { subject, arms: Vec::new(), next_arm: None };
        for part in arms.into_inner() {
            match part.as_rule() {
                Rule::brace_on_next_line => self.brace_on_next_line(&part),
                Rule::opening => {}
                Rule::junk => {
                    let arm = tree.arms.last_mut().expect("junk stands behind an arm");
                    arm.span = arm.span.to(self.span(&part));
                    self.nonsense(arm.span, Rule::strict_arm);
                    arm.body = ArmBody::Expr(Expr { kind: ExprKind::Error, span: arm.span });
                }
                Rule::bad_arm => {
                    let span = self.span(&part);
                    self.nonsense(span, Rule::strict_arm);
                    let pattern = Pattern { kind: PatternKind::Error, span };
                    let body = ArmBody::Expr(Expr { kind: ExprKind::Error, span });
                    tree.arms.push(Arm { pattern, body, span });
                }
                _ => tree.arms.push(self.arm(part)),
            }
        }
        tree.next_arm = self.next_arm(arms_span, &tree.arms);
        tree
    }

    fn arm(&self, pair: Pair<'t>) -> Arm {
        let span = self.span(&pair);
        let mut inner = pair.into_inner();
        let pattern = self.pattern(inner.next().expect("an arm has a pattern"));
        let arrow = inner.next().expect("an arm has an arrow");
        if arrow.as_str() != "=>" {
            self.say(errors::wrong_arrow(self.span(&arrow), arrow.as_str()));
        }
        let body = inner.next().expect("an arm has a body");
        let body = match body.as_rule() {
            Rule::arm_block => ArmBody::Block(self.value_block(body)),
            _ => ArmBody::Expr(self.expression(body)),
        };
        Arm { pattern, body, span }
    }

    fn pattern(&self, pair: Pair<'t>) -> Pattern {
        let span = self.span(&pair);
        let mut words: Vec<Name> = Vec::new();
        let mut fields = Vec::new();
        let mut has_fields = false;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::word => words.push(self.name(&part)),
                Rule::literal_pattern => {
                    let text = part.as_str().trim_matches('"').to_owned();
                    return Pattern { kind: PatternKind::Literal(text), span };
                }
                _ => {
                    has_fields = true;
                    fields = self.pattern_fields(part);
                }
            }
        }
        let kind = match words.as_slice() {
            [word] if !has_fields => match word.value.as_str() {
                "true" => PatternKind::Bool(true),
                "false" => PatternKind::Bool(false),
                "null" => PatternKind::Null,
                word => PatternKind::Bare(word.to_owned()),
            },
            [enumeration, variant] => PatternKind::Variant {
                module: None,
                enumeration: enumeration.clone(),
                variant: variant.clone(),
                fields,
            },
            [module, enumeration, variant] => PatternKind::Variant {
                module: Some(module.clone()),
                enumeration: enumeration.clone(),
                variant: variant.clone(),
                fields,
            },
            _ => {
                self.say(errors::no_pattern(span));
                PatternKind::Error
            }
        };
        Pattern { kind, span }
    }

    fn pattern_fields(&self, pair: Pair<'t>) -> Vec<PatternField> {
        let mut fields = Vec::new();
        for part in pair.into_inner() {
            if part.as_rule() == Rule::missing_comma {
                self.missing_comma(&part);
                continue;
            }
            let mut words = Vec::new();
            for part in part.into_inner() {
                match part.as_rule() {
                    Rule::colon => self.colon(&part),
                    _ => words.push(part),
                }
            }
            let field = self.name(&words[0]);
            let binding = self.lower_name(words.last().expect("a pattern's field has a name"));
            fields.push(PatternField { field, binding });
        }
        fields
    }

    pub(super) fn for_(&self, pair: Pair<'t>) -> ExprKind {
        let span = self.span(&pair);
        let mut sources: Vec<(Vec<Name>, Expr)> = Vec::new();
        let mut limit = None;
        let mut body = Block { statements: Vec::new(), span };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::for_source => sources.push(self.for_source(part)),
                Rule::limit => limit = Some(self.only_expression(part)),
                _ => body = self.value_block(part),
            }
        }
        let source = if sources.len() == 1 {
            let (names, list) = sources.remove(0);
            self.single_source(names, list)
        } else {
            self.product(sources)
        };
        match source {
            Some(source) => ExprKind::For(Box::new(For { source, limit, body })),
            None => ExprKind::Error,
        }
    }

    fn for_source(&self, pair: Pair<'t>) -> (Vec<Name>, Expr) {
        let span = self.span(&pair);
        let mut names = Vec::new();
        let mut list = Expr { kind: ExprKind::Error, span };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::word => names.push(self.lower_name(&part)),
                Rule::in_ => {}
                _ => list = self.expression(part),
            }
        }
        (names, list)
    }

    /// `for x in xs`, `for i, x in xs`, `for a, b in zip(as, bs)`
    fn single_source(&self, mut names: Vec<Name>, list: Expr) -> Option<ForSource> {
        if let ExprKind::Call(call) = &list.kind
            && call.callee.kind == ExprKind::Name("zip".to_owned())
        {
            if let [item] = &names[..] {
                self.say(errors::one_name_for_zip(item, list.span));
                let list = Expr { kind: ExprKind::Error, span: list.span };
                return names.pop().map(|item| ForSource::Item { item, list });
            }
            if let Some(named) = call.arguments.iter().find_map(|argument| argument.name.as_ref()) {
                self.say(errors::named_zip_list(named));
            }
            let lists = call.arguments.iter().map(|argument| argument.value.clone()).collect();
            return Some(ForSource::Zip { items: names, lists, span: list.span });
        }
        let last = names.pop()?;
        match (names.pop(), names.is_empty()) {
            (None, _) => Some(ForSource::Item { item: last, list }),
            (Some(index), true) => Some(ForSource::Indexed { index, item: last, list }),
            (Some(_), false) => {
                self.say(errors::too_many_loop_names(last.span));
                None
            }
        }
    }

    /// `for a in as, b in bs`
    fn product(&self, sources: Vec<(Vec<Name>, Expr)>) -> Option<ForSource> {
        let mut pairs = Vec::with_capacity(sources.len());
        for (mut names, list) in sources {
            let name = names.pop()?;
            if let Some(first) = names.first() {
                self.say(errors::names_in_product(first.span.to(name.span)));
                return None;
            }
            pairs.push((name, list));
        }
        Some(ForSource::Product(pairs))
    }

    pub(super) fn repeat(&self, pair: Pair<'t>) -> ExprKind {
        let span = self.span(&pair);
        let nothing = || Expr { kind: ExprKind::Error, span };
        let mut tree = Repeat {
            state: Spanned::new(String::new(), span),
            ty: None,
            first: nothing(),
            limit: nothing(),
            body: Block { statements: Vec::new(), span },
            until: nothing(),
        };
        let mut suffixes = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::word => tree.state = self.lower_name(&part),
                Rule::type_ => tree.ty = Some(self.type_(part)),
                Rule::equals => {}
                Rule::expression => tree.first = self.expression(part),
                Rule::limit => tree.limit = self.only_expression(part),
                Rule::block => tree.body = self.block(part),
                _ => (tree.until, suffixes) = self.until(part),
            }
        }
        let end = tree.until.span;
        let mut kind = ExprKind::Repeat(Box::new(tree));
        let mut whole = Span { end: end.end, ..span };
        for names in suffixes {
            let of = Box::new(Expr { kind, span: whole });
            whole = span;
            kind = ExprKind::After { of, names };
        }
        kind
    }

    /// The condition of a `repeat`. An `after` behind it belongs to the `repeat`.
    fn until(&self, pair: Pair<'t>) -> (Expr, Vec<Vec<Name>>) {
        let expression = pair.into_inner().next().expect("`until` has a condition");
        let start = self.span(&expression);
        let mut parts: Vec<Pair<'t>> = expression.into_inner().collect();
        let mut suffixes = Vec::new();
        while parts.len() > 1
            && let Some(after) = parts.pop_if(|part| part.as_rule() == Rule::after)
        {
            suffixes.push(self.after_names(after));
        }
        suffixes.reverse();
        let end = parts.last().map_or(start, |last| self.span(last));
        let span = Span { end: end.end, ..start };
        let condition = match parts.len() {
            1 => self.operand(parts.remove(0)),
            _ => self.operators(parts, span),
        };
        (condition, suffixes)
    }
}
