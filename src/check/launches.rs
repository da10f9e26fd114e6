//! Launches: which pipeline with which arguments, when.

use foldhash::HashMap;

use super::calls::{Arguments, Placed};
use super::context::{Checker, Owner, Place, Scope};
use super::declarations::{doc, number};
use super::messages;
use super::messages::launches as say;
use super::settings::Of;
use super::types::word;
use crate::hir::{self, Callee, Definition, LaunchId, ModuleId, PipelineId};
use crate::resolve::suggest;
use crate::source::Span;
use crate::syntax::ast;
use crate::types::Type;

/// Kubernetes gives a scheduled workflow's name so much room.
const LONGEST_NAME: usize = 52;

impl Checker<'_> {
    pub(super) fn check_launches(&mut self) {
        for index in 0..self.modules.places.launches.len() {
            self.check_launch(LaunchId(number(index)));
        }
    }

    fn check_launch(&mut self, id: LaunchId) {
        let modules = self.modules;
        let (module, item, tree) = modules.launch(id);
        self.declares(tree.name.span, Definition::Launch(id));
        self.check_launch_name(&tree.name);
        let pipeline = self.launched(module, &tree.pipeline);
        let mut scope = Scope::new(module, Owner::Launch(id), Place::Launch);
        let (arguments, type_arguments) = match pipeline {
            Some(pipeline) => self.launch_arguments(&mut scope, pipeline, tree),
            None => {
                for argument in &tree.arguments {
                    self.expression(&mut scope, &argument.value, None);
                }
                (Vec::new(), Vec::new())
            }
        };
        let settings = self.settings(&mut Scope::constant(module), &tree.settings, Of::Launch);
        let has = |name: &str| settings.iter().find(|setting| setting.name == name);
        if let (None, Some(setting)) = (has("schedule"), has("overlap")) {
            self.report(say::overlap_without_schedule(setting.span));
        }
        self.program.launches.push(hir::Launch {
            module,
            name: tree.name.value.clone(),
            span: tree.name.span,
            doc: doc(item.doc.as_ref()),
            pipeline,
            type_arguments,
            arguments,
            settings,
        });
    }

    fn check_launch_name(&mut self, name: &ast::Name) {
        let text = &name.value;
        if text.len() > LONGEST_NAME {
            self.report(say::launch_name_too_long(name, LONGEST_NAME));
        } else if text.starts_with('_') || text.ends_with('_') {
            self.report(say::launch_name_with_edges(name));
        }
    }

    fn launched(&mut self, module: ModuleId, path: &ast::Path) -> Option<PipelineId> {
        let name = &path.name;
        let (definition, tables) = match &path.module {
            None => (self.lookup(module, &name.value, name.span), module),
            Some(alias) => {
                let from = self.imported_module(module, alias)?;
                (self.lookup_in(from, &name.value, name.span), from)
            }
        };
        match definition {
            Some(Definition::Pipeline(id)) => Some(id),
            Some(other) => {
                self.report(say::launches_no_pipeline(&name.value, word(&other), path.span()));
                None
            }
            None => {
                let names = &self.modules.module(tables).names;
                let pipelines =
                    names.iter().filter(|(_, definition)| matches!(definition, Definition::Pipeline(_)));
                let known = pipelines.map(|(name, _)| name.as_str());
                let diagnostic = messages::unknown_name("pipeline", &name.value, name.span, known);
                self.report_unknown_name(tables, &name.value, diagnostic);
                None
            }
        }
    }

    fn launch_arguments(
        &mut self,
        scope: &mut Scope,
        pipeline: PipelineId,
        tree: &ast::Launch,
    ) -> (Vec<(u32, hir::Expr)>, Vec<Type>) {
        let parameters: Vec<hir::Parameter> = self.program.pipelines[pipeline.index()].parameters.clone();
        let name = self.program.pipelines[pipeline.index()].name.clone();
        let mut given: HashMap<u32, Span> = HashMap::default();
        let before = self.diagnostics.len();
        let mut placed = Vec::with_capacity(tree.arguments.len());
        let mut named: Option<Span> = None;
        let mut guessed = false;
        for (position, argument) in tree.arguments.iter().enumerate() {
            let index = match &argument.name {
                Some(word) => {
                    named = named.or(Some(argument.span));
                    match parameters.iter().position(|parameter| parameter.name == word.value) {
                        Some(index) => Some(index),
                        None => {
                            let known = parameters.iter().map(|parameter| parameter.name.as_str());
                            let near = suggest::nearest(&word.value, known);
                            self.report(say::unknown_argument(word, &name, near));
                            guessed = true;
                            None
                        }
                    }
                }
                None if named.is_some() => {
                    self.report(say::positional_after_named(argument.span));
                    guessed = true;
                    None
                }
                None if position < parameters.len() => Some(position),
                None => {
                    self.report(say::too_many_arguments(&name, parameters.len(), argument.span));
                    None
                }
            };
            let Some(index) = index else {
                self.expression(scope, &argument.value, None);
                continue;
            };
            match given.get(&number(index)) {
                Some(first) => {
                    self.report(say::argument_twice(&parameters[index].name, argument.span, *first));
                    self.expression(scope, &argument.value, Some(&Type::Error));
                }
                None => {
                    given.insert(number(index), argument.span);
                    placed.push(Placed { input: index, tree: &argument.value });
                }
            }
        }
        let missing: Vec<&hir::Parameter> = parameters
            .iter()
            .enumerate()
            .filter(|(index, parameter)| parameter.default.is_none() && !given.contains_key(&number(*index)))
            .map(|(_, parameter)| parameter)
            .collect();
        // A misspelt name is one mistake, not a missing argument too.
        if !missing.is_empty() && !guessed {
            let diagnostic = say::missing_arguments(self, &name, &missing, tree.arguments_span);
            self.report(diagnostic);
        }
        let complete = (self.diagnostics.len() == before).then_some(tree.arguments_span);
        let callee = Callee::Pipeline(pipeline);
        let Arguments { values, types } = self.placed_arguments(scope, callee, &placed, complete);
        let arguments =
            values.into_iter().map(|argument| (argument.parameter, self.folded(argument.value))).collect();
        (arguments, types.unwrap_or_default())
    }
}
