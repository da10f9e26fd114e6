//! Reads TOML tables key by key, and remembers what was asked for: all else in them is a mistake.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Problem;
use crate::resolve::suggest::nearest;

/// A table of the file.
#[derive(Debug)]
pub(super) struct Section<'a> {
    /// As its header says it; empty for the file itself.
    name: String,
    table: &'a DeTable<'a>,
    asked: Vec<&'static str>,
}

/// A value, and where it stands.
pub(super) type Value<'a> = &'a Spanned<DeValue<'a>>;

impl<'a> Section<'a> {
    pub(super) fn new(name: impl Into<String>, table: &'a DeTable<'a>) -> Section<'a> {
        Section { name: name.into(), table, asked: Vec::new() }
    }

    pub(super) fn value(&mut self, key: &'static str) -> Option<Value<'a>> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        self.table.get(key)
    }

    pub(super) fn text(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> Option<String> {
        let value = self.value(key)?;
        let text = value.get_ref().as_str();
        if text.is_none() {
            problems.push(wrong_kind(key, "text in quotes", value));
        }
        text.map(str::to_owned)
    }

    pub(super) fn texts(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> Option<Vec<String>> {
        let value = self.value(key)?;
        let items = value.get_ref().as_array();
        let texts = items.and_then(|items| {
            items.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        });
        if texts.is_none() {
            problems.push(wrong_kind(key, "a list of texts, such as [\"A\", \"B\"]", value));
        }
        texts
    }

    /// A whole number within a range.
    pub(super) fn number(
        &mut self,
        key: &'static str,
        range: std::ops::RangeInclusive<u32>,
        problems: &mut Vec<Problem>,
    ) -> Option<u32> {
        let value = self.value(key)?;
        let integer = value.get_ref().as_integer();
        let number = integer.and_then(|integer| u32::from_str_radix(integer.as_str(), integer.radix()).ok());
        let number = number.filter(|number| range.contains(number));
        if number.is_none() {
            let kind = format!("a whole number from {} to {}", range.start(), range.end());
            problems.push(wrong_kind(key, &kind, value));
        }
        number
    }

    /// An amount of cores or bytes, as text.
    pub(super) fn quantity(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> Option<String> {
        let text = self.text(key, problems)?;
        if pipec_ir::quantity::parse_quantity(&text).is_none() {
            let value = self.value(key)?;
            problems.push(wrong_kind(key, "an amount such as \"500m\" or \"8Gi\"", value));
            return None;
        }
        Some(text)
    }

    /// `true` or `false`.
    pub(super) fn truth(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> Option<bool> {
        let value = self.value(key)?;
        let truth = value.get_ref().as_bool();
        if truth.is_none() {
            problems.push(wrong_kind(key, "true or false", value));
        }
        truth
    }

    /// A list of tables, each with its place.
    pub(super) fn sections(
        &mut self,
        key: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Vec<(Section<'a>, Range<usize>)> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let name = format!("{}.{key}", self.name);
        let items = value.get_ref().as_array();
        let sections = items.and_then(|items| {
            let section = |item: &'a Spanned<DeValue<'a>>| {
                Some((Section::new(name.clone(), item.get_ref().as_table()?), item.span()))
            };
            items.iter().map(section).collect::<Option<Vec<_>>>()
        });
        if sections.is_none() {
            problems.push(wrong_kind(key, &format!("a list of tables: [[{name}]]"), value));
        }
        sections.unwrap_or_default()
    }

    /// A table inside this one.
    pub(super) fn section(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> Option<Section<'a>> {
        let value = self.value(key)?;
        let name = if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) };
        match value.get_ref().as_table() {
            Some(table) => Some(Section::new(name, table)),
            None => {
                problems.push(wrong_kind(key, &format!("a table: [{name}]"), value));
                None
            }
        }
    }

    /// All keys with their values, in order of place. None of them is a mistake.
    pub(super) fn entries(self) -> Vec<(&'a str, Range<usize>, Value<'a>)> {
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
        for (key, range, _) in (Section { asked: Vec::new(), ..self }).entries() {
            if !self.asked.contains(&key) {
                problems.push(unknown_key(key, range, &place, &self.asked));
            }
        }
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
