//! Serde's data model → YAML in block style, with lists as far left as the names that hold them.

use std::fmt;

use serde::ser::{self, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer};

use super::{indent, scalar};

/// Where a node is written.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Document,
    /// Behind `name:`
    Entry,
    /// Behind `- `
    Item,
    /// In front of a `:`
    Name,
}

/// Writes one node, and the line's end behind it.
pub(super) struct Node<'t> {
    out: &'t mut String,
    place: Place,
    /// Of the name or the dash that the node stands behind.
    column: usize,
}

impl<'t> Node<'t> {
    pub(super) fn document(out: &'t mut String) -> Node<'t> {
        Node { out, place: Place::Document, column: 0 }
    }

    /// What stands in a line.
    fn line(self, write: impl FnOnce(&mut String)) -> Result<(), Unsupported> {
        match self.place {
            Place::Name => return no_name(),
            Place::Entry => self.out.push(' '),
            Place::Document | Place::Item => {}
        }
        write(self.out);
        if !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        Ok(())
    }

    fn plain(self, value: impl fmt::Display) -> Result<(), Unsupported> {
        self.line(|out| out.push_str(&value.to_string()))
    }

    fn entries(self) -> Result<Collection<'t>, Unsupported> {
        let column = match self.place {
            Place::Document => 0,
            Place::Entry | Place::Item => self.column + 2,
            Place::Name => return no_name(),
        };
        Ok(Collection { out: self.out, place: self.place, column, is_empty: true })
    }

    fn items(self) -> Result<Collection<'t>, Unsupported> {
        let column = match self.place {
            Place::Document | Place::Entry => self.column,
            Place::Item => self.column + 2,
            Place::Name => return no_name(),
        };
        Ok(Collection { out: self.out, place: self.place, column, is_empty: true })
    }
}

/// A map or a list whose parts are being written.
pub(super) struct Collection<'t> {
    out: &'t mut String,
    place: Place,
    /// Of its names or dashes.
    column: usize,
    is_empty: bool,
}

impl Collection<'_> {
    /// Goes to where the next part begins.
    fn begin_part(&mut self) {
        let is_first = std::mem::replace(&mut self.is_empty, false);
        match self.place {
            Place::Entry if is_first => {
                self.out.push('\n');
                indent(self.out, self.column);
            }
            Place::Document | Place::Item if is_first => {}
            Place::Document | Place::Entry | Place::Item | Place::Name => indent(self.out, self.column),
        }
    }

    fn entry<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unsupported> {
        self.out.push(':');
        value.serialize(Node { out: self.out, place: Place::Entry, column: self.column })
    }

    fn end(self, empty: &str) -> Result<(), Unsupported> {
        if self.is_empty {
            return Node { out: self.out, place: self.place, column: self.column }
                .line(|out| out.push_str(empty));
        }
        Ok(())
    }
}

impl SerializeSeq for Collection<'_> {
    type Ok = ();
    type Error = Unsupported;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unsupported> {
        self.begin_part();
        self.out.push_str("- ");
        value.serialize(Node { out: self.out, place: Place::Item, column: self.column })
    }

    fn end(self) -> Result<(), Unsupported> {
        self.end("[]")
    }
}

impl SerializeMap for Collection<'_> {
    type Ok = ();
    type Error = Unsupported;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unsupported> {
        self.begin_part();
        key.serialize(Node { out: self.out, place: Place::Name, column: self.column })
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unsupported> {
        self.entry(value)
    }

    fn end(self) -> Result<(), Unsupported> {
        self.end("{}")
    }
}

impl SerializeStruct for Collection<'_> {
    type Ok = ();
    type Error = Unsupported;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Unsupported> {
        self.begin_part();
        scalar::write_key(self.out, name);
        self.entry(value)
    }

    fn end(self) -> Result<(), Unsupported> {
        self.end("{}")
    }
}

/// What no manifest is made of.
#[derive(Debug)]
pub(super) struct Unsupported(String);

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unsupported {}

impl ser::Error for Unsupported {
    fn custom<T: fmt::Display>(message: T) -> Unsupported {
        Unsupported(message.to_string())
    }
}

fn unsupported<T>(what: &str) -> Result<T, Unsupported> {
    Err(Unsupported(format!("{what} has no form in a manifest")))
}

fn no_name<T>() -> Result<T, Unsupported> {
    unsupported("a name that is no text")
}

impl<'t> Serializer for Node<'t> {
    type Ok = ();
    type Error = Unsupported;
    type SerializeSeq = Collection<'t>;
    type SerializeTuple = Impossible<(), Unsupported>;
    type SerializeTupleStruct = Impossible<(), Unsupported>;
    type SerializeTupleVariant = Impossible<(), Unsupported>;
    type SerializeMap = Collection<'t>;
    type SerializeStruct = Collection<'t>;
    type SerializeStructVariant = Impossible<(), Unsupported>;

    fn serialize_i8(self, value: i8) -> Result<(), Unsupported> {
        self.plain(value)
    }

    fn serialize_i16(self, value: i16) -> Result<(), Unsupported> {
        self.plain(value)
    }

    fn serialize_i32(self, value: i32) -> Result<(), Unsupported> {
        self.plain(value)
    }

    fn serialize_i64(self, value: i64) -> Result<(), Unsupported> {
        self.plain(value)
    }

    fn serialize_u8(self, value: u8) -> Result<(), Unsupported> {
        self.plain(value)
    }

    fn serialize_u16(self, value: u16) -> Result<(), Unsupported> {
        self.plain(value)
    }

    fn serialize_u32(self, value: u32) -> Result<(), Unsupported> {
        self.plain(value)
    }

    fn serialize_u64(self, value: u64) -> Result<(), Unsupported> {
        self.plain(value)
    }

    fn serialize_bool(self, value: bool) -> Result<(), Unsupported> {
        self.plain(value)
    }

    fn serialize_f32(self, value: f32) -> Result<(), Unsupported> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Unsupported> {
        if value.is_finite() {
            self.plain(format_args!("{value:?}"))
        } else {
            unsupported("a float beyond all")
        }
    }

    fn serialize_char(self, value: char) -> Result<(), Unsupported> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Unsupported> {
        if self.place == Place::Name {
            scalar::write_key(self.out, value);
            return Ok(());
        }
        let column = self.column + 2;
        self.line(|out| scalar::write_value(out, value, column))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Unsupported> {
        unsupported("a string of bytes")
    }

    fn serialize_none(self) -> Result<(), Unsupported> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unsupported> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Unsupported> {
        self.line(|out| out.push_str("null"))
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unsupported> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Unsupported> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Unsupported> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Unsupported> {
        let mut entries = self.entries()?;
        entries.serialize_field(variant, value)?;
        SerializeStruct::end(entries)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Collection<'t>, Unsupported> {
        self.items()
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Unsupported> {
        unsupported("a tuple")
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Unsupported> {
        unsupported("a tuple")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unsupported> {
        unsupported("a tuple")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Collection<'t>, Unsupported> {
        self.entries()
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Collection<'t>, Unsupported> {
        self.entries()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unsupported> {
        unsupported("a variant with fields")
    }
}
