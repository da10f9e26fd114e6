//! Which names are legal.

/// Names of inputs and outputs: `[a-z_][a-z0-9_]*`. They are variables of a program.
pub(super) fn is_variable(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
        && name
            .chars()
            .all(|character| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_')
}

/// Names of fields and variants: letters, digits, `_`, not a digit first.
pub(super) fn is_word(name: &str) -> bool {
    !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
        && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
}

/// Ids of tasks, pipelines, nodes and launches: words, with `.` and `-` between.
pub(super) fn is_id(id: &str) -> bool {
    id.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && id.len() <= 200
        && id.chars().all(|character| character.is_ascii_alphanumeric() || "_.-".contains(character))
}

/// Names of environment variables.
pub(super) fn is_environment_name(name: &str) -> bool {
    is_word(name)
}

/// No input or output has these names: other programs read such variables.
pub(super) const RESERVED_VARIABLES: [&str; 6] =
    ["_", "http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy"];

/// Words that Python doesn't take as names of variables; those with capitals can't be ours.
pub(super) const PYTHON_KEYWORDS: [&str; 32] = [
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else",
    "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not",
    "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// A path below a directory: relative, `/` between parts, no empty part, `.` or `..`.
pub(super) fn is_relative_path(path: &str) -> bool {
    !path.contains(['\0', '\\']) && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// A path from the root, without `.` and `..` in it.
pub(super) fn is_absolute_path(path: &str) -> bool {
    path.strip_prefix('/').is_some_and(|rest| is_relative_path(rest.strip_suffix('/').unwrap_or(rest)))
}

/// A sha256 in hex.
pub(super) fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// A Kubernetes object's name: lower case, digits, `-` and `.`.
pub(super) fn is_object_name(name: &str) -> bool {
    let is_end = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    name.len() <= 253
        && name.as_bytes().first().is_some_and(is_end)
        && name.as_bytes().last().is_some_and(is_end)
        && name.bytes().all(|byte| is_end(&byte) || matches!(byte, b'-' | b'.'))
}

/// A key of a Kubernetes secret.
pub(super) fn is_secret_key(key: &str) -> bool {
    !key.is_empty()
        && key.len() <= 253
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// A key of a Kubernetes label or annotation: a name, perhaps with a domain and `/` before it.
pub(super) fn is_label_key(key: &str) -> bool {
    match key.split_once('/') {
        Some((domain, name)) => is_object_name(domain) && !name.is_empty() && is_label_value(name),
        None => !key.is_empty() && is_label_value(key),
    }
}

/// A value of a Kubernetes label: at most 63 letters, digits, `-`, `_`, `.`, the ends alphanumeric; or nothing.
pub(super) fn is_label_value(value: &str) -> bool {
    let is_end = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_alphanumeric);
    value.len() <= 63
        && is_end(value.as_bytes().first())
        && is_end(value.as_bytes().last())
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}
