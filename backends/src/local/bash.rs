//! Pieces of bash: quoting, and names that don't collide.

use foldhash::HashMap;

/// A text as one word that bash takes literally, whatever it contains.
pub(super) fn quote(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:@%+,".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    quoted(text)
}

/// The same, in quotes also where none are needed.
pub(super) fn quoted(text: &str) -> String {
    if !text.contains('\'') && !text.bytes().any(|byte| byte < 0x20 && byte != b'\n' || byte == 0x7f) {
        return format!("'{text}'");
    }
    let mut word = String::from("$'");
    for character in text.chars() {
        match character {
            '\'' => word.push_str("\\'"),
            '\\' => word.push_str("\\\\"),
            '\n' => word.push_str("\\n"),
            '\t' => word.push_str("\\t"),
            '\r' => word.push_str("\\r"),
            '\0'..='\u{1f}' | '\u{7f}' => word.push_str(&format!("\\{:03o}", u32::from(character))),
            other => word.push(other),
        }
    }
    word.push('\'');
    word
}

/// A text as the lines of a comment.
pub(super) fn comment(text: &str) -> String {
    text.lines().map(|line| format!("# {line}").trim_end().to_owned() + "\n").collect()
}

const KEYWORDS: [&str; 17] = [
    "case", "coproc", "do", "done", "elif", "else", "esac", "fi", "for", "function", "if", "in", "select",
    "then", "time", "until", "while",
];

/// Names that are unique in their scope, made of what the source calls a thing.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// Each with the last number that it got behind it.
    taken: HashMap<String, u32>,
}

impl Names {
    /// Lower-case letters, digits and `_`; never `_` first, which is the runtime's own, and no word of the shell.
    pub(super) fn fresh(&mut self, wanted: &str) -> String {
        let mut name: String = wanted
            .chars()
            .map(|character| if character.is_ascii_alphanumeric() { character } else { '_' })
            .collect();
        name.make_ascii_lowercase();
        let begins_badly =
            name.is_empty() || name.starts_with(|first: char| first == '_' || first.is_ascii_digit());
        if begins_badly || KEYWORDS.contains(&name.as_str()) {
            name = format!("v{name}");
        }
        let Some(mut number) = self.taken.get(&name).copied() else {
            self.taken.insert(name.clone(), 1);
            return name;
        };
        let candidate = loop {
            number += 1;
            let candidate = format!("{name}_{number}");
            if !self.taken.contains_key(&candidate) {
                break candidate;
            }
        };
        self.taken.insert(name, number);
        self.taken.insert(candidate.clone(), 1);
        candidate
    }

    /// A name that is somebody else's.
    pub(super) fn reserve(&mut self, name: &str) {
        self.taken.insert(name.to_owned(), 1);
    }
}

/// A node's directory: its id, with what a file name shouldn't hold written as `%2F`.
pub(super) fn directory(id: &str) -> String {
    let mut name = String::with_capacity(id.len());
    for (index, byte) in id.bytes().enumerate() {
        let is_plain = byte.is_ascii_alphanumeric() || b"-_".contains(&byte) || (byte == b'.' && index > 0);
        if is_plain {
            name.push(char::from(byte));
        } else {
            name.push_str(&format!("%{byte:02X}"));
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_one_literal_word() {
        for (text, word) in [
            ("fit-2", "fit-2"),
            ("", "''"),
            ("a b", "'a b'"),
            ("$(rm) `x` \"y\" \\", "'$(rm) `x` \"y\" \\'"),
            ("it's", "$'it\\'s'"),
            ("a\tb\u{1b}[0m", "$'a\\tb\\033[0m'"),
            ("é😀", "'é😀'"),
        ] {
            assert_eq!(quote(text), word);
        }
    }

    #[test]
    fn names_are_unique_and_never_the_runtimes() {
        let mut names = Names::default();
        assert_eq!(names.fresh("fit-2"), "fit_2");
        assert_eq!(names.fresh("fit.2"), "fit_2_2");
        assert_eq!(names.fresh("_x"), "v_x");
        assert_eq!(names.fresh("done"), "vdone");
        assert_eq!(directory("a.b-2/é"), "a.b-2%2F%C3%A9");
        assert_eq!(directory(".in"), "%2Ein");
    }
}
