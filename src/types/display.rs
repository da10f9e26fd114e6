//! Types as the language writes them.

use std::fmt;

use super::{AnonymousField, FloatInterval, IntInterval, Type};
use crate::hir::{FormatId, Program, RecordId, TypeParameterId};

/// A type with what its names are.
#[derive(Clone, Copy, Debug)]
pub struct Display<'a> {
    ty: &'a Type,
    program: &'a Program,
    /// What type parameters are shown as.
    arguments: &'a [(TypeParameterId, Type)],
}

impl Type {
    /// The type in the language's syntax.
    pub fn display<'a>(&'a self, program: &'a Program) -> Display<'a> {
        Display { ty: self, program, arguments: &[] }
    }

    /// The same where type parameters stand for others.
    pub fn display_with<'a>(
        &'a self,
        program: &'a Program,
        arguments: &'a [(TypeParameterId, Type)],
    ) -> Display<'a> {
        Display { ty: self, program, arguments }
    }
}

impl<'a> Display<'a> {
    fn of(&self, ty: &'a Type) -> Display<'a> {
        Display { ty, ..*self }
    }

    fn argument(&self, id: TypeParameterId) -> Option<&'a Type> {
        self.arguments.iter().find(|(known, _)| *known == id).map(|(_, ty)| ty)
    }

    /// Whether a type parameter stands for an optional.
    fn is_optional(&self, ty: &Type) -> bool {
        let Type::Parameter(id) = ty else { return false };
        matches!(self.argument(*id), Some(Type::Optional(_)))
    }

    fn format(&self, id: Option<FormatId>) -> Option<&'a str> {
        id.map(|id| self.program.formats[id.index()].name.as_str())
    }

    fn artifact(&self, f: &mut fmt::Formatter<'_>, word: &str, format: Option<FormatId>) -> fmt::Result {
        match self.format(format) {
            Some(format) => write!(f, "{word}<{format}>"),
            None => f.write_str(word),
        }
    }

    /// Whether a `?` after it would be read as a part of it.
    fn needs_parentheses(ty: &Type) -> bool {
        match ty {
            Type::Int(interval) => *interval != IntInterval::default(),
            Type::Float(interval) => *interval != FloatInterval::default(),
            Type::String(pattern) => pattern.is_some(),
            Type::Error
            | Type::Null
            | Type::Bool
            | Type::Duration
            | Type::Quantity
            | Type::Json
            | Type::Secret
            | Type::Enum(_)
            | Type::Record(_)
            | Type::Anonymous(_)
            | Type::List(_)
            | Type::Map(_)
            | Type::Optional(_)
            | Type::File(_)
            | Type::Dir(_)
            | Type::Table { .. }
            | Type::Distinct(_)
            | Type::Parameter(_)
            | Type::Timestamp
            | Type::Date
            | Type::Decimal => false,
        }
    }

    fn record(&self, f: &mut fmt::Formatter<'_>, id: RecordId) -> fmt::Result {
        let record = &self.program.records[id.index()];
        f.write_str(&record.name)?;
        let Some(instance) = &record.instance else { return Ok(()) };
        for (index, argument) in instance.arguments.iter().enumerate() {
            f.write_str(if index == 0 { "<" } else { ", " })?;
            write!(f, "{}", self.of(argument))?;
        }
        f.write_str(">")
    }

    fn fields(&self, f: &mut fmt::Formatter<'_>, fields: &'a [AnonymousField]) -> fmt::Result {
        if fields.is_empty() {
            return f.write_str("{}");
        }
        for (index, field) in fields.iter().enumerate() {
            f.write_str(if index == 0 { "{ " } else { ", " })?;
            match &field.outside {
                Some(outside) => write!(f, "{} as \"{outside}\": {}", field.name, self.of(&field.ty))?,
                None => write!(f, "{}: {}", field.name, self.of(&field.ty))?,
            }
        }
        f.write_str(" }")
    }
}

impl fmt::Display for Display<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ty {
            Type::Error => f.write_str("unknown"),
            Type::Null => f.write_str("null"),
            Type::Bool => f.write_str("bool"),
            Type::Int(interval) => int(f, interval),
            Type::Float(interval) => float(f, interval),
            Type::String(None) => f.write_str("string"),
            Type::String(Some(pattern)) => write!(f, "string matching /{}/", pattern.replace('/', "\\/")),
            Type::Duration => f.write_str("duration"),
            Type::Quantity => f.write_str("quantity"),
            Type::Json => f.write_str("json"),
            Type::Secret => f.write_str("secret"),
            Type::Enum(id) => f.write_str(&self.program.enums[id.index()].name),
            Type::Record(id) => self.record(f, *id),
            Type::Anonymous(fields) => self.fields(f, fields),
            Type::List(item) => write!(f, "[{}]", self.of(item)),
            Type::Map(value) => write!(f, "map<{}>", self.of(value)),
            Type::Optional(of) if Self::needs_parentheses(of) => write!(f, "({})?", self.of(of)),
            Type::Optional(of) if self.is_optional(of) => write!(f, "{}", self.of(of)),
            Type::Optional(of) => write!(f, "{}?", self.of(of)),
            Type::File(format) => self.artifact(f, "file", *format),
            Type::Dir(format) => self.artifact(f, "dir", *format),
            Type::Table { row, format } => match self.format(*format) {
                Some(format) => write!(f, "table<{}, {format}>", self.of(row)),
                None => write!(f, "table<{}>", self.of(row)),
            },
            Type::Distinct(id) => f.write_str(&self.program.distincts[id.index()].name),
            Type::Parameter(id) => match self.argument(*id) {
                // What it stands for is written in terms of those around the call.
                Some(ty) => write!(f, "{}", Display { ty, arguments: &[], ..*self }),
                None => f.write_str(&self.program.type_parameters[id.index()].name),
            },
            Type::Timestamp => f.write_str("timestamp"),
            Type::Date => f.write_str("date"),
            Type::Decimal => f.write_str("decimal"),
        }
    }
}

fn int(f: &mut fmt::Formatter<'_>, interval: &IntInterval) -> fmt::Result {
    f.write_str("int")?;
    match (interval.min, interval.max) {
        (None, None) => Ok(()),
        (Some(min), None) => write!(f, " in {min}.."),
        (None, Some(max)) => write!(f, " in ..={max}"),
        (Some(min), Some(max)) => write!(f, " in {min}..={max}"),
    }
}

fn float(f: &mut fmt::Formatter<'_>, interval: &FloatInterval) -> fmt::Result {
    f.write_str("float")?;
    if interval.min.is_none() && interval.max.is_none() {
        return Ok(());
    }
    f.write_str(" in ")?;
    if let Some(min) = interval.min {
        write!(f, "{min:?}")?;
    }
    match interval.max {
        None => f.write_str(".."),
        Some(end) => write!(f, "{}{:?}", if end.inclusive { "..=" } else { "..<" }, end.value),
    }
}
