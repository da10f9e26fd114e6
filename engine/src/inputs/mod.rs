//! The values that a run starts with: what was typed, what an inputs file has, what a launch fixes, and defaults, as
//! values of the entry pipeline's parameters.

mod artifacts;
mod columns;
mod given;
mod unique;

use std::path::{Path, PathBuf};

use pipec_ir::text::{check_size, parse_text};
use pipec_ir::{
    ArtifactRef, Expr, Fault, Launch, NodeId, Parameter, Pipeline, Program, RunField, Scope, Type, Value,
    evaluate, from_json,
};

use crate::artifacts::captured::Captured;
use crate::error::Refusal;
use crate::facts::RunFacts;
use crate::places::place;
use crate::request::RunRequest;
use crate::suggestions::help;
use artifacts::resolve;
use given::{Given, Source, read_given};

/// What runs: a pipeline, and the launch that names it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) name: &'a str,
    pub(crate) pipeline: &'a Pipeline,
    pub(crate) launch: Option<&'a Launch>,
}

impl Entry<'_> {
    pub(crate) fn find<'a>(program: &'a Program, name: Option<&str>) -> Result<Entry<'a>, Refusal> {
        let name = name.unwrap_or(match &program.entry {
            pipec_ir::Entry::Pipeline(id) => &id.0,
            pipec_ir::Entry::Launch(name) => name,
        });
        if let Some((name, launch)) = program.launches.get_key_value(name) {
            let pipeline = program.pipelines.get(&launch.pipeline).ok_or_else(|| {
                Refusal::new(format!("the launch {name} is of a pipeline that isn't there"))
            })?;
            return Ok(Entry { name, pipeline, launch: Some(launch) });
        }
        let found = program.pipelines.iter().find(|(id, _)| id.0 == name);
        let (id, pipeline) = found.ok_or_else(|| {
            let pipelines = program.pipelines.keys().map(|id| id.0.as_str());
            let names: Vec<&str> = pipelines.chain(program.launches.keys().map(String::as_str)).collect();
            Refusal::new(format!("there is no pipeline or launch called {name}")).help(help(
                name,
                "pipelines and launches",
                &names,
            ))
        })?;
        Ok(Entry { name: &id.0, pipeline, launch: None })
    }
}

/// The arguments of the entry pipeline, one for each parameter, in declared order. All mistakes at once.
pub(crate) fn entry_arguments(
    program: &Program,
    entry: Entry<'_>,
    request: &RunRequest,
    facts: &RunFacts,
    captured: &Captured<'_>,
) -> Result<Vec<(String, Value)>, Vec<Refusal>> {
    let given = read_given(request)?;
    let mut refusals = unknown_names(entry.pipeline, &given);
    let mut arguments = Vec::new();
    let reader = Reader { program, entry, facts, captured };
    for parameter in &entry.pipeline.inputs {
        let given = given.iter().find(|given| given.name == parameter.name);
        match reader.argument(parameter, given) {
            Ok(value) => arguments.push((parameter.name.clone(), value)),
            Err(refusal) => refusals.push(refusal),
        }
    }
    if refusals.is_empty() { Ok(arguments) } else { Err(refusals) }
}

/// The names that the request has values for; none where it can't be read, which `entry_arguments` says.
pub(crate) fn given_names(request: &RunRequest) -> Vec<String> {
    read_given(request)
        .map_or_else(|_| Vec::new(), |given| given.into_iter().map(|given| given.name).collect())
}

fn unknown_names(pipeline: &Pipeline, given: &[Given]) -> Vec<Refusal> {
    let names: Vec<&str> = pipeline.inputs.iter().map(|parameter| parameter.name.as_str()).collect();
    let unknown = given.iter().filter(|given| !names.contains(&given.name.as_str()));
    let refuse = |given: &Given| {
        Refusal::new(format!(
            "{}: the pipeline {} has no input {}",
            given.origin(),
            pipeline.name,
            given.name
        ))
        .help(help(&given.name, "inputs", &names))
    };
    unknown.map(refuse).collect()
}

