//! How large an object may be, and what takes the room in one that is too large.

use pipec_ir::Span;

use crate::{Refusal, Warning};

/// Above this many bytes an API server refuses it.
const TOO_LARGE: usize = 1_500_000;

/// Above this many bytes little room is left for what a run keeps beside its templates.
const LARGE: usize = 1_000_000;

/// How many templates are named.
const NAMED: usize = 3;

/// A warning where an object becomes large, a refusal where it is too large.
pub(crate) fn check(text: &str, pipeline: &str, span: Option<Span>) -> Result<Option<Warning>, Refusal> {
    if text.len() <= LARGE {
        return Ok(None);
    }
    let why = if text.len() > TOO_LARGE {
        format!("and an API server takes at most {TOO_LARGE}")
    } else {
        format!("which leaves little of the {TOO_LARGE} that an API server takes for the run itself")
    };
    let found = Refusal::new(format!("the WorkflowTemplate of {pipeline} has {} bytes, {why}", text.len()))
        .help(format!(
            "most of it is {}; split the pipeline, or put long constants and programs into files",
            largest(text)
        ))
        .at(format!("pipeline {pipeline}"), span);
    if text.len() > TOO_LARGE { Err(found) } else { Ok(Some(found)) }
}

/// The largest templates, with their sizes: the items of the last list of a spec, as they were written.
fn largest(text: &str) -> String {
    const ITEM: &str = "\n  - name: ";
    let templates = text.split_once("\n  templates:").map_or("", |(_, templates)| templates);
    let mut sizes: Vec<(usize, &str)> = templates
        .split(ITEM)
        .skip(1)
        .map(|template| (ITEM.len() + template.trim_end().len(), template.lines().next().unwrap_or_default()))
        .collect();
    sizes.sort_by_key(|(bytes, _)| std::cmp::Reverse(*bytes));
    let named = sizes.iter().take(NAMED).map(|(bytes, name)| format!("`{name}` ({bytes} bytes)"));
    named.collect::<Vec<_>>().join(", ")
}
