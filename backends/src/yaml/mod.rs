//! Objects → YAML text, as a person would write it.
//!
//! Crates that do this look for a form that any data can have, and take more time for it than all of the lowering; a
//! manifest is made of maps, lists, texts and few numbers.

mod scalar;
mod writer;

use serde::Serialize;

/// One document.
pub(crate) fn document<T: Serialize>(object: &T) -> String {
    let mut text = String::new();
    if let Err(unsupported) = object.serialize(writer::Node::document(&mut text)) {
        panic!("a manifest can't be written as YAML: {unsupported}");
    }
    text
}

fn indent(out: &mut String, column: usize) {
    const SPACES: &str = "                                ";
    let mut missing = column;
    while missing > 0 {
        let some = missing.min(SPACES.len());
        out.push_str(&SPACES[..some]);
        missing -= some;
    }
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
        "{\"a\":[1,\"b\\n\"]}",
        "[\"it's\"]",
        "[\"\u{2028}\"]",
        "\"\u{ad}\"",
        "\n\n a\n\n",
        " \n",
        "a: 'b'\u{fffe}",
        "0x",
        "-0xFF",
        "+.INF",
        "-",
        "+",
        "._1",
        "1 000",
        "2024-1-1 1:2:3 +01:00",
        "a:\tb",
        "a\t#b",
        "?a",
        "-a",
        "--a",
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
                let written = document(&object);
                match serde_saphyr::from_str::<Json>(&written) {
                    Ok(read) if read == object => {}
                    Ok(read) => wrong.push(format!("{object} became {read}:\n{written}")),
                    Err(error) => wrong.push(format!("{object}: {error}\n{written}")),
                }
            }
        }
        assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n"));
    }

    #[test]
    fn json_stands_in_single_quotes() {
        let look = |text| document(&json!([text]));
        assert_eq!(look(r#"{"a":["b\n"]}"#), "- '{\"a\":[\"b\\n\"]}'\n");
        assert_eq!(look(r#"["it's"]"#), "- \"[\\\"it's\\\"]\"\n");
        assert_eq!(look("a \"word\""), "- a \"word\"\n");
    }

    #[test]
    fn a_document() {
        let object = json!({
            "list": [{"name": "a", "empty": {}, "lines": "one\n\ntwo\n"}, [], [["x"], 1], "  indented\n", true],
            "nothing": null,
            "a: b": "c: d",
            "on": "off",
        });
        let expected = r#""a: b": "c: d"
list:
- empty: {}
  lines: |
    one

    two
  name: a
- []
- - - x
  - 1
- |2
    indented
- true
nothing: null
"on": "off"
"#;
        assert_eq!(document(&object), expected);
    }
}
