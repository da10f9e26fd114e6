//! The typed program.
