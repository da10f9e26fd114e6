//! What a caller asks for: which entry, with which values, how much at a time.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

/// One run. `RunRequest::new` has the defaults of the command line.
#[derive(Clone, Debug)]
pub struct RunRequest {
    /// A pipeline or a launch by name; absent: the program's own entry.
    pub entry: Option<String>,
    /// `name=value`, as typed: text is taken literally for strings, structured values are JSON.
    pub arguments: Vec<(String, String)>,
    /// A JSON object of values by name. What `arguments` has wins.
    pub inputs_file: Option<PathBuf>,
    /// What relative paths among `arguments` are relative to; absolute.
    pub working_directory: PathBuf,
    /// Where runs are kept: each makes `runs/<run id>` here; absolute.
    pub state_directory: PathBuf,
    /// Steps at a time, at least one.
    pub jobs: usize,
    /// After a failure go on with every step that doesn't depend on it.
    pub keep_going: bool,
    /// The instant that the run is for: RFC 3339, or a day; absent: now.
    pub at: Option<String>,
    pub approvals: Approvals,
    /// The caller's environment: PATH, secrets and what `pass_env` names are taken from it.
    pub environment: BTreeMap<OsString, OsString>,
    /// Variables of the caller that every step gets as well.
    pub pass_env: Vec<String>,
    /// The most items of one `for`.
    pub max_items: usize,
}

/// Which `approve(…)` are answered beforehand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Approvals {
    /// None: the observer is asked.
    #[default]
    Ask,
    /// These, by the step's name; the others are asked for.
    Steps(Vec<String>),
    All,
}

impl RunRequest {
    /// A run of the program's own entry, with the caller's environment and a step for each core.
    pub fn new(working_directory: PathBuf) -> RunRequest {
        RunRequest {
            entry: None,
            arguments: Vec::new(),
            inputs_file: None,
            state_directory: working_directory.join(".pipec"),
            working_directory,
            jobs: std::thread::available_parallelism().map_or(1, usize::from),
            keep_going: false,
            at: None,
            approvals: Approvals::Ask,
            environment: std::env::vars_os().collect(),
            pass_env: Vec::new(),
            max_items: 10_000,
        }
    }
}
