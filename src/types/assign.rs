//! What may stand for what: the language's closed table, and why something may not.

use std::cell::RefCell;

use foldhash::HashMap;

use super::{AnonymousField, FloatInterval, IntInterval, Kind, Type};
use crate::hir::{Field, Program, RecordId};

/// How a value of one type becomes a value of another.
#[derive(Clone, Debug, PartialEq)]
pub enum Conversion {
    /// It is one already.
    Identity,
    /// Always possible.
    Widen,
    /// Only for constants whose value fits the narrower type. `Name(x)` makes one of anything else.
    Refine,
    Impossible(Mismatch),
}

/// Why one type doesn't stand for another.
#[derive(Clone, Debug, PartialEq)]
pub struct Mismatch {
    /// From the outside in: where the difference is.
    pub path: Vec<Step>,
    pub reason: Reason,
    /// The types at the difference.
    pub from: Type,
    pub to: Type,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Item,
    MapValue,
    Optional,
    Field(String),
    Column(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// They have nothing to do with each other.
    Different,
    /// A `T?` where a T is due.
    MayBeNull,
    /// The record has no field, the table no column of this name.
    Missing(String),
    /// Both have the field, with another outside name.
    OutsideName { field: String, from: String, to: String },
    /// Files, directories or tables of another format.
    Format,
    /// A file that isn't known to be of the format.
    FormatUnknown,
    /// The `distinct` type's base where the type itself is due.
    Distinct,
    /// A value where an artifact is due, or the other way round.
    Kind,
}

/// How a value of type `from` becomes one of type `to`.
pub fn assign(from: &Type, to: &Type, program: &Program) -> Conversion {
    Table { program, known: RefCell::default() }.convert(from, to)
}

struct Table<'a> {
    program: &'a Program,
    /// Pairs of records that have been compared: records may share records many times over.
    known: RefCell<HashMap<(RecordId, RecordId), Conversion>>,
}

/// A field of a record, named or not.
struct FieldView<'a> {
    name: &'a str,
    outside: Option<&'a str>,
    ty: &'a Type,
    may_be_left_out: bool,
}

impl<'a> From<&'a Field> for FieldView<'a> {
    fn from(field: &'a Field) -> FieldView<'a> {
        FieldView {
            name: &field.name,
            outside: field.outside.as_deref(),
            ty: &field.ty,
            may_be_left_out: field.default.is_some() || matches!(field.ty, Type::Optional(_)),
        }
    }
}

impl<'a> From<&'a AnonymousField> for FieldView<'a> {
    fn from(field: &'a AnonymousField) -> FieldView<'a> {
        FieldView {
            name: &field.name,
            outside: field.outside.as_deref(),
            ty: &field.ty,
            may_be_left_out: field.default.is_some() || matches!(field.ty, Type::Optional(_)),
        }
    }
}

impl FieldView<'_> {
    fn outside(&self) -> &str {
        self.outside.unwrap_or(self.name)
    }
}

fn impossible(from: &Type, to: &Type, reason: Reason) -> Conversion {
    Conversion::Impossible(Mismatch { path: Vec::new(), reason, from: from.clone(), to: to.clone() })
}

impl Conversion {
    /// As a part of something that `step` leads to; a part that is widened widens the whole.
    fn inside(self, step: impl FnOnce() -> Step) -> Conversion {
        match self {
            Conversion::Impossible(mut mismatch) => {
                mismatch.path.insert(0, step());
                Conversion::Impossible(mismatch)
            }
            Conversion::Identity | Conversion::Widen | Conversion::Refine => self,
        }
    }

    /// Both of two parts.
    fn and(self, other: Conversion) -> Conversion {
        match (&self, &other) {
            (Conversion::Impossible(_), _) => self,
            (_, Conversion::Impossible(_)) => other,
            (Conversion::Refine, _) | (_, Conversion::Refine) => Conversion::Refine,
            (Conversion::Widen, _) | (_, Conversion::Widen) => Conversion::Widen,
            (Conversion::Identity, Conversion::Identity) => Conversion::Identity,
        }
    }

    /// Followed by a step that always widens.
    fn then_widen(self) -> Conversion {
        self.and(Conversion::Widen)
    }
}

