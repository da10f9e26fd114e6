//! Reads TOML tables key by key, and remembers what was asked for: all else in them is a mistake. What was asked for is also
//! the schema of the file.

use std::ops::Range;

use indexmap::IndexMap;
use serde_json::{Map, Value as Json, json};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Problem;
use super::names::Rule;
use crate::resolve::suggest::nearest;

/// A table of the file.
#[derive(Debug)]
pub(super) struct Section<'a> {
    /// As its header says it; empty for the file itself.
    name: String,
    table: &'a DeTable<'a>,
    /// The keys that were asked for, each with its JSON Schema.
    asked: IndexMap<&'static str, Json>,
}

/// A value, and where it stands.
pub(super) type Value<'a> = &'a Spanned<DeValue<'a>>;

impl<'a> Section<'a> {
    pub(super) fn new(name: impl Into<String>, table: &'a DeTable<'a>) -> Section<'a> {
        Section { name: name.into(), table, asked: IndexMap::new() }
    }

    /// The value of a key, which may be what the JSON Schema says.
    pub(super) fn value(&mut self, key: &'static str, schema: Json) -> Option<Value<'a>> {
        self.asked.insert(key, schema);
        self.table.get(key)
    }

    pub(super) fn text(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> Option<String> {
        let value = self.value(key, json!({ "type": "string" }))?;
        let text = value.get_ref().as_str();
        if text.is_none() {
            problems.push(wrong_kind(key, "text in quotes", value));
        }
        text.map(str::to_owned)
    }

    /// A text that keeps a rule.
    pub(super) fn name(
        &mut self,
        key: &'static str,
        rule: Rule,
        problems: &mut Vec<Problem>,
    ) -> Option<String> {
        let text = self.text(key, problems)?;
        check_name(&format!("`{key}`"), &text, self.table.get(key)?.span(), rule, problems);
        Some(text)
    }

    pub(super) fn texts(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> Option<Vec<String>> {
        let value = self.value(key, json!({ "type": "array", "items": { "type": "string" } }))?;
        let items = value.get_ref().as_array();
        let texts = items.and_then(|items| {
            items.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        });
        if texts.is_none() {
            problems.push(wrong_kind(key, "a list of texts, such as [\"A\", \"B\"]", value));
        }
        texts
    }

    /// Texts of which each keeps a rule.
    pub(super) fn names(
        &mut self,
        key: &'static str,
        rule: Rule,
        problems: &mut Vec<Problem>,
    ) -> Option<Vec<String>> {
        let texts = self.texts(key, problems)?;
        let items = self.table.get(key)?.get_ref().as_array()?;
        for (text, item) in texts.iter().zip(items.iter()) {
            check_name(&format!("`{key}`"), text, item.span(), rule, problems);
        }
        Some(texts)
    }

    /// A whole number within a range.
    pub(super) fn number(
        &mut self,
        key: &'static str,
        range: std::ops::RangeInclusive<u32>,
        problems: &mut Vec<Problem>,
    ) -> Option<u32> {
        let (least, most) = (range.start(), range.end());
        let value = self.value(key, json!({ "type": "integer", "minimum": least, "maximum": most }))?;
        let integer = value.get_ref().as_integer();
        let number = integer.and_then(|integer| u32::from_str_radix(integer.as_str(), integer.radix()).ok());
        let number = number.filter(|number| range.contains(number));
        if number.is_none() {
            problems.push(wrong_kind(key, &format!("a whole number from {least} to {most}"), value));
        }
        number
    }

    /// An amount of cores or bytes, as text.
    pub(super) fn quantity(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> Option<String> {
        let text = self.text(key, problems)?;
        if pipec_ir::quantity::parse_quantity(&text).is_none() {
            problems.push(wrong_kind(key, "an amount such as \"500m\" or \"8Gi\"", self.table.get(key)?));
            return None;
        }
        Some(text)
    }

    /// `true` or `false`.
    pub(super) fn truth(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> Option<bool> {
        let value = self.value(key, json!({ "type": "boolean" }))?;
        let truth = value.get_ref().as_bool();
        if truth.is_none() {
            problems.push(wrong_kind(key, "true or false", value));
        }
        truth
    }

    /// A list of tables, each with its place.
    pub(super) fn sections<T>(
        &mut self,
        key: &'static str,
        problems: &mut Vec<Problem>,
        read: impl Fn(&mut Section<'_>, &mut Vec<Problem>) -> T,
    ) -> Vec<(T, Range<usize>)> {
        let Some(value) = self.value(key, json!({ "type": "array", "items": shape(&read) })) else {
            return Vec::new();
        };
        let name = format!("{}.{key}", self.name);
        let items = value.get_ref().as_array();
        let tables = items.and_then(|items| {
            let table = |item: &'a Spanned<DeValue<'a>>| Some((item.get_ref().as_table()?, item.span()));
            items.iter().map(table).collect::<Option<Vec<_>>>()
        });
        if tables.is_none() {
            problems.push(wrong_kind(key, &format!("a list of tables: [[{name}]]"), value));
        }
        let read = |(table, range)| (Section::new(name.clone(), table).read(problems, &read), range);
        tables.unwrap_or_default().into_iter().map(read).collect()
    }

    /// A table inside this one.
    pub(super) fn section<T>(
        &mut self,
        key: &'static str,
        problems: &mut Vec<Problem>,
        read: impl Fn(&mut Section<'_>, &mut Vec<Problem>) -> T,
    ) -> Option<T> {
        let inner = self.table(key, shape(&read), problems)?;
        Some(inner.read(problems, &read))
    }

    /// A table whose keys are names.
    pub(super) fn table(
        &mut self,
        key: &'static str,
        schema: Json,
        problems: &mut Vec<Problem>,
    ) -> Option<Section<'a>> {
        let value = self.value(key, schema)?;
        let name = if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) };
        let table = value.get_ref().as_table();
        if table.is_none() {
            problems.push(wrong_kind(key, &format!("a table: [{name}]"), value));
        }
        table.map(|table| Section::new(name, table))
    }

    /// All of it.
    fn read<T>(
        mut self,
        problems: &mut Vec<Problem>,
        read: impl Fn(&mut Section<'_>, &mut Vec<Problem>) -> T,
    ) -> T {
        let found = read(&mut self, problems);
        self.finish(problems);
        found
    }

    /// All keys with their values, in order of place. None of them is a mistake.
    pub(super) fn entries(&self) -> Vec<(&'a str, Range<usize>, Value<'a>)> {
        let entries = self.table.iter();
        let mut entries: Vec<_> =
            entries.map(|(key, value)| (key.get_ref().as_ref(), key.span(), value)).collect();
        entries.sort_by_key(|(_, span, _)| span.start);
        entries
    }

    /// Reports the keys that nobody asked for.
    pub(super) fn finish(self, problems: &mut Vec<Problem>) {
        let place = match self.name.as_str() {
            "" => "pipec.toml".to_owned(),
            name => format!("[{name}]"),
        };
        let known: Vec<&str> = self.asked.keys().copied().collect();
        for (key, range, _) in self.entries() {
            if !known.contains(&key) {
                problems.push(unknown_key(key, range, &place, &known));
            }
        }
    }
}

/// The JSON Schema of a table that is read like this: of what is asked for where there is nothing.
pub(super) fn shape<T>(read: impl Fn(&mut Section<'_>, &mut Vec<Problem>) -> T) -> Json {
    let nothing = DeTable::new();
    let mut section = Section::new("", &nothing);
    read(&mut section, &mut Vec::new());
    let properties: Map<String, Json> =
        section.asked.into_iter().map(|(key, schema)| (key.to_owned(), schema)).collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// Reports a text that breaks a rule.
pub(super) fn check_name(
    what: &str,
    text: &str,
    range: Range<usize>,
    rule: Rule,
    problems: &mut Vec<Problem>,
) {
    if let Err(reason) = rule(text) {
        let message = format!("{what} can't be {text:?}");
        problems.push(Problem { message, range, label: reason.to_owned(), help: None });
    }
}

fn unknown_key(key: &str, range: Range<usize>, place: &str, known: &[&str]) -> Problem {
    let help = match nearest(key, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            let known: Vec<String> = known.iter().map(|key| format!("`{key}`")).collect();
            format!("{place} takes {}", known.join(", "))
        }
    };
    Problem {
        message: format!("{place} has no key `{key}`"),
        range,
        label: "not a key that pipec knows".to_owned(),
        help: Some(help),
    }
}

pub(super) fn wrong_kind(key: &str, wanted: &str, value: Value) -> Problem {
    Problem {
        message: format!("`{key}` takes {wanted}"),
        range: value.span(),
        label: format!("this is {}", kind_of(value.get_ref())),
        help: None,
    }
}

fn kind_of(value: &DeValue) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

impl Section<'_> {
    /// Where the value at a path of keys stands; the file's start if there is none.
    pub(super) fn place_of(&self, path: &[&str]) -> Range<usize> {
        let Some((last, parents)) = path.split_last() else { return 0..0 };
        let table = parents
            .iter()
            .try_fold(self.table, |table, key| table.get(*key).and_then(|value| value.get_ref().as_table()));
        table.and_then(|table| table.get(*last)).map_or(0..0, Spanned::span)
    }
}
