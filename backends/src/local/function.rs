//! A bash function while it is written: its lines, its variables, and what its expressions see.

use foldhash::HashMap;

use super::bash::Names;
use super::context::Context;

/// A word of bash, quoted: a variable `"$x"`, or a literal.
pub(super) type Word = String;

/// Where the names in a function's expressions come from.
pub(super) enum Scope<'a> {
    /// A unit: its inputs, and the nodes of its body with how their values are kept.
    Unit(&'a pipec_ir::Body),
    /// A task: its arguments.
    Task,
    /// Neither: constants, and what is known of the run.
    Nothing,
}

pub(super) struct Function<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) scope: Scope<'a>,
    names: Names,
    locals: Vec<String>,
    /// What is loaded at the start, so that it is there in every branch.
    loads: Vec<String>,
    loaded: HashMap<String, Word>,
    lines: Vec<String>,
    depth: usize,
    /// Names that a match, a loop's state or a task's outputs bind, innermost last.
    pub(super) bindings: Vec<(String, Word)>,
    /// The fields of record inputs that a program finds elsewhere: artifacts, by variable and field.
    pub(super) fields: HashMap<(String, String), Word>,
    /// Where messages say that it is.
    pub(super) node: String,
}

impl<'a> Function<'a> {
    pub(super) fn new(context: &'a Context<'a>, scope: Scope<'a>, node: impl Into<String>) -> Function<'a> {
        Function {
            context,
            scope,
            names: Names::default(),
            locals: Vec::new(),
            loads: Vec::new(),
            loaded: HashMap::default(),
            lines: Vec::new(),
            depth: 1,
            bindings: Vec::new(),
            fields: HashMap::default(),
            node: node.into(),
        }
    }

    pub(super) fn line(&mut self, line: impl AsRef<str>) {
        self.lines.push(format!("{}{}", "  ".repeat(self.depth), line.as_ref()));
    }

    /// A command whose failure ends the function.
    pub(super) fn must(&mut self, command: impl AsRef<str>) {
        self.line(format!("{} || return", command.as_ref()));
    }

    pub(super) fn indent(&mut self) {
        self.depth += 1;
    }

    pub(super) fn dedent(&mut self) {
        self.depth -= 1;
    }

    /// A new local variable, named after what it holds.
    pub(super) fn variable(&mut self, wanted: &str) -> String {
        let name = self.names.fresh(wanted);
        self.locals.push(name.clone());
        name
    }

    /// A value that is loaded once, by `command VARIABLE arguments`.
    pub(super) fn load(&mut self, wanted: &str, command: &str, arguments: &str) -> Word {
        let key = format!("{command} {arguments}");
        if let Some(word) = self.loaded.get(&key) {
            return word.clone();
        }
        let name = self.variable(wanted);
        self.loads.push(format!("  {command} {name} {arguments} || return"));
        let word = format!("\"${name}\"");
        self.loaded.insert(key, word.clone());
        word
    }

    /// The function's text. `lead` lines come first inside.
    pub(super) fn finish(self, name: &str) -> String {
        let mut text = format!("{name}() {{\n");
        if !self.locals.is_empty() {
            text.push_str(&format!("  local {}\n", self.locals.join(" ")));
        }
        for line in self.loads.iter().chain(&self.lines) {
            text.push_str(line);
            text.push('\n');
        }
        if self.loads.is_empty() && self.lines.is_empty() {
            text.push_str("  :\n");
        }
        text.push_str("}\n");
        text
    }
}

/// The variable in a word such as `"$x"`.
pub(super) fn variable_of(word: &str) -> Option<&str> {
    let name = word.strip_prefix("\"$")?.strip_suffix('"')?;
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then_some(name)
}
