//! Text → tree and messages, one case a file in `tests/cases/syntax`.

#![allow(clippy::unwrap_used)]

mod findings;
mod fixes;
mod long_pipelines;
mod robustness;
mod tree;

use std::fs;
use std::path::Path;

use pipec::source::FileId;
use pipec::syntax::parse;

#[test]
fn cases() {
    insta::with_settings!({
        prepend_module_to_snapshot => false,
        omit_expression => true,
        snapshot_path => "../cases/syntax/snapshots",
    }, {
        insta::glob!("../cases/syntax", "*.pipe", |path| {
            let text = fs::read_to_string(path).unwrap();
            insta::assert_snapshot!(report(path, &text));
        });
    });
}

fn report(path: &Path, text: &str) -> String {
    let name = path.file_name().unwrap().to_string_lossy();
    let parsed = parse(FileId(0), text);
    let findings = findings::render(&name, text, &parsed.diagnostics);
    let tree = tree::file(&parsed.file);
    if findings.is_empty() { tree } else { format!("{findings}\n{tree}") }
}
