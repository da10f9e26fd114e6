//! The environment of a step's program: exactly what the contract says, and nothing of the caller's beside it.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use pipec_ir::text::plain_text;
use pipec_ir::{Value, evaluate};

use super::{Attempt, StepContext, TaskScope};

/// All variables of a program.
#[derive(Debug)]
pub(super) struct Environment {
    pub(super) variables: Vec<(OsString, OsString)>,
}

/// Later ones win, so that what the program declares is what it gets. An error is a sentence.
pub(super) fn environment(
    context: &StepContext<'_>,
    attempt: &Attempt<'_>,
    inputs: Vec<(String, String)>,
    outputs: &[(String, String)],
    private: &Path,
    scope: &TaskScope<'_>,
) -> Result<Environment, String> {
    let mut variables = context.inherited.clone();
    let mut set = |name: &str, value: &OsStr| variables.push((OsString::from(name), value.to_owned()));
    for (name, directory) in [("HOME", "home"), ("TMPDIR", "tmp")] {
        let path = private.join(directory);
        std::fs::create_dir(&path).map_err(|error| crate::error::io_message("make", &path, &error))?;
        set(name, path.as_os_str());
    }
    set("LC_ALL", OsStr::new("C.UTF-8"));
    set("TZ", OsStr::new("UTC"));
    set("PIPEC_RUN", OsStr::new(&context.facts.id));
    set("PIPEC_ATTEMPT", OsStr::new(&attempt.number.to_string()));
    for (name, expr) in &attempt.task.settings.env {
        let value = evaluate(expr, &context.program.types, scope)
            .map_err(|fault| format!("the variable {name} of `env`: {fault}"))?;
        if let Value::Secret { name: secret, key } = &value {
            let text = context.secrets.get(secret, key);
            let text = text
                .ok_or_else(|| format!("the secret \"{secret}\", key \"{key}\" isn't known to this run"))?;
            set(name, OsStr::new(text));
        } else if value != Value::Null {
            let text = plain_text(&value, &expr.ty, &context.program.types);
            let text =
                text.ok_or_else(|| format!("the variable {name} of `env` is {}", value.kind_name()))?;
            set(name, OsStr::new(&text));
        }
    }
    for (name, value) in inputs.iter().chain(outputs) {
        set(name, OsStr::new(value));
    }
    Ok(Environment { variables })
}

/// Each string takes its bytes, a zero byte, and a pointer.
const OVERHEAD_BYTES: usize = 9;

/// The operating system refused the environment and arguments together: says how large they are, and what takes the room.
pub(super) fn too_large(environment: &Environment, arguments: &[OsString]) -> String {
    let variables = &environment.variables;
    let size = |(name, value): &(OsString, OsString)| name.len() + value.len() + 1 + OVERHEAD_BYTES;
    let total: usize = variables.iter().map(size).sum::<usize>()
        + arguments.iter().map(|argument| argument.len() + OVERHEAD_BYTES).sum::<usize>();
    let mut largest: Vec<_> = variables.iter().collect();
    largest.sort_by_key(|variable| std::cmp::Reverse(size(variable)));
    let largest: Vec<String> = largest
        .iter()
        .take(3)
        .map(|variable| format!("`{}` with {}", variable.0.to_string_lossy(), size(variable)))
        .collect();
    format!(
        "its inputs and arguments are too large together for this operating system: {total} bytes; the largest are {}. \
         Hand large values over as files",
        largest.join(", ")
    )
}
