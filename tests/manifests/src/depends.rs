//! `depends`: which tasks, with which results.

use std::collections::BTreeSet;

const RESULTS: [&str; 7] =
    ["Succeeded", "Failed", "Errored", "Skipped", "Omitted", "Daemoned", "AnySucceeded"];

/// The tasks that a `depends` names.
///
/// # Errors
/// A text that Argo can't read.
pub(crate) fn tasks(text: &str) -> Result<BTreeSet<String>, String> {
    let mut parser = Parser { rest: text.trim_start(), tasks: BTreeSet::new() };
    parser.any()?;
    if !parser.rest.is_empty() {
        return Err(format!("`depends` goes on with `{}` where it should end", parser.rest));
    }
    Ok(parser.tasks)
}

struct Parser<'a> {
    rest: &'a str,
    tasks: BTreeSet<String>,
}

impl Parser<'_> {
    fn eat(&mut self, token: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(token) else { return false };
        self.rest = rest.trim_start();
        true
    }

    fn any(&mut self) -> Result<(), String> {
        self.all()?;
        while self.eat("||") {
            self.all()?;
        }
        Ok(())
    }

    fn all(&mut self) -> Result<(), String> {
        self.one()?;
        while self.eat("&&") {
            self.one()?;
        }
        Ok(())
    }

    fn one(&mut self) -> Result<(), String> {
        if self.eat("!") {
            return self.one();
        }
        if self.eat("(") {
            self.any()?;
            return if self.eat(")") { Ok(()) } else { Err("`depends` has an open parenthesis".to_owned()) };
        }
        self.task()
    }

    fn task(&mut self) -> Result<(), String> {
        let end = self
            .rest
            .find(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        let (task, result) = word.split_once('.').unwrap_or((word, "Succeeded"));
        if task.is_empty() {
            return Err("`depends` lacks the name of a task".to_owned());
        }
        if !RESULTS.contains(&result) {
            return Err(format!("`depends` knows no result `{result}`"));
        }
        self.tasks.insert(task.to_owned());
        Ok(())
    }
}
