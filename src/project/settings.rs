//! The keys of `pipec.toml`.

use serde_json::{Map, Value as Json, json};
use toml::de::DeTable;

use super::reader::{Section, shape, wrong_kind};
use super::{LocalTarget, Problem, Profile, Settings, Target, argo, profile};
use crate::diagnostics::codes;
use crate::diagnostics::levels::{self, Level, Levels, NoLint};
use crate::resolve::suggest::nearest;

/// Backends that a `[target.NAME]` can be of.
const BACKENDS: &[&str] = &["argo", "local"];

pub(super) fn read(text: &str, problems: &mut Vec<Problem>) -> Settings {
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        problems.extend(errors.iter().map(|error| not_toml(error, text)));
        return Settings::default();
    }
    let mut file = Section::new("", table.get_ref());
    let mut settings = Settings::default();
    read_file(&mut file, &mut settings, problems);
    check_default_target(&file, &settings, problems);
    file.finish(problems);
    settings
}

fn read_file(file: &mut Section, settings: &mut Settings, problems: &mut Vec<Problem>) {
    if let Some((name, default_target)) = file.section("project", problems, read_project) {
        settings.name = name;
        settings.default_target = default_target;
    }
    if let Some(targets) = file.table("target", targets_schema(), problems) {
        read_targets(&targets, settings, problems);
    }
    if let Some(lints) = file.table("lints", lints_schema(), problems) {
        settings.lints = read_lints(&lints, problems);
    }
}

fn read_project(section: &mut Section, problems: &mut Vec<Problem>) -> (Option<String>, Option<String>) {
    (section.text("name", problems), section.text("default_target", problems))
}

/// The JSON Schema of the file: what is asked for when it is read.
pub(super) fn schema() -> Json {
    shape(|file, problems| read_file(file, &mut Settings::default(), problems))
}

fn targets_schema() -> Json {
    let argo = shape(|section, problems| read_target("argo", argo::read, section, problems));
    let local = shape(|section, problems| read_target("local", read_local, section, problems));
    json!({
        "description": "targets by name; one that has the name of a backend needs no `backend`",
        "type": "object",
        "additionalProperties": { "anyOf": [argo, local] },
    })
}

fn lints_schema() -> Json {
    let lint = |row: &codes::Row| {
        let default = row.level?.word();
        let level = json!({
            "description": row.title,
            "enum": ["allow", "warn", "deny"],
            "default": default,
        });
        Some((row.code.0.to_owned(), level))
    };
    let lints: Map<String, Json> = codes::TABLE.iter().filter_map(lint).collect();
    json!({ "type": "object", "properties": lints, "additionalProperties": false })
}

/// A target of one backend: what that takes, and what the targets of all do.
fn read_target<T>(
    backend: &str,
    read: impl Fn(&mut Section<'_>, &mut Vec<Problem>) -> T,
    section: &mut Section,
    problems: &mut Vec<Problem>,
) -> (T, Profile) {
    section.value("backend", json!({ "const": backend }));
    (read(section, problems), profile::read(section, problems))
}

fn not_toml(error: &toml::de::Error, text: &str) -> Problem {
    Problem {
        message: "this is no TOML".to_owned(),
        range: error.span().unwrap_or(text.len()..text.len()),
        label: error.message().lines().collect::<Vec<_>>().join(", "),
        help: None,
    }
}

fn read_targets(section: &Section, settings: &mut Settings, problems: &mut Vec<Problem>) {
    for (name, range, value) in section.entries() {
        let Some(table) = value.get_ref().as_table() else {
            problems.push(wrong_kind(name, &format!("a table: [target.{name}]"), value));
            continue;
        };
        let mut section = Section::new(format!("target.{name}"), table);
        let backend = table.get("backend");
        let written = backend.map(|value| (value.get_ref().as_str(), value.span()));
        let (word, place) = written.unwrap_or((Some(name), range));
        let (target, mut profile) = match word {
            Some("argo") => {
                let (target, profile) = read_target("argo", argo::read, &mut section, problems);
                let map_limit = Some(target.map_limit);
                (Target::Argo(Box::new(target)), Profile { map_limit, ..profile })
            }
            Some("local") => {
                let (target, profile) = read_target("local", read_local, &mut section, problems);
                (Target::Local(target), profile)
            }
            word => {
                problems.push(unknown_backend(name, word, backend.is_some(), place));
                continue;
            }
        };
        profile.target = name.to_owned();
        section.finish(problems);
        settings.profiles.insert(name.to_owned(), profile);
        settings.targets.insert(name.to_owned(), target);
    }
}

fn unknown_backend(
    target: &str,
    word: Option<&str>,
    is_written: bool,
    range: std::ops::Range<usize>,
) -> Problem {
    let near = word.and_then(|word| nearest(word, BACKENDS.iter().copied()));
    let (message, label) = if is_written {
        (format!("[target.{target}] names a backend that doesn't exist"), "not a backend".to_owned())
    } else {
        (format!("[target.{target}] names no backend"), "`backend = …` is missing here".to_owned())
    };
    let help = match near.filter(|_| is_written) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => "write `backend = \"argo\"` or `backend = \"local\"`".to_owned(),
    };
    Problem { message, range, label, help: Some(help) }
}

fn read_local(section: &mut Section, problems: &mut Vec<Problem>) -> LocalTarget {
    LocalTarget { pass_env: section.texts("pass_env", problems).unwrap_or_default() }
}

fn read_lints(section: &Section, problems: &mut Vec<Problem>) -> Levels {
    let mut levels = Levels::default();
    for (code, range, value) in section.entries() {
        let lint = match levels::lint(code) {
            Ok(lint) => lint,
            Err(why) => {
                problems.push(no_lint(code, why, range));
                continue;
            }
        };
        match value.get_ref().as_str().and_then(Level::parse) {
            Some(level) => levels.set(lint, level),
            None => problems.push(wrong_kind(code, "\"allow\", \"warn\" or \"deny\"", value)),
        }
    }
    levels
}

fn no_lint(code: &str, why: NoLint, range: std::ops::Range<usize>) -> Problem {
    let label = match why {
        NoLint::Error => "an error, which has no level",
        NoLint::Unknown { .. } => "no such code",
    };
    let help = match why {
        NoLint::Unknown { near: Some(near) } => format!("did you mean `{near}`?"),
        NoLint::Unknown { near: None } | NoLint::Error => {
            "`pipec explain --all` lists all codes; those that begin with W have levels".to_owned()
        }
    };
    Problem {
        message: format!("[lints] has no lint `{code}`"),
        range,
        label: label.to_owned(),
        help: Some(help),
    }
}

fn check_default_target(file: &Section, settings: &Settings, problems: &mut Vec<Problem>) {
    let Some(name) = &settings.default_target else { return };
    if settings.targets.contains_key(name) || BACKENDS.contains(&name.as_str()) {
        return;
    }
    let known = settings.targets.keys().map(String::as_str).chain(BACKENDS.iter().copied());
    let help = match nearest(name, known) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => format!("describe it: [target.{name}] with `backend = \"argo\"` or \"local\""),
    };
    problems.push(Problem {
        message: "`default_target` names a target that doesn't exist".to_owned(),
        range: file.place_of(&["project", "default_target"]),
        label: format!("there is no [target.{name}]"),
        help: Some(help),
    });
}
