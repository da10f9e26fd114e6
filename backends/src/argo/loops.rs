//! What a loop walks: a JSON list of wire texts, or of objects with an index and one wire text for each variable.

use pipec_ir::{ExprKind, MapSource, Node, Type};

use super::dag::Dag;
use super::expression::{Term, out_of_json, to_wire};
use super::units::Variable;
use super::wire::{Class, class};
use crate::Refusal;

impl<'a> Dag<'_, 'a> {
    /// The items of a loop as a JSON list of wire texts, or of objects with them.
    pub(super) fn items(
        &mut self,
        node: &'a Node,
        source: &'a MapSource,
        keyed: bool,
    ) -> Result<Items, Refusal> {
        let lowering = self.workflow.context.lowering();
        let types = &self.workflow.context.program.types;
        let element = Term { text: "#".to_owned(), faults: false, needs_workflow: false, atom: false };
        let item_wire = |ty: &Type| to_wire(&out_of_json(&element, ty, types), ty, types);
        // Inside an object: a text with quotes would arrive with them escaped, a structure arrives as its JSON.
        let item_field = |ty: &Type| match (is_structure(ty, types), ty) {
            (true, Type::Optional { .. }) => Term::made_of("(# == nil ? 'null' : #)", &[&element]),
            (true, _) => element.clone(),
            (false, _) => item_wire(ty),
        };
        let limit = self.workflow.context.target.map_limit;
        let too_many = lowering.fail(node.span, &format!("a loop takes at most {limit} items"));
        match source {
            MapSource::List { index, item, list } => {
                let Type::List { item: ty } = &list.ty else {
                    return Err(Refusal::new("a loop needs a list").spanned(list.span));
                };
                let objects = keyed || index.is_some();
                let variable = |reference: &str| Variable {
                    name: item.clone(),
                    ty: (**ty).clone(),
                    reference: reference.into(),
                };
                if let ExprKind::Const(serde_json::Value::Array(constants)) = &list.kind {
                    if constants.len() > limit as usize {
                        return Err(Refusal::new(format!(
                            "a loop takes at most {limit} items, and this has {}",
                            constants.len()
                        ))
                        .spanned(list.span));
                    }
                    let argument = constant_items(constants, ty, objects, types);
                    let reference = if objects { "item.v" } else { "item" };
                    return Ok(Items {
                        argument,
                        variables: with_index(index.as_deref(), vec![variable(reference)]),
                    });
                }
                let value = lowering.value(list, &self.scope)?;
                let (body, reference) = if !objects && is_scalar(ty, types) {
                    ("#".to_owned(), "item")
                } else if objects {
                    (format!("({{'i': string(#index), 'v': {}}})", item_field(ty).text), "item.v")
                } else {
                    (item_wire(ty).text, "item")
                };
                let items = super::expression::formula(&[&value], |t| {
                    let items = if body == "#" { t[0].clone() } else { format!("map({}, {body})", t[0]) };
                    let guard = self.list_guard(list, &t[0]);
                    format!("len({}) > {limit} ? {too_many} : {guard}toJson({items})", t[0])
                });
                let argument = format!("{{{{={}}}}}", items.text);
                Ok(Items { argument, variables: with_index(index.as_deref(), vec![variable(reference)]) })
            }
            MapSource::Zip(lists) => {
                let width = lists.len();
                let mut terms = Vec::new();
                let mut variables = Vec::new();
                for (position, (name, list)) in lists.iter().enumerate() {
                    let Type::List { item: ty } = &list.ty else {
                        return Err(Refusal::new("a loop needs lists").spanned(list.span));
                    };
                    let value = lowering.value(list, &self.scope)?;
                    terms.push(Term::made_of(
                        format!("map({}, {})", value.text, item_field(ty).text),
                        &[&value],
                    ));
                    variables.push(Variable {
                        name: name.clone(),
                        ty: (**ty).clone(),
                        reference: format!("item.v{position}"),
                    });
                }
                let operands: Vec<&Term> = terms.iter().collect();
                let unequal = lowering.fail(node.span, "zip needs lists of one length");
                let zipped = super::expression::formula(&operands, |t| {
                    let tests: Vec<String> =
                        t[1..].iter().map(|list| format!("len({}) != len({list})", t[0])).collect();
                    let marked: Vec<String> = t
                        .iter()
                        .enumerate()
                        .map(|(i, list)| format!("map({list}, [{width} * #index + {i}, #])"))
                        .collect();
                    let mut fields = vec!["'i': string(#index)".to_owned()];
                    fields.extend((0..width).map(|i| format!("'v{i}': #[{i}][1]")));
                    format!(
                        "{} ? {unequal} : map(sprig.chunk({width}, sortBy(concat({}), #[0])), ({{{}}}))",
                        tests.join(" or "),
                        marked.join(", "),
                        fields.join(", ")
                    )
                });
                Ok(Items { argument: format!("{{{{=toJson({})}}}}", zipped.text), variables })
            }
            MapSource::Product(lists) => {
                let mut terms = Vec::new();
                let mut variables = Vec::new();
                for (position, (name, list)) in lists.iter().enumerate() {
                    let Type::List { item: ty } = &list.ty else {
                        return Err(Refusal::new("a loop needs lists").spanned(list.span));
                    };
                    let value = lowering.value(list, &self.scope)?;
                    terms.push(Term::made_of(
                        format!("map({}, {})", value.text, item_field(ty).text),
                        &[&value],
                    ));
                    variables.push(Variable {
                        name: name.clone(),
                        ty: (**ty).clone(),
                        reference: format!("item.v{position}"),
                    });
                }
                Ok(Items { argument: product(&terms), variables })
            }
        }
    }
}

