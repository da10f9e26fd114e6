//! Blocks, bindings, and the names that they make.

use super::messages;
use crate::check::body::{Waiter, callee_behind};
use crate::check::context::{Checker, Owner, Scope};
use crate::check::convert::Expectation;
use crate::check::expressions::{Demand, said_by_form};
use crate::check::standing::Standing;
use crate::diagnostics::Diagnostic;
use crate::hir::{self, Definition, LocalId, LocalKind};
use crate::syntax::ast::{self, StatementKind};
use crate::types::Type;

impl Checker<'_> {
    /// The statements of a block inside of something; its last expression is its value.
    pub(in crate::check) fn block(
        &mut self,
        scope: &mut Scope,
        tree: &ast::Block,
        demand: Demand<'_>,
    ) -> hir::Block {
        let start = scope.enter();
        let waiter = scope.body.waiter;
        let mut statements = Vec::with_capacity(tree.statements.len());
        let mut value = None;
        for (index, statement) in tree.statements.iter().enumerate() {
            let is_last = index + 1 == tree.statements.len();
            scope.body.waiter = if is_last { waiter } else { Waiter::Nobody };
            let is_value = is_last && demand.used;
            match &statement.kind {
                StatementKind::Expr(expr) if is_value => value = Some(self.evaluated(scope, expr, demand)),
                StatementKind::Return(Some(expr)) if is_value => {
                    self.report(messages::return_of_a_block(statement.span, expr.span));
                    value = Some(self.evaluated(scope, expr, demand));
                }
                StatementKind::Bind { .. }
                | StatementKind::Expr(_)
                | StatementKind::Return(_)
                | StatementKind::On { .. }
                | StatementKind::Error => statements.extend(self.statement(scope, statement, is_last)),
            }
        }
        scope.body.waiter = waiter;
        scope.leave(start);
        hir::Block { statements, value, span: tree.span }
    }

    pub(in crate::check) fn statement(
        &mut self,
        scope: &mut Scope,
        statement: &ast::Statement,
        is_last: bool,
    ) -> Option<hir::Statement> {
        match &statement.kind {
            StatementKind::Bind { name, ty, value } => Some(self.binding(scope, name, ty.as_deref(), value)),
            StatementKind::Expr(expr) => {
                let value = self.evaluated(scope, expr, Demand::STATEMENT);
                let is_computed = matches!(value.kind, hir::ExprKind::Function { .. });
                if !is_last && !Self::is_error(&value) && (is_computed || has_no_effect(expr)) {
                    self.report(messages::no_effect(expr.span));
                }
                Some(hir::Statement::Expr(value))
            }
            StatementKind::Return(value) => {
                self.report(messages::return_inside(statement.span));
                if let Some(value) = value {
                    self.expression(scope, value, Some(&Type::Error));
                }
                None
            }
            StatementKind::On { event, .. } => {
                self.report(messages::hook_inside(event, statement.span));
                None
            }
            StatementKind::Error => {
                scope.body.is_torn = true;
                None
            }
        }
    }

    fn binding(
        &mut self,
        scope: &mut Scope,
        name: &ast::Name,
        ty: Option<&ast::Type>,
        value: &ast::Expr,
    ) -> hir::Statement {
        let gates = scope.body.gates.len();
        let waiter = std::mem::replace(&mut scope.body.waiter, Waiter::Binding);
        let declared = ty.map(|tree| (self.resolve_type(scope.module, tree), tree.span));
        let value = match &declared {
            Some((ty, span)) => {
                self.stands(ty, *span, Standing::Binding);
                let value = self.evaluated(scope, value, Demand::value(Some(ty)));
                self.fit(scope, value, ty, |checker| {
                    Expectation::new(format!("`{}`", name.value))
                        .declared_at(*span, format!("declared as `{}`", checker.show(ty)))
                })
            }
            None => {
                let value = self.evaluated(scope, value, Demand::value(None));
                let value = self.no_mere_name(value);
                let value = self.known_type(value);
                let value = self.no_secret(value, "a binding");
                self.not_too_large(value, &format!("`{}`", name.value))
            }
        };
        scope.body.waiter = waiter;
        let origin = callee_behind(&value, scope);
        let form = said_by_form(&value);
        let ty = declared.map(|(ty, _)| ty).or_else(|| value.ty.clone());
        let is_state = scope.find(&name.value).is_some_and(|first| uses(&value, first));
        let taken = if is_state { messages::bound_to_itself } else { messages::bound_twice };
        let local = self.bind_unless_taken(scope, name, ty, LocalKind::Binding, taken);
        if let Some(callee) = origin {
            scope.body.origins.insert(local, callee);
        }
        if let Some(form) = form {
            scope.body.forms.insert(local, form);
        }
        for gate in &mut scope.body.gates[gates..] {
            if gate.waiter == Waiter::Binding {
                gate.waiter = Waiter::Local(local);
            }
        }
        hir::Statement::Bind { local, value }
    }

    /// A step without a value can be waited for by its own name, and has no other.
    fn no_mere_name(&mut self, value: hir::Expr) -> hir::Expr {
        if value.ty.is_none() && matches!(value.kind, hir::ExprKind::Local(_)) {
            return self.with_value(value, "what is bound to another name");
        }
        value
    }

    /// Declares a name of a body. One that is taken is reported, and means the new one from here.
    pub(in crate::check) fn bind_name(
        &mut self,
        scope: &mut Scope,
        name: &ast::Name,
        ty: Option<Type>,
        kind: LocalKind,
    ) -> LocalId {
        self.bind_unless_taken(scope, name, ty, kind, messages::bound_twice)
    }

    fn bind_unless_taken(
        &mut self,
        scope: &mut Scope,
        name: &ast::Name,
        ty: Option<Type>,
        kind: LocalKind,
        taken: fn(&ast::Name, &hir::Local, &str) -> Diagnostic,
    ) -> LocalId {
        scope.body.later.remove(&name.value);
        match scope.find(&name.value) {
            Some(first) => self.report(taken(name, scope.local(first), scope.word(first))),
            None => self.check_hides_nothing(scope, name),
        }
        let local = scope.declare(&name.value, ty, kind, name.span);
        if let Owner::Pipeline(id) = scope.owner {
            self.declares(name.span, Definition::Local(id, local));
        }
        local
    }

    /// Constants and import aliases may not be hidden.
    fn check_hides_nothing(&mut self, scope: &Scope, name: &ast::Name) {
        let names = self.modules.module(scope.module);
        let hidden = if names.aliases.contains_key(&name.value) {
            names.imports.get(&name.value).map(|span| ("an imported file", *span))
        } else if let Some(Definition::Constant(id)) = names.names.get(&name.value) {
            let constant = self.program.constants.get(id.index());
            constant.map(|constant| ("a constant", constant.span))
        } else {
            None
        };
        if let Some((what, span)) = hidden {
            self.report(messages::hides(name, what, span));
        }
    }
}

