//! "Did you mean": the known name that is nearest to one that isn't known. Used by every part that meets names.

use crate::diagnostics::{Applicability, Fix};
use crate::source::Span;

/// The nearest of `candidates`, if it is near enough to have been meant: of equals the first.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = tolerance(name);
    let mut best: Option<(usize, &'a str)> = None;
    for candidate in candidates {
        let Some(distance) = distance(name, candidate, limit) else { continue };
        if best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The fix that writes `near` instead of `name`: to be looked at, unless the two hardly differ.
pub fn fix(name: &str, near: &str, title: String, span: Span) -> Fix {
    let slips = if name.chars().count() < 6 { 1 } else { 2 };
    let is_sure = name.chars().count() > 2 && distance(name, near, slips).is_some();
    let applicability = if is_sure { Applicability::Safe } else { Applicability::Unsafe };
    Fix { applicability, ..Fix::safe(title, span, near) }
}

/// How many slips a name of this length may hold.
fn tolerance(name: &str) -> usize {
    match name.chars().count() {
        0..=2 => 1,
        3..=5 => 2,
        6..=9 => 3,
        length => length / 3,
    }
}

/// The number of insertions, deletions, replacements and swaps of neighbours between two names, ignoring case, if it is
/// at most `limit` and less than the whole name.
fn distance(left: &str, right: &str, limit: usize) -> Option<usize> {
    let left: Vec<char> = left.chars().flat_map(char::to_lowercase).collect();
    let right: Vec<char> = right.chars().flat_map(char::to_lowercase).collect();
    if left.len().abs_diff(right.len()) > limit {
        return None;
    }
    let mut before_last = vec![0; right.len() + 1];
    let mut last: Vec<usize> = (0..=right.len()).collect();
    let mut row = vec![0; right.len() + 1];
    for (i, &a) in left.iter().enumerate() {
        row[0] = i + 1;
        for (j, &b) in right.iter().enumerate() {
            let replaced = last[j] + usize::from(a != b);
            let mut least = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a == right[j - 1] && left[i - 1] == b {
                least = least.min(before_last[j - 1] + 1);
            }
            row[j + 1] = least;
        }
        std::mem::swap(&mut before_last, &mut last);
        std::mem::swap(&mut last, &mut row);
    }
    let distance = last[right.len()];
    (distance <= limit && distance < left.len().max(right.len())).then_some(distance)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    fn among(name: &str, known: &[&'static str]) -> Option<String> {
        nearest(name, known.iter().copied()).map(str::to_owned)
    }

    #[test]
    fn slips_are_seen_through() {
        let known = ["retry", "timeout", "resources", "env"];
        assert_eq!(among("retires", &known).as_deref(), Some("retry"));
        assert_eq!(among("tiemout", &known).as_deref(), Some("timeout"));
        assert_eq!(among("Resources", &known).as_deref(), Some("resources"));
        assert_eq!(among("envs", &known).as_deref(), Some("env"));
    }

    #[test]
    fn what_is_far_away_is_not_proposed() {
        assert_eq!(among("x", &["y", "z"]), None);
        assert_eq!(among("volumes", &["retry", "cache"]), None);
        assert_eq!(among("rows", &["features"]), None);
    }

    #[test]
    fn of_equals_the_first_wins() {
        assert_eq!(among("ab", &["abc", "abd"]).as_deref(), Some("abc"));
    }
}
