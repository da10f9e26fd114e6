//! What is drawn, for every format: boxes in the order of the program, boxes in boxes, arrows between neighbours.

use pipec_ir::{Body, Callee, Expr, ExprKind, HookEvent, MapSource, Node, NodeKind, Pipeline, Region};

/// A pipeline.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) name: String,
    pub(super) boxes: Vec<Box>,
}

/// A node.
#[derive(Debug)]
pub(super) struct Box {
    /// Unique in the picture: letters, digits and `_`.
    pub(super) id: String,
    /// The node's name.
    pub(super) name: String,
    /// What it does: `fit`, `for x`, `if`.
    pub(super) action: String,
    pub(super) shape: Shape,
    /// Ids of the boxes beside it that it waits for, in their order.
    pub(super) after: Vec<String>,
    pub(super) parts: Vec<Part>,
}

/// What is inside of a box: the body of a loop, a branch.
#[derive(Debug)]
pub(super) struct Part {
    /// `then`, `else`, `Loss.hinge`; empty where there is only one.
    pub(super) name: String,
    pub(super) boxes: Vec<Box>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Task,
    Pipeline,
    Value,
    /// A loop, a branch, a `try`.
    Unit,
    /// `approve`, `sleep`.
    Gate,
    Hook,
}

/// The picture of a pipeline; without `inside` only its own statements.
pub(super) fn of(pipeline: &Pipeline, inside: bool) -> Picture {
    let mut drawing = Drawing { inside, count: 0 };
    let mut boxes = drawing.body(&pipeline.body);
    for hook in &pipeline.hooks {
        let event = match hook.event {
            HookEvent::Success => "success",
            HookEvent::Failure => "failure",
            HookEvent::Exit => "exit",
        };
        let parts = drawing.parts(vec![(String::new(), &hook.body)]);
        let id = drawing.id();
        let (name, action) = (format!("on {event}"), String::new());
        boxes.push(Box { id, name, action, shape: Shape::Hook, after: Vec::new(), parts });
    }
    Picture { name: pipeline.name.clone(), boxes }
}

struct Drawing {
    inside: bool,
    count: usize,
}

impl Drawing {
    fn id(&mut self) -> String {
        self.count += 1;
        format!("n{}", self.count)
    }

    fn body(&mut self, body: &Body) -> Vec<Box> {
        let mut boxes: Vec<Box> = Vec::new();
        for node in &body.nodes {
            let names = waits_for(node);
            let known = boxes.iter().filter(|known| names.contains(&known.name.as_str()));
            let after = known.map(|known| known.id.clone()).collect();
            let id = self.id();
            let (shape, action) = describe(node);
            let parts = self.parts(regions(node));
            boxes.push(Box { id, name: node.id.0.clone(), action, shape, after, parts });
        }
        boxes
    }

    fn parts(&mut self, regions: Vec<(String, &Region)>) -> Vec<Part> {
        if !self.inside {
            return Vec::new();
        }
        let part = |(name, region): (String, &Region)| Part { name, boxes: self.body(&region.body) };
        regions.into_iter().map(part).filter(|part| !part.boxes.is_empty()).collect()
    }
}

/// Names of the nodes of the same body that a node refers to or stands after.
fn waits_for(node: &Node) -> Vec<&str> {
    let mut names: Vec<&str> = node.after.iter().map(|id| id.0.as_str()).collect();
    let taken = node.regions().into_iter().flat_map(|region| &region.inputs);
    names.extend(node.expressions().into_iter().flat_map(expr_nodes));
    names.extend(taken.flat_map(|input| expr_nodes(&input.value)));
    names
}

fn expr_nodes(expr: &Expr) -> Vec<&str> {
    let mut names = Vec::new();
    expr.visit(&mut |part| {
        if let ExprKind::Output { node, .. } = &part.kind {
            names.push(node.0.as_str());
        }
    });
    names
}

fn describe(node: &Node) -> (Shape, String) {
    match &node.kind {
        NodeKind::Call(call) => match &call.callee {
            Callee::Task(id) => (Shape::Task, id.0.clone()),
            Callee::Pipeline(id) => (Shape::Pipeline, id.0.clone()),
        },
        NodeKind::Let(_) => (Shape::Value, String::new()),
        NodeKind::Branch { .. } => (Shape::Unit, "if".to_owned()),
        NodeKind::Match { .. } => (Shape::Unit, "match".to_owned()),
        NodeKind::Map { source, .. } => (Shape::Unit, format!("for {}", variables(source))),
        NodeKind::Repeat { state, limit, .. } => {
            (Shape::Unit, format!("repeat {state}, at most {limit} rounds"))
        }
        NodeKind::Try { .. } => (Shape::Unit, "try".to_owned()),
        NodeKind::Approve { .. } => (Shape::Gate, "approve".to_owned()),
        NodeKind::Sleep { .. } => (Shape::Gate, "sleep".to_owned()),
    }
}

fn variables(source: &MapSource) -> String {
    match source {
        MapSource::List { index: Some(index), item, .. } => format!("{index}, {item}"),
        MapSource::List { index: None, item, .. } => item.clone(),
        MapSource::Product(lists) | MapSource::Zip(lists) => {
            lists.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
        }
    }
}

fn regions(node: &Node) -> Vec<(String, &Region)> {
    match &node.kind {
        NodeKind::Branch { then, otherwise, .. } => {
            let otherwise = otherwise.iter().map(|region| ("else".to_owned(), &**region));
            std::iter::once(("then".to_owned(), &**then)).chain(otherwise).collect()
        }
        NodeKind::Match { arms, .. } => {
            let name = |arm: &pipec_ir::NodeArm| arm.variant.clone().unwrap_or_else(|| "null".to_owned());
            arms.iter().map(|arm| (name(arm), &arm.body)).collect()
        }
        NodeKind::Map { body, .. } | NodeKind::Repeat { body, .. } | NodeKind::Try { body } => {
            vec![(String::new(), body)]
        }
        NodeKind::Call(_) | NodeKind::Let(_) | NodeKind::Approve { .. } | NodeKind::Sleep { .. } => {
            Vec::new()
        }
    }
}

impl Box {
    /// `fits: for params`, `raw: fetch`, or the name alone where it says all.
    pub(super) fn label(&self) -> String {
        if self.action.is_empty() || self.action == self.name {
            self.name.clone()
        } else {
            format!("{}: {}", self.name, self.action)
        }
    }
}