impl Table<'_> {
    fn convert(&self, from: &Type, to: &Type) -> Conversion {
        if matches!(from, Type::Error) || matches!(to, Type::Error) || from == to {
            return Conversion::Identity;
        }
        match (from, to) {
            (Type::Null, Type::Optional(_)) => Conversion::Widen,
            (Type::Null, Type::Json) => Conversion::Widen,
            (Type::Null, _) => impossible(from, to, Reason::MayBeNull),
            (Type::Optional(a), Type::Optional(b)) => {
                self.convert(a, b).inside(|| Step::Optional).and(Conversion::Identity)
            }
            (_, Type::Optional(inner)) => self.convert(from, inner).then_widen(),
            (_, Type::Json) => self.to_json(from, to),
            (Type::Optional(inner), _) => match self.convert(inner, to) {
                Conversion::Impossible(_) => impossible(from, to, Reason::Different),
                Conversion::Identity | Conversion::Widen | Conversion::Refine => {
                    impossible(from, to, Reason::MayBeNull)
                }
            },
            (Type::Distinct(_), Type::Distinct(_)) | (_, Type::Distinct(_)) => self.to_distinct(from, to),
            (Type::Distinct(id), _) => self.convert(&self.program.distincts[id.index()].of, to).then_widen(),
            (Type::Int(a), Type::Int(b)) => refine(b.includes(*a)),
            (Type::Float(a), Type::Float(b)) => refine(b.includes(*a)),
            (Type::Int(a), Type::Float(b)) => int_to_float(*a, *b),
            (Type::Int(_), Type::Quantity) => Conversion::Widen,
            (Type::String(_), Type::String(None)) => Conversion::Widen,
            (Type::String(_), Type::String(Some(_))) => Conversion::Refine,
            (Type::List(a), Type::List(b)) => self.convert(a, b).inside(|| Step::Item),
            (Type::Map(a), Type::Map(b)) => self.convert(a, b).inside(|| Step::MapValue),
            (Type::Record(_) | Type::Anonymous(_), Type::Record(_) | Type::Anonymous(_)) => {
                self.records(from, to)
            }
            (Type::File(Some(_)), Type::File(None)) | (Type::Dir(Some(_)), Type::Dir(None)) => {
                Conversion::Widen
            }
            (Type::File(None), Type::File(Some(_))) | (Type::Dir(None), Type::Dir(Some(_))) => {
                impossible(from, to, Reason::FormatUnknown)
            }
            (Type::File(_), Type::File(_)) | (Type::Dir(_), Type::Dir(_)) => {
                impossible(from, to, Reason::Format)
            }
            (Type::Table { format: a, .. }, Type::File(b)) => match (a, b) {
                (_, None) => Conversion::Widen,
                (Some(a), Some(b)) if a == b => Conversion::Widen,
                (None, Some(_)) => impossible(from, to, Reason::FormatUnknown),
                (Some(_), Some(_)) => impossible(from, to, Reason::Format),
            },
            (Type::Table { row: a, format: f }, Type::Table { row: b, format: g }) => {
                match (f, g) {
                    (_, None) => {}
                    (Some(f), Some(g)) if f == g => {}
                    (None, Some(_)) => return impossible(from, to, Reason::FormatUnknown),
                    (Some(_), Some(_)) => return impossible(from, to, Reason::Format),
                }
                if a == b { Conversion::Widen } else { self.tables(from, a, to, b) }
            }
            _ => impossible(from, to, self.unrelated(from, to)),
        }
    }

    fn unrelated(&self, from: &Type, to: &Type) -> Reason {
        let kind = |ty| super::kind(ty, self.program);
        match (kind(from), kind(to)) {
            (Kind::Value, Kind::Artifact) | (Kind::Artifact, Kind::Value) => Reason::Kind,
            (Kind::Value | Kind::Artifact | Kind::Mixed | Kind::Secret | Kind::Either, _) => {
                Reason::Different
            }
        }
    }

    fn to_json(&self, from: &Type, to: &Type) -> Conversion {
        match super::kind(from, self.program) {
            Kind::Value => Conversion::Widen,
            Kind::Artifact | Kind::Mixed | Kind::Secret | Kind::Either => impossible(from, to, Reason::Kind),
        }
    }

    /// Only what is made from it becomes a `distinct` type.
    fn to_distinct(&self, from: &Type, to: &Type) -> Conversion {
        let mut at = from;
        while let Type::Distinct(id) = at {
            if at == to {
                return Conversion::Widen;
            }
            at = &self.program.distincts[id.index()].of;
        }
        impossible(from, to, Reason::Distinct)
    }

    fn fields<'a>(&'a self, record: &'a Type) -> Vec<FieldView<'a>> {
        if let Type::Record(id) = record {
            self.program.records[id.index()].fields.iter().map(FieldView::from).collect()
        } else if let Type::Anonymous(fields) = record {
            fields.iter().map(FieldView::from).collect()
        } else {
            Vec::new()
        }
    }

    fn records(&self, from: &Type, to: &Type) -> Conversion {
        let (Type::Record(a), Type::Record(b)) = (from, to) else { return self.field_by_field(from, to) };
        let pair = (*a, *b);
        if let Some(known) = self.known.borrow().get(&pair) {
            return known.clone();
        }
        let conversion = self.field_by_field(from, to);
        self.known.borrow_mut().insert(pair, conversion.clone());
        conversion
    }

    fn field_by_field(&self, from: &Type, to: &Type) -> Conversion {
        let own = self.fields(from);
        let wanted = self.fields(to);
        let same_fields = own.len() == wanted.len();
        let mut all =
            if same_fields && both_anonymous(from, to) { Conversion::Identity } else { Conversion::Widen };
        for (index, field) in wanted.iter().enumerate() {
            let position = own
                .get(index)
                .filter(|candidate| candidate.name == field.name)
                .map(|_| index)
                .or_else(|| own.iter().position(|candidate| candidate.name == field.name));
            let Some(position) = position else {
                if field.may_be_left_out {
                    all = all.then_widen();
                    continue;
                }
                return impossible(from, to, Reason::Missing(field.name.to_owned()));
            };
            let found = &own[position];
            if found.outside() != field.outside() {
                let reason = Reason::OutsideName {
                    field: field.name.to_owned(),
                    from: found.outside().to_owned(),
                    to: field.outside().to_owned(),
                };
                return impossible(from, to, reason);
            }
            let part = self.convert(found.ty, field.ty).inside(|| Step::Field(field.name.to_owned()));
            all = all.and(part);
            if position != index {
                all = all.then_widen();
            }
            if matches!(all, Conversion::Impossible(_)) {
                return all;
            }
        }
        all
    }

    /// Columns are read as they are: each has the same type, or may be absent in the target.
    fn tables(&self, from: &Type, row: &Type, to: &Type, wanted: &Type) -> Conversion {
        let own = self.fields(row);
        for column in self.fields(wanted) {
            let Some(found) = own.iter().find(|candidate| candidate.name == column.name) else {
                if matches!(column.ty, Type::Optional(_)) {
                    continue;
                }
                return impossible(from, to, Reason::Missing(column.name.to_owned()));
            };
            if found.outside() != column.outside() {
                let reason = Reason::OutsideName {
                    field: column.name.to_owned(),
                    from: found.outside().to_owned(),
                    to: column.outside().to_owned(),
                };
                return impossible(from, to, reason);
            }
            let same = matches!(found.ty, Type::Error)
                || matches!(column.ty, Type::Error)
                || found.ty == column.ty
                || matches!(column.ty, Type::Optional(inner) if **inner == *found.ty);
            if !same {
                let reason = match (found.ty, column.ty) {
                    (Type::Optional(inner), wanted) if **inner == *wanted => Reason::MayBeNull,
                    _ => Reason::Different,
                };
                return impossible(found.ty, column.ty, reason)
                    .inside(|| Step::Column(column.name.to_owned()));
            }
        }
        Conversion::Widen
    }
}

fn both_anonymous(from: &Type, to: &Type) -> bool {
    matches!((from, to), (Type::Anonymous(_), Type::Anonymous(_)))
}

fn refine(includes: bool) -> Conversion {
    if includes { Conversion::Widen } else { Conversion::Refine }
}

fn int_to_float(from: IntInterval, to: FloatInterval) -> Conversion {
    if to == FloatInterval::default() { Conversion::Widen } else { refine(to.includes(from.as_float())) }
}