/// What a loop walks.
pub(super) struct Items {
    /// A JSON list, or a tag that gives one.
    pub(super) argument: String,
    pub(super) variables: Vec<Variable>,
}

fn with_index(index: Option<&str>, mut variables: Vec<Variable>) -> Vec<Variable> {
    if let Some(index) = index {
        variables.insert(0, Variable { name: index.to_owned(), ty: Type::INT, reference: "item.i".into() });
    }
    variables
}

/// Whether JSON's text of an item is its wire text.
fn is_scalar(ty: &Type, types: &pipec_ir::types::TypeTable) -> bool {
    !matches!(ty, Type::Optional { .. })
        && match class(ty, types) {
            Class::Bool | Class::Int | Class::Float | Class::Duration | Class::Name => true,
            Class::Text | Class::Plain | Class::Encoded | Class::Variant { .. } => false,
        }
}

/// Whether the wire text of an item is JSON as it stands.
fn is_structure(ty: &Type, types: &pipec_ir::types::TypeTable) -> bool {
    match class(ty, types) {
        Class::Plain | Class::Variant { plain: true } => true,
        Class::Bool | Class::Int | Class::Float | Class::Duration | Class::Name => false,
        Class::Text | Class::Encoded | Class::Variant { plain: false } => false,
    }
}

fn constant_items(
    constants: &[serde_json::Value],
    ty: &Type,
    objects: bool,
    types: &pipec_ir::types::TypeTable,
) -> String {
    let texts = constants.iter().enumerate().map(|(index, json)| {
        if objects && is_structure(ty, types) && !json.is_null() {
            return serde_json::json!({"i": index.to_string(), "v": json});
        }
        let wire = super::expression::wire_text(json, ty, types);
        if objects { serde_json::json!({"i": index.to_string(), "v": wire}) } else { wire.into() }
    });
    serde_json::Value::Array(texts.collect()).to_string()
}

/// Every combination of several lists, the last varying fastest.
fn product(lists: &[Term]) -> String {
    let sizes: Vec<String> = lists.iter().map(|list| format!("len({})", list.text)).collect();
    let total = sizes.join(" * ");
    let mut fields = vec!["'i': string(#)".to_owned()];
    for (position, list) in lists.iter().enumerate() {
        let rest = sizes[position + 1..].join(" * ");
        let step = if rest.is_empty() { "#".to_owned() } else { format!("int(floor(# / ({rest})))") };
        fields.push(format!("'v{position}': ({})[{step} % {}]", list.text, sizes[position]));
    }
    format!("{{{{={total} == 0 ? '[]' : toJson(map(0..{total}-1, ({{{}}})))}}}}", fields.join(", "))
}
