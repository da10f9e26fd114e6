//! The settings of tasks and launches: one table that the checker, completion, hover and the reference read.

/// Whose setting it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    Task,
    Launch,
}

/// How a setting is written and checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Text,
    Bool,
    Duration,
    /// Of bytes.
    Bytes,
    /// A word of the prelude's enum of this name.
    Word(&'static str),
    /// The prelude's record of this name. Given at a call, it leaves the other fields alone.
    Record(&'static str),
    /// A list of the prelude's record of this name.
    Records(&'static str),
    /// Texts by keys, as Kubernetes takes labels.
    Labels,
    Annotations,
    /// Variables of the environment: texts and secrets.
    Environment,
    /// Secrets by the paths of the files that they are mounted as.
    SecretFiles,
    /// Files of the project.
    Files,
    /// A task's program.
    Program,
}

/// A setting, or a field of a setting that is a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// `retry`, or `resources.memory`.
    pub path: &'static str,
    pub holder: Holder,
    /// In the language's syntax.
    pub ty: &'static str,
    /// Whether it may use the task's inputs; in `with`, the caller's names.
    pub varies: bool,
    pub shape: Shape,
    pub doc: &'static str,
}

const fn task(path: &'static str, ty: &'static str, shape: Shape, doc: &'static str) -> Row {
    Row { path, holder: Holder::Task, ty, varies: false, shape, doc }
}

const fn varying(path: &'static str, ty: &'static str, shape: Shape, doc: &'static str) -> Row {
    Row { path, holder: Holder::Task, ty, varies: true, shape, doc }
}

const fn launch(path: &'static str, ty: &'static str, shape: Shape, doc: &'static str) -> Row {
    Row { path, holder: Holder::Launch, ty, varies: false, shape, doc }
}

/// All settings; the fields of a record follow it.
pub const SETTINGS: &[Row] = &[
    task(
        "run",
        "program",
        Shape::Program,
        "The task's program: `bash`, `sh` or `python` with a block, or a list of arguments.",
    ),
    task("image", "string", Shape::Text, "The container image that the program runs in."),
    task("files", "[string]", Shape::Files, "Files and directories that the program finds where it starts."),
    varying("resources", "Resources", Shape::Record("Resources"), "What a step asks of its machine."),
    varying("resources.cpu", "quantity", Shape::Text, "Cores: `4`, `500m`."),
    varying(
        "resources.memory",
        "quantity",
        Shape::Bytes,
        "Bytes: `8Gi`. Also the limit, where none is given.",
    ),
    varying("resources.gpu", "int", Shape::Text, "How many GPUs."),
    task(
        "resources.gpu_kind",
        "string",
        Shape::Text,
        "The kind of GPU, as the cluster calls it; `nvidia.com/gpu` where nothing is said.",
    ),
    varying(
        "resources.ephemeral_storage",
        "quantity",
        Shape::Bytes,
        "Bytes of disk that are gone with the step.",
    ),
    varying("resources.cpu_limit", "quantity", Shape::Text, "At most so many cores."),
    varying("resources.memory_limit", "quantity", Shape::Bytes, "At most so many bytes."),
    varying(
        "timeout",
        "duration",
        Shape::Duration,
        "The longest time of one attempt, from the program's start.",
    ),
    task("retry", "Retry", Shape::Record("Retry"), "How often a step is tried again."),
    task("retry.limit", "int", Shape::Text, "Further attempts after the first."),
    task("retry.backoff", "duration", Shape::Duration, "How long to wait before the first further attempt."),
    task("retry.factor", "float", Shape::Text, "By how much the wait grows each time."),
    task("retry.max_backoff", "duration", Shape::Duration, "The longest wait."),
    task("retry.exit_codes", "[int]", Shape::Text, "Which exit statuses are tried again."),
    task(
        "cache",
        "bool",
        Shape::Bool,
        "Whether the task is a function of its inputs, so that results are kept.",
    ),
    varying(
        "env",
        "map<string>",
        Shape::Environment,
        "Variables of the program's environment: secrets, and texts, numbers, bools, durations and the like as text.",
    ),
    varying(
        "secrets",
        "map<secret>",
        Shape::SecretFiles,
        "Secrets by the absolute paths of the files that they are mounted as.",
    ),
    varying("shm_size", "quantity", Shape::Bytes, "Bytes of shared memory."),
    varying("volumes", "[Volume]", Shape::Records("Volume"), "Directories that are mounted into the step."),
    task("volumes.mount", "string", Shape::Text, "Where: an absolute path."),
    varying("volumes.size", "quantity", Shape::Bytes, "An empty one of this size, gone with the step."),
    task("volumes.claim", "string", Shape::Text, "A claim of the cluster."),
    task("volumes.read_only", "bool", Shape::Bool, "Whether the step can't write to it."),
    task("node_selector", "map<string>", Shape::Labels, "Labels of the nodes that the step may run on."),
    task(
        "tolerations",
        "[Toleration]",
        Shape::Records("Toleration"),
        "Taints of nodes that the step may run on.",
    ),
    task("tolerations.key", "string", Shape::Text, "The taint's key."),
    task(
        "tolerations.operator",
        "TolerationOperator",
        Shape::Word("TolerationOperator"),
        "`exists` or `equal`.",
    ),
    task("tolerations.value", "string", Shape::Text, "The taint's value."),
    task(
        "tolerations.effect",
        "TolerationEffect",
        Shape::Word("TolerationEffect"),
        "`no_schedule`, `prefer_no_schedule` or `no_execute`.",
    ),
    task("labels", "map<string>", Shape::Labels, "Labels of the pods."),
    task("annotations", "map<string>", Shape::Annotations, "Annotations of the pods."),
    task("service_account", "string", Shape::Text, "The service account of the pods."),
    task(
        "image_pull_policy",
        "PullPolicy",
        Shape::Word("PullPolicy"),
        "When the image is fetched: `always`, `if_not_present` or `never`.",
    ),
    launch("schedule", "string", Shape::Text, "When it runs: five fields of cron."),
    launch(
        "timezone",
        "string",
        Shape::Text,
        "The time zone of the schedule and of `run.day`: `Europe/Berlin`.",
    ),
    launch(
        "overlap",
        "Overlap",
        Shape::Word("Overlap"),
        "What happens when a run is still going: `allow`, `forbid` or `replace`.",
    ),
    launch("deadline", "duration", Shape::Duration, "The longest time of a whole run."),
    launch("labels", "map<string>", Shape::Labels, "Labels of the run."),
];

/// The row of a setting by its name.
pub fn find(holder: Holder, name: &str) -> Option<&'static Row> {
    SETTINGS.iter().find(|row| row.holder == holder && row.path == name)
}

/// The row of a field of a setting that is a record, or a list of records.
pub fn find_field(setting: &Row, field: &str) -> Option<&'static Row> {
    SETTINGS.iter().find(|row| {
        row.holder == setting.holder
            && row.path.split_once('.').is_some_and(|(name, rest)| name == setting.path && rest == field)
    })
}

/// Names of the settings of a task or a launch.
pub fn names(holder: Holder) -> impl Iterator<Item = &'static str> {
    SETTINGS.iter().filter(move |row| row.holder == holder && !row.path.contains('.')).map(|row| row.path)
}

/// Names of the fields of a setting.
pub fn field_names(setting: &Row) -> impl Iterator<Item = &'static str> {
    let (name, holder) = (setting.path, setting.holder);
    SETTINGS.iter().filter_map(move |row| {
        let (first, field) = row.path.split_once('.')?;
        (row.holder == holder && first == name).then_some(field)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::words;

    #[test]
    fn settings_that_the_syntax_knows_are_settings() {
        for name in words::SETTINGS {
            let is_one = [Holder::Task, Holder::Launch].into_iter().any(|of| find(of, name).is_some());
            assert!(is_one, "{name}");
        }
    }
}
