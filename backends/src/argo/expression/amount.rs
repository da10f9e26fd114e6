//! Quantities by their amounts: `1000m` and `1` are equal, though their texts aren't. What is compared is a text that all
//! ways to write an amount have in common: its digits without zeros at the ends, and a power of ten.

use pipec_ir::quantity::{Amount, SUFFIXES, parse_quantity};
use pipec_ir::{Field, Type};

use super::deliver::{element, entry, map_entries};
use super::{Lowering, Term, formula, member, object_literal, string_literal};
use crate::argo::wire::{enumeration, record};

/// What the language takes for a quantity; any other text is equal to itself alone.
const QUANTITY: &str = "^[0-9]+([.][0-9]+)?([eE][+-]?[0-9]{1,2}|m|[kMGTP]|[KMGTP]i)?$";

impl Lowering<'_> {
    /// A value, in the form that it has inside JSON, with amounts in place of its quantities.
    pub(super) fn by_amount(&self, value: &Term, ty: &Type) -> Term {
        if !ty.holds_quantities(self.types) {
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
            .filter(|variant| variant.fields.iter().any(|field| field.ty.holds_quantities(self.types)))
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

/// The amount of a quantity, as text.
fn amount(quantity: &Term) -> Term {
    let literal = quantity.text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
    if let Some(text) = literal.and_then(parse_quantity).and_then(Amount::decimal) {
        return Term::atom(string_literal(&text));
    }
    let suffixes = SUFFIXES.iter();
    let factors: Vec<String> = suffixes
        .clone()
        .filter(|(_, _, twos)| *twos != 0)
        .map(|(name, _, twos)| format!("'{name}': {}", 1_u64 << twos))
        .collect();
    let tens: Vec<String> = suffixes
        .filter(|(_, tens, _)| *tens != 0)
        .map(|(name, tens, _)| format!("'{name}': {tens}"))
        .collect();
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
