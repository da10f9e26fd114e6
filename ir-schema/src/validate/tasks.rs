//! Tasks: what runs, and its settings.

use foldhash::HashSet;
use indexmap::IndexMap;

use super::Validator;
use super::names::{
    is_absolute_path, is_environment_name, is_label_key, is_label_value, is_object_name, is_sha256,
};
use super::place::Place;
use super::scope::{RunView, Scope};
use crate::expr::Expr;
use crate::program::{Retry, Role, Run, Settings, Span, Task, VolumeSource};
use crate::types::Type;

impl<'a> Validator<'a> {
    pub(super) fn task(&mut self, task: &'a Task, place: &Place<'_>) {
        self.parameters(&task.inputs, &place.at("inputs"));
        self.results(&task.results, &place.at("results"));
        for output in task.results.outputs() {
            let place = place.at("results");
            let place = place.at(&output.name);
            self.require(!self.is_mixed(&output.ty), &place, output.span, || {
                format!("{}: a task's outputs are values or artifacts, not both in one", output.ty)
            });
            let is_open = matches!(output.ty.innermost(), Type::Table { format: None, .. });
            self.require(!is_open, &place, output.span, || {
                "a table that is written needs a format".to_owned()
            });
        }
        self.task_variables(task, place);
        self.captured(&task.files, &place.at("files"));
        self.require(is_sha256(&task.identity), &place.at("identity"), task.span, || {
            "an identity is the 64 hex digits of a sha256".to_owned()
        });
        match &task.run {
            Run::Script { text, .. } => {
                let fits = !text.contains('\0');
                self.require(fits, &place.at("run"), task.span, || "U+0000 in a program".to_owned());
            }
            Run::Command(arguments) => self.command(arguments, task, &place.at("run")),
        }
        let scope = Scope::new(RunView::None).with_parameters(&task.inputs);
        self.settings(&task.settings, &scope, task, &place.at("settings"));
    }

    /// Elements are text, artifacts, or lists of artifacts.
    fn command(&mut self, arguments: &'a [Expr], task: &'a Task, place: &Place<'_>) {
        self.require(!arguments.is_empty(), place, task.span, || "an empty command".to_owned());
        let mut scope = Scope::new(RunView::None).with_outputs(task.results.outputs());
        let inputs = task.inputs.iter().filter(|input| match input.role {
            Role::Program => true,
            Role::Setting => false,
        });
        scope.inputs.extend(inputs.map(|input| (input.name.as_str(), &input.ty)));
        for (index, argument) in arguments.iter().enumerate() {
            let place = place.item(index);
            let is_path = matches!(&argument.kind, crate::expr::ExprKind::Input(name)
                if task.results.outputs().iter().any(|output| output.name == *name));
            let is_optional = matches!(argument.ty, Type::Optional { .. });
            let is_one = argument.ty.is_text(self.types) || (argument.ty.is_artifact() && !is_optional);
            self.require(is_path || is_one, &place, argument.span, || {
                format!("{} is no argument", argument.ty)
            });
            self.expression(argument, &scope, 1, &place);
        }
    }

