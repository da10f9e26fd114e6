//! Columns of tables that a run starts with: those of CSV, TSV and JSONL files are compared with the declared record by
//! name, before anything runs. Other formats are the programs' business.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use pipec_ir::{Type, TypeDef, TypeTable};
use serde_json::Value as Json;

/// A longer header, or first row, isn't looked at.
const MAX_LINE_BYTES: u64 = 1024 * 1024;

/// An error is a sentence.
pub(super) fn check_columns(path: &Path, ty: &Type, types: &TypeTable) -> Result<(), String> {
    let Type::Table { row, format: Some(format) } = ty else { return Ok(()) };
    let Some(TypeDef::Record(record)) = types.get(row) else { return Ok(()) };
    let Some(line) = first_line(path)? else { return Ok(()) };
    let found = match format.as_str() {
        "csv" => header(&line, ','),
        "tsv" => header(&line, '\t'),
        "jsonl" if line.trim().is_empty() => return Ok(()),
        "jsonl" => keys(&line)
            .ok_or_else(|| format!("{} isn't JSONL: its first line is no JSON object", path.display()))?,
        _ => return Ok(()),
    };
    let required = record.fields.iter().filter(|field| !matches!(field.ty, Type::Optional { .. }));
    let missing: Vec<&str> = required
        .map(pipec_ir::Field::json_name)
        .filter(|name| !found.iter().any(|column| column == name))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let columns = if missing.len() == 1 { "the column" } else { "the columns" };
    Err(format!(
        "{} lacks {columns} {} of {row}; it has {}",
        path.display(),
        missing.join(", "),
        if found.is_empty() { "none".to_owned() } else { found.join(", ") }
    ))
}

/// Without its line end and a byte-order mark; `None` if it is too long, or no text.
fn first_line(path: &Path) -> Result<Option<String>, String> {
    let unreadable = |error: std::io::Error| crate::error::io_message("read", path, &error);
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    BufReader::new(file).take(MAX_LINE_BYTES).read_until(b'\n', &mut bytes).map_err(unreadable)?;
    let is_whole = (bytes.len() as u64) < MAX_LINE_BYTES;
    let text = String::from_utf8(bytes).ok().filter(|_| is_whole);
    Ok(text.map(|text| text.trim_end_matches(['\n', '\r']).trim_start_matches('\u{feff}').to_owned()))
}

/// The names in a header; those in quotes may hold the separator and doubled quotes.
fn header(line: &str, separator: char) -> Vec<String> {
    let mut names = Vec::new();
    let mut name = String::new();
    let mut is_quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '"' && is_quoted && characters.peek() == Some(&'"') {
            characters.next();
            name.push('"');
        } else if character == '"' {
            is_quoted = !is_quoted;
        } else if character == separator && !is_quoted {
            names.push(std::mem::take(&mut name));
        } else {
            name.push(character);
        }
    }
    if !names.is_empty() || !name.is_empty() {
        names.push(name);
    }
    names
}

fn keys(line: &str) -> Option<Vec<String>> {
    match serde_json::from_str(line).ok()? {
        Json::Object(object) => Some(object.keys().cloned().collect()),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_split_at_its_separators() {
        assert_eq!(header("a,\"b,c\",\"d\"\"e\",", ','), ["a", "b,c", "d\"e", ""]);
        assert_eq!(header("a b\t#CHROM", '\t'), ["a b", "#CHROM"]);
        assert_eq!(header("", ','), [""; 0]);
    }
}
