//! What converts to what without fail.

use super::Validator;
use crate::lookup::record;
use crate::types::{Field, FloatBound, Type};

impl Validator<'_> {
    /// Whether every value of `from` can be made one of `to`.
    pub(super) fn widens(&self, from: &Type, to: &Type) -> bool {
        if from == to {
            return true;
        }
        match (from, to) {
            (_, Type::Json) => self.is_value(from),
            (Type::Optional { of: from }, Type::Optional { of: to }) => self.widens(from, to),
            (from, Type::Optional { of: to }) => self.widens(from, to),
            (Type::Int { .. }, Type::Quantity) => true,
            (Type::Int { min, max }, Type::Int { min: to_min, max: to_max }) => {
                let above = to_min.is_none_or(|bound| min.is_some_and(|min| min >= bound));
                let below = to_max.is_none_or(|bound| max.is_some_and(|max| max <= bound));
                above && below
            }
            (Type::Int { min, max }, Type::Float { min: to_min, max: to_max }) => {
                let bound = |value: i64| FloatBound { value: value as f64, inclusive: true };
                is_within(min.map(bound), max.map(bound), *to_min, *to_max)
            }
            (Type::Float { min, max }, Type::Float { min: to_min, max: to_max }) => {
                is_within(*min, *max, *to_min, *to_max)
            }
            (Type::String { .. }, Type::String { pattern }) => pattern.is_none(),
            (Type::List { item: from }, Type::List { item: to })
            | (Type::Map { value: from }, Type::Map { value: to }) => self.widens(from, to),
            (Type::Record { name: from_name }, Type::Record { name: to_name }) => {
                let key = (from_name.clone(), to_name.clone());
                let known = self.conversions.borrow().get(&key).copied();
                known.unwrap_or_else(|| {
                    let widens = self.record_widens(from, to);
                    self.conversions.borrow_mut().insert(key, widens);
                    widens
                })
            }
            (Type::File { .. }, Type::File { format }) | (Type::Dir { .. }, Type::Dir { format }) => {
                format.is_none()
            }
            (Type::Table { format, .. }, Type::File { format: to }) => to.is_none() || format == to,
            (Type::Table { row, format }, Type::Table { row: to_row, format: to_format }) => {
                let has_format = to_format.is_none() || format == to_format;
                let named = |name: &String| Type::Record { name: name.clone() };
                has_format && self.has_columns(&named(row), &named(to_row))
            }
            _ => false,
        }
    }

    fn record_widens(&self, from: &Type, to: &Type) -> bool {
        let (Some(source), Some(target)) = (record(from, self.types), record(to, self.types)) else {
            return false;
        };
        target.fields.iter().all(|field| {
            match source.fields.iter().find(|given| is_same_field(given, field)) {
                Some(given) => self.widens(&given.ty, &field.ty),
                None => {
                    let is_absent = source.field(&field.name).is_none();
                    is_absent && (field.default.is_some() || matches!(field.ty, Type::Optional { .. }))
                }
            }
        })
    }

    /// Every column of `to` is one of `from`, of the same type, unless it is optional there.
    fn has_columns(&self, from: &Type, to: &Type) -> bool {
        let (Some(source), Some(target)) = (record(from, self.types), record(to, self.types)) else {
            return false;
        };
        target.fields.iter().all(|column| {
            match source.fields.iter().find(|given| is_same_field(given, column)) {
                Some(given) => self.widens(&given.ty, &column.ty) && is_same_column(&given.ty, &column.ty),
                None => matches!(column.ty, Type::Optional { .. }),
            }
        })
    }
}

/// Fields match when both names do.
fn is_same_field(left: &Field, right: &Field) -> bool {
    left.name == right.name && left.json_name() == right.json_name()
}

/// A column keeps its kind: an int column is no float column.
fn is_same_column(from: &Type, to: &Type) -> bool {
    let base = |ty: &Type| ty.without_optional().without_refinements();
    base(from) == base(to)
}

fn is_within(
    min: Option<FloatBound>,
    max: Option<FloatBound>,
    to_min: Option<FloatBound>,
    to_max: Option<FloatBound>,
) -> bool {
    let above = to_min.is_none_or(|bound| {
        min.is_some_and(|min| {
            min.value > bound.value || (min.value == bound.value && (bound.inclusive || !min.inclusive))
        })
    });
    let below = to_max.is_none_or(|bound| {
        max.is_some_and(|max| {
            max.value < bound.value || (max.value == bound.value && (bound.inclusive || !max.inclusive))
        })
    });
    above && below
}
