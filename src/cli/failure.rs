//! Why a command could not do its work: what was attempted, on what, why it failed and what to do. Never about the
//! source of a program, which is what findings are for.

use std::error::Error;
use std::fmt;
use std::io;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode, ThemeStyles};

use crate::diagnostics::printable::in_lines;

/// The world is wrong: a file, an argument, the configuration. Exit status 2.
#[derive(Debug)]
pub(crate) struct Failure {
    attempt: String,
    cause: Option<Box<Cause>>,
    help: Option<String>,
    place: Option<Box<Place>>,
    parts: Vec<Failure>,
}

/// A link of the chain of causes.
#[derive(Debug)]
struct Cause {
    text: String,
    source: Option<Box<Cause>>,
}

#[derive(Debug)]
struct Place {
    source: NamedSource<String>,
    labels: Vec<LabeledSpan>,
}

impl Failure {
    /// `attempt` is a clause such as "can't read `x.pipe`".
    pub(crate) fn new(attempt: impl Into<String>) -> Failure {
        Failure { attempt: in_lines(attempt), cause: None, help: None, place: None, parts: Vec::new() }
    }

    /// One more cause, below those that are there.
    pub(crate) fn because(mut self, text: impl Into<String>) -> Failure {
        let mut slot = &mut self.cause;
        while let Some(cause) = slot {
            slot = &mut cause.source;
        }
        *slot = Some(Box::new(Cause { text: in_lines(text), source: None }));
        self
    }

    /// What the operating system said, in plain words.
    pub(crate) fn because_io(self, error: &io::Error) -> Failure {
        self.because(plain_io_error(error))
    }

    /// An error and what is behind it.
    pub(crate) fn because_of(self, error: &dyn Error) -> Failure {
        let mut failure = self.because(error.to_string());
        let mut next = error.source();
        while let Some(source) = next {
            failure = failure.because(source.to_string());
            next = source.source();
        }
        failure
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Failure {
        self.help = Some(in_lines(help));
        self
    }

    /// One of several things that are wrong, shown below.
    pub(crate) fn with(mut self, part: Failure) -> Failure {
        self.parts.push(part);
        self
    }

    /// Shows the text around `range` of a file, with `label` under it.
    pub(crate) fn at(
        mut self,
        file: &str,
        text: &str,
        range: std::ops::Range<usize>,
        label: &str,
    ) -> Failure {
        let labels = vec![LabeledSpan::new(Some(label.to_owned()), range.start, range.len())];
        self.place = Some(Box::new(Place { source: NamedSource::new(file, text.to_owned()), labels }));
        self
    }

    /// As it is printed, with a line end.
    pub(crate) fn render(&self, color: bool) -> String {
        let mut text = self.render_with("pipec:", color).trim_start().to_owned();
        for part in &self.parts {
            text.push_str(&part.render_with("×", color));
        }
        text
    }

    fn render_with(&self, mark: &str, color: bool) -> String {
        let mut theme = GraphicalTheme::unicode_nocolor();
        if color {
            theme.styles = ThemeStyles::ansi();
        }
        theme.characters.error = mark.to_owned();
        let handler = GraphicalReportHandler::new_themed(theme).with_links(false).with_wrap_lines(false);
        let mut text = String::new();
        if handler.render_report(&mut text, self).is_err() {
            text = format!("  {mark} {self}\n");
        }
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        lines.join("\n") + "\n"
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.attempt)
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as &dyn Error)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for Cause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|cause| cause as &dyn Error)
    }
}

impl miette::Diagnostic for Failure {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.place.as_ref().map(|place| &place.source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.place
            .as_ref()
            .map(|place| Box::new(place.labels.iter().cloned()) as Box<dyn Iterator<Item = LabeledSpan>>)
    }
}

/// The system's message without its number, as a sentence's end.
pub(crate) fn plain_io_error(error: &io::Error) -> String {
    let kinds = [
        (io::ErrorKind::NotFound, "there is no such file or directory"),
        (io::ErrorKind::PermissionDenied, "permission denied"),
        (io::ErrorKind::IsADirectory, "it is a directory"),
    ];
    if let Some((_, text)) = kinds.iter().find(|(kind, _)| *kind == error.kind()) {
        return (*text).to_owned();
    }
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_what_why_and_what_to_do() {
        let error = io::Error::from_raw_os_error(2);
        let failure = Failure::new("can't check `x.pipe`").because("can't read it").because_io(&error);
        let text = failure.help("is the name right?").render(false);
        insta::assert_snapshot!(text, @r"
        pipec: can't check `x.pipe`
          ├─▶ can't read it
          ╰─▶ there is no such file or directory
          help: is the name right?
        ");
    }

    #[test]
    fn a_place_is_shown() {
        let text = "[project]\nnmae = 1\n";
        let failure = Failure::new("can't use `pipec.toml`").at("pipec.toml", text, 10..14, "no such key");
        insta::assert_snapshot!(failure.render(false), @r"
        pipec: can't use `pipec.toml`
           ╭─[pipec.toml:2:1]
         1 │ [project]
         2 │ nmae = 1
           · ──┬─
           ·   ╰── no such key
           ╰────
        ");
    }
}
