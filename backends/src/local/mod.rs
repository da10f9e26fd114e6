//! A program as a directory with one script, `run.sh`, that runs where pipec isn't installed.
//!
//! In: a program that `validate` accepts. Out: `run.sh`, the steps' programs, the captured files, and the little library
//! that the script needs beside it, or refusals. Each node is a bash function, and each unit a directory of the run: values
//! travel as files, so nothing is ever pasted into code.

mod amount;
mod bash;
mod body;
mod context;
mod entry;
mod expression;
mod files;
mod function;
mod kind;
mod library;
mod pattern;
mod references;
mod task;

use indexmap::IndexMap;
use pipec_ir::{Program, Run};

use self::bash::{Names, quoted};
use self::body::Functions;
use self::context::{Context, Needs};
use self::entry::Start;
use crate::{OutputFile, Refusal};

const HEADER: &str = include_str!("runtime/header.sh");
/// In the order in which they stand in the script.
const RUNTIME: [&str; 6] = [
    include_str!("runtime/entry.sh"),
    include_str!("runtime/schedule.sh"),
    include_str!("runtime/steps.sh"),
    include_str!("runtime/checks.sh"),
    include_str!("runtime/values.sh"),
    include_str!("runtime/numbers.sh"),
];
const VALUES: &str = include_str!("runtime/values.jq");
const PRELUDE: &str = include_str!("runtime/prelude.py");

/// Commands of the runtime that compute with jq.
const COMPUTING: &[&str] = &[
    "query",
    "query_at",
    "split",
    "element",
    "element_or_null",
    "entry",
    "entry_or_null",
    "float",
    "float_compare",
    "round_float",
    "int_as_float",
    "sum",
    "extreme_in",
    "input_files",
    "map_over",
    "check_float",
    "check_json",
    "check_variant",
    "amount_of",
];

/// Lowers the program's entry to files below the output directory.
pub fn compile(program: &Program) -> Result<Vec<OutputFile>, Vec<Refusal>> {
    let Some(start) = Start::of(program) else {
        return Err(vec![Refusal::new("the program has no entry to run")]);
    };
    let context = Context::new(program);
    let mut names = Names::default();
    for name in runtime_functions() {
        names.reserve(name);
    }
    let mut files = Vec::new();
    let mut tasks = IndexMap::new();
    let mut task_texts = Vec::new();
    let mut stems = Names::default();
    for (id, task) in &program.tasks {
        let name = names.fresh(&format!("task_{}", id.0));
        let lowered = task::lower(&context, task, &name, &stems.fresh(&id.0));
        task_texts.push(lowered.text);
        files.extend(lowered.files);
        tasks.insert(id.clone(), name);
    }
    let mut pipelines = IndexMap::new();
    for (id, pipeline) in &program.pipelines {
        let name = names.fresh(&format!("pipeline_{}", id.0));
        let hooks = (!pipeline.hooks.is_empty()).then(|| names.fresh(&format!("{}_hooks", id.0)));
        pipelines.insert(id.clone(), (name, hooks));
    }
    let mut functions = Functions { context: &context, names, tasks, pipelines, texts: Vec::new() };
    for (id, pipeline) in &program.pipelines {
        functions.pipeline(id, pipeline);
    }
    let inputs = entry::take_inputs(&context, &start);
    let (pipeline, hooks) = functions.pipelines.get(start.id).cloned().unwrap_or_default();
    let running = entry::run_and_show(&context, &start, &pipeline, hooks.as_deref());
    let body_texts = functions.texts;
    let Needs { patterns, artifacts } = context.into_result()?;

    let mut body = vec![entry::usage(&start), inputs, running];
    body.extend(task_texts);
    body.extend(body_texts);
    let body = body.join("\n");
    let has_python = program
        .tasks
        .values()
        .any(|task| matches!(task.run, Run::Script { interpreter: pipec_ir::Interpreter::Python, .. }));
    let needs: Vec<&str> = [("jq", computes(&body)), ("python3", has_python)]
        .into_iter()
        .filter_map(|(name, is_needed)| is_needed.then_some(name))
        .collect();

    let mut script = entry::head(program, &start, &needs);
    script.push('\n');
    script.push_str(HEADER);
    script.push('\n');
    script.push_str(&entry::facts(&start));
    if !patterns.is_empty() {
        script.push_str("PATTERNS=(\n");
        for (pattern, extended) in &patterns {
            script.push_str(&format!("  [{}]={}\n", quoted(pattern), pattern::word(extended)));
        }
        script.push_str(")\n");
    }
    script.push('\n');
    script.push_str(&body);
    for part in RUNTIME {
        script.push('\n');
        script.push_str(part);
    }
    script.push_str(&format!(
        "\nneed {}\nmain \"$@\"\n",
        [&["mkfifo", "timeout", "nproc"], needs.as_slice()].concat().join(" ")
    ));

    files.insert(0, OutputFile { path: "run.sh".to_owned(), content: script.into_bytes(), executable: true });
    if needs.contains(&"jq") {
        files.push(OutputFile::text("lib/values.jq", VALUES));
        let types = kind::type_table(&program.types);
        let types = serde_json::to_string_pretty(&types).unwrap_or_default() + "\n";
        files.push(OutputFile::text("lib/types.json", types));
    }
    if has_python {
        files.push(OutputFile::text("lib/prelude.py", PRELUDE));
    }
    files.extend(artifacts.iter().flat_map(|artifact| files::artifact_files(program, artifact)));
    files.sort_by(|left, right| left.path.cmp(&right.path));
    files.dedup();
    Ok(files)
}

/// Whether a line begins with a command that computes with jq, or names one as a check.
fn computes(body: &str) -> bool {
    body.lines().any(|line| line.split([' ', ';']).any(|word| COMPUTING.contains(&word)))
}

fn runtime_functions() -> impl Iterator<Item = &'static str> {
    RUNTIME.iter().flat_map(|part| part.lines()).filter_map(|line| line.strip_suffix("() {"))
}
