//! The published schemas take what pipec writes and reads, and nothing that it refuses.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::path::Path;
use std::process::Command;

use jsonschema::Validator;
use serde_json::{Value, json};

/// What a command prints, whatever its exit status.
fn pipec(folder: &Path, arguments: &[&str]) -> String {
    let output =
        Command::new(env!("CARGO_BIN_EXE_pipec")).current_dir(folder).args(arguments).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn validator(folder: &Path, arguments: &[&str]) -> Validator {
    let schema: Value = serde_json::from_str(&pipec(folder, arguments)).unwrap();
    jsonschema::validator_for(&schema).expect("the schema is one")
}

fn cases() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/check"))
}

#[test]
fn findings_are_as_their_schema_says() {
    let findings = pipec(cases(), &["check", "--output-format", "json", "."]);
    let findings: Value = serde_json::from_str(&findings).unwrap();
    assert!(findings["findings"].as_array().unwrap().len() > 100);
    let validator = validator(cases(), &["schema", "diagnostics"]);
    let wrong: Vec<String> = validator.iter_errors(&findings).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(!validator.is_valid(&json!({ "findings": [] })));
}

#[test]
fn a_configuration_is_right_where_pipec_takes_it() {
    let validator = validator(cases(), &["schema", "config"]);
    let texts = [
        "",
        "[project]\nname = \"x\"\ndefault_target = \"argo\"\n",
        "[target.prod]\nbackend = \"argo\"\nargo_version = \"3.7.1\"\nnamespace = \"ml\"\nmap_limit = 5\n",
        "[target.argo]\nimage_pull_secrets = [\"a\"]\n",
        "[target.local]\npass_env = [\"HOME\"]\n",
        "[target.argo]\nlargest_node = { memory = \"1Ti\", gpu = 8 }\ngpu_kinds = []\nregistries = [\"ghcr.io\"]\n",
        "[target.local]\nlargest_node = { gpu = \"8\" }\n",
        "[lints]\nW0601 = \"deny\"\nW0603 = \"warn\"\n",
        "[lints]\nW9999 = \"deny\"\n",
        "[lints]\nE0301 = \"deny\"\n",
        "[lints]\nW0601 = \"loud\"\n",
        "[projekt]\n",
        "[project]\nnmae = \"x\"\n",
        "[target.prod]\nbackend = \"argo\"\nmap_limit = 0\n",
        "[target.prod]\nbackend = \"local\"\nnamespace = \"ml\"\n",
    ];
    for text in texts {
        let value: Value = serde_json::to_value(text.parse::<toml::Table>().unwrap()).unwrap();
        assert_eq!(validator.is_valid(&value), pipec::project::parse(text).is_ok(), "{text}");
    }
}

/// The keys of the target in the documentation and of the table below it.
fn documented() -> (toml::Table, Vec<String>) {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/argo.md")).unwrap();
    let (block, rest) = page.split_once("```toml\n").unwrap().1.split_once("```").unwrap();
    let table = rest.split("\n### ").next().unwrap();
    let cells = table.lines().filter_map(|line| line.strip_prefix("| `")?.split_once(" |"));
    let keys = cells.flat_map(|(cell, _)| cell.split('`').step_by(2).map(str::to_owned).collect::<Vec<_>>());
    (block.parse().unwrap(), keys.collect())
}

#[test]
fn the_schema_of_the_configuration_has_the_documented_keys_and_no_others() {
    let (target, mut documented) = documented();
    let whole = serde_json::to_value(&target).unwrap();
    let wrong: Vec<String> = validator(cases(), &["schema", "config"])
        .iter_errors(&whole)
        .map(|error| error.to_string())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    documented.extend(target["target"]["prod"].as_table().unwrap().keys().cloned());
    documented.sort();
    documented.dedup();
    let schema: Value = serde_json::from_str(&pipec(cases(), &["schema", "config"])).unwrap();
    let argo = &schema["properties"]["target"]["additionalProperties"]["anyOf"][0]["properties"];
    let mut keys: Vec<String> = argo.as_object().unwrap().keys().cloned().collect();
    keys.sort();
    assert_eq!(keys, documented);
}

const ENTRY: &str = r#"
enum Loss { plain, focal as "focal-loss"(gamma: float = 2.0) }
record Row { id: int in 1..=9, note: string?, loss as "my-loss": Loss = Loss.plain }

pipeline train(
  rows: [{ a: int, b: Row? }],
  data: file<csv>,
  rate: float in 0.0..<1.0,
  names: map<string>,
  wait: duration = 30s,
  anything: json,
  loud: bool = false,
) -> json {
  return { rows: rows, data: "", rate: rate, names: names, wait: wait, anything: anything, loud: loud }
}
"#;

#[test]
fn inputs_are_as_their_schema_says() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.pipe"), ENTRY).unwrap();
    let validator = validator(folder.path(), &["inputs", "main.pipe", "--format", "schema"]);
    let right = json!({
        "rows": [
            { "a": 1, "b": null },
            { "a": 2, "b": { "id": 9, "note": "x", "my-loss": "plain" } },
            { "a": 2, "b": { "id": 1, "my-loss": { "focal-loss": {} } } },
        ],
        "data": "rows.csv", "rate": 0, "names": { "x": "y" }, "anything": [1, "x"], "wait": "10s",
    });
    let wrong: Vec<String> = validator.iter_errors(&right).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let changes = [
        ("rate", json!(1.0)),
        ("rate", json!("1")),
        ("names", json!({ "x": 1 })),
        ("data", json!(7)),
        ("unknown", json!(7)),
        ("rows", json!([{ "b": null }])),
        ("rows", json!([{ "a": 1, "c": 1 }])),
        ("rows", json!([{ "a": 1, "b": { "id": 10 } }])),
        ("rows", json!([{ "a": 1, "b": { "id": 1, "my-loss": "focal" } }])),
        ("rows", json!([{ "a": 1, "b": { "id": 1, "loss": "plain" } }])),
    ];
    for (name, value) in changes {
        let mut changed = right.clone();
        changed[name] = value;
        assert!(!validator.is_valid(&changed), "{changed}");
    }
    let mut incomplete = right.clone();
    incomplete.as_object_mut().unwrap().remove("data");
    assert!(!validator.is_valid(&incomplete));
}
