//! Quantities by their amounts: `1000m` and `1` are equal, though their texts aren't. What is compared is a text that all
//! ways to write an amount have in common: its digits without zeros at the ends, and a power of ten.

use pipec_ir::types::TypeTable;
use pipec_ir::{Field, Type};

use super::deliver::{element, entry, map_entries};
use super::{Lowering, Term, formula, member, object_literal, string_literal};
use crate::argo::wire::{enumeration, record};

/// What the language takes for a quantity; any other text is equal to itself alone.
const QUANTITY: &str = "^[0-9]+([.][0-9]+)?([eE][+-]?[0-9]{1,2}|m|[kMGTP]|[KMGTP]i)?$";

/// Suffixes that are powers of two, and of ten.
const FACTORS: [(&str, u64); 5] =
    [("Ki", 1 << 10), ("Mi", 1 << 20), ("Gi", 1 << 30), ("Ti", 1 << 40), ("Pi", 1 << 50)];
const TENS: [(&str, i32); 6] = [("m", -3), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15)];

impl Lowering<'_> {
    /// A value, in the form that it has inside JSON, with amounts in place of its quantities.
    pub(super) fn by_amount(&self, value: &Term, ty: &Type) -> Term {
        if !holds_quantities(ty, self.types) {
            return value.clone();
        }
        let made = |text: String| Term::made_of(text, &[value]);
        match ty {
            Type::Quantity => amount(value),
            Type::Optional { of } => {
                let inner = self.by_amount(&element(), of);
                made(format!("map([{}], # == nil ? nil : {})[0]", value.text, inner.text))
            }
            Type::List { item } => {
                made(format!("map({}, {})", value.text, self.by_amount(&element(), item).text))
            }
            Type::Map { value: of } => made(map_entries(&value.text, &self.by_amount(&entry(), of).text)),
            Type::Record { name } => {
                let fields = record(self.types, name).map_or(&[][..], |found| &found.fields);
                made(format!("map([{}], {})[0]", value.text, self.fields_by_amount("#", fields).text))
            }
            Type::Enum { name } => formula(&[value], |t| self.variant_by_amount(&t[0], name)),
            Type::Bool | Type::Int { .. } | Type::Float { .. } | Type::String { .. } | Type::Duration => {
                value.clone()
            }
            Type::Json | Type::Secret | Type::File { .. } | Type::Dir { .. } | Type::Table { .. } => {
                value.clone()
            }
            Type::Timestamp | Type::Date | Type::Decimal => value.clone(),
        }
    }

    fn fields_by_amount(&self, place: &str, fields: &[Field]) -> Term {
        let parts: Vec<(String, Term)> = fields
            .iter()
            .map(|field| {
                let at = Term::made_of(format!("{place}{}", member(field.json_name())), &[]);
                (field.json_name().to_owned(), self.by_amount(&at, &field.ty))
            })
            .collect();
        object_literal(&parts)
    }

    fn variant_by_amount(&self, place: &str, name: &str) -> String {
        let variants = enumeration(self.types, name).map_or(&[][..], |found| &found.variants);
        variants
            .iter()
            .filter(|variant| variant.fields.iter().any(|field| holds_quantities(&field.ty, self.types)))
            .fold(place.to_owned(), |otherwise, variant| {
                let name = variant.json_name();
                let fields = self.fields_by_amount(&format!("{place}{}", member(name)), &variant.fields);
                let object = object_literal(&[(name.to_owned(), fields)]);
                format!(
                    "(type({place}) == 'map' and {} in {place} ? {} : {otherwise})",
                    string_literal(name),
                    object.text
                )
            })
    }
}

