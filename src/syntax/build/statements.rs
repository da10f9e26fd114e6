//! Blocks and what stands in them.

use pest::iterators::Pairs;

use super::Builder;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Block, Expr, ExprKind, Name, Statement, StatementKind};
use crate::syntax::errors;
use crate::syntax::grammar::{Pair, Rule};
use crate::syntax::words;

impl<'t> Builder<'t> {
    pub(super) fn block(&self, pair: Pair<'t>) -> Block {
        let span = self.trimmed(&pair);
        let mut statements = Vec::new();
        self.statements(pair.into_inner(), &mut statements);
        self.finished_block(statements, span)
    }

    pub(super) fn statements(&self, parts: Pairs<'t, Rule>, statements: &mut Vec<Statement>) {
        let mut mark = self.mark();
        for part in parts {
            match part.as_rule() {
                Rule::opening | Rule::EOI => {}
                Rule::brace_on_next_line => self.brace_on_next_line(&part),
                Rule::junk => self.junk_behind(&part, statements.last_mut(), mark),
                _ => {
                    mark = self.mark();
                    statements.push(self.statement(part));
                }
            }
        }
    }

    /// What commas between statements tell, once all of them are read.
    pub(super) fn finished_block(&self, mut statements: Vec<Statement>, span: Span) -> Block {
        self.values_behind_return(&mut statements);
        self.names_behind_after(&mut statements);
        self.names_before_binding(&mut statements);
        Block { statements, span }
    }

    /// Junk behind a statement: what the statement says can't be relied on.
    fn junk_behind(&self, junk: &Pair<'t>, statement: Option<&mut Statement>, mark: usize) {
        let statement = statement.expect("junk stands behind a statement");
        statement.span = statement.span.to(self.span(junk));
        // A setting, which has had its message.
        if statement.kind == StatementKind::Error {
            return;
        }
        self.nonsense_since(mark, statement.span, Rule::strict_statement);
        let error = Expr { kind: ExprKind::Error, span: statement.span };
        match &mut statement.kind {
            StatementKind::Bind { value, .. } => *value = error,
            StatementKind::Return(value) => *value = Some(error),
            StatementKind::On { .. } | StatementKind::Error => {}
            // `x f(y)`: most likely a binding without its sign.
            StatementKind::Expr(Expr { kind: ExprKind::Name(name), span }) if !begins_with_operator(junk) => {
                let name = Spanned::new(std::mem::take(name), *span);
                statement.kind = StatementKind::Bind { name, ty: None, value: error };
            }
            StatementKind::Expr(_) => statement.kind = StatementKind::Error,
        }
    }

    /// `x = f() after a, b`: `b` looks like a statement of its own.
    fn names_behind_after(&self, statements: &mut Vec<Statement>) {
        let mut index = 1;
        while index < statements.len() {
            let (before, rest) = statements.split_at_mut(index);
            let first = &mut before[index - 1];
            if let Some(name) = only_after_name(first) {
                let extra = rest.iter().take_while(|statement| is_bare_name(statement)).count();
                if extra > 0
                    && let Some(last) = self.joined_by_commas(first, &rest[..extra])
                {
                    self.say(errors::after_without_brackets(name, last));
                    wait_also_for(first, &rest[..extra]);
                    statements.drain(index..index + extra);
                }
            }
            index += 1;
        }
    }

    /// `return a, b`: `b` looks like a statement of its own.
    fn values_behind_return(&self, statements: &mut Vec<Statement>) {
        let is_return = |statement: &Statement| matches!(&statement.kind, StatementKind::Return(Some(_)));
        let Some(index) = statements.iter().position(is_return) else { return };
        let (StatementKind::Return(Some(value)), rest) = (&statements[index].kind, &statements[index + 1..])
        else {
            return;
        };
        let mut values = vec![value.span];
        for statement in rest {
            let end = values[values.len() - 1].end;
            let is_value = matches!(statement.kind, StatementKind::Expr(_));
            if !is_value || !self.is_one_comma(end, statement.span.start) {
                break;
            }
            values.push(statement.span);
        }
        if values.len() == 1 {
            return;
        }
        let texts: Vec<&str> = values.iter().map(|span| self.text_of(*span)).collect();
        let span = values[0].to(values[values.len() - 1]);
        self.say(errors::several_values_returned(span, &texts));
        statements[index].kind = StatementKind::Return(Some(Expr { kind: ExprKind::Error, span }));
        statements.drain(index + 1..index + values.len());
    }

