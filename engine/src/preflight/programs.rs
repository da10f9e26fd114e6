//! Interpreters that steps need, and that aren't there.

use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt;

use pipec_ir::{Interpreter, Run, Task};

use super::reach::Reach;
use crate::error::Refusal;
use crate::request::RunRequest;

pub(super) fn refusals(reach: &Reach<'_>, request: &RunRequest) -> Vec<Refusal> {
    let path = crate::search_path(request);
    let needed = [("bash", Interpreter::Bash), ("sh", Interpreter::Sh), ("python3", Interpreter::Python)];
    let mut refusals = Vec::new();
    for (program, interpreter) in needed {
        if let Some(task) = reach.tasks.iter().find(|task| uses(task, interpreter))
            && !is_there(program, &path)
        {
            let message = format!("the task {} needs {program}, which isn't on the PATH", task.name);
            refusals.push(Refusal::new(message).help(format!("install {program}")));
        }
    }
    refusals
}

fn uses(task: &Task, wanted: Interpreter) -> bool {
    matches!(&task.run, Run::Script { interpreter, .. } if *interpreter == wanted)
}

fn is_there(program: &str, path: &OsStr) -> bool {
    std::env::split_paths(path).any(|directory| {
        let metadata = std::fs::metadata(directory.join(program));
        metadata.is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
    })
}
