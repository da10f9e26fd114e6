//! Objects → YAML text, as a person would write it.

use indexmap::IndexMap;
use serde::{Serialize, Serializer};

use crate::Refusal;

/// A text as its readers need it: some take a tab at the start of a block for indentation.
struct Text<'t>(&'t str);

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.trim_start_matches(['\n', ' ']).starts_with('\t') {
            serde_saphyr::DoubleQuoted(self.0).serialize(serializer)
        } else {
            self.0.serialize(serializer)
        }
    }
}

/// For fields that hold texts of any kind.
pub(crate) fn texts<S: Serializer>(list: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(list.iter().map(|text| Text(text)))
}

/// The same by name.
pub(crate) fn named_texts<S: Serializer>(
    texts: &IndexMap<String, String>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(texts.iter().map(|(name, text)| (name, Text(text))))
}

/// One document.
pub(crate) fn document<T: Serialize>(object: &T) -> Result<String, Refusal> {
    let mut options = serde_saphyr::SerializerOptions::default();
    options.folded_wrap_chars = usize::MAX;
    options.compact_list_indent = true;
    let mut text = String::new();
    serde_saphyr::to_fmt_writer_with_options(&mut text, object, options)
        .map_err(|error| Refusal::new(format!("a manifest can't be written as YAML: {error}")))?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::document;

    /// Texts that one YAML reader or another takes for something else.
    const NASTY: &[&str] = &[
        "",
        " ",
        "y",
        "n",
        "no",
        "on",
        "off",
        "yes",
        "Yes",
        "TRUE",
        "null",
        "Null",
        "~",
        "nil",
        "1",
        "-1",
        "+1",
        "0o7",
        "07",
        "0x1f",
        "0b1",
        "1_000",
        "1e3",
        ".5",
        "1.",
        ".inf",
        "-.INF",
        ".nan",
        "12:30",
        "12:30:45",
        "1:2",
        "2024-01-01",
        "2024-01-01T00:00:00Z",
        "- a",
        "-",
        "--",
        "---",
        "...",
        "? a",
        "?",
        ": a",
        ":",
        "a: b",
        "a:",
        "a :b",
        "a #b",
        "#",
        "# a",
        "&a",
        "*a",
        "!a",
        "!!str a",
        "|",
        "|-",
        ">",
        ">+",
        "%",
        "%YAML",
        "@a",
        "`a`",
        "'",
        "\"",
        "''",
        "it's",
        "\"q\"",
        "[",
        "]",
        "[a]",
        "{",
        "}",
        "{a: b}",
        "{{x}}",
        "{{=a['b'] ? 'c' : \"d\"}}",
        ",",
        "a, b",
        "=",
        "=abc=",
        "<<",
        "a\\b",
        "\\",
        "a\tb",
        "\ta",
        "a\t",
        " a",
        "a ",
        "\n",
        "\n\n",
        "a\n",
        "a\n\n",
        "\na",
        "a\nb",
        "a\nb\n",
        " a\nb",
        "a\n b\n",
        "a \nb",
        "a\n\n\nb",
        "\ta\nb",
        "a\n\tb",
        "#a\nb",
        "- a\n- b",
        "a: b\nc: d\n",
        "---\na",
        "a\n---\nb",
        "...\n",
        "\r",
        "a\rb",
        "a\r\nb",
        "\u{0}",
        "\u{1}",
        "\u{7f}",
        "\u{85}",
        "\u{a0}",
        "\u{ad}",
        "\u{200b}",
        "\u{2028}",
        "\u{2029}",
        "\u{feff}",
        "\u{feff}a",
        "é",
        "日本",
        "\u{1F600}",
        "\u{E0041}",
        "\u{1b}[31m",
        "$(HOME)",
        "$$",
        "${x}",
        "100%",
        "a%",
        "@",
        "key: |\n  text",
        "'a'\n\"b\"",
        "\\n",
        "set -eu\nif [ \"$a\" ]; then\n\techo 'x'\nfi\n",
        "x\u{85}y\nz",
        "trailing \n",
        "\n  indented first\nthen not\n",
    ];

    #[test]
    fn every_text_reads_back_as_it_was() {
        let mut wrong = Vec::new();
        for text in NASTY {
            for object in [
                json!({"value": text}),
                json!({"list": [text, {"deep": {"er": text}}]}),
                json!({*text: "key"}),
            ] {
                let written = document(&object).expect("YAML");
                match serde_saphyr::from_str::<Json>(&written) {
                    Ok(read) if read == object => {}
                    Ok(read) => wrong.push(format!("{object} became {read}:\n{written}")),
                    Err(error) => wrong.push(format!("{object}: {error}\n{written}")),
                }
            }
        }
        assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n"));
    }
}
