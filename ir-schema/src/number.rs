//! Numbers as text and in JSON: ECMAScript's shortest form for floats, exact integers, no negative zero.

use serde_json::{Number, Value as Json};

/// The largest integer that a double and all its neighbours hold exactly: 2^53 − 1. Durations stay within it, and ints
/// beyond it are strings in JSON.
pub const MAX_SAFE_INTEGER: i64 = (1 << 53) - 1;

/// Whether a double holds this int and both its neighbours exactly.
pub fn is_safe_integer(value: i64) -> bool {
    (-MAX_SAFE_INTEGER..=MAX_SAFE_INTEGER).contains(&value)
}

/// A float as ECMAScript's `Number::toString` prints it. Infinities and NaN don't occur in values; they'd print as Rust
/// prints them.
pub fn float_text(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if !value.is_finite() {
        return value.to_string();
    }
    // So few digits are the only ones that read back as this double, and Rust arranges them the same way here.
    if (1e-6..1e21).contains(&value.abs()) {
        let plain = value.to_string();
        if plain.bytes().filter(u8::is_ascii_digit).count() <= f64::DIGITS as usize {
            return plain;
        }
    }
    // Rust prints the shortest digits that read back as the same double; only their arrangement differs.
    let scientific = shortest(value.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let point = exponent.parse::<i32>().unwrap_or(0) + 1;
    let sign = if value < 0.0 { "-" } else { "" };
    format!("{sign}{}", arrange(&digits, point))
}

/// The fewest digits that read back as the same double; of two such that are equally close, the even one, as ECMAScript
/// has it and Rust hasn't.
fn shortest(value: f64) -> String {
    let shortest = format!("{value:e}");
    let digits = shortest.split('e').next().unwrap_or("").bytes().filter(u8::is_ascii_digit).count();
    let nearest = format!("{value:.*e}", digits.saturating_sub(1));
    if nearest.parse() == Ok(value) { nearest } else { shortest }
}

/// The digits with their decimal point after the first `point` of them.
fn arrange(digits: &str, point: i32) -> String {
    let count = digits.len() as i32;
    if count <= point && point <= 21 {
        return format!("{digits}{}", "0".repeat((point - count) as usize));
    }
    if 0 < point && point <= 21 {
        let (whole, fraction) = digits.split_at(point as usize);
        return format!("{whole}.{fraction}");
    }
    if -6 < point && point <= 0 {
        return format!("0.{}{digits}", "0".repeat(-point as usize));
    }
    let (first, rest) = digits.split_at(1);
    let separator = if rest.is_empty() { "" } else { "." };
    format!("{first}{separator}{rest}e{:+}", point - 1)
}

/// A JSON number as ECMAScript prints the double that it is.
pub fn json_number_text(number: &Number) -> String {
    match number.as_i64() {
        Some(integer) if is_safe_integer(integer) => integer.to_string(),
        Some(_) | None => float_text(number.as_f64().unwrap_or(0.0)),
    }
}

/// A double as a JSON number: an integer where it is a safe one, so that equal numbers are equal JSON.
pub fn json_number(value: f64) -> Json {
    if value.trunc() == value && value.abs() <= MAX_SAFE_INTEGER as f64 {
        return Json::from(value as i64);
    }
    Json::from(value)
}

/// JSON whose numbers are doubles, in their one form.
pub fn normalize_numbers(json: &Json) -> Json {
    match json {
        Json::Number(number) => json_number(number.as_f64().unwrap_or(0.0)),
        Json::Array(items) => items.iter().map(normalize_numbers).collect(),
        Json::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), normalize_numbers(value))).collect()
        }
        Json::Null | Json::Bool(_) | Json::String(_) => json.clone(),
    }
}

/// Reads `-?[0-9]+` within 64 bits.
pub fn parse_int(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_plain { text.parse().ok() } else { None }
}

/// Reads `-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?` as a finite float that isn't negative zero.
pub fn parse_float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let exponent = exponent.map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_plain = are_digits(whole) && fraction.is_none_or(are_digits) && exponent.is_none_or(are_digits);
    let value = if is_plain { text.parse::<f64>().ok()? } else { return None };
    value.is_finite().then_some(value + 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_print_as_ecmascript_does() {
        let table: &[(f64, &str)] = &[
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-1.5, "-1.5"),
            (0.1, "0.1"),
            (123456789.125, "123456789.125"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1.5e21, "1.5e+21"),
            (1.25e300, "1.25e+300"),
            (1e-6, "0.000001"),
            (1e-7, "1e-7"),
            (1.5e-7, "1.5e-7"),
            (0.000012345, "0.000012345"),
            (5e-324, "5e-324"),
            (1.7976931348623157e308, "1.7976931348623157e+308"),
            (9007199254740993.0, "9007199254740992"),
            (0.1 + 0.2, "0.30000000000000004"),
            (9007199254740992.0 * 0.1, "900719925474099.2"),
        ];
        for (value, text) in table {
            assert_eq!(float_text(*value), *text);
        }
    }

    #[test]
    fn only_plain_numbers_are_read() {
        for text in ["", "-", "+1", "1_0", " 1", "1 ", "0x1", "1.0", "9223372036854775808", "١"] {
            assert_eq!(parse_int(text), None, "{text:?}");
        }
        assert_eq!(parse_int("-9223372036854775808"), Some(i64::MIN));
        assert_eq!(parse_int("007"), Some(7));
        for text in ["", ".5", "5.", "1e", "1e+", "inf", "NaN", "1e400", "0x1p-2", "1_0", "+1", "--1"] {
            assert_eq!(parse_float(text), None, "{text:?}");
        }
        assert_eq!(parse_float("-0"), Some(0.0));
        assert!(parse_float("-0").is_some_and(f64::is_sign_positive));
        assert_eq!(parse_float("1e-05"), Some(0.00001));
        assert_eq!(parse_float("2E+3"), Some(2000.0));
    }
}
