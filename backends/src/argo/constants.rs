//! Constants as they stand in a manifest for people to read: what they would type.

use pipec_ir::{ArtifactRef, Expr, ExprKind, Parameter, Type};
use serde_json::Value as Json;

use super::Context;
use super::expression::wire_text;
use super::keyed::unwidened;
use crate::Refusal;

/// What an artifact stands for in a constant.
type Place<'p> = dyn Fn(&ArtifactRef) -> Option<String> + 'p;

/// A constant's JSON, with the keys of artifacts that lie in the artifact repository.
pub(crate) fn constant_json(context: &Context<'_>, expr: &Expr) -> Option<Json> {
    json_of(context, expr, &|artifact| match artifact {
        ArtifactRef::Uri { uri, .. } => {
            Some(format!("{}{}", context.target.key_of(uri)?, context.identity_suffix(artifact)))
        }
        ArtifactRef::CapturedFile { .. } | ArtifactRef::CapturedDir { .. } => None,
    })
}

/// What a person would type for a constant.
pub(crate) fn person_text(context: &Context<'_>, json: &Json, ty: &Type) -> String {
    // JSON that is harmless is what a person would write.
    let readable = pipec_ir::canonical_json(json);
    let is_plain = |byte: u8| (0x20..0x7f).contains(&byte);
    let plain = readable.bytes().all(is_plain) && !readable.contains("{{") && !readable.contains("$(");
    let structured = json.is_array() || json.is_object();
    if structured && plain { readable } else { wire_text(json, ty, &context.program.types) }
}

/// Whether an expression holds artifacts that have to be stored before anyone can read them.
pub(crate) fn holds_stored(context: &Context<'_>, expr: &Expr) -> bool {
    let mut found = false;
    expr.visit(&mut |part| {
        if let ExprKind::Artifact(artifact) = &part.kind {
            found |= match &**artifact {
                ArtifactRef::Uri { uri, .. } => context.target.key_of(uri).is_none(),
                ArtifactRef::CapturedFile { .. } | ArtifactRef::CapturedDir { .. } => true,
            };
        }
    });
    found
}

/// What stands at the entry for a default with files that travel with the program: their paths.
pub(crate) fn shown_default(context: &Context<'_>, input: &Parameter) -> Option<Result<String, Refusal>> {
    let default = input.default.as_ref().filter(|default| holds_stored(context, default))?;
    if let ExprKind::Artifact(artifact) = &unwidened(default).kind {
        return Some(Ok(display_path(artifact)));
    }
    let json = json_of(context, default, &|artifact| Some(display_path(artifact)));
    Some(match json {
        Some(json) => Ok(person_text(context, &json, &unwidened(default).ty)),
        None => Err(not_constant(default)),
    })
}

/// What stands at the entry for any other default.
pub(crate) fn constant_text(context: &Context<'_>, expr: &Expr) -> Result<String, Refusal> {
    let json = constant_json(context, expr).ok_or_else(|| not_constant(expr))?;
    Ok(person_text(context, &json, &unwidened(expr).ty))
}

fn not_constant(expr: &Expr) -> Refusal {
    Refusal::new("this value must be a constant on Argo").spanned(expr.span)
}

fn json_of(context: &Context<'_>, expr: &Expr, place: &Place<'_>) -> Option<Json> {
    let expr = unwidened(expr);
    if let ExprKind::Const(json) = &expr.kind {
        return Some(json.clone());
    }
    if let ExprKind::Artifact(artifact) = &expr.kind {
        return place(artifact).map(Json::from);
    }
    if let ExprKind::List(items) = &expr.kind {
        return items
            .iter()
            .map(|item| json_of(context, item, place))
            .collect::<Option<Vec<_>>>()
            .map(Json::from);
    }
    if let ExprKind::Record(fields) = &expr.kind {
        let lowering = context.lowering();
        let named = |(name, field): &(String, Expr)| {
            Some((lowering.field_name(&expr.ty, name), json_of(context, field, place)?))
        };
        return fields.iter().map(named).collect::<Option<serde_json::Map<_, _>>>().map(Json::from);
    }
    if let ExprKind::Map(entries) = &expr.kind {
        let named = |(name, value): &(String, Expr)| Some((name.clone(), json_of(context, value, place)?));
        return entries.iter().map(named).collect::<Option<serde_json::Map<_, _>>>().map(Json::from);
    }
    None
}

fn display_path(artifact: &ArtifactRef) -> String {
    match artifact {
        ArtifactRef::CapturedFile { path, .. } | ArtifactRef::CapturedDir { path, .. } => {
            format!("./{}", path.trim_start_matches("./"))
        }
        ArtifactRef::Uri { uri, .. } => uri.clone(),
    }
}
