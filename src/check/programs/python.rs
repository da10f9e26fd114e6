//! Reads a block of Python.

use foldhash::HashSet;
use tree_sitter::Node;

use super::python_names as names;
use super::reading::{self, Broken, Place, Reading};

const PAIRS: &[(&str, &str)] = &[("(", ")"), ("[", "]"), ("{", "}"), ("string_start", "string_end")];

/// What a name is to the block, by where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Read,
    /// In a type, which may be text that is never evaluated.
    Annotation,
    Bind,
    /// `:=`, whose name belongs to the scope around a comprehension.
    BindOutside,
    /// In the pattern of a `case`.
    Pattern,
    /// `import a.b`: binds the module's first name.
    Module,
    /// `import a as b`, `from a import b`: the module's name.
    ModuleOnly,
    /// `global x`
    Global,
    /// A name of something else: an attribute, a keyword of a call.
    Other,
}

/// Where a statement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    Top,
    /// A comprehension in the outermost scope.
    TopComprehension,
    Inner,
}

#[derive(Clone, Copy)]
struct Visit<'t> {
    node: Node<'t>,
    role: Role,
    scope: Scope,
}

struct Python<'a> {
    text: &'a str,
    found: Reading,
    /// Names that a function declares `global`.
    globals: HashSet<&'a str>,
}

pub(super) fn read(root: Node<'_>, text: &str) -> Reading {
    if root.has_error() {
        let broken = reading::first_error(root, text, PAIRS);
        return Reading { unclear: broken.is_none(), broken, ..Reading::default() };
    }
    let mut python = Python { text, found: Reading::default(), globals: HashSet::default() };
    // An own stack: a tree may be deep.
    let mut waiting = vec![Visit { node: root, role: Role::Read, scope: Scope::Top }];
    while let Some(visit) = waiting.pop() {
        python.visit(visit, &mut waiting);
    }
    let Python { mut found, globals, .. } = python;
    let global = found.sets.iter().filter(|place| globals.contains(&text[(*place).clone()]));
    let global: Vec<Place> = global.cloned().collect();
    found.assigns.extend(global);
    found
}

impl<'a> Python<'a> {
    fn visit<'t>(&mut self, visit: Visit<'t>, waiting: &mut Vec<Visit<'t>>) {
        let Visit { node, role, scope } = visit;
        match node.kind() {
            "identifier" => return self.name(node.byte_range(), role, scope),
            "wildcard_import" | "exec_statement" => self.found.sets_unseen = true,
            "if_statement"
            | "elif_clause"
            | "for_statement"
            | "while_statement"
            | "function_definition"
            | "class_definition"
            | "with_statement" => self.body_of(node),
            "return_statement" if scope == Scope::Top => self.outermost_return(node.start_byte()),
            _ => {}
        }
        let inner = inner_scope(node.kind(), scope);
        let mut children = Vec::with_capacity(node.child_count() as usize);
        let mut cursor = node.walk();
        let mut first = true;
        if cursor.goto_first_child() {
            loop {
                let child = cursor.node();
                if child.is_named() {
                    let role = role_of(node, cursor.field_name(), child, role, first);
                    let scope = if is_inside(node.kind(), cursor.field_name()) { inner } else { scope };
                    children.push(Visit { node: child, role, scope });
                    first = false;
                }
                if !cursor.goto_next_sibling() {
                    break;
                }
            }
        }
        waiting.extend(children.into_iter().rev());
    }

    /// A line that ends with a colon, and no line behind it that is indented: the parser takes that for an empty body.
    fn body_of(&mut self, node: Node<'_>) {
        let body = node.child_by_field_name("consequence").or_else(|| node.child_by_field_name("body"));
        if let Some(body) = body
            && body.named_child_count() == 0
        {
            let line = self.text[node.start_byte()..].lines().next().unwrap_or_default();
            self.found.broken.get_or_insert_with(|| Broken {
                place: node.start_byte()..node.start_byte() + line.trim_end().len(),
                what: "an indented line is expected after this".to_owned(),
            });
        }
    }

    /// A block is a module, which nothing returns from.
    fn outermost_return(&mut self, start: usize) {
        self.found.broken.get_or_insert_with(|| Broken {
            place: start..start + "return".len(),
            what: "outside of a function: an output is assigned, `out = …`".to_owned(),
        });
    }

    fn name(&mut self, place: Place, role: Role, scope: Scope) {
        let name = &self.text[place.clone()];
        self.found.reads_unseen |= names::reads_unseen(name);
        match role {
            Role::Read => {
                self.found.sets_unseen |= names::sets_unseen(name);
                self.found.reads.push(place);
            }
            Role::Annotation => self.found.uses.push(place),
            Role::Bind | Role::BindOutside | Role::Pattern => self.bind(place, role, scope),
            Role::Module => {
                self.found.imports.push(place.clone());
                self.bind(place, role, scope);
            }
            Role::ModuleOnly => self.found.imports.push(place),
            Role::Global => {
                self.globals.insert(name);
            }
            Role::Other => {}
        }
    }

    fn bind(&mut self, place: Place, role: Role, scope: Scope) {
        let is_top = scope == Scope::Top || scope == Scope::TopComprehension && role == Role::BindOutside;
        if is_top {
            self.found.assigns.push(place.clone());
        }
        self.found.sets.push(place);
    }
}

