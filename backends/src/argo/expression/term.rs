//! Pieces of expression text, and how an operand that a formula needs twice is bound.

/// Expression text, with what must be known to put it somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    pub(crate) text: String,
    /// It may fail, so it may only stand in a tag of a DAG task.
    pub(crate) faults: bool,
    /// It needs `workflow`, which output expressions don't see.
    pub(crate) needs_workflow: bool,
    /// A parameter or a literal: cheap to write twice, and the same inside a predicate.
    pub(crate) atom: bool,
}

impl Term {
    pub(crate) fn atom(text: impl Into<String>) -> Term {
        Term { text: text.into(), faults: false, needs_workflow: false, atom: true }
    }

    /// Text made of `operands`; it fails where one of them does.
    pub(crate) fn made_of(text: impl Into<String>, operands: &[&Term]) -> Term {
        Term {
            text: text.into(),
            faults: operands.iter().any(|operand| operand.faults),
            needs_workflow: operands.iter().any(|operand| operand.needs_workflow),
            atom: false,
        }
    }

    pub(crate) fn faulting(mut self) -> Term {
        self.faults = true;
        self
    }

    /// The current element of the innermost predicate, or something picked from it.
    fn is_element(&self) -> bool {
        self.text.starts_with('#')
            && self.text[1..].bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.[]".contains(&byte))
    }
}

/// A formula over operands of which it may use each several times: evaluated once each, from the left.
pub(crate) fn formula(operands: &[&Term], build: impl FnOnce(&[String]) -> String) -> Term {
    if operands.iter().all(|operand| operand.atom || operand.is_element()) {
        let texts: Vec<String> = operands.iter().map(|operand| operand.text.clone()).collect();
        return Term::made_of(format!("({})", build(&texts)), operands);
    }
    let bound: Vec<&str> =
        operands.iter().filter(|operand| !operand.atom).map(|operand| operand.text.as_str()).collect();
    let several = bound.len() > 1;
    let mut next = 0;
    let names: Vec<String> = operands
        .iter()
        .map(|operand| {
            if operand.atom {
                return operand.text.clone();
            }
            let name = if several { format!("#[{next}]") } else { "#".to_owned() };
            next += 1;
            name
        })
        .collect();
    let list = if several { format!("[[{}]]", bound.join(", ")) } else { format!("[{}]", bound[0]) };
    Term::made_of(format!("map({list}, {})[0]", build(&names)), operands)
}

/// A string literal of the expression language.
pub(crate) fn string_literal(text: &str) -> String {
    const FORBIDDEN: [&str; 3] = [" is missing", "variable not in env", "failed to resolve {{"];
    let plain = text.is_empty() || super::super::wire::is_plain_text(text) || text == "null";
    if plain && !FORBIDDEN.iter().any(|word| text.contains(word)) {
        format!("'{text}'")
    } else {
        format!("fromBase64('{}')", encode(text))
    }
}

pub(crate) fn encode(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(text)
}

/// A key or a field's name after a value: `.name`, or `['name']` where that isn't a word.
pub(crate) fn member(name: &str) -> String {
    let word = !name.is_empty()
        && !name.as_bytes()[0].is_ascii_digit()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if word { format!(".{name}") } else { format!("[{}]", string_literal(name)) }
}

/// The call that ends an expression with a message; on a line of its own, because the whole line is shown.
pub(crate) fn fail(message: &str) -> String {
    format!("\nsprig.fail('{}')\n", safe(message))
}

/// The same, with a text that only the run knows: shortened, and with `_` for what Argo might read something into.
pub(crate) fn fail_showing(message: &str, text: &str) -> String {
    let message = safe(message);
    format!(
        "\nsprig.fail('{message}, not ' + sprig.regexReplaceAll('[^A-Za-z0-9._:,/()+-]', sprig.trunc(80, {text}), '_'))\n"
    )
}

fn safe(message: &str) -> String {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || " ._:,+/()-".contains(c);
    message.chars().map(|c| if is_safe(c) { c } else { '_' }).collect()
}
