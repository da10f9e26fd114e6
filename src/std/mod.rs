//! The prelude, in the language itself.

/// What people see as the prelude's file.
pub const PRELUDE_NAME: &str = "prelude.pipe";

pub const PRELUDE: &str = include_str!("prelude.pipe");
