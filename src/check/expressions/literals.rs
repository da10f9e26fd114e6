//! Numbers, durations, quantities and `null`.

use pipec_ir::value::Value;

use super::{literal, messages};
use crate::check::context::{Checker, error_expression};
use crate::hir;
use crate::source::Span;
use crate::types::Type;

/// Durations are whole milliseconds within ± this.
const LONGEST_DURATION: i64 = (1 << 53) - 1;

/// Units of durations, in milliseconds.
const DURATION_UNITS: &[(&str, i64)] =
    &[("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

/// Units of quantities.
const QUANTITY_UNITS: &[&str] = &["m", "k", "M", "G", "T", "P", "Ki", "Mi", "Gi", "Ti", "Pi"];

/// What a literal should become, without `?` and names.
enum Wanted {
    Float,
    Quantity,
    Json,
    Other,
}

impl Checker<'_> {
    fn wanted(&self, expected: Option<&Type>) -> Wanted {
        let Some(expected) = expected else { return Wanted::Other };
        match expected.without_optional() {
            Type::Float(_) => Wanted::Float,
            Type::Quantity => Wanted::Quantity,
            Type::Json => Wanted::Json,
            Type::Error
            | Type::Null
            | Type::Bool
            | Type::Int(_)
            | Type::String(_)
            | Type::Duration
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
            | Type::Decimal => Wanted::Other,
        }
    }

    /// Digits, perhaps behind a minus.
    pub(super) fn integer(
        &mut self,
        digits: &str,
        negative: bool,
        span: Span,
        expected: Option<&Type>,
    ) -> hir::Expr {
        let text = if negative { format!("-{digits}") } else { digits.to_owned() };
        match self.wanted(expected) {
            Wanted::Quantity => return self.quantity(text, span),
            Wanted::Float => {
                if let Some(value) = exact_float(&text) {
                    return literal(Value::Float(value), Type::FLOAT, span);
                }
                self.report(messages::float_cannot_hold(&text, span));
                return error_expression(span);
            }
            Wanted::Json | Wanted::Other => {}
        }
        match text.parse::<i64>() {
            Ok(value) => literal(Value::Int(value), Type::INT, span),
            Err(_) => {
                self.report(messages::int_too_large(span));
                error_expression(span)
            }
        }
    }

    pub(super) fn float(
        &mut self,
        digits: &str,
        negative: bool,
        span: Span,
        expected: Option<&Type>,
    ) -> hir::Expr {
        let text = if negative { format!("-{digits}") } else { digits.to_owned() };
        if matches!(self.wanted(expected), Wanted::Quantity) {
            return self.quantity(text, span);
        }
        match text.parse::<f64>() {
            // There is no negative zero.
            Ok(value) if value.is_finite() => literal(Value::Float(value + 0.0), Type::FLOAT, span),
            Ok(_) | Err(_) => {
                self.report(messages::float_too_large(span));
                error_expression(span)
            }
        }
    }

    /// `5m`: minutes, unless a quantity is expected; `8Gi`, `30s`.
    pub(super) fn amount(
        &mut self,
        number: &str,
        unit: &str,
        span: Span,
        expected: Option<&Type>,
    ) -> hir::Expr {
        let is_quantity = QUANTITY_UNITS.contains(&unit);
        let duration = DURATION_UNITS.iter().find(|(name, _)| *name == unit);
        let wants_quantity = matches!(self.wanted(expected), Wanted::Quantity);
        match duration {
            Some((_, milliseconds)) if !(is_quantity && wants_quantity) => {
                match whole_milliseconds(number, *milliseconds) {
                    Some(value) => literal(Value::Duration(value), Type::Duration, span),
                    None => {
                        self.report(messages::duration_out_of_range(span));
                        error_expression(span)
                    }
                }
            }
            Some(_) | None if is_quantity => self.quantity(format!("{number}{unit}"), span),
            Some(_) | None => {
                self.report(messages::unknown_unit(number, unit, span));
                error_expression(span)
            }
        }
    }

    fn quantity(&mut self, text: String, span: Span) -> hir::Expr {
        if pipec_ir::quantity::parse_quantity(&text).is_none() {
            self.report(messages::no_quantity(&text, span));
            return error_expression(span);
        }
        literal(Value::Quantity(text), Type::Quantity, span)
    }

    pub(super) fn null(&mut self, span: Span, expected: Option<&Type>) -> hir::Expr {
        let ty = match expected {
            Some(Type::Json) => return literal(Value::Json(serde_json::Value::Null), Type::Json, span),
            Some(ty @ Type::Optional(_)) => ty.clone(),
            Some(_) | None => Type::Null,
        };
        literal(Value::Null, ty, span)
    }
}

/// The integer as a double, if that holds it exactly.
#[expect(clippy::cast_possible_truncation, reason = "magnitudes that don't fit are refused before")]
fn exact_float(text: &str) -> Option<f64> {
    let exact: i128 = text.parse().ok()?;
    let value: f64 = text.parse().ok()?;
    (value.abs() < 1e38 && value as i128 == exact).then_some(value + 0.0)
}

/// A number, perhaps with a fraction, of a unit of `milliseconds`, if that is a whole number of milliseconds.
fn whole_milliseconds(number: &str, milliseconds: i64) -> Option<i64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let mut value = whole.parse::<i64>().ok()?.checked_mul(milliseconds)?;
    if !fraction.is_empty() {
        let scale = 10_i64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
        let part = fraction.parse::<i64>().ok()?.checked_mul(milliseconds)?;
        if part % scale != 0 {
            return None;
        }
        value = value.checked_add(part / scale)?;
    }
    (value <= LONGEST_DURATION).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::{exact_float, whole_milliseconds};

    #[test]
    fn floats_hold_integers_exactly_or_not_at_all() {
        assert_eq!(exact_float("9007199254740992"), Some(9_007_199_254_740_992.0));
        assert_eq!(exact_float("9007199254740993"), None);
        assert_eq!(exact_float("100000000000000000000"), Some(1e20));
        assert_eq!(exact_float("-0"), Some(0.0));
    }

    #[test]
    fn durations_are_whole_milliseconds() {
        assert_eq!(whole_milliseconds("1.5", 1_000), Some(1_500));
        assert_eq!(whole_milliseconds("0.0001", 1_000), None);
        assert_eq!(whole_milliseconds("999999999", 86_400_000), None);
        assert_eq!(whole_milliseconds("99999999999999999999", 1), None);
    }
}
