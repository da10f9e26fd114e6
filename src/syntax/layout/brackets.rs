//! Which brackets belong together, and which have no partner.

use std::ops::Range;

/// A bracket that is open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    pub(super) at: usize,
    pub(super) kind: Kind,
    /// How far the line that it stands on is indented.
    pub(super) indentation: usize,
    pub(super) line: usize,
    /// The braces of an enum, where any word is a variant.
    pub(super) of_enum: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Parenthesis,
    Square,
    Brace,
}

impl Kind {
    pub(super) fn of(byte: u8) -> Kind {
        match byte {
            b'(' | b')' => Kind::Parenthesis,
            b'[' | b']' => Kind::Square,
            _ => Kind::Brace,
        }
    }

    pub(super) fn opening(self) -> char {
        match self {
            Kind::Parenthesis => '(',
            Kind::Square => '[',
            Kind::Brace => '{',
        }
    }

    pub(super) fn closing(self) -> char {
        match self {
            Kind::Parenthesis => ')',
            Kind::Square => ']',
            Kind::Brace => '}',
        }
    }
}

/// A closing bracket as it is met.
#[derive(Clone, Copy, Debug)]
pub(super) struct Close {
    pub(super) at: usize,
    pub(super) kind: Kind,
    pub(super) indentation: usize,
    pub(super) line: usize,
    pub(super) first_on_line: bool,
}

/// A bracket without a partner.
#[derive(Clone, Debug)]
pub(super) enum Stray {
    /// `noticed` is where it had to be closed at the latest. `at_end` says that only braces are open there, and nothing
    /// follows: such a brace is read as if it were closed.
    Unclosed {
        open: Open,
        noticed: Range<usize>,
        at_end: bool,
    },
    Unopened {
        close: Close,
    },
    /// `(a]`: one mistake in two places.
    Mismatched {
        open: Open,
        close: Close,
    },
    /// The other place.
    Partner {
        close: Close,
    },
}

impl Stray {
    pub(super) fn at(&self) -> usize {
        match self {
            Stray::Unclosed { open, .. } | Stray::Mismatched { open, .. } => open.at,
            Stray::Unopened { close } | Stray::Partner { close } => close.at,
        }
    }
}

/// The brackets that are open, innermost last, and the strays met so far.
#[derive(Debug, Default)]
pub(super) struct Brackets {
    pub(super) open: Vec<Open>,
    pub(super) strays: Vec<Stray>,
}

impl Brackets {
    pub(super) fn innermost(&self) -> Option<&Open> {
        self.open.last()
    }

    /// Closes without a thought. False where the bracket doesn't fit.
    pub(super) fn close(&mut self, close: Close) -> bool {
        let fits = self.open.last().is_some_and(|open| open.kind == close.kind);
        if fits {
            self.open.pop();
        }
        fits
    }

    /// Closes where it is known that something is wrong: indentation then tells which bracket was forgotten.
    pub(super) fn close_with_care(&mut self, close: Close) {
        match self.partner(close) {
            Some(index) => {
                let forgotten = self.open.split_off(index + 1);
                self.strays.extend(forgotten.into_iter().map(|open| Stray::Unclosed {
                    open,
                    noticed: close.at..close.at + 1,
                    at_end: false,
                }));
                self.open.pop();
            }
            None => match self.open.pop_if(|open| open.line == close.line && open.kind != Kind::Brace) {
                Some(open) => {
                    self.strays.push(Stray::Mismatched { open, close });
                    self.strays.push(Stray::Partner { close });
                }
                None => self.strays.push(Stray::Unopened { close }),
            },
        }
    }

    fn partner(&self, close: Close) -> Option<usize> {
        if close.kind == Kind::Brace && close.first_on_line {
            let by_indentation = self.open.iter().rposition(|open| {
                open.kind == Kind::Brace && open.indentation == close.indentation && open.line < close.line
            });
            if by_indentation.is_some() {
                return by_indentation;
            }
            // Deeper than every open block: it closes nothing that is meant.
            let closes_outer = self
                .open
                .iter()
                .rfind(|open| open.kind == Kind::Brace)
                .is_some_and(|open| open.line < close.line && open.indentation > close.indentation);
            if closes_outer && self.open.iter().any(|open| open.indentation < close.indentation) {
                return None;
            }
        }
        let nearest = self.open.iter().rposition(|open| open.kind == close.kind)?;
        // What ends a block of several lines stands on a line of its own.
        if close.kind == Kind::Brace && !close.first_on_line && self.open[nearest].line < close.line {
            return None;
        }
        let between = &self.open[nearest + 1..];
        let over_a_block = close.kind != Kind::Brace
            && between.iter().any(|open| open.kind == Kind::Brace && open.line < close.line);
        (!over_a_block).then_some(nearest)
    }

    /// What is still open at `end` is never closed.
    pub(super) fn finish(&mut self, noticed: Range<usize>) {
        let mut only_braces = true;
        for open in std::mem::take(&mut self.open) {
            only_braces &= open.kind == Kind::Brace;
            self.strays.push(Stray::Unclosed { open, noticed: noticed.clone(), at_end: only_braces });
        }
    }
}
