//! Bindings of a body that need each other in a circle.

use foldhash::{HashMap, HashSet};

use super::context::Checker;
use super::control_flow::messages;
use super::walk;
use crate::diagnostics::codes;
use crate::resolve::graph::{Group, order};
use crate::source::Span;
use crate::syntax::ast::{self, StatementKind};

/// A binding, and the bindings that it needs with the places where it does.
struct Binding<'t> {
    name: &'t ast::Name,
    needs: Vec<(usize, Span)>,
}

impl Checker<'_> {
    /// Says of bindings that need each other what the way round is, instead of each that it is used too early.
    pub(super) fn report_circles(&mut self, body: &ast::Block, said: usize) {
        if !self.diagnostics[said..].iter().any(|diagnostic| diagnostic.code == codes::NOT_VISIBLE) {
            return;
        }
        let bindings = bindings(body);
        let edges: Vec<Vec<usize>> = bindings
            .iter()
            .map(|binding| binding.needs.iter().map(|(needed, _)| *needed).collect())
            .collect();
        for group in order(&edges) {
            let Group::Cycle { round, members } = group else { continue };
            let inside = members.iter().flat_map(|member| {
                bindings[*member].needs.iter().filter(|(needed, _)| members.binary_search(needed).is_ok())
            });
            let places: HashSet<Span> = inside.map(|(_, place)| *place).collect();
            if self.forget_early_uses(said, &places) {
                let way: Vec<(&ast::Name, Span)> = way_round(&bindings, &round);
                self.report(messages::circle(&way));
            }
        }
    }

    /// Takes back that names are used too early at `places`; whether that had been said.
    fn forget_early_uses(&mut self, said: usize, places: &HashSet<Span>) -> bool {
        let before = self.diagnostics.len();
        let mut index = 0;
        self.diagnostics.retain(|diagnostic| {
            index += 1;
            let is_early = diagnostic.code == codes::NOT_VISIBLE && places.contains(&diagnostic.span());
            index <= said || !is_early
        });
        self.diagnostics.len() < before
    }
}

fn bindings(body: &ast::Block) -> Vec<Binding<'_>> {
    let bound = body.statements.iter().filter_map(|statement| match &statement.kind {
        StatementKind::Bind { name, value, .. } => Some((name, value)),
        StatementKind::Expr(_)
        | StatementKind::Return(_)
        | StatementKind::On { .. }
        | StatementKind::Error => None,
    });
    let bound: Vec<(&ast::Name, &ast::Expr)> = bound.collect();
    let places: HashMap<&str, usize> =
        bound.iter().enumerate().map(|(index, (name, _))| (name.value.as_str(), index)).collect();
    let needs = |value: &ast::Expr| {
        let mut needs = Vec::new();
        walk::names(value, &mut |alias, name, span| {
            needs.extend(places.get(name).filter(|_| alias.is_none()).map(|needed| (*needed, span)));
        });
        needs
    };
    bound.iter().map(|(name, value)| Binding { name, needs: needs(value) }).collect()
}

/// Each member of a circle, with the place where it needs the next one.
fn way_round<'t>(bindings: &[Binding<'t>], round: &[usize]) -> Vec<(&'t ast::Name, Span)> {
    let next = round.iter().cycle().skip(1);
    let place = |(member, next): (&usize, &usize)| {
        let Binding { name, needs } = &bindings[*member];
        let (_, place) = needs.iter().find(|(needed, _)| needed == next)?;
        Some((*name, *place))
    };
    round.iter().zip(next).filter_map(place).collect()
}
