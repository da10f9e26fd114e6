//! Calls of the library's functions: one rule each.

use pipec_ir::Function;
use pipec_ir::value::Value;

use super::untold::telling_and_waiting;
use super::{literal, messages, type_of, typed};
use crate::check::context::{Checker, Scope, error_expression};
use crate::check::convert::Expectation;
use crate::check::library::{LibraryFunction, Rule};
use crate::hir::{self, Definition, ExprKind};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::{AnonymousField, Type, meet};

impl Checker<'_> {
    /// A call of a library function; `file`, `dir` and `secret` are constants of their own.
    pub(in crate::check) fn library_call(
        &mut self,
        scope: &mut Scope,
        function: &'static LibraryFunction,
        call: &ast::Call,
        span: Span,
        expected: Option<&Type>,
    ) -> hir::Expr {
        self.refer(call.callee.span, Definition::Function(function.name));
        match function.rule {
            Rule::File | Rule::Dir => return self.constant_artifact(scope, function, call, span, expected),
            Rule::Secret => return self.secret(scope, function, call, span),
            Rule::Zip => {
                self.check_arguments_alone(scope, call);
                self.report(messages::zip_outside_of_for(span));
                return error_expression(span);
            }
            Rule::Len
            | Rule::Range
            | Rule::Enumerate
            | Rule::Min
            | Rule::Max
            | Rule::Sum
            | Rule::Join
            | Rule::Contains
            | Rule::Keys
            | Rule::Values
            | Rule::Get
            | Rule::Compact
            | Rule::Flatten
            | Rule::Concat
            | Rule::ToMap
            | Rule::AddDays
            | Rule::ToString
            | Rule::Abs
            | Rule::Round => {}
        }
        if let Some(named) = call.arguments.iter().find(|argument| argument.name.is_some()) {
            self.check_arguments_alone(scope, call);
            self.report(messages::function_takes_no_names(function, named));
            return error_expression(span);
        }
        let count = call.arguments.len();
        let arity = function.arguments;
        if count < arity.least || arity.most.is_some_and(|most| count > most) {
            self.check_arguments_alone(scope, call);
            self.report(messages::wrong_number_of_arguments(function, count, call.arguments_span));
            return error_expression(span);
        }
        let arguments: Vec<&ast::Expr> = call.arguments.iter().map(|argument| &argument.value).collect();
        let mut application = Application { checker: self, scope, function, span, expected };
        match application.applied(&arguments) {
            Some(value) => self.without_fault(value),
            None => error_expression(span),
        }
    }
}

/// A call of a function that is being typed. Its rules give `None` where a message has been given.
struct Application<'c, 'a, 's, 'e> {
    checker: &'c mut Checker<'a>,
    scope: &'s mut Scope,
    function: &'static LibraryFunction,
    span: Span,
    expected: Option<&'e Type>,
}

impl Application<'_, '_, '_, '_> {
    fn applied(&mut self, arguments: &[&ast::Expr]) -> Option<hir::Expr> {
        match self.function.rule {
            Rule::Len => self.len(arguments[0]),
            Rule::Range => self.range(arguments),
            Rule::Enumerate => self.enumerate(arguments[0]),
            Rule::Min => self.extreme(arguments, Function::MinOf, Function::MinIn),
            Rule::Max => self.extreme(arguments, Function::MaxOf, Function::MaxIn),
            Rule::Sum => self.sum(arguments[0]),
            Rule::Join => self.join(arguments[0], arguments[1]),
            Rule::Contains => self.contains(arguments[0], arguments[1]),
            Rule::Keys => self.keys(arguments[0]),
            Rule::Values => self.values(arguments[0]),
            Rule::Get => self.get(arguments[0], arguments[1]),
            Rule::Compact => self.compact(arguments[0]),
            Rule::Flatten => self.flatten(arguments[0]),
            Rule::Concat => self.concat(arguments),
            Rule::ToMap => self.map_of(arguments[0], arguments[1]),
            Rule::AddDays => self.add_days(arguments[0], arguments[1]),
            Rule::ToString => self.text_of(arguments[0]),
            Rule::Abs => self.abs(arguments[0]),
            Rule::Round => self.round(arguments[0]),
            Rule::Zip | Rule::File | Rule::Dir | Rule::Secret => None,
        }
    }

