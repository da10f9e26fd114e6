//! Settings that mean nothing on a plain machine (said), and those without which a step would not be what it is (refused).

use pipec_ir::Program;

use super::reach::Reach;
use crate::error::Refusal;
use crate::places::place;

pub(super) fn refusals(program: &Program, reach: &Reach<'_>) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for task in &reach.tasks {
        let settings = &task.settings;
        let mut refuse = |message: String, help: &str| {
            refusals.push(Refusal::new(message).help(help).at(place(program, task.span)));
        };
        for (path, _) in &settings.secrets {
            refuse(
                format!(
                    "the task {} wants a secret at {path}: no file can be mounted on this machine",
                    task.name
                ),
                "hand the secret over as a variable: env: { NAME: secret(…) }",
            );
        }
        for volume in &settings.volumes {
            refuse(
                format!(
                    "the task {} wants a volume at {}: none can be mounted on this machine",
                    task.name, volume.mount
                ),
                "use the working directory or $TMPDIR, and inputs and outputs for what has to stay",
            );
        }
    }
    refusals
}

pub(super) fn notes(reach: &Reach<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    if reach.tasks.iter().any(|task| task.settings.image.is_some()) {
        notes.push("images are not used here: programs are those of this machine".to_owned());
    }
    if reach.tasks.iter().any(|task| task.settings.cache) {
        notes.push("there is no cache yet: steps with `cache: true` ran as all others".to_owned());
    }
    notes
}
