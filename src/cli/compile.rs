//! `pipec compile FILE`

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use clap::Args;
use pipec_backends::{Compiled, OutputFile, Refusal};

use super::failure::Failure;
use super::input::Input;
use super::target::{self, Chosen};
use super::terminal::Terminal;
use super::{Status, external, refusals, write};
use crate::project::Target;

/// Compile a pipeline for a target: Argo Workflows, a script, or another program's
#[derive(Args, Debug)]
pub(super) struct Compile {
    /// The file, or FILE::PIPELINE, or FILE::LAUNCH; a `.json` file is IR
    file: Input,
    /// A target of pipec.toml, `argo`, `local`, or NAME of a program `pipec-backend-NAME`
    #[arg(short, long, env = "PIPEC_TARGET", hide_env_values = true, value_name = "NAME")]
    target: Option<String>,
    /// A file or a directory; `-` is standard output
    #[arg(short, long, value_name = "PATH", default_value = "-")]
    output: PathBuf,
    /// Write nothing; the exit status says whether the output is up to date
    #[arg(long)]
    check: bool,
}

impl Compile {
    pub(super) fn run(&self, terminal: Terminal) -> Result<Status, Failure> {
        let Some(loaded) = self.file.load_for(self.target.as_deref(), "compile", terminal)? else {
            return Ok(Status::Findings);
        };
        let attempt = format!("can't compile `{}`", self.file);
        let chosen = target::choose(self.target.as_deref(), &loaded.project.settings, &attempt)?;
        let sources = loaded.sources.as_ref();
        let files = match &chosen {
            Chosen::External { name, program } => external::compile(name, program, &loaded.program)?,
            Chosen::BuiltIn(target) => match compile_for(target, &loaded.program) {
                Ok(Compiled { files, warnings }) => {
                    refusals::print_warnings(&warnings, &loaded.program, sources, terminal);
                    files
                }
                Err(refusals) => {
                    refusals::print(&refusals, &loaded.program, sources, terminal);
                    return Ok(Status::Findings);
                }
            },
        };
        let status = self.deliver(&files, terminal);
        // The process ends here, and its memory with it: giving back every node of the program would take longer.
        std::mem::forget((loaded, files));
        status
    }

    fn deliver(&self, files: &[OutputFile], terminal: Terminal) -> Result<Status, Failure> {
        let one = as_one(files);
        if self.output == Path::new("-") {
            return self.print(one, terminal);
        }
        let path = &self.output;
        let is_directory = path.is_dir() || path.as_os_str().to_string_lossy().ends_with('/');
        let one = one.filter(|_| !is_directory);
        if self.check {
            let is_same = match &one {
                Some(bytes) => std::fs::read(path).is_ok_and(|found| found == **bytes),
                None => write::is_up_to_date(path, files),
            };
            if !is_same {
                terminal.print_error(&format!("`{}` isn't up to date\n", path.display()));
            }
            return Ok(if is_same { Status::Fine } else { Status::Findings });
        }
        match one {
            Some(bytes) => write::file(path, &bytes)?,
            None => write::directory(path, files)?,
        }
        Ok(Status::Fine)
    }

    fn print(&self, one: Option<Cow<'_, [u8]>>, terminal: Terminal) -> Result<Status, Failure> {
        let failure = Failure::new(format!("can't compile `{}` to standard output", self.file));
        if self.check {
            return Err(failure.because("--check compares with a file").help("say which: `-o PATH`"));
        }
        let Some(bytes) = one else {
            return Err(failure
                .because("this target makes a directory of several files")
                .help("say where: `-o DIRECTORY`"));
        };
        terminal.print_bytes(&bytes)?;
        Ok(Status::Fine)
    }
}

/// The files of a target that pipec itself compiles for.
pub(super) fn compile_for(target: &Target, program: &pipec_ir::Program) -> Result<Compiled, Vec<Refusal>> {
    match target {
        Target::Argo(target) => pipec_backends::argo::compile(program, target),
        Target::Local(_) => {
            pipec_backends::local::compile(program).map(|files| Compiled { files, warnings: Vec::new() })
        }
    }
}

/// The content of one file that says all: the only one, unless it is a program, or several YAML documents.
fn as_one(files: &[OutputFile]) -> Option<Cow<'_, [u8]>> {
    let is_yaml = |file: &OutputFile| file.path.ends_with(".yaml") || file.path.ends_with(".yml");
    match files {
        [only] if !only.executable => Some(Cow::Borrowed(&only.content)),
        files if files.iter().all(is_yaml) => {
            let texts: Vec<&[u8]> = files.iter().map(|file| file.content.as_slice()).collect();
            Some(Cow::Owned(texts.join(&b"---\n"[..])))
        }
        _ => None,
    }
}
