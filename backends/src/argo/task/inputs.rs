//! Inputs → parameters, environment variables and artifacts of a step's template.

use pipec_ir::{Interpreter, Type};

use super::super::artifacts::{ArtifactInput, artifact_inputs};
use super::super::expression::{Term, from_wire, member, out_of_json, to_wire};
use super::super::identities::{asks_identities, parameter_name};
use super::super::manifest::{Artifact, EnvVar, Parameter};
use super::super::wire::{Class, class, holds_artifacts, is_all_artifacts, record};
use super::TaskTemplate;

impl TaskTemplate<'_> {
    pub(super) fn input(&mut self, name: &str, ty: &Type) {
        let types = &self.context.program.types;
        if let Type::Secret = ty {
            for part in ["secret", "key"] {
                self.template.inputs.parameters.push(Parameter::named(format!("{name}-{part}")));
            }
            return;
        }
        let is_program =
            self.task.inputs.iter().any(|input| input.name == name && input.role == pipec_ir::Role::Program);
        let artifacts = artifact_inputs(name, ty, types, &self.context.program.formats);
        let plain = artifacts.len() == 1 && artifacts[0].is_plain();
        if !plain {
            self.template.inputs.parameters.push(Parameter::named(name));
        }
        if !is_program {
            return;
        }
        if !artifacts.is_empty() && asks_identities(self.context.program, self.task) {
            self.template.inputs.parameters.push(Parameter::named(parameter_name(name)));
        }
        if !is_all_artifacts(ty) {
            self.value_input(name, ty);
        }
        for artifact in &artifacts {
            self.artifact_input(name, ty, artifact, plain);
        }
    }

    fn value_input(&mut self, name: &str, ty: &Type) {
        let types = &self.context.program.types;
        let parameter = Term::atom(format!("inputs.parameters{}", member(name)));
        if holds_artifacts(ty, types) {
            let value = from_wire(&parameter, ty, types);
            let values = self.context.lowering().value_part(&value, ty);
            self.env.push(EnvVar::new(
                name,
                expression_tag(&self.context.lowering().value_part_wire(&values, ty)),
            ));
            self.decode.push(name.to_owned());
        } else {
            self.env.push(EnvVar::new(name, format!("{{{{{}}}}}", parameter.text)));
            if needs_decoding(ty, types) {
                self.decode.push(name.to_owned());
            }
        }
        if let Type::Record { .. } = ty.without_optional() {
            let value = from_wire(&parameter, ty, types);
            self.field_variables(name, &value, ty);
        }
    }

    /// `$s_a`, `$s_a_b`: a variable for each field, so that no program needs a JSON parser for them.
    fn field_variables(&mut self, prefix: &str, value: &Term, ty: &Type) {
        let types = &self.context.program.types;
        let Type::Record { name } = ty.without_optional() else { return };
        let Some(definition) = record(types, name) else { return };
        let optional = matches!(ty, Type::Optional { .. });
        for field in &definition.fields {
            let variable = format!("{prefix}_{}", field.name);
            let access = if optional { "?" } else { "" };
            let place = format!("{}{access}{}", value.text, optional_member(field.json_name(), optional));
            let place = Term::made_of(place, &[value]);
            let ty = if optional { Type::optional(field.ty.clone()) } else { field.ty.clone() };
            if is_all_artifacts(&ty) {
                continue;
            }
            if let Type::Record { .. } = ty.without_optional() {
                self.field_variables(&variable, &place, &ty);
            }
            if holds_artifacts(&ty, types) {
                let values = self.context.lowering().value_part(&place, &ty);
                self.env.push(EnvVar::new(
                    &variable,
                    expression_tag(&self.context.lowering().value_part_wire(&values, &ty)),
                ));
                self.decode.push(variable);
                continue;
            }
            let text = to_wire(&out_of_json(&place, &ty, types), &ty, types);
            self.env.push(EnvVar::new(&variable, expression_tag(&text)));
            if needs_decoding(&ty, types) {
                self.decode.push(variable);
            }
        }
    }

    fn artifact_input(&mut self, input: &str, ty: &Type, artifact: &ArtifactInput, plain: bool) {
        let types = &self.context.program.types;
        let parameter = from_wire(&Term::atom(format!("inputs.parameters{}", member(input))), ty, types);
        let (place, place_ty) = self.context.lowering().artifact_place(&parameter, ty, &artifact.way);
        let missing = matches!(place_ty, Type::Optional { .. });
        let optional = !plain && (missing || artifact.is_list());
        self.template.inputs.artifacts.push(Artifact {
            name: artifact.name.clone(),
            path: Some(artifact.path.clone()),
            optional,
            ..Artifact::default()
        });
        if !optional {
            self.env.push(EnvVar::new(&artifact.variable, &artifact.path));
            return;
        }
        if artifact.is_list() {
            // Python learns which items are missing; a shell sees that in the directory.
            let python = matches!(self.interpreter(), Some(Interpreter::Python));
            let text = if python {
                artifact.layout().described(&place.text)
            } else {
                artifact.layout().counts(&place.text)
            };
            let text = if missing { format!("{} == nil ? 'null' : {text}", place.text) } else { text };
            self.env.push(EnvVar::new(&artifact.variable, format!("{{{{={text}}}}}")));
            self.lists.push(format!("{}={}", artifact.variable, artifact.path));
        } else {
            let text = if artifact.way.is_empty() {
                format!("{{{{inputs.parameters.{input}}}}}")
            } else {
                format!("{{{{={} == nil ? 'null' : {}}}}}", place.text, place.text)
            };
            self.env.push(EnvVar::new(&artifact.variable, text));
            self.optional.push(format!("{}={}", artifact.variable, artifact.path));
        }
    }
}

/// Whether a wire text of the type may differ from the text that programs get.
fn needs_decoding(ty: &Type, types: &pipec_ir::types::TypeTable) -> bool {
    matches!(ty, Type::Optional { .. })
        || match class(ty, types) {
            Class::Bool | Class::Int | Class::Float | Class::Duration | Class::Name | Class::Plain => false,
            Class::Variant { plain } => !plain,
            Class::Text | Class::Encoded => true,
        }
}

fn optional_member(name: &str, optional: bool) -> String {
    let member = member(name);
    if optional && member.starts_with('[') { format!(".{member}") } else { member }
}

fn expression_tag(term: &Term) -> String {
    format!("{{{{={}}}}}", term.text)
}
