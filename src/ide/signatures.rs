//! Declarations as the language writes them, without bodies.

use std::fmt::Write as _;

use crate::hir::{self, Callee, Definition, TypeParameterId};
use crate::types::{Kind, Type};

/// The declaration of what a name means.
pub(super) fn signature(program: &hir::Program, definition: &Definition) -> Option<String> {
    let show = |ty: &Type| ty.display(program).to_string();
    Some(match definition {
        Definition::Module(_) => "module".to_owned(),
        Definition::Record(id) => {
            let record = program.records.get(id.index())?;
            block(
                &format!("record {}{}", record.name, type_parameters(program, &record.type_parameters)),
                record.fields.iter().map(|field| self::field(program, field)),
            )
        }
        Definition::Enum(id) => {
            let enumeration = program.enums.get(id.index())?;
            let variants = enumeration.variants.iter().map(|variant| self::variant(program, variant));
            block(&format!("enum {}", enumeration.name), variants)
        }
        Definition::TypeAlias(id) => {
            let alias = program.type_aliases.get(id.index())?;
            match alias.distinct {
                Some(distinct) => {
                    format!(
                        "type {} = distinct {}",
                        alias.name,
                        show(&program.distincts.get(distinct.index())?.of)
                    )
                }
                None => format!("type {} = {}", alias.name, show(&alias.ty)),
            }
        }
        Definition::Format(id) => {
            let format = program.formats.get(id.index())?;
            format!(
                "format {} {{ extension: {:?}, media_type: {:?} }}",
                format.name, format.extension, format.media_type
            )
        }
        Definition::Constant(id) => {
            let constant = program.constants.get(id.index())?;
            format!("const {}: {}", constant.name, show(&constant.ty))
        }
        Definition::Task(id) => {
            let task = program.tasks.get(id.index())?;
            let name = format!("{}{}", task.name, type_parameters(program, &task.type_parameters));
            interface(program, "task", &name, &task.parameters, &task.results, &[])
        }
        Definition::Pipeline(id) => {
            let pipeline = program.pipelines.get(id.index())?;
            let name = format!("{}{}", pipeline.name, type_parameters(program, &pipeline.type_parameters));
            interface(program, "pipeline", &name, &pipeline.parameters, &pipeline.results, &[])
        }
        Definition::Launch(id) => {
            let launch = program.launches.get(id.index())?;
            let pipeline = launch.pipeline.and_then(|id| program.pipelines.get(id.index()));
            format!("launch {} = {}", launch.name, pipeline.map_or("?", |pipeline| &pipeline.name))
        }
        Definition::Field(id, index) => {
            field(program, program.records.get(id.index())?.fields.get(*index as usize)?)
        }
        Definition::Variant(id, index) => {
            let enumeration = program.enums.get(id.index())?;
            let variant = enumeration.variants.get(*index as usize)?;
            format!("{}.{}", enumeration.name, self::variant(program, variant))
        }
        Definition::TaskParameter(id, index) => {
            parameter(program, program.tasks.get(id.index())?.parameters.get(*index as usize)?)
        }
        Definition::PipelineParameter(id, index) => {
            parameter(program, program.pipelines.get(id.index())?.parameters.get(*index as usize)?)
        }
        Definition::TaskResult(id, index) => {
            result(program, &program.tasks.get(id.index())?.results, *index)?
        }
        Definition::PipelineResult(id, index) => {
            result(program, &program.pipelines.get(id.index())?.results, *index)?
        }
        Definition::Local(id, local) => {
            let local = program.pipelines.get(id.index())?.locals.get(local.index())?;
            match &local.ty {
                Some(ty) => format!("{}: {}", local.name, show(ty)),
                None => format!("{} (without a value)", local.name),
            }
        }
        Definition::Function(name) => format!("function {name}"),
        Definition::BuiltInType(name) => format!("type {name}"),
        Definition::Setting(path) => format!("setting {path}"),
    })
}

