//! The types of the library's functions: one line each.

use super::Validator;
use super::expressions::{element, is_date};
use super::operators::{can_be_summed, has_order};
use super::place::Place;
use crate::expr::{Expr, Function};
use crate::lookup::record;
use crate::types::Type;

impl Validator<'_> {
    pub(super) fn function(&mut self, function: Function, args: &[Expr], expr: &Expr, place: &Place<'_>) {
        let types: Vec<&Type> = args.iter().map(|arg| &arg.ty).collect();
        if !self.fits(function, &types, &expr.ty) {
            let given: Vec<String> = types.iter().map(ToString::to_string).collect();
            let message = format!("`{}({})` doesn't give {}", function.name(), given.join(", "), expr.ty);
            self.report(place, expr.span, message);
        }
    }

    /// Whether a function takes these arguments and gives this type.
    fn fits(&self, function: Function, args: &[&Type], ty: &Type) -> bool {
        match (function, args) {
            (Function::Len, [of]) => is_countable(of) && *ty == Type::INT,
            (Function::Range, [from, to]) => is_int(from) && is_int(to) && *ty == Type::list(Type::INT),
            (Function::Zip, lists) => self.is_zipped(lists, ty),
            (Function::Enumerate, [of]) => item(of).is_some_and(|item| self.is_numbered(item, ty)),
            (Function::MinOf | Function::MaxOf, [first, _, ..]) => {
                let base = first.without_refinements();
                has_order(&base) && *ty == base && args.iter().all(|arg| arg.without_refinements() == base)
            }
            (Function::MinIn | Function::MaxIn, [of]) => item(of).is_some_and(|item| {
                let base = item.without_refinements();
                has_order(&base) && *ty == Type::optional(base)
            }),
            (Function::Sum, [of]) => item(of).is_some_and(|item| {
                let base = item.without_refinements();
                can_be_summed(&base) && *ty == base
            }),
            (Function::Join, [of, separator]) => {
                item(of).is_some_and(is_string) && is_string(separator) && *ty == Type::STRING
            }
            (Function::Contains, [of, wanted]) => {
                let is_of = |item: &Type| item.without_refinements() == wanted.without_refinements();
                item(of).is_some_and(is_of) && self.is_value(wanted) && *ty == Type::Bool
            }
            (Function::Keys, [Type::Map { .. }]) => *ty == Type::list(Type::STRING),
            (Function::Values, [Type::Map { value }]) => *ty == Type::list((**value).clone()),
            (Function::Get, [of, index]) => {
                element(of, index).is_some_and(|element| *ty == Type::optional(element.clone()))
            }
            (Function::Compact, [of]) => match item(of) {
                Some(Type::Optional { of: item }) => *ty == Type::list((**item).clone()),
                Some(item) => *ty == Type::list(item.clone()),
                None => false,
            },
            (Function::Flatten, [of]) => item(of).is_some_and(|list| item(list).is_some() && ty == list),
            (Function::Concat, [first, ..]) => {
                item(first).is_some() && ty == *first && args.iter().all(|arg| arg == first)
            }
            (Function::ToMap, [keys, values]) => {
                let is_made = |value: &Type| *ty == Type::map(value.clone());
                item(keys).is_some_and(is_string) && item(values).is_some_and(is_made)
            }
            (Function::AddDays, [day, days]) => is_string(day) && is_int(days) && is_date(ty),
            (Function::ToString, [of]) => of.is_text(self.types) && *ty == Type::STRING,
            (Function::Abs, [of]) => {
                let base = of.without_refinements();
                (base == Type::INT || base == Type::FLOAT) && *ty == base
            }
            (Function::Round, [of]) => of.without_refinements() == Type::FLOAT && *ty == Type::INT,
            (
                Function::Len
                | Function::Range
                | Function::Enumerate
                | Function::MinOf
                | Function::MaxOf
                | Function::MinIn
                | Function::MaxIn
                | Function::Sum
                | Function::Join
                | Function::Contains
                | Function::Keys
                | Function::Values
                | Function::Get
                | Function::Compact
                | Function::Flatten
                | Function::Concat
                | Function::ToMap
                | Function::AddDays
                | Function::ToString
                | Function::Abs
                | Function::Round,
                _,
            ) => false,
        }
    }

    /// `[{index: int, item: T}]`.
    fn is_numbered(&self, of: &Type, ty: &Type) -> bool {
        self.has_fields(ty, &[("index".to_owned(), &Type::INT), ("item".to_owned(), of)])
    }

    /// `[{a0: A, a1: B, …}]`.
    fn is_zipped(&self, lists: &[&Type], ty: &Type) -> bool {
        let items: Option<Vec<&Type>> = lists.iter().map(|list| item(list)).collect();
        let fields = |items: Vec<&Type>| -> bool {
            let named: Vec<(String, &Type)> =
                items.into_iter().enumerate().map(|(index, item)| (format!("a{index}"), item)).collect();
            self.has_fields(ty, &named)
        };
        lists.len() >= 2 && items.is_some_and(fields)
    }

    /// Whether a type is a list of records of exactly these fields.
    fn has_fields(&self, ty: &Type, fields: &[(String, &Type)]) -> bool {
        let Some(item) = item(ty).filter(|item| matches!(item, Type::Record { .. })) else { return false };
        record(item, self.types).is_some_and(|record| {
            record.fields.len() == fields.len()
                && record
                    .fields
                    .iter()
                    .zip(fields)
                    .all(|(declared, (name, ty))| declared.name == *name && declared.ty == **ty)
        })
    }
}

fn item(ty: &Type) -> Option<&Type> {
    if let Type::List { item } = ty { Some(item) } else { None }
}

fn is_int(ty: &Type) -> bool {
    matches!(ty, Type::Int { .. })
}

fn is_string(ty: &Type) -> bool {
    matches!(ty, Type::String { .. })
}

fn is_countable(ty: &Type) -> bool {
    matches!(ty, Type::List { .. } | Type::Map { .. } | Type::String { .. })
}
