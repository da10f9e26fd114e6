//! Items.

use pest::iterators::Pairs;

use super::Builder;
use super::names::Case;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{
    Block, Const, Enum, Expr, ExprKind, File, Format, Item, ItemKind, Launch, Name, Parameter, Pipeline,
    Record, Results, Setting, SettingValue, Task, TypeAlias, TypeParameter, Use, UseKind, Variant,
};
use crate::syntax::errors;
use crate::syntax::grammar::{Pair, Rule};

/// The language that this compiler knows.
const LANGUAGE: u32 = 1;

/// What tasks and pipelines begin with.
#[derive(Default)]
pub(super) struct Header {
    name: Option<Name>,
    type_parameters: Vec<TypeParameter>,
    parameters: Vec<Parameter>,
    results: Option<Results>,
}

impl<'t> Builder<'t> {
    pub(super) fn item(&self, pair: Pair<'t>) -> Item {
        let span = self.span(&pair);
        let doc = self.doc_before(span.start);
        let kind = match pair.as_rule() {
            Rule::use_ => self.use_(pair),
            Rule::const_ => self.const_(pair),
            Rule::type_alias => self.type_alias(pair),
            Rule::record => self.record(pair),
            Rule::enum_ => self.enum_(pair),
            Rule::format => self.format(pair),
            Rule::task => self.task(pair),
            Rule::pipeline => self.pipeline(pair),
            Rule::launch => self.launch(pair),
            rule => panic!("no item is a {rule:?}"),
        };
        Item { doc, span, kind }
    }

    pub(super) fn language(&self, pair: Pair<'t>, tree: &mut File) {
        let span = self.span(&pair);
        let number = pair.into_inner().next().expect("`language` has a number");
        let number_span = self.span(&number);
        let version = number.as_str().parse::<u32>();
        if !tree.items.is_empty() || tree.language.is_some() {
            self.say(errors::misplaced_language(span));
            return;
        }
        match version {
            Ok(version) if (1..=LANGUAGE).contains(&version) => {
                tree.language = Some(Spanned::new(version, number_span));
            }
            Ok(_) | Err(_) => {
                self.say(errors::unknown_language(number_span, number.as_str(), LANGUAGE));
            }
        }
    }

    fn use_(&self, pair: Pair<'t>) -> ItemKind {
        let mut inner = pair.into_inner();
        let path = self.plain_string(inner.next().expect("`use` has a path"));
        let what = match inner.next() {
            Some(pair) if pair.as_rule() == Rule::use_alias => {
                let word = pair.into_inner().next().expect("`as` has a name");
                UseKind::Alias(self.declared(&word, Case::Lower))
            }
            Some(pair) => UseKind::Names(self.used_names(pair)),
            None => UseKind::Error,
        };
        if let Some(path) = path {
            return ItemKind::Use(Use { path, what });
        }
        match what {
            UseKind::Alias(name) => self.broken_names.borrow_mut().push(name),
            UseKind::Names(names) => self.broken_names.borrow_mut().extend(names),
            UseKind::Error => {}
        }
        ItemKind::Error
    }

    fn used_names(&self, pair: Pair<'t>) -> Vec<Name> {
        let mut names = Vec::new();
        for part in pair.into_inner() {
            if part.as_rule() == Rule::missing_comma {
                self.missing_comma(&part);
                continue;
            }
            let words: Vec<Name> = part.into_inner().map(|word| self.name(&word)).collect();
            if let [name, alias] = &words[..] {
                let extra = Span { start: name.span.end, ..alias.span };
                self.say(errors::renamed_import(name, alias, extra));
                self.broken_names.borrow_mut().push(alias.clone());
            }
            names.extend(words.into_iter().next());
        }
        names
    }

