//! Gives every top-level declaration an id, and every file its table of names.

use super::messages;
use super::{Modules, Place};
use crate::diagnostics::Diagnostic;
use crate::hir::{
    ConstantId, Definition, EnumId, FormatId, LaunchId, ModuleId, PipelineId, RecordId, TaskId, TypeAliasId,
};
use crate::source::Span;
use crate::syntax::ast;

/// Fills the tables of names of modules whose imports have been loaded.
pub fn declare(modules: &mut Modules) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for index in 0..modules.all.len() {
        own_names(modules, module_id(index), &mut diagnostics);
    }
    for index in 0..modules.all.len() {
        imported_names(modules, module_id(index), &mut diagnostics);
    }
    diagnostics
}

fn module_id(index: usize) -> ModuleId {
    ModuleId(id(index))
}

fn id(index: usize) -> u32 {
    u32::try_from(index).unwrap_or_else(|_| panic!("more than 2^32 declarations"))
}

fn own_names(modules: &mut Modules, module: ModuleId, diagnostics: &mut Vec<Diagnostic>) {
    let tree = modules.module(module).tree.clone();
    let broken = tree.broken_names.iter().map(|name| name.value.clone());
    modules.all[module.index()].failed.extend(broken);
    for (index, item) in tree.items.iter().enumerate() {
        let place = Place { module, item: id(index) };
        let Some((name, definition)) = allocate(modules, place, &item.kind) else { continue };
        let table = &mut modules.all[module.index()].names;
        if let Some(first) = table.get(&name.value).cloned() {
            let first = name_span(modules, &first);
            diagnostics.push(messages::declared_twice(name, first));
        } else {
            table.insert(name.value.clone(), definition);
        }
    }
}

/// The id of a declaration. Every declaration has one, also where its name is taken.
fn allocate<'a>(
    modules: &mut Modules,
    place: Place,
    kind: &'a ast::ItemKind,
) -> Option<(&'a ast::Name, Definition)> {
    let places = &mut modules.places;
    let add = |arena: &mut Vec<Place>| {
        arena.push(place);
        id(arena.len() - 1)
    };
    let pair = match kind {
        ast::ItemKind::Use(_) | ast::ItemKind::Error => return None,
        ast::ItemKind::Const(tree) => {
            (&tree.name, Definition::Constant(ConstantId(add(&mut places.constants))))
        }
        ast::ItemKind::Type(tree) => {
            (&tree.name, Definition::TypeAlias(TypeAliasId(add(&mut places.type_aliases))))
        }
        ast::ItemKind::Record(tree) => (&tree.name, Definition::Record(RecordId(add(&mut places.records)))),
        ast::ItemKind::Enum(tree) => (&tree.name, Definition::Enum(EnumId(add(&mut places.enums)))),
        ast::ItemKind::Format(tree) => (&tree.name, Definition::Format(FormatId(add(&mut places.formats)))),
        ast::ItemKind::Task(tree) => (&tree.name, Definition::Task(TaskId(add(&mut places.tasks)))),
        ast::ItemKind::Pipeline(tree) => {
            (&tree.name, Definition::Pipeline(PipelineId(add(&mut places.pipelines))))
        }
        ast::ItemKind::Launch(tree) => (&tree.name, Definition::Launch(LaunchId(add(&mut places.launches)))),
    };
    Some(pair)
}

fn imported_names(modules: &mut Modules, module: ModuleId, diagnostics: &mut Vec<Diagnostic>) {
    let tree = modules.module(module).tree.clone();
    let used = modules.module(module).used.clone();
    for (index, used_tree) in super::uses(&tree).enumerate() {
        let from = used.get(index).copied().flatten();
        match &used_tree.what {
            ast::UseKind::Error => {}
            ast::UseKind::Alias(name) => {
                let Some(from) = from else {
                    modules.all[module.index()].failed.insert(name.value.clone());
                    continue;
                };
                if is_free(modules, module, name, diagnostics) {
                    let module = &mut modules.all[module.index()];
                    module.aliases.insert(name.value.clone(), from);
                    module.imports.insert(name.value.clone(), name.span);
                }
            }
            ast::UseKind::Names(names) => {
                for name in names {
                    import(modules, module, from, &used_tree.path.value, name, diagnostics);
                }
            }
        }
    }
}

fn import(
    modules: &mut Modules,
    module: ModuleId,
    from: Option<ModuleId>,
    path: &str,
    name: &ast::Name,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(from) = from else {
        modules.all[module.index()].failed.insert(name.value.clone());
        return;
    };
    let Some(definition) = modules.find_exported(from, &name.value) else {
        modules.all[module.index()].failed.insert(name.value.clone());
        if !modules.module(from).failed.contains(&name.value) {
            diagnostics.push(messages::not_in_module(name, path, modules.module(from)));
        }
        return;
    };
    if is_free(modules, module, name, diagnostics) {
        let module = &mut modules.all[module.index()];
        module.names.insert(name.value.clone(), definition);
        module.imports.insert(name.value.clone(), name.span);
    }
}

fn is_free(modules: &Modules, module: ModuleId, name: &ast::Name, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let tables = modules.module(module);
    let first = match (tables.imports.get(&name.value), tables.names.get(&name.value)) {
        (Some(span), _) => *span,
        (None, Some(definition)) => name_span(modules, definition),
        (None, None) => return true,
    };
    diagnostics.push(messages::declared_twice(name, first));
    false
}

/// Where the name of a top-level declaration stands.
fn name_span(modules: &Modules, definition: &Definition) -> Span {
    match definition {
        Definition::Record(id) => modules.record(*id).2.name.span,
        Definition::Enum(id) => modules.enumeration(*id).2.name.span,
        Definition::TypeAlias(id) => modules.type_alias(*id).2.name.span,
        Definition::Format(id) => modules.format(*id).2.name.span,
        Definition::Constant(id) => modules.constant(*id).2.name.span,
        Definition::Task(id) => modules.task(*id).2.name.span,
        Definition::Pipeline(id) => modules.pipeline(*id).2.name.span,
        Definition::Launch(id) => modules.launch(*id).2.name.span,
        Definition::Module(_)
        | Definition::Field(..)
        | Definition::Variant(..)
        | Definition::TaskParameter(..)
        | Definition::TaskResult(..)
        | Definition::PipelineParameter(..)
        | Definition::PipelineResult(..)
        | Definition::Local(..)
        | Definition::Function(_)
        | Definition::BuiltInType(_)
        | Definition::Setting(_) => panic!("only declarations have a place in a table of names"),
    }
}
