//! Artifacts between steps. Inside expressions an artifact is its key in the artifact repository, so that branches, loops,
//! records and the library treat it as any other value; a step gets real Argo artifacts.

use indexmap::IndexMap;
use pipec_ir::types::TypeTable;
use pipec_ir::{Format, Type};

use super::nested::Layout;
use super::wire::{holds_artifacts, is_all_artifacts, is_artifact, record};

/// A step on the way from an input's value to an artifact in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Of a record; its name in the language.
    Field(String),
    /// Each item of a list.
    Items,
    /// Each entry of a map.
    Entries,
}

/// An artifact that a step's program reads: an input, or a field of a record. Where lists and maps are on the way to it,
/// it is a column: the artifacts of all their records, in each other as the records are.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ArtifactInput {
    /// What the program calls it: `reads`, `sample_reads`.
    pub(crate) variable: String,
    /// What Argo calls it: `reads`, `sample-reads`.
    pub(crate) name: String,
    /// What leads to it from the input's value.
    pub(crate) way: Vec<Step>,
    pub(crate) ty: Type,
    /// Where it is in the container.
    pub(crate) path: String,
}

impl ArtifactInput {
    /// One that is always there and comes alone: it needs no parameter beside it.
    pub(crate) fn is_plain(&self) -> bool {
        self.way.is_empty() && matches!(self.ty, Type::File { .. } | Type::Dir { .. } | Type::Table { .. })
    }

    pub(crate) fn is_list(&self) -> bool {
        self.is_column() || !is_artifact(&self.ty)
    }

    fn is_column(&self) -> bool {
        self.way.iter().any(|step| match step {
            Step::Items | Step::Entries => true,
            Step::Field(_) => false,
        })
    }

    /// Whether it belongs to one record, or to each record of a list that is the input itself.
    pub(crate) fn is_shallow(&self) -> bool {
        let inside = if let [Step::Items, inside @ ..] = self.way.as_slice() { inside } else { &self.way };
        fields(inside).len() == inside.len()
    }

    /// How its artifacts lie in the directory that a step reads.
    pub(crate) fn layout(&self) -> Layout {
        self.way.iter().rev().fold(Layout::of(&self.ty), |inner, step| match step {
            Step::Field(_) => inner,
            Step::Items => Layout::List { item: Box::new(inner), optional: true },
            Step::Entries => Layout::Map { value: Box::new(inner), optional: true },
        })
    }
}

/// The names of the fields that a way begins with.
pub(crate) fn fields(way: &[Step]) -> Vec<String> {
    let name = |step: &Step| match step {
        Step::Field(name) => Some(name.clone()),
        Step::Items | Step::Entries => None,
    };
    way.iter().map_while(name).collect()
}

/// All artifacts of one input.
pub(crate) fn artifact_inputs(
    name: &str,
    ty: &Type,
    types: &TypeTable,
    formats: &IndexMap<String, Format>,
) -> Vec<ArtifactInput> {
    let mut search = Search { types, formats, found: Vec::new() };
    search.collect(name, name, &[], ty);
    search.found
}

/// The artifacts of an input that were found so far.
struct Search<'a> {
    types: &'a TypeTable,
    formats: &'a IndexMap<String, Format>,
    found: Vec<ArtifactInput>,
}

impl Search<'_> {
    fn collect(&mut self, variable: &str, name: &str, way: &[Step], ty: &Type) {
        if !holds_artifacts(ty, self.types) {
            return;
        }
        let with = |step: Step| [way, &[step]].concat();
        match ty.without_optional() {
            Type::Record { name: of } => {
                for field in record(self.types, of).map_or(&[][..], |found| &found.fields) {
                    let variable = format!("{variable}_{}", field.name);
                    let name = format!("{name}-{}", field.name);
                    self.collect(&variable, &name, &with(Step::Field(field.name.clone())), &field.ty);
                }
            }
            Type::List { .. } | Type::Map { .. } if is_all_artifacts(ty) => self.add(variable, name, way, ty),
            Type::List { item } => self.collect(variable, name, &with(Step::Items), item),
            Type::Map { value } => self.collect(variable, name, &with(Step::Entries), value),
            Type::File { .. } | Type::Dir { .. } | Type::Table { .. } => self.add(variable, name, way, ty),
            Type::Bool | Type::Int { .. } | Type::Float { .. } | Type::String { .. } | Type::Duration => {}
            Type::Quantity | Type::Json | Type::Secret | Type::Enum { .. } | Type::Optional { .. } => {}
            Type::Timestamp | Type::Date | Type::Decimal => {}
        }
    }

    fn add(&mut self, variable: &str, name: &str, way: &[Step], ty: &Type) {
        let mut artifact = ArtifactInput {
            variable: variable.to_owned(),
            name: name.to_owned(),
            way: way.to_vec(),
            ty: ty.clone(),
            path: format!("/pipec/in/{variable}"),
        };
        if !artifact.is_list() {
            artifact.path.push_str(extension(ty, self.formats));
        }
        self.found.push(artifact);
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
