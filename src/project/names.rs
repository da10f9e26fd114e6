//! Names that `pipec.toml` gives to Kubernetes, by the rules that the settings of tasks have.

use crate::check::settings::images::{self, Image};
use crate::check::settings::names;

/// Says why a text is no such name.
pub(super) type Rule = fn(&str) -> Result<(), &'static str>;

pub(super) use names::{data_key, label_key, label_value, subdomain};

pub(super) fn any(_: &str) -> Result<(), &'static str> {
    Ok(())
}

pub(super) fn namespace(text: &str) -> Result<(), &'static str> {
    if names::is_subdomain(text) && !text.contains('.') {
        return Ok(());
    }
    Err("it has up to 63 lower-case letters, digits and `-`, and begins and ends with a letter or a digit")
}

pub(super) fn image(text: &str) -> Result<(), &'static str> {
    match images::look(text) {
        Image::Wrong(reason) => Err(reason),
        Image::Fixed | Image::Untagged | Image::Moving => Ok(()),
    }
}
