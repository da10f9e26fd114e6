//! Applies fixes to texts. Of fixes that touch each other the first in the text is taken; the others have their turn when
//! the text that it leaves has been checked.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::render::Finding;
use super::{Applicability, Code, Edit, Fix};
use crate::source::{Position, Span};

/// What may be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Willing {
    /// Fixes that needn't be looked at.
    Safe,
    /// Also those that may change what the program means.
    Unsafe,
}

/// A fix that has been applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    pub path: PathBuf,
    /// Of the finding, in the text before.
    pub position: Position,
    pub code: Code,
    pub title: String,
}

/// Texts that have changed, and by what.
#[derive(Clone, Debug, Default)]
pub struct Round {
    pub texts: BTreeMap<PathBuf, String>,
    pub applied: Vec<Applied>,
}

/// The edits that are taken so far, by file and start, none of which touch.
type Taken<'a> = BTreeMap<&'a Path, BTreeMap<u32, &'a Edit>>;

/// The findings whose fixes can be applied at once, since they don't touch each other, each with its fix. Findings come
/// in order of file and place.
fn compatible<'a>(findings: &[Finding<'a>], willing: Willing) -> Vec<(Finding<'a>, &'a Fix)> {
    let mut taken = Taken::new();
    let mut chosen = Vec::new();
    for finding in findings {
        let Some(fix) = choose(&finding.diagnostic.fixes, willing) else { continue };
        let path = |edit: &Edit| finding.sources.file(edit.span.file).path();
        // What is on no disk, such as the prelude, has no absolute path.
        if !fix.edits.iter().all(|edit| path(edit).is_absolute() && is_free(&taken, path(edit), edit.span)) {
            continue;
        }
        for edit in &fix.edits {
            taken.entry(path(edit)).or_default().insert(edit.span.start, edit);
        }
        chosen.push((*finding, fix));
    }
    chosen
}

/// The edits of all fixes that can be applied at once.
pub fn edits(findings: &[Finding], willing: Willing) -> Vec<Edit> {
    compatible(findings, willing).into_iter().flat_map(|(_, fix)| fix.edits.clone()).collect()
}

/// Applies as many fixes at once as don't touch each other. Findings come in order of file and place.
pub fn apply(findings: &[Finding], willing: Willing) -> Round {
    let mut edits = Taken::new();
    let mut texts: BTreeMap<&Path, &str> = BTreeMap::new();
    let mut applied = Vec::new();
    for (Finding { sources, diagnostic }, fix) in compatible(findings, willing) {
        for edit in &fix.edits {
            let file = sources.file(edit.span.file);
            texts.insert(file.path(), file.text());
            edits.entry(file.path()).or_default().insert(edit.span.start, edit);
        }
        applied.push(Applied {
            path: sources.file(diagnostic.span().file).path().to_owned(),
            position: sources.position(diagnostic.span()),
            code: diagnostic.code,
            title: fix.title.clone(),
        });
    }
    let texts = edits.iter().map(|(path, edits)| ((*path).to_owned(), edited(texts[path], edits.values())));
    Round { texts: texts.collect(), applied }
}

/// The one to apply: a safe one, else the only unsafe one, since a choice is for people.
fn choose(fixes: &[Fix], willing: Willing) -> Option<&Fix> {
    let safe = fixes.iter().find(|fix| fix.applicability == Applicability::Safe);
    match (safe, willing, fixes) {
        (Some(safe), _, _) => Some(safe),
        (None, Willing::Unsafe, [only]) => Some(only),
        (None, Willing::Safe | Willing::Unsafe, _) => None,
    }
}

/// Whether a span neither overlaps nor touches what is taken.
fn is_free(taken: &Taken, path: &Path, span: Span) -> bool {
    let Some(edits) = taken.get(path) else { return true };
    let before = edits.range(..=span.end).next_back();
    before.is_none_or(|(_, edit)| edit.span.end < span.start)
}

