//! Which names Kubernetes and Argo take.

/// A DNS label: lower case, digits and `-`, at most `most` bytes.
pub(crate) fn is_dns_label(name: &str, most: usize) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    is_bounded(name, most) && name.bytes().all(inner) && !name.starts_with('-') && !name.ends_with('-')
}

/// DNS labels joined by dots.
pub(crate) fn is_dns_subdomain(name: &str, most: usize) -> bool {
    is_bounded(name, most) && name.split('.').all(|label| is_dns_label(label, 63))
}

/// A template's or a DAG task's name: Argo makes labels and file names of it, and a name that begins with a digit is no
/// variable in expressions.
pub(crate) fn is_step_name(name: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    is_bounded(name, 128)
        && name.bytes().all(inner)
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && !name.ends_with('-')
}

/// A parameter's or an artifact's name.
pub(crate) fn is_parameter_name(name: &str) -> bool {
    is_bounded(name, 128)
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Kubernetes takes more; a shell doesn't.
pub(crate) fn is_variable_name(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
}

/// `team`, `example.org/team`
pub(crate) fn is_label_key(key: &str) -> bool {
    match key.split_once('/') {
        Some((prefix, name)) => is_dns_subdomain(prefix, 253) && !name.is_empty() && is_label_value(name),
        None => !key.is_empty() && is_label_value(key),
    }
}

pub(crate) fn is_label_value(value: &str) -> bool {
    let end = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_alphanumeric);
    let bytes = value.as_bytes();
    bytes.len() <= 63
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
        && end(bytes.first())
        && end(bytes.last())
}

fn is_bounded(name: &str, most: usize) -> bool {
    !name.is_empty() && name.len() <= most
}
