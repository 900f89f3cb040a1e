//! A file of roads, whatever it is: OpenStreetMap's PBF, XML and Overpass JSON, or GeoJSON, told apart by how they begin.
//!
//! The file comes in pieces of any size, so that a tab reads it in slices; PBF and XML are read as they come, JSON at the end.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::graph::{Dropped, Lines, lie_turned};
use super::osm::{Elements, Pbf, Xml, read_overpass};
use super::{geojson, osm};
use crate::files::{self, FileKind};
use crate::scenario::{Network, Speeds, Text};

/// Longest JSON text: its tree takes some ten times as much.
const MOST_JSON: usize = 64 << 20;
/// Bytes that tell what a file is, and how far they are looked for behind blanks.
const ENOUGH: usize = 16;
const MOST_BLANKS: usize = 4_096;

/// What was in a file of roads, and what became of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Notes {
    /// Points in the file.
    pub nodes_read: u32,
    /// Roads for vans in the file.
    pub roads_read: u32,
    /// Roads left out that are closed to vans, or lead only to a car park's places or a house.
    pub closed: u32,
    /// Roads left out whose direction changes with the hour.
    pub reversible: u32,
    /// Squares left out (`area=yes`).
    pub areas: u32,
    /// Ferries left out.
    pub ferries: u32,
    /// Turn restrictions that vans do not know of: the network has no turns.
    pub turn_restrictions: u32,
    /// Roads cut where a point is outside of the area or not in the file.
    pub cut: u32,
    /// Junctions and ends of the network.
    pub nodes: u32,
    /// Edges of the network.
    pub edges: u32,
    /// Length of the network, each edge once, in km.
    pub km: f64,
    /// Points dropped since no way leads there from the rest, or none back.
    pub dropped_points: u32,
    /// Length of the roads dropped with them, in km.
    pub dropped_km: f64,
}

/// Reads a file of roads in pieces.
#[derive(Default)]
pub struct Reader {
    /// The first bytes, until they tell what it is.
    begin: Vec<u8>,
    /// How many have come.
    bytes: u64,
    format: Option<Format>,
    elements: Elements,
    /// What was wrong, once something was.
    failed: Option<Text>,
}

/// The roads of a file, ready to become the network of a part of it.
pub struct RoadFile {
    lines: Lines,
    notes: Notes,
    swap: bool,
}

impl RoadFile {
    /// What was in the file; what becomes of it is not known before [`Self::network`].
    pub fn notes(&self) -> &Notes {
        &self.notes
    }

    /// Points of the roads as longitude and latitude in degrees, evenly taken from the file's order, at most `most`.
    pub fn sample(&self, most: usize) -> impl Iterator<Item = [f64; 2]> + '_ {
        let step = self.lines.points.len().div_ceil(most.max(1)).max(1);
        self.lines.points.iter().step_by(step).map(|point| {
            let (lat, lng) = point.degrees();
            [lng, lat]
        })
    }

    /// The network of the roads, within an area (west, south, east, north in degrees) if one is given, and what became of the rest.
    ///
    /// # Errors
    /// That no road is left.
    pub fn network(&self, area: Option<[f64; 4]>, speeds_kmh: Speeds) -> Result<(Network, Notes), Text> {
        let (part, cut) = area.map(|area| self.lines.within(area)).unzip();
        let (network, Dropped { points, km }) = part.as_ref().unwrap_or(&self.lines).network(speeds_kmh);
        if network.edges.is_empty() {
            if area.is_some_and(|area| lie_turned(self.lines.points.iter(), area)) {
                return Err(osm::swapped(self.swap));
            }
            let read = self.notes.roads_read;
            return Err(Text::new(
                format!(
                    "道路が {read} 本ありますが、範囲の中で互いに行き来できるものがありません。範囲を確かめてください。"
                ),
                format!("of {read} roads none is left within the area that leads there and back: look at the area"),
            ));
        }
        let notes = Notes {
            cut: self.notes.cut + cut.unwrap_or(0),
            nodes: network.nodes.len() as u32,
            edges: network.edges.len() as u32,
            km: network.edges.iter().map(|edge| edge.length_m).sum::<f64>() / 1e3,
            dropped_points: points,
            dropped_km: km,
            ..self.notes.clone()
        };
        Ok((network, notes))
    }
}

enum Format {
    Pbf(Pbf),
    Xml(Xml),
    Json(Vec<u8>),
}

impl Reader {
    /// Of a file that has latitude where longitude should be, if `swap`.
    pub fn new(swap: bool) -> Reader {
        Reader { elements: Elements::new(swap), ..Reader::default() }
    }

