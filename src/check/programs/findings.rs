//! What is wrong between a block and its task.

use foldhash::{HashMap, HashSet};

use super::interface::{Interface, Output, Part, Travels};
use super::messages::{self, Unknown};
use super::places::Places;
use super::reading::{Language, Place, Reading, mentions};
use super::tags::tags;
use super::{python_names, tools};
use crate::diagnostics::Diagnostic;
use crate::resolve::suggest;
use crate::source::Span;
use crate::syntax::ast::RawBlock;

/// Findings of a block; what it doesn't use is said only where the task has no errors.
pub(super) fn of_block(
    language: Language,
    reading: &Reading,
    block: &RawBlock,
    word: Span,
    interface: &mut Interface,
    is_sound: bool,
) -> Vec<Diagnostic> {
    let mut comparison =
        Comparison { language, reading, text: &block.text, places: Places::of(block), interface };
    let mut found = comparison.foreign_tags();
    if let Some(broken) = &reading.broken {
        // It may be a tag that makes no sense.
        if found.is_empty() {
            found.push(messages::broken(language, &broken.what, comparison.places.span(&broken.place)));
        }
        return found;
    }
    if reading.unclear {
        return found;
    }
    found.extend(comparison.unknown_names());
    if language == Language::Python {
        found.extend(comparison.overwritten_paths());
    }
    if is_sound {
        comparison.note_uses();
        found.extend(comparison.unread_inputs(word));
        found.extend(comparison.unwritten_outputs(word));
    }
    found
}

struct Comparison<'a> {
    language: Language,
    reading: &'a Reading,
    text: &'a str,
    places: Places<'a>,
    interface: &'a mut Interface,
}

