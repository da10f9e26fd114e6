//! What a hook sees of how things ended → inputs of its region. An Argo expression sees the end of a run, or of a call,
//! at one place only: where the hook starts. So `run.status` and its like are evaluated there, once, and travel on as
//! values, also into the regions inside.

use std::borrow::Cow;

use pipec_ir::{Body, Expr, ExprKind, Hook, NodeKind, Program, Region, RegionInput, RunField, Type};

/// The program with hooks that take what they see of the end as inputs.
pub(crate) fn as_inputs(program: &Program) -> Cow<'_, Program> {
    if program.pipelines.values().all(|pipeline| pipeline.hooks.is_empty()) {
        return Cow::Borrowed(program);
    }
    let mut program = program.clone();
    for pipeline in program.pipelines.values_mut() {
        for Hook { body, .. } in &mut pipeline.hooks {
            take_ends(body);
        }
    }
    Cow::Owned(program)
}

/// The input that stands for a field.
fn input_name(field: RunField) -> Option<&'static str> {
    match field {
        RunField::Status => Some("run-status"),
        RunField::Started => Some("run-started"),
        RunField::Duration => Some("run-duration"),
        RunField::Failures => Some("run-failures"),
        RunField::Id | RunField::Name | RunField::Scheduled | RunField::Day => None,
    }
}

/// Replaces the fields inside of a hook's region by inputs of it.
fn take_ends(region: &mut Region) {
    let mut found: Vec<(RunField, &'static str, Type)> = Vec::new();
    region.body.visit_expressions_mut(&mut |expr| {
        if let ExprKind::Run(field) = expr.kind
            && let Some(name) = input_name(field)
        {
            if !found.iter().any(|(known, ..)| *known == field) {
                found.push((field, name, expr.ty.clone()));
            }
            expr.kind = ExprKind::Input(name.to_owned());
        }
    });
    for (field, name, ty) in &found {
        let value = Expr { ty: ty.clone(), kind: ExprKind::Run(*field), span: None };
        region.inputs.push(RegionInput { name: (*name).to_owned(), value });
    }
    hand_on(&mut region.body, &found);
}

/// Gives the regions inside of a body the inputs that they use by now.
fn hand_on(body: &mut Body, fields: &[(RunField, &'static str, Type)]) {
    for node in &mut body.nodes {
        // It sees the inputs of its region.
        let until = if let NodeKind::Repeat { until, .. } = &node.kind { Some(until.clone()) } else { None };
        for region in node.regions_mut() {
            for (_, name, ty) in fields {
                let input = ExprKind::Input((*name).to_owned());
                let mut used = false;
                let mut visit = |expr: &Expr| used |= expr.kind == input;
                region.body.visit_expressions(&mut visit);
                until.iter().for_each(|until| until.visit(&mut visit));
                if used {
                    let value = Expr { ty: ty.clone(), kind: input, span: None };
                    region.inputs.push(RegionInput { name: (*name).to_owned(), value });
                }
            }
            hand_on(&mut region.body, fields);
        }
    }
}
