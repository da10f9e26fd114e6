//! What a run gives at its end.

use std::path::PathBuf;

use serde::Serialize;
use serde_json::{Map, Value as Json};

/// How a run, or one pipeline call in it, ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    Succeeded,
    Failed,
    Cancelled,
}

/// The end of a run.
#[derive(Clone, Debug, Serialize)]
pub struct RunReport {
    pub run_id: String,
    /// The launch's or the pipeline's name.
    pub name: String,
    pub status: RunStatus,
    /// Where logs and artifacts are; absolute.
    pub directory: PathBuf,
    pub duration_ms: u64,
    /// In declared order; none unless the run succeeded. A single unnamed output is called `out`.
    pub outputs: Vec<RunOutput>,
    /// What made the run fail, in the order in which it happened.
    pub failures: Vec<Failure>,
    /// Failures that a `try` made a `null`.
    pub caught: Vec<Failure>,
    /// Failures of `on …` hooks: they don't change the outcome.
    pub hook_failures: Vec<Failure>,
    pub counts: Counts,
    /// What a person should know about the run as a whole, such as that images are not used here.
    pub notes: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct RunOutput {
    pub name: String,
    /// Outside names; artifacts as absolute paths, lists and maps of them as JSON lists and objects.
    pub value: Json,
}

/// One step, or one expression, that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// `fits[3]/fit`.
    pub step: String,
    /// In one line: what happened.
    pub message: String,
    /// `flow.pipe:3:5`, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Which attempt, from 1; absent where no program was started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// The last lines that the program wrote, without control characters and values of secrets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub last_lines: Vec<String>,
    /// The file that these lines are from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<PathBuf>,
}

/// Steps are calls of tasks; each is counted once, whatever the number of its attempts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub succeeded: usize,
    pub failed: usize,
    pub cancelled: usize,
    /// Further attempts of all steps together.
    pub retries: usize,
}

impl RunReport {
    /// The exit status of a command that ran it: 0, 1 after a failure, 130 when cancelled.
    pub fn exit_status(&self) -> u8 {
        match self.status {
            RunStatus::Succeeded => 0,
            RunStatus::Failed => 1,
            RunStatus::Cancelled => 130,
        }
    }

    /// The outputs as one JSON object.
    pub fn outputs_json(&self) -> Json {
        let outputs = self.outputs.iter().map(|output| (output.name.clone(), output.value.clone()));
        Json::Object(outputs.collect::<Map<_, _>>())
    }
}
