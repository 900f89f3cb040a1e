//! Protocol buffers' wire format (protobuf.dev/programming-guides/encoding), as far as `.osm.pbf` needs it.
//!
//! A message is gone through where it lies, and nothing is stored for a field, so that a message made to harm takes no more memory
//! than its own bytes. Everything returns `None` where the bytes are no message.

/// The fields of a message.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

/// A field's value.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    /// A number.
    Varint(u64),
    /// Bytes, a text, a message, or packed numbers.
    Bytes(&'a [u8]),
    /// A number of fixed size, of which the format has none.
    Fixed,
}

impl<'a> Iterator for Fields<'a> {
    /// A field's number and value; `None` where the bytes are no field, which ends the message.
    type Item = Option<(u64, Value<'a>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field)
    }
}

impl<'a> Fields<'a> {
    fn field(&mut self) -> Option<(u64, Value<'a>)> {
        let key = varint(&mut self.0)?;
        let value = match key & 7 {
            0 => Value::Varint(varint(&mut self.0)?),
            1 => self.take(8).map(|_| Value::Fixed)?,
            2 => {
                let length = varint(&mut self.0)?;
                Value::Bytes(self.take(usize::try_from(length).ok()?)?)
            }
            5 => self.take(4).map(|_| Value::Fixed)?,
            _ => return None,
        };
        Some((key >> 3, value))
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }
}

/// Packed numbers; ends at the first that is none.
#[derive(Clone, Default)]
pub(super) struct Packed<'a>(pub(super) &'a [u8]);

impl Iterator for Packed<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        varint(&mut self.0)
    }
}

/// Packed numbers, each the difference to the one before, zigzag coded.
#[derive(Clone, Default)]
pub(super) struct Deltas<'a> {
    packed: Packed<'a>,
    last: i64,
}

impl<'a> Deltas<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Deltas<'a> {
        Deltas { packed: Packed(bytes), last: 0 }
    }
}

impl Iterator for Deltas<'_> {
    type Item = i64;

    fn next(&mut self) -> Option<i64> {
        self.last = self.last.wrapping_add(signed(self.packed.next()?));
        Some(self.last)
    }
}

/// A zigzag coded number.
pub(super) fn signed(coded: u64) -> i64 {
    (coded >> 1) as i64 ^ -((coded & 1) as i64)
}

/// Seven bits in each byte, the lowest first.
fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}
