//! text → IR. The passes, in the order in which data flows through them:
//!
//! ```text
//! source ─→ syntax ─→ resolve ─→ check ─→ lower ─→ pipec_ir::Program
//!  text       AST       names      HIR
//! ```
//!
//! Every pass gives data and a list of [`diagnostics::Diagnostic`]s, never an `Err` for a user's mistake.

pub mod check;
pub mod cli;
pub mod compiler;
pub mod diagnostics;
pub mod hir;
pub mod ide;
pub mod lint;
pub mod lower;
pub mod lsp;
pub mod project;
pub mod resolve;
pub mod source;
pub mod std;
pub mod syntax;
pub mod types;
