//! Reads what a program wrote as an artifact of the declared type: there, a file or a directory as declared, lists and
//! maps from the names in a directory.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use pipec_ir::{Artifact, Type, Value};

use super::identity::identity;
use super::names::decode_key;
use super::own::{make_read_only, own};
use crate::error::io_message;

/// What is wrong with an output.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum OutputFault {
    /// There is nothing at its path.
    Missing,
    /// A sentence.
    Wrong(String),
}

/// Takes the output at `path` over, and gives its value; `null` for an optional one that isn't there.
pub(crate) fn collect(path: &Path, ty: &Type) -> Result<Value, OutputFault> {
    if fs::symlink_metadata(path).is_err() {
        return if matches!(ty, Type::Optional { .. }) { Ok(Value::Null) } else { Err(OutputFault::Missing) };
    }
    own(path).map_err(OutputFault::Wrong)?;
    let value = read(path, ty).map_err(OutputFault::Wrong)?;
    make_read_only(path).map_err(OutputFault::Wrong)?;
    Ok(value)
}

fn read(path: &Path, ty: &Type) -> Result<Value, String> {
    match ty {
        Type::Optional { of } => read(path, of),
        Type::File { .. } | Type::Table { .. } => single(path, ty, false),
        Type::Dir { .. } => single(path, ty, true),
        Type::List { item } => {
            let items = names(path, ty)?.into_iter().map(|name| read(&path.join(name), item));
            items.collect::<Result<_, _>>().map(Value::List)
        }
        Type::Map { value } => {
            let mut entries = BTreeMap::new();
            for name in names(path, ty)? {
                let key = decode_key(&name).ok_or_else(|| {
                    format!("the file name {name:?} is no key: a `%` is followed by two hexadecimal digits")
                })?;
                let entry = read(&path.join(&name), value)?;
                if entries.insert(key.clone(), entry).is_some() {
                    return Err(format!("two files stand for the key {key:?}"));
                }
            }
            Ok(Value::Map(entries))
        }
        Type::Bool
        | Type::Int { .. }
        | Type::Float { .. }
        | Type::String { .. }
        | Type::Duration
        | Type::Quantity
        | Type::Json
        | Type::Secret
        | Type::Enum { .. }
        | Type::Record { .. }
        | Type::Timestamp
        | Type::Date
        | Type::Decimal => Err(format!("{ty} can't be read from files")),
    }
}

fn single(path: &Path, ty: &Type, is_directory: bool) -> Result<Value, String> {
    let found = fs::metadata(path).map_err(|error| io_message("read", path, &error))?;
    if found.is_dir() != is_directory {
        let (declared, found) =
            if is_directory { ("a directory", "a file") } else { ("a file", "a directory") };
        return Err(format!("it is declared as {ty}, {declared}, but the program wrote {found}"));
    }
    let place = path.to_str().ok_or_else(|| format!("the file name {} isn't UTF-8", path.display()))?;
    let identity = identity(path).map_err(|error| io_message("read", path, &error))?;
    Ok(Value::Artifact(Artifact { place: place.to_owned(), identity: Some(identity) }))
}

/// The names in a directory that stand for items, in order. Dotfiles don't.
fn names(path: &Path, ty: &Type) -> Result<Vec<String>, String> {
    if !path.is_dir() {
        return Err(format!("it is declared as {ty}, a directory, but the program wrote a file"));
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| io_message("read", path, &error))? {
        let name = entry.map_err(|error| io_message("read", path, &error))?.file_name();
        let name = name.into_string().map_err(|name| format!("the file name {name:?} isn't UTF-8"))?;
        if !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort_by(|left, right| item_order(left, right));
    Ok(names)
}

/// Names whose part before the first dot is all digits come first, by value; the others in byte order.
fn item_order(left: &str, right: &str) -> Ordering {
    match (number(left), number(right)) {
        (Some(a), Some(b)) => a.len().cmp(&b.len()).then(a.cmp(b)).then_with(|| left.cmp(right)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => left.cmp(right),
    }
}

/// The digits before the first dot, without leading zeros.
fn number(name: &str) -> Option<&str> {
    let digits = name.split('.').next().unwrap_or(name);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.trim_start_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_ordered_by_number_then_by_name() {
        let mut names =
            vec!["b", "10.csv", "2", "a.1", "01", "1", "1.x", "9a", "99999999999999999999999", "0"];
        names.sort_by(|left, right| item_order(left, right));
        assert_eq!(
            names,
            ["0", "01", "1", "1.x", "2", "10.csv", "99999999999999999999999", "9a", "a.1", "b"]
        );
    }
}
