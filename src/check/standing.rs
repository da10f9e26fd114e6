//! Where types may stand: secrets, artifacts, mixed records, rows and columns of tables. Types are looked at when all
//! declarations are there.

use super::context::Checker;
use super::messages::types as say;
use crate::hir::{EnumId, FormatId, Program};
use crate::source::Span;
use crate::types::{Kind, Type, kind};

/// A place of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Of a list or a map.
    Item,
    Optional,
    /// Of a record.
    Field,
    /// Of an enum's variant.
    Payload,
    /// Of `table<…>`.
    Row,
    Parameter,
    TaskOutput,
    PipelineOutput,
    Constant,
    Binding,
    /// Of a `distinct` type.
    Distinct,
    /// What a record's type parameter stands for.
    Argument,
}

impl Standing {
    fn what(self) -> &'static str {
        match self {
            Standing::Item => "an item of a list or a map",
            Standing::Optional => "optional",
            Standing::Field => "a field of a record",
            Standing::Payload => "a field of a variant",
            Standing::Row => "the row of a table",
            Standing::Parameter => "an input",
            Standing::TaskOutput => "an output of a task",
            Standing::PipelineOutput => "an output of a pipeline",
            Standing::Constant => "a constant",
            Standing::Binding => "a binding",
            Standing::Distinct => "the base of a `distinct` type",
            Standing::Argument => "what a type parameter stands for",
        }
    }
}

/// A type that waits to be looked at.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    ty: Type,
    span: Span,
    standing: Standing,
}

impl Checker<'_> {
    /// Notes that a type stands somewhere. What may not is reported once all declarations are there.
    pub(crate) fn stands(&mut self, ty: &Type, span: Span, standing: Standing) {
        if is_always_fine(ty, standing) {
            return;
        }
        self.waiting.push(Waiting { ty: ty.clone(), span, standing });
    }

    /// Looks at all types that wait.
    pub(super) fn check_standing(&mut self) {
        for (format, span) in std::mem::take(&mut self.stands_in_table) {
            let format = &self.program.formats[format.index()];
            if !format.tabular {
                let diagnostic = say::no_tabular_format(&format.name, span, format.span);
                self.report(diagnostic);
            }
        }
        for Waiting { ty, span, standing } in std::mem::take(&mut self.waiting) {
            if matches!(standing, Standing::Row) {
                self.check_row(&ty, span);
            } else if !self.check_columns(&ty, span, standing) {
                self.check_kind(&ty, span, standing);
            }
        }
    }

    /// Reports types of columns where there is no table.
    fn check_columns(&mut self, ty: &Type, span: Span, standing: Standing) -> bool {
        if is_column_only(ty.without_optional()) {
            let fine = match standing {
                // What the whole is will be looked at where it stands.
                Standing::Field | Standing::Optional => true,
                Standing::Item
                | Standing::Payload
                | Standing::Row
                | Standing::Parameter
                | Standing::TaskOutput
                | Standing::PipelineOutput
                | Standing::Constant
                | Standing::Binding
                | Standing::Distinct
                | Standing::Argument => false,
            };
            if !fine {
                let shown = self.show(ty);
                self.report(say::column_only(&shown, standing.what(), span));
            }
            return !fine;
        }
        let Some((field, field_span)) = column_only_field(ty.without_optional(), &self.program) else {
            return false;
        };
        let shown = self.show(ty);
        self.report(say::row_only(&shown, &field, standing.what(), span, field_span));
        true
    }

    fn check_kind(&mut self, ty: &Type, span: Span, standing: Standing) {
        let kind = kind(ty, &self.program);
        let (word, help) = match (standing, kind) {
            (Standing::Payload, Kind::Artifact) => {
                ("an artifact", "variants carry values; keep the file in a record beside the enum")
            }
            (Standing::Payload, Kind::Mixed) => (
                "a record with artifacts",
                "variants carry values; keep the record with its files beside the enum",
            ),
            (Standing::TaskOutput, Kind::Mixed) => {
                ("a record with artifacts", "a task's outputs are flat: give each field an output of its own")
            }
            (Standing::TaskOutput | Standing::PipelineOutput, Kind::Secret) => {
                ("a secret", "secrets go in, never out: whoever needs it takes it as an input")
            }
            (Standing::Payload | Standing::Distinct | Standing::Field | Standing::Binding, Kind::Secret) => {
                ("a secret", "give each secret an input of its own: `token: secret`")
            }
            (Standing::Payload, Kind::Either) => {
                ("perhaps an artifact", "variants carry values: bound the type parameter, `<T: value>`")
            }
            (Standing::TaskOutput, Kind::Value | Kind::Artifact | Kind::Either) => {
                self.check_output_tables(ty, span);
                return;
            }
            (
                Standing::Item
                | Standing::Optional
                | Standing::Field
                | Standing::Payload
                | Standing::Row
                | Standing::Parameter
                | Standing::PipelineOutput
                | Standing::Constant
                | Standing::Binding
                | Standing::Distinct
                | Standing::Argument,
                Kind::Value | Kind::Artifact | Kind::Mixed | Kind::Secret | Kind::Either,
            ) => return,
        };
        let shown = self.show(ty);
        self.report(say::not_here(&shown, word, standing.what(), help, span));
    }

    pub(super) fn check_output_tables(&mut self, ty: &Type, span: Span) {
        let mut at = ty;
        while let Type::List(of) | Type::Map(of) | Type::Optional(of) = at {
            at = of;
        }
        if let Type::Table { row, format: None } = at {
            let (shown, row) = (self.show(at), self.show(row));
            self.report(say::output_table_without_format(&shown, &row, span));
        }
    }

    fn check_row(&mut self, row: &Type, span: Span) {
        if matches!(row, Type::Error) {
            return;
        }
        let Some(fields) = fields(row, &self.program) else {
            let shown = self.show(row);
            self.report(say::no_row(&shown, span));
            return;
        };
        let bad = fields.into_iter().find(|(_, ty, _)| !is_column(ty, &self.program));
        if let Some((name, ty, field_span)) = bad {
            let diagnostic = say::no_column(name, &self.show(ty), span, field_span);
            self.report(diagnostic);
        }
    }
}

