//! Template tags of other systems that name an input or an output, such as `{{inputs.parameters.name}}`. Here they are
//! text like any other; who writes one means the variable.

use super::reading::Place;

/// A tag, and the name in it.
pub(super) struct Tag<'t> {
    pub(super) place: Place,
    pub(super) name: &'t str,
}

/// Every tag of a text that names something of the step itself.
pub(super) fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    text.match_indices("{{").filter_map(|(start, opening)| {
        let inner = &text[start + opening.len()..];
        // No further than to the next brace: a text may be full of them.
        let length = inner.find(['{', '}', '\n'])?;
        inner[length..].strip_prefix("}}")?;
        let end = start + opening.len() + length + "}}".len();
        let name = named(inner[..length].trim())?;
        // `${{ inputs.name }}`
        let start = if text[..start].ends_with('$') { start - 1 } else { start };
        Some(Tag { place: start..end, name })
    })
}

fn named(inner: &str) -> Option<&str> {
    let parts: Vec<&str> = inner.split('.').collect();
    match parts.as_slice() {
        ["inputs", name] | ["inputs", "parameters", name] => Some(name),
        ["inputs" | "outputs", "artifacts" | "parameters", name, "path"] => Some(name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::tags;

    #[test]
    fn names_of_the_step() {
        let text =
            "a {{inputs.parameters.x}} ${{ inputs.y }} {{=z}} {{.Names}} {{outputs.artifacts.o.path}} {{";
        let found: Vec<(&str, &str)> = tags(text).map(|tag| (tag.name, &text[tag.place])).collect();
        let expected = [
            ("x", "{{inputs.parameters.x}}"),
            ("y", "${{ inputs.y }}"),
            ("o", "{{outputs.artifacts.o.path}}"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn braces_around_are_no_part_of_it() {
        let text = "{{{{inputs.x}}}} {{inputs.\ny}} {{ {inputs.z} }}";
        let found: Vec<&str> = tags(text).map(|tag| &text[tag.place]).collect();
        assert_eq!(found, ["{{inputs.x}}"]);
    }
}