    /// `a, b = f()`: `a` looks like a statement of its own.
    fn names_before_binding(&self, statements: &mut [Statement]) {
        for last in 0..statements.len() {
            let StatementKind::Bind { name, .. } = &statements[last].kind else { continue };
            let end = name.span;
            let mut first = last;
            while first > 0
                && is_bare_name(&statements[first - 1])
                && self.is_one_comma(statements[first - 1].span.end, statements[first].span.start)
            {
                first -= 1;
            }
            if first < last {
                let start = statements[first].span;
                self.say(errors::several_names_bound(start.to(end), self.text_of(start)));
                statements[first..=last].iter_mut().for_each(bind_nothing);
            }
        }
    }

    /// Whether a comma, on one line, is all that stands between.
    fn is_one_comma(&self, start: u32, end: u32) -> bool {
        let between = &self.text[start as usize..end as usize];
        between.trim_matches(' ') == ","
    }

    /// The place of the last of some names that follow a statement on its line, with commas between.
    fn joined_by_commas(&self, first: &Statement, names: &[Statement]) -> Option<Span> {
        let mut end = first.span;
        for name in names {
            if !self.is_one_comma(end.end, name.span.start) {
                return None;
            }
            end = name.span;
        }
        Some(end)
    }

    /// The place of braces that the grammar begins at the blanks before them.
    pub(super) fn trimmed(&self, pair: &Pair<'t>) -> Span {
        let range = self.range_of(pair);
        let text = pair.as_str();
        let blanks = text.len() - text.trim_start_matches([' ', '\n']).len();
        self.range(range.start + blanks..range.end)
    }

    fn statement(&self, pair: Pair<'t>) -> Statement {
        let span = self.span(&pair);
        let kind = match pair.as_rule() {
            Rule::bind => self.bind(pair),
            Rule::foreign_bind => self.foreign_bind(pair),
            Rule::colon_bind => self.colon_bind(pair),
            Rule::expression_statement => StatementKind::Expr(self.only_expression(pair)),
            Rule::return_ => {
                StatementKind::Return(pair.into_inner().next().map(|value| self.expression(value)))
            }
            Rule::on => self.on(pair),
            _ => self.bad_statement(&pair),
        };
        if !self.is_silent(span) {
            return Statement { kind, span };
        }
        let kind = match without_value(kind) {
            StatementKind::Error => self.bound_to_nothing(span),
            kind => kind,
        };
        Statement { kind, span }
    }

    pub(super) fn only_expression(&self, pair: Pair<'t>) -> Expr {
        self.expression(pair.into_inner().next().expect("an expression stands here"))
    }

    fn bind(&self, pair: Pair<'t>) -> StatementKind {
        let span = self.span(&pair);
        let mut name = Spanned::new(String::new(), span);
        let mut ty = None;
        let mut value = Expr { kind: ExprKind::Error, span };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::word => name = self.lower_name(&part),
                Rule::type_ => ty = Some(Box::new(self.type_(part))),
                Rule::equals => {}
                _ => value = self.expression(part),
            }
        }
        StatementKind::Bind { name, ty, value }
    }

    /// `let x = …`, `int x = …`
    fn foreign_bind(&self, pair: Pair<'t>) -> StatementKind {
        let mut inner = pair.into_inner();
        let word = inner.next().expect("a word stands before the binding");
        let bind = inner.next().expect("a binding follows the word");
        let extra = self.range(self.range_of(&word).start..self.range_of(&bind).start);
        let word = self.name(&word);
        let kind = self.bind(bind);
        self.say(match &kind {
            StatementKind::Bind { name, ty: None, .. } if is_type_name(&word.value) => {
                errors::type_before_binding(&word, name, extra)
            }
            _ => errors::word_before_binding(&word, extra),
        });
        kind
    }

    /// `x: f(y)`
    fn colon_bind(&self, pair: Pair<'t>) -> StatementKind {
        let mut inner = pair.into_inner();
        let word = inner.next().expect("a binding has a name");
        let name = self.name(&word);
        let value = self.expression(inner.next().expect("a binding has a value"));
        if words::SETTINGS.contains(&name.value.as_str()) && !matches!(value.kind, ExprKind::Call(_)) {
            self.setting_among_statements(&name);
            return StatementKind::Error;
        }
        let name = self.lower_name(&word);
        let between = name.span.end..value.span.start;
        let sign = self.range(between.start as usize..between.end as usize);
        self.say(errors::colon_for_equals(sign, &name));
        StatementKind::Bind { name, ty: None, value }
    }

    /// Where one of them is `run`, all are those of one task.
    fn setting_among_statements(&self, name: &Name) {
        let mut said = self.misplaced_settings.borrow_mut();
        let is_of_task = said.iter().any(|other| other == "run") || (name.value == "run" && !said.is_empty());
        said.push(name.value.clone());
        if !is_of_task {
            self.say(errors::setting_among_statements(name));
        }
    }

    fn on(&self, pair: Pair<'t>) -> StatementKind {
        let mut inner = pair.into_inner();
        let event = self.name(&inner.next().expect("`on` has an event"));
        let body = self.block(inner.next().expect("`on` has a block"));
        StatementKind::On { event, body }
    }

    fn bad_statement(&self, pair: &Pair<'t>) -> StatementKind {
        let span = self.span(pair);
        self.nonsense(span, Rule::strict_statement);
        self.bound_to_nothing(span)
    }

    /// Keeps the name that the text would bind, so that its uses are known.
    fn bound_to_nothing(&self, span: Span) -> StatementKind {
        let text = &self.text[span.start as usize..];
        let Some(name) = self.word_at(span.start) else { return StatementKind::Error };
        let rest = text[name.value.len()..].trim_start_matches(' ');
        let binds = match rest.strip_prefix(':') {
            Some(ty) => ty.find(['=', '\n', '{']).is_some_and(|found| ty[found..].starts_with('=')),
            None => rest.starts_with('=') && !rest.starts_with("=="),
        };
        if !binds {
            return StatementKind::Error;
        }
        StatementKind::Bind { name, ty: None, value: Expr { kind: ExprKind::Error, span } }
    }
}