    fn const_(&self, pair: Pair<'t>) -> ItemKind {
        let span = self.span(&pair);
        let mut constant = Const {
            name: Spanned::new(String::new(), span),
            ty: None,
            value: Expr { kind: ExprKind::Error, span },
        };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::word => constant.name = self.declared(&part, Case::Lower),
                Rule::type_ => constant.ty = Some(self.type_(part)),
                Rule::equals => {}
                _ => constant.value = self.expression(part),
            }
        }
        ItemKind::Const(constant)
    }

    fn type_alias(&self, pair: Pair<'t>) -> ItemKind {
        let mut inner = pair.into_inner();
        let name = self.declared(&inner.next().expect("`type` has a name"), Case::Upper);
        let mut next = inner.nth(1).expect("`type` has a sign and a type");
        let distinct = next.as_rule() == Rule::distinct;
        if distinct {
            next = inner.next().expect("`distinct` has a type");
        }
        ItemKind::Type(TypeAlias { name, distinct, ty: self.type_(next) })
    }

    /// `type S = record { … }`: the braces were junk.
    pub(super) fn declaration_behind_type(&self, item: &mut Item) -> bool {
        let ItemKind::Type(TypeAlias { name, ty, .. }) = &item.kind else { return false };
        let word = self.text_of(ty.span);
        if !matches!(word, "record" | "enum") {
            return false;
        }
        self.say(errors::declaration_behind_type(name, word, Span { end: ty.span.end, ..item.span }));
        self.broken_names.borrow_mut().push(name.clone());
        item.kind = ItemKind::Error;
        true
    }

    fn record(&self, pair: Pair<'t>) -> ItemKind {
        let span = self.span(&pair);
        let mut record = Record {
            name: Spanned::new(String::new(), span),
            type_parameters: Vec::new(),
            fields: Vec::new(),
        };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::word => record.name = self.declared(&part, Case::Upper),
                Rule::type_parameters => record.type_parameters = self.type_parameters(part),
                Rule::brace_on_next_line => self.brace_on_next_line(&part),
                Rule::opening => {}
                _ => self.field(part, &mut record.fields),
            }
        }
        ItemKind::Record(record)
    }

    fn enum_(&self, pair: Pair<'t>) -> ItemKind {
        let span = self.span(&pair);
        let mut enumeration = Enum { name: Spanned::new(String::new(), span), variants: Vec::new() };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::word => enumeration.name = self.declared(&part, Case::Upper),
                Rule::brace_on_next_line => self.brace_on_next_line(&part),
                Rule::opening => {}
                Rule::junk => {
                    let variant = enumeration.variants.last_mut().expect("junk stands behind a variant");
                    variant.span = variant.span.to(self.span(&part));
                    self.nonsense(variant.span, Rule::strict_variant);
                }
                Rule::bad_variant => {
                    self.nonsense(self.span(&part), Rule::strict_variant);
                    let span = self.span(&part);
                    enumeration.variants.extend(self.leading_word(&part).map(|name| Variant {
                        doc: None,
                        name,
                        outside: None,
                        fields: Vec::new(),
                        span,
                    }));
                }
                _ => enumeration.variants.push(self.variant(part)),
            }
        }
        ItemKind::Enum(enumeration)
    }

    fn variant(&self, pair: Pair<'t>) -> Variant {
        let span = self.span(&pair);
        let mut variant = Variant {
            doc: self.doc_before(span.start),
            name: Spanned::new(String::new(), span),
            outside: None,
            fields: Vec::new(),
            span,
        };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::word => variant.name = self.label(&part),
                Rule::outside => variant.outside = self.outside(part),
                _ => self.field(part, &mut variant.fields),
            }
        }
        variant
    }

    fn format(&self, pair: Pair<'t>) -> ItemKind {
        let mut inner = pair.into_inner();
        let name = self.declared(&inner.next().expect("`format` has a name"), Case::Lower);
        let settings = inner.next().map(|braces| self.entries(braces)).unwrap_or_default();
        ItemKind::Format(Format { name, settings })
    }

    pub(super) fn header(&self, parts: Pairs<'t, Rule>) -> Header {
        let mut header = Header::default();
        for part in parts {
            match part.as_rule() {
                Rule::word => header.name = Some(self.declared(&part, Case::Lower)),
                Rule::type_parameters => header.type_parameters = self.type_parameters(part),
                Rule::parameters => header.parameters = self.parameters(part),
                Rule::missing_parameters => {
                    if let Some(name) = &header.name {
                        let behind = self.span(&part);
                        self.say(errors::missing_parameters(name.span, behind, &name.value));
                    }
                }
                Rule::results => header.results = Some(self.results(part)),
                rule => panic!("no header holds {rule:?}"),
            }
        }
        header
    }

    fn task(&self, pair: Pair<'t>) -> ItemKind {
        let mut parts = pair.into_inner();
        let body = parts.next_back().expect("a task has a body");
        let header = self.header(parts);
        ItemKind::Task(Task {
            name: header.name.expect("a task has a name"),
            type_parameters: header.type_parameters,
            parameters: header.parameters,
            results: header.results.unwrap_or(Results::None),
            body: self.trimmed(&body),
            settings: self.task_settings(body),
        })
    }

    fn pipeline(&self, pair: Pair<'t>) -> ItemKind {
        let mut parts = pair.into_inner();
        let body = parts.next_back().expect("a pipeline has a body");
        let header = self.header(parts);
        pipeline(header, self.block(body))
    }

    fn launch(&self, pair: Pair<'t>) -> ItemKind {
        let span = self.span(&pair);
        let mut name = None;
        let mut pipeline = None;
        let mut arguments = (Vec::new(), span);
        let mut settings = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::word => name = Some(self.declared(&part, Case::Lower)),
                Rule::path => {
                    let words: Vec<Name> = part.into_inner().map(|word| self.name(&word)).collect();
                    pipeline = Some(self.path(&words));
                }
                Rule::call => arguments = self.arguments(part),
                Rule::equals => {}
                _ if self.is_statement(&part) => {
                    self.say(errors::statement_in_settings(self.without_blanks(&part)));
                }
                _ => self.setting(part, &mut settings),
            }
        }
        ItemKind::Launch(Launch {
            name: name.expect("a launch has a name"),
            pipeline: pipeline.expect("a launch has a pipeline"),
            arguments: arguments.0,
            arguments_span: arguments.1,
            settings,
        })
    }

    pub(super) fn settings(&self, pair: Pair<'t>) -> Vec<Setting> {
        self.settings_among_statements(pair.into_inner()).0
    }

    /// The settings, and the place of the first statement among them, which has had its message.
    fn settings_among_statements(&self, parts: Pairs<'t, Rule>) -> (Vec<Setting>, Option<Span>) {
        let mut settings = Vec::new();
        let mut first = None;
        for part in parts {
            if self.is_statement(&part) {
                first = first.or(Some(self.without_blanks(&part)));
            } else {
                self.setting(part, &mut settings);
            }
        }
        if let Some(first) = first {
            self.say(errors::statement_in_settings(first));
        }
        (settings, first)
    }

    fn without_blanks(&self, pair: &Pair<'t>) -> Span {
        let start = self.range_of(pair).start;
        self.range(start..start + pair.as_str().trim_end().len())
    }

    /// What stands where a program is due has had its message.
    fn task_settings(&self, pair: Pair<'t>) -> Vec<Setting> {
        let (mut settings, statement) = self.settings_among_statements(pair.into_inner());
        if let Some(span) = statement
            && !settings.iter().any(|setting| setting.name.value == "run")
        {
            settings.push(Setting {
                name: Spanned::new("run".to_owned(), span),
                value: no_value(span),
                span,
            });
        }
        settings
    }

    /// What stands in a pipeline.
    fn is_statement(&self, pair: &Pair<'t>) -> bool {
        match pair.as_rule() {
            Rule::bad_member => self.is_call(pair) || begins_statement(pair.as_str()),
            Rule::setting => pair.as_str().contains('=') && self.is_call(pair),
            _ => false,
        }
    }

    /// `fit(1)`, `model = fit(1)`
    fn is_call(&self, pair: &Pair<'t>) -> bool {
        let text = pair.as_str();
        let called = match text.split_once('=') {
            Some((name, value)) if !name.contains([':', '(', '{', '"']) => value.trim_start(),
            Some(_) | None => text,
        };
        let name = called
            .find(|character: char| !character.is_ascii_alphanumeric() && !matches!(character, '_' | '.'));
        name.is_some_and(|end| end > 0 && called[end..].starts_with('(')) && text.trim_end().ends_with(')')
    }

    fn setting(&self, pair: Pair<'t>, settings: &mut Vec<Setting>) {
        let span = self.span(&pair);
        match pair.as_rule() {
            Rule::opening => return,
            Rule::brace_on_next_line => return self.brace_on_next_line(&pair),
            Rule::missing_comma => return self.missing_comma(&pair),
            Rule::bare_block => {
                let word = pair.into_inner().find(|part| part.as_rule() == Rule::word);
                self.say(errors::block_without_run(span, word.map(|word| word.as_str())));
                let name = Spanned::new("run".to_owned(), span);
                settings.push(Setting { name, value: no_value(span), span });
                return;
            }
            Rule::junk => {
                let setting = settings.last_mut().expect("junk stands behind a setting");
                setting.span = setting.span.to(span);
                self.nonsense(setting.span, Rule::strict_setting);
                setting.value = no_value(setting.span);
                return;
            }
            Rule::bad_member => {
                self.nonsense(span, Rule::strict_setting);
                // What stands behind a bracket that is never closed is a part of what it stands behind.
                let is_silent = |setting: &Setting| self.is_silent(setting.span);
                if !(self.is_silent(span) && settings.last().is_some_and(is_silent)) {
                    let name = self.leading_word(&pair);
                    settings.extend(name.map(|name| Setting { name, value: no_value(span), span }));
                }
                return;
            }
            _ => {}
        }
        let mut name = Spanned::new(String::new(), span);
        let mut value = no_value(span);
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::word => name = self.name(&part),
                Rule::colon => self.colon(&part),
                Rule::setting_block => {
                    let mut inner = part.into_inner();
                    let word = self.name(&inner.next().expect("a block has a word"));
                    let text = self.raw(&inner.next().expect("a block has its text"));
                    value = SettingValue::Block { word, text };
                }
                Rule::setting_record => {
                    let mut inner = part.into_inner();
                    let word = self.name(&inner.next().expect("a record setting has a word"));
                    let braces = inner.next().expect("a record setting has braces");
                    let span = self.span(&braces);
                    let record = Expr { kind: ExprKind::Braces(self.entries(braces)), span };
                    value = SettingValue::WordRecord { word, record };
                }
                _ => value = SettingValue::Expr(self.expression(part)),
            }
        }
        if self.is_silent(span) {
            value = no_value(span);
        }
        settings.push(Setting { name, value, span });
    }
}

fn no_value(span: Span) -> SettingValue {
    SettingValue::Expr(Expr { kind: ExprKind::Error, span })
}

/// `return x`, `for x in xs { … }`
fn begins_statement(text: &str) -> bool {
    let word = text.split(|character: char| !character.is_ascii_alphanumeric()).next();
    let rest = word.map_or("", |word| text[word.len()..].trim_start_matches(' '));
    matches!(word, Some("return" | "if" | "for" | "match" | "try")) && !rest.starts_with([':', '='])
}

pub(super) fn pipeline(header: Header, body: Block) -> ItemKind {
    ItemKind::Pipeline(Pipeline {
        name: header.name.expect("a pipeline has a name"),
        type_parameters: header.type_parameters,
        parameters: header.parameters,
        results: header.results.unwrap_or(Results::None),
        body,
    })
}
