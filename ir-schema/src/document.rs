//! IR documents: one JSON text per program, read with its version rules and written in one form.

use std::fmt;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::mismatch::describe_json;
use crate::program::Program;
use crate::{FEATURES, MAX_NESTING, VERSION};

/// Why a text is no program that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// Not JSON at all, at this place.
    Syntax { line: usize, column: usize, message: String },
    /// JSON nested deeper than any program is.
    TooDeep { line: usize },
    /// A version that this crate doesn't read.
    Version { found: String },
    /// Features that this crate doesn't know.
    Features { unknown: Vec<String> },
    /// JSON that isn't a program: an unknown or missing field, a value of the wrong kind.
    Shape { path: String, line: usize, column: usize, message: String },
}

impl fmt::Display for ReadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Syntax { line, column, message } => {
                write!(out, "this is not JSON: {message} at line {line} column {column}")
            }
            ReadError::TooDeep { line } => {
                write!(out, "the JSON is nested deeper than a program can be, from line {line} on")
            }
            ReadError::Version { found } => write!(
                out,
                "this IR has version {found}, and this pipec reads version {VERSION}: use the pipec that wrote it, or a newer one"
            ),
            ReadError::Features { unknown } => write!(
                out,
                "this IR uses {}, which this pipec doesn't know: use the pipec that wrote it, or a newer one",
                unknown.join(", ")
            ),
            ReadError::Shape { path, line, column, message } => {
                write!(out, "this is no IR of pipec: {path}: {message} (line {line} column {column})")
            }
        }
    }
}

impl std::error::Error for ReadError {}

/// Of each level of nesting in a program, a document makes at most so many levels of JSON (a branch in a branch: node,
/// kind, branch, then, body, nodes, list).
const JSON_LEVELS: usize = MAX_NESTING * 8;
/// Reading recurses over JSON; this is what that many levels take in an unoptimised build, with room to spare.
const READER_STACK_BYTES: usize = JSON_LEVELS * 32 * 1024;

/// Reads a document. That it makes sense is for `validate` to say.
pub fn read(text: &str) -> Result<Program, ReadError> {
    check_depth(text)?;
    let reader = || read_shallow(text);
    let threads = std::thread::Builder::new().stack_size(READER_STACK_BYTES);
    std::thread::scope(|scope| {
        let thread = threads.spawn_scoped(scope, reader).expect("a thread to read a document in");
        thread.join().expect("reading a document doesn't panic")
    })
}

/// Writes a document: pretty, the same bytes for the same program.
pub fn write(program: &Program) -> String {
    let mut text = serde_json::to_string_pretty(program).expect("a program can always be written as JSON");
    text.push('\n');
    text
}

/// The part of a document that every version has.
#[derive(Deserialize)]
struct Header {
    ir: String,
    #[serde(default)]
    features: Vec<String>,
}

fn read_shallow(text: &str) -> Result<Program, ReadError> {
    // Serde would read the fields from a list, too.
    if !text.trim_start().starts_with('{')
        && let Ok(other) = parse::<Json>(text)
    {
        let message = format!("expected an object, found {}", describe_json(&other));
        return Err(ReadError::Shape { path: "the document".to_owned(), line: 1, column: 1, message });
    }
    let header: Header = parse(text)?;
    if !is_readable(&header.ir) {
        return Err(ReadError::Version { found: header.ir });
    }
    let unknown: Vec<String> =
        header.features.into_iter().filter(|feature| !FEATURES.contains(&feature.as_str())).collect();
    if !unknown.is_empty() {
        return Err(ReadError::Features { unknown });
    }
    parse(text)
}

/// The same major version, of any minor one: what a newer minor version adds is named in `features`, or refused as an
/// unknown field.
pub(crate) fn is_readable(version: &str) -> bool {
    let part = |text: &str| text.parse::<u32>().ok().filter(|number| number.to_string() == text);
    let major = |version: &str| {
        let (major, minor) = version.split_once('.')?;
        part(minor)?;
        part(major)
    };
    major(version).is_some() && major(version) == major(VERSION)
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, ReadError> {
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.disable_recursion_limit();
    match T::deserialize(&mut reader).and_then(|parsed| reader.end().map(|()| parsed)) {
        Ok(parsed) => Ok(parsed),
        Err(error) => Err(read_error(path_of_error::<T>(text), &error)),
    }
}

/// Where in the document it went wrong. Keeping track of it costs time, so that is only done for a document that failed.
fn path_of_error<T: DeserializeOwned>(text: &str) -> String {
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.disable_recursion_limit();
    let failed = serde_path_to_error::deserialize::<_, T>(&mut reader);
    failed.err().map(|error| error.path().to_string()).unwrap_or_default()
}

fn read_error(path: String, error: &serde_json::Error) -> ReadError {
    let (line, column) = (error.line(), error.column());
    let text = error.to_string();
    let place = format!(" at line {line} column {column}");
    let message = text.strip_suffix(&place).unwrap_or(&text).to_owned();
    if error.is_data() {
        let path = if path.is_empty() || path == "." { "the document".to_owned() } else { path };
        ReadError::Shape { path, line, column, message }
    } else {
        ReadError::Syntax { line, column, message }
    }
}

/// Refuses deep JSON before anything recurses over it.
fn check_depth(text: &str) -> Result<(), ReadError> {
    let (mut depth, mut line) = (0_usize, 1_usize);
    let (mut in_string, mut is_escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            b'\n' => line += 1,
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                if depth > JSON_LEVELS {
                    return Err(ReadError::TooDeep { line });
                }
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}
