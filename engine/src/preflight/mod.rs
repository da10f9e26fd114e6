//! What can be known before the run is said before the run: everything that this machine can't do, that is missing, or
//! that nobody is there to answer.

pub(crate) mod approvals;
mod programs;
mod reach;
mod secrets;
mod settings;

use pipec_ir::{ArtifactRef, ExprKind, Program};

use crate::artifacts::captured::local_path;
use crate::error::Refusal;
use crate::inputs::Entry;
use crate::places::place;
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
    let reach = Reach::of(program, entry);
    let mut refusals = settings::refusals(program, &reach);
    refusals.extend(programs::refusals(&reach, request));
    refusals.extend(uris(program, &reach));
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

fn uris(program: &Program, reach: &Reach<'_>) -> Vec<Refusal> {
    let mut refusals: Vec<Refusal> = Vec::new();
    reach.visit_expressions(&mut |_, expr| {
        let ExprKind::Artifact(ArtifactRef::Uri { uri, .. }) = &expr.kind else { return };
        if local_path(uri).is_none() {
            let refusal = Refusal::new(format!("{uri} can't be read on this machine: only file:// URIs can"))
                .help("download it and give its path as an input, or run the pipeline on a cluster")
                .at(place(program, expr.span));
            if !refusals.contains(&refusal) {
                refusals.push(refusal);
            }
        }
    });
    refusals
}
