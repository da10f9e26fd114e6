//! What is printed where: colour, streams, a broken pipe.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;

use super::failure::Failure;

/// `--color`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set or TERM is `dumb`; elsewhere if CLICOLOR_FORCE is set.
    #[default]
    Auto,
    Always,
    Never,
}

/// The two streams of the process, and whether each is coloured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terminal {
    pub(crate) color_stdout: bool,
    pub(crate) color_stderr: bool,
}

impl Terminal {
    pub(crate) fn new(color: Color) -> Terminal {
        let environment = |name: &str| std::env::var_os(name);
        Terminal {
            color_stdout: is_colored(color, environment, io::stdout().is_terminal()),
            color_stderr: is_colored(color, environment, io::stderr().is_terminal()),
        }
    }

    /// Prints on standard output. A reader that has gone away is no failure.
    pub(crate) fn print(self, text: &str) -> Result<(), Failure> {
        self.print_bytes(text.as_bytes())
    }

    pub(crate) fn print_bytes(self, bytes: &[u8]) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::new("can't write to standard output").because_io(&error))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Prints on standard error; there is nowhere left to say that it failed.
    pub(crate) fn print_error(self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }
}

fn is_colored(color: Color, environment: impl Fn(&str) -> Option<OsString>, is_terminal: bool) -> bool {
    let is_set = |name: &str| environment(name).is_some_and(|value| !value.is_empty());
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if is_set("NO_COLOR") => false,
        Color::Auto if is_set("CLICOLOR_FORCE") && environment("CLICOLOR_FORCE") != Some("0".into()) => true,
        Color::Auto => is_terminal && environment("TERM") != Some("dumb".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(color: Color, variables: &[(&str, &str)], is_terminal: bool) -> bool {
        let lookup = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
        };
        is_colored(color, lookup, is_terminal)
    }

    #[test]
    fn the_flag_wins_then_no_color_then_force_then_the_terminal() {
        assert!(with(Color::Auto, &[("TERM", "xterm")], true));
        assert!(!with(Color::Auto, &[("TERM", "dumb")], true));
        assert!(!with(Color::Auto, &[], false));
        assert!(with(Color::Auto, &[("CLICOLOR_FORCE", "1")], false));
        assert!(!with(Color::Auto, &[("CLICOLOR_FORCE", "0")], false));
        assert!(!with(Color::Auto, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], true));
        assert!(with(Color::Auto, &[("NO_COLOR", "")], true));
        assert!(with(Color::Always, &[("NO_COLOR", "1")], false));
        assert!(!with(Color::Never, &[("CLICOLOR_FORCE", "1")], true));
    }
}
