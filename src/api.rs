//! The only room that knows JavaScript. It converts and calls; nothing is decided here.
//!
//! Scenarios come in as JSON text and are read by the same serde_json as natively. Large results stay in wasm memory behind
//! `Simulation` and `Playback`; per frame, small typed arrays are copied out.
//!
//! Three modules are made of it, by feature: `engine` is what a page needs for its first figures, `readers` everything that reads files
//! of others, fetched when there is one, and `account` the year's account and a day's record as a table, fetched when somebody wants them.

// The attribute macros of wasm-bindgen expand to `unsafe` code.
#![allow(unsafe_code)]

#[cfg(feature = "account")]
mod business;
mod files;
#[cfg(feature = "readers")]
mod gtfs;
#[cfg(feature = "readers")]
mod own;
#[cfg(feature = "engine")]
mod playback;
#[cfg(feature = "account")]
mod record;
#[cfg(feature = "readers")]
mod roads;
#[cfg(feature = "engine")]
mod scenario;
#[cfg(any(feature = "engine", feature = "account"))]
mod simulation;
#[cfg(feature = "engine")]
mod study;
#[cfg(feature = "readers")]
mod tables;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use crate::json::Unreadable;
#[cfg(any(feature = "engine", feature = "account"))]
use crate::log::Log;
use crate::scenario::{Problem, Scenario, read as read_scenario};

pub use files::check_file_size;
#[cfg(feature = "account")]
pub use {
    business::{
        AccountParameters, Prices, TypicalDays, Year, YearFigures, YearTown, reach, typical_days, year_figures,
    },
    record::log_csv,
};
#[cfg(feature = "readers")]
pub use {
    gtfs::{Baseline, FlexApplied, FlexArchive, FlexNotes, GtfsFeed, export_flex},
    own::{WeighedTown, import_trips, import_weights, preview_trips},
    roads::{ImportedTown, RoadFile, RoadReader},
    tables::{import_series, import_tables},
};
#[cfg(feature = "engine")]
pub use {
    playback::{Playback, Ways, line_ways},
    scenario::{
        Figures, Problems, Tariffs, UsualPolicies, check_scenario, figures, random_seed, site_figures, tariffs,
        usual_policies,
    },
    simulation::{Simulation, Town},
    study::{Comparison, FleetSearch, PowerCuts, Study, estimate},
};

#[wasm_bindgen(typescript_custom_section)]
const ERRORS: &'static str = r#"
/** Thrown where a scenario is not valid: an `Error` that carries what is wrong. */
export interface ScenarioError extends Error {
    problems: Problem[];
}
"#;

/// Runs when the module is loaded: a panic says in the console where it happened.
#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

/// Version of the crate.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").into()
}

fn typescript<T: Tsify + Serialize>(value: &T) -> Result<Ts<T>, JsValue> {
    Ts::from_rust(value).map_err(|error| JsError::new(&error.to_string()).into())
}

/// A value of the page. By way of its JSON: a second deserialiser for the same types would be a twentieth of the module.
fn rust<T: Tsify + DeserializeOwned>(value: &Ts<T>) -> Result<T, JsValue> {
    from_js(&value.js_value()).map_err(|reason| JsError::new(&reason).into())
}

fn from_js<T: DeserializeOwned>(value: &JsValue) -> Result<T, String> {
    let json = js_sys::JSON::stringify(value).map_err(|error| String::from(js_sys::Error::from(error).to_string()))?;
    let read = crate::json::read(&json.as_string().unwrap_or_default());
    read.map_err(|Unreadable { path, reason }| if path.is_empty() { reason } else { format!("{path}: {reason}") })
}

#[cfg(any(feature = "engine", feature = "account"))]
fn read_log(bytes: &[u8]) -> Result<Log, JsValue> {
    Log::from_bytes(bytes).ok_or_else(|| JsError::new("these bytes are not a log").into())
}

fn read(json: &str) -> Result<Scenario, JsValue> {
    read_scenario(json).map_err(|problems| invalid(&problems))
}

#[cfg(feature = "readers")]
fn json(scenario: &Scenario) -> Result<String, JsValue> {
    serde_json::to_string(scenario).map_err(|error| JsError::new(&error.to_string()).into())
}

/// A `ScenarioError`.
fn invalid(problems: &[Problem]) -> JsValue {
    let message = problems.iter().map(|problem| format!("{}: {}", problem.path, problem.message.en));
    let error = js_sys::Error::new(&message.collect::<Vec<_>>().join("\n"));
    error.set_name("ScenarioError");
    if let Ok(list) = serde_wasm_bindgen::to_value(&problems) {
        // Setting a property of a fresh error object cannot fail.
        let _ = js_sys::Reflect::set(&error, &"problems".into(), &list);
    }
    error.into()
}
