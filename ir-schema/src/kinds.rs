//! What kind of thing a type is: a value, an artifact, a mixture; and what its texts may contain. Each named type is looked
//! at once, so every question takes time linear in the type table.

use foldhash::HashSet;

use crate::types::{Enum, Field, Record, Type, TypeDef, TypeTable, Variant};
use crate::wire::is_inert;

impl Type {
    /// A value through and through: no artifact and no secret inside.
    pub fn is_value(&self, types: &TypeTable) -> bool {
        !self.has_part(types, |part| part.is_single_artifact() || matches!(part, Type::Secret))
    }

    /// An artifact, or lists, maps and optionals of one: it travels as files only.
    pub fn is_artifact(&self) -> bool {
        self.innermost().is_single_artifact()
    }

    /// An artifact itself, or something with artifacts inside.
    pub fn holds_artifacts(&self, types: &TypeTable) -> bool {
        self.has_part(types, Type::is_single_artifact)
    }

    /// A quantity, or something with quantities inside: its equality is that of amounts.
    pub fn holds_quantities(&self, types: &TypeTable) -> bool {
        self.has_part(types, |part| matches!(part, Type::Quantity))
    }

    /// Records with artifacts inside, or lists, maps and optionals of them: values and files beside each other.
    pub fn is_mixed(&self, types: &TypeTable) -> bool {
        matches!(self.innermost(), Type::Record { .. }) && self.has_part(types, Type::is_single_artifact)
    }

    /// One file, directory or table.
    pub fn is_single_artifact(&self) -> bool {
        matches!(self, Type::File { .. } | Type::Dir { .. } | Type::Table { .. })
    }

    /// What lists, maps and optionals are of, in the end.
    pub fn innermost(&self) -> &Type {
        let mut innermost = self;
        loop {
            innermost = match innermost {
                Type::List { item } => item,
                Type::Map { value } => value,
                Type::Optional { of } => of,
                Type::Bool
                | Type::Int { .. }
                | Type::Float { .. }
                | Type::String { .. }
                | Type::Duration
                | Type::Quantity
                | Type::Json
                | Type::Secret
                | Type::Enum { .. }
                | Type::Record { .. }
                | Type::File { .. }
                | Type::Dir { .. }
                | Type::Table { .. }
                | Type::Timestamp
                | Type::Date
                | Type::Decimal => return innermost,
            };
        }
    }

    /// An enum none of whose variants has fields: its values are names.
    pub fn is_plain_enum(&self, types: &TypeTable) -> bool {
        let Type::Enum { name } = self else { return false };
        match types.get(name) {
            Some(TypeDef::Enum(definition)) => {
                definition.variants.iter().all(|variant| variant.fields.is_empty())
            }
            Some(TypeDef::Record(_)) | None => false,
        }
    }

    /// Stands in `"${…}"`, in `to_string` and in a variable as plain text: a string, number, bool, plain enum, duration or
    /// quantity.
    pub fn is_text(&self, types: &TypeTable) -> bool {
        match self {
            Type::Bool
            | Type::Int { .. }
            | Type::Float { .. }
            | Type::String { .. }
            | Type::Duration
            | Type::Quantity => true,
            Type::Enum { .. } => self.is_plain_enum(types),
            Type::Json
            | Type::Secret
            | Type::Record { .. }
            | Type::List { .. }
            | Type::Map { .. }
            | Type::Optional { .. }
            | Type::File { .. }
            | Type::Dir { .. }
            | Type::Table { .. }
            | Type::Timestamp
            | Type::Date
            | Type::Decimal => false,
        }
    }

    /// A list, map, record, `json` or enum with fields: its text is JSON.
    pub fn is_structured(&self, types: &TypeTable) -> bool {
        match self {
            Type::Json | Type::Record { .. } | Type::List { .. } | Type::Map { .. } => true,
            Type::Enum { .. } => !self.is_plain_enum(types),
            Type::Optional { of } => of.is_structured(types),
            Type::Bool
            | Type::Int { .. }
            | Type::Float { .. }
            | Type::String { .. }
            | Type::Duration
            | Type::Quantity
            | Type::Secret
            | Type::File { .. }
            | Type::Dir { .. }
            | Type::Table { .. }
            | Type::Timestamp
            | Type::Date
            | Type::Decimal => false,
        }
    }

