//! Constant artifacts and secrets: `file("./iris.csv")`, `dir("s3://…")`, `secret("openai", key: "token")`.

use super::{messages, typed};
use crate::check::context::{Checker, Scope, error_expression};
use crate::check::library::{LibraryFunction, Rule};
use crate::hir::{self, Artifact, ExprKind};
use crate::source::{Entry, Span};
use crate::syntax::ast;
use crate::types::Type;
use pipec_ir::value::Value;

/// What a URI of an artifact begins with.
const SCHEMES: &[&str] = &["s3://", "gs://", "https://", "file://"];

/// The texts that a call gives, by the names of its parameters.
struct Texts {
    first: Option<(String, Span)>,
    named: Vec<(&'static str, String, Span)>,
}

impl Texts {
    fn get(&self, name: &str) -> Option<(&str, Span)> {
        let found = self.named.iter().find(|(known, _, _)| *known == name);
        found.map(|(_, text, span)| (text.as_str(), *span))
    }
}

impl Checker<'_> {
    /// Arguments that are constant strings: the first by position, the others by name.
    fn texts(
        &mut self,
        scope: &mut Scope,
        function: &LibraryFunction,
        call: &ast::Call,
        names: &[&'static str],
    ) -> Option<Texts> {
        let mut texts = Texts { first: None, named: Vec::new() };
        let mut failed = false;
        for (index, argument) in call.arguments.iter().enumerate() {
            let Some(text) = self.constant_text(scope, function, &argument.value) else {
                failed = true;
                continue;
            };
            match &argument.name {
                None if index == 0 => texts.first = Some((text, argument.value.span)),
                None => {
                    self.report(messages::write_the_name(function, names, argument.span));
                    failed = true;
                }
                Some(name) => match names.iter().find(|known| **known == name.value) {
                    Some(known) if texts.get(known).is_none() => {
                        texts.named.push((known, text, argument.value.span));
                    }
                    Some(_) => {
                        self.report(messages::function_argument_twice(function, name));
                        failed = true;
                    }
                    None => {
                        self.report(messages::unknown_function_argument(function, name, names));
                        failed = true;
                    }
                },
            }
        }
        (!failed).then_some(texts)
    }

    /// The text of an expression that depends on constants only; else there is a finding.
    fn constant_text(
        &mut self,
        scope: &mut Scope,
        function: &LibraryFunction,
        expr: &ast::Expr,
    ) -> Option<String> {
        let said = self.diagnostics.len();
        let value = self.expression(scope, expr, Some(&Type::STRING));
        if let Some(Value::String(text)) = self.known_value(&value) {
            return Some(text);
        }
        if self.diagnostics.len() == said {
            self.report(messages::needs_a_constant_string(function, expr.span));
        }
        None
    }

    pub(super) fn secret(
        &mut self,
        scope: &mut Scope,
        function: &'static LibraryFunction,
        call: &ast::Call,
        span: Span,
    ) -> hir::Expr {
        let Some(texts) = self.texts(scope, function, call, &["key"]) else { return error_expression(span) };
        let (Some((name, name_span)), Some((key, key_span))) = (&texts.first, texts.get("key")) else {
            self.report(messages::secret_needs_name_and_key(call.arguments_span));
            return error_expression(span);
        };
        if name.is_empty() || key.is_empty() {
            self.report(messages::secret_needs_name_and_key(call.arguments_span));
            return error_expression(span);
        }
        if !self.check_secret((name, *name_span), (key, key_span)) {
            return error_expression(span);
        }
        typed(ExprKind::Secret { name: name.clone(), key: key.to_owned() }, Type::Secret, span)
    }

    pub(super) fn constant_artifact(
        &mut self,
        scope: &mut Scope,
        function: &'static LibraryFunction,
        call: &ast::Call,
        span: Span,
        expected: Option<&Type>,
    ) -> hir::Expr {
        let Some(texts) = self.texts(scope, function, call, &["sha256", "version"]) else {
            return error_expression(span);
        };
        let Some((place, place_span)) = texts.first.clone() else {
            self.report(messages::artifact_needs_a_place(function, call.arguments_span));
            return error_expression(span);
        };
        let ty = self.artifact_type(function.rule == Rule::Dir, expected);
        if SCHEMES.iter().any(|scheme| place.starts_with(scheme)) {
            let sha256 = texts.get("sha256");
            if let Some((digest, at)) = sha256
                && !is_sha256(digest)
            {
                self.report(messages::not_a_digest(at));
                return error_expression(span);
            }
            let artifact = Artifact::Uri {
                uri: place,
                sha256: sha256.map(|(text, _)| text.to_owned()),
                version: texts.get("version").map(|(text, _)| text.to_owned()),
            };
            return typed(ExprKind::Artifact(artifact.into()), ty, span);
        }
        if place.contains("://") {
            self.report(messages::unknown_scheme(&place, place_span, SCHEMES));
            return error_expression(span);
        }
        if let Some((_, _, at)) = texts.named.first() {
            self.report(messages::captured_needs_no_pin(*at));
            return error_expression(span);
        }
        self.captured(scope, function, &place, place_span, ty, span)
    }

    fn captured(
        &mut self,
        scope: &Scope,
        function: &LibraryFunction,
        place: &str,
        place_span: Span,
        ty: Type,
        span: Span,
    ) -> hir::Expr {
        let wants_directory = function.rule == Rule::Dir;
        if place.is_empty() || place.starts_with('/') || place.contains('\\') || place.contains('\0') {
            self.report(messages::path_must_be_relative(place, place_span));
            return error_expression(span);
        }
        let source = &self.modules.module(scope.module).path;
        let Some(path) = beside(source, place) else {
            self.report(messages::path_leaves_the_project(place, place_span));
            return error_expression(span);
        };
        match (self.project.entry(&path), wants_directory) {
            (Some(Entry::File { .. }), false) | (Some(Entry::Directory), true) => {}
            (Some(Entry::Directory), false) => {
                self.report(messages::is_a_directory(place, call_name_span(span, function)));
                return error_expression(span);
            }
            (Some(Entry::File { .. }), true) => {
                self.report(messages::is_a_file(place, call_name_span(span, function)));
                return error_expression(span);
            }
            (None, _) => {
                self.report(messages::path_is_missing(place, &path, place_span));
                return error_expression(span);
            }
        }
        let artifact = Artifact::Captured { path, is_directory: wants_directory };
        typed(ExprKind::Artifact(artifact.into()), ty, span)
    }

    /// A constant artifact takes the expected type, if that is one of its kind.
    fn artifact_type(&self, is_directory: bool, expected: Option<&Type>) -> Type {
        let plain = if is_directory { Type::Dir(None) } else { Type::File(None) };
        let Some(expected) = expected.map(Type::without_optional) else { return plain };
        let base = expected.base(&self.program);
        let fits = if is_directory {
            matches!(base, Type::Dir(_))
        } else {
            matches!(base, Type::File(_) | Type::Table { .. })
        };
        if fits { expected.clone() } else { plain }
    }
}

/// The function's name, which is where the call begins.
fn call_name_span(span: Span, function: &LibraryFunction) -> Span {
    let length = u32::try_from(function.name.len()).unwrap_or(0);
    Span { end: span.start + length, ..span }
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// A path relative to the source file at `source`, as one from the project's root; `None` if it leads out of it.
fn beside(source: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = source.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(if parts.is_empty() { ".".to_owned() } else { parts.join("/") })
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn paths_are_relative_to_the_source_file() {
        assert_eq!(beside("a/b.pipe", "./c/d.csv").as_deref(), Some("a/c/d.csv"));
        assert_eq!(beside("a/b.pipe", "../c.csv").as_deref(), Some("c.csv"));
        assert_eq!(beside("a/b.pipe", "../../c.csv"), None);
        assert_eq!(beside("b.pipe", "."), Some(".".to_owned()));
    }
}
