//! A day's record, for people and programs that check it.

use wasm_bindgen::prelude::*;

use super::{read, read_log};
use crate::log::write::Writer;
use crate::world::World;

/// What happened on a day as CSV (`log.csv` of the command line), from a scenario and the record that a `Simulation` of it made: times in
/// seconds from midnight, energy in kWh. Prepares the town's driving times anew, so it takes about as long as that.
#[wasm_bindgen]
pub fn log_csv(scenario_json: &str, log_bytes: &[u8]) -> Result<String, JsValue> {
    let (scenario, log) = (read(scenario_json)?, read_log(log_bytes)?);
    let world = World::new(&scenario);
    let mut table = Vec::new();
    let written = Writer { world: &world, log: &log, names: None }.rows(&mut table);
    written.map_err(|error| JsError::new(&error.to_string()))?;
    Ok(String::from_utf8(table).expect("names are UTF-8"))
}
