//! `pipec check [PATHS…]`

mod fix;
mod levels;
mod paths;
mod session;
mod target;
mod watch;

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::input::{absolute, current_folder};
use super::terminal::Terminal;
use super::{Status, write};
use crate::diagnostics::codes;
use crate::diagnostics::render::{self, Counts, Finding};
use crate::diagnostics::{Diagnostic, Severity};
use session::Session;

/// Check files: every mistake, in every file, in one pass
///
/// The exit status is 1 if there are errors. Warnings don't change it, unless --deny makes them errors.
#[derive(Args, Debug)]
#[command(after_help = levels::help())]
pub(super) struct Check {
    /// Files and directories; `-` is standard input [default: the current directory]
    paths: Vec<PathBuf>,
    #[arg(
        long,
        value_enum,
        default_value_t,
        env = "PIPEC_OUTPUT_FORMAT",
        hide_env_values = true,
        value_name = "FORMAT"
    )]
    output_format: Format,
    /// Write the findings to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Also report what this target can't do
    #[arg(short, long, env = "PIPEC_TARGET", hide_env_values = true, value_name = "NAME")]
    target: Option<String>,
    /// What standard input is called, and where its imports are looked for
    #[arg(long, value_name = "PATH", default_value = "stdin.pipe")]
    stdin_filename: PathBuf,
    /// Findings of this lint are errors (`all` for every one)
    #[arg(long, env = "PIPEC_DENY", hide_env_values = true, value_delimiter = ',', value_name = "CODE")]
    deny: Vec<String>,
    /// Findings of this lint are warnings
    #[arg(long, env = "PIPEC_WARN", hide_env_values = true, value_delimiter = ',', value_name = "CODE")]
    warn: Vec<String>,
    /// Findings of this lint are left out
    #[arg(long, env = "PIPEC_ALLOW", hide_env_values = true, value_delimiter = ',', value_name = "CODE")]
    allow: Vec<String>,
    /// Print how often each code was found instead of the findings
    #[arg(long)]
    statistics: bool,
    /// Check again whenever a source changes
    #[arg(long, conflicts_with_all = ["diff", "fix", "output"])]
    watch: bool,
    #[command(flatten)]
    fixing: fix::Fixing,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// With the lines of the source
    #[default]
    Full,
    /// A line for each finding
    Short,
    /// For programs
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// A code quality report of GitLab
    Gitlab,
    /// A report of tests, for other CI systems
    Junit,
}

impl Check {
    pub(super) fn run(&self, terminal: Terminal) -> Result<Status, Failure> {
        if !self.watch {
            let mut session = self.session()?;
            let status = self.check(terminal, &mut session);
            // The process ends here, and its memory with it: giving back every node of the programs takes longer.
            std::mem::forget(session);
            return status;
        }
        // What is wrong with the flags doesn't change.
        self.session()?;
        let never = watch::watch(terminal, || {
            let Ok(mut session) = self.session() else { return watch::Folders::new() };
            if let Err(failure) = self.check(terminal, &mut session) {
                terminal.print_error(&failure.render(terminal.color_stderr));
            }
            self.folders(&session)
        });
        never.map(|never| match never {})
    }

    fn session(&self) -> Result<Session<'_>, Failure> {
        let levels = levels::of_flags(&self.allow, &self.warn, &self.deny)?;
        if self.watch && paths::has_stdin(&self.paths) {
            return Err(Failure::new("can't watch standard input").help("give the name of a file"));
        }
        Ok(Session::new(levels, self.target.as_deref()))
    }

    fn check(&self, terminal: Terminal, session: &mut Session) -> Result<Status, Failure> {
        let mut failures = Vec::new();
        let files = self.files(session, &mut failures)?;
        let count = session.check(&files, &mut failures);
        let mut status = Status::Fine;
        if self.fixing.is_asked_for() && failures.is_empty() {
            let fixed = self.fixing.run(session, &files);
            if self.fixing.diff {
                status = fixed.print_diff(terminal)?;
            } else {
                fixed.write(terminal)?;
            }
        }
        if !self.fixing.diff {
            status = self.report(&session.findings(), count, terminal)?;
        }
        let Some(last) = failures.pop() else { return Ok(status) };
        for failure in failures {
            terminal.print_error(&failure.render(terminal.color_stderr));
        }
        Err(last)
    }

    /// Where a change can make a difference.
    fn folders(&self, session: &Session) -> watch::Folders {
        let mut folders: watch::Folders =
            session.folders().map(|folder| (folder, watch::Depth::Alone)).collect();
        for path in paths::or_here(&self.paths) {
            let Ok(path) = absolute(path) else { continue };
            if path.is_dir() {
                folders.insert(path, watch::Depth::All);
            } else if let Some(parent) = path.parent() {
                folders.entry(parent.to_owned()).or_insert(watch::Depth::Alone);
            }
        }
        folders
    }

    /// The files that the paths mean, as they were written, each once.
    fn files(&self, session: &mut Session, failures: &mut Vec<Failure>) -> Result<Vec<PathBuf>, Failure> {
        let mut files = Vec::new();
        for found in paths::files(&self.paths, &self.stdin_filename) {
            match found {
                Ok(found) => {
                    files.extend(found.into_iter().filter(|file| !files.contains(file)).collect::<Vec<_>>())
                }
                Err(failure) => failures.push(failure),
            }
        }
        if paths::has_stdin(&self.paths) {
            self.fixing.refuse_stdin()?;
            session.read_stdin(&self.stdin_filename)?;
        }
        Ok(files)
    }

    fn report(&self, findings: &[Finding], files: usize, terminal: Terminal) -> Result<Status, Failure> {
        let color = terminal.color_stdout && self.output.is_none();
        let folder = current_folder();
        let text = match self.output_format {
            _ if self.statistics => statistics(findings),
            Format::Full => render::full(findings, &folder, color) + &summary(findings, files),
            Format::Short => render::short(findings, &folder, color),
            Format::Json => render::json(findings, &folder),
            Format::Sarif => render::sarif(findings, &folder),
            Format::Github => render::github(findings, &folder),
            Format::Gitlab => render::gitlab(findings, &folder),
            Format::Junit => render::junit(findings, &folder),
        };
        match &self.output {
            Some(path) => write::file(path, text.as_bytes())?,
            None => terminal.print(&text)?,
        }
        let has_errors = findings.iter().any(|finding| finding.diagnostic.severity == Severity::Error);
        Ok(if has_errors { Status::Findings } else { Status::Fine })
    }
}

fn summary(findings: &[Finding], files: usize) -> String {
    match findings.first() {
        Some(first) => {
            let code = first.diagnostic.code.0;
            format!("{}; `pipec explain {code}` says more\n", Counts::of(findings).summary())
        }
        None if files == 0 => String::new(),
        None if files == 1 => "no mistakes in 1 file\n".to_owned(),
        None => format!("no mistakes in {files} files\n"),
    }
}

/// `   3  E0301  A value has another type than its place needs`, the most frequent first.
fn statistics(findings: &[Finding]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for Finding { diagnostic: Diagnostic { code, .. }, .. } in findings {
        *counts.entry(code.0).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let title = |code| codes::find(code).map_or("", |row| row.title);
    counts.iter().map(|(code, count)| format!("{count:>4}  {code}  {}\n", title(code))).collect()
}
