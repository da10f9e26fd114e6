//! Map keys as file names: everything but `A–Z a–z 0–9 - . _ ~` is percent-encoded, and a dot in front as well, so that
//! `.`, `..` and `.count` can't be meant.

/// The longest name that file systems take, in bytes.
const MAX_NAME_BYTES: usize = 255;

/// The file name of a key; an error says what is wrong with the key.
pub(crate) fn encode_key(key: &str) -> Result<String, String> {
    if key.is_empty() {
        return Err("an empty key can't be a file name".to_owned());
    }
    let mut name = String::with_capacity(key.len());
    for (index, byte) in key.bytes().enumerate() {
        let is_plain = byte.is_ascii_alphanumeric() || b"-_~".contains(&byte) || (byte == b'.' && index > 0);
        if is_plain {
            name.push(char::from(byte));
        } else {
            name.push_str(&format!("%{byte:02X}"));
        }
    }
    if name.len() > MAX_NAME_BYTES {
        return Err(format!(
            "a key of {} bytes is too long for a file name (with its special characters encoded it may have \
             {MAX_NAME_BYTES})",
            name.len()
        ));
    }
    Ok(name)
}

/// The key that a file name stands for; `None` where the encoding is broken.
pub(crate) fn decode_key(name: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let [high, low, tail @ ..] = rest else { return None };
        let digit = |byte: u8| char::from(byte).to_digit(16);
        bytes.push(u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()?);
        rest = tail;
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_become_names_and_names_become_keys() {
        for (key, name) in [
            ("a-b_c~1.x", "a-b_c~1.x"),
            ("a b/c", "a%20b%2Fc"),
            ("..", "%2E."),
            (".count", "%2Ecount"),
            ("50%", "50%25"),
            ("é😀", "%C3%A9%F0%9F%98%80"),
        ] {
            assert_eq!(encode_key(key).as_deref(), Ok(name));
            assert_eq!(decode_key(name).as_deref(), Some(key));
        }
        assert_eq!(decode_key("a%2fb").as_deref(), Some("a/b"));
        for broken in ["%", "%4", "%zz", "%FF", "%+1"] {
            assert_eq!(decode_key(broken), None, "{broken}");
        }
        assert!(encode_key("").is_err());
        assert!(encode_key(&"é".repeat(43)).is_err());
        assert!(encode_key(&"e".repeat(255)).is_ok());
    }
}
