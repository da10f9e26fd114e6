//! `pipec lsp`

use std::io;

use clap::Args;

use super::Status;
use super::failure::Failure;
use crate::lsp::{self, Goodbye};

/// Serve an editor: the language server protocol on standard input and output
#[derive(Args, Debug)]
pub(super) struct Lsp {
    /// Taken because some editors always give it
    #[arg(long, hide = true)]
    stdio: bool,
}

impl Lsp {
    pub(super) fn run(&self) -> Result<Status, Failure> {
        let (connection, threads) = lsp::stdio();
        let goodbye = lsp::serve(&connection);
        drop(connection);
        threads.join().map_err(|error| stopped(&error))?;
        Ok(match goodbye {
            Goodbye::Announced => Status::Fine,
            Goodbye::Sudden => Status::Findings,
        })
    }
}

fn stopped(error: &io::Error) -> Failure {
    let failure = Failure::new("the language server had to stop");
    let is_protocol = error.kind() == io::ErrorKind::InvalidData;
    failure
        .because(if is_protocol { "the editor broke the protocol" } else { "the editor went away" })
        .because_io(error)
}
