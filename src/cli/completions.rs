//! `pipec completions SHELL`

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::failure::Failure;
use super::terminal::Terminal;
use super::{Arguments, Status};

/// Print a completion script for your shell
///
/// For bash: `pipec completions bash > ~/.local/share/bash-completion/completions/pipec`
#[derive(Args, Debug)]
pub(super) struct Completions {
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self, terminal: Terminal) -> Result<Status, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), "pipec", &mut script);
        terminal.print_bytes(&script)?;
        Ok(Status::Fine)
    }
}