struct Reader<'a> {
    program: &'a Program,
    entry: Entry<'a>,
    facts: &'a RunFacts,
    captured: &'a Captured<'a>,
}

impl Reader<'_> {
    fn argument(&self, parameter: &Parameter, given: Option<&Given>) -> Result<Value, Refusal> {
        let Parameter { name, ty, .. } = parameter;
        if let Some(given) = given {
            return self.read(given, ty);
        }
        let fixed = self.entry.launch.and_then(|launch| {
            launch.arguments.iter().find(|argument| argument.name == *name).map(|argument| &argument.value)
        });
        match fixed.or(parameter.default.as_ref()) {
            Some(expr) => self.evaluate(name, expr),
            None => Err(self.missing(name, ty)),
        }
    }

    fn read(&self, given: &Given, ty: &Type) -> Result<Value, Refusal> {
        let types = &self.program.types;
        let refuse = |sentence: String| Refusal::new(format!("{}: {sentence}", given.origin()));
        if ty.has_part(types, |part| matches!(part, Type::Secret)) {
            return Err(refuse("a secret can't be given as a value".to_owned())
                .help("give the input a default or a launch with secret(\"name\", key: \"…\")"));
        }
        let value = match &given.source {
            Source::Text(text) => parse_text(text, ty, types),
            Source::Json(json) => from_json(json, ty, types),
        };
        let value = value.map_err(|found| {
            let refusal = refuse(found.to_string());
            let is_json = ty.is_structured(types) && !matches!(ty.without_optional(), Type::Enum { .. });
            if is_json && matches!(given.source, Source::Text(_)) {
                refusal.help(format!("a {ty} is written as JSON; quote it for the shell: '{}=…'", given.name))
            } else {
                refusal
            }
        })?;
        check_size(&value, ty, types).map_err(|found| refuse(found.to_string()))?;
        resolve(value, ty, types, &given.base).map_err(refuse)
    }

    fn evaluate(&self, name: &str, expr: &Expr) -> Result<Value, Refusal> {
        let scope = EntryScope { facts: self.facts, captured: self.captured };
        let refuse = |sentence: String, span| {
            Refusal::new(format!("the input {name}: {sentence}")).at(place(self.program, span))
        };
        let value = evaluate(expr, &self.program.types, &scope)
            .map_err(|fault| refuse(fault.message.clone(), fault.span.or(expr.span)))?;
        resolve(value, &expr.ty, &self.program.types, Path::new("/"))
            .map_err(|sentence| refuse(sentence, expr.span))
    }

    fn missing(&self, name: &str, ty: &Type) -> Refusal {
        let refusal =
            Refusal::new(format!("the input {name} ({ty}) of {} is missing", self.entry.pipeline.name));
        if matches!(ty, Type::Secret) {
            refusal.help("give it a default or a launch with secret(\"name\", key: \"…\")")
        } else {
            refusal.help(format!("add {name}=… to the command, or \"{name}\" to the inputs file"))
        }
    }
}

/// What defaults and launch arguments see.
struct EntryScope<'a> {
    facts: &'a RunFacts,
    captured: &'a Captured<'a>,
}

impl Scope for EntryScope<'_> {
    fn input(&self, _: &str) -> Option<Value> {
        None
    }

    fn output(&self, _: &NodeId, _: Option<&str>) -> Option<Value> {
        None
    }

    fn run(&self, field: RunField) -> Option<Value> {
        self.facts.value(field)
    }

    fn artifact(&self, artifact: &ArtifactRef) -> Result<Value, Fault> {
        self.captured.artifact(artifact).map(Value::Artifact).map_err(Fault::new)
    }
}

/// The directory that a file is in.
fn directory_of(path: &Path) -> PathBuf {
    path.parent().map_or_else(|| PathBuf::from("/"), Path::to_owned)
}