    /// An argument with its type, of which names are set aside.
    fn argument(&mut self, argument: &ast::Expr, hint: Option<&Type>) -> Option<(hir::Expr, Type)> {
        let value = self.checker.expression(self.scope, argument, hint);
        let value = self.checker.with_value(value, &format!("an argument of `{}`", self.function.name));
        if Checker::is_error(&value) {
            return None;
        }
        let ty = type_of(&value);
        let base = ty.base(&self.checker.program);
        let value = self.checker.without_name(value, &base);
        Some((value, base))
    }

    /// An argument of the type `to`.
    fn argument_of(&mut self, argument: &ast::Expr, to: &Type) -> Option<hir::Expr> {
        let name = self.function.name;
        let why = |_: &Checker| Expectation::new(format!("an argument of `{name}`"));
        let value = self.checker.expression_of(self.scope, argument, to, why);
        (!Checker::is_error(&value)).then_some(value)
    }

    fn list(&mut self, argument: &ast::Expr, hint: Option<&Type>) -> Option<(hir::Expr, Type)> {
        let (value, ty) = self.argument(argument, hint)?;
        if let Type::List(item) = &ty {
            return Some((value, (**item).clone()));
        }
        self.wrong_argument::<()>(&value, "a list");
        None
    }

    fn wrong_argument<T>(&mut self, value: &hir::Expr, needed: &str) -> Option<T> {
        let source = self.checker.source_of(self.scope, value);
        let diagnostic = messages::wrong_argument(self.checker, self.function, value, needed, source);
        self.checker.report(diagnostic);
        None
    }

    fn result(&self, function: Function, arguments: Vec<hir::Expr>, ty: Type) -> Option<hir::Expr> {
        Some(typed(ExprKind::Function { function, arguments }, ty, self.span))
    }

    /// The value as one of type `to`, which its own type always converts to.
    fn as_type(&mut self, value: hir::Expr, to: &Type) -> hir::Expr {
        let name = self.function.name;
        self.checker.fit(self.scope, value, to, |_| Expectation::new(format!("an argument of `{name}`")))
    }

    fn len(&mut self, argument: &ast::Expr) -> Option<hir::Expr> {
        let (value, ty) = self.argument(argument, None)?;
        if matches!(ty, Type::List(_) | Type::Map(_) | Type::String(_)) {
            return self.result(Function::Len, vec![value], Type::INT);
        }
        self.wrong_argument(&value, "a list, a map or a string")
    }

    fn range(&mut self, arguments: &[&ast::Expr]) -> Option<hir::Expr> {
        let first = self.argument_of(arguments[0], &Type::INT);
        let (start, end) = match arguments.get(1) {
            Some(end) => (first, self.argument_of(end, &Type::INT)),
            None => (Some(literal(Value::Int(0), Type::INT, self.span)), first),
        };
        self.result(Function::Range, vec![start?, end?], Type::list(Type::INT))
    }

    fn enumerate(&mut self, argument: &ast::Expr) -> Option<hir::Expr> {
        let (list, item) = self.list(argument, None)?;
        let field =
            |name: &str, ty: Type| AnonymousField { name: name.to_owned(), outside: None, ty, default: None };
        let row = Type::Anonymous([field("index", Type::INT), field("item", item)].into());
        self.result(Function::Enumerate, vec![list], Type::list(row))
    }

