//! Plain tables: those of a whole town, and series of half hours.

use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::{invalid, json, typescript};
use crate::scenario::tables::{self, Tables};
use crate::site::csv::{self as series_csv, ImportedSeries};

/// A scenario, as JSON, made of plain tables (CSV), with the limits that the command line gives them; throws a `ScenarioError`
/// where they are not right, with table, line and column.
#[wasm_bindgen]
pub fn import_tables(nodes: &str, edges: &str, requests: &str, vehicles: &str) -> Result<String, JsValue> {
    let tables = Tables { nodes, edges, requests, vehicles };
    let (scenario, _) =
        tables::read(&tables, tables::MAX_WAIT_S, tables::DETOUR_FACTOR).map_err(|problems| invalid(&problems))?;
    json(&scenario)
}

/// Reads a file of one series: load, generation, prices … (CSV; UTF-8 or Shift_JIS). `column` is part of a column's name, empty
/// for the first with numbers.
#[wasm_bindgen]
pub fn import_series(file: &[u8], column: &str, allow_negative: bool) -> Result<Ts<ImportedSeries>, JsValue> {
    let column = (!column.is_empty()).then_some(column);
    typescript(&series_csv::import(file, column, allow_negative))
}
