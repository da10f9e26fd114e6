//! text → AST, never fails.

pub mod ast;