    /// `min(a, b)` and `min(xs)`, and `max`.
    fn extreme(&mut self, arguments: &[&ast::Expr], of: Function, within: Function) -> Option<hir::Expr> {
        if let [argument] = arguments {
            let hint = self.expected.map(|ty| Type::list(ty.without_optional().clone()));
            let (list, item) = self.list(argument, hint.as_ref())?;
            if matches!(item, Type::Optional(_)) {
                let diagnostic = messages::compact_first(self.function, &list);
                self.checker.report(diagnostic);
                return None;
            }
            let base = item.base(&self.checker.program);
            if !is_ordered(&base) {
                return self.wrong_argument(&list, "a list of numbers, strings or durations");
            }
            let list = self.as_type(list, &Type::list(base.clone()));
            return self.result(within, vec![list], Type::optional(base));
        }
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            values.push(self.argument(argument, None));
        }
        let values: Vec<(hir::Expr, Type)> = values.into_iter().collect::<Option<_>>()?;
        if let Some((value, _)) = values.iter().find(|(_, base)| !is_ordered(base)) {
            let value = value.clone();
            return self.wrong_argument(&value, "numbers, strings or durations");
        }
        let types: Vec<&Type> = values.iter().map(|(_, base)| base).collect();
        let ty = match meet(&types, &self.checker.program) {
            Ok(ty) => ty,
            Err((first, second)) => {
                let what = format!("arguments of `{}`", self.function.name);
                self.checker.report_not_met(&what, &values[first].0, &values[second].0);
                return None;
            }
        };
        let values = values.into_iter().map(|(value, _)| self.as_type(value, &ty)).collect();
        self.result(of, values, ty)
    }

    fn sum(&mut self, argument: &ast::Expr) -> Option<hir::Expr> {
        let hint = self.expected.map(|ty| Type::list(ty.without_optional().base(&self.checker.program)));
        let (list, item) = self.list(argument, hint.as_ref())?;
        if matches!(item, Type::Optional(_)) {
            let diagnostic = messages::compact_first(self.function, &list);
            self.checker.report(diagnostic);
            return None;
        }
        let base = item.base(&self.checker.program);
        if !matches!(base, Type::Int(_) | Type::Float(_) | Type::Duration) {
            return self.wrong_argument(&list, "a list of numbers or durations");
        }
        let list = self.as_type(list, &Type::list(base.clone()));
        self.result(Function::Sum, vec![list], base)
    }

    fn join(&mut self, texts: &ast::Expr, separator: &ast::Expr) -> Option<hir::Expr> {
        let texts = self.argument_of(texts, &Type::list(Type::STRING));
        let separator = self.argument_of(separator, &Type::STRING);
        self.result(Function::Join, vec![texts?, separator?], Type::STRING)
    }

    fn contains(&mut self, list: &ast::Expr, item: &ast::Expr) -> Option<hir::Expr> {
        let list = self.list(list, None);
        let hint = list.as_ref().map(|(_, item)| item.clone());
        let value = self.checker.expression(self.scope, item, hint.as_ref());
        let value = self.checker.with_value(value, "what `contains` looks for");
        let (list, item) = list?;
        if Checker::is_error(&value) {
            return None;
        }
        if crate::types::kind(&item, &self.checker.program) != crate::types::Kind::Value {
            return self.wrong_argument(&list, "a list of values that can be compared");
        }
        let has_name = matches!(item.without_optional(), Type::Distinct(_));
        let base = if has_name { item } else { unrefined(&item, &self.checker.program) };
        let value_type = type_of(&value);
        let ty = meet(&[&base, &value_type], &self.checker.program).unwrap_or(base);
        let list = self.as_type(list, &Type::list(ty.clone()));
        let value = self.as_type(value, &ty);
        if Checker::is_error(&value) {
            return None;
        }
        self.result(Function::Contains, vec![list, value], Type::Bool)
    }

    fn map(&mut self, argument: &ast::Expr) -> Option<(hir::Expr, Type)> {
        let (value, ty) = self.argument(argument, None)?;
        if let Type::Map(of) = &ty {
            return Some((value, (**of).clone()));
        }
        self.wrong_argument(&value, "a map")
    }

    fn keys(&mut self, argument: &ast::Expr) -> Option<hir::Expr> {
        let (map, _) = self.map(argument)?;
        self.result(Function::Keys, vec![map], Type::list(Type::STRING))
    }

    fn values(&mut self, argument: &ast::Expr) -> Option<hir::Expr> {
        let (map, of) = self.map(argument)?;
        self.result(Function::Values, vec![map], Type::list(of))
    }

    fn get(&mut self, of: &ast::Expr, key: &ast::Expr) -> Option<hir::Expr> {
        let of = self.argument(of, None);
        let Some((value, ty)) = of else {
            self.checker.expression(self.scope, key, None);
            return None;
        };
        let (element, key_type) = if let Type::List(item) = &ty {
            ((**item).clone(), Type::INT)
        } else if let Type::Map(of) = &ty {
            ((**of).clone(), Type::STRING)
        } else {
            self.checker.expression(self.scope, key, None);
            return self.wrong_argument(&value, "a list or a map");
        };
        let key = self.argument_of(key, &key_type)?;
        self.result(Function::Get, vec![value, key], Type::optional(element))
    }

    fn compact(&mut self, argument: &ast::Expr) -> Option<hir::Expr> {
        let hint = self.expected_item().map(|item| Type::list(Type::optional(item)));
        let (list, item) = self.list(argument, hint.as_ref())?;
        let result = Type::list(item.without_optional().clone());
        let list = self.as_type(list, &Type::list(Type::optional(item)));
        self.result(Function::Compact, vec![list], result)
    }

    /// The items' type where a list is expected.
    fn expected_item(&self) -> Option<Type> {
        let expected = self.expected?.without_optional();
        if let Type::List(item) = expected { Some((**item).clone()) } else { None }
    }

    fn flatten(&mut self, argument: &ast::Expr) -> Option<hir::Expr> {
        let hint = self.expected_item().map(|item| Type::list(Type::list(item)));
        let (lists, inner) = self.list(argument, hint.as_ref())?;
        let base = inner.base(&self.checker.program);
        if !matches!(base, Type::List(_)) {
            return self.wrong_argument(&lists, "a list of lists");
        }
        let lists = self.as_type(lists, &Type::list(base.clone()));
        self.result(Function::Flatten, vec![lists], base)
    }

    fn concat(&mut self, arguments: &[&ast::Expr]) -> Option<hir::Expr> {
        let mut hint = self.expected_item().map(Type::list);
        let mut lists = vec![None; arguments.len()];
        let (telling, waiting) = telling_and_waiting(arguments.iter().copied().map(Some));
        for index in telling.into_iter().chain(waiting) {
            lists[index] = self.list(arguments[index], hint.as_ref());
            if hint.is_none() {
                hint = lists[index].as_ref().map(|(_, item)| Type::list(item.clone()));
            }
        }
        let lists: Vec<(hir::Expr, Type)> = lists.into_iter().collect::<Option<_>>()?;
        let values = lists.into_iter().map(|(list, _)| list).collect();
        let (ty, values) = self.checker.items_meet(self.scope, values, "arguments of `concat`")?;
        self.result(Function::Concat, values, ty)
    }

    fn map_of(&mut self, keys: &ast::Expr, values: &ast::Expr) -> Option<hir::Expr> {
        let keys = self.argument_of(keys, &Type::list(Type::STRING));
        let hint = self.expected.and_then(|ty| {
            if let Type::Map(of) = ty.without_optional() { Some(Type::list((**of).clone())) } else { None }
        });
        let (values, item) = self.list(values, hint.as_ref())?;
        self.result(Function::ToMap, vec![keys?, values], Type::map(item))
    }

    fn add_days(&mut self, day: &ast::Expr, days: &ast::Expr) -> Option<hir::Expr> {
        let date = self.checker.day_type();
        let day = self.argument_of(day, &date);
        let days = self.argument_of(days, &Type::INT);
        self.result(Function::AddDays, vec![day?, days?], date)
    }

    fn text_of(&mut self, argument: &ast::Expr) -> Option<hir::Expr> {
        let value = self.checker.expression(self.scope, argument, None);
        let value = self.checker.as_text(self.scope, value, "`to_string`");
        if Checker::is_error(&value) {
            return None;
        }
        self.result(Function::ToString, vec![value], Type::STRING)
    }

    fn abs(&mut self, argument: &ast::Expr) -> Option<hir::Expr> {
        let (value, base) = self.argument(argument, self.expected)?;
        if !matches!(base, Type::Int(_) | Type::Float(_)) {
            return self.wrong_argument(&value, "a number");
        }
        let value = self.as_type(value, &base);
        self.result(Function::Abs, vec![value], base)
    }

    fn round(&mut self, argument: &ast::Expr) -> Option<hir::Expr> {
        let value = self.argument_of(argument, &Type::FLOAT)?;
        self.result(Function::Round, vec![value], Type::INT)
    }
}

fn is_ordered(ty: &Type) -> bool {
    matches!(ty, Type::Int(_) | Type::Float(_) | Type::String(_) | Type::Duration)
}

/// The type without an interval or a pattern, under its `?`.
fn unrefined(ty: &Type, program: &hir::Program) -> Type {
    if let Type::Optional(inner) = ty { Type::optional(inner.base(program)) } else { ty.base(program) }
}
