//! Commands of a shell block: those that set names, and what the others may read.

use tree_sitter::Node;

use super::reading::{self, Broken};
use super::shell::{Role, Shell};
use super::tools::{self, Reach};

/// Builtins whose arguments are names that they set.
const SETTERS: &[&str] = &["read", "mapfile", "readarray", "getopts", "let", "coproc", "wait"];

impl<'a> Shell<'a> {
    pub(super) fn command(&mut self, node: Node<'_>) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let mut cursor = node.walk();
        let arguments: Vec<Node<'_>> = node.children_by_field_name("argument", &mut cursor).collect();
        let name_text = &self.text[name.byte_range()];
        let is_static = name.named_child(0).is_some_and(|child| child.kind() == "word");
        if !is_static {
            self.started.push(("", Reach::Everything));
            return;
        }
        let words: Vec<&str> = arguments.iter().map(|argument| &self.text[argument.byte_range()]).collect();
        match name_text {
            "eval" | "source" | "." => {
                self.found.sets_unseen = true;
                self.found.reads_unseen = true;
            }
            "printf" if !words.contains(&"-v") => {}
            "printf" | "test" | "[" => {
                let role = if name_text == "printf" { Role::Set } else { Role::Use };
                arguments.iter().for_each(|argument| self.argument(*argument, role));
            }
            setter if SETTERS.contains(&setter) => {
                let is_plain = |node: &Node<'_>| matches!(node.kind(), "word" | "number" | "raw_string");
                self.found.sets_unseen |= setter == "let"
                    || !arguments.iter().all(is_plain)
                        && setter != "mapfile"
                        && setter != "readarray"
                        && setter != "getopts";
                arguments.iter().for_each(|argument| self.argument(*argument, Role::Set));
            }
            "exec" => arguments.iter().for_each(|argument| self.descriptor(*argument)),
            _ => {}
        }
        let reach = tools::reach(name_text, &words);
        self.started.push((name_text, reach));
    }

    /// A name that is an argument.
    fn argument(&mut self, node: Node<'_>, role: Role) {
        if node.kind() == "word" {
            self.name(node.byte_range(), role);
        }
    }

    /// `exec {log}>file` sets `log`.
    fn descriptor(&mut self, node: Node<'_>) {
        let range = node.byte_range();
        let text = &self.text[range.clone()];
        if text.starts_with('{') && text.ends_with('}') {
            self.name(range.start + 1..range.end - 1, Role::Set);
        }
    }

    /// `declare`, `export`, `local`, `readonly`, `typeset`.
    pub(super) fn declaration(&mut self, node: Node<'_>) {
        let mut cursor = node.walk();
        let arguments: Vec<Node<'_>> = node.named_children(&mut cursor).collect();
        let is_flag = |node: &Node<'_>| self.text[node.byte_range()].starts_with('-');
        let is_plain = |node: &Node<'_>| {
            matches!(node.kind(), "variable_name" | "variable_assignment" | "word" | "number")
        };
        // `declare "$name=$value"`
        self.found.sets_unseen |= !arguments.iter().all(is_plain);
        // `declare -p`, `export`, and `local -n ref=x`, through which x is read by another name.
        self.found.reads_unseen |= arguments.iter().all(is_flag);
        let is_reference = |node: &Node<'_>| is_flag(node) && self.text[node.byte_range()].contains('n');
        self.found.reads_unseen |= arguments.iter().any(is_reference);
    }
}

/// An error that no shell would take, either.
pub(super) fn surely_broken(root: Node<'_>, text: &str, pairs: &[(&str, &str)]) -> Option<Broken> {
    let broken = reading::first_error(root, text, pairs)?;
    let is_sure =
        ["fi", "done", "esac", "}", ")", "\""].iter().any(|word| broken.what.contains(&format!("`{word}`")));
    is_sure.then_some(broken)
}
