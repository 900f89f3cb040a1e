//! Feeds of stops, timetables and fares.

use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::{json, read, typescript};
use crate::gtfs::baseline::{self, Outcome};
use crate::gtfs::export::{self, Exported};
use crate::gtfs::{self, Feed, Summary, flex};
use crate::scenario::{self, Text};

/// A scenario with the bus of a feed.
#[derive(Serialize, Tsify)]
pub struct Baseline {
    /// The scenario, as JSON.
    pub scenario: String,
    /// What was made.
    pub outcome: Outcome,
}

/// A scenario with the on-demand service of a feed.
#[derive(Serialize, Tsify)]
pub struct FlexApplied {
    /// The scenario, as JSON.
    pub scenario: String,
    /// Stops that it did not have before.
    pub added_stops: u32,
    /// What could not be taken over, and what booking rules ask for.
    pub notes: Vec<Text>,
}

#[wasm_bindgen(typescript_custom_section)]
const ERRORS: &'static str = r#"
/** Thrown where a feed cannot be read or used: an `Error` that says why in both languages. */
export interface FeedError extends Error {
    text: Text;
}
"#;

/// A feed of GTFS, GTFS-JP or GTFS-Flex.
#[wasm_bindgen]
pub struct GtfsFeed(pub(super) Feed);

#[wasm_bindgen]
impl GtfsFeed {
    /// From the bytes of its zip archive; throws a `FeedError` where nothing is left of it.
    #[wasm_bindgen(constructor)]
    pub fn new(archive: &[u8]) -> Result<GtfsFeed, JsValue> {
        gtfs::read(archive).map(GtfsFeed).map_err(|text| refused(&text))
    }

    /// Swaps latitude and longitude of its stops, where they are the wrong way round.
    pub fn swap(self) -> GtfsFeed {
        GtfsFeed(self.0.swapped())
    }

    /// What it holds, with trips on a date (`YYYY-MM-DD`) or on the first day with the most of them.
    pub fn summary(&self, date: Option<String>) -> Result<Ts<Summary>, JsValue> {
        let date = date.map(|date| parse(&date)).transpose()?;
        typescript(&self.0.summary(date))
    }

    /// Routes by their ids, all if there is none, as the bus of a scenario in the week of a date; throws a `FeedError` where
    /// there is no such route or no service.
    pub fn baseline(&self, routes: Vec<String>, date: &str, scenario_json: &str) -> Result<Ts<Baseline>, JsValue> {
        let made = baseline::baseline(&self.0, &routes, parse(date)?, &read(scenario_json)?);
        let made = made.map_err(|text| refused(&text))?;
        typescript(&Baseline { scenario: json(&made.scenario)?, outcome: made.outcome })
    }

    /// Hours, stops and fares of the on-demand service in a scenario; throws a `FeedError` where there is none.
    pub fn flex(&self, date: &str, scenario_json: &str) -> Result<Ts<FlexApplied>, JsValue> {
        let applied = flex::apply(&self.0, parse(date)?, &read(scenario_json)?).map_err(|text| refused(&text))?;
        let flex::Applied { scenario, added_stops, notes } = applied;
        typescript(&FlexApplied { scenario: json(&scenario)?, added_stops, notes })
    }
}

/// What of a scenario has no place in GTFS-Flex.
#[derive(Serialize, Tsify)]
pub struct FlexNotes {
    /// One sentence each.
    pub notes: Vec<Text>,
}

/// A scenario's service as GTFS-Flex.
#[wasm_bindgen]
pub struct FlexArchive(Exported);

#[wasm_bindgen]
impl FlexArchive {
    /// The bytes of the zip archive.
    pub fn bytes(&self) -> Vec<u8> {
        self.0.archive.clone()
    }

    /// What it does not say, or had to make up.
    pub fn notes(&self) -> Result<Ts<FlexNotes>, JsValue> {
        typescript(&FlexNotes { notes: self.0.notes.clone() })
    }
}

/// Writes a scenario's service as GTFS-Flex.
#[wasm_bindgen]
pub fn export_flex(scenario_json: &str) -> Result<FlexArchive, JsValue> {
    Ok(FlexArchive(export::export(&read(scenario_json)?)))
}

fn parse(date: &str) -> Result<time::Date, JsValue> {
    scenario::parse_date(date).ok_or_else(|| {
        refused(&Text::new(
            format!("「{date}」は暦にない日付です。2026-04-01 のように年-月-日で書いてください。"),
            format!("\"{date}\" is not a date: write year-month-day, such as 2026-04-01"),
        ))
    })
}

/// A `FeedError`.
fn refused(text: &Text) -> JsValue {
    let error = js_sys::Error::new(&text.en);
    error.set_name("FeedError");
    if let Ok(text) = serde_wasm_bindgen::to_value(text) {
        // Setting a property of a fresh error object cannot fail.
        let _ = js_sys::Reflect::set(&error, &"text".into(), &text);
    }
    error.into()
}
