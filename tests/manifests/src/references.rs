//! Tags in texts: `{{inputs.parameters.x}}`, and `{{=expression}}`.

use crate::expression::{self, Path};

/// A tag.
#[derive(Debug, PartialEq)]
pub(crate) enum Tag {
    /// `{{a.b}}`
    Simple(Path),
    /// `{{=e}}`, and the variables that it reads.
    Expression(Vec<Path>),
}

impl Tag {
    /// What the tag reads.
    pub(crate) fn paths(&self) -> &[Path] {
        match self {
            Tag::Simple(path) => std::slice::from_ref(path),
            Tag::Expression(paths) => paths,
        }
    }
}

/// The tags of a text.
///
/// # Errors
/// A tag that has no end, or holds no expression.
pub(crate) fn tags(text: &str) -> Result<Vec<Tag>, String> {
    let mut tags = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let inside = &rest[start + 2..];
        let Some(end) = inside.find("}}") else { return Err(format!("the tag `{{{{{inside}` has no end")) };
        let content = inside[..end].trim();
        tags.push(match content.strip_prefix('=') {
            Some(text) => Tag::Expression(expression::variables(text)?),
            None => Tag::Simple(content.split('.').map(str::to_owned).collect()),
        });
        rest = &inside[end + 2..];
    }
    Ok(tags)
}
