//! Artifacts between steps. Inside expressions an artifact is its key in the artifact repository, so that branches, loops,
//! records and the library treat it as any other value; a step gets real Argo artifacts.

use indexmap::IndexMap;
use pipec_ir::types::TypeTable;
use pipec_ir::{Format, Type};

use super::nested::Layout;
use super::wire::{holds_artifacts, is_all_artifacts, is_artifact, record};

/// An artifact that a step's program reads: an input, or a field of a record.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ArtifactInput {
    /// What the program calls it: `reads`, `sample_reads`.
    pub(crate) variable: String,
    /// What Argo calls it: `reads`, `sample-reads`.
    pub(crate) name: String,
    /// Language names of the fields that lead to it.
    pub(crate) fields: Vec<String>,
    pub(crate) ty: Type,
    /// The input is a list of records, and this the list of a field of theirs.
    pub(crate) each: bool,
    /// Where it is in the container.
    pub(crate) path: String,
}

impl ArtifactInput {
    /// One that is always there and comes alone: it needs no parameter beside it.
    pub(crate) fn is_plain(&self) -> bool {
        !self.each
            && self.fields.is_empty()
            && matches!(self.ty, Type::File { .. } | Type::Dir { .. } | Type::Table { .. })
    }

    pub(crate) fn is_list(&self) -> bool {
        self.each || !is_artifact(&self.ty)
    }

    /// How its artifacts lie in the directory that a step reads.
    pub(crate) fn layout(&self) -> Layout {
        let layout = Layout::of(&self.ty);
        if self.each { Layout::List { item: Box::new(layout), optional: true } } else { layout }
    }
}

/// All artifacts of one input, or why they can't be delivered.
pub(crate) fn artifact_inputs(
    name: &str,
    ty: &Type,
    types: &TypeTable,
    formats: &IndexMap<String, Format>,
) -> Result<Vec<ArtifactInput>, String> {
    let mut found = Vec::new();
    collect(name, name, &[], ty, types, formats, &mut found)?;
    Ok(found)
}

fn collect(
    variable: &str,
    name: &str,
    fields: &[String],
    ty: &Type,
    types: &TypeTable,
    formats: &IndexMap<String, Format>,
    found: &mut Vec<ArtifactInput>,
) -> Result<(), String> {
    if !holds_artifacts(ty, types) {
        return Ok(());
    }
    match ty.without_optional() {
        Type::Record { name: of } => {
            let Some(definition) = record(types, of) else { return Ok(()) };
            for field in &definition.fields {
                let mut path = fields.to_vec();
                path.push(field.name.clone());
                let variable = format!("{variable}_{}", field.name);
                let name = format!("{name}-{}", field.name);
                collect(&variable, &name, &path, &field.ty, types, formats, found)?;
            }
            Ok(())
        }
        Type::List { .. } | Type::Map { .. } if is_all_artifacts(ty) => {
            found.push(ArtifactInput {
                variable: variable.to_owned(),
                name: name.to_owned(),
                fields: fields.to_vec(),
                ty: ty.clone(),
                each: false,
                path: format!("/pipec/in/{variable}"),
            });
            Ok(())
        }
        Type::List { item } if fields.is_empty() && matches!(**item, Type::Record { .. }) => {
            let before = found.len();
            collect(variable, name, fields, item, types, formats, found)?;
            for artifact in &mut found[before..] {
                artifact.each = true;
                artifact.path = format!("/pipec/in/{}", artifact.variable);
            }
            Ok(())
        }
        Type::List { .. } => {
            Err(format!("`{variable}` is a list of records with files inside of a record or of another list"))
        }
        Type::Map { .. } => Err(format!("`{variable}` is a map of records with files")),
        Type::File { .. } | Type::Dir { .. } | Type::Table { .. } => {
            found.push(ArtifactInput {
                variable: variable.to_owned(),
                name: name.to_owned(),
                fields: fields.to_vec(),
                ty: ty.clone(),
                each: false,
                path: format!("/pipec/in/{variable}{}", extension(ty, formats)),
            });
            Ok(())
        }
        Type::Bool | Type::Int { .. } | Type::Float { .. } | Type::String { .. } | Type::Duration => Ok(()),
        Type::Quantity | Type::Json | Type::Secret | Type::Enum { .. } | Type::Optional { .. } => Ok(()),
        Type::Timestamp | Type::Date | Type::Decimal => Ok(()),
    }
}

/// The extension that a file's declared format gives its path, with its dot.
pub(crate) fn extension<'f>(ty: &Type, formats: &'f IndexMap<String, Format>) -> &'f str {
    let format = match ty.without_optional() {
        Type::File { format } | Type::Table { format, .. } => format.as_ref(),
        Type::Dir { .. }
        | Type::Bool
        | Type::Int { .. }
        | Type::Float { .. }
        | Type::String { .. }
        | Type::Duration
        | Type::Quantity
        | Type::Json
        | Type::Secret
        | Type::Enum { .. }
        | Type::Record { .. }
        | Type::List { .. }
        | Type::Map { .. }
        | Type::Optional { .. }
        | Type::Timestamp
        | Type::Date
        | Type::Decimal => None,
    };
    format.and_then(|format| formats.get(format)).map_or("", |format| format.extension.as_str())
}

/// The output artifact's path in the container.
pub(crate) fn output_path(name: &str, ty: &Type, formats: &IndexMap<String, Format>) -> String {
    format!("/tmp/pipec/out/{name}{}", extension(ty, formats))
}
