//! What a person gave: `name=value` on the command line, and the entries of an inputs file.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json};

use super::{directory_of, unique};
use crate::error::Refusal;
use crate::request::RunRequest;

/// One value by name.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) name: String,
    pub(super) source: Source,
    /// What relative paths in it are relative to.
    pub(super) base: PathBuf,
    /// The inputs file that it is from.
    file: Option<PathBuf>,
}

#[derive(Debug)]
pub(super) enum Source {
    Text(String),
    Json(Json),
}

impl Given {
    /// Where it was given, for a message.
    pub(super) fn origin(&self) -> String {
        match &self.file {
            Some(file) => format!("{}, \"{}\"", file.display(), self.name),
            None => format!("{}=…", self.name),
        }
    }
}

/// Everything that was given, each name once.
pub(super) fn read_given(request: &RunRequest) -> Result<Vec<Given>, Vec<Refusal>> {
    let mut given: Vec<Given> = Vec::new();
    let mut refusals = Vec::new();
    for (name, text) in &request.arguments {
        if given.iter().any(|given| given.name == *name) {
            refusals.push(Refusal::new(format!("{name}=… is given twice")));
            continue;
        }
        given.push(Given {
            name: name.clone(),
            source: Source::Text(text.clone()),
            base: request.working_directory.clone(),
            file: None,
        });
    }
    if let Some(file) = &request.inputs_file {
        match read_file(&request.working_directory.join(file)) {
            Ok(entries) => {
                let is_new = |name: &str| request.arguments.iter().all(|(given, _)| given != name);
                given.extend(entries.into_iter().filter(|(name, _)| is_new(name)).map(|(name, json)| {
                    Given {
                        name,
                        source: Source::Json(json),
                        base: directory_of(&request.working_directory.join(file)),
                        file: Some(file.clone()),
                    }
                }));
            }
            Err(refusal) => refusals.push(refusal),
        }
    }
    if refusals.is_empty() { Ok(given) } else { Err(refusals) }
}

fn read_file(path: &Path) -> Result<Map<String, Json>, Refusal> {
    let shown = path.display();
    let text = fs::read_to_string(path)
        .map_err(|error| Refusal::new(format!("the inputs file {shown} can't be read: {error}")))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    match unique::parse(text) {
        Ok(Json::Object(entries)) => Ok(entries),
        Ok(other) => Err(Refusal::new(format!(
            "the inputs file {shown} holds {}, but should hold an object",
            pipec_ir::mismatch::describe_json(&other)
        ))
        .help("write one entry for each input: {\"name\": value, …}")),
        Err(error) if error.is_data() => {
            Err(Refusal::new(format!("the inputs file {shown} can't be used: {error}")))
        }
        Err(error) => Err(Refusal::new(format!("the inputs file {shown} isn't JSON: {error}"))),
    }
}
