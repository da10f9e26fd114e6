//! The script's own interface: its inputs and options, what it runs, and what it prints.

use pipec_ir::{Entry, Launch, Output, Parameter, Pipeline, PipelineId, Program, Type};

use super::bash::{comment, directory, quote, quoted};
use super::context::Context;
use super::function::{Function, Scope};
use super::kind::{absence, kind, size_kind};
use crate::Refusal;

/// What the script runs.
pub(super) struct Start<'a> {
    pub(super) id: &'a PipelineId,
    pub(super) pipeline: &'a Pipeline,
    /// A launch by its name: it has all arguments.
    pub(super) launch: Option<(&'a str, &'a Launch)>,
}

impl<'a> Start<'a> {
    pub(super) fn of(program: &'a Program) -> Option<Start<'a>> {
        let (id, launch) = match &program.entry {
            Entry::Pipeline(id) => (id, None),
            Entry::Launch(name) => {
                let (name, launch) = program.launches.get_key_value(name)?;
                (&launch.pipeline, Some((name.as_str(), launch)))
            }
        };
        let (id, pipeline) = program.pipelines.get_key_value(id)?;
        Some(Start { id, pipeline, launch })
    }

    pub(super) fn name(&self) -> &'a str {
        self.launch.map_or(self.pipeline.name.as_str(), |(name, _)| name)
    }

    /// The inputs that no launch gives.
    fn inputs(&self) -> &'a [Parameter] {
        if self.launch.is_some() { &[] } else { &self.pipeline.inputs }
    }

    /// The inputs that a person gives: no secrets, which keep their defaults.
    fn asked(&self) -> impl Iterator<Item = &'a Parameter> {
        self.inputs().iter().filter(|input| !matches!(input.ty, Type::Secret))
    }
}

/// `usage`, for `--help`.
pub(super) fn usage(start: &Start<'_>) -> String {
    let mut lines = vec![format!("Runs {} on this machine.", start.name()), String::new()];
    lines.push("usage: run.sh [option…] [name=value…]".to_owned());
    if start.asked().next().is_some() {
        lines.extend([String::new(), "inputs:".to_owned()]);
    }
    for input in start.asked() {
        let ending = match (&input.default, &input.ty) {
            (Some(_), _) => ", has a default",
            (None, _) => "",
        };
        lines.push(format!("  {}: {}{ending}", input.name, input.ty));
        if let Some(doc) = &input.doc {
            lines.extend(doc.lines().map(|line| format!("      {line}")));
        }
    }
    lines.extend(
        [
            "",
            "options:",
            "  -j N              at most N steps at a time (default: one for each core)",
            "  --json            print the outputs as one JSON object",
            "  --dir DIRECTORY   keep the run's logs and artifacts there (default: pipec-runs/ID)",
            "  --approve STEP    answer yes to the approval STEP, or to all",
            "  --at TIME         the instant that the run is for: 2026-11-24T03:00:00Z, or a day",
            "  --id ID           the run's name (default: made of the time)",
            "",
            "Lists, maps and records are given as JSON, paths relative to the working directory.",
            "Exit status: 0 fine, 1 a step failed, 2 wrong usage, 130 interrupted.",
        ]
        .map(str::to_owned),
    );
    format!("usage() {{\n  cat <<'USAGE'\n{}\nUSAGE\n}}\n", lines.join("\n"))
}