type FieldOfRow<'a> = (&'a str, &'a Type, Option<Span>);

/// Of a record, named or not.
fn fields<'a>(ty: &'a Type, program: &'a Program) -> Option<Vec<FieldOfRow<'a>>> {
    if let Type::Record(id) = ty {
        let fields = &program.records[id.index()].fields;
        return Some(
            fields.iter().map(|field| (field.name.as_str(), &field.ty, Some(field.ty_span))).collect(),
        );
    }
    if let Type::Anonymous(fields) = ty {
        return Some(fields.iter().map(|field| (field.name.as_str(), &field.ty, None)).collect());
    }
    None
}

fn is_column_only(ty: &Type) -> bool {
    matches!(ty, Type::Timestamp | Type::Date | Type::Decimal)
}

fn column_only_field(ty: &Type, program: &Program) -> Option<(String, Option<Span>)> {
    fields(ty, program)?
        .into_iter()
        .find(|(_, ty, _)| is_column_only(ty.without_optional()))
        .map(|(name, _, span)| (name.to_owned(), span))
}

/// Whether a column may have this type.
fn is_column(ty: &Type, program: &Program) -> bool {
    match ty.without_optional() {
        Type::Error
        | Type::Bool
        | Type::Int(_)
        | Type::Float(_)
        | Type::String(_)
        | Type::Timestamp
        | Type::Date
        | Type::Decimal => true,
        Type::Enum(id) => is_plain(*id, program),
        Type::Distinct(id) => is_column(&program.distincts[id.index()].of, program),
        Type::Null
        | Type::Duration
        | Type::Quantity
        | Type::Json
        | Type::Secret
        | Type::Record(_)
        | Type::Anonymous(_)
        | Type::List(_)
        | Type::Map(_)
        | Type::Optional(_)
        | Type::File(_)
        | Type::Dir(_)
        | Type::Table { .. }
        | Type::Parameter(_) => false,
    }
}

/// Whether no variant carries fields.
fn is_plain(id: EnumId, program: &Program) -> bool {
    program.enums[id.index()].variants.iter().all(|variant| variant.fields.is_empty())
}

/// What needs no second look: most types, at most places.
fn is_always_fine(ty: &Type, standing: Standing) -> bool {
    if matches!(standing, Standing::Row) {
        return false;
    }
    match ty {
        Type::Error
        | Type::Null
        | Type::Bool
        | Type::Int(_)
        | Type::Float(_)
        | Type::String(_)
        | Type::Duration
        | Type::Quantity
        | Type::Json
        | Type::Enum(_) => true,
        Type::Secret
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

/// A format that stands in a table, and where.
pub(super) type TableFormat = (FormatId, Span);
