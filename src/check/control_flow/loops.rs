//! `for`: the body once for each item, in parallel.

use pipec_ir::Function;
use pipec_ir::value::Value;

use super::messages;
use crate::check::context::{Checker, Scope, error_expression};
use crate::check::convert::Expectation;
use crate::check::expressions::{Demand, type_of};
use crate::hir::{self, ExprKind, LocalId, LocalKind};
use crate::source::Span;
use crate::syntax::ast::{self, ForSource};
use crate::types::Type;

/// How many items a loop has at most, unless the target says otherwise.
const MAX_ITEMS: usize = 10_000;

impl Checker<'_> {
    pub(in crate::check) fn map(
        &mut self,
        scope: &mut Scope,
        tree: &ast::For,
        span: Span,
        demand: Demand<'_>,
    ) -> hir::Expr {
        let limit = tree.limit.as_ref().and_then(|limit| self.limit(scope, limit, "a `for`"));
        let start = scope.enter();
        let source = self.source(scope, &tree.source);
        if let Some(source) = &source {
            self.check_number_of_items(source);
        }
        let expected = demand.expected.map(|ty| ty.without_optional().base(&self.program));
        let item = if let Some(Type::List(item)) = &expected { Some(&**item) } else { None };
        let body = self.block(scope, &tree.body, demand.with(item));
        scope.leave(start);
        let mut body = body;
        let ty = match body.value.as_ref().and_then(|value| value.ty.clone()) {
            Some(Type::Null) => {
                body.value = body.value.take().map(|value| self.known_type(value));
                Some(Type::Error)
            }
            Some(Type::Error) => Some(Type::Error),
            Some(item) => Some(Type::list(item)),
            None => None,
        };
        if let (Some(Type::Error), _) | (_, None) = (&ty, &source) {
            return hir::Expr { kind: ExprKind::Error, ty, span };
        }
        let Some(source) = source else { return error_expression(span) };
        let unit = hir::For { source, limit, body, after: Vec::new() };
        hir::Expr { kind: ExprKind::For(Box::new(unit)), ty, span }
    }

    fn source(&mut self, scope: &mut Scope, source: &ForSource) -> Option<hir::ForSource> {
        match source {
            ForSource::Item { item, list } => {
                let (list, ty) = self.walked(scope, list);
                let item = self.bind_name(scope, item, Some(ty), LocalKind::LoopItem);
                list.map(|list| hir::ForSource::Item { index: None, item, list })
            }
            ForSource::Indexed { index, item, list } => {
                let (list, ty) = self.walked(scope, list);
                let index = self.bind_name(scope, index, Some(Type::INT), LocalKind::LoopIndex);
                let item = self.bind_name(scope, item, Some(ty), LocalKind::LoopItem);
                list.map(|list| hir::ForSource::Item { index: Some(index), item, list })
            }
            ForSource::Product(parts) => {
                let mut lists = Vec::with_capacity(parts.len());
                for (name, list) in parts {
                    lists.push(self.walked(scope, list));
                    scope.body.product.push(name.value.clone());
                }
                scope.body.product.truncate(scope.body.product.len() - parts.len());
                let names: Vec<&ast::Name> = parts.iter().map(|(name, _)| name).collect();
                self.paired(scope, &names, lists).map(hir::ForSource::Product)
            }
            ForSource::Zip { items, lists, span } => {
                let walked: Vec<(Option<hir::Expr>, Type)> =
                    lists.iter().map(|list| self.walked(scope, list)).collect();
                let names: Vec<&ast::Name> = items.iter().collect();
                let count_is_wrong = names.len() != walked.len();
                if count_is_wrong {
                    self.report(messages::names_and_lists_differ(names.len(), walked.len(), *span));
                } else if !(2..=8).contains(&walked.len()) {
                    self.report(messages::zip_takes_two_to_eight(walked.len(), *span));
                }
                self.check_zipped_lengths(&walked);
                let walked = if count_is_wrong {
                    // Which list belongs to which name is anyone's guess.
                    walked.into_iter().map(|(list, _)| (list, Type::Error)).collect()
                } else {
                    walked
                };
                let sources = self.paired(scope, &names, walked);
                if count_is_wrong { None } else { sources.map(hir::ForSource::Zip) }
            }
        }
    }

    /// Declares a variable for each list.
    fn paired(
        &mut self,
        scope: &mut Scope,
        names: &[&ast::Name],
        lists: Vec<(Option<hir::Expr>, Type)>,
    ) -> Option<Vec<(LocalId, hir::Expr)>> {
        let mut lists = lists.into_iter();
        let mut sources = Some(Vec::with_capacity(names.len()));
        for name in names {
            let (list, ty) = lists.next().unwrap_or((None, Type::Error));
            let local = self.bind_name(scope, name, Some(ty), LocalKind::LoopItem);
            match (&mut sources, list) {
                (Some(known), Some(list)) => known.push((local, list)),
                (_, None) | (None, _) => sources = None,
            }
        }
        sources
    }

    /// A list that a loop walks, and its items' type.
    fn walked(&mut self, scope: &mut Scope, tree: &ast::Expr) -> (Option<hir::Expr>, Type) {
        let list = self.expression(scope, tree, None);
        let list = self.with_value(list, "what `for` walks");
        let list = self.known_type(list);
        let ty = type_of(&list);
        let base = ty.base(&self.program);
        if let Type::List(item) = &base {
            return (Some(self.without_name(list, &base)), (**item).clone());
        }
        if !matches!(ty, Type::Error) {
            let source = self.source_of(scope, &list);
            self.report(messages::cannot_walk(self, tree, &list, &base, source));
        }
        (None, Type::Error)
    }

    fn check_zipped_lengths(&mut self, lists: &[(Option<hir::Expr>, Type)]) {
        let mut first: Option<(usize, Span)> = None;
        for (list, _) in lists {
            let Some(list) = list else { continue };
            let Some(length) = self.known_length(list) else { continue };
            match first {
                Some((known, span)) if known != length => {
                    self.report(messages::zipped_lengths_differ(known, span, length, list.span));
                    return;
                }
                Some(_) => {}
                None => first = Some((length, list.span)),
            }
        }
    }

    /// Reports a loop that is known to have more items than any target takes.
    fn check_number_of_items(&mut self, source: &hir::ForSource) {
        let (count, span) = match source {
            hir::ForSource::Item { list, .. } => (self.known_length(list), list.span),
            hir::ForSource::Zip(parts) => {
                let Some((_, first)) = parts.first() else { return };
                (self.known_length(first), first.span)
            }
            hir::ForSource::Product(parts) => {
                let (Some((_, first)), Some((_, last))) = (parts.first(), parts.last()) else { return };
                let lengths = parts.iter().map(|(_, list)| self.known_length(list));
                let count = lengths.reduce(|all, length| Some(all?.saturating_mul(length?))).flatten();
                (count, first.span.to(last.span))
            }
        };
        let profile = self.profile.and_then(|profile| Some((profile, profile.map_limit?)));
        let most = profile.map_or(MAX_ITEMS, |(_, most)| most as usize);
        if let Some(count) = count.filter(|count| *count > most) {
            let target = profile.map(|(profile, _)| profile.target.as_str());
            self.report(messages::too_many_items(count, most, target, span));
        }
    }

    /// The length of a list that is known before the run.
    fn known_length(&self, list: &hir::Expr) -> Option<usize> {
        if let ExprKind::List(items) = &list.kind {
            return Some(items.len());
        }
        if let ExprKind::Widen(of) = &list.kind {
            return self.known_length(of);
        }
        if let ExprKind::Function { function: Function::Range, arguments, .. } = &list.kind {
            let bounds: Option<Vec<i64>> = arguments.iter().map(|bound| self.known_count(bound)).collect();
            let length = match *bounds? {
                [end] => end,
                [start, end] => end.saturating_sub(start),
                _ => return None,
            };
            return usize::try_from(length.max(0)).ok();
        }
        if let Some(Value::List(items)) = self.known_value(list) { Some(items.len()) } else { None }
    }

    fn known_count(&self, value: &hir::Expr) -> Option<i64> {
        if let Some(Value::Int(count)) = self.known_value(value) { Some(count) } else { None }
    }

    /// The number behind `limit`.
    pub(super) fn limit(&mut self, scope: &mut Scope, tree: &ast::Expr, what: &str) -> Option<u32> {
        let said = self.diagnostics.len();
        let value = self.expression_of(scope, tree, &Type::INT, |_| Expectation::new("the limit"));
        if self.diagnostics.len() > said || Self::is_error(&value) {
            return None;
        }
        let Some(count) = self.known_count(&value) else {
            self.report(messages::limit_is_not_constant(what, value.span));
            return None;
        };
        match u32::try_from(count) {
            Ok(count) if count > 0 => Some(count),
            Ok(_) | Err(_) => {
                self.report(messages::limit_out_of_range(count, value.span));
                None
            }
        }
    }
}
