//! Where an arm that is missing would stand, so that a fix can write it as the others are written.

use super::Builder;
use crate::source::Span;
use crate::syntax::ast::{Arm, NextArm};

impl Builder<'_> {
    /// In `braces`, behind what is there.
    pub(super) fn next_arm(&self, braces: Span, arms: &[Arm]) -> Option<NextArm> {
        if !self.text_of(braces).ends_with('}') {
            return None;
        }
        let Some((first, last)) = arms.first().zip(arms.last()) else {
            let place = Span { start: braces.start + 1, end: braces.end - 1, ..braces };
            let is_empty = self.source[place.start as usize..place.end as usize].trim().is_empty();
            let indentation = self.indentation(braces.start);
            return is_empty.then(|| NextArm {
                place,
                before: format!("\n{indentation}  "),
                behind: format!("\n{indentation}"),
            });
        };
        let arm = self.text_of(last.span).trim_end();
        let end = last.span.start as usize + arm.len();
        let has_lines = self.source[braces.start as usize..first.span.start as usize].contains('\n');
        let (end, before) = match has_lines {
            true => (self.end_of_arm(end), format!("\n{}", self.indentation(last.span.start))),
            false => (end, ", ".to_owned()),
        };
        Some(NextArm { place: self.range(end..end), before, behind: String::new() })
    }

    /// Behind a comma and a comment on its line, if nothing else follows there.
    fn end_of_arm(&self, end: usize) -> usize {
        let line = self.source[end..].lines().next().unwrap_or_default();
        let rest = line.trim_start_matches([',', ' ', '\t']);
        if rest.is_empty() || rest.starts_with("//") { end + line.trim_end().len() } else { end }
    }

    /// The blanks that the line of `at` begins with.
    fn indentation(&self, at: u32) -> &str {
        let before = &self.source[..at as usize];
        let line = &self.source[before.rfind('\n').map_or(0, |found| found + 1)..];
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }
}
