//! Names → definitions: every file that is reached, and what each of its top-level names means. Looks at no types and no
//! bodies.

mod declare;
pub(crate) mod graph;
mod load;
pub(crate) mod messages;
pub mod suggest;

use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

use crate::hir::{
    ConstantId, Definition, EnumId, FormatId, LaunchId, ModuleId, PipelineId, RecordId, TaskId, TypeAliasId,
};
use crate::source::Span;
use crate::syntax::ast;

pub use declare::declare;
pub use load::load;

/// All files of a compilation, with the prelude as the first and the compiled file as the second.
#[derive(Clone, Debug, Default)]
pub struct Modules {
    /// By `ModuleId`.
    pub all: Vec<Module>,
    /// Where each declaration stands, by its id.
    pub places: Places,
}

/// A file, and what its names mean.
#[derive(Clone, Debug)]
pub struct Module {
    pub tree: Arc<ast::File>,
    /// Relative to the project's root, `/` between parts.
    pub path: String,
    /// Own declarations and what is imported by name, in source order.
    pub names: IndexMap<String, Definition>,
    /// `use … as x`
    pub aliases: IndexMap<String, ModuleId>,
    /// Where an alias or an imported name was written, in source order.
    pub imports: IndexMap<String, Span>,
    /// Names that an import or a declaration would have given, had it made sense: they have had their message.
    pub failed: IndexSet<String>,
    /// What each `use` loads, in source order; `None` where that failed.
    pub used: Vec<Option<ModuleId>>,
    /// Whether it comes with pipec: no file that people could open or change.
    pub is_library: bool,
}

/// A module, and the index of an item in its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub module: ModuleId,
    pub item: u32,
}

/// Vectors by id.
#[derive(Clone, Debug, Default)]
pub struct Places {
    pub records: Vec<Place>,
    pub enums: Vec<Place>,
    pub type_aliases: Vec<Place>,
    pub formats: Vec<Place>,
    pub constants: Vec<Place>,
    pub tasks: Vec<Place>,
    pub pipelines: Vec<Place>,
    pub launches: Vec<Place>,
}

/// The imports of a file, in source order.
pub(crate) fn uses(tree: &ast::File) -> impl Iterator<Item = &ast::Use> {
    tree.items.iter().filter_map(
        |item| {
            if let ast::ItemKind::Use(tree) = &item.kind { Some(tree) } else { None }
        },
    )
}

/// The names that an import makes known.
pub(crate) fn imported(tree: &ast::Use) -> &[ast::Name] {
    match &tree.what {
        ast::UseKind::Alias(name) => std::slice::from_ref(name),
        ast::UseKind::Names(names) => names,
        ast::UseKind::Error => &[],
    }
}

impl Module {
    pub fn new(tree: Arc<ast::File>, path: String, used: Vec<Option<ModuleId>>) -> Module {
        Module {
            tree,
            path,
            names: IndexMap::new(),
            aliases: IndexMap::new(),
            imports: IndexMap::new(),
            failed: IndexSet::new(),
            used,
            is_library: false,
        }
    }
}

impl Modules {
    pub fn module(&self, id: ModuleId) -> &Module {
        &self.all[id.index()]
    }

    /// What a name means in a file: its own declarations and imports, then the prelude's.
    pub fn find(&self, module: ModuleId, name: &str) -> Option<Definition> {
        let module = self.module(module);
        if let Some(definition) = module.names.get(name) {
            return Some(definition.clone());
        }
        if let Some(alias) = module.aliases.get(name) {
            return Some(Definition::Module(*alias));
        }
        self.all.first()?.names.get(name).cloned()
    }

    /// What a name of another file means to those who import it: its own declarations only.
    pub fn find_exported(&self, module: ModuleId, name: &str) -> Option<Definition> {
        let module = self.module(module);
        let definition = module.names.get(name)?;
        (!module.imports.contains_key(name)).then(|| definition.clone())
    }

    fn item(&self, place: Place) -> &ast::Item {
        &self.module(place.module).tree.items[place.item as usize]
    }
}

/// For each kind of declaration: from its id to its module and tree.
macro_rules! trees {
    ($($method:ident($id:ty) = $places:ident: $kind:ident;)*) => {
        impl Modules {
            $(pub fn $method(&self, id: $id) -> (ModuleId, &ast::Item, &ast::$kind) {
                let place = self.places.$places[id.index()];
                let item = self.item(place);
                let ast::ItemKind::$kind(tree) = &item.kind else {
                    panic!("an id leads to a declaration of another kind")
                };
                (place.module, item, tree)
            })*
        }
    };
}

trees! {
    record(RecordId) = records: Record;
    enumeration(EnumId) = enums: Enum;
    format(FormatId) = formats: Format;
    constant(ConstantId) = constants: Const;
    task(TaskId) = tasks: Task;
    pipeline(PipelineId) = pipelines: Pipeline;
    launch(LaunchId) = launches: Launch;
}

impl Modules {
    pub fn type_alias(&self, id: TypeAliasId) -> (ModuleId, &ast::Item, &ast::TypeAlias) {
        let place = self.places.type_aliases[id.index()];
        let item = self.item(place);
        let ast::ItemKind::Type(tree) = &item.kind else {
            panic!("an id leads to a declaration of another kind")
        };
        (place.module, item, tree)
    }
}
