//! `pipec lsp`

use clap::Args;
use lsp_server::Connection;

use super::Status;
use super::failure::Failure;
use crate::lsp;

/// Serve an editor: the language server protocol on standard input and output
#[derive(Args, Debug)]
pub(super) struct Lsp {
    /// Taken because some editors always give it
    #[arg(long, hide = true)]
    stdio: bool,
}

impl Lsp {
    pub(super) fn run(&self) -> Result<Status, Failure> {
        let (connection, threads) = Connection::stdio();
        let served = lsp::serve(&connection);
        drop(connection);
        served
            .map_err(|error| Failure::new("the language server had to stop").because_of(&error))
            .and_then(|()| {
                threads.join().map_err(|error| Failure::new("the editor went away").because_io(&error))
            })
            .map(|()| Status::Fine)
    }
}
