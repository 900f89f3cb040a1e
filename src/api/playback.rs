//! A finished day, looked at.

use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::{read, read_log, rust, typescript};
use crate::demand::cells::{CellQuery, Cells};
use crate::playback::{self, PlanView, Rides};
use crate::timetable;
use crate::units::{Time, VehicleId};

/// A finished day, to be looked at at any time and in any direction.
#[wasm_bindgen]
pub struct Playback(playback::Playback);

#[wasm_bindgen]
impl Playback {
    /// From a scenario and the record that a `Simulation` of it made.
    #[wasm_bindgen(constructor)]
    pub fn new(scenario_json: &str, log_bytes: &[u8]) -> Result<Playback, JsValue> {
        let (scenario, log) = (read(scenario_json)?, read_log(log_bytes)?);
        Ok(Playback(playback::Playback::new(&scenario, log)))
    }

    /// Number of vans.
    #[wasm_bindgen(getter)]
    pub fn vans(&self) -> u32 {
        self.0.vans() as u32
    }

    /// Begin of the log, whole minutes, seconds from midnight.
    #[wasm_bindgen(getter)]
    pub fn begin_s(&self) -> f64 {
        self.0.begin().s()
    }

    /// End of the log, whole minutes, seconds from midnight.
    #[wasm_bindgen(getter)]
    pub fn end_s(&self) -> f64 {
        self.0.end().s()
    }

    /// Goes to a time; what follows speaks of it.
    pub fn seek(&mut self, t_s: f64) {
        self.0.seek(Time::from_s(t_s));
    }

    /// Longitude and latitude of each van.
    pub fn positions(&self) -> Vec<f64> {
        self.0.positions().to_vec()
    }

    /// Heading of each van, degrees clockwise from north.
    pub fn headings(&self) -> Vec<f32> {
        self.0.headings().to_vec()
    }

    /// State of each van: 0 off duty, 1 idle, 2 driving empty, 3 driving with riders, 4 at a stop with riders, 5 charging or giving energy back.
    pub fn states(&self) -> Vec<u8> {
        self.0.states().to_vec()
    }

    /// People aboard each van.
    pub fn loads(&self) -> Vec<u8> {
        self.0.loads().to_vec()
    }

    /// State of charge of each van, 0 to 1; NaN without a battery.
    pub fn charge(&self) -> Vec<f32> {
        self.0.charge().to_vec()
    }

    /// Requests that have been accepted and wait to be picked up.
    pub fn waiting(&self) -> Vec<u32> {
        self.0.waiting()
    }

    /// Stops ahead of a van and the way there.
    pub fn plan(&self, van: u32) -> Result<Ts<PlanView>, JsValue> {
        typescript(&self.0.plan(VehicleId(van)))
    }

    /// State of charge of a van over the day: time in seconds, state, time, state …, linear between.
    pub fn charge_series(&self, van: u32) -> Vec<f64> {
        self.0.charge_series(VehicleId(van))
    }

    /// Every request and what became of it, by id.
    pub fn rides(&self) -> Result<Ts<Rides>, JsValue> {
        typescript(&self.0.rides())
    }

    /// Requests by H3 cell.
    pub fn cells(&self, query: Ts<CellQuery>) -> Result<Ts<Cells>, JsValue> {
        typescript(&self.0.cells(rust(&query)?))
    }
}

/// Where buses drive.
#[derive(Serialize, Tsify)]
pub struct Ways {
    /// For each line its points, longitude and latitude.
    pub ways: Vec<Vec<[f64; 2]>>,
}

/// The ways of a scenario's bus lines.
#[wasm_bindgen]
pub fn line_ways(scenario_json: &str) -> Result<Ts<Ways>, JsValue> {
    typescript(&Ways { ways: timetable::ways(&read(scenario_json)?) })
}
