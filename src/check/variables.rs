//! The variables in which a task's program finds its inputs and outputs: `$s`, and for records `$s_id`, `$s_a_b`.

use foldhash::HashMap;

use super::messages::declarations as say;
use crate::diagnostics::Diagnostic;
use crate::hir::Program;
use crate::source::Span;
use crate::types::{Kind, Type, kind};

/// One input gives at most so many variables.
pub(super) const MAX_VARIABLES: usize = 1_000;

/// A variable, and what it comes from.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) what: String,
    pub(super) span: Span,
}

pub(super) fn output(name: &str, span: Span) -> Variable {
    Variable { name: name.to_owned(), what: format!("the output `{name}`"), span }
}

pub(super) fn unnamed_output(span: Span) -> Variable {
    Variable { name: "out".to_owned(), what: "the output".to_owned(), span }
}

/// Adds the variables of an input; `false` if there are too many.
pub(super) fn of_input(
    name: &str,
    ty: &Type,
    span: Span,
    program: &Program,
    found: &mut Vec<Variable>,
) -> bool {
    let limit = found.len() + MAX_VARIABLES;
    if matches!(ty, Type::Secret) {
        return true;
    }
    found.push(Variable { name: name.to_owned(), what: format!("the input `{name}`"), span });
    let mut walk = Walk { span, program, found, limit };
    walk.fields(name, name, ty)
}

struct Walk<'a> {
    span: Span,
    program: &'a Program,
    found: &'a mut Vec<Variable>,
    limit: usize,
}

impl Walk<'_> {
    fn fields(&mut self, variable: &str, path: &str, ty: &Type) -> bool {
        let mut at = ty.without_optional();
        while let Type::Distinct(id) = at {
            at = &self.program.distincts[id.index()].of;
        }
        if let Type::List(of) | Type::Map(of) = at {
            return self.artifacts_of_items(variable, path, of);
        }
        for (name, ty) in fields(at, self.program) {
            let (variable, path) = (format!("{variable}_{name}"), format!("{path}.{name}"));
            if !self.add(&variable, &path) || !self.fields(&variable, &path, &ty) {
                return false;
            }
        }
        true
    }

    /// A list of mixed records has a directory for each artifact field.
    fn artifacts_of_items(&mut self, variable: &str, path: &str, item: &Type) -> bool {
        if !matches!(kind(item, self.program), Kind::Mixed) {
            return true;
        }
        let item = item.without_optional();
        if let Type::List(of) | Type::Map(of) = item {
            return self.artifacts_of_items(variable, path, of);
        }
        for (name, ty) in fields(item, self.program) {
            let (variable, path) = (format!("{variable}_{name}"), format!("{path}.{name}"));
            let fine = match kind(&ty, self.program) {
                Kind::Artifact => self.add(&variable, &path),
                Kind::Mixed => self.artifacts_of_items(&variable, &path, &ty),
                Kind::Value | Kind::Secret | Kind::Either => true,
            };
            if !fine {
                return false;
            }
        }
        true
    }

    fn add(&mut self, variable: &str, path: &str) -> bool {
        let (name, what) = (variable.to_owned(), format!("the field `{path}`"));
        self.found.push(Variable { name, what, span: self.span });
        self.found.len() <= self.limit
    }
}

fn fields(ty: &Type, program: &Program) -> Vec<(String, Type)> {
    if let Type::Record(id) = ty {
        let fields = &program.records[id.index()].fields;
        fields.iter().map(|field| (field.name.clone(), field.ty.clone())).collect()
    } else if let Type::Anonymous(fields) = ty {
        fields.iter().map(|field| (field.name.clone(), field.ty.clone())).collect()
    } else {
        Vec::new()
    }
}

/// A message for each variable that more than one thing would be found in.
pub(super) fn collisions(variables: &[Variable]) -> Vec<Diagnostic> {
    let mut first: HashMap<&str, &Variable> = HashMap::default();
    let mut diagnostics = Vec::new();
    for variable in variables {
        match first.get(variable.name.as_str()) {
            // Two inputs or two outputs of one name have had their message.
            Some(other) if other.what == variable.what => {}
            Some(other) => {
                let name = &variable.name;
                diagnostics.push(say::one_variable(
                    name,
                    &variable.what,
                    variable.span,
                    &other.what,
                    other.span,
                ));
            }
            None => {
                first.insert(&variable.name, variable);
            }
        }
    }
    diagnostics
}

pub(super) fn is_proxy(name: &str) -> bool {
    ["http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy"].contains(&name)
}

/// Keywords of Python that a name here can be: those in lower case.
const PYTHON_KEYWORDS: &[&str] = &[
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else",
    "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not",
    "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

pub(super) fn is_python_keyword(name: &str) -> bool {
    PYTHON_KEYWORDS.contains(&name)
}
