//! Intervals of numbers: which holds which, and what is in one.

use super::{FloatEnd, FloatInterval, IntInterval};

impl IntInterval {
    pub fn contains(self, value: i64) -> bool {
        self.min.is_none_or(|min| min <= value) && self.max.is_none_or(|max| value <= max)
    }

    /// Whether everything in `other` is in this one.
    pub fn includes(self, other: IntInterval) -> bool {
        let (min, max) = (self.min.unwrap_or(i64::MIN), self.max.unwrap_or(i64::MAX));
        min <= other.min.unwrap_or(i64::MIN) && other.max.unwrap_or(i64::MAX) <= max
    }

    pub fn is_empty(self) -> bool {
        self.min.unwrap_or(i64::MIN) > self.max.unwrap_or(i64::MAX)
    }

    /// The same numbers as floats. Bounds that a double can't hold exactly are widened.
    pub fn as_float(self) -> FloatInterval {
        FloatInterval {
            min: self.min.map(below),
            max: self.max.map(|max| FloatEnd { value: -below_of_negated(max), inclusive: true }),
        }
    }
}

/// The greatest double that is at most `value`.
#[expect(clippy::cast_precision_loss, reason = "what is lost is looked at")]
fn below(value: i64) -> f64 {
    let nearest = value as f64;
    if exact(nearest) > i128::from(value) { nearest.next_down() } else { nearest }
}

/// The greatest double that is at most `-value`.
#[expect(clippy::cast_precision_loss, reason = "what is lost is looked at")]
fn below_of_negated(value: i64) -> f64 {
    let negated = -i128::from(value);
    let nearest = negated as f64;
    if exact(nearest) > negated { nearest.next_down() } else { nearest }
}

#[expect(clippy::cast_possible_truncation, reason = "magnitudes up to 2^63 fit")]
fn exact(value: f64) -> i128 {
    value as i128
}

impl FloatInterval {
    pub fn contains(self, value: f64) -> bool {
        self.min.is_none_or(|min| min <= value)
            && self.max.is_none_or(|end| if end.inclusive { value <= end.value } else { value < end.value })
    }

    /// Whether everything in `other` is in this one.
    pub fn includes(self, other: FloatInterval) -> bool {
        let min = match (self.min, other.min) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(own), Some(other)) => own <= other,
        };
        let max = match (self.max, other.max) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(own), Some(other)) => {
                other.value < own.value || (other.value == own.value && (own.inclusive || !other.inclusive))
            }
        };
        min && max
    }

    pub fn is_empty(self) -> bool {
        let (Some(min), Some(end)) = (self.min, self.max) else { return false };
        if end.inclusive { min > end.value } else { min >= end.value }
    }
}

#[cfg(test)]
mod tests {
    use super::{FloatEnd, FloatInterval, IntInterval};

    fn ints(min: Option<i64>, max: Option<i64>) -> IntInterval {
        IntInterval { min, max }
    }

    #[test]
    fn inclusion_of_ints() {
        assert!(ints(Some(1), Some(8)).includes(ints(Some(1), Some(8))));
        assert!(ints(None, None).includes(ints(Some(1), Some(8))));
        assert!(ints(Some(0), None).includes(ints(Some(1), Some(8))));
        assert!(!ints(Some(2), None).includes(ints(Some(1), Some(8))));
        assert!(!ints(Some(1), Some(8)).includes(ints(Some(1), None)));
        assert!(ints(Some(i64::MIN), Some(i64::MAX)).includes(ints(None, None)));
    }

    #[test]
    fn inclusion_of_floats() {
        let end =
            |value, inclusive| FloatInterval { min: Some(0.0), max: Some(FloatEnd { value, inclusive }) };
        assert!(end(1.0, true).includes(end(1.0, false)));
        assert!(!end(1.0, false).includes(end(1.0, true)));
        assert!(FloatInterval::default().includes(end(1.0, true)));
        assert!(!end(1.0, true).includes(FloatInterval::default()));
    }

    #[test]
    fn bounds_that_no_double_holds_are_widened() {
        let odd = (1_i64 << 53) + 1;
        let interval = ints(Some(odd), Some(odd)).as_float();
        assert_eq!(interval.min, Some(9_007_199_254_740_992.0));
        assert_eq!(interval.max.map(|end| end.value), Some(9_007_199_254_740_994.0));
    }
}
