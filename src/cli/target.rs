//! `--target NAME`: a target of `pipec.toml`, a backend, or a program `pipec-backend-NAME` on the PATH.

use std::path::PathBuf;

use super::failure::Failure;
use crate::project::{LocalTarget, Settings, Target};
use crate::resolve::suggest::nearest;

/// What a program is compiled for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Chosen {
    BuiltIn(Target),
    External { name: String, program: PathBuf },
}

/// The target of that name; without one the project's default.
pub(super) fn choose(name: Option<&str>, settings: &Settings, attempt: &str) -> Result<Chosen, Failure> {
    let Some(name) = name.or(settings.default_target.as_deref()) else {
        let names = known(settings).join(", ");
        return Err(Failure::new(attempt).because("it isn't said for which target").help(format!(
            "give one: `--target NAME` with one of {names}; or set `default_target` in [project] of pipec.toml"
        )));
    };
    if let Some(target) = settings.targets.get(name) {
        return Ok(Chosen::BuiltIn(target.clone()));
    }
    match name {
        "argo" => return Ok(Chosen::BuiltIn(Target::Argo(Box::default()))),
        "local" => return Ok(Chosen::BuiltIn(Target::Local(LocalTarget::default()))),
        _ => {}
    }
    if let Some(program) = on_path(&format!("pipec-backend-{name}")) {
        return Ok(Chosen::External { name: name.to_owned(), program });
    }
    let failure = Failure::new(attempt).because(format!(
        "there is no target `{name}`: not in pipec.toml, not built in, and no program `pipec-backend-{name}` on the PATH"
    ));
    let known = known(settings);
    Err(match nearest(name, known.iter().copied()) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None => failure.help(format!("there is {}", known.join(", "))),
    })
}

fn known(settings: &Settings) -> Vec<&str> {
    let mut names: Vec<&str> = settings.targets.keys().map(String::as_str).collect();
    names.extend(["argo", "local"].iter().filter(|name| !settings.targets.contains_key(**name)));
    names
}

fn on_path(program: &str) -> Option<PathBuf> {
    if program.contains(['/', '\\']) {
        return None;
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}