impl<'a> Comparison<'a> {
    fn names(&self, places: &[Place]) -> HashSet<&'a str> {
        places.iter().map(|place| &self.text[place.clone()]).collect()
    }

    /// A message for each name that is neither given nor set: at its first place, with the others in its fix.
    fn unknown_names(&mut self) -> Vec<Diagnostic> {
        if self.reading.sets_unseen {
            return Vec::new();
        }
        let (sets, uses) = (self.names(&self.reading.sets), self.names(&self.reading.uses));
        let mut unknown: HashMap<&str, usize> = HashMap::default();
        let mut groups: Vec<(&str, Vec<Place>)> = Vec::new();
        for place in &self.reading.reads {
            let name = &self.text[place.clone()];
            if sets.contains(name) || self.is_known(name) {
                continue;
            }
            // In a shell, what is asked for with a default may come from elsewhere.
            if self.language == Language::Shell && uses.contains(name) {
                continue;
            }
            let group = *unknown.entry(name).or_insert_with(|| {
                groups.push((name, Vec::new()));
                groups.len() - 1
            });
            groups[group].1.push(place.clone());
        }
        groups.into_iter().filter_map(|(name, places)| self.unknown(name, &places, &sets)).collect()
    }

    fn is_known(&self, name: &str) -> bool {
        let is_everywhere = match self.language {
            Language::Shell => tools::is_of_shell(name),
            Language::Python => python_names::is_builtin(name),
        };
        let is_given = match self.interface.variables.get(name) {
            // Python has no variable for a field, nor for a value that it has to assign.
            Some(part) => self.language == Language::Shell || self.is_python_variable(name, *part),
            None => self.language == Language::Shell && self.interface.environment.contains(name),
        };
        let may_be_a_field = self.interface.torn.iter().any(|beginning| name.starts_with(beginning));
        is_everywhere || is_given || may_be_a_field
    }

    fn is_python_variable(&self, name: &str, part: Part) -> bool {
        match part {
            Part::Input(index) => self.interface.inputs[index].0 == name,
            // That a value isn't assigned is said of the output.
            Part::Output(_) => true,
        }
    }

    fn unknown(&mut self, name: &str, places: &[Place], sets: &HashSet<&str>) -> Option<Diagnostic> {
        let spans: Vec<Span> = places.iter().map(|place| self.places.span(place)).collect();
        if self.language == Language::Shell && name.contains(|c: char| c.is_uppercase()) {
            // An image may set any name in upper case.
            let lower = name.to_lowercase();
            let part = *self.interface.variables.get(&lower)?;
            self.interface.used.insert(part);
            return Some(messages::upper_case(name, &lower, &spans));
        }
        if let Some(index) = self.interface.inputs.iter().position(|(input, _)| input == name)
            && !self.interface.variables.contains_key(name)
        {
            self.interface.used.insert(Part::Input(index));
            return Some(messages::secret_as_variable(name, &spans, self.interface.inputs[index].1));
        }
        let near = self.nearest(name, sets);
        if let Some(part) = near.as_ref().and_then(|near| self.interface.variables.get(near)) {
            self.interface.used.insert(*part);
        }
        let kind = match self.language {
            Language::Shell => Unknown::Variable,
            Language::Python if near.is_none() && python_names::is_module(name) => Unknown::Module,
            Language::Python => Unknown::Name,
        };
        Some(messages::unknown_name(kind, name, near.as_deref(), &spans))
    }

    fn nearest(&self, name: &str, sets: &HashSet<&str>) -> Option<String> {
        let mut set: Vec<&str> = sets.iter().copied().collect();
        set.sort_unstable();
        let given = self.interface.names.iter().map(String::as_str);
        let given = given.filter(|given| self.is_known(given));
        suggest::nearest(name, given.chain(set)).map(str::to_owned)
    }

    /// Tags of other systems that name an input or an output of the task.
    fn foreign_tags(&mut self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for tag in tags(self.text) {
            if let Some(part) = self.interface.variables.get(tag.name) {
                self.interface.used.insert(*part);
                found.push(messages::foreign_tag(
                    self.language,
                    &self.text[tag.place.clone()],
                    tag.name,
                    self.places.span(&tag.place),
                ));
            }
        }
        found
    }

    fn overwritten_paths(&mut self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for (index, output) in self.interface.outputs.iter().enumerate() {
            let assigned =
                self.reading.assigns.iter().find(|place| self.text[(*place).clone()] == output.name);
            if let (Travels::Artifact, Some(place)) = (output.travels, assigned) {
                self.interface.used.insert(Part::Output(index));
                found.push(messages::overwritten_path(&output.name, self.places.span(place), output.span));
            }
        }
        found
    }

    /// Notes the inputs and outputs that the block names.
    fn note_uses(&mut self) {
        for place in self.reading.reads.iter().chain(&self.reading.uses) {
            if let Some(part) = self.interface.variables.get(&self.text[place.clone()]) {
                self.interface.used.insert(*part);
            }
        }
        if self.reading.reads_text {
            let named = self.interface.variables.iter().filter(|(name, _)| mentions(self.text, name));
            self.interface.used.extend(named.map(|(_, part)| *part));
        }
    }

    /// Whether what the block doesn't name may be used all the same.
    fn may_be_used_unseen(&self) -> bool {
        let is_delivered =
            |name: &str| self.interface.modules.contains(name) || self.interface.modules.contains(".");
        self.reading.reads_unseen
            || self.reading.sets_unseen
            || self.names(&self.reading.imports).into_iter().any(is_delivered)
    }

    fn unread_inputs(&self, word: Span) -> Vec<Diagnostic> {
        if self.may_be_used_unseen() {
            return Vec::new();
        }
        let unused = self.interface.unused_inputs();
        unused.map(|(name, span)| messages::unread_input(name, *span, word)).collect()
    }

    fn unwritten_outputs(&self, word: Span) -> Vec<Diagnostic> {
        let assigned = self.names(&self.reading.assigns);
        let mut found = Vec::new();
        for (index, output) in self.interface.outputs.iter().enumerate() {
            let is_assigned = || self.reading.sets_unseen || assigned.contains(output.name.as_str());
            let is_used = || self.may_be_used_unseen() || self.interface.used.contains(&Part::Output(index));
            let in_python = self.language == Language::Python;
            let travels = if in_python { output.travels } else { Travels::Artifact };
            let giving = match travels {
                Travels::Value => messages::Giving::Assignment,
                Travels::Artifact | Travels::Either if in_python => messages::Giving::PathInPython,
                Travels::Artifact | Travels::Either => messages::Giving::PathInShell,
            };
            let is_written = match travels {
                Travels::Value => is_assigned(),
                Travels::Artifact => is_used(),
                Travels::Either => is_assigned() || is_used(),
            };
            if !is_written && !output.is_optional && !self.is_misspelt(output) {
                found.push(messages::unwritten_output(giving, &output.name, output.span, word));
            }
        }
        found
    }

    /// A name that is read and never set has had its message, which proposes this output.
    fn is_misspelt(&self, output: &Output) -> bool {
        let part = self.interface.variables.get(&output.name);
        let is_read = self.names(&self.reading.reads).contains(output.name.as_str());
        !is_read && part.is_some_and(|part| self.interface.used.contains(part))
    }
}
