//! Calendar days: `YYYY-MM-DD` of the proleptic Gregorian calendar, years 0000 to 9999.

use super::fault::{DAY_OUT_OF_RANGE, Fault, IMPOSSIBLE_DAY};

/// Days of 400 years, after which the calendar repeats.
const DAYS_OF_CYCLE: i64 = 146_097;
/// From 0000-03-01 to 9999-12-31.
const FIRST_DAY: i64 = -60;
const LAST_DAY: i64 = 3_652_364;

/// The day that is `days` after `day`.
pub fn add_days(day: &str, days: i64) -> Result<String, Fault> {
    let number = day_number(day).ok_or_else(|| Fault::new(IMPOSSIBLE_DAY))?;
    let moved = number.checked_add(days).filter(|number| (FIRST_DAY..=LAST_DAY).contains(number));
    moved.map(day_text).ok_or_else(|| Fault::new(DAY_OUT_OF_RANGE))
}

/// Days since 0000-03-01: with March first, the leap day is a year's last. `None` for what is no day.
fn day_number(day: &str) -> Option<i64> {
    let is_shaped = day.len() == 10
        && day.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !is_shaped {
        return None;
    }
    let part = |range: std::ops::Range<usize>| day.get(range)?.parse::<i64>().ok();
    let (year, month, day_of_month) = (part(0..4)?, part(5..7)?, part(8..10)?);
    if !(1..=12).contains(&month) || !(1..=days_of_month(year, month)).contains(&day_of_month) {
        return None;
    }
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let cycle = year.div_euclid(400);
    let year_of_cycle = year.rem_euclid(400);
    let day_of_year = (153 * month + 2) / 5 + day_of_month - 1;
    Some(cycle * DAYS_OF_CYCLE + year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year)
}

fn days_of_month(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn day_text(number: i64) -> String {
    let cycle = number.div_euclid(DAYS_OF_CYCLE);
    let day_of_cycle = number.rem_euclid(DAYS_OF_CYCLE);
    let year_of_cycle =
        (day_of_cycle - day_of_cycle / 1_460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
    let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = cycle * 400 + year_of_cycle + carry;
    format!("{year:04}-{month:02}-{day_of_month:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_added_on_the_calendar() {
        for (day, days, expected) in [
            ("2024-02-28", 1, "2024-02-29"),
            ("2023-02-28", 1, "2023-03-01"),
            ("2000-02-29", 366, "2001-03-01"),
            ("1900-02-28", 1, "1900-03-01"),
            ("2026-11-24", -1, "2026-11-23"),
            ("2026-01-01", -1, "2025-12-31"),
            ("0000-01-01", 0, "0000-01-01"),
            ("0000-01-01", 3_652_424, "9999-12-31"),
            ("9999-12-31", -3_652_424, "0000-01-01"),
        ] {
            assert_eq!(add_days(day, days).as_deref(), Ok(expected), "{day} {days}");
        }
    }

    #[test]
    fn impossible_days_fault() {
        for day in [
            "2023-02-29",
            "2023-13-01",
            "2023-00-10",
            "2023-01-00",
            "2023-1-1",
            "20230-1-1",
            "",
            "٢٠٢٣-01-01",
        ] {
            assert_eq!(add_days(day, 0), Err(Fault::new(IMPOSSIBLE_DAY)), "{day}");
        }
        for (day, days) in
            [("9999-12-31", 1), ("0000-01-01", -1), ("2024-01-01", i64::MAX), ("2024-01-01", i64::MIN)]
        {
            assert_eq!(add_days(day, days), Err(Fault::new(DAY_OUT_OF_RANGE)), "{day}");
        }
    }

    #[test]
    fn every_day_of_a_cycle_is_one_after_the_other() {
        let mut day = "1999-12-31".to_owned();
        for number in 0..DAYS_OF_CYCLE {
            let next = add_days(&day, 1).unwrap();
            assert_eq!(add_days("1999-12-31", number + 1).unwrap(), next);
            assert!(next > day);
            day = next;
        }
        assert_eq!(day, "2399-12-31");
    }
}
