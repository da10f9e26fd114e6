//! The end of what a program wrote, for a message: short, and harmless to a terminal.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

const MAX_LINES: usize = 12;
const MAX_BYTES: u64 = 8 * 1024;
const MAX_LINE_CHARACTERS: usize = 300;

/// The last lines of a log. Secrets are masked, control characters left out.
pub(super) fn last_lines(log: &Path, secrets: &[String]) -> Vec<String> {
    let Ok(bytes) = read_end(log) else { return Vec::new() };
    let mut text = String::from_utf8_lossy(&bytes).into_owned();
    for secret in secrets.iter().filter(|secret| !secret.trim().is_empty()) {
        text = text.replace(secret.as_str(), "***");
    }
    let mut lines: Vec<String> = text.lines().rev().map(shown).skip_while(String::is_empty).collect();
    lines.truncate(MAX_LINES);
    lines.reverse();
    lines
}

fn read_end(log: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(log)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(MAX_BYTES)))?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn shown(line: &str) -> String {
    let mut text = String::new();
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            skip_escape(&mut characters);
        } else if character == '\t' {
            text.push_str("    ");
        } else if !character.is_control() {
            text.push(character);
        }
    }
    if text.chars().count() > MAX_LINE_CHARACTERS {
        text = text.chars().take(MAX_LINE_CHARACTERS).chain("…".chars()).collect();
    }
    text.trim_end().to_owned()
}

/// Skips a terminal's control sequence, `ESC [ … letter`.
fn skip_escape(characters: &mut std::str::Chars<'_>) {
    if characters.next() == Some('[') {
        for character in characters.by_ref() {
            if ('@'..='~').contains(&character) {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_log_is_short_and_harmless() -> io::Result<()> {
        let log = tempfile::NamedTempFile::new()?;
        let text: String = (0..9000).map(|number| format!("line {number}\n")).collect();
        std::fs::write(log.path(), format!("{text}\u{1b}[31mred\u{1b}[0m\tpw=hunter2\u{7}\r\n\n\n"))?;
        let lines = last_lines(log.path(), &["hunter2".to_owned(), String::new()]);
        assert_eq!(lines.len(), 12);
        assert_eq!(lines.first().map(String::as_str), Some("line 8989"));
        assert_eq!(lines.last().map(String::as_str), Some("red    pw=***"));
        Ok(())
    }
}
