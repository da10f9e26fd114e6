//! The inputs of a step as its program sees them: variables of the environment, and files under `inputs/`.

use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use pipec_ir::lookup::record;
use pipec_ir::text::variable_text;
use pipec_ir::{Artifact, Format, Role, Task, Type, TypeTable, Value, canonical_json, to_value_json};

use crate::artifacts::extension;
use crate::artifacts::layout::{columns, lay_out};

/// What the inputs of one attempt became.
#[derive(Debug, Default)]
pub(super) struct Bindings {
    /// In declared order; an input that is `null` has none.
    pub(super) variables: Vec<(String, String)>,
    /// The inputs by name, with the paths under `inputs/` in place of artifacts: a list of artifacts is its directory.
    pub(super) presented: Vec<(String, Value)>,
}

pub(super) struct Presenter<'a> {
    pub(super) directory: &'a Path,
    pub(super) types: &'a TypeTable,
    pub(super) formats: &'a IndexMap<String, Format>,
}

impl Presenter<'_> {
    /// An error is a sentence.
    pub(super) fn bind(&self, task: &Task, arguments: &[(String, Value)]) -> Result<Bindings, String> {
        let mut bindings = Bindings::default();
        for parameter in &task.inputs {
            let Some((_, value)) = arguments.iter().find(|(name, _)| *name == parameter.name) else {
                continue;
            };
            let presented = match parameter.role {
                Role::Program => {
                    self.input(&parameter.name, value, &parameter.ty, &mut bindings.variables)?
                }
                Role::Setting => value.clone(),
            };
            bindings.presented.push((parameter.name.clone(), presented));
        }
        Ok(bindings)
    }

    /// Where the artifacts of the input, or of the field, of this name are found.
    pub(super) fn place(&self, name: &str, ty: &Type) -> PathBuf {
        self.directory.join(format!("{name}{}", extension(ty, self.formats)))
    }

    fn input(
        &self,
        name: &str,
        value: &Value,
        ty: &Type,
        variables: &mut Vec<(String, String)>,
    ) -> Result<Value, String> {
        let ty = ty.without_optional();
        if matches!(value, Value::Null | Value::Secret { .. }) {
            return Ok(value.clone());
        }
        if ty.is_artifact() {
            let place = path_text(&self.place(name, ty))?;
            lay_out(value, &[], Path::new(&place))?;
            variables.push((name.to_owned(), place.clone()));
            return Ok(Value::Artifact(Artifact { place, identity: None }));
        }
        if let (Value::Record(fields), Some(record)) = (value, record(ty, self.types)) {
            variables.push((name.to_owned(), canonical_json(&to_value_json(value, ty, self.types))));
            let mut presented = Vec::with_capacity(fields.len());
            for ((field_name, field_value), field) in fields.iter().zip(&record.fields) {
                let variable = format!("{name}_{field_name}");
                presented
                    .push((field_name.clone(), self.input(&variable, field_value, &field.ty, variables)?));
            }
            return Ok(Value::Record(presented));
        }
        if let Some(text) = variable_text(value, ty, self.types) {
            variables.push((name.to_owned(), text));
        }
        for column in columns(ty, self.types) {
            let variable = format!("{name}_{}", column.join("_"));
            let place = path_text(&self.directory.join(&variable))?;
            lay_out(value, &column, Path::new(&place))?;
            variables.push((variable, place));
        }
        Ok(value.clone())
    }
}

pub(super) fn path_text(path: &Path) -> Result<String, String> {
    path.to_str().map(str::to_owned).ok_or_else(|| format!("the path {} isn't UTF-8", path.display()))
}
