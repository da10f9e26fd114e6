//! What the passes of the checker share: the program as it grows, what has been found, and the scope of a body.

use foldhash::{HashMap, HashSet};

use crate::diagnostics::Diagnostic;
use crate::diagnostics::printable::UNKNOWN;
use crate::hir::{
    self, Callee, Definition, EnumId, LaunchId, LocalId, LocalKind, ModuleId, PipelineId, RecordId, TaskId,
    TypeAliasId, TypeParameterId,
};
use crate::project::Profile;
use crate::resolve::{Module, Modules};
use crate::source::{Project, Span};
use crate::types::Type;

use super::body::Body;
use super::constants::Node;
use super::messages;
use super::standing::{TableFormat, Waiting};
use super::type_sizes::Extent;

/// The checker's state. Private to it.
pub(crate) struct Checker<'a> {
    pub program: hir::Program,
    pub modules: &'a Modules,
    pub project: &'a Project<'a>,
    /// What the target has.
    pub profile: Option<&'a Profile>,
    /// What was found when the files were read.
    pub earlier: &'a [Diagnostic],
    pub diagnostics: Vec<Diagnostic>,
    /// Those of the task or pipeline at hand, by name.
    pub type_parameters: HashMap<String, TypeParameterId>,
    /// Those of records with type parameters, by the record and the text of its arguments.
    pub(super) record_instances: HashMap<(RecordId, String), RecordId>,
    /// Records with more instances, or deeper ones, than any program needs.
    pub(super) endless_records: HashSet<RecordId>,
    /// Of declared types and instances.
    pub(super) extents: HashMap<Node, Extent>,
    /// Types that are being resolved and refer to each other in a circle.
    pub(super) current_cycle: Vec<Node>,
    /// Declared types with a mistake in them, or in what they are made of: no value of them is computed.
    pub(super) incomplete: HashSet<Node>,
    /// Types whose place is looked at when all declarations are there.
    pub(super) waiting: Vec<Waiting>,
    pub(super) stands_in_table: Vec<TableFormat>,
    /// What calls give, so that the many calls of one task share one type.
    pub(super) call_values: HashMap<Callee, Type>,
    /// Variants by their names, of the enums that have been asked for one.
    pub(super) variants: HashMap<EnumId, Variants>,
}

/// The variants of an enum by name. Where it has more than were counted, it has been declared further since.
#[derive(Default)]
pub(super) struct Variants {
    pub(super) count: usize,
    pub(super) indices: HashMap<String, u32>,
}

/// Whose body an expression stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// A constant, a default, a format.
    Constant,
    Task(TaskId),
    Pipeline(PipelineId),
    Launch(LaunchId),
}

/// What may stand in an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Constants only.
    Constant,
    /// A setting over a task's inputs, or an argument vector.
    TaskInputs,
    /// A pipeline's body: locals, `run`, and calls where they are always evaluated.
    Body,
    /// A hook: parameters and all of `run`, and calls.
    Hook,
    /// `with` of a call: the caller's locals, no calls.
    With,
    /// A launch's argument: constants and what is known of the run from the start.
    Launch,
}

/// The names of a body, and what may stand where.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    pub module: ModuleId,
    pub owner: Owner,
    pub place: Place,
    /// All locals of the owner so far, by id.
    pub locals: Vec<hir::Local>,
    /// What is visible. A name that hides another is a mistake, and does so until its block ends.
    pub visible: HashMap<String, LocalId>,
    /// Visible names in order of declaration, with what they hide, so that a block's names can be forgotten at its end.
    declared: Vec<(String, Option<LocalId>)>,
    pub(super) body: Body,
}

/// Where a block began.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BlockStart(usize);

impl Scope {
    pub(crate) fn new(module: ModuleId, owner: Owner, place: Place) -> Scope {
        Scope {
            module,
            owner,
            place,
            locals: Vec::new(),
            visible: HashMap::default(),
            declared: Vec::new(),
            body: Body::default(),
        }
    }

    /// A scope for what must be constant.
    pub(crate) fn constant(module: ModuleId) -> Scope {
        Scope::new(module, Owner::Constant, Place::Constant)
    }

    /// Adds a local. Whether the name is free is the caller's business.
    pub(crate) fn declare(&mut self, name: &str, ty: Option<Type>, kind: LocalKind, span: Span) -> LocalId {
        let id = LocalId(
            u32::try_from(self.locals.len()).unwrap_or_else(|_| panic!("more than 2^32 names in one body")),
        );
        self.locals.push(hir::Local { name: name.to_owned(), ty, kind, span });
        let hidden = self.visible.insert(name.to_owned(), id);
        self.declared.push((name.to_owned(), hidden));
        id
    }

    pub(crate) fn local(&self, id: LocalId) -> &hir::Local {
        &self.locals[id.index()]
    }

    pub(crate) fn find(&self, name: &str) -> Option<LocalId> {
        self.visible.get(name).copied()
    }

    pub(crate) fn enter(&self) -> BlockStart {
        BlockStart(self.declared.len())
    }

