//! The schema, and the documents in `examples/`: valid ones are what `write` makes of them, with true identities; invalid
//! ones are refused with the message in the `.txt` beside them. Those in `shape/` the JSON Schema refuses, too; those in
//! `meaning/` only `validate` does.
//!
//! `UPDATE_EXAMPLES=1 cargo test -p pipec-ir --test documents` writes the schema, the valid documents and the messages
//! anew; look at the difference.

use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::Value as Json;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Every document of a folder, with its text.
fn documents(folder: &str) -> Vec<(PathBuf, String)> {
    let entries = fs::read_dir(root().join("examples").join(folder)).expect("the folder of examples");
    let paths = entries.flatten().map(|entry| entry.path());
    let mut paths: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    paths.sort();
    assert!(!paths.is_empty());
    let with_text = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("an example");
        (path, text)
    };
    paths.into_iter().map(with_text).collect()
}

/// Compares a file with what it should hold, or writes it.
fn expect_file(path: &Path, expected: &str) {
    if std::env::var_os("UPDATE_EXAMPLES").is_some() {
        fs::write(path, expected).expect("a file that can be written");
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(
        found == expected,
        "{} isn't up to date (UPDATE_EXAMPLES=1 writes it):\n{expected}",
        path.display()
    );
}

fn json_schema() -> Validator {
    jsonschema::validator_for(&pipec_ir::schema()).expect("the schema is one")
}

fn shape_of(text: &str) -> Json {
    serde_json::from_str(text).expect("examples are JSON")
}

#[test]
fn the_schema_is_up_to_date() {
    let text = serde_json::to_string_pretty(&pipec_ir::schema()).expect("a schema is JSON");
    expect_file(&root().join("v1.schema.json"), &format!("{text}\n"));
}

#[test]
fn valid_documents_are_canonical_and_valid() {
    let schema = json_schema();
    for (path, text) in documents("valid") {
        let mut program = pipec_ir::read(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        program.set_identities();
        let written = pipec_ir::write(&program);
        expect_file(&path, &written);
        if let Err(found) = pipec_ir::validate(&program) {
            let found: Vec<String> = found.iter().map(ToString::to_string).collect();
            panic!("{}:\n{}", path.display(), found.join("\n"));
        }
        assert_eq!(pipec_ir::read(&written).as_ref(), Ok(&program));
        let shape = shape_of(&written);
        let errors: Vec<String> = schema.iter_errors(&shape).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{}", path.display());
    }
}

#[test]
fn documents_of_a_wrong_shape_are_refused_by_reader_and_schema() {
    let schema = json_schema();
    for (path, text) in documents("invalid/shape") {
        let error = pipec_ir::read(&text).expect_err("a wrong shape");
        expect_file(&path.with_extension("txt"), &format!("{error}\n"));
        assert!(!schema.is_valid(&shape_of(&text)), "{}", path.display());
    }
}

#[test]
fn documents_of_no_meaning_are_refused_by_validate() {
    let schema = json_schema();
    for (path, text) in documents("invalid/meaning") {
        let program = pipec_ir::read(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let found = pipec_ir::validate(&program).expect_err("a document without meaning");
        let lines: Vec<String> = found.iter().map(|found| format!("{found}\n")).collect();
        expect_file(&path.with_extension("txt"), &lines.concat());
        assert!(schema.is_valid(&shape_of(&text)), "{}", path.display());
    }
}

#[test]
fn versions_and_features() {
    let (_, text) = documents("valid").remove(0);
    let with = |ir: &str, features: &str| {
        let document =
            text.replacen("\"ir\": \"1.0\"", &format!("\"ir\": \"{ir}\", \"features\": {features}"), 1);
        pipec_ir::read(&document).map(|program| program.ir).map_err(|error| error.to_string())
    };
    assert_eq!(with("1.7", "[]"), Ok("1.7".to_owned()));
    for ir in ["2.0", "0.9", "1", "1.x", "01.0", ""] {
        let message = format!(
            "this IR has version {ir}, and this pipec reads version 1.0: use the pipec that wrote it, or a newer one"
        );
        assert_eq!(with(ir, "[]"), Err(message));
    }
    let message = "this IR uses services, locks, which this pipec doesn't know: use the pipec that wrote it, or a newer one";
    assert_eq!(with("1.1", r#"["services", "locks"]"#), Err(message.to_owned()));
}

#[test]
fn texts_that_are_no_documents() {
    let deep = format!("{{\"ir\": \"1.0\", \"name\": {}", "[".repeat(100_000));
    for (text, message) in [
        ("", "this is not JSON: EOF while parsing a value at line 1 column 0"),
        ("{\"ir\": \"1.0\"", "this is not JSON: EOF while parsing an object at line 1 column 12"),
        ("\u{0}", "this is not JSON: expected value at line 1 column 1"),
        (
            "[]",
            "this is no IR of pipec: the document: expected an object, found a list of 0 items (line 1 column 1)",
        ),
        (
            "{\"ir\": 1}",
            "this is no IR of pipec: ir: invalid type: integer `1`, expected a string (line 1 column 8)",
        ),
        ("{\"ir\": \"1.0\"} x", "this is not JSON: trailing characters at line 1 column 15"),
        (&deep, "the JSON is nested deeper than a program can be, from line 1 on"),
    ] {
        assert_eq!(pipec_ir::read(text).map_err(|error| error.to_string()), Err(message.to_owned()));
    }
}
