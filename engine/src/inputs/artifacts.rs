//! Artifacts that a run starts with: paths become absolute, and are checked for being there and being what is declared.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use pipec_ir::lookup::record;
use pipec_ir::{Artifact, Type, TypeTable, Value};

use super::columns::check_columns;
use crate::artifacts::captured::{is_uri, local_path, unreadable};

/// The value with every path in it absolute. An error is a sentence.
pub(super) fn resolve(value: Value, ty: &Type, types: &TypeTable, base: &Path) -> Result<Value, String> {
    let ty = ty.without_optional();
    if !ty.holds_artifacts(types) {
        return Ok(value);
    }
    match (value, ty) {
        (Value::Artifact(artifact), _) => resolve_one(artifact, ty, types, base).map(Value::Artifact),
        (Value::List(items), Type::List { item: ty }) => {
            let items = items.into_iter().map(|item| resolve(item, ty, types, base));
            items.collect::<Result<_, _>>().map(Value::List)
        }
        (Value::Map(entries), Type::Map { value: ty }) => {
            let entries = entries.into_iter().map(|(key, value)| Ok((key, resolve(value, ty, types, base)?)));
            entries.collect::<Result<BTreeMap<_, _>, String>>().map(Value::Map)
        }
        (Value::Record(fields), Type::Record { .. }) => {
            let declared = record(ty, types).map_or(&[][..], |record| &record.fields);
            let fields = fields
                .into_iter()
                .zip(declared)
                .map(|((name, value), field)| Ok((name, resolve(value, &field.ty, types, base)?)));
            fields.collect::<Result<_, String>>().map(Value::Record)
        }
        (value, _) => Ok(value),
    }
}

fn resolve_one(artifact: Artifact, ty: &Type, types: &TypeTable, base: &Path) -> Result<Artifact, String> {
    let Artifact { place, identity } = artifact;
    let path = match local_path(&place) {
        Some(path) => path,
        None if is_uri(&place) => {
            return Err(format!("{}. Download it and give its path", unreadable(&place)));
        }
        None => place.clone(),
    };
    let path = base.join(path);
    let metadata =
        fs::metadata(&path).map_err(|error| format!("there is no {ty} at {}: {error}", path.display()))?;
    let is_declared_directory = matches!(ty, Type::Dir { .. });
    if metadata.is_dir() != is_declared_directory {
        let (declared, found) =
            if is_declared_directory { ("a directory", "a file") } else { ("a file", "a directory") };
        return Err(format!("{} is {found}, but a {ty} is {declared}", path.display()));
    }
    check_columns(&path, ty, types)?;
    let place = path.to_str().ok_or_else(|| format!("the path {} isn't UTF-8", path.display()))?;
    Ok(Artifact { place: place.to_owned(), identity })
}
