//! The JSON Schema of `pipec.toml`, for editors.

use serde_json::{Value as Json, json};

use super::settings;

/// What is taken, as far as a schema can say it.
pub fn schema() -> Json {
    let mut schema = settings::schema();
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("pipec.toml");
    schema
}
