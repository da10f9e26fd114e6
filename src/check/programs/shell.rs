//! Reads a block of `bash` or `sh`.

use foldhash::HashSet;
use tree_sitter::Node;

use super::commands;
use super::reading::{self, Place, Reading};
use super::tools::Reach;

/// What waits for a partner.
const PAIRS: &[(&str, &str)] = &[
    ("if", "fi"),
    ("do", "done"),
    ("case", "esac"),
    ("(", ")"),
    ("{", "}"),
    ("[[", "]]"),
    ("((", "))"),
    ("$((", "))"),
    ("$(", ")"),
    ("${", "}"),
    ("\"", "\""),
    ("`", "`"),
];

/// What a name is to the block, by where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// `$x`
    Read,
    /// `${x:-y}`: fine without a value.
    Use,
    /// `x=…`
    Set,
    /// `export x`: it may have been there, and is from now on.
    Declare,
}

pub(super) struct Shell<'a> {
    pub(super) text: &'a str,
    pub(super) found: Reading,
    /// What runs, by name.
    functions: HashSet<&'a str>,
    /// Programs that are started, with what they may read.
    pub(super) started: Vec<(&'a str, Reach)>,
}

pub(super) fn read(root: Node<'_>, text: &str) -> Reading {
    if root.has_error() {
        // The grammar doesn't know all that shells take, so only what has no partner is surely wrong.
        let broken = commands::surely_broken(root, text, PAIRS);
        return Reading { unclear: broken.is_none(), broken, ..Reading::default() };
    }
    let mut shell =
        Shell { text, found: Reading::default(), functions: HashSet::default(), started: Vec::new() };
    // An own stack: a tree may be deep.
    let mut waiting = vec![(root, Role::Read)];
    while let Some((node, role)) = waiting.pop() {
        shell.node(node, role, &mut waiting);
    }
    let functions = &shell.functions;
    let reaches = shell.started.iter().filter(|(name, _)| !functions.contains(name)).map(|(_, reach)| *reach);
    match reaches.max().unwrap_or(Reach::Nothing) {
        Reach::Nothing => {}
        Reach::Text => shell.found.reads_text = true,
        Reach::Everything => shell.found.reads_unseen = true,
    }
    shell.found
}

impl<'a> Shell<'a> {
    fn node<'t>(&mut self, node: Node<'t>, role: Role, waiting: &mut Vec<(Node<'t>, Role)>) {
        match node.kind() {
            "variable_name" => return self.name(node.byte_range(), role),
            "comment" => return,
            "function_definition" => {
                if let Some(name) = node.child_by_field_name("name") {
                    self.functions.insert(&self.text[name.byte_range()]);
                }
            }
            "command" => self.command(node),
            "declaration_command" => self.declaration(node),
            "test_command" => self.test_words(node),
            "expansion" if self.is_indirect(node) => self.found.reads_unseen = true,
            _ => {}
        }
        let mut children = Vec::with_capacity(node.child_count() as usize);
        let mut cursor = node.walk();
        if cursor.goto_first_child() {
            loop {
                children.push((cursor.node(), self.role(node, cursor.field_name(), cursor.node(), role)));
                if !cursor.goto_next_sibling() {
                    break;
                }
            }
        }
        waiting.extend(children.into_iter().rev());
    }

    /// The role of a name that is a child of a node.
    fn role(&self, parent: Node<'_>, field: Option<&str>, child: Node<'_>, own: Role) -> Role {
        match (parent.kind(), field) {
            ("variable_assignment", Some("name")) | ("for_statement", Some("variable")) => Role::Set,
            ("c_style_for_statement", _) if child.kind() == "variable_assignment" => Role::Set,
            ("declaration_command" | "unset_command", _) if child.kind() == "variable_name" => Role::Declare,
            ("binary_expression", Some("left")) if self.is_assignment(parent) => Role::Set,
            ("postfix_expression", _) => Role::Set,
            ("unary_expression", _) if self.operator(parent).is_some_and(|op| matches!(op, "++" | "--")) => {
                Role::Set
            }
            ("expansion", _) if self.has_default(parent) => match child.kind() {
                "variable_name" | "subscript" => Role::Use,
                _ => Role::Read,
            },
            ("subscript", Some("name")) => own,
            ("subscript", _) => Role::Use,
            _ => Role::Read,
        }
    }

    pub(super) fn name(&mut self, place: Place, role: Role) {
        if !reading::is_name(&self.text[place.clone()]) {
            return;
        }
        match role {
            Role::Read => self.found.reads.push(place),
            Role::Use => self.found.uses.push(place),
            Role::Set => self.found.sets.push(place),
            Role::Declare => {
                self.found.uses.push(place.clone());
                self.found.sets.push(place);
            }
        }
    }

    fn operator(&self, node: Node<'_>) -> Option<&'a str> {
        node.child_by_field_name("operator").map(|operator| &self.text[operator.byte_range()])
    }

    fn is_assignment(&self, node: Node<'_>) -> bool {
        self.operator(node)
            .is_some_and(|op| op.ends_with('=') && !matches!(op, "==" | "!=" | "<=" | ">=" | "=~"))
    }

    /// `${x:-y}` and its like.
    fn has_default(&self, node: Node<'_>) -> bool {
        let mut cursor = node.walk();
        node.children(&mut cursor)
            .any(|child| matches!(child.kind(), ":-" | "-" | ":=" | "=" | ":+" | "+" | ":?" | "?"))
    }

    /// `${!x}` and `${!x*}` read variables whose names aren't written.
    fn is_indirect(&self, node: Node<'_>) -> bool {
        node.child(1).is_some_and(|child| child.kind() == "!")
    }

    /// `[[ n -gt 3 ]]` and `[[ -v n ]]` take names without a `$`.
    fn test_words(&mut self, node: Node<'_>) {
        let mut waiting = vec![node];
        while let Some(node) = waiting.pop() {
            if node.kind() == "word" {
                self.name(node.byte_range(), Role::Use);
            }
            let mut cursor = node.walk();
            waiting.extend(node.named_children(&mut cursor));
        }
    }
}
