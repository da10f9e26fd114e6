//! `--allow`, `--warn`, `--deny`.

use super::super::failure::Failure;
use crate::diagnostics::Code;
use crate::diagnostics::codes::TABLE;
use crate::diagnostics::levels::{self, Level, Levels, NoLint};

/// The levels that flags give, the loudest last.
pub(super) fn of_flags(allow: &[String], warn: &[String], deny: &[String]) -> Result<Levels, Failure> {
    let mut levels = Levels::default();
    let flags =
        [("--allow", Level::Allow, allow), ("--warn", Level::Warn, warn), ("--deny", Level::Deny, deny)];
    for (flag, level, names) in flags {
        for name in names {
            for lint in lints_of(name, flag)? {
                levels.set(lint, level);
            }
        }
    }
    Ok(levels)
}

fn lints_of(name: &str, flag: &str) -> Result<Vec<Code>, Failure> {
    if name == "all" {
        return Ok(levels::lints().collect());
    }
    let failure = Failure::new(format!("can't use `{flag} {name}`"));
    levels::lint(name).map(|lint| vec![lint]).map_err(|why| match why {
        NoLint::Error => failure
            .because("an error has no level")
            .help("only the codes that begin with W can be allowed, warned of or denied"),
        NoLint::Unknown { near: Some(near) } => {
            failure.because("there is no such code").help(format!("did you mean `{near}`?"))
        }
        NoLint::Unknown { near: None } => {
            failure.because("there is no such code").help("`pipec explain --all` lists all codes")
        }
    })
}

/// All lints with the levels that they have where nobody says otherwise.
pub(super) fn help() -> String {
    let lines = TABLE.iter().filter_map(|row| {
        let level = row.level?.word();
        Some(format!("  {}  {level:<5}  {}\n", row.code.0, row.title))
    });
    format!(
        "Lints:\n{}\n[lints] in pipec.toml and `// pipec: allow(CODE) reason` change levels too.",
        lines.collect::<String>()
    )
}
