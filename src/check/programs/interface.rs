//! What a task gives its program: variables, and which input or output each belongs to.

use foldhash::{HashMap, HashSet};

use crate::check::context::Checker;
use crate::check::variables;
use crate::hir::{ExprKind, Results, Task, TaskId};
use crate::source::Span;
use crate::syntax::words::is_reserved;
use crate::types::{Kind, Type, kind};

/// An input or an output of a task, by its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Part {
    Input(usize),
    Output(usize),
}

/// How an output leaves a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Travels {
    /// Python assigns it; elsewhere its text is written to the path in its variable.
    Value,
    /// It is written to the path in its variable.
    Artifact,
    /// As the caller's type does: nothing is known here.
    Either,
}

#[derive(Clone, Debug)]
pub(super) struct Output {
    pub(super) name: String,
    pub(super) span: Span,
    pub(super) travels: Travels,
    /// It may be left unwritten, which is `null`.
    pub(super) is_optional: bool,
}

#[derive(Debug)]
pub(super) struct Interface {
    /// Name and place.
    pub(super) inputs: Vec<(String, Span)>,
    pub(super) outputs: Vec<Output>,
    /// Every variable of an input or an output.
    pub(super) variables: HashMap<String, Part>,
    /// In order of declaration, for "did you mean".
    pub(super) names: Vec<String>,
    /// What variables of inputs begin with whose fields aren't known.
    pub(super) torn: Vec<String>,
    /// Names that `env` sets.
    pub(super) environment: HashSet<String>,
    /// What is known to be used.
    pub(super) used: HashSet<Part>,
    /// Top-level names of what `files` delivers, without `.py`.
    pub(super) modules: HashSet<String>,
}

impl Checker<'_> {
    pub(super) fn interface(&self, id: TaskId, used: &HashSet<(TaskId, Part)>) -> Interface {
        let task = &self.program.tasks[id.index()];
        let mut interface = Interface {
            inputs: Vec::new(),
            outputs: outputs(task, |ty| self.travels(ty)),
            variables: HashMap::default(),
            names: Vec::new(),
            torn: Vec::new(),
            environment: environment(task),
            used: HashSet::default(),
            modules: task.files.iter().map(|file| module(&file.place)).collect(),
        };
        for (index, parameter) in task.parameters.iter().enumerate() {
            let part = Part::Input(index);
            interface.inputs.push((parameter.name.clone(), parameter.span));
            // What has a mistake in its name or its type can't be used.
            if used.contains(&(id, part)) || is_reserved(&parameter.name) || parameter.ty.holds_error() {
                interface.used.insert(part);
            }
            if parameter.ty.holds_error() {
                interface.torn.push(format!("{}_", parameter.name));
            }
            let mut found = Vec::new();
            // Too many variables have been reported, and the first ones do.
            variables::of_input(&parameter.name, &parameter.ty, parameter.span, &self.program, &mut found);
            found.into_iter().for_each(|variable| interface.add(variable.name, part));
        }
        for index in 0..interface.outputs.len() {
            let part = Part::Output(index);
            if used.contains(&(id, part)) {
                interface.used.insert(part);
            }
            interface.add(interface.outputs[index].name.clone(), part);
        }
        interface
    }

    fn travels(&self, ty: &Type) -> Travels {
        match kind(ty, &self.program) {
            Kind::Value => Travels::Value,
            Kind::Artifact | Kind::Mixed | Kind::Secret => Travels::Artifact,
            Kind::Either => Travels::Either,
        }
    }
}

impl Interface {
    fn add(&mut self, name: String, part: Part) {
        self.names.push(name.clone());
        self.variables.entry(name).or_insert(part);
    }

    /// But those whose name says that they are meant to be: `_seed`.
    pub(super) fn unused_inputs(&self) -> impl Iterator<Item = &(String, Span)> {
        let inputs = self.inputs.iter().enumerate();
        let unused = inputs.filter(|(index, _)| !self.used.contains(&Part::Input(*index)));
        unused.map(|(_, input)| input).filter(|(name, _)| !name.starts_with('_'))
    }

    pub(super) fn unused_outputs(&self) -> impl Iterator<Item = &Output> {
        let outputs = self.outputs.iter().enumerate();
        let unused = outputs.filter(|(index, _)| !self.used.contains(&Part::Output(*index)));
        unused.map(|(_, output)| output).filter(|output| !output.is_optional)
    }
}

fn outputs(task: &Task, travels: impl Fn(&Type) -> Travels) -> Vec<Output> {
    let output = |name: &str, ty: &Type, span| Output {
        name: name.to_owned(),
        span,
        travels: travels(ty),
        is_optional: matches!(ty, Type::Optional(_)),
    };
    match &task.results {
        Results::None => Vec::new(),
        Results::Single { ty, span } => vec![output("out", ty, *span)],
        Results::Named(fields) => {
            fields.iter().map(|field| output(&field.name, &field.ty, field.span)).collect()
        }
    }
}

fn environment(task: &Task) -> HashSet<String> {
    let settings = task.settings.iter().filter(|setting| setting.name == "env");
    let mut keys = HashSet::default();
    for setting in settings {
        if let ExprKind::Map(entries) = &setting.value.kind {
            keys.extend(entries.iter().map(|(key, _)| key.clone()));
        }
    }
    keys
}

/// `lib/train.py` is found as `lib`, `train.py` as `train`.
fn module(place: &str) -> String {
    let first = place.split('/').next().unwrap_or(place);
    first.strip_suffix(".py").unwrap_or(first).to_owned()
}
