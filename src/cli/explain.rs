//! `pipec explain CODE`

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::Status;
use super::failure::Failure;
use super::terminal::Terminal;
use crate::diagnostics::codes::{self, Row, TABLE};
use crate::diagnostics::levels::Level;
use crate::resolve::suggest::nearest;

/// Explain a finding: what it means, why it matters, a wrong program and the right one
#[derive(Args, Debug)]
pub(super) struct Explain {
    /// A code such as E0301
    #[arg(required_unless_present = "all")]
    code: Option<String>,
    /// All codes, in order
    #[arg(long, conflicts_with = "code")]
    all: bool,
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a person: the page of a code, a line per code with --all
    #[default]
    Text,
    /// The whole pages
    Markdown,
    Json,
}

#[derive(Serialize)]
struct Page {
    code: &'static str,
    title: &'static str,
    /// Of a lint: how loud it is where nobody says otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<&'static str>,
    page: &'static str,
}

impl Explain {
    pub(super) fn run(&self, terminal: Terminal) -> Result<Status, Failure> {
        let rows: Vec<&Row> = match &self.code {
            Some(code) => vec![codes::find(code).ok_or_else(|| unknown_code(code))?],
            None => TABLE.iter().collect(),
        };
        let text = match self.format {
            Format::Text if self.all => rows.iter().map(|row| summary(row)).collect(),
            Format::Text | Format::Markdown => rows.iter().map(|row| row.page).collect::<Vec<_>>().join("\n"),
            Format::Json => json(&rows, self.all)?,
        };
        terminal.print(&text)?;
        Ok(Status::Fine)
    }
}

fn summary(row: &Row) -> String {
    let off = if row.level == Some(Level::Allow) { " (off by default)" } else { "" };
    format!("{}  {}{off}\n", row.code.0, row.title)
}

fn json(rows: &[&Row], all: bool) -> Result<String, Failure> {
    let page = |row: &&Row| Page {
        code: row.code.0,
        title: row.title,
        level: row.level.map(Level::word),
        page: row.page,
    };
    let pages: Vec<Page> = rows.iter().map(page).collect();
    let text = match pages.first() {
        Some(page) if !all => serde_json::to_string_pretty(page),
        Some(_) | None => serde_json::to_string_pretty(&pages),
    };
    text.map(|text| text + "\n").map_err(|error| Failure::new("can't write JSON").because_of(&error))
}

fn unknown_code(code: &str) -> Failure {
    let failure = Failure::new(format!("can't explain `{code}`")).because("there is no such code");
    match nearest(code, TABLE.iter().map(|row| row.code.0)) {
        Some(near) => failure.help(format!("did you mean `{near}`? `pipec explain --all` lists all codes")),
        None => failure.help("`pipec explain --all` lists all codes"),
    }
}
