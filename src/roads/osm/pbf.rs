//! `.osm.pbf`, OpenStreetMap's binary format (wiki.openstreetmap.org/wiki/PBF_Format): a row of blobs, each with a header that says
//! how long it is, each a message of its own, mostly compressed.

mod wire;

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use self::wire::{Deltas, Fields, Packed, Value, signed};
use super::{Elements, damaged};
use crate::roads::graph::Point;
use crate::scenario::Text;

/// The format's limits: of a blob's header, and of a blob, compressed or not.
const MOST_HEADER: usize = 64 << 10;
const MOST_BLOB: usize = 32 << 20;

/// What a file may ask of its readers that this one can do.
const FEATURES: [&[u8]; 2] = [b"OsmSchema-V0.6", b"DenseNodes"];

/// Reads a file in pieces.
#[derive(Default)]
pub(in crate::roads) struct Pbf {
    /// Bytes that are not a whole blob yet.
    pending: Vec<u8>,
    /// How many there have to be before it is worth to look again.
    needed: usize,
}

impl Pbf {
    /// Takes in the next bytes, and every blob that they make whole.
    pub(in crate::roads) fn feed(&mut self, bytes: &[u8], elements: &mut Elements) -> Result<(), Text> {
        self.pending.extend_from_slice(bytes);
        let mut begin = 0;
        while self.pending.len() - begin >= self.needed.max(1) {
            match frame(&self.pending[begin..])? {
                Frame::Whole { kind, blob, length } => {
                    take_in(kind, blob, elements)?;
                    begin += length;
                    self.needed = 0;
                }
                Frame::Needs(length) => self.needed = length,
            }
        }
        self.pending.drain(..begin);
        Ok(())
    }

    /// Whether the last blob was whole.
    pub(in crate::roads) fn finish(self) -> Result<(), Text> {
        match self.pending.len() {
            0 => Ok(()),
            rest => {
                Err(damaged(&format!("最後の {rest} バイトが不完全"), &format!("the last {rest} bytes are not whole")))
            }
        }
    }
}

/// Whether a file that begins like this is one: the length of a header, and in it the type of the first blob.
pub(crate) fn begins(bytes: &[u8]) -> bool {
    bytes.len() >= 15 && bytes[..2] == [0, 0] && &bytes[4..15] == b"\x0a\x09OSMHeader"
}

/// The next blob, or how many bytes it needs.
enum Frame<'a> {
    Whole { kind: &'a [u8], blob: &'a [u8], length: usize },
    Needs(usize),
}

fn frame(bytes: &[u8]) -> Result<Frame<'_>, Text> {
    let Some((&length, rest)) = bytes.split_first_chunk::<4>() else { return Ok(Frame::Needs(4)) };
    let header = u32::from_be_bytes(length) as usize;
    if header > MOST_HEADER {
        return Err(damaged("ブロックの見出しが長すぎます", "a blob's header is too long"));
    }
    if rest.len() < header {
        return Ok(Frame::Needs(4 + header));
    }
    let (header, rest) = rest.split_at(header);
    let (mut kind, mut size) = (&b""[..], None);
    for field in Fields(header) {
        match field.ok_or_else(broken)? {
            (1, Value::Bytes(bytes)) => kind = bytes,
            (3, Value::Varint(bytes)) => size = Some(bytes),
            _ => {}
        }
    }
    let size = size.ok_or_else(broken)?;
    if size > MOST_BLOB as u64 {
        return Err(too_large(size));
    }
    let length = bytes.len() - rest.len() + size as usize;
    match rest.get(..size as usize) {
        Some(blob) => Ok(Frame::Whole { kind, blob, length }),
        None => Ok(Frame::Needs(length)),
    }
}

fn take_in(kind: &[u8], blob: &[u8], elements: &mut Elements) -> Result<(), Text> {
    match kind {
        b"OSMHeader" => header(&content(blob)?, elements),
        b"OSMData" => block(&content(blob)?, elements),
        // Others are to be skipped.
        _ => Ok(()),
    }
}

