//! What the cache knows of artifacts. Where a cached step reads artifacts, each artifact's key travels with the sha256 of
//! its content behind it, so that the identity goes wherever the key goes: through branches, loops, lists and records.
//! An artifact of which nothing is known has none, and a step that reads it isn't found in the cache.

use pipec_ir::identity::sha256_hex;
use pipec_ir::{ArtifactRef, Expr, ExprKind, Parameter as Declared, Program, Role, Task, Type};

use super::artifacts::artifact_inputs;
use super::dag::Dag;
use super::expression::{Term, element};
use super::keyed::unwidened;
use super::manifest::Parameter;
use super::wire::{holds_artifacts, is_all_artifacts};
use crate::{Refusal, Warning};

/// Between a key and the digest of what lies there.
pub(crate) const MARK: &str = "#pipec-sha256:";

/// What stands for the identity of an artifact that has none.
const UNKNOWN: &str = "no identity";

/// Whether a task's results are looked up by what its artifacts hold.
pub(crate) fn asks_identities(program: &Program, task: &Task) -> bool {
    let reads = |input: &Declared| input.role == Role::Program && holds_artifacts(&input.ty, &program.types);
    task.settings.cache && task.inputs.iter().any(reads)
}

/// Whether keys travel with identities.
pub(crate) fn are_needed(program: &Program) -> bool {
    program.tasks.values().any(|task| asks_identities(program, task))
}

/// The parameter that tells a cached step what an input's artifacts are.
pub(crate) fn parameter_name(input: &str) -> String {
    format!("{input}-identity")
}

/// The digest of a constant artifact: of its content, or of its pin.
pub(crate) fn of_constant(artifact: &ArtifactRef) -> Option<String> {
    match artifact {
        ArtifactRef::CapturedFile { sha256, .. } | ArtifactRef::CapturedDir { sha256, .. } => {
            Some(sha256.clone())
        }
        ArtifactRef::Uri { sha256: Some(sha256), .. } => Some(sha256.clone()),
        ArtifactRef::Uri { uri, version: Some(version), .. } => {
            Some(sha256_hex(format!("{version}\0{uri}").as_bytes()))
        }
        ArtifactRef::Uri { sha256: None, version: None, .. } => None,
    }
}

/// What follows a constant artifact's key.
pub(crate) fn suffix(artifact: &ArtifactRef) -> String {
    of_constant(artifact).map_or_else(String::new, |digest| format!("{MARK}{digest}"))
}

/// The key alone; `nil` stays.
pub(crate) fn key_alone(key: &Term) -> Term {
    Term::made_of(format!("split({}, '{MARK}')[0]", key.text), &[key])
}

/// Every key of a list alone.
pub(crate) fn keys_alone(keys: &Term) -> Term {
    Term::made_of(format!("map({}, # == nil ? nil : split(#, '{MARK}')[0])", keys.text), &[keys])
}

/// The value with keys alone.
pub(crate) fn without_identities(json: &Term) -> Term {
    let mark = format!("{MARK}[0-9a-f]{{64}}");
    Term::made_of(format!("fromJSON(sprig.regexReplaceAll('{mark}', toJson({}), ''))", json.text), &[json])
}

/// What stands behind a key.
pub(crate) fn identity(key: &str) -> String {
    format!("(get(split({key}, '{MARK}'), 1) ?? '{UNKNOWN}')")
}

impl Dag<'_, '_> {
    /// The argument that tells a cached step what an input's artifacts are: one digest for the input, or `none`.
    pub(crate) fn identity_argument(
        &mut self,
        declared: &Declared,
        value: &Expr,
    ) -> Result<Parameter, Refusal> {
        let name = parameter_name(&declared.name);
        if let ExprKind::Artifact(artifact) = &unwidened(value).kind {
            let digest = of_constant(artifact);
            if digest.is_none() {
                let warning =
                    Warning::new("what lies there may change, so this step is never found in the cache")
                        .help("pin it: `sha256: …` or `version: …`")
                        .at(self.path.clone(), value.span);
                self.workflow.warnings.push(warning);
            }
            return Ok(Parameter::value(name, digest.unwrap_or_else(|| "none".to_owned())));
        }
        let program = self.workflow.context.program;
        let lowering = self.workflow.context.lowering();
        let whole = lowering.value(value, &self.scope)?;
        let inner = element();
        let mut parts = Vec::new();
        if !is_all_artifacts(&declared.ty) {
            parts.push(lowering.value_part(&inner, &declared.ty).text);
        }
        let artifacts = artifact_inputs(&declared.name, &declared.ty, &program.types, &program.formats);
        for artifact in &artifacts {
            let (place, ty) = lowering.artifact_place(&inner, &declared.ty, &artifact.way);
            let each = if artifact.is_list() {
                artifact.layout().identities(&place.text)
            } else {
                identity(&place.text)
            };
            let missing = matches!(ty, Type::Optional { .. });
            parts.push(if missing { format!("({} == nil ? 'null' : {each})", place.text) } else { each });
        }
        let text = format!(
            "map(map([{}], toJson([{}])), # contains '\"{UNKNOWN}\"' ? 'none' : sprig.sha256sum(#))[0]",
            whole.text,
            parts.join(", ")
        );
        Ok(Parameter::value(name, format!("{{{{={}}}}}", Term::made_of(text, &[&whole]).text)))
    }
}
