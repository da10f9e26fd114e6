//! `pipec schema NAME`: the JSON Schemas of what pipec reads and writes.

use clap::{Args, ValueEnum};

use super::Status;
use super::failure::Failure;
use super::terminal::Terminal;
use crate::diagnostics::render;
use crate::project;

/// Print a JSON Schema of what pipec reads or writes
#[derive(Args, Debug)]
pub(super) struct Schema {
    #[arg(value_enum)]
    of: Document,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Document {
    /// What `pipec ir` writes, and backends read
    Ir,
    /// `pipec.toml`
    Config,
    /// What `pipec check --output-format json` writes
    Diagnostics,
}

impl Schema {
    pub(super) fn run(&self, terminal: Terminal) -> Result<Status, Failure> {
        let schema = match self.of {
            Document::Ir => pipec_ir::schema(),
            Document::Config => project::schema(),
            Document::Diagnostics => render::json_schema(),
        };
        terminal.print(&format!("{schema:#}\n"))?;
        Ok(Status::Fine)
    }
}