/// `int`, `Params`
fn is_type_name(word: &str) -> bool {
    const VALUES: [&str; 9] =
        ["bool", "int", "float", "string", "duration", "quantity", "json", "file", "dir"];
    VALUES.contains(&word) || word.starts_with(|first: char| first.is_ascii_uppercase())
}

/// `+= 1`
fn begins_with_operator(junk: &Pair<'_>) -> bool {
    junk.as_str().starts_with(['+', '-', '*', '/', '%', '|', '&', '<', '>', '?'])
}

/// What is left of a statement that can't be relied on: the name that it binds.
fn without_value(kind: StatementKind) -> StatementKind {
    match kind {
        StatementKind::Bind { name, ty, value } => {
            StatementKind::Bind { name, ty, value: Expr { kind: ExprKind::Error, span: value.span } }
        }
        StatementKind::Return(Some(value)) => {
            StatementKind::Return(Some(Expr { kind: ExprKind::Error, span: value.span }))
        }
        StatementKind::Return(None) => StatementKind::Return(None),
        StatementKind::Expr(_) | StatementKind::On { .. } | StatementKind::Error => StatementKind::Error,
    }
}

/// Keeps the name, of whose value nothing is known.
fn bind_nothing(statement: &mut Statement) {
    if let StatementKind::Expr(Expr { kind: ExprKind::Name(name), span }) = &mut statement.kind {
        let name = Spanned::new(std::mem::take(name), *span);
        let value = Expr { kind: ExprKind::Error, span: statement.span };
        statement.kind = StatementKind::Bind { name, ty: None, value };
    } else {
        let kind = std::mem::replace(&mut statement.kind, StatementKind::Error);
        statement.kind = without_value(kind);
    }
}

fn is_bare_name(statement: &Statement) -> bool {
    matches!(&statement.kind, StatementKind::Expr(Expr { kind: ExprKind::Name(_), .. }))
}

/// Adds names to the `after` that a statement ends with.
fn wait_also_for(statement: &mut Statement, more: &[Statement]) {
    let (StatementKind::Bind { value, .. } | StatementKind::Expr(value)) = &mut statement.kind else {
        return;
    };
    let ExprKind::After { names, .. } = &mut value.kind else { return };
    names.extend(more.iter().filter_map(|statement| {
        let StatementKind::Expr(Expr { kind: ExprKind::Name(name), span }) = &statement.kind else {
            return None;
        };
        Some(Spanned::new(name.clone(), *span))
    }));
}

/// The name behind the `after` that a statement ends with, if it is one name without brackets.
fn only_after_name(statement: &Statement) -> Option<Span> {
    let value = match &statement.kind {
        StatementKind::Bind { value, .. } | StatementKind::Expr(value) => value,
        StatementKind::Return(_) | StatementKind::On { .. } | StatementKind::Error => return None,
    };
    match &value.kind {
        ExprKind::After { names, .. } if names.len() == 1 && names[0].span.end == value.span.end => {
            Some(names[0].span)
        }
        _ => None,
    }
}