/// A task or pipeline as a call makes it of what its type parameters stand for.
pub(super) fn instance(program: &hir::Program, callee: Callee, arguments: &[Type]) -> Option<String> {
    let shown: Vec<String> = arguments.iter().map(|ty| ty.display(program).to_string()).collect();
    let shown = shown.join(", ");
    let bound = |parameters: &[TypeParameterId]| -> Vec<(TypeParameterId, Type)> {
        parameters.iter().copied().zip(arguments.iter().cloned()).collect()
    };
    Some(match callee {
        Callee::Task(id) => {
            let task = program.tasks.get(id.index())?;
            let name = format!("{}<{shown}>", task.name);
            let arguments = bound(&task.type_parameters);
            interface(program, "task", &name, &task.parameters, &task.results, &arguments)
        }
        Callee::Pipeline(id) => {
            let pipeline = program.pipelines.get(id.index())?;
            let name = format!("{}<{shown}>", pipeline.name);
            let arguments = bound(&pipeline.type_parameters);
            interface(program, "pipeline", &name, &pipeline.parameters, &pipeline.results, &arguments)
        }
    })
}

/// `<A, B: value>`, or nothing.
fn type_parameters(program: &hir::Program, declared: &[hir::TypeParameterId]) -> String {
    let parameter = |id: &hir::TypeParameterId| {
        let parameter = program.type_parameters.get(id.index())?;
        Some(match parameter.bound {
            Kind::Value => format!("{}: value", parameter.name),
            Kind::Artifact => format!("{}: artifact", parameter.name),
            Kind::Mixed | Kind::Secret | Kind::Either => parameter.name.clone(),
        })
    };
    let shown: Vec<String> = declared.iter().filter_map(parameter).collect();
    if shown.is_empty() { String::new() } else { format!("<{}>", shown.join(", ")) }
}

fn block(head: &str, lines: impl Iterator<Item = String>) -> String {
    let mut text = format!("{head} {{\n");
    for line in lines {
        let _ = writeln!(text, "  {line}");
    }
    text.push('}');
    text
}

fn interface(
    program: &hir::Program,
    word: &str,
    name: &str,
    parameters: &[hir::Parameter],
    results: &hir::Results,
    arguments: &[(TypeParameterId, Type)],
) -> String {
    let parameters: Vec<String> =
        parameters.iter().map(|parameter| parameter_with(program, parameter, arguments)).collect();
    let joined = parameters.join(", ");
    let parameters = if joined.len() > 80 { format!("\n  {},\n", parameters.join(",\n  ")) } else { joined };
    let results = match results {
        hir::Results::None => String::new(),
        hir::Results::Single { ty, .. } => format!(" -> {}", ty.display_with(program, arguments)),
        hir::Results::Named(fields) => {
            let field = |field: &hir::ResultField| {
                format!("{}: {}", field.name, field.ty.display_with(program, arguments))
            };
            let fields: Vec<String> = fields.iter().map(field).collect();
            format!(" -> ({})", fields.join(", "))
        }
    };
    format!("{word} {name}({parameters}){results}")
}

fn parameter(program: &hir::Program, parameter: &hir::Parameter) -> String {
    parameter_with(program, parameter, &[])
}

fn parameter_with(
    program: &hir::Program,
    parameter: &hir::Parameter,
    arguments: &[(TypeParameterId, Type)],
) -> String {
    let default = if parameter.default.is_some() { " = …" } else { "" };
    format!("{}: {}{default}", parameter.name, parameter.ty.display_with(program, arguments))
}

fn field(program: &hir::Program, field: &hir::Field) -> String {
    let outside = field.outside.as_ref().map(|outside| format!(" as {outside:?}")).unwrap_or_default();
    let default = if field.default.is_some() { " = …" } else { "" };
    format!("{}{outside}: {}{default}", field.name, field.ty.display(program))
}

fn variant(program: &hir::Program, variant: &hir::Variant) -> String {
    let outside = variant.outside.as_ref().map(|outside| format!(" as {outside:?}")).unwrap_or_default();
    if variant.fields.is_empty() {
        return format!("{}{outside}", variant.name);
    }
    let fields: Vec<String> = variant.fields.iter().map(|field| self::field(program, field)).collect();
    format!("{}({}){outside}", variant.name, fields.join(", "))
}

fn result(program: &hir::Program, results: &hir::Results, index: u32) -> Option<String> {
    match results {
        hir::Results::None => None,
        hir::Results::Single { ty, .. } => Some(ty.display(program).to_string()),
        hir::Results::Named(fields) => {
            let field = fields.get(index as usize)?;
            Some(format!("{}: {}", field.name, field.ty.display(program)))
        }
    }
}
