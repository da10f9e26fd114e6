//! Types, fields, parameters and results.

use super::Builder;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{
    Expr, ExprKind, Field, Interval, IntervalEnd, Name, Parameter, ResultField, Results, Type, TypeKind,
    TypeParameter,
};
use crate::syntax::errors;
use crate::syntax::grammar::{Pair, Rule};

impl<'t> Builder<'t> {
    pub(super) fn type_(&self, pair: Pair<'t>) -> Type {
        let whole = self.span(&pair);
        let start = Span { end: whole.start, ..whole };
        let mut inner = pair.into_inner();
        let first = inner.next().expect("a type has a base");
        let mut ty = self.type_base(first);
        let mut suffixes = 0;
        for suffix in inner {
            let span = self.span(&suffix);
            suffixes += 1;
            if suffixes > 2 {
                self.say(errors::too_many_type_suffixes(span));
                return Type { kind: TypeKind::Error, span: whole };
            }
            ty = self.type_suffix(ty, suffix, start.to(span));
        }
        ty
    }

    fn type_base(&self, pair: Pair<'t>) -> Type {
        let span = self.span(&pair);
        let kind = match pair.as_rule() {
            Rule::named_type => {
                let mut words = Vec::with_capacity(1);
                let mut arguments = Vec::new();
                for part in pair.into_inner() {
                    match part.as_rule() {
                        Rule::word => words.push(self.name(&part)),
                        _ => arguments.push(self.type_(part)),
                    }
                }
                TypeKind::Named { path: self.path(&words), arguments }
            }
            Rule::list_type => TypeKind::List(Box::new(self.only_type(pair))),
            Rule::record_type => TypeKind::Record(self.fields(pair)),
            Rule::grouped_type => return Type { span, ..self.only_type(pair) },
            rule => panic!("no type begins with {rule:?}"),
        };
        Type { kind, span }
    }

    fn only_type(&self, pair: Pair<'t>) -> Type {
        self.type_(pair.into_inner().next().expect("brackets of a type hold one"))
    }

    fn type_suffix(&self, ty: Type, suffix: Pair<'t>, span: Span) -> Type {
        let base = Box::new(ty);
        let kind = match suffix.as_rule() {
            Rule::optional => {
                if matches!(base.kind, TypeKind::Interval { .. } | TypeKind::Pattern { .. })
                    && base.span.end == self.last_byte_before(&suffix)
                    && !self.text[base.span.start as usize..].starts_with('(')
                {
                    self.say(errors::optional_of_refined(base.span, self.span(&suffix)));
                }
                TypeKind::Optional(base)
            }
            Rule::interval => TypeKind::Interval { base, interval: self.interval(suffix) },
            Rule::pattern_type => {
                let pattern = suffix.into_inner().next().expect("`matching` has a pattern");
                TypeKind::Pattern { base, pattern: self.regular_expression(&pattern) }
            }
            rule => panic!("no type goes on with {rule:?}"),
        };
        Type { kind, span }
    }

    fn last_byte_before(&self, pair: &Pair<'t>) -> u32 {
        let start = self.range_of(pair).start;
        u32::try_from(self.text[..start].trim_end_matches(' ').len()).unwrap_or(u32::MAX)
    }

