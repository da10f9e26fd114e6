//! The variables that a program sees of an input: its own name, and one for each field of a record.

use crate::lookup::record;
use crate::types::{Field, Type, TypeTable};

/// A variable of a program.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable<'a> {
    /// `s`, `s_reads`, `s_a_b`.
    pub name: String,
    /// The fields from the input to this, by language name; none for the input itself.
    pub path: Vec<&'a str>,
    /// The type at the end of the path.
    pub ty: &'a Type,
    /// Whether a list or map of records is on the way, so that this is a directory of one field of all of them.
    pub is_column: bool,
}

/// More variables than any environment holds; types that would make more aren't inputs of a task.
pub const MAX_VARIABLES: usize = 4096;

/// All variables of an input, itself first, then fields in declared order. `None` beyond `MAX_VARIABLES`.
///
/// A record is JSON of its value fields, and each field is a variable too. A list or map of records with artifacts is JSON
/// of the value fields, and each artifact field is a directory.
pub fn variables<'a>(name: &str, ty: &'a Type, types: &'a TypeTable) -> Option<Vec<Variable<'a>>> {
    let mut collector = Collector { types, found: Vec::new() };
    collector.input(name.to_owned(), Vec::new(), ty)?;
    Some(collector.found)
}

struct Collector<'a> {
    types: &'a TypeTable,
    found: Vec<Variable<'a>>,
}

impl<'a> Collector<'a> {
    fn push(&mut self, name: String, path: Vec<&'a str>, ty: &'a Type, is_column: bool) -> Option<()> {
        self.found.push(Variable { name, path, ty, is_column });
        (self.found.len() <= MAX_VARIABLES).then_some(())
    }

    fn input(&mut self, name: String, path: Vec<&'a str>, ty: &'a Type) -> Option<()> {
        self.push(name.clone(), path.clone(), ty, false)?;
        if let Some(record) = record(ty, self.types) {
            for field in &record.fields {
                self.input(joined(&name, field), extended(&path, field), &field.ty)?;
            }
        } else if ty.is_mixed(self.types) {
            self.columns(&name, &path, ty)?;
        }
        Some(())
    }

    /// The artifact fields of the records that a list or map is of.
    fn columns(&mut self, name: &str, path: &[&'a str], ty: &'a Type) -> Option<()> {
        let fields = record(ty.innermost(), self.types).map_or(&[][..], |record| &record.fields);
        for field in fields.iter().filter(|field| field.ty.holds_artifacts(self.types)) {
            let (name, path) = (joined(name, field), extended(path, field));
            if field.ty.is_artifact() {
                self.push(name, path, &field.ty, true)?;
            } else {
                self.columns(&name, &path, &field.ty)?;
            }
        }
        Some(())
    }
}

fn joined(name: &str, field: &Field) -> String {
    format!("{name}_{}", field.name)
}

fn extended<'a>(path: &[&'a str], field: &'a Field) -> Vec<&'a str> {
    path.iter().copied().chain([field.name.as_str()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Record, TypeDef};

    fn record_of(fields: &[(&str, Type)]) -> TypeDef {
        let field = |(name, ty): &(&str, Type)| Field {
            name: (*name).to_owned(),
            outside: None,
            ty: ty.clone(),
            default: None,
            doc: None,
        };
        TypeDef::Record(Record { fields: fields.iter().map(field).collect(), doc: None })
    }

    #[test]
    fn fields_are_variables_too() {
        let file = Type::File { format: None };
        let named = |name: &str| Type::Record { name: name.to_owned() };
        let mut types = TypeTable::new();
        types.insert("Place".into(), record_of(&[("x", Type::INT), ("map", file.clone())]));
        let fields = [("id", Type::STRING), ("at", named("Place")), ("reads", Type::list(file))];
        types.insert("Sample".into(), record_of(&fields));
        let names = |ty: &Type| -> Vec<String> {
            variables("s", ty, &types).into_iter().flatten().map(|variable| variable.name).collect()
        };
        assert_eq!(names(&Type::list(Type::INT)), ["s"]);
        assert_eq!(
            names(&Type::optional(named("Sample"))),
            ["s", "s_id", "s_at", "s_at_x", "s_at_map", "s_reads"]
        );
        assert_eq!(names(&Type::list(named("Sample"))), ["s", "s_at_map", "s_reads"]);
    }

    #[test]
    fn records_that_double_with_each_level_are_given_up() {
        let mut types = TypeTable::new();
        types.insert("R0".into(), record_of(&[("a", Type::INT)]));
        for level in 1..60 {
            let below = Type::Record { name: format!("R{}", level - 1) };
            types.insert(format!("R{level}"), record_of(&[("a", below.clone()), ("b", below)]));
        }
        assert_eq!(variables("s", &Type::Record { name: "R59".into() }, &types), None);
    }
}
