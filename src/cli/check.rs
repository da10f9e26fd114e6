//! `pipec check [PATHS…]`

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use ignore::WalkBuilder;

use super::failure::Failure;
use super::input::{absolute, cannot_load, current_folder, find_project};
use super::target::{self, Chosen};
use super::terminal::Terminal;
use super::{Status, compile, refusals, write};
use crate::compiler::{self, Checked, NoProgram};
use crate::diagnostics::codes;
use crate::diagnostics::levels::{self, Level};
use crate::diagnostics::render::{Counts, Finding, full, json, ordered, short};
use crate::diagnostics::{Diagnostic, Severity};
use crate::lower::NoEntry;
use crate::project;
use crate::resolve::suggest::nearest;
use crate::source::{Disk, FileId, LoadError, Loader, Overlay, Span};

/// Check files: every mistake, in every file, in one pass
///
/// The exit status is 1 if there are errors. Warnings don't change it, unless --deny makes them errors.
#[derive(Args, Debug)]
pub(super) struct Check {
    /// Files and directories; `-` is standard input [default: the current directory]
    paths: Vec<PathBuf>,
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    output_format: Format,
    /// Write the findings to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Also report what this target can't do
    #[arg(short, long, value_name = "NAME")]
    target: Option<String>,
    /// What standard input is called, and where its imports are looked for
    #[arg(long, value_name = "PATH", default_value = "stdin.pipe")]
    stdin_filename: PathBuf,
    /// Findings of this lint are errors (`all` for every one)
    #[arg(long, value_name = "CODE")]
    deny: Vec<String>,
    /// Findings of this lint are warnings
    #[arg(long, value_name = "CODE")]
    warn: Vec<String>,
    /// Findings of this lint are left out
    #[arg(long, value_name = "CODE")]
    allow: Vec<String>,
    /// Print how often each code was found instead of the findings
    #[arg(long)]
    statistics: bool,
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
}

/// What is checked together: sources, settings and levels are looked up once.
struct Session<'a> {
    check: &'a Check,
    loader: Overlay<Disk>,
    levels: BTreeMap<&'static str, Level>,
    projects: HashMap<PathBuf, project::Found>,
    checked: Vec<Checked>,
}

impl Check {
    pub(super) fn run(&self, terminal: Terminal) -> Result<Status, Failure> {
        let mut session = Session {
            check: self,
            loader: Overlay { texts: BTreeMap::new(), below: Disk },
            levels: self.levels()?,
            projects: HashMap::new(),
            checked: Vec::new(),
        };
        let mut failures = Vec::new();
        let files = self.files(&mut session, &mut failures);
        let mut count = 0;
        for file in &files {
            match session.check_file(file) {
                Ok(()) => count += 1,
                Err(failure) => failures.push(failure),
            }
        }
        let status = self.report(&session.checked, count, terminal)?;
        // The process ends here, and its memory with it: giving back every node of the programs would take longer.
        std::mem::forget(session);
        let Some(last) = failures.pop() else { return Ok(status) };
        for failure in failures {
            terminal.print_error(&failure.render(terminal.color_stderr));
        }
        Err(last)
    }

    /// Levels of the command line, the loudest last.
    fn levels(&self) -> Result<BTreeMap<&'static str, Level>, Failure> {
        let mut levels = BTreeMap::new();
        let flags = [
            ("--allow", Level::Allow, &self.allow),
            ("--warn", Level::Warn, &self.warn),
            ("--deny", Level::Deny, &self.deny),
        ];
        for (flag, level, names) in flags {
            for name in names {
                levels.extend(lints_of(name, flag)?.into_iter().map(|code| (code, level)));
            }
        }
        Ok(levels)
    }

    /// The files that the paths mean, as they were written, each once.
    fn files(&self, session: &mut Session, failures: &mut Vec<Failure>) -> Vec<PathBuf> {
        let here = [PathBuf::from(".")];
        let paths = if self.paths.is_empty() { &here[..] } else { &self.paths };
        let mut files = Vec::new();
        for path in paths {
            let found = if path == Path::new("-") {
                session.read_stdin()
            } else if path.is_dir() {
                walk(path)
            } else {
                Ok(vec![path.clone()])
            };
            match found {
                Ok(found) => {
                    files.extend(found.into_iter().filter(|file| !files.contains(file)).collect::<Vec<_>>())
                }
                Err(failure) => failures.push(failure),
            }
        }
        files
    }

    fn report(&self, checked: &[Checked], files: usize, terminal: Terminal) -> Result<Status, Failure> {
        let findings = checked.iter().flat_map(|checked| {
            checked.diagnostics.iter().map(|diagnostic| Finding { sources: &checked.sources, diagnostic })
        });
        let findings = ordered(findings.collect());
        let color = terminal.color_stdout && self.output.is_none();
        let folder = current_folder();
        let text = match self.output_format {
            _ if self.statistics => statistics(&findings),
            Format::Full => full(&findings, &folder, color) + &summary(&findings, files),
            Format::Short => short(&findings, &folder, color),
            Format::Json => json(&findings, &folder),
        };
        match &self.output {
            Some(path) => write::file(path, text.as_bytes())?,
            None => terminal.print(&text)?,
        }
        let has_errors = findings.iter().any(|finding| finding.diagnostic.severity == Severity::Error);
        Ok(if has_errors { Status::Findings } else { Status::Fine })
    }
}

