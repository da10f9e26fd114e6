//! HIR types → IR types, and the tables of the named ones that a program uses. Aliases and `distinct` end here.

use std::fmt::Write;
use std::sync::Arc;

use foldhash::HashMap;
use indexmap::IndexMap;
use pipec_ir::types::TypeTable;
use pipec_ir::{self as ir};

use super::names::Names;
use crate::hir::{self, EnumId, FormatId, RecordId, TypeParameterId};
use crate::types::{AnonymousField, Type};

/// Fills the tables while it lowers types: what is never asked for never gets into them.
#[derive(Debug)]
pub struct Types<'a> {
    program: &'a hir::Program,
    names: Names<'a>,
    pub table: TypeTable,
    pub formats: IndexMap<String, ir::Format>,
    records: HashMap<RecordId, String>,
    enums: HashMap<EnumId, String>,
    format_names: HashMap<FormatId, String>,
    /// Names of anonymous records, by where their fields lie: the many values of one type share them.
    anonymous: HashMap<*const AnonymousField, (Arc<[AnonymousField]>, String)>,
    /// What the type parameters at hand stand for.
    arguments: HashMap<TypeParameterId, ir::Type>,
}

impl<'a> Types<'a> {
    pub fn new(program: &'a hir::Program, names: Names<'a>) -> Types<'a> {
        Types {
            program,
            names,
            table: TypeTable::default(),
            formats: IndexMap::new(),
            records: HashMap::default(),
            enums: HashMap::default(),
            format_names: HashMap::default(),
            anonymous: HashMap::default(),
            arguments: HashMap::default(),
        }
    }

    pub(super) fn names(&self) -> &Names<'a> {
        &self.names
    }

    pub(super) fn program(&self) -> &'a hir::Program {
        self.program
    }

    /// Lowers what is written in terms of `parameters`, where they stand for `arguments`.
    pub(super) fn within<R>(
        &mut self,
        parameters: &[TypeParameterId],
        arguments: &[ir::Type],
        lower: impl FnOnce(&mut Self) -> R,
    ) -> R {
        let inner = parameters.iter().copied().zip(arguments.iter().cloned()).collect();
        let outer = std::mem::replace(&mut self.arguments, inner);
        let lowered = lower(self);
        self.arguments = outer;
        lowered
    }

    /// The type of a field of a record.
    pub(super) fn field(&self, record: &ir::Type, name: &str) -> ir::Type {
        let ir::Type::Record { name: record } = record else {
            panic!("`.{name}` of something that is no record")
        };
        let Some(ir::TypeDef::Record(record)) = self.table.get(record) else {
            panic!("the record `{record}` isn't in the table")
        };
        let field = record.fields.iter().find(|field| field.name == name);
        field.map(|field| field.ty.clone()).unwrap_or_else(|| panic!("the field `{name}` isn't there"))
    }

    /// The type as the IR knows it.
    ///
    /// # Panics
    /// On `Error` and on a bare `null`: only programs without findings are lowered.
    pub fn lower(&mut self, ty: &Type) -> ir::Type {
        match ty {
            Type::Error | Type::Null => {
                panic!("a program with findings was lowered: it holds the type {ty:?}")
            }
            Type::Bool => ir::Type::Bool,
            Type::Int(interval) => ir::Type::Int { min: interval.min, max: interval.max },
            Type::Float(interval) => ir::Type::Float {
                min: interval.min.map(|value| ir::FloatBound { value, inclusive: true }),
                max: interval.max.map(|end| ir::FloatBound { value: end.value, inclusive: end.inclusive }),
            },
            Type::String(pattern) => ir::Type::String { pattern: pattern.as_deref().map(str::to_owned) },
            Type::Duration => ir::Type::Duration,
            Type::Quantity => ir::Type::Quantity,
            Type::Json => ir::Type::Json,
            Type::Secret => ir::Type::Secret,
            Type::Enum(id) => ir::Type::Enum { name: self.enumeration(*id) },
            Type::Record(id) => ir::Type::Record { name: self.record(*id) },
            Type::Anonymous(fields) => ir::Type::Record { name: self.anonymous(fields) },
            Type::List(item) => ir::Type::list(self.lower(item)),
            Type::Map(value) => ir::Type::map(self.lower(value)),
            Type::Optional(of) => ir::Type::optional(self.lower(of)),
            Type::File(format) => ir::Type::File { format: self.format(*format) },
            Type::Dir(format) => ir::Type::Dir { format: self.format(*format) },
            Type::Table { row, format } => {
                let ir::Type::Record { name: row } = self.lower(row) else {
                    panic!("a table's row is a record");
                };
                ir::Type::Table { row, format: self.format(*format) }
            }
            Type::Distinct(id) => {
                let program = self.program;
                self.lower(&program.distincts[id.index()].of)
            }
            Type::Parameter(id) => match self.arguments.get(id) {
                Some(ty) => ty.clone(),
                None => panic!("nothing says what the type parameter {id:?} stands for"),
            },
            Type::Timestamp => ir::Type::Timestamp,
            Type::Date => ir::Type::Date,
            Type::Decimal => ir::Type::Decimal,
        }
    }

    fn record(&mut self, id: RecordId) -> String {
        if let Some(name) = self.records.get(&id) {
            return name.clone();
        }
        let program = self.program;
        let record = &program.records[id.index()];
        let plain = self.names.qualified(record.module, &record.name);
        if let Some(instance) = &record.instance {
            return self.record_instance(record, &plain, &instance.arguments);
        }
        let name = plain;
        self.records.insert(id, name.clone());
        let fields = self.fields(&record.fields);
        self.table.insert(name.clone(), ir::TypeDef::Record(ir::Record { fields, doc: record.doc.clone() }));
        name
    }

    /// An instance is named by what its type parameters stand for: `Pair<int, string>`.
    fn record_instance(&mut self, record: &'a hir::Record, plain: &str, arguments: &[Type]) -> String {
        let arguments: Vec<ir::Type> = arguments.iter().map(|ty| self.lower(ty)).collect();
        let name = format!("{plain}<{}>", super::instances::key(&arguments));
        if !self.table.contains_key(&name) {
            let fields = self.fields(&record.fields);
            let definition = ir::Record { fields, doc: record.doc.clone() };
            self.table.insert(name.clone(), ir::TypeDef::Record(definition));
        }
        name
    }

    fn enumeration(&mut self, id: EnumId) -> String {
        if let Some(name) = self.enums.get(&id) {
            return name.clone();
        }
        let program = self.program;
        let enumeration = &program.enums[id.index()];
        let name = self.names.qualified(enumeration.module, &enumeration.name);
        self.enums.insert(id, name.clone());
        let variants = enumeration
            .variants
            .iter()
            .map(|variant| ir::Variant {
                name: variant.name.clone(),
                outside: variant.outside.clone(),
                fields: self.fields(&variant.fields),
                doc: variant.doc.clone(),
            })
            .collect();
        let definition = ir::TypeDef::Enum(ir::Enum { variants, doc: enumeration.doc.clone() });
        self.table.insert(name.clone(), definition);
        name
    }

    fn fields(&mut self, fields: &'a [hir::Field]) -> Vec<ir::Field> {
        fields
            .iter()
            .map(|field| {
                let ty = self.lower(&field.ty);
                let default =
                    field.default.as_ref().and_then(|value| super::constants::fold_to_json(value, self));
                ir::Field {
                    name: field.name.clone(),
                    outside: field.outside.clone(),
                    ty,
                    default,
                    doc: field.doc.clone(),
                }
            })
            .collect()
    }

    /// An anonymous record is named by its text, so that equal ones are one.
    fn anonymous(&mut self, fields: &Arc<[AnonymousField]>) -> String {
        // A type parameter stands for something else in the next instance.
        let is_the_same_everywhere = self.arguments.is_empty();
        if is_the_same_everywhere && let Some((_, name)) = self.anonymous.get(&fields.as_ptr()) {
            return name.clone();
        }
        let name = self.anonymous_of(fields);
        if is_the_same_everywhere {
            self.anonymous.insert(fields.as_ptr(), (Arc::clone(fields), name.clone()));
        }
        name
    }

    fn anonymous_of(&mut self, fields: &[AnonymousField]) -> String {
        let lowered: Vec<ir::Field> = fields
            .iter()
            .map(|field| {
                let ty = self.lower(&field.ty);
                let default = field.default.as_ref().map(|value| pipec_ir::to_json(value, &ty, &self.table));
                ir::Field { name: field.name.clone(), outside: field.outside.clone(), ty, default, doc: None }
            })
            .collect();
        let name = anonymous_name(&lowered);
        if !self.table.contains_key(&name) {
            self.table.insert(name.clone(), ir::TypeDef::Record(ir::Record { fields: lowered, doc: None }));
        }
        name
    }

    fn format(&mut self, id: Option<FormatId>) -> Option<String> {
        let id = id?;
        if let Some(name) = self.format_names.get(&id) {
            return Some(name.clone());
        }
        let format = &self.program.formats[id.index()];
        let name = self.names.qualified(format.module, &format.name);
        self.format_names.insert(id, name.clone());
        let definition = ir::Format {
            extension: format.extension.clone(),
            media_type: format.media_type.clone(),
            tabular: format.tabular,
        };
        self.formats.insert(name.clone(), definition);
        Some(name)
    }
}

/// `{index: int, item: string}`
fn anonymous_name(fields: &[ir::Field]) -> String {
    let mut name = String::from("{");
    for (index, field) in fields.iter().enumerate() {
        let separator = if index > 0 { ", " } else { "" };
        let _ = write!(name, "{separator}{}", field.name);
        if let Some(outside) = &field.outside {
            let _ = write!(name, " as {outside:?}");
        }
        let _ = write!(name, ": {}", pipec_ir::describe(&field.ty));
        if let Some(default) = &field.default {
            let _ = write!(name, " = {}", pipec_ir::canonical_json(default));
        }
    }
    name.push('}');
    name
}
