//! A town's own numbers: trips, and weights of its stops.

use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::{read, rust, typescript};
use crate::demand::csv::{self, ImportedTrips, Preview, TripOptions};
use crate::demand::weights::{self, ImportedWeights};

/// A town with the weights of a file.
#[derive(Serialize, Tsify)]
pub struct WeighedTown {
    /// The scenario, as JSON; absent if the file has no usable point.
    #[tsify(optional)]
    pub scenario_json: Option<String>,
    /// What became of the file.
    pub weights: ImportedWeights,
}

/// Looks at a file of trips (CSV; UTF-8 or Shift_JIS) before it is read: its columns, days, and what has to be said about it.
#[wasm_bindgen]
pub fn preview_trips(scenario_json: &str, file: &[u8], options: Ts<TripOptions>) -> Result<Ts<Preview>, JsValue> {
    typescript(&csv::preview(&read(scenario_json)?, file, &rust(&options)?))
}

/// Reads a file of trips (CSV; UTF-8 or Shift_JIS) against a scenario's stops.
#[wasm_bindgen]
pub fn import_trips(scenario_json: &str, file: &[u8], options: Ts<TripOptions>) -> Result<Ts<ImportedTrips>, JsValue> {
    typescript(&csv::import(&read(scenario_json)?, file, &rust(&options)?))
}

/// Gives a scenario's stops the weights of points (CSV or GeoJSON), by which they draw demand; `name` is what the file is called.
#[wasm_bindgen]
pub fn import_weights(scenario_json: &str, file: &[u8], name: &str) -> Result<Ts<WeighedTown>, JsValue> {
    let mut scenario = read(scenario_json)?;
    let weights = weights::import(&mut scenario, file, name);
    let json = || serde_json::to_string(&scenario).map_err(|error| JsError::new(&error.to_string()));
    let scenario_json = if weights.sum > 0.0 { Some(json()?) } else { None };
    typescript(&WeighedTown { scenario_json, weights })
}