/// `take_inputs`, which hands the pipeline what it takes.
pub(super) fn take_inputs(context: &Context<'_>, start: &Start<'_>) -> String {
    let types = context.types();
    let mut function = Function::new(context, Scope::Nothing, format!("pipeline {}", start.pipeline.name));
    if let Some((name, launch)) = start.launch {
        if launch.deadline_ms.is_some() {
            context.refuse(
                Refusal::new("a script has no deadline for a whole run")
                    .help("give its steps timeouts, or start the script with `timeout`")
                    .at(format!("launch {name}"), launch.span),
            );
        }
        for argument in &launch.arguments {
            let declared = start.pipeline.inputs.iter().find(|input| input.name == argument.name);
            let word = function.expression(&argument.value);
            let ty = declared.map_or(&argument.value.ty, |declared| &declared.ty);
            let word = function.widened(word, &argument.value.ty, ty);
            function.must(format!("give {} {word}", quote(&directory(&argument.name))));
        }
    }
    for input in start.inputs() {
        let name = quote(&directory(&input.name));
        if matches!(input.ty, Type::Secret)
            && let Some(default) = &input.default
        {
            let word = function.expression(default);
            function.must(format!("give {name} {word}"));
            continue;
        }
        if input.ty.has_part(types, |part| matches!(part, Type::Secret)) {
            context.refuse(
                Refusal::new(format!("a script can't take the secret {} on its command line", input.name))
                    .help("write a launch that gives it as secret(\"name\", key: \"key\")")
                    .at(format!("pipeline {}", start.pipeline.name), input.span),
            );
            continue;
        }
        let optional = absence(&input.ty);
        let size = quoted(&size_kind(input.ty.without_optional(), types));
        let check = context.check(&input.ty, input.span);
        function.line(format!("if ! take {name} {size} {optional} {check}; then"));
        function.indent();
        match &input.default {
            Some(default) => {
                let word = function.expression(default);
                let word = function.widened(word, &default.ty, &input.ty);
                function.must(format!("give {name} {word}"));
            }
            None => {
                let message = format!(
                    "the input {} ({}) is missing: give it as {}=…",
                    input.name, input.ty, input.name
                );
                function.line(format!("die {}", quoted(&message)));
            }
        }
        function.dedent();
        function.line("fi");
    }
    function.finish("take_inputs")
}

/// `run_entry` and `show_outputs`.
pub(super) fn run_and_show(
    context: &Context<'_>,
    start: &Start<'_>,
    pipeline: &str,
    hooks: Option<&str>,
) -> String {
    let mut run = Function::new(context, Scope::Nothing, "");
    run.line(format!("call_pipeline {pipeline} {}", hooks.unwrap_or("''")));
    let mut show = Function::new(context, Scope::Nothing, "");
    let is_single = matches!(start.pipeline.results, pipec_ir::Results::Single(_));
    for output in start.pipeline.results.outputs() {
        let Output { name, ty, .. } = output;
        let place = if is_single {
            "\"$RUN/.value\"".to_owned()
        } else {
            format!("\"$RUN/.out/\"{}", quote(&directory(name)))
        };
        let word = show.load(name, "load", &place);
        show.line(format!("show {} {} {word}", quote(name), quoted(kind(ty, context.types()))));
    }
    show.line("if [[ -n $AS_JSON ]]; then show_json; fi");
    format!("{}\n{}", run.finish("run_entry"), show.finish("show_outputs"))
}

/// The lines of settings before the script's functions.
pub(super) fn facts(start: &Start<'_>) -> String {
    let mut text = format!("FACT[name]={}\n", quoted(start.name()));
    if let Some(zone) = start.launch.and_then(|(_, launch)| launch.timezone.as_ref()) {
        text.push_str(&format!("ZONE={}\n", quoted(zone)));
    }
    if start.asked().next().is_some() {
        let names = start.asked().map(|input| format!("[{}]=1", directory(&input.name)));
        text.push_str(&format!("INPUTS_TAKEN=({})\n", names.collect::<Vec<_>>().join(" ")));
    }
    text
}

/// The script's first comment.
pub(super) fn head(program: &Program, start: &Start<'_>, needs: &[&str]) -> String {
    let mut text = String::from("#!/usr/bin/env bash\n");
    if let Some(doc) = start.pipeline.doc.as_ref().or(program.doc.as_ref()) {
        text.push_str(&comment(doc));
        text.push_str("#\n");
    }
    let mut list = vec!["bash 4.4 or newer".to_owned(), "the GNU coreutils".to_owned()];
    list.extend(needs.iter().map(|need| (*need).to_owned()));
    text.push_str(&comment(&format!(
        "Runs {} of {} on this machine; ./run.sh --help shows its inputs. Compiled by pipec: change the source instead.\n\
         Needs {}, and what the steps' programs need.",
        start.name(),
        program.name,
        list.join(", ")
    )));
    text.push_str("# shellcheck disable=SC2016 # what stands in single quotes is meant as it is written\n");
    text
}
