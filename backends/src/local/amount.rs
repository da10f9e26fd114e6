//! Equality of values with quantities in them: two quantities are equal when they mean the same amount.

use pipec_ir::lookup::{enumeration, record};
use pipec_ir::{BinaryOp, Expr, Field, Type, TypeTable};

use super::function::{Function, Word};
use super::kind::jq_string;

impl Function<'_> {
    /// Compares two values by the amounts of their quantities.
    pub(super) fn equal_amounts(&mut self, op: BinaryOp, left: &Expr, right: &Expr) -> Word {
        let operator = if op == BinaryOp::Equal { "==" } else { "!=" };
        let both = self.both(left, right);
        let types = self.context.types();
        let (first, second) = (by_amount(&left.ty, types), by_amount(&right.ty, types));
        self.query("equal", &both, "plain", &format!("(.[0] | {first}) {operator} (.[1] | {second})"))
    }

    /// Whether a list holds an item, by amounts.
    pub(super) fn contains_amount(&mut self, list: &Expr, wanted: &Expr) -> Word {
        let both = self.both(list, wanted);
        let types = self.context.types();
        let (items, item) = (by_amount(&list.ty, types), by_amount(&wanted.ty, types));
        self.query("found", &both, "plain", &format!("[(.[0] | {items}), (.[1] | {item})] | has_item"))
    }

    /// Two values as a JSON list.
    fn both(&mut self, left: &Expr, right: &Expr) -> Word {
        let (first, second) = (self.expression(left), self.expression(right));
        let (first, second) = (self.json_of(&first, &left.ty), self.json_of(&second, &right.ty));
        format!("'['{first}','{second}']'")
    }
}

/// A filter that puts amounts in place of quantities.
fn by_amount(ty: &Type, types: &TypeTable) -> String {
    filter(ty, types).unwrap_or_else(|| ".".to_owned())
}

/// The same; nothing where there are none.
fn filter(ty: &Type, types: &TypeTable) -> Option<String> {
    match ty {
        Type::Quantity => Some("amount".to_owned()),
        Type::Optional { of } => {
            filter(of, types).map(|inner| format!("(if . == null then null else {inner} end)"))
        }
        Type::List { item } => filter(item, types).map(|inner| format!("map({inner})")),
        Type::Map { value } => filter(value, types).map(|inner| format!("map_values({inner})")),
        Type::Record { .. } => in_fields("", &record(ty, types)?.fields, types),
        Type::Enum { .. } => {
            let variants = enumeration(ty, types)?.variants.iter().filter_map(|variant| {
                let name = jq_string(variant.json_name());
                let inner = in_fields(&format!("[{name}]"), &variant.fields, types)?;
                Some(format!("(if type == \"object\" and has({name}) then {inner} else . end)"))
            });
            joined(variants.collect())
        }
        Type::Bool | Type::Int { .. } | Type::Float { .. } | Type::String { .. } | Type::Duration => None,
        Type::Json | Type::Secret | Type::File { .. } | Type::Dir { .. } | Type::Table { .. } => None,
        Type::Timestamp | Type::Date | Type::Decimal => None,
    }
}

fn in_fields(place: &str, fields: &[Field], types: &TypeTable) -> Option<String> {
    let updates = fields.iter().filter_map(|field| {
        let inner = filter(&field.ty, types)?;
        Some(format!("(.{place}[{}] |= {inner})", jq_string(field.json_name())))
    });
    joined(updates.collect())
}

fn joined(filters: Vec<String>) -> Option<String> {
    (!filters.is_empty()).then(|| format!("({})", filters.join(" | ")))
}
