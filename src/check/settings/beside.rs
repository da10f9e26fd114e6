//! What a call's `with` changes, beside what it leaves of the task's settings: together they make sense, too.

use foldhash::HashMap;
use pipec_ir::quantity::{Amount, parse_quantity};

use super::messages;
use super::records::{duration, field, items, quantity};
use super::rules::{keys, mount};
use crate::check::context::Checker;
use crate::hir::{Expr, Setting, TaskId};
use crate::source::Span;

/// The path that `shm_size` makes room at.
const SHARED_MEMORY: &str = "/dev/shm";

/// Something in the file system of a step.
struct Mount {
    path: String,
    span: Span,
    /// A secret's file, which holds nothing else.
    is_file: bool,
    /// Of the settings at hand, not of those that they change.
    is_own: bool,
}

impl Checker<'_> {
    pub(super) fn check_beside_task(&mut self, settings: &[Setting], task: TaskId) {
        let find = |settings: &[Setting], name: &str| {
            settings.iter().find(|setting| setting.name == name).map(|setting| setting.value.clone())
        };
        let of_task = &self.program.tasks[task.index()].settings;
        let both = |name| Some((find(settings, name)?, find(of_task, name)?));
        let (resources, retry) = (both("resources"), both("retry"));
        if let Some((given, kept)) = resources {
            for (request, limit) in [("cpu", "cpu_limit"), ("memory", "memory_limit")] {
                if let Some((asked, most)) = together(&given, &kept, request, limit, amount)
                    && asked.0.to_f64() > most.0.to_f64()
                {
                    self.report(messages::request_above_limit(request, limit, asked.1, most.1));
                }
            }
        }
        if let Some((given, kept)) = retry
            && let Some((first, most)) = together(&given, &kept, "backoff", "max_backoff", wait)
            && first.0 > most.0
        {
            self.report(messages::backoff_above_most(first.1, most.1));
        }
    }

    /// Two things can't be mounted at one path, and nothing inside of a secret's file.
    pub(super) fn check_mounts(&mut self, settings: &[Setting], task: Option<TaskId>) {
        let mut mounts = mounts(settings, true);
        if mounts.is_empty() {
            return;
        }
        if let Some(task) = task {
            add_kept(&mut mounts, &self.program.tasks[task.index()].settings, settings);
        }
        let files: HashMap<String, usize> = mounts
            .iter()
            .enumerate()
            .filter(|(_, mount)| mount.is_file)
            .map(|(index, mount)| (mount.path.clone(), index))
            .collect();
        let mut first: HashMap<&str, usize> = HashMap::default();
        for (index, mount) in mounts.iter().enumerate() {
            let mut folders = mount.path.match_indices('/').map(|(at, _)| &mount.path[..at]);
            if let Some((file, other)) = folders.find_map(|folder| files.get_key_value(folder)) {
                let other = &mounts[*other];
                if mount.is_own || other.is_own {
                    self.report(messages::inside_of_a_file(&mount.path, file, mount.span, other.span));
                }
                continue;
            }
            match first.get(mount.path.as_str()).map(|other| &mounts[*other]) {
                Some(other) if mount.is_own || other.is_own => {
                    let (at, other) = if mount.is_own { (mount, other) } else { (other, mount) };
                    self.report(messages::one_path(&at.path, at.span, other.span));
                }
                Some(_) => {}
                None => {
                    first.insert(&mount.path, index);
                }
            }
        }
    }
}

/// Two fields of one setting, of which the call gives one and the task's own setting the other.
fn together<T>(
    given: &Expr,
    kept: &Expr,
    first: &str,
    second: &str,
    read: fn(&Expr) -> Option<T>,
) -> Option<((T, Span), (T, Span))> {
    let value = |name| {
        let (at, is_given) = match field(given, name) {
            Some(at) => (at, true),
            None => (field(kept, name)?, false),
        };
        Some(((read(at)?, at.span), is_given))
    };
    let ((first, first_given), (second, second_given)) = (value(first)?, value(second)?);
    (first_given != second_given).then_some((first, second))
}

fn amount(value: &Expr) -> Option<Amount> {
    parse_quantity(&quantity(value)?)
}

fn wait(value: &Expr) -> Option<i64> {
    duration(value)
}

fn mounts(settings: &[Setting], is_own: bool) -> Vec<Mount> {
    let mut found = Vec::new();
    for Setting { name, value, span } in settings {
        let mut add = |path, span, is_file| found.push(Mount { path, span, is_file, is_own });
        match *name {
            "secrets" => keys(value).into_iter().for_each(|(path, span)| add(path, span, true)),
            "volumes" => {
                items(value).iter().filter_map(mount).for_each(|(path, span)| add(path, span, false));
            }
            "shm_size" => add(SHARED_MEMORY.to_owned(), *span, false),
            _ => {}
        }
    }
    found
}

/// Adds what a task mounts and a call's settings leave: volumes and shared memory are replaced, secrets by their paths.
fn add_kept(mounts: &mut Vec<Mount>, of_task: &[Setting], given: &[Setting]) {
    let is_given = |name| given.iter().any(|setting| setting.name == name);
    let kept: Vec<Setting> = of_task
        .iter()
        .filter(|setting| setting.name == "secrets" || !is_given(setting.name))
        .cloned()
        .collect();
    for mount in self::mounts(&kept, false) {
        let is_replaced = |own: &Mount| own.is_file && own.path == mount.path;
        if !(mount.is_file && mounts.iter().any(is_replaced)) {
            mounts.push(mount);
        }
    }
}