impl Session<'_> {
    fn read_stdin(&mut self) -> Result<Vec<PathBuf>, Failure> {
        let failure = || Failure::new("can't check standard input");
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).map_err(|error| failure().because_io(&error))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            failure().because(LoadError::NotUtf8 { at }.to_string())
        })?;
        let path = &self.check.stdin_filename;
        self.loader.texts.insert(absolute(path)?, Arc::from(text));
        Ok(vec![path.clone()])
    }

    fn check_file(&mut self, file: &Path) -> Result<(), Failure> {
        let path = absolute(file)?;
        let found = self.project(&path)?;
        let is_known =
            |checked: &Checked| checked.root == found.root && checked.sources.find(&path).is_some();
        if self.check.target.is_none() && self.checked.iter().any(is_known) {
            return Ok(());
        }
        let mut levels = found.settings.lints.clone();
        levels.extend(&self.levels);
        let mut checked =
            compiler::check(&path, &self.loader).map_err(|error| cannot_load("check", file, &error))?;
        levels::apply(&mut checked.diagnostics, &levels);
        if let Some(target) = &self.check.target {
            let attempt = format!("can't check `{}`", file.display());
            match target::choose(Some(target), &found.settings, &attempt)? {
                Chosen::BuiltIn(target) => check_target(&mut checked, &target, &self.loader, &attempt)?,
                Chosen::External { name, .. } => {
                    return Err(Failure::new(attempt)
                        .because(format!("what `pipec-backend-{name}` can't do is known to it alone"))
                        .help(format!("compile for it: pipec compile {} --target {name}", file.display())));
                }
            }
        }
        self.checked.push(checked);
        Ok(())
    }

    fn project(&mut self, file: &Path) -> Result<project::Found, Failure> {
        let folder = file.parent().unwrap_or(file);
        if let Some(found) = self.projects.get(folder) {
            return Ok(found.clone());
        }
        let found = find_project(file)?;
        self.projects.insert(folder.to_owned(), found.clone());
        Ok(found)
    }
}

/// Adds what a target can't do to the findings of a program without errors.
fn check_target(
    checked: &mut Checked,
    target: &project::Target,
    loader: &dyn Loader,
    attempt: &str,
) -> Result<(), Failure> {
    if checked.has_errors() {
        return Ok(());
    }
    let mut entries: Vec<Option<String>> = vec![None];
    let mut found = Vec::new();
    while let Some(entry) = entries.pop() {
        let program = match checked.ir(entry.as_deref(), loader) {
            Ok(program) => program,
            Err(NoProgram::NoEntry(NoEntry::Several(names))) => {
                entries.extend(names.into_iter().rev().map(Some));
                continue;
            }
            Err(NoProgram::Errors | NoProgram::NoEntry(NoEntry::Empty | NoEntry::Unknown { .. })) => continue,
            Err(NoProgram::Capture(errors)) => {
                return Err(errors.iter().fold(Failure::new(attempt), |failure, error| {
                    failure.because(format!("can't read `{}`", error.path)).because_io(&error.cause)
                }));
            }
        };
        let (said, severity) = match compile::compile_for(target, &program) {
            Ok(compiled) => (compiled.warnings, Severity::Warning),
            Err(refusals) => (refusals, Severity::Error),
        };
        let file = checked.entry_file();
        found.extend(said.iter().map(|refusal| {
            refusals::diagnostic(refusal, severity, &program, &checked.sources)
                .unwrap_or_else(|| refusals::diagnostic_at(refusal, severity, start_of(file)))
        }));
    }
    checked.diagnostics.extend(found);
    Ok(())
}

fn start_of(file: FileId) -> Span {
    Span::new(file, 0, 0)
}

/// All sources below a directory that git doesn't ignore, sorted.
fn walk(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failure = || Failure::new(format!("can't check `{}`", directory.display()));
    let mut files = Vec::new();
    for entry in WalkBuilder::new(directory).require_git(false).sort_by_file_path(Path::cmp).build() {
        let entry = entry.map_err(|error| failure().because_of(&error))?;
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
        if is_file && entry.path().extension().is_some_and(|extension| extension == "pipe") {
            files.push(entry.into_path());
        }
    }
    if files.is_empty() {
        return Err(failure()
            .because("there is no `.pipe` file in it")
            .help("files that .gitignore names are left out; give them by name to check them"));
    }
    Ok(files)
}

fn lints_of(name: &str, flag: &str) -> Result<Vec<&'static str>, Failure> {
    let lints = codes::TABLE.iter().map(|row| row.code).filter(|code| code.is_lint()).map(|code| code.0);
    if name == "all" {
        return Ok(lints.collect());
    }
    let failure = Failure::new(format!("can't use `{flag} {name}`"));
    match codes::find(name) {
        Some(row) if row.code.is_lint() => Ok(vec![row.code.0]),
        Some(_) => Err(failure
            .because("an error has no level")
            .help("only the codes that begin with W can be allowed, warned of or denied")),
        None => {
            let failure = failure.because("there is no such code");
            Err(match nearest(name, lints) {
                Some(near) => failure.help(format!("did you mean `{near}`?")),
                None => failure.help("`pipec explain --all` lists all codes"),
            })
        }
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
