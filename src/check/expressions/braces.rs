//! Literals in braces: records, maps, and the fields of variants.

use indexmap::IndexMap;
use pipec_ir::value::Value;

use super::{literal, literal_hint, messages, type_of, typed};
use crate::check::context::{Checker, Scope, error_expression};
use crate::check::convert::Expectation;
use crate::hir::{self, Definition, EnumId, ExprKind, PipelineId, RecordId};
use crate::source::Span;
use crate::syntax::ast::{self, Entry, KeyKind};
use crate::types::{AnonymousField, Type};

/// A field as a literal may give it.
struct FieldShape {
    name: String,
    outside: Option<String>,
    ty: Type,
    default: Option<hir::Expr>,
    ty_span: Option<Span>,
    definition: Option<Definition>,
}

/// A field as it was given.
struct Given<'a> {
    name: &'a ast::Name,
    value: &'a ast::Expr,
}

impl Checker<'_> {
    pub(super) fn braces(
        &mut self,
        scope: &mut Scope,
        entries: &[Entry],
        span: Span,
        expected: Option<&Type>,
    ) -> hir::Expr {
        let Some(expected) = expected.map(Type::without_optional) else {
            return self.braces_alone(scope, entries, span);
        };
        match expected {
            Type::Map(value) => self.map_literal(scope, entries, span, Some(value)),
            Type::Record(_) | Type::Anonymous(_) if self.is_left_open(expected) => {
                self.open_record(scope, entries, span, expected)
            }
            Type::Json => {
                let map = self.map_literal(scope, entries, span, Some(&Type::Json));
                if Self::is_error(&map) {
                    return map;
                }
                typed(ExprKind::Widen(Box::new(map)), Type::Json, span)
            }
            Type::Record(id) => {
                let shapes = self.shapes_of_record(*id);
                let name = self.program.records[id.index()].name.clone();
                self.record_literal(scope, entries, span, expected, ("field", &name), shapes)
            }
            Type::Anonymous(fields) => {
                let shapes = shapes_of_anonymous(fields, span);
                let name = self.show(expected);
                self.record_literal(scope, entries, span, expected, ("field", &name), shapes)
            }
            Type::Error => {
                for entry in entries {
                    self.expression(scope, &entry.value, Some(&Type::Error));
                }
                error_expression(span)
            }
            Type::Distinct(id) => {
                let of = self.program.distincts[id.index()].of.clone();
                self.braces(scope, entries, span, Some(&of))
            }
            Type::Null
            | Type::Bool
            | Type::Int(_)
            | Type::Float(_)
            | Type::String(_)
            | Type::Duration
            | Type::Quantity
            | Type::Secret
            | Type::Enum(_)
            | Type::List(_)
            | Type::Optional(_)
            | Type::File(_)
            | Type::Dir(_)
            | Type::Table { .. }
            | Type::Parameter(_)
            | Type::Timestamp
            | Type::Date
            | Type::Decimal => self.braces_alone(scope, entries, span),
        }
    }

    /// Where nothing is expected: all words make a record, all strings a map.
    fn braces_alone(&mut self, scope: &mut Scope, entries: &[Entry], span: Span) -> hir::Expr {
        let words = entries.iter().filter(|entry| entry.key_kind == KeyKind::Word).count();
        if words == 0 && !entries.is_empty() {
            return self.map_literal(scope, entries, span, None);
        }
        if words < entries.len() {
            self.report(messages::words_and_strings(entries, span));
            return error_expression(span);
        }
        let mut fields: Vec<(String, hir::Expr)> = Vec::with_capacity(entries.len());
        let mut failed = false;
        for entry in entries {
            let value = self.field_alone(scope, entry, None);
            let value = self.known_type(value);
            failed |= Self::is_error(&value);
            if let Some(first) = entries.iter().find(|other| other.key.value == entry.key.value)
                && first.key.span != entry.key.span
            {
                self.report(messages::field_given_twice(&entry.key, first.key.span));
                failed = true;
                continue;
            }
            fields.push((entry.key.value.clone(), value));
        }
        if failed { error_expression(span) } else { record_of(fields, span) }
    }

    fn field_alone(&mut self, scope: &mut Scope, entry: &Entry, told: Option<&Type>) -> hir::Expr {
        let value = self.expression(scope, &entry.value, told);
        let value = self.with_value(value, &format!("the field `{}`", entry.key.value));
        self.no_secret(value, "a record")
    }

    /// Records with the same fields, each of which tells a part of their type: field by field.
    pub(super) fn records_together(
        &mut self,
        scope: &mut Scope,
        records: &[(&[Entry], Span)],
    ) -> Vec<hir::Expr> {
        let mut fields: Vec<Vec<(String, hir::Expr)>> = vec![Vec::new(); records.len()];
        let mut failed = false;
        for (index, first) in records[0].0.iter().enumerate() {
            let entries: Vec<&Entry> = records
                .iter()
                .filter_map(|(entries, _)| entry_of(entries, index, &first.key.value))
                .collect();
            let trees: Vec<Option<&ast::Expr>> = entries.iter().map(|entry| Some(&entry.value)).collect();
            let values = self.together(&trees, type_of, |checker, index, told| {
                checker.field_alone(scope, entries[index], told)
            });
            let Some((_, values)) = self.items_meet(scope, values, "values of a field") else {
                failed = true;
                continue;
            };
            for (fields, value) in fields.iter_mut().zip(values) {
                fields.push((first.key.value.clone(), value));
            }
        }
        let spans = records.iter().map(|(_, span)| *span);
        let record = |(fields, span)| if failed { error_expression(span) } else { record_of(fields, span) };
        fields.into_iter().zip(spans).map(record).collect()
    }

    fn map_literal(
        &mut self,
        scope: &mut Scope,
        entries: &[Entry],
        span: Span,
        value_type: Option<&Type>,
    ) -> hir::Expr {
        let open = value_type.filter(|ty| self.is_left_open(ty));
        let value_type = if open.is_some() { None } else { value_type };
        let mut failed = !self.keys_differ(entries);
        let trees: Vec<Option<&ast::Expr>> =
            entries.iter().map(|entry| Some(&entry.value).filter(|_| value_type.is_none())).collect();
        let values = self.together(&trees, type_of, |checker, index, told| {
            let entry = &entries[index];
            let key = format!("the key `{}`", entry.key.value);
            if let Some(ty) = value_type {
                return checker.expression_of(scope, &entry.value, ty, |_| Expectation::new(key));
            }
            let hint = || open.and_then(|ty| literal_hint(&entry.value, ty));
            let value = checker.expression(scope, &entry.value, told.or_else(hint));
            let value = checker.with_value(value, &key);
            checker.no_secret(value, "a map")
        });
        failed |= values.iter().any(Self::is_error);
        if failed {
            return error_expression(span);
        }
        let (value_type, values) = match value_type {
            Some(ty) => (ty.clone(), values),
            None => match self.items_meet(scope, values, "values of a map") {
                Some(met) => met,
                None => return error_expression(span),
            },
        };
        let names = entries.iter().map(|entry| entry.key.value.clone());
        typed(ExprKind::Map(names.zip(values).collect()), Type::map(value_type), span)
    }

    /// Whether no key of a map is given twice; a finding for each that is.
    fn keys_differ(&mut self, entries: &[Entry]) -> bool {
        let mut seen: IndexMap<&str, Span> = IndexMap::new();
        let mut differ = true;
        for entry in entries {
            let first = *seen.entry(&entry.key.value).or_insert(entry.key.span);
            if first != entry.key.span {
                self.report(messages::key_given_twice(&entry.key, first));
                differ = false;
            }
        }
        differ
    }

    fn shapes_of_record(&self, id: RecordId) -> Vec<FieldShape> {
        let fields = self.program.records[id.index()].fields.iter();
        fields
            .zip(0..)
            .map(|(field, index)| FieldShape {
                name: field.name.clone(),
                outside: field.outside.clone(),
                ty: field.ty.clone(),
                default: field.default.clone(),
                ty_span: Some(field.ty_span),
                definition: Some(Definition::Field(id, index)),
            })
            .collect()
    }

    /// A literal for a record whose type parameters are open: its type is that of the fields that are given.
    fn open_record(
        &mut self,
        scope: &mut Scope,
        entries: &[Entry],
        span: Span,
        expected: &Type,
    ) -> hir::Expr {
        let (shapes, name) = if let Type::Record(id) = expected {
            (self.shapes_of_record(*id), self.program.records[id.index()].name.clone())
        } else if let Type::Anonymous(fields) = expected {
            (shapes_of_anonymous(fields, span), self.show(expected))
        } else {
            return self.braces_alone(scope, entries, span);
        };
        let outside: Vec<Option<String>> = shapes.iter().map(|shape| shape.outside.clone()).collect();
        let literal = self.record_literal(scope, entries, span, expected, ("field", &name), shapes);
        let ExprKind::Record(fields) = literal.kind else { return literal };
        let is_given = |name: &str| entries.iter().any(|entry| entry.key.value == name);
        let mut shape = Vec::with_capacity(entries.len());
        let mut given = Vec::with_capacity(entries.len());
        for ((name, value), outside) in
            fields.into_iter().zip(outside).filter(|((name, _), _)| is_given(name))
        {
            shape.push(AnonymousField { name: name.clone(), outside, ty: type_of(&value), default: None });
            given.push((name, value));
        }
        typed(ExprKind::Record(given), Type::Anonymous(shape.into()), span)
    }

    fn record_literal(
        &mut self,
        scope: &mut Scope,
        entries: &[Entry],
        span: Span,
        ty: &Type,
        title: (&str, &str),
        shapes: Vec<FieldShape>,
    ) -> hir::Expr {
        if let Some(entry) = entries.iter().find(|entry| entry.key_kind == KeyKind::String) {
            self.report(messages::string_key_of_a_record(entry, title.1));
        }
        let given: Vec<Given<'_>> =
            entries.iter().map(|entry| Given { name: &entry.key, value: &entry.value }).collect();
        match self.filled(scope, &given, span, title, shapes) {
            Some(fields) => typed(ExprKind::Record(fields), ty.clone(), span),
            None => error_expression(span),
        }
    }

    /// The record behind the `return` of a pipeline with named outputs.
    pub(in crate::check) fn record_of_results(
        &mut self,
        scope: &mut Scope,
        id: PipelineId,
        results: &[hir::ResultField],
        entries: &[Entry],
        span: Span,
        ty: &Type,
    ) -> hir::Expr {
        let shapes = results
            .iter()
            .zip(0..)
            .map(|(result, index)| FieldShape {
                name: result.name.clone(),
                outside: None,
                ty: result.ty.clone(),
                default: None,
                ty_span: Some(result.ty_span),
                definition: Some(Definition::PipelineResult(id, index)),
            })
            .collect();
        let name = self.program.pipelines[id.index()].name.clone();
        self.record_literal(scope, entries, span, ty, ("output", &name), shapes)
    }

    /// All declared fields, from what was given and their defaults.
    fn filled(
        &mut self,
        scope: &mut Scope,
        given: &[Given<'_>],
        span: Span,
        (word, record): (&str, &str),
        shapes: Vec<FieldShape>,
    ) -> Option<Vec<(String, hir::Expr)>> {
        let mut values: Vec<Option<hir::Expr>> = vec![None; shapes.len()];
        let mut first_spans: Vec<Option<Span>> = vec![None; shapes.len()];
        let mut failed = false;
        let mut misspelt = false;
        for field in given {
            let position = shapes.iter().position(|shape| shape.name == field.name.value);
            let Some(position) = position else {
                let known = shapes.iter().map(|shape| shape.name.as_str());
                self.report(messages::unknown_field(field.name, (word, record), known));
                self.expression(scope, field.value, Some(&Type::Error));
                failed = true;
                misspelt = true;
                continue;
            };
            let shape = &shapes[position];
            if let Some(definition) = &shape.definition {
                self.refer(field.name.span, definition.clone());
            }
            if let Some(first) = first_spans[position] {
                self.report(messages::field_given_twice(field.name, first));
                failed = true;
            }
            first_spans[position] = Some(field.name.span);
            let open = self.is_left_open(&shape.ty).then(|| literal_hint(field.value, &shape.ty));
            let value = self.expression(scope, field.value, open.unwrap_or(Some(&shape.ty)));
            if open.is_some() {
                let value = self.with_value(value, &format!("the {word} `{}`", field.name.value));
                let value = self.known_type(value);
                failed |= Self::is_error(&value);
                values[position] = Some(value);
                continue;
            }
            let value = self.fit(scope, value, &shape.ty, |checker| {
                let why = Expectation::new(format!("the {word} `{}` of `{record}`", shape.name));
                match shape.ty_span {
                    Some(place) => why.declared_at(
                        place,
                        format!("`{}` is declared as `{}`", shape.name, checker.show(&shape.ty)),
                    ),
                    None => why,
                }
            });
            failed |= Self::is_error(&value);
            values[position] = Some(value);
        }
        let mut fields = Vec::with_capacity(shapes.len());
        let mut missing = Vec::new();
        for (shape, value) in shapes.into_iter().zip(values) {
            let value = match (value, shape.default) {
                (Some(value), _) | (None, Some(value)) => value,
                (None, None) if matches!(shape.ty, Type::Optional(_)) => literal(Value::Null, shape.ty, span),
                // What was meant by the field isn't known.
                (None, None) if matches!(shape.ty, Type::Error) => {
                    failed = true;
                    continue;
                }
                (None, None) => {
                    missing.push((shape.name, shape.ty, shape.ty_span));
                    continue;
                }
            };
            fields.push((shape.name, value));
        }
        // A misspelt name is one mistake, not a missing field too.
        if !missing.is_empty() && !misspelt {
            self.report(messages::fields_missing(self, span, (word, record), &missing));
        }
        (missing.is_empty() && !failed).then_some(fields)
    }

    /// `Loss.hinge`: a variant without fields.
    pub(super) fn bare_variant(&mut self, id: EnumId, name: &ast::Name, span: Span) -> hir::Expr {
        let Some(variant) = self.variant(id, name) else { return error_expression(span) };
        let declared = &self.program.enums[id.index()].variants[variant as usize];
        if !declared.fields.is_empty() {
            self.report(messages::variant_needs_fields(&self.program.enums[id.index()], declared, span));
            return error_expression(span);
        }
        typed(ExprKind::Variant { enumeration: id, variant, fields: Vec::new() }, Type::Enum(id), span)
    }

    /// A variant of an enum by its name, or a finding.
    pub(in crate::check) fn variant(&mut self, id: EnumId, name: &ast::Name) -> Option<u32> {
        let Some(index) = self.index_of_variant(id, &name.value) else {
            self.report(messages::no_such_variant(&self.program.enums[id.index()], name));
            return None;
        };
        self.refer(name.span, Definition::Variant(id, index));
        Some(index)
    }

    /// A `match` over many variants asks for each.
    fn index_of_variant(&mut self, id: EnumId, name: &str) -> Option<u32> {
        let variants = &self.program.enums[id.index()].variants;
        let known = self.variants.entry(id).or_default();
        if known.count != variants.len() {
            known.count = variants.len();
            known.indices = (0u32..).zip(variants).map(|(index, of)| (of.name.clone(), index)).collect();
        }
        known.indices.get(name).copied()
    }

    /// `Loss.other(reason: "…")`: a variant with its fields, by name.
    pub(in crate::check) fn variant_call(
        &mut self,
        scope: &mut Scope,
        id: EnumId,
        name: &ast::Name,
        call: &ast::Call,
        span: Span,
    ) -> hir::Expr {
        let Some(variant) = self.variant(id, name) else {
            self.check_arguments_alone(scope, call);
            return error_expression(span);
        };
        let enumeration = &self.program.enums[id.index()];
        let declared = &enumeration.variants[variant as usize];
        let title = format!("{}.{}", enumeration.name, declared.name);
        if declared.fields.is_empty() {
            self.report(messages::variant_has_no_fields(&title, call.arguments_span));
            return error_expression(span);
        }
        let names: Vec<ast::Name> = declared
            .fields
            .iter()
            .map(|field| ast::Name::new(field.name.clone(), call.arguments_span))
            .collect();
        let shapes = declared
            .fields
            .iter()
            .map(|field| FieldShape {
                name: field.name.clone(),
                outside: field.outside.clone(),
                ty: field.ty.clone(),
                default: field.default.clone(),
                ty_span: Some(field.ty_span),
                definition: None,
            })
            .collect();
        let mut given = Vec::with_capacity(call.arguments.len());
        for (index, argument) in call.arguments.iter().enumerate() {
            let Some(name) = argument.name.as_ref().or_else(|| names.get(index)) else {
                self.report(messages::too_many_fields(&title, names.len(), argument.span));
                return error_expression(span);
            };
            given.push(Given { name, value: &argument.value });
        }
        match self.filled(scope, &given, call.arguments_span, ("field", &title), shapes) {
            Some(fields) => {
                let fields = fields.into_iter().map(|(_, value)| value).collect();
                typed(ExprKind::Variant { enumeration: id, variant, fields }, Type::Enum(id), span)
            }
            None => error_expression(span),
        }
    }
}

/// A field of a record literal, most likely the one at `index`.
fn entry_of<'t>(entries: &'t [Entry], index: usize, name: &str) -> Option<&'t Entry> {
    let likely = entries.get(index).filter(|entry| entry.key.value == name);
    likely.or_else(|| entries.iter().find(|entry| entry.key.value == name))
}

fn record_of(fields: Vec<(String, hir::Expr)>, span: Span) -> hir::Expr {
    let shape: Vec<AnonymousField> = fields
        .iter()
        .map(|(name, value)| AnonymousField {
            name: name.clone(),
            outside: None,
            ty: type_of(value),
            default: None,
        })
        .collect();
    typed(ExprKind::Record(fields), Type::Anonymous(shape.into()), span)
}

fn shapes_of_anonymous(fields: &[AnonymousField], span: Span) -> Vec<FieldShape> {
    fields
        .iter()
        .map(|field| FieldShape {
            name: field.name.clone(),
            outside: field.outside.clone(),
            ty: field.ty.clone(),
            default: field.default.as_ref().map(|value| literal(value.clone(), field.ty.clone(), span)),
            ty_span: None,
            definition: None,
        })
        .collect()
}
