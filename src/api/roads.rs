//! A file of roads that becomes a town, read in slices so that a page can say how far it is.

use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::gtfs::GtfsFeed;
use super::{invalid, json, rust, typescript};
use crate::roads::{Notes, Reader};
use crate::scenario::{Network, Problem, Scenario, Text};
use crate::town::{self, Spec};

/// A town from files.
#[derive(Serialize, Tsify)]
pub struct ImportedTown {
    /// The scenario, as JSON.
    pub scenario_json: String,
    /// What became of the map's roads, if there was a map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub notes: Option<Notes>,
    /// Stops of a feed that are too far from the roads, and left out.
    pub far_stops: u32,
}

/// Reads a file of roads: `.osm.pbf` and `.osm` of OpenStreetMap, JSON of Overpass, GeoJSON.
#[wasm_bindgen]
pub struct RoadReader {
    file_name: String,
    reader: Reader,
}

#[wasm_bindgen]
impl RoadReader {
    /// Of a file with this name, before its first byte; `swap` where it has latitude and longitude the wrong way round.
    #[wasm_bindgen(constructor)]
    pub fn new(file_name: String, swap: Option<bool>) -> RoadReader {
        RoadReader { file_name, reader: Reader::new(swap.unwrap_or(false)) }
    }

    /// Takes in the next bytes; throws a `ScenarioError` as soon as something is wrong with them.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), JsValue> {
        self.reader.feed(bytes).map_err(|wrong| unread(&self.file_name, wrong))
    }

    /// What has been read so far: points and roads.
    pub fn notes(&self) -> Result<Ts<Notes>, JsValue> {
        typescript(self.reader.notes())
    }

    /// The roads of the file, which is over; throws a `ScenarioError` if something is wrong with it.
    pub fn finish(self) -> Result<RoadFile, JsValue> {
        let roads = self.reader.finish().map_err(|wrong| unread(&self.file_name, wrong))?;
        Ok(RoadFile { file_name: self.file_name, roads })
    }
}

/// The roads of a file, of which towns can be made.
#[wasm_bindgen]
pub struct RoadFile {
    file_name: String,
    roads: crate::roads::RoadFile,
}

#[wasm_bindgen]
impl RoadFile {
    /// What was in the file.
    pub fn notes(&self) -> Result<Ts<Notes>, JsValue> {
        typescript(self.roads.notes())
    }

    /// Points of its roads, longitude and latitude in turn, some of them if there are more than `most`.
    pub fn sample(&self, most: usize) -> Vec<f64> {
        self.roads.sample(most).flatten().collect()
    }

    /// A town on them; throws a `ScenarioError` if something is wrong with what is asked for. A town without a name is called like
    /// the file.
    pub fn town(&self, options: Ts<Spec>) -> Result<Ts<ImportedTown>, JsValue> {
        let (network, notes, spec) = self.network(options)?;
        let scenario = town::scenario(network, &notes, &spec).map_err(|problems| invalid(&problems))?;
        imported(&scenario, Some(notes), 0)
    }

    /// A town on them with the stops of a feed; the bus is another question.
    pub fn town_of_feed(&self, feed: &GtfsFeed, options: Ts<Spec>) -> Result<Ts<ImportedTown>, JsValue> {
        let (network, notes, spec) = self.network(options)?;
        let made = town::of_feed_on(&feed.0, network, &notes, &spec);
        let (scenario, far_stops) = made.map_err(|problems| invalid(&problems))?;
        imported(&scenario, Some(notes), far_stops)
    }

    fn network(&self, options: Ts<Spec>) -> Result<(Network, Notes, Spec), JsValue> {
        let spec = named(options, &self.file_name)?;
        let network = self.roads.network(spec.area, town::SPEEDS_KMH);
        let (network, notes) = network.map_err(|wrong| unread(&self.file_name, wrong))?;
        Ok((network, notes, spec))
    }
}

#[wasm_bindgen]
impl GtfsFeed {
    /// A town of the feed alone, on roads guessed from it; throws a `ScenarioError`. A town without a name is called like the file.
    pub fn town(&self, file_name: &str, options: Ts<Spec>) -> Result<Ts<ImportedTown>, JsValue> {
        let scenario = town::of_feed(&self.0, &named(options, file_name)?).map_err(|problems| invalid(&problems))?;
        imported(&scenario, None, 0)
    }
}

fn named(options: Ts<Spec>, file_name: &str) -> Result<Spec, JsValue> {
    let mut spec = rust(&options)?;
    if spec.name.is_empty() {
        spec.name = file_name.split('.').next().unwrap_or_default().to_owned();
    }
    Ok(spec)
}

fn imported(scenario: &Scenario, notes: Option<Notes>, far_stops: u32) -> Result<Ts<ImportedTown>, JsValue> {
    typescript(&ImportedTown { scenario_json: json(scenario)?, notes, far_stops })
}

fn unread(file_name: &str, message: Text) -> JsValue {
    invalid(&[Problem { path: file_name.to_owned(), message }])
}
