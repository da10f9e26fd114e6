//! Records, enums, aliases, `distinct` types and formats: their places in the program, and the types of their parts.

use foldhash::{HashMap, HashSet};

use super::constants::Node;
use super::context::{Checker, Scope};
use super::messages::declarations as say;
use super::messages::types as say_type;
use super::standing::Standing;
use super::type_sizes::{Extent, MAX_PARTS, has_few_parts};
use crate::hir::{self, Definition, DistinctId, EnumId, FormatId, ModuleId, RecordId, TypeAliasId};
use crate::resolve::graph::{Group, order};
use crate::source::Span;
use crate::syntax::{MAX_NESTING, ast};
use crate::types::Type;

pub(super) fn doc(item: Option<&ast::Doc>) -> Option<String> {
    item.map(|doc| doc.value.clone())
}

/// An id of the nth declaration.
pub(super) fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or_else(|_| panic!("more than 2^32 declarations"))
}

impl Checker<'_> {
    /// Gives every declared type and format its place, with all that is known before types are.
    pub(super) fn declare_types(&mut self) {
        for index in 0..self.modules.all.len() {
            let module = &self.modules.all[index];
            self.program.modules.push(hir::Module {
                file: module.tree.file,
                doc: doc(module.tree.doc.as_ref()),
                names: module.names.clone(),
                aliases: module.aliases.clone(),
                is_library: module.is_library,
            });
        }
        let places = &self.modules.places;
        for index in 0..places.formats.len() {
            self.declare_format(FormatId(number(index)));
        }
        for index in 0..places.records.len() {
            let id = RecordId(number(index));
            let (module, item, tree) = self.modules.record(id);
            self.program.records.push(hir::Record {
                module,
                name: tree.name.value.clone(),
                span: tree.name.span,
                doc: doc(item.doc.as_ref()),
                type_parameters: Vec::new(),
                instance: None,
                fields: Vec::new(),
            });
            self.declares(tree.name.span, Definition::Record(id));
        }
        for index in 0..places.enums.len() {
            let id = EnumId(number(index));
            let (module, item, tree) = self.modules.enumeration(id);
            self.program.enums.push(hir::Enum {
                module,
                name: tree.name.value.clone(),
                span: tree.name.span,
                doc: doc(item.doc.as_ref()),
                variants: Vec::new(),
            });
            self.declares(tree.name.span, Definition::Enum(id));
        }
        for index in 0..places.type_aliases.len() {
            self.declare_alias(TypeAliasId(number(index)));
        }
    }

    fn declare_alias(&mut self, id: TypeAliasId) {
        let (module, item, tree) = self.modules.type_alias(id);
        let (name, span, doc) = (tree.name.value.clone(), tree.name.span, doc(item.doc.as_ref()));
        let distinct = tree.distinct.then(|| {
            let distinct = DistinctId(number(self.program.distincts.len()));
            let (name, doc) = (name.clone(), doc.clone());
            self.program.distincts.push(hir::Distinct { module, name, span, doc, of: Type::Error });
            distinct
        });
        let ty = distinct.map_or(Type::Error, Type::Distinct);
        self.program.type_aliases.push(hir::TypeAlias { module, name, span, doc, ty, distinct });
        self.declares(span, Definition::TypeAlias(id));
    }

    /// Resolves the types of all declared types' parts, each after those that it refers to.
    pub(super) fn resolve_declared_types(&mut self) {
        let nodes = self.type_nodes();
        let numbers: HashMap<Node, usize> =
            nodes.iter().enumerate().map(|(number, node)| (*node, number)).collect();
        let (edges, others): (Vec<Vec<usize>>, Vec<usize>) =
            nodes.iter().map(|node| self.types_within(*node, &numbers)).unzip();
        let mut extents = vec![Extent::default(); nodes.len()];
        for group in order(&edges) {
            match group {
                Group::Single(number) => {
                    let declared = edges[number].iter().map(|to| extents[*to]);
                    let values = std::iter::repeat_n(Extent::ONE_VALUE, others[number]);
                    let extent = Extent::of_all(declared.clone().chain(values));
                    if extent.is_bounded() {
                        self.resolve_declared(nodes[number]);
                    } else if declared.clone().all(Extent::is_bounded) {
                        self.report_extent(nodes[number], extent);
                    }
                    extents[number] = extent;
                    self.extents.insert(nodes[number], extent);
                    self.note_incomplete(nodes[number]);
                }
                Group::Cycle { round, members } => {
                    self.report_type_cycle(&nodes, &round);
                    self.current_cycle = members.iter().map(|member| nodes[*member]).collect();
                    for member in members {
                        self.resolve_declared(nodes[member]);
                        self.incomplete.insert(nodes[member]);
                    }
                    self.current_cycle.clear();
                }
            }
        }
    }

    fn type_nodes(&self) -> Vec<Node> {
        let places = &self.modules.places;
        let records = (0..places.records.len()).map(|index| Node::Record(RecordId(number(index))));
        let enums = (0..places.enums.len()).map(|index| Node::Enum(EnumId(number(index))));
        let aliases = (0..places.type_aliases.len()).map(|index| Node::Alias(TypeAliasId(number(index))));
        records.chain(enums).chain(aliases).collect()
    }

    /// Declared types that a declared type is made of, and how many others.
    fn types_within(&self, node: Node, numbers: &HashMap<Node, usize>) -> (Vec<usize>, usize) {
        let (module, found) = self.types_of_node(node);
        let mentioned = found.len();
        let definitions = found.into_iter().filter_map(|path| self.find_path(module, path));
        let nodes = definitions.filter_map(|definition| Node::of(&definition));
        let declared: Vec<usize> = nodes.filter_map(|node| numbers.get(&node).copied()).collect();
        let others = mentioned - declared.len();
        (declared, others)
    }

    /// The names of types in a declaration.
    pub(super) fn types_of_node(&self, node: Node) -> (ModuleId, Vec<&ast::Path>) {
        let mut found = Vec::new();
        let module = match node {
            Node::Record(id) => {
                let (module, _, tree) = self.modules.record(id);
                tree.fields.iter().for_each(|field| named_types(&field.ty, &mut found));
                module
            }
            Node::Enum(id) => {
                let (module, _, tree) = self.modules.enumeration(id);
                let fields = tree.variants.iter().flat_map(|variant| &variant.fields);
                fields.for_each(|field| named_types(&field.ty, &mut found));
                module
            }
            Node::Alias(id) => {
                let (module, _, tree) = self.modules.type_alias(id);
                named_types(&tree.ty, &mut found);
                module
            }
            Node::Constant(id) => {
                let (module, _, tree) = self.modules.constant(id);
                tree.ty.iter().for_each(|ty| named_types(ty, &mut found));
                module
            }
        };
        (module, found)
    }

    /// What a path means, without a word about it.
    pub(super) fn find_path(&self, module: ModuleId, path: &ast::Path) -> Option<Definition> {
        match &path.module {
            None => self.modules.find(module, &path.name.value),
            Some(alias) => {
                let from = self.modules.module(module).aliases.get(&alias.value)?;
                self.modules.find_exported(*from, &path.name.value)
            }
        }
    }

    /// A type out of all bounds stays unresolved, as do those that are made of it.
    fn report_extent(&mut self, node: Node, extent: Extent) {
        let (name, span) = self.declared_name(node);
        self.report(if extent.depth > MAX_NESTING {
            say_type::too_deep(&name, span)
        } else {
            say_type::too_many_parts(&name, MAX_PARTS, span)
        });
    }

    /// Notes whether a mistake is in a type, in what it is made of, or in a default there.
    pub(super) fn note_incomplete(&mut self, node: Node) {
        let are_complete = |fields: &[hir::Field]| {
            fields.iter().all(|field| {
                self.is_complete(&field.ty) && field.default.as_ref().is_none_or(|value| self.is_sound(value))
            })
        };
        let is_complete = match node {
            Node::Record(id) => are_complete(&self.program.records[id.index()].fields),
            Node::Enum(id) => {
                self.program.enums[id.index()].variants.iter().all(|variant| are_complete(&variant.fields))
            }
            Node::Alias(_) | Node::Constant(_) => true,
        };
        if !is_complete {
            self.incomplete.insert(node);
        }
    }

    fn resolve_declared(&mut self, node: Node) {
        match node {
            Node::Record(id) => self.resolve_record(id),
            Node::Enum(id) => self.resolve_enum(id),
            Node::Alias(id) => self.resolve_alias(id),
            Node::Constant(_) => {}
        }
    }

    fn report_type_cycle(&mut self, nodes: &[Node], round: &[usize]) {
        let names: Vec<(String, Span)> =
            round.iter().map(|number| self.declared_name(nodes[*number])).collect();
        self.report(say::type_cycle(&names));
    }

    /// The name of a declaration, and where it stands.
    pub(super) fn declared_name(&self, node: Node) -> (String, Span) {
        let name = match node {
            Node::Record(id) => &self.modules.record(id).2.name,
            Node::Enum(id) => &self.modules.enumeration(id).2.name,
            Node::Alias(id) => &self.modules.type_alias(id).2.name,
            Node::Constant(id) => &self.modules.constant(id).2.name,
        };
        (name.value.clone(), name.span)
    }

    fn resolve_record(&mut self, id: RecordId) {
        let modules = self.modules;
        let (module, _, tree) = modules.record(id);
        self.check_fields(&tree.fields, "field");
        let type_parameters = self.declare_type_parameters(module, &tree.type_parameters);
        self.program.records[id.index()].type_parameters = type_parameters;
        let fields = self.resolve_fields(module, &tree.fields, Standing::Field);
        self.leave_type_parameters();
        self.check_mentioned(id, &fields);
        for (index, field) in fields.iter().enumerate() {
            self.declares(field.span, Definition::Field(id, number(index)));
        }
        self.program.records[id.index()].fields = fields;
    }

    /// Fields without their defaults: these come with the constants.
    fn resolve_fields(
        &mut self,
        module: ModuleId,
        fields: &[ast::Field],
        standing: Standing,
    ) -> Vec<hir::Field> {
        let mut resolved = Vec::with_capacity(fields.len());
        for field in fields {
            let ty = self.resolve_type(module, &field.ty);
            self.stands(&ty, field.ty.span, standing);
            resolved.push(hir::Field {
                name: field.name.value.clone(),
                outside: field.outside.as_ref().map(|outside| outside.value.clone()),
                ty,
                default: None,
                doc: doc(field.doc.as_ref()),
                span: field.name.span,
                ty_span: field.ty.span,
            });
        }
        resolved
    }

    /// Reports names that are given twice, inside or outside.
    pub(super) fn check_fields(&mut self, fields: &[ast::Field], word: &str) {
        let names = fields.iter().map(|field| (&field.name, field.outside.as_ref()));
        self.check_names(names, word);
    }

    fn check_names<'t>(
        &mut self,
        names: impl Iterator<Item = (&'t ast::Name, Option<&'t crate::source::Spanned<String>>)>,
        word: &str,
    ) {
        let mut inside: HashMap<&str, Span> = HashMap::default();
        let mut outside: HashMap<&str, Span> = HashMap::default();
        for (name, outer) in names {
            if let Some(first) = inside.get(name.value.as_str()) {
                self.report(say::part_twice(word, name, *first));
                continue;
            }
            inside.insert(&name.value, name.span);
            let (text, span) = outer.map_or((&name.value, name.span), |outer| (&outer.value, outer.span));
            if outer.is_some() && (text.is_empty() || text.contains('\0')) {
                self.report(say::bad_outside_name(span));
            }
            match outside.get(text.as_str()) {
                Some(first) => self.report(say::outside_name_twice(word, text, span, *first)),
                None => {
                    outside.insert(text, span);
                }
            }
        }
    }

    fn resolve_enum(&mut self, id: EnumId) {
        let modules = self.modules;
        let (module, _, tree) = modules.enumeration(id);
        if tree.variants.is_empty() {
            self.report(say::enum_without_variants(&tree.name));
        }
        self.check_names(
            tree.variants.iter().map(|variant| (&variant.name, variant.outside.as_ref())),
            "variant",
        );
        let mut variants = Vec::with_capacity(tree.variants.len());
        for (index, variant) in tree.variants.iter().enumerate() {
            self.check_fields(&variant.fields, "field");
            variants.push(hir::Variant {
                name: variant.name.value.clone(),
                outside: variant.outside.as_ref().map(|outside| outside.value.clone()),
                fields: self.resolve_fields(module, &variant.fields, Standing::Payload),
                doc: doc(variant.doc.as_ref()),
                span: variant.name.span,
            });
            self.declares(variant.name.span, Definition::Variant(id, number(index)));
        }
        self.program.enums[id.index()].variants = variants;
    }

    fn resolve_alias(&mut self, id: TypeAliasId) {
        let modules = self.modules;
        let (module, _, tree) = modules.type_alias(id);
        let said = self.diagnostics.len();
        let mut ty = self.resolve_type(module, &tree.ty);
        if self.program.type_aliases[id.index()].distinct.is_some() {
            ty = self.unless_secret(ty, "a distinct type", tree.ty.span);
        }
        if self.diagnostics.len() > said {
            ty = Type::Error;
        }
        if !has_few_parts(&ty) {
            self.report(say_type::too_large(&tree.name.value, tree.name.span));
            ty = Type::Error;
        }
        match self.program.type_aliases[id.index()].distinct {
            None => self.program.type_aliases[id.index()].ty = ty,
            Some(distinct) => {
                if matches!(ty, Type::Optional(_)) {
                    self.report(say::distinct_optional(tree.ty.span));
                    ty = Type::Error;
                }
                self.stands(&ty, tree.ty.span, Standing::Distinct);
                if matches!(ty, Type::Error) {
                    self.program.type_aliases[id.index()].ty = Type::Error;
                }
                self.program.distincts[distinct.index()].of = ty;
            }
        }
    }

    fn declare_format(&mut self, id: FormatId) {
        let modules = self.modules;
        let (module, item, tree) = modules.format(id);
        let mut format = hir::Format {
            module,
            name: tree.name.value.clone(),
            span: tree.name.span,
            doc: doc(item.doc.as_ref()),
            extension: format!(".{}", tree.name.value),
            media_type: "application/octet-stream".to_owned(),
            tabular: false,
        };
        let mut seen: HashSet<&str> = HashSet::default();
        for entry in &tree.settings {
            if !seen.insert(&entry.key.value) {
                self.report(say::format_setting_twice(&entry.key));
                continue;
            }
            self.format_setting(&mut format, entry);
        }
        self.declares(tree.name.span, Definition::Format(id));
        self.program.formats.push(format);
    }

    fn format_setting(&mut self, format: &mut hir::Format, entry: &ast::Entry) {
        let (value, span) = (&entry.value, entry.value.span);
        match entry.key.value.as_str() {
            "extension" => match plain_text(value) {
                Some(text) if is_extension(text) => format.extension = text.to_owned(),
                Some(_) | None => self.report(say::bad_extension(span)),
            },
            "media_type" => match plain_text(value) {
                Some(text) if is_media_type(text) => format.media_type = text.to_owned(),
                Some(_) | None => self.report(say::bad_media_type(span)),
            },
            "tabular" => {
                if let ast::ExprKind::Bool(tabular) = value.kind {
                    format.tabular = tabular;
                } else if !matches!(value.kind, ast::ExprKind::Error) {
                    self.report(say::bad_tabular(span));
                }
            }
            _ => self.report(say::unknown_format_setting(&entry.key)),
        }
    }

    /// Defaults of a record's fields. Those of the records that they are made of are there already.
    pub(super) fn record_defaults(&mut self, id: RecordId) {
        let modules = self.modules;
        let (module, _, tree) = modules.record(id);
        let type_parameters = self.program.records[id.index()].type_parameters.clone();
        self.enter_type_parameters(&type_parameters);
        for (index, field) in tree.fields.iter().enumerate() {
            let Some(default) = &field.default else { continue };
            let Some(resolved) = self.program.records[id.index()].fields.get(index) else { continue };
            let (ty, ty_span) = (resolved.ty.clone(), resolved.ty_span);
            let what = format!("the default of the field `{}`", field.name.value);
            let value = self.default(&mut Scope::constant(module), default, &ty, ty_span, &what);
            self.program.records[id.index()].fields[index].default = Some(value);
        }
        self.leave_type_parameters();
        if !type_parameters.is_empty() {
            self.give_defaults_to_instances(id);
        }
    }

    pub(super) fn enum_defaults(&mut self, id: EnumId) {
        let modules = self.modules;
        let (module, _, tree) = modules.enumeration(id);
        for (number, variant) in tree.variants.iter().enumerate() {
            for (index, field) in variant.fields.iter().enumerate() {
                let Some(default) = &field.default else { continue };
                let Some(resolved) = self.program.enums[id.index()]
                    .variants
                    .get(number)
                    .and_then(|variant| variant.fields.get(index))
                else {
                    continue;
                };
                let (ty, ty_span) = (resolved.ty.clone(), resolved.ty_span);
                let what = format!("the default of the field `{}`", field.name.value);
                let value = self.default(&mut Scope::constant(module), default, &ty, ty_span, &what);
                self.program.enums[id.index()].variants[number].fields[index].default = Some(value);
            }
        }
    }
}

