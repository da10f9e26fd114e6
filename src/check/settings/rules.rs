//! What settings have to be beside being of their types. Only constants are looked at: what depends on inputs is checked
//! when the run gets there.

use foldhash::HashMap;
use pipec_ir::value::Value;

use super::images::{self, Image};
use super::messages;
use super::names;
use super::quantities::Measure;
use super::records::{duration, field, has_field, items, literal, text, unwidened, word};
use super::{Of, schedule};
use crate::check::context::Checker;
use crate::check::variables;
use crate::hir::{self, Expr, ExprKind, TaskId};
use crate::source::Span;

impl Checker<'_> {
    pub(super) fn check_rules(&mut self, settings: &[hir::Setting], of: Of) {
        let cache = settings.iter().find(|setting| setting.name == "cache").map(|setting| &setting.value);
        let cached = cache.filter(|value| literal(value) == Some(&Value::Bool(true))).map(|value| value.span);
        for setting in settings {
            self.check_setting(setting, of, cached);
        }
        let task = if let Of::Call(task) = of { Some(task) } else { None };
        self.check_mounts(settings, task);
        if let Some(task) = task {
            self.check_beside_task(settings, task);
        }
    }

    fn check_setting(&mut self, setting: &hir::Setting, of: Of, cached: Option<Span>) {
        let value = &setting.value;
        match setting.name {
            "image" => self.check_image(value, cached),
            "resources" => self.check_resources(value),
            "retry" => self.check_retry(value),
            "timeout" | "deadline" => self.check_positive(setting.name, value),
            "env" => self.check_environment(value, of),
            "secrets" => self.check_secret_paths(value),
            "shm_size" => {
                self.amount_of("shm_size", value, Measure::Bytes);
            }
            "volumes" => items(value).iter().for_each(|item| self.check_volume(item)),
            "tolerations" => items(value).iter().for_each(|item| self.check_toleration(item)),
            "labels" | "node_selector" => self.check_labels(setting.name, value, true),
            "annotations" => self.check_labels(setting.name, value, false),
            "service_account" => self.check_subdomain("a service account", value),
            "schedule" => {
                if let Some(text) = text(value)
                    && let Err(reason) = schedule::check(text)
                {
                    self.report(messages::bad_schedule(text, &reason, value.span));
                }
            }
            "timezone" => {
                if let Some(text) = text(value)
                    && !schedule::is_time_zone(text)
                {
                    self.report(messages::unknown_time_zone(
                        text,
                        schedule::nearest_time_zone(text),
                        value.span,
                    ));
                }
            }
            _ => {}
        }
    }

    fn check_image(&mut self, value: &Expr, cached: Option<Span>) {
        let Some(text) = text(value) else { return };
        let look = images::look(text);
        if !matches!(look, Image::Wrong(_)) && !self.check_registry(text, value.span) {
            return;
        }
        let diagnostic = match look {
            Image::Fixed => return,
            Image::Untagged => messages::untagged_image(text, value.span),
            Image::Moving => messages::moving_image(text, value.span),
            Image::Wrong(reason) => messages::no_image(text, reason, value.span),
        };
        self.report(match cached {
            Some(cached) => diagnostic.with_label(cached, "results are kept, whatever the image was"),
            None => diagnostic,
        });
    }

    fn check_positive(&mut self, name: &str, value: &Expr) {
        if duration(value).is_some_and(|milliseconds| milliseconds <= 0) {
            self.report(messages::no_time(name, value.span));
        }
    }

    fn check_retry(&mut self, value: &Expr) {
        for name in ["backoff", "max_backoff"] {
            if let Some(at) = field(value, name)
                && duration(at).is_some_and(|milliseconds| milliseconds < 0)
            {
                self.report(messages::negative_time(&format!("retry.{name}"), at.span));
            }
        }
        if let (Some(first), Some(most)) = (field(value, "backoff"), field(value, "max_backoff"))
            && let (Some(a), Some(b)) = (duration(first), duration(most))
            && a > b
            && b >= 0
        {
            self.report(messages::backoff_above_most(first.span, most.span));
        }
    }

    fn check_environment(&mut self, value: &Expr, of: Of) {
        let variables = match of {
            Of::Task(id) | Of::Call(id) => self.variables_of(id),
            Of::Launch => HashMap::default(),
        };
        for (name, span) in keys(value) {
            if !names::is_variable(&name) {
                self.report(messages::no_variable_name(&name, span));
            } else if name.starts_with("PIPEC_") {
                self.report(messages::reserved_variable(&name, span));
            } else if let Some((what, other)) = variables.get(&name) {
                self.report(messages::env_hides(&name, what, span, *other));
            }
        }
    }

    /// What a task's program finds in each of its variables.
    fn variables_of(&self, id: TaskId) -> HashMap<String, (String, Span)> {
        let task = &self.program.tasks[id.index()];
        let mut found = Vec::new();
        for parameter in &task.parameters {
            variables::of_input(&parameter.name, &parameter.ty, parameter.span, &self.program, &mut found);
        }
        match &task.results {
            hir::Results::None => {}
            hir::Results::Single { span, .. } => found.push(variables::unnamed_output(*span)),
            hir::Results::Named(fields) => {
                found.extend(fields.iter().map(|field| variables::output(&field.name, field.span)));
            }
        }
        found.into_iter().map(|variable| (variable.name, (variable.what, variable.span))).collect()
    }

    fn check_secret_paths(&mut self, value: &Expr) {
        for (path, span) in keys(value) {
            if let Err(reason) = names::mount_path(&path) {
                self.report(messages::no_path(&path, reason, span));
            }
        }
    }

    fn check_volume(&mut self, item: &Expr) {
        if !matches!(item.kind, ExprKind::Record(_)) {
            return;
        }
        if let Some(at) = field(item, "mount")
            && let Some(path) = text(at)
            && let Err(reason) = names::mount_path(path)
        {
            self.report(messages::no_path(path, reason, at.span));
        }
        if let Some(size) = field(item, "size") {
            self.amount_of("volumes.size", size, Measure::Bytes);
        }
        match (field(item, "size"), field(item, "claim")) {
            (None, None) => self.report(messages::volume_of_nothing(item.span)),
            (Some(_), Some(claim)) => self.report(messages::volume_of_both(claim.span)),
            (Some(_), None) => {
                if let Some(at) = field(item, "read_only")
                    && matches!(literal(at), Some(Value::Bool(true)))
                {
                    self.report(messages::empty_read_only(at.span));
                }
            }
            (None, Some(claim)) => self.check_subdomain("a claim", claim),
        }
    }

    fn check_subdomain(&mut self, what: &str, value: &Expr) {
        let Some(text) = text(value) else { return };
        if let Err(reason) = names::subdomain(text) {
            self.report(messages::no_name(what, text, reason, value.span));
        }
    }

    /// Reports names and keys of secrets that no cluster has.
    pub(crate) fn check_secret(&mut self, name: (&str, Span), key: (&str, Span)) -> bool {
        let finding = if let Err(reason) = names::subdomain(name.0) {
            messages::no_name("a secret", name.0, reason, name.1)
        } else if let Err(reason) = names::data_key(key.0) {
            messages::no_name("a secret's key", key.0, reason, key.1)
        } else {
            return true;
        };
        self.report(finding);
        false
    }

    fn check_toleration(&mut self, item: &Expr) {
        if !matches!(item.kind, ExprKind::Record(_)) {
            return;
        }
        if let Some(at) = field(item, "key")
            && let Some(key) = text(at)
            && let Err(reason) = names::label_key(key)
        {
            self.report(messages::no_name("a taint's key", key, reason, at.span));
        }
        if let Some(at) = field(item, "value")
            && let Some(value) = text(at)
            && let Err(reason) = names::label_value(value)
        {
            self.report(messages::no_name("a taint's value", value, reason, at.span));
        }
        let operator = field(item, "operator").and_then(|at| word(at, &self.program)).map(str::to_owned);
        let (has_key, has_value) = (has_field(item, "key"), has_field(item, "value"));
        match operator.as_deref() {
            Some("exists") => {
                if let Some(value) = field(item, "value") {
                    self.report(messages::exists_with_value(value.span));
                }
            }
            Some("equal") if !has_key || !has_value => self.report(messages::equal_without_value(item.span)),
            None if !has_key => self.report(messages::toleration_without_key(item.span)),
            _ => {}
        }
    }

    fn check_labels(&mut self, name: &str, value: &Expr, values_too: bool) {
        let entries: Vec<(String, Option<String>, Span)> = entries(value);
        for (key, value, span) in entries {
            if let Err(reason) = names::label_key(&key) {
                self.report(messages::bad_label_key(name, &key, reason, span));
            } else if values_too
                && let Some(value) = value
                && let Err(reason) = names::label_value(&value)
            {
                self.report(messages::bad_label_value(name, &value, reason, span));
            }
        }
    }
}

pub(super) fn mount(item: &Expr) -> Option<(String, Span)> {
    let at = field(item, "mount")?;
    Some((text(at)?.to_owned(), at.span))
}

/// The keys of a map, with where each entry stands; the whole map if it isn't written out.
pub(super) fn keys(map: &Expr) -> Vec<(String, Span)> {
    entries(map).into_iter().map(|(key, _, span)| (key, span)).collect()
}

/// The entries of a map, with their values where these are constant texts.
fn entries(map: &Expr) -> Vec<(String, Option<String>, Span)> {
    if let ExprKind::Map(entries) = &unwidened(map).kind {
        let entry = |(key, value): &(String, Expr)| (key.clone(), text(value).map(str::to_owned), value.span);
        return entries.iter().map(entry).collect();
    }
    let Some(Value::Map(values)) = literal(map) else { return Vec::new() };
    let entry = |(key, value): (&String, &Value)| {
        let text = if let Value::String(text) = value { Some(text.clone()) } else { None };
        (key.clone(), text, map.span)
    };
    values.iter().map(entry).collect()
}
