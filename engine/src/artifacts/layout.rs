//! Artifacts as a program finds them: one is a path, a list a directory with `0`, `1`, … and `.count`, a map a directory
//! with its keys as names. Records with artifacts are taken apart into columns first.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::Path;

use pipec_ir::lookup::record;
use pipec_ir::{Type, TypeTable, Value};

use super::names::encode_key;
use crate::error::io_message;

/// The paths of fields, by language name, that lead from a record to its artifacts, through nested records and lists.
pub(crate) fn columns(ty: &Type, types: &TypeTable) -> Vec<Vec<String>> {
    let Some(record) = record(ty.innermost(), types) else { return Vec::new() };
    let mut paths = Vec::new();
    for field in &record.fields {
        if field.ty.is_artifact() {
            paths.push(vec![field.name.clone()]);
        } else if field.ty.is_mixed(types) {
            for mut path in columns(&field.ty, types) {
                path.insert(0, field.name.clone());
                paths.push(path);
            }
        }
    }
    paths
}

/// Links at `path` to everything that `column` leads to in the value; an empty column is the value itself. A `null`
/// leaves its place empty. An error is a sentence.
pub(crate) fn lay_out(value: &Value, column: &[String], path: &Path) -> Result<(), String> {
    let failed = |error: io::Error| io_message("prepare the input", path, &error);
    match value {
        Value::Artifact(artifact) => symlink(&artifact.place, path).map_err(failed),
        Value::List(items) => {
            fs::create_dir(path).map_err(failed)?;
            fs::write(path.join(".count"), format!("{}\n", items.len())).map_err(failed)?;
            let mut places = items.iter().enumerate();
            places.try_for_each(|(index, item)| lay_out(item, column, &path.join(index.to_string())))
        }
        Value::Map(entries) => {
            fs::create_dir(path).map_err(failed)?;
            fs::write(path.join(".count"), format!("{}\n", entries.len())).map_err(failed)?;
            entries.iter().try_for_each(|(key, entry)| lay_out(entry, column, &path.join(encode_key(key)?)))
        }
        Value::Record(fields) => {
            let Some((first, rest)) = column.split_first() else { return Ok(()) };
            let field = fields.iter().find(|(name, _)| name == first);
            field.map_or(Ok(()), |(_, value)| lay_out(value, rest, path))
        }
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::String(_)
        | Value::Duration(_)
        | Value::Quantity(_)
        | Value::Variant { .. }
        | Value::Json(_)
        | Value::Secret { .. } => Ok(()),
    }
}