/// What is in a blob.
fn content(blob: &[u8]) -> Result<Vec<u8>, Text> {
    for field in Fields(blob) {
        match field.ok_or_else(broken)? {
            (1, Value::Bytes(raw)) => return Ok(raw.to_vec()),
            (2, Value::Varint(size)) if size > MOST_BLOB as u64 => return Err(too_large(size)),
            (3, Value::Bytes(zlib)) => {
                return decompress_to_vec_zlib_with_limit(zlib, MOST_BLOB).map_err(|error| {
                    // What came out before is as long as the limit if there was more.
                    if error.output.len() >= MOST_BLOB { too_large(error.output.len() as u64 + 1) } else { broken() }
                });
            }
            (number @ 4..=7, _) => {
                let name = ["lzma", "bzip2", "lz4", "zstd"][number as usize - 4];
                return Err(Text::new(
                    format!(
                        "{name} で圧縮された PBF は読めません。osmium cat などで zlib の PBF に書き直してください。"
                    ),
                    format!("compressed by {name}, which is not read: write it anew with zlib, as osmium cat does"),
                ));
            }
            _ => {}
        }
    }
    Err(broken())
}

/// Where the file says that it is, and whether it asks for nothing that is not done here.
fn header(bytes: &[u8], elements: &mut Elements) -> Result<(), Text> {
    for field in Fields(bytes) {
        match field.ok_or_else(broken)? {
            (1, Value::Bytes(sides)) => elements.bounds = Some(bounds(sides)?),
            (4, Value::Bytes(feature)) if !FEATURES.contains(&feature) => {
                let feature = String::from_utf8_lossy(feature);
                return Err(Text::new(
                    format!(
                        "機能「{feature}」を使うファイルは読めません。現在のデータだけの普通の PBF にしてください。"
                    ),
                    format!("the file asks for \"{feature}\", which is not read: give a plain extract of today's data"),
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

/// West, south, east and north of a header's `HeaderBBox`, which has nanodegrees of left, right, top and bottom.
fn bounds(bytes: &[u8]) -> Result<[f64; 4], Text> {
    let mut sides = [0.0; 4];
    for field in Fields(bytes) {
        if let (number @ 1..=4, Value::Varint(nano)) = field.ok_or_else(broken)? {
            sides[[0, 2, 3, 1][number as usize - 1]] = signed(nano) as f64 / 1e9;
        }
    }
    Ok(sides)
}

/// A block's texts and how its places are written.
struct Block<'a> {
    texts: Vec<&'a [u8]>,
    granularity: i64,
    /// Offsets of latitude and longitude, in nanodegrees.
    offsets: [i64; 2],
}

fn block(bytes: &[u8], elements: &mut Elements) -> Result<(), Text> {
    let mut block = Block { texts: Vec::new(), granularity: 100, offsets: [0, 0] };
    for field in Fields(bytes) {
        match field.ok_or_else(broken)? {
            (1, Value::Bytes(table)) => block.texts(table)?,
            (17, Value::Varint(nanodegrees)) => block.granularity = nanodegrees as i64,
            (19, Value::Varint(offset)) => block.offsets[0] = offset as i64,
            (20, Value::Varint(offset)) => block.offsets[1] = offset as i64,
            _ => {}
        }
    }
    // The fields above may come after the groups.
    for field in Fields(bytes) {
        if let (2, Value::Bytes(group)) = field.ok_or_else(broken)? {
            block.group(group, elements)?;
        }
    }
    Ok(())
}

impl<'a> Block<'a> {
    fn texts(&mut self, table: &'a [u8]) -> Result<(), Text> {
        for field in Fields(table) {
            if let (1, Value::Bytes(text)) = field.ok_or_else(broken)? {
                self.texts.push(text);
            }
        }
        Ok(())
    }

    fn group(&self, bytes: &[u8], elements: &mut Elements) -> Result<(), Text> {
        for field in Fields(bytes) {
            match field.ok_or_else(broken)? {
                (1, Value::Bytes(node)) => self.node(node, elements)?,
                (2, Value::Bytes(nodes)) => self.dense(nodes, elements)?,
                (3, Value::Bytes(way)) => self.way(way, elements)?,
                (4, Value::Bytes(relation)) => {
                    let tags = self.tags(relation)?;
                    elements.relation(|key| self.tag(&tags, key));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn node(&self, bytes: &[u8], elements: &mut Elements) -> Result<(), Text> {
        let [mut id, mut lat, mut lng] = [0; 3];
        for field in Fields(bytes) {
            match field.ok_or_else(broken)? {
                (1, Value::Varint(number)) => id = signed(number),
                (8, Value::Varint(number)) => lat = signed(number),
                (9, Value::Varint(number)) => lng = signed(number),
                _ => {}
            }
        }
        let place = self.place(lat, lng, elements.swap);
        elements.node(id, place)
    }

    fn dense(&self, bytes: &[u8], elements: &mut Elements) -> Result<(), Text> {
        let [ids, lats, lngs] = packed(bytes, [1, 8, 9])?.map(Deltas::new);
        for ((id, lat), lng) in ids.zip(lats).zip(lngs) {
            let place = self.place(lat, lng, elements.swap);
            elements.node(id, place)?;
        }
        Ok(())
    }

    fn way(&self, bytes: &[u8], elements: &mut Elements) -> Result<(), Text> {
        let tags = self.tags(bytes)?;
        let [references, lats, lngs] = packed(bytes, [8, 9, 10])?.map(Deltas::new);
        // Files with the feature LocationsOnWays carry the places with the ways.
        for ((id, lat), lng) in references.clone().zip(lats).zip(lngs) {
            let place = self.place(lat, lng, elements.swap);
            elements.node(id, place)?;
        }
        elements.way(references, |key| self.tag(&tags, key))
    }

    /// Keys and values of a way or relation.
    fn tags<'b>(&self, bytes: &'b [u8]) -> Result<(Packed<'b>, Packed<'b>), Text> {
        let [keys, values] = packed(bytes, [2, 3])?.map(Packed);
        Ok((keys, values))
    }

    fn tag(&self, (keys, values): &(Packed, Packed), key: &str) -> Option<&'a str> {
        let text = |index: u64| self.texts.get(index as usize).copied();
        let (_, value) = keys
            .clone()
            .zip(values.clone())
            .find(|&(index, _)| text(index).is_some_and(|text| text == key.as_bytes()))?;
        std::str::from_utf8(text(value)?).ok()
    }

    fn place(&self, lat: i64, lng: i64, swap: bool) -> Option<Point> {
        let [lat, lng] = [(lat, self.offsets[0]), (lng, self.offsets[1])]
            .map(|(units, offset)| units.checked_mul(self.granularity)?.checked_add(offset).map(|nano| nano / 100));
        let (lat, lng) = if swap { (lng, lat) } else { (lat, lng) };
        let point = Point { lat_e7: i32::try_from(lat?).ok()?, lng_e7: i32::try_from(lng?).ok()? };
        let on_earth = point.lat_e7.unsigned_abs() <= 900_000_000 && point.lng_e7.unsigned_abs() <= 1_800_000_000;
        on_earth.then_some(point)
    }
}

/// The bytes of some fields of a message, empty where they are absent.
fn packed<const COUNT: usize>(bytes: &[u8], numbers: [u64; COUNT]) -> Result<[&[u8]; COUNT], Text> {
    let mut found = [&b""[..]; COUNT];
    for field in Fields(bytes) {
        let (number, value) = field.ok_or_else(broken)?;
        if let (Some(index), Value::Bytes(bytes)) = (numbers.iter().position(|&wanted| wanted == number), value) {
            found[index] = bytes;
        }
    }
    Ok(found)
}

fn broken() -> Text {
    damaged("ブロックが読めません", "a blob is not readable")
}

fn too_large(bytes: u64) -> Text {
    Text::new(
        format!(
            "ブロックが {bytes} バイト以上あり、この形式の上限 {MOST_BLOB} バイトを超えています。壊れているか、OpenStreetMap のファイルではありません。"
        ),
        format!(
            "a blob of {bytes} bytes or more is beyond the format's limit of {MOST_BLOB}: the file is damaged or not OpenStreetMap's"
        ),
    )
}
