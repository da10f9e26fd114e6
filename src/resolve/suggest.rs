//! "Did you mean": the known name that is nearest to one that isn't known. Used by every part that meets names.

use crate::diagnostics::{Applicability, Fix};
use crate::source::Span;

/// The nearest of `candidates`, if it is near enough to have been meant: of equals the first.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    nearest_within(tolerance(name), name, candidates)
}

/// The nearest of `candidates` that differs by at most so many slips.
pub fn nearest_within<'a>(
    slips: usize,
    name: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let mut measure = Measure::of(name);
    let mut limit = slips;
    let mut best = None;
    for candidate in candidates {
        let Some(distance) = measure.distance(candidate, limit) else { continue };
        best = Some(candidate);
        let Some(less) = distance.checked_sub(1) else { break };
        limit = less;
    }
    best
}

/// The fix that writes `near` instead of `name`: to be looked at, unless the two hardly differ.
pub fn fix(name: &str, near: &str, title: String, span: Span) -> Fix {
    let slips = if name.chars().count() < 6 { 1 } else { 2 };
    let is_sure = name.chars().count() > 2 && Measure::of(name).distance(near, slips).is_some();
    let applicability = if is_sure { Applicability::Safe } else { Applicability::Unsafe };
    Fix { applicability, ..Fix::safe(title, span, near) }
}

/// The fix that writes one word for another, which may not be what is meant.
pub fn replace(word: &str, span: Span) -> Fix {
    Fix { applicability: Applicability::Unsafe, ..Fix::safe(format!("write `{word}`"), span, word) }
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

/// More than any distance.
const FAR: usize = usize::MAX / 2;

/// How far names are from one of them, with room to compute in.
#[derive(Default)]
struct Measure {
    name: Vec<char>,
    other: Vec<char>,
    before_last: Vec<usize>,
    last: Vec<usize>,
    row: Vec<usize>,
}

impl Measure {
    fn of(name: &str) -> Measure {
        Measure { name: name.chars().flat_map(char::to_lowercase).collect(), ..Measure::default() }
    }

    /// The number of insertions, deletions, replacements and swaps of neighbours between the name and another, ignoring
    /// case, if it is at most `limit` and less than the whole name. What can't be within the limit isn't computed.
    fn distance(&mut self, other: &str, limit: usize) -> Option<usize> {
        self.other.clear();
        self.other.extend(other.chars().flat_map(char::to_lowercase));
        let width = self.other.len();
        if self.name.len().abs_diff(width) > limit {
            return None;
        }
        for row in [&mut self.before_last, &mut self.last, &mut self.row] {
            row.clear();
            row.extend(0..=width);
        }
        for at in 0..self.name.len() {
            if self.next_row(at, limit) > limit {
                return None;
            }
        }
        let distance = self.last[width];
        (distance <= limit && distance < self.name.len().max(width)).then_some(distance)
    }

    /// The distances from one letter more of the name, as far as they can be within the limit; the least of them.
    fn next_row(&mut self, at: usize, limit: usize) -> usize {
        let width = self.other.len();
        let (from, to) = (at.saturating_sub(limit), width.min(at + limit + 1));
        self.row[from] = if from == 0 { at + 1 } else { FAR };
        let mut least_of_all = self.row[from];
        for next in from..to {
            let is_same = self.name[at] == self.other[next];
            let replaced = self.last[next] + usize::from(!is_same);
            let mut least = replaced.min(self.last[next + 1] + 1).min(self.row[next] + 1);
            let is_swapped = at > 0
                && next > 0
                && self.name[at] == self.other[next - 1]
                && self.name[at - 1] == self.other[next];
            if is_swapped {
                least = least.min(self.before_last[next - 1] + 1);
            }
            self.row[next + 1] = least;
            least_of_all = least_of_all.min(least);
        }
        if let Some(behind) = self.row.get_mut(to + 1) {
            *behind = FAR;
        }
        std::mem::swap(&mut self.before_last, &mut self.last);
        std::mem::swap(&mut self.last, &mut self.row);
        least_of_all
    }
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
