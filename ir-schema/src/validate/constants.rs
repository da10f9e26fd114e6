//! Constants: they fit their types, and are written in the one canonical way.

use serde_json::Value as Json;

use super::Validator;
use super::names::{is_object_name, is_relative_path, is_secret_key, is_sha256};
use super::place::Place;
use crate::expr::{ArtifactRef, Expr};
use crate::json::{from_json, to_json};
use crate::number::normalize_numbers;
use crate::types::Type;
use crate::value::Value;

/// JSON in a program is not nested deeper than any JSON reader takes.
const MAX_JSON_NESTING: usize = 127;

/// Whether JSON is nested too deep to be walked. It doesn't recurse itself.
pub(super) fn is_too_deep(json: &Json) -> bool {
    let mut open: Vec<(&Json, usize)> = vec![(json, 1)];
    while let Some((json, depth)) = open.pop() {
        if depth > MAX_JSON_NESTING {
            return true;
        }
        match json {
            Json::Array(items) => open.extend(items.iter().map(|item| (item, depth + 1))),
            Json::Object(fields) => open.extend(fields.values().map(|value| (value, depth + 1))),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
    }
    false
}

impl Validator<'_> {
    pub(super) fn constant(&mut self, json: &Json, expr: &Expr, place: &Place<'_>) {
        if is_too_deep(json) {
            self.report(place, expr.span, "the constant is nested too deep");
            return;
        }
        let value = match from_json(json, &expr.ty, self.types) {
            Ok(value) => value,
            Err(found) => {
                self.report(
                    place,
                    expr.span,
                    format!("the constant doesn't fit its type {}: {found}", expr.ty),
                );
                return;
            }
        };
        let has_artifact = !self.is_value(&expr.ty) && holds_artifact(&value);
        self.require(!has_artifact, place, expr.span, || {
            "an artifact in a constant is an expression".to_owned()
        });
        let is_canonical = to_json(&value, &expr.ty, self.types) == normalize_numbers(json);
        self.require(is_canonical, place, expr.span, || {
            format!("the constant must be canonical JSON of {}, with every field", expr.ty)
        });
    }

    pub(super) fn artifact(&mut self, artifact: &ArtifactRef, expr: &Expr, place: &Place<'_>) {
        let ty = &expr.ty;
        let fits = match artifact {
            ArtifactRef::CapturedFile { .. } => matches!(ty, Type::File { .. } | Type::Table { .. }),
            ArtifactRef::CapturedDir { .. } => matches!(ty, Type::Dir { .. }),
            ArtifactRef::Uri { .. } => ty.is_single_artifact(),
        };
        self.require(fits, place, expr.span, || format!("this artifact is no {ty}"));
        match artifact {
            ArtifactRef::CapturedFile { sha256, .. } => self.blob(sha256, place),
            ArtifactRef::CapturedDir { entries, sha256, .. } => {
                self.captured(entries, place);
                self.require(is_sha256(sha256), place, expr.span, || "a sha256 is 64 hex digits".to_owned());
            }
            ArtifactRef::Uri { uri, sha256, .. } => {
                let is_uri = uri.split_once("://").is_some_and(|(scheme, rest)| {
                    !rest.is_empty()
                        && !scheme.is_empty()
                        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
                });
                self.require(is_uri && !uri.contains('\0'), place, expr.span, || {
                    format!("`{uri}` is no URI")
                });
                let is_pin = sha256.as_deref().is_none_or(is_sha256);
                self.require(is_pin, place, expr.span, || "a sha256 is 64 hex digits".to_owned());
            }
        }
    }

    pub(super) fn captured(&mut self, entries: &[crate::program::CapturedEntry], place: &Place<'_>) {
        let mut paths: Vec<&str> = Vec::with_capacity(entries.len());
        for entry in entries {
            self.require(is_relative_path(&entry.path), place, None, || {
                format!("`{}` is no path inside of a directory", entry.path)
            });
            self.blob(&entry.sha256, place);
            paths.push(&entry.path);
        }
        // With `/` first in the order, what lies in a directory stands right behind the directory's own name.
        paths.sort_unstable_by(|left, right| left.split('/').cmp(right.split('/')));
        for pair in paths.windows(2) {
            let [first, second] = pair else { continue };
            let clash =
                first == second || second.strip_prefix(first).is_some_and(|rest| rest.starts_with('/'));
            self.require(!clash, place, None, || format!("`{second}` and `{first}` can't both be there"));
        }
    }

    fn blob(&mut self, sha256: &str, place: &Place<'_>) {
        let is_there = self.program.blobs.contains_key(sha256);
        self.require(is_there, place, None, || format!("there is no blob {sha256}"));
    }

    pub(super) fn secret(&mut self, name: &str, key: &str, expr: &Expr, place: &Place<'_>) {
        self.require(matches!(expr.ty, Type::Secret), place, expr.span, || {
            format!("a secret is no {}", expr.ty)
        });
        self.require(is_object_name(name), place, expr.span, || {
            format!("`{name}` is no name of a secret: lower case letters, digits, - and .")
        });
        self.require(is_secret_key(key), place, expr.span, || {
            format!("`{key}` is no key of a secret: letters, digits, -, _ and .")
        });
    }
}

fn holds_artifact(value: &Value) -> bool {
    match value {
        Value::Artifact(_) => true,
        Value::List(items) => items.iter().any(holds_artifact),
        Value::Map(entries) => entries.values().any(holds_artifact),
        Value::Record(fields) | Value::Variant { fields, .. } => {
            fields.iter().any(|(_, value)| holds_artifact(value))
        }
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::String(_)
        | Value::Duration(_)
        | Value::Quantity(_)
        | Value::Json(_)
        | Value::Secret { .. } => false,
    }
}
