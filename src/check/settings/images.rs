//! References of container images: `registry.example:5000/team/name:tag@sha256:…`.

/// What can be said about an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Image {
    /// With a digest, or a tag that isn't known to move.
    Fixed,
    Untagged,
    /// `latest` and its like.
    Moving,
    /// Why it is no reference.
    Wrong(&'static str),
}

/// Tags that mean another image every day.
const MOVING_TAGS: &[&str] =
    &["latest", "main", "master", "edge", "nightly", "stable", "dev", "develop", "snapshot", "current"];

pub(crate) fn look(text: &str) -> Image {
    if text.is_empty() {
        return Image::Wrong("it is empty");
    }
    if text.contains(|character: char| character.is_whitespace()) {
        return Image::Wrong("it holds blanks");
    }
    if text.contains("://") {
        return Image::Wrong("it begins with the name of a registry, not with a scheme such as `https://`");
    }
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (text, None),
    };
    if digest.is_some_and(|digest| !is_digest(digest)) {
        return Image::Wrong("what stands after `@` is `sha256:` and 64 hexadecimal digits");
    }
    let (name, tag) = match rest.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        Some(_) | None => (rest, None),
    };
    if tag.is_some_and(|tag| !is_tag(tag)) {
        return Image::Wrong(
            "a tag has up to 128 letters, digits, `_`, `.` and `-`, and begins with none of the last two",
        );
    }
    if let Some(reason) = wrong_name(name) {
        return Image::Wrong(reason);
    }
    match (digest, tag) {
        (Some(_), _) => Image::Fixed,
        (None, None) => Image::Untagged,
        (None, Some(tag)) if MOVING_TAGS.contains(&tag) => Image::Moving,
        (None, Some(_)) => Image::Fixed,
    }
}

/// Whether an image comes from a registry, or from a path in one. What names none is of `docker.io`.
pub(crate) fn is_from(image: &str, registry: &str) -> bool {
    let whole = match image.split_once('/') {
        Some((first, _)) if is_registry(first) => image.to_owned(),
        Some(_) => format!("docker.io/{image}"),
        None => format!("docker.io/library/{image}"),
    };
    whole.strip_prefix(registry).is_some_and(|rest| rest.starts_with(['/', ':', '@']))
}

fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:").is_some_and(|digits| {
        digits.len() == 64 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

fn is_tag(text: &str) -> bool {
    let first = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let inner = |byte: u8| first(byte) || matches!(byte, b'.' | b'-');
    text.len() <= 128 && text.bytes().next().is_some_and(first) && text.bytes().all(inner)
}

fn wrong_name(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        return Some("it has no name before the tag");
    }
    if name.len() > 255 {
        return Some("it is too long");
    }
    let path = match name.split_once('/') {
        Some((registry, path)) if is_registry(registry) => path,
        Some(_) | None => name,
    };
    if path.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Some("names of images are in lower case");
    }
    (!path.split('/').all(is_component)).then_some(
        "its parts are lower-case letters and digits, with single `.`, `_` or `-` between them, and `/` between the parts",
    )
}

/// A host is told from a part of the name by a dot, a port, or by being `localhost`.
fn is_registry(text: &str) -> bool {
    let (host, port) = text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port)));
    let is_port = port.is_none_or(|port| {
        !port.is_empty() && port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit())
    });
    let is_host = !host.is_empty()
        && host.split('.').all(|part| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        });
    is_port && is_host && (host.contains('.') || port.is_some() || host == "localhost")
}

fn is_component(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let mut separators = 0;
    let mut last = b'-';
    for byte in bytes {
        if is_letter(*byte) {
            separators = 0;
        } else if !matches!(byte, b'.' | b'_' | b'-') {
            return false;
        } else {
            separators += 1;
            let may_repeat = match byte {
                b'-' => true,
                b'_' => separators <= 2,
                _ => separators == 1,
            };
            if separators > 1 && (last != *byte || !may_repeat) {
                return false;
            }
        }
        last = *byte;
    }
    bytes.first().is_some_and(|byte| is_letter(*byte)) && bytes.last().is_some_and(|byte| is_letter(*byte))
}

#[cfg(test)]
mod tests {
    use super::{Image, look};

    #[test]
    fn images() {
        let digest = format!("alpine@sha256:{}", "0".repeat(64));
        for text in ["alpine:3.20", "ghcr.io/acme/etl:1.4.2", "localhost:5000/x/y:v1_2", &digest, "a__b--c:1"]
        {
            assert_eq!(look(text), Image::Fixed, "{text}");
        }
        for text in ["alpine", "ghcr.io/acme/etl", "localhost:5000/x"] {
            assert_eq!(look(text), Image::Untagged, "{text}");
        }
        for text in ["alpine:latest", "ghcr.io/acme/etl:main"] {
            assert_eq!(look(text), Image::Moving, "{text}");
        }
        for text in
            ["", "Alpine:3", "a b", ":3", "alpine:", "https://x/y:1", "a//b:1", "alpine@sha256:1", "a..b:1"]
        {
            assert!(matches!(look(text), Image::Wrong(_)), "{text}");
        }
    }
}
