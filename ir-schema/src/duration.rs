//! Durations as text: whole seconds as `90s`, anything else in milliseconds as `1500ms`.

use crate::number::{is_safe_integer, parse_int};

/// Milliseconds of each unit that a duration may be written in.
const UNITS: [(&str, i64); 5] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

/// The one text of a duration in milliseconds.
pub fn duration_text(milliseconds: i64) -> String {
    if milliseconds % 1_000 == 0 { format!("{}s", milliseconds / 1_000) } else { format!("{milliseconds}ms") }
}

/// Reads `500ms`, `30s`, `5m`, `2h`, `1d`, also negative ones, within ±(2^53−1) milliseconds.
pub fn parse_duration(text: &str) -> Option<i64> {
    let unit_start = text.find(|character: char| character.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(unit_start);
    let (_, scale) = UNITS.iter().find(|(name, _)| *name == unit)?;
    let milliseconds = parse_int(number)?.checked_mul(*scale)?;
    is_safe_integer(milliseconds).then_some(milliseconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_one_text_and_read_in_any_unit() {
        for (text, milliseconds, canonical) in [
            ("90s", 90_000, "90s"),
            ("2m", 120_000, "120s"),
            ("1500ms", 1_500, "1500ms"),
            ("2000ms", 2_000, "2s"),
            ("0ms", 0, "0s"),
            ("-1d", -86_400_000, "-86400s"),
            ("-1ms", -1, "-1ms"),
            ("9007199254740991ms", 9_007_199_254_740_991, "9007199254740991ms"),
        ] {
            assert_eq!(parse_duration(text), Some(milliseconds));
            assert_eq!(duration_text(milliseconds), canonical);
        }
        for text in ["", "5", "s", "1.5s", "1h30m", "5 s", "5S", "9007199254740992ms", "99999999999999999d"] {
            assert_eq!(parse_duration(text), None, "{text:?}");
        }
    }
}
