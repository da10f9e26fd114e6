//! What the names of an expression stand for inside one template.

use std::rc::Rc;

use indexmap::IndexMap;
use pipec_ir::{Expr, NodeId, Type};

/// What a name stands for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Binding {
    /// A parameter that holds a wire text: `inputs.parameters.x`.
    Parameter { reference: String, ty: Type },
    /// A place inside decoded JSON: `#.a.b`.
    Json { text: String, ty: Type },
    /// A pure expression of the same scope.
    Expression(Expr),
    /// Something that was refused already.
    Refused,
}

/// What an earlier node's value is made of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum NodeValue {
    /// A parameter that holds all of it, or an expression.
    Whole(Binding),
    /// One parameter for each of a call's named outputs: (output, reference, type).
    Outputs(Vec<(String, String, Type)>),
    /// A list of such records, as one list for each output: (output, reference, type of the list).
    Columns(Vec<(String, String, Type)>),
}

/// Where an expression finds out how things ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ending {
    /// In Argo's variables about the whole run; nodes of these templates are no reason why it failed.
    Run { caught: Vec<String> },
    /// In the parameters of the handler of a pipeline's call.
    Call,
}

impl Default for Ending {
    fn default() -> Ending {
        Ending::Run { caught: Vec::new() }
    }
}

/// Names inside a template.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    pub(crate) inputs: IndexMap<String, Binding>,
    /// Shared with the scopes inside of it, which see all of them.
    pub(crate) nodes: Rc<IndexMap<NodeId, NodeValue>>,
    pub(crate) ending: Ending,
}

impl Scope {
    /// An input that is a parameter of the template itself.
    pub(crate) fn add_input(&mut self, name: &str, ty: &Type) {
        let reference = format!("inputs.parameters{}", super::term::member(name));
        self.inputs.insert(name.to_owned(), Binding::Parameter { reference, ty: ty.clone() });
    }

    /// What an earlier node's value is made of.
    pub(crate) fn node(&self, id: &NodeId) -> Option<&NodeValue> {
        self.nodes.get(id)
    }

    pub(crate) fn add_node(&mut self, id: NodeId, value: NodeValue) {
        Rc::make_mut(&mut self.nodes).insert(id, value);
    }

    /// The same scope inside one more predicate: what was `#` is now `element`.
    pub(crate) fn inside_predicate(&self, element: &str) -> Scope {
        let mut inner = self.clone();
        for binding in inner.inputs.values_mut() {
            if let Binding::Json { text, .. } = binding
                && let Some(rest) = text.strip_prefix('#')
            {
                *text = format!("{element}{rest}");
            }
        }
        inner
    }

    pub(crate) fn has_element(&self) -> bool {
        self.inputs
            .values()
            .any(|binding| matches!(binding, Binding::Json { text, .. } if text.starts_with('#')))
    }
}
