//! The type table, and every use of a type.

use foldhash::{HashMap, HashSet};

use super::Validator;
use super::constants::is_too_deep;
use super::names::is_word;
use super::place::Place;
use crate::MAX_NESTING;
use crate::json::{from_json, to_json};
use crate::number::normalize_numbers;
use crate::pattern::Pattern;
use crate::program::Span;
use crate::types::{Field, FloatBound, Type, TypeDef};

/// What is known of a named type.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Traits {
    pub(super) has_artifact: bool,
    /// A timestamp, date or decimal: only a table's row has one.
    pub(super) has_column: bool,
    /// How deep its values are nested at most.
    height: usize,
}

/// How far a named type has been looked at.
enum Progress {
    Open,
    Done,
}

impl<'a> Validator<'a> {
    pub(super) fn type_table(&mut self) {
        let root = Place::root("types");
        let mut progress = HashMap::default();
        for name in self.types.keys() {
            if self.named_type(name, 1, &mut progress, &root).is_none() {
                return;
            }
        }
    }

    /// Checks a named type after those that it is made of. `None` stops everything: a type that has no end.
    fn named_type(
        &mut self,
        name: &'a str,
        depth: usize,
        progress: &mut HashMap<&'a str, Progress>,
        root: &Place<'_>,
    ) -> Option<Traits> {
        match progress.get(name) {
            Some(Progress::Done) => return Some(self.traits.get(name).copied().unwrap_or_default()),
            Some(Progress::Open) => {
                self.report(&root.at(name), None, "this type contains itself");
                return None;
            }
            None => {}
        }
        if depth > MAX_NESTING {
            self.report(&root.at(name), None, format!("types are nested more than {MAX_NESTING} deep"));
            return None;
        }
        let Some(definition) = self.types.get(name) else { return Some(Traits::default()) };
        progress.insert(name, Progress::Open);
        let mut traits = Traits { height: 1, ..Traits::default() };
        for field in definition.fields() {
            let parts = self.parts_of(&field.ty, depth, progress, root)?;
            traits.has_artifact |= parts.has_artifact;
            traits.has_column |= parts.has_column;
            traits.height = traits.height.max(parts.height + 1);
        }
        progress.insert(name, Progress::Done);
        self.traits.insert(name, traits);
        if traits.height > MAX_NESTING {
            self.report(&root.at(name), None, format!("types are nested more than {MAX_NESTING} deep"));
            return None;
        }
        self.definition(name, definition, &root.at(name));
        Some(traits)
    }

    fn parts_of(
        &mut self,
        ty: &'a Type,
        depth: usize,
        progress: &mut HashMap<&'a str, Progress>,
        root: &Place<'_>,
    ) -> Option<Traits> {
        let wrappers = wrappers(ty);
        let innermost = ty.innermost();
        let mut traits = if let Type::Record { name } | Type::Enum { name } = innermost {
            self.named_type(name, depth + 1, progress, root)?
        } else {
            Traits {
                has_artifact: innermost.is_single_artifact(),
                has_column: is_column_only(innermost),
                height: 1,
            }
        };
        traits.height += wrappers;
        Some(traits)
    }

    fn definition(&mut self, name: &str, definition: &'a TypeDef, place: &Place<'_>) {
        let is_name = !name.is_empty() && !name.contains(|character: char| character.is_control());
        self.require(is_name, place, None, || "a type needs a name".to_owned());
        match definition {
            TypeDef::Record(record) => self.declared_fields(&record.fields, place, false),
            TypeDef::Enum(definition) => {
                self.require(!definition.variants.is_empty(), place, None, || {
                    "an enum needs variants".to_owned()
                });
                let (mut names, mut json_names) = (HashSet::default(), HashSet::default());
                for variant in &definition.variants {
                    let place = place.at(&variant.name);
                    let is_unique = names.insert(&variant.name) && json_names.insert(variant.json_name());
                    self.require(is_unique, &place, None, || "another variant has this name".to_owned());
                    self.field_name(&variant.name, variant.json_name(), &place);
                    self.declared_fields(&variant.fields, &place, true);
                }
            }
        }
    }