/// Whether a statement does nothing, as its text shows.
fn has_no_effect(expr: &ast::Expr) -> bool {
    match &expr.kind {
        ast::ExprKind::Call(_)
        | ast::ExprKind::If(_)
        | ast::ExprKind::Match(_)
        | ast::ExprKind::For(_)
        | ast::ExprKind::Repeat(_)
        | ast::ExprKind::Try(_)
        | ast::ExprKind::After { .. }
        | ast::ExprKind::With { .. }
        | ast::ExprKind::Error => false,
        ast::ExprKind::Parentheses(inner) => has_no_effect(inner),
        ast::ExprKind::Int(_)
        | ast::ExprKind::Float(_)
        | ast::ExprKind::Bool(_)
        | ast::ExprKind::Null
        | ast::ExprKind::String(_)
        | ast::ExprKind::Raw(_)
        | ast::ExprKind::Duration { .. }
        | ast::ExprKind::Quantity { .. }
        | ast::ExprKind::Name(_)
        | ast::ExprKind::List(_)
        | ast::ExprKind::Braces(_)
        | ast::ExprKind::Field { .. }
        | ast::ExprKind::OptionalField { .. }
        | ast::ExprKind::Index { .. }
        | ast::ExprKind::Unary { .. }
        | ast::ExprKind::Binary { .. } => true,
    }
}

fn uses(value: &hir::Expr, local: LocalId) -> bool {
    let mut found = false;
    hir::for_each_expr(value, &mut |part| {
        found |= matches!(part.kind, hir::ExprKind::Local(id) if id == local)
    });
    found
}
