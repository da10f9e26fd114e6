//! Declarations as the language writes them, without bodies.

use std::fmt::Write as _;

use crate::hir::{self, Definition};
use crate::types::Type;

/// The declaration of what a name means.
pub(super) fn signature(program: &hir::Program, definition: &Definition) -> Option<String> {
    let show = |ty: &Type| ty.display(program).to_string();
    Some(match definition {
        Definition::Module(_) => "module".to_owned(),
        Definition::Record(id) => {
            let record = program.records.get(id.index())?;
            block(
                &format!("record {}", record.name),
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
            interface(program, "task", &task.name, &task.parameters, &task.results)
        }
        Definition::Pipeline(id) => {
            let pipeline = program.pipelines.get(id.index())?;
            interface(program, "pipeline", &pipeline.name, &pipeline.parameters, &pipeline.results)
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
) -> String {
    let parameters: Vec<String> =
        parameters.iter().map(|parameter| self::parameter(program, parameter)).collect();
    let joined = parameters.join(", ");
    let parameters = if joined.len() > 80 { format!("\n  {},\n", parameters.join(",\n  ")) } else { joined };
    let results = match results {
        hir::Results::None => String::new(),
        hir::Results::Single { ty, .. } => format!(" -> {}", ty.display(program)),
        hir::Results::Named(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|field| format!("{}: {}", field.name, field.ty.display(program))).collect();
            format!(" -> ({})", fields.join(", "))
        }
    };
    format!("{word} {name}({parameters}){results}")
}

fn parameter(program: &hir::Program, parameter: &hir::Parameter) -> String {
    let default = if parameter.default.is_some() { " = …" } else { "" };
    format!("{}: {}{default}", parameter.name, parameter.ty.display(program))
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