    /// Forgets the names that were declared since.
    pub(crate) fn leave(&mut self, start: BlockStart) {
        for (name, hidden) in self.declared.drain(start.0..).rev() {
            let local = match hidden {
                Some(outer) => self.visible.insert(name.clone(), outer),
                None => self.visible.remove(&name),
            };
            if let Some(local) = local {
                self.body.ended.insert(name, local);
            }
        }
    }
}

impl Checker<'_> {
    /// What speaks of a type of which nothing is known follows from what was said about that.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        if !speaks_of_unknown(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Whether names that are near to an unknown one are looked for: after so many findings, nobody reads what else may
    /// have been meant, and thousands of unknown names among thousands of known ones would take their square of time.
    pub(crate) fn proposes(&self) -> bool {
        const MANY: usize = 200;
        self.diagnostics.len() < MANY
    }

    /// What a name of a file means; the place is recorded.
    pub(crate) fn lookup(&mut self, module: ModuleId, name: &str, span: Span) -> Option<Definition> {
        let definition = self.modules.find(module, name)?;
        self.refer(span, definition.clone());
        Some(definition)
    }

    /// What a name of an imported file means; the place is recorded.
    pub(crate) fn lookup_in(&mut self, imported: ModuleId, name: &str, span: Span) -> Option<Definition> {
        let definition = self.modules.find_exported(imported, name)?;
        self.refer(span, definition.clone());
        Some(definition)
    }

    /// Says that a name means nothing in a file, unless what would have declared it there has had its message.
    pub(crate) fn report_unknown_name(&mut self, module: ModuleId, name: &str, diagnostic: Diagnostic) {
        if !self.modules.module(module).failed.contains(name) {
            self.report(diagnostic);
        }
    }

    /// Records that the name at `span` means `definition`.
    pub(crate) fn refer(&mut self, span: Span, definition: Definition) {
        self.program.references.push(hir::Reference { span, definition, is_declaration: false });
    }

    /// Records that the name at `span` is the one of a declaration.
    pub(crate) fn declares(&mut self, span: Span, definition: Definition) {
        self.program.references.push(hir::Reference { span, definition, is_declaration: true });
    }

    /// A type as the language writes it.
    pub(crate) fn show(&self, ty: &Type) -> String {
        let shown = ty.display(&self.program).to_string();
        if ty.holds_error() { format!("{UNKNOWN}{shown}") } else { shown }
    }

    /// A declared type's name that a file may write for a type.
    pub(crate) fn alias_of(&self, ty: &Type, at: Span) -> Option<String> {
        self.aliases_of(ty, at).into_iter().next().map(|(_, name)| name)
    }

    /// A type with its article, in front of it the name that it has in the file, if it needs one and has only one.
    pub(crate) fn show_with_name(&self, ty: &Type, at: Span) -> String {
        let shown = self.show(ty);
        let inner = ty.without_optional();
        let needs_a_name = !matches!(inner, Type::Distinct(_)) && inner.base(&self.program) != *inner;
        let aliases = if needs_a_name { self.aliases_of(ty, at) } else { Vec::new() };
        match aliases.as_slice() {
            [(first, name), others @ ..] if others.iter().all(|(other, _)| other == first) => {
                let optional = if matches!(ty, Type::Optional(_)) { "?" } else { "" };
                format!("{} (`{shown}`)", messages::a(&format!("{name}{optional}")))
            }
            _ => messages::a(&shown),
        }
    }

    /// The declared types that a type without its `?` is, by the names that a file may write for them.
    fn aliases_of(&self, ty: &Type, at: Span) -> Vec<(TypeAliasId, String)> {
        let Some(here) = self.modules.all.iter().find(|module| module.tree.file == at.file) else {
            return Vec::new();
        };
        let ty = ty.without_optional();
        let is_it =
            |id: TypeAliasId| self.program.type_aliases.get(id.index()).is_some_and(|alias| alias.ty == *ty);
        let named_in = |module: &Module| -> Vec<(TypeAliasId, String)> {
            let alias = |(name, definition): (&String, &Definition)| {
                let Definition::TypeAlias(id) = definition else { return None };
                is_it(*id).then(|| (*id, name.clone()))
            };
            module.names.iter().filter_map(alias).collect()
        };
        let mut found = named_in(here);
        let prelude = self.modules.all.first().map(named_in).unwrap_or_default();
        found.extend(prelude.into_iter().filter(|(_, name)| !here.names.contains_key(name)));
        for (alias, module) in &here.aliases {
            let module = self.modules.module(*module);
            let own = named_in(module).into_iter().filter(|(_, name)| !module.imports.contains_key(name));
            found.extend(own.map(|(id, name)| (id, format!("{alias}.{name}"))));
        }
        found
    }
}

/// An expression that a message has been given for.
pub(crate) fn error_expression(span: Span) -> hir::Expr {
    hir::Expr { kind: hir::ExprKind::Error, ty: Some(Type::Error), span }
}

fn speaks_of_unknown(diagnostic: &Diagnostic) -> bool {
    let labels = diagnostic.labels.iter().map(|label| &label.text);
    let texts = labels.chain(&diagnostic.notes).chain(&diagnostic.help);
    std::iter::once(&diagnostic.message).chain(texts).any(|text| text.contains(UNKNOWN))
}
