//! Constants and defaults, in an order in which each comes after what it is made of; and the values of constant
//! expressions.

use foldhash::HashMap;

use super::context::{Checker, Scope};
use super::convert::Expectation;
use super::declarations::{doc, number};
use super::messages::declarations as say;
use super::standing::Standing;
use super::walk;
use crate::hir::{self, ConstantId, Definition, EnumId, ModuleId, RecordId, TypeAliasId};
use crate::resolve::graph::{Group, order};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::Type;

/// A declaration that others may be made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Node {
    Record(RecordId),
    Enum(EnumId),
    Alias(TypeAliasId),
    Constant(ConstantId),
}

impl Node {
    pub(super) fn of(definition: &Definition) -> Option<Node> {
        if let Definition::Record(id) = definition {
            Some(Node::Record(*id))
        } else if let Definition::Enum(id) = definition {
            Some(Node::Enum(*id))
        } else if let Definition::TypeAlias(id) = definition {
            Some(Node::Alias(*id))
        } else if let Definition::Constant(id) = definition {
            Some(Node::Constant(*id))
        } else {
            None
        }
    }
}

impl Checker<'_> {
    pub(super) fn declare_constants(&mut self) {
        for index in 0..self.modules.places.constants.len() {
            let id = ConstantId(number(index));
            let (module, item, tree) = self.modules.constant(id);
            self.program.constants.push(hir::Constant {
                module,
                name: tree.name.value.clone(),
                span: tree.name.span,
                doc: doc(item.doc.as_ref()),
                ty: Type::Error,
                value: super::context::error_expression(tree.value.span),
            });
            self.declares(tree.name.span, Definition::Constant(id));
        }
    }

    /// Checks all constants, and the defaults of all fields.
    pub(super) fn check_constants(&mut self) {
        let nodes = self.nodes();
        let numbers: HashMap<Node, usize> =
            nodes.iter().enumerate().map(|(number, node)| (*node, number)).collect();
        let edges: Vec<Vec<usize>> = nodes.iter().map(|node| self.made_of(*node, &numbers)).collect();
        for group in order(&edges) {
            match group {
                Group::Single(number) => self.check_node(nodes[number]),
                Group::Cycle { round, members } => {
                    // A circle of types alone has had its message.
                    let holds_constant =
                        members.iter().any(|member| matches!(nodes[*member], Node::Constant(_)));
                    if holds_constant {
                        let names: Vec<(String, Span)> =
                            round.iter().map(|member| self.declared_name(nodes[*member])).collect();
                        self.report(say::constant_cycle(&names));
                    }
                }
            }
        }
    }

    fn nodes(&self) -> Vec<Node> {
        let places = &self.modules.places;
        let constants = (0..places.constants.len()).map(|index| Node::Constant(ConstantId(number(index))));
        let records = (0..places.records.len()).map(|index| Node::Record(RecordId(number(index))));
        let enums = (0..places.enums.len()).map(|index| Node::Enum(EnumId(number(index))));
        let aliases = (0..places.type_aliases.len()).map(|index| Node::Alias(TypeAliasId(number(index))));
        constants.chain(records).chain(enums).chain(aliases).collect()
    }

    /// What a constant's value or a type's defaults are made of: what is named in them, and the types there.
    fn made_of(&self, node: Node, numbers: &HashMap<Node, usize>) -> Vec<usize> {
        let (module, types) = self.types_of_node(node);
        let mut found: Vec<Definition> =
            types.into_iter().filter_map(|path| self.find_path(module, path)).collect();
        match node {
            Node::Record(id) => {
                let defaults =
                    self.modules.record(id).2.fields.iter().filter_map(|field| field.default.as_ref());
                defaults.for_each(|default| self.named_in(module, default, &mut found));
            }
            Node::Enum(id) => {
                let fields =
                    self.modules.enumeration(id).2.variants.iter().flat_map(|variant| &variant.fields);
                let defaults = fields.filter_map(|field| field.default.as_ref());
                defaults.for_each(|default| self.named_in(module, default, &mut found));
            }
            Node::Alias(_) => {}
            Node::Constant(id) => self.named_in(module, &self.modules.constant(id).2.value, &mut found),
        }
        let nodes = found.iter().filter_map(Node::of);
        nodes.filter_map(|node| numbers.get(&node).copied()).collect()
    }

    fn named_in(&self, module: ModuleId, expr: &ast::Expr, found: &mut Vec<Definition>) {
        walk::names(expr, &mut |alias, name, _| {
            let definition = match alias {
                None => self.modules.find(module, name),
                Some(alias) => {
                    let from = self.modules.module(module).aliases.get(alias);
                    from.and_then(|from| self.modules.find_exported(*from, name))
                }
            };
            found.extend(definition);
        });
    }

    fn check_node(&mut self, node: Node) {
        match node {
            Node::Record(id) => self.record_defaults(id),
            Node::Enum(id) => self.enum_defaults(id),
            Node::Alias(_) => {}
            Node::Constant(id) => return self.check_constant(id),
        }
        self.note_incomplete(node);
    }

    fn check_constant(&mut self, id: ConstantId) {
        let modules = self.modules;
        let (module, _, tree) = modules.constant(id);
        let mut scope = Scope::constant(module);
        let what = format!("the constant `{}`", tree.name.value);
        let value = match &tree.ty {
            Some(written) => {
                let ty = self.resolve_type(module, written);
                self.stands(&ty, written.span, Standing::Constant);
                self.default(&mut scope, &tree.value, &ty, written.span, &what)
            }
            None => {
                let value = self.expression(&mut scope, &tree.value, None);
                self.infer(value, &what)
            }
        };
        let constant = &mut self.program.constants[id.index()];
        constant.ty = value.ty.clone().unwrap_or(Type::Error);
        constant.value = value;
    }

    /// A constant whose type is its value's.
    fn infer(&mut self, value: hir::Expr, what: &str) -> hir::Expr {
        match &value.ty {
            None => {
                if !matches!(value.kind, hir::ExprKind::Error) {
                    self.report(super::messages::has_no_value(what, value.span));
                }
                super::context::error_expression(value.span)
            }
            Some(ty) if is_open(ty) => {
                let shown = self.show(ty);
                self.report(super::messages::type_unknown(what, &shown, value.span));
                super::context::error_expression(value.span)
            }
            Some(_) => {
                let value = self.not_too_large(value, what);
                self.folded(value)
            }
        }
    }

    /// A constant of a known type, checked and converted.
    pub(super) fn default(
        &mut self,
        scope: &mut Scope,
        tree: &ast::Expr,
        ty: &Type,
        ty_span: Span,
        what: &str,
    ) -> hir::Expr {
        let value = self.expression(scope, tree, Some(ty));
        let shown = self.show(ty);
        let why = Expectation::new(what).declared_at(ty_span, format!("declared as `{shown}`"));
        let value = self.convert(value, ty, &why);
        self.folded(value)
    }
}

/// Whether a type says too little for a constant or a binding: `null`, or an empty list.
pub(crate) fn is_open(ty: &Type) -> bool {
    let mut at = ty;
    while let Type::List(of) | Type::Map(of) = at {
        at = of;
    }
    matches!(at, Type::Null)
}
