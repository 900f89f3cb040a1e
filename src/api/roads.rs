//! A file of roads that becomes a town, read in slices so that a page can say how far it is.

use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::{invalid, typescript};
use crate::roads::{Notes, Reader};
use crate::scenario::{Problem, Text};
use crate::town::{self, Spec};

/// A town on the roads of a file.
#[derive(Serialize, Tsify)]
pub struct ImportedTown {
    /// The scenario, as JSON.
    pub scenario_json: String,
    /// What became of the file's roads.
    pub notes: Notes,
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

    /// The town; throws a `ScenarioError` if something is wrong with the file, or with what is asked for. A town without a name is
    /// called like the file.
    pub fn finish(self, options: Ts<Spec>) -> Result<Ts<ImportedTown>, JsValue> {
        let mut spec = options.to_rust().map_err(|error| JsError::new(&error.to_string()))?;
        if spec.name.is_empty() {
            spec.name = self.file_name.split('.').next().unwrap_or_default().to_owned();
        }
        let (network, notes) =
            self.reader.finish(spec.area, town::SPEEDS_KMH).map_err(|wrong| unread(&self.file_name, wrong))?;
        let scenario = town::scenario(network, &notes, &spec).map_err(|problems| invalid(&problems))?;
        let scenario_json = serde_json::to_string(&scenario).map_err(|error| JsError::new(&error.to_string()))?;
        typescript(&ImportedTown { scenario_json, notes })
    }
}

fn unread(file_name: &str, message: Text) -> JsValue {
    invalid(&[Problem { path: file_name.to_owned(), message }])
}
