//! Texts that something on the way might change.

pub fn hostile_texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        " ",
        "null",
        "true",
        "-n",
        "--version",
        "=YWJj",
        "'",
        "\"",
        "\\",
        "\\n",
        "a\nb",
        "\n",
        "ends with a newline\n",
        "ends with two\n\n",
        "\r\n",
        "\t tab",
        "$HOME ${HOME} $(touch pwned) `touch pwned`",
        "; touch pwned #",
        "{{workflow.name}} {{=1+1}} {{",
        "$(VAR) $$",
        "%s %d %%",
        "*",
        "~",
        "é😀\u{10FFFF}",
        "e\u{301} \u{202e}reversed",
        "\u{7f}\u{80}\u{2028}\u{2029}\u{feff}\u{e0041}",
        "{\"a\": [1, null]}",
        "<script>&amp;</script>",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.push((1..=31).map(|code| char::from_u32(code).unwrap()).collect());
    texts.push("x".repeat(89_998));
    texts.push("ü".repeat(44_999));
    texts
}
