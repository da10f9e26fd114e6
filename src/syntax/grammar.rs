//! The parser that pest makes of `grammar/`. Its rules are named as the tree's types are.

#![allow(missing_debug_implementations, unreachable_pub)]

use pest_derive::Parser;

#[derive(Parser)]
#[grammar = "grammar/lexical.pest"]
#[grammar = "grammar/types.pest"]
#[grammar = "grammar/expressions.pest"]
#[grammar = "grammar/declarations.pest"]
#[grammar = "grammar/recovery.pest"]
pub(super) struct Grammar;

pub(super) type Pair<'t> = pest::iterators::Pair<'t, Rule>;
