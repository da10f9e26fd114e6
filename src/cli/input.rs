//! `FILE`, `FILE::PIPELINE`, `FILE::LAUNCH`: what a command works on.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::failure::Failure;
use super::terminal::Terminal;
use crate::compiler::{self, Checked, NoProgram};
use crate::diagnostics::render::{Counts, Finding, full, ordered};
use crate::lower::{CaptureError, NoEntry};
use crate::project::{self, Profile, Settings};
use crate::resolve::suggest::nearest;
use crate::source::{Disk, LoadError, SourceMap};

/// A file, and perhaps one of its pipelines or launches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Input {
    pub(super) path: PathBuf,
    pub(super) name: Option<String>,
}

/// A program that can be run or compiled, and where it comes from.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) program: pipec_ir::Program,
    pub(super) project: project::Found,
    /// Of a program that came as source.
    pub(super) sources: Option<SourceMap>,
}

impl FromStr for Input {
    type Err = String;

    fn from_str(text: &str) -> Result<Input, String> {
        let (path, name) = match text.rsplit_once("::") {
            Some((path, name)) if !name.contains(['/', '.']) => (path, Some(name)),
            Some(_) | None => (text, None),
        };
        if path.is_empty() {
            return Err("the file's name is missing".to_owned());
        }
        if name.is_some_and(str::is_empty) {
            return Err("the name behind `::` is missing".to_owned());
        }
        Ok(Input { path: PathBuf::from(path), name: name.map(str::to_owned) })
    }
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        self.name.as_ref().map_or(Ok(()), |name| write!(f, "::{name}"))
    }
}

impl Input {
    /// The program, or nothing where it has errors. Findings are printed on standard error. `attempt` is the command's
    /// verb: "compile".
    pub(super) fn load(&self, attempt: &str, terminal: Terminal) -> Result<Option<Loaded>, Failure> {
        self.load_against(|_| None, attempt, terminal)
    }

    /// As `load`, also checked against what a target has: the one of that name, or the project's.
    pub(super) fn load_for(
        &self,
        target: Option<&str>,
        attempt: &str,
        terminal: Terminal,
    ) -> Result<Option<Loaded>, Failure> {
        self.load_against(|settings| settings.profile(target), attempt, terminal)
    }

    fn load_against(
        &self,
        profile: impl Fn(&Settings) -> Option<&Profile>,
        attempt: &str,
        terminal: Terminal,
    ) -> Result<Option<Loaded>, Failure> {
        let path = absolute(&self.path)?;
        let project = find_project(&path)?;
        if self.path.extension().is_some_and(|extension| extension == "json") {
            let program = self.read_ir(attempt)?;
            return Ok(Some(Loaded { program, project, sources: None }));
        }
        let settings = &project.settings;
        let mut checked = compiler::check_for(profile(settings), &path, &Disk, &settings.lints)
            .map_err(|error| cannot_load(attempt, &self.path, &error))?;
        print_findings(&checked, terminal);
        // Each pass needs the room that the one before has taken.
        checked.forget_trees();
        match checked.ir(self.name.as_deref(), &Disk) {
            Ok(program) => Ok(Some(Loaded { program, project, sources: Some(checked.sources) })),
            Err(NoProgram::Errors) => Ok(None),
            Err(NoProgram::NoEntry(error)) => Err(self.no_entry(attempt, error)),
            Err(NoProgram::Capture(errors)) => Err(self.cannot_capture(attempt, &errors)),
        }
    }

    fn read_ir(&self, attempt: &str) -> Result<pipec_ir::Program, Failure> {
        let failure = || Failure::new(format!("can't {attempt} `{}`", self.path.display()));
        let bytes = crate::source::read_file(&self.path).map_err(|error| failure().because_io(&error))?;
        let text = String::from_utf8(bytes).map_err(|_| failure().because("it is no UTF-8 text"))?;
        let mut program = pipec_ir::read(&text).map_err(|error| {
            failure()
                .because(error.to_string())
                .help("a `.json` file is taken for the output of `pipec ir`; sources end in `.pipe`")
        })?;
        pipec_ir::validate(&program).map_err(|invalid| {
            let all: Vec<String> = invalid.iter().map(ToString::to_string).collect();
            failure().because("it is no valid IR").because(all.join("\n"))
        })?;
        if let Some(name) = &self.name {
            program.entry = entry_of(&program, name).ok_or_else(|| {
                let known = program.pipelines.keys().map(|id| id.0.as_str());
                let known: Vec<&str> = known.chain(program.launches.keys().map(String::as_str)).collect();
                no_such_entry(failure(), name, &known, nearest(name, known.iter().copied()))
            })?;
        }
        Ok(program)
    }

    fn no_entry(&self, attempt: &str, error: NoEntry) -> Failure {
        let failure = Failure::new(format!("can't {attempt} `{self}`"));
        let file = self.path.display();
        match error {
            NoEntry::Empty => {
                failure.because("the file declares no pipeline").help("write one: pipeline NAME(…) { … }")
            }
            NoEntry::Several(names) => failure
                .because(format!("there are several pipelines that no other calls: {}", names.join(", ")))
                .help(format!("say which: `{file}::{}`", names.first().map_or("NAME", String::as_str))),
            NoEntry::Generic(name) => failure
                .because(format!(
                    "the pipeline `{name}` takes type parameters, and nothing says what they are"
                ))
                .help(format!(
                    "write a launch, whose arguments tell: `launch NAME = {name}(…)`, and use `{file}::NAME`"
                )),
            NoEntry::Unknown { name, known, nearest } => {
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                no_such_entry(failure, &name, &known, nearest.as_deref())
            }
        }
    }

