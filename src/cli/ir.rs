//! `pipec ir FILE`

use std::path::{Path, PathBuf};

use clap::Args;

use super::failure::Failure;
use super::input::Input;
use super::terminal::Terminal;
use super::{Status, write};

/// Print the typed program as JSON: what every backend reads
#[derive(Args, Debug)]
pub(super) struct Ir {
    /// The file, or FILE::PIPELINE, or FILE::LAUNCH
    file: Input,
    /// A file; `-` is standard output
    #[arg(short, long, value_name = "PATH", default_value = "-")]
    output: PathBuf,
}

impl Ir {
    pub(super) fn run(&self, terminal: Terminal) -> Result<Status, Failure> {
        let Some(loaded) = self.file.load("compile", terminal)? else { return Ok(Status::Findings) };
        let text = pipec_ir::write(&loaded.program);
        if self.output == Path::new("-") {
            terminal.print(&text)?;
        } else {
            write::file(&self.output, text.as_bytes())?;
        }
        Ok(Status::Fine)
    }
}
