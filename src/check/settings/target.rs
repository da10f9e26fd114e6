//! Settings beside what the target has: the largest node, the kinds of GPUs, the registries that images come from.

use pipec_ir::quantity::{Amount, parse_quantity};
use pipec_ir::value::Value;

use super::images;
use super::records::{field, literal, text};
use crate::check::context::Checker;
use crate::diagnostics::{Applicability, Diagnostic, Fix, codes};
use crate::hir::Expr;
use crate::project::Profile;
use crate::resolve::suggest::nearest;
use crate::source::Span;

/// What a GPU is called where nobody says it.
const USUAL_GPU: &str = "nvidia.com/gpu";

/// A constant amount of `resources`: its name, how much, where.
type Asked<'e> = (&'static str, Amount, &'e Expr);

impl Checker<'_> {
    /// Reports an image of a registry that the target doesn't use; says whether it may be used.
    pub(super) fn check_registry(&mut self, image: &str, span: Span) -> bool {
        let Some((profile, registries)) =
            self.profile.and_then(|profile| Some((profile, profile.registries.as_ref()?)))
        else {
            return true;
        };
        if registries.iter().any(|registry| images::is_from(image, registry)) {
            return true;
        }
        self.report(registry_not_allowed(image, profile, registries, span));
        false
    }

    /// Reports requests that no node of the target can meet.
    pub(super) fn check_room(&mut self, resources: &Expr, asked: &[Asked]) {
        let Some(profile) = self.profile else { return };
        let node = &profile.largest_node;
        for (request, limit, most) in [
            ("cpu", "cpu_limit", &node.cpu),
            ("memory", "memory_limit", &node.memory),
            ("ephemeral_storage", "ephemeral_storage", &node.ephemeral_storage),
        ] {
            let Some(most) = most else { continue };
            let find = |name| asked.iter().find(|(known, ..)| *known == name);
            // What has a limit alone requests as much.
            let Some((name, amount, at)) = find(request).or_else(|| find(limit)) else { continue };
            if parse_quantity(most).is_some_and(|most| amount.to_f64() > most.to_f64()) {
                self.report(above_largest_node(name, most, profile, at.span));
            }
        }
        self.check_gpus(resources, profile);
    }

    fn check_gpus(&mut self, resources: &Expr, profile: &Profile) {
        let gpu = field(resources, "gpu");
        let count = gpu.and_then(|at| match literal(at) {
            Some(Value::Int(count)) => Some((*count, at.span)),
            _ => None,
        });
        if let (Some((count, span)), Some(most)) = (count, profile.largest_node.gpu)
            && count > i64::from(most)
        {
            let most = most.to_string();
            self.report(above_largest_node("gpu", &most, profile, span));
        }
        let Some(kinds) = &profile.gpu_kinds else { return };
        if let Some(at) = field(resources, "gpu_kind") {
            if let Some(kind) = text(at)
                && !kinds.iter().any(|known| known == kind)
            {
                self.report(no_such_gpu(kind, kinds, profile, at.span));
            }
        } else if let Some((1.., span)) = count
            && !kinds.iter().any(|known| known == USUAL_GPU)
        {
            self.report(gpu_without_kind(kinds, profile, span));
        }
    }
}

fn above_largest_node(name: &str, most: &str, profile: &Profile, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::BEYOND_TARGET,
        format!("`resources.{name}` is more than any node of `{}` has", profile.target),
        span,
        format!("the largest has {most}"),
    )
    .with_note(says("largest_node", profile))
    .with_help(format!("ask for at most {most}: a step that asks for more waits for ever"))
}

fn no_such_gpu(kind: &str, kinds: &[String], profile: &Profile, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        codes::BEYOND_TARGET,
        format!("no node of `{}` has a GPU of the kind \"{kind}\"", profile.target),
        span,
        "not there",
    )
    .with_note(says("gpu_kinds", profile));
    match nearest(kind, kinds.iter().map(String::as_str)) {
        Some(near) => {
            let fix = Fix::safe(format!("write \"{near}\""), span, format!("\"{near}\""));
            let fix = Fix { applicability: Applicability::Unsafe, ..fix };
            diagnostic.with_help(format!("did you mean \"{near}\"?")).with_fix(fix)
        }
        None => diagnostic.with_help(there_is(kinds)),
    }
}

fn gpu_without_kind(kinds: &[String], profile: &Profile, span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::BEYOND_TARGET,
        format!("no node of `{}` has a GPU of the kind \"{USUAL_GPU}\"", profile.target),
        span,
        "of this kind, since no `gpu_kind` is given",
    )
    .with_note(says("gpu_kinds", profile))
    .with_help(format!("give `gpu_kind`: {}", there_is(kinds)))
}

fn registry_not_allowed(image: &str, profile: &Profile, registries: &[String], span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::BEYOND_TARGET,
        format!("`{}` takes no image from where \"{image}\" is", profile.target),
        span,
        "from another registry",
    )
    .with_note(says("registries", profile))
    .with_help(format!("images may come from {}", registries.join(", ")))
}

fn says(key: &str, profile: &Profile) -> String {
    format!("`{key}` of [target.{}] in pipec.toml says so", profile.target)
}

fn there_is(kinds: &[String]) -> String {
    match kinds {
        [] => "there are no GPUs".to_owned(),
        kinds => format!("there is {}", kinds.join(", ")),
    }
}
