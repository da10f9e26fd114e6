//! What all parts of the lowering share: the program, what was refused, and what the script needs.

use std::cell::RefCell;

use indexmap::IndexMap;
use pipec_ir::{ArtifactRef, Program, Span, Type, TypeTable};

use super::bash::quoted;
use super::kind::{bare_variants, expected_variants, type_json};
use super::pattern;
use crate::Refusal;

pub(super) struct Context<'a> {
    pub(super) program: &'a Program,
    refusals: RefCell<Vec<Refusal>>,
    /// Patterns as written, and what bash matches instead.
    patterns: RefCell<IndexMap<String, String>>,
    /// Constant artifacts that the script refers to.
    artifacts: RefCell<Vec<ArtifactRef>>,
}

/// What a script needs beside its functions.
pub(super) struct Needs {
    pub(super) patterns: IndexMap<String, String>,
    pub(super) artifacts: Vec<ArtifactRef>,
}

impl<'a> Context<'a> {
    pub(super) fn new(program: &'a Program) -> Context<'a> {
        Context {
            program,
            refusals: RefCell::default(),
            patterns: RefCell::default(),
            artifacts: RefCell::default(),
        }
    }

    pub(super) fn types(&self) -> &'a TypeTable {
        &self.program.types
    }

    pub(super) fn refuse(&self, refusal: Refusal) {
        let mut refusals = self.refusals.borrow_mut();
        if !refusals.contains(&refusal) {
            refusals.push(refusal);
        }
    }

    pub(super) fn uses(&self, artifact: &ArtifactRef) {
        let mut artifacts = self.artifacts.borrow_mut();
        if !artifacts.contains(artifact) {
            artifacts.push(artifact.clone());
        }
    }

    /// The patterns and the artifacts, unless something was refused.
    pub(super) fn into_result(self) -> Result<Needs, Vec<Refusal>> {
        let refusals = self.refusals.into_inner();
        if refusals.is_empty() {
            Ok(Needs { patterns: self.patterns.into_inner(), artifacts: self.artifacts.into_inner() })
        } else {
            Err(refusals)
        }
    }

    /// `flow.pipe:3:5`.
    pub(super) fn place(&self, span: Option<Span>) -> String {
        let Some(span) = span else { return String::new() };
        let file = usize::try_from(span.file).ok().and_then(|index| self.program.sources.get(index));
        file.map(|file| format!("{file}:{}:{}", span.line, span.column)).unwrap_or_default()
    }

    /// The runtime's check for texts of the type, with its arguments.
    pub(super) fn check(&self, ty: &Type, span: Option<Span>) -> String {
        match ty {
            Type::Optional { of } => self.check(of, span),
            Type::Bool => "check_bool".to_owned(),
            Type::Int { min: None, max: None } => "check_int".to_owned(),
            Type::Int { min, max } => {
                let bound =
                    |bound: &Option<i64>| quoted(&bound.map(|bound| bound.to_string()).unwrap_or_default());
                format!("check_int {} {}", bound(min), bound(max))
            }
            Type::Float { min: None, max: None } => "check_float".to_owned(),
            Type::Float { min, max } => {
                let (mut conditions, mut words) = (Vec::new(), Vec::new());
                if let Some(min) = min {
                    let text = pipec_ir::number::float_text(min.value);
                    conditions.push(format!(". {} {text}", if min.inclusive { ">=" } else { ">" }));
                    words.push(format!("{} {text}", if min.inclusive { "of at least" } else { "above" }));
                }
                if let Some(max) = max {
                    let text = pipec_ir::number::float_text(max.value);
                    conditions.push(format!(". {} {text}", if max.inclusive { "<=" } else { "<" }));
                    words.push(format!("{} {text}", if max.inclusive { "of at most" } else { "below" }));
                }
                let words = format!("a number {}", words.join(" and "));
                format!("check_float {} {}", quoted(&conditions.join(" and ")), quoted(&words))
            }
            Type::String { pattern: None } => "check_string".to_owned(),
            Type::String { pattern: Some(pattern) } => {
                self.pattern(pattern, span);
                format!("check_string {}", quoted(pattern))
            }
            Type::Duration => "check_duration".to_owned(),
            Type::Quantity => "check_quantity".to_owned(),
            Type::Enum { .. } => {
                let names: Vec<String> = bare_variants(ty, self.types()).into_iter().map(quoted).collect();
                if ty.is_plain_enum(self.types()) {
                    format!("check_name {}", names.join(" "))
                } else {
                    let expected = quoted(&expected_variants(ty, self.types()));
                    format!("check_variant {} {expected} {}", self.type_word(ty, span), names.join(" "))
                }
            }
            Type::File { .. } => "check_artifact file".to_owned(),
            Type::Table { .. } => "check_artifact table".to_owned(),
            Type::Dir { .. } => "check_artifact dir".to_owned(),
            Type::Json | Type::Record { .. } | Type::List { .. } | Type::Map { .. } => {
                format!("check_json {}", self.type_word(ty, span))
            }
            Type::Secret | Type::Timestamp | Type::Date | Type::Decimal => "check_string".to_owned(),
        }
    }

    fn type_word(&self, ty: &Type, span: Option<Span>) -> String {
        ty.has_part(self.types(), |part| {
            if let Type::String { pattern: Some(pattern) } = part {
                self.pattern(pattern, span);
            }
            false
        });
        quoted(&type_json(ty).to_string())
    }

    fn pattern(&self, pattern: &str, span: Option<Span>) {
        match pattern::extended(pattern) {
            Ok(extended) => {
                self.patterns.borrow_mut().insert(pattern.to_owned(), extended);
            }
            Err(reason) => self.refuse(
                Refusal::new(format!("a script can't match the pattern /{pattern}/: {reason}"))
                    .help("write the pattern without it, or run the program with `pipec run`")
                    .at("a pattern", span),
            ),
        }
    }
}
