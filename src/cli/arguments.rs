//! What is said about arguments that aren't understood, beyond what the parser knows.

use clap::Error;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::diagnostics::printable::in_line;

/// `--x=3` is how others write `x=3`.
pub(super) fn explained(mut error: Error, mut words: impl Iterator<Item = String>) -> Error {
    let unknown = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(unknown)) if error.kind() == ErrorKind::UnknownArgument => unknown,
        Some(_) | None => return error,
    };
    let given = words.find_map(|word| {
        let rest = word.strip_prefix(unknown)?;
        let name = unknown.strip_prefix("--")?.replace('-', "_");
        rest.starts_with('=').then(|| format!("{name}{rest}"))
    });
    let is_near = error.get(ContextKind::SuggestedArg).is_some();
    if let Some(input) = given.filter(|_| !is_near) {
        let tip = StyledStr::from(format!("an input is given without dashes: {}", in_line(input)));
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
    }
    error
}
