//! Types from text, as the language writes them: `int`, `[string]?`, `map<file<csv>>`, `int in 1..=16`; a capital letter
//! begins an enum if it ends in `Kind`, else a record.

use pipec_ir::Type;

pub fn ty(text: &str) -> Type {
    if let Some(of) = text.strip_suffix('?') {
        return Type::optional(ty(of));
    }
    if let Some(item) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        return Type::list(ty(item));
    }
    if let Some(value) = inside(text, "map") {
        return Type::map(ty(value));
    }
    if let Some(interval) = text.strip_prefix("int in ") {
        let (min, max) = interval.split_once("..=").unwrap();
        return Type::Int { min: min.parse().ok(), max: max.parse().ok() };
    }
    if let Some(pattern) = text.strip_prefix("string matching ") {
        return Type::String { pattern: Some(pattern.trim_matches('/').to_owned()) };
    }
    if let Some(row) = inside(text, "table") {
        let (row, format) = row.split_once(", ").unwrap();
        return Type::Table { row: row.to_owned(), format: Some(format.to_owned()) };
    }
    match text {
        "bool" => Type::Bool,
        "int" => Type::INT,
        "float" => Type::FLOAT,
        "string" => Type::STRING,
        "duration" => Type::Duration,
        "quantity" => Type::Quantity,
        "json" => Type::Json,
        "secret" => Type::Secret,
        "file" => Type::File { format: None },
        "dir" => Type::Dir { format: None },
        name if name.ends_with("Kind") => Type::Enum { name: name.to_owned() },
        name if name.starts_with(|first: char| first.is_ascii_uppercase()) => {
            Type::Record { name: name.to_owned() }
        }
        other => match (inside(other, "file"), inside(other, "dir")) {
            (Some(format), _) => Type::File { format: Some(format.to_owned()) },
            (_, Some(format)) => Type::Dir { format: Some(format.to_owned()) },
            (None, None) => panic!("no type: {other}"),
        },
    }
}

fn inside<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.strip_prefix(name)?.strip_prefix('<')?.strip_suffix('>')
}