    fn interval(&self, pair: Pair<'t>) -> Interval {
        let span = self.span(&pair);
        let (mut low, mut high, mut end) = (None, None, None);
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::bound => {
                    let text = part.as_str().replace('_', "");
                    let bound = Some(Spanned::new(text, self.span(&part)));
                    if end.is_some() { high = bound } else { low = bound }
                }
                _ => end = Some(part),
            }
        }
        let end = end.expect("an interval has dots");
        let kind = match (end.as_str(), &high) {
            ("..=", _) => IntervalEnd::Inclusive,
            ("..<", _) => IntervalEnd::Exclusive,
            (_, None) => IntervalEnd::Open,
            (_, Some(_)) => {
                self.say(errors::interval_without_end_mark(self.span(&end)));
                IntervalEnd::Inclusive
            }
        };
        Interval { low, high, end: kind, span }
    }

    fn regular_expression(&self, pair: &Pair<'t>) -> Spanned<String> {
        let text = pair.as_str();
        Spanned::new(text[1..text.len() - 1].replace("\\/", "/"), self.span(pair))
    }

    pub(super) fn type_parameters(&self, pair: Pair<'t>) -> Vec<TypeParameter> {
        pair.into_inner()
            .map(|parameter| {
                let mut words = parameter.into_inner();
                let name = words.next().expect("a type parameter has a name");
                let bound = words.next().map(|bound| self.name(&bound));
                TypeParameter { name: self.type_parameter(&name), bound }
            })
            .collect()
    }

    /// The fields inside of a pair; what can't be read keeps at least its name.
    pub(super) fn fields(&self, pair: Pair<'t>) -> Vec<Field> {
        let mut fields = Vec::new();
        for part in pair.into_inner() {
            self.field(part, &mut fields);
        }
        fields
    }

    pub(super) fn field(&self, pair: Pair<'t>, fields: &mut Vec<Field>) {
        let last = fields.last_mut().map(|field| (&mut field.ty, &mut field.span, Some(&mut field.default)));
        if let Some(Declaration { name, outside, ty, default, span }) =
            self.declaration(pair, last, Builder::label)
        {
            fields.push(Field { doc: self.doc_before(span.start), name, outside, ty, default, span });
        }
    }

    pub(super) fn parameters(&self, pair: Pair<'t>) -> Vec<Parameter> {
        let mut parameters: Vec<Parameter> = Vec::new();
        for part in pair.into_inner() {
            let last = parameters
                .last_mut()
                .map(|parameter| (&mut parameter.ty, &mut parameter.span, Some(&mut parameter.default)));
            if let Some(Declaration { name, ty, default, span, .. }) =
                self.declaration(part, last, Builder::lower_name)
            {
                parameters.push(Parameter { doc: self.doc_before(span.start), name, ty, default, span });
            }
        }
        parameters
    }

    pub(super) fn results(&self, pair: Pair<'t>) -> Results {
        let mut inner = pair.into_inner();
        let arrow = inner.next().expect("results have an arrow");
        if arrow.as_str() != "->" {
            self.say(errors::wrong_results_arrow(self.span(&arrow), arrow.as_str()));
        }
        let inner = inner.next().expect("an arrow has results");
        if inner.as_rule() != Rule::named_results {
            return Results::Single(self.type_(inner));
        }
        let span = self.span(&inner);
        let mut fields: Vec<ResultField> = Vec::new();
        for part in inner.into_inner() {
            let last = fields.last_mut().map(|field| (&mut field.ty, &mut field.span, None));
            if let Some(Declaration { name, ty, span, .. }) =
                self.declaration(part, last, Builder::lower_name)
            {
                fields.push(ResultField { doc: self.doc_before(span.start), name, ty, span });
            }
        }
        Results::Named(fields, span)
    }

    /// `name as "outside": T = default`, also one that can't be read but for its name. Junk belongs to the `last` one.
    fn declaration(
        &self,
        pair: Pair<'t>,
        last: Option<(&mut Type, &mut Span, Option<&mut Option<Expr>>)>,
        name_of: impl Fn(&Builder<'t>, &Pair<'t>) -> Name,
    ) -> Option<Declaration> {
        let span = self.span(&pair);
        match (pair.as_rule(), last) {
            (Rule::missing_comma, _) => {
                self.missing_comma(&pair);
                return None;
            }
            (Rule::junk, Some((ty, whole, default))) => {
                *whole = whole.to(span);
                self.nonsense(*whole, Rule::strict_field);
                match default {
                    Some(Some(default)) => default.kind = ExprKind::Error,
                    Some(None) | None => ty.kind = TypeKind::Error,
                }
                return None;
            }
            (Rule::bad_field | Rule::junk, _) => {
                self.nonsense(span, Rule::strict_field);
                let name = self.leading_word(&pair)?;
                let ty = Type { kind: TypeKind::Error, span };
                return Some(Declaration { name, outside: None, ty, default: None, span });
            }
            _ => {}
        }
        let mut declaration = Declaration {
            name: Spanned::new(String::new(), span),
            outside: None,
            ty: Type { kind: TypeKind::Error, span },
            default: None,
            span,
        };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::word => declaration.name = name_of(self, &part),
                Rule::outside => declaration.outside = self.outside(part),
                Rule::colon => self.colon(&part),
                Rule::type_ => declaration.ty = self.type_(part),
                Rule::equals => {}
                _ => declaration.default = Some(self.expression(part)),
            }
        }
        Some(declaration)
    }

    /// The word that a text without sense begins with: most likely the name of what it declares.
    pub(super) fn leading_word(&self, pair: &Pair<'t>) -> Option<Name> {
        self.word_at(self.span(pair).start)
    }

    pub(super) fn word_at(&self, start: u32) -> Option<Name> {
        let start = start as usize;
        let text = &self.text[start..];
        let length = text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let starts_as_name = text.starts_with(|first: char| first.is_ascii_lowercase() || first == '_');
        starts_as_name.then(|| Spanned::new(text[..length].to_owned(), self.range(start..start + length)))
    }

    pub(super) fn outside(&self, pair: Pair<'t>) -> Option<Spanned<String>> {
        self.plain_string(pair.into_inner().next().expect("`as` has a string"))
    }
}

struct Declaration {
    name: Name,
    outside: Option<Spanned<String>>,
    ty: Type,
    default: Option<Expr>,
    span: Span,
}
