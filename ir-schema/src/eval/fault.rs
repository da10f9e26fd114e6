//! What goes wrong when an expression is evaluated. Messages are made of `A–Z a–z 0–9`, space and `._:,/()+-` only: they
//! have to survive in a target's expressions.

use std::fmt;

use crate::mismatch::Mismatch;
use crate::program::Span;

/// A fault of an expression: it fails its node as a failed step does, and is never tried again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub message: String,
    pub span: Option<Span>,
}

pub const DIVISION_BY_ZERO: &str = "division by zero";
pub const INT_OVERFLOW: &str = "int overflow: the result does not fit in 64 bits";
pub const FLOAT_OVERFLOW: &str = "float overflow: the result is not a finite number";
pub const DURATION_OVERFLOW: &str = "duration overflow: the result is beyond 9007199254740991ms";
pub const INDEX_OUT_OF_RANGE: &str = "index out of range";
pub const MISSING_KEY: &str = "missing key";
pub const ROUND_OVERFLOW: &str = "round: the number does not fit in 64 bits";
pub const RANGE_TOO_LONG: &str = "range: more than 100000 items";
pub const UNEQUAL_LENGTHS: &str = "zip: lists of different lengths";
pub const UNEQUAL_KEYS: &str = "to_map: as many keys as values are needed";
pub const REPEATED_KEY: &str = "to_map: a key is given twice";
pub const IMPOSSIBLE_DAY: &str = "add_days: no such day";
pub const DAY_OUT_OF_RANGE: &str = "add_days: the day is not within the years 0000 to 9999";

/// The most items that `range` gives.
pub const MAX_RANGE: i64 = 100_000;

impl Fault {
    /// A fault with a message; characters that a target's expressions can't carry become `-`.
    pub fn new(message: impl AsRef<str>) -> Fault {
        let is_carried =
            |character: char| character.is_ascii_alphanumeric() || " ._:,/()+-".contains(character);
        let message =
            message.as_ref().chars().map(|character| if is_carried(character) { character } else { '-' });
        Fault { message: message.collect(), span: None }
    }

    /// A value outside of its type's interval or pattern, in words that a target's expressions can carry.
    pub(super) fn outside_of_type(found: &Mismatch) -> Fault {
        let path = found.path.replace('[', "(").replace(']', ")");
        let place =
            if path.is_empty() { String::new() } else { format!("at {}: ", path.trim_start_matches('.')) };
        let shown = found.found.replace('"', "");
        let shown = if is_carried(&shown) { shown } else { "other text".to_owned() };
        let expected =
            if is_carried(&found.expected) { &found.expected } else { "text that matches its pattern" };
        Fault::new(format!("{place}expected {expected}, found {shown}"))
    }

    /// The same fault, at this place unless it has one already.
    pub fn at(mut self, span: Option<Span>) -> Fault {
        self.span = self.span.or(span);
        self
    }
}

fn is_carried(text: &str) -> bool {
    text.chars().all(is_carried_character)
}

fn is_carried_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || " ._:,/()+-".contains(character)
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}
