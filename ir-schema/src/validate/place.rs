//! Where in a program a check stands, as a chain on the stack: nothing is allocated unless a message needs it.

use std::fmt;

/// A step below another place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    above: Option<&'a Place<'a>>,
    step: &'a str,
    index: Option<usize>,
}

impl<'a> Place<'a> {
    pub(super) fn root(step: &'a str) -> Place<'a> {
        Place { above: None, step, index: None }
    }

    pub(super) fn at(&'a self, step: &'a str) -> Place<'a> {
        Place { above: Some(self), step, index: None }
    }

    pub(super) fn item(&'a self, index: usize) -> Place<'a> {
        Place { above: Some(self), step: "", index: Some(index) }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut steps = vec![self];
        while let Some(above) = steps.last().and_then(|place| place.above) {
            steps.push(above);
        }
        for (position, place) in steps.iter().rev().enumerate() {
            match place.index {
                Some(index) => write!(out, "[{index}]")?,
                None if position == 0 => out.write_str(place.step)?,
                None => write!(out, ".{}", place.step)?,
            }
        }
        Ok(())
    }
}
