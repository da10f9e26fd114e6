//! Names as Kubernetes takes them: RFC 1123 subdomains, label keys and values, keys of secrets; and absolute paths.

/// Why a text isn't what it should be.
pub(crate) type Reason = &'static str;

fn is_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

/// A lower-case name of parts between dots: secrets, claims, service accounts.
pub(crate) fn is_subdomain(text: &str) -> bool {
    let part = |part: &str| {
        let bytes = part.as_bytes();
        let inner = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
        !bytes.is_empty()
            && bytes.len() <= 63
            && bytes.iter().all(inner)
            && bytes[0] != b'-'
            && bytes[bytes.len() - 1] != b'-'
    };
    text.len() <= 253 && text.split('.').all(part)
}

/// A key in a secret.
pub(crate) fn is_secret_key(text: &str) -> bool {
    let inner = |byte: u8| is_alphanumeric(byte) || matches!(byte, b'-' | b'_' | b'.');
    !text.is_empty() && text.len() <= 253 && text.bytes().all(inner) && text != "." && !text.starts_with("..")
}

/// The name part of a label's key, or a label's value.
fn is_qualified(text: &str) -> bool {
    let bytes = text.as_bytes();
    let inner = |byte: &u8| is_alphanumeric(*byte) || matches!(byte, b'-' | b'_' | b'.');
    !bytes.is_empty()
        && bytes.len() <= 63
        && bytes.iter().all(inner)
        && is_alphanumeric(bytes[0])
        && is_alphanumeric(bytes[bytes.len() - 1])
}

/// `team`, or `acme.example/team`: keys of labels, annotations and taints, names of resources.
pub(crate) fn label_key(text: &str) -> Result<(), Reason> {
    let name = match text.split_once('/') {
        Some((prefix, name)) => {
            if !is_subdomain(prefix) {
                return Err("what stands before the `/` is a domain in lower case, such as `acme.example`");
            }
            name
        }
        None => text,
    };
    if is_qualified(name) {
        return Ok(());
    }
    Err("it has 1 to 63 letters, digits, `-`, `_` and `.`, and begins and ends with a letter or a digit")
}

pub(crate) fn label_value(text: &str) -> Result<(), Reason> {
    if text.is_empty() || is_qualified(text) {
        return Ok(());
    }
    Err("it has up to 63 letters, digits, `-`, `_` and `.`, and begins and ends with a letter or a digit")
}

/// The name of a variable of the environment.
pub(super) fn is_variable(text: &str) -> bool {
    let first = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.bytes().next().is_some_and(first) && text.bytes().all(inner)
}

/// A name of an object of Kubernetes.
pub(crate) fn subdomain(text: &str) -> Result<(), Reason> {
    if is_subdomain(text) {
        return Ok(());
    }
    Err("it is made of lower-case letters, digits, `-` and `.`, and begins and ends with a letter or a digit")
}

/// A key in a Secret or a ConfigMap.
pub(crate) fn data_key(text: &str) -> Result<(), Reason> {
    if is_secret_key(text) { Ok(()) } else { Err("it is made of letters, digits, `-`, `_` and `.`") }
}

/// Why a path holds something else already, on every engine.
fn taken(path: &str) -> Option<Reason> {
    let inside =
        |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if inside("/pipec") {
        return Some("`/pipec` is where pipec keeps what a step works with");
    }
    ["/var/run/argo", "/proc", "/sys"]
        .into_iter()
        .any(inside)
        .then_some("the system keeps its own files there")
}

/// A path in a container: absolute, and written in the one way that a path has.
pub(super) fn mount_path(text: &str) -> Result<(), Reason> {
    if !text.starts_with('/') {
        return Err("it begins with `/`");
    }
    if text == "/" {
        return Err("the whole file system can't be replaced");
    }
    if let Some(reason) = taken(text) {
        return Err(reason);
    }
    if text.contains([':', '\0', '\n']) {
        return Err("it holds no `:` and no control characters");
    }
    if text[1..].split('/').any(|part| part.is_empty() || part == "." || part == "..") {
        return Err("it has no empty parts, no `.` and no `..`, and doesn't end with `/`");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_kubernetes() {
        for text in ["warehouse", "a", "a-b.c1", "0"] {
            assert!(is_subdomain(text), "{text}");
        }
        for text in ["", "Warehouse", "a_b", "-a", "a-", "a..b", &"a".repeat(64)] {
            assert!(!is_subdomain(text), "{text}");
        }
        for text in ["team", "acme.example/pool", "A_b.c-1", "nvidia.com/gpu"] {
            assert_eq!(label_key(text), Ok(()), "{text}");
        }
        for text in ["", "/x", "x/", "a b", "Acme/pool", "a/b/c", "-a", &"a".repeat(64)] {
            assert!(label_key(text).is_err(), "{text}");
        }
        assert_eq!(label_value(""), Ok(()));
        assert!(label_value("two words").is_err());
        assert!(is_secret_key("tls.crt") && !is_secret_key("..") && !is_secret_key("a/b"));
    }

    #[test]
    fn paths_have_one_form() {
        for text in ["/scratch", "/run/secrets/token"] {
            assert_eq!(mount_path(text), Ok(()), "{text}");
        }
        for text in ["scratch", "./x", "/", "/a/", "/a//b", "/a/../b", "/a:b"] {
            assert!(mount_path(text).is_err(), "{text}");
        }
    }
}