    /// Takes in the next bytes of the file.
    ///
    /// # Errors
    /// What is wrong with the file, as soon as it is seen; the same again for whatever follows.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), Text> {
        self.guarded(|reader| reader.take_in(bytes))
    }

    /// Points and roads read so far.
    pub fn notes(&self) -> &Notes {
        &self.elements.notes
    }

    /// The roads of the file, which is over.
    ///
    /// # Errors
    /// What is wrong with the file, or that it has no road.
    pub fn finish(mut self) -> Result<RoadFile, Text> {
        self.guarded(Reader::complete)?;
        if self.elements.is_swapped() {
            return Err(osm::swapped(self.elements.swap));
        }
        if self.elements.notes.roads_read == 0 {
            return Err(Text::new(
                "車が通れる道路（highway）がありません。道路を含む範囲と種類で書き出してください。",
                "there is no road (highway) that a van may drive on: export an area, and a layer, with roads",
            ));
        }
        let swap = self.elements.swap;
        let (lines, notes) = self.elements.lines();
        Ok(RoadFile { lines, notes, swap })
    }

    fn guarded(&mut self, step: impl FnOnce(&mut Reader) -> Result<(), Text>) -> Result<(), Text> {
        if let Some(failed) = &self.failed {
            return Err(failed.clone());
        }
        let result = step(self);
        self.failed = result.clone().err();
        result
    }

    fn take_in(&mut self, bytes: &[u8]) -> Result<(), Text> {
        self.bytes += bytes.len() as u64;
        if let Some(wrong) = files::too_large(FileKind::Roads, self.bytes) {
            return Err(wrong);
        }
        self.pass_on(bytes)
    }

    fn pass_on(&mut self, bytes: &[u8]) -> Result<(), Text> {
        match &mut self.format {
            None => {
                self.begin.extend_from_slice(bytes);
                let is_enough = self.begin.len() >= MOST_BLANKS || beginning(&self.begin).len() == ENOUGH;
                if is_enough { self.recognise() } else { Ok(()) }
            }
            Some(Format::Pbf(pbf)) => pbf.feed(bytes, &mut self.elements),
            Some(Format::Xml(xml)) => xml.feed(bytes, &mut self.elements),
            Some(Format::Json(text)) => {
                text.extend_from_slice(bytes);
                if text.len() > MOST_JSON { Err(too_long()) } else { Ok(()) }
            }
        }
    }

    fn recognise(&mut self) -> Result<(), Text> {
        let begin = std::mem::take(&mut self.begin);
        self.format = Some(format(&begin)?);
        self.pass_on(&begin)
    }

    fn complete(&mut self) -> Result<(), Text> {
        if self.format.is_none() {
            self.recognise()?;
        }
        match self.format.take() {
            Some(Format::Pbf(pbf)) => pbf.finish(),
            Some(Format::Xml(xml)) => xml.finish(&mut self.elements),
            Some(Format::Json(text)) => json(&text, &mut self.elements),
            None => Ok(()),
        }
    }
}

/// What a file is that begins like this.
fn format(begin: &[u8]) -> Result<Format, Text> {
    if osm::begins_pbf(begin) {
        return Ok(Format::Pbf(Pbf::default()));
    }
    let text = beginning(begin);
    match text {
        [b'<', ..] if text.len() >= 5 && text[1..5].eq_ignore_ascii_case(b"html") || is_doctype(text) => {
            Err(Text::new(
                "ウェブページ（HTML）です。ダウンロードしたのがデータのファイルか確かめてください。",
                "this is a web page (HTML): make sure to download the data file itself",
            ))
        }
        [b'<', ..] => Ok(Format::Xml(Xml::default())),
        [b'{' | b'[', ..] => Ok(Format::Json(Vec::new())),
        _ => Err(unknown(text)),
    }
}

/// The first bytes of a text, without the mark of its encoding and blanks: the same whether a file comes at once or in pieces.
fn beginning(file: &[u8]) -> &[u8] {
    let looked_at = &file[..file.len().min(MOST_BLANKS)];
    let text = looked_at.strip_prefix(b"\xef\xbb\xbf").unwrap_or(looked_at).trim_ascii_start();
    &text[..text.len().min(ENOUGH)]
}

fn is_doctype(text: &[u8]) -> bool {
    text.len() >= 9 && text[..9].eq_ignore_ascii_case(b"<!doctype")
}

fn unknown(begin: &[u8]) -> Text {
    if begin.is_empty() {
        return Text::new(
            "空のファイルです。もう一度ダウンロードしてください。",
            "the file is empty: download it again",
        );
    }
    let (ja, en) = files::what(begin).unwrap_or(("道路でないファイル", "not a file of roads"));
    Text::new(
        format!(
            "{ja}です。書庫なら展開し、OpenStreetMap の .osm.pbf か .osm、Overpass の JSON、GeoJSON を選んでください。"
        ),
        format!(
            "this is {en}: unpack an archive first, and give .osm.pbf or .osm of OpenStreetMap, JSON of Overpass, or GeoJSON"
        ),
    )
}

fn json(text: &[u8], elements: &mut Elements) -> Result<(), Text> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut document: Value = serde_json::from_slice(text).map_err(|reason| {
        Text::new(
            format!("JSON として読めません: {reason}。途中で切れていればもう一度ダウンロードしてください。"),
            format!("not readable as JSON: {reason}; if it is cut off, download it again"),
        )
    })?;
    if document["elements"].is_array() {
        return read_overpass(document["elements"].take(), elements);
    }
    if document["type"].is_string() {
        return geojson::read(&document, elements);
    }
    Err(Text::new(
        "JSON ですが、Overpass の応答（elements）でも GeoJSON（type）でもありません。",
        "this is JSON, but neither an answer of Overpass (elements) nor GeoJSON (type)",
    ))
}

fn too_long() -> Text {
    Text::new(
        format!("JSON が {} MB を超え、大きすぎます。.osm.pbf で書き出してください。", MOST_JSON >> 20),
        format!("JSON of more than {} MB is too large: export .osm.pbf instead", MOST_JSON >> 20),
    )
}
