//! What the Argo backend refuses, and what it says: each message names the place and the way out.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use pipec_backends::Refusal;
use pipec_backends::argo::{Target, Version, compile};
use pipec_ir::{ArtifactRef, Expr, ExprKind, PipelineId, Program, Type};
use serde_json::json;

fn program(case: &str) -> Program {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(case).join("ir.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn shown(refusals: &[Refusal]) -> String {
    let line = |refusal: &Refusal| {
        format!(
            "{}: {} ({})",
            refusal.node.as_deref().unwrap_or("?"),
            refusal.message,
            refusal.help.as_deref().unwrap_or("no help")
        )
    };
    refusals.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn refused(program: &Program, target: &Target) -> String {
    shown(&compile(program, target).expect_err("refused"))
}

#[test]
fn a_task_without_an_image_needs_a_default_image() {
    let mut program = program("files");
    program.tasks.values_mut().for_each(|task| task.settings.image = None);
    let message = refused(&program, &Target::default());
    assert_eq!(
        message,
        "task fetch: `fetch` names no image, and Argo runs every step in a container (give the task an \
         `image`, or the target a `default_image`)\n\
         task report: `report` names no image, and Argo runs every step in a container (give the task an \
         `image`, or the target a `default_image`)"
    );
    let target = Target { default_image: Some("alpine:3.22".to_owned()), ..Target::default() };
    assert!(compile(&program, &target).is_ok());
}

#[test]
fn an_argo_that_hands_failing_expressions_on_is_refused() {
    let target = Target { argo_version: Version { major: 3, minor: 6, patch: 19 }, ..Target::default() };
    assert_eq!(
        refused(&program("files"), &target),
        "pipeline files: Argo 3.6.19 passes an expression that fails on as text, and here one may fail: \
         files.pipe:7:3: integer overflow (use Argo 3.7.16, 4.0.7 or a later one, and say so in the target's \
         `argo_version`; or compute it in a task)"
    );
}

#[test]
fn a_launch_keeps_its_name_or_is_refused() {
    let mut program = program("control");
    let launch = program.launches.shift_remove("nightly").unwrap();
    program.launches.insert("n".repeat(60), launch);
    let message = refused(&program, &Target::default());
    assert!(message.contains("people look for it by this name (use at most 52"), "{message}");
}

#[test]
fn what_only_another_store_holds_is_refused() {
    let mut program = program("captured");
    let uri = "s3://elsewhere/table.csv".to_owned();
    let kind = ExprKind::Artifact(ArtifactRef::Uri { uri, sha256: None, version: None }.into());
    let ty = Type::Dir { format: None };
    let node = &mut program.pipelines[&PipelineId("captured".to_owned())].body.nodes[0];
    let pipec_ir::NodeKind::Call(call) = &mut node.kind else { panic!("a call") };
    call.arguments[1].value = Expr { ty, kind, span: None };
    assert_eq!(
        refused(&program, &Target::default()),
        "pipeline captured, node c: Argo can't fetch `s3://elsewhere/table.csv` for this target (name the artifact \
         repository's bucket in the target (`artifact_bucket`), or use an https URI)"
    );
    let target = Target { artifact_bucket: Some("elsewhere".to_owned()), ..Target::default() };
    assert!(compile(&program, &target).is_ok());
}

#[test]
fn a_loop_over_too_many_constants_is_refused() {
    let mut program = program("control");
    let node = &mut program.pipelines[&PipelineId("control".to_owned())].body.nodes[1];
    let pipec_ir::NodeKind::Map { source, .. } = &mut node.kind else { panic!("a loop") };
    let pipec_ir::MapSource::List { list, .. } = &mut **source else { panic!("a loop over a list") };
    list.kind = ExprKind::Const(json!(vec![1; 10_001]));
    let message = refused(&program, &Target::default());
    assert!(
        message.starts_with(
            "pipeline control, node tried: a loop takes at most 10000 items, and this has 10001"
        ),
        "{message}"
    );
}

#[test]
fn a_version_that_stops_at_faults_may_still_hang() {
    let target = Target { argo_version: Version { major: 3, minor: 7, patch: 12 }, ..Target::default() };
    let compiled = compile(&program("files"), &target).unwrap();
    assert_eq!(
        shown(&compiled.warnings),
        "?: Argo 3.7.12 hangs where a reference can't be resolved (use Argo 3.7.16, 4.0.7 or a later one, and say so in \
         the target's `argo_version`)"
    );
    assert!(compile(&program("files"), &Target::default()).unwrap().warnings.is_empty());
}

#[test]
fn what_takes_the_room_is_said() {
    let padded = |copies: usize| {
        let mut program = program("files");
        for (count, task) in program.tasks.values_mut().enumerate() {
            let pipec_ir::Run::Script { text, .. } = &mut task.run else { continue };
            *text = "#".repeat(if count == 0 { 90_000 } else { 100 });
        }
        let id = program.tasks.keys().next().unwrap().clone();
        let task = program.tasks[&id].clone();
        let node = program.pipelines[&PipelineId("files".to_owned())].body.nodes[0].clone();
        for copy in 0..copies {
            let name = pipec_ir::TaskId(format!("copy-{copy}"));
            program.tasks.insert(name.clone(), task.clone());
            let mut node = node.clone();
            node.id = pipec_ir::NodeId(format!("copy-{copy}"));
            let pipec_ir::NodeKind::Call(call) = &mut node.kind else { panic!("a call") };
            call.callee = pipec_ir::Callee::Task(name);
            program.pipelines[&PipelineId("files".to_owned())].body.nodes.push(node);
        }
        program
    };
    assert!(compile(&padded(2), &Target::default()).unwrap().warnings.is_empty());
    let warned = shown(&compile(&padded(12), &Target::default()).unwrap().warnings);
    assert!(warned.contains("which leaves little of the 1500000"), "{warned}");
    assert!(warned.contains("most of it is `copy-10` (9"), "{warned}");
    let refusal = refused(&padded(17), &Target::default());
    assert!(refusal.contains("and an API server takes at most 1500000"), "{refusal}");
}

#[test]
fn a_block_that_has_to_begin_with_its_first_line_gets_no_columns() {
    let mut program = program("columns");
    let task = program.tasks.get_mut(&pipec_ir::TaskId("python".to_owned())).unwrap();
    let pipec_ir::Run::Script { text, .. } = &mut task.run else { panic!("a block") };
    text.insert_str(0, "from __future__ import annotations\n");
    assert_eq!(
        refused(&program, &Target::default()),
        "task python: a block with `from __future__` can't get these records with files on Argo (leave \
         the line out, or put what needs it into a module of `files`)"
    );
}
