//! The JSON Schema of IR documents, made from the types. It knows shapes, not meaning: that is `validate`'s.

use serde_json::Value as Json;

use crate::program::Program;

/// The schema, as `v1.schema.json` holds it.
pub fn schema() -> Json {
    let mut schema = schemars::schema_for!(Program).to_value();
    if let Json::Object(fields) = &mut schema {
        fields.insert("title".to_owned(), Json::from("pipec IR, version 1"));
    }
    schema.sort_all_objects();
    schema
}
