//! OSM XML (wiki.openstreetmap.org/wiki/OSM_XML), as the editors and the API write it.

use std::borrow::Cow;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Error, Reader, XmlVersion};

use super::{Elements, damaged};
use crate::scenario::Text;

/// No tag is longer: OpenStreetMap's texts have at most 255 characters.
const LONGEST_TAG: usize = 1 << 20;

/// Reads a file in pieces.
#[derive(Default)]
pub(in crate::roads) struct Xml {
    /// Bytes that are not a whole tag yet.
    pending: Vec<u8>,
    /// How many there have to be before it is worth to look again.
    needed: usize,
    document: Document,
}

/// What has been read, as far as it is open.
#[derive(Default)]
struct Document {
    /// The way or relation that is open.
    parent: Parent,
    references: Vec<i64>,
    tags: Vec<(String, String)>,
    /// Whether it is OpenStreetMap's, and whether it is over.
    begun: bool,
    over: bool,
}

#[derive(Default, Clone, Copy, PartialEq)]
enum Parent {
    #[default]
    None,
    Way,
    Relation,
}

impl Xml {
    /// Takes in the next bytes, and every tag that they make whole.
    pub(in crate::roads) fn feed(&mut self, bytes: &[u8], elements: &mut Elements) -> Result<(), Text> {
        self.pending.extend_from_slice(bytes);
        if self.pending.len() < self.needed {
            return Ok(());
        }
        let done = self.document.read(&self.pending, elements)?;
        self.pending.drain(..done);
        if self.pending.len() > LONGEST_TAG {
            return Err(malformed());
        }
        // Looked at again only when twice as long, however small the pieces are.
        self.needed = 2 * self.pending.len();
        Ok(())
    }

    /// Whether the document was over.
    pub(in crate::roads) fn finish(mut self, elements: &mut Elements) -> Result<(), Text> {
        self.document.read(&self.pending, elements)?;
        match self.document {
            Document { begun: false, .. } => Err(Text::new(
                "XML ですが OpenStreetMap のファイル（<osm>）ではありません。openstreetmap.org の「エクスポート」などで保存してください。",
                "this is XML but not OpenStreetMap's (<osm>): save it by \"Export\" of openstreetmap.org, or the like",
            )),
            Document { over: true, .. } => Ok(()),
            // Cut off or damaged: which of them depends on where the pieces end.
            _ => Err(malformed()),
        }
    }
}

impl Document {
    /// Reads all whole tags; how many bytes they take.
    fn read(&mut self, bytes: &[u8], elements: &mut Elements) -> Result<usize, Text> {
        // What comes after the last tag may end within a character.
        let bytes = &bytes[..bytes.iter().rposition(|&byte| byte == b'>').map_or(0, |last| last + 1)];
        let mut reader = Reader::from_reader(bytes);
        // A piece of a document ends elements that it did not begin.
        reader.config_mut().check_end_names = false;
        reader.config_mut().allow_unmatched_ends = true;
        loop {
            let begin = reader.buffer_position() as usize;
            match reader.read_event() {
                Ok(Event::Start(tag)) => self.open(&tag, elements)?,
                Ok(Event::Empty(tag)) => {
                    self.open(&tag, elements)?;
                    self.close(tag.name().as_ref(), elements)?;
                }
                Ok(Event::End(tag)) => self.close(tag.name().as_ref(), elements)?,
                Ok(Event::Eof) => return Ok(bytes.len()),
                // The tag is not whole yet, or never will be.
                Err(Error::Syntax(_)) => return Ok(begin),
                Err(_) => return Err(malformed()),
                Ok(_) => {}
            }
        }
    }

    fn open(&mut self, tag: &BytesStart, elements: &mut Elements) -> Result<(), Text> {
        match tag.name().as_ref() {
            "osm" => self.begun = true,
            "node" => {
                let (id, lat, lng) = (number(tag, "id")?, number(tag, "lat")?, number(tag, "lon")?);
                if let (Some(id), Some(lat), Some(lng)) = (id, lat, lng) {
                    let place = elements.place(lat, lng);
                    elements.node(id, place)?;
                }
            }
            "bounds" => {
                let sides =
                    (number(tag, "minlon")?, number(tag, "minlat")?, number(tag, "maxlon")?, number(tag, "maxlat")?);
                if let (Some(west), Some(south), Some(east), Some(north)) = sides {
                    elements.bounds = Some([west, south, east, north]);
                }
            }
            "way" => self.parent = Parent::Way,
            "relation" => self.parent = Parent::Relation,
            "nd" if self.parent == Parent::Way => {
                let id = number(tag, "ref")?;
                self.references.extend(id);
                // Answers of Overpass with `out geom`.
                if let (Some(id), Some(lat), Some(lng)) = (id, number(tag, "lat")?, number(tag, "lon")?) {
                    let place = elements.place(lat, lng);
                    elements.node(id, place)?;
                }
                if self.references.len() > super::MOST_REFERENCES {
                    return Err(malformed());
                }
            }
            "tag" if self.parent != Parent::None => {
                if let (Some(key), Some(value)) = (attribute(tag, "k")?, attribute(tag, "v")?) {
                    self.tags.push((key.into_owned(), value.into_owned()));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &str, elements: &mut Elements) -> Result<(), Text> {
        let parent = match name {
            "osm" => {
                self.over = true;
                return Ok(());
            }
            "way" | "relation" => std::mem::take(&mut self.parent),
            _ => return Ok(()),
        };
        let (references, tags) = (std::mem::take(&mut self.references), std::mem::take(&mut self.tags));
        let tag = |key: &str| tags.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
        match parent {
            Parent::Way => elements.way(references, tag)?,
            Parent::Relation => elements.relation(tag),
            Parent::None => {}
        }
        Ok(())
    }
}

fn attribute<'a>(tag: &'a BytesStart, name: &str) -> Result<Option<Cow<'a, str>>, Text> {
    let found = tag.try_get_attribute(name).map_err(|_| malformed())?;
    found.map(|found| found.normalized_value(XmlVersion::Implicit1_0).map_err(|_| malformed())).transpose()
}

/// An attribute that is a number; `None` if it is absent or none.
fn number<T: std::str::FromStr>(tag: &BytesStart, name: &str) -> Result<Option<T>, Text> {
    Ok(attribute(tag, name)?.and_then(|value| value.parse().ok()))
}

fn malformed() -> Text {
    damaged("</osm> まで XML として読めません", "not readable as XML up to </osm>")
}
