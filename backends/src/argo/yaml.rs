//! Objects → YAML text, as a person would write it.

use serde::Serialize;

use crate::Refusal;

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
