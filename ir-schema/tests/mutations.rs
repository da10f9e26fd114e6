//! Valid documents with one thing changed: whatever comes of it, nothing panics, and what is still valid can be walked,
//! written, read and identified.

use std::fs;
use std::path::Path;

use serde_json::{Value as Json, json};

/// Every n-th change is tried, so that the test takes a second.
const STRIDE: usize = 11;

#[test]
fn changed_documents_never_panic() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/valid");
    let (mut valid, mut refused) = (0, 0);
    for entry in fs::read_dir(folder).expect("the folder of examples").flatten() {
        let text = fs::read_to_string(entry.path()).expect("an example");
        let document: Json = serde_json::from_str(&text).expect("JSON");
        let mut places = Vec::new();
        collect(&document, String::new(), &mut places);
        for (index, place) in places.iter().enumerate().step_by(STRIDE) {
            let other = &places[(index * 7 + 3) % places.len()];
            let other = document.pointer(other).cloned().unwrap_or_default();
            for replacement in [json!(null), json!(0), json!("x y"), json!([]), json!({}), other] {
                let mut changed = document.clone();
                if let Some(part) = changed.pointer_mut(place) {
                    *part = replacement;
                }
                if survives(&changed.to_string()) { valid += 1 } else { refused += 1 }
            }
        }
    }
    assert!(valid > 10 && refused > 100, "{valid} valid, {refused} refused");
}

/// Where everything in a document stands, as JSON pointers.
fn collect(json: &Json, place: String, places: &mut Vec<String>) {
    if let Some(fields) = json.as_object() {
        for (name, value) in fields {
            let name = name.replace('~', "~0").replace('/', "~1");
            collect(value, format!("{place}/{name}"), places);
        }
    }
    for (index, item) in json.as_array().into_iter().flatten().enumerate() {
        collect(item, format!("{place}/{index}"), places);
    }
    places.push(place);
}

/// Whether a document is valid; if so, it has to hold together.
fn survives(text: &str) -> bool {
    let Ok(mut program) = pipec_ir::read(text) else { return false };
    if pipec_ir::validate(&program).is_err() {
        return false;
    }
    program.set_identities();
    assert_eq!(pipec_ir::read(&pipec_ir::write(&program)).as_ref(), Ok(&program));
    program.visit_expressions(&mut |expr| {
        let _ = pipec_ir::evaluate(expr, &program.types, &pipec_ir::eval::NoScope);
        let _ = expr.ty.has_free_text(&program.types);
    });
    true
}