    fn settings(&mut self, settings: &'a Settings, scope: &Scope<'a>, task: &'a Task, place: &Place<'_>) {
        let image_fits = settings.image.as_ref().is_none_or(|image| {
            !image.is_empty()
                && !image.contains(|character: char| character.is_whitespace() || character.is_control())
        });
        self.require(image_fits, &place.at("image"), task.span, || "this is no name of an image".to_owned());
        let resources = &settings.resources;
        let typed = [
            ("cpu", &resources.cpu, Type::Quantity),
            ("memory", &resources.memory, Type::Quantity),
            ("gpu", &resources.gpu, Type::INT),
            ("ephemeral_storage", &resources.ephemeral_storage, Type::Quantity),
            ("cpu_limit", &resources.cpu_limit, Type::Quantity),
            ("memory_limit", &resources.memory_limit, Type::Quantity),
            ("timeout", &settings.timeout, Type::Duration),
            ("shm_size", &settings.shm_size, Type::Quantity),
        ];
        for (name, setting, ty) in typed {
            let Some(value) = setting else { continue };
            let place = place.at(name);
            let fits = value.ty.without_refinements() == ty;
            self.require(fits, &place, value.span, || format!("expected {ty}, found {}", value.ty));
            self.expression(value, scope, 1, &place);
        }
        for (name, value) in &settings.env {
            let place = place.at("env");
            let place = place.at(name);
            self.require(is_environment_name(name), &place, value.span, || {
                format!("`{name}` is no name of a variable: letters, digits and _")
            });
            let fits = value.ty.is_text(self.types) || matches!(value.ty, Type::Secret);
            self.require(fits, &place, value.span, || format!("{} has no text", value.ty));
            self.expression(value, scope, 1, &place);
        }
        self.mounts(settings, scope, place);
        if let Some(retry) = &settings.retry {
            self.retry(retry, task, &place.at("retry"));
        }
        self.labels(&settings.labels, task.span, &place.at("labels"));
        self.labels(&settings.node_selector, task.span, &place.at("node_selector"));
        for key in settings.annotations.keys() {
            self.label_key(key, task.span, &place.at("annotations"));
        }
        let account_fits = settings.service_account.as_deref().is_none_or(is_object_name);
        self.require(account_fits, &place.at("service_account"), task.span, || {
            "this is no name of a service account".to_owned()
        });
    }

    pub(super) fn labels(
        &mut self,
        labels: &IndexMap<String, String>,
        span: Option<Span>,
        place: &Place<'_>,
    ) {
        for (key, value) in labels {
            self.label_key(key, span, place);
            self.require(is_label_value(value), &place.at(key), span, || {
                format!("`{value}` is no value of a label: at most 63 letters, digits, -, _ and .")
            });
        }
    }

    fn label_key(&mut self, key: &str, span: Option<Span>, place: &Place<'_>) {
        self.require(is_label_key(key), place, span, || {
            format!("`{key}` is no key: letters, digits, -, _ and ., perhaps with a domain and / before")
        });
    }

    fn mounts(&mut self, settings: &'a Settings, scope: &Scope<'a>, place: &Place<'_>) {
        let mut paths = HashSet::default();
        for (path, value) in &settings.secrets {
            let place = place.at("secrets");
            let place = place.at(path);
            self.mount(path, &mut paths, &place);
            self.expression_of(value, &Type::Secret, scope, 1, &place);
        }
        for (index, volume) in settings.volumes.iter().enumerate() {
            let place = place.at("volumes");
            let place = place.item(index);
            self.mount(&volume.mount, &mut paths, &place);
            match &volume.source {
                VolumeSource::Scratch { size } => self.expression_of(size, &Type::Quantity, scope, 1, &place),
                VolumeSource::Claim { claim } => {
                    self.require(is_object_name(claim), &place, None, || {
                        format!("`{claim}` is no name of a claim")
                    });
                }
            }
        }
        if settings.shm_size.is_some() {
            self.mount("/dev/shm", &mut paths, &place.at("shm_size"));
        }
    }

    fn mount(&mut self, path: &'a str, paths: &mut HashSet<&'a str>, place: &Place<'_>) {
        self.require(is_absolute_path(path), place, None, || format!("`{path}` is no absolute path"));
        let is_free = paths.insert(path.trim_end_matches('/'));
        self.require(is_free, place, None, || format!("two things are mounted at `{path}`"));
    }

    fn retry(&mut self, retry: &Retry, task: &Task, place: &Place<'_>) {
        let is_growing = retry.factor.is_none_or(|factor| factor.is_finite() && factor >= 1.0);
        self.require(is_growing, place, task.span, || "a factor is a number of at least 1".to_owned());
        let has_codes =
            retry.exit_codes.as_ref().is_none_or(|codes| !codes.is_empty() && !codes.contains(&0));
        self.require(has_codes, place, task.span, || {
            "exit codes are from 1 to 255, and at least one".to_owned()
        });
        let longest = crate::number::MAX_SAFE_INTEGER as u64;
        let is_bounded =
            [retry.backoff_ms, retry.max_backoff_ms].iter().flatten().all(|wait| *wait <= longest);
        self.require(is_bounded, place, task.span, || "a wait is a duration".to_owned());
    }
}
