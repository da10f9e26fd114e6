//! `pipec run FILE name=value …`

mod progress;
mod report;

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser as _};
use clap::{Args, ValueEnum};
use pipec_engine::{Approvals, Cancel, RunError, RunRequest, RunStatus};

use super::Status;
use super::failure::Failure;
use super::input::{Input, Loaded};
use super::terminal::Terminal;
use crate::project::{self, LocalTarget, Settings, Target};
use progress::Progress;

/// Where runs are kept, below the project's folder.
const STATE_DIRECTORY: &str = ".pipec";

/// Run a pipeline on this machine
#[derive(Args, Debug)]
pub(super) struct Run {
    /// The file, or FILE::PIPELINE, or FILE::LAUNCH; a `.json` file is IR
    file: Input,
    /// Values of the pipeline's inputs: text as it is, paths for files, JSON for the rest
    #[arg(value_name = "NAME=VALUE", value_parser = OsStringValueParser::new().try_map(parse_argument))]
    arguments: Vec<(String, String)>,
    /// A JSON file with values by name; what NAME=VALUE says wins
    #[arg(long, value_name = "FILE")]
    inputs: Option<PathBuf>,
    /// Steps at a time [default: one for each core]
    #[arg(short, long, env = "PIPEC_JOBS", hide_env_values = true, value_name = "N", value_parser = parse_jobs)]
    jobs: Option<NonZeroUsize>,
    /// After a failure go on with every step that doesn't depend on it
    #[arg(long)]
    keep_going: bool,
    /// The day or the time that the run is for, such as 2026-01-31 or 2026-01-31T03:00:00Z [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Approve a step beforehand, or `all`
    #[arg(long, value_name = "STEP")]
    approve: Vec<String>,
    /// How the outputs are printed
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    output_format: Format,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A line for each output
    #[default]
    Text,
    /// One object of canonical JSON, sorted by the outputs' names
    Json,
}

impl Run {
    pub(super) fn run(&self, terminal: Terminal) -> Result<Status, Failure> {
        let Some(loaded) = self.file.load("run", terminal)? else { return Ok(Status::Findings) };
        let request = self.request(&loaded)?;
        let cancel = Cancel::new();
        let handle = cancel.clone();
        ctrlc::set_handler(move || handle.request())
            .map_err(|error| Failure::new("can't listen for Ctrl-C").because(error.to_string()))?;
        let mut progress = Progress::new(terminal);
        let ended = pipec_engine::run(&loaded.program, &request, &cancel, &mut progress);
        progress.finish();
        let report = ended.map_err(|error| self.cannot_run(error))?;
        report::print(&report, self.output_format == Format::Json, terminal)?;
        Ok(match report.status {
            RunStatus::Succeeded => Status::Fine,
            RunStatus::Failed => Status::Findings,
            RunStatus::Cancelled => Status::Interrupted,
        })
    }

    fn request(&self, loaded: &Loaded) -> Result<RunRequest, Failure> {
        let here = std::env::current_dir()
            .map_err(|error| Failure::new("can't run in the current folder").because_io(&error))?;
        let is_project = loaded.project.root.join(project::FILE_NAME).is_file();
        let kept_in = if is_project { loaded.project.root.clone() } else { here.clone() };
        let mut request = RunRequest::new(here);
        request.arguments = self.arguments.clone();
        request.inputs_file = self.inputs.clone();
        request.state_directory = kept_in.join(STATE_DIRECTORY);
        if let Some(jobs) = self.jobs {
            request.jobs = jobs.get();
        }
        request.keep_going = self.keep_going;
        request.at = self.at.clone();
        request.approvals = match self.approve.as_slice() {
            [] => Approvals::Ask,
            steps if steps.iter().any(|step| step == "all") => Approvals::All,
            steps => Approvals::Steps(steps.to_vec()),
        };
        request.pass_env = this_machine(&loaded.project.settings).pass_env;
        Ok(request)
    }

    fn cannot_run(&self, error: RunError) -> Failure {
        let failure = Failure::new(format!("can't run `{}`", self.file));
        match error {
            RunError::Refused(refusals) => refusals.into_iter().fold(failure, |failure, refusal| {
                let mut part = Failure::new(refusal.message);
                if let Some(place) = refusal.place {
                    part = part.because(format!("at {place}"));
                }
                if let Some(help) = refusal.help {
                    part = part.help(help);
                }
                failure.with(part)
            }),
            RunError::Machine { attempted, source } => {
                failure.because(format!("could not {attempted}")).because_io(&source)
            }
        }
    }
}

/// What the project says of this machine: its default target if that is local, else `[target.local]`.
fn this_machine(settings: &Settings) -> LocalTarget {
    let named = settings.default_target.iter().map(String::as_str).chain(["local"]);
    named
        .filter_map(|name| match settings.targets.get(name)? {
            Target::Local(local) => Some(local.clone()),
            Target::Argo(_) => None,
        })
        .next()
        .unwrap_or_default()
}

fn parse_argument(argument: OsString) -> Result<(String, String), String> {
    let text = argument.to_string_lossy();
    match text.split_once('=') {
        Some((name, _)) if !name.is_empty() && argument.to_str().is_none() => {
            Err(format!("the value of {name} isn't text in UTF-8; write it to a file, and give its path"))
        }
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        Some(_) | None => Err("an input is given as NAME=VALUE, such as depth=4".to_owned()),
    }
}

fn parse_jobs(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "it takes a whole number from 1 on".to_owned())
}
