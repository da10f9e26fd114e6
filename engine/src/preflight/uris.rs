//! Constant artifacts that are URIs: those of this machine are there, are what is declared, and are what they are pinned to;
//! others can't be read here.

use std::fs;
use std::path::Path;

use pipec_ir::{ArtifactRef, Expr, ExprKind, Program, Type};

use super::reach::Reach;
use crate::artifacts::captured::{local_path, unreadable};
use crate::artifacts::identity::identity;
use crate::error::Refusal;
use crate::places::place;

pub(super) fn refusals(program: &Program, reach: &Reach<'_>) -> Vec<Refusal> {
    let mut refusals: Vec<Refusal> = Vec::new();
    reach.visit_expressions(&mut |_, expr| {
        if let Some(refusal) = refusal(expr) {
            let refusal = refusal.at(place(program, expr.span));
            if !refusals.contains(&refusal) {
                refusals.push(refusal);
            }
        }
    });
    refusals
}

fn refusal(expr: &Expr) -> Option<Refusal> {
    let ExprKind::Artifact(artifact) = &expr.kind else { return None };
    let ArtifactRef::Uri { uri, sha256, .. } = &**artifact else { return None };
    let Some(path) = local_path(uri) else {
        let refusal = Refusal::new(unreadable(uri));
        return Some(
            refusal.help("download it and give its path as an input, or run the pipeline on a cluster"),
        );
    };
    let path = Path::new(&path);
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => return Some(Refusal::new(format!("{uri} can't be read: {error}"))),
    };
    let is_declared_directory = matches!(expr.ty.without_optional(), Type::Dir { .. });
    if metadata.is_dir() != is_declared_directory {
        let found = if metadata.is_dir() { "a directory" } else { "a file" };
        return Some(Refusal::new(format!("{uri} is {found}, but a {} is expected", expr.ty)));
    }
    let pinned = sha256.as_ref()?;
    match identity(path) {
        Ok(found) if found == *pinned => None,
        Ok(found) => Some(
            Refusal::new(format!("{uri} is not what it is pinned to: its sha256 is {found}"))
                .help("change the pin if the new content is meant"),
        ),
        Err(error) => Some(Refusal::new(format!("{uri} can't be read: {error}"))),
    }
}
