//! Files and directories that steps hand to each other: how they are laid out for a program to read ([`layout`]), how
//! what a program wrote is read ([`collect`]) and made the run's own ([`own`]), what identifies them ([`identity`]), and
//! where those that were captured when the program was compiled come from ([`captured`]).

pub(crate) mod captured;
pub(crate) mod collect;
pub(crate) mod identity;
pub(crate) mod layout;
pub(crate) mod names;
pub(crate) mod own;

use indexmap::IndexMap;
use pipec_ir::{Format, Type};

/// The file extension, with its dot, that the type's format declares; empty without one. Only a single file has one: not
/// a directory, nor the items of a list.
pub(crate) fn extension<'a>(ty: &Type, formats: &'a IndexMap<String, Format>) -> &'a str {
    let ty = ty.without_optional();
    let format =
        if let Type::File { format } | Type::Table { format, .. } = ty { format.as_deref() } else { None };
    format.and_then(|name| formats.get(name)).map_or("", |format| format.extension.as_str())
}
