//! What the checker of a body knows beside its names: what isn't `null`, where values come from, whether a call may
//! stand here, and what has been used.

use foldhash::{HashMap, HashSet};

use super::context::Scope;
use super::narrowing::Path;
use crate::hir::{Callee, Expr, ExprKind, LocalId, LocalKind};
use crate::source::Span;
use crate::types::Type;

/// The state of the body at hand, as a part of its scope.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body {
    /// Paths that are known not to be `null` here.
    pub(super) facts: Vec<Path>,
    /// Why no call may stand here.
    pub(super) no_calls: Option<NoCalls>,
    /// What a local's value, or the items of its value, come from.
    pub(super) origins: HashMap<LocalId, Callee>,
    /// Why a local's value is optional or a list, where that isn't seen at once.
    pub(super) forms: HashMap<LocalId, &'static str>,
    pub(super) used: HashSet<LocalId>,
    /// Names of blocks that have ended.
    pub(super) ended: HashMap<String, LocalId>,
    /// Names that the body's own statements bind further down.
    pub(super) later: HashMap<String, Span>,
    /// Gates, and what waits for each.
    pub(super) gates: Vec<Gate>,
    pub(super) waiter: Waiter,
    /// Earlier variables of the `for a in as, b in bs` at hand.
    pub(super) product: Vec<String>,
    /// Parts of the body couldn't be read: what they use isn't known.
    pub(super) is_torn: bool,
}

/// Where a call isn't always evaluated, or makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoCalls {
    /// To the right of `and`, `or` or `??`.
    Right {
        operator: &'static str,
        whole: Span,
    },
    Interpolation,
    With,
    Until,
}

/// An `approve` or a `sleep`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gate {
    pub(super) span: Span,
    pub(super) word: &'static str,
    pub(super) waiter: Waiter,
}

/// What waits for the end of what stands here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Waiter {
    #[default]
    Nobody,
    /// What uses its value, or the end of a pipeline without outputs.
    Always,
    /// The binding that is being made.
    Binding,
    /// Whatever uses this binding.
    Local(LocalId),
}

impl Scope {
    /// Forgets the facts that were learned since.
    pub(super) fn forget_facts(&mut self, known: usize) {
        self.body.facts.truncate(known);
    }

    /// Adds facts; gives what `forget_facts` takes.
    pub(super) fn learn(&mut self, facts: Vec<Path>) -> usize {
        let known = self.body.facts.len();
        self.body.facts.extend(facts);
        known
    }

    pub(super) fn is_known(&self, expr: &Expr) -> bool {
        if self.body.facts.is_empty() {
            return false;
        }
        Path::of(expr).is_some_and(|path| self.body.facts.contains(&path))
    }

    /// An expression of type `T?` as a T, where it is known to be one.
    pub(super) fn narrowed(&self, expr: Expr) -> Expr {
        let Some(Type::Optional(inner)) = &expr.ty else { return expr };
        if !self.is_known(&expr) {
            return expr;
        }
        let (ty, span) = (Some((**inner).clone()), expr.span);
        Expr { kind: ExprKind::Narrow(Box::new(expr)), ty, span }
    }

    /// Forbids calls unless an outer place does already; gives what `allow_calls` takes.
    pub(super) fn forbid_calls(&mut self, why: NoCalls) -> Option<NoCalls> {
        let before = self.body.no_calls;
        self.body.no_calls = before.or(Some(why));
        before
    }

    pub(super) fn allow_calls(&mut self, before: Option<NoCalls>) {
        self.body.no_calls = before;
    }

    /// What the checker says about a local: `input`, `binding`, …
    pub(super) fn word(&self, local: LocalId) -> &'static str {
        match self.local(local).kind {
            LocalKind::Parameter => "input",
            LocalKind::Output => "output",
            LocalKind::Binding => "binding",
            LocalKind::LoopItem => "loop variable",
            LocalKind::LoopIndex => "loop's index",
            LocalKind::State => "state",
            LocalKind::MatchField => "name of the arm",
        }
    }
}

/// The task or pipeline whose outputs an expression has, alone or as the items of a list.
pub(super) fn callee_behind(expr: &Expr, scope: &Scope) -> Option<Callee> {
    match &expr.kind {
        ExprKind::Call(call) => Some(call.callee),
        ExprKind::Local(local) => scope.body.origins.get(local).copied(),
        ExprKind::Widen(of) | ExprKind::Narrow(of) | ExprKind::Try { call: of, .. } => {
            callee_behind(of, scope)
        }
        ExprKind::For(map) => map.body.value.as_ref().and_then(|value| callee_behind(value, scope)),
        ExprKind::If(conditional) => {
            conditional.then.value.as_ref().and_then(|value| callee_behind(value, scope))
        }
        ExprKind::Error
        | ExprKind::Literal(_)
        | ExprKind::Constant(_)
        | ExprKind::Artifact(_)
        | ExprKind::Secret { .. }
        | ExprKind::Run(_)
        | ExprKind::List(_)
        | ExprKind::Record(_)
        | ExprKind::Map(_)
        | ExprKind::Variant { .. }
        | ExprKind::Field { .. }
        | ExprKind::OptionalField { .. }
        | ExprKind::Project { .. }
        | ExprKind::Index { .. }
        | ExprKind::Unary { .. }
        | ExprKind::Binary { .. }
        | ExprKind::Interpolate(_)
        | ExprKind::Function { .. }
        | ExprKind::Refine(_)
        | ExprKind::Match(_)
        | ExprKind::Repeat(_)
        | ExprKind::Approve { .. }
        | ExprKind::Sleep { .. } => None,
    }
}
