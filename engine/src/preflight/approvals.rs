//! Whether someone is there to answer each `approve(…)`.

use pipec_ir::{Node, NodeKind, Program};

use super::reach::{Reach, bodies};
use crate::error::Refusal;
use crate::places::place;
use crate::request::Approvals;
use crate::suggestions::help;

pub(super) fn refusals(
    program: &Program,
    reach: &Reach<'_>,
    approvals: &Approvals,
    can_ask: bool,
) -> Vec<Refusal> {
    let mut gates: Vec<&Node> = Vec::new();
    for body in reach.pipelines.iter().flat_map(|pipeline| bodies(pipeline)) {
        body.visit_nodes(&mut |node| {
            if matches!(node.kind, NodeKind::Approve { .. }) {
                gates.push(node);
            }
        });
    }
    let names: Vec<&str> = gates.iter().map(|node| node.id.0.as_str()).collect();
    let mut refusals = Vec::new();
    let answered = match approvals {
        Approvals::All => return refusals,
        Approvals::Ask => &[][..],
        Approvals::Steps(steps) => steps,
    };
    for step in answered.iter().filter(|step| !names.contains(&last_part(step))) {
        refusals.push(Refusal::new(format!("no step {step} waits for an approval")).help(help(
            step,
            "approvals",
            &names,
        )));
    }
    if can_ask {
        return refusals;
    }
    for gate in gates.iter().filter(|gate| !answered.iter().any(|step| last_part(step) == gate.id.0)) {
        let id = &gate.id.0;
        refusals.push(
            Refusal::new(format!("the step {id} waits for an approval, and there is no one to ask"))
                .help(format!("run it at a terminal, or with --approve {id} or --approve all"))
                .at(place(program, gate.span)),
        );
    }
    refusals
}

/// The node's id at the end of a step's name.
fn last_part(step: &str) -> &str {
    step.rsplit('/').next().unwrap_or(step)
}

/// Whether the approval of this step is given beforehand: by its whole name, or by its id alone.
pub(crate) fn is_given(approvals: &Approvals, step: &str) -> bool {
    match approvals {
        Approvals::All => true,
        Approvals::Ask => false,
        Approvals::Steps(steps) => steps.iter().any(|given| given == step || given == last_part(step)),
    }
}
