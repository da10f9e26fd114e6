//! Quantities: which texts are ones, and when two mean the same amount.

/// An amount without rounding, `odd × 2^twos × 5^fives`, where `odd` has neither 2 nor 5 as a factor. Two texts mean the
/// same amount exactly when these are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Amount {
    odd: u128,
    twos: i32,
    fives: i32,
}

/// Suffixes as powers of ten and of two.
pub const SUFFIXES: [(&str, i32, i32); 12] = [
    ("", 0, 0),
    ("m", -3, 0),
    ("k", 3, 0),
    ("M", 6, 0),
    ("G", 9, 0),
    ("T", 12, 0),
    ("P", 15, 0),
    ("Ki", 0, 10),
    ("Mi", 0, 20),
    ("Gi", 0, 30),
    ("Ti", 0, 40),
    ("Pi", 0, 50),
];

/// Longer numbers aren't quantities of anything, and would not fit the exact arithmetic here.
const MAX_DIGITS: usize = 30;
const MAX_EXPONENT: i32 = 30;

/// Reads `500m`, `2`, `0.5`, `8Gi`, `1e9`: digits, perhaps a fraction, then a suffix or an exponent.
pub fn parse_quantity(text: &str) -> Option<Amount> {
    let number_end = text.find(|character: char| !matches!(character, '0'..='9' | '.')).unwrap_or(text.len());
    let (number, suffix) = text.split_at(number_end);
    let (whole, fraction) = match number.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (number, ""),
    };
    let is_number =
        !whole.is_empty() && whole.len() + fraction.len() <= MAX_DIGITS && !fraction.contains('.');
    if !is_number {
        return None;
    }
    let digits: u128 = format!("{whole}{fraction}").parse().ok()?;
    let (tens, twos) = match suffix.strip_prefix(['e', 'E']) {
        Some(exponent) => (parse_exponent(exponent)?, 0),
        None => SUFFIXES.iter().find(|(name, ..)| *name == suffix).map(|(_, tens, twos)| (*tens, *twos))?,
    };
    Some(Amount::new(digits, tens - fraction.len() as i32, twos))
}

fn parse_exponent(text: &str) -> Option<i32> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let exponent: i32 = if is_plain { text.parse().ok()? } else { return None };
    (-MAX_EXPONENT..=MAX_EXPONENT).contains(&exponent).then_some(exponent)
}

/// Whether two texts mean the same amount; texts that aren't quantities are equal only to themselves.
pub fn same_amount(left: &str, right: &str) -> bool {
    match (parse_quantity(left), parse_quantity(right)) {
        (Some(left), Some(right)) => left == right,
        (Some(_), None) | (None, Some(_)) | (None, None) => left == right,
    }
}

impl Amount {
    fn new(mut odd: u128, tens: i32, mut twos: i32) -> Amount {
        if odd == 0 {
            return Amount { odd: 0, twos: 0, fives: 0 };
        }
        let mut fives = tens;
        twos += tens + odd.trailing_zeros() as i32;
        odd >>= odd.trailing_zeros();
        while odd.is_multiple_of(5) {
            odd /= 5;
            fives += 1;
        }
        Amount { odd, twos, fives }
    }

    /// Digits without a zero at their end, and a power of ten: `15e-1`, `0`. Nothing where there are too many digits.
    pub fn decimal(self) -> Option<String> {
        if self.is_zero() {
            return Some("0".to_owned());
        }
        let tens = self.twos.min(self.fives);
        let power = |base: u128, exponent: i32| base.checked_pow(u32::try_from(exponent - tens).ok()?);
        let digits = self.odd.checked_mul(power(2, self.twos)?)?.checked_mul(power(5, self.fives)?)?;
        Some(format!("{digits}e{tens}"))
    }

    /// The amount as a double, for comparisons such as "more than any node has".
    pub fn to_f64(self) -> f64 {
        self.odd as f64 * 2f64.powi(self.twos) * 5f64.powi(self.fives)
    }

    pub fn is_zero(self) -> bool {
        self.odd == 0
    }

    /// Whether it is a whole number, as bytes and GPUs have to be.
    pub fn is_whole(self) -> bool {
        self.odd == 0 || (self.twos >= 0 && self.fives >= 0)
    }

    /// The amount if it is a whole number that fits.
    pub fn to_u64(self) -> Option<u64> {
        if self.odd == 0 {
            return Some(0);
        }
        let twos = u32::try_from(self.twos).ok()?;
        let fives = u32::try_from(self.fives).ok()?;
        let scaled =
            self.odd.checked_mul(5u128.checked_pow(fives)?)?.checked_mul(2u128.checked_pow(twos)?)?;
        u64::try_from(scaled).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_amounts_in_different_words() {
        for (left, right) in [
            ("1", "1000m"),
            ("0.5", "500m"),
            ("1Gi", "1024Mi"),
            ("1e3", "1k"),
            ("1E-3", "1m"),
            ("0", "0Gi"),
            ("1.50", "1.5"),
            ("1000000000", "1G"),
            ("0.5Gi", "536870912"),
        ] {
            assert!(same_amount(left, right), "{left} {right}");
        }
        for (left, right) in [("1", "1m"), ("1G", "1Gi"), ("8Gi", "8"), ("oops", "oops2")] {
            assert!(!same_amount(left, right), "{left} {right}");
        }
    }

    #[test]
    fn what_is_no_quantity() {
        for text in
            ["", "Gi", ".5", "5.", "1.2.3", "1GG", "1gi", "-1", "+1", "1e", "1e99", "1 Gi", "two", "1Ei"]
        {
            assert_eq!(parse_quantity(text), None, "{text:?}");
        }
    }

    #[test]
    fn one_text_for_one_amount() {
        for (text, decimal) in
            [("0Gi", "0"), ("1.50", "15e-1"), ("1000m", "1e0"), ("8Ki", "8192e0"), ("10G", "1e10")]
        {
            assert_eq!(parse_quantity(text).and_then(Amount::decimal).as_deref(), Some(decimal), "{text}");
        }
        assert_eq!(parse_quantity("999999999999999.999999999999999Pi").and_then(Amount::decimal), None);
    }

    #[test]
    fn whole_amounts() {
        assert_eq!(parse_quantity("8Gi").and_then(Amount::to_u64), Some(8 << 30));
        assert_eq!(parse_quantity("1.5k").and_then(Amount::to_u64), Some(1500));
        assert_eq!(parse_quantity("500m").and_then(Amount::to_u64), None);
        assert_eq!(parse_quantity("500m").map(Amount::to_f64), Some(0.5));
        assert_eq!(parse_quantity("1Gi").map(Amount::is_whole), Some(true));
    }
}
