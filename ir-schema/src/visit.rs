//! Walking expressions and bodies.

use crate::expr::{Expr, ExprKind};
use crate::program::{Body, Call, MapSource, Node, NodeKind, Region};

impl Expr {
    /// The direct operands, in order of evaluation.
    pub fn operands(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Const(_)
            | ExprKind::Artifact(_)
            | ExprKind::Secret { .. }
            | ExprKind::Input(_)
            | ExprKind::Output { .. }
            | ExprKind::Run(_) => Vec::new(),
            ExprKind::List(items) | ExprKind::Interpolate(items) => items.iter().collect(),
            ExprKind::Record(fields) | ExprKind::Map(fields) | ExprKind::Variant { fields, .. } => {
                fields.iter().map(|(_, value)| value).collect()
            }
            ExprKind::Field { of, .. }
            | ExprKind::OptionalField { of, .. }
            | ExprKind::Project { of, .. } => vec![of],
            ExprKind::Index { of, index } => vec![of, index],
            ExprKind::Unary { operand, .. } => vec![operand],
            ExprKind::Binary { left, right, .. } => vec![left, right],
            ExprKind::If { condition, then, otherwise } => vec![condition, then, otherwise],
            ExprKind::Match { subject, arms } => {
                std::iter::once(&**subject).chain(arms.iter().map(|arm| &arm.value)).collect()
            }
            ExprKind::Call { args, .. } => args.iter().collect(),
            ExprKind::Widen(of) | ExprKind::Refine(of) | ExprKind::Narrow(of) => vec![of],
        }
    }

    /// The direct operands, to be changed.
    pub fn operands_mut(&mut self) -> Vec<&mut Expr> {
        match &mut self.kind {
            ExprKind::Const(_)
            | ExprKind::Artifact(_)
            | ExprKind::Secret { .. }
            | ExprKind::Input(_)
            | ExprKind::Output { .. }
            | ExprKind::Run(_) => Vec::new(),
            ExprKind::List(items) | ExprKind::Interpolate(items) => items.iter_mut().collect(),
            ExprKind::Record(fields) | ExprKind::Map(fields) | ExprKind::Variant { fields, .. } => {
                fields.iter_mut().map(|(_, value)| value).collect()
            }
            ExprKind::Field { of, .. }
            | ExprKind::OptionalField { of, .. }
            | ExprKind::Project { of, .. } => vec![of],
            ExprKind::Index { of, index } => vec![of, index],
            ExprKind::Unary { operand, .. } => vec![operand],
            ExprKind::Binary { left, right, .. } => vec![left, right],
            ExprKind::If { condition, then, otherwise } => vec![condition, then, otherwise],
            ExprKind::Match { subject, arms } => {
                std::iter::once(&mut **subject).chain(arms.iter_mut().map(|arm| &mut arm.value)).collect()
            }
            ExprKind::Call { args, .. } => args.iter_mut().collect(),
            ExprKind::Widen(of) | ExprKind::Refine(of) | ExprKind::Narrow(of) => vec![of],
        }
    }

    /// Hands the expression and all in it to `visit`.
    pub fn visit<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        visit(self);
        for operand in self.operands() {
            operand.visit(visit);
        }
    }

    /// Hands the expression and all in it to `change`.
    pub fn visit_mut(&mut self, change: &mut dyn FnMut(&mut Expr)) {
        change(self);
        for operand in self.operands_mut() {
            operand.visit_mut(change);
        }
    }
}

impl Node {
    /// The node's own expressions, but not those of its regions' bodies; what regions take in is part of them.
    pub fn expressions_mut(&mut self) -> Vec<&mut Expr> {
        let mut found: Vec<&mut Expr> = Vec::new();
        match &mut self.kind {
            NodeKind::Call(Call { arguments, .. }) => {
                found.extend(arguments.iter_mut().map(|argument| &mut argument.value));
            }
            NodeKind::Let(value) => found.push(value),
            NodeKind::Branch { condition, .. } => found.push(condition),
            NodeKind::Match { subject, .. } => found.push(subject),
            NodeKind::Map { source, .. } => match source {
                MapSource::List { list, .. } => found.push(list),
                MapSource::Product(lists) | MapSource::Zip(lists) => {
                    found.extend(lists.iter_mut().map(|(_, list)| list));
                }
            },
            NodeKind::Repeat { first, until, .. } => found.extend([first, until]),
            NodeKind::Try { .. } => {}
            NodeKind::Approve { message, timeout } => {
                found.push(message);
                found.extend(timeout);
            }
            NodeKind::Sleep { duration } => found.push(duration),
        }
        found
    }