/// The names in a type, outermost first.
pub(super) fn named_types<'t>(ty: &'t ast::Type, found: &mut Vec<&'t ast::Path>) {
    match &ty.kind {
        ast::TypeKind::Named { path, arguments } => {
            found.push(path);
            arguments.iter().for_each(|argument| named_types(argument, found));
        }
        ast::TypeKind::List(of) | ast::TypeKind::Optional(of) => named_types(of, found),
        ast::TypeKind::Record(fields) => fields.iter().for_each(|field| named_types(&field.ty, found)),
        ast::TypeKind::Interval { base, .. } | ast::TypeKind::Pattern { base, .. } => {
            named_types(base, found)
        }
        ast::TypeKind::Error => {}
    }
}

/// The text of a string without `${…}`.
pub(super) fn plain_text(expr: &ast::Expr) -> Option<&str> {
    let ast::ExprKind::String(parts) = &expr.kind else { return None };
    match parts.as_slice() {
        [] => Some(""),
        [ast::StringPart::Text(text)] => Some(text),
        _ => None,
    }
}

fn is_extension(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('.') else { return false };
    !rest.is_empty()
        && rest.len() <= 32
        && rest.split('.').all(|part| {
            !part.is_empty()
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-+".contains(&byte))
        })
}

fn is_media_type(text: &str) -> bool {
    let token = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    text.split_once('/').is_some_and(|(kind, name)| token(kind) && token(name))
}
