//! Names on a target: deterministic, legal, and unique also after mangling.

use foldhash::HashMap;
use sha2::{Digest, Sha256};

/// The longest name of a Kubernetes label and of most objects that become one.
pub const MAX_LABEL: usize = 63;

/// Lower-case letters, digits and `-`, beginning with a letter and not ending in `-`; what had to be shortened carries a
/// digest of the whole.
pub fn mangle(name: &str, max: usize) -> String {
    let mut mangled = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            'a'..='z' | '0'..='9' => mangled.push(c),
            'A'..='Z' => mangled.push(c.to_ascii_lowercase()),
            _ if mangled.ends_with('-') => {}
            _ => mangled.push('-'),
        }
    }
    let mut mangled = mangled.trim_matches('-').to_owned();
    if !mangled.starts_with(|c: char| c.is_ascii_lowercase()) {
        mangled.insert_str(0, if mangled.is_empty() { "x" } else { "x-" });
    }
    if mangled.len() > max {
        let digest = digest(name, 8);
        mangled.truncate(max - digest.len() - 1);
        mangled = format!("{}-{digest}", mangled.trim_end_matches('-'));
    }
    mangled
}

/// The first characters of the hexadecimal sha256.
pub fn digest(text: &str, length: usize) -> String {
    let mut hex = format!("{:x}", Sha256::digest(text.as_bytes()));
    hex.truncate(length);
    hex
}

/// Names that are taken in one scope.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Each with the last number that it got behind it.
    taken: HashMap<String, u32>,
}

impl Names {
    /// Nothing will be called one of these.
    pub fn avoiding(reserved: &[&str]) -> Names {
        Names { taken: reserved.iter().map(|&name| (name.to_owned(), 1)).collect() }
    }

    /// The mangled name, with `-2`, `-3` … where it is taken.
    pub fn unique(&mut self, name: &str, max: usize) -> String {
        let mangled = mangle(name, max);
        let Some(last) = self.taken.get(&mangled) else {
            self.taken.insert(mangled.clone(), 1);
            return mangled;
        };
        let mut count = *last;
        let candidate = loop {
            count += 1;
            let candidate = mangle(&format!("{mangled}-{count}"), max);
            if !self.taken.contains_key(&candidate) {
                break candidate;
            }
        };
        self.taken.insert(mangled, count);
        self.taken.insert(candidate.clone(), 1);
        candidate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_legal_and_short() {
        assert_eq!(mangle("fit_model", 63), "fit-model");
        assert_eq!(mangle("features.build", 63), "features-build");
        assert_eq!(mangle("2nd", 63), "x-2nd");
        assert_eq!(mangle("___", 63), "x");
        let long = mangle(&"a_b".repeat(40), 63);
        assert_eq!(long.len(), 63);
        assert_ne!(long, mangle(&format!("{}c", "a_b".repeat(40)), 63));
    }

    #[test]
    fn names_stay_apart() {
        let mut names = Names::avoiding(&["in"]);
        assert_eq!(names.unique("a_b", 63), "a-b");
        assert_eq!(names.unique("a-b", 63), "a-b-2");
        assert_eq!(names.unique("a_b_2", 63), "a-b-2-2");
        assert_eq!(names.unique("in", 63), "in-2");
    }
}
