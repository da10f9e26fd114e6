//! The command line: arguments → command → exit status. One file per subcommand.

mod arguments;
mod bug;
mod check;
mod compile;
mod completions;
mod explain;
mod external;
mod failure;
mod graph;
mod input;
mod inputs;
mod ir;
mod lsp;
mod refusals;
mod run;
mod schema;
mod target;
mod terminal;
mod write;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use failure::Failure;
use terminal::{Color, Terminal};

/// Flags have variables too; `--color` is looked up before the arguments are read.
const COLOR_VARIABLE: &str = "PIPEC_COLOR";

/// Checks typed pipelines before anything runs, runs them here, and compiles them to Argo Workflows or a script.
#[derive(Debug, Parser)]
#[command(name = "pipec", version, propagate_version = false, max_term_width = 100)]
struct Arguments {
    /// When to use colour
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        hide_possible_values = true,
        hide_env_values = true,
        env = COLOR_VARIABLE,
        value_name = "WHEN"
    )]
    color: Color,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Check),
    Compile(compile::Compile),
    Run(run::Run),
    Ir(ir::Ir),
    Inputs(inputs::Inputs),
    Graph(graph::Graph),
    Explain(explain::Explain),
    Schema(schema::Schema),
    Completions(completions::Completions),
    Lsp(lsp::Lsp),
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Fine,
    /// Findings, "would change", or a failed step.
    Findings,
    /// By Ctrl-C or its like.
    Interrupted,
}

/// Runs the process's command line.
pub fn main() -> ExitCode {
    bug::record_panics();
    let color = color_of_arguments();
    let terminal = Terminal::new(color);
    match bug::catch(|| run(terminal, color)) {
        Ok(Ok(code)) => code,
        Ok(Err(failure)) => {
            terminal.print_error(&failure.render(terminal.color_stderr));
            ExitCode::from(2)
        }
        Err(message) => {
            terminal.print_error(&bug::report(&message).render(terminal.color_stderr));
            ExitCode::from(101)
        }
    }
}

fn run(terminal: Terminal, color: Color) -> Result<ExitCode, Failure> {
    let choice = match color {
        Color::Auto => clap::ColorChoice::Auto,
        Color::Always => clap::ColorChoice::Always,
        Color::Never => clap::ColorChoice::Never,
    };
    let matches = Arguments::command().color(choice).try_get_matches();
    let arguments = match matches.and_then(|mut matches| Arguments::from_arg_matches_mut(&mut matches)) {
        Ok(arguments) => arguments,
        Err(message) => {
            let message = arguments::explained(message, std::env::args());
            // A broken pipe under `--help` is silent.
            let _ = message.print();
            return Ok(ExitCode::from(if message.use_stderr() { 2 } else { 0 }));
        }
    };
    let status = match &arguments.command {
        Command::Check(check) => check.run(terminal)?,
        Command::Compile(compile) => compile.run(terminal)?,
        Command::Run(run) => run.run(terminal)?,
        Command::Inputs(inputs) => inputs.run(terminal)?,
        Command::Graph(graph) => graph.run(terminal)?,
        Command::Ir(ir) => ir.run(terminal)?,
        Command::Explain(explain) => explain.run(terminal)?,
        Command::Schema(schema) => schema.run(terminal)?,
        Command::Completions(completions) => completions.run(terminal)?,
        Command::Lsp(lsp) => lsp.run()?,
    };
    Ok(match status {
        Status::Fine => ExitCode::SUCCESS,
        Status::Findings => ExitCode::from(1),
        Status::Interrupted => ExitCode::from(130),
    })
}

/// `--color` before the arguments are parsed, because messages about the arguments have colours too.
fn color_of_arguments() -> Color {
    let mut words = std::env::args_os().skip(1);
    let mut value = std::env::var(COLOR_VARIABLE).ok();
    while let Some(word) = words.next() {
        let Some(word) = word.to_str() else { continue };
        match word.strip_prefix("--color") {
            Some("") => value = words.next().and_then(|value| value.into_string().ok()),
            Some(rest) if rest.starts_with('=') => value = Some(rest[1..].to_owned()),
            Some(_) => {}
            None if word == "--" => break,
            None => {}
        }
    }
    match value.as_deref() {
        Some("always") => Color::Always,
        Some("never") => Color::Never,
        Some(_) | None => Color::Auto,
    }
}
