//! The format of a row's file.
//!
//! Above the first program stand what the row is about and what others do, as `key: value`. `--- wrong: NAME` and
//! `--- right: NAME` begin a program, `--- file: PATH` another file of it. In a program whose name ends with ` (escaped)`,
//! `\u{…}` is a character, `\xHH` a byte, `\r` and `\t` what they are elsewhere, and `\*COUNT(TEXT)` the text that often;
//! its notes stand below what is written.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use pipec::compiler::Checked;

use crate::annotated::{self, File};

const ESCAPED: &str = " (escaped)";
const MAIN: &str = "main.pipe";

/// A row of the atlas.
#[derive(Debug)]
pub(crate) struct Row {
    pub path: PathBuf,
    /// The file as it is.
    pub written: String,
    pub number: u32,
    pub section: String,
    pub mistake: String,
    /// What other systems do; none of them was tried where there is none.
    pub peers: Option<Peers>,
    pub programs: Vec<Program>,
}

#[derive(Debug)]
pub(crate) struct Peers {
    pub kfp: String,
    pub hera: String,
    pub flyte: String,
    pub metaflow: String,
}

#[derive(Debug)]
pub(crate) struct Program {
    pub kind: Kind,
    pub name: String,
    /// Not all of it can be shown as it is written.
    pub(crate) is_escaped: bool,
    /// As they are written, without notes.
    written: Vec<File>,
    checked: OnceLock<Checked>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Wrong,
    Right,
}

fn paths() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/mistakes");
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "pipe")).collect();
    paths.sort();
    paths
}

/// All rows; each of their programs is checked once, whoever asks.
pub(crate) fn rows() -> &'static [Row] {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    ROWS.get_or_init(|| paths().into_iter().map(Row::read).collect())
}

impl Row {
    fn read(path: PathBuf) -> Row {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut parts = text.split("\n--- ");
        let head = parts.next().unwrap();
        let key = |key: &str| {
            let found = head.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": "));
            found.map(str::to_owned)
        };
        let peers = key("kfp").map(|kfp| Peers {
            kfp,
            hera: key("hera").unwrap(),
            flyte: key("flyte").unwrap(),
            metaflow: key("metaflow").unwrap(),
        });
        let mut programs: Vec<Program> = Vec::new();
        for part in parts {
            let (title, text) = part.split_once('\n').unwrap_or((part, ""));
            let kept = text.lines().filter(|line| !annotated::is_annotation(line));
            let text: String = kept.map(|line| format!("{line}\n")).collect();
            let (word, name) = title.split_once(": ").unwrap_or((title, ""));
            let kind = match word {
                "wrong" => Kind::Wrong,
                "right" => Kind::Right,
                "file" => {
                    let file = File { name: name.to_owned(), text };
                    programs.last_mut().unwrap().written.push(file);
                    continue;
                }
                _ => panic!("`--- {title}` begins neither a program nor a file"),
            };
            let is_escaped = name.ends_with(ESCAPED);
            let name = name.trim_end_matches(ESCAPED).to_owned();
            programs.push(Program {
                kind,
                name,
                is_escaped,
                written: vec![File { name: MAIN.to_owned(), text }],
                checked: OnceLock::new(),
            });
        }
        let number: u32 = key("row").unwrap().parse().unwrap();
        let name = path.file_name().unwrap().to_string_lossy();
        assert!(name.starts_with(&format!("{number:02}-")), "{name} holds row {number}");
        let (section, mistake) = (key("section").unwrap(), key("mistake").unwrap());
        Row { number, section, mistake, peers, programs, path, written: text }
    }

    /// The file with the findings that its programs have now.
    pub(crate) fn annotated(&self) -> String {
        let mut out = String::new();
        let mut key = |key: &str, value: &str| {
            let _ = writeln!(out, "{key}: {value}");
        };
        key("row", &self.number.to_string());
        key("section", &self.section);
        key("mistake", &self.mistake);
        if let Some(peers) = &self.peers {
            key("kfp", &peers.kfp);
            key("hera", &peers.hera);
            key("flyte", &peers.flyte);
            key("metaflow", &peers.metaflow);
        }
        for program in &self.programs {
            let word = match program.kind {
                Kind::Wrong => "wrong",
                Kind::Right => "right",
            };
            let escaped = if program.is_escaped { ESCAPED } else { "" };
            let _ = writeln!(out, "--- {word}: {}{escaped}", program.name);
            program.annotate(&mut out);
        }
        out
    }
}

impl Program {
    /// What is found in it.
    pub(crate) fn checked(&self) -> &Checked {
        self.checked.get_or_init(|| annotated::check(&self.files()))
    }

    fn files(&self) -> Vec<File> {
        let mut files = self.written.clone();
        if self.is_escaped {
            for file in &mut files {
                file.text = unescaped(&file.text);
            }
        }
        files
    }

    /// Of the first file, as it is written.
    pub(crate) fn text(&self) -> &str {
        &self.written[0].text
    }

    /// Those besides the first.
    pub(crate) fn other_files(&self) -> &[File] {
        &self.written[1..]
    }

    fn annotate(&self, out: &mut String) {
        let mut notes = annotated::notes(self.checked());
        for (index, file) in self.written.iter().enumerate() {
            if index > 0 {
                let _ = writeln!(out, "--- file: {}", file.name);
            }
            for (number, line) in (1_u32..).zip(file.text.lines()) {
                let _ = writeln!(out, "{line}");
                for text in notes.remove(&(file.name.clone(), number)).unwrap_or_default() {
                    let _ = writeln!(out, "{text}");
                }
            }
        }
        assert!(notes.is_empty(), "findings outside of `{}`: {notes:?}", self.name);
    }
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let escape = &rest[at + 1..];
        let (character, length) = match escape.chars().next().unwrap() {
            'r' => ('\r', 1),
            't' => ('\t', 1),
            'x' => (char::from_u32(0xF700 + u32::from_str_radix(&escape[1..3], 16).unwrap()).unwrap(), 3),
            'u' => {
                let end = escape.find('}').unwrap();
                (char::from_u32(u32::from_str_radix(&escape[2..end], 16).unwrap()).unwrap(), end + 1)
            }
            '*' => {
                let (count, more) = escape[1..].split_once('(').unwrap();
                let (repeated, after) = more.split_once(')').unwrap();
                out.push_str(&repeated.repeat(count.parse().unwrap()));
                rest = after;
                continue;
            }
            other => panic!("`\\{other}` is no escape"),
        };
        out.push(character);
        rest = &escape[length..];
    }
    out.push_str(rest);
    out
}