/// The scope of what is inside of a node.
fn inner_scope(kind: &str, scope: Scope) -> Scope {
    let is_comprehension = matches!(
        kind,
        "list_comprehension" | "set_comprehension" | "dictionary_comprehension" | "generator_expression"
    );
    match scope {
        Scope::Top | Scope::TopComprehension if is_comprehension => Scope::TopComprehension,
        Scope::Top | Scope::TopComprehension | Scope::Inner => Scope::Inner,
    }
}

/// Whether a child of a node is in a scope of the node's own.
fn is_inside(kind: &str, field: Option<&str>) -> bool {
    match kind {
        "function_definition" | "class_definition" => {
            matches!(field, Some("body" | "parameters" | "type_parameters"))
        }
        "type_alias_statement" => false,
        "lambda"
        | "list_comprehension"
        | "set_comprehension"
        | "dictionary_comprehension"
        | "generator_expression" => true,
        _ => false,
    }
}

/// The role of names in a child, by its parent and what names in the parent are.
fn role_of(parent: Node<'_>, field: Option<&str>, child: Node<'_>, own: Role, first: bool) -> Role {
    match (parent.kind(), field) {
        ("attribute", Some("attribute")) | ("keyword_argument", Some("name")) => Role::Other,
        // `x: int` alone binds nothing.
        ("assignment", Some("left")) if parent.child_by_field_name("right").is_none() => match child.kind() {
            "identifier" => Role::Other,
            _ => Role::Read,
        },
        ("assignment" | "augmented_assignment" | "for_statement" | "for_in_clause", Some("left"))
        | ("function_definition" | "class_definition", Some("name" | "type_parameters"))
        | ("lambda" | "function_definition", Some("parameters"))
        | ("except_clause", Some("alias"))
        | ("aliased_import", Some("alias"))
        | ("default_parameter" | "typed_default_parameter", Some("name")) => Role::Bind,
        ("as_pattern", Some("alias")) => Role::Bind,
        ("named_expression", Some("name")) => Role::BindOutside,
        (_, Some("type" | "return_type")) => Role::Annotation,
        ("type_alias_statement", Some("left")) => Role::Bind,
        ("type_alias_statement", Some("right")) => Role::Annotation,
        ("default_parameter" | "typed_default_parameter", _) => Role::Read,
        ("import_statement" | "future_import_statement", Some("name")) => Role::Module,
        ("import_from_statement", Some("module_name")) => Role::ModuleOnly,
        ("import_from_statement", Some("name")) => Role::Bind,
        ("aliased_import", Some("name")) if own == Role::Module => Role::ModuleOnly,
        ("aliased_import", _) => Role::Other,
        ("relative_import", _) => own,
        ("global_statement" | "nonlocal_statement", _) => Role::Global,
        ("case_clause", None) if child.kind() == "case_pattern" => Role::Pattern,
        ("class_pattern", _) if child.kind() == "dotted_name" => Role::Read,
        ("keyword_pattern", _) if first => Role::Other,
        ("dotted_name", _) => dotted(parent, own, first),
        _ => inherited(parent.kind(), own),
    }
}

/// A name in `a.b`: what follows the first is an attribute, and a pattern `a.b` is a value.
fn dotted(parent: Node<'_>, own: Role, first: bool) -> Role {
    if !first {
        Role::Other
    } else if own == Role::Pattern && parent.named_child_count() > 1 {
        Role::Read
    } else {
        own
    }
}

/// The role of children that have none by their place.
fn inherited(kind: &str, own: Role) -> Role {
    let is_target = matches!(
        kind,
        "pattern_list"
            | "tuple_pattern"
            | "list_pattern"
            | "list_splat_pattern"
            | "dictionary_splat_pattern"
            | "list_splat"
            | "tuple"
            | "list"
            | "expression_list"
            | "parenthesized_expression"
            | "as_pattern_target"
            | "parameters"
            | "lambda_parameters"
            | "typed_parameter"
            | "type_parameter"
            | "type"
            | "generic_type"
            | "constrained_type"
            | "splat_type"
            | "aliased_import"
    );
    let is_pattern = matches!(
        kind,
        "case_pattern"
            | "as_pattern"
            | "union_pattern"
            | "list_pattern"
            | "tuple_pattern"
            | "dict_pattern"
            | "splat_pattern"
            | "class_pattern"
            | "keyword_pattern"
    );
    match own {
        Role::Bind if is_target => Role::Bind,
        Role::Pattern if is_pattern => Role::Pattern,
        Role::Annotation => Role::Annotation,
        Role::Read
        | Role::Bind
        | Role::BindOutside
        | Role::Pattern
        | Role::Module
        | Role::ModuleOnly
        | Role::Global
        | Role::Other => Role::Read,
    }
}
