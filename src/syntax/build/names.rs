//! Names, and signs that have a fixed place beside them.

use super::Builder;
use crate::diagnostics::Diagnostic;
use crate::source::Spanned;
use crate::syntax::ast::{Name, Path};
use crate::syntax::grammar::{Pair, Rule};
use crate::syntax::{errors, words};

/// What a declared name has to look like.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Case {
    /// `[a-z_][a-z0-9_]*`
    Lower,
    /// `[A-Z][A-Za-z0-9]*`
    Upper,
}

impl<'t> Builder<'t> {
    pub(super) fn name(&self, pair: &Pair<'t>) -> Name {
        Spanned::new(pair.as_str().to_owned(), self.span(pair))
    }

    /// A name that something is given here, and so no reserved word.
    pub(super) fn declared(&self, pair: &Pair<'t>, case: Case) -> Name {
        let name = self.name(pair);
        if words::is_reserved(&name.value) {
            self.reserved_word(&name);
            return name;
        }
        self.check_case(&name, case);
        name
    }

    /// The name of a type parameter, which is used in what follows: no fix of the name alone mends it.
    pub(super) fn type_parameter(&self, pair: &Pair<'t>) -> Name {
        let name = self.name(pair);
        if words::is_reserved(&name.value) {
            self.reserved_word(&name);
        } else if !fits(&name.value, Case::Upper) {
            self.say(Diagnostic { fixes: Vec::new(), ..errors::not_upper_case(&name) });
        }
        name
    }

    /// A word of the language where a name is due. In one declaration it is said once.
    pub(super) fn reserved_word(&self, name: &Name) {
        let mut said = self.reserved.borrow_mut();
        if !said.contains(&name.value) {
            said.push(name.value.clone());
            self.say(errors::reserved_word(name));
        }
    }

    /// A field's or an argument's name: any word.
    pub(super) fn label(&self, pair: &Pair<'t>) -> Name {
        let name = self.name(pair);
        if !fits(&name.value, Case::Lower) {
            self.say(errors::not_lower_case_label(&name));
        }
        name
    }

    fn check_case(&self, name: &Name, case: Case) {
        if !fits(&name.value, case) {
            self.say(match case {
                Case::Lower => errors::not_lower_case(name),
                Case::Upper => errors::not_upper_case(name),
            });
        }
    }

    /// `a` or `module.a`, from its words.
    pub(super) fn path(&self, words: &[Name]) -> Path {
        match words {
            [module, name, ..] => Path { module: Some(module.clone()), name: name.clone() },
            [name] => Path { module: None, name: name.clone() },
            [] => panic!("the grammar gives a path at least one word"),
        }
    }

    /// Says so where another sign stands in the place of a colon.
    pub(super) fn colon(&self, pair: &Pair<'t>) {
        debug_assert_eq!(pair.as_rule(), Rule::colon);
        if pair.as_str() == "=" {
            self.say(errors::equals_for_colon(self.span(pair)));
        }
    }
}

fn fits(name: &str, case: Case) -> bool {
    let mut characters = name.chars();
    let first = characters.next();
    match case {
        Case::Lower => {
            first.is_some_and(|first| first.is_ascii_lowercase() || first == '_')
                && !characters.any(|character| character.is_ascii_uppercase())
        }
        Case::Upper => {
            first.is_some_and(|first| first.is_ascii_uppercase())
                && !characters.any(|character| character == '_')
        }
    }
}