    /// The node's own expressions, but not those of its regions' bodies, nor what regions take in.
    pub fn expressions(&self) -> Vec<&Expr> {
        match &self.kind {
            NodeKind::Call(Call { arguments, .. }) => {
                arguments.iter().map(|argument| &argument.value).collect()
            }
            NodeKind::Let(value) => vec![value],
            NodeKind::Branch { condition, .. } => vec![condition],
            NodeKind::Match { subject, .. } => vec![subject],
            NodeKind::Map { source: MapSource::List { list, .. }, .. } => vec![list],
            NodeKind::Map { source: MapSource::Product(lists) | MapSource::Zip(lists), .. } => {
                lists.iter().map(|(_, list)| list).collect()
            }
            NodeKind::Repeat { first, until, .. } => vec![first, until],
            NodeKind::Try { .. } => Vec::new(),
            NodeKind::Approve { message, timeout } => std::iter::once(message).chain(timeout).collect(),
            NodeKind::Sleep { duration } => vec![duration],
        }
    }

    /// The node's regions, in source order.
    pub fn regions_mut(&mut self) -> Vec<&mut Region> {
        match &mut self.kind {
            NodeKind::Call(_) | NodeKind::Let(_) | NodeKind::Approve { .. } | NodeKind::Sleep { .. } => {
                Vec::new()
            }
            NodeKind::Branch { then, otherwise, .. } => std::iter::once(then).chain(otherwise).collect(),
            NodeKind::Match { arms, .. } => arms.iter_mut().map(|arm| &mut arm.body).collect(),
            NodeKind::Map { body, .. } | NodeKind::Repeat { body, .. } | NodeKind::Try { body } => vec![body],
        }
    }

    /// The node's regions, in source order.
    pub fn regions(&self) -> Vec<&Region> {
        match &self.kind {
            NodeKind::Call(_) | NodeKind::Let(_) | NodeKind::Approve { .. } | NodeKind::Sleep { .. } => {
                Vec::new()
            }
            NodeKind::Branch { then, otherwise, .. } => std::iter::once(then).chain(otherwise).collect(),
            NodeKind::Match { arms, .. } => arms.iter().map(|arm| &arm.body).collect(),
            NodeKind::Map { body, .. } | NodeKind::Repeat { body, .. } | NodeKind::Try { body } => vec![body],
        }
    }
}

impl Body {
    /// Hands every node, also those inside of regions, to `change`.
    pub fn visit_nodes_mut(&mut self, change: &mut dyn FnMut(&mut Node)) {
        for node in &mut self.nodes {
            change(node);
            for region in node.regions_mut() {
                region.body.visit_nodes_mut(change);
            }
        }
    }

    /// Hands every node, also those inside of regions, to `visit`.
    pub fn visit_nodes<'a>(&'a self, visit: &mut dyn FnMut(&'a Node)) {
        for node in &self.nodes {
            visit(node);
            for region in node.regions() {
                region.body.visit_nodes(visit);
            }
        }
    }

    /// Hands every expression, also those inside of regions, with all in it to `change`.
    pub fn visit_expressions_mut(&mut self, change: &mut dyn FnMut(&mut Expr)) {
        for node in &mut self.nodes {
            for expr in node.expressions_mut() {
                expr.visit_mut(change);
            }
            for region in node.regions_mut() {
                region.inputs.iter_mut().for_each(|input| input.value.visit_mut(change));
                region.body.visit_expressions_mut(change);
            }
        }
        if let Some(value) = &mut self.value {
            value.visit_mut(change);
        }
    }

    /// Hands every expression, also those inside of regions, with all in it to `visit`.
    pub fn visit_expressions<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        for node in &self.nodes {
            for expr in node.expressions() {
                expr.visit(visit);
            }
            for region in node.regions() {
                region.inputs.iter().for_each(|input| input.value.visit(visit));
                region.body.visit_expressions(visit);
            }
        }
        if let Some(value) = &self.value {
            value.visit(visit);
        }
    }
}
