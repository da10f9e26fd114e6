//! What a command runs or compiles when it is given a file, or a file and a name.

use super::program::Entry;
use crate::hir::{self, LaunchId, PipelineId};
use crate::resolve::suggest;

/// Why there is no entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoEntry {
    /// The file declares no pipeline.
    Empty,
    /// Several pipelines that no other calls, by name.
    Several(Vec<String>),
    /// The pipeline has type parameters, which nobody says.
    Generic(String),
    /// No pipeline or launch has this name.
    Unknown { name: String, known: Vec<String>, nearest: Option<String> },
}

/// The pipeline or launch called `name`; without one the file's only pipeline, or the only one that no other calls.
///
/// # Errors
/// When there is none, or no single one.
pub fn entry(program: &hir::Program, name: Option<&str>) -> Result<Entry, NoEntry> {
    match name {
        Some(name) => named(program, name),
        None => only(program),
    }
}

fn own_pipelines(program: &hir::Program) -> impl Iterator<Item = (PipelineId, &hir::Pipeline)> {
    let ids = (0u32..).map(PipelineId);
    ids.zip(&program.pipelines).filter(|(_, pipeline)| pipeline.module == hir::ENTRY_MODULE)
}

fn own_launches(program: &hir::Program) -> impl Iterator<Item = (LaunchId, &hir::Launch)> {
    let ids = (0u32..).map(LaunchId);
    ids.zip(&program.launches).filter(|(_, launch)| launch.module == hir::ENTRY_MODULE)
}

fn named(program: &hir::Program, name: &str) -> Result<Entry, NoEntry> {
    if let Some((id, pipeline)) = own_pipelines(program).find(|(_, pipeline)| pipeline.name == name) {
        if !pipeline.type_parameters.is_empty() {
            return Err(NoEntry::Generic(name.to_owned()));
        }
        return Ok(Entry::Pipeline(id));
    }
    if let Some((id, _)) = own_launches(program).find(|(_, launch)| launch.name == name) {
        return Ok(Entry::Launch(id));
    }
    let pipelines = own_pipelines(program).map(|(_, pipeline)| pipeline.name.clone());
    let known: Vec<String> =
        pipelines.chain(own_launches(program).map(|(_, launch)| launch.name.clone())).collect();
    let nearest = suggest::nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
    Err(NoEntry::Unknown { name: name.to_owned(), known, nearest })
}

fn only(program: &hir::Program) -> Result<Entry, NoEntry> {
    let all: Vec<(PipelineId, &hir::Pipeline)> = own_pipelines(program).collect();
    let own: Vec<_> =
        all.iter().filter(|(_, pipeline)| pipeline.type_parameters.is_empty()).copied().collect();
    if let [(_, generic), ..] = all[..]
        && own.is_empty()
    {
        return Err(NoEntry::Generic(generic.name.clone()));
    }
    if let [(id, _)] = own[..] {
        return Ok(Entry::Pipeline(id));
    }
    let mut called = std::collections::HashSet::new();
    for (_, pipeline) in &all {
        let mut mark = |call: &hir::Call| {
            if let hir::Callee::Pipeline(callee) = call.callee {
                called.insert(callee);
            }
        };
        super::effects::for_each_call(&pipeline.body, &mut mark);
        pipeline.hooks.iter().for_each(|hook| super::effects::for_each_call(&hook.body, &mut mark));
    }
    let outermost: Vec<_> = own.iter().filter(|(id, _)| !called.contains(id)).collect();
    match outermost[..] {
        [] => Err(NoEntry::Empty),
        [(id, _)] => Ok(Entry::Pipeline(*id)),
        _ => Err(NoEntry::Several(outermost.iter().map(|(_, pipeline)| pipeline.name.clone()).collect())),
    }
}