/// Whether a value of the type may hold quantities.
pub(super) fn holds_quantities(ty: &Type, types: &TypeTable) -> bool {
    let in_fields = |fields: &[Field]| fields.iter().any(|field| holds_quantities(&field.ty, types));
    match ty {
        Type::Quantity => true,
        Type::List { item: of } | Type::Map { value: of } | Type::Optional { of } => {
            holds_quantities(of, types)
        }
        Type::Record { name } => record(types, name).is_some_and(|found| in_fields(&found.fields)),
        Type::Enum { name } => enumeration(types, name)
            .is_some_and(|found| found.variants.iter().any(|variant| in_fields(&variant.fields))),
        Type::Bool | Type::Int { .. } | Type::Float { .. } | Type::String { .. } | Type::Duration => false,
        Type::Json | Type::Secret | Type::File { .. } | Type::Dir { .. } | Type::Table { .. } => false,
        Type::Timestamp | Type::Date | Type::Decimal => false,
    }
}

/// The amount that a text means, as text.
fn amount_text(quantity: &str) -> Option<String> {
    pipec_ir::quantity::parse_quantity(quantity)?;
    let (number, suffix) =
        quantity.split_at(quantity.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(quantity.len()));
    let fraction = number.split_once('.').map_or("", |(_, fraction)| fraction);
    let factor = FACTORS.iter().find(|(name, _)| *name == suffix).map_or(1, |(_, factor)| *factor);
    let exponent = match suffix.strip_prefix(['e', 'E']) {
        Some(exponent) => exponent.parse().ok()?,
        None => TENS.iter().find(|(name, _)| *name == suffix).map_or(0, |(_, tens)| *tens),
    };
    let (mut carry, mut product) = (0, String::new());
    for digit in number.chars().rev().filter_map(|digit| digit.to_digit(10)) {
        let next = u64::from(digit) * factor + carry;
        product.insert_str(0, &(next % 10).to_string());
        carry = next / 10;
    }
    product.insert_str(0, &carry.to_string());
    let digits = product.trim_start_matches('0');
    let trimmed = digits.trim_end_matches('0');
    let tens =
        exponent - i32::try_from(fraction.len()).ok()? + i32::try_from(digits.len() - trimmed.len()).ok()?;
    Some(if trimmed.is_empty() { "0".to_owned() } else { format!("{trimmed}e{tens}") })
}

/// The amount of a quantity, as text.
fn amount(quantity: &Term) -> Term {
    let literal = quantity.text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
    if let Some(text) = literal.and_then(amount_text) {
        return Term::atom(string_literal(&text));
    }
    let factors: Vec<String> = FACTORS.iter().map(|(name, factor)| format!("'{name}': {factor}")).collect();
    let tens: Vec<String> = TENS.iter().map(|(name, tens)| format!("'{name}': {tens}")).collect();
    // Of `#`, a number and its suffix.
    let factor = format!("get({{{}}}, #[1]) ?? 1", factors.join(", "));
    let exponent =
        format!("(#[1] matches '^[eE]' ? int(#[1][1:]) : get({{{}}}, #[1]) ?? 0)", tens.join(", "));
    let places = "len(get(split(#[0], '.'), 1) ?? '')";
    // Digit by digit from the right, as on paper: no number here is larger than 64 bits.
    let digits = "sprig.reverse(split(replace(#[0], '.', ''), ''))";
    let next = "int(#) * #acc[2] + #acc[0]";
    let product = format!(
        "reduce(concat([[0, '', {factor}]], {digits}), \
         [sprig.div({next}, 10), string(({next}) % 10) + #acc[1], #acc[2]])"
    );
    let scaled = format!("[{product}, {exponent} - {places}]");
    let trimmed = "[sprig.regexReplaceAll('^0+', string(#[0][0]) + #[0][1], ''), #[1]]";
    let text = "#[0] == '' ? '0' : \
                sprig.regexReplaceAll('0+$', #[0], '') + 'e' + string(#[1] + len(sprig.regexFind('0+$', #[0])))";
    let parts = "[sprig.regexFind('^[0-9.]+', #), sprig.regexFind('[^0-9.].*$', #)]";
    let of_parts = format!("map([map([{scaled}], {trimmed})[0]], {text})[0]");
    let text =
        format!("map([{}], # matches '{QUANTITY}' ? map([{parts}], {of_parts})[0] : #)[0]", quantity.text);
    Term::made_of(text, &[quantity])
}
