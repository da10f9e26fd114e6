//! `full` and `short`: findings for a person. The only file that knows codespan-reporting.

use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;

use codespan_reporting::diagnostic as codespan;
use codespan_reporting::files::{Error, Files};
use codespan_reporting::term::termcolor::{Ansi, ColorSpec, NoColor, WriteColor};
use codespan_reporting::term::{self, Config, DisplayStyle, Styles, StylesWriter};
use foldhash::HashMap;

use super::{Finding, shown_name};
use crate::diagnostics::printable::is_obeyed;
use crate::diagnostics::{Diagnostic, Severity};
use crate::source::{FileId, SourceMap, Span};

/// A line longer than this many bytes is shown in part, around its label.
const LONGEST_LINE: usize = 400;

/// How much of such a line is shown before and after the label's start.
const WINDOW: usize = 60;

/// Each finding with its source lines, a blank line behind each.
pub fn full(findings: &[Finding], folder: &Path, color: bool) -> String {
    render(findings, folder, color, DisplayStyle::Rich)
}

/// A line for each finding: `file:line:column: error[E0101]: message`
pub fn short(findings: &[Finding], folder: &Path, color: bool) -> String {
    render(findings, folder, color, DisplayStyle::Short)
}

fn render(findings: &[Finding], folder: &Path, color: bool, style: DisplayStyle) -> String {
    let config = Config { display_style: style, ..Config::default() };
    let mut bytes = Vec::new();
    for finding in findings {
        let view = View::new(finding.sources, finding.diagnostic, folder);
        let diagnostic = view.translate(finding.diagnostic);
        if color {
            emit(Ansi::new(&mut bytes), &config, &view, &diagnostic, finding.diagnostic);
        } else {
            emit(NoColor::new(&mut bytes), &config, &view, &diagnostic, finding.diagnostic);
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    text.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

fn emit<W: WriteColor>(
    writer: W,
    config: &Config,
    view: &View,
    translated: &codespan::Diagnostic<FileId>,
    diagnostic: &Diagnostic,
) {
    let styles = Styles::default();
    let mut writer = StylesWriter::new(Printable(writer), &styles);
    if let Err(error) = term::emit_to_write_style(&mut writer, config, view, translated) {
        panic!("{} {:?} has a place that isn't in its file: {error}", diagnostic.code.0, diagnostic.message);
    }
}

/// The texts of a compilation as one diagnostic shows them.
struct View<'a> {
    sources: &'a SourceMap,
    folder: &'a Path,
    /// What is shown of long lines, by file and line (from 0).
    windows: HashMap<(FileId, usize), Range<usize>>,
}

impl<'a> View<'a> {
    fn new(sources: &'a SourceMap, diagnostic: &Diagnostic, folder: &'a Path) -> View<'a> {
        let mut view = View { sources, folder, windows: HashMap::default() };
        for label in &diagnostic.labels {
            for at in [label.span.start, label.span.end] {
                view.open_window(label.span.file, at as usize);
            }
        }
        view
    }

    fn open_window(&mut self, file: FileId, at: usize) {
        let line = self.line(file, at);
        let whole = self.whole_line(file, line);
        if whole.len() > LONGEST_LINE {
            let text = self.sources.file(file).text();
            let start = text.floor_char_boundary(at.saturating_sub(WINDOW).max(whole.start));
            let end = text.floor_char_boundary(at.saturating_add(WINDOW).min(whole.end));
            self.windows.entry((file, line)).or_insert(start..end);
        }
    }

    fn line(&self, file: FileId, at: usize) -> usize {
        self.sources.file(file).utf8(offset(at)).0 as usize
    }

    fn whole_line(&self, file: FileId, line: usize) -> Range<usize> {
        let file = self.sources.file(file);
        let start = file.from_utf8(offset(line), 0) as usize;
        start..start + file.line(offset(line)).len()
    }

    fn shown_line(&self, file: FileId, line: usize) -> Range<usize> {
        self.windows.get(&(file, line)).cloned().unwrap_or_else(|| self.whole_line(file, line))
    }

    /// The part of a span that is shown.
    fn shown_span(&self, span: Span) -> Range<usize> {
        let clamp = |at: usize| {
            let shown = self.shown_line(span.file, self.line(span.file, at));
            at.clamp(shown.start, shown.end)
        };
        let start = clamp(span.start as usize);
        start..clamp(span.end as usize).max(start)
    }

    fn translate(&self, diagnostic: &Diagnostic) -> codespan::Diagnostic<FileId> {
        let severity = match diagnostic.severity {
            Severity::Error => codespan::Severity::Error,
            Severity::Warning => codespan::Severity::Warning,
        };
        let labels = diagnostic.labels.iter().enumerate().map(|(index, label)| {
            let style =
                if index == 0 { codespan::LabelStyle::Primary } else { codespan::LabelStyle::Secondary };
            codespan::Label::new(style, label.span.file, self.shown_span(label.span))
                .with_message(label.text.clone())
        });
        codespan::Diagnostic::new(severity)
            .with_code(diagnostic.code.0)
            .with_message(diagnostic.message.clone())
            .with_labels(labels.collect())
            .with_notes(notes(diagnostic))
    }
}

fn notes(diagnostic: &Diagnostic) -> Vec<String> {
    let mut notes = diagnostic.notes.clone();
    match &diagnostic.help {
        Some(help) => notes.push(format!("help: {help}")),
        None => notes.extend(diagnostic.fixes.iter().map(|fix| format!("help: {}", fix.title))),
    }
    notes
}

impl<'a> Files<'a> for View<'_> {
    type FileId = FileId;
    type Name = String;
    type Source = &'a str;

    fn name(&'a self, file: FileId) -> Result<String, Error> {
        Ok(shown_name(self.sources.file(file), self.folder).into_owned())
    }

    fn source(&'a self, file: FileId) -> Result<&'a str, Error> {
        Ok(self.sources.file(file).text())
    }

    fn line_index(&'a self, file: FileId, at: usize) -> Result<usize, Error> {
        Ok(self.line(file, at))
    }

    fn column_number(&'a self, file: FileId, _: usize, at: usize) -> Result<usize, Error> {
        Ok(self.sources.file(file).position(offset(at)).column as usize)
    }

    fn line_range(&'a self, file: FileId, line: usize) -> Result<Range<usize>, Error> {
        let max = self.sources.file(file).line_count() as usize;
        if line >= max {
            Err(Error::LineTooLarge { given: line, max })
        } else {
            Ok(self.shown_line(file, line))
        }
    }
}

/// Leaves out control and direction characters, which a terminal would obey.
struct Printable<W>(W);

impl<W: Write> Write for Printable<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match std::str::from_utf8(bytes) {
            Ok(text) if text.chars().any(is_obeyed) => {
                let text: String = text.chars().filter(|c| !is_obeyed(*c)).collect();
                self.0.write_all(text.as_bytes())?;
            }
            Ok(_) | Err(_) => self.0.write_all(bytes)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl<W: WriteColor> WriteColor for Printable<W> {
    fn supports_color(&self) -> bool {
        self.0.supports_color()
    }

    fn set_color(&mut self, spec: &ColorSpec) -> io::Result<()> {
        self.0.set_color(spec)
    }

    fn reset(&mut self) -> io::Result<()> {
        self.0.reset()
    }
}

fn offset(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
