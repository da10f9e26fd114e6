//! The secrets that a run may need, from the caller's environment.

use std::collections::BTreeMap;

use pipec_ir::{ExprKind, Program};

use super::reach::Reach;
use crate::error::Refusal;
use crate::places::place;
use crate::request::RunRequest;
use crate::secrets::{Secrets, variable_name};

/// All of them, or a refusal for each that is missing.
pub(super) fn find(
    program: &Program,
    reach: &Reach<'_>,
    request: &RunRequest,
) -> Result<Secrets, Vec<Refusal>> {
    let mut needed: BTreeMap<(&str, &str), (&str, Option<String>)> = BTreeMap::new();
    reach.visit_expressions(&mut |owner, expr| {
        if let ExprKind::Secret { name, key } = &expr.kind {
            needed.entry((name, key)).or_insert_with(|| (owner, place(program, expr.span)));
        }
    });
    let mut secrets = Secrets::default();
    let mut missing = Vec::new();
    for ((name, key), (owner, place)) in needed {
        let variable = variable_name(name, key);
        let shown = variable.to_string_lossy();
        match request.environment.get(&variable).map(|value| value.to_str()) {
            Some(Some(value)) => secrets.insert(name, key, value.to_owned()),
            Some(None) => missing.push(Refusal::new(format!("the variable {shown} isn't text in UTF-8"))),
            None => missing.push(
                Refusal::new(format!(
                    "the secret \"{name}\", key \"{key}\", which {owner} needs, isn't there"
                ))
                .help(format!("set the variable {shown}"))
                .at(place),
            ),
        }
    }
    if missing.is_empty() { Ok(secrets) } else { Err(missing) }
}
