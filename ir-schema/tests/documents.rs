//! The documents in `examples/`: valid ones are what `write` makes of them, with true identities; invalid ones are
//! refused with the message that stands beside them. `UPDATE_EXAMPLES=1 cargo test -p pipec-ir` writes both anew.

use std::fs;
use std::path::{Path, PathBuf};

fn documents(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(folder);
    let entries = fs::read_dir(folder).expect("the folder of examples").flatten().map(|entry| entry.path());
    let mut documents: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    documents.sort();
    assert!(!documents.is_empty());
    documents
}

fn is_updating() -> bool {
    std::env::var_os("UPDATE_EXAMPLES").is_some()
}

#[test]
fn valid_documents_are_canonical_and_valid() {
    for path in documents("valid") {
        let text = fs::read_to_string(&path).unwrap();
        let mut program = pipec_ir::read(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        program.set_identities();
        let written = pipec_ir::write(&program);
        if is_updating() {
            fs::write(&path, &written).unwrap();
        } else {
            assert!(
                written == text,
                "{}: run with UPDATE_EXAMPLES=1 and look at the difference",
                path.display()
            );
        }
        if let Err(found) = pipec_ir::validate(&program) {
            let found: Vec<String> = found.iter().map(ToString::to_string).collect();
            panic!("{}:\n{}", path.display(), found.join("\n"));
        }
        assert_eq!(pipec_ir::read(&written).as_ref(), Ok(&program));
    }
}