    fn cannot_capture(&self, attempt: &str, errors: &[CaptureError]) -> Failure {
        let failure = Failure::new(format!("can't {attempt} `{self}`"));
        errors.iter().fold(failure, |failure, error| {
            failure.with(Failure::new(format!("can't read `{}`", error.path)).because_io(&error.cause))
        })
    }
}

/// Prints all findings on standard error.
fn print_findings(checked: &Checked, terminal: Terminal) {
    if checked.diagnostics.is_empty() {
        return;
    }
    let findings = checked
        .diagnostics
        .iter()
        .map(|diagnostic| Finding { sources: &checked.sources, diagnostic })
        .collect();
    let findings = ordered(findings);
    let text = full(&findings, &current_folder(), terminal.color_stderr);
    terminal.print_error(&format!("{text}{}\n", Counts::of(&findings).summary()));
}

fn entry_of(program: &pipec_ir::Program, name: &str) -> Option<pipec_ir::Entry> {
    let id = pipec_ir::PipelineId(name.to_owned());
    if program.pipelines.contains_key(&id) {
        return Some(pipec_ir::Entry::Pipeline(id));
    }
    program.launches.contains_key(name).then(|| pipec_ir::Entry::Launch(name.to_owned()))
}

fn no_such_entry(failure: Failure, name: &str, known: &[&str], near: Option<&str>) -> Failure {
    let failure = failure.because(format!("it has no pipeline or launch `{name}`"));
    match near {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None if known.is_empty() => failure,
        None => failure.help(format!("it has {}", known.join(", "))),
    }
}

/// The pipeline that a program starts with.
pub(super) fn pipeline_of(program: &pipec_ir::Program) -> Result<&pipec_ir::Pipeline, Failure> {
    let id = match &program.entry {
        pipec_ir::Entry::Pipeline(id) => Some(id),
        pipec_ir::Entry::Launch(name) => program.launches.get(name).map(|launch| &launch.pipeline),
    };
    id.and_then(|id| program.pipelines.get(id)).ok_or_else(|| {
        Failure::new("can't find the pipeline to start with").because("the IR doesn't have it")
    })
}

/// Why a source can't be read, with what may have been meant.
pub(super) fn cannot_load(attempt: &str, path: &Path, error: &LoadError) -> Failure {
    let failure = Failure::new(format!("can't {attempt} `{}`", path.display()));
    match error {
        LoadError::Missing => {
            let failure = failure.because("there is no such file");
            match neighbour(path) {
                Some(near) => failure.help(format!("did you mean `{near}`?")),
                None => failure,
            }
        }
        LoadError::IsDirectory => {
            failure.because("it is a directory").help("give a file: its name ends in `.pipe`")
        }
        LoadError::Unreadable(cause) => failure.because_io(cause),
        LoadError::NotUtf8 { .. } => {
            failure.because(error.to_string()).help("save it as UTF-8; is it a program at all?")
        }
        LoadError::IsNoFile | LoadError::TooLarge { .. } => failure.because(error.to_string()),
    }
}

/// A source beside a missing one whose name is like it.
fn neighbour(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_str()?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut names: Vec<String> = std::fs::read_dir(folder.unwrap_or(Path::new(".")))
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".pipe"))
        .collect();
    names.sort();
    let near = nearest(wanted, names.iter().map(String::as_str))?;
    Some(folder.map_or_else(|| near.to_owned(), |folder| folder.join(near).display().to_string()))
}

/// The project that a file belongs to.
pub(super) fn find_project(file: &Path) -> Result<project::Found, Failure> {
    project::find(file.parent().unwrap_or(file)).map_err(|error| cannot_use(&error))
}

fn cannot_use(error: &project::Error) -> Failure {
    match error {
        project::Error::Unreadable { path, cause } => {
            Failure::new(format!("can't read `{}`", shown(path))).because_io(cause)
        }
        project::Error::Wrong { path, text, problems } => {
            let path = shown(path);
            let failure = Failure::new(format!("can't use `{path}`"));
            problems.iter().fold(failure, |failure, problem| {
                let part = Failure::new(problem.message.clone());
                let part = part.at(&path, text, problem.range.clone(), &problem.label);
                failure.with(match &problem.help {
                    Some(help) => part.help(help.clone()),
                    None => part,
                })
            })
        }
    }
}

/// A path as people see it: from the folder they are in, if it lies below.
pub(super) fn shown(path: &Path) -> String {
    path.strip_prefix(current_folder()).unwrap_or(path).display().to_string()
}

/// The folder that the command runs in; relative paths are shown if it is gone.
pub(super) fn current_folder() -> PathBuf {
    std::env::current_dir().unwrap_or_default()
}

pub(super) fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path)
        .map_err(|error| Failure::new(format!("can't find `{}`", path.display())).because_io(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_follow_the_file() {
        let input =
            |path: &str, name: Option<&str>| Input { path: path.into(), name: name.map(str::to_owned) };
        assert_eq!("a.pipe".parse(), Ok(input("a.pipe", None)));
        assert_eq!("a.pipe::train".parse(), Ok(input("a.pipe", Some("train"))));
        assert_eq!("odd::dir/a.pipe".parse(), Ok(input("odd::dir/a.pipe", None)));
        assert_eq!("odd::dir/a.pipe::x".parse(), Ok(input("odd::dir/a.pipe", Some("x"))));
        assert!("::x".parse::<Input>().is_err());
        assert!("a.pipe::".parse::<Input>().is_err());
    }
}
