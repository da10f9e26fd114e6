//! Types, operators and functions as the language writes them, for messages.

use std::fmt;

use crate::expr::{BinaryOp, Function};
use crate::number::float_text;
use crate::types::{FloatBound, Type};

/// The type in the language's syntax: `[int in 1..=16]`, `string?`, `table<Customer, csv>`.
pub fn describe(ty: &Type) -> String {
    ty.to_string()
}

impl fmt::Display for Type {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Bool => out.write_str("bool"),
            Type::Int { min: None, max: None } => out.write_str("int"),
            Type::Int { min, max } => {
                out.write_str("int in ")?;
                min.map_or(Ok(()), |min| write!(out, "{min}"))?;
                out.write_str("..")?;
                max.map_or(Ok(()), |max| write!(out, "={max}"))
            }
            Type::Float { min: None, max: None } => out.write_str("float"),
            Type::Float { min, max } => write_float_interval(out, *min, *max),
            Type::String { pattern: None } => out.write_str("string"),
            Type::String { pattern: Some(pattern) } => write!(out, "string matching /{pattern}/"),
            Type::Duration => out.write_str("duration"),
            Type::Quantity => out.write_str("quantity"),
            Type::Json => out.write_str("json"),
            Type::Secret => out.write_str("secret"),
            Type::Enum { name } | Type::Record { name } => out.write_str(name),
            Type::List { item } => write!(out, "[{item}]"),
            Type::Map { value } => write!(out, "map<{value}>"),
            Type::Optional { of } if of.is_refined() => write!(out, "({of})?"),
            Type::Optional { of } => write!(out, "{of}?"),
            Type::File { format } => write_artifact(out, "file", format.as_deref()),
            Type::Dir { format } => write_artifact(out, "dir", format.as_deref()),
            Type::Table { row, format: None } => write!(out, "table<{row}>"),
            Type::Table { row, format: Some(format) } => write!(out, "table<{row}, {format}>"),
            Type::Timestamp => out.write_str("timestamp"),
            Type::Date => out.write_str("date"),
            Type::Decimal => out.write_str("decimal"),
        }
    }
}

impl Type {
    /// Has an interval or a pattern of its own.
    pub fn is_refined(&self) -> bool {
        matches!(
            self,
            Type::Int { min: Some(_), .. }
                | Type::Int { max: Some(_), .. }
                | Type::Float { min: Some(_), .. }
                | Type::Float { max: Some(_), .. }
                | Type::String { pattern: Some(_) }
        )
    }
}

fn write_artifact(out: &mut fmt::Formatter<'_>, kind: &str, format: Option<&str>) -> fmt::Result {
    match format {
        Some(format) => write!(out, "{kind}<{format}>"),
        None => out.write_str(kind),
    }
}

/// The language has no open lower end; one that is (after constant folding, say) is shown as `>`.
fn write_float_interval(
    out: &mut fmt::Formatter<'_>,
    min: Option<FloatBound>,
    max: Option<FloatBound>,
) -> fmt::Result {
    out.write_str("float in ")?;
    if let Some(min) = min {
        let open = if min.inclusive { "" } else { ">" };
        write!(out, "{open}{}", bound_text(min.value))?;
    }
    out.write_str("..")?;
    match max {
        Some(max) if max.inclusive => write!(out, "={}", bound_text(max.value)),
        Some(max) => write!(out, "<{}", bound_text(max.value)),
        None => Ok(()),
    }
}

/// A float literal: with a point or an exponent.
fn bound_text(value: f64) -> String {
    let text = float_text(value);
    if text.contains(['.', 'e']) { text } else { format!("{text}.0") }
}

impl BinaryOp {
    /// As the language writes it.
    pub fn symbol(self) -> &'static str {
        match self {
            BinaryOp::And => "and",
            BinaryOp::Or => "or",
            BinaryOp::Coalesce => "??",
            BinaryOp::Equal => "==",
            BinaryOp::NotEqual => "!=",
            BinaryOp::Less => "<",
            BinaryOp::LessOrEqual => "<=",
            BinaryOp::Greater => ">",
            BinaryOp::GreaterOrEqual => ">=",
            BinaryOp::Add => "+",
            BinaryOp::Subtract => "-",
            BinaryOp::Multiply => "*",
            BinaryOp::Divide => "/",
            BinaryOp::Div => "div",
            BinaryOp::Mod => "mod",
        }
    }
}

impl Function {
    /// As the language writes it.
    pub fn name(self) -> &'static str {
        match self {
            Function::Len => "len",
            Function::Range => "range",
            Function::Zip => "zip",
            Function::Enumerate => "enumerate",
            Function::MinOf | Function::MinIn => "min",
            Function::MaxOf | Function::MaxIn => "max",
            Function::Sum => "sum",
            Function::Join => "join",
            Function::Contains => "contains",
            Function::Keys => "keys",
            Function::Values => "values",
            Function::Get => "get",
            Function::Compact => "compact",
            Function::Flatten => "flatten",
            Function::Concat => "concat",
            Function::ToMap => "to_map",
            Function::AddDays => "add_days",
            Function::ToString => "to_string",
            Function::Abs => "abs",
            Function::Round => "round",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_read_as_in_the_language() {
        let bound = |value, inclusive| Some(FloatBound { value, inclusive });
        let depth = Type::Int { min: Some(1), max: Some(16) };
        for (ty, text) in [
            (Type::list(depth.clone()), "[int in 1..=16]"),
            (Type::optional(depth), "(int in 1..=16)?"),
            (Type::Int { min: None, max: Some(-1) }, "int in ..=-1"),
            (Type::Float { min: bound(0.0, true), max: bound(1.0, false) }, "float in 0.0..<1.0"),
            (Type::Float { min: bound(0.5, true), max: None }, "float in 0.5.."),
            (Type::optional(Type::map(Type::STRING)), "map<string>?"),
            (Type::String { pattern: Some(r"\d+".into()) }, r"string matching /\d+/"),
            (Type::Table { row: "Customer".into(), format: Some("csv".into()) }, "table<Customer, csv>"),
            (Type::File { format: None }, "file"),
            (Type::Dir { format: Some("fastq".into()) }, "dir<fastq>"),
        ] {
            assert_eq!(describe(&ty), text);
        }
    }
}
