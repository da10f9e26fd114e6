//! `pipec graph FILE`: a pipeline's steps and what each waits for.

mod dot;
mod mermaid;
mod picture;
mod text;

use clap::{Args, ValueEnum};

use super::Status;
use super::failure::Failure;
use super::input::{Input, pipeline_of};
use super::terminal::Terminal;

/// Draw a pipeline: its steps, and what each waits for
#[derive(Args, Debug)]
pub(super) struct Graph {
    /// The file, or FILE::PIPELINE, or FILE::LAUNCH; a `.json` file is IR
    file: Input,
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// How much: the pipeline's own statements, or also what is inside of loops and branches
    #[arg(long, value_enum, default_value_t, value_name = "LEVEL")]
    level: Level,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a person
    #[default]
    Text,
    /// For Markdown
    Mermaid,
    /// For Graphviz
    Dot,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Level {
    Pipeline,
    #[default]
    Steps,
}

impl Graph {
    pub(super) fn run(&self, terminal: Terminal) -> Result<Status, Failure> {
        let Some(loaded) = self.file.load("draw", terminal)? else { return Ok(Status::Findings) };
        let pipeline = pipeline_of(&loaded.program)?;
        let picture = picture::of(pipeline, self.level == Level::Steps);
        terminal.print(&match self.format {
            Format::Text => text::draw(&picture),
            Format::Mermaid => mermaid::draw(&picture),
            Format::Dot => dot::draw(&picture),
        })?;
        Ok(Status::Fine)
    }
}
