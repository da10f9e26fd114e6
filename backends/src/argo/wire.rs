//! How a value of each type looks on the wire, as far as the shape of an expression depends on it.

use pipec_ir::types::TypeTable;
use pipec_ir::{Enum, Record, Type, TypeDef};

/// What decides which conversion a type needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Bool,
    Int,
    Float,
    Duration,
    /// Its wire text is always itself: plain enums, quantities, artifacts (as their keys).
    Name,
    /// Any text: itself where that is plain, else `=` and base64.
    Text,
    /// JSON that holds nothing but numbers, bools, durations and names.
    Plain,
    /// Any other JSON.
    Encoded,
    /// A name, or an object with the variant's fields; `plain` as for JSON.
    Variant {
        plain: bool,
    },
}

/// The class of a type, of an optional that of what it may hold.
pub(crate) fn class(ty: &Type, types: &TypeTable) -> Class {
    match ty {
        Type::Bool => Class::Bool,
        Type::Int { .. } => Class::Int,
        Type::Float { .. } => Class::Float,
        Type::Duration => Class::Duration,
        Type::Quantity | Type::File { .. } | Type::Dir { .. } | Type::Table { .. } => Class::Name,
        Type::String { .. } | Type::Secret | Type::Timestamp | Type::Date | Type::Decimal => Class::Text,
        Type::Enum { name } => enumeration(types, name).map_or(Class::Text, |found| enum_class(found, types)),
        Type::Json | Type::Record { .. } | Type::List { .. } | Type::Map { .. } => {
            if has_free_text(ty, types) { Class::Encoded } else { Class::Plain }
        }
        Type::Optional { of } => class(of, types),
    }
}

fn enum_class(found: &Enum, types: &TypeTable) -> Class {
    if found.variants.iter().any(|variant| !variant.fields.is_empty()) {
        return Class::Variant { plain: !enum_has_free_text(found, types) };
    }
    if found.variants.iter().all(|variant| is_plain_text(variant.json_name())) {
        Class::Name
    } else {
        Class::Text
    }
}

/// Whether canonical JSON of the type may hold text that an expander could take for its own.
pub(crate) fn has_free_text(ty: &Type, types: &TypeTable) -> bool {
    match ty {
        Type::Bool | Type::Int { .. } | Type::Float { .. } | Type::Duration | Type::Quantity => false,
        Type::File { .. } | Type::Dir { .. } | Type::Table { .. } => false,
        Type::String { .. } | Type::Json | Type::Map { .. } | Type::Secret => true,
        Type::Timestamp | Type::Date | Type::Decimal => true,
        Type::Enum { name } => enumeration(types, name).is_none_or(|found| enum_has_free_text(found, types)),
        Type::Record { name } => record(types, name).is_none_or(|found| {
            found.fields.iter().any(|field| !is_word(field.json_name()) || has_free_text(&field.ty, types))
        }),
        Type::List { item } => has_free_text(item, types),
        Type::Optional { of } => has_free_text(of, types),
    }
}

fn enum_has_free_text(found: &Enum, types: &TypeTable) -> bool {
    found.variants.iter().any(|variant| {
        !is_word(variant.json_name())
            || variant
                .fields
                .iter()
                .any(|field| !is_word(field.json_name()) || has_free_text(&field.ty, types))
    })
}

fn is_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

/// Text that every expander leaves alone and that isn't taken for something else.
pub(crate) fn is_plain_text(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b" ._/:@,+%~^*()!?;#|-=".contains(&byte);
    !text.is_empty() && text != "null" && !text.starts_with(['=', '_']) && text.bytes().all(plain)
}

/// The expression language's form of [`is_plain_text`], without its exception for `null`.
pub(crate) const PLAIN_TEXT: &str = "^[A-Za-z0-9 ./:@,+%~^*()!?;#|-][A-Za-z0-9 ._/:@,+%~^*()!?;#|=-]*$";

pub(crate) fn record<'a>(types: &'a TypeTable, name: &str) -> Option<&'a Record> {
    match types.get(name)? {
        TypeDef::Record(found) => Some(found),
        TypeDef::Enum(_) => None,
    }
}

pub(crate) fn enumeration<'a>(types: &'a TypeTable, name: &str) -> Option<&'a Enum> {
    match types.get(name)? {
        TypeDef::Enum(found) => Some(found),
        TypeDef::Record(_) => None,
    }
}

/// One file, one directory or one table: what Argo calls an artifact.
pub(crate) fn is_artifact(ty: &Type) -> bool {
    matches!(ty.without_optional(), Type::File { .. } | Type::Dir { .. } | Type::Table { .. })
}

/// Artifacts, or lists and maps of them: nothing in it is a value to the step's program.
pub(crate) fn is_all_artifacts(ty: &Type) -> bool {
    match ty {
        Type::File { .. } | Type::Dir { .. } | Type::Table { .. } => true,
        Type::List { item } => is_all_artifacts(item),
        Type::Map { value } => is_all_artifacts(value),
        Type::Optional { of } => is_all_artifacts(of),
        Type::Bool | Type::Int { .. } | Type::Float { .. } | Type::String { .. } | Type::Duration => false,
        Type::Quantity | Type::Json | Type::Secret | Type::Enum { .. } | Type::Record { .. } => false,
        Type::Timestamp | Type::Date | Type::Decimal => false,
    }
}

/// Whether a value of the type may hold artifacts.
pub(crate) fn holds_artifacts(ty: &Type, types: &TypeTable) -> bool {
    match ty {
        Type::File { .. } | Type::Dir { .. } | Type::Table { .. } => true,
        Type::List { item } => holds_artifacts(item, types),
        Type::Map { value } => holds_artifacts(value, types),
        Type::Optional { of } => holds_artifacts(of, types),
        Type::Record { name } => record(types, name)
            .is_some_and(|found| found.fields.iter().any(|field| holds_artifacts(&field.ty, types))),
        Type::Bool | Type::Int { .. } | Type::Float { .. } | Type::String { .. } | Type::Duration => false,
        Type::Quantity | Type::Json | Type::Secret | Type::Enum { .. } => false,
        Type::Timestamp | Type::Date | Type::Decimal => false,
    }
}
