//! What can be known before the run is said before the run: everything that this machine can't do, that is missing, or
//! that nobody is there to answer.

pub(crate) mod approvals;
mod programs;
mod reach;
mod secrets;
mod settings;
mod uris;

use pipec_ir::Program;

use crate::error::Refusal;
use crate::inputs::{Entry, given_names};
use crate::request::RunRequest;
use crate::secrets::Secrets;
use reach::Reach;

/// What the checks before a run found out.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) secrets: Secrets,
    /// What a person should know.
    pub(crate) notes: Vec<String>,
}

/// All reasons against the run at once.
pub(crate) fn check(
    program: &Program,
    entry: Entry<'_>,
    request: &RunRequest,
    can_ask: bool,
) -> Result<Ready, Vec<Refusal>> {
    let reach = Reach::of(program, entry, given_names(request));
    let mut refusals = settings::refusals(program, &reach);
    refusals.extend(programs::refusals(&reach, request));
    refusals.extend(uris::refusals(program, &reach));
    refusals.extend(approvals::refusals(program, &reach, &request.approvals, can_ask));
    let secrets = match secrets::find(program, &reach, request) {
        Ok(secrets) => secrets,
        Err(missing) => {
            refusals.extend(missing);
            Secrets::default()
        }
    };
    if refusals.is_empty() { Ok(Ready { secrets, notes: settings::notes(&reach) }) } else { Err(refusals) }
}
