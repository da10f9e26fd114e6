//! Names that `pipec.toml` gives to Kubernetes, by the rules that the settings of tasks have.

use crate::check::settings::images::{self, Image};
use crate::check::settings::names;

/// Says why a text is no such name.
pub(super) type Rule = fn(&str) -> Result<(), &'static str>;

pub(super) use names::{label_key, label_value};

pub(super) fn any(_: &str) -> Result<(), &'static str> {
    Ok(())
}

/// Of service accounts, secrets and ConfigMaps.
pub(super) fn object(text: &str) -> Result<(), &'static str> {
    if names::is_subdomain(text) {
        return Ok(());
    }
    Err(
        "it has lower-case letters, digits, `-` and `.`, and each part between dots begins and ends with a letter or a digit",
    )
}

pub(super) fn namespace(text: &str) -> Result<(), &'static str> {
    if names::is_subdomain(text) && !text.contains('.') {
        return Ok(());
    }
    Err("it has up to 63 lower-case letters, digits and `-`, and begins and ends with a letter or a digit")
}

/// Of an entry in a ConfigMap.
pub(super) fn data_key(text: &str) -> Result<(), &'static str> {
    if names::is_secret_key(text) { Ok(()) } else { Err("it has letters, digits, `-`, `_` and `.`") }
}

pub(super) fn image(text: &str) -> Result<(), &'static str> {
    match images::look(text) {
        Image::Wrong(reason) => Err(reason),
        Image::Fixed | Image::Untagged | Image::Moving => Ok(()),
    }
}