    /// Whether the canonical JSON of a value may hold text of any content, so that it has to travel encoded. Free are
    /// strings, `json`, keys of maps, and outside names that aren't inert themselves. Artifacts don't count: they aren't
    /// part of a value's text.
    pub fn has_free_text(&self, types: &TypeTable) -> bool {
        let outside_is_free = |outside: &Option<String>| outside.as_ref().is_some_and(|name| !is_inert(name));
        self.has_part(types, |part| match part {
            Type::String { .. } | Type::Json | Type::Map { .. } => true,
            Type::Record { name } | Type::Enum { name } => match types.get(name) {
                Some(TypeDef::Record(record)) => {
                    record.fields.iter().any(|field| outside_is_free(&field.outside))
                }
                Some(TypeDef::Enum(definition)) => definition.variants.iter().any(|variant| {
                    outside_is_free(&variant.outside)
                        || variant.fields.iter().any(|field| outside_is_free(&field.outside))
                }),
                None => false,
            },
            Type::Bool
            | Type::Int { .. }
            | Type::Float { .. }
            | Type::Duration
            | Type::Quantity
            | Type::Secret
            | Type::List { .. }
            | Type::Optional { .. }
            | Type::File { .. }
            | Type::Dir { .. }
            | Type::Table { .. }
            | Type::Timestamp
            | Type::Date
            | Type::Decimal => false,
        })
    }

    /// Whether the type itself, or any type that its values are made of, is one that `is` wants. Columns of tables are
    /// not parts of values.
    pub fn has_part(&self, types: &TypeTable, is: impl Fn(&Type) -> bool) -> bool {
        let mut seen: HashSet<&str> = HashSet::default();
        let mut open: Vec<&Type> = vec![self];
        while let Some(part) = open.pop() {
            if is(part) {
                return true;
            }
            match part {
                Type::List { item: inner } | Type::Map { value: inner } | Type::Optional { of: inner } => {
                    open.push(inner);
                }
                Type::Record { name } | Type::Enum { name } => {
                    if let Some(definition) = types.get(name).filter(|_| seen.insert(name)) {
                        open.extend(definition.fields().map(|field| &field.ty));
                    }
                }
                Type::Bool
                | Type::Int { .. }
                | Type::Float { .. }
                | Type::String { .. }
                | Type::Duration
                | Type::Quantity
                | Type::Json
                | Type::Secret
                | Type::File { .. }
                | Type::Dir { .. }
                | Type::Table { .. }
                | Type::Timestamp
                | Type::Date
                | Type::Decimal => {}
            }
        }
        false
    }

    /// The type without intervals and patterns, lists and maps and optionals included.
    pub fn without_refinements(&self) -> Type {
        match self {
            Type::Int { .. } => Type::INT,
            Type::Float { .. } => Type::FLOAT,
            Type::String { .. } => Type::STRING,
            Type::List { item } => Type::list(item.without_refinements()),
            Type::Map { value } => Type::map(value.without_refinements()),
            Type::Optional { of } => Type::optional(of.without_refinements()),
            Type::Bool
            | Type::Duration
            | Type::Quantity
            | Type::Json
            | Type::Secret
            | Type::Enum { .. }
            | Type::Record { .. }
            | Type::File { .. }
            | Type::Dir { .. }
            | Type::Table { .. }
            | Type::Timestamp
            | Type::Date
            | Type::Decimal => self.clone(),
        }
    }
}

impl TypeDef {
    /// All fields: a record's, or those of all variants.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        let (record, variants) = match self {
            TypeDef::Record(record) => (record.fields.as_slice(), [].as_slice()),
            TypeDef::Enum(definition) => ([].as_slice(), definition.variants.as_slice()),
        };
        record.iter().chain(variants.iter().flat_map(|variant| &variant.fields))
    }

    /// The same definition without its documentation.
    pub(crate) fn without_docs(&self) -> TypeDef {
        let bare =
            |fields: &[Field]| fields.iter().map(|field| Field { doc: None, ..field.clone() }).collect();
        match self {
            TypeDef::Record(record) => TypeDef::Record(Record { fields: bare(&record.fields), doc: None }),
            TypeDef::Enum(definition) => {
                let bare_variant = |variant: &Variant| Variant {
                    fields: bare(&variant.fields),
                    doc: None,
                    ..variant.clone()
                };
                TypeDef::Enum(Enum {
                    variants: definition.variants.iter().map(bare_variant).collect(),
                    doc: None,
                })
            }
        }
    }
}
