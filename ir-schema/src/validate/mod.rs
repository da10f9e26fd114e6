//! The wall: a program that passes never makes a backend or the engine panic.
//!
//! First the type table, because everything else relies on types that are finite and known; then tasks, pipelines and
//! launches. Checks are local: each expression's type must follow from its operands' types, which are checked in turn.

mod bodies;
mod constants;
mod expressions;
mod functions;
mod interfaces;
mod launches;
mod names;
mod operators;
mod place;
mod program;
mod scope;
mod tasks;
mod types;
mod widening;

use std::cell::RefCell;
use std::fmt;

use foldhash::{HashMap, HashSet};

use crate::program::{Program, Span};
use crate::types::TypeTable;
use place::Place;
use types::Traits;

/// What is wrong with a program, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// From the program down, such as `pipelines.churn.fits.fit.params`.
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

/// Checks the whole program, and reports everything that is wrong with it. Where the type table itself is wrong, only that.
pub fn validate(program: &Program) -> Result<(), Vec<Invalid>> {
    let mut validator = Validator {
        program,
        types: &program.types,
        traits: HashMap::default(),
        known_patterns: HashSet::default(),
        conversions: RefCell::default(),
        found: Vec::new(),
    };
    validator.type_table();
    if validator.found.is_empty() {
        validator.whole_program();
    }
    if validator.found.is_empty() { Ok(()) } else { Err(validator.found) }
}

struct Validator<'a> {
    program: &'a Program,
    types: &'a TypeTable,
    /// Of every named type, once the type table has been checked.
    traits: HashMap<&'a str, Traits>,
    /// Patterns that compile.
    known_patterns: HashSet<&'a str>,
    /// Whether one named record converts to another, as far as it was asked for.
    conversions: RefCell<HashMap<(String, String), bool>>,
    found: Vec<Invalid>,
}

impl Validator<'_> {
    fn report(&mut self, place: &Place<'_>, span: Option<Span>, message: impl Into<String>) {
        self.found.push(Invalid { path: place.to_string(), message: message.into(), span });
    }

    /// Reports the message unless the condition holds; says whether it does.
    fn require(
        &mut self,
        holds: bool,
        place: &Place<'_>,
        span: Option<Span>,
        message: impl FnOnce() -> String,
    ) -> bool {
        if !holds {
            self.report(place, span, message());
        }
        holds
    }
}