    fn declared_fields(&mut self, fields: &'a [Field], place: &Place<'_>, is_variant: bool) {
        let (mut names, mut json_names) = (HashSet::default(), HashSet::default());
        for field in fields {
            let place = place.at(&field.name);
            let is_unique = names.insert(&field.name) && json_names.insert(field.json_name());
            self.require(is_unique, &place, None, || "another field has this name".to_owned());
            self.field_name(&field.name, field.json_name(), &place);
            if !self.type_itself(&field.ty, &place, None) {
                continue;
            }
            let is_secret = matches!(field.ty, Type::Secret);
            self.require(!is_secret, &place, None, || "a field can't be a secret".to_owned());
            let is_payload = !is_variant || self.is_value(&field.ty);
            self.require(is_payload, &place, None, || {
                format!("a variant's field must be a value, and {} isn't", field.ty)
            });
            self.default(field, &place);
        }
    }

    fn field_name(&mut self, name: &str, json_name: &str, place: &Place<'_>) {
        self.require(is_word(name), place, None, || {
            format!("`{name}` is no name: letters, digits and _, no digit first")
        });
        let is_outside_name = !json_name.is_empty() && !json_name.contains('\0');
        self.require(is_outside_name, place, None, || "an outside name can't be empty".to_owned());
    }

    /// A default has to be complete, so that filling it in never fills in anything else.
    fn default(&mut self, field: &'a Field, place: &Place<'_>) {
        // Defaults of the types inside are canonical if nothing has been found.
        let Some(default) = field.default.as_ref().filter(|_| self.found.is_empty()) else { return };
        if !self.require(!is_too_deep(default), place, None, || "the default is nested too deep".to_owned()) {
            return;
        }
        match from_json(default, &field.ty, self.types) {
            Ok(value) => {
                let is_canonical = to_json(&value, &field.ty, self.types) == normalize_numbers(default);
                self.require(is_canonical, place, None, || {
                    "the default must be canonical JSON, with every field".to_owned()
                });
            }
            Err(found) => self.report(place, None, format!("the default doesn't fit: {found}")),
        }
    }

    /// A type somewhere in the program: what it names is there, what it is made of makes sense.
    pub(super) fn type_itself(&mut self, ty: &'a Type, place: &Place<'_>, span: Option<Span>) -> bool {
        let before = self.found.len();
        if !self.require(wrappers(ty) <= MAX_NESTING, place, span, || {
            format!("types are nested more than {MAX_NESTING} deep")
        }) {
            return false;
        }
        let mut part = ty;
        loop {
            part = match part {
                Type::List { item: inner } | Type::Map { value: inner } | Type::Optional { of: inner } => {
                    let is_nested =
                        matches!(part, Type::Optional { .. }) && matches!(**inner, Type::Optional { .. });
                    self.require(!is_nested, place, span, || {
                        "an optional of an optional: T?? is T?".to_owned()
                    });
                    let is_secret = matches!(**inner, Type::Secret);
                    self.require(!is_secret, place, span, || {
                        format!("{ty}: a secret can't be part of anything")
                    });
                    inner
                }
                Type::Bool
                | Type::Duration
                | Type::Quantity
                | Type::Json
                | Type::Secret
                | Type::Timestamp
                | Type::Date
                | Type::Decimal => break,
                Type::Int { min, max } => {
                    let is_empty = min.zip(*max).is_some_and(|(min, max)| min > max);
                    self.require(!is_empty, place, span, || format!("{ty}: no number is in there"));
                    break;
                }
                Type::Float { min, max } => {
                    self.float_interval(part, *min, *max, place, span);
                    break;
                }
                Type::String { pattern } => {
                    self.pattern(pattern.as_deref(), place, span);
                    break;
                }
                Type::Enum { name } => {
                    let is_there = matches!(self.types.get(name), Some(TypeDef::Enum(_)));
                    self.require(is_there, place, span, || format!("there is no enum {name}"));
                    break;
                }
                Type::Record { name } => {
                    let is_there = matches!(self.types.get(name), Some(TypeDef::Record(_)));
                    self.require(is_there, place, span, || format!("there is no record {name}"));
                    break;
                }
                Type::File { format } | Type::Dir { format } => {
                    self.format(format.as_deref(), false, place, span);
                    break;
                }
                Type::Table { row, format } => {
                    self.format(format.as_deref(), true, place, span);
                    self.row(row, place, span);
                    break;
                }
            };
        }
        self.found.len() == before
    }

