//! What a block does with names, by itself: read from its syntax tree, whatever its task declares.

use std::ops::Range;

use tree_sitter::{Node, Parser};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Language {
    /// `bash` and `sh`.
    Shell,
    Python,
}

impl Language {
    /// That of a block behind a word.
    pub(super) fn of(word: &str) -> Option<Language> {
        match word {
            "bash" | "sh" => Some(Language::Shell),
            "python" => Some(Language::Python),
            _ => None,
        }
    }
}

/// Bytes of the block's text.
pub(super) type Place = Range<usize>;

/// Where a block stops making sense.
#[derive(Clone, Debug)]
pub(super) struct Broken {
    pub(super) place: Place,
    /// What is wrong there, as far as it can be told.
    pub(super) what: String,
}

/// The names of a block.
#[derive(Clone, Debug, Default)]
pub(super) struct Reading {
    /// Names whose value is needed, in order of place.
    pub(super) reads: Vec<Place>,
    /// Names that the block can do without (`${x:-y}`), or that only count where they are used.
    pub(super) uses: Vec<Place>,
    /// Names that the block sets, in whatever scope.
    pub(super) sets: Vec<Place>,
    /// Names of Python that the block assigns in its outermost scope.
    pub(super) assigns: Vec<Place>,
    /// Modules that the block imports.
    pub(super) imports: Vec<Place>,
    /// Names may be set in a way that can't be seen.
    pub(super) sets_unseen: bool,
    /// Variables may be read in a way that can't be seen, by a program that inherits them, say.
    pub(super) reads_unseen: bool,
    /// Variables may be read where their names are only text: by `awk`, say.
    pub(super) reads_text: bool,
    pub(super) broken: Option<Broken>,
    /// The block can't be followed, although nothing may be wrong with it.
    pub(super) unclear: bool,
}

/// Parsers, made when a block of their language is first met.
#[derive(Default)]
pub(super) struct Reader {
    shell: Option<Parser>,
    python: Option<Parser>,
}

impl Reader {
    pub(super) fn read(&mut self, language: Language, text: &str) -> Reading {
        let parser = match language {
            Language::Shell => self.shell.get_or_insert_with(|| parser(&tree_sitter_bash::LANGUAGE.into())),
            Language::Python => {
                self.python.get_or_insert_with(|| parser(&tree_sitter_python::LANGUAGE.into()))
            }
        };
        let Some(tree) = parser.parse(text, None) else {
            return Reading { unclear: true, ..Reading::default() };
        };
        match language {
            Language::Shell => super::shell::read(tree.root_node(), text),
            Language::Python => super::python::read(tree.root_node(), text),
        }
    }
}

fn parser(language: &tree_sitter::Language) -> Parser {
    let mut parser = Parser::new();
    if let Err(error) = parser.set_language(language) {
        panic!("a grammar that its parser doesn't take: {error}");
    }
    parser
}

/// The first place in source order where a tree has an error, and what can be said about it.
pub(super) fn first_error(root: Node<'_>, text: &str, pairs: &[(&str, &str)]) -> Option<Broken> {
    let mut node = root;
    loop {
        if node.is_missing() {
            return Some(missing(node, text));
        }
        if node.is_error() {
            return Some(unpaired(node, text, pairs).unwrap_or_else(|| senseless(node, text)));
        }
        let mut cursor = node.walk();
        let inner = node.children(&mut cursor).find(|child| child.has_error() || child.is_missing());
        node = inner?;
    }
}

fn missing(node: Node<'_>, text: &str) -> Broken {
    let before = text[..node.start_byte()].trim_end();
    let start = before.char_indices().next_back().map_or(0, |(at, _)| at);
    Broken { place: start..before.len(), what: format!("`{}` is missing behind this", node.kind()) }
}

/// A bracket or word that waits for its partner in vain.
fn unpaired(node: Node<'_>, text: &str, pairs: &[(&str, &str)]) -> Option<Broken> {
    let mut open: Vec<(Node<'_>, &str)> = Vec::new();
    let mut cursor = node.walk();
    for child in node.children(&mut cursor) {
        let kind = child.kind();
        if open.last().is_some_and(|(_, close)| *close == kind) {
            open.pop();
        } else if let Some((_, close)) = pairs.iter().find(|(open, _)| *open == kind) {
            open.push((child, close));
        }
    }
    let (node, close) = open.last()?;
    let word = text[node.byte_range()].trim();
    let start = node.end_byte() - word.len();
    Some(Broken { place: start..node.end_byte(), what: format!("this has no `{close}`") })
}

fn senseless(node: Node<'_>, text: &str) -> Broken {
    let range = node.byte_range();
    let line = text[range.clone()].lines().next().unwrap_or_default().trim_end();
    Broken { place: range.start..range.start + line.len(), what: "this makes no sense here".to_owned() }
}

/// A name as shells, Python and this language know it.
pub(super) fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first == '_' || first.is_alphabetic())
        && characters.all(|c| c == '_' || c.is_alphanumeric())
}

/// Whether a text has a name in it, as a word of its own.
pub(super) fn mentions(text: &str, name: &str) -> bool {
    let is_part = |c: char| c == '_' || c.is_alphanumeric();
    text.match_indices(name)
        .any(|(at, _)| !text[..at].ends_with(is_part) && !text[at + name.len()..].starts_with(is_part))
}