fn edited<'a>(text: &str, edits: impl Iterator<Item = &'a &'a Edit>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let (start, end) = range(edit, text);
        out.push_str(&text[at..start.max(at)]);
        out.push_str(&edit.replacement);
        at = end.max(at);
    }
    out.push_str(&text[at..]);
    out
}

/// The bytes that an edit replaces: what is taken away goes with its lines, where nothing else is on them.
pub fn range(edit: &Edit, text: &str) -> (usize, usize) {
    let (start, end) = (edit.span.start as usize, edit.span.end as usize);
    let before = text[..start].trim_end_matches([' ', '\t']);
    let behind = text[end..].trim_start_matches([' ', '\t', '\r']);
    let is_alone = (before.is_empty() || before.ends_with('\n')) && behind.starts_with('\n');
    if start < end && edit.replacement.is_empty() && is_alone {
        (before.len(), text.len() - behind.len() + 1)
    } else {
        (start, end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{Diagnostic, codes};
    use crate::source::{FileId, SourceMap};

    fn sources(text: &str) -> SourceMap {
        let mut sources = SourceMap::default();
        sources.add(PathBuf::from("/x.pipe"), "x.pipe".to_owned(), text.into());
        sources
    }

    fn finding(start: u32, end: u32, replacement: &str, applicability: Applicability) -> Diagnostic {
        let span = Span::new(FileId(0), start, end);
        let fix = Fix { applicability, ..Fix::safe(format!("write {replacement}"), span, replacement) };
        Diagnostic::warning(codes::UNUSED, "", span, "").with_fix(fix)
    }

    fn after(text: &str, diagnostics: &[Diagnostic], willing: Willing) -> (String, Vec<String>) {
        let sources = sources(text);
        let findings: Vec<Finding> =
            diagnostics.iter().map(|diagnostic| Finding { sources: &sources, diagnostic }).collect();
        let round = apply(&findings, willing);
        let text = round.texts.get(Path::new("/x.pipe")).cloned().unwrap_or_else(|| text.to_owned());
        (text, round.applied.into_iter().map(|applied| applied.title).collect())
    }

    #[test]
    fn of_fixes_that_touch_the_first_wins() {
        use Applicability::Safe;
        let diagnostics = [finding(0, 2, "X", Safe), finding(2, 4, "Y", Safe), finding(5, 5, "Z", Safe)];
        let (text, titles) = after("aabbcc", &diagnostics, Willing::Safe);
        assert_eq!(text, "XbbcZc");
        assert_eq!(titles, ["write X", "write Z"]);
    }

    #[test]
    fn what_is_taken_away_goes_with_its_lines() {
        use Applicability::Safe;
        assert_eq!(after("a\n  b \nc\n", &[finding(4, 5, "", Safe)], Willing::Safe).0, "a\nc\n");
        assert_eq!(after("a\n  b c\n", &[finding(4, 5, "", Safe)], Willing::Safe).0, "a\n   c\n");
    }

    #[test]
    fn insertions_at_one_place_take_turns() {
        use Applicability::Safe;
        let diagnostics = [finding(1, 1, "X", Safe), finding(1, 1, "Y", Safe)];
        assert_eq!(after("ab", &diagnostics, Willing::Safe).0, "aXb");
    }

    #[test]
    fn unsafe_fixes_wait_to_be_asked_for_and_choices_are_for_people() {
        use Applicability::Unsafe;
        let one = finding(0, 1, "X", Unsafe);
        let mut two = finding(1, 2, "Y", Unsafe);
        two.fixes.push(Fix { title: "or Z".to_owned(), ..two.fixes[0].clone() });
        let diagnostics = [one, two];
        assert_eq!(after("ab", &diagnostics, Willing::Safe).0, "ab");
        assert_eq!(after("ab", &diagnostics, Willing::Unsafe).0, "Xb");
    }
}