    fn float_interval(
        &mut self,
        ty: &Type,
        min: Option<FloatBound>,
        max: Option<FloatBound>,
        place: &Place<'_>,
        span: Option<Span>,
    ) {
        let is_finite = [min, max].iter().flatten().all(|bound| bound.value.is_finite());
        let is_empty = min.zip(max).is_some_and(|(min, max)| {
            min.value > max.value || (min.value == max.value && !(min.inclusive && max.inclusive))
        });
        self.require(is_finite && !is_empty, place, span, || format!("{ty}: no number is in there"));
    }

    fn pattern(&mut self, pattern: Option<&'a str>, place: &Place<'_>, span: Option<Span>) {
        let Some(pattern) = pattern.filter(|pattern| !self.known_patterns.contains(pattern)) else { return };
        match Pattern::new(pattern) {
            Ok(_) => {
                self.known_patterns.insert(pattern);
            }
            Err(error) => self.report(place, span, format!("/{pattern}/ is no pattern: {error}")),
        }
    }

    fn format(&mut self, name: Option<&str>, must_be_tabular: bool, place: &Place<'_>, span: Option<Span>) {
        let Some(name) = name else { return };
        match self.program.formats.get(name) {
            Some(format) => {
                let fits = format.tabular || !must_be_tabular;
                self.require(fits, place, span, || format!("the format {name} isn't tabular"));
            }
            None => self.report(place, span, format!("there is no format {name}")),
        }
    }

    fn row(&mut self, row: &str, place: &Place<'_>, span: Option<Span>) {
        let Some(TypeDef::Record(record)) = self.types.get(row) else {
            self.report(place, span, format!("there is no record {row} for the rows"));
            return;
        };
        for field in &record.fields {
            let column = field.ty.without_optional();
            let is_column = column.is_plain_enum(self.types)
                || matches!(
                    column,
                    Type::Bool
                        | Type::Int { .. }
                        | Type::Float { .. }
                        | Type::String { .. }
                        | Type::Timestamp
                        | Type::Date
                        | Type::Decimal
                );
            self.require(is_column, place, span, || {
                format!("{row}.{}: {} is no type of a column", field.name, field.ty)
            });
        }
    }

    /// A type that something in the program has: no column-only type inside.
    pub(super) fn usable_type(&mut self, ty: &'a Type, place: &Place<'_>, span: Option<Span>) -> bool {
        self.type_itself(ty, place, span)
            && self.require(!self.has_column(ty), place, span, || {
                format!("{ty}: only columns of tables are like this")
            })
    }

    fn has_column(&self, ty: &Type) -> bool {
        let innermost = ty.innermost();
        is_column_only(innermost) || self.traits_of(innermost).is_some_and(|traits| traits.has_column)
    }

    fn traits_of(&self, ty: &Type) -> Option<&Traits> {
        if let Type::Record { name } | Type::Enum { name } = ty {
            self.traits.get(name.as_str())
        } else {
            None
        }
    }

    /// Whether no artifact and no secret is inside.
    pub(super) fn is_value(&self, ty: &Type) -> bool {
        let innermost = ty.innermost();
        let is_other = innermost.is_single_artifact() || matches!(innermost, Type::Secret);
        !is_other && self.traits_of(innermost).is_none_or(|traits| !traits.has_artifact)
    }

    /// Whether it is a record with artifacts, or lists, maps and optionals of one.
    pub(super) fn is_mixed(&self, ty: &Type) -> bool {
        matches!(ty.innermost(), Type::Record { .. }) && !self.is_value(ty)
    }
}

fn is_column_only(ty: &Type) -> bool {
    matches!(ty, Type::Timestamp | Type::Date | Type::Decimal)
}

/// How many lists, maps and optionals are around the innermost type.
fn wrappers(ty: &Type) -> usize {
    let mut count = 0;
    let mut part = ty;
    while let Type::List { item: inner } | Type::Map { value: inner } | Type::Optional { of: inner } = part {
        count += 1;
        part = inner;
    }
    count
}
